"""Distances on the earth, as a sphere: in SQL, in NumPy and for one pair of points, all with the same formula.

Haversine with the mean earth radius (IUGG); coordinates in degrees, WGS 84. The error against the ellipsoid is below
0.6 %, which is less than a person notices on the way to a clinic.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import F, IntegerField, Q, Value
from django.db.models.functions import ASin, Cast, Cos, Least, Power, Radians, Round, Sin, Sqrt

from specialists.selection import Circle

EARTH_RADIUS = 6_371_008.8
METRES = 1000
# A degree of latitude, a little less than it is: the box must hold the whole circle.
METRES_PER_DEGREE = 111_000
NEARLY_POLE = 89.0
HALF_CIRCLE = 180.0

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    """Metres between two points."""
    return int(to_all(latitude, longitude, np.array([other_latitude]), np.array([other_longitude]))[0])


def to_all(latitude: float, longitude: float, latitudes: Floats, longitudes: Floats) -> Integers:
    """Whole metres from a point to each of the points, an array of the same shape."""
    up = np.sin(np.radians(latitudes - latitude) / 2) ** 2
    across = np.sin(np.radians(longitudes - longitude) / 2) ** 2
    half_chord = up + math.cos(math.radians(latitude)) * np.cos(np.radians(latitudes)) * across
    return np.rint(2 * EARTH_RADIUS * np.arcsin(np.minimum(1.0, np.sqrt(half_chord)))).astype(np.int64)


def metres(circle: Circle, latitude: str, longitude: str) -> Any:
    """An expression: whole metres from the circle's middle to the point in these columns, which must not be null.

    (PostgreSQL's LEAST passes over nulls: a place without coordinates would lie at the other end of the earth.)
    """
    up = Power(Sin(Radians(F(latitude) - Value(circle.latitude)) / 2), 2)
    across = Power(Sin(Radians(F(longitude) - Value(circle.longitude)) / 2), 2)
    half_chord = up + Value(math.cos(math.radians(circle.latitude))) * Cos(Radians(F(latitude))) * across
    around = Value(2 * EARTH_RADIUS) * ASin(Least(Value(1.0), Sqrt(half_chord)))
    return Cast(Round(around), IntegerField())


def in_box(circle: Circle) -> Q:
    """What an index can find at once: points between the parallels and meridians that touch the circle."""
    south, north, west, east = box(circle)
    return Q(latitude__gte=south, latitude__lte=north, longitude__gte=west, longitude__lte=east)


def box(circle: Circle) -> tuple[float, float, float, float]:
    """(south, north, west, east) in degrees, generously; near a pole or the date line all longitudes."""
    degrees = circle.radius * METRES / METRES_PER_DEGREE
    south, north = circle.latitude - degrees, circle.latitude + degrees
    widest = min(max(abs(south), abs(north)), NEARLY_POLE)
    wide = degrees / math.cos(math.radians(widest))
    west, east = circle.longitude - wide, circle.longitude + wide
    if widest == NEARLY_POLE or west < -HALF_CIRCLE or east > HALF_CIRCLE:
        return south, north, -HALF_CIRCLE, HALF_CIRCLE
    return south, north, west, east
