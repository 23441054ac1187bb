"""Admin: the workflow's steps as pages, who may take them, and what cannot change any more."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from conditions import workflow
from conditions.enums import Action
from conditions.models import Article, Revision, Section, Source
from tests.conditions.admin_forms import change_url, page_url, signed_in, submit, told
from tests.conditions.texts import MAKERS, make_archived, make_in_review, make_scheduled, rows
from tests.factories import make_approved, make_condition, make_draft, make_published, make_user
from tests.pages import read

pytestmark = pytest.mark.django_db

TEXT_FIELDS = {"title", "teaser", "key_points", "author", "change_note", "_save", "_continue", "_submit", "_preview"}
# Step → (state it begins from, permission, what its form sends, status afterwards).
STEPS: dict[str, tuple[str, str, dict[str, str], str]] = {
    Action.SUBMIT: ("draft", "submit_revision", {"comment": "Please look."}, "in_review"),
    Action.SEND_BACK: ("in_review", "review_revision", {"comment": "Too long."}, "draft"),
    Action.APPROVE: (
        "in_review",
        "review_revision",
        {"reviewed_on": "2026-06-01", "review_due": "2028-06-01", "comment": "Good."},
        "approved",
    ),
    Action.SCHEDULE: (
        "approved",
        "publish_revision",
        {"publish_at_0": "2100-01-01", "publish_at_1": "06:00:00", "comment": "At night."},
        "scheduled",
    ),
    Action.UNSCHEDULE: ("scheduled", "publish_revision", {"comment": "Not yet."}, "approved"),
    Action.PUBLISH: ("approved", "publish_revision", {"comment": "Go."}, "published"),
    Action.ARCHIVE: ("published", "publish_revision", {"comment": "Outdated."}, "archived"),
    Action.RESTORE: ("archived", "change_revision", {"post": "yes"}, "archived"),
    Action.DISCARD: ("draft", "change_revision", {"post": "yes"}, ""),
}


def step_url(revision: Revision, action: str) -> str:
    return page_url(Revision, action, revision.pk)


def fields(response: Any) -> set[str]:
    page = read(response)
    return {attributes.get("name", "") for tag in ("input", "textarea", "select") for attributes in page.all(tag)}


# Every step: the ladder


@pytest.mark.parametrize("action", STEPS)
def test_step_works_with_its_permission_alone(action):
    state, permission, data, status = STEPS[action]
    revision = MAKERS[state]()
    article = revision.article

    response = signed_in("view_article", permission).post(step_url(revision, action), data)

    assert (response["Location"], told(response)) == (change_url(article), [f"{revision}: {Action(action).label}."])
    after = Revision.objects.filter(pk=revision.pk).first()
    assert (after.status if after else "") == status
    step = article.transitions.first()
    assert (step.action, step.actor_name, step.comment) == (
        action,
        "staff",
        data.get("comment", "from revision 1" if action == Action.RESTORE else ""),
    )


@pytest.mark.parametrize("action", STEPS)
def test_step_needs_its_permission(client, action):
    state, permission, data, _status = STEPS[action]
    revision = MAKERS[state]()
    others = {"change_revision", "submit_revision", "review_revision", "publish_revision"} - {permission}
    if action == Action.SEND_BACK:
        others -= {"publish_revision"}
    before = rows()
    other = signed_in("view_revision", "delete_revision", *others)

    assert other.get(step_url(revision, action)).status_code == 403
    assert other.post(step_url(revision, action), data).status_code == 403
    assert client.get(step_url(revision, action))["Location"].startswith("/admin/login/")
    assert client.post(step_url(revision, action), data).status_code == 403
    assert rows() == before


@pytest.mark.parametrize("action", STEPS)
def test_step_of_an_unknown_text_is_not_found(admin_client, action):
    for pk in (999, 10**30):
        assert admin_client.get(page_url(Revision, action, pk)).status_code == 404
        assert admin_client.post(page_url(Revision, action, pk), STEPS[action][2]).status_code == 404


@pytest.mark.parametrize("action", STEPS)
def test_looking_at_a_step_shows_its_form_and_takes_nothing(admin_client, action):
    state, _permission, data, _status = STEPS[action]
    revision = MAKERS[state]()
    before = rows()

    response = admin_client.get(step_url(revision, action), data)
    head = admin_client.head(step_url(revision, action), data)

    assert set(data) - {"post"} <= fields(response)
    assert {"submit"} <= {button.get("type") for button in read(response).all("input")}
    assert (head.status_code, rows()) == (200, before)


@pytest.mark.parametrize("action", STEPS)
def test_step_needs_its_token(action):
    state, _permission, data, _status = STEPS[action]
    revision = MAKERS[state]()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.create_superuser("admin"))
    before = rows()

    assert browser.post(step_url(revision, action), data).status_code == 403
    assert rows() == before


@pytest.mark.parametrize("state", MAKERS)
@pytest.mark.parametrize("action", STEPS)
def test_step_that_does_not_fit_is_refused_with_a_message(admin_client, action, state):
    fitting = {STEPS[action][0]}
    fitting |= {"approved", "scheduled"} if action == Action.SEND_BACK else set()
    fitting |= {"scheduled"} if action == Action.PUBLISH else set()
    if state in fitting:
        return
    revision = MAKERS[state]()
    before = rows()

    response = admin_client.post(step_url(revision, action), STEPS[action][2])

    assert f"Not possible: this text is now “{revision.get_status_display()}”." in read(response).text
    assert rows() == before


# What a step refuses is told beside its field


@pytest.mark.parametrize(
    ("action", "data", "field", "message"),
    [
        (Action.SEND_BACK, {"comment": " "}, "comment", "This field is required."),
        (Action.APPROVE, {"reviewed_on": "soon"}, "reviewed_on", "Enter a valid date."),
        (Action.APPROVE, {"reviewed_on": "2100-01-01"}, "reviewed_on", "The review cannot be in the future."),
        (
            Action.APPROVE,
            {"reviewed_on": "2026-06-01", "review_due": "2026-06-01"},
            "review_due",
            "The next review must be later than this one, at most five years.",
        ),
        (
            Action.APPROVE,
            {"reviewed_on": "2026-06-01", "review_due": "2033-06-01"},
            "review_due",
            "The next review must be later than this one, at most five years.",
        ),
        (
            Action.SCHEDULE,
            {"publish_at_0": "2020-01-01", "publish_at_1": "06:00:00"},
            "publish_at",
            "Choose a time in the future.",
        ),
        (Action.SCHEDULE, {"publish_at_0": "", "publish_at_1": ""}, "publish_at", "This field is required."),
    ],
)
def test_step_refuses_beside_the_field(admin_client, action, data, field, message):
    revision = MAKERS[STEPS[action][0]]()
    before = rows()

    response = admin_client.post(step_url(revision, action), {**STEPS[action][2], **data})

    assert response.context["form"].errors == {field: [message]}
    assert message in read(response).text
    assert rows() == before


def test_submission_says_all_that_is_missing(admin_client):
    draft = make_draft(teaser="", author=None)
    draft.sources.all().delete()
    draft.sections.update(body="")

    page = read(admin_client.get(step_url(draft, "submit")))
    response = admin_client.post(step_url(draft, "submit"), {"comment": "x"})

    missing = ["a summary", "an author", "at least one source", "text in the section “What is it?”"]
    assert f"Before it can be sent to review, add: {' '.join(missing)}" in page.text
    assert response.context["form"].non_field_errors() == [f"Missing: {what}." for what in missing]
    assert Revision.objects.get().status == "draft"


def test_submission_shows_links_that_lead_nowhere(admin_client):
    draft = make_draft()
    draft.sections.update(body='<p><a href="/en/conditions/nowhere/">x</a> <a href="#gone">y</a></p>')

    page = read(admin_client.get(step_url(draft, "submit")))

    assert "What is it?: /en/conditions/nowhere/ (there is no such public page)" in page.text
    assert "What is it?: #gone (no section has this anchor)" in page.text


def test_nobody_approves_what_they_submitted():
    both = make_user("both", "Author", "Medical reviewer")
    browser = Client()
    browser.force_login(both)
    text = workflow.submit(make_draft(), both)

    response = browser.post(step_url(text, "approve"), {"comment": ""} | STEPS[Action.APPROVE][2])

    assert response.context["form"].non_field_errors() == [
        "You wrote or submitted this text: somebody else must review it."
    ]
    assert Revision.objects.get().status == "in_review"


def test_second_publisher_is_told(admin_client):
    """The page was open in another window when the text was published there."""
    text = make_approved()
    admin_client.get(step_url(text, "publish"))
    workflow.publish(text)
    before = rows()

    response = admin_client.post(step_url(text, "publish"), {"comment": "Mine"})

    assert "Not possible: this text is now “Published”." in read(response).text
    assert rows() == before


def test_publication_archives_the_former_text(admin_client, client):
    former = make_published(make_condition("Gout"), title="Old words")
    text = make_approved(former.article.condition, title="New words")

    admin_client.post(step_url(text, "publish"), {"comment": "Go."})

    assert list(Revision.objects.order_by("number").values_list("status", flat=True)) == ["archived", "published"]
    assert Article.objects.get().live == text
    page = read(client.get("/en/conditions/gout/")).text
    assert ("New words" in page, "Old words" in page) == (True, False)


def test_schedule_takes_the_time_of_the_site(admin_client):
    text = make_approved()

    admin_client.post(step_url(text, "schedule"), STEPS[Action.SCHEDULE][2])

    expected = timezone.make_aware(datetime.datetime(2100, 1, 1, 6))  # noqa: DTZ001 - in the site's own time
    assert Revision.objects.get().publish_at == expected


# Saving, and where it leads


@pytest.mark.parametrize(("button", "page"), [("_submit", "submit"), ("_preview", "preview"), ("_continue", "change")])
def test_buttons_save_and_lead_on(admin_client, button, page):
    draft = make_draft()

    response = submit(admin_client, change_url(draft), title="Changed", **{button: "x"})

    assert response["Location"] == page_url(Revision, page, draft.pk)
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("Changed", "draft")


def steps_in(links: list[str]) -> list[str]:
    """The steps among the addresses of a page, by their last part."""
    return [name for link in links if (name := link.rstrip("/").rpartition("/")[2]) in STEPS]


@pytest.mark.parametrize(
    ("maker", "shown"),
    [
        (make_draft, ["discard", "submit"]),
        (make_in_review, ["send-back", "approve"]),
        (make_approved, ["send-back", "schedule", "publish"]),
        (make_scheduled, ["send-back", "unschedule", "publish"]),
        (make_published, ["archive"]),
        (make_archived, ["restore"]),
    ],
)
def test_page_of_a_text_offers_the_steps_that_fit(admin_client, maker, shown):
    revision = maker()

    links = [link.get("href", "") for link in read(admin_client.get(change_url(revision))).all("a")]

    assert steps_in(links) == shown


def test_page_of_a_refused_draft_still_offers_the_steps(admin_client):
    draft = make_draft()

    response = submit(admin_client, change_url(draft), title="")

    assert response.context["adminform"].form.errors == {"title": ["This field is required."]}
    assert "_submit" in fields(response)


@pytest.mark.parametrize(("role", "shown"), [("Author", []), ("Medical reviewer", ["send-back", "approve"])])
def test_page_of_a_text_offers_only_what_the_role_may(client, role, shown):
    text = make_in_review()
    client.force_login(make_user("somebody", role))

    links = [link.get("href", "") for link in read(client.get(change_url(text))).all("a")]

    assert steps_in(links) == shown


def test_new_article_by_a_publisher_leads_to_its_page(client):
    """Publishers may add articles, but write no texts."""
    client.force_login(make_user("publisher", "Publisher"))
    condition = make_condition("Gout")

    response = submit(client, page_url(Article, "add"), condition=condition.pk, language="en")

    assert response["Location"] == change_url(Article.objects.get())
    assert Revision.objects.count() == 0


# What is frozen


@pytest.fixture(params=[state for state in MAKERS if state != "draft"])
def settled(request) -> Revision:
    """A text that is not a draft."""
    return MAKERS[request.param]()


def test_settled_text_is_shown_for_reading_only(admin_client, settled):
    response = admin_client.get(change_url(settled))

    page = read(response)
    assert settled.title in page.text
    assert "What is it? " in page.text
    assert f"revision 1 · {settled.get_status_display()}" in page.text
    assert fields(response) & TEXT_FIELDS == set()
    assert [name for name in fields(response) if name.startswith(("sections-0-h", "sources-0-c"))] == []


def test_settled_text_refuses_changes_and_keeps_them(admin_client, settled):
    response = admin_client.post(change_url(settled), {"title": "Changed", "seen_version": str(settled.version)})

    kept_text = settled.article.kept_texts.get()
    assert response["Location"] == page_url(Article, "kept", settled.article_id, kept_text.pk)
    assert kept_text.data["title"] == "Changed"
    assert Revision.objects.get().title == settled.title


@pytest.mark.parametrize("state", MAKERS)
def test_no_text_can_be_deleted(admin_client, state):
    text = MAKERS[state]()

    response = admin_client.post(page_url(Revision, "delete", text.pk), {"post": "yes"})

    assert response.status_code == 403
    assert (Revision.objects.count(), Section.objects.count(), Source.objects.count()) == (1, 1, 1)


def test_draft_can_be_changed(admin_client):
    """What the pages above are compared with."""
    response = admin_client.get(change_url(make_draft()))

    assert fields(response) >= TEXT_FIELDS - {"_save"} | {"sections-0-heading", "sources-0-citation"}


def test_saving_needs_the_permission():
    draft = make_draft()
    reader = signed_in("view_revision", "change_article", "review_revision", "publish_revision")

    assert reader.get(change_url(draft)).status_code == 200
    assert reader.post(change_url(draft), {"title": "Changed"}).status_code == 403
    assert (Revision.objects.get().title, draft.article.kept_texts.count()) == (draft.title, 0)


def test_texts_cannot_be_added_by_themselves(admin_client):
    assert admin_client.get(page_url(Revision, "add")).status_code == 403
