"""Which profiles the triggers note, also for raw SQL; and when an index is too old to be brought up to date."""

from dataclasses import dataclass, replace

import pytest
from django.db import connection, transaction

from conditions.content_version import ContentVersion
from conditions.models import ContentChange
from specialists.facets import build, changes
from specialists.facets.index import FacetIndex
from specialists.models import Clinic, Physician, Profile, ProfileChange
from tests import factories
from tests.conditions.database import check_triggers
from tests.specialists import world_edits

pytestmark = pytest.mark.django_db


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@dataclass
class People:
    """``here`` works at ``clinic`` and ``unbuilt``, ``there`` at ``elsewhere``; drafts: ``unbuilt``, ``nobody``."""

    clinic: Clinic
    elsewhere: Clinic
    unbuilt: Clinic
    here: Physician
    there: Physician
    nobody: Physician

    @property
    def ids(self) -> dict[str, int]:
        return {name: row.pk for name, row in vars(self).items()}

    def noted_by(self, *statements: str) -> set[str]:
        """The names of the profiles that the triggers note when the statements run."""
        since = world_edits.mark()
        for statement in statements:
            execute(statement.format(**self.ids))
        names = {row.pk: name for name, row in vars(self).items() if isinstance(row, Profile)}
        return {names.get(profile, "new") if profile else "very many" for profile in world_edits.noted(since)}


@pytest.fixture
def people() -> People:
    links = {
        "specialties": [factories.make_specialty()],
        "treatments": [factories.make_treatment()],
        "conditions": [factories.make_condition()],
    }
    clinic = factories.make_clinic("Clinic", **links)
    elsewhere = factories.make_clinic("Elsewhere", **links)
    unbuilt = factories.make_clinic("Unbuilt", status="draft", **links)
    here = factories.make_physician("Here", clinics=[clinic, unbuilt], **links)
    there = factories.make_physician("There", clinics=[elsewhere], **links)
    nobody = factories.make_physician("Nobody", clinics=[unbuilt], status="draft", **links)
    return People(clinic, elsewhere, unbuilt, here, there, nobody)


NEW_PROFILES = """INSERT INTO specialists_profile (kind, slug, display_name, sort_key, search_key, status, focus, about,
    languages, insurance, accepting, phone, website, is_sample, edited_at)
    SELECT 'clinic', 'new-' || number, 'New', 'new', 'new', '%s', '', '',
        ARRAY[]::text[], ARRAY[]::text[], 'yes', '', '', false, now() FROM generate_series(1, %s) AS many (number)"""
NEW_POST = (
    "INSERT INTO specialists_affiliation (physician_id, clinic_id, role, source) VALUES ({%s}, {elsewhere}, '', '')"
)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        # The profile itself
        ("UPDATE specialists_profile SET phone = '1' WHERE id = {here}", {"here"}),
        ("UPDATE specialists_profile SET sort_key = 'x', search_key = 'x'", {"clinic", "elsewhere", "here", "there"}),
        ("UPDATE specialists_profile SET status = 'hidden' WHERE id = {here}", {"here"}),
        ("UPDATE specialists_profile SET status = 'published' WHERE id = {nobody}", {"nobody"}),
        (NEW_PROFILES % ("published", 2), {"new"}),
        (NEW_PROFILES % ("draft", 2), set()),
        # A clinic brings and takes the places of those who work there
        ("UPDATE specialists_profile SET status = 'hidden' WHERE id = {clinic}", {"clinic", "here"}),
        ("UPDATE specialists_profile SET status = 'published' WHERE id = {unbuilt}", {"unbuilt", "here", "nobody"}),
        ("UPDATE specialists_profile SET status = 'hidden' WHERE id = {unbuilt}", set()),
        # What extends it
        ("UPDATE specialists_physician SET title = 'Dr.' WHERE profile_ptr_id = {here}", {"here"}),
        ("UPDATE specialists_physician SET title = 'Dr.'", {"here", "there"}),
        ("UPDATE specialists_clinic SET beds = 1 WHERE profile_ptr_id = {clinic}", {"clinic"}),
        # Terms
        ("DELETE FROM specialists_profile_specialties WHERE profile_id = {here}", {"here"}),
        ("DELETE FROM specialists_profile_conditions", {"clinic", "elsewhere", "here", "there"}),
        ("UPDATE specialists_profile_conditions SET profile_id = {nobody} WHERE false", set()),
        ("DELETE FROM specialists_treatmentoffer WHERE profile_id IN ({clinic}, {unbuilt})", {"clinic"}),
        ("UPDATE specialists_treatmentoffer SET annual_cases = 3, year = 2025 WHERE profile_id = {here}", {"here"}),
        # Posts
        ("UPDATE specialists_affiliation SET until = 2020 WHERE clinic_id = {clinic}", {"here"}),
        ("DELETE FROM specialists_affiliation", {"here", "there"}),
        ("UPDATE specialists_affiliation SET physician_id = {there} WHERE clinic_id = {clinic}", {"here", "there"}),
        (NEW_POST % "here", {"here"}),
        (NEW_POST % "nobody", set()),
        # Places
        ("UPDATE specialists_location SET latitude = 1, longitude = 1 WHERE clinic_id = {clinic}", {"clinic", "here"}),
        ("DELETE FROM specialists_location WHERE clinic_id = {elsewhere}", {"elsewhere", "there"}),
        ("DELETE FROM specialists_location WHERE clinic_id = {unbuilt}", set()),
        (
            "UPDATE specialists_location SET clinic_id = {elsewhere} WHERE clinic_id = {clinic}",
            {"clinic", "here", "elsewhere", "there"},
        ),
        (
            """INSERT INTO specialists_location (clinic_id, name, street, postcode, city, region, country)
            VALUES ({clinic}, '', '', '', 'Town', '', 'DE')""",
            {"clinic", "here"},
        ),
    ],
)
def test_raw_sql_is_noted_for_exactly_the_public_profiles_it_changes(people, statement, expected):
    assert people.noted_by(statement) == expected


REST_OF_CLINIC = [
    "DELETE FROM specialists_affiliation WHERE clinic_id = {clinic}",
    "DELETE FROM specialists_location WHERE clinic_id = {clinic}",
    "DELETE FROM specialists_profile_specialties WHERE profile_id = {clinic}",
    "DELETE FROM specialists_profile_conditions WHERE profile_id = {clinic}",
    "DELETE FROM specialists_treatmentoffer WHERE profile_id = {clinic}",
    "DELETE FROM specialists_clinic WHERE profile_ptr_id = {clinic}",
]
CLINIC_ITSELF = "DELETE FROM specialists_profile WHERE id = {clinic}"


# Foreign keys are checked at the end of the transaction only, so both orders work.
@pytest.mark.parametrize("deletions", [[*REST_OF_CLINIC, CLINIC_ITSELF], [CLINIC_ITSELF, *reversed(REST_OF_CLINIC)]])
def test_clinic_that_is_deleted_row_by_row_is_noted_with_those_who_work_there(people, deletions):
    assert people.noted_by(*deletions) == {"clinic", "here"}


@pytest.mark.parametrize(
    "table",
    [
        "profile_specialties",
        "profile_conditions",
        "treatmentoffer",
        "affiliation",
        "location CASCADE",
        "physician CASCADE",
        "clinic CASCADE",
        "profile CASCADE",
    ],
)
def test_truncate_notes_very_many(people, table):
    # PostgreSQL truncates no table with checks that wait for the commit.
    check_triggers()

    assert people.noted_by(f"TRUNCATE specialists_{table}") == {"very many"}


def test_more_profiles_than_are_worth_naming_are_noted_as_very_many(people):
    assert people.noted_by(NEW_PROFILES % ("published", 5001)) == {"very many"}


def test_what_is_rolled_back_is_not_noted(people):
    since = world_edits.mark()

    with transaction.atomic():
        Profile.objects.update(phone="1")
        assert len(world_edits.noted(since)) == 4
        transaction.set_rollback(True)

    assert world_edits.noted(since) == []


# How old an index may be


@dataclass
class Aged:
    """An index of ``version`` and a clinic that was changed since."""

    clinic: Clinic
    index: FacetIndex
    now: ContentVersion


@pytest.fixture
def aged() -> Aged:
    clinic = factories.make_clinic("Before")
    check_triggers()
    before = ContentChange.objects.get()
    index = replace(build.build(), version=before.version)
    # Stands for a later transaction: all of a test is one.
    ContentChange.objects.filter(pk=before.pk).update(transaction=-1)
    ProfileChange.objects.update(transaction=-1)
    later = ContentChange.objects.create(transaction=-2, version=before.version + 1)
    Profile.objects.update(sort_key="after")
    ProfileChange.objects.exclude(transaction=-1).update(transaction=-2)
    return Aged(clinic, index, ContentVersion(later.version))


def test_up_to_date_reads_the_changes_since(aged):
    result = changes.up_to_date(aged.index, aged.now)

    assert result.version == aged.now.number
    assert [late.key for late in result.numbering.late] == [("after", aged.clinic.pk)]


def test_up_to_date_of_the_present_version_reads_nothing_anew(aged):
    index = replace(aged.index, version=aged.now.number)

    assert changes.up_to_date(index, aged.now) is index


def test_up_to_date_refuses_an_index_from_the_future(aged):
    with pytest.raises(changes.TooManyChangesError):
        changes.up_to_date(aged.index, ContentVersion(aged.index.version - 1))


def test_up_to_date_refuses_what_is_forgotten(aged):
    enough = ContentVersion(aged.now.number, forgotten=aged.index.version)
    too_much = ContentVersion(aged.now.number, forgotten=aged.index.version + 1)

    assert changes.up_to_date(aged.index, enough).version == aged.now.number
    with pytest.raises(changes.TooManyChangesError):
        changes.up_to_date(aged.index, too_much)


def test_up_to_date_refuses_very_many(aged):
    ProfileChange.objects.create(transaction=-2, profile=None)

    with pytest.raises(changes.TooManyChangesError):
        changes.up_to_date(aged.index, aged.now)


def test_up_to_date_refuses_more_than_an_index_bears(aged, monkeypatch):
    monkeypatch.setattr(changes, "MOST_LATE", 1)
    once = changes.up_to_date(aged.index, aged.now)
    again = replace(once, version=aged.index.version)

    with pytest.raises(changes.TooManyChangesError):
        changes.up_to_date(again, aged.now)


def test_changed_takes_the_same_change_twice(aged):
    once = changes.changed(aged.index, [aged.clinic.pk])

    assert changes.changed(once, [aged.clinic.pk]) == once
