"""Forms with fields that suggest, on made pages, and an endpoint that answers as a test tells it."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser import trial
from tests.browser.conftest import DESKTOP, HEIGHT, PATIENCE_MS, Complaints

FORM = """<form action="/en/search/" method="get" role="search"><label for="site-q">Search the site</label>
<div class="search__row"><input class="search__input" id="site-q" name="q" type="search" autocomplete="off"
maxlength="100" data-suggest="/en/suggest/?for=search"><button class="button">Search</button></div></form>"""
PLACE = """<form action="/en/specialists/"><div class="field"><label for="near">Place</label>
<input id="near" name="near" data-suggest="/en/suggest/?for=place"></div><button class="button">Show</button></form>"""
NAMES = ("Liver metastases", "Liver cancer", "Liver cirrhosis")
# Longer than the script waits before it asks.
PAUSE_MS = 400
STATUS = "#suggest-status"
ACTIVE = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.dataset.value ?? null"
Show = Callable[..., Page]


def option(name: str, *, href: str = "", kind: str = "Condition", note: str = "") -> SimpleNamespace:
    name_html = format_html("<mark>{}</mark>{}", name[:2], name[2:])
    return SimpleNamespace(name_html=name_html, kind=kind, note=note, url=href, value=name)


def fragment(options: list[SimpleNamespace], status: str | None = None) -> SafeString:
    status = f"{len(options)} suggestions" if status is None else status
    return render_to_string("components/suggestions.html", {"suggestions": options, "status": status})


def conditions() -> list[SimpleNamespace]:
    return [option(name, href=f"/en/conditions/{name.lower().replace(' ', '-')}/") for name in NAMES]


class Endpoint:
    """Answers /en/suggest/ as told, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: trial.Answer = lambda route: trial.fulfil(route, fragment(conditions()))

    def __call__(self, route: Route) -> None:
        self.asked.append(route.request.url.partition("/en/suggest/")[2])
        self.answer(route)

    def gives(self, options: list[SimpleNamespace]) -> None:
        self.answer = lambda route: trial.fulfil(route, fragment(options))


def pages(browser: Browser, site: str, complaints: Complaints, endpoint: Endpoint) -> Iterator[Show]:
    """For a fixture: what opens a page with a form, and answers whatever its fields lead to.

    ``show(FORM, width=320, touch=True)``
    """
    contexts: list[BrowserContext] = []

    def show(body: str = FORM, *, width: int = DESKTOP, touch: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=site, viewport={"width": width, "height": HEIGHT}, has_touch=touch, reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        complaints.watch(context)
        context.route("**/en/suggest/**", endpoint)
        for address in ("**/en/search/**", "**/en/conditions/**", "**/en/specialists/**"):
            context.route(address, lambda route: trial.fulfil(route, trial.document("<p>Arrived</p>")))
        return trial.show(context, site + trial.PATH, trial.document(body, *(["suggest"] if script else [])))

    yield show
    for context in contexts:
        context.close()


def field(page: Page) -> Locator:
    return page.locator("input[data-suggest]")


def type_and_wait(page: Page, text: str = "liver") -> Locator:
    """Types; the list when it is open."""
    field(page).focus()
    page.keyboard.type(text)
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    listbox = page.get_by_role("listbox")
    expect(listbox).to_be_visible()
    return listbox


def press(page: Page, *keys: str) -> list[str | None]:
    """After each key, the value of the active option."""
    found = []
    for key in keys:
        page.keyboard.press(key)
        found.append(page.evaluate(ACTIVE))
    return found


def arrived(page: Page) -> str:
    """Path and query of the page that was reached."""
    expect(page.get_by_text("Arrived")).to_be_visible()
    return "/" + page.url.split("/", 3)[3]
