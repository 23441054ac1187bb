import http.server
import threading
from collections.abc import Iterator

import pytest

from directory import healthcheck


class Site(http.server.BaseHTTPRequestHandler):
    """Answers what the test put into ``answer`` and keeps what it was asked."""

    answer = (200, b"ok")
    asked: list[tuple[str, str | None]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Host"]))
        status, body = self.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test's output is no place for it."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Site]]:
    handler = type("Handler", (Site,), {"asked": []})
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as server:
        monkeypatch.setenv("PORT", str(server.server_port))
        monkeypatch.setenv("ALLOWED_HOSTS", "directory.example")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield handler
        server.shutdown()
        thread.join()


def test_healthcheck_of_healthy_site_is_zero(site):
    assert healthcheck.main() == 0
    assert site.asked == [("/healthz", "directory.example")]


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (500, b"fault", "/healthz: 500 b'fault'\n"),
        (301, b"", "/healthz: 301 b''\n"),
        (200, b"another site", "/healthz: 200 b'another site'\n"),
    ],
)
def test_healthcheck_of_any_other_answer_fails(site, capsys, status, body, message):
    site.answer = (status, body)

    assert healthcheck.main() == 1
    assert capsys.readouterr().err == message


def test_healthcheck_without_site_fails(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "1")

    assert healthcheck.main() == 1
    assert capsys.readouterr().err.startswith("/healthz: ")


@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        ("directory.example,other.example", "directory.example"),
        (".directory.example", "directory.example"),
        ("*", "localhost"),
        ("", "localhost"),
    ],
)
def test_known_host_is_one_the_site_answers_to(monkeypatch, allowed, host):
    monkeypatch.setenv("ALLOWED_HOSTS", allowed)

    assert healthcheck.known_host() == host
