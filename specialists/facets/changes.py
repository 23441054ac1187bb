"""Brings an index up to date: reads which profiles changed since its version, and makes a new index with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from pyroaring import BitMap

from conditions.content_version import ContentVersion
from specialists.facets.bitmaps import EMPTY
from specialists.facets.build import EPOCH, place_queries
from specialists.facets.index import FacetIndex, Key
from specialists.facets.places import Point
from specialists.models import Profile
from specialists.queries import FACETS

# From here on an index built anew answers faster than one with so many exceptions.
MOST_LATE = 20_000
FEW = 8

SINCE = """
    SELECT DISTINCT noted.profile
    FROM specialists_profilechange AS noted JOIN conditions_contentchange AS change USING (transaction)
    WHERE change.version > %s
    LIMIT %s
"""


class TooManyChangesError(Exception):
    """The index is too old to be brought up to date: it has to be loaded or built anew."""


def up_to_date(index: FacetIndex, version: ContentVersion) -> FacetIndex:
    """The index with all that was committed up to ``version``, and perhaps more; raises TooManyChangesError."""
    if version.number == index.version:
        return index
    if version.number < index.version or index.version < version.forgotten:
        raise TooManyChangesError
    changed_ids = _changed_since(index.version)
    if len(changed_ids) + len(index.numbering.late) > MOST_LATE:
        raise TooManyChangesError
    return replace(changed(index, changed_ids), version=version.number)


def _changed_since(version: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(SINCE, [version, MOST_LATE + 1])
        profiles = [profile for (profile,) in cursor.fetchall()]
    if None in profiles:
        raise TooManyChangesError
    return profiles


@dataclass(frozen=True)
class Present:
    """What the database says now of the changed profiles: id → value; without those that are not public any more."""

    sort_keys: Mapping[int, str]
    search_keys: Mapping[int, str]
    days: Mapping[int, int]
    keys: Mapping[str, Mapping[Key, Sequence[int]]]
    points: Mapping[int, Sequence[Point]]


def changed(index: FacetIndex, profiles: Sequence[int]) -> FacetIndex:
    """The index with these profiles as the database has them now, gone if they are not public."""
    if not profiles:
        return index
    present = _read(profiles)
    before = [number for profile in profiles if (number := index.numbering.number_of(profile)) is not None]
    numbering, numbers = index.numbering.placed((key, profile) for profile, key in present.sort_keys.items())
    touched = BitMap([*before, *numbers.values()])
    return replace(
        index,
        numbering=numbering,
        published=(index.published - touched) | BitMap(numbers.values()),
        facets={
            name: _moved(bitmaps, touched, _numbered(present.keys[name], numbers))
            for name, bitmaps in index.facets.items()
        },
        days=_moved(index.days, touched, _numbered(_inverted(present.days), numbers)),
        places=index.places.changed(
            touched, {numbers[profile]: tuple(points) for profile, points in present.points.items()}
        ),
        words=index.words.changed(touched, {numbers[profile]: key for profile, key in present.search_keys.items()}),
    )


def _moved(bitmaps: Mapping[Any, BitMap], touched: BitMap, added: Mapping[Any, BitMap]) -> Mapping[Any, BitMap]:
    """The bitmaps without ``touched`` but with ``added``; those that stay the same are shared, empty ones dropped."""
    result = dict(bitmaps)
    few = list(touched) if len(touched) <= FEW else []
    for key, numbers in bitmaps.items():
        # For the few of a single edit, to ask for each is quicker than to compare whole bitmaps.
        if any(number in numbers for number in few) if few else not numbers.isdisjoint(touched):
            result[key] = numbers - touched
    for key, numbers in added.items():
        result[key] = result.get(key, EMPTY) | numbers
    return {key: numbers for key, numbers in result.items() if numbers}


def _numbered(profiles: Mapping[Any, Iterable[int]], numbers: Mapping[int, int]) -> dict[Any, BitMap]:
    return {key: BitMap([numbers[profile] for profile in had]) for key, had in profiles.items()}


def _inverted(values: Mapping[int, int]) -> dict[int, list[int]]:
    inverted: dict[int, list[int]] = defaultdict(list)
    for profile, value in values.items():
        inverted[value].append(profile)
    return inverted


def _read(profiles: Sequence[int]) -> Present:
    rows = list(
        Profile.objects.published()
        .filter(pk__in=profiles)
        .values_list("pk", "sort_key", "search_key", "verified_on")
        .order_by()
    )
    public = {row[0] for row in rows}
    return Present(
        {profile: sort_key for profile, sort_key, _search_key, _day in rows},
        {profile: search_key for profile, _sort_key, search_key, _day in rows},
        {profile: (day - EPOCH).days for profile, _sort_key, _search_key, day in rows if day},
        {name: _keys(name, public) for name in FACETS},
        _points(public),
    )


def _keys(name: str, public: set[int]) -> dict[Key, list[int]]:
    """Key → the profiles with it."""
    facet = FACETS[name]
    keys: dict[Key, list[int]] = defaultdict(list)
    for query in facet.postings(sorted(public)):
        for profile, key in query:
            keys[key].append(profile)
    return keys


def _points(public: set[int]) -> dict[int, list[Point]]:
    points: dict[int, list[Point]] = defaultdict(list)
    for query in place_queries(sorted(public)):
        for profile, latitude, longitude in query:
            points[profile].append((latitude, longitude))
    return points
