"""Admin of articles and their texts: from the first draft to the publication and back, and who may do it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conditions import workflow
from conditions.models import Article, Revision, Section, Source
from tests.conditions.admin_forms import change_url, errors, filled, page_url, signed_in, submit
from tests.factories import make_condition, make_contributor, make_draft, make_published, take_live
from tests.pages import read

pytestmark = pytest.mark.django_db

SECTION = {"heading": "", "aspect": "overview", "body": "", "picture": "", "ordering": "10", "id": ""}
SOURCE = {"citation": "", "url": "", "year": "", "section": "", "ordering": "10", "id": ""}
HOSTILE = '<p onclick="alert(1)">x<img src=x onerror=alert(1)></p><script>alert(1)</script><a href="javascript:1">y</a>'


def contents() -> dict[str, list[dict[str, Any]]]:
    """All that is stored about articles but the time of the last save."""
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name not in ("edited_at", "version")}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in (Article, Revision, Section, Source)
    }


def with_rows(prefix: str, *rows: dict[str, str]) -> dict[str, object]:
    """Rows of an inline form that come after one that is stored."""
    default = SECTION if prefix == "sections" else SOURCE
    fields = {
        f"{prefix}-{number}-{name}": value
        for number, row in enumerate(rows, start=1)
        for name, value in {**default, **row}.items()
    }
    return {f"{prefix}-TOTAL_FORMS": len(rows) + 1, **fields}


def edit_url(article: Article) -> str:
    return page_url(Article, "edit", article.pk)


# Articles


def test_new_article_leads_to_its_first_draft(admin_client):
    condition = make_condition("Gout")

    response = submit(admin_client, page_url(Article, "add"), condition=condition.pk, language="en")

    draft = Revision.objects.get()
    assert response["Location"] == change_url(draft)
    assert (draft.article.condition, draft.title, draft.created_by) == (condition, "Gout", User.objects.get())


def test_second_article_in_a_language_is_refused(admin_client):
    article = make_draft().article

    response = submit(admin_client, page_url(Article, "add"), condition=article.condition_id, language="en")

    assert errors(response) == {"__all__": ["This condition already has an article in this language."]}
    assert Article.objects.count() == 1


def test_article_page_shows_its_history(admin_client):
    published = make_published(make_condition("Gout"), title="First title")
    make_draft(published.article.condition, title="Second title", change_note="Clearer")

    page = read(admin_client.get(change_url(published.article)))

    assert "Readers see revision 1 , published on" in page.text
    assert "2 Draft Second title Dr. Ada Writer –" in page.text
    assert "1 Published First title Dr. Ada Writer Prof. Dr. Bo Reviewer" in page.text
    assert "Clearer" in page.text
    assert "Open the text in work" in page.text
    assert {edit_url(published.article), page_url(Article, "compare", published.article.pk)} <= {
        attributes.get("action") for attributes in page.all("form")
    }
    assert {attributes.get("name") for attributes in page.all("input")} & {"_save", "_continue", "_addanother"} == set()


def test_article_page_without_published_text(admin_client):
    article = make_draft().article

    page = read(admin_client.get(change_url(article)))

    assert "Nothing is published yet. Open the text in work" in page.text
    assert "Readers see" not in page.text


def test_article_page_for_readers_has_no_buttons():
    article = make_published().article

    page = read(signed_in("view_article").get(change_url(article)))

    assert "Readers see revision 1" in page.text
    assert [form for form in page.all("form") if form.get("action") == edit_url(article)] == []
    assert "Edit in a new draft" not in page.text


def test_article_cannot_move_to_another_condition(admin_client):
    article = make_draft(make_condition("Gout")).article

    submit(admin_client, change_url(article), condition=make_condition("Asthma").pk, language="de")

    article.refresh_from_db()
    assert (article.condition.name, article.language) == ("Gout", "en")


def test_articles_cannot_be_deleted(admin_client):
    article = Article.objects.create(condition=make_condition())

    response = admin_client.post(page_url(Article, "delete", article.pk), {"post": "yes"})
    data = {"action": "delete_selected", "_selected_action": article.pk, "post": "yes"}
    admin_client.post(page_url(Article, "changelist"), data)

    assert response.status_code == 403
    assert Article.objects.count() == 1


# Edit


def test_edit_opens_a_new_draft(admin_client):
    published = make_published()

    response = admin_client.post(edit_url(published.article))

    draft = Revision.objects.get(number=2)
    assert response["Location"] == change_url(draft)
    assert (draft.status, draft.based_on, draft.created_by) == ("draft", published, User.objects.get())


def test_edit_continues_the_open_draft(admin_client):
    draft = make_draft()

    response = admin_client.post(edit_url(draft.article))

    assert response["Location"] == change_url(draft)
    assert Revision.objects.count() == 1


# Edit: who may, and how


def test_action_needs_the_permission(client):
    article = make_published().article
    before = contents()

    refused = signed_in("view_article", "change_article", "publish_revision", "review_revision").post(edit_url(article))

    assert refused.status_code == 403
    assert client.post(edit_url(article)).status_code == 403
    assert contents() == before


def test_action_works_with_the_permission_alone():
    article = make_published().article

    response = signed_in("change_revision").post(edit_url(article))

    assert response["Location"] == change_url(Revision.objects.get(status="draft"))
    assert Revision.objects.get(status="published").live_of == article


def test_action_on_an_unknown_article_is_not_found(admin_client):
    assert admin_client.post(edit_url(Article(pk=999))).status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_action_is_for_post_only(admin_client, method):
    article = make_published().article
    before = contents()

    response = getattr(admin_client, method)(edit_url(article))

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert contents() == before


def test_action_needs_its_token():
    article = make_published().article
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.create_superuser("admin"))
    before = contents()

    assert browser.post(edit_url(article)).status_code == 403
    assert contents() == before


# Writing a draft


def test_draft_is_saved_with_its_sections_and_sources(admin_client):
    draft = make_draft()
    section = draft.sections.get()

    response = submit(
        admin_client,
        change_url(draft),
        title="New title",
        _continue="Save draft",
        **with_rows("sections", {"heading": "Why?", "aspect": "causes", "body": "<p>So.</p>", "ordering": "5"}),
        **with_rows("sources", {"citation": "A book", "year": "2020", "section": str(section.pk), "ordering": "20"}),
    )

    draft.refresh_from_db()
    assert response["Location"] == change_url(draft)
    assert (draft.title, draft.status) == ("New title", "draft")
    assert list(draft.sections.values_list("heading", "aspect", "body")) == [
        ("Why?", "causes", "<p>So.</p>"),
        ("What is it?", "overview", "<p>A text.</p>"),
    ]
    assert list(draft.sources.values_list("citation", "year", "section")) == [
        ("A guideline", 2025, section.pk),
        ("A book", 2020, section.pk),
    ]


def test_sections_and_sources_can_be_removed(admin_client):
    draft = make_draft()

    submit(admin_client, change_url(draft), **{"sections-0-DELETE": "on"})
    assert (draft.sections.count(), draft.sources.get().section) == (0, None)

    submit(admin_client, change_url(draft), **{"sources-0-DELETE": "on"})
    assert draft.sources.count() == 0


def test_key_points_are_one_in_each_line(admin_client):
    draft = make_draft(key_points=["One, two.", "Three."])
    assert filled(admin_client.get(change_url(draft)))["key_points"] == "One, two.\nThree."

    submit(admin_client, change_url(draft), key_points="  First.\r\n\r\nSecond, with comma.  \r\n\tThird.\r\n")

    draft.refresh_from_db()
    assert draft.key_points == ["First.", "Second, with comma.", "Third."]


def test_address_without_scheme_is_taken_for_https(admin_client):
    draft = make_draft()

    submit(admin_client, change_url(draft), **{"sources-0-url": "example.org/guideline"})

    assert draft.sources.get().url == "https://example.org/guideline"


def test_hostile_html_is_stored_sanitised(admin_client, client):
    draft = make_draft(make_condition("Gout"))

    submit(
        admin_client,
        change_url(draft),
        **{"sections-0-body": HOSTILE},
        **with_rows("sections", {"heading": "<b>Why?</b>", "body": HOSTILE}),
    )

    assert list(Section.objects.values_list("body", flat=True)) == ["<p>x</p><a>y</a>"] * 2
    take_live(draft)
    page = read(client.get("/en/conditions/gout/"))
    assert page.foreign_scripts() == []
    assert "<b>Why?</b>" in page.text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "x" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
        ({"key_points": "a\x00b"}, "Item 1 in the array did not validate: Null characters are not allowed."),
        ({"author": "999"}, "Select a valid choice. That choice is not one of the available choices."),
        ({"change_note": "x" * 301}, "Ensure this value has at most 300 characters (it has 301)."),
        ({"sections-0-heading": ""}, "This field is required."),
        ({"sections-0-body": "a\x00b"}, "Null characters are not allowed."),
        ({"sections-0-aspect": "gossip"}, "Select a valid choice. gossip is not one of the available choices."),
        ({"sources-0-url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"sources-0-year": "1600"}, "The year must lie between 1900 and 2100."),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_draft_form_refuses_with_a_message(admin_client, changes, message):
    draft = make_draft()
    before = contents()

    response = submit(admin_client, change_url(draft), **changes)

    assert response.status_code == 200
    assert message in read(response).text
    assert contents() == before


def test_result_of_the_review_is_not_part_of_the_form(admin_client):
    draft = make_draft()
    forged = {"reviewer": make_contributor("Dr. Me").pk, "reviewed_on": "2026-06-01", "status": "published"}

    submit(admin_client, change_url(draft), title="Changed", **forged)

    draft.refresh_from_db()
    assert (draft.title, draft.reviewer, draft.reviewed_on, draft.status) == ("Changed", None, None, "draft")


def test_source_can_only_belong_to_a_section_of_its_own_text(admin_client):
    published = make_published()
    draft = workflow.open_draft(published.article)
    before = contents()

    response = submit(admin_client, change_url(draft), **{"sources-0-section": published.sections.get().pk})

    assert "Select a valid choice. That choice is not one of the available choices." in read(response).text
    assert contents() == before


@pytest.mark.parametrize("prefix", ["sections", "sources"])
def test_rows_of_a_published_text_cannot_be_reached_through_a_draft(admin_client, prefix):
    published = make_published()
    draft = workflow.open_draft(published.article)
    before = contents()
    field = "heading" if prefix == "sections" else "citation"

    submit(
        admin_client,
        change_url(draft),
        **{f"{prefix}-0-id": getattr(published, prefix).get().pk, f"{prefix}-0-{field}": "Changed"},
    )

    assert contents() == before


def test_editor_gets_the_nonce_that_the_page_demands(admin_client):
    response = admin_client.get(change_url(make_draft()))

    [import_map] = [script for script in read(response).all("script") if script.get("type") == "importmap"]
    assert f"'nonce-{import_map['nonce']}'" in response["Content-Security-Policy"]
