"""What a search field suggests while somebody types: conditions, treatments, people, clinics and places."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from conditions import names, search, words
from conditions.models import TermName
from specialists import catalogue, finding, geography, links
from specialists.enums import ProfileKind, Sort
from specialists.models import Profile
from specialists.selection import Selection

SHORTEST = 2
MOST = 8
TERMS, PEOPLE, PLACES = 4, 3, 2
# Rows looked at to find the best few: many synonyms of a term may begin alike.
ROWS = 60


@dataclass(frozen=True)
class Suggestion:
    """``url`` is where choosing it leads; without one it only fills the field with ``value``."""

    name_html: SafeString
    kind: str
    value: str
    note: str = ""
    url: str = ""


def status(suggestions: list[Suggestion]) -> str:
    """What a screen reader announces."""
    if not suggestions:
        return _("No suggestions")
    return ngettext("%(count)s suggestion", "%(count)s suggestions", len(suggestions)) % {"count": len(suggestions)}


def for_place(text: str) -> list[Suggestion]:
    """Places and postcodes that begin with ``text``; chosen, they fill the field."""
    typed = names.search_words(text)
    return [
        Suggestion(search.marked(spot.label, typed), _("Place"), spot.value) for spot in geography.suggest(text, MOST)
    ]


def for_search(text: str) -> list[Suggestion]:
    """At most ``MOST``: terms first, then people and clinics, then places."""
    typed = names.search_words(text)
    if sum(map(len, typed)) < SHORTEST:
        return []
    return [*_terms(typed), *_people(text, typed), *_places(text, typed)][:MOST]


def _terms(typed: list[str]) -> Iterator[Suggestion]:
    labels = {"condition": _("Condition"), "treatment": _("Treatment"), "specialty": _("Specialty")}
    shown: set[tuple[str, str]] = set()
    for kind, slug, text in _names_like(typed):
        if (kind, slug) in shown or slug not in catalogue.labels(kind):
            continue
        shown.add((kind, slug))
        name = catalogue.labels(kind)[slug]
        note = "" if names.fold(name) == names.fold(text) else _("also called “%(name)s”") % {"name": text}
        yield Suggestion(
            search.marked(name, typed), labels[kind], name, note, reverse(f"conditions:{kind}", args=(slug,))
        )
        if len(shown) == TERMS:
            return


def _names_like(typed: list[str]) -> list[tuple[str, str, str]]:
    """(Kind, slug, name or synonym) with words that begin with each typed one, those that begin so first."""
    together = " ".join(typed)
    wanted = Q(joined__startswith=words.joined(together)) | _all_begin(typed)
    begins_so = Case(When(folded__startswith=together, then=0), default=1)
    is_foreign = Case(When(language=get_language(), then=0), default=1)
    best_first = (begins_so, is_foreign, F("is_name").desc(), Length("folded"), "folded", "pk")
    return list(_rows(TermName.objects.public().filter(wanted).order_by(*best_first))) or _names_near(together)


def _all_begin(typed: list[str]) -> Q:
    matches = Q()
    for word in typed:
        matches &= Q(folded__startswith=word) | Q(folded__contains=f" {word}")
    return matches


def _names_near(together: str) -> list[tuple[str, str, str]]:
    """Names that are written nearly so, for a slip of the pen."""
    joined = words.joined(together)
    near = TermName.objects.public().filter(joined__trigram_similar=joined)
    return list(_rows(near.order_by(TrigramSimilarity("joined", joined).desc(), F("is_name").desc(), "folded", "pk")))


def _rows(found: QuerySet[TermName]) -> Iterator[tuple[str, str, str]]:
    columns = ("condition__slug", "treatment__slug", "specialty__slug", "text")
    for condition, treatment, specialty, text in found.values_list(*columns)[:ROWS]:
        yield *search.term_of(condition, treatment, specialty), text


def _people(text: str, typed: list[str]) -> Iterator[Suggestion]:
    labels = {ProfileKind.PHYSICIAN: _("Physician"), ProfileKind.CLINIC: _("Clinic")}
    ids = finding.finder().page(Selection(text=text), Sort.NAME, 0, PEOPLE)
    profiles = {profile.pk: profile for profile in Profile.objects.published().filter(pk__in=ids)}
    for profile in (profiles[pk] for pk in ids if pk in profiles):
        kind = labels[ProfileKind(profile.kind)]
        name = search.marked(profile.display_name, typed)
        yield Suggestion(name, kind, profile.display_name, profile.focus, profile.get_absolute_url())


def _places(text: str, typed: list[str]) -> Iterator[Suggestion]:
    for spot in geography.suggest(text, PLACES):
        near = Selection().near_to(spot.latitude, spot.longitude, links.DEFAULT_RADIUS, spot.value)
        yield Suggestion(
            search.marked(spot.label, typed), _("Place"), spot.label, _("specialists near there"), links.list_url(near)
        )
