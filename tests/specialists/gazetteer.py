"""Builds cities and places for tests, with the spellings and labels that a load would give them."""

from collections.abc import Iterable
from itertools import count

from specialists.gazetteer.labels import Labels
from specialists.gazetteer.sources import City
from specialists.gazetteer.spellings import spellings
from specialists.models import Place, PlaceName

numbers = count(1)


def make_city(name: str | tuple[str, ...], population: int = 1000, **values: object) -> City:
    """``name`` may be several main names, the local one first; ``others`` are names elsewhere."""
    names = (name,) if isinstance(name, str) else name
    others = values.pop("others", ())
    assert isinstance(others, tuple)
    defaults = {"country": "DE", "region": "Hessen", "latitude": 50.0, "longitude": 8.0}
    return City(next(numbers), names, others, population=population, **(defaults | values))  # type: ignore[arg-type]


def keys_of(cities: Iterable[City]) -> dict[int, dict[str, bool]]:
    return {city.geoname_id: spellings(city) for city in cities}


def labels_of(*cities: City) -> list[str]:
    """The labels in the order of ``cities``."""
    labels = Labels(cities, keys_of(cities)).all()
    return [labels[city.geoname_id][0] for city in cities]


def store(*cities: City) -> None:
    """Write the cities as ``load_places`` does."""
    keys = keys_of(cities)
    labels = Labels(cities, keys).all()
    for city in cities:
        label, label_key = labels[city.geoname_id]
        place = Place.objects.create(
            geoname_id=city.geoname_id,
            name=city.name,
            label=label,
            label_key=label_key,
            country=city.country,
            region=city.region,
            latitude=city.latitude,
            longitude=city.longitude,
            population=city.population,
        )
        PlaceName.objects.bulk_create(
            PlaceName(place=place, key=key, is_main=is_main, population=city.population)
            for key, is_main in keys[city.geoname_id].items()
        )
