"""Publishing at a chosen time: setting and taking back the time, and the command that publishes what is due."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from conditions import workflow
from conditions.management.commands import publish_due
from conditions.models import Picture, Revision
from tests.conditions.database import unguarded, update
from tests.conditions.races import behind, together
from tests.conditions.texts import MAKERS, make_scheduled, make_successor, rows, statuses, steps, tomorrow
from tests.factories import make_approved, make_condition, make_published, make_user

pytestmark = pytest.mark.django_db

SECOND = datetime.timedelta(seconds=1)
HOUR = datetime.timedelta(hours=1)


def make_due(name: str = "Gout", late: datetime.timedelta = HOUR) -> Revision:
    """A text whose time has come since it was scheduled."""
    text = make_scheduled(make_condition(name, is_published=False))
    with unguarded():
        return update(text, publish_at=timezone.now() - late)


def spoil(text: Revision) -> None:
    """Nothing of a frozen text can get lost but the words about its pictures."""
    picture = Picture.objects.create(alt="A liver", width=640, height=480, widths=[640])
    with unguarded():
        text.sections.update(picture=picture)
    Picture.objects.update(alt=" ")


# The time


def test_schedule_keeps_the_text_from_readers_until_then():
    former = make_published()
    text = make_successor(former)
    publish_at = tomorrow()

    scheduled = workflow.schedule(text, publish_at, make_user("publisher", "Publisher"))

    stored = Revision.objects.get(pk=text.pk)
    assert (stored, stored.status, stored.publish_at) == (scheduled, "scheduled", publish_at)
    assert (stored.published_at, stored.published_by) == (None, None)
    assert statuses(former.article) == [(1, "published"), (2, "scheduled")]


@pytest.mark.parametrize("ago", [datetime.timedelta(0), SECOND, datetime.timedelta(days=400)], ids=str)
def test_schedule_refuses_a_time_that_is_over(ago):
    text = make_approved()
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.schedule(text, timezone.now() - ago)

    assert refusal.value.message_dict == {"publish_at": ["Choose a time in the future."]}
    assert rows() == before


def test_schedule_takes_the_next_moment():
    assert workflow.schedule(make_approved(), timezone.now() + 10 * SECOND).status == "scheduled"


def test_scheduled_text_is_not_scheduled_again():
    """The time is taken back first, so that the history has both."""
    text = make_scheduled()
    before = rows()

    with pytest.raises(ValidationError, match="revision 1 is now “Scheduled”"):
        workflow.schedule(text, tomorrow())

    assert rows() == before


def test_unschedule_gives_the_approved_text_back():
    approved = make_approved()
    before = Revision.objects.values().get()

    workflow.unschedule(workflow.schedule(approved, tomorrow()))

    assert Revision.objects.values().get() == before
    assert steps(approved.article)[-2:] == [(1, "schedule"), (1, "unschedule")]


def test_unscheduled_text_can_be_scheduled_anew():
    text = workflow.unschedule(make_scheduled())
    publish_at = tomorrow()

    assert workflow.schedule(text, publish_at).publish_at == publish_at


# Publishing what is due


def test_due_text_is_published_by_the_system():
    text = make_due()

    assert workflow.publish_due() == ([text], [])

    stored = Revision.objects.get()
    assert (stored.status, stored.publish_at, stored.published_by) == ("published", None, None)
    assert (stored.article.live, stored.article.condition.is_published) == (stored, True)
    last = stored.transitions.first()
    assert (last.action, last.from_status, last.actor, last.actor_name) == ("publish", "scheduled", None, "the system")


def test_text_is_due_at_its_time_and_not_before():
    publish_at = tomorrow()
    text = make_scheduled(publish_at=publish_at)

    assert workflow.publish_due() == ([], [])
    assert workflow.publish_due(publish_at - SECOND) == ([], [])
    assert workflow.publish_due(publish_at) == ([text], [])
    assert workflow.publish_due(publish_at) == ([], [])


def test_due_text_archives_the_former():
    former = make_published()
    workflow.schedule(make_successor(former), tomorrow())

    workflow.publish_due(tomorrow() + HOUR)

    assert statuses(former.article) == [(1, "archived"), (2, "published")]


@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "published", "archived"])
def test_only_scheduled_texts_are_due(status):
    MAKERS[status]()
    before = rows()

    assert workflow.publish_due(tomorrow() + HOUR) == ([], [])
    assert rows() == before


@pytest.mark.parametrize("undo", [workflow.unschedule, lambda text: workflow.send_back(text, comment="A mistake.")])
def test_text_whose_time_was_taken_back_is_not_due(undo):
    undo(make_due())

    assert workflow.publish_due() == ([], [])


def test_texts_are_published_in_the_order_of_their_times():
    later, earlier = make_due("Gout", late=SECOND), make_due("Asthma", late=HOUR)

    assert workflow.publish_due() == ([earlier, later], [])


def test_refused_text_does_not_keep_the_others_from_readers():
    refused, other = make_due("Gout", late=2 * HOUR), make_due("Asthma", late=HOUR)
    spoil(refused)
    before = rows()["Transition"]

    published, failures = workflow.publish_due()

    assert published == [other]
    assert [(text, error.messages) for text, error in failures] == [
        (refused, ["Missing: a text alternative in the section “What is it?”."])
    ]
    refused.refresh_from_db()
    assert (refused.status, refused.article.live) == ("scheduled", None)
    assert len(rows()["Transition"]) == len(before) + 1


# The command


def test_command_tells_what_it_published(capsys):
    make_due("Gout", late=HOUR)
    make_due("Asthma", late=SECOND)

    call_command("publish_due")

    assert capsys.readouterr() == (
        "published: Gout (en), revision 1\npublished: Asthma (en), revision 1\n",
        "",
    )


def test_command_tells_what_it_could_not_publish_and_why(capsys):
    spoil(make_due("Gout", late=HOUR))
    make_due("Asthma", late=SECOND)

    call_command("publish_due")

    out, err = capsys.readouterr()
    assert out == "published: Asthma (en), revision 1\n"
    assert err == ("not published: Gout (en), revision 1: Missing: a text alternative in the section “What is it?”.\n")


def test_command_without_anything_due_is_silent(capsys):
    make_scheduled()

    call_command("publish_due")

    assert capsys.readouterr() == ("", "")


def test_command_looks_again_with_every(capsys, monkeypatch):
    """It waits as long as it was told, and finds what became due meanwhile."""
    waited = []

    def sleep(seconds: int) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            raise KeyboardInterrupt
        make_due()

    monkeypatch.setattr(publish_due.time, "sleep", sleep)
    # The connection is the test's own.
    monkeypatch.setattr(connection, "close", lambda: None)

    with pytest.raises(KeyboardInterrupt):
        call_command("publish_due", every=30)

    assert waited == [30, 30]
    assert capsys.readouterr().out == "published: Gout (en), revision 1\n"


# Two at once


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_publish_once():
    text = make_due()

    outcomes = together(*[workflow.publish_due] * 2)

    results = [outcome.result() for outcome in outcomes]
    assert sorted((len(published), refused) for published, refused in results) == [(0, []), (1, [])]
    assert steps(text.article)[-1:] == [(1, "publish")]
    assert text.transitions.filter(action="publish").count() == 1


@pytest.mark.django_db(transaction=True)
def test_scheduler_behind_a_scheduler_finds_nothing_to_do():
    make_due()

    second = behind(workflow.publish_due, workflow.publish_due)

    assert second.result() == ([], [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "undo",
    [
        workflow.unschedule,
        lambda text: workflow.send_back(text, comment="A mistake in the dose."),
        lambda text: workflow.schedule(workflow.unschedule(text), tomorrow()),
    ],
    ids=["unscheduled", "sent back", "put off"],
)
def test_scheduler_behind_a_publisher_who_takes_the_time_back_publishes_nothing(undo):
    """The text was due when the scheduler looked; an unscheduled one is still approved, but nobody wants it out."""
    text = make_due()

    second = behind(lambda: undo(text), workflow.publish_due)

    assert second.result() == ([], [])
    text.refresh_from_db()
    assert (text.status in ("approved", "draft", "scheduled"), text.article.live) == (True, None)


@pytest.mark.django_db(transaction=True)
def test_taking_the_time_back_behind_the_scheduler_comes_too_late():
    text = make_due()

    second = behind(workflow.publish_due, lambda: workflow.unschedule(text))

    assert second.exception().messages == ["Not possible: revision 1 is now “Published”."]
    text.refresh_from_db()
    assert text.article.live == text


@pytest.mark.django_db(transaction=True)
def test_scheduler_behind_a_publisher_leaves_the_publication_alone():
    text = make_due()
    # Tests that commit empty all tables, the roles too.
    publisher = make_user("publisher", is_superuser=True)

    second = behind(lambda: workflow.publish(text, publisher), workflow.publish_due)

    assert second.result() == ([], [])
    text.refresh_from_db()
    assert text.published_by == publisher
