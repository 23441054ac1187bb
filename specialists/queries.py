"""Which profiles match a selection, and how many each filter option would bring: exact, in plain SQL.

The rules are those a visitor expects: OR within a facet, AND across facets; an option's count leaves the facet's
own selection out, so it is the number of profiles found when that option alone is ticked in its facet.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value

from conditions import names
from conditions.models import Treatment
from specialists.enums import Sort
from specialists.models import Affiliation, Location, Profile, ProfileQuerySet, TreatmentOffer

Counts = dict[str, dict[str, int]]

ORDERINGS: dict[str, tuple[Any, ...]] = {
    Sort.NAME: ("sort_key", "pk"),
    Sort.VERIFIED: (F("verified_on").desc(nulls_last=True), "sort_key", "pk"),
}


@dataclass(frozen=True)
class Selection:
    """What a visitor asks for: facet name → the values ticked in it (slugs or codes), and words of a name."""

    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    text: str = ""

    def without(self, facet: str, value: str | None = None) -> "Selection":
        """The selection with all of ``facet`` left out, or only ``value`` in it."""
        kept = self.facets.get(facet, frozenset()) - {value} if value is not None else frozenset()
        return replace(self, facets={**self.facets, facet: kept})

    def active(self) -> list[tuple[str, str]]:
        """Each (facet, value) that is ticked, in a fixed order."""
        return [(facet, value) for facet in FACETS for value in sorted(self.facets.get(facet, ()))]


class ColumnFacet:
    """A facet whose value is a column of the profile."""

    def __init__(self, column: str) -> None:
        self.column = column

    def having(self, values: Iterable[str]) -> Q:
        """The profiles with any of ``values``."""
        return Q(**{f"{self.column}__in": values})

    def counted(self, profiles: QuerySet[Profile]) -> list[QuerySet[Any]]:
        """Query sets of rows (value, number of ``profiles`` with it); their numbers add up."""
        return [_grouped(profiles, F(self.column), "pk")]


class ArrayFacet(ColumnFacet):
    """A facet whose values are in an array column of the profile."""

    def having(self, values: Iterable[str]) -> Q:
        return Q(**{f"{self.column}__overlap": list(values)})

    def counted(self, profiles: QuerySet[Profile]) -> list[QuerySet[Any]]:
        unnested = Func(F(self.column), function="unnest", output_field=CharField())
        return [_grouped(profiles, unnested, "pk")]


@dataclass(frozen=True)
class Relation:
    """Rows that join a profile to a value: the query set, the path to the profile's id, the path to the value."""

    rows: Callable[[], QuerySet[Any]]
    profile: str
    value: str


class RelationFacet:
    """A facet whose values are rows beside the profile. No profile may have rows in two of the relations."""

    def __init__(self, *relations: Relation) -> None:
        self.relations = relations

    def having(self, values: Iterable[str]) -> Q:
        chosen = list(values)
        return reduce(
            or_,
            (
                Q(pk__in=relation.rows().filter(**{f"{relation.value}__in": chosen}).values(relation.profile))
                for relation in self.relations
            ),
        )

    def counted(self, profiles: QuerySet[Profile]) -> list[QuerySet[Any]]:
        ids = profiles.values("pk")
        return [
            _grouped(
                relation.rows().filter(**{f"{relation.profile}__in": ids, f"{relation.value}__isnull": False}),
                F(relation.value),
                relation.profile,
            )
            for relation in self.relations
        ]


def _grouped(rows: QuerySet[Any], value: Any, profile: str) -> QuerySet[Any]:
    return rows.order_by().annotate(option=value).values("option").annotate(found=Count(profile, distinct=True))


FACETS: dict[str, ColumnFacet | RelationFacet] = {
    "condition": RelationFacet(
        Relation(
            lambda: Profile.conditions.through.objects.filter(condition__is_published=True),
            "profile_id",
            "condition__slug",
        )
    ),
    "specialty": RelationFacet(Relation(Profile.specialties.through.objects.all, "profile_id", "specialty__slug")),
    "treatment": RelationFacet(Relation(TreatmentOffer.objects.all, "profile_id", "treatment__slug")),
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


def matching(selection: Selection) -> ProfileQuerySet:
    """The published profiles that satisfy every filter of ``selection``, unordered."""
    profiles = Profile.objects.published().order_by()
    for facet, values in selection.facets.items():
        if values:
            profiles = profiles.filter(FACETS[facet].having(values))
    return profiles.filter(names.matching_words(selection.text, "search_key"))


def ordered(profiles: ProfileQuerySet, sort: str) -> ProfileQuerySet:
    """``profiles`` in a total order, so that pages neither repeat nor skip anyone."""
    return profiles.order_by(*ORDERINGS[sort])


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
    conditions = selection.facets.get("condition", frozenset())
    if chosen or not conditions:
        return chosen
    return frozenset(Treatment.objects.filter(conditions__slug__in=conditions).values_list("slug", flat=True))


def relaxations(selection: Selection) -> dict[tuple[str, str], int]:
    """For each ticked (facet, value), how many profiles are found when it alone is dropped."""
    parts = [
        matching(selection.without(facet, value))
        .annotate(facet=Value(facet, output_field=CharField()), option=Value(value, output_field=CharField()))
        .values("facet", "option")
        .annotate(found=Count("pk"))
        .values_list("facet", "option", "found")
        for facet, value in selection.active()
    ]
    if not parts:
        return {}
    return {(facet, option): found for facet, option, found in parts[0].union(*parts[1:], all=True)}
