"""The pages about the directory itself: found from everywhere, true to their word, and with an address to write to."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from conditions.models import GlossaryTerm
from tests.directory.conftest import SmallSite
from tests.directory.schema_org import problems, types_of
from tests.pages import read

pytestmark = pytest.mark.django_db
ABOUT, ACCESSIBILITY = "/en/about/", "/en/accessibility/"
TITLES = {ABOUT: "About this directory", ACCESSIBILITY: "Accessibility"}
ADDRESS = "hello@directory.example"


@pytest.mark.parametrize("address", TITLES)
def test_page_has_its_title_its_place_and_its_description(client: Client, address: str) -> None:
    page = read(client.get(address))

    assert len(page.all("h1")) == 1
    assert f"Home {TITLES[address].removesuffix(' this directory')} {TITLES[address]}" in page.text
    [description] = [meta["content"] for meta in page.all("meta") if meta.get("name") == "description"]
    assert description in page.text
    assert page.inline_code() == []


@pytest.mark.parametrize(("address", "kind"), [(ABOUT, "AboutPage"), (ACCESSIBILITY, "WebPage")])
def test_page_tells_machines_what_it_is(client: Client, address: str, kind: str) -> None:
    [graph] = read(client.get(address)).data()

    assert (list(types_of(graph)), graph["name"], problems(graph)) == ([kind], TITLES[address], [])


def test_every_page_links_to_them_and_to_the_glossary(client: Client, small_site: SmallSite) -> None:
    GlossaryTerm.objects.create(slug="stent", term="Stent", explanation="A small tube.")
    wanted = {ABOUT, ACCESSIBILITY, reverse("conditions:glossary")}
    addresses = [*small_site.pages.values(), *wanted, "/en/nothing/"]

    missing = {
        address: wanted - {link.get("href") for link in read(client.get(address)).all("a")} for address in addresses
    }

    assert missing == {address: set() for address in addresses}


@pytest.mark.parametrize("address", TITLES)
def test_address_to_write_to_is_shown_once_it_is_set(client: Client, settings: Settings, address: str) -> None:
    without = read(client.get(address))
    settings.CONTACT_EMAIL = ADDRESS
    with_it = read(client.get(address))

    assert [link["href"] for link in without.all("a") if link["href"].startswith("mailto:")] == []
    assert [link["href"] for link in with_it.all("a") if link["href"].startswith("mailto:")] == [f"mailto:{ADDRESS}"]
    assert ADDRESS in with_it.text


def test_visitor_of_any_page_gets_no_cookie_as_promised(client: Client, small_site: SmallSite) -> None:
    assert "There is no account, no cookie" in read(client.get(ABOUT)).text
    # What sets one: the admin's sign-in, which no page links to.
    assert "csrftoken" in client.get("/admin/login/").cookies
    visitor = Client()

    for address in [*small_site.pages.values(), ABOUT, ACCESSIBILITY, "/en/shortlist/", "/en/search/?q=liver"]:
        visitor.get(address)

    assert dict(visitor.cookies) == {}
