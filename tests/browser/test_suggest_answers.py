"""What suggestions do with late, failing and hostile answers, and how their list looks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

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
    conditions,
    field,
    fragment,
    option,
    pages,
    press,
    type_and_wait,
)
from tests.browser.conftest import DESKTOP, SMALL_PHONE, Complaints
from tests.browser.test_accessibility import SIDEWAYS, violations

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
def show(browser: Browser, site: str, complaints: Complaints, endpoint: Endpoint) -> Iterator[Show]:
    yield from pages(browser, site, complaints, endpoint)


def test_late_answer_is_ignored(show: Show, endpoint: Endpoint) -> None:
    waiting: list[Route] = []
    page = show()
    endpoint.answer = waiting.append
    field(page).focus()
    page.keyboard.type("li")
    page.wait_for_timeout(PAUSE_MS)
    endpoint.gives([option("Newer")])

    page.keyboard.type("ver")
    expect(page.get_by_role("option")).to_have_text(["Newer Condition"])
    trial.fulfil(waiting[0], fragment([option("Older")]))
    page.wait_for_timeout(PAUSE_MS)

    expect(page.get_by_role("option")).to_have_text(["Newer Condition"])
    assert endpoint.asked == ["?for=search&q=li", "?for=search&q=liver"]


def test_list_somebody_moves_in_stays(show: Show, endpoint: Endpoint) -> None:
    waiting: list[Route] = []
    page = show()
    listbox = type_and_wait(page, "li")
    endpoint.answer = waiting.append
    page.keyboard.type("v")
    page.wait_for_timeout(PAUSE_MS)
    assert len(waiting) == 1

    assert press(page, "ArrowDown") == [NAMES[0]]
    trial.fulfil(waiting[0], fragment([option("Other")]))
    page.wait_for_timeout(PAUSE_MS)

    expect(listbox).to_be_visible()
    assert page.evaluate(ACTIVE) == NAMES[0]


def test_answer_after_the_field_was_left_opens_nothing(show: Show, endpoint: Endpoint) -> None:
    waiting: list[Route] = []
    page = show()
    endpoint.answer = waiting.append
    field(page).focus()
    page.keyboard.type("liver")
    page.wait_for_timeout(PAUSE_MS)
    assert len(waiting) == 1

    page.keyboard.press("Tab")
    trial.fulfil(waiting[0], fragment(conditions()))
    page.wait_for_timeout(PAUSE_MS)

    expect(page.locator("#suggest-1")).to_be_hidden()
    assert page.locator(STATUS).inner_text() == ""


@pytest.mark.parametrize("fault", ["offline", "error", "other page"])
def test_form_works_when_suggestions_fail(
    show: Show, site: str, endpoint: Endpoint, complaints: Complaints, fault: str
) -> None:
    answers: dict[str, trial.Answer] = {
        "offline": lambda route: route.abort(),
        "error": lambda route: route.fulfill(status=500, body=fragment(conditions())),
        "other page": lambda route: trial.fulfil(route, trial.document("<p>Sign in</p>")),
    }
    complaints.faults.add(f"{site}/en/suggest/?for=search&q=liver+can")
    page = show()
    listbox = type_and_wait(page)
    endpoint.answer = answers[fault]

    page.keyboard.type(" can")
    expect(listbox).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    assert arrived(page) == "/en/search/?q=liver+can"


def test_suggestions_come_back_after_a_failure(
    show: Show, site: str, endpoint: Endpoint, complaints: Complaints
) -> None:
    complaints.faults.add(f"{site}/en/suggest/?for=search&q=li")
    endpoint.answer = lambda route: route.fulfill(status=503, body="")
    page = show()
    field(page).focus()
    with page.expect_response("**/en/suggest/**"):
        page.keyboard.type("li")
    endpoint.gives(conditions())

    type_and_wait(page, "ver")

    assert page.get_by_role("option").count() == 3


def test_names_are_shown_as_text(show: Show, endpoint: Endpoint) -> None:
    endpoint.gives([option('<img src=x onerror="document.title=1">"&', kind="<b>Clinic</b>", note="<i>also</i>")])
    page = show()

    type_and_wait(page)

    expect(page.get_by_role("option")).to_have_text(
        ['<img src=x onerror="document.title=1">"& <b>Clinic</b> <i>also</i>']
    )


def test_nine_options_show_eight(show: Show, endpoint: Endpoint) -> None:
    nine = "".join(f'<li role="option" data-value="{number}">{number}</li>' for number in range(9))
    endpoint.answer = lambda route: trial.fulfil(route, f'<ul role="listbox" aria-label="Suggestions">{nine}</ul>')
    page = show()

    type_and_wait(page)

    expect(page.get_by_role("option")).to_have_text(list("01234567"))


def test_field_that_htmx_swaps_in_is_enhanced_once(show: Show) -> None:
    page = show()
    # What htmx does when it brings back a page from its history: the same text, other elements.
    page.evaluate("""() => {
        const main = document.querySelector("main");
        main.innerHTML = main.innerHTML;
        document.querySelector("h1").dispatchEvent(new Event("htmx:load", { bubbles: true }));
        document.querySelector("h1").dispatchEvent(new Event("htmx:load", { bubbles: true }));
    }""")

    type_and_wait(page)

    assert press(page, "ArrowDown") == [NAMES[0]]
    assert page.locator("[role=listbox]").evaluate_all("lists => lists.map(list => list.id)") == ["suggest-2"]
    assert page.locator("[role=status]").count() == 1


def test_nothing_is_stored(show: Show) -> None:
    page = show()

    type_and_wait(page)

    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.mark.parametrize("body", [FORM, PLACE], ids=["search", "place"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(show: Show, endpoint: Endpoint, body: str, scheme: str) -> None:
    endpoint.gives([*conditions(), option("Leberkrebs", note="also called: liver mets")])
    page = show(body)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    closed = violations(page)

    type_and_wait(page)
    press(page, "ArrowDown", "ArrowDown")
    page.get_by_role("option").last.hover()

    assert closed + violations(page) == []


@pytest.mark.parametrize(("width", "text_size"), [(SMALL_PHONE, "100%"), (SMALL_PHONE * 2, "200%")])
def test_list_fits_a_narrow_window(show: Show, endpoint: Endpoint, width: int, text_size: str) -> None:
    long = "Donaudampfschifffahrtsgesellschaftskapitaensleiden, " + "a very long name " * 3
    endpoint.gives([*conditions(), option(long, kind="Condition", note="also called: " + long)])
    page = show(f'<div class="site-header__inner"><p>Name of the site</p>{FORM}</div>', width=width)
    page.evaluate(f"document.documentElement.style.fontSize = '{text_size}'")

    box = type_and_wait(page).bounding_box()
    heights = page.get_by_role("option").evaluate_all("options => options.map(option => option.offsetHeight)")

    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert min(heights) >= 44
    assert page.evaluate(SIDEWAYS) == []


def test_list_of_a_narrow_field_at_the_edge_stays_in_the_window(show: Show) -> None:
    narrow = FORM.replace("search__row", "").replace('class="search__input"', 'size="4"').replace("Search the site", "")
    page = show(
        f'<div class="site-header__inner"><p>Name</p><div>{narrow.replace("<label", "<label hidden")}</div></div>'
    )

    box = type_and_wait(page).bounding_box()

    assert box is not None
    assert box["width"] >= 300
    assert field(page).locator("..").evaluate("parent => parent.offsetWidth") < 250
    assert DESKTOP - 10 <= box["x"] + box["width"] <= DESKTOP


def test_active_option_shows_in_forced_colours(show: Show) -> None:
    page = show()
    page.emulate_media(forced_colors="active")
    type_and_wait(page)

    press(page, "ArrowDown")

    colours = "options => options.map(option => getComputedStyle(option).backgroundColor)"
    first, second, _third = page.get_by_role("option").evaluate_all(colours)
    assert first != second
