"""Answers about a selection, from the facet index where this process has one, from plain SQL otherwise.

Both give the same answers; tests hold the index against SQL on random data.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from pyroaring import BitMap

from conditions import content_version
from specialists import catalogue, queries
from specialists.distance import Floats, Integers
from specialists.enums import Sort
from specialists.facets.current import current
from specialists.facets.index import FacetIndex, Filters, Vocabulary
from specialists.queries import FACETS, Counts
from specialists.selection import Circle, Selection

# Kilometres: half the way round the earth.
EVERYWHERE = 20_100


class Finder(Protocol):
    """How many there are, who they are, where, and what each option would bring."""

    def total(self, selection: Selection) -> int:
        """How many profiles the selection finds."""

    def totals(self, selections: Sequence[Selection]) -> list[int]:
        """The same for each of several."""

    def page(self, selection: Selection, sort: str, start: int, stop: int) -> list[int]:
        """The ids of the profiles at the places ``start`` … ``stop`` - 1."""

    def nearest(self, selection: Selection, latitude: float, longitude: float, most: int) -> list[int]:
        """The ids of the first ``most`` by distance, then by name; those without coordinates are left out."""

    def option_counts(self, selection: Selection, facets: Iterable[str] = FACETS) -> Counts:
        """Facet → value → how many a click on that value would show; values without any are left out."""

    def points(self, selection: Selection) -> tuple[Floats, Floats, Integers]:
        """Latitudes, longitudes and how many profiles are there, for every point with any."""

    def totals_within(self, selection: Selection, circles: Sequence[Circle]) -> list[int]:
        """How many the selection finds when its circle is replaced by each of these."""


class SqlFinder:
    """Asks PostgreSQL each time."""

    def total(self, selection: Selection) -> int:
        return queries.matching(selection).count()

    def totals(self, selections: Sequence[Selection]) -> list[int]:
        return queries.totals(selections)

    def page(self, selection: Selection, sort: str, start: int, stop: int) -> list[int]:
        ordered = queries.ordered(queries.matching(selection), sort, selection.near)
        return [profile for (profile,) in ordered.values_list("pk")[start:stop]]

    def nearest(self, selection: Selection, latitude: float, longitude: float, most: int) -> list[int]:
        found = queries.nearest(queries.matching(selection), Circle(latitude, longitude, EVERYWHERE))
        return [profile for (profile,) in found.values_list("pk")[:most]]

    def option_counts(self, selection: Selection, facets: Iterable[str] = FACETS) -> Counts:
        return queries.option_counts(selection, facets)

    def points(self, selection: Selection) -> tuple[Floats, Floats, Integers]:
        return queries.points(selection)

    def totals_within(self, selection: Selection, circles: Sequence[Circle]) -> list[int]:
        return queries.totals([replace(selection, near=circle) for circle in circles])


@dataclass
class IndexFinder:
    """Asks one state of the facet index; meant for one request."""

    index: FacetIndex
    vocabulary: Vocabulary
    # What was worked out for the last selection: a page asks for its number, its profiles and its counts.
    last: tuple[Selection, Filters, BitMap] | None = field(default=None, init=False)

    def total(self, selection: Selection) -> int:
        return len(self._matching(selection)[1])

    def totals(self, selections: Sequence[Selection]) -> list[int]:
        return [len(self.index.matching(self.index.filters(one, self.vocabulary))) for one in selections]

    def page(self, selection: Selection, sort: str, start: int, stop: int) -> list[int]:
        return self.index.page(self._matching(selection)[1], sort, selection.near, start, stop)

    def nearest(self, selection: Selection, latitude: float, longitude: float, most: int) -> list[int]:
        circle = Circle(latitude, longitude, EVERYWHERE)
        return self.index.page(self._matching(selection)[1], Sort.DISTANCE, circle, 0, most)

    def option_counts(self, selection: Selection, facets: Iterable[str] = FACETS) -> Counts:
        return self.index.option_counts(self._matching(selection)[0], self.vocabulary, facets)

    def points(self, selection: Selection) -> tuple[Floats, Floats, Integers]:
        return self.index.places.counts(self._matching(selection)[1])

    def totals_within(self, selection: Selection, circles: Sequence[Circle]) -> list[int]:
        found = self._matching(selection.anywhere())[1]
        return [found.intersection_cardinality(self.index.places.within(circle)) for circle in circles]

    def _matching(self, selection: Selection) -> tuple[Filters, BitMap]:
        if self.last is None or self.last[0] is not selection:
            filters = self.index.filters(selection, self.vocabulary)
            self.last = (selection, filters, self.index.matching(filters))
        return self.last[1], self.last[2]


def finder() -> Finder:
    """Who answers now, with all that is committed."""
    version = content_version.present()
    if version is None:
        return SqlFinder()
    index = current.at(version)
    return SqlFinder() if index is None else IndexFinder(index, catalogue.vocabulary.at(version))
