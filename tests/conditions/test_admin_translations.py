"""Admin of the vocabulary's translations, beside the term: publishers keep them, others may look."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from conditions import search
from conditions.models import Condition, Specialty, Translation, Treatment
from tests.conditions.admin_forms import change_url, filled, page_url, submit
from tests.factories import make_condition, make_specialty, make_treatment, make_user
from tests.pages import read

pytestmark = pytest.mark.django_db

MAKERS: dict[str, Any] = {"condition": make_condition, "treatment": make_treatment, "specialty": make_specialty}
OWN_FIELDS = {
    "condition": {"summary": "Ein Satz."},
    "treatment": {"summary": "Ein Satz.", "description": "Ein Text."},
    "specialty": {"practitioner": "Fachperson", "description": "Ein Text."},
}
LANGUAGE_TAKEN = "There is a translation into this language already."


def member_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user("someone", role))
    return client


def with_words(**values: str) -> dict[str, object]:
    """The fields of a new row."""
    row = {"id": "", "language": "de", **values}
    return {"translations-TOTAL_FORMS": "1", **{f"translations-0-{name}": value for name, value in row.items()}}


def stored() -> list[dict[str, Any]]:
    return list(Translation.objects.order_by("pk").values())


def inline_errors(response: Any) -> list[dict[str, list[str]]]:
    """The messages beside each row of the translations."""
    [formset] = [
        inline.formset for inline in response.context["inline_admin_formsets"] if inline.opts.model == Translation
    ]
    return formset.errors


def found(text: str) -> set[str]:
    """The slugs of the terms that a search for ``text`` means."""
    return {slug for span in search.understand(text) for _kind, slug in span.terms}


@pytest.mark.parametrize("kind", MAKERS)
def test_translation_is_added_beside_its_term(kind):
    term = MAKERS[kind]("Gout")
    values = with_words(name="Gicht", synonyms=" Zipperlein \r\n\r\nPodagra\r\n", **OWN_FIELDS[kind])

    response = submit(member_of("Publisher"), change_url(term), **values)

    assert response.status_code == 302
    translation = term.translations.get()
    assert (translation.language, translation.name, translation.synonyms) == ("de", "Gicht", ["Zipperlein", "Podagra"])
    assert {name: getattr(translation, name) for name in OWN_FIELDS[kind]} == OWN_FIELDS[kind]
    assert found("Gicht") == found("Zipperlein") == found("Gout") == {"gout"}


def test_translation_is_added_with_a_new_term():
    client = member_of("Publisher")
    values = with_words(name="Gicht", synonyms="Zipperlein")

    submit(client, page_url(Condition, "add"), name="Gout", body_area="bone", is_published="on", **values)

    assert Condition.objects.get().translations.get().name == "Gicht"
    assert found("Zipperlein") == {"gout"}


def test_translation_is_changed():
    term = make_treatment("Rest")
    Translation.objects.create(treatment=term, language="de", name="Liegen", synonyms=["Schlaf"], summary="Liegen.")

    submit(
        member_of("Publisher"),
        change_url(term),
        **{"translations-0-name": "Ruhen", "translations-0-synonyms": "Schlafen", "translations-0-summary": ""},
    )

    translation = Translation.objects.get()
    assert (translation.name, translation.synonyms, translation.summary) == ("Ruhen", ["Schlafen"], "")
    assert (found("Ruhen"), found("Schlafen"), found("Liegen")) == ({"rest"}, {"rest"}, set())


def test_translation_is_deleted():
    term = make_specialty("Urology", practitioner="urologist")
    Translation.objects.create(specialty=term, language="de", name="Harnheilkunde")

    submit(member_of("Publisher"), change_url(term), **{"translations-0-DELETE": "on"})

    assert (stored(), found("Harnheilkunde"), found("urologist")) == ([], set(), {"urology"})


def test_page_saved_unchanged_changes_no_translation():
    term = make_condition("Gout", is_published=True)
    Translation.objects.create(condition=term, language="de", name="Gicht", synonyms=["Zipperlein", "Podagra"])
    before = stored()

    submit(member_of("Publisher"), change_url(term))

    assert stored() == before


def test_inline_offers_the_other_languages_and_no_more_rows_than_those(admin_client):
    term = make_condition("Gout")

    [inline] = [
        inline
        for inline in admin_client.get(change_url(term)).context["inline_admin_formsets"]
        if inline.opts.model == Translation
    ]

    assert [code for code, _name in inline.formset.empty_form.fields["language"].choices if code] == ["de"]
    assert inline.formset.max_num == 1


# Refused, and nothing lost


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "x" * 201}, {"name": ["Ensure this value has at most 200 characters (it has 201)."]}),
        ({"name": ""}, {"name": ["This field is required."]}),
        (
            {"name": "Gicht", "synonyms": f"fine\r\n{'y' * 201}"},
            {
                "synonyms": [
                    "Item 2 in the array did not validate: Ensure this value has at most 200 characters (it has 201)."
                ]
            },
        ),
        (
            {"name": "Gicht", "summary": "z" * 301},
            {"summary": ["Ensure this value has at most 300 characters (it has 301)."]},
        ),
        (
            {"name": "Gicht", "language": "en"},
            {"language": ["Select a valid choice. en is not one of the available choices."]},
        ),
    ],
)
def test_bad_words_are_refused_with_a_message_and_nothing_is_lost(values, expected):
    term = make_condition("Gout")
    sent = with_words(**{"synonyms": "Zipperlein", **values})

    response = submit(member_of("Publisher"), change_url(term), name="Gout and more", **sent)

    assert response.status_code == 200
    assert inline_errors(response) == [expected]
    assert (stored(), Condition.objects.get().name) == ([], "Gout")
    again = filled(response)
    assert again["name"] == "Gout and more"
    assert {name: again[name] for name in sent if again.get(name)} == {
        name: value for name, value in sent.items() if value
    }


@pytest.mark.parametrize("kind", MAKERS)
def test_second_translation_into_a_language_is_refused_with_a_message_and_nothing_is_lost(kind, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "français")]
    term = MAKERS[kind]("Gout")
    Translation.objects.create(**{kind: term}, language="de", name="Gicht")
    before = stored()
    row = {"id": "", "language": "de", "name": "Zipperlein", "synonyms": "Podagra"}
    added = {f"translations-1-{name}": value for name, value in row.items()}

    response = submit(member_of("Publisher"), change_url(term), **{"translations-TOTAL_FORMS": 2, **added})

    assert response.status_code == 200
    assert inline_errors(response) == [{}, {"__all__": [LANGUAGE_TAKEN]}]
    assert (stored(), found("Zipperlein")) == (before, set())
    assert filled(response)["translations-1-name"] == "Zipperlein"


def test_translation_that_somebody_else_added_meanwhile_is_refused_with_a_message():
    term = make_condition("Gout")
    client = member_of("Publisher")
    data = {**filled(client.get(change_url(term))), **with_words(name="Gicht", synonyms="Zipperlein")}
    Translation.objects.create(condition=term, language="de", name="Podagra")

    response = client.post(change_url(term), data)

    assert response.status_code == 200
    assert inline_errors(response) == [{"__all__": [LANGUAGE_TAKEN]}]
    assert [row["name"] for row in stored()] == ["Podagra"]
    assert filled(response)["translations-0-name"] == "Gicht"


# Who may


@pytest.mark.parametrize("role", ["Author", "Medical reviewer"])
@pytest.mark.parametrize("kind", MAKERS)
def test_others_see_translations_but_cannot_change_them(kind, role):
    term = MAKERS[kind]("Gout")
    translation = Translation.objects.create(**{kind: term}, language="de", name="Gicht", synonyms=["Zipperlein"])
    client = member_of(role)
    before = stored()

    page = client.get(change_url(term))
    forged = {
        "name": "Gout",
        "translations-TOTAL_FORMS": "1",
        "translations-INITIAL_FORMS": "1",
        "translations-0-id": str(translation.pk),
        "translations-0-language": "de",
        "translations-0-name": "Changed",
    }

    assert "Gicht" in read(page).text
    assert "Zipperlein" in read(page).text
    assert [field for field in read(page).all("input") if field.get("name", "").endswith("-name")] == []
    assert client.post(change_url(term), forged).status_code == 403
    assert stored() == before


@pytest.mark.parametrize("model", [Condition, Treatment, Specialty])
def test_directory_editors_see_no_translations(model: type[Model]):
    kind = model._meta.model_name or ""
    term = MAKERS[kind]("Gout")
    Translation.objects.create(**{kind: term}, language="de", name="Gicht")

    page = member_of("Directory editor").get(change_url(term))

    assert page.status_code == 200
    assert "Gicht" not in read(page).text
