"""The maps' outlines and where a place lies on them: read once from data/outlines.json, which tools/outlines.py makes.

Each map is a flat drawing in units of its own view box, 600 wide: equirectangular, true to scale at its middle
latitude. Made with Natural Earth, public domain.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

DATA = Path(__file__).parent / "data" / "outlines.json"
# Radii of dots in units of the view box: below, a dot is hard to see; above, it hides its neighbours.
SMALLEST_DOT, LARGEST_DOT = 6.0, 20.0


@dataclass(frozen=True)
class Outline:
    """One map; ``west`` and ``north`` in degrees, the scales in units a degree, the rest in units."""

    name: str
    west: float
    north: float
    x_scale: float
    y_scale: float
    margin: int
    width: int
    height: int
    # ISO 3166-1 alpha-2 → the d attribute of an SVG path.
    countries: dict[str, str]

    @property
    def view_box(self) -> str:
        """The viewBox attribute of the SVG."""
        return f"0 0 {self.width} {self.height}"

    @property
    def paths(self) -> list[str]:
        return list(self.countries.values())

    @property
    def note(self) -> str:
        """What the map leaves out, in the reader's language; empty when nothing."""
        return _("Alaska, Hawaii and the overseas territories are in the list only.") if self.name == "us" else ""

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Degrees (WGS 84) → x and y in the view box, a tenth of a unit exact; beyond its edges for places outside."""
        x = (longitude - self.west) * self.x_scale + self.margin
        y = (self.north - latitude) * self.y_scale + self.margin
        return round(x, 1), round(y, 1)

    def shows(self, latitude: float, longitude: float) -> bool:
        """Whether a place (degrees, WGS 84) lies within the view box."""
        x, y = self.project(latitude, longitude)
        return 0 <= x <= self.width and 0 <= y <= self.height


@cache
def outlines() -> dict[str, Outline]:
    """The maps by name: "dach" (Germany, Austria, Switzerland, Liechtenstein) and "us" (the 48 states that touch)."""
    maps = json.loads(DATA.read_text(encoding="utf-8"))["maps"]
    return {name: Outline(name=name, **values) for name, values in maps.items()}


def outline_of(country: str) -> Outline | None:
    """The map with this country (ISO 3166-1 alpha-2), if there is one."""
    return next((outline for outline in outlines().values() if country in outline.countries), None)


def radius(count: int) -> float:
    """The radius of a dot for ``count`` specialists, in units: areas grow with the number, up to a limit."""
    return round(min(LARGEST_DOT, SMALLEST_DOT + 2 * math.sqrt(max(count - 1, 0))), 1)
