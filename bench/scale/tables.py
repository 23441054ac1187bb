"""The population as columns of the tables: positions become primary keys, codes become words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import compress

import numpy as np
from django.db.models import Model

from bench.scale.binary import DAY_ZERO, Column, Number, Same, Text, Words, array_of
from bench.scale.draw import Ints, rank_within
from bench.scale.people import FORMS, name_lists
from bench.scale.places import Places
from bench.scale.profiles import ACCEPTING, STATUSES, Dates, Population
from bench.scale.vocabulary import Keys, kinds
from bench.scale.words import ENGLISH_CLINICS, ENGLISH_STREETS, GERMAN_CLINICS, GERMAN_STREETS, ROLES
from conditions import names
from specialists.enums import ClinicKind, Country, Insurance, Language, ProfileKind
from specialists.models import Affiliation, Clinic, Location, Physician, Profile, TreatmentOffer

SOURCE = Same(b"Made up for measurements")
EMPTY = Same(b"")
NULL = Same(None)
TRUE = Same(b"\x01")
MICROSECONDS_PER_DAY = 86_400_000_000
HIGHEST_HOUSE_NUMBER = 120


@dataclass(frozen=True)
class Table:
    """What one COPY writes: as many rows as each of the columns has."""

    model: type[Model]
    columns: dict[str, Column]
    rows: int


def tables(population: Population, keys: Keys, places: Places, today: date) -> Iterator[Table]:
    """Everything to be loaded, a table after those that it refers to. Primary keys count from 1."""
    clinics, physicians = len(population.clinics.places), len(population.people.family)
    clinic_names = _clinic_names(population, places)
    yield Table(Profile, {**_clinic_profile(*clinic_names), **_profile(population, slice(0, clinics), today)}, clinics)
    yield Table(
        Profile, {**_physician_profile(population), **_profile(population, slice(clinics, None), today)}, physicians
    )
    yield _clinics(population)
    yield _physicians(population)
    yield _locations(population, places)
    yield _affiliations(population)
    yield _pairs(Profile.specialties.through, "specialty_id", population.specialties, keys.specialties)
    yield _pairs(Profile.conditions.through, "condition_id", population.conditions, keys.conditions)
    yield _offers(population, keys)


def _ids(positions: Ints) -> Number:
    return Number("int8", positions + 1)


def _all_ids(rows: int) -> Number:
    return _ids(np.arange(rows))


def _dates(dates: Dates) -> Number:
    return Number("date", dates.days, dates.unknown)


def _subsets(values: list[str], bits: Ints) -> Text:
    """An array column from bits, bit i standing for ``values[i]``."""
    different, codes = np.unique(bits, return_inverse=True)
    chosen = [list(compress(values, (pattern >> i & 1 for i in range(len(values))))) for pattern in different.tolist()]
    return Text((Words([array_of(subset) for subset in chosen]), codes))


def _profile(population: Population, rows: slice, today: date) -> dict[str, Column]:
    """The columns that physicians and clinics share, for these rows of all profiles."""
    profiles = population.profiles
    now = ((today - DAY_ZERO).days * MICROSECONDS_PER_DAY).to_bytes(8, "big")
    focus = Words([f"Synthetic profile: {name.lower()}" for name in kinds()["specialty"].names])
    return {
        "id": _ids(np.arange(len(profiles.statuses))[rows]),
        "status": Text((Words(list(STATUSES)), profiles.statuses[rows])),
        "focus": Text((focus, profiles.specialties[rows])),
        "about": EMPTY,
        "languages": _subsets(Language.values, profiles.languages[rows]),
        "insurance": _subsets(Insurance.values, profiles.insurance[rows]),
        "accepting": Text((Words(list(ACCEPTING)), profiles.accepting[rows])),
        "phone": EMPTY,
        "website": EMPTY,
        "verified_on": _dates(Dates(profiles.verified.days[rows], profiles.verified.unknown[rows])),
        "is_sample": TRUE,
        "created_at": Same(now),
        "edited_at": Same(now),
        "photo_id": NULL,
    }


def _clinic_names(population: Population, places: Places) -> tuple[list[str], Ints]:
    """The different names of clinics, and which of them each clinic has."""
    patterns = (*GERMAN_CLINICS, *ENGLISH_CLINICS)
    keys = population.clinics.patterns * len(places.names) + population.clinics.places
    different, codes = np.unique(keys, return_inverse=True)
    parts = ((patterns[key // len(places.names)], places.names[key % len(places.names)]) for key in different.tolist())
    return [f"{before} {place} {after}".strip() for (before, after, _kind, _weight), place in parts], codes


def _numbered(slugs: Ints) -> tuple[Words, Ints]:
    """What is appended to make slugs unique, as ``conditions.slugs.free_slug`` does: nothing, then -2, -3 …"""
    ranks = rank_within(slugs)
    return Words(["", *(f"-{number + 1}" for number in range(1, int(ranks.max(initial=0)) + 1))]), ranks


def _clinic_profile(different: list[str], codes: Ints) -> dict[str, Column]:
    slugs = [names.make_slug(name) for name in different]
    slug_numbers = np.unique(np.array(slugs), return_inverse=True)[1]
    return {
        "kind": Same(ProfileKind.CLINIC.encode()),
        "display_name": Text((Words(different), codes)),
        "sort_key": Text((Words([names.sort_key(name) for name in different]), codes)),
        "search_key": Text((Words([names.search_key(name) for name in different]), codes)),
        "slug": Text((Words(slugs), codes), _numbered(slug_numbers[codes])),
    }


def _physician_profile(population: Population) -> dict[str, Column]:
    people, lists = population.people, name_lists()
    titles, given, family = people.titles, people.given, people.family
    same_slug = (lists.titles.slug_numbers[titles] * len(lists.given.values) + lists.given.slug_numbers[given]) * len(
        lists.family.values
    ) + lists.family.slug_numbers[family]
    return {
        "kind": Same(ProfileKind.PHYSICIAN.encode()),
        "display_name": Text(
            (lists.titles.written(" "), titles), (lists.given.written(" "), given), (lists.family.written(), family)
        ),
        "sort_key": Text((lists.family.spelt("plain", " "), family), (lists.given.spelt("plain"), given)),
        "search_key": _search_key(population),
        "slug": Text(
            (lists.titles.slug("-"), titles),
            (lists.given.slug("-"), given),
            (lists.family.slug(), family),
            _numbered(same_slug),
        ),
    }


def _search_key(population: Population) -> Text:
    """The spellings of the whole name, each once, as ``conditions.names.search_key`` writes them."""
    lists, people = name_lists(), population.people
    parts = ((lists.titles, people.titles), (lists.given, people.given), (lists.family, people.family))
    german_is_plain = np.logical_and.reduce([part.german_is_plain[codes] for part, codes in parts])
    contracted_is_plain = np.logical_and.reduce([part.contracted_is_plain[codes] for part, codes in parts])
    contracted_is_german = np.logical_and.reduce([part.contracted_is_german[codes] for part, codes in parts])
    shown = (np.ones(len(german_is_plain), np.bool_), ~german_is_plain, ~(contracted_is_plain | contracted_is_german))
    blank = Words([" ", ""])
    pieces: list[tuple[Words, Ints]] = []
    for form, kept in zip(FORMS, shown, strict=True):
        if form != FORMS[0]:
            pieces.append((blank, np.where(kept, 0, -1)))
        for part, codes in parts:
            # A spelling that is left out takes the empty entry at the end of each list.
            after = "" if part is lists.family else " "
            pieces.append((part.spelt(form, after), np.where(kept, codes, -1)))
    return Text(*pieces)


def _clinics(population: Population) -> Table:
    patterns = (*GERMAN_CLINICS, *ENGLISH_CLINICS)
    clinic_kinds = np.array([ClinicKind.values.index(pattern[2]) for pattern in patterns])[population.clinics.patterns]
    columns: dict[str, Column] = {
        "profile_ptr_id": _all_ids(len(clinic_kinds)),
        "clinic_kind": Text((Words(ClinicKind.values), clinic_kinds)),
        "beds": Number("int4", population.clinics.beds, clinic_kinds != ClinicKind.values.index(ClinicKind.HOSPITAL)),
    }
    return Table(Clinic, columns, len(clinic_kinds))


def _physicians(population: Population) -> Table:
    lists, people = name_lists(), population.people
    columns: dict[str, Column] = {
        "profile_ptr_id": _ids(_physician_positions(population, np.arange(len(people.family)))),
        "title": Text((lists.titles.written(), people.titles)),
        "given_name": Text((lists.given.written(), people.given)),
        "family_name": Text((lists.family.written(), people.family)),
    }
    return Table(Physician, columns, len(people.family))


def _physician_positions(population: Population, physicians: Ints) -> Ints:
    """Positions among all profiles of physicians given by their position among themselves."""
    return physicians + len(population.clinics.places)


def _locations(population: Population, places: Places) -> Table:
    locations = population.locations
    german, english = GERMAN_STREETS.split(), [street.replace("_", " ") for street in ENGLISH_STREETS.split()]
    american = np.array([country == Country.US for country in places.countries])[locations.places]
    rows = np.arange(len(locations.clinics))
    house_numbers = 1 + rows % HIGHEST_HOUSE_NUMBER
    streets = np.where(american, len(german) + rows % len(english), rows % len(german))
    columns: dict[str, Column] = {
        "id": _all_ids(len(rows)),
        "name": EMPTY,
        "street": Text(
            (Words([*german, *english]), streets),
            (Words([f" {number}" for number in range(HIGHEST_HOUSE_NUMBER + 1)]), house_numbers),
        ),
        "postcode": EMPTY,
        "city": Text((Words(places.names), locations.places)),
        "region": EMPTY,
        "country": Text((Words(places.countries), locations.places)),
        "latitude": Number("float8", locations.latitudes),
        "longitude": Number("float8", locations.longitudes),
        "clinic_id": _ids(locations.clinics),
    }
    return Table(Location, columns, len(rows))


def _affiliations(population: Population) -> Table:
    posts = population.affiliations
    columns: dict[str, Column] = {
        "id": _all_ids(len(posts.clinics)),
        "role": Text((Words(ROLES), posts.roles)),
        "since": Number("int2", posts.since),
        "until": Number("int2", posts.until, ~posts.ended),
        "source": SOURCE,
        "verified_on": _dates(posts.verified),
        "clinic_id": _ids(posts.clinics),
        "physician_id": _ids(_physician_positions(population, posts.physicians)),
    }
    return Table(Affiliation, columns, len(posts.clinics))


def _pairs(model: type[Model], column: str, pairs: tuple[Ints, Ints], keys: Ints) -> Table:
    profiles, terms = pairs
    columns: dict[str, Column] = {
        "id": _all_ids(len(profiles)),
        "profile_id": _ids(profiles),
        column: Number("int8", keys[terms]),
    }
    return Table(model, columns, len(profiles))


def _offers(population: Population, keys: Keys) -> Table:
    offers = population.offers
    columns: dict[str, Column] = {
        "id": _all_ids(len(offers.profiles)),
        "annual_cases": Number("int4", offers.cases, ~offers.counted),
        "year": Number("int2", offers.years, ~offers.counted),
        "source": SOURCE,
        "verified_on": _dates(offers.verified),
        "profile_id": _ids(offers.profiles),
        "treatment_id": Number("int8", keys.treatments[offers.treatments]),
    }
    return Table(TreatmentOffer, columns, len(offers.profiles))
