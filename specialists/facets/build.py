"""Builds an index of all published profiles from PostgreSQL, within one snapshot: some seconds for a million."""

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import psycopg
from django.db import connection, transaction
from django.db.models import QuerySet
from pyroaring import BitMap

from conditions import content_version
from specialists import queries
from specialists.facets.bitmaps import Numbers, bitmap, grouped, unordered
from specialists.facets.index import Days, FacetIndex, Key
from specialists.facets.numbers import Ids, Numbering, numbers_of_ranks
from specialists.facets.places import Places
from specialists.facets.words import Words
from specialists.models import Profile
from specialists.queries import FACETS

EPOCH = date(1970, 1, 1)
# No profile has it: it would be the last number of a block, and those are padding.
NO_NUMBER = np.uint32(0xFFFFFFFF)


def build() -> FacetIndex:
    """The index of what is published now. Also for a database without any profile."""
    is_own_transaction = not connection.in_atomic_block
    with transaction.atomic():
        if is_own_transaction:
            _take_snapshot()
        version = content_version.read()
        columns = Columns()
        profiles = Profile.objects.published().order_by("sort_key", "pk").values_list(*Columns.NAMES)
        for row in profiles.iterator(chunk_size=20_000):
            columns.add(row)
        numbering = Numbering.of(np.array(columns.ids, dtype=np.int64), columns.sort_keys)
        numbers = numbers_of_ranks(len(columns.ids))
        number_of = NumberOf(numbering.ids, numbers)
        facets = {name: _bitmaps(name, number_of) for name in FACETS}
        return FacetIndex(
            version.number if version else 0,
            numbering,
            bitmap(numbers),
            facets,
            columns.days(numbers),
            _places(number_of),
            columns.words(numbers),
        )


def _take_snapshot() -> None:
    """All queries of the build see the same moment, however long it takes."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


@dataclass
class Columns:
    """What is read of the profiles themselves, by rank."""

    NAMES = ("pk", "sort_key", "search_key", "verified_on")
    ids: "array[int]" = field(default_factory=lambda: array("q"))
    sort_keys: list[str] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    word_owners: "array[int]" = field(default_factory=lambda: array("q"))
    word_ranks: "array[int]" = field(default_factory=lambda: array("q"))
    verified: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: tuple[int, str, str, date | None]) -> None:
        profile, sort_key, search_key, verified_on = row
        rank = len(self.ids)
        self.ids.append(profile)
        self.sort_keys.append(sort_key)
        for word in search_key.split():
            self.word_owners.append(self.codes.setdefault(word, len(self.codes)))
            self.word_ranks.append(rank)
        if verified_on:
            self.verified[verified_on].append(rank)

    def days(self, numbers: Numbers) -> Days:
        return {(day - EPOCH).days: bitmap(numbers[ranks]) for day, ranks in self.verified.items()}

    def words(self, numbers: Numbers) -> Words:
        owners = np.array(self.word_owners, dtype=np.int64)
        starts, sorted_numbers = grouped(owners, numbers[np.array(self.word_ranks, dtype=np.int64)], len(self.codes))
        return Words.of(self.codes, starts, sorted_numbers)


class NumberOf:
    """The numbers of many ids at once, by a table of all ids: much quicker than to search for each."""

    def __init__(self, ids: Ids, numbers: Numbers) -> None:
        self.table = np.full(int(ids.max(initial=0)) + 1, NO_NUMBER, dtype=np.uint32)
        self.table[ids] = numbers

    def packed(self, ids: bytes) -> Numbers:
        """The numbers of ids as PostgreSQL packs them, eight bytes each; profiles that have none are left out."""
        numbers = self.table[np.frombuffer(ids, dtype=">i8").astype(np.int64)]
        return numbers[numbers != NO_NUMBER]


def _bitmaps(name: str, number_of: NumberOf) -> Mapping[Key, BitMap]:
    """Key → the numbers of the profiles with it."""
    rows = _packed(FACETS[name].postings(), "key")
    return {key: unordered(numbers) for key, ids in rows if len(numbers := number_of.packed(ids))}


def _packed(query_sets: Sequence[QuerySet[Any]], *columns: str) -> list[tuple[Any, ...]]:
    """Rows (value of each column …, ids of the profiles with these values, packed) of queries for (profile, columns).

    In binary, and without a Python object for each of millions of ids.
    """
    statements = [query_set.query.sql_with_params() for query_set in query_sets]
    together = " UNION ALL ".join(statement for statement, _parameters in statements)
    parameters = [parameter for _statement, given in statements for parameter in given]
    names = ", ".join(columns)
    statement = (
        f"SELECT {names}, string_agg(int8send(profile), ''::bytea) "
        f"FROM ({together}) AS posting (profile, {names}) GROUP BY {names}"
    )
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, parameters, binary=True).fetchall()


def place_queries(profiles: Sequence[int] | None = None) -> list[QuerySet[Any]]:
    """Query sets of (profile's id, latitude, longitude): a clinic's own places, a physician's through current posts.

    Of all published profiles, or of those among them with these ids.
    """
    published = queries.published(profiles).values("pk")
    return [
        rows()
        .filter(**{f"{owner}__in": published, f"{path}latitude__isnull": False})
        .order_by()
        .values_list(owner, f"{path}latitude", f"{path}longitude")
        for rows, owner, path in queries.PLACES
    ]


def _places(number_of: NumberOf) -> Places:
    rows = _packed(place_queries(), "latitude", "longitude")
    numbers = [number_of.packed(ids) for _latitude, _longitude, ids in rows]
    lengths = [len(here) for here in numbers]
    points = np.array([point for *point, _ids in rows], dtype=np.float64).reshape(-1, 2)
    return Places.of(
        np.repeat(points[:, 0], lengths),
        np.repeat(points[:, 1], lengths),
        np.concatenate([*numbers, np.empty(0, dtype=np.uint32)]),
    )
