"""One row of every model of the app, and somebody who may edit all of it."""

from dataclasses import dataclass
from datetime import time

import pytest
from django.contrib.auth.models import User
from django.test import Client

from specialists.models import (
    Affiliation,
    CareerStep,
    Certificate,
    Clinic,
    Department,
    Identifier,
    Location,
    OpeningHours,
    Physician,
    TreatmentOffer,
)
from tests import factories


@dataclass
class Everything:
    clinic: Clinic
    physician: Physician
    affiliation: Affiliation
    offer: TreatmentOffer
    identifier: Identifier
    location: Location
    step: CareerStep
    department: Department
    hours: OpeningHours
    certificate: Certificate


@pytest.fixture
def everything(db) -> Everything:
    clinic = factories.make_clinic()
    physician = factories.make_physician(clinics=[clinic])
    offer = factories.make_offer(physician, factories.make_treatment(), verified_on="2026-10-01")
    offer.refresh_from_db()
    return Everything(
        clinic,
        physician,
        Affiliation.objects.get(),
        offer,
        Identifier.objects.create(profile=physician, system="us-npi", value="1"),
        Location.objects.get(),
        CareerStep.objects.create(physician=physician, since=2010, until=2012, text="Training"),
        Department.objects.create(clinic=clinic, name="Surgery", head=physician),
        OpeningHours.objects.create(location=Location.objects.get(), weekday=0, opens=time(8), closes=time(12)),
        Certificate.objects.create(profile=clinic, name="Clean hands", issuer="A board"),
    )


@pytest.fixture
def admin_client(db) -> Client:
    """Signed in as superuser; without a password, as hashing one takes longer than most tests."""
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client
