"""The list of specialists with its script: the same addresses and numbers as without, and nobody loses their place."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django import DjangoDbBlocker

from specialists.models import Place
from tests.browser.conftest import DESKTOP, PHONE, SMALL_PHONE, Complaints, OpenPage
from tests.browser.test_accessibility import SIDEWAYS, violations, violations_in_both_schemes
from tests.browser.test_visitor import active_filters, facet, found, option, submit, tick
from tests.specialists.gazetteer import make_city, store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample", "_places")]

LIST = "/en/specialists/"
STORED = "[localStorage.length, sessionStorage.length, document.cookie]"
# Set on the page that was opened: gone as soon as another page is loaded.
MARK = "window.isSamePage = true"
IS_SAME_PAGE = "window.isSamePage === true"


@pytest.fixture(scope="module")
def _places(sample: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        store(
            make_city("Frankfurt am Main", 750_000, latitude=50.11, longitude=8.68),
            make_city("Neustadt an der Weinstraße", 53_000, region="Rheinland-Pfalz", latitude=49.35, longitude=8.14),
            make_city("Neustadt in Holstein", 15_000, region="Schleswig-Holstein", latitude=54.1, longitude=10.81),
        )
        yield
        Place.objects.all().delete()


def start(open_page: OpenPage, address: str = LIST, width: int = DESKTOP) -> Page:
    page = open_page(address, width=width)
    page.evaluate(MARK)
    return page


def announced(page: Page, number: int) -> None:
    """Waits until the list has been replaced and the screen reader told so."""
    expect(page.locator("#announcement")).to_have_text(re.compile(rf"^{number} specialists? found$"))
    assert found(page) == number


def query(page: Page) -> dict[str, list[str]]:
    """The filled values of the page's address."""
    pairs = page.evaluate("[...new URL(location).searchParams].filter(([, value]) => value)")
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def test_tick_shows_its_number_at_once_and_the_address_holds_it(open_page: OpenPage) -> None:
    page = start(open_page)

    promised = tick(page, "Condition", "Liver metastases")

    announced(page, 21)
    assert promised == 21
    assert query(page)["condition"] == ["liver-metastases"]
    assert active_filters(page) == ["Condition: Liver metastases"]
    assert page.evaluate(IS_SAME_PAGE)


def test_address_of_a_tick_is_a_page_of_its_own(open_page: OpenPage) -> None:
    page = start(open_page)
    tick(page, "Condition", "Liver metastases")
    announced(page, 21)

    other = open_page(page.url.partition("/en/")[1] + page.url.partition("/en/")[2])

    assert (found(other), active_filters(other)) == (21, ["Condition: Liver metastases"])


def test_keyboard_stays_on_the_box_and_unfolded_facets_stay_unfolded(open_page: OpenPage) -> None:
    page = start(open_page)
    facet(page, "Language spoken").locator("summary").click()
    facet(page, "Physician or clinic").locator("summary").click()
    option(page, "Physician or clinic", "Clinic").locator("input").focus()

    page.keyboard.press("Space")

    announced(page, 40)
    expect(page.locator("#kind-clinic")).to_be_focused()
    for name in ("Condition", "Language spoken", "Physician or clinic"):
        assert facet(page, name).get_attribute("open") is not None, name
    assert facet(page, "Treatment").get_attribute("open") is None
    page.keyboard.press("Space")
    announced(page, 160)


def test_keyboard_that_went_on_before_the_answer_stays_where_it_went(open_page: OpenPage) -> None:
    page = start(open_page)
    slow(page)
    facet(page, "Physician or clinic").locator("summary").click()
    option(page, "Physician or clinic", "Physician").locator("input").focus()

    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    announced(page, 120)
    summary = facet(page, "New patients").locator("summary")
    expect(summary).to_be_focused()


def test_long_facet_stays_scrolled(open_page: OpenPage) -> None:
    page = start(open_page)
    box = facet(page, "Condition").locator("fieldset")
    last = box.locator("input:enabled").last
    last.scroll_into_view_if_needed()
    before = box.evaluate("box => box.scrollTop")
    assert before > 50

    last.check()

    expect(page.locator("#announcement")).not_to_be_empty()
    assert box.evaluate("box => box.scrollTop") == before


def test_back_and_forward_bring_list_and_ticks(open_page: OpenPage) -> None:
    page = start(open_page)
    tick(page, "Condition", "Liver metastases")
    announced(page, 21)
    promised = tick(page, "Physician or clinic", "Clinic")
    announced(page, promised)

    page.go_back()
    expect(page.locator("#results")).to_have_text("21 specialists found")
    assert ticked(page) == ["liver-metastases"]
    page.go_back()
    expect(page.locator("#results")).to_have_text("160 specialists found")
    assert ticked(page) == []
    page.go_forward()
    expect(page.locator("#results")).to_have_text("21 specialists found")
    assert ticked(page) == ["liver-metastases"]
    page.go_forward()
    expect(page.locator("#results")).to_have_text(re.compile(rf"^{promised} specialists? found$"))
    assert ticked(page) == ["liver-metastases", "clinic"]


def ticked(page: Page) -> list[str]:
    return page.locator("#filters input:checked").evaluate_all("boxes => boxes.map(box => box.value)")


def test_filter_taken_back_leads_the_keyboard_to_the_number(open_page: OpenPage) -> None:
    page = start(open_page, f"{LIST}?condition=liver-metastases&kind=clinic")
    page.get_by_role("link", name="Remove filter Physician or clinic: Clinic").focus()

    page.keyboard.press("Enter")

    announced(page, 21)
    expect(page.locator("#results")).to_be_focused()
    assert ticked(page) == ["liver-metastases"]
    page.get_by_role("link", name="Clear all filters").focus()
    page.keyboard.press("Enter")
    announced(page, 160)
    expect(page.locator("#results")).to_be_focused()
    assert page.evaluate(IS_SAME_PAGE)


def test_next_page_of_the_list_begins_at_its_top(open_page: OpenPage) -> None:
    page = start(open_page, f"{LIST}?kind=clinic")
    names = page.locator(".card__name").all_inner_texts()
    page.get_by_role("link", name="Next").focus()

    page.keyboard.press("Enter")

    expect(page.locator(".pagination__page--current")).to_have_text(re.compile(r"Page\s+2"))
    expect(page.locator("#results")).to_be_focused()
    expect(page.locator("#results")).to_be_in_viewport()
    names += page.locator(".card__name").all_inner_texts()
    assert len(names) == len(set(names)) == 40
    assert page.evaluate(IS_SAME_PAGE)


def test_words_and_order_change_the_list_too(open_page: OpenPage) -> None:
    page = start(open_page)

    page.get_by_label("Name, condition or treatment").fill("liver mets")
    page.keyboard.press("Enter")
    announced(page, 21)
    page.get_by_label("Sort by").select_option(label="Most recently verified")

    expect(page.locator(".finder__order")).to_contain_text("The most recently verified first.")
    assert (query(page)["q"], query(page)["sort"]) == (["liver mets"], ["verified"])
    assert page.evaluate(IS_SAME_PAGE)


def test_quick_ticks_end_with_all_of_them(open_page: OpenPage) -> None:
    page = start(open_page)
    facet(page, "Country").locator("summary").click()

    for label in ("Austria", "Switzerland", "Germany"):
        option(page, "Country", label).locator("input").click()

    expect(page.locator("#results")).to_have_text("160 specialists found")
    expect.soft(page.locator(".active-filters .chip")).to_have_count(3)
    assert sorted(query(page)["country"]) == ["AT", "CH", "DE"]


def slow(page: Page) -> None:
    """The next answers take a moment; what is done meanwhile must not be lost."""
    page.route("**/en/specialists/?*", lambda route: (page.wait_for_timeout(400), route.continue_()))


def test_box_under_a_pressed_finger_is_ticked(open_page: OpenPage) -> None:
    page = start(open_page)
    slow(page)
    facet(page, "Physician or clinic").locator("summary").click()
    option(page, "Physician or clinic", "Clinic").locator("input").check()
    option(page, "Physician or clinic", "Physician").locator("input").hover()

    page.mouse.down()
    page.wait_for_timeout(600)
    page.mouse.up()

    expect(page.locator(".active-filters .chip")).to_have_count(2)
    assert (found(page), sorted(ticked(page))) == (160, ["clinic", "physician"])


def test_pressing_nothing_shows_what_was_ticked_before(open_page: OpenPage) -> None:
    page = start(open_page)
    slow(page)
    option(page, "Condition", "Liver metastases").locator("input").check()
    page.locator("h1").hover()
    page.mouse.down()
    page.wait_for_timeout(600)
    assert found(page) == 160

    page.mouse.up()

    announced(page, 21)


def test_words_typed_before_the_answer_comes_are_kept(open_page: OpenPage) -> None:
    page = start(open_page)
    slow(page)
    option(page, "Condition", "Liver metastases").locator("input").check()
    words = page.get_by_label("Name, condition or treatment")
    words.focus()

    page.keyboard.type("chemo", delay=30)
    page.wait_for_timeout(600)
    assert (words.input_value(), found(page)) == ("chemo", 160)
    page.keyboard.press("Enter")

    expect(page.locator(".active-filters .chip")).to_have_count(2)
    assert active_filters(page) == ["Condition: Liver metastases", "Search: chemo"]


def test_field_left_as_it_was_shows_what_was_ticked_before(open_page: OpenPage) -> None:
    page = start(open_page)
    slow(page)
    option(page, "Condition", "Liver metastases").locator("input").check()
    words = page.get_by_label("Name, condition or treatment")
    words.focus()
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    page.wait_for_timeout(600)
    assert found(page) == 160

    page.keyboard.press("Tab")

    announced(page, 21)


@pytest.mark.parametrize("fault", ["offline", "error"])
def test_failing_request_falls_back_to_the_page_itself(
    open_page: OpenPage, complaints: Complaints, site: str, fault: str
) -> None:
    page = start(open_page)
    failed: list[str] = []

    def fail(route: Route) -> None:
        if route.request.header_value("HX-Request") is None:
            route.continue_()
            return
        failed.append(route.request.url)
        complaints.faults.add(route.request.url)
        if fault == "offline":
            route.abort()
        else:
            route.fulfill(status=500, body="")

    page.route("**/en/specialists/**", fail)
    tick(page, "Condition", "Liver metastases")

    expect(page.locator("#results")).to_have_text("21 specialists found")
    assert len(failed) == 1
    assert query(page)["condition"] == ["liver-metastases"]
    assert not page.evaluate(IS_SAME_PAGE)
    assert ticked(page) == ["liver-metastases"]
    complaints.found[:] = [found for found in complaints.found if "htmx" not in found]


def test_nothing_is_kept_in_the_browser(open_page: OpenPage) -> None:
    page = start(open_page)
    tick(page, "Condition", "Liver metastases")
    announced(page, 21)
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".pagination__page--current")).to_have_text(re.compile("2"))
    page.go_back()
    expect(page.locator(".pagination__page--current")).to_have_text(re.compile("1"))

    assert page.evaluate(STORED) == [0, 0, ""]
    assert page.context.cookies() == []


def test_phone_keeps_the_filters_open_until_they_are_closed(open_page: OpenPage) -> None:
    page = start(open_page, width=PHONE)
    page.get_by_role("link", name="Filter and sort").click()

    promised = tick(page, "Physician or clinic", "Clinic")

    announced(page, promised)
    expect(page.locator("#filters")).to_be_visible()
    submit(page)
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#results")).to_be_in_viewport()


# Near a place


def kilometres(page: Page) -> list[float]:
    return [float(far) for far in re.findall(r"([\d.]+) km away", page.locator(".card-list").inner_text())]


@pytest.mark.parametrize("scripts", [True, False])
def test_place_sorts_by_distance(open_page: OpenPage, scripts: bool) -> None:
    page = open_page(LIST, scripts=scripts)

    page.get_by_label("Near", exact=True).fill("Frankfurt am Main")
    page.get_by_label("Within").select_option(label="200 km")
    submit(page)

    expect(page.get_by_text("The nearest first, as the crow flies.")).to_be_visible()
    far = kilometres(page)
    assert len(far) == 20
    assert far == sorted(far)
    assert far[-1] <= 200
    assert active_filters(page) == ["Near: Frankfurt am Main, 200 km"]


def test_place_is_chosen_from_suggestions_with_the_keyboard(open_page: OpenPage) -> None:
    page = start(open_page)
    field = page.get_by_label("Near", exact=True)
    field.focus()

    page.keyboard.type("frankf")
    expect(page.locator(".suggestions__option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_text("The nearest first, as the crow flies.")).to_be_visible()
    expect(page.get_by_label("Near", exact=True)).to_have_value("Frankfurt am Main")
    assert page.evaluate(IS_SAME_PAGE)
    assert page.evaluate(STORED) == [0, 0, ""]


@pytest.mark.parametrize("scripts", [True, False])
def test_name_of_several_places_asks_which(open_page: OpenPage, scripts: bool) -> None:
    page = open_page(LIST, scripts=scripts)
    page.get_by_label("Within").select_option(label="200 km")
    page.get_by_label("Near", exact=True).fill("Neustadt")
    submit(page)

    question = page.get_by_role("group", name="Which place do you mean?")
    expect(question).to_be_visible()
    assert found(page) == 160
    question.get_by_role("link", name=re.compile("Weinstraße")).click()

    expect(page.get_by_text("The nearest first, as the crow flies.")).to_be_visible()
    assert [words.partition(",")[0] for words in active_filters(page)] == ["Near: Neustadt an der Weinstraße"]


@pytest.mark.parametrize("scripts", [True, False])
def test_unknown_place_is_said_and_limits_nothing(open_page: OpenPage, scripts: bool) -> None:
    page = open_page(LIST, scripts=scripts)
    page.get_by_label("Near", exact=True).fill("Frankfurd am Mein")
    submit(page)

    expect(page.get_by_text("No place or postcode “Frankfurd am Mein” is known here")).to_be_visible()
    assert found(page) == 160
    page.get_by_role("link", name="Frankfurt am Main", exact=True).click()
    expect(page.get_by_text("The nearest first, as the crow flies.")).to_be_visible()


# All options, and the map


@pytest.mark.parametrize("scripts", [True, False])
def test_page_of_all_options_leads_back_with_the_rest(open_page: OpenPage, scripts: bool) -> None:
    page = open_page(
        f"{LIST}options/treatment/?condition=liver-metastases&near=Frankfurt+am+Main&radius=200", scripts=scripts
    )
    box = page.locator("label.option").filter(has=page.get_by_text("Chemotherapy", exact=True))
    promised = int(re.sub(r"\D", "", box.locator(".option__count").inner_text()))

    box.locator("input").check()
    submit(page)

    assert found(page) == promised > 0
    assert active_filters(page) == [
        "Condition: Liver metastases",
        "Treatment: Chemotherapy",
        "Near: Frankfurt am Main, 200 km",
    ]


def test_map_is_walked_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page(f"{LIST}?condition=liver-metastases")
    page.get_by_role("link", name="Show on a map").click()
    dots = page.locator(".map__drawing a")
    first = dots.first.get_attribute("aria-label") or ""
    town, _colon, number = first.partition(": ")

    dots.first.focus()
    page.keyboard.press("Tab")
    expect(dots.nth(1)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#results")).to_have_text(f"{number} found")
    assert town in page.locator(".card-list").inner_text()
    assert active_filters(page)[0] == "Condition: Liver metastases"


# For everybody

PAGES = {
    "list": f"{LIST}?condition=liver-metastases&near=Frankfurt+am+Main&radius=200",
    "question": f"{LIST}?near=Neustadt",
    "unknown place": f"{LIST}?near=Frankfurd",
    "read as": f"{LIST}?q=liver+mets",
    "nobody": f"{LIST}?near=Frankfurt+am+Main&radius=10&treatment=mastectomy&condition=gallstones",
    "map": f"{LIST}map/?condition=liver-metastases",
    "options": f"{LIST}options/condition/",
}


@pytest.mark.parametrize("width", [SMALL_PHONE, DESKTOP])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page: OpenPage, name: str, width: int) -> None:
    page = open_page(PAGES[name], width=width)

    assert violations_in_both_schemes(page, width) == []
    assert page.evaluate(SIDEWAYS) == []


def test_axe_finds_nothing_after_a_tick(open_page: OpenPage) -> None:
    page = start(open_page)
    tick(page, "Condition", "Liver metastases")
    announced(page, 21)

    assert violations(page) == []
