"""The style guide shows the components of the site, in development only."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client
from pytest_django import Settings

from tests.pages import read

pytestmark = pytest.mark.django_db
ADDRESS = "/styleguide/"
TEMPLATES = Path(engines["django"].dirs[0])
# Parts of every page, which the style guide has as a page.
FRAME = {"components/languages.html", "components/nav_item.html", "components/site_search.html"}


def test_styleguide_shows_every_state(client: Client) -> None:
    page = read(client.get(ADDRESS))

    for words in (
        "Nothing is known",
        "and 397 more",
        "1234567 specialists found",
        "0 specialists found",
        "Please check",
    ):
        assert words in page.text, words
    assert len(page.with_class("card")) == 9
    assert len(page.with_class("pagination")) == 3
    assert len(page.with_class("map__dot")) == 3
    assert page.inline_code() == []
    assert {"name": "robots", "content": "noindex"} in page.all("meta")


def test_styleguide_uses_every_component(client: Client) -> None:
    response = client.get(ADDRESS)

    used = {template.name for template in response.templates}
    components = {f"components/{path.name}" for path in (TEMPLATES / "components").glob("*.html")}
    assert components - used - FRAME - {"components/portrait.html"} == set()
    assert used >= FRAME


def test_styleguide_identifiers_are_unique(client: Client) -> None:
    html = client.get(ADDRESS).content.decode()

    identifiers = re.findall(r'\sid="([^"]+)"', html)
    assert len(identifiers) > 50
    assert sorted(identifiers) == sorted(set(identifiers))


def test_styleguide_is_not_there_in_production(client: Client, settings: Settings) -> None:
    settings.DEVELOPMENT = False

    response = client.get(ADDRESS)

    assert response.status_code == 404
    assert "Style guide" not in response.content.decode()
