"""Which number stands for which profile. Numbers follow the order of names, so a list's first page is its first bits.

Bitmaps come in blocks of 65,536 numbers, and a block with more than 4,096 of them is a plain bit field, whose
intersection with anything is fast; two sparse blocks take many times as long. So each block leaves a stretch of numbers
unused, ``PADDING``: a bitmap that is united with it has bit fields only (docs/decisions/0014).

Profiles that come later, or whose name changes, get numbers after all others; ``late`` remembers before which of the
first numbers they belong.
"""

import zlib
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from specialists.facets.bitmaps import Numbers, bitmap, numbers_in

BLOCK = 65_536
UNUSED = 4_097
USED = BLOCK - UNUSED
KEYS_A_BLOCK = 256
# PostgreSQL cannot store it, so no sort key has one.
SEPARATOR = "\x00"

Ids = npt.NDArray[np.int64]
# (sort key, profile's id): the total order of lists by name.
Key = tuple[str, int]


def number_of_rank(rank: int) -> int:
    """The number of the profile that stands at ``rank``, from 0, in the order of names."""
    return rank // USED * BLOCK + rank % USED


def numbers_of_ranks(count: int) -> Numbers:
    """The numbers of the first ``count`` ranks."""
    ranks = np.arange(count, dtype=np.int64)
    return (ranks // USED * BLOCK + ranks % USED).astype(np.uint32)


def rank_of_number(number: int) -> int:
    return number // BLOCK * USED + number % BLOCK


def padding(end: int) -> BitMap:
    """The unused numbers of all blocks that begin below ``end``."""
    unused = [np.arange(block + USED, block + BLOCK, dtype=np.uint32) for block in range(0, end, BLOCK)]
    return bitmap(np.concatenate(unused)) if unused else BitMap()


class SortKeys:
    """The sort keys of all ranks, packed: about 4 bytes each, and a look-up unpacks one block."""

    def __init__(self, blocks: Sequence[bytes], firsts: Sequence[str]) -> None:
        self.blocks = blocks
        self.firsts = firsts

    @classmethod
    def pack(cls, keys: Sequence[str]) -> "SortKeys":
        starts = range(0, len(keys), KEYS_A_BLOCK)
        return cls(
            [zlib.compress(SEPARATOR.join(keys[start : start + KEYS_A_BLOCK]).encode(), 6) for start in starts],
            [keys[start] for start in starts],
        )

    def block(self, place: int) -> list[str]:
        return zlib.decompress(self.blocks[place]).decode().split(SEPARATOR)

    def at(self, rank: int) -> str:
        return self.block(rank // KEYS_A_BLOCK)[rank % KEYS_A_BLOCK]

    def rank_before(self, key: Key, ids: Ids) -> int:
        """The first rank whose (sort key, id) is greater than ``key``; ``ids`` are those of the ranks."""
        low = max(0, bisect_left(self.firsts, key[0]) - 1)
        high = bisect_right(self.firsts, key[0])
        for place in range(low, high):
            start = place * KEYS_A_BLOCK
            entries = [(text, int(ids[start + offset])) for offset, text in enumerate(self.block(place))]
            position = bisect_right(entries, key)
            if position < len(entries):
                return start + position
        return min(high * KEYS_A_BLOCK, len(ids))


@dataclass(frozen=True, order=True)
class Late:
    """A profile numbered after the index was built; it stands before the number ``before`` in the order of names."""

    key: Key
    number: int
    before: int


class Ranks:
    """The ids of the profiles in the order of names, and where each stands. Shared by all later numberings."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids

    @cached_property
    def by_id(self) -> npt.NDArray[np.intp]:
        """The ranks in the order of ids; of the type that NumPy searches by without making a copy."""
        return np.argsort(self.ids)


@dataclass(frozen=True)
class Numbering:
    """``ranks``: the profiles numbered when the index was built. ``late``: later ones, in the order of names."""

    ranks: Ranks
    keys: SortKeys
    late: tuple[Late, ...] = ()
    next_number: int = 0

    @classmethod
    def of(cls, ids: Ids, sort_keys: Sequence[str]) -> "Numbering":
        """For profiles given in the order of names."""
        return cls.packed(ids, SortKeys.pack(sort_keys))

    @classmethod
    def packed(cls, ids: Ids, keys: SortKeys) -> "Numbering":
        # Late numbers begin a block of their own, so that no block holds both.
        return cls(Ranks(ids), keys, (), -(-len(ids) // USED) * BLOCK)

    @property
    def ids(self) -> Ids:
        """The profile's id at each rank."""
        return self.ranks.ids

    @cached_property
    def late_ids(self) -> dict[int, Late]:
        return {late.key[1]: late for late in self.late}

    @cached_property
    def late_by_number(self) -> dict[int, Late]:
        return {late.number: late for late in self.late}

    @cached_property
    def late_numbers(self) -> BitMap:
        return BitMap([late.number for late in self.late])

    @cached_property
    def padding(self) -> BitMap:
        return padding(self.next_number)

    def numbers_of(self, ids: Ids) -> tuple[npt.NDArray[np.bool_], Numbers]:
        """(Which of ``ids`` were numbered when the index was built, the numbers of those)."""
        if not len(self.ids):
            return np.zeros(len(ids), dtype=bool), np.empty(0, dtype=np.uint32)
        by_id = self.ranks.by_id
        ranks = by_id[np.minimum(np.searchsorted(self.ids, ids, sorter=by_id), len(self.ids) - 1)]
        known = self.ids[ranks] == ids
        return known, (ranks[known] // USED * BLOCK + ranks[known] % USED).astype(np.uint32)

    def number_of(self, profile: int) -> int | None:
        """The number under which a profile stands now, if it has one."""
        late = self.late_ids.get(profile)
        return late.number if late else self.first_number_of(profile)

    def first_number_of(self, profile: int) -> int | None:
        known, numbers = self.numbers_of(np.array([profile], dtype=np.int64))
        return int(numbers[0]) if known[0] else None

    def id_of(self, number: int) -> int:
        rank = rank_of_number(number)
        if number < number_of_rank(len(self.ids)):
            return int(self.ids[rank])
        return self.late_by_number[number].key[1]

    def placed(self, keys: Iterable[Key]) -> tuple["Numbering", dict[int, int]]:
        """(The numbering with these profiles under these sort keys, id → number of each).

        Who keeps the sort key keeps the number.
        """
        found: dict[int, int] = {}
        moving: list[Key] = []
        for key in keys:
            number = self._kept_number(key)
            if number is None:
                moving.append(key)
            else:
                found[key[1]] = number
        moved = {profile for _text, profile in moving}
        late, following = [entry for entry in self.late if entry.key[1] not in moved], self.next_number
        for key in moving:
            insort(late, Late(key, following, number_of_rank(self.keys.rank_before(key, self.ids))))
            found[key[1]] = following
            following = _following(following)
        return replace(self, late=tuple(late), next_number=following), found

    def _kept_number(self, key: Key) -> int | None:
        late = self.late_ids.get(key[1])
        if late:
            return late.number if late.key == key else None
        number = self.first_number_of(key[1])
        return number if number is not None and self.keys.at(rank_of_number(number)) == key[0] else None

    def page(self, found: BitMap, start: int, stop: int) -> list[int]:
        """The ids at the places ``start`` … ``stop`` - 1 of the profiles ``found``, in the order of names."""
        late = [entry for entry in self.late if entry.number in found]
        if not late:
            return [self.id_of(number) for number in found[start:stop]]
        first = found - self.late_numbers
        # Where each late one stands among all found: after the first numbers below it and the late ones before it.
        places = {first.rank(entry.before) - (entry.before in first) + i: entry for i, entry in enumerate(late)}
        page = []
        passed = sum(place < start for place in places)
        for place in range(start, min(stop, len(found))):
            if place in places:
                page.append(places[place].key[1])
                passed += 1
            else:
                page.append(self.id_of(first[place - passed]))
        return page

    def in_order(self, found: BitMap) -> list[int]:
        """The numbers of a bitmap in the order of names."""
        return sorted(numbers_in(found).tolist(), key=self.place)

    def place(self, number: int) -> tuple[int, int, Key]:
        """What sorts numbers into the order of names."""
        late = self.late_by_number.get(number)
        return (late.before, 0, late.key) if late else (number, 1, ("", 0))


def _following(number: int) -> int:
    """The next number that is not padding."""
    return number + 1 if (number + 1) % BLOCK < USED else (number // BLOCK + 1) * BLOCK
