"""Pages rendered once for each content version: who gets them, and when they are rendered anew."""

import gzip
import time
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.http import http_date, parse_http_date
from pytest_django import Settings

from conditions import content_version, workflow
from conditions.models import ContentVersion
from directory import page_cache
from directory.page_cache import PageCacheMiddleware
from specialists.models import Profile
from tests import factories
from tests.directory.conftest import SmallSite

# Within the transaction of an ordinary test nothing is kept, as it has changes of its own.
committed = pytest.mark.django_db(transaction=True)

CACHING = "public, max-age=0, s-maxage=1, must-revalidate"
LIST = "/en/specialists/"
KINDS = (
    "home",
    "conditions",
    "search",
    "condition",
    "treatments",
    "treatment",
    "specialties",
    "specialty",
    "list",
    "filtered list",
    "empty list",
    "list with unknown values",
    "clinic",
    "physician",
)
NEVER_KEPT = (
    "/en/search/?q=liver",
    "/en/suggest/?q=liver",
    "/en/nothing/",
    "/en/conditions/secret-condition/",
    "/en/conditions",
    "/",
    "/healthz",
    "/robots.txt",
    "/sitemap.xml",
    "/admin/login/",
)


def vary(response: Any) -> set[str]:
    return set(response["Vary"].split(", "))


@pytest.fixture
def _later(monkeypatch) -> None:
    """Long after the last change."""
    clock = SimpleNamespace(time=lambda: time.time() + 60)
    monkeypatch.setattr(page_cache, "time", clock)


# What is sent


@committed
@pytest.mark.usefixtures("_later")
def test_every_public_page_is_kept_with_its_validators(small_site: SmallSite, client, django_assert_num_queries):
    etags = set()
    assert tuple(small_site.pages) == KINDS
    for path in [*small_site.pages.values(), "/en/specialists/map/", "/en/specialists/options/condition/"]:
        first = client.get(path)

        assert first.status_code == 200, path
        assert first["Cache-Control"] == CACHING, path
        assert vary(first) == {"Accept-Encoding", "Cookie"}, path
        assert "Last-Modified" in first
        with django_assert_num_queries(1):
            again = client.get(path)
        assert again.content == first.content
        assert {**again.headers, "Content-Length": ""} == {**first.headers, "Content-Length": ""}
        etags.add(first["ETag"])
    assert len(etags) == 1


@committed
@pytest.mark.usefixtures("_later")
def test_whatever_is_no_public_page_is_never_kept(small_site: SmallSite):
    client = Client()

    for path in NEVER_KEPT:
        for headers in ({}, {"If-None-Match": "*"}, {"If-Modified-Since": http_date(9e9)}):
            for response in (client.get(path, headers=headers), client.get(path, headers=headers)):
                assert response.status_code in (200, 301, 302, 404), (path, headers)
                assert "ETag" not in response
                assert "Last-Modified" not in response
                assert "public" not in response.get("Cache-Control", "")
    assert kept_by(client) == []


def kept_by(client: Client) -> list[str]:
    """The paths of the pages that the client's site keeps: each test client is a process of its own in this."""
    step = client.handler._middleware_chain  # type: ignore[attr-defined]
    while not isinstance(step, PageCacheMiddleware):
        step = getattr(step, "__wrapped__", step)
        step = step if isinstance(step, PageCacheMiddleware) else step.get_response
    return [path for _host, _secure, path, _encoding in step.pages.kept]


@committed
def test_what_somebody_looks_for_stays_nowhere(small_site: SmallSite, client):
    for path in ("/en/search/?q=liver", "/en/suggest/?q=liver"):
        assert client.get(path)["Cache-Control"] == "private, no-store"


@committed
def test_wrong_method_is_refused_and_not_kept(small_site: SmallSite, client):
    assert client.post(LIST).status_code == 405
    assert "ETag" not in client.post(LIST)
    assert client.get(LIST).status_code == 200


# Confirmed copies


def validated(client: Client, path: str = LIST, **headers: str) -> Any:
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@committed
def test_copy_with_the_etag_is_confirmed_without_rendering(small_site: SmallSite, django_assert_num_queries):
    etag = Client().get("/en/")["ETag"]
    client = Client()

    for path in small_site.pages.values():
        with django_assert_num_queries(1):
            response = validated(client, path, If_None_Match=etag)

        assert (response.status_code, response.content) == (304, b"")
        assert (response["ETag"], response["Cache-Control"]) == (etag, CACHING)
        assert vary(response) == {"Accept-Encoding", "Cookie"}
    assert kept_by(client) == []


@committed
def test_etags_are_compared_weakly(small_site: SmallSite, client):
    etag = client.get(LIST)["ETag"]
    strong, bare = etag.removeprefix("W/"), etag[3:-1]
    good = [etag, strong, f'"other", {etag}', f'W/"other",{strong} , "more"', "*"]
    others = ['"other"', 'W/"other"', bare, "nonsense", '"', f'"{bare}x"']

    for known in [*good, *others]:
        status = 304 if known in good else 200
        assert validated(client, If_None_Match=known).status_code == status, known
        assert client.head(LIST, headers={"If-None-Match": known}).status_code == status
        # Where the page was not rendered yet.
        assert validated(Client(), If_None_Match=known).status_code == status
    assert etag != strong


@committed
@pytest.mark.usefixtures("_later")
def test_copy_of_the_date_is_confirmed(small_site: SmallSite, client):
    last = parse_http_date(client.get(LIST)["Last-Modified"])

    for seconds, status in {-1: 200, 0: 304, 1: 304, 99_999: 304}.items():
        assert validated(client, If_Modified_Since=http_date(last + seconds)).status_code == status


@committed
@pytest.mark.usefixtures("_later")
def test_date_does_not_count_beside_etags(small_site: SmallSite, client):
    last = client.get(LIST)["Last-Modified"]

    assert validated(client, If_None_Match='"other"', If_Modified_Since=last).status_code == 200


@committed
@pytest.mark.usefixtures("_later")
def test_date_that_is_none_confirms_nothing(small_site: SmallSite, client):
    for date in ("", "yesterday", "Mon, 99 Nov 2026 10:00:00 GMT", "0"):
        assert validated(client, If_Modified_Since=date).status_code == 200


@committed
def test_no_date_while_another_change_may_get_the_same(small_site: SmallSite, client, monkeypatch):
    changed = ContentVersion.objects.get().number // content_version.MICROSECONDS
    monkeypatch.setattr(page_cache, "released_at", lambda: 0)
    clock = SimpleNamespace(time=lambda: changed + 1.9)
    monkeypatch.setattr(page_cache, "time", clock)

    assert "Last-Modified" not in client.get(LIST)
    assert validated(client, If_Modified_Since=http_date(changed)).status_code == 200
    clock.time = lambda: changed + 2.0
    assert Client().get(LIST)["Last-Modified"] == http_date(changed)
    assert validated(Client(), If_Modified_Since=http_date(changed)).status_code == 304


@committed
@pytest.mark.usefixtures("_later")
def test_new_release_is_a_change(small_site: SmallSite, monkeypatch):
    before = Client().get(LIST)
    monkeypatch.setattr(page_cache, "release", lambda: "another")
    monkeypatch.setattr(page_cache, "released_at", lambda: parse_http_date(before["Last-Modified"]) + 30)

    since = validated(Client(), If_Modified_Since=before["Last-Modified"])

    assert validated(Client(), If_None_Match=before["ETag"]).status_code == 200
    assert (since.status_code, since["ETag"] != before["ETag"]) == (200, True)


# Changes


@committed
def test_any_public_change_shows_at_once(small_site: SmallSite, client):
    condition, clinic = small_site.condition, small_site.clinic
    path, seen = condition.get_absolute_url(), set()
    changes = [
        (lambda: factories.take_live(factories.make_draft(condition, title="Quite new")), "Quite new"),
        (lambda: rename(condition, "Renamed condition"), "Renamed condition"),
        (lambda: rename(clinic, "Renamed clinic"), "Renamed clinic"),
        (lambda: factories.make_clinic("Added clinic", conditions=[condition]), "Added clinic"),
        (lambda: Profile.objects.filter(status="draft").update(status="published"), "Clinic Nowhere"),
    ]
    for change, text in changes:
        before = client.get(path)
        assert text not in before.content.decode()
        change()

        after = validated(client, path, If_None_Match=before["ETag"])

        assert after.status_code == 200
        assert text in after.content.decode()
        seen |= {before["ETag"], after["ETag"]}
    assert len(seen) == len(changes) + 1


def rename(thing: Any, name: str) -> None:
    setattr(thing, "name" if hasattr(thing, "name") else "display_name", name)
    thing.save()


@committed
def test_hidden_page_is_gone_at_once(small_site: SmallSite, client):
    path = small_site.clinic.get_absolute_url()
    etag = client.get(path)["ETag"]

    Profile.objects.filter(pk=small_site.clinic.pk).update(status="hidden")

    assert validated(client, path, If_None_Match=etag).status_code == 404
    assert validated(client, path, If_None_Match="*").status_code == 404
    assert small_site.clinic.display_name not in client.get(LIST).content.decode()


@committed
def test_drafts_change_no_page(small_site: SmallSite, client, django_assert_num_queries):
    path = small_site.condition.get_absolute_url()
    before = client.get(path)

    draft = workflow.open_draft(small_site.condition.articles.get())
    draft.sections.update(heading="Not yet")
    workflow.submit(draft)
    factories.make_clinic("Draft clinic", status="draft", conditions=[small_site.condition])
    factories.make_user("somebody")

    with django_assert_num_queries(1):
        after = client.get(path)
    assert (after["ETag"], after.content) == (before["ETag"], before.content)


# Who gets kept pages


@committed
def test_who_is_signed_in_gets_pages_of_their_own(small_site: SmallSite, client):
    public = client.get(small_site.hidden_condition.get_absolute_url())
    assert public.status_code == 404
    client.force_login(User.objects.create_superuser("boss"))

    for path in (small_site.hidden_condition.get_absolute_url(), *small_site.pages.values()):
        response = client.get(path, headers={"If-None-Match": "*"})

        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")
        assert "ETag" not in response
        assert "Cookie" in vary(response)
    assert kept_by(client) == []


@committed
def test_who_is_signed_in_does_not_get_what_visitors_got(small_site: SmallSite, client, monkeypatch):
    path = small_site.pages["condition"]
    client.get(path)
    client.cookies["sessionid"] = "anything"

    assert client.get(path)["Cache-Control"] == "private, no-cache"


@committed
def test_who_is_owed_a_message_gets_a_page_of_their_own(small_site: SmallSite, client):
    client.cookies["messages"] = "anything"

    assert client.get(LIST)["Cache-Control"] == "private, no-cache"


@committed
def test_cookies_of_others_do_not_matter(small_site: SmallSite, client, django_assert_num_queries):
    client.get(LIST)
    client.cookies["theme"] = "dark"

    with django_assert_num_queries(1):
        assert client.get(LIST)["Cache-Control"] == CACHING


@committed
@pytest.mark.parametrize("accepted", list(permutations(["gzip, br", "gzip", "identity"])))
def test_pages_of_each_encoding_are_kept_apart(small_site: SmallSite, client, accepted, django_assert_num_queries):
    for encoding in accepted:
        client.get(LIST, headers={"Accept-Encoding": encoding})

    with django_assert_num_queries(3):
        smallest = client.get(LIST, headers={"Accept-Encoding": "gzip, br"})
        packed = client.get(LIST, headers={"Accept-Encoding": "gzip"})
        plain = client.get(LIST, headers={"Accept-Encoding": "identity"})

    assert (smallest["Content-Encoding"], packed["Content-Encoding"]) == ("br", "gzip")
    assert "Content-Encoding" not in plain
    assert brotli.decompress(smallest.content) == gzip.decompress(packed.content) == plain.content
    for response in (smallest, packed, plain):
        assert response["Content-Length"] == str(len(response.content))
        assert response["ETag"] == plain["ETag"]


@committed
def test_head_has_the_headers_of_the_page(small_site: SmallSite, client):
    before = client.head(LIST)
    page = client.get(LIST)

    after = client.head(LIST)

    assert before.content == after.content == b""
    assert before["ETag"] == after["ETag"] == page["ETag"]
    assert before["Content-Length"] == after["Content-Length"] == page["Content-Length"]


@committed
def test_head_first_does_not_empty_the_page(small_site: SmallSite, client):
    client.head(LIST)

    assert b"</html>" in client.get(LIST).content


@committed
def test_hosts_schemes_and_queries_are_pages_of_their_own(small_site: SmallSite, settings: Settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    client = Client()
    pages = {
        (host, secure, query): client.get(LIST + query, headers={"Host": host}, secure=secure).content.decode()
        for host in ("one.example", "two.example")
        for secure in (False, True)
        for query in ("", "?kind=clinic", "?kind=physician")
    }

    assert len(kept_by(client)) == len(pages) == 12
    for (_host, _secure, query), html in pages.items():
        assert ("Remove filter" in html) is bool(query)
        assert (small_site.clinic.get_absolute_url() in html) is (query != "?kind=physician")


@committed
def test_unknown_host_is_refused_though_the_page_is_kept(small_site: SmallSite, client):
    client.get(LIST)

    assert client.get(LIST, headers={"Host": "evil.example"}).status_code == 400
