"""Loads one synthetic population into an empty database: all of it, or nothing; then what is derived from it."""

import time
from datetime import date

from django.db import connection, models, transaction

from bench.scale import bulk
from bench.scale.places import load_places
from bench.scale.profiles import draw_population
from bench.scale.tables import tables
from bench.scale.vocabulary import create_terms
from conditions.models import Condition, Specialty, Treatment
from specialists import spelling
from specialists.facets import build, store
from specialists.models import Affiliation, Clinic, Location, Physician, Profile, SavedIndex, TreatmentOffer

FILLED: list[type[models.Model]] = [
    Profile,
    Clinic,
    Physician,
    Location,
    Affiliation,
    Profile.specialties.through,
    Profile.conditions.through,
    TreatmentOffer,
]
VOCABULARY: list[type[models.Model]] = [Specialty, Treatment, Condition]


class NotEmptyError(Exception):
    """The database holds something already; the message says what."""


class Progress:
    """Tells each step with the seconds it took and those since the beginning."""

    def __init__(self, say: bulk.Say) -> None:
        self.say = say
        self._began = self._last = time.perf_counter()

    def done(self, what: str, rows: int | None = None) -> None:
        now = time.perf_counter()
        counted = "" if rows is None else f"{rows:,}"
        self.say(f"  {what:<46}{counted:>12}{now - self._last:>8.1f} s{now - self._began:>8.1f} s")
        self._last = now


def load(count: int, seed: int, today: date, say: bulk.Say) -> None:
    """Load ``count`` profiles, all made up: the same for the same seed and day. Raises NotEmptyError."""
    demand_empty()
    progress = Progress(say)
    places = load_places()
    population = draw_population(count, seed, today, places)
    progress.done("drawn", count)
    with transaction.atomic():
        keys = create_terms()
        progress.done("specialties, treatments, conditions", keys.count)
        with bulk.without_triggers(connection, say):
            bulk.empty(connection, FILLED)
            with bulk.without_indexes(connection, FILLED, progress.done):
                for table in tables(population, keys, places, today):
                    bulk.write(connection, table)
                    progress.done(table.model._meta.db_table, table.rows)
        bulk.settle(connection, FILLED)
        progress.done("statistics")
    finish(progress)
    progress.done("finished")


def profile_count() -> int:
    return Profile.objects.count()


def demand_empty() -> None:
    for model in [*VOCABULARY, *FILLED[:1]]:
        if model._default_manager.exists():
            raise NotEmptyError(f"There are {model._meta.verbose_name_plural} already.")


def finish(progress: Progress) -> None:
    """Make what is derived from the rows and kept beside them; doing so again does no harm.

    After the load is committed, as only then it has a content version, for which the index is saved.
    """
    spelling.refresh()
    progress.done("words for spelling")
    index = build.build()
    store.save(index)
    progress.done("facet index", len(index.published))


def is_finished() -> bool:
    """Whether the facet index was saved; a load that was interrupted before is completed by ``finish``."""
    return SavedIndex.objects.exists()
