"""Where profiles are: the points of their places, for circles and for the order by distance.

A point is a pair of coordinates with the numbers of all profiles there. Points are sorted by latitude, so that a circle
looks at a narrow band only.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from specialists import distance
from specialists.distance import Floats, Integers
from specialists.facets.bitmaps import EMPTY, Numbers, grouped, numbers_in, slices, unordered
from specialists.selection import Circle

Point = tuple[float, float]
# How many points at a time the order by distance looks at, at first.
FIRST_POINTS = 64


@dataclass(frozen=True)
class Places:
    """``starts[i]`` … ``starts[i + 1]`` are the positions in ``numbers`` of the profiles at point i.

    ``moved`` are numbers whose places changed since; ``late`` has their points.
    """

    latitudes: Floats
    longitudes: Floats
    starts: Integers
    numbers: Numbers
    moved: BitMap = EMPTY
    late: Mapping[int, tuple[Point, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, latitudes: Floats, longitudes: Floats, numbers: Numbers) -> "Places":
        """From arrays of one length: a place of the profile with that number. A place may come twice."""
        order = np.lexsort((longitudes, latitudes))
        latitudes, longitudes, numbers = latitudes[order], longitudes[order], numbers[order]
        is_first = np.ones(len(order), dtype=bool)
        is_first[1:] = (latitudes[1:] != latitudes[:-1]) | (longitudes[1:] != longitudes[:-1])
        starts, sorted_numbers = grouped(np.cumsum(is_first) - 1, numbers, int(is_first.sum()))
        return cls(latitudes[is_first], longitudes[is_first], starts, sorted_numbers)

    def changed(self, numbers: BitMap, points: Mapping[int, tuple[Point, ...]]) -> "Places":
        """With other places for ``numbers``, those in ``points``: number → its points."""
        late = {number: kept for number, kept in self.late.items() if number not in numbers}
        return replace(self, moved=self.moved | numbers, late={**late, **points})

    def within(self, circle: Circle) -> BitMap:
        """The numbers with a place in the circle."""
        near, _metres = self._points_within(circle)
        found = unordered(self.numbers[slices(self.starts[near], self.starts[near + 1])]) - self.moved
        found.update(number for number, _metres in self._late_within(circle))
        return found

    def nearest(self, found: BitMap, circle: Circle) -> Iterator[tuple[int, int]]:
        """(Whole metres, number) of each of ``found`` in the circle once, the nearest first; those as far in any order.

        All of one distance come before any of the next.
        """
        seen = BitMap()
        for metres, numbers in self._rings(circle):
            for far, number in _wanted(metres, numbers, found):
                if number not in seen:
                    seen.add(number)
                    yield far, number

    def _rings(self, circle: Circle) -> Iterator[tuple[Integers, Numbers]]:
        """(Metres, numbers) arrays of the places in the circle, ring by ring outwards."""
        near, metres = self._points_within(circle)
        order = np.argsort(metres, kind="stable")
        near, metres = near[order], metres[order]
        late = sorted((far, number) for number, far in self._late_within(circle))
        start, step, taken = 0, FIRST_POINTS, 0
        while start < len(near):
            # A ring ends where the distance changes, so that no distance is cut in two.
            stop = int(np.searchsorted(metres, metres[min(start + step, len(near)) - 1], side="right"))
            inner = [pair for pair in late[taken:] if pair[0] <= metres[stop - 1]]
            taken += len(inner)
            yield self._ring(near[start:stop], metres[start:stop], inner)
            start, step = stop, step * 4
        if taken < len(late):
            yield self._ring(near[:0], metres[:0], late[taken:])

    def _ring(self, near: Integers, metres: Integers, late: list[tuple[int, int]]) -> tuple[Integers, Numbers]:
        starts, ends = self.starts[near], self.starts[near + 1]
        numbers, far = self.numbers[slices(starts, ends)], np.repeat(metres, ends - starts)
        if self.moved:
            staying = ~np.isin(numbers, numbers_in(self.moved))
            numbers, far = numbers[staying], far[staying]
        return (
            np.concatenate([far, np.array([pair[0] for pair in late], dtype=np.int64)]),
            np.concatenate([numbers, np.array([pair[1] for pair in late], dtype=np.uint32)]),
        )

    def _points_within(self, circle: Circle) -> tuple[Integers, Integers]:
        """(Points in the circle, whole metres to each)."""
        south, north, west, east = distance.box(circle)
        start = np.searchsorted(self.latitudes, south, side="left")
        stop = np.searchsorted(self.latitudes, north, side="right")
        longitudes = self.longitudes[start:stop]
        band = np.arange(start, stop)[(longitudes >= west) & (longitudes <= east)]
        metres = distance.to_all(circle.latitude, circle.longitude, self.latitudes[band], self.longitudes[band])
        inside = metres <= circle.radius * distance.METRES
        return band[inside], metres[inside]

    def _late_within(self, circle: Circle) -> list[tuple[int, int]]:
        """(Number, whole metres to its nearest place) of the moved ones in the circle."""
        pairs = [(number, point) for number, points in self.late.items() for point in points]
        if not pairs:
            return []
        points = np.array([point for _number, point in pairs])
        metres = distance.to_all(circle.latitude, circle.longitude, points[:, 0], points[:, 1]).tolist()
        nearest: dict[int, int] = {}
        for (number, _point), far in zip(pairs, metres, strict=True):
            if far <= circle.radius * distance.METRES:
                nearest[number] = min(far, nearest.get(number, far))
        return list(nearest.items())

    def counts(self, found: BitMap) -> tuple[Floats, Floats, Integers]:
        """(Latitudes, longitudes, how many of ``found`` are there) of all points with at least one."""
        wanted = np.zeros(len(self.numbers), dtype=np.int64)
        wanted[_mask(self.numbers, found - self.moved)] = 1
        sums = np.concatenate(([0], np.cumsum(wanted)))
        here = sums[self.starts[1:]] - sums[self.starts[:-1]]
        late = Counter(point for number, points in self.late.items() if number in found for point in set(points))
        self._move_to_known(late, here)
        there = here > 0
        extra = np.array(list(late), dtype=np.float64).reshape(-1, 2)
        return (
            np.concatenate([self.latitudes[there], extra[:, 0]]),
            np.concatenate([self.longitudes[there], extra[:, 1]]),
            np.concatenate([here[there], np.array(list(late.values()), dtype=np.int64)]),
        )

    def _move_to_known(self, late: Counter[Point], here: Integers) -> None:
        """Move the late ones at points that have others too from ``late`` to ``here``, the number at each point."""
        parallels = np.array(sorted({latitude for latitude, _longitude in late}), dtype=np.float64)
        starts, ends = (np.searchsorted(self.latitudes, parallels, side=side) for side in ("left", "right"))
        for place in slices(starts, ends).tolist():
            here[place] += late.pop((float(self.latitudes[place]), float(self.longitudes[place])), 0)


def _mask(numbers: Numbers, found: BitMap) -> npt.NDArray[np.bool_]:
    """For each of ``numbers`` whether it is among ``found``."""
    if not len(numbers) or not found:
        return np.zeros(len(numbers), dtype=bool)
    table = np.zeros(max(int(numbers.max()), found.max()) + 1, dtype=bool)
    table[numbers_in(found)] = True
    return table[numbers]


def _wanted(metres: Integers, numbers: Numbers, found: BitMap) -> list[tuple[int, int]]:
    """(Metres, number) of the places of ``found``, by distance."""
    wanted = _mask(numbers, found)
    metres, numbers = metres[wanted], numbers[wanted]
    order = np.lexsort((numbers, metres))
    return list(zip(metres[order].tolist(), numbers[order].tolist(), strict=True))
