"""The specialists found as dots on a map: one for each town with any, and a link to those around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.utils.translation import ngettext

from specialists import links, outlines
from specialists.finding import Finder
from specialists.models import Location
from specialists.selection import Circle, Selection

# Degrees; points within the same square of this size share a dot: about eleven kilometres from north to south.
SQUARE = 0.1
MOST_DOTS = 80
# Kilometres around a dot that its link lists.
AROUND = 10

Point = tuple[float, float]


@dataclass(frozen=True)
class Dot:
    """x, y and radius in units of the map's view box."""

    x: float
    y: float
    radius: float
    url: str
    label: str


@dataclass(frozen=True)
class Map:
    """One outline with its dots, the largest first; ``more`` squares have no dot as there would be too many."""

    view_box: str
    paths: list[str]
    dots: list[Dot]
    more: int
    note: str


def maps(finder: Finder, selection: Selection) -> list[Map]:
    """A map for each part of the world where somebody was found, the fullest first."""
    squares = _squares(finder, selection)
    drawn = [
        (here, outline)
        for outline in outlines.outlines().values()
        if (here := [point for point in squares if outline.shows(*point)])
    ]
    drawn.sort(key=lambda pair: -len(pair[0]))
    return [_map(finder, selection, outline, here) for here, outline in drawn]


def _squares(finder: Finder, selection: Selection) -> list[Point]:
    """The fullest point of each square, those of the fullest squares first."""
    totals: dict[Point, int] = {}
    fullest: dict[Point, tuple[int, Point]] = {}
    for latitude, longitude, count in zip(*(values.tolist() for values in finder.points(selection)), strict=True):
        square = round(latitude / SQUARE), round(longitude / SQUARE)
        totals[square] = totals.get(square, 0) + count
        fullest[square] = max(fullest.get(square, (0, (0.0, 0.0))), (count, (latitude, longitude)))
    order = sorted(totals, key=lambda square: (-totals[square], square))
    return [fullest[square][1] for square in order]


def _map(finder: Finder, selection: Selection, outline: outlines.Outline, points: list[Point]) -> Map:
    shown = points[:MOST_DOTS]
    dots = sorted(_dots(finder, selection, outline, shown), key=lambda dot: -dot.radius)
    return Map(outline.view_box, outline.paths, dots, len(points) - len(shown), outline.note)


def _dots(finder: Finder, selection: Selection, outline: outlines.Outline, points: list[Point]) -> Iterator[Dot]:
    towns = _towns(points)
    circles = [Circle(round(latitude, 2), round(longitude, 2), AROUND) for latitude, longitude in points]
    totals = finder.totals_within(selection, circles)
    for point, circle, total in zip(points, circles, totals, strict=True):
        if point not in towns:
            # Moved elsewhere since the finder answered.
            continue
        around = selection.near_to(
            circle.latitude, circle.longitude, AROUND, f"{circle.latitude:.2f},{circle.longitude:.2f}"
        )
        label = ngettext("%(town)s: %(total)s specialist", "%(town)s: %(total)s specialists", total)
        yield Dot(
            *outline.project(*point),
            outlines.radius(total),
            links.list_url(around),
            label % {"town": towns[point], "total": total},
        )


def _towns(points: list[Point]) -> dict[Point, str]:
    """How the town at each point is called in the addresses there."""
    rows = Location.objects.filter(
        latitude__in={latitude for latitude, _ in points}, longitude__in={longitude for _, longitude in points}
    ).values_list("latitude", "longitude", "city")
    return {(cast(float, latitude), cast(float, longitude)): city for latitude, longitude, city in rows}
