"""What the page cache keeps of what it is given, and for how long."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from conditions import content_version
from conditions.content_version import ContentVersion
from directory import page_cache
from directory.page_cache import OVERHEAD, Page, PageCacheMiddleware, Pages
from tests.conditions.races import on_own_connection
from tests.directory.conftest import SmallSite

committed = pytest.mark.django_db(transaction=True)
LIST = "/en/specialists/"


def page(size: int) -> Page:
    return Page(b"x" * (size - OVERHEAD), {})


def key(path: str) -> page_cache.Key:
    return ("testserver", False, path, False)


def test_pages_longest_unused_are_forgotten_first():
    pages = Pages(3 * 5_000)
    for path in "abc":
        pages.put(1, key(path), page(5_000))
    pages.get(1, key("a"))

    pages.put(1, key("d"), page(5_000))

    assert [path for path in "abcd" if pages.get(1, key(path))] == ["a", "c", "d"]
    assert pages.kept.currsize <= pages.kept.maxsize


def test_page_larger_than_all_space_is_not_kept():
    pages = Pages(5_000)
    pages.put(1, key("a"), page(4_000))

    pages.put(1, key("b"), page(5_001))

    assert (pages.get(1, key("a")), pages.get(1, key("b"))) == (page(4_000), None)


def test_pages_of_another_version_are_not_given():
    pages = Pages(50_000)
    pages.put(2, key("a"), page(5_000))

    assert pages.get(1, key("a")) is None
    assert pages.get(3, key("a")) is None
    assert pages.get(2, key("a")) == page(5_000)


def test_new_version_forgets_the_old_pages():
    pages = Pages(50_000)
    pages.put(1, key("a"), page(5_000))

    pages.put(2, key("b"), page(5_000))

    assert list(pages.kept) == [key("b")]


def test_page_of_an_old_version_that_comes_late_is_not_kept():
    pages = Pages(50_000)
    pages.put(2, key("a"), page(5_000))

    pages.put(1, key("b"), page(5_000))

    assert list(pages.kept) == [key("a")]


@committed
def test_page_rendered_while_the_content_changed_is_not_given_later(small_site: SmallSite, client, monkeypatch):
    """The slow request has begun before the change; what it rendered must not outlive it."""
    put = Pages.put

    def slow(self: Pages, version: int, key: page_cache.Key, kept: Page) -> None:
        monkeypatch.setattr(Pages, "put", put)
        small_site.clinic.display_name = "Renamed meanwhile"
        small_site.clinic.save()
        put(self, version, key, kept)

    monkeypatch.setattr(Pages, "put", slow)
    assert "Renamed meanwhile" not in client.get(LIST).content.decode()

    assert "Renamed meanwhile" in client.get(LIST).content.decode()


@committed
def test_connection_that_was_lost_is_replaced(small_site: SmallSite, client):
    client.get(LIST)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    elsewhere(lambda: end(backend))

    assert client.get(LIST).status_code == 200


def end(backend: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


def elsewhere(action: Callable[[], Any]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(on_own_connection, action).result()


@committed
def test_no_megabytes_keep_nothing(small_site: SmallSite, settings: Settings):
    settings.PAGE_CACHE_MEGABYTES = 0
    client = Client()

    response = client.get(LIST)

    assert response.status_code == 200
    assert not {"ETag", "Last-Modified", "Cache-Control"} & set(response.headers)
    assert client.get(LIST, headers={"If-None-Match": "*"}).status_code == 200


def answer(**headers: str) -> HttpResponse:
    return HttpResponse("a page", headers=headers)


def with_cookie() -> HttpResponse:
    response = answer()
    response.set_cookie("theme", "dark")
    return response


@pytest.mark.parametrize(
    ("response", "is_kept"),
    [
        (answer(), True),
        (answer(**{"Cache-Control": "no-store"}), False),
        (answer(**{"Cache-Control": "public, max-age=9"}), False),
        (with_cookie(), False),
        (HttpResponse("gone", status=410), False),
        (HttpResponse(status=204), False),
    ],
)
def test_only_plain_answers_are_kept(monkeypatch, response, is_kept):
    monkeypatch.setattr(content_version, "read", lambda: ContentVersion(5_000_000))
    middleware = PageCacheMiddleware(lambda _request: response)
    before = dict(response.headers)

    sent = middleware(RequestFactory().get("/en/any/"))

    assert sent is response
    assert bool(middleware.pages.kept) is is_kept
    assert (dict(sent.headers) != before) is is_kept


def test_kept_page_is_a_response_of_its_own(monkeypatch):
    monkeypatch.setattr(content_version, "read", lambda: ContentVersion(5_000_000))
    middleware = PageCacheMiddleware(lambda _request: answer())
    request = RequestFactory().get("/en/any/")
    middleware(request)

    middleware(request)["X-Spoilt"] = "yes"

    assert "X-Spoilt" not in middleware(request)


@pytest.mark.parametrize("path", ["/fr/any/", "/england/", "/en", "/static/css/base.css", "/admin/en/"])
def test_pages_without_a_language_of_the_site_are_passed_on(monkeypatch, path):
    monkeypatch.setattr(content_version, "read", lambda: pytest.fail("read"))
    response = answer()

    assert PageCacheMiddleware(lambda _request: response)(RequestFactory().get(path)) is response
    assert dict(response.headers) == dict(answer().headers)


def test_before_anything_was_published_nothing_is_kept(monkeypatch):
    monkeypatch.setattr(content_version, "read", lambda: None)
    middleware = PageCacheMiddleware(lambda _request: answer())

    assert "ETag" not in middleware(RequestFactory().get("/en/"))
    assert list(middleware.pages.kept) == []
