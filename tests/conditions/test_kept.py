"""A save that came too late is refused on the server, and neither text is lost: shown, taken over or deleted."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conditions import workflow
from conditions.models import Article, KeptText, Revision, Section, Source
from tests.conditions.admin_forms import change_url, filled, page_url, signed_in, told
from tests.conditions.test_admin_articles import with_rows
from tests.conditions.test_workflow_races import together
from tests.factories import make_draft, make_published, make_user
from tests.pages import read

pytestmark = pytest.mark.django_db

REFUSED = "Not saved: the draft has changed since you opened it. Your text is kept here."


def kept_url(kept_text: KeptText) -> str:
    return page_url(Article, "kept", kept_text.article_id, kept_text.pk)


def opened(client: Client, draft: Revision, **changes: Any) -> dict[str, Any]:
    """What the browser will send from the draft's page as it is now, with these changes."""
    return {**filled(client.get(change_url(draft))), **changes}


def saved_by_somebody_else(draft: Revision) -> None:
    content = [Section(heading="Hers?", body="<p>Her words.</p>")]
    workflow.write_draft(draft, {"title": "Her title"}, content, [(Source(citation="Her book"), 0)])


def make_kept(draft: Revision, **changes: str) -> KeptText:
    """A text kept from a refused save, as its browser sent it."""
    data = {
        "title": "My title",
        "teaser": "My summary.",
        "key_points": "One.\r\nTwo.",
        "author": str(draft.author_id),
        "sections-TOTAL_FORMS": "1",
        "sections-0-id": "7",
        "sections-0-heading": "Mine?",
        "sections-0-aspect": "causes",
        "sections-0-body": "<p>My words.</p>",
        "sources-TOTAL_FORMS": "1",
        "sources-0-citation": "My book",
        "sources-0-year": "2024",
        "sources-0-section": "7",
        **changes,
    }
    return KeptText.objects.create(
        article=draft.article, revision_number=draft.number, editor_name="Ada", data=data, editor=None
    )


def texts_of(revision: Revision) -> tuple[str, list[tuple[str, str]], list[str]]:
    revision.refresh_from_db()
    return (
        revision.title,
        list(revision.sections.values_list("heading", "body")),
        list(revision.sources.values_list("citation", flat=True)),
    )


# Refused


def test_save_over_a_changed_draft_is_refused_and_both_texts_are_shown(admin_client):
    draft = make_draft()
    data = opened(admin_client, draft, title="My title", **{"sections-0-body": "<p>My words.</p>"})
    saved_by_somebody_else(draft)

    response = admin_client.post(change_url(draft), data)

    kept_text = KeptText.objects.get()
    assert (response["Location"], told(response)) == (kept_url(kept_text), [REFUSED])
    assert texts_of(draft) == ("Her title", [("Hers?", "<p>Her words.</p>")], ["Her book"])
    assert (kept_text.editor, kept_text.data["title"]) == (User.objects.get(), "My title")
    page = admin_client.get(kept_url(kept_text)).content.decode()
    shown = ("My title", "<del>Her</del><ins>My</ins> title", "My words.", "Her words.")
    assert [words for words in shown if words not in page] == []
    assert "csrfmiddlewaretoken" not in kept_text.data


def test_save_of_an_unchanged_draft_goes_through(admin_client):
    """What the refusals are compared with."""
    draft = make_draft()

    admin_client.post(change_url(draft), opened(admin_client, draft, title="My title"))
    admin_client.post(change_url(draft), opened(admin_client, draft, teaser="My summary."))

    draft.refresh_from_db()
    assert (draft.title, draft.teaser, KeptText.objects.count()) == ("My title", "My summary.", 0)


def test_second_save_from_the_same_page_is_refused(admin_client):
    """As with the browser's back button."""
    draft = make_draft()
    data = opened(admin_client, draft)
    admin_client.post(change_url(draft), {**data, "title": "First"})

    admin_client.post(change_url(draft), {**data, "title": "Second"})

    draft.refresh_from_db()
    assert (draft.title, KeptText.objects.get().data["title"]) == ("First", "Second")


def test_save_without_a_version_is_refused(admin_client):
    draft = make_draft()
    data = opened(admin_client, draft, title="My title")
    del data["seen_version"]

    admin_client.post(change_url(draft), data)

    assert (Revision.objects.get().title, KeptText.objects.get().data["title"]) == (draft.title, "My title")


def test_save_of_a_submitted_text_is_refused(admin_client):
    draft = make_draft()
    data = opened(admin_client, draft, title="My title")
    workflow.submit(draft)

    response = admin_client.post(change_url(draft), data)

    kept_text = KeptText.objects.get()
    assert response["Location"] == kept_url(kept_text)
    assert (Revision.objects.get().title, kept_text.data["title"]) == (draft.title, "My title")
    page = read(admin_client.get(kept_url(kept_text)))
    assert "_take_over" not in {button.get("name") for button in page.all("button")}
    refusal = admin_client.post(kept_url(kept_text), {"_take_over": ""})
    assert told(refusal) == ["The article's text is in review. It can be replaced when it is a draft again."]
    assert KeptText.objects.get() == kept_text


def test_save_of_a_discarded_draft_is_refused_and_can_become_a_new_draft(admin_client):
    draft = make_draft()
    article = draft.article
    data = opened(admin_client, draft, title="My title")
    workflow.discard(draft)

    response = admin_client.post(change_url(draft), data)

    kept_text = KeptText.objects.get()
    assert response["Location"] == kept_url(kept_text)
    assert "My title" in read(admin_client.get(kept_url(kept_text))).text
    admin_client.post(kept_url(kept_text), {"_take_over": ""})
    assert (article.revisions.get().number, article.revisions.get().title) == (2, "My title")


def test_save_needs_the_permission_also_to_be_kept():
    draft = make_draft()
    reader = signed_in("view_revision", "view_article")

    response = reader.post(change_url(draft), {"title": "x", "seen_version": "99", "article_pk": draft.article_id})

    assert (response.status_code, KeptText.objects.count()) == (403, 0)


# Taken over, deleted


def test_kept_text_can_be_taken_over_and_what_it_replaces_is_kept(admin_client):
    draft = make_draft()
    saved_by_somebody_else(draft)
    kept_text = make_kept(draft)

    response = admin_client.post(kept_url(kept_text), {"_take_over": ""})

    assert response["Location"] == change_url(draft)
    assert texts_of(draft) == ("My title", [("Mine?", "<p>My words.</p>")], ["My book"])
    assert (draft.teaser, draft.key_points, draft.author_id) == (
        "My summary.",
        ["One.", "Two."],
        make_draft_author(draft),
    )
    assert draft.sources.get().section == draft.sections.get()
    replaced = KeptText.objects.get()
    assert replaced != kept_text
    assert "Her words." in read(admin_client.get(kept_url(replaced))).text
    # And back again: nothing was lost on the way.
    admin_client.post(kept_url(replaced), {"_take_over": ""})
    assert texts_of(draft) == ("Her title", [("Hers?", "<p>Her words.</p>")], ["Her book"])
    assert (draft.sources.get().section, KeptText.objects.count()) == (draft.sections.get(), 1)


def make_draft_author(draft: Revision) -> int | None:
    return Revision.objects.values_list("author", flat=True).get(pk=draft.pk)


def test_kept_text_can_be_deleted(admin_client):
    draft = make_draft()
    kept_text = make_kept(draft)
    before = texts_of(draft)

    response = admin_client.post(kept_url(kept_text), {"_discard": ""})

    assert (response["Location"], told(response)) == (change_url(draft.article), ["The kept text is deleted."])
    assert (KeptText.objects.count(), texts_of(draft)) == (0, before)


def test_kept_text_waits_on_the_page_of_its_article(admin_client):
    kept_text = make_kept(make_draft())

    page = read(admin_client.get(change_url(kept_text.article)))

    assert "A text by Ada from" in page.text
    assert kept_url(kept_text) in [link["href"] for link in page.all("a")]


def test_kept_text_is_for_writers_only():
    kept_text = make_kept(make_draft())
    reader = signed_in("view_article", "view_revision", "review_revision")

    assert reader.get(kept_url(kept_text)).status_code == 403
    assert reader.post(kept_url(kept_text), {"_discard": ""}).status_code == 403
    assert KeptText.objects.get() == kept_text


def test_kept_text_of_another_article_is_not_found(admin_client):
    kept_text = make_kept(make_draft())

    assert admin_client.get(page_url(Article, "kept", 999, kept_text.pk)).status_code == 404
    assert admin_client.get(page_url(Article, "kept", kept_text.article_id, 999)).status_code == 404


def test_kept_html_is_shown_and_taken_over_inert(admin_client):
    draft = make_draft()
    attack = "<p>x</p><script>alert(1)</script><img src=x onerror=alert(1)>"
    kept_text = make_kept(draft, **{"sections-0-body": attack, "sections-0-heading": "<b>Why</b>", "title": "<i>T</i>"})

    page = admin_client.get(kept_url(kept_text)).content.decode()
    admin_client.post(kept_url(kept_text), {"_take_over": ""})

    assert [found for found in ("<script>alert", "onerror", "<b>Why", "<i>T") if found in page] == []
    assert texts_of(draft) == ("<i>T</i>", [("<b>Why</b>", "<p>x</p>")], ["My book"])


# Odd forms


def test_deleted_and_empty_rows_are_left_out(admin_client):
    draft = make_draft()
    kept_text = make_kept(
        draft,
        **{
            "sections-TOTAL_FORMS": "4",
            "sections-0-DELETE": "on",
            "sections-1-heading": "Second",
            "sections-1-body": "<p>2</p>",
            "sections-1-ordering": "20",
            "sections-2-heading": " ",
            "sections-3-heading": "First",
            "sections-3-body": "<p>1</p>",
            "sections-3-ordering": "10",
        },
    )

    admin_client.post(kept_url(kept_text), {"_take_over": ""})

    assert texts_of(draft) == ("My title", [("First", "<p>1</p>"), ("Second", "<p>2</p>")], ["My book"])
    assert draft.sources.get().section is None


HUGE = "9" * 5_000


@pytest.mark.parametrize(
    "changes",
    [
        {"sections-TOTAL_FORMS": "many"},
        {"sections-TOTAL_FORMS": "-1"},
        {"sections-TOTAL_FORMS": "1000000000000"},
        {"sections-TOTAL_FORMS": HUGE},
        {"sections-0-ordering": HUGE},
        {"sections-0-picture": HUGE},
        {"author": HUGE},
        {"author": "x"},
        {"sources-0-year": HUGE},
        {"sources-0-year": "²"},
        {"sources-0-year": "1600"},
        {"sources-0-section": "x"},
        {"sections-0-aspect": "gossip"},
        {"sections-0-heading": "x" * 1_000},
        {"title": ""},
        {"title": "x" * 1_000},
        {"sections-0-body": "<p>a</p>" * 20_000},
    ],
    ids=lambda changes: "-".join(f"{name}-{value[:9]}" for name, value in changes.items()),
)
def test_odd_kept_form_is_shown_and_taken_over_or_refused_with_a_word(admin_client, changes):
    draft = make_draft()
    kept_text = make_kept(draft, **changes)
    before = texts_of(draft)

    page = admin_client.get(kept_url(kept_text))
    response = admin_client.post(kept_url(kept_text), {"_take_over": ""})

    assert "My book" in read(page).text
    assert len(told(response)) >= 1
    if response["Location"] == change_url(draft):
        assert texts_of(draft) != before
    else:
        assert (texts_of(draft), KeptText.objects.get()) == (before, kept_text)


@pytest.mark.parametrize(
    "changes",
    [{"title": "a\x00b"}, {"seen_version": HUGE}, {"seen_version": ""}, {"article_pk": HUGE}, {"teaser": "ö" * 90_000}],
    ids=lambda changes: next(iter(changes)) + str(len(next(iter(changes.values())))),
)
def test_odd_form_that_comes_too_late_is_kept(admin_client, changes):
    draft = make_draft()
    data = opened(admin_client, draft, key_points="My words", **changes)
    saved_by_somebody_else(draft)

    response = admin_client.post(change_url(draft), data)

    kept_text = KeptText.objects.get()
    assert (response["Location"], kept_text.data["key_points"]) == (kept_url(kept_text), "My words")
    assert "My words" in read(admin_client.get(kept_url(kept_text))).text


@pytest.mark.parametrize("address", ["abc", "1x", "9" * 40])
def test_save_to_an_address_that_never_was_is_kept(admin_client, address):
    article = make_draft().article

    response = admin_client.post(
        page_url(Revision, "change", address), {"title": "My title", "article_pk": article.pk, "seen_version": "0"}
    )

    kept_text = KeptText.objects.get()
    assert (response["Location"], kept_text.data["title"]) == (kept_url(kept_text), "My title")


@pytest.mark.parametrize("article_pk", ["999", "x", "", HUGE])
def test_save_to_an_unknown_article_leads_back_with_a_word(admin_client, article_pk):
    response = admin_client.post(page_url(Revision, "change", 999), {"title": "x", "article_pk": article_pk})

    assert response["Location"] == "/admin/"
    assert told(response) == ["revision with ID “999” doesn’t exist. Perhaps it was deleted?"]


# Two at once


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_one_is_saved_and_one_kept():
    draft = make_draft()
    browsers = {}
    for name in ("ada", "bo"):
        browsers[name] = Client()
        browsers[name].force_login(make_user(name, is_superuser=True))
    # The second one adds a section as well: nothing of the two may mix.
    data = {name: opened(browser, draft, title=f"By {name}") for name, browser in browsers.items()}
    data["bo"] |= with_rows("sections", {"heading": "By bo", "body": "<p>Bo.</p>", "ordering": "20"})

    answers = together(
        *(lambda name=name: browsers[name].post(change_url(draft), data[name]) for name in ("ada", "bo"))
    )

    assert [answer.result().status_code for answer in answers] == [302, 302]
    saved, kept_text = Revision.objects.get(), KeptText.objects.get()
    assert {saved.title, kept_text.data["title"]} == {"By ada", "By bo"}
    assert saved.sections.count() == (2 if saved.title == "By bo" else 1)
    assert saved.version == draft.version + 1


def test_live_text_stays_while_a_kept_text_is_taken_over(admin_client, client):
    published = make_published(title="Live words")
    kept_text = make_kept(published)

    admin_client.post(kept_url(kept_text), {"_take_over": ""})

    draft = Revision.objects.get(status="draft")
    assert (draft.title, draft.based_on) == ("My title", published)
    assert "My title" not in read(client.get(published.article.get_absolute_url())).text
