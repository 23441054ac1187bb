"""The list page: its form, its filters, its cards, its cost, and what it keeps from robots and browsers."""

import re
from typing import Any

import pytest

from conditions.models import Condition
from specialists import listing
from specialists.models import Affiliation, Location
from tests import factories
from tests.pages import Page, read

pytestmark = pytest.mark.django_db

LIST = "/en/specialists/"
NOINDEX = {"name": "robots", "content": "noindex"}


def boxes(page: Page, facet: str) -> dict[str, set[str]]:
    """The facet's checkboxes: value → those of "checked" and "disabled" that it is."""
    return {
        box["value"]: {"checked", "disabled"} & box.keys()
        for box in page.all("input")
        if box.get("name") == facet and box["type"] == "checkbox"
    }


def filter_form(response) -> Page:
    """The form beside the list; the page has others."""
    [form] = re.findall(r'<form [^>]*class="filters.*?</form>', response.content.decode(), flags=re.DOTALL)
    return Page(form)


def cards(response) -> list[str]:
    """The visible words of each card, in order."""
    html = response.content.decode()
    return [Page(card).text for card in re.findall(r'<article class="card">(.*?)</article>', html, flags=re.DOTALL)]


def card_of(client, name: str) -> str:
    [card] = [card for card in cards(client.get(LIST, {"q": name})) if name in card]
    return card


# The form


def test_list_form_is_a_get_form_with_a_button_and_labels(client):
    factories.make_clinic()

    page = filter_form(client.get(LIST))

    [form] = page.all("form")
    assert form["method"] == "get"
    assert form["action"].partition("#")[0] == LIST
    # The other one only works with JavaScript, which shows it.
    assert [(button["type"], "hidden" in button) for button in page.all("button")] == [
        ("button", True),
        ("submit", False),
    ]
    assert [box["name"] for box in page.all("input") if box["type"] == "text"] == ["q", "near"]
    assert {label["for"] for label in page.all("label") if "for" in label} == {
        "id_q",
        "id_near",
        "id_radius",
        "id_sort",
    }


def test_list_has_no_inline_code(client):
    factories.make_clinic()

    page = read(client.get(LIST))

    assert page.foreign_scripts() == []
    assert page.inline_code() == []


def test_list_answers_htmx_with_the_part_it_replaces_and_the_tidy_address(client):
    factories.make_clinic("Sternhaus")

    response = client.get(f"{LIST}?kind=clinic&q=&near=&radius=25&sort=name", headers={"HX-Request": "true"})

    page = read(response)
    assert response["HX-Push-Url"] == f"{LIST}?kind=clinic"
    assert [part["data-hx-target"] for part in page.all("div") if part.get("id") == "finder"] == ["#finder"]
    assert [part["role"] for part in page.all("p") if part.get("id") == "announcement"] == ["status"]


def test_list_form_shows_counts_ticks_and_dead_ends(client):
    factories.make_clinic("Eins", accepting="no", country="DE")
    factories.make_clinic("Zwei", accepting="no", country="AT")

    page = read(client.get(f"{LIST}?accepting=yes&country=AT"))

    assert boxes(page, "accepting") == {"yes": {"checked"}, "no": set(), "unknown": {"disabled"}}
    assert boxes(page, "country") == {
        "AT": {"checked"},
        "CH": {"disabled"},
        "DE": {"disabled"},
        "LI": {"disabled"},
        "US": {"disabled"},
    }
    assert "Accepting new patients ( 0 ) Not accepting new patients ( 1 ) Ask about new patients ( 0 )" in page.text


def test_list_form_keeps_words_place_and_sort(client):
    page = filter_form(client.get(f"{LIST}?q=M%C3%BCller+%22Co%22&near=50.11,8.68&radius=50&sort=verified"))

    values = {box["name"]: box["value"] for box in page.all("input") if box["type"] == "text"}
    assert values == {"q": 'Müller "Co"', "near": "50.11,8.68"}
    assert [option["value"] for option in page.all("option") if "selected" in option] == ["50", "verified"]


def test_list_shows_active_filters_as_links_that_remove_them(client):
    factories.make_clinic("Sternhaus", accepting="yes")

    page = read(client.get(f"{LIST}?accepting=yes&q=%3Cb%3Estern&sort=verified"))

    assert [link["href"] for link in page.with_class("chip--active")] == [
        f"{LIST}?q=%3Cb%3Estern&sort=verified",
        f"{LIST}?accepting=yes&sort=verified",
    ]
    assert "Remove filter New patients: Accepting new patients × Remove filter Search: <b>stern ×" in page.text
    assert page.all("b") == []
    assert [link["href"] for link in page.with_class("active-filters__clear")] == [f"{LIST}?sort=verified"]


def test_list_without_filters_offers_none_to_remove(client):
    page = read(client.get(LIST))

    assert page.with_class("active-filters") == []
    assert "0 specialists found" in page.text


def test_list_that_is_empty_offers_ways_out_with_exact_numbers(client):
    for number in range(2):
        factories.make_clinic(f"Haus German {number}", country="DE", accepting="yes")
    factories.make_clinic("Haus Austrian", country="AT", accepting="no")

    response = client.get(f"{LIST}?country=DE&accepting=no&q=haus")

    page = read(response)
    assert "No specialist fits all of these filters together. What would bring somebody:" in page.text
    assert "without New patients “Not accepting new patients”: 2 specialists" in page.text
    assert "without Country “Germany”: 1 specialist" in page.text
    assert "without Search" not in page.text
    assert cards(response) == []


def test_list_that_one_step_does_not_fill_offers_to_clear(client):
    factories.make_clinic(country="DE", accepting="yes")

    page = read(client.get(f"{LIST}?country=AT&accepting=no&kind=physician"))

    assert "Leaving out one filter is not enough. Clear all filters" in page.text
    assert {"href": LIST} in page.all("a")


def test_list_pages_link_to_each_other(client, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    for name in "ABCDE":
        factories.make_clinic(name)
    shown, address = [], f"{LIST}?kind=clinic"

    while address:
        page = read(client.get(address))
        shown += [link["href"] for link in page.all("a") if re.fullmatch(rf"{LIST}[a-e]/", link["href"])]
        address = next((link["href"] for link in page.all("a") if link.get("rel") == "next"), "")

    assert shown == [f"{LIST}{name}/" for name in "abcde"]


# Robots, caches and cookies


@pytest.mark.parametrize(
    ("query", "is_kept_out"),
    [
        ("", False),
        ("?condition=nobody", False),
        ("?kind=clinic", True),
        ("?q=stern", True),
        ("?near=50.11,8.68", True),
        ("?near=Atlantis", False),
        ("?page=2", True),
        ("?kind=clinic&page=2", True),
    ],
)
def test_list_robots(client, query, is_kept_out):
    for number in range(21):
        factories.make_clinic(f"Stern {number}", city=None)

    assert (NOINDEX in read(client.get(f"{LIST}{query}")).all("meta")) is is_kept_out


@pytest.mark.parametrize(
    "query", ["", "?kind=clinic&q=stern&near=50.11,8.68", "?kind=robot&page=99", "?kind=physician&accepting=no"]
)
def test_list_sets_no_cookie_and_does_not_vary_by_cookie(client, query):
    factories.make_clinic()

    response = client.get(f"{LIST}{query}")

    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


# Cards


def test_card_shows_what_a_list_needs(client):
    clinic = factories.make_clinic("Sternhaus", city="Bonn")
    specialties = [factories.make_specialty(name) for name in ("Urology", "Oncology", "Surgery", "Pathology")]
    physician = factories.make_physician(
        "Apfelbach",
        title="Dr.",
        given_name="Ada",
        clinics=[clinic],
        specialties=specialties,
        focus="Liver <surgery>",
        accepting="yes",
        verified_on="2026-10-01",
        is_sample=True,
    )
    factories.make_offer(physician, factories.make_treatment("TACE"), annual_cases=1, year=2025)

    assert card_of(client, "Apfelbach") == (
        "AA Dr. Ada Apfelbach Liver <surgery> Works at Sternhaus Place Bonn "
        "Specialty Oncology, Pathology, Surgery and 1 more TACE 1 case in 2025 "
        "Accepting new patients Verified on 1 October 2026 Sample Remember Dr. Ada Apfelbach"
    )


def test_card_of_a_bare_profile(client):
    factories.make_physician("Apfelbach", given_name="Ada")
    factories.make_clinic("Sternhaus", city=None)

    assert card_of(client, "Apfelbach") == (
        "AA Ada Apfelbach Specialty Not stated Ask about new patients Not verified yet Remember Ada Apfelbach"
    )
    assert card_of(client, "Sternhaus") == (
        "S Sternhaus Specialty Not stated Ask about new patients Not verified yet Remember Sternhaus"
    )


def test_card_names_current_public_workplaces_only(client):
    here, left, hidden = (
        factories.make_clinic(name, city=city, status=status)
        for name, city, status in [
            ("Here", "Bonn", "published"),
            ("Left", "Ulm", "published"),
            ("Gone", "Wien", "hidden"),
        ]
    )
    physician = factories.make_physician("Apfelbach", clinics=[here, left, hidden])
    Affiliation.objects.filter(clinic=left).update(until=2020)

    assert "Works at Here Place Bonn Specialty" in card_of(client, "Apfelbach")
    hidden.status = "published"
    hidden.save()
    assert "Works at Here, Gone Place Bonn, Wien Specialty" in card_of(client, str(physician))


def test_card_names_a_clinic_with_two_posts_once(client):
    clinic = factories.make_clinic("Sternhaus", city="Bonn")
    physician = factories.make_physician("Apfelbach", clinics=[clinic])
    Affiliation.objects.create(physician=physician, clinic=clinic, role="Head of surgery")

    assert "Works at Sternhaus Place Bonn Specialty" in card_of(client, "Apfelbach")


def test_card_of_a_clinic_names_its_cities_once(client):
    clinic = factories.make_clinic("Sternhaus", city="Bonn")
    for city in ("Köln", "Bonn"):
        Location.objects.create(clinic=clinic, city=city, country="DE")

    assert "Place Bonn, Köln Specialty" in card_of(client, "Sternhaus")


def test_card_names_treatments_that_matter_first(client):
    names = ("Ablation", "Biopsy", "Catheter", "Drug")
    treatments = {name: factories.make_treatment(name) for name in names}
    factories.make_condition("Cyst").treatments.add(treatments["Drug"])
    clinic = factories.make_clinic("Sternhaus", conditions=Condition.objects.all())
    for name, treatment in treatments.items():
        factories.make_offer(clinic, treatment, annual_cases=5 if name == "Catheter" else None, year=2025)

    def offers(query: str) -> str:
        [card] = cards(client.get(f"{LIST}{query}"))
        return card.partition("Not stated ")[2].partition(" Ask about")[0]

    assert offers("") == "Ablation Biopsy Catheter 5 cases in 2025 and 1 more"
    assert offers("?condition=cyst") == "Drug Ablation Biopsy and 1 more"
    assert offers("?treatment=biopsy&treatment=catheter") == "Catheter 5 cases in 2025 Biopsy Ablation and 1 more"
    assert offers("?condition=cyst&treatment=biopsy") == "Biopsy Ablation Catheter 5 cases in 2025 and 1 more"


# Cost


def fill(profiles: int) -> None:
    """So many clinics and as many physicians who work at all of them, with everything a card shows."""
    linked: dict[str, Any] = {
        "conditions": [factories.make_condition()],
        "treatments": [factories.make_treatment("TACE"), factories.make_treatment("SIRT")],
        "specialties": [factories.make_specialty("Surgery"), factories.make_specialty("Oncology")],
    }
    clinics = [factories.make_clinic(f"Stern {number:02}", **linked) for number in range(profiles)]
    Location.objects.update(latitude=50.11, longitude=8.68)
    for number in range(profiles):
        factories.make_physician(f"Stern {number:02}", clinics=clinics, **linked)


@pytest.mark.parametrize("profiles", [1, 3, 12])
@pytest.mark.parametrize(
    ("query", "queries"),
    [("", 12), ("?country=DE&q=stern&sort=verified", 14), ("?near=50.11,8.68&condition=liver-metastases", 14)],
)
def test_list_query_count_is_constant_without_the_index(client, django_assert_num_queries, profiles, query, queries):
    """Within a transaction that changes the content PostgreSQL answers, and nothing is kept from before."""
    fill(profiles)

    with django_assert_num_queries(queries):
        response = client.get(f"{LIST}{query}")

    assert len(cards(response)) == min(20, 2 * profiles)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("profiles", [1, 12, 30])
def test_list_query_count_is_constant_with_the_index(client, django_assert_num_queries, profiles):
    """What a visitor's request costs: the version, and the cards' rows."""
    fill(profiles)
    client.get(LIST)

    for query, queries in (("?kind=physician", 6), ("?country=DE&q=stern&sort=verified", 7), ("?near=50.11,8.68", 7)):
        with django_assert_num_queries(queries):
            response = client.get(f"{LIST}{query}")
        assert len(cards(response)) == min(20, profiles if query == "?kind=physician" else 2 * profiles)


@pytest.mark.parametrize("ticks", [1, 3])
def test_empty_list_query_count_is_constant(client, django_assert_num_queries, ticks):
    factories.make_condition()
    values = ["kind=clinic", "country=DE", "accepting=yes"][:ticks]

    with django_assert_num_queries(8):
        response = client.get(f"{LIST}?{'&'.join(values)}")

    assert "0 specialists found" in read(response).text
