"""kill -9 of the worker and of PostgreSQL in the middle of 200 publications leaves each article old or new, whole."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from directory.embedded_postgres import Cluster
from directory.embedded_postgres.process import PidFile
from tests.directory.publish_all import ARTICLES

ROOT = Path(__file__).resolve().parents[2]
STATES = """
    SELECT live.title, live.status, other.title, other.status
    FROM conditions_article
    JOIN conditions_revision live ON live.id = live_id
    JOIN conditions_revision other ON other.article_id = conditions_article.id AND other.id <> live_id
"""
OLD = ("old", "published", "new", "approved")
NEW = ("new", "published", "old", "archived")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that root's server account can enter, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="crash-"))
    path.chmod(0o711)
    yield path / "postgres"
    Cluster(path / "postgres").destroy()
    shutil.rmtree(path)


def run(url: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DATABASE_URL": url, "DEVELOPMENT": "1", "PYTHONPATH": str(ROOT)}
    # What a killed server's client complains of is not the test's.
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def said(worker: subprocess.Popen[str]) -> set[str]:
    """Wait for the end; the lines it had told."""
    return {line.strip() for line in worker.communicate(timeout=120)[0].splitlines()}


def states(url: str) -> Counter[tuple[str, ...]]:
    with psycopg.connect(url) as connection:
        return Counter(connection.execute(STATES).fetchall())


def kill_the_worker(worker: subprocess.Popen[str], _cluster: Cluster) -> None:
    worker.kill()


def kill_postgres(_worker: subprocess.Popen[str], cluster: Cluster) -> None:
    server = PidFile.read(cluster.data)
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)


def test_killed_during_200_publications_every_article_is_wholly_old_or_new(home: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    told: set[str] = set()
    with Cluster(home) as url:
        for arguments in (["manage.py", "migrate", "--verbosity", "0"], ["tests/directory/publish_all.py", "prepare"]):
            worker = run(url, *arguments)
            said(worker)
            assert worker.returncode == 0
        assert states(url) == {OLD: ARTICLES}

    for fault in [kill_the_worker, kill_postgres] * 4:
        cluster = Cluster(home)
        worker = run(cluster.start(), "tests/directory/publish_all.py", "publish")
        assert worker.stdout is not None
        told.add(worker.stdout.readline().strip())
        time.sleep(chance.uniform(0, 0.15))
        fault(worker, cluster)
        told |= said(worker)
        cluster.stop()
        with Cluster(home) as url:
            found = states(url)

        assert found.keys() <= {OLD, NEW}
        assert found.total() == ARTICLES
        # What was told as published stays so; of each run, the last one may have been committed but not told.
        assert len(told) <= found[NEW] <= len(told) + 8

    assert 8 <= found[NEW] < ARTICLES
