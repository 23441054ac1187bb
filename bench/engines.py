"""Part "engines": the facet index beside plain SQL and tantivy, all answering the same selections.

Each answer is what a list page needs: how many there are, the ids of the first page, the count of every option of every
facet. The answers must be the same; when they are not, nothing is measured.
"""

import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import connection

from bench import workload
from bench.rivals import Tantivy
from bench.timing import load_average, medians, spread, timed
from specialists import catalogue
from specialists.enums import Sort
from specialists.facets import build, store
from specialists.facets.index import FacetIndex, Vocabulary
from specialists.finding import Finder, IndexFinder, SqlFinder
from specialists.listing import PAGE_SIZE
from specialists.queries import Counts
from specialists.selection import Selection

SELECTIONS, ROUNDS = 500, 3
# SQL takes seconds for each of a million profiles: it answers a sample, once.
SQL_WORK, LEAST_SQL, SQL_SECONDS = 6_000_000, 25, 240.0
SELECTIVE, BROAD, MANY = 1_000, 100_000, 10**12

# (how many, the first page, the counts)
Answer = tuple[int, list[int], Counts]
Engine = Callable[[Selection], Answer]
INDEX, TANTIVY, SQL = "facet index", "tantivy", "plain SQL"


class DisagreementError(Exception):
    """Two engines gave different answers; the message says to what."""


def measure(count: int = SELECTIONS) -> dict[str, Any]:
    """Milliseconds of each engine, over all selections and by how many they find."""
    index, vocabulary = the_index(), catalogue.vocabulary()
    print("  putting the profiles into tantivy …", flush=True)
    seconds, rival = timed(lambda: Tantivy(index, vocabulary))
    try:
        megabytes = rival.megabytes
        selections = workload.selections(count)
        quick = {INDEX: of_index(index, vocabulary), TANTIVY: of_tantivy(rival)}
        print(f"  asking {len(selections)} selections …", flush=True)
        totals, times = compared(quick, selections, ROUNDS)
        print({e: {k: round(v, 1) for k, v in f.items()} for e, f in summary(totals, times)["all"].items()}, flush=True)
        sample = selections[:: max(1, len(selections) // sample_size(len(index.published), len(selections)))]
        print(f"  asking {len(sample)} of them in SQL too …", flush=True)
        give_memory()
        sample_totals, sample_times = compared({**quick, SQL: of(SqlFinder())}, sample, 1, SQL_SECONDS)
    finally:
        rival.close()
    return {
        "profiles": len(index.published),
        "tantivy": {"build s": seconds, "megabytes": megabytes},
        "all": summary(totals, times),
        "sample": summary(sample_totals, sample_times),
        "load": load_average(),
    }


def give_memory() -> None:
    """With the usual 4 MB, PostgreSQL compares each profile with every row of a large subquery: that takes hours."""
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'")


def sample_size(profiles: int, selections: int) -> int:
    return min(selections, max(LEAST_SQL, SQL_WORK // max(profiles, 1)))


def the_index() -> FacetIndex:
    """The saved one, else a new one."""
    return store.load() or build.build()


def of(finder: Finder) -> Engine:
    def ask(selection: Selection) -> Answer:
        return finder.total(selection), finder.page(selection, Sort.NAME, 0, PAGE_SIZE), finder.option_counts(selection)

    return ask


def of_index(index: FacetIndex, vocabulary: Vocabulary) -> Engine:
    """With a new finder for each answer, as each request has one."""

    def ask(selection: Selection) -> Answer:
        return of(IndexFinder(index, vocabulary))(selection)

    return ask


def of_tantivy(rival: Tantivy) -> Engine:
    return lambda selection: (*rival.total_and_page(selection, PAGE_SIZE), rival.option_counts(selection))


def compared(
    engines: dict[str, Engine], selections: Sequence[Selection], rounds: int, budget: float = math.inf
) -> tuple[list[int], dict[str, list[float]]]:
    """(How many each selection finds, engine → seconds of each answer, the median of the rounds).

    The engines take turns with each selection. After ``budget`` seconds a single round ends with what was answered.
    Raises DisagreementError.
    """
    totals = []
    deadline = time.monotonic() + budget
    times: dict[str, list[list[float]]] = {name: [[] for _ in range(rounds)] for name in engines}
    for number in range(rounds):
        for selection in selections:
            if time.monotonic() > deadline:
                break
            answers = {}
            for name, engine in engines.items():
                seconds, answers[name] = timed(partial(engine, selection))
                times[name][number].append(seconds)
            demand_same(selection, answers)
            if number == 0:
                totals.append(answers[INDEX][0])
    return totals, {name: medians(found) for name, found in times.items()}


def demand_same(selection: Selection, answers: dict[str, Answer]) -> None:
    expected = answers[INDEX]
    for name, answer in answers.items():
        for what, ours, theirs in zip(("total", "first page", "counts"), expected, answer, strict=True):
            if ours != theirs:
                raise DisagreementError(
                    f"The {what} of {name} differs from ours for {selection}: {theirs}, not {ours}."
                )


def summary(totals: Sequence[int], times: dict[str, list[float]]) -> dict[str, Any]:
    """Bucket → engine → milliseconds; buckets that nothing fell into are left out."""
    buckets = {"all": (0, MANY), "selective": (0, SELECTIVE), "medium": (SELECTIVE, BROAD), "broad": (BROAD, MANY)}
    return {
        bucket: {name: spread([found[place] for place in chosen]) for name, found in times.items()}
        for bucket, (least, most) in buckets.items()
        if (chosen := [place for place, total in enumerate(totals) if least <= total < most])
    }
