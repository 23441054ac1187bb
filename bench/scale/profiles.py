"""Draws what profiles are like: who, where, which conditions and treatments; arrays with one line a row."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from bench.scale.binary import DAY_ZERO
from bench.scale.draw import Floats, Ints, distinct_pairs, numbers_of, pick, some, zipf
from bench.scale.people import People, draw_people
from bench.scale.places import Places
from bench.scale.vocabulary import SPECIALTIES, Kind, kinds, organ_shares
from bench.scale.words import ENGLISH_CLINICS, GERMAN_CLINICS, ROLES
from specialists.enums import Accepting, Country, Insurance, Language, ProfileStatus

Flags = npt.NDArray[np.bool_]

CLINIC_SHARE = 0.06
STATUSES = {ProfileStatus.PUBLISHED: 97, ProfileStatus.DRAFT: 2, ProfileStatus.HIDDEN: 1}
ACCEPTING = {Accepting.YES: 45, Accepting.NO: 20, Accepting.UNKNOWN: 35}
INSURANCE = {Insurance.STATUTORY: 0.8, Insurance.PRIVATE: 0.85, Insurance.SELF_PAY: 0.55}
# The share of profiles that speak the most frequent ones; the others follow with ever fewer.
SPOKEN = {Language.DE: 0.95, Language.EN: 0.60}
RARER = (
    "tr ru fr it pl es ar ro sr hr hu el fa cs pt uk bg sq nl ku sk zh he".split()  # noqa: SIM905 - read as a list
)
# Together; a profile may speak several.
RARER_SPOKEN = 0.8
# Means before pairs that were drawn twice are dropped; what is left of them is 3, 4 and 1.4.
CONDITIONS_DRAWN, TREATMENTS_DRAWN = 3.25, 4.8
MORE_SPECIALTIES = 0.29
OWN_SHARE = 0.8
ENDED_SHARE, SECOND_POST_SHARE = 0.08, 0.35
CASES_SHARE = 0.3
UNVERIFIED_SHARE, VERIFIED_DAYS = 0.15, 3 * 365
KM_PER_DEGREE = 111.2
JITTER_KM = 1.0
SEVERAL_LOCATIONS_SHARE = 0.1


@dataclass(frozen=True)
class Dates:
    """Days since ``DAY_ZERO``; where ``unknown`` there is none."""

    days: Ints
    unknown: Flags


@dataclass(frozen=True)
class Profiles:
    """Clinics first, then physicians; ``languages`` and ``insurance`` are bits in the order of their enums."""

    statuses: Ints
    accepting: Ints
    languages: Ints
    insurance: Ints
    verified: Dates
    specialties: Ints


@dataclass(frozen=True)
class Clinics:
    """``patterns`` are positions in GERMAN_CLINICS + ENGLISH_CLINICS, ``places`` in the places."""

    places: Ints
    patterns: Ints
    beds: Ints


@dataclass(frozen=True)
class Locations:
    """``clinics`` and ``places`` are positions; coordinates in degrees."""

    clinics: Ints
    places: Ints
    latitudes: Floats
    longitudes: Floats


@dataclass(frozen=True)
class Affiliations:
    """``physicians`` and ``clinics`` are positions; years; where not ``ended``, ``until`` means nothing."""

    physicians: Ints
    clinics: Ints
    roles: Ints
    since: Ints
    until: Ints
    ended: Flags
    verified: Dates


@dataclass(frozen=True)
class Offers:
    """``profiles`` and ``treatments`` are positions; where not ``counted``, cases and year mean nothing."""

    profiles: Ints
    treatments: Ints
    cases: Ints
    years: Ints
    counted: Flags
    verified: Dates


@dataclass(frozen=True)
class Population:
    """All that is loaded, as positions and numbers; nothing of it knows a primary key."""

    profiles: Profiles
    people: People
    clinics: Clinics
    locations: Locations
    affiliations: Affiliations
    specialties: tuple[Ints, Ints]
    conditions: tuple[Ints, Ints]
    offers: Offers


def draw_population(count: int, seed: int, today: date, places: Places) -> Population:
    """``count`` profiles. Each part has a random source of its own, so that one does not change with another."""
    sources = iter(np.random.default_rng(seed).spawn(8))
    clinic_count = max(1, round(CLINIC_SHARE * count))
    profiles = draw_profiles(next(sources), count, today)
    clinics = draw_clinics(next(sources), clinic_count, places)
    organs = profiles.specialties // kinds()["specialty"].per_organ
    return Population(
        profiles=profiles,
        people=draw_people(next(sources), count - clinic_count),
        clinics=clinics,
        locations=draw_locations(next(sources), clinics, places),
        affiliations=draw_affiliations(next(sources), count - clinic_count, clinics, places, today),
        specialties=draw_specialties(next(sources), profiles.specialties),
        conditions=draw_terms(next(sources), kinds()["condition"], organs, CONDITIONS_DRAWN),
        offers=draw_offers(next(sources), organs, today),
    )


def draw_dates(rng: np.random.Generator, count: int, today: date) -> Dates:
    last = (today - DAY_ZERO).days
    return Dates(last - rng.integers(0, VERIFIED_DAYS, count), some(rng, UNVERIFIED_SHARE, count))


def draw_profiles(rng: np.random.Generator, count: int, today: date) -> Profiles:
    spoken = spoken_shares()
    return Profiles(
        statuses=pick(rng, list(STATUSES.values()), count),
        accepting=pick(rng, list(ACCEPTING.values()), count),
        languages=_bits(rng, [spoken.get(language, 0.0) for language in Language.values], count),
        insurance=_bits(rng, [INSURANCE[insurance] for insurance in Insurance], count),
        verified=draw_dates(rng, count, today),
        specialties=pick(rng, kinds()["specialty"].shares, count),
    )


def spoken_shares() -> dict[str, float]:
    """Language → the share of profiles that speak it."""
    rarer = zip(RARER, (RARER_SPOKEN * zipf(len(RARER))).tolist(), strict=True)
    return {str(language): share for language, share in (*SPOKEN.items(), *rarer)}


def _bits(rng: np.random.Generator, shares: list[float], count: int) -> Ints:
    """Bit i of each number is set with the probability ``shares[i]``."""
    bits = np.zeros(count, np.int64)
    for position, share in enumerate(shares):
        bits |= some(rng, share, count).astype(np.int64) << position
    return bits


def draw_clinics(rng: np.random.Generator, count: int, places: Places) -> Clinics:
    chosen = places.draw(rng, count)
    american = np.array([country == Country.US for country in places.countries])[chosen]
    german_patterns = pick(rng, [pattern[3] for pattern in GERMAN_CLINICS], count)
    english_patterns = len(GERMAN_CLINICS) + pick(rng, [pattern[3] for pattern in ENGLISH_CLINICS], count)
    beds = (rng.pareto(1.5, count) * 80 + 20).astype(np.int64).clip(20, 3000)
    return Clinics(chosen, np.where(american, english_patterns, german_patterns), beds)


def draw_locations(rng: np.random.Generator, clinics: Clinics, places: Places) -> Locations:
    several = some(rng, SEVERAL_LOCATIONS_SHARE, len(clinics.places))
    numbers = np.where(several, rng.integers(2, 4, len(clinics.places)), 1)
    owners = np.repeat(np.arange(len(clinics.places)), numbers)
    towns = clinics.places[owners]
    north, east = rng.normal(0, JITTER_KM / KM_PER_DEGREE, (2, len(owners)))
    latitudes = places.latitudes[towns] + north
    longitudes = places.longitudes[towns] + east / np.cos(np.radians(places.latitudes[towns]))
    return Locations(owners, towns, latitudes, longitudes)


def draw_affiliations(
    rng: np.random.Generator, physicians: int, clinics: Clinics, places: Places, today: date
) -> Affiliations:
    first, second = _first_and_second(rng, physicians, clinics, places)
    has_second = np.flatnonzero(some(rng, SECOND_POST_SHARE, physicians) & (first != second))
    owners = np.concatenate([np.arange(physicians), has_second])
    order = np.argsort(owners, kind="stable")
    count = len(owners)
    since = rng.integers(1985, today.year, count)
    return Affiliations(
        physicians=owners[order],
        clinics=np.concatenate([first, second[has_second]])[order],
        roles=pick(rng, zipf(len(ROLES)), count),
        since=since,
        until=rng.integers(since, today.year + 1),
        ended=some(rng, ENDED_SHARE, count),
        verified=draw_dates(rng, count, today),
    )


def _first_and_second(rng: np.random.Generator, physicians: int, clinics: Clinics, places: Places) -> tuple[Ints, Ints]:
    """Two clinics near each other for each physician: few have many physicians, most have some."""
    count = len(clinics.places)
    near = np.lexsort((places.latitudes[clinics.places], *_cells(clinics, places)))
    staff = rng.permutation(zipf(count, 0.4))
    position = pick(rng, staff, physicians)
    neighbour = (position + rng.integers(1, 4, physicians)).clip(max=count - 1)
    return near[position], near[neighbour]


def _cells(clinics: Clinics, places: Places) -> tuple[Ints, Ints]:
    """Strips of half a degree and within them the country: neighbours in this order are near each other."""
    countries = np.unique(np.array(places.countries), return_inverse=True)[1]
    return (places.longitudes[clinics.places] * 2).astype(np.int64), countries[clinics.places]


def draw_specialties(rng: np.random.Generator, main: Ints) -> tuple[Ints, Ints]:
    """Pairs (profile, specialty): the main one, and for some one or two more, mostly of the same organ."""
    owners = np.repeat(np.arange(len(main)), rng.binomial(2, MORE_SPECIALTIES, len(main)))
    per_organ = kinds()["specialty"].per_organ
    own = main[owners] // per_organ * per_organ + rng.integers(0, per_organ, len(owners))
    more = np.where(some(rng, OWN_SHARE, len(owners)), own, rng.integers(0, SPECIALTIES, len(owners)))
    return distinct_pairs(np.concatenate([np.arange(len(main)), owners]), np.concatenate([main, more]))


def draw_terms(rng: np.random.Generator, kind: Kind, organs: Ints, mean: float) -> tuple[Ints, Ints]:
    """Pairs (profile, term): most terms are of the profile's own organ, the others of any."""
    owners = np.repeat(np.arange(len(organs)), numbers_of(rng, mean, len(organs), most=30))
    others = pick(rng, organ_shares(), len(owners))
    return distinct_pairs(owners, kind.draw(rng, np.where(some(rng, OWN_SHARE, len(owners)), organs[owners], others)))


def draw_offers(rng: np.random.Generator, organs: Ints, today: date) -> Offers:
    owners, treatments = draw_terms(rng, kinds()["treatment"], organs, TREATMENTS_DRAWN)
    count = len(owners)
    return Offers(
        profiles=owners,
        treatments=treatments,
        cases=np.exp(rng.normal(3.4, 1.1, count)).astype(np.int64) + 1,
        years=today.year - rng.integers(1, 4, count),
        counted=some(rng, CASES_SHARE, count),
        verified=draw_dates(rng, count, today),
    )
