"""Readers press on while an editor publishes: whoever asks after a publication gets it, from every worker."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from django.db import connection

from conditions.models import Condition
from tests import factories, servers

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10
# Seconds between two publications: some requests begin and end between them, some are under way meanwhile.
PAUSE = 0.15
TITLE = re.compile(r"Text (\d+)")
NAME = re.compile(r"Specialists in Disease (\d+)")


@dataclass
class Readers:
    """One thread a server that asks for a page again and again; what each answer showed."""

    ports: list[int]
    path: str
    # (Begun at, port, number of the text, number of the name)
    answers: list[tuple[float, int, int, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def read(self, port: int) -> None:
        begun = time.monotonic()
        page = servers.get(port, self.path)
        title, name = TITLE.search(page), NAME.search(page)
        assert title is not None, page
        assert name is not None, page
        self.answers.append((begun, port, int(title[1]), int(name[1])))

    def _go_on(self, port: int) -> None:
        while not self.over.is_set():
            try:
                self.read(port)
            except (OSError, AssertionError) as error:
                self.faults.append(f"{port}: {error}")

    def __enter__(self) -> "Readers":
        self.threads = [threading.Thread(target=self._go_on, args=(port,)) for port in self.ports]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(servers.PATIENCE)


def publish(condition: Condition, number: int) -> None:
    factories.take_live(factories.make_draft(condition, title=f"Text {number}"))


def rename(condition: Condition, number: int) -> None:
    condition.name = f"Disease {number}"
    condition.save()


@pytest.fixture
def condition() -> Condition:
    condition = factories.make_condition("Disease 0")
    factories.make_clinic(conditions=[condition])
    publish(condition, 0)
    return condition


@pytest.fixture
def ports(condition: Condition) -> Iterator[list[int]]:
    """Of two servers with a worker each, and of one with two workers, which nobody can tell apart."""
    with ExitStack() as running:
        yield [running.enter_context(servers.gunicorn(workers)) for workers in (1, 1, 2)]


def test_who_asks_after_a_publication_gets_it_from_every_worker(condition: Condition, ports: list[int]) -> None:
    shared = ports[-1]
    readers = Readers([*ports, shared, shared], condition.get_absolute_url())
    committed = [(time.monotonic(), 0, 0)]

    for port in ports:
        readers.read(port)
    with readers:
        for number in range(1, ROUNDS + 1):
            text, name = (number, committed[-1][2]) if number % 2 else (committed[-1][1], number)
            if number % 2:
                publish(condition, number)
            else:
                rename(condition, number)
            assert connection.in_atomic_block is False
            committed.append((time.monotonic(), text, name))
            for port in ports:
                readers.read(port)
            time.sleep(PAUSE)

    assert readers.faults == []
    for begun, port, text, name in readers.answers:
        known = [(text, name) for moment, text, name in committed if moment <= begun]
        assert (text, name) >= known[-1], port
        assert text >= known[-1][0]
        assert name >= known[-1][1]
    # Many asked, between all publications.
    for port in ports:
        asked = {(text, name) for _begun, asked, text, name in readers.answers if asked == port}
        assert asked == {(text, name) for _moment, text, name in committed}
        assert sum(asked == port for _begun, asked, _text, _name in readers.answers) > 5 * ROUNDS
