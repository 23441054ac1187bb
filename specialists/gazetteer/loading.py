"""Writes the places, their spellings and the postcodes into their tables: all of it or nothing, and only when due.

Rows are replaced by DELETE, not TRUNCATE, so that visitors go on finding places meanwhile.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from specialists.enums import Country
from specialists.gazetteer import sources
from specialists.gazetteer.labels import Labels
from specialists.gazetteer.postcodes import OwnTable, german_codes, own_entries
from specialists.gazetteer.sources import City
from specialists.gazetteer.spellings import spellings
from specialists.models import Place, PlaceData, PlaceName, Postcode

Say = Callable[[str], object]
Keys = dict[int, dict[str, bool]]


def load(say: Say, *, force: bool = False) -> bool:
    """Load what the packages and our own tables hold; whether anything was written.

    ``say`` is told of the progress. Raise FileNotFoundError when a package is missing.
    """
    fingerprint = sources.fingerprint()
    with transaction.atomic():
        _wait_for_other_loads()
        if not force and PlaceData.objects.filter(fingerprint=fingerprint).exists():
            say("Places are up to date.")
            return False
        _load(say)
        PlaceData.objects.all().delete()
        PlaceData.objects.create(fingerprint=fingerprint)
    _refresh_statistics()
    return True


def _wait_for_other_loads() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {_table(PlaceData)} IN EXCLUSIVE MODE")


def _load(say: Say) -> None:
    say(f"Reading places ({', '.join(Country.values)}) …")
    cities = list(sources.read_cities(sources.cities_file(), frozenset(Country.values)))
    keys = {city.geoname_id: spellings(city) for city in cities}
    names = _replace_places(cities, keys)
    say(f"{len(cities):,} places with {names:,} spellings.")
    say(f"{_replace_postcodes(OwnTable(cities, keys)):,} postcodes.")


def _replace_places(cities: list[City], keys: Keys) -> int:
    """The number of spellings."""
    labels = Labels(cities, keys).all()
    # Not through the ORM, which would look for what depends on each of the rows.
    for model in (PlaceName, Place):
        _empty(model)
    columns = ("geoname_id", "name", "label", "label_key", "country", "region", "latitude", "longitude", "population")
    _copy(Place, columns, (_place_row(city, labels[city.geoname_id]) for city in cities))
    # The biggest first on disk too: then the biggest that begin with a letter lie together (17 ms became 2).
    rows = [
        (city.geoname_id, key, is_main, city.population)
        for city in sorted(cities, key=lambda city: -city.population)
        for key, is_main in keys[city.geoname_id].items()
    ]
    _copy(PlaceName, ("place_id", "key", "is_main", "population"), rows)
    return len(rows)


def _place_row(city: City, label: tuple[str, str]) -> tuple[Any, ...]:
    where = (city.country, city.region, city.latitude, city.longitude)
    return (city.geoname_id, city.name, *label, *where, city.population)


def _replace_postcodes(table: OwnTable) -> int:
    """The number of postcodes written; those that somebody imported stay and come first."""
    Postcode.objects.filter(is_imported=False).delete()
    known = set(Postcode.objects.values_list("country", "code"))
    german = german_codes(sources.read_german_postcodes(sources.german_postcodes_file()))
    rows = [code for code in (*german, *table.codes(own_entries())) if (code.country, code.code) not in known]
    columns = ("country", "code", "name", "latitude", "longitude", "is_approximate", "is_imported")
    _copy(Postcode, columns, ((*row, False) for row in rows))
    return len(rows)


def _empty(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_table(model)}")  # noqa: S608


def _copy(model: type[Model], columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {_table(model)} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _refresh_statistics() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_table(model) for model in (Place, PlaceName, Postcode))}")
