"""What the home page needs from both apps."""

from django.db.models import Count, Q

from conditions.enums import BodyArea
from conditions.models import Condition
from specialists.enums import ProfileStatus


def conditions_by_body_area() -> list[tuple[str, list[Condition]]]:
    """(Area's label, public conditions there) pairs; each condition knows its ``specialist_count``."""
    published = Count("profiles", filter=Q(profiles__status=ProfileStatus.PUBLISHED))
    conditions = list(Condition.objects.published().annotate(specialist_count=published).order_by("sort_key", "pk"))
    return [
        (str(area.label), found)
        for area in BodyArea
        if (found := [condition for condition in conditions if condition.body_area == area])
    ]
