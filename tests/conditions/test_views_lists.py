"""Lists of the vocabulary: search, order, what belongs to what, and a number of queries that does not grow."""

import pytest

from conditions import workflow
from conditions.models import Picture, Section, Source
from tests.conditions.texts import publish_draft
from tests.factories import (
    make_clinic,
    make_condition,
    make_draft,
    make_physician,
    make_specialty,
    make_treatment,
)
from tests.pages import read

pytestmark = pytest.mark.django_db


# Conditions from A to Z


def test_condition_index_lists_public_conditions_by_letter(client):
    for name in ("Gout", "Ärger", "asthma", "1p36 deletion"):
        make_condition(name, summary=f"About {name}.")
    make_condition("Hidden", is_published=False)

    response = client.get("/en/conditions/")

    page = read(response)
    assert response.context["total"] == 4
    assert (
        "# 1p36 deletion About 1p36 deletion. A Ärger About Ärger. asthma About asthma. G Gout About Gout." in page.text
    )
    assert "Hidden" not in page.text
    assert [attributes["href"] for attributes in page.with_class("letters__link")] == [
        "#letter-other",
        "#letter-a",
        "#letter-g",
    ]
    assert {"letter-other", "letter-a", "letter-g"} <= {attributes.get("id") for attributes in page.all("h2")}


def test_condition_index_without_conditions(client):
    response = client.get("/en/conditions/")

    assert (response.context["total"], response.context["groups"]) == (0, [])


@pytest.mark.parametrize("query", ["mueller", "Müller", "MULLER", "  müller  weiss ", "riss"])
def test_condition_search_finds_every_spelling(client, query):
    make_condition("Müller-Weiss syndrome", synonyms=["Riß der Speiseröhre"])
    make_condition("Gout")

    page = read(client.get("/en/conditions/", {"q": query}))

    assert f"1 condition found for “{' '.join(query.split())}”" in page.text
    assert "Müller-Weiss syndrome" in page.text
    assert "Gout" not in page.text


def test_condition_search_without_result_helps(client):
    make_condition("Gout")

    page = read(client.get("/en/conditions/?q=gicht"))

    assert "0 conditions found for “gicht” · Show all conditions Try one word only" in page.text
    assert "Gout" not in page.text


def test_condition_search_is_not_for_search_engines(client):
    robots = [
        [
            attributes["content"]
            for attributes in read(client.get(path)).all("meta")
            if attributes.get("name") == "robots"
        ]
        for path in ("/en/conditions/", "/en/conditions/?q=gout")
    ]

    assert robots == [[], ["noindex"]]


@pytest.mark.parametrize(
    ("address", "query", "total"),
    [
        ("?q=", "", 1),
        ("?q=%20%09%20", "", 1),
        ("?q=%00", "", 1),
        ("?q=go%00ut", "gout", 1),
        ("?q=" + "%00" * 5_000 + "gout", "gout", 1),
        ("?q=" + "g" * 10_000, "g" * 100, 0),
        ("?q=" + "g+" * 5_000, ("g " * 50).strip(), 1),
        ("?q=" + "%C3%BC" * 1_600, "ü" * 100, 0),
        ("?q=%FF%FE", "\ufffd\ufffd", 1),
        ("?q=%ED%A0%80", "\ufffd" * 3, 1),
        ("?q=%25", "%", 1),
        ("?q='%20OR%201=1;--", "' OR 1=1;--", 0),
        ("?q=a&q=gout", "gout", 1),
        ("?q=%3Cscript%3Ealert(1)%3C/script%3E", "<script>alert(1)</script>", 0),
        ("?other=x", "", 1),
    ],
    ids=lambda value: str(value)[:20],
)
def test_condition_search_takes_anything(client, address, query, total):
    make_condition("Gout")

    response = client.get(f"/en/conditions/{address}")

    assert (response.status_code, response.context["query"], response.context["total"]) == (200, query, total)
    [field] = [field for field in read(response).all("input") if field.get("id") == "condition-search"]
    assert field["value"] == query
    assert read(response).foreign_scripts() == []


# Treatments


def test_treatment_index_groups_by_kind(client):
    make_treatment("Rest", kind="supportive", summary="Lying down.")
    make_treatment("Resection", kind="surgery")

    page = read(client.get("/en/treatments/"))

    assert "Surgery Resection Supportive care Rest Lying down." in page.text


def test_treatment_shows_what_belongs_to_it(client):
    specialty = make_specialty("Surgery")
    treatment = make_treatment("Resection", description="First.\n\nSecond.", synonyms=["Cutting"])
    treatment.specialties.add(specialty)
    make_condition("Gout").treatments.add(treatment)
    make_condition("Hidden", is_published=False).treatments.add(treatment)
    make_condition("Asthma")
    make_clinic("Clinic Am Park", treatments=[treatment])
    make_clinic("Elsewhere")

    page = read(client.get("/en/treatments/resection/"))

    assert "Surgery Resection First. Second. Also called: Cutting Who offers it 1 specialist found" in page.text
    assert "Clinic Am Park" in page.text
    assert "Used for Gout Done by Surgery" in page.text
    assert [name for name in ("Hidden", "Asthma", "Elsewhere") if name in page.text] == []


# Specialties


def test_specialty_index_is_sorted(client):
    make_specialty("Urology", description="Water.")
    make_specialty("Ästhetik", description="Beauty.")

    assert "Ästhetik Beauty. Urology Water." in read(client.get("/en/specialties/")).text


def test_specialty_shows_what_belongs_to_it(client):
    specialty = make_specialty("Surgery", description="They operate.")
    make_treatment("Resection").specialties.add(specialty)
    make_treatment("Rest")
    for condition in (make_condition("Gout"), make_condition("Hidden", is_published=False)):
        condition.specialties.add(specialty)
    make_physician("Sternwald", specialties=[specialty])

    page = read(client.get("/en/specialties/surgery/"))

    assert "Surgery They operate. Specialists 1 specialist found" in page.text
    assert "Aurelia Sternwald" in page.text
    assert "Conditions treated Gout Treatments Resection" in page.text
    assert [name for name in ("Hidden", "Rest ") if name in page.text] == []


@pytest.mark.parametrize(
    ("path", "words"),
    [("treatments", "No treatment is listed yet."), ("specialties", "No specialty is listed yet.")],
)
def test_empty_lists_say_so(client, path, words):
    assert words in read(client.get(f"/en/{path}/")).text


# The number of queries


# Within a transaction that changes the content nothing may come from a cache or an index: path → queries.
QUERIES = {
    "conditions/": 2,
    "conditions/?q=gout": 2,
    "conditions/gout-0/": 23,
    "treatments/": 2,
    "treatments/rest-0/": 15,
    "specialties/": 2,
    "specialties/surgery-0/": 15,
}
# What the first visitor after a change costs: path → queries.
COMMITTED = {"conditions/gout-0/": 16, "treatments/rest-0/": 9, "specialties/surgery-0/": 9}


@pytest.fixture
def site_of(db):
    """A site on which every list has this many items."""

    def make(count: int) -> None:
        specialties = [make_specialty(f"Surgery {number}") for number in range(count)]
        treatments = [make_treatment(f"Rest {number}") for number in range(count)]
        conditions = [make_condition(f"Gout {number}") for number in range(count)]
        for treatment in treatments:
            treatment.specialties.set(specialties)
        for condition in conditions:
            condition.specialties.set(specialties)
            condition.treatments.set(treatments)
            condition.related.set(conditions)
        links = {"specialties": specialties, "conditions": conditions, "treatments": treatments}
        photo = Picture.objects.create(alt="A face", width=640, height=480, widths=[640])
        clinics = [make_clinic(f"Clinic {number}", photo=photo, **links) for number in range(count)]
        for number in range(count):
            make_physician(f"Sternwald {number}", clinics=clinics, photo=photo, **links)
        publish_article(conditions[0], photo, count)

    return make


def publish_article(condition, picture, count: int) -> None:
    draft = make_draft(condition)
    sections = [Section(heading=f"Why {number}?", body="<p>So.</p>", picture=picture) for number in range(count)]
    sources = [(Source(citation=f"Book {number}"), number) for number in range(count)]
    workflow.write_draft(draft, {"key_points": ["Point."] * count}, sections, sources)
    publish_draft(draft)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", QUERIES)
def test_number_of_queries_does_not_grow(client, django_assert_num_queries, site_of, path, count):
    site_of(count)

    with django_assert_num_queries(QUERIES[path]):
        response = client.get(f"/en/{path}")

    assert response.status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [1, 3, 12])
def test_number_of_queries_of_committed_content_does_not_grow(client, django_assert_num_queries, site_of, count):
    site_of(count)
    client.get("/en/specialists/")

    for path, queries in COMMITTED.items():
        with django_assert_num_queries(queries):
            response = client.get(f"/en/{path}")
        assert response.status_code == 200
