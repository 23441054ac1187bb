"""The engine compared with: tantivy, a full-text engine like Lucene, with the same documents as the facet index.

Documents are put in in the order of names, each with its place in that order. What is asked is what a list page asks:
how many, the first twenty, and for each facet the options' counts without the facet's own ticks. One search gives the
counts of all facets that have no tick, and one more each of the others.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from tantivy import Occur, Query

from conditions import names
from conditions.search import Span
from specialists import distance
from specialists.facets.bitmaps import numbers_in
from specialists.facets.index import FacetIndex, Vocabulary
from specialists.facets.numbers import BLOCK, USED
from specialists.facets.words import Words
from specialists.queries import FACETS, Counts
from specialists.selection import Circle, Selection

Values = list[str] | list[int]
# More than any facet has options: the counts are exact.
OPTIONS = 10_000
HEAP_BYTES = 1_000_000_000


class Tantivy:
    """A searcher over the profiles of ``index``; everything it keeps is in one folder, deleted with ``close``."""

    def __init__(self, index: FacetIndex, vocabulary: Vocabulary) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="bench-tantivy-")
        self.places = index.places
        self.ids = index.numbering.ids
        self.schema = _schema()
        self.index = tantivy.Index(self.schema, path=self.folder.name)
        _fill(self.index, index, vocabulary)
        self.index.reload()
        self.searcher = self.index.searcher()

    def close(self) -> None:
        self.folder.cleanup()

    @property
    def megabytes(self) -> float:
        return sum(path.stat().st_size for path in Path(self.folder.name).iterdir()) / 1e6

    def total_and_page(self, selection: Selection, size: int) -> tuple[int, list[int]]:
        """(How many, the ids of the first ``size`` in the order of names)."""
        found = self.searcher.search(
            self._query(self._filters(selection)),
            limit=size,
            count=True,
            order_by_field="rank",
            order=tantivy.Order.Asc,
        )
        count: int = found.count  # type: ignore[attr-defined]  # its types leave it out
        return count, [int(self.ids[rank]) for rank, _address in found.hits]

    def option_counts(self, selection: Selection) -> Counts:
        """Facet → value → how many a click on it would show; values without any are left out."""
        filters = self._filters(selection)
        ticked = [facet for facet in FACETS if facet in filters]
        counts = self._counted(self._query(filters), [facet for facet in FACETS if facet not in ticked])
        for facet in ticked:
            others = {name: query for name, query in filters.items() if name != facet}
            counts |= self._counted(self._query(others), [facet])
        return counts

    def _counted(self, query: Query, facets: list[str]) -> Counts:
        wanted = {facet: {"terms": {"field": facet, "size": OPTIONS, "segment_size": OPTIONS}} for facet in facets}
        answer: dict[str, Any] = self.searcher.aggregate(query, wanted) if wanted else {}
        return {facet: {hit["key"]: int(hit["doc_count"]) for hit in answer[facet]["buckets"]} for facet in facets}

    def _filters(self, selection: Selection) -> dict[str, Query]:
        filters = {facet: self._any(facet, sorted(values)) for facet, values in selection.facets.items() if values}
        for place, span in enumerate(selection.parts):
            filters[f"words {place}"] = self._meant_by(span)
        if selection.near:
            filters["near"] = self._near(selection.near)
        return filters

    def _query(self, filters: dict[str, Query]) -> Query:
        if not filters:
            return Query.all_query()
        # Nothing is ranked, so nothing needs a score.
        return Query.const_score_query(Query.boolean_query([(Occur.Must, query) for query in filters.values()]), 1.0)

    def _any(self, facet: str, values: list[str]) -> Query:
        return Query.boolean_query(
            [(Occur.Should, Query.term_query(self.schema, facet, value, "basic")) for value in values]
        )

    def _meant_by(self, span: Span) -> Query:
        named = Query.boolean_query([(Occur.Must, self._having(word)) for word in span.words])
        meant = [self._any(facet, [slug]) for facet, slug in sorted(span.terms)]
        return Query.boolean_query([(Occur.Should, query) for query in (named, *meant)])

    def _having(self, word: str) -> Query:
        """In any spelling; from ``names.INFIX_LENGTH`` letters on anywhere within a word."""
        patterns = [
            f".*{re.escape(spelling)}.*" if len(spelling) >= names.INFIX_LENGTH else f"{re.escape(spelling)}.*"
            for spelling in sorted(names.spellings(word))
        ]
        found = [(Occur.Should, Query.regex_query(self.schema, "words", pattern)) for pattern in patterns]
        return Query.boolean_query(found)

    def _near(self, circle: Circle) -> Query:
        """Those at one of the points in the circle, which NumPy finds, as it does for the facet index."""
        south, north, west, east = distance.box(circle)
        start, stop = np.searchsorted(self.places.latitudes, (south, np.nextafter(north, 90.0)))
        longitudes = self.places.longitudes[start:stop]
        band = np.arange(start, stop)[(longitudes >= west) & (longitudes <= east)]
        metres = distance.to_all(
            circle.latitude, circle.longitude, self.places.latitudes[band], self.places.longitudes[band]
        )
        points = band[metres <= circle.radius * distance.METRES].tolist()
        return Query.term_set_query(self.schema, "points", points) if points else Query.empty_query()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("rank", fast=True)
    builder.add_integer_field("points", indexed=True)
    builder.add_text_field("words", tokenizer_name="raw", index_option="basic")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _fill(made: tantivy.Index, index: FacetIndex, vocabulary: Vocabulary) -> None:
    columns: dict[str, Iterator[Values]] = {facet: _slugs(index, vocabulary, facet) for facet in FACETS}
    columns["words"] = _words(index)
    columns["points"] = _points(index)
    # One thread: documents stay in order and in one segment, which one search reads fastest.
    writer = made.writer(HEAP_BYTES, num_threads=1)
    for rank, values in enumerate(zip(*columns.values(), strict=True)):
        document = tantivy.Document(rank=rank, **dict(zip(columns, values, strict=True)))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _slugs(index: FacetIndex, vocabulary: Vocabulary, facet: str) -> Iterator[Values]:
    """By rank, the values of each profile."""
    slugs = vocabulary.keys.get(facet)
    of_key = {key: slug for slug, key in slugs.items()} if slugs is not None else None
    entries = [
        (str(key) if of_key is None else of_key[key], _ranks(numbers_in(found)))  # type: ignore[index]
        for key, found in index.facets[facet].items()
        if of_key is None or key in of_key
    ]
    return _by_rank(index, [value for value, _ranks in entries], [ranks for _value, ranks in entries])


def _words(index: FacetIndex) -> Iterator[Values]:
    words: Words = index.words
    texts = words.text.decode().split("\n")[1:-1]
    return _by_rank(index, texts, np.split(_ranks(words.numbers), words.starts[1:-1]) if texts else [])


def _points(index: FacetIndex) -> Iterator[Values]:
    places = index.places
    count = len(places.latitudes)
    return _by_rank(index, list(range(count)), np.split(_ranks(places.numbers), places.starts[1:-1]) if count else [])


def _ranks(numbers: np.ndarray) -> np.ndarray:
    wide = numbers.astype(np.int64)
    return wide // BLOCK * USED + wide % BLOCK


def _by_rank(index: FacetIndex, values: list[Any], ranks: list[np.ndarray]) -> Iterator[Values]:
    """For each profile in the order of names the values that have its rank in their ``ranks``."""
    every = np.concatenate([*ranks, np.empty(0, dtype=np.int64)])
    positions = np.repeat(np.arange(len(values)), [len(some) for some in ranks])
    order = np.argsort(every, kind="stable")
    ends = np.searchsorted(every[order], np.arange(len(index.numbering.ids)), side="right").tolist()
    sorted_positions = positions[order].tolist()
    start = 0
    for end in ends:
        yield [values[position] for position in sorted_positions[start:end]]
        start = end
