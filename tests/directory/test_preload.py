"""What a server loads before it forks: the facet index, or nothing when there is no database yet."""

import gc
import logging

import pytest
from django.db import OperationalError, connection

from conditions import content_version
from directory import preload
from specialists.facets import current as holder
from specialists.facets.current import Current
from tests import factories


@pytest.fixture
def current(monkeypatch):
    """What a process has that was just started."""
    fresh = Current()
    monkeypatch.setattr(holder, "current", fresh)
    # What pytest has in memory is not to be kept for ever.
    monkeypatch.setattr(gc, "freeze", lambda: None)
    return fresh


@pytest.mark.django_db(transaction=True)
def test_preload_has_the_index_in_memory_and_leaves_no_connection(current):
    factories.make_clinic()

    preload.preload()

    assert connection.connection is None
    assert current.index is not None
    assert current.index.version == content_version.read().number
    assert len(current.index.published) == 1


@pytest.mark.django_db(transaction=True)
def test_preload_of_a_directory_without_content_has_nothing(current, monkeypatch):
    monkeypatch.setattr(content_version, "read", lambda: None)

    preload.preload()

    assert current.index is None


def test_preload_without_a_database_warns_and_goes_on(current, monkeypatch, caplog):
    def fail() -> None:
        raise OperationalError("no such host")

    frozen: list[bool] = []
    monkeypatch.setattr(content_version, "read", fail)
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))

    with caplog.at_level(logging.WARNING):
        preload.preload()

    assert current.index is None
    assert [record.getMessage() for record in caplog.records] == [
        "The facet index is not loaded before the start: no such host"
    ]
    assert frozen == [True]
