"""The admin of profiles: every page opens and saves, finds umlauts, and costs the same whatever the number of rows."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from specialists.models import Clinic, Physician, Profile
from tests import factories
from tests.conditions.database import check_triggers
from tests.pages import read

pytestmark = pytest.mark.django_db

MODELS = ("physician", "clinic", "location", "affiliation", "treatmentoffer")


def url(model: str, page: str, *args: int) -> str:
    return reverse(f"admin:specialists_{model}_{page}", args=args)


def row_of(everything, model: str):
    return everything.offer if model == "treatmentoffer" else getattr(everything, model)


def filled(response) -> dict[str, object]:
    """What the browser would send back when the form is saved as it was opened."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    values = {field.html_name: field.value() for form in forms for field in form}
    return {name: value for name, value in values.items() if value is not None}


def found(response) -> list[str]:
    return [str(row) for row in response.context["cl"].result_list]


@pytest.fixture
def staff(client):
    """A client signed in as staff with the permissions named."""

    def sign_in(*codenames: str):
        user = User.objects.create_user("staff", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        assert user.user_permissions.count() == len(codenames)
        client.force_login(user)
        return client

    return sign_in


# Every page


@pytest.mark.parametrize("model", MODELS)
def test_pages_open(admin_client, everything, model):
    row = row_of(everything, model)

    assert found(admin_client.get(url(model, "changelist"))) == [str(row)]
    assert str(row) in read(admin_client.get(url(model, "change", row.pk))).text
    assert "Change history" in read(admin_client.get(url(model, "history", row.pk))).text
    assert "Are you sure" in read(admin_client.get(url(model, "delete", row.pk))).text
    assert admin_client.get(url(model, "add")).context["adminform"].form.instance.pk is None


@pytest.mark.parametrize("model", MODELS)
def test_page_saves_what_it_showed(admin_client, everything, model):
    row = row_of(everything, model)
    before = type(row)._base_manager.filter(pk=row.pk).values().get()
    page = url(model, "change", row.pk)

    response = admin_client.post(page, filled(admin_client.get(page)))

    assert (response.status_code, response["Location"]) == (302, url(model, "changelist"))
    after = type(row)._base_manager.filter(pk=row.pk).values().get()
    before.pop("edited_at", None)
    after.pop("edited_at", None)
    assert after == before
    assert [entry.get_change_message() for entry in LogEntry.objects.all()] == ["No fields changed."]


def test_physician_is_added_with_its_rows(admin_client):
    clinic, treatment = factories.make_clinic("Sternhaus"), factories.make_treatment()
    specialty, condition = factories.make_specialty(), factories.make_condition()
    values = filled(admin_client.get(url("physician", "add"))) | {
        "title": "Dr.",
        "given_name": "Zoë",
        "family_name": "Müller",
        "status": "published",
        "languages": ["de", "tr"],
        "insurance": ["private"],
        "specialties": [specialty.pk],
        "conditions": [condition.pk],
        "affiliations-TOTAL_FORMS": "1",
        "affiliations-0-clinic": clinic.pk,
        "affiliations-0-role": "Head",
        "offers-TOTAL_FORMS": "1",
        "offers-0-treatment": treatment.pk,
        "offers-0-annual_cases": "12",
        "offers-0-year": "2025",
        "identifiers-TOTAL_FORMS": "1",
        "identifiers-0-system": "us-npi",
        "identifiers-0-value": "1",
        "career-TOTAL_FORMS": "1",
        "career-0-since": "2010",
        "career-0-text": "Degree",
        "certificates-TOTAL_FORMS": "1",
        "certificates-0-name": "Level 3",
        "certificates-0-issuer": "A board",
    }

    response = admin_client.post(url("physician", "add"), values)

    assert response.status_code == 302
    physician = Physician.objects.get()
    assert (physician.display_name, physician.slug) == ("Dr. Zoë Müller", "dr-zoe-mueller")
    assert (physician.languages, physician.insurance) == (["de", "tr"], ["private"])
    assert [list(physician.specialties.all()), list(physician.conditions.all())] == [[specialty], [condition]]
    assert [str(post) for post in physician.affiliations.all()] == ["Dr. Zoë Müller, Sternhaus"]
    assert [(offer.annual_cases, offer.year) for offer in physician.offers.all()] == [(12, 2025)]
    assert [str(identifier) for identifier in physician.identifiers.all()] == ["us-npi 1"]
    assert [str(step) for step in physician.career.all()] == ["2010 Degree"]
    assert [str(certificate) for certificate in physician.certificates.all()] == ["Level 3, A board"]


def test_clinic_is_added_with_its_rows(admin_client):
    physician = factories.make_physician()
    values = filled(admin_client.get(url("clinic", "add"))) | {
        "display_name": "Klinik Süd",
        "clinic_kind": "practice",
        "locations-TOTAL_FORMS": "1",
        "locations-0-city": "Bonn",
        "locations-0-country": "DE",
        "affiliations-TOTAL_FORMS": "1",
        "affiliations-0-physician": physician.pk,
        "departments-TOTAL_FORMS": "1",
        "departments-0-name": "Surgery",
        "departments-0-head": physician.pk,
    }

    response = admin_client.post(url("clinic", "add"), values)

    assert response.status_code == 302
    clinic = Clinic.objects.get()
    assert (clinic.slug, clinic.kind, clinic.status, clinic.clinic_kind) == (
        "klinik-sued",
        "clinic",
        "draft",
        "practice",
    )
    assert [str(location) for location in clinic.locations.all()] == ["Bonn"]
    assert [str(post) for post in clinic.affiliations.all()] == ["Aurelia Sternwald, Klinik Süd"]
    assert [(part.name, part.head) for part in clinic.departments.all()] == [("Surgery", physician)]


@pytest.mark.parametrize(
    ("model", "changes", "message"),
    [
        ("physician", {"family_name": ""}, "This field is required."),
        ("physician", {"slug": "clinic-am-park"}, "Profile with this Slug already exists."),
        ("physician", {"offers-0-annual_cases": "80"}, "Say which year the case number is from."),
        (
            "physician",
            {"affiliations-0-since": "2020", "affiliations-0-until": "2019"},
            "A post cannot end before it began.",
        ),
        ("clinic", {"locations-0-latitude": "49.4"}, "Give both latitude and longitude, in degrees, or neither."),
        ("clinic", {"website": "javascript:alert(1)"}, "Enter a valid URL."),
        ("clinic", {"departments-0-name": ""}, "This field is required."),
        ("physician", {"career-0-until": "2009"}, "A step cannot end before it began."),
        ("location", {"hours-0-closes": "07:00"}, "The closing time must lie after the opening time."),
        ("affiliation", {"since": "1066"}, "A year must lie between 1900 and 2100."),
        ("treatmentoffer", {"year": "1066"}, "A year must lie between 1900 and 2100."),
    ],
)
def test_page_refuses_nonsense_kindly(admin_client, everything, model, changes, message):
    row = row_of(everything, model)
    page = url(model, "change", row.pk)

    response = admin_client.post(page, filled(admin_client.get(page)) | changes)

    assert response.status_code == 200
    assert message in read(response).text
    assert LogEntry.objects.count() == 0


# Opening hours


def hours(*spans: tuple[str, str, str]) -> dict[str, str]:
    """Rows of a location's page in place of those it has: (weekday, opens, closes)."""
    rows = {
        f"hours-{number}-{field}": value
        for number, span in enumerate(spans)
        for field, value in zip(("weekday", "opens", "closes"), span, strict=True)
    }
    return {**rows, "hours-TOTAL_FORMS": str(len(spans))}


def send_hours(admin_client, location, *spans, **more: str):
    page = url("location", "change", location.pk)
    return admin_client.post(page, filled(admin_client.get(page)) | hours(*spans) | more)


def test_hours_of_one_day_may_change_places(admin_client, everything):
    location = everything.location
    assert send_hours(admin_client, location, ("0", "8:00", "12:00"), ("0", "13:00", "17:00")).status_code == 302

    # Each alone would overlap with the other as it was.
    answer = send_hours(admin_client, location, ("0", "14:00", "18:00"), ("0", "9:00", "13:30"))
    check_triggers()

    assert answer.status_code == 302
    assert [str(span) for span in location.hours.all()] == ["Monday 09:00–13:30", "Monday 14:00–18:00"]


def test_hours_may_take_the_place_of_those_removed_with_them(admin_client, everything):
    answer = send_hours(
        admin_client, everything.location, ("0", "8:00", "12:00"), ("0", "9:00", "13:00"), **{"hours-0-DELETE": "on"}
    )
    check_triggers()

    assert answer.status_code == 302
    assert [str(span) for span in everything.location.hours.all()] == ["Monday 09:00–13:00"]


@pytest.mark.parametrize("late", [("0", "11:59", "13:00"), ("0", "8:00", "12:00"), ("0", "7:00", "13:00")])
def test_hours_that_overlap_are_refused_kindly(admin_client, everything, late):
    answer = send_hours(admin_client, everything.location, ("0", "8:00", "12:00"), late)

    assert answer.status_code == 200
    assert "These hours overlap with others of the same day." in read(answer).text
    assert everything.location.hours.count() == 1


def test_clinic_links_to_the_hours_of_its_locations(admin_client, everything):
    page = read(admin_client.get(url("clinic", "change", everything.clinic.pk)))

    links = [link["href"].partition("?")[0] for link in page.all("a") if "href" in link]
    assert url("location", "change", everything.location.pk) in links


@pytest.mark.parametrize("model", MODELS)
def test_row_is_deleted(admin_client, everything, model):
    row = row_of(everything, model)

    response = admin_client.post(url(model, "delete", row.pk), {"post": "yes"})

    assert (response.status_code, response["Location"]) == (302, url(model, "changelist"))
    assert not type(row)._base_manager.filter(pk=row.pk).exists()


def test_profiles_of_either_kind_are_not_edited_in_one_place(admin_client, everything):
    assert url("profile", "changelist") not in admin_client.get(reverse("admin:index")).content.decode()
    assert admin_client.get(url("profile", "add")).status_code == 403
    assert admin_client.post(url("profile", "change", everything.clinic.pk), {"status": "hidden"}).status_code == 403
    assert admin_client.post(url("profile", "delete", everything.clinic.pk), {"post": "yes"}).status_code == 403
    assert Profile.objects.published().count() == 2


@pytest.mark.parametrize("model", MODELS)
def test_pages_are_closed_without_permission(staff, everything, model):
    row = row_of(everything, model)
    client = staff("view_condition")

    addresses = [
        url(model, "changelist"),
        url(model, "add"),
        url(model, "change", row.pk),
        url(model, "delete", row.pk),
    ]

    assert [client.get(address).status_code for address in addresses] == [403] * 4
    assert [client.post(address, {"post": "yes"}).status_code for address in addresses] == [403] * 4
    assert type(row)._base_manager.filter(pk=row.pk).exists()
