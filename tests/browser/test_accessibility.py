"""Every kind of page, on a small phone and a desk, light and dark: axe-core finds nothing, nothing scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, SMALL_PHONE, OpenPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
FILTERED = "/en/specialists/?condition=liver-metastases&country=DE&language=en&name=a"
# Name of the kind of page → its address, and words that prove that it is shown.
PAGES = {
    "home": ("/en/", "Conditions by part of the body"),
    "conditions": ("/en/conditions/", "Stomach cancer"),
    "search": ("/en/conditions/?q=liver", "conditions found for “liver”"),
    "condition": ("/en/conditions/liver-metastases/", "Medically reviewed by"),
    "treatments": ("/en/treatments/", "Liver resection"),
    "treatment": ("/en/treatments/liver-resection/", "Who offers it"),
    "specialties": ("/en/specialties/", "Visceral surgery"),
    "specialty": ("/en/specialties/visceral-surgery/", "Conditions treated"),
    "list": ("/en/specialists/?page=2", "160 specialists found"),
    "filtered list": (FILTERED, "Clear all filters"),
    "filters": (f"{FILTERED}#filters", "Name, condition or treatment"),
    "empty list": (
        "/en/specialists/?condition=liver-metastases&treatment=mastectomy&kind=robot",
        "No specialist fits all of these filters together.",
    ),
    "physician": ("/en/specialists/prof-aurelia-sternwald/", "Places of work"),
    "clinic": ("/en/specialists/sonnwendhof-clinic-heidelberg/", "Physicians who work here"),
    "not found": ("/en/nothing/", "This page does not exist"),
}
# The dark scheme changes nothing but colours.
RULES_ON_COLOUR = ("color-contrast", "link-in-text-block")
SIDEWAYS = """() => {
    const width = document.documentElement.clientWidth;
    const isCut = element => {
        for (let box = element.parentElement; box; box = box.parentElement)
            if (getComputedStyle(box).overflowX !== 'visible') return true;
        return false;
    };
    return document.documentElement.scrollWidth <= width ? [] : [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > width + 1 && !isCut(element))
        .map(element => element.outerHTML.slice(0, 120));
}"""


def open_kind(open_page: OpenPage, name: str, width: int) -> Page:
    address, words = PAGES[name]
    page = open_page(address, width=width, status=404 if name == "not found" else 200)
    assert words in page.locator("main").inner_text()
    return page


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds, by all its rules or only these, each with its element and what to do."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['html'][:160]} | {' '.join(node['failureSummary'].split())}"
        for violation in found
        for node in violation["nodes"]
    ]


def violations_in_both_schemes(page: Page, width: int) -> list[str]:
    """What axe finds in light and, on a desk, where nothing is folded, in dark."""
    in_light = violations(page)
    if width < DESKTOP:
        return in_light
    page.emulate_media(color_scheme="dark")
    return in_light + violations(page, *RULES_ON_COLOUR)


@pytest.mark.parametrize("width", [SMALL_PHONE, DESKTOP])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page: OpenPage, name: str, width: int) -> None:
    page = open_kind(open_page, name, width)

    assert violations_in_both_schemes(page, width) == []


def test_axe_finds_nothing_in_unfolded_filters(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/#filters", width=SMALL_PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(facet => facet.open = true)")

    assert page.locator("#filters input[type=checkbox]:visible").count() > 100
    assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways(open_page: OpenPage, name: str) -> None:
    page = open_kind(open_page, name, SMALL_PHONE)
    found = {}

    for width in (SMALL_PHONE, PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = (page.evaluate(SIDEWAYS), page.evaluate("document.documentElement.scrollWidth"))

    assert found == {width: ([], width) for width in (SMALL_PHONE, PHONE, DESKTOP)}


def test_nothing_scrolls_sideways_with_text_twice_as_large(open_page: OpenPage) -> None:
    found = {}

    for name in ("home", "condition", "filtered list", "physician"):
        page = open_kind(open_page, name, DESKTOP // 2)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found[name] = page.evaluate(SIDEWAYS)

    assert found == {"home": [], "condition": [], "filtered list": [], "physician": []}


def test_tests_above_would_find_something(open_page: OpenPage) -> None:
    page = open_page("/en/", scheme="dark")
    page.evaluate("document.querySelector('#search-q').labels[0].remove()")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('beforeend', '<img src=\"/static/img/mark.svg\">')")

    page.evaluate("document.querySelector('h1').style.color = '#333'")
    page.evaluate("document.querySelector('h1').style.minWidth = '1400px'")

    assert {violation.split(":")[0] for violation in violations(page)} == {"color-contrast", "image-alt", "label"}
    assert {violation.split(":")[0] for violation in violations(page, *RULES_ON_COLOUR)} == {"color-contrast"}
    assert page.evaluate(SIDEWAYS)[0].startswith("<h1")
