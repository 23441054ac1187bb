"""What a visitor has to load for the largest pages, compressed as production sends it, photos left out."""

from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client, override_settings

from directory.sample import loader
from tests.pages import Page, read

pytestmark = pytest.mark.django_db
CONDITION, LIST = "/{}/conditions/liver-metastases/", "/{}/specialists/"
LANGUAGES = ("en", "de")
MOST_IN_ALL = 35_000
MOST_SCRIPTS = 20 * 1024
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture(autouse=True)
def _sample(db: None, tmp_path: Path) -> None:
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        loader.load()


def weight(address: str) -> int:
    """Bytes of a static file; whitenoise packs it beforehand, at brotli's best."""
    path = finders.find(address.removeprefix("/static/"))
    assert isinstance(path, str)
    return len(brotli.compress(Path(path).read_bytes()))


def weights(page: Page) -> dict[str, int]:
    """Bytes of what the page loads by itself, by kind."""
    links = page.all("link")
    return {
        "styles": sum(weight(link["href"]) for link in links if link["rel"] == "stylesheet"),
        "icons": sum(weight(link["href"]) for link in links if link["rel"] == "icon"),
        "scripts": sum(weight(script["src"]) for script in page.all("script") if "src" in script),
    }


def test_pages_are_light(client: Client) -> None:
    pages = {
        address.format(language): most
        for language in LANGUAGES
        for address, most in ((CONDITION, MOST_IN_ALL), (LIST, MOST_IN_ALL + MOST_SCRIPTS))
    }
    found = {}

    for address, most in pages.items():
        parts = {"page": len(client.get(address, headers=BROWSER).content), **weights(read(client.get(address)))}
        # A measure that misses a part would find every page light.
        assert min(parts["page"], parts["styles"], parts["scripts"]) > 1_000
        if sum(parts.values()) > most or parts["scripts"] > MOST_SCRIPTS:
            found[address] = parts

    assert found == {}
