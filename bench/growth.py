"""Part "growth": what the facet index costs and how quick it is, for one number of profiles.

Each function runs in a process of its own: memory is what the process has more than before.
"""

import gc
import os
from functools import partial
from typing import Any

from django.db import connection

from bench import workload
from bench.engines import of_index
from bench.serving import proportional_megabytes
from bench.timing import load_average, medians, spread, timed
from specialists import catalogue
from specialists.facets import build, store
from specialists.models import SavedPart

SELECTIONS, ROUNDS = 500, 3
SAVED_BYTES = f"SELECT sum(octet_length(data)) FROM {SavedPart._meta.db_table}"  # noqa: S608 - a constant


def measure_build() -> dict[str, Any]:
    """Seconds to build and to save, megabytes saved."""
    built, index = timed(build.build)
    saved, _nothing = timed(partial(store.save, index))
    return {"profiles": len(index.published), "build s": built, "save s": saved, "saved MB": _saved_megabytes()}


def measure_answers() -> dict[str, Any]:
    """Seconds to load what was saved, megabytes it takes then, milliseconds of answers."""
    selections = workload.selections(SELECTIONS)
    vocabulary = catalogue.vocabulary()
    before = proportional_megabytes(os.getpid())
    loaded, index = timed(store.load)
    assert index is not None
    ask = of_index(index, vocabulary)
    rounds = [[timed(partial(ask, one))[0] for one in selections] for _ in range(ROUNDS)]
    gc.collect()
    memory = proportional_megabytes(os.getpid()) - before
    return {"load s": loaded, "memory MB": memory, "answers": spread(medians(rounds)), "load": load_average()}


def _saved_megabytes() -> float:
    with connection.cursor() as cursor:
        cursor.execute(SAVED_BYTES)
        return int(cursor.fetchone()[0]) / 1e6
