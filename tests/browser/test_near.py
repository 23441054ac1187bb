"""The button that fills in a position: shown where a browser can tell one, rounded before anything else sees it."""

from collections.abc import Callable, Iterator

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import trial
from tests.browser.conftest import DESKTOP, HEIGHT, PATIENCE_MS, SMALL_PHONE, Complaints
from tests.browser.test_accessibility import SIDEWAYS, violations

pytestmark = pytest.mark.django_db
# Exact to a metre, as a phone would tell it.
FRANKFURT = {"latitude": 50.110924, "longitude": 8.682127}
WATCH = """() => {
    window.heard = [];
    addEventListener("change", event => heard.push(`${event.target.name}=${event.target.value}`));
}"""
FAILS = """Object.defineProperty(Geolocation.prototype, "getCurrentPosition", {
    value: (done, fail, options) => { window.options = options; fail({ code: CODE, PERMISSION_DENIED: 1 }); },
})"""
Show = Callable[..., Page]


def form() -> str:
    return (
        '<form action="/en/specialists/"><div class="field"><label for="near">Place</label>'
        f'<input id="near" name="near"></div>{render_to_string("components/locate.html", {"field": "near"})}</form>'
    )


@pytest.fixture
def show(browser: Browser, site: str, complaints: Complaints) -> Iterator[Show]:
    """Opens a page with the button, in a browser whose position is known and, when told so, may be asked."""
    contexts = []

    def show(
        address: str = trial.PATH,
        *,
        position: dict[str, float] | None = None,
        init: str = "",
        width: int = DESKTOP,
        script: bool = True,
    ) -> Page:
        context = browser.new_context(base_url=site, viewport={"width": width, "height": HEIGHT})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        complaints.watch(context)
        if position:
            context.grant_permissions(["geolocation"])
            context.set_geolocation(position)  # type: ignore[arg-type]
        if init:
            context.add_init_script(init)
        page = trial.show(context, site + address, trial.document(form(), *(["near"] if script else [])))
        page.evaluate(WATCH)
        return page

    yield show
    for context in contexts:
        context.close()


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Use my position")


def test_position_is_rounded_filled_in_and_told_to_the_form(show: Show) -> None:
    page = show(position=FRANKFURT)

    button(page).click()

    expect(page.get_by_label("Place")).to_have_value("50.11,8.68")
    expect(page.get_by_role("status")).to_have_text("Your position is filled in, rounded to about a kilometre.")
    assert page.evaluate("heard") == ["near=50.11,8.68"]
    assert button(page).get_attribute("aria-disabled") is None
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.mark.parametrize(
    ("latitude", "longitude", "value"),
    [(-33.9249, -70.6, "-33.92,-70.60"), (-0.001, 0.004, "0.00,0.00"), (47.996, 179.999, "48.00,180.00")],
)
def test_two_decimals_are_written(show: Show, latitude: float, longitude: float, value: str) -> None:
    page = show(position={"latitude": latitude, "longitude": longitude})

    button(page).click()

    expect(page.get_by_label("Place")).to_have_value(value)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "Your browser was not allowed to tell your position. You can type a town or a postcode instead."),
        (2, "Your position could not be found. You can type a town or a postcode instead."),
        (3, "Your position could not be found. You can type a town or a postcode instead."),
    ],
    ids=["refused", "unavailable", "too late"],
)
def test_failure_is_told_kindly_and_changes_nothing(show: Show, code: int, words: str) -> None:
    page = show(init=FAILS.replace("CODE", str(code)))
    page.get_by_label("Place").fill("Köln")

    button(page).click()

    expect(page.get_by_role("status")).to_have_text(words)
    assert page.get_by_label("Place").input_value() == "Köln"
    assert page.evaluate("options") == {"enableHighAccuracy": False, "timeout": 10_000, "maximumAge": 600_000}
    assert button(page).get_attribute("aria-disabled") is None


def test_second_click_does_not_ask_again_while_the_browser_asks(show: Show) -> None:
    page = show(
        init="""window.asked = 0;
        Object.defineProperty(Geolocation.prototype, "getCurrentPosition", { value: () => { window.asked += 1; } })"""
    )

    button(page).click()
    expect(page.get_by_role("status")).to_have_text("Your browser may ask whether it may tell your position.")
    button(page).click(force=True)

    assert page.evaluate("asked") == 1


def test_button_is_hidden_without_the_script(show: Show) -> None:
    assert button(show(script=False)).count() == 0


def test_button_is_hidden_where_the_browser_cannot_tell(show: Show) -> None:
    page = show(init='Object.defineProperty(Navigator.prototype, "geolocation", { value: undefined })')

    assert button(page).count() == 0


def test_button_is_hidden_on_an_insecure_page(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        context.route(
            "**/static/**", lambda route: route.fulfill(response=route.fetch(url=site + path(route.request.url)))
        )
        page = trial.show(context, "http://directory.example/", trial.document(form(), "near"))

        assert page.evaluate("isSecureContext") is False
        assert page.locator("link[href$='components.css']").evaluate("link => link.sheet.cssRules.length") > 10
        expect(page.locator("[data-locate]")).to_be_hidden()


def path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_button_that_htmx_swaps_in_works(show: Show) -> None:
    page = show(position=FRANKFURT)
    page.evaluate(
        """html => {
        const main = document.querySelector("main");
        main.innerHTML = html;
        main.dispatchEvent(new Event("htmx:load", { bubbles: true }));
    }""",
        form(),
    )

    button(page).click()

    expect(page.get_by_label("Place")).to_have_value("50.11,8.68")


def test_axe_finds_nothing(show: Show) -> None:
    page = show(width=SMALL_PHONE, init=FAILS.replace("CODE", "1"))

    button(page).click()
    in_light = violations(page)
    page.emulate_media(color_scheme="dark")

    assert in_light + violations(page) == []
    assert page.evaluate(SIDEWAYS) == []
