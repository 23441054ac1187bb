"""How an article's rich text is put on a page."""

import math
from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from conditions.glossary import Explainer, glossary
from conditions.html import sanitise
from conditions.models import GlossaryTerm, Revision, Section, Source

register = template.Library()

# Sections that a process remembers the cleaned text of: parsing HTML is the slowest step of an article's page.
KEPT = 256
# Slow readers of health texts on a screen; most adults read faster.
WORDS_A_MINUTE = 180


@dataclass(frozen=True)
class Part:
    """A section as it is shown: its text, and the numbers of its sources in the list at the end."""

    section: Section
    html: SafeString
    sources: list[int]


@dataclass(frozen=True)
class Reading:
    """An article as it is shown; ``minutes`` is how long it takes to read, rounded up, at least one."""

    minutes: int
    parts: list[Part]
    sources: list[tuple[int, Source]]
    words: list[GlossaryTerm]


@register.simple_tag
def reading(revision: Revision) -> Reading:
    """The article of ``revision``, its sections and sources fetched before, in the language of the page."""
    explainer = Explainer(glossary())
    sources = list(enumerate(revision.sources.all(), start=1))
    sections = revision.sections.all()
    parts = [
        Part(
            section,
            explainer.mark(prose(section.body)),
            [number for number, source in sources if source.section_id == section.pk],
        )
        for section in sections
    ]
    beside = [revision.teaser, *revision.key_points, *(section.heading for section in sections)]
    length = explainer.length + sum(len(text.split()) for text in beside)
    return Reading(math.ceil(length / WORDS_A_MINUTE) or 1, parts, sources, explainer.words)


@register.filter
def prose(body: str) -> SafeString:
    """An editor's text, cleaned once more, its wide tables in boxes that scroll and that a keyboard can reach."""
    return _prose(body, _("Table"))


@lru_cache(maxsize=KEPT)
def _prose(body: str, table: str) -> SafeString:
    box = format_html('<div class="table-box" role="group" aria-label="{}" tabindex="0"><table>', table)
    safe = sanitise(body).replace("<table>", box).replace("</table>", "</table></div>")
    return mark_safe(safe)  # noqa: S308 - sanitise() is what makes it safe
