"""The publish gate: each thing that can be missing is named, alone and all together, and nothing passes without it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from conditions import gate, workflow
from conditions.models import Article, Picture, Revision, Section
from tests.conditions.database import unguarded, update
from tests.conditions.texts import make_successor, rows, tomorrow
from tests.factories import make_approved, make_condition, make_draft, make_published

pytestmark = pytest.mark.django_db

Spoil = Callable[[Revision], Any]


def show_unexplained_picture(text: Revision) -> None:
    """The database refuses a picture without any alternative; one of spaces is as useless."""
    picture = Picture.objects.create(alt="  ", width=640, height=480, widths=[640])
    text.sections.update(picture=picture)


# What the gate says → the text of which it says just that
MISSING_FOR_REVIEW: dict[str, Spoil] = {
    "a title": lambda text: update(text, title="  "),
    "a summary": lambda text: update(text, teaser=" \n"),
    "an author": lambda text: update(text, author=None),
    "at least one source": lambda text: text.sources.all().delete(),
    "at least one section": lambda text: text.sections.all().delete(),
    "text in the section “What is it?”": lambda text: text.sections.update(body=""),
    "a text alternative in the section “What is it?”": show_unexplained_picture,
}
MISSING_FOR_PUBLICATION: dict[str, Spoil] = MISSING_FOR_REVIEW | {
    "a medical reviewer": lambda text: update(text, reviewer=None),
    "the date of the medical review": lambda text: update(text, reviewed_on=None),
    "the date of the next review": lambda text: update(text, review_due=None),
}
OUTLETS: dict[str, Spoil] = {
    "publish": workflow.publish,
    "schedule": lambda text: workflow.schedule(text, tomorrow()),
}


def spoilt(text: Revision, spoil: Spoil) -> Revision:
    with unguarded():
        spoil(text)
    return Revision.objects.get(pk=text.pk)


# Before the review


def test_complete_draft_lacks_nothing_but_the_review():
    draft = make_draft()

    assert gate.missing_for_review(draft) == []
    assert gate.missing_for_publication(draft) == [
        "a medical reviewer",
        "the date of the medical review",
        "the date of the next review",
    ]


@pytest.mark.parametrize("message", MISSING_FOR_REVIEW)
def test_submit_names_what_is_missing_and_changes_nothing(message):
    draft = make_draft()
    MISSING_FOR_REVIEW[message](draft)
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.submit(draft)

    assert refusal.value.messages == [f"Missing: {message}."]
    assert gate.missing_for_review(Revision.objects.get()) == [message]
    assert rows() == before


@pytest.mark.parametrize("body", ["", "  ", "<p></p>", "<p></p><p></p>", "<p>&nbsp;</p>", "<ul><li><p></p></li></ul>"])
def test_gate_names_each_section_without_text(body):
    draft = make_draft()
    for heading in ("Why “so”?", "What now?"):
        Section.objects.create(revision=draft, heading=heading, body=body)

    assert gate.missing_for_review(draft) == [
        "text in the section “Why “so”?”",
        "text in the section “What now?”",
    ]


def test_picture_with_an_alternative_passes():
    draft = make_draft()
    draft.sections.update(picture=Picture.objects.create(alt="A liver", width=640, height=480, widths=[640]))

    assert gate.missing_for_review(draft) == []


def test_submit_names_everything_at_once():
    draft = workflow.open_draft(Article.objects.create(condition=make_condition()))
    update(draft, title="")

    with pytest.raises(ValidationError) as refusal:
        workflow.submit(draft)

    assert refusal.value.messages == [
        "Missing: a title.",
        "Missing: a summary.",
        "Missing: an author.",
        "Missing: at least one source.",
        "Missing: at least one section.",
    ]


def test_submit_names_all_that_is_wrong_with_the_sections():
    draft = make_draft()
    show_unexplained_picture(draft)
    draft.sections.update(body="")

    with pytest.raises(ValidationError) as refusal:
        workflow.submit(draft)

    assert refusal.value.messages == [
        "Missing: text in the section “What is it?”.",
        "Missing: a text alternative in the section “What is it?”.",
    ]


# Before the publication


def test_approved_text_lacks_nothing():
    assert gate.missing_for_publication(make_approved()) == []


@pytest.mark.parametrize("outlet", OUTLETS)
@pytest.mark.parametrize("message", MISSING_FOR_PUBLICATION)
def test_publication_names_what_is_missing_and_changes_nothing(message, outlet):
    """An approved text is frozen; the gate looks again all the same, should somebody have broken it open."""
    text = spoilt(make_successor(make_published()), MISSING_FOR_PUBLICATION[message])
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        OUTLETS[outlet](text)

    assert refusal.value.messages == [f"Missing: {message}."]
    assert gate.missing_for_publication(text) == [message]
    assert rows() == before


@pytest.mark.parametrize("outlet", OUTLETS)
def test_publication_names_everything_at_once(outlet):
    text = make_approved()
    emptied = {"title": "", "teaser": "", "author": None, "reviewer": None, "reviewed_on": None, "review_due": None}
    text = spoilt(text, lambda text: (update(text, **emptied), text.sources.all().delete()))
    text = spoilt(text, lambda text: (show_unexplained_picture(text), text.sections.update(body="")))
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        OUTLETS[outlet](text)

    assert refusal.value.messages == [
        "Missing: a title.",
        "Missing: a summary.",
        "Missing: an author.",
        "Missing: at least one source.",
        "Missing: text in the section “What is it?”.",
        "Missing: a text alternative in the section “What is it?”.",
        "Missing: a medical reviewer.",
        "Missing: the date of the medical review.",
        "Missing: the date of the next review.",
    ]
    assert rows() == before


def test_gate_refuses_a_reviewer_who_wrote_the_text():
    """The database refuses it too: this is for its words."""
    text = make_approved()
    text.reviewer = text.author

    assert gate.missing_for_publication(text) == ["a medical reviewer other than the author"]


def test_gate_without_author_and_reviewer_does_not_take_them_for_one():
    text = make_approved()
    text.reviewer = text.author = None

    assert gate.missing_for_publication(text) == ["an author", "a medical reviewer"]


def test_check_lets_pass_what_lacks_nothing():
    assert gate.check([]) is None
