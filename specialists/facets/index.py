"""The index: a bitmap of profile numbers for each value of each facet, and exact answers from them.

An index never changes; ``changes.changed`` makes a new one that shares what stayed the same. So a request that has
begun with one gives one consistent answer, whatever is published meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import and_

from pyroaring import BitMap

from conditions.search import Span
from specialists.enums import Sort
from specialists.facets.bitmaps import union
from specialists.facets.numbers import Numbering
from specialists.facets.places import Places
from specialists.facets.words import Words
from specialists.selection import Circle, Selection

# A term's id, or the code of a column's value.
Key = int | str
Bitmaps = Mapping[Key, BitMap]
# Days since 1970 → the profiles last verified on that day.
Days = Mapping[int, BitMap]
Filters = Mapping[str, BitMap]
# Below this a set is sparse in every block and quickly intersected; above, padding makes bit fields of its blocks.
SPARSE = 2_000


@dataclass(frozen=True)
class Vocabulary:
    """How the values of addresses are called in the index: facet → slug or code → key; facets of codes are left out."""

    keys: Mapping[str, Mapping[str, int]]

    def key(self, facet: str, value: str) -> Key | None:
        """None for a slug that nothing public has."""
        slugs = self.keys.get(facet)
        return value if slugs is None else slugs.get(value)

    def values(self, facet: str, counts: Mapping[Key, int]) -> dict[str, int]:
        """Counts by key → counts by slug or code; what is not public is left out."""
        slugs = self.keys.get(facet)
        if slugs is None:
            return {str(key): found for key, found in counts.items()}
        return {slug: counts[key] for slug, key in slugs.items() if key in counts}


@dataclass(frozen=True)
class FacetIndex:
    """All published profiles as of a content version."""

    version: int
    numbering: Numbering
    published: BitMap
    facets: Mapping[str, Bitmaps]
    days: Days
    places: Places
    words: Words

    def prepare(self) -> None:
        """Work out now what else the first answers would: before a fork, so that it is there once for all workers."""
        _ = self.numbering.ranks.by_id, self.numbering.padding, self.words.begins

    def filters(self, selection: Selection, vocabulary: Vocabulary) -> Filters:
        """Each filter of the selection with the numbers that satisfy it; facets under their names."""
        filters = {
            facet: self._having(facet, values, vocabulary) for facet, values in selection.facets.items() if values
        }
        for place, span in enumerate(selection.parts):
            filters[f"words {place}"] = self._meant_by(span, vocabulary)
        if selection.near:
            filters["near"] = self.places.within(selection.near)
        return filters

    def matching(self, filters: Filters) -> BitMap:
        """The numbers that satisfy all of ``filters``."""
        return reduce(and_, filters.values(), self.published)

    def option_counts(
        self, filters: Filters, vocabulary: Vocabulary, facets: Iterable[str]
    ) -> dict[str, dict[str, int]]:
        """Facet → value → how many a click on it would show, its own facet's ticks left out; zeros are left out."""
        everything = self.matching(filters)
        counts = {}
        for facet in facets:
            others = [found for name, found in filters.items() if name != facet]
            base = reduce(and_, others, self.published) if facet in filters else everything
            counts[facet] = vocabulary.values(facet, self._counts(facet, base))
        return counts

    def page(self, found: BitMap, sort: str, near: Circle | None, start: int, stop: int) -> list[int]:
        """The ids at the places ``start`` … ``stop`` - 1 of ``found`` in that order."""
        if sort == Sort.VERIFIED:
            return self._page_by_day(found, start, stop)
        if sort == Sort.DISTANCE and near:
            return self._page_by_distance(found, near, start, stop)
        return self.numbering.page(found, start, stop)

    def _having(self, facet: str, values: Iterable[str], vocabulary: Vocabulary) -> BitMap:
        bitmaps = self.facets[facet]
        keys = (vocabulary.key(facet, value) for value in values)
        chosen = [bitmaps[key] for key in keys if key is not None and key in bitmaps]
        return chosen[0] if len(chosen) == 1 else union(chosen)

    def _meant_by(self, span: Span, vocabulary: Vocabulary) -> BitMap:
        named = reduce(and_, (self.words.having(word) for word in span.words), self.published)
        return union([named, *(self._having(facet, [slug], vocabulary) for facet, slug in span.terms)])

    def _counts(self, facet: str, base: BitMap) -> dict[Key, int]:
        if len(base) == len(self.published):
            found = {key: len(numbers) for key, numbers in self.facets[facet].items()}
        else:
            padded = base | self.numbering.padding if len(base) > SPARSE else base
            common = padded.intersection_cardinality
            found = {key: common(numbers) for key, numbers in self.facets[facet].items()}
        return {key: count for key, count in found.items() if count}

    def _page_by_day(self, found: BitMap, start: int, stop: int) -> list[int]:
        """The latest verified first, the never verified last; by name within a day."""
        page: list[int] = []
        passed = 0
        for day in sorted(self.days, reverse=True):
            if len(page) == stop - start:
                return page
            here = self.days[day]
            size = found.intersection_cardinality(here)
            if size and passed + size > start:
                page += self.numbering.page(found & here, max(start - passed, 0), stop - passed)
            passed += size
        if len(page) < stop - start:
            never = found - union(self.days.values()) if self.days else found
            page += self.numbering.page(never, max(start - passed, 0), stop - passed)
        return page

    def _page_by_distance(self, found: BitMap, near: Circle, start: int, stop: int) -> list[int]:
        """The nearest first; by name among those as far, to the metre."""
        page: list[tuple[int, int]] = []
        for far, number in self.places.nearest(found, near):
            if page and len(page) >= stop and far != page[-1][0]:
                break
            page.append((far, number))
        page.sort(key=lambda entry: (entry[0], self.numbering.place(entry[1])))
        return [self.numbering.id_of(number) for _far, number in islice(page, start, stop)]
