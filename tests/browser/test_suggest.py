"""Suggestions while somebody types: keyboard, mouse, touch, what is announced, and a form that works without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import trial
from tests.browser.combobox import (
    ACTIVE,
    FORM,
    NAMES,
    PAUSE_MS,
    PLACE,
    STATUS,
    Endpoint,
    Show,
    arrived,
    field,
    fragment,
    option,
    pages,
    press,
    type_and_wait,
)
from tests.browser.conftest import SMALL_PHONE, Complaints

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
def show(browser: Browser, site: str, complaints: Complaints, endpoint: Endpoint) -> Iterator[Show]:
    yield from pages(browser, site, complaints, endpoint)


def test_field_becomes_a_closed_combobox(show: Show) -> None:
    page = show()

    assert field(page).evaluate("input => input.getAttributeNames().map(name => [name, input.getAttribute(name)])") == [
        ["class", "search__input"],
        ["id", "site-q"],
        ["name", "q"],
        ["type", "search"],
        ["autocomplete", "off"],
        ["maxlength", "100"],
        ["data-suggest", "/en/suggest/?for=search"],
        ["role", "combobox"],
        ["aria-autocomplete", "list"],
        ["aria-controls", "suggest-1"],
        ["aria-expanded", "false"],
    ]
    expect(page.get_by_role("combobox", name="Search the site")).to_be_visible()
    expect(page.locator("#suggest-1")).to_be_hidden()


def test_typing_opens_named_options(show: Show) -> None:
    page = show()

    listbox = type_and_wait(page)

    assert listbox.get_attribute("aria-label") == "Suggestions"
    assert listbox.get_attribute("id") == field(page).get_attribute("aria-controls")
    expect(page.get_by_role("option")).to_have_text([f"{name} Condition" for name in NAMES])
    assert page.locator("mark").all_inner_texts() == ["Li"] * 3
    assert page.evaluate(ACTIVE) is None


def test_number_of_suggestions_is_announced(show: Show) -> None:
    page = show()
    assert page.locator(STATUS).get_attribute("role") == "status"

    type_and_wait(page)
    expect(page.locator(STATUS)).to_have_text("3 suggestions")

    page.keyboard.press("Escape")
    expect(page.locator(STATUS)).to_have_text("")


def test_no_suggestions_are_announced_without_a_list(show: Show, endpoint: Endpoint) -> None:
    endpoint.answer = lambda route: trial.fulfil(route, fragment([], "No suggestions"))
    page = show()

    field(page).focus()
    page.keyboard.type("xyz")

    expect(page.locator(STATUS)).to_have_text("No suggestions")
    expect(page.locator("#suggest-1")).to_be_hidden()
    expect(field(page)).to_have_attribute("aria-expanded", "false")


def test_one_letter_asks_nothing(show: Show, endpoint: Endpoint) -> None:
    page = show()

    field(page).focus()
    page.keyboard.type(" l ")
    page.wait_for_timeout(PAUSE_MS)
    page.keyboard.press("ArrowDown")
    page.keyboard.type("i")
    expect(page.locator(STATUS)).to_have_text("3 suggestions")

    assert endpoint.asked == ["?for=search&q=l+i"]


def test_quick_typing_asks_once(show: Show, endpoint: Endpoint) -> None:
    page = show()

    type_and_wait(page, "liver & lung")

    assert endpoint.asked == ["?for=search&q=liver+%26+lung"]


def test_too_short_a_text_closes_the_list(show: Show, endpoint: Endpoint) -> None:
    page = show()
    listbox = type_and_wait(page, "li")

    page.keyboard.press("Backspace")

    expect(listbox).to_be_hidden()
    assert len(endpoint.asked) == 1


def test_arrows_go_round_and_leave_the_text_alone(show: Show) -> None:
    page = show()
    type_and_wait(page)

    assert press(page, "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown") == [*NAMES, None]
    assert press(page, "ArrowUp", "ArrowUp", "Home", "End", "ArrowLeft") == [
        NAMES[2],
        NAMES[1],
        NAMES[0],
        NAMES[2],
        None,
    ]
    assert field(page).input_value() == "liver"
    assert page.get_by_role("option", selected=True).count() == 0


def test_active_option_is_the_only_selected_one_and_not_by_colour_alone(show: Show) -> None:
    page = show()
    type_and_wait(page)

    press(page, "ArrowDown", "ArrowDown")

    selected = page.get_by_role("option", selected=True)
    expect(selected).to_have_text(f"{NAMES[1]} Condition")
    lines = "options => options.map(option => getComputedStyle(option).outlineStyle)"
    assert page.get_by_role("option").evaluate_all(lines) == ["none", "solid", "none"]
    assert selected.locator(".suggestions__name").evaluate("name => getComputedStyle(name).textDecorationLine") == (
        "underline"
    )


def test_home_and_end_move_in_the_text_while_no_option_is_active(show: Show) -> None:
    page = show()
    type_and_wait(page)

    page.keyboard.press("Home")

    assert field(page).evaluate("input => input.selectionStart") == 0


def test_enter_on_an_option_leads_to_its_page(show: Show) -> None:
    page = show()
    type_and_wait(page)

    press(page, "ArrowDown")
    page.keyboard.press("Enter")

    assert arrived(page) == "/en/conditions/liver-metastases/"


def test_enter_in_the_text_sends_the_form(show: Show) -> None:
    page = show()
    type_and_wait(page)

    page.keyboard.press("Enter")

    assert arrived(page) == "/en/search/?q=liver"


def test_form_works_without_the_script(show: Show, endpoint: Endpoint) -> None:
    page = show(script=False)

    field(page).fill("liver")
    page.get_by_role("button", name="Search").click()

    assert arrived(page) == "/en/search/?q=liver"
    assert endpoint.asked == []


def test_escape_closes_then_clears(show: Show) -> None:
    page = show()
    listbox = type_and_wait(page)

    page.keyboard.press("Escape")
    expect(listbox).to_be_hidden()
    assert field(page).input_value() == "liver"

    page.keyboard.press("Escape")
    assert field(page).input_value() == ""


def test_arrows_open_the_closed_list_again_without_asking(show: Show, endpoint: Endpoint) -> None:
    page = show()
    listbox = type_and_wait(page)

    page.keyboard.press("Escape")
    assert press(page, "Alt+ArrowDown") == [None]
    expect(listbox).to_be_visible()
    page.keyboard.press("Alt+ArrowUp")
    expect(listbox).to_be_hidden()
    assert press(page, "ArrowUp") == [NAMES[2]]
    page.keyboard.press("Escape")
    assert press(page, "ArrowDown") == [NAMES[0]]

    assert len(endpoint.asked) == 1


def test_arrow_asks_for_a_text_that_was_there_before(show: Show, endpoint: Endpoint) -> None:
    page = show(FORM.replace("data-suggest", 'value="liver" data-suggest'))

    field(page).focus()
    page.keyboard.press("ArrowDown")

    expect(page.get_by_role("option", selected=True)).to_have_text(f"{NAMES[0]} Condition")
    assert endpoint.asked == ["?for=search&q=liver"]


def test_tab_closes_and_goes_on(show: Show) -> None:
    page = show()
    listbox = type_and_wait(page)
    press(page, "ArrowDown")

    page.keyboard.press("Tab")

    expect(listbox).to_be_hidden()
    assert field(page).input_value() == "liver"
    expect(page.get_by_role("button", name="Search")).to_be_focused()


def test_click_on_an_option_leads_to_its_page(show: Show) -> None:
    page = show()
    type_and_wait(page)

    page.get_by_text("Condition").nth(1).click()

    assert arrived(page) == "/en/conditions/liver-cancer/"


def test_tap_fills_a_place_and_tells_the_form(show: Show, endpoint: Endpoint) -> None:
    endpoint.gives([option("Frankfurt am Main", kind="Place", note="Hesse, Germany"), option("Frankfurt (Oder)")])
    page = show(PLACE, width=SMALL_PHONE, touch=True)
    page.evaluate("addEventListener('change', event => document.title = `${event.target.name} changed`)")
    listbox = type_and_wait(page, "frank")

    page.get_by_role("option").first.tap()

    expect(listbox).to_be_hidden()
    assert field(page).input_value() == "Frankfurt am Main"
    expect(field(page)).to_be_focused()
    assert page.title() == "near changed"
    assert page.url.endswith(trial.PATH)


def test_enter_fills_a_place_without_sending_the_form(show: Show, endpoint: Endpoint) -> None:
    endpoint.gives([option("Frankfurt am Main"), option("Frankfurt (Oder)")])
    page = show(PLACE)
    type_and_wait(page, "frank")

    press(page, "ArrowUp")
    page.keyboard.press("Enter")

    assert field(page).input_value() == "Frankfurt (Oder)"
    assert page.url.endswith(trial.PATH)
    page.keyboard.press("Enter")
    assert arrived(page) == "/en/specialists/?near=Frankfurt+%28Oder%29"
