"""Lists of the admin of profiles: search and autocompletes past umlauts, actions, and a constant cost."""

from datetime import time
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from specialists.models import (
    Affiliation,
    CareerStep,
    Certificate,
    Department,
    Location,
    OpeningHours,
    Physician,
    Profile,
)
from tests import factories
from tests.pages import read

pytestmark = pytest.mark.django_db


def url(model: str, page: str, *args: int) -> str:
    return reverse(f"admin:specialists_{model}_{page}", args=args)


# Search


@pytest.fixture
def umlauts():
    """Two of everything, one with umlauts."""
    for physician, clinic, treatment in [("Müller", "Klinik Süd", "Gefäßschluss"), ("Stern", "Klinik Nord", "Biopsy")]:
        factories.make_physician(
            physician,
            given_name="Ada",
            clinics=[factories.make_clinic(clinic)],
            treatments=[factories.make_treatment(treatment)],
        )


@pytest.mark.parametrize(
    ("model", "queries", "expected"),
    [
        ("physician", ["müller", "Mueller", "muller", "ada müller", "MÜLLER ada"], "Ada Müller"),
        ("clinic", ["Süd", "sued", "sud", "klinik süd"], "Klinik Süd"),
        ("affiliation", ["müller", "Mueller", "muller", "Süd", "sued"], "Ada Müller, Klinik Süd"),
        ("treatmentoffer", ["müller", "mueller", "Gefäß", "gefaess", "gefassschluss"], "Ada Müller: Gefäßschluss"),
    ],
)
def test_search_finds_past_umlauts(admin_client, umlauts, model, queries, expected):
    responses = {query: admin_client.get(url(model, "changelist"), {"q": query}) for query in queries}

    found = {query: [str(row) for row in response.context["cl"].result_list] for query, response in responses.items()}
    assert found == {query: [expected] for query in queries}


@pytest.mark.parametrize(
    ("source", "field", "expected"),
    [
        ("affiliation", "physician", "Ada Müller"),
        ("affiliation", "clinic", "Müllerhaus"),
        ("treatmentoffer", "profile", "Ada Müller"),
    ],
)
@pytest.mark.parametrize("term", ["Müller", "mueller", "MULLER"])
def test_autocomplete_finds_past_umlauts(admin_client, source, field, expected, term):
    factories.make_physician("Müller", given_name="Ada")
    factories.make_physician("Stern", given_name="Ada")
    factories.make_clinic("Müllerhaus", status="draft")

    response = admin_client.get(
        reverse("admin:autocomplete"),
        {"app_label": "specialists", "model_name": source, "field_name": field, "term": term},
    )

    names = [result["text"] for result in response.json()["results"]]
    assert names == (["Ada Müller", "Müllerhaus"] if field == "profile" else [expected])


@pytest.mark.parametrize(
    ("model", "field", "expected"),
    [("physician", "specialties", "Gynäkologie"), ("clinic", "conditions", "Krebs")],
)
def test_autocomplete_of_vocabulary_finds_past_umlauts(admin_client, model, field, expected):
    factories.make_specialty("Gynäkologie")
    factories.make_specialty("Urology")
    factories.make_condition("Krebs", synonyms=["Gynäkologie-Tumor"])
    factories.make_condition("Cyst")

    response = admin_client.get(
        reverse("admin:autocomplete"),
        {"app_label": "specialists", "model_name": model, "field_name": field, "term": "gynaekologie"},
    )

    assert [result["text"] for result in response.json()["results"]] == [expected]


def test_autocomplete_is_closed_to_visitors_and_staff_without_permission(client, umlauts):
    query = {"app_label": "specialists", "model_name": "affiliation", "field_name": "physician", "term": "müller"}

    assert client.get(reverse("admin:autocomplete"), query).status_code == 302
    client.force_login(User.objects.create_user("staff", is_staff=True))
    response = client.get(reverse("admin:autocomplete"), query)

    assert response.status_code == 403
    assert "Müller" not in response.content.decode()


# Actions


@pytest.fixture
def three_drafts():
    return [factories.make_physician(name, given_name="Ada", status="draft") for name in ("Eins", "Zwei", "Drei")]


def run_action(client, model: str, action: str, rows) -> list[str]:
    """What the editor is told."""
    response = client.post(
        url(model, "changelist"), {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True
    )
    return [str(message) for message in response.context["messages"]]


def states() -> dict[str, tuple[str, bool]]:
    """Name → status, and whether it was verified today."""
    today = timezone.localdate()
    profiles = Profile.objects.order_by("pk")
    return {profile.display_name: (profile.status, profile.verified_on == today) for profile in profiles}


@pytest.mark.parametrize(
    ("action", "state"),
    [("publish", ("published", False)), ("hide", ("hidden", False)), ("mark_verified", ("draft", True))],
)
def test_action_changes_the_chosen_profiles(admin_client, three_drafts, action, state):
    before = {profile.pk: profile.edited_at for profile in three_drafts}

    told = run_action(admin_client, "physician", action, three_drafts[:2])

    assert told == ["2 profiles changed."]
    assert states() == {"Ada Eins": state, "Ada Zwei": state, "Ada Drei": ("draft", False)}
    assert [profile.edited_at > before[profile.pk] for profile in Profile.objects.order_by("pk")] == [True, True, False]


@pytest.mark.parametrize("action", ["publish", "hide", "mark_verified"])
def test_action_on_clinics(admin_client, action):
    clinic = factories.make_clinic("Eins", status="draft")
    factories.make_clinic("Zwei", status="draft")

    assert run_action(admin_client, "clinic", action, [clinic]) == ["1 profile changed."]
    assert states()["Eins"] != ("draft", False)
    assert states()["Zwei"] == ("draft", False)


def test_action_published_profile_is_public(admin_client, client, three_drafts):
    address = three_drafts[0].get_absolute_url()
    assert client.get(address).status_code == 404

    run_action(admin_client, "physician", "publish", three_drafts[:1])

    assert "Ada Eins" in read(client.get(address)).text


@pytest.mark.parametrize("action", ["publish", "hide", "mark_verified"])
def test_action_is_not_offered_or_run_without_the_permission(client, three_drafts, action):
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_physician"))
    client.force_login(reader)
    assert "Ada Eins" in read(client.get(url("physician", "changelist"))).text
    before = states()

    run_action(client, "physician", action, three_drafts)

    assert states() == before
    assert {"value": action} not in read(client.get(url("physician", "changelist"))).all("option")


def test_action_is_offered_with_the_permission(client, three_drafts):
    editor = User.objects.create_user("editor", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="change_physician"))
    client.force_login(editor)

    told = run_action(client, "physician", "publish", three_drafts)

    assert told == ["3 profiles changed."]
    assert client.post(url("clinic", "changelist"), {"action": "publish"}).status_code == 403


def test_action_by_a_visitor_is_handed_back(client, three_drafts):
    before = states()

    chosen = {"action": "publish", "_selected_action": [three_drafts[0].pk]}

    response = client.post(url("physician", "changelist"), chosen)

    # It may be an editor whose session ended: the page holds the choice until it is sent again, signed in.
    assert response.status_code == 403
    assert "nothing is lost" in response.content.decode()
    assert states() == before


# Cost


def fill_caches(client: Client, address: str) -> None:
    """Django keeps content types for as long as the process runs: whoever comes first asks for them."""
    assert client.get(address).status_code == 200


@pytest.fixture
def rows(request):
    """So many physicians at one clinic, and so many clinics of one physician, with as many offers."""
    number = request.param
    treatments = [factories.make_treatment(f"Treatment {position}") for position in range(number)]
    terms: dict[str, Any] = {
        "specialties": [factories.make_specialty(f"Specialty {position}") for position in range(number)],
        "conditions": [factories.make_condition(f"Condition {position}") for position in range(number)],
    }
    clinics = [factories.make_clinic(f"Clinic {position}", city=None) for position in range(number)]
    physician = factories.make_physician("Stern", clinics=clinics, treatments=treatments, **terms)
    clinic = factories.make_clinic("Sternhaus", city=None, treatments=treatments, **terms)
    for position in range(number):
        location = Location.objects.create(clinic=clinic, city=f"City {position}", country="DE")
        head = factories.make_physician(f"Physician {position}", clinics=[clinic])
        specialty = factories.make_specialty(f"Part {position}")
        Department.objects.create(clinic=clinic, name=f"Part {position}", head=head, specialty=specialty)
        CareerStep.objects.create(physician=physician, since=2000, text="Degree")
        OpeningHours.objects.create(location=location, weekday=0, opens=time(8), closes=time(9))
        for profile in (physician, clinic):
            Certificate.objects.create(profile=profile, name=f"Level {position}", issuer="A board")
    return {"number": number, "physician": physician, "clinic": clinic}


@pytest.mark.parametrize("rows", [1, 3, 30], indirect=True)
@pytest.mark.parametrize(
    ("model", "queries"), [("physician", 6), ("clinic", 6), ("location", 5), ("affiliation", 5), ("treatmentoffer", 6)]
)
def test_changelist_query_count_is_constant(admin_client, django_assert_num_queries, rows, model, queries):
    with django_assert_num_queries(queries):
        response = admin_client.get(url(model, "changelist"))

    shown = rows["number"] * (2 if model in {"affiliation", "treatmentoffer"} else 1)
    assert len(response.context["cl"].result_list) == shown + (model in {"physician", "clinic"})


@pytest.mark.parametrize("rows", [1, 3, 30], indirect=True)
@pytest.mark.parametrize(("model", "queries"), [("physician", 12), ("clinic", 13)])
def test_change_page_query_count_is_constant(admin_client, django_assert_num_queries, rows, model, queries):
    profile = rows[model]
    fill_caches(admin_client, url(model, "change", profile.pk))

    with django_assert_num_queries(queries):
        response = admin_client.get(url(model, "change", profile.pk))

    inlines = {inline.formset.prefix: len(inline.formset.forms) for inline in response.context["inline_admin_formsets"]}
    number = rows["number"]
    more = {"locations": number, "departments": number} if model == "clinic" else {"career": number}
    everywhere = {"affiliations": number, "offers": number, "certificates": number, "identifiers": 0}
    assert inlines == everywhere | more


@pytest.mark.parametrize("rows", [1, 3, 30], indirect=True)
@pytest.mark.parametrize(("model", "queries"), [("affiliation", 5), ("treatmentoffer", 5)])
def test_change_page_of_one_row_query_count_is_constant(admin_client, django_assert_num_queries, rows, model, queries):
    row = Affiliation.objects.all()[0] if model == "affiliation" else rows["physician"].offers.all()[0]
    fill_caches(admin_client, url(model, "change", row.pk))

    with django_assert_num_queries(queries):
        response = admin_client.get(url(model, "change", row.pk))

    assert str(row) in read(response).text


@pytest.mark.parametrize("spans", [1, 3])
def test_change_page_of_a_location_query_count_is_constant(admin_client, django_assert_num_queries, spans):
    location = factories.make_clinic().locations.get()
    for day in range(spans):
        OpeningHours.objects.create(location=location, weekday=day, opens=time(8), closes=time(9))
    fill_caches(admin_client, url("location", "change", location.pk))

    with django_assert_num_queries(5):
        response = admin_client.get(url("location", "change", location.pk))

    [inline] = response.context["inline_admin_formsets"]
    assert len(inline.formset.forms) == spans


def test_search_query_count_is_constant(admin_client, django_assert_num_queries):
    for position in range(3):
        factories.make_physician(f"Müller {position}")

    with django_assert_num_queries(6):
        response = admin_client.get(url("physician", "changelist"), {"q": "mueller"})

    assert len(response.context["cl"].result_list) == Physician.objects.count() == 3
