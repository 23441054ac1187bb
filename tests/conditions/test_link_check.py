"""Links in articles: inside the site before submission, outside by a command that asks public addresses only."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from conditions import link_check
from conditions.models import LinkCheck, Revision, Section, Source
from tests.conditions.admin_forms import change_url, page_url
from tests.conditions.texts import make_archived
from tests.factories import (
    make_condition,
    make_draft,
    make_in_review,
    make_published,
    make_specialty,
    make_treatment,
)
from tests.pages import read


class Handler(BaseHTTPRequestHandler):
    """The paths of a small web, good and bad."""

    release = threading.Event()

    def do_HEAD(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/slow":
            self.release.wait(10)
        status, location = {
            "/fine": (200, ""),
            "/f%C3%B6hn": (200, ""),
            "/gone": (404, ""),
            "/broken": (500, ""),
            "/head-refused": (405, ""),
            "/refused": (403, ""),
            "/loop": (302, "/loop"),
            "/moved": (301, "/fine"),
            "/moved-to-gone": (302, "gone"),
            "/to-mail": (302, "mailto:a@example.org"),
            "/no-location": (304, ""),
        }.get(path, (404, ""))
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[str]:
    Handler.release.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Handler.release.set()
        server.shutdown()
        thread.join()


# Inside


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("href", "fault"),
    [
        ("/en/", ""),
        ("/en/conditions/", ""),
        ("/en/conditions/gout/", ""),
        ("/en/conditions/gout/#sources", ""),
        ("/en/treatments/rest/", ""),
        ("/en/specialties/urology/", ""),
        ("/en/specialists/?condition=gout", ""),
        ("#what-is-it-10", ""),
        ("#sources", ""),
        ("https://example.org/nowhere", ""),
        ("mailto:help@example.org", ""),
        ("/en/nowhere/", "there is no such page"),
        ("/nowhere", "there is no such page"),
        ("/en/conditions/nowhere/", "there is no such public page"),
        ("/en/conditions/secret/", "there is no such public page"),
        ("/en/treatments/nowhere/", "there is no such public page"),
        ("/en/specialties/nowhere/", "there is no such public page"),
        ("#gone", "no section has this anchor"),
        ("#", "no section has this anchor"),
    ],
)
def test_link_inside_the_site(href, fault):
    make_condition("Gout")
    make_condition("Secret", is_published=False)
    make_treatment("Rest")
    make_specialty("Urology")
    draft = make_draft()
    draft.sections.update(body=f'<p><a href="{href}">x</a></p>')

    found = link_check.broken_links(draft)

    assert found == ([link_check.BrokenLink("What is it?", href, fault)] if fault else [])


@pytest.mark.parametrize("href", ["conditions/gout/", "../gout/", "gout"])
def test_relative_path_is_a_fault(href):
    """The field drops them already; a text written past it may have one."""
    assert link_check._fault(href, set()) == "not a full path: begin with /"


@pytest.mark.django_db
def test_links_of_all_sections_are_found():
    draft = make_draft()
    draft.sections.update(body='<p><a href="#a">x</a> <a href="/en/conditions/?q=a&amp;b">y</a></p>')
    Section.objects.create(revision=draft, ordering=20, heading="Why?", body='<ul><li><a href="#b">z</a></li></ul>')

    assert [(link.section, link.href) for link in link_check.broken_links(draft)] == [
        ("What is it?", "#a"),
        ("Why?", "#b"),
    ]


# Outside


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/fine", (200, "")),
        ("/fine?a=1#part", (200, "")),
        ("/föhn", (200, "")),
        ("/gone", (404, "answers 404")),
        ("/broken", (500, "answers 500")),
        ("/head-refused", (405, "")),
        ("/refused", (403, "")),
        ("/moved", (200, "")),
        ("/moved-to-gone", (404, "answers 404")),
        ("/loop", (None, "too many redirects")),
        ("/to-mail", (None, "not a web address")),
        ("/no-location", (304, "")),
    ],
)
def test_address_outside(web, path, answer):
    assert link_check.try_address(web + path, allow_private=True) == answer


def test_slow_address_is_given_up(web, monkeypatch):
    monkeypatch.setattr(link_check, "TIMEOUT", 0.1)

    assert link_check.try_address(f"{web}/slow", allow_private=True) == (None, "timed out")


def test_server_that_speaks_no_tls_is_a_fault(web):
    status, fault = link_check.try_address(web.replace("http:", "https:") + "/fine", allow_private=True)

    assert status is None
    assert "SSL" in fault


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/", "http://", "http://[::1", "http://127.0.0.1:99999/", "//example.org/", "", "http://a b/"],
)
def test_what_is_no_address_is_a_fault(address):
    status, fault = link_check.try_address(address, allow_private=True)

    assert status is None
    assert fault != ""


def test_nobody_at_home_is_a_fault(web):
    status, fault = link_check.try_address("http://127.0.0.1:1/", allow_private=True)

    assert status is None
    assert "refused" in fault


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254"]
)
def test_private_address_is_not_asked(web, host):
    port = web.rpartition(":")[2]

    assert link_check.try_address(f"http://{host}:{port}/fine") == (None, "not a public address")


def test_redirect_to_a_private_address_is_not_followed(web, monkeypatch):
    asked: list[str] = []

    def ask(address: str, *, allow_private: bool) -> tuple[int, str | None]:
        asked.append(address)
        return (302, f"{web}/fine") if len(asked) == 1 else real_ask(address, allow_private=allow_private)

    real_ask = link_check._ask
    monkeypatch.setattr(link_check, "_ask", ask)

    assert link_check.try_address("https://example.org/") == (None, "not a public address")
    assert asked == ["https://example.org/", f"{web}/fine"]


# What is asked, and the report


def cite(revision: Revision, *urls: str) -> None:
    Source.objects.bulk_create(Source(revision=revision, citation=url, url=url) for url in urls)


@pytest.mark.django_db
def test_addresses_of_live_and_open_texts_are_asked():
    draft = make_draft(make_condition("A"))
    draft.sections.update(body='<a href="https://a.example/?x=1&amp;y=2">x</a><a href="mailto:a@b.example">y</a>')
    make_published(make_condition("B"))
    make_in_review(make_condition("C"))
    archived = make_archived(make_condition("D"))
    assert archived.sources.count() == 1
    cite(draft, "http://cited.example/")

    assert link_check.external_addresses() == {
        "https://a.example/?x=1&y=2",
        "http://cited.example/",
        "https://example.org/guideline",
    }


@pytest.mark.django_db
def test_address_of_an_archived_text_is_not_asked():
    make_archived()

    assert link_check.external_addresses() == set()


@pytest.mark.django_db
def test_address_too_long_to_store_stops_nothing(web):
    draft = make_draft()
    draft.sources.all().delete()
    draft.sections.update(body=f'<a href="{web}/{"x" * 600}">x</a><a href="{web}/gone">y</a>')

    checked = link_check.check_external(link_check.external_addresses(), allow_private=True)

    assert f"{web}/gone" in [link.url for link in checked]


@pytest.mark.django_db
def test_command_stores_what_it_found_and_forgets_what_is_no_longer_used(web):
    draft = make_draft()
    draft.sources.all().delete()
    cite(draft, f"{web}/fine", f"{web}/gone")
    LinkCheck.objects.create(url="https://example.org/unused")
    output = StringIO()
    before = timezone.now()

    call_command("check_links", "--allow-private", stdout=output)

    assert output.getvalue() == f"{web}/gone: answers 404\n2 addresses checked, 1 not reachable\n"
    assert list(LinkCheck.objects.values_list("url", "status_code", "fault")) == [
        (f"{web}/fine", 200, ""),
        (f"{web}/gone", 404, "answers 404"),
    ]
    fine, gone = LinkCheck.objects.all()
    assert (fine.is_reachable, fine.failing_since, gone.is_reachable) == (True, None, False)
    assert gone.failing_since >= before


@pytest.mark.django_db
def test_fault_keeps_its_first_day_until_the_address_answers(web):
    since = timezone.now() - timezone.timedelta(days=9)
    for path in ("fine", "gone"):
        LinkCheck.objects.create(url=f"{web}/{path}", status_code=500, fault="answers 500", failing_since=since)

    link_check.check_external({f"{web}/fine", f"{web}/gone"}, allow_private=True)

    assert list(LinkCheck.objects.values_list("fault", "failing_since")) == [("", None), ("answers 404", since)]


@pytest.mark.django_db
def test_command_asks_no_private_address_by_default(web):
    draft = make_draft()
    draft.sources.all().delete()
    cite(draft, f"{web}/fine")

    call_command("check_links", stdout=StringIO())

    assert LinkCheck.objects.get().fault == "not a public address"


@pytest.mark.django_db
def test_report_shows_faults_and_where_they_are_used(admin_client):
    draft = make_draft()
    draft.sections.update(body='<a href="https://example.org/?a=1&amp;b=2">x</a>')
    linked = LinkCheck.objects.create(url="https://example.org/?a=1&b=2", status_code=404, fault="answers 404")
    cited = LinkCheck.objects.create(url="https://example.org/guideline", status_code=200)
    other = make_draft(make_condition("Gout"))
    other.sources.all().delete()

    failing = admin_client.get(page_url(LinkCheck, "changelist"), {"reachable": "no"})
    fine = admin_client.get(page_url(LinkCheck, "changelist"), {"reachable": "yes"})

    assert list(failing.context["cl"].result_list) == [linked]
    assert list(fine.context["cl"].result_list) == [cited]
    assert "answers 404" in read(failing).text
    for link in (linked, cited):
        links = [found["href"] for found in read(admin_client.get(change_url(link))).all("a")]
        used_in = [href for href in links if "/revision/" in href and href.endswith("/change/")]
        assert used_in == [f"../../../revision/{draft.pk}/change/"]


@pytest.mark.django_db
def test_report_is_for_reading_only(admin_client):
    link = LinkCheck.objects.create(url="https://example.org/")

    for page, args in (("add", ()), ("change", (link.pk,)), ("delete", (link.pk,))):
        response = admin_client.post(page_url(LinkCheck, page, *args), {"url": "https://other.example/", "post": "yes"})
        assert (page, response.status_code) == (page, 403)

    assert LinkCheck.objects.get().url == "https://example.org/"
