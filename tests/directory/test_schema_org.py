"""The yardstick of the structured data itself: it must find what is wrong, and know schema.org's health types."""

import pytest

from tests.directory.schema_org import ancestry, problems

CLINIC = {"@type": "MedicalClinic", "name": "Clinic"}


def test_ancestry_goes_up_every_way() -> None:
    assert ancestry("MedicalClinic") == {
        *("MedicalClinic", "MedicalBusiness", "MedicalOrganization", "LocalBusiness"),
        *("Organization", "Place", "Thing"),
    }


@pytest.mark.parametrize(
    "node",
    [
        CLINIC,
        {"@type": ["Physician", "IndividualPhysician"], "practicesAt": [CLINIC]},
        {"@type": "MedicalWebPage", "lastReviewed": "2026-06-01", "citation": ["A book", {"@type": "CreativeWork"}]},
        {"@type": "CreativeWork", "datePublished": "2025", "url": "https://example.org/"},
        {"@type": "HealthTopicContent", "hasHealthAspect": "https://schema.org/CausesHealthAspect"},
        {"@type": "OpeningHoursSpecification", "dayOfWeek": "https://schema.org/Monday", "opens": "08:00"},
        {"@type": "ItemList", "numberOfItems": 0},
        {"@type": "SearchAction", "query-input": "required name=text"},
    ],
)
def test_what_schema_org_says_is_right(node: dict) -> None:
    assert problems(node) == []


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        ({"@type": "Doctor"}, "Doctor: no type Doctor"),
        ({"@type": "Person", "nmae": "A"}, "Person.nmae: no such property"),
        ({"@type": "MedicalWebPage", "aspect": "A"}, "MedicalWebPage.aspect: no such property"),
        ({"@type": "Person", "practicesAt": CLINIC}, "Person.practicesAt: not for this type"),
        ({"@type": "Physician", "practicesAt": CLINIC}, "Physician.practicesAt: not for this type"),
        (
            {"@type": "IndividualPhysician", "practicesAt": {"@type": "Person"}},
            "IndividualPhysician.practicesAt: ['Person'] is none of ['MedicalOrganization']",
        ),
        (
            {"@type": "MedicalCondition", "code": "C78.7"},
            "MedicalCondition.code: 'C78.7' is none of ['MedicalCode']",
        ),
        (
            {"@type": "HealthTopicContent", "hasHealthAspect": "https://schema.org/Monday"},
            "HealthTopicContent.hasHealthAspect: 'https://schema.org/Monday' is none of ['HealthAspectEnumeration']",
        ),
        (
            {"@type": "WebPage", "lastReviewed": "June 2026"},
            "WebPage.lastReviewed: 'June 2026' is none of ['Date']",
        ),
        ({"@type": "ItemList", "numberOfItems": "3"}, "ItemList.numberOfItems: '3' is none of ['Integer']"),
        ({"@type": "ItemList", "numberOfItems": True}, "ItemList.numberOfItems: True is none of ['Integer']"),
        ({"@type": "Thing", "name": ""}, "Thing.name: '' is none of ['Text']"),
        ({"@type": "Thing", "sameAs": "clinic.example"}, "Thing.sameAs: 'clinic.example' is none of ['URL']"),
        (
            {"@type": "ListItem", "item": "https://example.org/"},
            "ListItem.item: 'https://example.org/' is none of ['Thing']",
        ),
        (
            {"@type": "Hospital", "department": [CLINIC, {"@type": "MedicalClinic", "opens": "08:00"}]},
            "Hospital.department.opens: not for this type",
        ),
    ],
)
def test_what_schema_org_does_not_say_is_found(node: dict, problem: str) -> None:
    assert problems(node) == [problem]
