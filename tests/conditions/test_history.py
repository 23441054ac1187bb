"""The history of texts: every step is in it, with who, when and why; it is never changed and outlives every account."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from conditions import workflow
from conditions.models import Article, Contributor, Revision, Transition
from conditions.rules import Review
from tests.conditions.database import check_triggers, refused, update
from tests.conditions.texts import MAKERS, make_archived, make_scheduled, make_successor, rows, steps, tomorrow
from tests.factories import (
    make_approved,
    make_condition,
    make_draft,
    make_in_review,
    make_published,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
Step = tuple[int, str, str, str, str, str]


def last_steps(article: Article, count: int = 1) -> list[Step]:
    """(number, action, from, to, who, why) of the last steps, the oldest first."""
    fields = ("revision_number", "action", "from_status", "to_status", "actor_name", "comment")
    return list(article.transitions.order_by("-pk").values_list(*fields)[:count])[::-1]


@pytest.fixture
def chief() -> User:
    """Somebody who may do everything, and has a full name."""
    return User.objects.create(username="chief", is_superuser=True, first_name="Carla", last_name="Chief")


# Who, from where to where, and why: a text and the step taken with it → its entry
LOGGED: dict[str, tuple[Callable[[], Revision], Callable[[Revision, User], Any], Step]] = {
    "first draft": (
        lambda: Revision(article=Article.objects.create(condition=make_condition())),
        lambda text, user: workflow.open_draft(text.article, user),
        (1, "edit", "", "draft", "Carla Chief", ""),
    ),
    "next draft": (
        make_published,
        lambda text, user: workflow.open_draft(text.article, user),
        (2, "edit", "", "draft", "Carla Chief", ""),
    ),
    "discard": (make_draft, workflow.discard, (1, "discard", "draft", "", "Carla Chief", "")),
    "submit": (
        make_draft,
        lambda text, user: workflow.submit(text, user, "Ready."),
        (1, "submit", "draft", "in_review", "Carla Chief", "Ready."),
    ),
    "send back in review": (
        make_in_review,
        lambda text, user: workflow.send_back(text, user, "Shorter."),
        (1, "send-back", "in_review", "draft", "Carla Chief", "Shorter."),
    ),
    "send back approved": (
        make_approved,
        lambda text, user: workflow.send_back(text, user, "Shorter."),
        (1, "send-back", "approved", "draft", "Carla Chief", "Shorter."),
    ),
    "send back scheduled": (
        make_scheduled,
        lambda text, user: workflow.send_back(text, user, "Shorter."),
        (1, "send-back", "scheduled", "draft", "Carla Chief", "Shorter."),
    ),
    "approve": (
        make_in_review,
        lambda text, user: workflow.approve(text, user, comment="Well done."),
        (1, "approve", "in_review", "approved", "Carla Chief", "Well done."),
    ),
    "schedule": (
        make_approved,
        lambda text, user: workflow.schedule(text, tomorrow(), user, "With the others."),
        (1, "schedule", "approved", "scheduled", "Carla Chief", "With the others."),
    ),
    "unschedule": (
        make_scheduled,
        lambda text, user: workflow.unschedule(text, user, "Too early."),
        (1, "unschedule", "scheduled", "approved", "Carla Chief", "Too early."),
    ),
    "publish approved": (
        make_approved,
        lambda text, user: workflow.publish(text, user, "At last."),
        (1, "publish", "approved", "published", "Carla Chief", "At last."),
    ),
    "publish scheduled": (
        make_scheduled,
        lambda text, user: workflow.publish(text, user, "At last."),
        (1, "publish", "scheduled", "published", "Carla Chief", "At last."),
    ),
    "archive": (
        make_published,
        lambda text, user: workflow.archive(text, user, "Outdated."),
        (1, "archive", "published", "archived", "Carla Chief", "Outdated."),
    ),
    "restore": (
        make_archived,
        workflow.restore,
        (2, "restore", "", "draft", "Carla Chief", "from revision 1"),
    ),
}


@pytest.mark.parametrize("step", LOGGED)
def test_step_is_logged_once(step, chief):
    make, take, entry = LOGGED[step]
    text = make()
    former = list(Transition.objects.order_by("pk"))
    started = timezone.now()

    take(text, chief)

    assert last_steps(text.article, len(former) + 1)[-1] == entry
    assert list(Transition.objects.order_by("pk"))[:-1] == former
    logged = Transition.objects.latest("pk")
    assert logged.actor == chief
    assert started <= logged.at <= timezone.now()
    named = None if step == "discard" else Revision.objects.latest("number")
    assert logged.revision == named


def test_archived_predecessor_is_logged_with_the_publication(chief):
    former = make_published()

    workflow.publish(make_successor(former), chief, "Revised.")

    assert last_steps(former.article, 2) == [
        (1, "archive", "published", "archived", "Carla Chief", ""),
        (2, "publish", "approved", "published", "Carla Chief", "Revised."),
    ]


def test_open_draft_of_an_open_text_is_no_step(chief):
    draft = make_draft()

    workflow.open_draft(draft.article, chief)

    assert steps(draft.article) == [(1, "edit")]


def test_user_without_a_full_name_goes_by_the_account():
    text = workflow.submit(make_draft(), make_user("author", "Author"))

    assert text.transitions.get(action="submit").actor_name == "author"


def test_system_has_a_name_and_no_account():
    assert Transition.objects.get(revision=make_draft()).actor_name == "the system"
    assert Transition.objects.get().actor is None


def test_refused_step_is_not_logged(chief):
    text = make_in_review()

    with pytest.raises(ValidationError):
        workflow.send_back(text, chief, "  ")

    assert steps(text.article) == [(1, "edit"), (1, "submit")]


def test_history_reads_the_latest_first():
    text = make_published()

    assert [transition.action for transition in text.transitions.all()] == ["publish", "approve", "submit", "edit"]


# Discarded drafts


def test_number_of_a_discarded_draft_is_not_used_again():
    published = make_published()
    workflow.discard(workflow.open_draft(published.article))

    assert workflow.open_draft(published.article).number == 3


def test_number_of_a_discarded_first_draft_is_not_used_again():
    draft = make_draft()
    workflow.discard(draft)

    again = workflow.open_draft(draft.article)

    assert (again.number, again.based_on) == (2, None)
    assert steps(draft.article) == [(1, "edit"), (1, "discard"), (2, "edit")]


def test_history_keeps_all_of_a_discarded_draft():
    text = workflow.send_back(make_in_review(), comment="No.")

    workflow.discard(text)

    assert steps(text.article) == [(1, "edit"), (1, "submit"), (1, "send-back"), (1, "discard")]
    assert set(text.article.transitions.values_list("revision", flat=True)) == {None}


# Never changed


def test_history_refuses_changes():
    transition = workflow.submit(make_draft(), comment="Done.").transitions.get(action="submit")
    changes: dict[str, Any] = {
        "article": make_draft(make_condition("Gout")).article,
        "revision": Revision.objects.get(article__condition__name="Gout"),
        "revision_number": 99,
        "action": "publish",
        "from_status": "approved",
        "to_status": "archived",
        "actor": User.objects.create(username="another"),
        "actor_name": "Somebody else",
        "comment": "",
        "at": NOW,
    }
    assert changes.keys() == {field.name for field in Transition._meta.concrete_fields} - {"id"}

    for column, value in changes.items():
        with refused("transition_kept"):
            Transition.objects.filter(pk=transition.pk).update(**{column: value})


def test_history_refuses_deletion():
    make_draft()

    with refused("transition_kept"):
        Transition.objects.all().delete()
    with refused("transition_kept"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM conditions_transition")


def test_history_forgets_no_account_for_another():
    """An emptied reference stays empty: nobody can be written in afterwards."""
    text = workflow.submit(make_draft(), make_user("author", "Author"))
    User.objects.all().delete()

    with refused("transition_kept"):
        text.transitions.update(actor=User.objects.create(username="scapegoat"))


# Deleting accounts


@pytest.mark.parametrize("status", MAKERS)
def test_deleting_every_user_keeps_everything(status):
    author, reviewer, publisher = (
        User.objects.create(username=name, is_superuser=True, first_name=name.title())
        for name in ("author", "reviewer", "publisher")
    )
    writer = Contributor.objects.create(name="Dr. Ada Writer", user=author)
    text = make_draft(author=writer)
    update(text, created_by=author)
    take_steps(text, status, author, reviewer, publisher)
    before = without_accounts(rows())
    assert [row["actor_name"] for row in before["Transition"]] == names_of_steps(status)

    User.objects.all().delete()
    check_triggers()

    after = rows()
    assert without_accounts(after) == before
    assert {row[column] for row in after["Revision"] for column in ACCOUNTS["Revision"]} == {None}
    assert {row["actor_id"] for row in after["Transition"]} == {None}
    assert {row["user_id"] for row in after["Contributor"]} == {None}


ACCOUNTS = {
    "Revision": ("created_by_id", "submitted_by_id", "published_by_id"),
    "Transition": ("actor_id",),
    "Contributor": ("user_id",),
}
NAMES = {
    "draft": ["the system"],
    "in_review": ["the system", "Author"],
    "approved": ["the system", "Author", "Reviewer"],
    "scheduled": ["the system", "Author", "Reviewer", "Publisher"],
    "published": ["the system", "Author", "Reviewer", "Publisher"],
    "archived": ["the system", "Author", "Reviewer", "Publisher", "Publisher"],
}


def names_of_steps(status: str) -> list[str]:
    return NAMES[status]


def take_steps(text: Revision, status: str, author: User, reviewer: User, publisher: User) -> None:
    """From a draft to ``status``, each step by the one whose task it is."""
    if status != "draft":
        workflow.submit(text, author)
    if status not in ("draft", "in_review"):
        workflow.approve(text, reviewer, Review())
    if status == "scheduled":
        workflow.schedule(text, tomorrow(), publisher)
    if status in ("published", "archived"):
        workflow.publish(text, publisher)
    if status == "archived":
        workflow.archive(text, publisher)


def without_accounts(stored: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{column: row[column] for column in row if column not in ACCOUNTS.get(name, ())} for row in found]
        for name, found in stored.items()
    }
