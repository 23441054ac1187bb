"""Reading an article: the section being read is marked, words are explained where they stand, answers are sent."""

import gzip
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from conditions.models import HelpfulVote
from tests.browser.conftest import DESKTOP, PHONE, OpenPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
ARTICLE = "/en/conditions/liver-metastases/"
WORD, EXPLANATION = (
    "portal vein",
    "The large vein that brings blood with nutrients from the stomach and bowel to the liver.",
)
ROOT = Path(__file__).resolve().parents[2]


def current(page: Page) -> list[str]:
    return page.locator(".contents__link[aria-current=true]").all_inner_texts()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_section_being_read_is_marked(open_page: OpenPage, width: int) -> None:
    page = open_page(ARTICLE, width=width)
    links = page.locator(".contents__link")
    assert current(page) == []

    for position in (2, 5, 0):
        links.nth(position).click()
        expect(links.nth(position)).to_have_attribute("aria-current", "true")
        assert current(page) == [links.nth(position).inner_text()]


def test_contents_stay_beside_the_text_on_wide_screens(open_page: OpenPage) -> None:
    page = open_page(ARTICLE)

    page.locator(".contents__link").last.click()

    marked = page.locator(".contents__link[aria-current=true]")
    expect(marked).to_have_count(1)
    expect(marked).to_be_in_viewport()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_word_is_explained_where_it_stands(open_page: OpenPage, width: int) -> None:
    page = open_page(ARTICLE, width=width)
    word, box = page.locator("a.explained", has_text=WORD), page.locator("#word-box")
    expect(box).to_be_hidden()

    word.focus()
    page.keyboard.press("Enter")

    dialog = page.get_by_role("dialog", name=WORD)
    expect(dialog).to_be_focused()
    assert EXPLANATION in dialog.inner_text()
    assert page.url.endswith(ARTICLE)
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(word).to_be_focused()
    word.click()
    page.get_by_role("button", name="Close").click()
    expect(box).to_be_hidden()


def test_word_leads_to_its_explanation_and_back_without_scripts(open_page: OpenPage) -> None:
    page = open_page(ARTICLE, scripts=False)
    entry = page.locator("#glossary-portal-vein")
    expect(page.locator("#word-box")).to_be_hidden()

    page.locator("a.explained", has_text=WORD).click()
    expect(entry).to_be_in_viewport()
    assert EXPLANATION in entry.inner_text()

    entry.get_by_role("link", name="Back to the text: portal vein").click()
    expect(page.locator("#word-portal-vein")).to_be_in_viewport()


def test_sources_lead_to_their_sections_and_back(open_page: OpenPage) -> None:
    page = open_page(ARTICLE, scripts=False)

    page.get_by_role("link", name="Source 3", exact=True).click()
    expect(page.locator("#source-3")).to_be_in_viewport()

    page.locator("#source-3").get_by_role("link", name="Back to the section").click()
    expect(page.get_by_role("heading", name="What symptoms can liver metastases cause?")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False])
def test_answer_is_sent_without_a_cookie(open_page: OpenPage, scripts: bool) -> None:
    comment = f"More\nabout food. {scripts}"
    page = open_page(ARTICLE, scripts=scripts)

    page.get_by_label("No", exact=True).check()
    page.get_by_label("What was missing or hard to understand? (optional)").fill(comment)
    page.get_by_role("button", name="Send the answer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert page.context.cookies() == []
    assert [vote.is_helpful for vote in HelpfulVote.objects.filter(comment=comment)] == [False]
    page.get_by_role("link", name="Back to the article").click()
    assert page.url.endswith(f"{ARTICLE}#article")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, 320])
def test_article_and_glossary_are_accessible(open_page: OpenPage, width: int, scheme: str) -> None:
    found = {}
    for address in (ARTICLE, "/en/glossary/"):
        page = open_page(address, width=width, scheme=scheme)
        if address == ARTICLE:
            page.locator("a.explained", has_text=WORD).click()
        found[address] = [violation["id"] for violation in Axe().run(page).response["violations"]]
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    assert found == {ARTICLE: [], "/en/glossary/": []}


def test_on_paper_there_is_the_article_and_no_chrome(open_page: OpenPage) -> None:
    page = open_page(ARTICLE)

    page.emulate_media(media="print")

    for selector in (".article__section", ".urgent", ".words", ".sources", ".who-treats"):
        expect(page.locator(selector).first).to_be_visible()
    for selector in (".helpful", ".contents", ".words__back", ".site-nav", "#word-box"):
        expect(page.locator(selector).first).to_be_hidden()
    written = page.evaluate("getComputedStyle(document.querySelector('.sources a[href^=http]'), '::after').content")
    assert "http" in written or "attr(href)" in written


def test_script_is_small() -> None:
    script = (ROOT / "static/js/contents.js").read_bytes()

    assert len(gzip.compress(script)) < 1_500
