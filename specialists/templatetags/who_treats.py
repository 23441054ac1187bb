"""Which kinds of physicians treat a condition, with the number that the directory has of each."""

from dataclasses import dataclass

from django import template

from conditions import names
from conditions.models import Condition
from specialists import finding, links
from specialists.selection import Selection

register = template.Library()


@dataclass(frozen=True)
class Treating:
    """A specialty, what its physicians are called, and the list of those who treat the condition."""

    name: str
    practitioner: str
    count: int
    url: str


@register.simple_tag
def who_treats(condition: Condition) -> list[Treating]:
    """The specialties of ``condition`` that the directory has specialists of, the commonest first.

    The number is exactly that of the linked list.
    """
    selection = Selection({"condition": frozenset([condition.slug])})
    counts = finding.finder().option_counts(selection, ["specialty"]).get("specialty", {})
    found = [
        Treating(
            specialty.local.name,
            specialty.local.practitioner,
            counts[specialty.slug],
            links.list_url(selection.with_only("specialty", specialty.slug)),
        )
        for specialty in condition.specialties.all()
        if counts.get(specialty.slug)
    ]
    return sorted(found, key=lambda treating: (-treating.count, names.sort_key(treating.name)))
