"""A small public site with one page of every kind, and drafts that must never show."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest_django import Settings

from conditions import pictures
from conditions.models import Condition, Picture
from specialists.enums import ProfileStatus
from specialists.models import Clinic, Physician, Profile
from tests import factories

SOURCE = "https://example.org/guideline"
WEBSITE = "https://clinic.example/"


def make_picture(alt: str = "A drawing of the liver") -> Picture:
    upload = BytesIO()
    Image.new("RGB", (700, 400), "teal").save(upload, "PNG")
    picture = Picture(alt=alt, caption="The liver from the front")
    pictures.store(picture, pictures.render(upload))
    return picture


@dataclass
class SmallSite:
    condition: Condition
    hidden_condition: Condition
    clinic: Clinic
    physician: Physician
    hidden_profiles: list[Profile]
    picture: Picture
    # Name of the kind of page → its path.
    pages: dict[str, str]


@pytest.fixture
def media_root(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def small_site(db: None, media_root: Path) -> SmallSite:
    specialty = factories.make_specialty()
    treatment = factories.make_treatment(summary="Part of the liver is removed.")
    treatment.specialties.add(specialty)
    picture = make_picture()
    condition = factories.make_condition(synonyms=["liver mets"], icd10=["C78.7"])
    condition.treatments.add(treatment)
    condition.specialties.add(specialty)
    draft = factories.make_draft(condition)
    draft.sections.update(picture=picture, body='<p>See <a href="/en/conditions/">all conditions</a>.</p>')
    factories.take_live(draft)
    links: dict[str, Any] = {"specialties": [specialty], "conditions": [condition], "treatments": [treatment]}
    clinic = factories.make_clinic(website=WEBSITE, phone="+49 6221 000", photo=picture, **links)
    physician = factories.make_physician(clinics=[clinic], website="https://physician.example/", **links)
    hidden_profiles: list[Profile] = [
        factories.make_clinic("Clinic Nowhere", status=ProfileStatus.DRAFT, **links),
        factories.make_physician("Unseen", clinics=[clinic], status=ProfileStatus.HIDDEN, **links),
    ]
    pages = {
        "home": "/en/",
        "conditions": "/en/conditions/",
        "search": "/en/conditions/?q=liver",
        "condition": condition.get_absolute_url(),
        "treatments": "/en/treatments/",
        "treatment": treatment.get_absolute_url(),
        "specialties": "/en/specialties/",
        "specialty": specialty.get_absolute_url(),
        "list": "/en/specialists/",
        "filtered list": f"/en/specialists/?condition={condition.slug}&name=park&sort=verified",
        "empty list": "/en/specialists/?kind=clinic&accepting=yes",
        "list with unknown values": "/en/specialists/?kind=robot&page=99",
        "clinic": clinic.get_absolute_url(),
        "physician": physician.get_absolute_url(),
    }
    hidden_condition = factories.make_condition("Secret condition", is_published=False)
    return SmallSite(condition, hidden_condition, clinic, physician, hidden_profiles, picture, pages)
