"""What the home page needs from both apps."""

from dataclasses import dataclass

from conditions.enums import BodyArea
from conditions.models import Condition
from conditions.queries import by_local_name
from specialists import finding
from specialists.selection import Selection

# So many conditions of an area are on the home page, the most treated ones; all are in the list from A to Z.
MOST_SHOWN = 15


@dataclass(frozen=True)
class Area:
    """A part of the body with (condition, number of its specialists) pairs by name; ``more`` are left out here."""

    label: str
    conditions: list[tuple[Condition, int]]
    more: int


def conditions_by_body_area() -> list[Area]:
    """The areas with any public condition, in the order of BodyArea."""
    counts = finding.finder().option_counts(Selection(), ["condition"])["condition"]
    conditions = by_local_name(Condition.objects.published())
    areas = ((area, [condition for condition in conditions if condition.body_area == area]) for area in BodyArea)
    return [_area(str(area.label), found, counts) for area, found in areas if found]


def _area(label: str, conditions: list[Condition], counts: dict[str, int]) -> Area:
    most_treated = sorted(conditions, key=lambda condition: -counts.get(condition.slug, 0))[:MOST_SHOWN]
    shown = [(condition, counts.get(condition.slug, 0)) for condition in conditions if condition in most_treated]
    return Area(label, shown, len(conditions) - len(shown))
