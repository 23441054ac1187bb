"""The map of places: dots that keyboard, finger and screen reader reach, and the same places as a list."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from playwright.sync_api import Browser, Page, expect

from specialists.outlines import outline_of, radius
from tests.browser import trial
from tests.browser.conftest import DESKTOP, HEIGHT, PATIENCE_MS, SMALL_PHONE, Complaints
from tests.browser.test_accessibility import SIDEWAYS, violations

pytestmark = pytest.mark.django_db
PLACES = {
    "Berlin": (52.52, 13.40, 31),
    "Hamburg": (53.55, 9.99, 12),
    "Wien": (48.21, 16.37, 9),
    "Basel": (47.56, 7.59, 2),
    "Vaduz": (47.14, 9.52, 1),
}
# How far from a dot's middle, in pixels of the screen, a finger still hits it.
REACH = 11.5
HITS = """([x, y, reach]) => [[0, 0], [reach, 0], [-reach, 0], [0, reach], [0, -reach]].map(([dx, dy]) =>
    document.elementFromPoint(x + dx, y + dy)?.closest("a")?.getAttribute("aria-label") ?? null)"""
Show = Callable[..., Page]


def dots(places: dict[str, tuple[float, float, int]] = PLACES) -> list[dict[str, Any]]:
    outline = outline_of("DE")
    assert outline is not None
    found = []
    for name, (latitude, longitude, count) in places.items():
        x, y = outline.project(latitude, longitude)
        label = f"{name}: {count} specialist{'s' if count > 1 else ''}"
        found.append({"x": x, "y": y, "radius": radius(count), "url": f"/en/specialists/?near={name}", "label": label})
    return found


def render(more: int = 0, *, found: list[dict[str, Any]] | None = None) -> str:
    outline = outline_of("DE")
    assert outline is not None
    shown = dots() if found is None else found
    context = {"view_box": outline.view_box, "paths": outline.paths, "dots": shown, "more": more, "note": outline.note}
    return render_to_string("specialists/map.html", {"map": context})


@pytest.fixture
def show(browser: Browser, site: str, complaints: Complaints) -> Iterator[Show]:
    contexts = []

    def show(*, width: int = DESKTOP, **media: str) -> Page:
        context = browser.new_context(base_url=site, viewport={"width": width, "height": HEIGHT}, **media)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        complaints.watch(context)
        context.route("**/en/specialists/**", lambda route: trial.fulfil(route, trial.document("<p>Arrived</p>")))
        return trial.show(context, site + trial.PATH, trial.document(render(more=7)))

    yield show
    for context in contexts:
        context.close()


def labels() -> list[str]:
    return [dot["label"] for dot in dots()]


def test_list_has_the_links_of_the_dots_in_their_order(show: Show) -> None:
    page = show()

    assert page.locator(".map__list a").all_inner_texts() == labels()
    addresses = "links => links.map(link => link.getAttribute('href'))"
    assert page.locator(".map__list a").evaluate_all(addresses) == page.locator(".map__dot").evaluate_all(addresses)
    expect(page.get_by_text("And 7 more places.")).to_be_visible()


def test_drawing_has_a_name_and_named_links(show: Show) -> None:
    page = show()

    drawing = page.get_by_role("group", name="Map of the specialists found")
    expect(drawing).to_be_visible()
    assert [drawing.get_by_role("link", name=label, exact=True).count() for label in labels()] == [1] * len(PLACES)
    assert drawing.locator("a title").all_text_contents() == labels()


@pytest.mark.parametrize("width", [SMALL_PHONE, DESKTOP])
def test_every_dot_is_hit_within_24_pixels(show: Show, width: int) -> None:
    page = show(width=width)
    found = []

    for spot in page.locator(".map__spot").all():
        spot.scroll_into_view_if_needed()
        x, y = spot.evaluate(
            "s => { const b = s.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] }"
        )
        found.append(page.evaluate(HITS, [x, y, REACH]))

    assert found == [[label] * 5 for label in labels()]


def test_keyboard_reaches_dots_and_sees_where_it_is(show: Show) -> None:
    page = show()
    reached, lines = [], []

    for _ in PLACES:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        lines.append(page.evaluate("getComputedStyle(document.activeElement.querySelector('.map__spot')).strokeWidth"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Arrived")).to_be_visible()
    assert page.url.endswith("/en/specialists/?near=Vaduz")
    assert reached == labels()
    assert lines == ["5px"] * len(PLACES)


def test_paper_has_the_list_only(show: Show) -> None:
    page = show()

    page.emulate_media(media="print")

    expect(page.locator(".map__drawing")).to_be_hidden()
    expect(page.locator(".map__list")).to_be_visible()


def test_dots_differ_from_the_land_in_forced_colours(show: Show) -> None:
    page = show(forced_colors="active")

    fill = "element => getComputedStyle(element).fill"
    assert page.locator(".map__spot").first.evaluate(fill) != page.locator(".map__land path").first.evaluate(fill)


@pytest.mark.parametrize("width", [SMALL_PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(show: Show, width: int, scheme: str) -> None:
    page = show(width=width, color_scheme=scheme)

    assert violations(page) == []
    assert page.evaluate(SIDEWAYS) == []


def test_numbers_are_written_for_machines_in_every_language() -> None:
    with override("de"):
        html = render(found=[{"x": 1234.5, "y": 6.5, "radius": 7.5, "url": "/de/", "label": "<Köln>"}])

    assert '<circle class="map__spot" cx="1234.5" cy="6.5" r="7.5" />' in html
    assert html.count("&lt;Köln&gt;") == 3


def test_no_dots_draw_nothing() -> None:
    assert render(found=[]).strip() == ""
