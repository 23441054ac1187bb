"""Measuring: engines that are compared agree, the load generator counts right, the report says what was measured."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import transaction

from bench import engines, load, plot, report, timing, workload
from bench.engines import INDEX, SQL, TANTIVY, DisagreementError
from bench.rivals import Tantivy
from bench.scale.load import load as load_profiles
from specialists import catalogue
from specialists.facets import store
from specialists.facets.index import FacetIndex
from specialists.finding import SqlFinder
from specialists.models import Profile

PROFILES, SELECTIONS = 2_000, 60
BODY = b"a" * 300_000


@pytest.fixture(scope="module")
def index(django_db_setup: None, django_db_blocker: Any) -> Iterator[FacetIndex]:
    """Of made-up profiles that are there for all tests of the module; as the load has saved it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_profiles(PROFILES, seed=1, today=date(2026, 3, 1), say=lambda _line: None)
        saved = store.load()
        assert saved is not None
        yield saved
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def found(index: FacetIndex) -> dict[str, Any]:
    """Totals and times of all engines; made only when they agree."""
    selections = workload.selections(SELECTIONS)
    vocabulary = catalogue.vocabulary()
    with closing(Tantivy(index, vocabulary)) as rival:
        asked = {
            INDEX: engines.of_index(index, vocabulary),
            TANTIVY: engines.of_tantivy(rival),
            SQL: engines.of(SqlFinder()),
        }
        totals, times = engines.compared(asked, selections, rounds=1)
    return {"selections": selections, "totals": totals, "times": times}


@pytest.mark.django_db
def test_engines_agree_on_selections_of_every_sort(found: dict[str, Any]) -> None:
    selections, totals = found["selections"], found["totals"]

    assert len(totals) == SELECTIONS
    everybody = Profile.objects.published().count()
    assert [total for total, asked in zip(totals, selections, strict=True) if asked.is_empty] == [everybody]
    assert any(total for total, asked in zip(totals, selections, strict=True) if asked.near)
    assert any(total for total, asked in zip(totals, selections, strict=True) if asked.text)
    assert {name: len(times) for name, times in found["times"].items()} == {INDEX: 60, TANTIVY: 60, SQL: 60}


@pytest.mark.django_db
def test_engines_that_disagree_stop_the_comparison(index: FacetIndex) -> None:
    ours = engines.of_index(index, catalogue.vocabulary())
    wrong = {INDEX: ours, "wrong": lambda asked: (ours(asked)[0] + 1, *ours(asked)[1:])}

    with pytest.raises(DisagreementError, match="The total of wrong differs"):
        engines.compared(wrong, workload.selections(1), rounds=1)


@pytest.mark.django_db
def test_tantivy_leaves_no_files(index: FacetIndex) -> None:
    with closing(Tantivy(index, catalogue.vocabulary())) as rival:
        assert rival.megabytes > 0

    with pytest.raises(FileNotFoundError):
        _ = rival.megabytes


class Answers(BaseHTTPRequestHandler):
    """/missing is 404, everything else the same body; keeps connections open, and count of what was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_arguments: object) -> None:
        """Not to the terminal."""


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    """(Port, the paths asked for so far)."""
    asked: list[str] = []
    made = ThreadingHTTPServer(("127.0.0.1", 0), type("Noting", (Answers,), {"asked": asked}))
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made.server_address[1], asked
    made.shutdown()
    thread.join()
    made.server_close()


def connections(port: int, count: int) -> list[socket.socket]:
    return [load.connected(port) for _ in range(count)]


def test_load_sends_each_request_in_turn_until_the_count(server: tuple[int, list[str]]) -> None:
    port, asked = server

    outcome = load.run(connections(port, 1), [load.request("/a"), load.request("/b")], count=5)

    assert asked == ["/a", "/b", "/a", "/b", "/a"]
    assert len(outcome.latencies) == 5
    assert outcome.size > len(BODY)
    assert outcome.rate == 5 / outcome.seconds


def test_load_counts_every_response_of_all_connections(server: tuple[int, list[str]]) -> None:
    port, asked = server

    outcome = load.run(connections(port, 3), [load.request("/")], seconds=0.2)

    assert len(outcome.latencies) == len(asked)
    assert len(asked) > 3
    assert sum(outcome.latencies) <= 3 * outcome.seconds


def test_load_closes_its_connections(server: tuple[int, list[str]]) -> None:
    port, _asked = server
    opened = connections(port, 2)

    load.run(opened, [load.request("/")], count=2)

    assert [connection.fileno() for connection in opened] == [-1, -1]


def test_load_refuses_another_status(server: tuple[int, list[str]]) -> None:
    port, _asked = server

    with pytest.raises(load.LoadError, match=r"Expected HTTP/1\.1 200, got .*404"):
        load.run(connections(port, 1), [load.request("/"), load.request("/missing")], count=2)


def test_fetch_gives_headers_and_body(server: tuple[int, list[str]]) -> None:
    port, _asked = server

    headers, body = load.fetch(port, "/")

    assert headers["content-length"] == "300000"
    assert body == BODY


def test_spread_takes_values_that_were_measured() -> None:
    spread = timing.spread([number / 1000 for number in range(1, 101)])

    assert spread == {"n": 100, "p50": 50, "p95": 95, "p99": 99, "max": 100}


@pytest.mark.django_db
def test_paths_differ_and_come_again_with_the_same_seed() -> None:
    for paths in (workload.list_paths, workload.suggest_paths, workload.search_paths):
        assert len(set(paths(40))) == len(paths(40))
        assert paths(40) == paths(40)
        assert paths(40) != paths(40, seed=1)


MILLISECONDS = {"n": 3, "p50": 1.0, "p95": 2.0, "p99": 20.0, "max": 30.0}
RESULTS: dict[str, Any] = {
    "count": 1000,
    "machine": {"processor": "some, 2 cores"},
    "load": 0.5,
    "engines": {
        "profiles": 970,
        "tantivy": {"build s": 1.0, "megabytes": 2.0},
        "all": {"all": {INDEX: MILLISECONDS, TANTIVY: {**MILLISECONDS, "p95": 222.0}}},
        "sample": {"all": {INDEX: MILLISECONDS, SQL: {**MILLISECONDS, "p95": 4444.4}}},
        "load": 1.1,
    },
    "growth": [
        {
            "profiles": 970,
            "answers": MILLISECONDS,
            "build s": 1,
            "save s": 2,
            "load s": 3,
            "saved MB": 4,
            "memory MB": 5,
            "load": 1.2,
        }
    ],
    "ten_million": {"profiles": 9_700_000, "answers": MILLISECONDS, "saved MB": 700.0, "load": 1.3},
    "site": {
        "workers": 2,
        "connections": 8,
        "list": {**MILLISECONDS, "p95": 61.0},
        "suggest": MILLISECONDS,
        "search": MILLISECONDS,
        "list rate": {"rate": 40.0, "a core": 20.0, "worker ms": 30.0},
        "megabytes": [101.0, 90.0],
        "pages": {
            "from the page cache": {"rate": 3000.0, "worker ms": 0.6, "bytes": 14_000},
            "a bare Django view, same bytes": {"rate": 4000.0, "worker ms": 0.4, "bytes": 14_000},
        },
        "load": 1.4,
    },
    "edits": {
        "saving": {"with": MILLISECONDS, "without": MILLISECONDS},
        "added": MILLISECONDS,
        "first answers": MILLISECONDS,
        "current": 3,
        "load": 1.5,
    },
}


def test_report_says_which_targets_are_met() -> None:
    lines = report.text(RESULTS).splitlines()

    assert "| Whole list, not from a cache, p95, ms | ≤ 60.0 | 61.0 | **no** |" in lines
    assert "| Condition page from the cache, a second | ≥ 2,500 | 3,000 | yes |" in lines
    assert "| Memory of the largest worker after all lists, MB (PSS) | ≤ 100 | 101 | **no** |" in lines


def test_report_has_every_part_side_by_side() -> None:
    lines = report.text(RESULTS).splitlines()

    assert "| facet index | all | 3 | 1.00 | 2.00 | 20.0 | 30.0 |" in lines
    assert "| tantivy | all | 3 | 1.00 | 222 | 20.0 | 30.0 |" in lines
    assert "| plain SQL | sample | 3 | 1.00 | 4,444 | 20.0 | 30.0 |" in lines
    assert "| 9,700,000 | 1.00 | 2.00 |  |  |  | 700 |  |" in lines
    assert "| from the page cache | 3,000 | 0.75 × | 0.60 | 14,000 |" in lines
    assert "3 of 3 first answers showed the change. Load average at the end: 1.5." in lines
    assert "- processor: some, 2 cores" in lines


def test_report_of_one_part_leaves_out_the_others() -> None:
    found = report.text({name: RESULTS[name] for name in ("machine", "load", "edits")})

    assert [line for line in found.splitlines() if line.startswith("## ")] == [
        "## Targets",
        "## Edits",
        "## Measured on",
    ]


def test_plot_is_the_same_for_the_same_figures(tmp_path) -> None:
    plot.draw(RESULTS, tmp_path / "one.svg")
    plot.draw(RESULTS, tmp_path / "two.svg")

    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert b"List and all counts, 970 profiles" in (tmp_path / "one.svg").read_bytes()
