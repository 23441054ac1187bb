"""How an article's rich text is put on a page."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from conditions.html import sanitise

register = template.Library()

# Sections that a process remembers the cleaned text of: parsing HTML is the slowest step of an article's page.
KEPT = 256


@register.filter
def prose(body: str) -> SafeString:
    """An editor's text, cleaned once more, its wide tables in boxes that scroll and that a keyboard can reach."""
    return _prose(body, _("Table"))


@lru_cache(maxsize=KEPT)
def _prose(body: str, table: str) -> SafeString:
    box = format_html('<div class="table-box" role="group" aria-label="{}" tabindex="0"><table>', table)
    safe = sanitise(body).replace("<table>", box).replace("</table>", "</table></div>")
    return mark_safe(safe)  # noqa: S308 - sanitise() is what makes it safe
