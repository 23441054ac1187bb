"""The pages of physicians and clinics: what they show to visitors, what only to editors, and their cost."""

import pytest
from django.contrib.auth.models import Permission, User

from specialists.models import Affiliation, Location
from tests import factories
from tests.pages import read

pytestmark = pytest.mark.django_db

NOINDEX = {"name": "robots", "content": "noindex"}
NOT_PUBLIC = "Not public. Only signed-in editors can see this page."
INVENTED = "This profile is invented. Names, numbers and addresses are not real."


def text_of(client, profile) -> str:
    return read(client.get(profile.get_absolute_url())).text


def links_of(client, profile) -> list[str]:
    return [link["href"] for link in read(client.get(profile.get_absolute_url())).all("a")]


def test_physician_page_shows_everything(client):
    clinic = factories.make_clinic("Sternhaus", city=None)
    Location.objects.create(
        clinic=clinic, name="South wing", street="Am Stern 3", postcode="53111", city="Bonn", region="NRW", country="DE"
    )
    physician = factories.make_physician(
        "Apfelbach",
        title="Prof. Dr.",
        given_name="Ada",
        specialties=[factories.make_specialty("Surgery"), factories.make_specialty("Oncology")],
        conditions=[factories.make_condition("Liver metastases"), factories.make_condition("Gallstones")],
        languages=["tr", "de"],
        insurance=["private", "self_pay"],
        accepting="yes",
        verified_on="2026-10-01",
        focus="Liver surgery",
        about="First line.\n\nSecond <line>.",
        phone="+49 228 000 11",
        website="https://apfelbach.example/",
    )
    Affiliation.objects.create(
        physician=physician, clinic=clinic, role="Head", since=2019, source="Their site", verified_on="2026-09-02"
    )
    tace = factories.make_treatment("TACE")
    factories.make_offer(physician, tace, annual_cases=84, year=2025, source="Report 2025", verified_on="2026-09-03")
    factories.make_offer(physician, factories.make_treatment("Biopsy"))

    page = read(client.get("/en/specialists/prof-dr-ada-apfelbach/"))

    for words in (
        "Physician Prof. Dr. Ada Apfelbach Liver surgery Accepting new patients Verified on 1 October 2026",
        "First line. Second <line>.",
        "Places of work Sternhaus Head · since 2019 South wing Am Stern 3 53111 Bonn, NRW Germany",
        "Source: Their site · Verified on 2 September 2026",
        "Treatments offered Biopsy Not verified yet "
        "TACE 84 cases in 2025 Source: Report 2025 · Verified on 3 September 2026",
        "Specialties Oncology , Surgery Treats Gallstones , Liver metastases",
        "Languages Turkish, German Insurance Private insurance, Paying yourself",
        "Telephone +49 228 000 11 Website https://apfelbach.example/",
    ):
        assert words in page.text
    assert {"name": "description", "content": "Liver surgery"} in page.all("meta")
    assert NOINDEX not in page.all("meta")
    assert NOT_PUBLIC not in page.text
    assert INVENTED not in page.text
    assert {
        clinic.get_absolute_url(),
        "/en/specialists/",
        "/en/treatments/biopsy/",
        "/en/treatments/tace/",
        "/en/specialties/oncology/",
        "/en/specialties/surgery/",
        "/en/conditions/gallstones/",
        "/en/conditions/liver-metastases/",
        "tel:+4922800011",
    } <= {link["href"] for link in page.all("a")}
    assert {"href": "https://apfelbach.example/", "rel": "noopener noreferrer"} in page.all("a")


def test_clinic_page_shows_everything(client):
    clinic = factories.make_clinic("Sternhaus", city="Bonn", clinic_kind="centre", beds=320, is_sample=True)
    Location.objects.create(clinic=clinic, city="Wien", country="AT")
    physicians = [factories.make_physician(name, clinics=[clinic]) for name in ("Zander", "Öller", "Apfelbach")]

    page = read(client.get("/en/specialists/sternhaus/"))

    assert "Outpatient centre Sternhaus Ask about new patients Not verified yet" in page.text
    assert "Addresses Bonn Germany Wien Austria" in page.text
    assert (
        "Physicians who work here Aurelia Apfelbach Consultant Aurelia Öller Consultant Aurelia Zander Consultant"
        in page.text
    )
    assert "Beds 320" in page.text
    assert INVENTED in page.text
    assert {physician.get_absolute_url() for physician in physicians} <= {link["href"] for link in page.all("a")}


def test_bare_pages_leave_out_what_is_not_known(client):
    physician = factories.make_physician("Apfelbach")
    clinic = factories.make_clinic("Sternhaus", city=None)

    assert "No current place of work is known." in text_of(client, physician)
    for heading in ("Treatments offered", "Specialties", "Treats", "Languages", "Insurance", "Telephone", "Website"):
        assert f"{heading} " not in text_of(client, physician).partition("Places of work")[2].partition("The info")[0]
    text = text_of(client, clinic).partition("Not verified yet")[2]
    assert text.startswith(" The information here")


def test_one_address_is_called_address(client):
    assert "Address Heidelberg Germany" in text_of(client, factories.make_clinic())


def test_physician_page_names_current_public_workplaces_only(client):
    here = factories.make_clinic("Here", city="Bonn")
    left = factories.make_clinic("Left", city="Ulm")
    hidden = factories.make_clinic("Hidden place", city="Wien", status="hidden")
    draft = factories.make_clinic("Draft place", city="Graz", status="draft")
    physician = factories.make_physician("Apfelbach", clinics=[here, left, hidden, draft])
    Affiliation.objects.filter(clinic=left).update(until=2020)

    text, links = text_of(client, physician), links_of(client, physician)

    assert "Places of work Here Consultant Bonn Germany Not verified yet The information" in text
    assert here.get_absolute_url() in links
    assert {left.get_absolute_url(), hidden.get_absolute_url(), draft.get_absolute_url()} & set(links) == set()


def test_clinic_page_names_current_public_physicians_only(client):
    clinic = factories.make_clinic("Sternhaus")
    here = factories.make_physician("Here", clinics=[clinic])
    left = factories.make_physician("Left", clinics=[clinic])
    hidden = factories.make_physician("Hidden", clinics=[clinic], status="hidden")
    draft = factories.make_physician("Draft", clinics=[clinic], status="draft")
    Affiliation.objects.filter(physician=left).update(until=2020)

    text, links = text_of(client, clinic), links_of(client, clinic)

    assert "Physicians who work here Aurelia Here Consultant The information" in text
    assert here.get_absolute_url() in links
    assert {left.get_absolute_url(), hidden.get_absolute_url(), draft.get_absolute_url()} & set(links) == set()


# Who sees what is not public


@pytest.fixture(params=["draft", "hidden"])
def unpublished(request):
    return [
        factories.make_clinic("Sternhaus", status=request.param),
        factories.make_physician("Apfelbach", status=request.param),
    ]


@pytest.mark.parametrize("who", ["visitor", "reader", "staff"])
def test_unpublished_page_does_not_exist_without_the_permission(client, unpublished, who):
    if who != "visitor":
        client.force_login(User.objects.create_user(who, is_staff=who == "staff"))

    for profile in unpublished:
        response = client.get(profile.get_absolute_url())

        assert response.status_code == 404
        assert profile.display_name not in response.content.decode()


@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_unpublished_page_is_shown_to_editors_with_a_banner(client, unpublished, who):
    editor = User.objects.create_user("editor", is_staff=True, is_superuser=who == "superuser")
    if who == "editor":
        editor.user_permissions.add(Permission.objects.get(codename="view_profile"))
    client.force_login(editor)

    for profile in unpublished:
        page = read(client.get(profile.get_absolute_url()))

        assert profile.display_name in page.text
        assert NOT_PUBLIC in page.text
        assert NOINDEX in page.all("meta")


def test_published_page_has_no_banner_for_editors(admin_client):
    for profile in (factories.make_clinic("Sternhaus"), factories.make_physician("Apfelbach")):
        page = read(admin_client.get(profile.get_absolute_url()))

        assert profile.display_name in page.text
        assert NOT_PUBLIC not in page.text
        assert NOINDEX not in page.all("meta")


# Addresses


def test_renamed_profile_is_found_under_its_old_address(client):
    physician = factories.make_physician("Apfelbach", slug="old")
    physician.slug = "new"
    physician.save()

    response = client.get("/en/specialists/old/")

    assert (response.status_code, response["Location"]) == (301, "/en/specialists/new/")


def test_profile_sets_no_cookie(client):
    for profile in (factories.make_clinic("Sternhaus"), factories.make_physician("Apfelbach")):
        assert not client.get(profile.get_absolute_url()).cookies


# Cost


@pytest.mark.parametrize("items", [1, 3, 12])
def test_physician_page_query_count_is_constant(client, django_assert_num_queries, items):
    physician = factories.make_physician(
        "Apfelbach",
        clinics=[factories.make_clinic(f"Clinic {number}") for number in range(items)],
        specialties=[factories.make_specialty(f"Specialty {number}") for number in range(items)],
        conditions=[factories.make_condition(f"Condition {number}") for number in range(items)],
        treatments=[factories.make_treatment(f"Treatment {number}") for number in range(items)],
    )

    with django_assert_num_queries(7):
        text = text_of(client, physician)

    assert [text.count(f" {word} {items - 1}") for word in ("Clinic", "Specialty", "Condition", "Treatment")] == [1] * 4


@pytest.mark.parametrize("items", [1, 3, 12])
def test_clinic_page_query_count_is_constant(client, django_assert_num_queries, items):
    clinic = factories.make_clinic(
        "Sternhaus",
        city=None,
        specialties=[factories.make_specialty(f"Specialty {number}") for number in range(items)],
        conditions=[factories.make_condition(f"Condition {number}") for number in range(items)],
        treatments=[factories.make_treatment(f"Treatment {number}") for number in range(items)],
    )
    for number in range(items):
        Location.objects.create(clinic=clinic, city=f"City {number}", country="DE")
        factories.make_physician(f"Physician {number}", clinics=[clinic])

    with django_assert_num_queries(7):
        text = text_of(client, clinic)

    words = ("City", "Physician", "Specialty", "Condition", "Treatment")
    assert [text.count(f" {word} {items - 1}") for word in words] == [1] * 5
