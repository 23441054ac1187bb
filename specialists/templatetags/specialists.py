"""How other apps' pages show specialists: a condition page names its condition, this finds and counts them."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _

from conditions.models import Specialty, Treatment
from specialists import links, queries
from specialists.enums import Accepting, Insurance, Language, ProfileKind, Sort
from specialists.models import Clinic, Location, Physician, Profile, TreatmentOffer
from specialists.queries import Selection

register = template.Library()

CARDS = 6
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
    profiles: list[Profile]
    relevant_treatments: frozenset[str]
    url: str
    quick_filters: list[QuickFilter]


@register.simple_tag
def specialists_for(facet: str, value: str) -> Found:
    """The published specialists with ``value`` in ``facet``, first cards and quick filters included."""
    selection = Selection({facet: frozenset([value])})
    total = queries.matching(selection).count()
    profiles = queries.ordered(queries.matching(selection), Sort.NAME).for_cards()[:CARDS]
    return Found(
        total,
        list(profiles) if total else [],
        queries.relevant_treatments(selection),
        links.list_url(selection),
        _quick_filters(selection, facet, total),
    )


def _quick_filters(selection: Selection, facet: str, total: int) -> list[QuickFilter]:
    """The options that narrow most usefully: kind, who takes patients, then the commonest treatments, specialties."""
    if total == 0:
        return []
    narrowing = [name for name in ("kind", "accepting", "treatment", "specialty") if name != facet]
    counts = queries.option_counts(selection, narrowing)
    offered = [("kind", kind.value, _kind_label(kind)) for kind in ProfileKind if "kind" in counts]
    if "accepting" in counts:
        offered.append(("accepting", Accepting.YES.value, str(Accepting.YES.label)))
    if "treatment" in counts:
        offered += _commonest(counts["treatment"], "treatment", Treatment, QUICK_TREATMENTS)
    if "specialty" in counts:
        offered += _commonest(counts["specialty"], "specialty", Specialty, QUICK_SPECIALTIES)
    return [
        QuickFilter(label, counts[name][option], _narrowed(selection, name, option))
        for name, option, label in offered
        if 0 < counts[name].get(option, 0) < total
    ]


def _kind_label(kind: ProfileKind) -> str:
    return _("Physicians") if kind == ProfileKind.PHYSICIAN else _("Clinics")


def _commonest(
    counts: dict[str, int], facet: str, model: type[Treatment] | type[Specialty], limit: int
) -> list[tuple[str, str, str]]:
    slugs = sorted(counts, key=lambda slug: (-counts[slug], slug))[:limit]
    names = dict(model.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return [(facet, slug, names[slug]) for slug in slugs]


def _narrowed(selection: Selection, facet: str, value: str) -> str:
    return links.list_url(Selection({**selection.facets, facet: frozenset([value])}))


@register.simple_tag
def offers_by_relevance(profile: Profile, relevant: frozenset[str]) -> list[TreatmentOffer]:
    """The profile's offers, those of ``relevant`` treatments first, most cases first among them, then by name."""
    return sorted(
        profile.offers.all(),
        key=lambda offer: (
            offer.treatment.slug not in relevant,
            -(offer.annual_cases or 0) if offer.treatment.slug in relevant else 0,
            offer.treatment.sort_key,
        ),
    )


@register.simple_tag
def specialists_url(**facets: str) -> str:
    """The address of the list narrowed to one value in each named facet."""
    return links.narrowed_url(**facets)


@register.simple_tag
def specialist_count() -> int:
    """How many specialists the directory has."""
    return Profile.objects.published().count()


@register.filter
def language_names(codes: list[str]) -> list[str]:
    """ISO 639-1 codes → the languages' names in the reader's language, in the stored order."""
    return [str(Language(code).label) for code in codes]


@register.filter
def workplaces(physician: Physician) -> list[Clinic]:
    """The clinics of the current posts, each once."""
    return list({post.clinic_id: post.clinic for post in physician.listed_affiliations}.values())


@register.filter
def cities(places: list[Location]) -> list[str]:
    """The cities of these places, each once, in order."""
    return list(dict.fromkeys(place.city for place in places))


@register.filter
def initials(profile: Profile) -> str:
    """Two letters that stand for a missing photo."""
    words = [word for word in profile.sort_key.split() if word]
    if profile.kind == ProfileKind.PHYSICIAN and len(words) > 1:
        words = [words[-1], words[0]]
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def insurance_names(codes: list[str]) -> list[str]:
    """Insurance codes → what they mean in the reader's language."""
    return [str(Insurance(code).label) for code in codes]
