"""A condition's page, word for word as machines read it."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from conditions import workflow
from conditions.enums import HealthAspect
from conditions.models import Section, Source
from directory.structured_data import articles
from directory.structured_data.vocabulary import therapy_type
from tests import factories
from tests.directory.conftest import make_picture
from tests.directory.schema_org import DEFINITIONS, ancestry
from tests.pages import read

pytestmark = pytest.mark.django_db
SITE = "https://directory.example"
URL = f"{SITE}/en/conditions/gout/"


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SITE_URL = SITE


def test_condition_with_its_article(client: Client, media_root: object) -> None:
    condition = factories.make_condition(
        "Gout", summary="It hurts.", synonyms=["Podagra"], icd10=["M10"], mesh="D006073"
    )
    condition.treatments.add(factories.make_treatment("Rest"))
    condition.specialties.add(factories.make_specialty("Rheumatology"))
    writer = factories.make_contributor("Dr. Ada Writer", qualification="Physician")
    draft = factories.make_draft(condition, title="All about gout", teaser="Read this.", author=writer)
    picture = make_picture()
    sections = [
        Section(heading="Why?", body="<p>So.</p>", aspect=HealthAspect.CAUSES, picture=picture),
        Section(heading="Is it?", body="<p>Yes.</p>", aspect=HealthAspect.DIAGNOSIS),
    ]
    sources = [
        (Source(citation="A guideline", url="https://example.org/g", year=2025), 0),
        (Source(citation="B"), None),
    ]
    workflow.write_draft(draft, {}, sections, sources)
    factories.take_live(draft)

    [page] = read(client.get("/en/conditions/gout/")).data()

    assert page == {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "@id": URL,
        "url": URL,
        "name": "Specialists in Gout",
        "inLanguage": "en",
        "isPartOf": {"@type": "WebSite", "@id": f"{SITE}/en/#site", "name": "Specialist Directory"},
        "breadcrumb": {
            "@type": "BreadcrumbList",
            "itemListElement": [
                _step(1, "Home", f"{SITE}/en/"),
                _step(2, "Conditions", f"{SITE}/en/conditions/"),
                _step(3, "Gout", URL),
            ],
        },
        "about": {
            "@type": "MedicalCondition",
            "@id": f"{URL}#condition",
            "name": "Gout",
            "alternateName": ["Podagra"],
            "description": "It hurts.",
            "code": [
                {"@type": "MedicalCode", "codeValue": "M10", "codingSystem": "ICD-10"},
                {"@type": "MedicalCode", "codeValue": "D006073", "codingSystem": "MeSH"},
            ],
            "possibleTreatment": [{"@type": "MedicalTherapy", "name": "Rest", "url": f"{SITE}/en/treatments/rest/"}],
            "relevantSpecialty": [
                {"@type": "MedicalSpecialty", "name": "Rheumatology", "url": f"{SITE}/en/specialties/rheumatology/"}
            ],
        },
        "headline": "All about gout",
        "abstract": "Read this.",
        "author": {"@type": "Person", "name": "Dr. Ada Writer", "description": "Physician"},
        "reviewedBy": {"@type": "Person", "name": "Prof. Dr. Bo Reviewer"},
        "lastReviewed": "2026-06-01",
        "dateModified": timezone.localdate().isoformat(),
        "hasPart": [
            {
                "@type": "HealthTopicContent",
                "name": "Why?",
                "url": f"{URL}#why-10",
                "hasHealthAspect": "https://schema.org/CausesHealthAspect",
                "image": {
                    "@type": "ImageObject",
                    "contentUrl": f"{SITE}{picture.src}",
                    "description": "A drawing of the liver",
                    "caption": "The liver from the front",
                },
            },
            {"@type": "HealthTopicContent", "name": "Is it?", "url": f"{URL}#is-it-20"},
        ],
        "citation": [
            {
                "@type": "CreativeWork",
                "name": "A guideline",
                "url": "https://example.org/g",
                "datePublished": "2025",
            },
            {"@type": "CreativeWork", "name": "B"},
        ],
    }


def _step(position: int, name: str, address: str) -> dict:
    return {
        "@type": "ListItem",
        "position": position,
        "name": name,
        "item": {"@type": "WebPage", "@id": address},
    }


def test_condition_without_an_article_claims_no_review(client: Client) -> None:
    factories.make_condition("Gout")

    [page] = read(client.get("/en/conditions/gout/")).data()

    assert set(page) == {"@context", "@type", "@id", "url", "name", "inLanguage", "isPartOf", "breadcrumb", "about"}
    assert page["about"] == {"@type": "MedicalCondition", "@id": f"{URL}#condition", "name": "Gout"}


def test_archived_article_is_no_longer_told(client: Client) -> None:
    published = factories.make_published(factories.make_condition("Gout"))
    assert "lastReviewed" in read(client.get("/en/conditions/gout/")).data()[0]

    workflow.archive(published)

    assert "lastReviewed" not in read(client.get("/en/conditions/gout/")).data()[0]


def test_every_aspect_but_diagnosis_has_its_word() -> None:
    known = DEFINITIONS["members"]["HealthAspectEnumeration"]

    assert set(HealthAspect) - set(articles.ASPECTS) == {HealthAspect.DIAGNOSIS}
    assert [name for name in articles.ASPECTS.values() if name not in known] == []


@pytest.mark.parametrize(("kind", "expected"), [("surgery", "MedicalTherapy"), ("radiotherapy", "RadiationTherapy")])
def test_treatment_is_of_a_type_that_a_condition_can_name(kind: str, expected: str) -> None:
    found = therapy_type(factories.make_treatment(kind=kind))

    assert found == expected
    assert "MedicalTherapy" in ancestry(found)
    assert "MedicalTherapy" not in ancestry("SurgicalProcedure")


def test_treatment_and_specialty_tell_what_their_pages_say(client: Client) -> None:
    specialty = factories.make_specialty("Rheumatology", description="Joints.", synonyms=["Joint medicine"])
    treatment = factories.make_treatment("Rest", summary="Do nothing.", synonyms=["Repose"])
    treatment.specialties.add(specialty)

    [rest] = read(client.get("/en/treatments/rest/")).data()
    [joints] = read(client.get("/en/specialties/rheumatology/")).data()

    assert rest["about"] == {
        "@type": "MedicalTherapy",
        "@id": f"{SITE}/en/treatments/rest/#treatment",
        "name": "Rest",
        "alternateName": ["Repose"],
        "description": "Do nothing.",
        "relevantSpecialty": [
            {"@type": "MedicalSpecialty", "name": "Rheumatology", "url": f"{SITE}/en/specialties/rheumatology/"}
        ],
    }
    assert joints["about"] == {
        "@type": "MedicalSpecialty",
        "@id": f"{SITE}/en/specialties/rheumatology/#specialty",
        "name": "Rheumatology",
        "description": "Joints.",
    }
