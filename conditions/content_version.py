"""Reads the content version, and keeps what was worked out from one version until the next.

The version is read before what hangs on it: then a cache can hold something newer than its version says, which the
next version throws away, but never anything older.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Generic, TypeVar

from django.db import connection

Value = TypeVar("Value")

# The setting is made by the triggers: the transaction that has changed something and not ended yet.
READ = """
    SELECT number, forgotten, coalesce(current_setting('directory.changing', true), '') <> ''
    FROM conditions_contentversion
"""
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class ContentVersion:
    """``number``: microseconds since 1970; changes up to ``forgotten`` can no longer be looked up one by one."""

    number: int
    forgotten: int = 0

    @property
    def seconds(self) -> int:
        """When the content last changed, in whole seconds since 1970."""
        return self.number // MICROSECONDS


_known: ContextVar[tuple[ContentVersion | None] | None] = ContextVar("known content version", default=None)
"""The version of the request under way, in a tuple as None is a version to go by too."""


def read() -> ContentVersion | None:
    """The version this connection sees; None within a transaction that itself has changed public content.

    Such a transaction sees what no version stands for yet, so nothing must be taken from a cache or put there.
    """
    with connection.cursor() as cursor:
        cursor.execute(READ)
        row = cursor.fetchone()
    if row is None:
        # Nothing public was ever changed here. A change that is under way has made the row by the time it commits.
        return None
    number, forgotten, is_changing = row
    return None if is_changing else ContentVersion(number, forgotten)


@contextmanager
def known(version: ContentVersion | None) -> Iterator[None]:
    """Within the block ``present()`` is ``version``, which has just been read: for a request that only reads."""
    token = _known.set((version,))
    try:
        yield
    finally:
        _known.reset(token)


def present() -> ContentVersion | None:
    """The version to go by: the one the request has begun with where that is known, else read now."""
    kept = _known.get()
    return kept[0] if kept else read()


def cached(work_out: Callable[[], Value]) -> "CachedByVersion[Value]":
    """Decorator: the result of a function without arguments, kept in this process until the content changes."""
    return CachedByVersion(work_out)


class CachedByVersion(Generic[Value]):
    """A function that remembers its result for one content version."""

    def __init__(self, work_out: Callable[[], Value]) -> None:
        wraps(work_out)(self)
        self.work_out = work_out
        # One pair, replaced whole: threads may work it out twice but never mix two versions.
        self.kept: tuple[int, Value] | None = None

    def __call__(self) -> Value:
        return self.at(present())

    def at(self, version: ContentVersion | None) -> Value:
        """The result for ``version``, which the caller has just read; None bypasses what is kept."""
        if version is None:
            return self.work_out()
        kept = self.kept
        if kept is not None and kept[0] == version.number:
            return kept[1]
        value = self.work_out()
        self.kept = (version.number, value)
        return value
