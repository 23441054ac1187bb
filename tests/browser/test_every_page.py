"""Kinds of pages that test_accessibility.py has not, and what holds on every kind: targets, focus, no third party."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import test_accessibility
from tests.browser.conftest import DESKTOP, SMALL_PHONE, OpenPage
from tests.browser.test_accessibility import FILTERED, RULES_ON_COLOUR, SIDEWAYS, violations
from tests.browser.test_visitor import FOCUSED, press_until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
CHOSEN = "?p=prof-aurelia-sternwald&p=sonnwendhof-clinic-heidelberg"
# Name of the kind of page → its address, and words that prove that it is shown.
PAGES = {
    "German condition": ("/de/conditions/liver-metastases/", "Fachleute für Lebermetastasen"),
    "German list": ("/de/specialists/?condition=liver-metastases", "Lebermetastasen"),
    "glossary": ("/en/glossary/", "Medical words explained"),
    "search": ("/en/search/?q=liver", "Liver metastases"),
    "options": ("/en/specialists/options/treatment/", "Liver resection"),
    "shortlist": ("/en/shortlist/", "Nobody is in this list yet."),
    "comparison": (f"/en/shortlist/{CHOSEN}&q=clinic", "Who and where"),
    "about": ("/en/about/", "The order is never for sale"),
    "accessibility": ("/en/accessibility/", "What we aim for"),
    "style guide": ("/styleguide/", "Every component in every state"),
}
# Everywhere else; what is not found is one of them.
OTHERS = [address for name, (address, _words) in test_accessibility.PAGES.items() if name != "not found"]
WIDTHS = (SMALL_PHONE, DESKTOP)
CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
# Width and height in CSS pixels (WCAG 2.2, 2.5.8). Exempt are links within a text, texts by editors, and map dots:
# their targets are lines around them, which a box does not measure (test_map.py does).
SMALL = """controls => {
    const isInText = link => {
        let block = link.parentElement;
        while (getComputedStyle(block).display === 'inline') block = block.parentElement;
        return getComputedStyle(link).display === 'inline' && block.innerText.length > link.innerText.length + 3;
    };
    const isExempt = control => control.closest('.prose, .map__dot, .skip-link') || isInText(control);
    return [...document.querySelectorAll(controls)].filter(control => {
        const box = (control.closest('label') || control).getBoundingClientRect();
        return control.checkVisibility({visibilityProperty: true}) && Math.min(box.width, box.height) < 23.9
            && !isExempt(control);
    }).map(control => control.outerHTML.slice(0, 120));
}"""
# Controls that are outside the window or behind something else once they have the focus (WCAG 2.2, 2.4.11).
COVERED = """controls => {
    const isSeen = control => [...control.getClientRects()].some(box => {
        const middle = (start, end, most) => (Math.max(start, 0) + Math.min(end, most)) / 2;
        const x = middle(box.left, box.right, innerWidth), y = middle(box.top, box.bottom, innerHeight);
        const hit = document.elementFromPoint(x, y);
        return hit && (control.contains(hit) || hit.contains(control));
    });
    return [...document.querySelectorAll(controls)].filter(control => {
        if (!control.checkVisibility({visibilityProperty: true}) || control.disabled) return false;
        control.focus();
        return !isSeen(control);
    }).map(control => control.outerHTML.slice(0, 120));
}"""


def at_widths(page: Page, code: str, argument: str | None = None) -> dict[int, object]:
    """What ``code`` finds on the page at each width."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = page.evaluate(code, argument)
    return found


NOTHING: dict[int, object] = {width: [] for width in WIDTHS}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page: OpenPage, name: str) -> None:
    address, words = PAGES[name]
    page = open_page(address, width=SMALL_PHONE)
    assert words in page.locator("main").inner_text()

    on_phone = violations(page)
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    in_light = violations(page)
    page.emulate_media(color_scheme="dark")
    in_dark = violations(page, *RULES_ON_COLOUR)

    # The style guide shows three paginations, each of which a page has once.
    found = [text for text in on_phone + in_light + in_dark if "pagination" not in text]
    assert found == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways(open_page: OpenPage, name: str) -> None:
    page = open_page(PAGES[name][0])

    assert at_widths(page, SIDEWAYS) == NOTHING


def test_targets_are_large_enough(open_page: OpenPage) -> None:
    page = open_page("/en/")
    found = {}

    for address in [*OTHERS, *(address for address, _words in PAGES.values())]:
        page.goto(address)
        found[address] = at_widths(page, SMALL, CONTROLS)

    assert {address: small for address, small in found.items() if small != NOTHING} == {}


def test_focus_is_never_covered(open_page: OpenPage) -> None:
    page = open_page("/en/")
    found = {}

    for address in [*OTHERS, *(address for address, _words in PAGES.values())]:
        page.goto(address)
        # From now on the browser shows the focus as for a keyboard.
        page.keyboard.press("Tab")
        found[address] = at_widths(page, COVERED, CONTROLS)

    assert {address: covered for address, covered in found.items() if covered != NOTHING} == {}


def test_measures_above_would_find_something(open_page: OpenPage) -> None:
    page = open_page("/en/about/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p><a href=\"#main\">Alone</a></p>')"
    )
    assert [html[:8] for html in page.evaluate(SMALL, CONTROLS)] == ["<a href="]
    assert page.evaluate(COVERED, CONTROLS) == []

    page.evaluate("document.querySelector('footer').style.cssText = 'position: fixed; inset: 0; margin: 0; z-index: 9'")

    covered = page.evaluate(COVERED, CONTROLS)
    assert covered[0].startswith('<a class="skip-link"')


def test_no_page_sets_a_cookie_or_asks_anybody_else(open_page: OpenPage) -> None:
    page = open_page("/en/")
    requests: list[str] = []
    page.context.on("request", lambda request: requests.append(request.url))

    for address in [*OTHERS, *(address for address, _words in PAGES.values()), f"{FILTERED}&page=2"]:
        page.goto(address)
        page.mouse.wheel(0, 10_000)

    # Requests to others, pictures and scripts among them, are among the complaints that fail every test here.
    assert len(requests) > 2 * len(OTHERS)
    assert page.context.cookies() == []


def test_nothing_moves_for_those_who_asked_for_less_motion(open_page: OpenPage) -> None:
    page = open_page("/en/conditions/liver-metastases/")
    scrolling = "getComputedStyle(document.documentElement).scrollBehavior"

    calm = page.evaluate(scrolling)
    page.emulate_media(reduced_motion="no-preference")

    assert (calm, page.evaluate(scrolling)) == ("auto", "smooth")
    assert page.evaluate("document.getAnimations().length") == 0


def test_keyboard_finds_a_condition_filters_and_opens_a_profile(open_page: OpenPage) -> None:
    page = open_page("/en/")

    press_until(page, "Tab", f"{FOCUSED}.matches('#search-q')")
    page.keyboard.type("liver mets")
    expect(page.get_by_role("option").first).to_be_visible()
    press_until(page, "ArrowDown", "document.querySelector('[aria-selected=true]')?.innerText.includes('Condition')")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Specialists in Liver metastases")

    press_until(page, "Tab", f"{FOCUSED}.matches('.chip')")
    page.keyboard.press("Enter")
    expect(page.locator(".chip--active")).to_have_count(2)

    press_until(page, "Tab", f"{FOCUSED}.matches('.card a')", limit=250)
    page.keyboard.press("Enter")
    expect(page.locator(".profile-head")).to_be_visible()
