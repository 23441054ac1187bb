"""The head of a page: its one address, and what a link to it shows where somebody passes it on."""

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from directory.structured_data.pages import Page
from directory.templatetags import page_data
from tests import factories
from tests.directory.conftest import SmallSite
from tests.pages import read

pytestmark = pytest.mark.django_db
SITE = "https://directory.example"
CANONICAL = {
    "home": "/en/",
    "conditions": "/en/conditions/",
    "search": "/en/conditions/",
    "condition": "/en/conditions/liver-metastases/",
    "treatments": "/en/treatments/",
    "treatment": "/en/treatments/liver-resection/",
    "specialties": "/en/specialties/",
    "specialty": "/en/specialties/visceral-surgery/",
    "list": "/en/specialists/",
    "filtered list": "/en/specialists/",
    "empty list": "/en/specialists/",
    "list with unknown values": "/en/specialists/",
    "clinic": "/en/specialists/clinic-am-park/",
    "physician": "/en/specialists/aurelia-sternwald/",
}


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SITE_URL = SITE


def canonical(client: Client, path: str) -> list[str]:
    return [link["href"] for link in read(client.get(path)).all("link") if link["rel"] == "canonical"]


def open_graph(client: Client, path: str) -> dict[str, str]:
    return {meta["property"]: meta["content"] for meta in read(client.get(path)).all("meta") if "property" in meta}


def test_every_page_names_its_one_address(client: Client, small_site: SmallSite) -> None:
    found = {name: canonical(client, path) for name, path in small_site.pages.items()}

    assert found == {name: [f"{SITE}{path}"] for name, path in CANONICAL.items()}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/en/search/?q=liver", "/en/search/"),
        ("/en/specialists/map/?kind=clinic", "/en/specialists/map/"),
        ("/en/specialists/options/condition/", "/en/specialists/"),
        ("/en/specialists/?page=2&sort=verified", "/en/specialists/"),
        ("/en/?utm_source=mail", "/en/"),
    ],
)
def test_address_is_without_what_was_asked(client: Client, path: str, expected: str) -> None:
    assert canonical(client, path) == [f"{SITE}{expected}"]


def test_condition_is_an_article_when_it_has_one(client: Client) -> None:
    condition = factories.make_condition("Gout", summary="It hurts & burns.")
    before = open_graph(client, "/en/conditions/gout/")

    factories.make_published(condition)

    after = open_graph(client, "/en/conditions/gout/")
    assert (before.pop("og:type"), after.pop("og:type")) == ("website", "article")
    assert (
        before
        == after
        == {
            "og:site_name": "Specialist Directory",
            "og:locale": "en_GB",
            "og:title": "Specialists in Gout",
            "og:description": "It hurts & burns.",
            "og:url": f"{SITE}/en/conditions/gout/",
            "og:image": f"{SITE}/en/og/condition/gout.png",
            "og:image:type": "image/png",
            "og:image:width": "1200",
            "og:image:height": "630",
            "og:image:alt": "“Specialists in Gout” on a plain card",
        }
    )


def test_pictures_are_those_of_their_pages_and_open(client: Client, small_site: SmallSite) -> None:
    pictures = {
        name: open_graph(client, path)["og:image"].removeprefix(SITE) for name, path in small_site.pages.items()
    }

    assert {name: path for name, path in pictures.items() if path != "/en/og/site.png"} == {
        "condition": "/en/og/condition/liver-metastases.png",
        "treatment": "/en/og/treatment/liver-resection.png",
        "specialty": "/en/og/specialty/visceral-surgery.png",
        "clinic": "/en/og/specialist/clinic-am-park.png",
        "physician": "/en/og/specialist/aurelia-sternwald.png",
    }
    assert {client.get(path)["Content-Type"] for path in pictures.values()} == {"image/png"}


def test_profile_is_a_profile(client: Client, small_site: SmallSite) -> None:
    assert open_graph(client, small_site.pages["physician"])["og:type"] == "profile"


def test_description_that_is_missing_is_left_out(client: Client) -> None:
    factories.make_condition("Gout")

    assert "og:description" not in open_graph(client, "/en/conditions/gout/")


@pytest.mark.parametrize("language", ["en", "de"])
def test_language_is_named_with_its_country(language: str) -> None:
    with override(language):
        assert dict(page_data.open_graph(Page("A", "/")))["og:locale"] == {"en": "en_GB", "de": "de_DE"}[language]
