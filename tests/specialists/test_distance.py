"""The same distances in SQL, in NumPy and by an independent formula; and the box that finds candidates."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specialists import distance
from specialists.models import Location
from specialists.selection import Circle
from tests import factories
from tests.specialists import oracle

LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
POINTS = st.tuples(LATITUDES, LONGITUDES)
# To a decimetre, as anybody states them: PostgreSQL refuses to square what is all but nothing.
STORED = st.tuples(LATITUDES.map(lambda degrees: round(degrees, 6)), LONGITUDES.map(lambda degrees: round(degrees, 6)))
KILOMETRES = st.sampled_from([1, 5, 10, 25, 50, 100, 250, 500, 2_000, 10_000, 20_100])


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((48.0, 11.0), (48.0, 11.0), 0),
        # A degree of a great circle: π / 180 of the radius.
        ((0.0, 0.0), (0.0, 1.0), 111_195),
        ((0.0, 0.0), (1.0, 0.0), 111_195),
        ((0.0, 179.5), (0.0, -179.5), 111_195),
        ((89.5, 0.0), (89.5, 180.0), 111_195),
        ((0.0, 0.0), (0.0, 180.0), 20_015_114),
        ((90.0, 12.0), (-90.0, 99.0), 20_015_114),
        ((90.0, 12.0), (90.0, 99.0), 0),
    ],
)
def test_between(one, other, metres):
    assert distance.between(*one, *other) == metres
    assert distance.between(*other, *one) == metres


def test_between_towns_as_a_map_says():
    """Munich to Hamburg: 612 km."""
    assert round(distance.between(48.137, 11.575, 53.551, 9.993) / 1000) == 612


@settings(max_examples=200)
@given(POINTS, POINTS)
def test_between_equals_the_angle_between_vectors(one, other):
    # Haversine loses figures where points are opposite each other: up to a metre in 20,000 kilometres.
    assert abs(distance.between(*one, *other) - oracle.metres(one, other)) <= 1


def test_to_all_measures_each_point():
    points = np.array([(48.0, 11.0), (49.0, 11.0), (-48.0, -169.0)])

    result = distance.to_all(48.0, 11.0, points[:, 0], points[:, 1])

    assert result.tolist() == [distance.between(48.0, 11.0, *point) for point in points.tolist()]
    assert result.dtype == np.int64


@settings(max_examples=300)
@given(POINTS, KILOMETRES, st.floats(0, 1), st.floats(0, 2 * math.pi))
def test_box_holds_the_whole_circle(middle, radius, part, bearing):
    circle = Circle(*middle, radius)
    latitude, longitude = _walked(middle, part * radius * 1000, bearing)

    south, north, west, east = distance.box(circle)

    assert south <= latitude <= north
    assert west <= longitude <= east


def _walked(start: tuple[float, float], metres: float, bearing: float) -> tuple[float, float]:
    """Where somebody is after so many metres straight on from ``start``; the bearing in radians from north."""
    up, around, far = math.radians(start[0]), math.radians(start[1]), metres / distance.EARTH_RADIUS
    sine = math.sin(up) * math.cos(far) + math.cos(up) * math.sin(far) * math.cos(bearing)
    latitude = math.asin(max(-1.0, min(1.0, sine)))
    turned = math.atan2(
        math.sin(bearing) * math.sin(far) * math.cos(up), math.cos(far) - math.sin(up) * math.sin(latitude)
    )
    return math.degrees(latitude), (math.degrees(around + turned) + 180) % 360 - 180


@pytest.mark.parametrize(
    ("circle", "longitudes"),
    [
        (Circle(88.5, 10.0, 100), (-180.0, 180.0)),
        (Circle(-89.9, 10.0, 1), (-180.0, 180.0)),
        (Circle(0.0, 179.95, 10), (-180.0, 180.0)),
        (Circle(0.0, -179.95, 10), (-180.0, 180.0)),
        (Circle(48.0, 11.0, 0), (11.0, 11.0)),
    ],
)
def test_box_near_a_pole_or_the_date_line_has_all_longitudes(circle, longitudes):
    assert distance.box(circle)[2:] == longitudes


@pytest.mark.django_db
@settings(deadline=None, max_examples=40)
@given(STORED, st.lists(STORED, min_size=1, max_size=5))
def test_metres_in_sql_equal_those_in_numpy(middle, points):
    circle = Circle(*middle, 10)
    Location.objects.all().delete()
    clinic = factories.make_clinic(city=None)
    for latitude, longitude in points:
        clinic.locations.create(city="Town", country="DE", latitude=latitude, longitude=longitude)

    found = clinic.locations.annotate(far=distance.metres(circle, "latitude", "longitude")).order_by("pk")

    # Other libraries' sines may differ in the last bit, which shows only where a distance ends in half a metre.
    result = np.array([location.far for location in found])
    expected = distance.to_all(*middle, *np.array(points).T)
    assert np.abs(result - expected).max() <= 1
    assert (result == expected).mean() > 0.5
