"""Postcodes: the German ones of a package, and our own table of Austrian, Swiss and Liechtenstein towns.

The table names places only; where they lie is looked up among the cities.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from conditions.names import fold
from specialists.enums import Country
from specialists.gazetteer.sources import OWN_POSTCODES, City


class Code(NamedTuple):
    """A row of ``Postcode``; coordinates in degrees, WGS 84."""

    country: str
    code: str
    name: str
    latitude: float
    longitude: float
    is_approximate: bool


class Entry(NamedTuple):
    """What our own table says about one town."""

    country: str
    region: str
    place: str
    codes: tuple[str, ...]
    beside: str = ""
    """A neighbour, for a place that the gazetteer lacks."""

    @property
    def shown(self) -> str:
        """What people read: of "Zürich, Zürich (Kreis 2) / Enge" the second half says all."""
        town, _, quarter = self.place.partition(", ")
        return quarter if quarter.startswith(town) else self.place


def german_codes(coordinates: dict[str, tuple[float, float]]) -> Iterator[Code]:
    return (
        Code(Country.DE, code, "", latitude, longitude, is_approximate=False)
        for code, (latitude, longitude) in coordinates.items()
    )


def own_entries() -> list[Entry]:
    tables = tomllib.loads(OWN_POSTCODES.read_text(encoding="utf-8"))
    return [
        _entry(country, region, place, value)
        for country, regions in tables.items()
        for region, places in regions.items()
        for place, value in places.items()
    ]


def _entry(country: str, region: str, place: str, value: Any) -> Entry:
    """``value`` is a list of codes, or a table with that list and a neighbour."""
    codes, beside = (value["codes"], value["beside"]) if isinstance(value, dict) else (value, "")
    return Entry(country, region, place, tuple(map(str, codes)), beside)


class OwnTable:
    """Finds the places of the table among ``cities``; ``keys`` holds the spellings of each, by GeoNames number."""

    def __init__(self, cities: Iterable[City], keys: dict[int, dict[str, bool]]) -> None:
        self._found: defaultdict[tuple[str, str], list[City]] = defaultdict(list)
        for city in cities:
            if city.country in (Country.AT, Country.CH, Country.LI):
                for key in keys[city.geoname_id]:
                    self._found[city.country, key].append(city)

    def codes(self, entries: Iterable[Entry]) -> Iterator[Code]:
        for entry in entries:
            if city := self.city(entry):
                is_rough = bool(entry.beside) or len(entry.codes) > 1 or not self._is_found_itself(entry, city)
                for code in entry.codes:
                    yield Code(entry.country, code, entry.shown, city.latitude, city.longitude, is_rough)

    @staticmethod
    def _is_found_itself(entry: Entry, city: City) -> bool:
        """Whether the quarter was found, not only the city around it."""
        town, _, quarter = entry.place.partition(", ")
        return not quarter or fold(city.name) != fold(town)

    def city(self, entry: Entry) -> City | None:
        """The place itself, else the quarter of that name, else the city around it; in the region that is named."""
        if entry.beside:
            return self._biggest(entry._replace(region=""), entry.beside)
        town, _, quarter = entry.place.partition(", ")
        return next(filter(None, (self._biggest(entry, name) for name in (entry.place, quarter, town))), None)

    def _biggest(self, entry: Entry, name: str) -> City | None:
        """By its own name rather than by another, then by size."""
        cities = self._found.get((entry.country, fold(name)), [])
        there = [city for city in cities if entry.region in ("", city.region) or entry.country == Country.LI]
        return max(there, key=lambda city: (fold(city.name) == fold(name), city.population), default=None)
