"""Chromium for the tests here: each test gets pages of its own, and fails on whatever the browser complains about."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    WebError,
    expect,
    sync_playwright,
)
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from directory.sample import loader
from specialists import spelling

HERE = Path(__file__).parent
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP, TABLET, PHONE, SMALL_PHONE = 1280, 768, 375, 320
HEIGHT = 800
PATIENCE_MS = 15_000
OpenPage = Callable[..., Page]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run last: while Playwright runs, Django takes every other test for asynchronous code.

    Those on the sample content are the very last, so that it is loaded once for all of them.
    """
    items.sort(key=lambda item: (HERE in item.path.parents, "sample" in getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def playwright(django_db_setup: None) -> Iterator[Playwright]:
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as running:
        # Playwright's event loop makes Django refuse the database in this thread, where nothing is asynchronous.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield running
        # While the loop runs, Django keeps connections apart from those that will delete the database.
        connections.close_all()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that starts."""
    if path := os.environ.get("CHROMIUM"):
        return path
    search = subprocess.run(
        [sys.executable, str(HERE / "find_chromium.py")], capture_output=True, text=True, check=False
    )
    if search.returncode:
        pytest.fail(search.stderr, pytrace=False)
    return search.stdout.strip()


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def site(django_db_setup: None) -> Iterator[str]:
    """The address of a running server on the test database; what is in there is the test's own business."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def sample(site: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The sample content, committed so that the server sees it; loaded once for all tests of a process."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media"))):
        loader.load()
        spelling.refresh()
        with connection.cursor() as cursor:
            # Statistics gathered while the tables were empty would mislead the planner until the next ones.
            cursor.execute("ANALYZE")
        yield
        call_command("flush", interactive=False, verbosity=0)


class Complaints:
    """What a browser has to say against pages: errors, refusals of the content security policy, foreign requests."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.found: list[str] = []
        # Addresses that answer with an error status on purpose.
        self.faults: set[str] = set()

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports what the content security policy refuses as errors, too.
        is_known_fault = message.text.startswith("Failed to load resource") and message.location["url"] in self.faults
        if message.type == "error" and not is_known_fault:
            self.found.append(f"console: {message.text} ({message.location['url']})")

    def _error(self, error: WebError) -> None:
        self.found.append(f"error: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", "data:")):
            self.found.append(f"request: {request.url}")


@pytest.fixture
def complaints(site: str) -> Iterator[Complaints]:
    """Fails the test when anything was found by its end."""
    complaints = Complaints(site)
    yield complaints
    assert complaints.found == []


@pytest.fixture
def open_page(browser: Browser, site: str, complaints: Complaints) -> Iterator[OpenPage]:
    """Opens an address of the site in a new window: ``open_page("/en/", width=320, scheme="dark", scripts=False)``."""
    contexts: list[BrowserContext] = []

    def open_page(
        address: str,
        *,
        width: int = DESKTOP,
        scheme: str = "light",
        scripts: bool = True,
        status: int = 200,
        session: str = "",
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": HEIGHT},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        context.set_default_timeout(PATIENCE_MS)
        complaints.watch(context)
        if status >= 400:
            complaints.faults.add(site + address)
        page = context.new_page()
        response = page.goto(address)
        assert response is not None
        assert response.status == status
        return page

    yield open_page
    for context in contexts:
        context.close()
