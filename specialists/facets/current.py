"""The index this process answers from: loaded or built once, then brought up to date before each answer.

What every answer is worth: it holds all that was committed before the question was put. While there is no index yet,
PostgreSQL answers (``specialists.finding``).
"""

import logging
import threading
import time
from contextlib import closing

from django.db import connection, connections
from django.db.utils import Error as DatabaseError

from conditions import content_version
from conditions.content_version import ContentVersion
from specialists.facets import build, changes, store
from specialists.facets.index import FacetIndex
from specialists.models import Profile

# Up to so many profiles an index is built at once, within a moment; more are loaded, or built beside the requests.
FEW = 5_000
# Any number that no other part of the project locks: one process builds, the others wait for what it saves.
ADVISORY_LOCK = 7_230_002
# Seconds between two tries to build an index.
PAUSE = 1.0

log = logging.getLogger(__name__)


class Current:
    """Holds the newest index this process has."""

    def __init__(self) -> None:
        self.index: FacetIndex | None = None
        self.lock = threading.Lock()
        self.builder: threading.Thread | None = None
        self.next_try = 0.0

    def at(self, version: ContentVersion) -> FacetIndex | None:
        """The index as of ``version``, which the caller has just read; None while there is none."""
        index = self.index
        if index is not None and index.version == version.number:
            return index
        with self.lock:
            return self._brought_up(version)

    def preload(self, version: ContentVersion) -> None:
        """Have an index before the first request, if that is quick; a server does so before it forks its workers."""
        with self.lock:
            self.index = _built_at_once() or _loaded(version)
            if self.index is not None:
                self.index.prepare()

    def wait(self) -> None:
        """Until no index is being built any more."""
        builder = self.builder
        if builder is not None:
            builder.join()

    def _brought_up(self, version: ContentVersion) -> FacetIndex | None:
        index = self.index
        if index is not None:
            if index.version > version.number:
                # Another request brought it further meanwhile; or the database was restored from an older copy.
                version = content_version.read() or version
            try:
                index = changes.up_to_date(index, version)
            except changes.TooManyChangesError:
                index = None
        if index is None:
            index = self._made_anew(version)
        self.index = index
        return index

    def _made_anew(self, version: ContentVersion) -> FacetIndex | None:
        """Loaded and brought up to date, or built; None when that takes longer than a request may."""
        index = _built_at_once() or _loaded(version)
        if index is None:
            self._build_beside()
        return index

    def _build_beside(self) -> None:
        if time.monotonic() < self.next_try:
            return
        if self.builder is None or not self.builder.is_alive():
            self.next_try = time.monotonic() + PAUSE
            self.builder = threading.Thread(target=self._build, name="facet-index", daemon=True)
            self.builder.start()

    def _build(self) -> None:
        """In a thread of its own, with a connection of its own."""
        with closing(connections["default"]):
            try:
                if not _lock():
                    return
                index = build.build()
                store.save(index)
                self.index = index
            except DatabaseError:
                # The next request tries again; until it works PostgreSQL answers, if it does.
                log.exception("The facet index could not be built.")


def _built_at_once() -> FacetIndex | None:
    """An index of few profiles; None when they are many."""
    are_few = len(Profile.objects.published().order_by().values_list("pk")[: FEW + 1]) <= FEW
    return build.build() if are_few else None


def _loaded(version: ContentVersion) -> FacetIndex | None:
    """The saved index as of ``version``; None when there is none that can be used."""
    try:
        saved = store.load()
        return saved and changes.up_to_date(saved, version)
    except store.UnusableError as error:
        log.warning("The saved facet index is not used: %s", error)
    except changes.TooManyChangesError:
        log.info("The saved facet index is too old.")
    return None


def _lock() -> bool:
    """Whether this process is the one to build; the lock ends with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        return bool(cursor.fetchone()[0])


current = Current()
