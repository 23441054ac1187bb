"""Numbers and ranks, sort keys in blocks, and pages with late profiles, against plain lists."""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from specialists.facets import numbers
from specialists.facets.bitmaps import bitmap
from specialists.facets.numbers import BLOCK, UNUSED, USED, Numbering, SortKeys

# Few letters, so that names are often equal; one beyond the letters that UTF-16 knows, and none at all.
NAMES = st.text("ab é\U0001f600", max_size=3)
EXAMPLES = settings(deadline=None, max_examples=60)


@contextmanager
def small_blocks() -> Iterator[None]:
    """A few profiles fill several blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "BLOCK", 8)
        patch.setattr(numbers, "UNUSED", 3)
        patch.setattr(numbers, "USED", 5)
        patch.setattr(numbers, "KEYS_A_BLOCK", 3)
        yield


def listed(names: list[str]) -> list[numbers.Key]:
    """Names with ids that do not follow their order, sorted as a list is."""
    return sorted((name, 1000 - 7 * place) for place, name in enumerate(names))


def numbering_of(keys: list[numbers.Key]) -> Numbering:
    return Numbering.of(np.array([profile for _name, profile in keys], dtype=np.int64), [name for name, _ in keys])


# Ranks and numbers


@pytest.mark.parametrize(
    ("rank", "number"),
    [(0, 0), (USED - 1, USED - 1), (USED, BLOCK), (2 * USED - 1, BLOCK + USED - 1), (2 * USED, 2 * BLOCK)],
)
def test_number_of_rank_leaves_the_end_of_each_block_unused(rank, number):
    assert numbers.number_of_rank(rank) == number
    assert numbers.rank_of_number(number) == rank


@given(st.integers(0, 200 * USED))
def test_rank_of_number_undoes_number_of_rank(rank):
    assert numbers.rank_of_number(numbers.number_of_rank(rank)) == rank


def test_numbers_of_ranks_are_those_of_each_rank():
    count = 2 * USED + 3

    assert numbers.numbers_of_ranks(count).tolist() == [numbers.number_of_rank(rank) for rank in range(count)]


@pytest.mark.parametrize(("end", "blocks"), [(0, 0), (1, 1), (BLOCK, 1), (BLOCK + 1, 2)])
def test_padding_is_all_that_no_rank_has(end, blocks):
    everything = bitmap(np.arange(blocks * BLOCK, dtype=np.uint32))

    assert numbers.padding(end) == everything - bitmap(numbers.numbers_of_ranks(blocks * USED))
    assert len(numbers.padding(end)) == blocks * UNUSED


def test_padding_makes_a_bit_field_of_a_block():
    """More than 4,096 numbers in a block: otherwise nothing would be won."""
    assert UNUSED > 4096


@EXAMPLES
@given(st.lists(NAMES, max_size=20), st.lists(NAMES, max_size=20))
@small_blocks()
def test_late_numbers_are_never_those_of_padding(names, later):
    numbering, found = numbering_of(listed(names)).placed((name, -place - 1) for place, name in enumerate(later))

    assert BitMap(found.values()).isdisjoint(numbering.padding)
    assert len(set(found.values()) | set(numbers.numbers_of_ranks(len(names)).tolist())) == len(names) + len(later)
    assert max(found.values(), default=0) < max(numbering.next_number, 1)


# Sort keys


@EXAMPLES
@given(st.lists(NAMES, max_size=20), NAMES, st.integers(800, 1005))
@small_blocks()
def test_rank_before_is_where_bisect_inserts(names, name, profile):
    keys = listed(names)
    numbering = numbering_of(keys)

    assert numbering.keys.rank_before((name, profile), numbering.ids) == bisect_right(keys, (name, profile))


@EXAMPLES
@given(st.lists(NAMES, max_size=20))
@small_blocks()
def test_sort_keys_are_found_at_their_ranks(names):
    packed = SortKeys.pack(sorted(names))

    assert [packed.at(rank) for rank in range(len(names))] == sorted(names)


def test_sort_keys_take_little_room():
    keys = [f"muller ada {number:06}" for number in range(10_000)]

    packed = SortKeys.pack(keys)

    assert packed.at(9_999) == keys[-1]
    assert sum(map(len, packed.blocks)) < 6 * len(keys)


# Profiles and their numbers


@EXAMPLES
@given(st.lists(NAMES, max_size=20), st.lists(st.integers(800, 1005), max_size=6))
@small_blocks()
def test_numbers_of_ids(names, asked):
    keys = listed(names)
    ranks = {profile: rank for rank, (_name, profile) in enumerate(keys)}
    numbering = numbering_of(keys)

    known, found = numbering.numbers_of(np.array(asked, dtype=np.int64))

    assert known.tolist() == [profile in ranks for profile in asked]
    assert found.tolist() == [numbers.number_of_rank(ranks[profile]) for profile in asked if profile in ranks]
    assert [numbering.id_of(number) for number in found.tolist()] == [profile for profile in asked if profile in ranks]


def test_profile_that_nobody_numbered_has_no_number():
    assert numbering_of([]).number_of(1) is None
    assert numbering_of([("a", 2)]).number_of(1) is None
    assert numbering_of([("a", 2)]).number_of(3) is None


@settings(deadline=None, max_examples=100)
@given(st.data(), st.lists(NAMES, max_size=20))
@small_blocks()
def test_pages_with_late_profiles_equal_a_sorted_list(data, names):
    present = {profile: name for name, profile in listed(names)}
    numbering = numbering_of(listed(names))
    for _round in range(data.draw(st.integers(1, 3))):
        ids = st.sampled_from([*present, 2001, 2002, 2003, 500])
        moved = data.draw(st.dictionaries(ids, NAMES, max_size=5))
        numbering, found = numbering.placed((name, profile) for profile, name in moved.items())
        present |= moved
        assert {profile: numbering.number_of(profile) for profile in moved} == found
    left_out = data.draw(st.sets(st.sampled_from(sorted(present)), max_size=4)) if present else set()
    wanted = present.keys() - left_out
    start, size = data.draw(st.integers(0, 12)), data.draw(st.integers(0, 12))
    bits = BitMap([numbering.number_of(profile) for profile in wanted])

    expected = sorted(wanted, key=lambda profile: (present[profile], profile))

    assert numbering.page(bits, start, start + size) == expected[start : start + size]
    assert numbering.page(bits, 0, len(expected)) == expected
    assert [numbering.id_of(number) for number in sorted(bits, key=numbering.place)] == expected


def test_placed_keeps_the_number_of_who_keeps_the_name():
    numbering = numbering_of([("a", 5), ("b", 4)])

    same, kept = numbering.placed([("b", 4)])
    moved, found = same.placed([("c", 4)])
    again, kept_late = moved.placed([("c", 4)])

    assert kept == {4: 1}
    assert same.late == ()
    assert found == {4: BLOCK}
    assert (again.late, kept_late) == (moved.late, found)


def test_placed_leaves_the_numbering_it_came_from_alone():
    numbering = numbering_of([("a", 5)])

    numbering.placed([("0", 9)])

    assert (numbering.late, numbering.next_number) == ((), BLOCK)


def test_a_full_block_before_late_ones_is_followed_by_another():
    full = numbering_of([(f"{number:09}", number) for number in range(USED)])

    later, found = full.placed([("zz", USED + 1)])

    assert found == {USED + 1: BLOCK}
    assert later.page(BitMap([USED - 1, BLOCK]), 0, 9) == [USED - 1, USED + 1]
