"""Nonsense is refused twice: by PostgreSQL whatever the code does, and with a kind word by full_clean()."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from specialists.models import Affiliation, Clinic, Identifier, Location, Profile, TreatmentOffer
from tests import factories

pytestmark = pytest.mark.django_db

BAD_YEAR = ["A year must lie between 1900 and 2100."]
HALF_PLACE = ["Give both latitude and longitude, in degrees, or neither."]
NO_YEAR = ["Say which year the case number is from."]
CLOSES_FIRST = ["The closing time must lie after the opening time."]
NAN = float("nan")

# (what of `everything`, values, the constraint that refuses them, what full_clean() says)
REFUSED = [
    ("clinic", {"status": "secret"}, "profile_status", {"status": ["Value 'secret' is not a valid choice."]}),
    ("clinic", {"accepting": "maybe"}, "profile_accepting", {"accepting": ["Value 'maybe' is not a valid choice."]}),
    (
        "clinic",
        {"languages": ["de", "xx"]},
        "profile_languages",
        {"languages": ["Item 2 in the array did not validate: Value 'xx' is not a valid choice."]},
    ),
    (
        "clinic",
        {"insurance": ["gold"]},
        "profile_insurance",
        {"insurance": ["Item 1 in the array did not validate: Value 'gold' is not a valid choice."]},
    ),
    (
        "clinic",
        {"clinic_kind": "hut"},
        "clinic_clinic_kind",
        {"clinic_kind": ["Value 'hut' is not a valid choice."]},
    ),
    ("clinic", {"beds": -1}, "beds_check", {"beds": ["Ensure this value is greater than or equal to 0."]}),
    ("location", {"country": "XX"}, "location_country", {"country": ["Value 'XX' is not a valid choice."]}),
    ("location", {"latitude": 49.4}, "location_coordinates", {"__all__": HALF_PLACE}),
    ("location", {"longitude": 8.7}, "location_coordinates", {"__all__": HALF_PLACE}),
    (
        "location",
        {"latitude": 90.1, "longitude": 8.7},
        "location_coordinates",
        {"latitude": ["Ensure this value is less than or equal to 90."]},
    ),
    (
        "location",
        {"latitude": 49.4, "longitude": -180.1},
        "location_coordinates",
        {"longitude": ["Ensure this value is greater than or equal to -180."]},
    ),
    ("location", {"latitude": NAN, "longitude": NAN}, "location_coordinates", {"__all__": HALF_PLACE}),
    ("affiliation", {"since": 1899}, "affiliation_since", {"__all__": BAD_YEAR}),
    ("affiliation", {"since": 2101}, "affiliation_since", {"__all__": BAD_YEAR}),
    ("affiliation", {"until": 1899}, "affiliation_until", {"__all__": BAD_YEAR}),
    ("affiliation", {"until": 2101}, "affiliation_until", {"__all__": BAD_YEAR}),
    (
        "affiliation",
        {"since": 2020, "until": 2019},
        "affiliation_until_after_since",
        {"__all__": ["A post cannot end before it began."]},
    ),
    ("offer", {"year": 1899}, "offer_year", {"__all__": BAD_YEAR}),
    ("offer", {"year": 2101}, "offer_year", {"__all__": BAD_YEAR}),
    ("offer", {"annual_cases": 0}, "offer_cases_have_a_year", {"__all__": NO_YEAR}),
    ("offer", {"annual_cases": 80}, "offer_cases_have_a_year", {"__all__": NO_YEAR}),
    (
        "offer",
        {"annual_cases": -1, "year": 2025},
        "annual_cases_check",
        {"annual_cases": ["Ensure this value is greater than or equal to 0."]},
    ),
    ("step", {"since": 1899}, "career_years", {"__all__": BAD_YEAR}),
    ("step", {"until": 2101}, "career_years", {"__all__": BAD_YEAR}),
    (
        "step",
        {"since": 2012, "until": 2011},
        "career_until_after_since",
        {"__all__": ["A step cannot end before it began."]},
    ),
    ("hours", {"weekday": 7}, "hours_weekday", {"weekday": ["Value 7 is not a valid choice."]}),
    ("hours", {"closes": time(8)}, "hours_closes_after_opens", {"__all__": CLOSES_FIRST}),
    ("hours", {"opens": time(13)}, "hours_closes_after_opens", {"__all__": CLOSES_FIRST}),
]
IDS = [f"{name} {values}" for name, values, _constraint, _messages in REFUSED]

ACCEPTED = [
    ("clinic", {"languages": [], "insurance": []}),
    ("clinic", {"languages": ["de", "zh"], "insurance": ["statutory", "private", "self_pay"]}),
    ("clinic", {"beds": 0}),
    ("location", {"latitude": 90.0, "longitude": -180.0}),
    ("location", {"latitude": -90.0, "longitude": 180.0}),
    ("location", {"latitude": 0.0, "longitude": 0.0}),
    ("affiliation", {"since": 1900, "until": 2100}),
    ("affiliation", {"since": 2020, "until": 2020}),
    ("affiliation", {"until": 2020}),
    ("offer", {"annual_cases": 0, "year": 1900}),
    ("offer", {"year": 2100}),
    ("step", {"since": 1900, "until": 2100}),
    ("step", {"until": None}),
    ("hours", {"weekday": 6, "opens": time(0), "closes": time(23, 59)}),
]


def update(row, values):
    """Past every check of Python's."""
    type(row)._base_manager.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(("name", "values", "constraint", "_messages"), REFUSED, ids=IDS)
def test_database_refuses(everything, name, values, constraint, _messages):
    row = getattr(everything, name)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        update(row, values)


@pytest.mark.parametrize(("name", "values", "_constraint", "messages"), REFUSED, ids=IDS)
def test_full_clean_refuses_kindly(everything, name, values, _constraint, messages):
    row = getattr(everything, name)
    for field, value in values.items():
        setattr(row, field, value)

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert refusal.value.message_dict == messages


@pytest.mark.parametrize(("name", "values"), ACCEPTED, ids=str)
def test_limits_are_accepted(everything, name, values):
    row = getattr(everything, name)

    update(row, values)

    row.refresh_from_db()
    row.full_clean()
    assert {field: getattr(row, field) for field in values} == values


def test_database_refuses_a_profile_of_no_kind(everything):
    with pytest.raises(IntegrityError, match="profile_kind"), transaction.atomic():
        Profile.objects.update(kind="robot")


# Twice the same


def twice(everything) -> list[tuple[str, Model, dict[str, list[str]]]]:
    """(constraint, a second row that repeats one of ``everything``, what full_clean() says)."""
    return [
        (
            "affiliation_once",
            Affiliation(physician=everything.physician, clinic=everything.clinic, role="Consultant"),
            {"__all__": ["This physician already has this role at this clinic."]},
        ),
        (
            "offer_once",
            TreatmentOffer(profile=everything.physician, treatment=everything.offer.treatment),
            {"__all__": ["This treatment is already listed."]},
        ),
        (
            "identifier_once",
            Identifier(profile=everything.clinic, system="us-npi", value="1"),
            {"__all__": ["Identifier with this Register and Number already exists."]},
        ),
    ]


@pytest.mark.parametrize("number", range(3), ids=["affiliation", "offer", "identifier"])
def test_repetition_is_refused(everything, number):
    constraint, second, messages = twice(everything)[number]

    with pytest.raises(ValidationError) as refusal:
        second.full_clean()
    assert refusal.value.message_dict == messages
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        second.save()


def test_another_role_at_the_same_clinic_is_accepted(everything):
    second = Affiliation(physician=everything.physician, clinic=everything.clinic, role="Head of surgery")

    second.full_clean()
    second.save()

    assert everything.physician.affiliations.count() == 2


def test_database_refuses_a_slug_twice(everything):
    with pytest.raises(IntegrityError, match="specialists_profile_slug"), transaction.atomic():
        Profile.objects.filter(pk=everything.clinic.pk).update(slug=everything.physician.slug)


@pytest.mark.parametrize("status", ["draft", "published", "hidden"])
def test_new_profile_is_a_draft_unless_told_otherwise(status):
    assert Clinic.objects.create(display_name="A").status == "draft"
    assert factories.make_clinic("B", status=status).status == status


def test_required_fields_are_named():
    with pytest.raises(ValidationError) as refusal:
        Location(clinic=factories.make_clinic(city=None)).full_clean()

    assert refusal.value.message_dict == {
        "city": ["This field cannot be blank."],
        "country": ["This field cannot be blank."],
    }
