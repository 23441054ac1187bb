"""Places lie where the drawings have them: inside their country's outline, at the right distance from each other."""

import json
import re

import pytest
from django.utils.translation import override

from specialists import outlines
from specialists.outlines import Outline

# Country → cities well inside it, and their latitude and longitude from an atlas.
INLAND = {
    "DE": [(52.52, 13.40), (48.14, 11.58), (50.94, 6.96), (51.34, 12.37)],
    "AT": [(48.21, 16.37), (47.07, 15.44)],
    "CH": [(46.95, 7.45), (46.80, 8.23)],
    "US": [(39.74, -104.99), (33.75, -84.39), (39.10, -94.58)],
}


def rings(path: str) -> list[list[tuple[int, int]]]:
    """The corners of each closed line of an SVG path made of M, l and z."""
    found = []
    for part in path.split("z")[:-1]:
        start, steps = part.removeprefix("M").split("l")
        x, y = (int(number) for number in start.split())
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        ring = [(x, y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
        found.append(ring)
    return found


def is_inside(x: float, y: float, ring: list[tuple[int, int]]) -> bool:
    """Whether a line from the point to the right crosses the ring an odd number of times."""
    sides = zip(ring, ring[1:] + ring[:1], strict=True)
    crossings = [ax + (y - ay) / (by - ay) * (bx - ax) for (ax, ay), (bx, by) in sides if (ay > y) != (by > y)]
    return sum(crossing > x for crossing in crossings) % 2 == 1


def countries_at(outline: Outline, latitude: float, longitude: float) -> list[str]:
    x, y = outline.project(latitude, longitude)
    return [code for code, path in outline.countries.items() if any(is_inside(x, y, ring) for ring in rings(path))]


def drawn(country: str) -> Outline:
    outline = outlines.outline_of(country)
    assert outline is not None
    return outline


@pytest.mark.parametrize(("country", "place"), [(code, place) for code, places in INLAND.items() for place in places])
def test_city_lies_in_its_country_only(country: str, place: tuple[float, float]) -> None:
    assert countries_at(drawn(country), *place) == [country]


def test_liechtenstein_is_drawn_around_vaduz() -> None:
    assert countries_at(drawn("LI"), 47.14, 9.54) == ["LI"]


@pytest.mark.parametrize("place", [(50.08, 14.44), (48.86, 2.35), (45.46, 9.19)])
def test_prague_paris_and_milan_lie_in_no_outline(place: tuple[float, float]) -> None:
    assert countries_at(drawn("DE"), *place) == []


def test_corners_lie_within_the_view_box_and_reach_across_it() -> None:
    for outline in outlines.outlines().values():
        corners = [corner for path in outline.paths for ring in rings(path) for corner in ring]
        across, down = zip(*corners, strict=True)
        assert (min(across), max(across)) == (outline.margin, outline.width - outline.margin)
        assert min(down) == outline.margin
        assert outline.height - 2 * outline.margin <= max(down) <= outline.height - outline.margin


def test_a_mile_is_as_long_eastwards_as_northwards() -> None:
    outline = drawn("DE")
    west, east = outline.project(50.8, 8.0), outline.project(50.8, 10.0)
    south, north = outline.project(50.0, 9.0), outline.project(52.0, 9.0)

    # At 50.8° a degree of longitude is cos(50.8°) = 0.632 times as long as one of latitude.
    assert (east[0] - west[0]) / (south[1] - north[1]) == pytest.approx(0.632, rel=0.02)


def test_places_elsewhere_are_not_shown() -> None:
    outline = drawn("US")

    assert [outline.shows(41.88, -87.63), outline.shows(61.22, -149.9), outline.shows(52.52, 13.4)] == [
        True,
        False,
        False,
    ]


def test_maps_are_named_and_countries_found() -> None:
    assert {name: list(outline.countries) for name, outline in outlines.outlines().items()} == {
        "dach": ["DE", "AT", "CH", "LI"],
        "us": ["US"],
    }
    assert outlines.outline_of("FR") is None
    assert drawn("US").view_box == f"0 0 600 {drawn('US').height}"


def test_only_the_american_map_says_what_it_leaves_out() -> None:
    with override("en"):
        assert drawn("DE").note == ""
        assert drawn("US").note.startswith("Alaska, Hawaii")


@pytest.mark.parametrize(("count", "expected"), [(0, 6.0), (1, 6.0), (5, 10.0), (17, 14.0), (10_000, 20.0)])
def test_dots_grow_with_the_number_up_to_a_limit(count: int, expected: float) -> None:
    assert outlines.radius(count) == expected


def test_file_is_small_and_names_its_source() -> None:
    text = outlines.DATA.read_text(encoding="utf-8")

    assert len(text.encode()) <= 20_000
    assert json.loads(text)["source"].startswith("Made with Natural Earth, public domain")
