"""How other apps' pages show specialists: a condition page names its condition, this finds and counts them."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from specialists import cards, catalogue, finding, links, queries
from specialists.enums import Accepting, Insurance, Language, ProfileKind, Sort
from specialists.filters import Option
from specialists.selection import Selection

register = template.Library()

CARDS = 6
OPTION_BOX = (
    '<label class="option{style}"><input class="option__box" type="checkbox" id="{name}-{value}" name="{name}"'
    ' value="{value}"{state}><span class="option__label">{label}</span><span class="option__count">'
    '<span class="visually-hidden">(</span>{count}<span class="visually-hidden">)</span></span></label>'
)
CHECKED, DISABLED = SafeString(" checked"), SafeString(" disabled")
QUICK_TREATMENTS = 3
QUICK_SPECIALTIES = 2


@dataclass(frozen=True)
class QuickFilter:
    """A link into the filtered list, with the exact number of profiles behind it."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Found:
    """The specialists of one page: how many in all, the first of them, and ways to narrow."""

    total: int
    cards: list[cards.Card]
    url: str
    quick_filters: list[QuickFilter]


@register.simple_tag
def specialists_for(facet: str, value: str) -> Found:
    """The published specialists with ``value`` in ``facet``, first cards and quick filters included."""
    selection = Selection({facet: frozenset([value])})
    finder = finding.finder()
    total = finder.total(selection)
    ids = finder.page(selection, Sort.NAME, 0, CARDS) if total else []
    relevant = queries.relevant_treatments(selection) if total else frozenset()
    return Found(
        total,
        cards.cards(ids, None, relevant),
        links.list_url(selection),
        _quick_filters(finder, selection, facet, total),
    )


def _quick_filters(finder: finding.Finder, selection: Selection, facet: str, total: int) -> list[QuickFilter]:
    """The options that narrow most usefully: kind, who takes patients, then the commonest treatments, specialties."""
    if total == 0:
        return []
    narrowing = [name for name in ("kind", "accepting", "treatment", "specialty") if name != facet]
    counts = finder.option_counts(selection, narrowing)
    offered = [("kind", kind.value, _kind_label(kind)) for kind in ProfileKind if "kind" in counts]
    if "accepting" in counts:
        offered.append(("accepting", Accepting.YES.value, str(Accepting.YES.label)))
    if "treatment" in counts:
        offered += _commonest(counts["treatment"], "treatment", QUICK_TREATMENTS)
    if "specialty" in counts:
        offered += _commonest(counts["specialty"], "specialty", QUICK_SPECIALTIES)
    return [
        QuickFilter(label, counts[name][option], links.list_url(selection.with_only(name, option)))
        for name, option, label in offered
        if 0 < counts[name].get(option, 0) < total
    ]


def _kind_label(kind: ProfileKind) -> str:
    return _("Physicians") if kind == ProfileKind.PHYSICIAN else _("Clinics")


def _commonest(counts: dict[str, int], facet: str, limit: int) -> list[tuple[str, str, str]]:
    names = catalogue.labels(facet)
    slugs = sorted((slug for slug in counts if slug in names), key=lambda slug: (-counts[slug], slug))
    return [(facet, slug, names[slug]) for slug in slugs[:limit]]


@register.simple_tag
def specialist_count() -> int:
    """How many specialists the directory has."""
    return finding.finder().total(Selection())


@register.filter
def language_names(codes: list[str]) -> list[str]:
    """ISO 639-1 codes → the languages' names in the reader's language, in the stored order."""
    return [str(Language(code).label) for code in codes]


register.filter("initials", cards.initials)


@register.simple_tag
def option_boxes(name: str, options: list[Option]) -> SafeString:
    """The tick boxes of a facet; not by a template, as a page has a hundred and most of its time went there."""
    return format_html_join("", OPTION_BOX, (_option_values(name, option) for option in options))


def _option_values(name: str, option: Option) -> dict[str, Any]:
    return {
        "name": name,
        "value": option.value,
        "label": option.label,
        "count": option.count,
        "style": " option--disabled" if option.is_disabled else "",
        "state": CHECKED if option.is_chosen else DISABLED if option.is_disabled else "",
    }


@register.filter
def insurance_names(codes: list[str]) -> list[str]:
    """Insurance codes → what they mean in the reader's language."""
    return [str(Insurance(code).label) for code in codes]
