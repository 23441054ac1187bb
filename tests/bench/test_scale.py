"""Synthetic profiles: COPY writes what the models would have written, and leaves the tables as migrated."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
from django.db import connection, models, transaction
from django.db.models import Avg, Count, F, Q

from bench.scale import binary, bulk, server
from bench.scale.draw import distinct_pairs, rank_within
from bench.scale.load import FILLED, NotEmptyError, load
from bench.scale.places import load_places
from bench.scale.profiles import draw_population
from bench.scale.selections import random_selections
from bench.scale.vocabulary import kinds
from conditions import names, slugs
from conditions.models import Condition, Specialty, Treatment
from directory.embedded_postgres.address import given_url, with_database
from specialists.models import Affiliation, Clinic, Location, Physician, Profile, TreatmentOffer
from specialists.queries import FACETS

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
PROFILES = 2000
TODAY = date(2026, 3, 1)
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
CONSTRAINTS = """
SELECT conname, conrelid::regclass::text, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
CHECKS = """
SELECT conrelid::regclass::text, pg_get_expr(conbin, conrelid) FROM pg_constraint
WHERE contype = 'c' AND conrelid = ANY (%s::regclass[])
"""
BREAKING = "SELECT 1 FROM {table} WHERE NOT ({check}) LIMIT 1"
DANGLING = """
SELECT 1 FROM {table} AS row LEFT JOIN {other} AS referred ON referred.{other_column} = row.{column}
WHERE row.{column} IS NOT NULL AND referred.{other_column} IS NULL LIMIT 1
"""
FOREIGN_KEYS = """
SELECT con.conrelid::regclass::text, own.attname, con.confrelid::regclass::text, other.attname
FROM pg_constraint AS con
JOIN pg_attribute AS own ON own.attrelid = con.conrelid AND own.attnum = con.conkey[1]
JOIN pg_attribute AS other ON other.attrelid = con.confrelid AND other.attnum = con.confkey[1]
WHERE con.contype = 'f' AND con.conrelid = ANY (%s::regclass[])
"""


def rows_of(statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def before(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    """Within one transaction for all tests of the module: what the migrations made, then the profiles loaded."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {"indexes": rows_of(INDEXES), "constraints": rows_of(CONSTRAINTS)}
        transaction.set_rollback(True)


@pytest.fixture(scope="module", autouse=True)
def said(before: Any) -> list[str]:
    lines: list[str] = []
    load(PROFILES, seed=1, today=TODAY, say=lines.append)
    return lines


def sample(model: type[models.Model]) -> list[Any]:
    """200 rows from all over the table."""
    rows = list(model._default_manager.order_by("pk"))
    return rows[:: max(1, len(rows) // 200)][:200]


def test_load_brings_all_profiles_and_terms() -> None:
    assert Profile.objects.count() == PROFILES
    assert Profile.objects.filter(is_sample=True).count() == PROFILES
    assert (Clinic.objects.count(), Physician.objects.count()) == (120, 1880)
    assert Profile.objects.filter(kind="clinic", clinic__isnull=False, physician__isnull=True).count() == 120
    assert Profile.objects.filter(kind="physician", physician__isnull=False, clinic__isnull=True).count() == 1880
    assert (Specialty.objects.count(), Treatment.objects.count()) == (60, 400)
    assert Condition.objects.published().count() == 1500
    assert set(Condition.objects.values_list("synonyms__len", flat=True)) == {1, 2, 3, 4}


def test_load_says_every_table_with_its_rows(said: list[str]) -> None:
    assert [line.split()[:2] for line in said if line.split()[0] == "specialists_physician"] == [
        ["specialists_physician", "1,880"]
    ]
    assert said[-1].split()[0] == "finished"


@pytest.mark.parametrize("model", [Physician, Clinic])
def test_load_derives_names_as_the_models_do(model: type[Profile], monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = sample(model)
    derived = ("kind", "display_name", "sort_key", "search_key")
    before = [[getattr(row, name) for name in derived] for row in loaded]
    monkeypatch.setattr(models.Model, "save", lambda *_args, **_kwargs: None)

    for row in loaded:
        row.save()

    assert [[getattr(row, name) for name in derived] for row in loaded] == before
    assert len(loaded) >= 120


def test_load_writes_every_spelling_of_marked_names() -> None:
    marked = [name for name in Physician.objects.all() if name.display_name != names.transliterate(name.display_name)]

    assert [name.search_key for name in marked] == [names.search_key(name.display_name) for name in marked]
    assert len({len(name.search_key.split()) // len(names.fold(name.display_name).split()) for name in marked}) == 3


def test_load_numbers_slugs_as_the_models_do() -> None:
    profiles = list(Profile.objects.order_by("pk").values_list("display_name", "slug"))
    taken: set[str] = set()
    expected = []
    for name, _slug in profiles:
        root = names.make_slug(name)
        free = next(wish for wish in (root, *(f"{root}-{n}" for n in range(2, 999))) if wish not in taken)
        taken.add(free)
        expected.append(free)

    assert [slug for _name, slug in profiles] == expected
    assert any(slug != names.make_slug(name) for name, slug in profiles)
    assert slugs.free_slug(Physician(), profiles[0][0]) not in taken


def test_load_leaves_indexes_and_constraints_as_migrated(before: dict[str, list[tuple[Any, ...]]]) -> None:
    assert rows_of(INDEXES) == before["indexes"]
    assert rows_of(CONSTRAINTS) == before["constraints"]
    assert len(before["indexes"]) > 50


def test_load_breaks_no_check() -> None:
    checks = rows_of(CHECKS, [bulk.names_of(FILLED)])

    broken = [check for table, check in checks if rows_of(BREAKING.format(table=table, check=check))]

    assert broken == []
    assert len(checks) > 12


def test_load_breaks_no_foreign_key() -> None:
    keys = rows_of(FOREIGN_KEYS, [bulk.names_of(FILLED)])

    broken = [
        (table, column)
        for table, column, other, other_column in keys
        if rows_of(DANGLING.format(table=table, column=column, other=other, other_column=other_column))
    ]

    assert broken == []
    assert len(keys) == 12


def test_load_leaves_triggers_on_and_sequences_ahead() -> None:
    assert rows_of("SHOW session_replication_role") == [("origin",)]
    clinic = Clinic.objects.create(display_name="Added after the load")
    location = Location.objects.create(clinic=clinic, city="Bern", country="CH")

    assert clinic.pk == PROFILES + 1
    assert location.pk == Location.objects.count()


def test_load_into_a_filled_database_is_refused() -> None:
    with pytest.raises(NotEmptyError, match="There are specialties already"):
        load(10, seed=1, today=TODAY, say=print)


def test_load_reads_back_through_the_orm() -> None:
    physicians = Physician.objects.filter(affiliations__isnull=False).distinct().count()
    speaking = Profile.objects.filter(languages__contains=["de"]).count()
    published = Profile.objects.published().count()

    assert physicians == Physician.objects.count()
    assert 0.93 < speaking / PROFILES < 0.97
    assert 0.95 < published / PROFILES < 0.99
    assert Profile.objects.filter(verified_on__gt=TODAY).count() == 0
    assert 0.11 < Profile.objects.filter(verified_on=None).count() / PROFILES < 0.19
    assert TreatmentOffer.objects.filter(Q(annual_cases=None) ^ Q(year=None)).count() == 0
    assert Affiliation.objects.filter(until__lt=F("since")).count() == 0
    assert 0.05 < Affiliation.objects.exclude(until=None).count() / Affiliation.objects.count() < 0.11


@pytest.mark.parametrize(("relation", "mean"), [("conditions", 3.0), ("offers", 4.0), ("specialties", 1.4)])
def test_load_links_as_many_terms_as_intended(relation: str, mean: float) -> None:
    counted = Profile.objects.annotate(linked=Count(relation)).aggregate(mean=Avg("linked"))

    assert counted["mean"] == pytest.approx(mean, rel=0.1)


def test_load_mostly_links_conditions_of_the_own_specialty() -> None:
    organ = kinds()["condition"].per_organ
    position = {slug: number // organ for number, slug in enumerate(kinds()["condition"].slugs)}
    organs = {name: number // 3 for number, name in enumerate(kinds()["specialty"].names)}
    main = {name.lower(): number for name, number in organs.items()}
    pairs = Profile.conditions.through.objects.values_list("profile__focus", "condition__slug")

    own = [main[focus.partition(": ")[2]] == position[slug] for focus, slug in pairs]

    assert 0.78 < sum(own) / len(own) < 0.9


def test_population_is_the_same_for_the_same_seed() -> None:
    first, again, other = (draw_population(500, seed, TODAY, load_places()) for seed in (1, 1, 2))

    assert np.array_equal(first.people.family, again.people.family)
    assert np.array_equal(first.locations.latitudes, again.locations.latitudes)
    assert np.array_equal(first.offers.treatments, again.offers.treatments)
    assert not np.array_equal(first.people.family, other.people.family)


def test_population_of_one_is_a_clinic() -> None:
    population = draw_population(1, 1, TODAY, load_places())

    assert (len(population.clinics.places), len(population.people.family)) == (1, 0)


def test_clinics_stand_in_their_towns() -> None:
    places = load_places()
    locations = draw_population(5000, 1, TODAY, places).locations

    north = (locations.latitudes - places.latitudes[locations.places]) * 111.2

    assert len(places.names) == 12_000
    assert 0.8 < north.std() < 1.2
    assert 1.1 < len(locations.clinics) / 300 < 1.2


def test_rank_within_counts_from_zero_in_order() -> None:
    assert rank_within(np.array([7, 3, 7, 7, 3])).tolist() == [0, 0, 1, 2, 1]


def test_distinct_pairs_are_sorted() -> None:
    owners, values = distinct_pairs(np.array([2, 1, 2, 2]), np.array([5, 9, 0, 5]))

    assert list(zip(owners.tolist(), values.tolist(), strict=True)) == [(1, 9), (2, 0), (2, 5)]


def test_chunks_are_what_postgresql_reads() -> None:
    columns: dict[str, binary.Column] = {
        "number": binary.Number("int4", np.array([1, 2]), np.array([False, True])),
        "word": binary.Text((binary.Words(["ä", ""]), np.array([0, 1])), (binary.Words(["x", "yz"]), np.array([1, 0]))),
        "list": binary.Same(binary.array_of(["de"])),
    }

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE written (number int4, word text, list varchar[]) ON COMMIT DROP")
        with cursor.copy("COPY written FROM STDIN (FORMAT binary)") as copy:
            for piece in binary.chunks(columns, 2):
                copy.write(piece)

    assert rows_of("TABLE written") == [(1, "äyz", ["de"]), (None, "x", ["de"])]


def test_random_selections_name_known_values_only() -> None:
    selections = random_selections(500, seed=1)
    terms = {"condition": Condition, "treatment": Treatment, "specialty": Specialty}
    known = {facet: set(model._default_manager.values_list("slug", flat=True)) for facet, model in terms.items()}

    asked = {facet: {value for selection in selections for value in selection.get(facet, ())} for facet in FACETS}

    assert {key for selection in selections for key in selection} == {*FACETS, "near", "text"}
    assert {facet: asked[facet] - known[facet] for facet in known} == {facet: set() for facet in known}
    assert asked["country"] <= {"AT", "CH", "DE", "LI", "US"}
    assert asked["kind"] == {"physician", "clinic"}
    assert len(asked["condition"]) > 100


def test_random_selections_are_mixed_and_repeatable() -> None:
    selections = random_selections(500, seed=1)

    facets = [len(selection.keys() - {"near", "text"}) for selection in selections]
    values = [len(chosen) for selection in selections for facet, chosen in selection.items() if facet in FACETS]

    assert selections == random_selections(500, seed=1)
    assert selections != random_selections(500, seed=2)
    assert sorted(set(facets)) == [0, 1, 2, 3, 4, 5]
    assert sorted(set(values)) == [1, 2, 3]
    assert 50 < sum("near" in selection for selection in selections) < 100
    assert 30 < sum("text" in selection for selection in selections) < 70
    assert {selection["near"][2] for selection in selections if "near" in selection} == {"10", "25", "50", "100", "200"}
    assert all(names.search_words(selection["text"][0]) for selection in selections if "text" in selection)


@pytest.fixture
def other_database() -> Iterator[str]:
    """The name of a database that nobody has: it is deleted after the test."""
    yield "scale_37"
    with psycopg.connect(given_url(), autocommit=True) as maintenance:
        maintenance.execute("DROP DATABASE IF EXISTS scale_37")


def test_command_loads_its_database_once(other_database: str) -> None:
    command = [sys.executable, "-m", "bench.scale", "37"]

    results = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False) for _ in range(2)]

    with psycopg.connect(with_database(given_url(), other_database)) as loaded:
        found = loaded.execute("SELECT count(*), count(*) FILTER (WHERE is_sample) FROM specialists_profile").fetchone()
    assert [(result.returncode, result.stderr) for result in results] == [(0, "")] * 2
    assert [result.stdout.split("\n")[0] for result in results] == [
        "Loading 37 made-up profiles into the database scale_37 …",
        "The database scale_37 is there already. To make it anew: make scale N=37 FRESH=1",
    ]
    assert all(result.stdout.endswith("    make run DATABASE=scale_37\n\n") for result in results)
    assert found == (37, 37)


def test_prepare_keeps_a_database_unless_a_fresh_one_is_wanted(other_database: str) -> None:
    url = with_database(given_url(), other_database)
    tables = []

    server.prepare(given_url(), other_database, is_fresh=True)
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE kept ()")
    for is_fresh in (False, True):
        server.prepare(given_url(), other_database, is_fresh=is_fresh)
        with psycopg.connect(url) as database:
            tables.append(database.execute("SELECT to_regclass('kept')").fetchone())

    assert tables == [("kept",), (None,)]
