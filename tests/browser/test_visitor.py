"""A visitor's ways through the site without scripts, on a phone, and with the keyboard alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, OpenPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]
FOCUSED = "document.activeElement"
# The focused element where its focus cannot be seen: no line around it, or outside the window.
FOCUS_HIDDEN = """() => {
    const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
    const isLined = style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
    const isInWindow = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return element === document.body || (isLined && isInWindow) ? null : element.outerHTML.slice(0, 120);
}"""


def found(page: Page) -> int:
    """The number in the heading of the list."""
    words = page.locator("#results").inner_text()
    match = re.fullmatch(r"(\d+) specialists? found", words.strip())
    assert match is not None, words
    return int(match[1])


def facet(page: Page, name: str) -> Locator:
    return page.locator("details.facet").filter(has=page.locator("summary", has_text=re.compile(rf"^\s*{name}")))


def option(page: Page, name: str, label: str) -> Locator:
    return facet(page, name).locator("label.option").filter(has=page.get_by_text(label, exact=True))


def tick(page: Page, name: str, label: str) -> int:
    """Tick an option, unfolding its facet first where needed; the number that stands beside it."""
    if facet(page, name).get_attribute("open") is None:
        facet(page, name).locator("summary").click()
    option(page, name, label).locator("input").check()
    return int(re.sub(r"\D", "", option(page, name, label).locator(".option__count").inner_text()))


def submit(page: Page) -> None:
    page.get_by_role("button", name="Show results").click()


def active_filters(page: Page) -> list[str]:
    words = [" ".join(text.split()) for text in page.locator(".active-filters .chip").all_inner_texts()]
    return [word.removeprefix("Remove filter ").removesuffix(" ×") for word in words]


def press_until(page: Page, key: str, condition: str, limit: int = 60) -> int:
    """Press ``key`` until ``condition`` holds; how often that was."""
    for presses in range(1, limit + 1):
        page.keyboard.press(key)
        if page.evaluate(condition):
            return presses
    raise AssertionError(f"{condition} is not reached by pressing {key} {limit} times")


def test_search_leads_to_a_condition_and_its_filters_tell_the_truth(open_page: OpenPage) -> None:
    page = open_page("/en/", scripts=False)

    main = page.locator("main")
    main.get_by_role("searchbox").fill("liver mets")
    main.get_by_role("button", name="Search").click()
    page.wait_for_url("**/en/search/?q=liver+mets")
    main.get_by_role("link", name="Liver metastases", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Specialists in Liver metastases")
    assert page.locator(".found__count").inner_text() == "21 specialists found"
    chips = page.locator(".quick-filters .chip")
    promised = {chip.inner_text(): int(chip.locator(".chip__count").inner_text()) for chip in chips.all()}
    assert len(promised) >= 5
    kept = {}
    for position, name in enumerate(promised):
        chips.nth(position).click()
        kept[name] = found(page)
        assert len(active_filters(page)) == 2
        page.go_back()
    assert kept == promised


def test_search_by_pressing_enter_finds_everyday_words(open_page: OpenPage) -> None:
    page = open_page("/en/conditions/", scripts=False)

    main = page.locator("main")
    main.get_by_role("searchbox").fill("bowel cancer")
    page.keyboard.press("Enter")

    page.wait_for_url("**/en/conditions/?q=bowel+cancer")
    assert main.get_by_role("link", name="Colorectal cancer", exact=True).is_visible()
    assert main.get_by_role("searchbox").input_value() == "bowel cancer"


def test_slip_of_the_pen_finds_what_was_meant(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/", scripts=False)

    page.get_by_label("Name, condition or treatment").fill("leever metastisis")
    submit(page)
    assert found(page) == 21
    assert "Showing results for liver metastasis." in page.locator(".reading").inner_text()
    assert page.get_by_label("Name, condition or treatment").input_value() == "leever metastisis"

    page.get_by_role("link", name="Search instead for “leever metastisis”").click()
    assert found(page) == 0
    assert page.locator(".reading").count() == 0


def test_ticked_filters_find_the_number_beside_them(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/", scripts=False)
    everyone = found(page)

    promised = tick(page, "Condition", "Liver metastases")
    submit(page)
    assert found(page) == promised == 21
    assert everyone == 160

    promised = tick(page, "Physician or clinic", "Clinic")
    submit(page)
    assert 0 < found(page) == promised < 21
    assert active_filters(page) == ["Condition: Liver metastases", "Physician or clinic: Clinic"]
    assert page.locator(".card").count() == promised


def test_two_ticks_in_one_facet_widen_the_list(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/?country=AT", scripts=False)
    austria = found(page)

    switzerland = tick(page, "Country", "Switzerland")
    submit(page)

    assert active_filters(page) == ["Country: Austria", "Country: Switzerland"]
    assert austria < found(page) <= austria + switzerland


def test_name_and_order_are_kept_beside_the_ticks(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/?kind=clinic", scripts=False)

    page.get_by_label("Name, condition or treatment").fill("sonnwendhof")
    page.get_by_label("Sort by").select_option(label="Most recently verified")
    submit(page)

    assert found(page) == 1
    assert active_filters(page) == ["Physician or clinic: Clinic", "Search: sonnwendhof"]
    assert page.get_by_label("Sort by").input_value() == "verified"
    assert option(page, "Physician or clinic", "Clinic").locator("input").is_checked()


def test_link_removes_its_filter_only(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/?condition=liver-metastases&kind=clinic", scripts=False)

    page.get_by_role("link", name="Remove filter Physician or clinic: Clinic").click()
    assert (found(page), active_filters(page)) == (21, ["Condition: Liver metastases"])
    assert option(page, "Condition", "Liver metastases").locator("input").is_checked()

    page.get_by_role("link", name="Clear all filters").click()
    assert (found(page), active_filters(page)) == (160, [])


def test_back_brings_the_former_filters(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/", scripts=False)
    tick(page, "Condition", "Liver metastases")
    submit(page)
    tick(page, "New patients", "Accepting new patients")
    submit(page)
    narrowed = found(page)
    page.locator(".card__name a").first.click()
    expect(page.locator(".profile-head")).to_be_visible()

    page.go_back()
    assert (found(page), len(active_filters(page))) == (narrowed, 2)
    assert option(page, "New patients", "Accepting new patients").locator("input").is_checked()

    page.go_back()
    assert (found(page), active_filters(page)) == (21, ["Condition: Liver metastases"])
    assert option(page, "Condition", "Liver metastases").locator("input").is_checked()


def test_back_leaves_no_tick_that_the_list_does_not_follow(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/?condition=liver-metastases", scripts=False)
    tick(page, "Physician or clinic", "Clinic")
    submit(page)
    expect(page.locator(".active-filters .chip")).to_have_count(2)

    page.go_back()

    ticked = page.locator("#filters input:checked").evaluate_all("boxes => boxes.map(box => box.value)")
    assert (found(page), ticked) == (21, ["liver-metastases"])


def test_empty_list_names_the_way_out_with_its_number(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/?condition=liver-metastases&treatment=mastectomy", scripts=False)
    assert found(page) == 0

    way_out = page.locator(".nothing a").first
    promised = int(re.search(r": (\d+) specialist", way_out.inner_text())[1])  # type: ignore[index]
    way_out.click()

    assert found(page) == promised > 0


def test_pages_of_the_list_hold_everybody_once(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/?kind=clinic", scripts=False)
    names = page.locator(".card__name").all_inner_texts()

    page.get_by_role("link", name="Next").click()
    names += page.locator(".card__name").all_inner_texts()

    assert len(names) == len(set(names)) == found(page) == 40
    assert page.get_by_role("link", name="Next").count() == 0
    assert page.locator("[aria-current=page]").last.inner_text().split() == ["Page", "2"]


def test_phone_unfolds_the_filters_without_a_script(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/?condition=liver-metastases", width=PHONE, scripts=False)
    filters = page.locator("#filters")
    expect(filters).to_be_hidden()
    expect(page.locator(".card").first).to_be_in_viewport()

    page.get_by_role("link", name="Filter and sort").click()
    expect(filters).to_be_visible()
    expect(page.get_by_role("heading", name="Filters")).to_be_in_viewport()
    promised = tick(page, "Physician or clinic", "Clinic")
    submit(page)

    assert found(page) == promised > 0
    expect(filters).to_be_hidden()
    expect(page.locator("#results")).to_be_in_viewport()


def test_phone_folds_the_filters_again(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/#filters", width=PHONE, scripts=False)
    expect(page.locator("#filters")).to_be_visible()

    page.get_by_role("link", name="Close the filters").click()

    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#results")).to_be_in_viewport()


def test_desk_needs_no_link_to_the_filters(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/", width=DESKTOP, scripts=False)

    expect(page.locator("#filters")).to_be_in_viewport()
    expect(page.get_by_text("Filter and sort")).to_be_hidden()
    expect(page.get_by_text("Close the filters")).to_be_hidden()


@pytest.mark.parametrize("address", ["/en/", "/en/conditions/liver-metastases/", "/en/specialists/"])
def test_keyboard_skips_to_the_content(open_page: OpenPage, address: str) -> None:
    page = open_page(address)

    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate(f"document.querySelector('main').contains({FOCUSED})")


def test_keyboard_filters_and_follows_a_result(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/")

    presses = press_until(page, "Tab", f"{FOCUSED}.matches('#id_q')")
    assert presses <= 12
    press_until(page, "Tab", f"{FOCUSED}.matches('summary') && {FOCUSED}.innerText.trim() === 'Physician or clinic'")
    page.keyboard.press("Enter")
    press_until(page, "Tab", f"{FOCUSED}.value === 'clinic'", limit=2)
    page.keyboard.press("Space")
    assert page.evaluate(f"{FOCUSED}.checked")
    expect(page.locator("#results")).to_have_text("40 specialists found")
    press_until(page, "Tab", f"{FOCUSED}.innerText === 'Show results'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/specialists/?*kind=clinic*")

    assert (found(page), active_filters(page)) == (40, ["Physician or clinic: Clinic"])
    press_until(page, "Tab", f"{FOCUSED}.closest('.card') !== null")
    page.keyboard.press("Enter")
    expect(page.locator(".profile-head")).to_be_visible()


def test_keyboard_reaches_the_filters_before_the_results(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/?condition=liver-metastases")
    places = []

    for _ in range(80):
        page.keyboard.press("Tab")
        place = page.evaluate(
            f"{FOCUSED}.closest('header, .breadcrumb, #filters, .finder__results, footer')?.className"
        )
        if place and place not in places:
            places.append(place)

    assert places[:3] == ["site-header", "breadcrumb", "finder__filters"]
    assert places[3] == "finder__results"


def test_keyboard_opens_the_filters_on_a_phone(open_page: OpenPage) -> None:
    page = open_page("/en/specialists/", width=PHONE)

    press_until(page, "Tab", f"{FOCUSED}.innerText.trim() === 'Filter and sort'")
    page.keyboard.press("Enter")
    expect(page.locator("#filters")).to_be_visible()
    page.keyboard.press("Tab")

    expect(page.get_by_label("Name, condition or treatment")).to_be_focused()


@pytest.mark.parametrize(
    "address", ["/en/", "/en/conditions/", "/en/conditions/liver-metastases/", "/en/specialists/?condition=gallstones"]
)
def test_focus_is_always_visible(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    hidden = []

    for _ in range(35):
        page.keyboard.press("Tab")
        hidden.append(page.evaluate(FOCUS_HIDDEN))

    assert hidden == [None] * 35


def test_contents_lead_to_their_sections(open_page: OpenPage) -> None:
    page = open_page("/en/conditions/liver-metastases/", scripts=False)
    entries = page.locator(".contents__list a")
    assert entries.count() > 5

    entry = entries.nth(3)
    entry.click()

    heading = page.locator(":target")
    expect(heading).to_be_in_viewport()
    assert heading.inner_text() == entry.inner_text()
