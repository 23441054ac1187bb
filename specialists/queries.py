"""Which profiles match a selection, and how many each filter option would bring: exact, in plain SQL.

The rules are those a visitor expects: OR within a facet, AND across facets; an option's count leaves the facet's
own selection out, so it is the number of profiles found when that option alone is ticked in its facet. The facet index
(``specialists.facets``) answers the same questions faster; this module is what it is checked against.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import CharField, Count, F, Func, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Least

from conditions import content_version, names
from conditions.models import Condition, Specialty, Treatment
from conditions.models.vocabulary import Term
from conditions.search import Span
from specialists import distance
from specialists.distance import Floats, Integers
from specialists.enums import Sort
from specialists.models import Affiliation, Location, Profile, ProfileQuerySet, TreatmentOffer
from specialists.selection import Circle, Selection

Counts = dict[str, dict[str, int]]

ORDERINGS: dict[str, tuple[Any, ...]] = {
    Sort.NAME: ("sort_key", "pk"),
    Sort.VERIFIED: (F("verified_on").desc(nulls_last=True), "sort_key", "pk"),
    Sort.DISTANCE: ("metres", "sort_key", "pk"),
}


def published(profiles: Sequence[int] | None = None) -> ProfileQuerySet:
    """The published profiles, or those of these ids among them, unordered."""
    found = Profile.objects.published().order_by()
    return found if profiles is None else found.filter(pk__in=profiles)


class ColumnFacet:
    """A facet whose value is a column of the profile."""

    # What the facet index goes by: here the value itself.
    terms: type[Term] | None = None

    def __init__(self, column: str) -> None:
        self.column = column

    def postings(self, profiles: Sequence[int] | None = None) -> list[QuerySet[Any]]:
        """Query sets of tuples (profile's id, value) for all published profiles, or those of these ids."""
        return [published(profiles).values_list("pk", self.column)]

    def having(self, values: Iterable[str]) -> Q:
        """The profiles with any of ``values``."""
        return Q(**{f"{self.column}__in": values})

    def counted(self, profiles: QuerySet[Profile]) -> list[QuerySet[Any]]:
        """Query sets of rows (value, number of ``profiles`` with it); their numbers add up."""
        return [_grouped(profiles, F(self.column), "pk")]


class ArrayFacet(ColumnFacet):
    """A facet whose values are in an array column of the profile."""

    def postings(self, profiles: Sequence[int] | None = None) -> list[QuerySet[Any]]:
        return [published(profiles).values_list("pk", self._unnested())]

    def having(self, values: Iterable[str]) -> Q:
        return Q(**{f"{self.column}__overlap": list(values)})

    def counted(self, profiles: QuerySet[Profile]) -> list[QuerySet[Any]]:
        return [_grouped(profiles, self._unnested(), "pk")]

    def _unnested(self) -> Func:
        return Func(F(self.column), function="unnest", output_field=CharField())


EVERY_ROW = Q()


@dataclass(frozen=True)
class Relation:
    """Rows that join a profile to a value: the query set, the path to the profile's id, the path to the value.

    ``key`` is the path to what the facet index goes by, when that is not the value itself; ``public`` the rows whose
    value visitors may see.
    """

    rows: Callable[[], QuerySet[Any]]
    profile: str
    value: str
    key: str = ""
    public: Q = EVERY_ROW


class RelationFacet:
    """A facet whose values are rows beside the profile. No profile may have rows in two of the relations.

    ``terms`` names the vocabulary when the values are slugs of it; the facet index then keeps the terms' ids, which
    stay the same when a slug changes.
    """

    def __init__(self, *relations: Relation, terms: type[Term] | None = None) -> None:
        self.relations = relations
        self.terms = terms

    def postings(self, profiles: Sequence[int] | None = None) -> list[QuerySet[Any]]:
        """Query sets of tuples (profile's id, key) for all published profiles, or those of these ids.

        A tuple may come twice.
        """
        ids = published(profiles).values("pk")
        return [
            relation.rows()
            .filter(**{f"{relation.profile}__in": ids, f"{relation.key or relation.value}__isnull": False})
            .order_by()
            .values_list(relation.profile, relation.key or relation.value)
            for relation in self.relations
        ]

    def having(self, values: Iterable[str]) -> Q:
        chosen = list(values)
        return _any_of(
            relation.rows().filter(relation.public, **{f"{relation.value}__in": chosen}).values(relation.profile)
            for relation in self.relations
        )

    def counted(self, profiles: QuerySet[Profile]) -> list[QuerySet[Any]]:
        ids = profiles.values("pk")
        return [
            _grouped(
                relation.rows().filter(
                    relation.public, **{f"{relation.profile}__in": ids, f"{relation.value}__isnull": False}
                ),
                F(relation.value),
                relation.profile,
            )
            for relation in self.relations
        ]


def _any_of(owners: Iterable[QuerySet[Any]]) -> Q:
    """The profiles whose id one of the query sets gives.

    As one subquery: joined by OR, PostgreSQL would look through each of two large ones anew for every profile.
    """
    first, *others = owners
    return Q(pk__in=first.order_by().union(*(other.order_by() for other in others), all=True) if others else first)


def _grouped(rows: QuerySet[Any], value: Any, profile: str) -> QuerySet[Any]:
    return rows.order_by().annotate(option=value).values("option").annotate(found=Count(profile, distinct=True))


FACETS: dict[str, ColumnFacet | RelationFacet] = {
    "condition": RelationFacet(
        Relation(
            Profile.conditions.through.objects.all,
            "profile_id",
            "condition__slug",
            "condition_id",
            Q(condition__is_published=True),
        ),
        terms=Condition,
    ),
    "specialty": RelationFacet(
        Relation(Profile.specialties.through.objects.all, "profile_id", "specialty__slug", "specialty_id"),
        terms=Specialty,
    ),
    "treatment": RelationFacet(
        Relation(TreatmentOffer.objects.all, "profile_id", "treatment__slug", "treatment_id"), terms=Treatment
    ),
    "kind": ColumnFacet("kind"),
    "accepting": ColumnFacet("accepting"),
    "language": ArrayFacet("languages"),
    "insurance": ArrayFacet("insurance"),
    # A clinic is where it is; a physician is where the clinics of their current posts are.
    "country": RelationFacet(
        Relation(Location.objects.all, "clinic_id", "country"),
        Relation(Affiliation.objects.current, "physician_id", "clinic__locations__country"),
    ),
}


# A profile's points on the map: the rows, whose they are, the way from them to a location.
PLACES: tuple[tuple[Callable[[], QuerySet[Any]], str, str], ...] = (
    (Location.objects.all, "clinic_id", ""),
    (Affiliation.objects.current, "physician_id", "clinic__locations__"),
)


def active(selection: Selection) -> list[tuple[str, str]]:
    """Each (facet, value) that is ticked, in a fixed order."""
    return [(facet, value) for facet in FACETS for value in sorted(selection.facets.get(facet, ()))]


def matching(selection: Selection) -> ProfileQuerySet:
    """The published profiles that satisfy every filter of ``selection``, unordered."""
    profiles = Profile.objects.published().order_by()
    for facet, values in selection.facets.items():
        if values:
            profiles = profiles.filter(FACETS[facet].having(values))
    for span in selection.parts:
        profiles = profiles.filter(_meant_by(span))
    return profiles.filter(_within(selection.near)) if selection.near else profiles


def _meant_by(span: Span) -> Q:
    """The profiles with the span's words in their name, or with one of its terms."""
    found = names.matching_words(" ".join(span.words), "search_key")
    for facet in sorted({facet for facet, _slug in span.terms}):
        found |= FACETS[facet].having([slug for name, slug in span.terms if name == facet])
    return found


def _within(circle: Circle) -> Q:
    """The profiles with a place in the circle: a clinic's locations, a physician's through current posts."""
    inside = Location.objects.filter(distance.in_box(circle)).annotate(
        metres=distance.metres(circle, "latitude", "longitude")
    )
    clinics = inside.filter(metres__lte=circle.radius * distance.METRES).values("clinic_id")
    physicians = Affiliation.objects.current().filter(clinic_id__in=clinics).values("physician_id")
    return _any_of([clinics, physicians])


def ordered(profiles: ProfileQuerySet, sort: str, near: Circle | None = None) -> ProfileQuerySet:
    """``profiles`` in a total order, so that pages neither repeat nor skip anyone. By distance only from ``near``."""
    if sort == Sort.DISTANCE:
        if near is None:
            return profiles.order_by(*ORDERINGS[Sort.NAME])
        profiles = profiles.annotate(metres=_nearest(near))
    return profiles.order_by(*ORDERINGS[sort])


def nearest(profiles: ProfileQuerySet, point: Circle) -> ProfileQuerySet:
    """Those of ``profiles`` with a place on the map, the nearest to the middle of the circle first, then by name."""
    located = profiles.annotate(metres=_nearest(point)).filter(metres__isnull=False)
    return located.order_by(*ORDERINGS[Sort.DISTANCE])


def _nearest(circle: Circle) -> Least:
    """Metres to the nearest place of a profile; Least ignores the half that is null."""

    def least(rows: QuerySet[Any], owner: str, path: str) -> Subquery:
        far = distance.metres(circle, f"{path}latitude", f"{path}longitude")
        owned = rows.filter(**{owner: OuterRef("pk"), f"{path}latitude__isnull": False}).order_by()
        return Subquery(owned.values(owner).annotate(metres=Min(far)).values("metres"), output_field=IntegerField())

    return Least(*(least(rows(), owner, path) for rows, owner, path in PLACES))


def option_counts(selection: Selection, facets: Iterable[str] = FACETS) -> Counts:
    """Facet → value → how many profiles a click on that value would show, its own facet's other ticks left out.

    Values without any profile are not in the answer. One query for all facets.
    """
    counts: Counts = {facet: {} for facet in facets}
    parts = [
        part.annotate(facet=Value(facet, output_field=CharField())).values_list("facet", "option", "found")
        for facet in counts
        for part in FACETS[facet].counted(matching(selection.without(facet)))
    ]
    if not parts:
        return counts
    for facet, option, found in parts[0].union(*parts[1:], all=True):
        counts[facet][option] = counts[facet].get(option, 0) + found
    return counts


def relevant_treatments(selection: Selection) -> frozenset[str]:
    """The slugs of treatments a visitor with this selection cares about: those ticked, else the conditions' own."""
    chosen = selection.facets.get("treatment", frozenset())
    meant = {term for span in selection.spans for term in span.terms}
    conditions = selection.facets.get("condition") or {slug for facet, slug in meant if facet == "condition"}
    if chosen or not conditions:
        return chosen | {slug for facet, slug in meant if facet == "treatment"}
    usual = treatments_of_conditions()
    return frozenset().union(*(usual.get(slug, ()) for slug in conditions))


@content_version.cached
def treatments_of_conditions() -> dict[str, list[str]]:
    """The slugs of the treatments that are usual for each condition, by its slug."""
    usual: dict[str, list[str]] = defaultdict(list)
    for condition, treatment in Treatment.objects.filter(conditions__isnull=False).values_list(
        "conditions__slug", "slug"
    ):
        usual[condition].append(treatment)
    return usual


def having(facet: str, value: str, profiles: Sequence[int]) -> list[int]:
    """Those of the published profiles with these ids that have ``value`` in ``facet``."""
    return list(published(profiles).filter(FACETS[facet].having([value])).values_list("pk", flat=True))


def totals(selections: Sequence[Selection]) -> list[int]:
    """How many profiles each of the selections finds. One query."""
    parts = [
        matching(selection)
        .annotate(place=Value(place, output_field=IntegerField()))
        .values("place")
        .annotate(found=Count("pk"))
        .values_list("place", "found")
        for place, selection in enumerate(selections)
    ]
    if not parts:
        return []
    found = dict(parts[0].union(*parts[1:], all=True))
    return [found.get(place, 0) for place in range(len(selections))]


def points(selection: Selection) -> tuple[Floats, Floats, Integers]:
    """(Latitudes, longitudes, how many of the profiles found are there) of every point where any is."""
    found = matching(selection).values("pk")
    pairs = {
        (profile, latitude, longitude)
        for rows, owner, path in PLACES
        for profile, latitude, longitude in rows()
        .filter(**{f"{owner}__in": found, f"{path}latitude__isnull": False})
        .order_by()
        .values_list(owner, f"{path}latitude", f"{path}longitude")
    }
    counts = Counter((latitude, longitude) for _profile, latitude, longitude in pairs)
    coordinates = np.array(list(counts), dtype=np.float64).reshape(-1, 2)
    return coordinates[:, 0], coordinates[:, 1], np.array(list(counts.values()), dtype=np.int64)
