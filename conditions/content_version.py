"""Reads the content version, and keeps what was worked out from one version until the next.

The version is read before what hangs on it: then a cache can hold something newer than its version says, which the
next version throws away, but never anything older.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Generic, TypeVar

from django.db import connection
from django.utils.translation import get_language

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


@dataclass
class Request:
    """The version a request has begun with, and what it worked out where nothing may be kept for later requests."""

    version: ContentVersion | None
    results: dict[tuple[int, str | None], Any] = field(default_factory=dict)


_request: ContextVar[Request | None] = ContextVar("request", default=None)


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
    token = _request.set(Request(version))
    try:
        yield
    finally:
        _request.reset(token)


def present() -> ContentVersion | None:
    """The version to go by: the one the request has begun with where that is known, else read now."""
    request = _request.get()
    return request.version if request else read()


def cached(work_out: Callable[[], Value]) -> "CachedByVersion[Value]":
    """Decorator: the result of a function without arguments, kept in this process until the content changes.

    For each language apart. A request that must not keep anything works it out once for itself.
    """
    return CachedByVersion(work_out)


class CachedByVersion(Generic[Value]):
    """A function that remembers its results for one content version."""

    def __init__(self, work_out: Callable[[], Value]) -> None:
        wraps(work_out)(self)
        self.work_out = work_out
        # One pair, replaced whole: threads may work it out twice but never mix two versions.
        self.kept: tuple[int, dict[str | None, Value]] = (0, {})

    def __call__(self) -> Value:
        return self.at(present())

    def at(self, version: ContentVersion | None) -> Value:
        """The result for ``version``, which the caller has just read; None bypasses what is kept."""
        if version is None:
            return self._for_this_request()
        number, results = self.kept
        if number != version.number:
            results = {}
            self.kept = (version.number, results)
        language = get_language()
        if language not in results:
            results[language] = self.work_out()
        return results[language]

    def _for_this_request(self) -> Value:
        request = _request.get()
        if request is None:
            return self.work_out()
        key = (id(self), get_language())
        if key not in request.results:
            request.results[key] = self.work_out()
        result: Value = request.results[key]
        return result
