"""What the search for a place answers with."""

from dataclasses import dataclass

from specialists.models import Place


@dataclass(frozen=True)
class Spot:
    """A point on earth, in degrees, WGS 84."""

    latitude: float
    longitude: float
    label: str
    """For people: "Frankfurt am Main", "60313 (Germany)", "around Offenbach"."""
    value: str
    """For addresses; ``locate`` finds exactly this spot by it: "Frankfurt am Main", "D-60313", "50.11,8.68"."""
    is_approximate: bool = False


@dataclass(frozen=True)
class Located:
    """At most one of ``spot``, ``choices`` and ``suggestions`` is filled."""

    spot: Spot | None = None
    """Found, without doubt."""
    choices: tuple[Spot, ...] = ()
    """The visitor must choose between these, the biggest first."""
    others: tuple[Spot, ...] = ()
    """They share the name of ``spot``, which is far bigger."""
    suggestions: tuple[Spot, ...] = ()
    """Nothing was found; these are spelt alike, the likeliest first."""


def spot_of(place: Place) -> Spot:
    return Spot(place.latitude, place.longitude, place.label, place.label)
