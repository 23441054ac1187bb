"""Who else could be asked: profiles of the same kind that share most with one, for its page.

The page explains the rule; it asks the index twice and the database for shared rows of a few dozen profiles.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Value

from conditions.models import Condition, Treatment
from specialists import cards, finding
from specialists.enums import ProfileStatus, Sort
from specialists.models import Location, Profile, TreatmentOffer
from specialists.selection import Selection

MOST = 4
# So many who share one thing are compared in all.
COMPARED = 40
CONDITION_POINTS, TREATMENT_POINTS = 2, 1


@dataclass(frozen=True)
class Shared:
    """A condition or treatment of the profile, and how many others of its kind have it too."""

    term: Condition | Treatment
    others: int

    @property
    def facet(self) -> str:
        return "condition" if isinstance(self.term, Condition) else "treatment"


@dataclass(frozen=True)
class Similar:
    """The cards, and what the page's explanation needs: ``place`` is None where distance could not count."""

    cards: list[cards.Card]
    shared: Shared
    place: Location | None
    most: int = MOST
    compared: int = COMPARED

    @property
    def is_rarest(self) -> bool:
        """Whether enough others have the shared term; if not, it is the one that most others have."""
        return self.shared.others >= MOST


def similar(profile: Profile, conditions: Sequence[Condition], treatments: Sequence[Treatment]) -> Similar | None:
    """Up to MOST published profiles like this one, given its public conditions and its treatments; None without any."""
    finder = finding.finder()
    shared = _most_telling(finder, profile, [*conditions, *treatments])
    if shared is None:
        return None
    place = next((place for place in profile.places() if place.latitude is not None), None)
    wanted = _selection(profile, shared)
    if place is None or place.latitude is None or place.longitude is None:
        found = finder.page(wanted, Sort.NAME, 0, COMPARED + 1)
    else:
        found = finder.nearest(wanted, place.latitude, place.longitude, COMPARED + 1)
    others = [other for other in found if other != profile.pk][:COMPARED]
    points = _points(others, conditions, treatments)
    best = sorted(others, key=lambda other: -points[other])[:MOST]
    shown = cards.cards(best, relevant=frozenset(treatment.slug for treatment in treatments))
    return Similar(shown, shared, place) if shown else None


def _most_telling(finder: finding.Finder, profile: Profile, terms: Sequence[Condition | Treatment]) -> Shared | None:
    """The rarest term that MOST others have, conditions before treatments; where there is none, the commonest."""
    own = int(profile.status == ProfileStatus.PUBLISHED)
    totals = finder.totals([_selection(profile, Shared(term, 0)) for term in terms])
    shared = [Shared(term, total - own) for term, total in zip(terms, totals, strict=True) if total > own]
    enough = [one for one in shared if one.others >= MOST]
    if enough:
        return min(enough, key=lambda one: (one.facet != "condition", one.others))
    return max(shared, key=lambda one: one.others, default=None)


def _selection(profile: Profile, shared: Shared) -> Selection:
    return Selection({"kind": frozenset([profile.kind]), shared.facet: frozenset([shared.term.slug])})


def _points(profiles: Sequence[int], conditions: Sequence[Condition], treatments: Sequence[Treatment]) -> Counter[int]:
    """Profile → the points for what it shares. One query."""
    treated = Profile.conditions.through.objects.filter(profile__in=profiles, condition__in=conditions)
    offered = TreatmentOffer.objects.filter(profile__in=profiles, treatment__in=treatments).order_by()
    rows = treated.values_list("profile_id", Value(CONDITION_POINTS)).union(
        offered.values_list("profile_id", Value(TREATMENT_POINTS)), all=True
    )
    points: Counter[int] = Counter()
    for profile, worth in rows:
        points[profile] += worth
    return points
