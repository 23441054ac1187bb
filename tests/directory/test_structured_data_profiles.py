"""A physician's and a clinic's page, word for word as machines read them."""

import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from specialists.models import Certificate, Clinic, Department, Location, OpeningHours, Profile
from tests import factories
from tests.pages import read

pytestmark = pytest.mark.django_db
SITE = "https://directory.example"
AT_HOME = {"@type": "PostalAddress", "addressLocality": "Heidelberg", "addressCountry": "DE"}


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SITE_URL = SITE


def entity(client: Client, profile: Profile) -> dict[str, Any]:
    """What the page of a profile is about."""
    [page] = read(client.get(profile.get_absolute_url())).data()
    assert page["@type"] == "ProfilePage"
    entity: dict[str, Any] = page["mainEntity"]
    return entity


def test_physician(client: Client) -> None:
    specialty, treatment = factories.make_specialty(), factories.make_treatment(kind="radiotherapy")
    condition, secret = factories.make_condition("Gout"), factories.make_condition("Secret", is_published=False)
    clinic = factories.make_clinic(clinic_kind="practice")
    physician = factories.make_physician(
        clinics=[clinic, factories.make_clinic("Clinic Nowhere", status="draft")],
        specialties=[specialty],
        conditions=[condition, secret],
        treatments=[treatment],
        title="Dr.",
        focus="Feet",
        languages=["de", "tr"],
        accepting="no",
        phone="+49 6221 1",
        website="https://physician.example/",
    )

    assert entity(client, physician) == {
        "@type": ["Physician", "IndividualPhysician"],
        "@id": f"{SITE}/en/specialists/dr-aurelia-sternwald/#profile",
        "name": "Dr. Aurelia Sternwald",
        "url": f"{SITE}/en/specialists/dr-aurelia-sternwald/",
        "description": "Feet",
        "medicalSpecialty": [
            {
                "@type": "MedicalSpecialty",
                "name": "Visceral surgery",
                "url": f"{SITE}/en/specialties/visceral-surgery/",
            }
        ],
        "availableService": [
            {"@type": "RadiationTherapy", "name": "Liver resection", "url": f"{SITE}/en/treatments/liver-resection/"}
        ],
        "knowsAbout": [{"@type": "MedicalCondition", "name": "Gout", "url": f"{SITE}/en/conditions/gout/"}],
        "knowsLanguage": ["de", "tr"],
        "isAcceptingNewPatients": False,
        "telephone": "+49 6221 1",
        "sameAs": "https://physician.example/",
        "practicesAt": [
            {
                "@type": "MedicalClinic",
                "name": "Clinic Am Park",
                "url": f"{SITE}/en/specialists/clinic-am-park/",
                "address": [AT_HOME],
            }
        ],
    }


def test_clinic(client: Client) -> None:
    clinic = factories.make_clinic(accepting="yes")
    location = clinic.locations.get()
    Location.objects.update(street="Parkweg 1", postcode="69115", region="Baden", latitude=49.4, longitude=8.7)
    OpeningHours.objects.create(location=location, weekday=0, opens=datetime.time(8), closes=datetime.time(12, 30))
    OpeningHours.objects.create(location=location, weekday=6, opens=datetime.time(10), closes=datetime.time(11))
    Department.objects.create(clinic=clinic, name="Feet", specialty=factories.make_specialty(), phone="+49 1")
    Department.objects.create(clinic=clinic, name="Hands")
    Certificate.objects.create(
        profile=clinic,
        name="Good feet",
        issuer="Society of Feet",
        valid_until=datetime.date(2027, 12, 31),
        url="https://feet.example/",
    )
    Certificate.objects.create(profile=clinic, name="Good hands", issuer="Society of Hands")
    factories.make_physician(clinics=[clinic])
    factories.make_physician("Unseen", clinics=[clinic], status="hidden")

    assert entity(client, clinic) == {
        "@type": "Hospital",
        "@id": f"{SITE}/en/specialists/clinic-am-park/#profile",
        "name": "Clinic Am Park",
        "url": f"{SITE}/en/specialists/clinic-am-park/",
        "isAcceptingNewPatients": True,
        "hasCertification": [
            {
                "@type": "Certification",
                "name": "Good feet",
                "issuedBy": {"@type": "Organization", "name": "Society of Feet"},
                "expires": "2027-12-31",
                "url": "https://feet.example/",
            },
            {
                "@type": "Certification",
                "name": "Good hands",
                "issuedBy": {"@type": "Organization", "name": "Society of Hands"},
            },
        ],
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "Parkweg 1",
            "postalCode": "69115",
            "addressLocality": "Heidelberg",
            "addressRegion": "Baden",
            "addressCountry": "DE",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": 49.4, "longitude": 8.7},
        "openingHoursSpecification": [_hours("Monday", "08:00", "12:30"), _hours("Sunday", "10:00", "11:00")],
        "department": [
            {
                "@type": "MedicalOrganization",
                "name": "Feet",
                "telephone": "+49 1",
                "medicalSpecialty": [
                    {
                        "@type": "MedicalSpecialty",
                        "name": "Visceral surgery",
                        "url": f"{SITE}/en/specialties/visceral-surgery/",
                    }
                ],
            },
            {"@type": "MedicalOrganization", "name": "Hands"},
        ],
        "member": [
            {
                "@type": ["Physician", "IndividualPhysician"],
                "name": "Aurelia Sternwald",
                "url": f"{SITE}/en/specialists/aurelia-sternwald/",
            }
        ],
    }


def _hours(day: str, opens: str, closes: str) -> dict[str, str]:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": f"https://schema.org/{day}",
        "opens": opens,
        "closes": closes,
    }


def test_clinic_of_several_locations_names_each(client: Client) -> None:
    clinic = factories.make_clinic()
    Location.objects.create(clinic=clinic, name="House B", city="Mannheim", country="DE")

    found = entity(client, clinic)

    assert "address" not in found
    assert found["location"] == [
        {"@type": "Place", "address": AT_HOME},
        {"@type": "Place", "name": "House B", "address": {**AT_HOME, "addressLocality": "Mannheim"}},
    ]


def test_clinic_without_a_location_names_none(client: Client) -> None:
    found = entity(client, factories.make_clinic(city=None))

    assert {"address", "location", "geo"}.isdisjoint(found)


@pytest.mark.parametrize(
    ("kind", "expected"), [("hospital", "Hospital"), ("centre", "MedicalClinic"), ("practice", "MedicalClinic")]
)
def test_kind_of_clinic(client: Client, kind: str, expected: str) -> None:
    assert entity(client, factories.make_clinic(clinic_kind=kind))["@type"] == expected


@pytest.mark.parametrize(("accepting", "expected"), [("yes", True), ("no", False), ("unknown", None)])
def test_new_patients_are_taken_or_not_or_nobody_knows(client: Client, accepting: str, expected: bool | None) -> None:
    assert entity(client, factories.make_clinic(accepting=accepting)).get("isAcceptingNewPatients") is expected


@pytest.mark.parametrize("is_sample", [True, False])
def test_invented_profile_says_so(client: Client, is_sample: bool) -> None:
    note = entity(client, factories.make_clinic(is_sample=is_sample)).get("disambiguatingDescription")

    assert note == ("This profile is invented. Names, numbers and addresses are not real." if is_sample else None)


def test_page_was_reviewed_when_the_profile_was_verified(client: Client) -> None:
    verified = factories.make_clinic(verified_on=datetime.date(2026, 5, 4))
    never = factories.make_clinic("Clinic Elsewhere")

    pages = [read(client.get(clinic.get_absolute_url())).data()[0] for clinic in (verified, never)]

    assert [page.get("lastReviewed") for page in pages] == ["2026-05-04", None]
    assert Clinic.objects.count() == 2
