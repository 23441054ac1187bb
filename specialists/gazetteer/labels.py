"""Gives each place a label that no other has: its name alone where that is clear, else with what tells it apart.

"Berlin" and "Berlin, New Hampshire"; "Freiburg im Breisgau"; "Neustadt (Coburg), Bayern" where a state has several.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import count

import numpy as np

from conditions.names import fold
from specialists.enums import Country
from specialists.gazetteer.sources import City

# A name alone is clear when its place is so many times bigger than the next of that name; geography.py asks likewise.
CLEARLY_BIGGER = 10
# A neighbour that people will know.
KNOWN_TOWN = 20_000
# What German adds to a name to tell it apart: "Freiburg im Breisgau", "Winsen (Luhe)". In brackets other languages
# add more than that, hence the rivers and landscapes by name.
ADDITION = re.compile(
    r" (?:am|an der|an dem|auf dem|bei|im|in|in der|ob der|vor der|unter|über) [A-ZÄÖÜ][\wäöüß -]+"
    r"| \((?:Aller|Allgäu|Altmark|Baden|Eder|Eifel|Elbe|Ems|Fulda|Harz|Hessen|Holstein|Hunsrück|Lahn|Lausitz|Leine"
    r"|Luhe|Main|Mosel|Neckar|Oder|Odenwald|Ohm|Oldenburg|Pfalz|Rhön|Ruhr|Saale|Sachsen|Schwarzwald|Sieg|Spree|Taunus"
    r"|Thüringen|Unstrut|Vogtland|Weser|Westerwald|Westfalen|Wied|Wümme)\)"
)


class Labels:
    """Built once for all cities; ``keys`` holds the spellings of each, by GeoNames number."""

    def __init__(self, cities: Iterable[City], keys: dict[int, dict[str, bool]]) -> None:
        self.cities = sorted(cities, key=lambda city: (-city.population, city.geoname_id))
        self._by_key: defaultdict[str, list[tuple[City, bool]]] = defaultdict(list)
        self._biggest_beginning: dict[str, int] = {}
        for city in self.cities:
            for key, is_main in keys[city.geoname_id].items():
                self._by_key[key].append((city, is_main))
            self._add_beginnings(city)
        self._in_region = Counter((fold(city.name), city.region) for city in self.cities)
        self._neighbours = Neighbours([city for city in self.cities if self._is_clear(city)])

    def _add_beginnings(self, city: City) -> None:
        words = fold(city.name).split()
        for length in range(1, len(words)):
            self._biggest_beginning.setdefault(" ".join(words[:length]), city.population)

    def all(self) -> dict[int, tuple[str, str]]:
        """GeoNames number → label and folded label; both unique, the biggest place chooses first."""
        taken: set[str] = set()
        found = {}
        for city in self.cities:
            label, key = next((label, key) for label in self._candidates(city) if (key := fold(label)) not in taken)
            taken.add(key)
            found[city.geoname_id] = (label, key)
        return found

    def _candidates(self, city: City) -> Iterator[str]:
        if self._is_clear(city):
            yield city.name
        yield from self._with_addition(city)
        region = f", {city.region}" if city.region else f", {city.country}"
        if self._in_region[fold(city.name), city.region] == 1:
            yield city.name + region
        near = f"{city.name} ({self._neighbours.nearest(city)}){region}"
        yield near
        yield from (f"{near} {number}" for number in count(2))

    def _is_clear(self, city: City) -> bool:
        """Nobody means another place by this name: it is far bigger than all that share it, or the only one."""
        key = fold(city.name)
        if self._biggest_beginning.get(key, 0) > city.population:
            return False
        others = [(other.population, is_main) for other, is_main in self._by_key[key] if other is not city]
        # Of those whose name this is in another language, only bigger ones count: Köln, but not Kehl for Kiel.
        return all(
            0 < city.population >= population * (CLEARLY_BIGGER if is_main else 1) for population, is_main in others
        )

    def _with_addition(self, city: City) -> list[str]:
        """The longer form of the name that is this place's alone; without brackets, and with umlauts, if possible."""
        longer = [
            name
            for name in city.other_names
            if city.country != Country.US
            and name.startswith(city.name)
            and ADDITION.fullmatch(name, len(city.name))
            and all(other is city for other, _is_main in self._by_key[fold(name)])
        ]
        return sorted(longer, key=lambda name: ("(" in name, name.isascii(), len(name), name))[:1]


class Neighbours:
    """The known towns, to say which one a village lies by."""

    def __init__(self, cities: Iterable[City]) -> None:
        self._towns = [city for city in cities if city.population >= KNOWN_TOWN]
        self._latitudes = np.array([town.latitude for town in self._towns])
        self._longitudes = np.array([town.longitude for town in self._towns])

    def nearest(self, city: City) -> str:
        """The name of the nearest town with another name, on a flat earth; the region's where there is none."""
        east = (self._longitudes - city.longitude) * np.cos(np.radians(city.latitude))
        nearest_first = np.argsort(np.hypot(self._latitudes - city.latitude, east))[:2]
        names = (self._towns[index].name for index in nearest_first)
        return next((name for name in names if fold(name) != fold(city.name)), city.region)
