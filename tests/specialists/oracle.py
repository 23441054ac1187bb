"""What the filters must find, worked out by brute force over plain data; and random worlds to try it on."""

import datetime
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.db import transaction
from hypothesis import strategies as st

from conditions import names
from conditions.models import Condition, Specialty, Treatment
from conditions.search import Span
from specialists import models
from specialists.enums import Accepting, Insurance
from specialists.selection import Circle, Selection

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
TITLES = ("", "", "Dr.", "Prof. Dr.")
SEARCHES = ("müll", "MUELLER", "muller", "ada", "ada müller", "wald 100", "%", "_", "\\", "o_s", "ss", "zolc", "zzz")
# One, two letters: only at the beginning of a word. "mue" and "oe" are shorter once contracted.
SHORT_SEARCHES = ("m", "mu", "mü", "mue", "oe", "da", "ad", "s", "ost se", "0", "er")
# Degrees; near each other, far away, about a pole and the date line.
POINTS = (
    (48.0, 11.0),
    (48.0, 11.001),
    (48.05, 11.05),
    (48.0, 8.7),
    (50.9, 7.0),
    (89.95, 10.0),
    (89.95, -170.0),
    (0.0, 179.99),
    (0.0, -179.99),
)
RADII = (0, 1, 10, 100, 400, 20_100)
EARTH_RADIUS = 6_371_008.8


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
class Place:
    country: str
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class Entry:
    """A profile: a clinic with its ``places``, or a physician with ``posts``."""

    kind: str
    name: str
    given: str
    facts: Facts
    places: tuple[Place, ...] = ()
    posts: tuple[Post, ...] = ()
    title: str = ""

    @property
    def display_name(self) -> str:
        return " ".join(filter(None, (self.title, self.given, self.name)))

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
    near: Circle | None = None
    spans: tuple[Span, ...] = ()

    @property
    def selection(self) -> Selection:
        return Selection(self.ticked, self.text, self.near, self.spans)

    @property
    def parts(self) -> tuple[Span, ...]:
        return self.spans or tuple(Span((word,)) for word in names.search_words(self.text))

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


def places_of(world: World, number: int) -> list[Place]:
    """A clinic's own places, a physician's at work."""
    entry = world.entries[number]
    return [*entry.places, *(place for clinic in workplaces(world, entry) for place in clinic.places)]


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
        "country": {place.country for place in places_of(world, number)},
    }[facet]


def fits(world: World, number: int, wish: Wish) -> bool:
    """Public, with one of the ticked values in every facet where any is ticked, meant by every part, in the circle."""
    return (
        is_public(world, number)
        and all(values_of(world, number, facet) & ticked for facet, ticked in wish.ticked.items() if ticked)
        and all(is_meant(world, number, part) for part in wish.parts)
        and (wish.near is None or metres_away(world, number, wish.near) <= wish.near.radius * 1000)
    )


def is_meant(world: World, number: int, part: Span) -> bool:
    """Whether the name has all the words, each in some spelling, or the profile one of the terms."""
    words = names.search_key(world.entries[number].display_name).split()
    return all(any(is_in(words, spelling) for spelling in names.spellings(word)) for word in part.words) or any(
        slug in values_of(world, number, facet) for facet, slug in part.terms
    )


def is_in(words: list[str], part: str) -> bool:
    """From three letters on anywhere in a word, shorter parts at its beginning."""
    return any(part in word if len(part) > 2 else word.startswith(part) for word in words)


def metres_away(world: World, number: int, circle: Circle) -> float:
    """Whole metres to the nearest place of a profile; infinite without any."""
    points = {place.point for place in places_of(world, number)} - {None}
    return min((metres((circle.latitude, circle.longitude), point) for point in points), default=math.inf)


def metres(one: tuple[float, float], other: tuple[float, float]) -> int:
    """By the angle between two vectors from the middle of the earth: not how the site works it out."""
    a, b = _vector(*one), _vector(*other)
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    return round(EARTH_RADIUS * math.atan2(math.hypot(*cross), dot))


def _vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    up, around = math.radians(latitude), math.radians(longitude)
    return math.cos(up) * math.cos(around), math.cos(up) * math.sin(around), math.sin(up)


def found(world: World, wish: Wish) -> set[int]:
    return {number for number in range(len(world.entries)) if fits(world, number, wish)}


def option_counts(world: World, wish: Wish) -> dict[str, dict[str, int]]:
    """Facet → value → number found when that value alone is ticked in its facet; no zeros."""
    counts = {
        facet: {value: len(found(world, wish.with_only(facet, value))) for value in values}
        for facet, values in VALUES.items()
    }
    return {facet: {value: count for value, count in of.items() if count} for facet, of in counts.items()}


def points(world: World, wish: Wish) -> Counter[tuple[float, float]]:
    """Point → how many of those found have a place there."""
    return Counter(
        point
        for number in found(world, wish)
        for point in {place.point for place in places_of(world, number)}
        if point is not None
    )


def in_order(world: World, numbers: set[int], sort: str, near: Circle | None = None) -> list[int]:
    """By name; or the latest verification first, never verified last; or the nearest first. By name among equals."""

    def by_name(number: int) -> tuple[str, int]:
        return world.entries[number].order, number

    def by_verification(number: int) -> tuple[int, str, int]:
        day = world.entries[number].facts.verified_on
        return (-day.toordinal() if day else 1, *by_name(number))

    def by_distance(number: int) -> tuple[float, str, int]:
        return (metres_away(world, number, near) if near else 0, *by_name(number))

    return sorted(numbers, key={"name": by_name, "verified": by_verification, "distance": by_distance}[sort])


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
        models.Location(
            clinic_id=row.pk,
            city="Town",
            country=place.country,
            latitude=place.point[0] if place.point else None,
            longitude=place.point[1] if place.point else None,
        )
        for row, entry in zip(rows, world.entries, strict=True)
        for place in entry.places
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
    return models.Physician.objects.create(title=entry.title, given_name=entry.given, family_name=entry.name, **values)


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
PLACES = st.builds(Place, st.sampled_from(COUNTRIES), st.none() | st.sampled_from(POINTS))
CLINICS = st.builds(
    Entry,
    st.just("clinic"),
    st.sampled_from(CLINIC_NAMES),
    st.just(""),
    FACTS,
    places=st.lists(PLACES, max_size=3).map(tuple),
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
        title=st.sampled_from(TITLES),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    clinics = draw(st.lists(CLINICS, max_size=4))
    physicians = draw(st.lists(_physicians(len(clinics)), min_size=2, max_size=5))
    return World((*clinics, *physicians), draw(_some(CONDITIONS)))


def _wish(pairs: list[tuple[str, str]], text: str, near: Circle | None = None, spans: tuple[Span, ...] = ()) -> Wish:
    ticked: dict[str, frozenset[str]] = {}
    for facet, value in pairs:
        ticked[facet] = ticked.get(facet, frozenset()) | {value}
    return Wish(ticked, text, near, spans)


TEXTS = st.just("") | st.just("") | st.sampled_from(SEARCHES) | st.text("ademürß %_\\", max_size=4)
WISHES = st.builds(_wish, st.lists(st.sampled_from(PAIRS), max_size=3, unique=True), TEXTS)
CIRCLES = st.builds(lambda point, radius: Circle(*point, radius), st.sampled_from(POINTS), st.sampled_from(RADII))
TERMS = st.sampled_from(
    [(facet, slug) for facet in ("condition", "specialty", "treatment") for slug in (*VALUES[facet], "unknown")]
)
SPANS = st.builds(
    Span,
    st.sampled_from(SEARCHES[:6] + SHORT_SEARCHES).map(names.search_words).map(tuple),
    st.frozensets(TERMS, max_size=2),
)
# What only the finders take, not the form: also circles, short words, words that were understood.
ALL_WISHES = st.builds(
    _wish,
    st.lists(st.sampled_from(PAIRS), max_size=2, unique=True),
    TEXTS | st.sampled_from(SHORT_SEARCHES),
    st.none() | CIRCLES,
    st.just(()) | st.lists(SPANS, min_size=1, max_size=2).map(tuple),
)
# Few ticks, so that many are found.
LOOSE_WISHES = st.builds(_wish, st.lists(st.sampled_from(PAIRS), max_size=1), st.just(""))
