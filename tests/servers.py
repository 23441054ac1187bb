"""Real servers on the test database, for what only processes of their own can show."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30.0


def get(port: int, path: str) -> str:
    """The page at ``path``. Raises HTTPError where the server answers so, other URLErrors where it does not."""
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as response:
        return str(response.read().decode())


@contextmanager
def gunicorn(workers: int = 1) -> Iterator[int]:
    """A gunicorn with the project's own configuration; its port, once it answers."""
    port = _free_port()
    server = _start(port, workers)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _start(port: int, workers: int) -> subprocess.Popen[bytes]:
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl(),
        "DEVELOPMENT": "1",
        "BIND_ADDRESS": "127.0.0.1",
        "PORT": str(port),
        "WEB_WORKERS": str(workers),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "python:directory.gunicorn", "directory.wsgi"]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while not _answers(port):
        assert time.monotonic() < until
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        return "ok" in get(port, "/healthz")
    except (URLError, ConnectionError):
        return False
