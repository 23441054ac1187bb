"""The vocabulary in another language: found in both, shown in the reader's own, in English where there is none."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.translation import override

from conditions import content_version, search
from conditions.models import Condition, Specialty, TermName, Translation, Treatment
from directory import suggestions
from specialists.listing import Listing
from tests.factories import make_clinic, make_condition, make_specialty, make_treatment
from tests.pages import read

pytestmark = pytest.mark.django_db

OESOPHAGEAL_CANCER = ("condition", "oesophageal-cancer")
LANGUAGES = ("en", "de")


def in_german(term: Any, name: str, **values: Any) -> Translation:
    return Translation.objects.create(**{term._meta.model_name: term}, language="de", name=name, **values)


@pytest.fixture
def cancer() -> Condition:
    condition = make_condition("Oesophageal cancer", synonyms=["gullet cancer"], summary="A tumour of the gullet.")
    in_german(condition, "Speiseröhrenkrebs", synonyms=["Ösophaguskarzinom"], summary="Ein Tumor der Speiseröhre.")
    return condition


def meant(text: str) -> set[tuple[str, str]]:
    """The terms that a search for ``text`` means."""
    return {term for span in search.understand(text) for term in span.terms}


# Found in both languages

FINDING = ("Speiseröhrenkrebs", "speiseroehrenkrebs", "Ösophaguskarzinom", "osophaguskarzinom", "gullet cancer")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", [*FINDING, "oesophageal cancer"])
def test_search_understands_names_of_every_language(cancer, text, language):
    with override(language):
        assert meant(text) == {OESOPHAGEAL_CANCER}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", FINDING)
def test_search_page_finds_by_names_of_every_language(cancer, client, text, language):
    hits = [attributes["href"] for attributes in read(client.get(f"/{language}/search/", {"q": text})).all("a")]

    assert f"/{language}/conditions/oesophageal-cancer/" in hits


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", FINDING)
def test_index_finds_by_names_of_every_language(cancer, client, text, language):
    response = client.get(f"/{language}/conditions/", {"q": text})

    assert [condition for _initial, found in response.context["groups"] for condition in found] == [cancer]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", FINDING)
def test_list_finds_by_names_of_every_language(cancer, client, text, language):
    make_clinic("Clinic With", conditions=[cancer])
    make_clinic("Clinic Without")

    listing: Listing = client.get(f"/{language}/specialists/", {"q": text}).context["listing"]

    assert [card.name for card in listing.cards] == ["Clinic With"]


@pytest.mark.parametrize(
    ("language", "typed", "name", "note"),
    [
        ("en", "gull", "Oesophageal cancer", "also called “gullet cancer”"),
        ("en", "speis", "Oesophageal cancer", "also called “Speiseröhrenkrebs”"),
        ("de", "speis", "Speiseröhrenkrebs", ""),
        ("de", "oesophagusk", "Speiseröhrenkrebs", "auch „Ösophaguskarzinom“ genannt"),
        ("de", "gull", "Speiseröhrenkrebs", "auch „gullet cancer“ genannt"),
    ],
)
def test_suggestions_know_names_of_every_language_and_give_the_readers(cancer, language, typed, name, note):
    with override(language):
        [suggestion] = suggestions.for_search(typed)

    assert (suggestion.value, suggestion.note) == (name, note)
    assert suggestion.url == f"/{language}/conditions/oesophageal-cancer/"


def test_names_meant_are_rather_those_of_the_reader():
    in_german(make_treatment("Stent placement", synonyms=["stent therapy"]), "Stent")
    spans = search.understand("stent")

    for language, expected in (("en", "Stent placement"), ("de", "Stent")):
        with override(language):
            assert search.names_meant(spans) == {("treatment", "stent-placement"): expected}
    with override("de"):
        assert search.names_meant(search.understand("stent therapy")) == {
            ("treatment", "stent-placement"): "stent therapy"
        }


def test_practitioner_in_another_language_is_a_name_of_the_specialty():
    in_german(make_specialty("Urology", practitioner="urologist"), "Urologie", practitioner="Urologin oder Urologe")

    assert meant("Urologin") == meant("urologist") == {("specialty", "urology")}


def test_names_are_kept_with_their_language(cancer):
    rows = TermName.objects.filter(condition=cancer).values_list("language", "text", "is_name").distinct()

    assert set(rows) == {
        ("en", "Oesophageal cancer", True),
        ("en", "gullet cancer", False),
        ("de", "Speiseröhrenkrebs", True),
        ("de", "Ösophaguskarzinom", False),
    }


def test_translation_of_what_is_not_public_is_not_found(client):
    in_german(make_condition("Secret", is_published=False), "Geheimnis")

    assert meant("Geheimnis") == set()
    assert "Geheimnis" not in read(client.get("/de/conditions/")).text
    with override("de"):
        assert suggestions.for_search("geheim") == []


# When names change


@pytest.mark.parametrize("language", LANGUAGES)
def test_changed_translation_takes_the_old_names_away(cancer, client, language):
    translation = cancer.translations.get()
    translation.name, translation.synonyms = "Krebs der Speiseröhre", []

    translation.save()

    assert meant("Krebs der Speiseröhre") == {OESOPHAGEAL_CANCER}
    assert meant("Ösophaguskarzinom") == set()
    assert client.get(f"/{language}/conditions/", {"q": "Ösophaguskarzinom"}).context["total"] == 0


def test_deleted_translation_takes_its_names_away(cancer, client):
    cancer.translations.get().delete()

    assert [meant(text) for text in ("Speiseröhrenkrebs", "Ösophaguskarzinom")] == [set(), set()]
    assert meant("gullet cancer") == {OESOPHAGEAL_CANCER}
    assert client.get("/de/conditions/", {"q": "Speiseröhrenkrebs"}).context["total"] == 0
    assert read(client.get("/de/conditions/oesophageal-cancer/")).text.count("Oesophageal cancer") > 0
    with override("de"):
        assert suggestions.for_search("speis") == []


def test_saving_the_term_keeps_the_translated_names(cancer):
    cancer.synonyms = ["cancer of the gullet"]

    cancer.save()

    assert meant("Speiseröhrenkrebs") == meant("cancer of the gullet") == {OESOPHAGEAL_CANCER}
    assert "speiserohrenkrebs" in Condition.objects.get().search_key


def test_translation_goes_with_its_term(cancer):
    cancer.delete()

    assert (Translation.objects.count(), TermName.objects.count()) == (0, 0)


# Lists in the reader's order


@pytest.mark.parametrize(
    ("model", "make", "path"),
    [
        (Condition, make_condition, "conditions"),
        (Treatment, make_treatment, "treatments"),
        (Specialty, make_specialty, "specialties"),
    ],
)
def test_index_sorts_by_the_readers_names_with_umlauts_as_their_letters(model, make, path, client):
    for english, german in (("Eta", "Zyste"), ("Zeta", "Ödem"), ("Theta", "Ohr"), ("Beta", "Oberarm"), ("Alpha", "")):
        term = make(english)
        if german:
            in_german(term, german)

    def names(language: str) -> list[str]:
        links = read(client.get(f"/{language}/{path}/")).all("a")
        slugs = [link["href"].split("/")[-2] for link in links if link["href"].startswith(f"/{language}/{path}/")]
        shown = {term.slug: term for term in model.objects.all()}
        with override(language):
            return [shown[slug].local.name for slug in slugs if slug in shown]

    assert names("de") == ["Alpha", "Oberarm", "Ödem", "Ohr", "Zyste"]
    assert names("en") == ["Alpha", "Beta", "Eta", "Theta", "Zeta"]


def test_index_groups_umlauts_under_their_letters(client):
    in_german(make_condition("Swelling"), "Ödem")
    in_german(make_condition("Wound"), "Verletzung")

    def groups(language: str) -> list[str]:
        return [initial for initial, _found in client.get(f"/{language}/conditions/").context["groups"]]

    assert (groups("de"), groups("en")) == (["O", "V"], ["S", "W"])


# Facets and cards


@pytest.fixture
def listed() -> dict[str, tuple[str, str]]:
    """Facet → what its option is called in English and in German; one clinic has all of them."""
    specialty, treatment = make_specialty("Visceral surgery"), make_treatment("Liver resection")
    condition = make_condition("Liver metastases")
    for term, name in (
        (specialty, "Viszeralchirurgie"),
        (treatment, "Leberresektion"),
        (condition, "Lebermetastasen"),
    ):
        in_german(term, name)
    make_clinic(specialties=[specialty], treatments=[treatment], conditions=[condition])
    return {
        "specialty": ("Visceral surgery", "Viszeralchirurgie"),
        "treatment": ("Liver resection", "Leberresektion"),
        "condition": ("Liver metastases", "Lebermetastasen"),
    }


@pytest.mark.parametrize("place", [0, 1])
def test_options_and_cards_are_in_the_readers_language(listed, client, place):
    language = LANGUAGES[place]

    response = client.get(f"/{language}/specialists/", {"condition": "liver-metastases"})

    listing: Listing = response.context["listing"]
    for facet, names in listed.items():
        assert [option.label for option in listing.filter.form.fields[facet].options] == [names[place]]
    [card] = listing.cards
    assert (card.specialties, [name for name, _evidence in card.offers]) == (
        listed["specialty"][place],
        [listed["treatment"][place]],
    )
    text = read(response).text
    assert all((names[place] in text, names[1 - place] in text) == (True, False) for names in listed.values())


def test_options_are_in_the_order_of_the_readers_names(client):
    for english, german in (("Anaesthesia", "Narkose"), ("Birth", "Geburt"), ("Cosmetics", "Ästhetik")):
        make_clinic(f"Clinic {english}", specialties=[specialty := make_specialty(english)])
        in_german(specialty, german)

    def options(language: str) -> list[str]:
        listing: Listing = client.get(f"/{language}/specialists/").context["listing"]
        return [option.label for option in listing.filter.form.fields["specialty"].options]

    assert options("de") == ["Ästhetik", "Geburt", "Narkose"]
    assert options("en") == ["Anaesthesia", "Birth", "Cosmetics"]


# What is not translated


def test_term_without_translation_is_shown_in_english(client):
    make_condition("Gout", summary="Joints hurt.", synonyms=["podagra"])

    page = read(client.get("/de/conditions/gout/"))

    assert "Gout" in page.text
    assert "Joints hurt." in page.text
    assert "podagra" in page.text
    assert "Gout" in read(client.get("/de/conditions/")).text


def test_empty_columns_of_a_translation_fall_back_one_by_one():
    specialty = make_specialty("Urology", practitioner="urologist", description="All about water.")
    treatment = make_treatment("Rest", summary="Lying down.", description="At length.", synonyms=["sleep"])
    in_german(specialty, "Urologie", practitioner="Urologin oder Urologe")
    in_german(treatment, "Ruhe", summary="Liegen.")

    with override("de"):
        urology, rest = specialty.local, treatment.local

    assert (urology.name, urology.practitioner, urology.description) == (
        "Urologie",
        "Urologin oder Urologe",
        "All about water.",
    )
    # Other names are words of one language: English ones are none of a German name.
    assert (rest.name, rest.synonyms, rest.summary, rest.description) == ("Ruhe", [], "Liegen.", "At length.")
    assert (urology.is_translated, rest.is_translated) == (True, True)
    with override("en"):
        assert (urology.name, specialty.local.name, specialty.local.is_translated) == ("Urologie", "Urology", False)


# Promises of the database


@pytest.mark.parametrize("make", [make_condition, make_treatment, make_specialty])
def test_term_has_one_translation_a_language(make):
    term = make("Thing")
    in_german(term, "Ding")

    with pytest.raises(IntegrityError, match=f"translation_{term._meta.model_name}_once"), transaction.atomic():
        in_german(term, "Sache")


def test_translation_belongs_to_exactly_one_term():
    condition, treatment = make_condition("A"), make_treatment("B")

    for terms in ({}, {"condition": condition, "treatment": treatment}):
        with pytest.raises(IntegrityError, match="translation_of_one"), transaction.atomic():
            Translation.objects.bulk_create([Translation(language="de", name="x", **terms)])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("UPDATE conditions_translation SET name = 'Schlundkrebs'", "Schlundkrebs"),
        ("DELETE FROM conditions_translation", "Oesophageal cancer"),
        ("TRUNCATE conditions_translation", "Oesophageal cancer"),
    ],
)
def test_raw_change_raises_the_version_and_shows_on_the_next_page(cancer, statement, shown):
    client = Client()
    path = "/de/conditions/oesophageal-cancer/"
    pages = [read(client.get(path)).text for _again in range(2)]
    before = content_version.read()

    with connection.cursor() as cursor:
        cursor.execute(statement)

    after = content_version.read()
    assert before is not None
    assert after is not None
    assert after.number > before.number
    assert all("Speiseröhrenkrebs" in text and shown not in text for text in pages)
    now = read(client.get(path)).text
    assert shown in now
    assert "Speiseröhrenkrebs" not in now


@pytest.mark.django_db(transaction=True)
def test_new_translation_shows_on_the_next_page():
    condition, client = make_condition("Gout"), Client()
    assert "Gicht" not in read(client.get("/de/conditions/gout/")).text

    in_german(condition, "Gicht")

    assert "Gicht" in read(client.get("/de/conditions/gout/")).text
    assert "Gicht" not in read(client.get("/en/conditions/gout/")).text


def test_words_of_a_language_are_read_once_for_a_page(client, django_assert_max_num_queries):
    """However many terms a page names."""
    for number in range(5):
        in_german(make_condition(f"Condition {number}"), f"Krankheit {number}")

    with django_assert_max_num_queries(10) as counted:
        client.get("/de/conditions/")

    asked = [query["sql"] for query in counted.captured_queries if 'FROM "conditions_translation"' in query["sql"]]
    assert len(asked) == 1
