"""Words of names against a walk through every name."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from conditions import names
from specialists.facets.bitmaps import grouped
from specialists.facets.words import Words

# Letters that are contracted, of two bytes, and those of regular expressions.
NAMES = st.text("amuüeoößñ.*[ λ", max_size=8)
PARTS = st.text("amueoönλ", min_size=1, max_size=4).map(names.fold).filter(bool)
EXAMPLES = settings(deadline=None, max_examples=80)


def words_of(search_keys: list[str]) -> Words:
    """Numbers are places in the list."""
    codes: dict[str, int] = {}
    pairs = [
        (codes.setdefault(word, len(codes)), number)
        for number, search_key in enumerate(search_keys)
        for word in search_key.split()
    ]
    owners, numbers = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Words.of(codes, *grouped(owners, numbers.astype(np.uint32), len(codes)))


def having(search_keys: dict[int, str], word: str) -> set[int]:
    """The numbers with a word that contains any spelling, or begins with one of less than three letters."""
    return {
        number
        for number, search_key in search_keys.items()
        for part in names.spellings(word)
        if any(found.startswith(part) or (len(part) > 2 and part in found) for found in search_key.split())
    }


@EXAMPLES
@given(st.lists(NAMES, max_size=8), PARTS.map(lambda part: part.split()[0]))
def test_having_equals_a_walk_through_all_names(written, word):
    search_keys = [names.search_key(name) for name in written]

    assert set(words_of(search_keys).having(word)) == having(dict(enumerate(search_keys)), word)


@EXAMPLES
@given(
    st.lists(NAMES, max_size=8),
    st.lists(st.dictionaries(st.integers(0, 10), NAMES | st.none(), max_size=4), max_size=3),
    PARTS.map(lambda part: part.split()[0]),
)
def test_having_after_changes_equals_a_walk_through_all_names(written, rounds, word):
    present = dict(enumerate(map(names.search_key, written)))
    words = words_of(list(present.values()))
    for changed in rounds:
        renamed = {number: names.search_key(name) for number, name in changed.items() if name is not None}
        words = words.changed(BitMap(changed), renamed)
        present = {**{number: kept for number, kept in present.items() if number not in changed}, **renamed}

    assert set(words.having(word)) == having(present, word)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("muller", {0, 1, 2}),
        ("mueller", {0, 1, 2}),
        ("ulle", {0, 1, 2}),
        ("m", {0, 1, 2}),
        ("mu", {0, 1, 2}),
        # Contracted to "mu": a beginning.
        ("mue", {0, 1, 2}),
        ("ul", set()),
        ("uel", {0, 1}),
        ("er", set()),
        ("ller", {0, 1, 2}),
        ("bauer", {3}),
        ("baur", set()),
        ("bau", {3}),
        ("z", set()),
        ("a", {4}),
        (".*", set()),
    ],
)
def test_having_by_hand(word, expected):
    written = ["Müller", "Mueller", "Muller", "Bauer", "Ada"]

    assert set(words_of([names.search_key(name) for name in written]).having(word)) == expected


def test_word_never_reaches_into_the_next():
    assert set(words_of(["abc def"]).having("cde")) == set()
    assert set(words_of(["abc def"]).having("def")) == {0}


def test_words_of_nobody():
    assert words_of([]).having("abc") == BitMap()
    assert words_of([]).having("a") == BitMap()


def test_changed_words_leave_the_first_ones_alone():
    words = words_of(["anna", "anna berta"])

    changed = words.changed(BitMap([0]), {0: "berta"})

    assert (set(words.having("anna")), set(words.having("berta"))) == ({0, 1}, {1})
    assert (set(changed.having("anna")), set(changed.having("berta"))) == ({1}, {0, 1})


def test_name_that_changes_again_is_found_by_its_last_words_only():
    words = words_of(["anna"])

    for name in ("berta cora", "cora", "dora"):
        words = words.changed(BitMap([0]), {0: name})

    assert [set(words.having(word)) for word in ("anna", "berta", "cora", "dora")] == [set(), set(), set(), {0}]
    assert set(words.changed(BitMap([0]), {}).having("dora")) == set()
