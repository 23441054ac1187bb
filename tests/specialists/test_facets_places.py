"""Circles and the order by distance, against every point measured one by one."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from specialists import distance
from specialists.facets import places
from specialists.facets.places import Places, Point
from specialists.selection import Circle

# Coarse, so that points and distances are often equal; dense about a pole and the date line.
LATITUDES = st.sampled_from([-90.0, -89.9, 0.0, 0.1, 48.0, 48.1, 89.9, 89.95, 90.0]) | st.floats(-90, 90)
LONGITUDES = st.sampled_from([-180.0, -179.9, 0.0, 0.1, 11.0, 179.9, 179.95, 180.0]) | st.floats(-180, 180)
POINTS = st.tuples(LATITUDES, LONGITUDES)
# (number, point)
PAIRS = st.tuples(st.integers(0, 9), POINTS)
CIRCLES = st.builds(Circle, LATITUDES, LONGITUDES, st.sampled_from([0, 1, 12, 25, 300, 5_000, 20_100]))
MOVES = st.dictionaries(st.integers(0, 12), st.lists(POINTS, max_size=2).map(tuple), max_size=4)
EXAMPLES = settings(deadline=None, max_examples=60)
Owned = dict[int, set[Point]]


@pytest.fixture(autouse=True, scope="module")
def _small_rings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "FIRST_POINTS", 2)
        yield


def places_of(pairs: list[tuple[int, Point]]) -> Places:
    coordinates = np.array([point for _number, point in pairs], dtype=np.float64).reshape(-1, 2)
    owners = np.array([number for number, _point in pairs], dtype=np.uint32)
    return Places.of(coordinates[:, 0], coordinates[:, 1], owners)


def made(pairs: list[tuple[int, Point]], moves: dict[int, tuple[Point, ...]]) -> tuple[Places, Owned]:
    """Places of which some have moved, and the same as a plain dictionary: number → points."""
    owned: Owned = {}
    for number, point in pairs:
        owned.setdefault(number, set()).add(point)
    changed = places_of(pairs).changed(BitMap(moves), {number: points for number, points in moves.items() if points})
    return changed, {**owned, **{number: set(points) for number, points in moves.items()}}


def metres_to(owned: Owned, circle: Circle) -> dict[int, int]:
    """Number → metres to its nearest point in the circle, by brute force."""
    far = {
        number: min(distance.between(circle.latitude, circle.longitude, *point) for point in points)
        for number, points in owned.items()
        if points
    }
    return {number: metres for number, metres in far.items() if metres <= circle.radius * 1000}


@EXAMPLES
@given(st.lists(PAIRS, max_size=15), MOVES, CIRCLES.filter(lambda circle: circle.radius))
def test_within_equals_brute_force(pairs, moves, circle):
    found, owned = made(pairs, moves)

    assert set(found.within(circle)) == set(metres_to(owned, circle))


@EXAMPLES
@given(st.lists(PAIRS, max_size=15), MOVES, CIRCLES.filter(lambda circle: circle.radius), st.sets(st.integers(0, 12)))
def test_nearest_equals_brute_force(pairs, moves, circle, wanted):
    found, owned = made(pairs, moves)

    result = list(found.nearest(BitMap(wanted), circle))

    expected = [(far, number) for number, far in metres_to(owned, circle).items() if number in wanted]
    assert sorted(result) == sorted(expected)
    assert [far for far, _number in result] == sorted(far for far, _number in expected)


@EXAMPLES
@given(st.lists(PAIRS, max_size=15), MOVES, st.sets(st.integers(0, 12)))
def test_counts_equal_brute_force(pairs, moves, wanted):
    found, owned = made(pairs, moves)

    latitudes, longitudes, counts = (values.tolist() for values in found.counts(BitMap(wanted)))

    result = dict(zip(zip(latitudes, longitudes, strict=True), counts, strict=True))
    assert result == Counter(point for number in wanted for point in owned.get(number, ()))
    assert len(result) == len(counts)


@EXAMPLES
@given(st.lists(PAIRS, max_size=10), MOVES, MOVES)
def test_moving_twice_is_moving_to_where_it_ends(pairs, first, second):
    found, owned = made(pairs, first)

    again = found.changed(BitMap(second), second)

    everywhere = Circle(0.0, 0.0, 20_100)
    assert set(again.within(everywhere)) == set(
        metres_to({**owned, **{n: set(p) for n, p in second.items()}}, everywhere)
    )
    assert set(found.within(everywhere)) == set(metres_to(owned, everywhere))


@pytest.mark.parametrize(
    ("point", "circle", "is_inside"),
    [
        ((89.95, -170.0), Circle(89.95, 10.0, 12), True),
        ((89.95, -170.0), Circle(89.95, 10.0, 11), False),
        ((-90.0, 50.0), Circle(-89.95, 10.0, 6), True),
        ((0.0, -179.99), Circle(0.0, 179.99, 3), True),
        ((0.0, -179.99), Circle(0.0, 179.99, 2), False),
        ((48.0, 11.0), Circle(48.0, 11.0, 0), True),
        ((48.0, 11.001), Circle(48.0, 11.0, 0), False),
        ((-48.0, -169.0), Circle(48.0, 11.0, 20_100), True),
    ],
)
def test_circle_over_the_pole_the_date_line_and_without_extent(point, circle, is_inside):
    assert (7 in places_of([(7, point)]).within(circle)) is is_inside


def test_places_of_nobody():
    nowhere = places_of([])

    assert nowhere.within(Circle(0.0, 0.0, 20_100)) == BitMap()
    assert list(nowhere.nearest(BitMap([1]), Circle(0.0, 0.0, 20_100))) == []
    assert [len(values) for values in nowhere.counts(BitMap([1]))] == [0, 0, 0]


def test_a_place_that_comes_twice_counts_once():
    twice = places_of([(3, (48.0, 11.0)), (3, (48.0, 11.0)), (4, (48.0, 11.0))])

    assert [values.tolist() for values in twice.counts(BitMap([3, 4]))] == [[48.0], [11.0], [2]]
