"""Structured data in Chromium: the content security policy lets it stand, nothing of it runs, all of it can be read."""

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings

from directory.structured_data.graph import Node, script
from tests.browser import trial
from tests.browser.conftest import Complaints, OpenPage

pytestmark = pytest.mark.django_db
BLOCKS = """() => [...document.querySelectorAll('script[type="application/ld+json"]')].map(e => JSON.parse(e.text))"""
HOSTILE = "</script><script>document.title = 'Owned'</script><img src=x onerror=\"document.title = 'Owned'\"><!--"


def blocks(page: Page) -> list[Node]:
    found: list[Node] = page.evaluate(BLOCKS)
    return found


@pytest.mark.usefixtures("sample")
def test_pages_carry_their_data(open_page: OpenPage) -> None:
    types = {}
    for address in ("/en/", "/en/conditions/liver-metastases/", "/en/specialists/"):
        page = open_page(address)
        types[address] = [block["@type"] for block in blocks(page)]
        assert page.locator("link[rel=canonical]").count() == 1

    assert types == {
        "/en/": ["WebSite"],
        "/en/conditions/liver-metastases/": ["MedicalWebPage", "ItemList"],
        "/en/specialists/": ["CollectionPage"],
    }


def test_nothing_in_the_data_runs(browser: Browser, site: str, complaints: Complaints) -> None:
    context = browser.new_context(base_url=site)
    complaints.watch(context)

    page = trial.show(context, site + trial.PATH, trial.document(script([{"@type": "Thing", "name": HOSTILE}])))

    assert blocks(page) == [{"@context": "https://schema.org", "@type": "Thing", "name": HOSTILE}]
    assert page.title() == "Trial"
    assert page.locator("script, img").count() == 1
    context.close()


@pytest.mark.usefixtures("sample")
def test_picture_for_links_is_one(open_page: OpenPage, settings: Settings, site: str) -> None:
    page = open_page("/en/conditions/liver-metastases/")
    address = page.locator('meta[property="og:image"]').get_attribute("content")
    assert address is not None
    path = address.removeprefix(settings.SITE_URL)

    size = page.evaluate(
        "async address => { const image = new Image(); image.src = address; await image.decode();"
        " return [image.naturalWidth, image.naturalHeight] }",
        f"{site}{path}",
    )

    assert size == [1200, 630]
