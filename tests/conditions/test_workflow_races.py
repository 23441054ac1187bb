"""Two editors at once, each on a connection of their own: one waits for the other and then sees what was done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from conditions import workflow
from conditions.models import Article, Revision, Section, Source, Transition
from conditions.rules import Review
from tests.conditions.races import behind, together
from tests.conditions.texts import MAKERS, make_successor, tomorrow
from tests.factories import make_approved, make_contributor, make_draft, make_in_review, make_published

pytestmark = pytest.mark.django_db(transaction=True)


def statuses() -> list[tuple[int, str]]:
    return list(Revision.objects.order_by("number").values_list("number", "status"))


def live() -> Revision | None:
    return Article.objects.get().live


def actions() -> list[str]:
    """All steps in the history, the oldest first."""
    return list(Transition.objects.order_by("pk").values_list("action", flat=True))


def review() -> Review:
    return Review(make_contributor("Prof. Dr. Bo Reviewer"))


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


def test_two_who_open_the_first_draft_get_the_same():
    draft = make_draft()
    workflow.discard(draft)
    article = Article.objects.get()

    outcomes = together(*[lambda: workflow.open_draft(article)] * 2)

    assert {outcome.result().number for outcome in outcomes} == {2}
    assert statuses() == [(2, "draft")]
    assert actions() == ["edit", "discard", "edit"]


def test_two_who_restore_get_one_draft():
    archived = workflow.archive(make_published())

    second = behind(lambda: workflow.restore(archived), lambda: workflow.restore(archived))

    assert second.exception().messages == ["This article has an open draft. Publish or discard it first."]
    assert statuses() == [(1, "archived"), (2, "draft")]


def test_draft_opened_during_a_publication_starts_from_the_new_text():
    former = make_published()
    draft = make_draft(former.article.condition)
    draft.sections.update(body="<p>Newer.</p>")
    text = workflow.approve(workflow.submit(draft), review=review())

    opened = behind(lambda: workflow.publish(text), lambda: workflow.open_draft(former.article)).result()

    assert (opened.number, opened.based_on) == (3, text)
    assert opened.sections.get().body == "<p>Newer.</p>"


def test_draft_opened_during_the_first_publication_starts_from_it():
    text = make_approved()

    opened = behind(lambda: workflow.publish(text), lambda: workflow.open_draft(text.article)).result()

    assert (opened.number, opened.based_on) == (2, text)


# Submitting, while somebody writes


def rewrite(draft: Revision) -> None:
    workflow.write_draft(draft, {"title": "New"}, [Section(heading="New", body="n")], [(Source(citation="N"), None)])


WRITES: dict[str, Callable[[Revision], Any]] = {
    "write_draft": rewrite,
    "add_sections": lambda draft: workflow.add_sections(draft, [Section(heading="New", body="n")]),
    "discard": workflow.discard,
}
# As a script would: the database itself must refuse.
RAW_WRITES: dict[str, Callable[[Revision], Any]] = {
    "section changed": lambda draft: Section.objects.filter(revision=draft).update(body="<p>New.</p>"),
    "section saved": lambda _draft: Section.objects.get(heading="What is it?").save(),
    "section added": lambda draft: Section.objects.create(revision=draft, heading="New", body="n"),
    "section deleted": lambda _draft: Section.objects.all()._raw_delete("default"),
    "source changed": lambda draft: Source.objects.filter(revision=draft).update(year=1999),
    "source added": lambda draft: Source.objects.create(revision=draft, citation="New"),
    "source deleted": lambda draft: Source.objects.filter(revision=draft).delete(),
    "title changed": lambda draft: Revision.objects.filter(pk=draft.pk).update(title="New"),
}


def content() -> list[Any]:
    fields = ("title", "sections__heading", "sections__body", "sources__citation", "sources__year")
    return list(Revision.objects.values_list(*fields))


@pytest.mark.parametrize("write", WRITES)
def test_write_behind_a_submission_is_refused(write):
    draft = make_draft()
    before = content()

    second = behind(lambda: workflow.submit(draft), lambda: WRITES[write](draft))

    assert isinstance(second.exception(), ValidationError)
    assert (statuses(), content()) == ([(1, "in_review")], before)


@pytest.mark.parametrize("write", RAW_WRITES)
def test_raw_write_behind_a_submission_is_refused(write):
    draft = make_draft()
    before = content()

    second = behind(lambda: workflow.submit(draft), lambda: RAW_WRITES[write](draft))

    assert isinstance(second.exception(), IntegrityError)
    assert second.exception().__cause__.diag.constraint_name == "revision_frozen"
    assert (statuses(), content()) == ([(1, "in_review")], before)


def test_submission_behind_a_write_hands_in_what_was_written():
    draft = make_draft()

    behind(lambda: rewrite(draft), lambda: workflow.submit(draft)).result()

    assert (statuses(), content()) == ([(1, "in_review")], [("New", "New", "n", "N", None)])


def test_submission_behind_a_write_that_empties_the_draft_is_refused():
    draft = make_draft()

    second = behind(lambda: workflow.write_draft(draft, {}, [], []), lambda: workflow.submit(draft))

    assert second.exception().messages == ["Missing: at least one source.", "Missing: at least one section."]
    assert statuses() == [(1, "draft")]


def test_submission_behind_a_discard_is_refused():
    draft = make_draft()

    second = behind(lambda: workflow.discard(Revision.objects.get()), lambda: workflow.submit(draft))

    assert second.exception().messages == ["This draft was discarded meanwhile."]
    assert actions() == ["edit", "discard"]


def test_two_who_submit():
    draft = make_draft()

    second = behind(lambda: workflow.submit(draft), lambda: workflow.submit(draft))

    assert second.exception().messages == ["Not possible: revision 1 is now “In review”."]
    assert actions() == ["edit", "submit"]


# Reviewing


def test_send_back_behind_an_approval_undoes_it():
    text = make_in_review()

    second = behind(
        lambda: workflow.approve(text, review=review()), lambda: workflow.send_back(text, comment="Shorter, please.")
    )

    assert second.result().status == "draft"
    assert Revision.objects.values_list("status", "reviewer", "reviewed_on", "review_due").get() == (
        *("draft", None, None, None),
    )
    assert actions() == ["edit", "submit", "approve", "send-back"]


def test_approval_behind_a_send_back_is_refused():
    text = make_in_review()

    second = behind(
        lambda: workflow.send_back(text, comment="Shorter, please."), lambda: workflow.approve(text, review=review())
    )

    assert second.exception().messages == ["Not possible: revision 1 is now “Draft”."]
    assert Revision.objects.values_list("status", "reviewer").get() == ("draft", None)
    assert actions() == ["edit", "submit", "send-back"]


def test_two_reviewers_who_approve():
    text = make_in_review()
    first, other = Review(make_contributor("First")), Review(make_contributor("Other"))

    second = behind(lambda: workflow.approve(text, review=first), lambda: workflow.approve(text, review=other))

    assert second.exception().messages == ["Not possible: revision 1 is now “Approved”."]
    assert Revision.objects.get().reviewer == first.reviewer


@pytest.mark.parametrize("maker", ["approved", "scheduled"])
def test_publication_behind_a_send_back_is_refused(maker):
    text = MAKERS[maker]()

    second = behind(lambda: workflow.send_back(text, comment="A mistake in the dose."), lambda: workflow.publish(text))

    assert second.exception().messages == ["Not possible: revision 1 is now “Draft”."]
    assert live() is None


def test_send_back_behind_a_publication_is_refused():
    text = make_approved()

    second = behind(lambda: workflow.publish(text), lambda: workflow.send_back(text, comment="A mistake."))

    assert second.exception().messages == ["Not possible: revision 1 is now “Published”."]
    assert live() == text


# Publishing


@pytest.mark.parametrize("has_former", [False, True])
def test_two_who_publish_the_same_text(has_former):
    text = make_successor(make_published()) if has_former else make_approved()

    second = behind(lambda: workflow.publish(text), lambda: workflow.publish(text))

    assert isinstance(second.exception(), ValidationError)
    assert second.exception().messages == [f"Not possible: revision {text.number} is now “Published”."]
    assert live() == text
    assert statuses()[-1] == (text.number, "published")
    assert Transition.objects.filter(revision=text, action="publish").count() == 1


def test_four_who_publish_the_same_text_at_once():
    text = make_successor(make_published())

    outcomes = together(*[lambda: workflow.publish(text)] * 4)

    errors = [outcome.exception() for outcome in outcomes]
    assert errors.count(None) == 1
    assert sum(isinstance(error, ValidationError) for error in errors) == 3
    assert statuses() == [(1, "archived"), (2, "published")]
    assert live() == text
    assert actions()[-2:] == ["archive", "publish"]


def test_two_who_publish_different_texts():
    """While the second waits, the first publishes its own text and the next: the second is out of date."""
    former = make_published()
    text = make_successor(former)

    def first() -> None:
        workflow.publish(text)
        workflow.publish(make_successor(former))

    second = behind(first, lambda: workflow.publish(text))

    assert isinstance(second.exception(), ValidationError)
    assert second.exception().messages == ["Not possible: revision 2 is now “Archived”."]
    assert statuses() == [(1, "archived"), (2, "archived"), (3, "published")]
    assert live().number == 3


def test_schedule_behind_a_publication_is_refused():
    text = make_approved()

    second = behind(lambda: workflow.publish(text), lambda: workflow.schedule(text, tomorrow()))

    assert second.exception().messages == ["Not possible: revision 1 is now “Published”."]
    assert Revision.objects.get().publish_at is None


# Archiving


def test_two_who_archive():
    published = make_published()

    second = behind(lambda: workflow.archive(published), lambda: workflow.archive(published))

    assert isinstance(second.exception(), ValidationError)
    assert second.exception().messages == ["Not possible: revision 1 is now “Archived”."]
    assert statuses() == [(1, "archived")]


def test_archiving_behind_a_publication_does_not_take_the_new_text_off():
    """Whoever archives means the text they saw."""
    former = make_published()
    text = make_successor(former)

    second = behind(lambda: workflow.publish(text), lambda: workflow.archive(former))

    assert second.exception().messages == ["Not possible: revision 1 is now “Archived”."]
    assert statuses() == [(1, "archived"), (2, "published")]
    assert live() == text


def test_publication_behind_an_archiving_stands():
    former = make_published()
    text = make_successor(former)

    behind(lambda: workflow.archive(former), lambda: workflow.publish(text)).result()

    assert statuses() == [(1, "archived"), (2, "published")]
    assert live() == text


# Past the workflow


@pytest.mark.parametrize("part", [Section, Source])
def test_parts_deleted_behind_the_publication_are_kept(part):
    text = make_approved()

    second = behind(lambda: workflow.publish(text), lambda: part.objects.all().delete())

    assert isinstance(second.exception(), IntegrityError)
    assert part.objects.count() == 1
    assert live() == text


def test_last_source_deleted_during_a_submission_does_not_reach_readers():
    """A raw delete holds no lock of the workflow's: the gate may look before it is committed, and must look again."""
    draft = make_draft()

    second = behind(lambda: Source.objects.all().delete(), lambda: workflow.submit(draft))

    if second.exception() is None:
        text = workflow.approve(second.result(), review=review())
        with pytest.raises(ValidationError) as refusal:
            workflow.publish(text)
        assert refusal.value.messages == ["Missing: at least one source."]
    assert live() is None
