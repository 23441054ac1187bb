"""Admin of the vocabulary and its people: every page opens and saves, finds and refuses as it should."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.utils.html import escape

from conditions import workflow
from conditions.models import (
    Article,
    Condition,
    ContentChange,
    ContentVersion,
    Contributor,
    GlossaryTerm,
    HelpfulVote,
    KeptText,
    LinkCheck,
    Picture,
    Revision,
    Section,
    Source,
    Specialty,
    TermName,
    Transition,
    Translation,
    Treatment,
    UrgentSigns,
)
from tests.conditions.admin_forms import change_url, errors, filled, page_url, signed_in, submit
from tests.factories import (
    make_condition,
    make_contributor,
    make_draft,
    make_published,
    make_specialty,
    make_treatment,
)
from tests.pages import read

pytestmark = pytest.mark.django_db

WRITTEN = [Specialty, Treatment, Condition, Contributor, Article, Revision, Picture, GlossaryTerm]
WITH_PAGES = [*WRITTEN, LinkCheck]
INLINE = [Section, Source, UrgentSigns, Translation]
# Shown on the page of their article.
OF_AN_ARTICLE = [Transition, KeptText, HelpfulVote]
# Written by the database itself, or along with a term: nothing that anybody edits.
DERIVED = [ContentVersion, ContentChange, TermName]


def make_picture() -> Picture:
    return Picture.objects.create(alt="A liver", width=640, height=480, widths=[320, 640])


MAKERS: dict[type[Model], Any] = {
    Specialty: lambda: make_specialty("Urology", synonyms=["Water", "Kidneys"], description="They help."),
    Treatment: lambda: make_treatment("Rest", synonyms=["Sleep"], summary="Lying down."),
    Condition: lambda: make_condition("Gout", synonyms=["Podagra"], icd10=["M10", "M10.9"], mesh="D006073"),
    Contributor: lambda: make_contributor("Dr. Ada Writer", qualification="Surgeon"),
    Article: lambda: make_published(make_condition("Gout")).article,
    Revision: lambda: make_draft(make_condition("Gout"), key_points=["One.", "Two."], change_note="First version"),
    Picture: make_picture,
    GlossaryTerm: lambda: GlossaryTerm.objects.create(
        slug="biopsy", term="biopsy", also=["biopsies", "tissue sample"], explanation="A sample."
    ),
    LinkCheck: lambda: LinkCheck.objects.create(url="https://example.org/gone", status_code=404, fault="answers 404"),
}


CHANGED_BY_EVERY_SAVE = ("edited_at", "version")


def stored(model: type[Model]) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in row.items() if name not in CHANGED_BY_EVERY_SAVE}
        for row in model._default_manager.order_by("pk").values()
    ]


# Every page


def test_every_model_is_looked_after():
    models = set(apps.get_app_config("conditions").get_models())

    assert models == {*WITH_PAGES, *INLINE, *OF_AN_ARTICLE, *DERIVED}
    assert {model for model in models if admin.site.is_registered(model)} == set(WITH_PAGES)


@pytest.mark.parametrize("model", WITH_PAGES)
def test_changelist_shows_the_rows(admin_client, model):
    row = MAKERS[model]()

    response = admin_client.get(page_url(model, "changelist"))

    assert list(response.context["cl"].result_list) == [row]
    assert change_url(row) in {attributes["href"] for attributes in read(response).all("a")}


@pytest.mark.parametrize("model", WITH_PAGES)
def test_changelist_search_takes_anything(admin_client, model):
    MAKERS[model]()

    for query in ("o", "Ö%'\"", "x" * 5_000, "zzz", "a b c"):
        response = admin_client.get(page_url(model, "changelist"), {"q": query})
        assert (response.status_code, response.context["cl"].query) == (200, query)


@pytest.mark.parametrize("model", WITH_PAGES)
def test_changelist_filters_work(admin_client, model):
    MAKERS[model]()

    response = admin_client.get(page_url(model, "changelist"))
    queries = [
        choice["query_string"]
        for filter_spec in response.context["cl"].filter_specs
        for choice in filter_spec.choices(response.context["cl"])
    ]

    assert len(queries) >= len(admin.site.get_model_admin(model).list_filter)
    for query in queries:
        assert admin_client.get(page_url(model, "changelist") + query).status_code == 200


@pytest.mark.parametrize("model", WRITTEN)
def test_change_page_saves_what_it_shows(admin_client, model):
    row = MAKERS[model]()
    before = stored(model)

    response = submit(admin_client, change_url(row))

    assert (response.status_code, response["Location"]) == (302, page_url(model, "changelist"))
    assert stored(model) == before


@pytest.mark.parametrize("model", WRITTEN)
def test_history_page_opens(admin_client, model):
    row = MAKERS[model]()
    submit(admin_client, change_url(row))

    response = admin_client.get(page_url(model, "history", row.pk))

    assert response.context["object"] == row
    assert len(response.context["action_list"]) == 1


@pytest.mark.parametrize("model", [Specialty, Treatment, Condition, Contributor])
def test_delete_page_deletes(admin_client, model):
    row = MAKERS[model]()
    url = page_url(model, "delete", row.pk)
    assert admin_client.get(url).context["object"] == row
    assert model.objects.count() == 1

    admin_client.post(url, {"post": "yes"})

    assert model.objects.count() == 0


@pytest.mark.parametrize("model", [Condition, Contributor])
def test_delete_page_protects_what_is_in_use(admin_client, model):
    make_published()
    row = model.objects.first()

    response = admin_client.post(page_url(model, "delete", row.pk), {"post": "yes"})

    assert "your account doesn't have permission to delete the following types of objects" in read(response).text
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    ("model", "values", "text"),
    [
        (Specialty, {"name": "Urology", "practitioner": "urologist"}, "Urology"),
        (Treatment, {"name": "Rest", "kind": "supportive"}, "Rest"),
        (Condition, {"name": "Gout", "body_area": "bone"}, "Gout"),
        (Contributor, {"name": "Dr. Ada Writer", "qualification": "Surgeon"}, "Dr. Ada Writer, Surgeon"),
    ],
)
def test_add_page_adds(admin_client, model, values, text):
    response = submit(admin_client, page_url(model, "add"), **values)

    assert (response.status_code, response["Location"]) == (302, page_url(model, "changelist"))
    assert str(model.objects.get()) == text


@pytest.mark.parametrize("model", WITH_PAGES)
def test_unknown_row_leads_back_with_a_word(admin_client, model):
    response = admin_client.get(page_url(model, "change", 999), follow=True)

    assert response.redirect_chain == [("/admin/", 302)]
    assert "doesn’t exist. Perhaps it was deleted?" in read(response).text


# Who may


@pytest.mark.parametrize("model", WITH_PAGES)
def test_pages_are_for_those_with_the_permission(client, model):
    row = MAKERS[model]()
    urls = [page_url(model, "changelist"), page_url(model, "add"), change_url(row), page_url(model, "delete", row.pk)]
    before = stored(model)
    staff = signed_in("view_logentry")

    for url in urls:
        assert client.get(url)["Location"].startswith("/admin/login/")
        assert (url, staff.get(url).status_code, staff.post(url, {"post": "yes"}).status_code) == (url, 403, 403)

    assert stored(model) == before


@pytest.mark.parametrize("model", [Specialty, Treatment, Condition, Contributor, Picture, LinkCheck])
def test_pages_for_readers_save_nothing(model):
    row = MAKERS[model]()
    before = stored(model)
    reader = signed_in(f"view_{model._meta.model_name}")

    page = read(reader.get(change_url(row)))
    response = reader.post(change_url(row), {"name": "Changed", "alt": "Changed"})

    assert {attributes.get("name") for attributes in page.all("input")} & {"name", "alt", "_save"} == set()
    assert response.status_code == 403
    assert stored(model) == before


def test_forms_need_their_token():
    condition = make_condition("Gout")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.create_superuser("admin"))

    response = submit(browser, change_url(condition), name="Changed")

    assert response.status_code == 403
    assert Condition.objects.get().name == "Gout"


# Names and lists


@pytest.mark.parametrize("query", ["Müller", "mueller", "MULLER", "riss speise"])
def test_search_and_autocomplete_find_every_spelling(admin_client, query):
    condition = make_condition("Müller-Weiss syndrome", synonyms=["Riß der Speiseröhre"])
    make_condition("Gout")
    field = {"app_label": "conditions", "model_name": "article", "field_name": "condition"}

    found = admin_client.get(page_url(Condition, "changelist"), {"q": query}).context["cl"].result_list
    offered = json.loads(admin_client.get("/admin/autocomplete/", {**field, "term": query}).content)["results"]

    assert list(found) == [condition]
    assert offered == [{"id": str(condition.pk), "text": "Müller-Weiss syndrome"}]


def test_other_names_are_one_in_each_line(admin_client):
    condition = make_condition("Gout", synonyms=["Podagra", "Gicht, akut"])
    assert filled(admin_client.get(change_url(condition)))["synonyms"] == "Podagra\nGicht, akut"

    submit(admin_client, change_url(condition), synonyms=" B, with comma \r\n\r\n\tA\n", icd10="M10\nM10.9")

    condition.refresh_from_db()
    assert (condition.synonyms, condition.icd10) == (["B, with comma", "A"], ["M10", "M10.9"])
    assert list(Condition.objects.named_like("comma")) == [condition]


def test_other_names_can_be_emptied(admin_client):
    condition = make_condition("Gout", synonyms=["Podagra"], icd10=["M10"])

    submit(admin_client, change_url(condition), synonyms=" \n", icd10="")

    condition.refresh_from_db()
    assert (condition.synonyms, condition.icd10) == ([], [])


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "This field is required."),
        ("name", "x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
        ("name", "a\x00b", "Null characters are not allowed."),
        ("name", "Asthma", "Condition with this Name already exists."),
        ("slug", "asthma", "Condition with this Slug already exists."),
        (
            "slug",
            "a/b",
            "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
        ),
        ("body_area", "soul", "Select a valid choice. soul is not one of the available choices."),
        (
            "icd10",
            "M10\nM10.9999999",
            "Item 2 in the array did not validate: Ensure this value has at most 10 characters (it has 11).",
        ),
        (
            "synonyms",
            "x" * 201,
            "Item 1 in the array did not validate: Ensure this value has at most 200 characters (it has 201).",
        ),
        ("synonyms", "a\x00b", "Item 1 in the array did not validate: Null characters are not allowed."),
    ],
)
def test_condition_form_refuses_with_a_message(admin_client, field, value, message):
    make_condition("Asthma")
    condition = make_condition("Gout")
    before = stored(Condition)

    response = submit(admin_client, change_url(condition), **{field: value})

    assert errors(response) == {field: [message]}
    assert escape(message) in response.content.decode()
    assert stored(Condition) == before


def test_changed_slug_keeps_the_old_address(admin_client, client):
    make_published(make_condition("Gout", slug="gicht"))

    submit(admin_client, change_url(Condition.objects.get()), slug="gout")

    assert client.get("/en/conditions/gicht/")["Location"] == "/en/conditions/gout/"


def test_emptied_slug_is_made_from_the_name(admin_client):
    condition = make_condition("Größenwahn", slug="x")

    submit(admin_client, change_url(condition), slug="")

    assert Condition.objects.get().slug == "groessenwahn"


def test_condition_page_leads_to_its_articles(admin_client):
    condition = make_condition("Gout")
    add = f"{page_url(Article, 'add')}?condition={condition.pk}"
    page = read(admin_client.get(change_url(condition)))
    assert add in {attributes["href"] for attributes in page.all("a")}
    assert filled(admin_client.get(add))["condition"] == str(condition.pk)

    article = make_draft(condition).article

    page = read(admin_client.get(change_url(condition)))
    assert change_url(article) in {attributes["href"] for attributes in page.all("a")}


def test_condition_list_says_how_far_the_article_is(admin_client):
    make_condition("A")
    make_draft(make_condition("B"))
    german = make_published(make_condition("C"))
    workflow.open_draft(Article.objects.create(condition=german.article.condition, language="de"))

    rows = admin_client.get(page_url(Condition, "changelist")).context["cl"].result_list

    model_admin = admin.site.get_model_admin(Condition)
    assert [model_admin.article_state(row) for row in rows] == ["–", "en: draft", "de: draft, en: published"]


@pytest.mark.parametrize("model", [Article, Revision])
@pytest.mark.parametrize("query", ["Müller", "mueller", "MULLER about", "podagra", "about it", "IT"])
def test_articles_and_texts_are_found_by_condition_and_title(admin_client, model, query):
    published = make_published(make_condition("Müller", synonyms=["Podagra"]), title="All about it")
    make_draft(published.article.condition, title="All about it, again")
    make_published(make_condition("Gout"), title="All on gout")

    found = admin_client.get(page_url(model, "changelist"), {"q": query}).context["cl"].result_list

    wanted = [published.article] if model is Article else list(published.article.revisions.all())
    assert list(found) == wanted


@pytest.mark.parametrize("model", [Specialty, Treatment, Condition, Article])
def test_view_on_site_leads_to_the_public_page_of_this_site(admin_client, model):
    row = MAKERS[model]()
    page = read(admin_client.get(change_url(row)))
    [link] = [attributes["href"] for attributes in page.all("a") if attributes.get("class") == "viewsitelink"]

    address = admin_client.get(link).get("Location", link)

    assert address.removeprefix("http://testserver") == row.get_absolute_url()


def test_contributor_account_is_used_once(admin_client):
    user = User.objects.create_user("ada")
    make_contributor("Dr. Ada Writer", user=user)

    response = submit(admin_client, page_url(Contributor, "add"), name="Dr. Bo", user=user.pk)

    assert errors(response) == {"user": ["Contributor with this Account already exists."]}
