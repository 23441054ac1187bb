"""Makes specialists/data/outlines.json, the countries' outlines behind the map; run once, its result is committed.

    npm pack world-atlas@2 && tar -xzf world-atlas-2.*.tgz package/countries-50m.json
    .venv/bin/python tools/outlines.py package/countries-50m.json

The file is Natural Earth's "Admin 0 – Countries", 1:50 million, as TopoJSON: borders are arcs that neighbours share, so
that an arc made simpler is so on both sides. Standard library only.
"""

import json
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "specialists" / "data" / "outlines.json"
SOURCE = (
    "Made with Natural Earth, public domain: Admin 0 – Countries, 1:50m, version 4.1, simplified by tools/outlines.py"
)
# ISO 3166-1 numeric, as Natural Earth names its countries → alpha-2.
CODES = {"276": "DE", "040": "AT", "756": "CH", "438": "LI", "840": "US"}
# Name of the map → its countries, and the box (west, south, east, north; degrees) that a ring must lie in.
MAPS = {
    "dach": (("DE", "AT", "CH", "LI"), (5.0, 45.0, 18.0, 56.0)),
    "us": (("US",), (-126.0, 24.0, -66.0, 50.0)),
}
WIDTH = 600
MARGIN = 12
# A line may stray this far from the true one, and a ring smaller than this area is left out (user units: px at WIDTH).
TOLERANCE = 1.0
SMALLEST_AREA = 6.0
Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Projection:
    """Equirectangular, true to scale at the middle latitude: x = (longitude - west) * x_scale + MARGIN, y likewise."""

    west: float
    north: float
    x_scale: float
    y_scale: float

    def __call__(self, point: Point) -> Point:
        longitude, latitude = point
        return ((longitude - self.west) * self.x_scale + MARGIN, (self.north - latitude) * self.y_scale + MARGIN)


def main() -> int:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    maps = {name: draw(topology, countries, box) for name, (countries, box) in MAPS.items()}
    text = json.dumps({"source": SOURCE, "maps": maps}, ensure_ascii=False, indent=1) + "\n"
    TARGET.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {len(text.encode()):,} bytes\n")
    return 0


def draw(topology: dict[str, Any], countries: Iterable[str], box: tuple[float, float, float, float]) -> dict[str, Any]:
    """One map: its projection, its size, and each country's path."""
    arcs = decode(topology)
    rings = {
        country: [ring for ring in arc_rings(topology, country) if lies_in(joined(ring, arcs), box)]
        for country in countries
    }
    used = {number if number >= 0 else ~number for found in rings.values() for ring in found for number in ring}
    projection, height = fit([point for number in used for point in arcs[number]])
    simple = {number: simplified([projection(point) for point in arcs[number]]) for number in used}
    return {
        "west": round(projection.west, 4),
        "north": round(projection.north, 4),
        "x_scale": round(projection.x_scale, 4),
        "y_scale": round(projection.y_scale, 4),
        "margin": MARGIN,
        "width": WIDTH,
        "height": height,
        "countries": {country: path(joined(ring, simple) for ring in found) for country, found in rings.items()},
    }


def decode(topology: dict[str, Any]) -> dict[int, Ring]:
    """Number of the arc → its points in degrees; TopoJSON stores steps between integers on a grid."""
    (x_scale, y_scale), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = {}
    for number, steps in enumerate(topology["arcs"]):
        x = y = 0
        arcs[number] = [((x := x + dx) * x_scale + west, (y := y + dy) * y_scale + south) for dx, dy in steps]
    return arcs


def arc_rings(topology: dict[str, Any], country: str) -> Iterator[list[int]]:
    """The country's outer rings as numbers of arcs (~number: walked backwards); a hole is drawn by who lies in it."""
    shapes = topology["objects"]["countries"]["geometries"]
    shape = next(shape for shape in shapes if CODES.get(str(shape.get("id"))) == country)
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return (polygon[0] for polygon in polygons)


def joined(ring: list[int], arcs: dict[int, Ring]) -> Ring:
    """The ring's points; each arc begins where the one before ends, and the last ends where the first began."""
    points: Ring = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[:-1])
    return points


def lies_in(ring: Ring, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return all(west <= x <= east and south <= y <= north for x, y in ring)


def fit(points: Ring) -> tuple[Projection, int]:
    """The projection that fills WIDTH with these points, and the height that it takes."""
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    x_scale = (WIDTH - 2 * MARGIN) / (east - west)
    y_scale = x_scale / math.cos(math.radians((south + north) / 2))
    return Projection(west, north, x_scale, y_scale), math.ceil((north - south) * y_scale) + 2 * MARGIN


def simplified(line: Ring) -> Ring:
    """Douglas and Peucker: without the points that stray less than TOLERANCE from the line that remains.

    A closed line is first split at the point farthest from its beginning.
    """
    if not line[1:-1]:
        return line
    first, last = line[0], line[-1]
    distances = [distance(point, first, last) for point in line[1:-1]]
    farthest = max(range(len(distances)), key=distances.__getitem__) + 1
    if distances[farthest - 1] < TOLERANCE and first != last:
        return [first, last]
    return simplified(line[: farthest + 1])[:-1] + simplified(line[farthest:])


def distance(point: Point, start: Point, end: Point) -> float:
    """From ``point`` to the segment between the two others."""
    (x, y), (ax, ay), (bx, by) = point, start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    share = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0.0
    return math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))


def path(rings: Iterable[Ring]) -> str:
    """The d attribute of an SVG path: whole numbers, each point as the step from the one before."""
    return "".join(ring_path(ring) for ring in rings if area(ring) >= SMALLEST_AREA)


def ring_path(ring: Ring) -> str:
    points = [(round(x), round(y)) for x, y in ring]
    steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points)]
    numbers = [f"{dx}{dy if dy < 0 else f' {dy}'}" for dx, dy in steps if (dx, dy) != (0, 0)]
    return f"M{points[0][0]} {points[0][1]}l{' '.join(numbers).replace(' -', '-')}z"


def area(ring: Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


if __name__ == "__main__":
    sys.exit(main())
