"""One row of every model of the app, and somebody who may edit all of it."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from django.test import Client

from specialists.models import Affiliation, Clinic, Identifier, Location, Physician, TreatmentOffer
from tests import factories


@dataclass
class Everything:
    clinic: Clinic
    physician: Physician
    affiliation: Affiliation
    offer: TreatmentOffer
    identifier: Identifier
    location: Location


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
    )


@pytest.fixture
def admin_client(db) -> Client:
    """Signed in as superuser; without a password, as hashing one takes longer than most tests."""
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client
