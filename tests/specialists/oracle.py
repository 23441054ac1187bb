"""What the filters must find, worked out by brute force over plain data; and random worlds to try it on."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.db import transaction
from hypothesis import strategies as st

from conditions import names
from conditions.models import Condition, Specialty, Treatment
from specialists import models
from specialists.enums import Accepting, Insurance

CONDITIONS = ("cyst", "fibrosis", "tumour")
SPECIALTIES = ("oncology", "surgery")
TREATMENTS = ("ablation", "infusion", "resection")
COUNTRIES = ("AT", "CH", "DE")
LANGUAGES = ("de", "en", "tr")
# Every value a facet of these worlds can have.
VALUES = {
    "condition": CONDITIONS,
    "specialty": SPECIALTIES,
    "treatment": TREATMENTS,
    "kind": ("physician", "clinic"),
    "accepting": tuple(Accepting.values),
    "language": LANGUAGES,
    "insurance": tuple(Insurance.values),
    "country": COUNTRIES,
}
PAIRS = [(facet, value) for facet, values in VALUES.items() for value in values]
FAMILY_NAMES = ("Müller", "Mueller", "Muller", "Ößling", "Żółć", "O’Hara")
GIVEN_NAMES = ("Ada", "Jörg")
CLINIC_NAMES = ("Clinic 100% Wald", "Müllerhaus", "Klinik St. Ada", "Ost_See", "Ada\\Bo")
SEARCHES = ("müll", "MUELLER", "muller", "ada", "ada müller", "wald 100", "%", "_", "\\", "o_s", "ss", "zolc", "zzz")


@dataclass(frozen=True)
class Facts:
    """What physicians and clinics have in common."""

    status: str = "published"
    accepting: str = "unknown"
    languages: tuple[str, ...] = ()
    insurance: tuple[str, ...] = ()
    conditions: frozenset[str] = frozenset()
    specialties: frozenset[str] = frozenset()
    treatments: frozenset[str] = frozenset()
    verified_on: datetime.date | None = None


@dataclass(frozen=True)
class Post:
    clinic: int
    ended: bool


@dataclass(frozen=True)
class Entry:
    """A profile: a clinic with its ``countries``, one for each location, or a physician with ``posts``."""

    kind: str
    name: str
    given: str
    facts: Facts
    countries: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()

    @property
    def display_name(self) -> str:
        return f"{self.given} {self.name}" if self.given else self.name

    @property
    def order(self) -> str:
        return names.sort_key(f"{self.name} {self.given}")


@dataclass(frozen=True)
class World:
    """Profiles, clinics first; a profile is known by its place in the tuple."""

    entries: tuple[Entry, ...]
    public_conditions: frozenset[str]


@dataclass(frozen=True)
class Wish:
    """A visitor's selection as plain data."""

    ticked: dict[str, frozenset[str]] = field(default_factory=dict)
    text: str = ""

    def with_only(self, facet: str, value: str) -> "Wish":
        return replace(self, ticked={**self.ticked, facet: frozenset([value])})

    def dropping(self, facet: str, value: str) -> "Wish":
        return replace(self, ticked={**self.ticked, facet: self.ticked[facet] - {value}})


# The rules


def is_public(world: World, number: int) -> bool:
    return world.entries[number].facts.status == "published"


def workplaces(world: World, entry: Entry) -> list[Entry]:
    """The public clinics where a physician works now."""
    return [world.entries[post.clinic] for post in entry.posts if not post.ended and is_public(world, post.clinic)]


def values_of(world: World, number: int, facet: str) -> set[str]:
    entry = world.entries[number]
    facts = entry.facts
    return {
        "condition": set(facts.conditions & world.public_conditions),
        "specialty": set(facts.specialties),
        "treatment": set(facts.treatments),
        "kind": {entry.kind},
        "accepting": {facts.accepting},
        "language": set(facts.languages),
        "insurance": set(facts.insurance),
        "country": set(entry.countries).union(*(clinic.countries for clinic in workplaces(world, entry))),
    }[facet]


def fits(world: World, number: int, wish: Wish) -> bool:
    """Public, with one of the ticked values in every facet where any is ticked, with every word in the name."""
    return (
        is_public(world, number)
        and all(values_of(world, number, facet) & ticked for facet, ticked in wish.ticked.items() if ticked)
        and is_named(world.entries[number].display_name, wish.text)
    )


def is_named(name: str, text: str) -> bool:
    """Whether the name holds every word of ``text`` in some spelling."""
    found_by = names.search_key(name)
    return all(any(spelling in found_by for spelling in names.spellings(word)) for word in names.search_words(text))


def found(world: World, wish: Wish) -> set[int]:
    return {number for number in range(len(world.entries)) if fits(world, number, wish)}


def option_counts(world: World, wish: Wish) -> dict[str, dict[str, int]]:
    """Facet → value → number found when that value alone is ticked in its facet; no zeros."""
    counts = {
        facet: {value: len(found(world, wish.with_only(facet, value))) for value in values}
        for facet, values in VALUES.items()
    }
    return {facet: {value: count for value, count in of.items() if count} for facet, of in counts.items()}


def relaxations(world: World, wish: Wish) -> dict[tuple[str, str], int]:
    """Each ticked (facet, value) → number found without it."""
    return {
        (facet, value): len(found(world, wish.dropping(facet, value)))
        for facet, ticked in wish.ticked.items()
        for value in ticked
    }


def in_order(world: World, numbers: set[int], sort: str) -> list[int]:
    """By name; or the latest verification first, never verified last, and by name among equals."""

    def by_name(number: int) -> tuple[str, int]:
        return world.entries[number].order, number

    def by_verification(number: int) -> tuple[int, str, int]:
        day = world.entries[number].facts.verified_on
        return (-day.toordinal() if day else 1, *by_name(number))

    return sorted(numbers, key={"name": by_name, "verified": by_verification}[sort])


# The same world in the database


@contextmanager
def built(world: World) -> Iterator[list[int]]:
    """The world in the database, for the length of the block; yields the profiles' keys in the world's order."""
    with transaction.atomic():
        try:
            yield _build(world)
        finally:
            transaction.set_rollback(True)


def _build(world: World) -> list[int]:
    rows = [_profile(entry) for entry in world.entries]
    _join(rows, world, models.Profile.conditions.through, "condition", _terms(Condition, CONDITIONS))
    _join(rows, world, models.Profile.specialties.through, "specialty", _terms(Specialty, SPECIALTIES))
    _join(rows, world, models.TreatmentOffer, "treatment", _terms(Treatment, TREATMENTS, kind="surgery"))
    Condition.objects.filter(slug__in=world.public_conditions).update(is_published=True)
    models.Location.objects.bulk_create(
        models.Location(clinic_id=row.pk, city="Town", country=country)
        for row, entry in zip(rows, world.entries, strict=True)
        for country in entry.countries
    )
    models.Affiliation.objects.bulk_create(
        models.Affiliation(
            physician_id=row.pk,
            clinic_id=rows[post.clinic].pk,
            role=f"Post {position}",
            until=2020 if post.ended else None,
        )
        for row, entry in zip(rows, world.entries, strict=True)
        for position, post in enumerate(entry.posts)
    )
    # Rewrites every other row at the end of the table, so that nothing is in order by chance.
    models.Profile.objects.filter(pk__in=[row.pk for row in rows[::2]]).update(phone="1")
    return [row.pk for row in rows]


def _terms(model, slugs, **values):
    """The vocabulary's rows by slug."""
    rows = [model(slug=slug, name=slug, sort_key=slug, search_key=slug, **values) for slug in slugs]
    return {row.slug: row for row in model.objects.bulk_create(rows)}


def _join(rows, world, through, term, vocabulary):
    """Joins each profile to the terms that its facts name."""
    facts = {"condition": "conditions", "specialty": "specialties", "treatment": "treatments"}[term]
    through.objects.bulk_create(
        through(**{"profile_id": row.pk, term: vocabulary[slug]})
        for row, entry in zip(rows, world.entries, strict=True)
        for slug in sorted(getattr(entry.facts, facts))
    )


def _profile(entry: Entry) -> models.Profile:
    values = {
        name: getattr(entry.facts, name) for name in ("status", "accepting", "languages", "insurance", "verified_on")
    }
    if entry.kind == "clinic":
        return models.Clinic.objects.create(display_name=entry.name, **values)
    return models.Physician.objects.create(given_name=entry.given, family_name=entry.name, **values)


# Random worlds


def _some(values) -> st.SearchStrategy:
    return st.frozensets(st.sampled_from(values))


FACTS = st.builds(
    Facts,
    status=st.sampled_from(["published"] * 4 + ["draft", "hidden"]),
    accepting=st.sampled_from(Accepting.values),
    # A register may name a language twice.
    languages=st.lists(st.sampled_from(LANGUAGES), max_size=3).map(tuple),
    insurance=st.lists(st.sampled_from(Insurance.values), max_size=3).map(tuple),
    conditions=_some(CONDITIONS),
    specialties=_some(SPECIALTIES),
    treatments=_some(TREATMENTS),
    verified_on=st.none() | st.dates(datetime.date(2026, 10, 1), datetime.date(2026, 10, 3)),
)
COUNTRY_LISTS = st.lists(st.sampled_from(COUNTRIES), max_size=3).map(tuple)
CLINICS = st.builds(
    Entry, st.just("clinic"), st.sampled_from(CLINIC_NAMES), st.just(""), FACTS, countries=COUNTRY_LISTS
)


def _physicians(clinics: int) -> st.SearchStrategy[Entry]:
    posts = st.lists(st.builds(Post, st.integers(0, max(clinics - 1, 0)), st.booleans()), max_size=3 if clinics else 0)
    return st.builds(
        Entry,
        st.just("physician"),
        st.sampled_from(FAMILY_NAMES),
        st.sampled_from(GIVEN_NAMES),
        FACTS,
        posts=posts.map(tuple),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    clinics = draw(st.lists(CLINICS, max_size=4))
    physicians = draw(st.lists(_physicians(len(clinics)), min_size=2, max_size=5))
    return World((*clinics, *physicians), draw(_some(CONDITIONS)))


def _wish(pairs: list[tuple[str, str]], text: str) -> Wish:
    ticked: dict[str, frozenset[str]] = {}
    for facet, value in pairs:
        ticked[facet] = ticked.get(facet, frozenset()) | {value}
    return Wish(ticked, text)


TEXTS = st.just("") | st.just("") | st.sampled_from(SEARCHES) | st.text("ademürß %_\\", max_size=4)
WISHES = st.builds(_wish, st.lists(st.sampled_from(PAIRS), max_size=3, unique=True), TEXTS)
# Few ticks, so that many are found.
LOOSE_WISHES = st.builds(_wish, st.lists(st.sampled_from(PAIRS), max_size=1), st.just(""))
