"""From the author to the reviewer and back: submitting, approving with four eyes, sending back."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from conditions import workflow
from conditions.models import Contributor, Revision
from conditions.rules import Review
from tests.conditions.texts import MAKERS, rows
from tests.factories import (
    REVIEW_DUE,
    REVIEWED_ON,
    make_approved,
    make_contributor,
    make_draft,
    make_in_review,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_submit_freezes_the_text_as_it_is_stored():
    draft = make_draft()
    draft.title, draft.teaser = "Never saved", ""
    user = make_user("writer", "Author")

    workflow.submit(draft, user)

    stored = Revision.objects.get()
    assert (stored.status, stored.submitted_by, stored.title) == ("in_review", user, "About Liver metastases")


def test_approve_is_by_default_by_the_user_today_for_two_years():
    user = make_user("rosa", "Medical reviewer", first_name="Rosa", last_name="Prüfstein")
    today = timezone.localdate()

    approved = workflow.approve(make_in_review(), user)

    stored = Revision.objects.get()
    assert stored == approved
    assert (stored.status, stored.reviewed_on) == ("approved", today)
    assert stored.review_due == today + datetime.timedelta(days=730)
    assert (stored.reviewer.name, stored.reviewer.user) == ("Rosa Prüfstein", user)


def test_reviewer_keeps_the_public_name():
    user = make_user("rosa", "Medical reviewer")
    contributor = make_contributor("Prof. Dr. Rosa Prüfstein", user=user)

    assert workflow.approve(make_in_review(), user).reviewer == contributor


def test_approve_takes_the_review_it_is_given():
    bo = make_contributor("Prof. Dr. Bo Reviewer")

    workflow.approve(make_in_review(), make_user("rosa", "Medical reviewer"), Review(bo, REVIEWED_ON, REVIEW_DUE))

    stored = Revision.objects.get()
    assert (stored.reviewer, stored.reviewed_on, stored.review_due) == (bo, REVIEWED_ON, REVIEW_DUE)
    assert not Contributor.objects.filter(user__isnull=False).exists()


TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)
LATER = "The next review must be later than this one, at most five years."
REFUSED_DATES = {
    "review in the future": (TODAY + DAY, None, {"reviewed_on": ["The review cannot be in the future."]}),
    "due on the same day": (TODAY, TODAY, {"review_due": [LATER]}),
    "due before": (TODAY, TODAY - DAY, {"review_due": [LATER]}),
    "due in more than five years": (TODAY, TODAY + datetime.timedelta(days=5 * 366 + 1), {"review_due": [LATER]}),
}


@pytest.mark.parametrize("case", REFUSED_DATES)
def test_approve_refuses_dates_that_cannot_be(case):
    reviewed_on, review_due, messages = REFUSED_DATES[case]
    text = make_in_review()
    result = Review(make_contributor("Prof. Dr. Bo Reviewer"), reviewed_on, review_due)
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.approve(text, review=result)

    assert refusal.value.message_dict == messages
    assert rows() == before


@pytest.mark.parametrize("review_due", [TODAY + DAY, TODAY + datetime.timedelta(days=5 * 366)])
def test_approve_takes_the_nearest_and_the_farthest_date(review_due):
    result = Review(make_contributor("Prof. Dr. Bo Reviewer"), TODAY, review_due)

    assert workflow.approve(make_in_review(), review=result).review_due == review_due


def test_nobody_approves_the_text_they_submitted():
    user = make_user("both", "Author", "Medical reviewer")
    text = workflow.submit(make_draft(), user)
    check_refused_approval(text, user, None, "You wrote or submitted this text: somebody else must review it.")


def test_nobody_approves_the_text_they_wrote():
    user = make_user("both", "Author", "Medical reviewer")
    text = make_in_review(author=make_contributor("Dr. Both", user=user))
    other = Review(make_contributor("Prof. Dr. Bo Reviewer"))
    check_refused_approval(text, user, other, "You wrote or submitted this text: somebody else must review it.")


def test_author_is_not_named_as_the_reviewer():
    user, author = make_user("rosa", "Medical reviewer"), make_contributor()
    message = "The medical reviewer must be someone other than the author."
    check_refused_approval(make_in_review(author=author), user, Review(author), message)


def test_who_submitted_is_not_named_as_the_reviewer():
    """Nor by another reviewer: four eyes are two people's."""
    submitter = make_user("both", "Author", "Medical reviewer")
    text = workflow.submit(make_draft(), submitter)
    named = Review(make_contributor("Dr. Both", user=submitter))
    message = "The medical reviewer must be someone who neither wrote nor submitted the text."
    check_refused_approval(text, make_user("rosa", "Medical reviewer"), named, message)


def test_review_by_the_system_needs_a_name():
    check_refused_approval(make_in_review(), None, None, "Name the medical reviewer.")


def check_refused_approval(text, user, review, message):
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.approve(text, user, review)

    assert refusal.value.messages == [message]
    assert rows() == before


@pytest.mark.parametrize("comment", ["", "  \n"])
@pytest.mark.parametrize("status", ["in_review", "approved", "scheduled"])
def test_send_back_needs_a_reason(status, comment):
    text = MAKERS[status]()
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.send_back(text, comment=comment)

    assert refusal.value.message_dict == {"comment": ["Say what should change."]}
    assert rows() == before


@pytest.mark.parametrize("status", ["in_review", "approved", "scheduled"])
def test_send_back_undoes_the_review_and_nothing_else(status):
    text = MAKERS[status]()
    before = Revision.objects.values().get()

    workflow.send_back(text, comment="Shorter, please.")

    undone = {"status": "draft", "reviewer_id": None, "reviewed_on": None, "review_due": None, "publish_at": None}
    assert Revision.objects.values().get() == {**before, **undone}


def test_text_that_was_sent_back_is_reviewed_anew():
    text = workflow.send_back(make_approved(), comment="Shorter, please.")
    text = workflow.submit(text, make_user("writer", "Author"))

    with pytest.raises(ValidationError):
        workflow.publish(text)

    assert workflow.publish(workflow.approve(text, review=Review(make_contributor("Bo")))).status == "published"
