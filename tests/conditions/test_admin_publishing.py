"""Admin: publishing a draft with one click, what cannot change any more, and lists whose queries do not grow."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType

from conditions import workflow
from conditions.models import Article, Condition, Contributor, Picture, Revision, Section, Source, Specialty, Treatment
from tests.conditions.admin_forms import change_url, page_url, signed_in, submit, told
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

EDITABLE = {"title", "teaser", "key_points", "author", "reviewer", "reviewed_on", "_save", "_publish", "_continue"}


def fields(response) -> set[str]:
    page = read(response)
    return {attributes.get("name", "") for tag in ("input", "textarea", "select") for attributes in page.all(tag)}


# Publish


def test_save_and_publish_publishes_what_was_sent(admin_client, client):
    draft = make_draft(make_condition("Gout", is_published=False))

    response = submit(admin_client, change_url(draft), title="All about gout", _publish="Save and publish")

    draft.refresh_from_db()
    assert (response["Location"], told(response)) == (change_url(draft.article), ["Revision 1 is published."])
    assert (draft.status, draft.title, draft.published_by) == ("published", "All about gout", User.objects.get())
    assert Article.objects.get().live == draft
    assert "All about gout" in read(client.get("/en/conditions/gout/")).text


def test_save_and_publish_archives_the_former_text(admin_client):
    former = make_published()
    draft = workflow.open_draft(former.article)

    submit(admin_client, change_url(draft), _publish="Save and publish")

    assert list(Revision.objects.order_by("number").values_list("status", flat=True)) == ["archived", "published"]
    assert Article.objects.get().live == draft


def test_save_and_publish_keeps_the_draft_when_something_is_missing(admin_client):
    draft = make_draft(make_condition(is_published=False))

    response = submit(
        admin_client,
        change_url(draft),
        title="Half done",
        teaser="",
        reviewer=None,
        _publish="Save and publish",
        **{"sources-0-DELETE": "on", "sections-0-body": "<p></p>"},
    )

    draft.refresh_from_db()
    assert response["Location"] == change_url(draft)
    assert told(response) == [
        "The draft is saved, but not published.",
        "Missing: a summary.",
        "Missing: a medical reviewer.",
        "Missing: at least one source.",
        "Missing: text in the section “What is it?”.",
    ]
    assert (draft.title, draft.teaser, draft.status, draft.published_at) == ("Half done", "", "draft", None)
    assert (Article.objects.get().live, Condition.objects.get().is_published) == (None, False)


def test_save_alone_publishes_nothing(admin_client):
    draft = make_draft()

    for button in ("_save", "_continue"):
        submit(admin_client, change_url(draft), **{button: "Save"})

    assert Revision.objects.get().status == "draft"


def test_looking_publishes_nothing(admin_client):
    draft = make_draft()

    admin_client.get(change_url(draft), {"_publish": "Save and publish"})

    assert Revision.objects.get().status == "draft"


def test_publishing_needs_the_permission():
    draft = make_draft()
    reader = signed_in("view_revision", "change_article")

    assert reader.get(change_url(draft)).status_code == 200
    assert reader.post(change_url(draft), {"title": "Changed", "_publish": "1"}).status_code == 403
    assert (Revision.objects.get().status, Revision.objects.get().title) == ("draft", draft.title)


def test_publishing_an_unknown_text_leads_back_with_a_word(admin_client):
    response = admin_client.post(page_url(Revision, "change", 999), {"_publish": "1"})

    assert response["Location"] == "/admin/"
    assert told(response) == ["revision with ID “999” doesn’t exist. Perhaps it was deleted?"]


def test_second_publisher_of_the_same_text_changes_nothing(admin_client):
    """The page was open in another window when the text was published there."""
    draft = make_draft()
    page = admin_client.get(change_url(draft))
    workflow.publish(draft)
    form = page.context["adminform"].form

    response = admin_client.post(change_url(draft), {**form.initial, "title": "Too late", "_publish": "1"})

    assert response.status_code == 403
    assert (Revision.objects.get().title, Revision.objects.count()) == (draft.title, 1)


# What readers saw


@pytest.fixture(params=["published", "archived", "in_review"])
def settled(request) -> Revision:
    """A text that is not a draft."""
    if request.param == "in_review":
        draft = make_draft()
        Revision.objects.filter(pk=draft.pk).update(status="in_review")
    else:
        draft = make_published()
        if request.param == "archived":
            workflow.withdraw(draft.article)
    return Revision.objects.get(pk=draft.pk)


def test_settled_text_is_shown_for_reading_only(admin_client, settled):
    response = admin_client.get(change_url(settled))

    page = read(response)
    assert settled.title in page.text
    assert "What is it? " in page.text
    assert f"revision 1 · {settled.get_status_display()}" in page.text
    assert fields(response) & EDITABLE == set()
    assert [name for name in fields(response) if name.startswith(("sections-0-h", "sources-0-c"))] == []


def test_settled_text_refuses_changes(admin_client, settled):
    response = admin_client.post(change_url(settled), {"title": "Changed", "_publish": "1"})

    assert response.status_code == 403
    assert Revision.objects.get().title == settled.title


def test_settled_text_cannot_be_deleted(admin_client, settled):
    response = admin_client.post(page_url(Revision, "delete", settled.pk), {"post": "yes"})

    assert response.status_code == 403
    assert (Revision.objects.count(), Section.objects.count(), Source.objects.count()) == (1, 1, 1)


def test_draft_can_be_changed(admin_client):
    """What the pages above are compared with."""
    response = admin_client.get(change_url(make_draft()))

    assert fields(response) >= EDITABLE | {"sections-0-heading", "sources-0-citation"}


def test_texts_cannot_be_added_by_themselves(admin_client):
    assert admin_client.get(page_url(Revision, "add")).status_code == 403


def test_discarded_draft_leads_back_to_its_article(admin_client):
    published = make_published()
    draft = workflow.open_draft(published.article)

    response = admin_client.post(page_url(Revision, "delete", draft.pk), {"post": "yes"})

    assert response["Location"] == change_url(published.article)
    assert list(Revision.objects.all()) == [published]
    assert Article.objects.get().live == published


def test_discarding_needs_the_permission():
    draft = make_draft()

    response = signed_in("view_revision", "change_revision").post(
        page_url(Revision, "delete", draft.pk), {"post": "yes"}
    )

    assert response.status_code == 403
    assert Revision.objects.count() == 1


# The number of queries


def many_texts(count: int) -> None:
    for number in range(count):
        published = make_published(make_condition(f"Gout {number}"))
        workflow.open_draft(published.article)


def many_pictures(count: int) -> None:
    for number in range(count):
        Picture.objects.create(alt=f"Picture {number}", width=640, height=480, widths=[640])


def many_conditions(count: int) -> None:
    for number in range(count):
        make_published(make_condition(f"Gout {number}"))


def many_contributors(count: int) -> None:
    for number in range(count):
        make_contributor(f"Dr. {number}", user=User.objects.create_user(f"user{number}"))


LISTS: dict[type, tuple[Callable[[int], object], int]] = {
    Specialty: (lambda count: [make_specialty(f"Surgery {number}") for number in range(count)], 5),
    Treatment: (lambda count: [make_treatment(f"Rest {number}") for number in range(count)], 6),
    Condition: (many_conditions, 7),
    Contributor: (many_contributors, 5),
    Article: (many_texts, 6),
    Revision: (many_texts, 5),
    Picture: (many_pictures, 5),
}


@pytest.fixture
def known_content_types(db) -> None:
    """Django reads them once in a process: in whichever test comes first."""
    ContentType.objects.get_for_models(*LISTS)


@pytest.mark.usefixtures("known_content_types")
@pytest.mark.parametrize("count", [1, 3, 30])
@pytest.mark.parametrize("model", LISTS)
def test_number_of_queries_of_a_list_does_not_grow(admin_client, django_assert_num_queries, model, count):
    make, queries = LISTS[model]
    make(count)

    with django_assert_num_queries(queries):
        response = admin_client.get(page_url(model, "changelist"))

    assert len(response.context["cl"].result_list) == model.objects.count() >= count


@pytest.mark.usefixtures("known_content_types")
@pytest.mark.parametrize("count", [1, 3, 30])
def test_number_of_queries_of_a_draft_does_not_grow(admin_client, django_assert_num_queries, count):
    draft = make_draft()
    picture = Picture.objects.create(alt="A liver", width=640, height=480, widths=[640])
    sections = [Section(heading=f"Why {number}?", picture=picture) for number in range(count)]
    workflow.write_draft(draft, {}, sections, [(Source(citation=f"Book {number}"), number) for number in range(count)])

    with django_assert_num_queries(8):
        response = admin_client.get(change_url(draft))

    assert f"sections-{count - 1}-heading" in fields(response)


@pytest.mark.usefixtures("known_content_types")
@pytest.mark.parametrize("count", [1, 3, 30])
def test_number_of_queries_of_an_article_does_not_grow(admin_client, django_assert_num_queries, count):
    article = make_published().article
    for _number in range(count - 1):
        workflow.publish(workflow.open_draft(article))

    with django_assert_num_queries(7):
        response = admin_client.get(change_url(article))

    assert len(response.context["revisions"]) == count


@pytest.mark.usefixtures("known_content_types")
@pytest.mark.parametrize("count", [1, 3, 30])
def test_number_of_queries_of_a_condition_does_not_grow(admin_client, django_assert_num_queries, count):
    condition = make_condition("Asthma")
    condition.specialties.set([make_specialty(f"Surgery {number}") for number in range(count)])
    condition.treatments.set([make_treatment(f"Rest {number}") for number in range(count)])
    condition.related.set([make_condition(f"Gout {number}") for number in range(count)])

    with django_assert_num_queries(10):
        response = admin_client.get(change_url(condition))

    assert f"Gout {count - 1}" in read(response).text
