"""What everything here does with roaring bitmaps and NumPy arrays."""

import array
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

# From so many numbers on a table of all numbers costs less than to insert each.
MANY = 10_000

Numbers = npt.NDArray[np.uint32]


def bitmap(numbers: Numbers) -> BitMap:
    """The bitmap of an array of numbers.

    Never with run containers, which pyroaring makes by itself otherwise: to intersect those takes four times as long.
    """
    return BitMap(array.array("I", np.ascontiguousarray(numbers, dtype=np.uint32).tobytes()), optimize=False)


def unordered(numbers: Numbers) -> BitMap:
    """The bitmap of numbers in any order, some more than once: many are put in order first, which is quicker."""
    if len(numbers) < MANY:
        return bitmap(numbers)
    table = np.zeros(int(numbers.max()) + 1, dtype=bool)
    table[numbers] = True
    return bitmap(np.flatnonzero(table).astype(np.uint32))


def numbers_in(found: BitMap) -> Numbers:
    """The numbers of a bitmap, ascending."""
    return np.frombuffer(found.to_array(), dtype=np.uint32)


def union(bitmaps: Iterable[BitMap]) -> BitMap:
    """One bitmap of all; a new one also when there is only one."""
    return BitMap.union(EMPTY, *bitmaps)


def slices(starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The positions within several slices of an array, one after the other."""
    lengths = ends - starts
    total = int(lengths.sum())
    if total == 0:
        return np.empty(0, dtype=np.int64)
    first = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return first + np.arange(total)


def grouped(owners: npt.NDArray[np.int64], numbers: Numbers, groups: int) -> tuple[npt.NDArray[np.int64], Numbers]:
    """Numbers by their owner (0 … groups-1), each pair once: (where each group begins and the last ends, numbers)."""
    pairs = np.sort((owners.astype(np.uint64) << np.uint64(32)) | numbers.astype(np.uint64))
    pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))] if len(pairs) else pairs
    owners = (pairs >> np.uint64(32)).astype(np.int64)
    return np.searchsorted(owners, np.arange(groups + 1)), (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32)


EMPTY = BitMap()
