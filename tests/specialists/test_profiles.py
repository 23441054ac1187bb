"""The pages of physicians and clinics: what they show to visitors, what only to editors, and their cost."""

from datetime import date, time

import pytest
from django.contrib.auth.models import Permission, User

from specialists.models import (
    Affiliation,
    CareerStep,
    Certificate,
    Clinic,
    Department,
    Location,
    OpeningHours,
    Physician,
)
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
        "Call +49 228 000 11 Website https://apfelbach.example/",
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
    assert {
        "class": "contact__website",
        "href": "https://apfelbach.example/",
        "rel": "noopener noreferrer",
    } in page.all("a")


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
    for heading in (
        "Treatments offered",
        "Specialties",
        "Treats",
        "Languages",
        "Insurance",
        "Telephone",
        "Website",
        "Call",
        "Certificates",
    ):
        assert f"{heading} " not in text_of(client, physician).partition("Places of work")[2].partition("The info")[0]
    text = text_of(client, clinic).partition("Not verified yet")[2]
    assert text.startswith(" Remember Sternhaus Add to a comparison The information here")


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


# Details


def test_physician_page_shows_training_posts_and_certificates(client):
    physician = factories.make_physician("Apfelbach")
    for since, until, words in ((2004, 2004, "Degree"), (2005, 2011, "Training"), (2019, None, "Head of surgery")):
        CareerStep.objects.create(physician=physician, since=since, until=until, text=words)
    Certificate.objects.create(
        profile=physician,
        name="Level 3",
        issuer="A board",
        valid_until=date(2020, 3, 1),
        url="https://board.example/3",
    )
    Certificate.objects.create(profile=physician, name="Level 2", issuer="Another")

    page = read(client.get(physician.get_absolute_url()))

    assert "Training and posts since 2019 Head of surgery 2005–2011 Training 2004 Degree" in page.text
    # Said as it is, whatever the day: pages are kept until the content changes.
    assert "Level 3 Issued by A board · valid until 1 March 2020 · Source : Level 3" in page.text
    assert "Level 2 Issued by Another The information" in page.text
    assert {"href": "https://board.example/3", "rel": "noopener noreferrer"} in page.all("a")


def test_physician_page_has_the_telephone_of_each_place_of_work(client):
    clinics = [factories.make_clinic("Here", phone="+49 (0)228 / 11"), factories.make_clinic("There")]
    physician = factories.make_physician("Apfelbach", clinics=clinics)

    page = read(client.get(physician.get_absolute_url()))

    assert page.text.count("Telephone +49 (0)228 / 11") == page.text.count("Telephone") == 1
    assert [link["href"] for link in page.all("a") if link["href"].startswith("tel:")] == ["tel:+4922811"]


def test_clinic_page_shows_how_to_get_there_and_when(client):
    clinic = factories.make_clinic("Sternhaus", city="Bonn")
    location = clinic.locations.get()
    location.directions = "Bus 3.\n\nNo <steps>."
    location.save()
    for day in range(5):
        OpeningHours.objects.create(location=location, weekday=day, opens=time(8), closes=time(16))

    page = read(client.get(clinic.get_absolute_url()))

    assert "Bonn Germany How to get there Bus 3. No <steps>. Opening hours" in page.text
    assert "Monday to Friday 8:00–16:00 Saturday and Sunday Closed" in page.text
    assert len(page.all("table")) == len(page.all("caption")) == 1
    assert [cell["scope"] for cell in page.all("th")] == ["col", "col", "row", "row"]


def test_clinic_page_shows_departments(client):
    clinic = factories.make_clinic("Sternhaus")
    head, specialty = factories.make_physician("Apfelbach"), factories.make_specialty("Surgery")
    Department.objects.create(clinic=clinic, name="Ward one", head=head, specialty=specialty, phone="+49 228 12")
    Department.objects.create(clinic=clinic, name="Ward two")

    page = read(client.get(clinic.get_absolute_url()))

    words = "Ward one Head Aurelia Apfelbach Specialty Surgery Telephone +49 228 12 Ward two The information"
    assert words in page.text
    assert {head.get_absolute_url(), specialty.get_absolute_url(), "tel:+4922812"} <= {
        link["href"] for link in page.all("a")
    }


@pytest.mark.parametrize("status", ["draft", "hidden"])
def test_department_does_not_name_a_head_who_is_not_public(client, status):
    clinic = factories.make_clinic("Sternhaus")
    head = factories.make_physician("Geheimnis", status=status)
    Department.objects.create(clinic=clinic, name="Ward one", head=head)

    content = client.get(clinic.get_absolute_url()).content.decode()

    assert "Ward one" in content
    assert "geheimnis" not in content.lower()


def test_page_shows_who_is_similar_and_by_which_rule(client):
    condition = factories.make_condition("Liver metastases")
    factories.make_clinic("Another clinic", conditions=[condition])
    physicians = [factories.make_physician(name, conditions=[condition]) for name in ("Abel", "Zander")]

    page = read(client.get(physicians[0].get_absolute_url()))

    similar = page.text.partition("Similar physicians ")[2]
    assert similar.startswith("They treat Liver metastases too. AZ Aurelia Zander ")
    assert "Another clinic" not in similar
    assert "Few others share anything on this page. Most of them share this: Liver metastases." in similar
    assert "Nobody can pay to be shown here." in similar


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


def detail(profile, number: int) -> None:
    """Add ``number`` of each detail."""
    for position in range(number):
        Certificate.objects.create(profile=profile, name=f"Certificate {position}", issuer="A board")
        if isinstance(profile, Physician):
            CareerStep.objects.create(physician=profile, since=2000 + position, text=f"Step {position}")
        if isinstance(profile, Clinic):
            head, specialty = factories.make_physician(f"Head {position}"), factories.make_specialty(f"Of {position}")
            Department.objects.create(clinic=profile, name=f"Ward {position}", head=head, specialty=specialty)
    if isinstance(profile, Clinic):
        for location in profile.locations.all():
            OpeningHours.objects.create(location=location, weekday=0, opens=time(8), closes=time(9))


@pytest.mark.parametrize("items", [1, 3, 12])
def test_physician_page_query_count_is_constant(client, django_assert_num_queries, items):
    physician = factories.make_physician(
        "Apfelbach",
        clinics=[factories.make_clinic(f"Clinic {number}") for number in range(items)],
        specialties=[factories.make_specialty(f"Specialty {number}") for number in range(items)],
        conditions=[factories.make_condition(f"Condition {number}") for number in range(items)],
        treatments=[factories.make_treatment(f"Treatment {number}") for number in range(items)],
    )
    detail(physician, items)

    with django_assert_num_queries(10):
        text = text_of(client, physician)

    words = ("Clinic", "Specialty", "Condition", "Treatment", "Step")
    assert [text.count(f" {word} {items - 1}") for word in words] == [1] * 5
    assert text.count(f" Certificate {items - 1} Issued") == 1


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
    detail(clinic, items)

    with django_assert_num_queries(11):
        text = text_of(client, clinic)

    words = ("City", "Physician", "Specialty", "Condition", "Treatment", "Ward", "Head Aurelia Head")
    assert [text.count(f" {word} {items - 1}") for word in words] == [1] * 7
    assert text.count("Monday 8:00–9:00") == items


@pytest.mark.parametrize("others", [1, 3, 12])
def test_similar_ones_cost_the_same_however_many_there_are(client, django_assert_num_queries, others):
    condition, treatment = factories.make_condition(), factories.make_treatment()
    physicians = [
        factories.make_physician(f"Physician {number}", conditions=[condition], treatments=[treatment])
        for number in range(others + 1)
    ]

    with django_assert_num_queries(19):
        text = text_of(client, physicians[0])

    assert text.count("Remember") >= min(others, 4)
