"""The sitemaps name every public page, with its last change, and nothing that is not public."""

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.contrib.sites.models import Site
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from conditions import workflow
from directory import apps
from specialists.models import Profile
from tests import factories
from tests.directory.conftest import SmallSite

pytestmark = pytest.mark.django_db
SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
KINDS = ["pages", "conditions", "treatments", "specialties", "profiles"]
SECTIONS = [f"{kind}-{language}" for kind in KINDS for language in ("en", "de")]
LONG_AGO = datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _forget_site() -> Iterator[None]:
    """Django keeps the site's row in memory, beyond the end of a test."""
    Site.objects.clear_cache()
    yield
    Site.objects.clear_cache()


def entries(client: Client, path: str, **request: Any) -> list[tuple[str, str | None]]:
    """(address, last change) for each entry of a sitemap or of the index."""
    # The input is our own answer.
    root = ElementTree.fromstring(client.get(path, **request).content)  # noqa: S314
    return [(entry.findtext("s:loc", "", SPACE), entry.findtext("s:lastmod", None, SPACE)) for entry in root]


def paths(client: Client, section: str, language: str = "en") -> list[str]:
    return [urlsplit(address).path for address, _ in entries(client, f"/sitemap-{section}-{language}.xml")]


def test_index_names_every_section(client: Client, small_site: SmallSite) -> None:
    addresses = [urlsplit(address).path for address, _ in entries(client, "/sitemap.xml")]

    assert addresses == [f"/sitemap-{section}.xml" for section in SECTIONS]


def test_pages_are_the_start_page_and_the_lists(client: Client, small_site: SmallSite) -> None:
    assert paths(client, "pages") == [
        "/en/",
        "/en/conditions/",
        "/en/treatments/",
        "/en/specialties/",
        "/en/glossary/",
        "/en/specialists/",
        "/en/about/",
        "/en/accessibility/",
    ]


def test_conditions_are_the_public_ones_with_and_without_an_article(client: Client, small_site: SmallSite) -> None:
    factories.make_draft(small_site.hidden_condition)
    factories.make_condition("Gallstones")

    assert paths(client, "conditions") == ["/en/conditions/liver-metastases/", "/en/conditions/gallstones/"]


def test_condition_appears_when_its_article_is_published(client: Client) -> None:
    condition = factories.make_condition(is_published=False)
    draft = factories.make_draft(condition)
    before = paths(client, "conditions")

    factories.take_live(draft)

    assert (before, paths(client, "conditions")) == ([], ["/en/conditions/liver-metastases/"])


def test_treatments_and_specialties_are_all_there(client: Client, small_site: SmallSite) -> None:
    factories.make_treatment("Chemotherapy", kind="medicine")
    factories.make_specialty("Pathology")

    assert paths(client, "treatments") == ["/en/treatments/chemotherapy/", "/en/treatments/liver-resection/"]
    assert paths(client, "specialties") == ["/en/specialties/pathology/", "/en/specialties/visceral-surgery/"]


def test_profiles_are_the_published_ones(client: Client, small_site: SmallSite) -> None:
    hidden = {profile.get_absolute_url() for profile in small_site.hidden_profiles}

    found = paths(client, "profiles")

    assert found == ["/en/specialists/clinic-am-park/", "/en/specialists/aurelia-sternwald/"]
    assert len(hidden) == 2
    assert hidden.isdisjoint(found)


def test_every_address_opens(client: Client, small_site: SmallSite) -> None:
    addresses = [path for kind in KINDS for language in ("en", "de") for path in paths(client, kind, language)]

    opened = {path: client.get(path).status_code for path in addresses}

    assert opened == dict.fromkeys(addresses, 200)
    assert len(opened) == 2 * (8 + 1 + 1 + 1 + 2)


def test_each_page_names_itself_in_every_language(client: Client, small_site: SmallSite) -> None:
    found = client.get("/sitemap-conditions-de.xml").content

    links = ElementTree.fromstring(found).findall(".//{http://www.w3.org/1999/xhtml}link")  # noqa: S314 - our own
    assert paths(client, "conditions", "de") == ["/de/conditions/liver-metastases/"]
    assert [(link.get("rel"), link.get("hreflang"), urlsplit(link.get("href") or "").path) for link in links] == [
        ("alternate", "en", "/en/conditions/liver-metastases/"),
        ("alternate", "de", "/de/conditions/liver-metastases/"),
    ]


@pytest.mark.parametrize("section", ["", *(f"-{section}" for section in SECTIONS)])
def test_addresses_begin_where_the_site_is_reached(
    client: Client, small_site: SmallSite, settings: Settings, section: str
) -> None:
    settings.SITE_URL = "https://directory.example"
    # As after migrating with this setting.
    apps.name_the_site(using="default")

    found = entries(client, f"/sitemap{section}.xml", secure=True)

    assert {urlsplit(address)[:2] for address, _ in found} == {("https", "directory.example")}


def test_site_is_named_after_its_settings_by_migrating(settings: Settings) -> None:
    assert Site.objects.get_current().domain == urlsplit(settings.SITE_URL).netloc

    settings.SITE_URL, settings.SITE_NAME = "https://other.example:8443", "Other"
    apps.name_the_site(using="default")

    assert list(Site.objects.values_list("pk", "domain", "name")) == [(1, "other.example:8443", "Other")]


def test_last_change_of_a_condition_is_its_articles_publication(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("django.utils.timezone.now", lambda: LONG_AGO)
        condition = factories.make_condition("Gallstones")
        factories.make_published(condition, reviewed_on=LONG_AGO.date())
    workflow.open_draft(condition.articles.get())
    factories.make_condition("Gout")

    changes = [change for _, change in entries(client, "/sitemap-conditions-en.xml")]

    assert changes == ["2024-02-29", None]


def test_last_change_of_a_profile_is_its_edit(client: Client) -> None:
    factories.make_clinic()
    Profile.objects.update(edited_at=LONG_AGO)

    assert [change for _, change in entries(client, "/sitemap-profiles-en.xml")] == ["2024-02-29"]


def test_index_says_when_a_section_changed_last(client: Client, small_site: SmallSite) -> None:
    Profile.objects.update(edited_at=LONG_AGO)
    latest = factories.make_published(factories.make_condition("Gallstones")).published_at
    assert latest is not None

    changes = dict(entries(client, "/sitemap.xml"))

    by_section = {
        urlsplit(address).path[len("/sitemap-") : -len(".xml")]: change for address, change in changes.items()
    }
    latest_of = {
        "pages": None,
        "conditions": timezone.localtime(latest).isoformat(),
        "treatments": None,
        "specialties": None,
        "profiles": timezone.localtime(LONG_AGO).isoformat(),
    }
    assert by_section == {section: latest_of[section.partition("-")[0]] for section in SECTIONS}


def test_unknown_section_is_not_found(client: Client) -> None:
    response = client.get("/sitemap-users.xml")

    assert response.status_code == 404
    assert b"This page does not exist" in response.content


@pytest.mark.parametrize("section", SECTIONS)
def test_section_needs_a_fixed_number_of_queries(
    client: Client, section: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        factories.make_published(factories.make_condition(f"Condition {number}"))
        factories.make_clinic(f"Clinic {number}")
        factories.make_treatment(f"Treatment {number}")
        factories.make_specialty(f"Specialty {number}")

    # The site, the number of entries, the entries, and the latest change among them.
    with django_assert_max_num_queries(4):
        found = entries(client, f"/sitemap-{section}.xml")

    assert len(found) >= 3
