"""The shortlist in a browser: buttons that remember, the link that counts, the page that compares, and no script."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SMALL_PHONE, OpenPage
from tests.browser.test_accessibility import RULES_ON_COLOUR, SIDEWAYS, violations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
STERNWALD, CLINIC, NOBODY = "prof-aurelia-sternwald", "sonnwendhof-clinic-heidelberg", "nobody-at-all"
BOTH = f"/en/shortlist/?p={STERNWALD}&p={CLINIC}"
STORED = "JSON.parse(localStorage.getItem('shortlist'))"
FORBID_STORAGE = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("denied", "SecurityError"); },
})"""


def remember(page: Page, number: int = 0) -> Locator:
    return page.locator("[data-shortlist=remember]").nth(number)


def link(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Main").get_by_role("link", name="Shortlist")


def status(page: Page) -> Locator:
    return page.locator("#shortlist-status")


def store(page: Page, *slugs: Any) -> None:
    page.evaluate("kept => localStorage.setItem('shortlist', kept)", json.dumps(slugs))


def test_card_is_remembered_counted_and_compared(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/")
    expect(remember(page)).to_have_attribute("aria-pressed", "false")
    expect(link(page)).to_be_hidden()

    remember(page, 0).click()
    remember(page, 2).click()

    expect(remember(page)).to_have_attribute("aria-pressed", "true")
    expect(status(page)).to_have_text("Remembered. On your shortlist: 2.")
    expect(link(page)).to_have_text("Shortlist (2)")
    names = page.locator(".card__name").all_inner_texts()
    link(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Specialists side by side")
    assert page.locator(".comparison__name").all_inner_texts() == [names[0], names[2]]
    assert page.evaluate("[sessionStorage.length, document.cookie]") == [0, ""]


def test_second_press_forgets_again(open_page: OpenPage) -> None:
    page = open_page(f"/en/specialists/{STERNWALD}/")
    remember(page).click()
    expect(link(page)).to_have_text("Shortlist (1)")

    remember(page).click()

    expect(status(page)).to_have_text("Taken off your shortlist. Left on it: 0.")
    expect(remember(page)).to_have_attribute("aria-pressed", "false")
    expect(link(page)).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0


def test_button_is_named_and_worked_by_the_keyboard(open_page: OpenPage) -> None:
    page = open_page(f"/en/specialists/{STERNWALD}/")
    button = page.get_by_role("button", name="Remember Prof. Dr. Aurelia Sternwald", pressed=False)

    button.focus()
    page.keyboard.press("Space")

    expect(page.get_by_role("button", name="Remember Prof. Dr. Aurelia Sternwald", pressed=True)).to_be_focused()
    assert page.evaluate(STORED) == [STERNWALD]


def test_full_list_takes_nobody_more(open_page: OpenPage) -> None:
    page = open_page(f"/en/specialists/{STERNWALD}/")
    eight = [f"someone-{number}" for number in range(8)]
    store(page, *eight)
    page.reload()

    remember(page).click()

    expect(status(page)).to_have_text("Your shortlist is full. It has room for 8: take somebody off first.")
    expect(remember(page)).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(STORED) == eight


@pytest.mark.parametrize("kept", ["{", "null", '"text"', "{}", "7", '[1, null, "../x", "?p=a"]'])
def test_spoilt_storage_counts_as_empty(open_page: OpenPage, kept: str) -> None:
    page = open_page("/en/")
    page.evaluate("kept => localStorage.setItem('shortlist', kept)", kept)

    page.goto(f"/en/specialists/{STERNWALD}/")

    expect(link(page)).to_be_hidden()
    remember(page).click()
    expect(link(page)).to_have_text("Shortlist (1)")


def test_buttons_work_in_what_htmx_swaps_in(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/")
    first = remember(page).get_attribute("data-slugs")

    page.get_by_role("link", name="Next").click()
    expect(page.locator(".pagination [aria-current=page]")).to_contain_text("2")
    expect(remember(page)).not_to_have_attribute("data-slugs", first or "")
    expect(remember(page)).to_be_visible()
    slug = remember(page).get_attribute("data-slugs")
    remember(page).click()

    expect(remember(page)).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(STORED) == [slug]


def test_other_windows_follow(open_page: OpenPage) -> None:
    page = open_page(f"/en/specialists/{STERNWALD}/")
    other = page.context.new_page()
    other.goto(f"/en/specialists/{CLINIC}/")

    remember(other).click()

    expect(link(page)).to_have_text("Shortlist (1)")


def test_remove_from_ones_own_list_forgets(open_page: OpenPage) -> None:
    page = open_page("/en/")
    store(page, STERNWALD, CLINIC)
    page.goto(BOTH)

    page.get_by_role("link", name="Remove Prof. Dr. Aurelia Sternwald").click()

    page.wait_for_url(f"**/en/shortlist/?p={CLINIC}")
    assert page.evaluate(STORED) == [CLINIC]


def test_remove_from_anothers_list_leaves_ones_own_alone(open_page: OpenPage) -> None:
    page = open_page("/en/")
    store(page, STERNWALD)
    page.goto(BOTH)

    page.get_by_role("link", name="Remove Prof. Dr. Aurelia Sternwald").click()

    page.wait_for_url(f"**/en/shortlist/?p={CLINIC}")
    assert page.evaluate(STORED) == [STERNWALD]


def test_anothers_list_is_remembered_on_demand(open_page: OpenPage) -> None:
    page = open_page(BOTH)
    assert page.evaluate("localStorage.length") == 0

    page.get_by_role("button", name="Remember this list on this device").click()

    expect(status(page)).to_have_text("Remembered. On your shortlist: 2.")
    expect(page.locator("[data-shortlist=keep]")).to_be_hidden()
    assert page.evaluate(STORED) == [STERNWALD, CLINIC]


def test_who_has_gone_is_dropped_from_the_storage(open_page: OpenPage) -> None:
    page = open_page("/en/")
    store(page, NOBODY, STERNWALD)
    page.reload()

    link(page).click()

    expect(page.locator(".notice")).to_contain_text("1 specialist of this list is not, or no longer, in the directory")
    expect(link(page)).to_have_text("Shortlist (1)")
    assert page.evaluate(STORED) == [STERNWALD]


def test_forgetting_leaves_nothing(open_page: OpenPage) -> None:
    page = open_page("/en/")
    store(page, STERNWALD, CLINIC)
    page.goto(BOTH)

    page.get_by_role("button", name="Forget my shortlist").click()

    page.wait_for_url("**/en/shortlist/")
    expect(page.get_by_text("Nobody is in this list yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Forget my shortlist")).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0


def test_address_is_copied(open_page: OpenPage, site: str) -> None:
    page = open_page(BOTH)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy the address").click()

    expect(status(page)).to_have_text("The address is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == site + BOTH


def test_without_script_the_list_is_built_by_links(open_page: OpenPage) -> None:
    page = open_page(f"/en/specialists/{STERNWALD}/", scripts=False)
    expect(page.locator(".remember:visible")).to_have_count(0)
    expect(link(page)).to_be_hidden()

    page.get_by_role("link", name="Add to a comparison").click()
    page.get_by_label("Name of a physician or clinic").fill("sonnwendhof heidelberg")
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("link", name="Add Sonnwendhof Clinic Heidelberg").click()

    page.wait_for_url("**" + BOTH)
    expect(page.locator(".comparison__name")).to_have_count(2)
    page.get_by_role("link", name="Show only the differences").click()
    expect(page.get_by_role("rowheader", name="Kind")).to_be_visible()
    page.get_by_role("link", name="Remove Sonnwendhof Clinic Heidelberg").click()
    expect(page.locator(".comparison__name")).to_have_text(["Prof. Dr. Aurelia Sternwald"])
    for name in ("print", "copy", "keep", "forget"):
        expect(page.locator(f"[data-shortlist={name}]")).to_be_hidden()


def test_without_storage_nothing_is_offered(open_page: OpenPage) -> None:
    page = open_page("/en/")
    page.context.add_init_script(FORBID_STORAGE)

    page.goto(f"/en/specialists/{STERNWALD}/")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.get_by_role("button", name="Remember").count() == 0


@pytest.mark.parametrize("width", [SMALL_PHONE, DESKTOP])
@pytest.mark.parametrize("address", [BOTH, f"{BOTH}&q=clinic&p={NOBODY}", "/en/shortlist/"])
def test_axe_finds_nothing(open_page: OpenPage, address: str, width: int) -> None:
    page = open_page(address, width=width)

    in_light = violations(page)
    page.emulate_media(color_scheme="dark")

    assert in_light + violations(page, *RULES_ON_COLOUR) == []


def test_axe_finds_nothing_once_remembered(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/", width=PHONE)

    remember(page).click()
    in_light = violations(page)
    page.emulate_media(color_scheme="dark")

    expect(status(page)).not_to_be_empty()
    assert in_light + violations(page, *RULES_ON_COLOUR) == []


def test_table_scrolls_in_its_own_box_with_its_heads_in_view(open_page: OpenPage) -> None:
    page = open_page(BOTH, width=PHONE)
    box, head = page.locator(".comparison"), page.get_by_role("rowheader", name="Languages")
    before = head.bounding_box()

    box.evaluate("box => { box.scrollLeft = 60; }")

    assert box.evaluate("box => box.scrollLeft") == 60
    assert head.bounding_box() == before
    assert page.evaluate(SIDEWAYS) == []
    page.set_viewport_size({"width": SMALL_PHONE, "height": 800})
    assert page.evaluate(SIDEWAYS) == []


def test_targets_are_large_enough(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/", width=PHONE)
    remember(page).click()
    heights = [remember(page).bounding_box(), link(page).bounding_box()]
    page.goto(BOTH)
    targets = page.locator(".comparison__remove, main .button")
    heights += [box.bounding_box() for box in targets.all() if box.is_visible()]

    assert len(heights) >= 8
    assert [box for box in heights if box is None or box["height"] < 44] == []


def test_nothing_moves_when_the_script_comes(open_page: OpenPage) -> None:
    page = open_page("/en/", width=PHONE)
    page.context.add_init_script(
        """window.moved = 0;
        new PerformanceObserver(list => {
            for (const entry of list.getEntries()) window.moved += entry.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    store(page, STERNWALD)

    for address in ("/en/specialists/", f"/en/specialists/{STERNWALD}/"):
        page.goto(address)
        expect(remember(page)).to_be_visible()
        assert page.evaluate("moved") == 0


def test_paper_is_landscape_with_addresses_and_without_buttons(open_page: OpenPage) -> None:
    page = open_page(BOTH)

    page.emulate_media(media="print")

    for gone in (".comparison__remove", ".shortlist__part", "#shortlist-address", "main .button"):
        assert [part for part in page.locator(gone).all() if part.is_visible()] == []
    expect(page.locator(".comparison__printed")).to_contain_text(BOTH)
    shown = "element => getComputedStyle(element, '::after').content"
    assert f"/en/specialists/{STERNWALD}/" in page.locator(".comparison__name").first.evaluate(shown)
    assert b"/MediaBox [0 0 792 612]" in page.pdf(prefer_css_page_size=True)
