"""Careers, departments, opening hours and certificates: order, uniqueness, and that visitors see changes."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from conditions import content_version
from specialists.models import CareerStep, Certificate, Department, Location, OpeningHours, Profile, with_details
from tests import factories
from tests.conditions.database import check_triggers, refused

pytestmark = pytest.mark.django_db

TABLES = {
    "careerstep": "text = 'New'",
    "certificate": "valid_until = '2030-01-31'",
    "department": "phone = '1'",
    "openinghours": "closes = '13:00'",
}


def add_hours(location: Location, weekday: int, opens: int, closes: int) -> OpeningHours:
    return OpeningHours.objects.create(location=location, weekday=weekday, opens=time(opens), closes=time(closes))


# Order and uniqueness


def test_career_begins_with_the_latest_and_of_one_year_with_what_was_written_last():
    physician = factories.make_physician()
    for since, text in ((2005, "Degree"), (2005, "Training"), (2011, "Exam")):
        CareerStep.objects.create(physician=physician, since=since, text=text)

    assert [str(step) for step in physician.career.all()] == ["2011 Exam", "2005 Training", "2005 Degree"]


def test_hours_come_by_day_and_time():
    location = factories.make_clinic().locations.get()
    for span in ((1, 14, 18), (1, 8, 12), (0, 8, 12)):
        add_hours(location, *span)

    assert [str(span) for span in location.hours.all()] == [
        "Monday 08:00–12:00",
        "Tuesday 08:00–12:00",
        "Tuesday 14:00–18:00",
    ]


def test_department_and_certificate_are_listed_once(everything):
    twins = [
        Department(clinic=everything.clinic, name="Surgery"),
        Certificate(profile=everything.clinic, name="Clean hands", issuer="A board"),
    ]
    messages = []
    for twin in twins:
        with pytest.raises(ValidationError) as refusal:
            twin.full_clean()
        messages += refusal.value.messages
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()

    assert messages == ["This clinic already has a department of this name.", "This certificate is already listed."]


def test_department_outlives_its_head_and_its_specialty():
    specialty, physician = factories.make_specialty(), factories.make_physician()
    department = Department.objects.create(
        clinic=factories.make_clinic(), name="Surgery", head=physician, specialty=specialty
    )

    physician.delete()
    specialty.delete()

    department.refresh_from_db()
    assert (department.head, department.specialty) == (None, None)


# Overlaps


@pytest.mark.parametrize(("opens", "closes"), [(8, 12), (9, 11), (7, 9), (11, 13), (7, 13)])
def test_hours_of_a_day_that_overlap_are_refused(everything, opens, closes):
    late = OpeningHours(location=everything.location, weekday=0, opens=time(opens), closes=time(closes))

    with pytest.raises(ValidationError) as refusal:
        late.full_clean()
    with refused("hours_do_not_overlap"):
        late.save()

    assert refusal.value.messages == ["These hours overlap with others of the same day."]


def test_hours_that_only_touch_or_are_elsewhere_are_accepted(everything):
    elsewhere = factories.make_clinic("Elsewhere").locations.get()

    add_hours(everything.location, 0, 12, 14)
    add_hours(everything.location, 1, 8, 12)
    add_hours(everything.location, 6, 0, 23)
    add_hours(elsewhere, 0, 8, 12)
    check_triggers()

    assert OpeningHours.objects.count() == 5


# The content version


def is_noted(statement: str) -> bool:
    """Whether the statement is a public change; whatever this transaction has changed before does not count."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('directory.changing', '', true)")
        cursor.execute(statement)
    return content_version.read() is None


@pytest.mark.parametrize(("table", "values"), TABLES.items())
def test_change_by_raw_sql_raises_the_content_version_when_it_finds_rows(everything, table, values):
    check_triggers()

    assert is_noted(f"UPDATE specialists_{table} SET {values}")  # noqa: S608 - names from above
    assert not is_noted(f"UPDATE specialists_{table} SET {values} WHERE id = -1")  # noqa: S608
    assert not is_noted(f"DELETE FROM specialists_{table} WHERE id = -1")  # noqa: S608
    assert is_noted(f"DELETE FROM specialists_{table}")  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
def test_emptied_table_raises_the_content_version(everything, table):
    check_triggers()

    assert is_noted(f"TRUNCATE specialists_{table}")


@pytest.mark.parametrize(
    "statement",
    [
        """INSERT INTO specialists_careerstep (physician_id, since, text)
        SELECT profile_ptr_id, 2020, 'New' FROM specialists_physician""",
        """INSERT INTO specialists_certificate (profile_id, name, issuer, url)
        SELECT id, 'New', '', '' FROM specialists_profile""",
        """INSERT INTO specialists_department (clinic_id, name, phone)
        SELECT profile_ptr_id, 'New', '' FROM specialists_clinic""",
        """INSERT INTO specialists_openinghours (location_id, weekday, opens, closes)
        SELECT id, 5, '8:00', '9:00' FROM specialists_location""",
    ],
)
def test_insertion_by_raw_sql_raises_the_content_version(everything, statement):
    check_triggers()

    assert is_noted(statement)


def test_directions_raise_the_content_version(everything):
    check_triggers()

    assert is_noted("UPDATE specialists_location SET directions = 'Bus 3'")


# What a page fetches


def test_with_details_holds_the_public_team_by_name(everything):
    clinic = everything.clinic
    factories.make_physician("Zander", clinics=[clinic])
    factories.make_physician("Abel", clinics=[clinic])
    factories.make_physician("Hidden", clinics=[clinic], status="hidden")
    left = factories.make_physician("Left", clinics=[clinic])
    left.affiliations.update(until=2020)

    shown = with_details(Profile.objects.all()).get(pk=clinic.pk)

    assert [post.physician.family_name for post in shown.clinic.team] == ["Abel", "Sternwald", "Zander"]
