"""Finds the spot that a visitor means by a place, a postcode or coordinates; asks our own tables only.

``locate`` is for an address with ``near=…``, ``suggest`` for a field while somebody types. Both only read, take a few
milliseconds, and never raise on anything that a visitor may send.
"""

from conditions.names import fold
from specialists import distance
from specialists.geography import coordinates, places, postcodes
from specialists.geography.spots import Located, Spot

__all__ = ["Located", "Spot", "distance_km", "locate", "suggest"]

# No place has a longer name; what is longer was not typed by a person who looks for one.
LONGEST_TEXT = 100


def locate(text: str) -> Located:
    """The spot that ``text`` means, or what to ask the visitor; empty when nothing is near it."""
    text = _tidy(text)
    if not text:
        return Located()
    return coordinates.locate(text) or postcodes.locate(text) or places.locate(fold(text))


def suggest(text: str, limit: int = 5) -> list[Spot]:
    """At most ``limit`` spots whose name or postcode begins with ``text``, the biggest first."""
    text = _tidy(text)
    if not text or limit < 1:
        return []
    found = postcodes.suggest(text, limit)
    return places.suggest(fold(text), limit) if found is None else found


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres between two points given in degrees, WGS 84; to the metre, on a sphere with the mean earth radius."""
    return distance.between(latitude, longitude, other_latitude, other_longitude) / distance.METRES


def _tidy(text: str) -> str:
    """``text`` with single blanks; "" where there is no letter and no digit in it, or far too many."""
    return " ".join(text.split()) if len(text) <= LONGEST_TEXT and fold(text) else ""
