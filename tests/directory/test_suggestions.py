"""What a field suggests while somebody types: kinds, order, marks, and never what is not public."""

import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from directory import suggestions
from directory.suggestions import MOST, PEOPLE, PLACES, ROWS, TERMS, Suggestion
from tests import factories
from tests.pages import read
from tests.specialists.gazetteer import make_city, store

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert('liver')</script>"


@pytest.fixture
def site(db) -> None:
    factories.make_specialty("Liver surgery", practitioner="liver surgeon")
    factories.make_treatment("Liver resection", synonyms=["removal of part of the liver"])
    factories.make_treatment("Chemotherapy", synonyms=["chemo"])
    condition = factories.make_condition("Liver metastases", synonyms=["liver mets", "secondary liver cancer"])
    factories.make_condition("Oesophageal cancer", synonyms=["Speiseröhrenkrebs", "gullet cancer"])
    clinic = factories.make_clinic("Liverpool Clinic", focus="Livers", conditions=[condition])
    factories.make_physician("Müller", given_name="Jörg", clinics=[clinic])
    store(
        make_city("Mülheim", 170_000, latitude=51.43, longitude=6.88),
        make_city("Livingen", 20_000),
        make_city("Gulleby", 20_000),
    )


def found(text: str) -> list[tuple[str, str]]:
    """(Kind, what choosing it fills the field with) of each suggestion."""
    return [(suggestion.kind, suggestion.value) for suggestion in suggestions.for_search(text)]


def asked(text: str, purpose: str = "search") -> Any:
    return Client().get("/en/suggest/", {"q": text, "for": purpose})


# For the search


def test_kinds_come_in_their_order_terms_first_and_each_is_named(site):
    assert found("liv") == [
        ("Specialty", "Liver surgery"),
        ("Treatment", "Liver resection"),
        ("Condition", "Liver metastases"),
        ("Clinic", "Liverpool Clinic"),
        ("Place", "Livingen"),
    ]


def test_each_leads_to_its_page(site):
    urls = {suggestion.value: suggestion.url for suggestion in suggestions.for_search("liv")}

    assert urls.pop("Livingen").startswith("/en/specialists/?near=")
    assert urls == {
        "Liver surgery": "/en/specialties/liver-surgery/",
        "Liver resection": "/en/treatments/liver-resection/",
        "Liver metastases": "/en/conditions/liver-metastases/",
        "Liverpool Clinic": "/en/specialists/liverpool-clinic/",
    }
    for url in urls.values():
        assert Client().get(url).status_code == 200


@pytest.mark.parametrize(
    ("text", "note"),
    [("liver metastases", ""), ("liver mets", "also called “liver mets”"), ("gullet", "also called “gullet cancer”")],
)
def test_synonym_is_named_where_the_name_does_not_say_it(site, text, note):
    assert suggestions.for_search(text)[0].note == note


@pytest.mark.parametrize("text", ["chemo", "CHEMO", "chemoth", "chemo therapy", "chemo th"])
def test_term_is_found_by_its_beginning_with_and_without_blanks(site, text):
    assert found(text)[0] == ("Treatment", "Chemotherapy")


@pytest.mark.parametrize("text", ["speiser", "Speiserö", "speiseroe", "gull", "cancer gullet", "can gul"])
def test_term_is_found_by_beginnings_of_its_words_in_any_order(site, text):
    assert ("Condition", "Oesophageal cancer") in found(text)


def test_each_term_is_suggested_once(site):
    assert [value for kind, value in found("liver") if kind == "Condition"] == ["Liver metastases"]


@pytest.mark.parametrize("text", ["müll", "mull", "muell", "jorg mul"])
def test_person_is_found_with_and_without_umlauts(site, text):
    assert ("Physician", "Jörg Müller") in found(text)


def test_what_begins_so_comes_before_what_has_it_within_and_names_before_synonyms(site):
    factories.make_condition("Cirrhosis", synonyms=["livid"])
    factories.make_condition("Scarred liver")
    factories.make_condition("Liv")

    assert [value for _kind, value in found("liv")[:TERMS]] == [
        "Liv",
        "Liver surgery",
        "Liver resection",
        "Liver metastases",
    ]
    assert ("Condition", "Scarred liver") not in found("liv")


def test_best_names_are_found_among_very_many(site):
    factories.make_condition("Long", synonyms=[f"zebra number {number}" for number in range(ROWS + 20)])
    factories.make_condition("Zebra")

    assert found("zebra")[:2] == [("Condition", "Zebra"), ("Condition", "Long")]


def test_there_are_never_too_many(site):
    for number in range(MOST):
        factories.make_condition(f"Livid {number}")
        factories.make_clinic(f"Livid clinic {number}")
        store(make_city(f"Livid {number}", 10_000))

    kinds = [kind for kind, _value in found("livi")]

    assert kinds == ["Condition"] * TERMS + ["Clinic"] * PEOPLE + ["Place"] * (MOST - TERMS - PEOPLE)
    assert len(kinds) == MOST == 8
    assert MOST - TERMS - PEOPLE <= PLACES


@pytest.mark.parametrize("text", ["", " ", "l", "ü", "…", "!!", "\x00", "l\x00", "."])
def test_fewer_than_two_letters_suggest_nothing(site, text):
    assert found(text) == []
    assert read(asked(text)).with_class("suggestions__option") == []


@pytest.mark.parametrize("text", ["chemotherapie", "kemotherapy", "chemotheripy", "chemoterapy"])
def test_slip_of_the_pen_suggests_what_is_written_nearly_so(site, text):
    assert found(text)[0] == ("Treatment", "Chemotherapy")


def test_nearest_comes_first_after_a_slip_of_the_pen(site):
    factories.make_treatment("Chemoembolisation")
    factories.make_treatment("Chemotherapy pump")

    assert [value for _kind, value in found("chemoterapy")][:2] == ["Chemotherapy", "Chemotherapy pump"]


def test_nothing_near_suggests_nothing(site):
    assert found("zzzzqq") == []


def test_nothing_that_is_not_public_is_ever_suggested(site):
    factories.make_condition("Whispered disease", synonyms=["whispers"], is_published=False)
    factories.make_physician("Whisperer", status="draft")
    factories.make_clinic("Whisper Clinic", status="hidden")
    shown = factories.make_condition("Whisky nose")

    for text in ("whisp", "whispered", "whispers", "whisperd disease", "Whisper Clinic", "disease"):
        assert "Whisper" not in "".join(value for _kind, value in found(text)), text
        assert "hisper" not in asked(text).content.decode()
    assert found("whis") == [("Condition", shown.name)]


# Marks


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("liver m", "<mark>Liver</mark> <mark>metastases</mark>"),
        ("LIVER-MET", "<mark>Liver</mark> <mark>metastases</mark>"),
        ("metas", "Liver <mark>metastases</mark>"),
    ],
)
def test_what_was_typed_is_marked(site, text, marked):
    assert str(suggestions.for_search(text)[0].name_html) == marked


def test_names_and_notes_stay_text(site):
    factories.make_condition(f"Zebra {HOSTILE}", synonyms=[f"zebroid {HOSTILE}"])
    factories.make_clinic(f"Zebra {HOSTILE}", focus=HOSTILE)
    store(make_city(f'Zebraville "{HOSTILE}', 10_000))

    for text in ("zebr", "zebroid", "script", "alert"):
        response = asked(text)

        assert "<script" not in response.content.decode()
        assert read(response).inline_code() == []
        assert read(response).with_class("suggestions__option") != []


# For a place


def test_places_fill_the_field_and_lead_nowhere(site):
    (suggestion,) = suggestions.for_place("mul")

    assert (suggestion.kind, suggestion.value, suggestion.url) == ("Place", "Mülheim", "")
    assert str(suggestion.name_html) == "<mark>Mülheim</mark>"


def test_places_only_are_suggested_for_a_place(site):
    kinds = read(asked("liv", "place")).text

    assert "Livingen" in kinds
    assert "Liverpool" not in kinds
    assert "Condition" not in kinds


def test_place_of_the_search_leads_to_specialists_near_there(site):
    (suggestion,) = (one for one in suggestions.for_search("mülh") if one.kind == "Place")

    assert suggestion.note == "specialists near there"
    page = read(Client().get(suggestion.url))
    assert "Remove filter Near: Mülheim, 25 km" in page.text


# The answer


def test_options_have_what_the_script_needs(site):
    page = read(asked("liv"))

    (box,) = page.with_class("suggestions")
    options = page.with_class("suggestions__option")
    assert (box["role"], box["aria-label"], box["data-status"]) == ("listbox", "Suggestions", "5 suggestions")
    assert {option["role"] for option in options} == {"option"}
    assert {option["aria-selected"] for option in options} == {"false"}
    assert len({option["id"] for option in options}) == len(options) == 5
    assert [option["data-value"] for option in options] == [value for _kind, value in found("liv")]
    assert all(option["data-href"].startswith("/en/") for option in options)
    assert not any("data-href" in option for option in read(asked("liv", "place")).with_class("suggestions__option"))


@pytest.mark.parametrize(
    ("count", "said"), [(0, "No suggestions"), (1, "1 suggestion"), (2, "2 suggestions"), (8, "8 suggestions")]
)
def test_status_says_how_many_there_are(count, said):
    assert suggestions.status([Suggestion("x", "Place", "x")] * count) == said


def test_answer_is_kept_and_written_nowhere(site, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        response = asked("chemotheripy")

    assert response["Cache-Control"] == "private, no-store"
    assert response.cookies == {}
    ours = [record for record in caplog.records if record.name != "django.db.backends"]
    assert not any("theripy" in record.getMessage() for record in ours)
    assert "theripy" not in "".join(capfd.readouterr())


def test_wrong_method_is_refused(client):
    assert client.post("/en/suggest/", {"q": "liver"}).status_code == 405


@pytest.mark.parametrize("purpose", ["", "place", "search", "nonsense", "\x00"])
def test_any_purpose_is_answered(site, purpose):
    assert asked("liv", purpose).status_code == 200


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=120), st.sampled_from(["place", "search"]))
def test_anything_typed_is_answered(django_db_setup, django_db_blocker, text, purpose):
    with django_db_blocker.unblock():
        assert asked(text, purpose).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_cost_does_not_grow_with_what_is_suggested(site, client):
    before = {text: cost(client, text) for text in COSTS}
    for number in range(12):
        factories.make_condition(f"Liver disease {number}", synonyms=[f"liver trouble {number}"])
        factories.make_clinic(f"Liver clinic {number}")
        factories.make_physician(f"Müller{number}")
        store(make_city(f"Livid {number}", 10_000))

    after = {text: cost(client, text) for text in COSTS}

    assert before == after == COSTS


def cost(client: Client, text: str) -> int:
    """Queries of an answer, once the vocabulary of this version has been read."""
    client.get("/en/suggest/", {"q": "anything"})
    with CaptureQueriesContext(connection) as captured:
        client.get("/en/suggest/", {"q": text})
    return len(captured)


# Typed → queries of the answer.
COSTS = {"l": 1, "liver": 6, "müller": 7, "chemotheripy": 6}
