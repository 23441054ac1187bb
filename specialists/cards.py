"""The cards of a list: profiles with all that a card shows, put into words.

The words are made here and not in the template, which is rendered twenty times a page: that halves the time of a list.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conditions.models import Picture, Specialty
from specialists import catalogue, distance
from specialists.enums import Accepting, ProfileKind
from specialists.models import Affiliation, Location, Profile, TreatmentOffer
from specialists.selection import Circle

MOST_SPECIALTIES = 3
MOST_OFFERS = 3
COLUMNS = ("kind", "display_name", "sort_key", "slug", "focus", "accepting", "verified_on", "is_sample", "photo")

# (City, latitude, longitude) in degrees, or None where it is not known.
Place = tuple[str, float | None, float | None]


class Offer(NamedTuple):
    """That a profile offers a treatment, and how often it was done in which year."""

    slug: str
    name: str
    annual_cases: int | None
    year: int | None


@dataclass(frozen=True)
class Card:
    """What a card says; each text is ready to be shown, empty where there is nothing to say."""

    profile: int
    slug: str
    name: str
    url: str
    focus: str
    initials: str
    photo: Picture | None
    is_clinic: bool
    works_at: str
    places: str
    far: str
    specialties: str
    offers: list[tuple[str, str]]
    more_offers: str
    accepting: str
    takes_patients: bool
    verified: str
    is_verified: bool
    is_sample: bool


def cards(ids: Sequence[int], near: Circle | None = None, relevant: frozenset[str] = frozenset()) -> list[Card]:
    """The cards of the published profiles with these ids, in their order; one that went away meanwhile is left out.

    With ``near`` they say how far it is to the nearest place; offers of the treatments with ``relevant`` slugs come
    first. Five queries for any number of cards, for columns and not for objects: those would take most of the time.
    """
    if not ids:
        return []
    columns = Profile.objects.published().filter(pk__in=ids).select_related("photo").only(*COLUMNS)
    found = {profile.pk: profile for profile in columns}
    facts = gathered(ids)
    return [_card(found[profile], facts, near, relevant) for profile in ids if profile in found]


@dataclass(frozen=True)
class Facts:
    """What stands in other tables about profiles: id → rows."""

    posts: Mapping[int, list[tuple[int, str]]]
    places: Mapping[int, list[Place]]
    specialties: Mapping[int, list[str]]
    offers: Mapping[int, list[Offer]]

    def workplaces(self, profile: int) -> list[str]:
        """The clinics of the current posts, each once."""
        return list(dict(self.posts.get(profile, [])).values())

    def places_of(self, profile: int) -> list[Place]:
        """A clinic's own places, or those of the clinics where a physician works."""
        clinics = dict.fromkeys([profile, *(clinic for clinic, _name in self.posts.get(profile, []))])
        return [place for clinic in clinics for place in self.places.get(clinic, [])]


def gathered(ids: Sequence[int]) -> Facts:
    """The facts of the profiles with these ids, in four queries beside the vocabulary, which is kept."""
    vocabulary = catalogue.terms()
    current = Affiliation.objects.current().filter(physician__in=ids).order_by("pk")
    posts = _by_owner(current.values_list("physician_id", "clinic_id", "clinic__display_name"))
    clinics = {*ids, *(clinic for of in posts.values() for clinic, _name in of)}
    locations = Location.objects.filter(clinic__in=clinics).order_by("pk")
    specialties = Specialty.objects.filter(profiles__in=ids).order_by("pk").values_list("profiles", "slug")
    offers = TreatmentOffer.objects.filter(profile__in=ids).order_by("pk")
    return Facts(
        posts,
        _by_owner(locations.values_list("clinic_id", "city", "latitude", "longitude")),
        {
            owner: [name for (_slug, name) in rows]
            for owner, rows in _by_owner(_named(specialties, vocabulary["specialty"])).items()
        },
        {
            owner: [Offer(slug, name, *case_numbers) for slug, *case_numbers, name in rows]
            for owner, rows in _by_owner(
                _named(
                    offers.values_list("profile_id", "treatment__slug", "annual_cases", "year"),
                    vocabulary["treatment"],
                )
            ).items()
        },
    )


def _named(rows: Iterable[tuple[Any, ...]], terms: Mapping[str, tuple[int, str]]) -> list[tuple[Any, ...]]:
    """Rows of an owner, a term's slug and more, each with the term's name at its end; in the order of ``terms``."""
    place = {slug: position for position, slug in enumerate(terms)}
    return sorted(((*row, terms[row[1]][1]) for row in rows), key=lambda row: place[row[1]])


def _by_owner(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    """Rows by their first column, without it."""
    owned: dict[int, list[Any]] = defaultdict(list)
    for owner, *rest in rows:
        owned[owner].append(tuple(rest))
    return owned


def _card(profile: Profile, facts: Facts, near: Circle | None, relevant: frozenset[str]) -> Card:
    places = facts.places_of(profile.pk)
    offers = by_relevance(facts.offers.get(profile.pk, []), relevant)
    return Card(
        profile=profile.pk,
        slug=profile.slug,
        name=profile.display_name,
        url=profile.get_absolute_url(),
        focus=profile.focus,
        initials=initials(profile),
        photo=profile.photo,
        is_clinic=profile.kind == ProfileKind.CLINIC,
        works_at=", ".join(facts.workplaces(profile.pk)),
        places=", ".join(dict.fromkeys(city for city, _latitude, _longitude in places)),
        far=_far(places, near) if near else "",
        specialties=_first(facts.specialties.get(profile.pk, []), MOST_SPECIALTIES),
        offers=[(offer.name, cases(offer)) for offer in offers[:MOST_OFFERS]],
        more_offers=_more(len(offers) - MOST_OFFERS),
        accepting=str(Accepting(profile.accepting).label),
        takes_patients=profile.accepting == Accepting.YES,
        verified=verified(profile),
        is_verified=profile.verified_on is not None,
        is_sample=profile.is_sample,
    )


def _far(places: list[Place], near: Circle) -> str:
    """How far it is to the nearest place; nothing where no coordinates are known."""
    metres = [
        distance.between(near.latitude, near.longitude, latitude, longitude)
        for _city, latitude, longitude in places
        if latitude is not None and longitude is not None
    ]
    return _("%(far)s km away") % {"far": floatformat(min(metres) / distance.METRES)} if metres else ""


def _first(names: list[str], most: int) -> str:
    """The first few names and how many more there are; "Not stated" where there are none."""
    if not names:
        return _("Not stated")
    return " ".join(filter(None, (", ".join(names[:most]), _more(len(names) - most))))


def _more(count: int) -> str:
    return _("and %(more)s more") % {"more": count} if count > 0 else ""


def cases(offer: Offer) -> str:
    """How many cases in which year; nothing where that is not known."""
    if offer.annual_cases is None:
        return ""
    words = ngettext("%(cases)s case in %(year)s", "%(cases)s cases in %(year)s", offer.annual_cases)
    return words % {"cases": offer.annual_cases, "year": offer.year}


def verified(profile: Profile) -> str:
    if profile.verified_on is None:
        return _("Not verified yet")
    return _("Verified on %(day)s") % {"day": date_format(profile.verified_on)}


def by_relevance(offers: Sequence[Offer], relevant: frozenset[str]) -> list[Offer]:
    """Offers given by name: those of ``relevant`` treatments first and the most cases first among them."""
    return sorted(
        offers,
        key=lambda offer: (offer.slug not in relevant, -(offer.annual_cases or 0) if offer.slug in relevant else 0),
    )


def initials(profile: Profile) -> str:
    """Two letters that stand for a missing photo."""
    words = [word for word in profile.sort_key.split() if word]
    if profile.kind == ProfileKind.PHYSICIAN and len(words) > 1:
        words = [words[-1], words[0]]
    return "".join(word[0] for word in words[:2]).upper()
