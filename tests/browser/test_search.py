"""The site's search and its suggestions on the sample content, with the keyboard alone and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.combobox import ACTIVE, PAUSE_MS
from tests.browser.conftest import DESKTOP, PHONE, SMALL_PHONE, OpenPage
from tests.browser.test_accessibility import SIDEWAYS, violations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]

STORED = "[localStorage.length, sessionStorage.length, document.cookie]"
PAGES = {
    "empty": "/en/search/",
    "found": "/en/search/?q=liver",
    "corrected": "/en/search/?q=liver+metastisis",
    "nothing": "/en/search/?q=zzzzqq",
    "long": "/en/search/?q=" + "abcdefghij" * 10,
}


def header_field(page: Page) -> None:
    """The keyboard is in the search of the header."""
    page.locator("#site-q").focus()


def options(page: Page) -> list[str]:
    expect(page.locator(".suggestions__option").first).to_be_visible()
    return page.locator(".suggestions__name").all_inner_texts()


def test_typing_an_arrow_and_enter_lead_to_the_page(open_page: OpenPage) -> None:
    page = open_page("/en/")
    header_field(page)

    page.keyboard.type("liver met")
    assert options(page)[0] == "Liver metastases"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(ACTIVE) == "Liver metastases"
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Specialists in Liver metastases")
    assert page.url.endswith("/en/conditions/liver-metastases/")
    assert page.evaluate(STORED) == [0, 0, ""]


def test_number_of_suggestions_is_announced(open_page: OpenPage) -> None:
    page = open_page("/en/")
    header_field(page)

    page.keyboard.type("liver")

    shown = len(options(page))
    assert 2 <= shown <= 8
    expect(page.locator("#suggest-status")).to_have_text(f"{shown} suggestions")


def test_enter_without_an_arrow_searches_for_what_was_typed(open_page: OpenPage) -> None:
    page = open_page("/en/")
    header_field(page)
    page.keyboard.type("liver")
    options(page)

    page.keyboard.press("Enter")

    page.wait_for_url("**/en/search/?q=liver")
    expect(page.locator(".search-result")).to_have_text(re.compile(r"^\d+ results for “liver”$"))


def test_name_leads_to_the_person(open_page: OpenPage) -> None:
    page = open_page("/en/")
    header_field(page)

    page.keyboard.type("sternwald")
    assert options(page) == ["Prof. Dr. Aurelia Sternwald"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/en/specialists/prof-aurelia-sternwald/")


def test_escape_closes_the_suggestions_and_leaves_the_words(open_page: OpenPage) -> None:
    page = open_page("/en/")
    header_field(page)
    page.keyboard.type("liver")
    options(page)

    page.keyboard.press("Escape")

    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page.locator("#site-q")).to_have_value("liver")


def test_one_letter_suggests_nothing(open_page: OpenPage) -> None:
    page = open_page("/en/")
    header_field(page)

    page.keyboard.type("l")
    page.wait_for_timeout(PAUSE_MS)

    expect(page.locator(".suggestions__option")).to_have_count(0)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("scripts", [True, False])
def test_search_goes_from_the_first_page_to_all_who_were_found(open_page: OpenPage, width: int, scripts: bool) -> None:
    page = open_page("/en/search/", width=width, scripts=scripts)
    page.locator("#search-q").fill("bowel cancer")
    page.locator("main").get_by_role("button", name="Search").click()

    hits = page.locator("section.hits")
    expect(hits.first.get_by_role("link").first).to_have_text("Colorectal cancer")
    expect(hits.first.locator(".hits__note").first).to_have_text("also called “bowel cancer”")
    link = page.get_by_role("link", name=re.compile("Physicians: show and filter all"))
    total = re.sub(r"\D", "", link.inner_text())
    link.click()

    expect(page.locator("#results")).to_have_text(f"{total} specialists found")


@pytest.mark.parametrize("scripts", [True, False])
def test_slip_of_the_pen_is_mended_and_can_be_kept(open_page: OpenPage, scripts: bool) -> None:
    page = open_page("/en/search/", scripts=scripts)
    page.locator("#search-q").fill("pancreus canser")
    page.locator("main").get_by_role("button", name="Search").click()

    expect(page.locator(".reading")).to_contain_text("Showing results for pancreas cancer.")
    expect(page.locator(".hits__name").first).to_have_text("Pancreatic cancer")
    page.get_by_role("link", name="Search instead for “pancreus canser”").click()

    expect(page.locator(".reading")).to_have_count(0)
    expect(page.locator("main")).to_contain_text('0 results for “"pancreus canser"”')


def test_found_passage_leads_to_its_section(open_page: OpenPage) -> None:
    page = open_page("/en/search/?q=jaundice", scripts=False)
    link = page.locator("#hits-article ~ ul a").first
    heading = link.inner_text().partition(": ")[2]

    link.click()

    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_in_viewport()


def test_search_is_kept_nowhere_in_the_browser(open_page: OpenPage) -> None:
    page = open_page("/en/search/?q=liver")

    page.go_back()
    page.go_forward()

    expect(page.locator(".search-result")).to_be_visible()
    assert page.evaluate(STORED) == [0, 0, ""]
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [SMALL_PHONE, DESKTOP])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page: OpenPage, name: str, width: int) -> None:
    page = open_page(PAGES[name], width=width)

    in_light = violations(page)
    page.emulate_media(color_scheme="dark")

    assert in_light + violations(page, "color-contrast", "link-in-text-block") == []
    assert page.evaluate(SIDEWAYS) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_axe_finds_nothing_in_suggestions(open_page: OpenPage) -> None:
    page = open_page("/en/search/", width=SMALL_PHONE)
    page.locator("#search-q").focus()
    page.keyboard.type("liver")
    options(page)
    page.keyboard.press("ArrowDown")

    assert violations(page) == []
    assert page.evaluate(SIDEWAYS) == []
