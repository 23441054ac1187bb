"""The table of specialists side by side: what its cells say, which rows it has, and when rows are alike."""

import pytest

from specialists.comparison import Comparison, Line, Row
from specialists.models import Affiliation, Profile
from tests import factories

pytestmark = pytest.mark.django_db


def table(*profiles, **options) -> dict[str, list[list[tuple[str, str]]]]:
    """Label of the row → its cells, each with its (text, note)."""
    groups = Comparison([Profile.objects.get(pk=profile.pk) for profile in profiles], **options).groups
    return {row.label: [[line[:2] for line in cell] for cell in row.cells] for group in groups for row in group.rows}


def links(*profiles) -> dict[str, list[str]]:
    groups = Comparison([Profile.objects.get(pk=profile.pk) for profile in profiles]).groups
    return {row.label: [line.href for cell in row.cells for line in cell] for group in groups for row in group.rows}


def test_rows_say_everything_that_is_known():
    clinic = factories.make_clinic("Sternhaus", city="Bonn", clinic_kind="centre", verified_on="2026-10-01")
    physician = factories.make_physician(
        "Apfelbach",
        clinics=[clinic],
        specialties=[factories.make_specialty("Urology"), factories.make_specialty("Oncology")],
        focus="Kidneys",
        languages=["tr", "de"],
        insurance=["self_pay", "statutory"],
        accepting="yes",
        phone="+49 228 000 11",
        website="https://apfelbach.example/",
    )

    assert table(physician, clinic) == {
        "Kind": [[("Physician", "")], [("Outpatient centre", "")]],
        "Focus": [[("Kidneys", "")], []],
        "Specialties": [[("Oncology", ""), ("Urology", "")], []],
        "Places": [[("Sternhaus", "Bonn")], [("Bonn", "")]],
        "New patients": [[("Accepting new patients", "")], [("Ask about new patients", "")]],
        "Insurance": [[("Statutory insurance", ""), ("Paying yourself", "")], []],
        "Languages": [[("German", ""), ("Turkish", "")], []],
        "Telephone": [[("+49 228 000 11", "")], []],
        "Website": [[("https://apfelbach.example/", "")], []],
        "Verified": [[("Not verified yet", "")], [("Verified on 1 October 2026", "")]],
    }
    assert links(physician, clinic)["Telephone"] == ["tel:+4922800011"]
    assert links(physician, clinic)["Website"] == ["https://apfelbach.example/"]


def test_number_is_dialled_as_on_the_profile():
    clinic = factories.make_clinic(phone="+49 (0)6221 / 56-1")

    assert links(clinic)["Telephone"] == ["tel:+496221561"]


def test_treatments_are_rows_the_commonest_first():
    biopsy, resection, tace = (factories.make_treatment(name) for name in ("Biopsy", "Resection", "TACE"))
    one = factories.make_clinic("One", treatments=[biopsy, tace])
    two = factories.make_clinic("Two", treatments=[resection])
    factories.make_offer(two, tace, annual_cases=84, year=2025)

    groups = Comparison([Profile.objects.get(pk=one.pk), Profile.objects.get(pk=two.pk)]).groups

    offered = Line("Offered", "number of cases not stated")
    assert [group.title for group in groups] == ["Who and where", "Treatments offered", "Contact"]
    assert groups[1].rows == [
        Row("TACE", [(offered,), (Line("Offered", "84 cases in 2025"),)], "/en/treatments/tace/"),
        Row("Biopsy", [(offered,), ()], "/en/treatments/biopsy/"),
        Row("Resection", [(), (offered,)], "/en/treatments/resection/"),
    ]


def test_places_are_those_of_current_public_posts():
    here = factories.make_clinic("Here", city="Bonn")
    left = factories.make_clinic("Left", city="Ulm")
    hidden = factories.make_clinic("Hidden", city="Wien", status="hidden")
    physician = factories.make_physician("Apfelbach", clinics=[here, left, hidden])
    Affiliation.objects.filter(clinic=left).update(until=2020)

    assert table(physician)["Places"] == [[("Here", "Bonn")]]


def test_brief_table_keeps_the_rows_that_differ():
    tace, biopsy = factories.make_treatment("TACE"), factories.make_treatment("Biopsy")
    # The same languages in another order are the same languages.
    one = factories.make_clinic("One", city="Bonn", languages=["de", "en"], treatments=[tace, biopsy])
    two = factories.make_clinic("Two", city="Ulm", languages=["en", "de"], treatments=[tace])

    assert list(table(one, two, is_brief=True)) == ["Places", "Biopsy"]


def test_brief_table_of_twins_is_empty():
    one, two = factories.make_clinic("One"), factories.make_clinic("Two")

    assert table(one, two, is_brief=True) == {}
