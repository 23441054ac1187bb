"""Two editors at once, each on a connection of their own: one waits for the other and then sees what was done."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from conditions import workflow
from conditions.models import Article, Revision, Source
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db(transaction=True)

SOMEBODY_WAITS_FOR_US = """
    SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
"""
PATIENCE = 10.0

Action = Callable[[], Any]


def on_own_connection(action: Action) -> Any:
    try:
        return action()
    finally:
        connection.close()


def behind(first: Action, second: Action) -> Future[Any]:
    """Start ``second`` while the transaction of ``first`` is open, commit when it waits or is done; its outcome."""
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        first()
        outcome = pool.submit(on_own_connection, second)
        until = time.monotonic() + PATIENCE
        while not outcome.done() and not somebody_waits_for_us():
            assert time.monotonic() < until
            time.sleep(0.005)
    return outcome


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(SOMEBODY_WAITS_FOR_US)
        return cursor.fetchone()[0]


def together(*actions: Action) -> list[Future[Any]]:
    """Start all at the same moment, wait for all."""
    start = Barrier(len(actions))

    def run(action: Action) -> Any:
        connection.ensure_connection()
        start.wait(PATIENCE)
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [pool.submit(on_own_connection, lambda action=action: run(action)) for action in actions]


def statuses() -> list[tuple[int, str]]:
    return list(Revision.objects.order_by("number").values_list("number", "status"))


def live() -> Revision | None:
    return Article.objects.get().live


# Drafts


def test_two_who_open_a_draft_get_the_same():
    article = make_published().article
    drafts: list[Revision] = []

    second = behind(lambda: drafts.append(workflow.open_draft(article)), lambda: workflow.open_draft(article))

    assert drafts == [second.result()]
    assert statuses() == [(1, "published"), (2, "draft")]


def test_four_who_open_a_draft_at_once_get_the_same():
    article = make_published().article

    outcomes = together(*[lambda: workflow.open_draft(article)] * 4)

    assert {outcome.result().number for outcome in outcomes} == {2}
    assert statuses() == [(1, "published"), (2, "draft")]


def test_draft_opened_during_a_publication_starts_from_the_new_text():
    former = make_published()
    draft = workflow.open_draft(former.article)
    draft.sections.update(body="<p>Newer.</p>")

    opened = behind(lambda: workflow.publish(draft), lambda: workflow.open_draft(former.article)).result()

    assert (opened.number, opened.based_on) == (3, draft)
    assert opened.sections.get().body == "<p>Newer.</p>"


def test_draft_opened_during_the_first_publication_starts_from_it():
    draft = make_draft()

    opened = behind(lambda: workflow.publish(draft), lambda: workflow.open_draft(draft.article)).result()

    assert (opened.number, opened.based_on) == (2, draft)


# Publishing


@pytest.mark.parametrize("has_former", [False, True])
def test_two_who_publish_the_same_text(has_former):
    draft = workflow.open_draft(make_published().article) if has_former else make_draft()

    second = behind(lambda: workflow.publish(draft), lambda: workflow.publish(draft))

    assert isinstance(second.exception(), ValidationError)
    assert second.exception().messages == [f"Revision {draft.number} is published and cannot be published."]
    assert live() == draft
    assert statuses()[-1] == (draft.number, "published")


def test_four_who_publish_the_same_text_at_once():
    former = make_published()
    draft = workflow.open_draft(former.article)

    outcomes = together(*[lambda: workflow.publish(draft)] * 4)

    errors = [outcome.exception() for outcome in outcomes]
    assert errors.count(None) == 1
    assert sum(isinstance(error, ValidationError) for error in errors) == 3
    assert statuses() == [(1, "archived"), (2, "published")]
    assert live() == draft


def test_two_who_publish_different_texts():
    """While the second waits, the first publishes its own text and the next: the second is out of date."""
    former = make_published()
    draft = workflow.open_draft(former.article)

    def first() -> None:
        workflow.publish(draft)
        workflow.publish(workflow.open_draft(former.article))

    second = behind(first, lambda: workflow.publish(draft))

    assert isinstance(second.exception(), ValidationError)
    assert second.exception().messages == ["Revision 2 is archived and cannot be published."]
    assert statuses() == [(1, "archived"), (2, "archived"), (3, "published")]
    assert live().number == 3


# Withdrawing


def test_two_who_withdraw():
    article = make_published().article

    second = behind(lambda: workflow.withdraw(article), lambda: workflow.withdraw(article))

    assert isinstance(second.exception(), ValidationError)
    assert second.exception().messages == ["This article is not published."]
    assert statuses() == [(1, "archived")]


def test_withdrawal_during_a_publication_takes_the_new_text_off():
    former = make_published()
    draft = workflow.open_draft(former.article)

    behind(lambda: workflow.publish(draft), lambda: workflow.withdraw(former.article)).result()

    assert statuses() == [(1, "archived"), (2, "archived")]
    assert live() is None


def test_publication_during_a_withdrawal_stands():
    former = make_published()
    draft = workflow.open_draft(former.article)

    behind(lambda: workflow.withdraw(former.article), lambda: workflow.publish(draft)).result()

    assert statuses() == [(1, "archived"), (2, "published")]
    assert live() == draft


# Past the workflow


def test_last_source_deleted_during_the_publication_is_noticed():
    """Each transaction passes its own checks before it can see the other: one of the two must still fail."""
    draft = make_draft()

    def delete_sources() -> None:
        Source.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    try:
        second = behind(delete_sources, lambda: workflow.publish(draft))
    except IntegrityError:
        assert Source.objects.count() == 1
    else:
        assert isinstance(second.exception(), IntegrityError | ValidationError)
        assert statuses() == [(1, "draft")]
