"""Two servers on the test database: what is published shows on the very next page that either of them sends."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.db import connection

from specialists.models import Clinic, Profile
from tests import factories
from tests.pages import Page

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
ROUNDS = 20

pytestmark = pytest.mark.django_db(transaction=True)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def start_server(port: int) -> subprocess.Popen[bytes]:
    """A gunicorn of its own, with one worker, on the test database."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    settings = {"DATABASE_URL": database, "DEVELOPMENT": "1", "PORT": str(port), "WEB_WORKERS": "1"}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:directory.gunicorn", "directory.wsgi"]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings, "BIND_ADDRESS": "127.0.0.1"})


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(PATIENCE)


def page_of(port: int, path: str = "/en/specialists/") -> str:
    """The words of a page."""
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as response:
        return Page(response.read().decode()).text


@pytest.fixture
def servers() -> Iterator[tuple[int, ...]]:
    """The ports of two servers that answer."""
    factories.make_clinic("Always There")
    with ExitStack() as running:
        ports = free_port(), free_port()
        for port in ports:
            running.callback(stop, start_server(port))
        until = time.monotonic() + PATIENCE
        for port in ports:
            while not answers(port):
                assert time.monotonic() < until
                time.sleep(0.05)
        yield ports


def answers(port: int) -> bool:
    try:
        return bool(page_of(port, "/healthz"))
    except (URLError, ConnectionError):
        return False


def test_every_change_shows_on_the_very_next_page_of_every_worker(servers):
    clinic = factories.make_clinic("Name 0", status="draft")
    for port in servers:
        assert "1 specialist found" in page_of(port)

    for turn in range(1, ROUNDS + 1):
        clinic.display_name, clinic.status = f"Name {turn}", "published" if turn % 3 else "hidden"
        clinic.save()
        pages = [page_of(port) for port in servers]

        for page in pages:
            assert (f"Name {turn} " in f"{page} ") is bool(turn % 3)
            assert f"Name {turn - 1} " not in f"{page} "
            assert ("2 specialists found" if turn % 3 else "1 specialist found") in page

    Clinic.objects.filter(pk=clinic.pk).delete()
    for port in servers:
        assert "1 specialist found" in page_of(port)
    Profile.objects.update(status="hidden")
    for port in servers:
        assert "0 specialists found" in page_of(port)
