"""PostgreSQL freezes a submitted text: raw writes to it are refused, whatever they change and wherever they come from.

Every column of a text must be named here as frozen or as written by a step, so that a new one is not forgotten.
"""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError, Value
from django.utils import timezone

from conditions import workflow
from conditions.enums import RevisionStatus
from conditions.models import Article, Picture, Revision, Section, Source
from tests.conditions.database import check_triggers, refused, unguarded, update
from tests.conditions.texts import MAKERS, rows, tomorrow
from tests.factories import make_approved, make_condition, make_contributor, make_draft, make_published

pytestmark = pytest.mark.django_db

NOW = timezone.now()
FROZEN = sorted(MAKERS.keys() - {"draft"})


def another_user() -> User:
    return User.objects.create(username="another")


# The columns of a text: column → another value for it
TEXT: dict[str, Callable[[Revision], Any]] = {
    "article": lambda _text: Article.objects.create(condition=make_condition("Gout")),
    "number": lambda _text: 99,
    "title": lambda _text: "Another",
    "teaser": lambda text: text.teaser + " ",
    "key_points": lambda _text: ["Another."],
    "author": lambda _text: make_contributor("Another"),
    "change_note": lambda _text: "Another",
    "imported_from": lambda _text: "another",
    "based_on": lambda text: text,
    "translated_from": lambda text: text,
    "version": lambda text: text.version + 1,
    "created_at": lambda _text: NOW,
    "edited_at": lambda _text: NOW,
}
REVIEW: dict[str, Callable[[Revision], Any]] = {
    "reviewer": lambda _text: make_contributor("Another"),
    "reviewed_on": lambda _text: datetime.date(2026, 5, 1),
    "review_due": lambda _text: datetime.date(2028, 5, 1),
}
# Who took a step, and when
STEPS: dict[str, Callable[[Revision], Any]] = {
    "created_by": lambda _text: another_user(),
    "submitted_by": lambda _text: another_user(),
    "published_by": lambda _text: another_user(),
    "published_at": lambda _text: NOW + datetime.timedelta(days=1),
    "publish_at": lambda text: NOW + datetime.timedelta(days=5) if text.status == "scheduled" else None,
}
COLUMNS = TEXT | REVIEW | STEPS


def test_every_column_is_tested():
    assert {field.name for field in Revision._meta.concrete_fields} == COLUMNS.keys() | {"id", "status"}


@pytest.mark.parametrize("status", FROZEN)
@pytest.mark.parametrize("column", sorted(COLUMNS.keys() - {"publish_at"}))
def test_column_of_a_submitted_text_is_frozen(column, status):
    text = MAKERS[status]()
    value = COLUMNS[column](text)

    with refused("revision_frozen"):
        update(text, **{column: value})


def test_time_of_a_scheduled_text_is_frozen():
    """A text in another state has none: tested in test_articles."""
    text = MAKERS["scheduled"]()

    with refused("revision_frozen"):
        update(text, publish_at=NOW + datetime.timedelta(days=5))


@pytest.mark.parametrize("column", sorted(COLUMNS.keys() - {"publish_at", "article"}))
def test_column_of_a_draft_is_not_frozen(column):
    """The refusals above are not about the values."""
    draft = make_draft()
    value = COLUMNS[column](draft)

    assert getattr(update(draft, **{column: value}), column) == value


@pytest.mark.parametrize("status", FROZEN)
def test_saving_a_submitted_text_as_a_whole_is_refused(status):
    text = MAKERS[status]()
    text.title = "Another"

    with refused("revision_frozen"):
        text.save()


@pytest.mark.parametrize(("status", "step"), [("in_review", "approved"), ("approved", "published")])
@pytest.mark.parametrize("column", sorted(TEXT.keys() - {"article"}))
def test_text_cannot_change_with_a_step(column, status, step):
    """Else what is published would not be what was approved."""
    text = MAKERS[status]()
    value = TEXT[column](text)

    with refused("revision_frozen"):
        update(text, status=step, published_at=NOW, **{column: value})


@pytest.mark.parametrize("status", ["in_review", "approved", "scheduled"])
def test_text_cannot_change_while_it_is_sent_back(status):
    text = MAKERS[status]()

    with refused("revision_frozen"):
        update(text, status="draft", publish_at=None, title="Another")


@pytest.mark.parametrize("column", REVIEW)
def test_review_cannot_change_with_the_publication(column):
    text = make_approved()
    value = REVIEW[column](text)

    with refused("revision_frozen"):
        update(text, status="published", published_at=NOW, **{column: value})


@pytest.mark.parametrize("status", FROZEN)
def test_submitted_text_cannot_be_deleted(status):
    text = MAKERS[status]()

    with refused("revision_frozen"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM conditions_revision WHERE id = %s", [text.pk])


@pytest.mark.parametrize("status", FROZEN)
def test_submitted_text_cannot_be_deleted_through_the_models(status):
    text = MAKERS[status]()
    before = rows()

    with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
        text.delete()

    assert rows() == before


# Sections and sources

PARTS: dict[type[Model], dict[str, Callable[[Revision], Any]]] = {
    Section: {
        "revision": lambda _text: make_draft(make_condition("Gout")),
        "ordering": lambda _text: 99,
        "heading": lambda _text: "Another",
        "aspect": lambda _text: "causes",
        "body": lambda _text: "<p>Another.</p>",
        "picture": lambda _text: Picture.objects.create(alt="A liver", width=640, height=480, widths=[640]),
    },
    Source: {
        "revision": lambda _text: make_draft(make_condition("Gout")),
        "ordering": lambda _text: 99,
        "citation": lambda _text: "Another",
        "url": lambda _text: "https://example.org/another",
        "year": lambda _text: 1999,
        "section": lambda _text: None,
    },
}
PART_COLUMNS = [(model, column) for model, columns in PARTS.items() for column in columns]


@pytest.mark.parametrize("model", PARTS)
def test_every_column_of_the_parts_is_tested(model):
    assert {field.name for field in model._meta.concrete_fields} == PARTS[model].keys() | {"id"}


@pytest.mark.parametrize("status", FROZEN)
@pytest.mark.parametrize(("model", "column"), PART_COLUMNS)
def test_column_of_a_part_is_frozen(model, column, status):
    text = MAKERS[status]()
    value = PARTS[model][column](text)

    with refused("revision_frozen"):
        model.objects.filter(revision=text).update(**{column: value})


@pytest.mark.parametrize(("model", "column"), PART_COLUMNS)
def test_column_of_a_drafts_part_is_not_frozen(model, column):
    draft = make_draft()
    value = PARTS[model][column](draft)

    assert model.objects.filter(revision=draft).update(**{column: value}) == 1


@pytest.mark.parametrize("status", FROZEN)
def test_submitted_text_takes_no_part_and_loses_none(status):
    text = MAKERS[status]()
    foreign = make_draft(make_condition("Gout"))

    for model, values in ((Section, {"heading": "Another", "body": "<p>B</p>"}), (Source, {"citation": "Another"})):
        with refused("revision_frozen"):
            model.objects.create(revision=text, **values)
        with refused("revision_frozen"):
            model.objects.filter(revision=foreign).update(revision=text)
        with refused("revision_frozen"):
            model.objects.filter(revision=text).delete()
        with refused("revision_frozen"):
            model.objects.filter(revision=text)._raw_delete("default")


@pytest.mark.parametrize("status", ["in_review", "approved", "scheduled"])
def test_text_that_was_sent_back_can_be_changed_again(status):
    text = workflow.send_back(MAKERS[status](), comment="Shorter, please.")

    text.sections.update(body="<p>Short.</p>")
    text.sources.all().delete()

    assert update(text, title="Short").title == "Short"


# The arrows

ARROWS = {
    ("draft", "in_review"),
    ("in_review", "draft"),
    ("in_review", "approved"),
    ("approved", "draft"),
    ("approved", "scheduled"),
    ("approved", "published"),
    ("scheduled", "draft"),
    ("scheduled", "approved"),
    ("scheduled", "published"),
    ("published", "archived"),
}
PAIRS = [(before, after) for before in RevisionStatus.values for after in RevisionStatus.values if before != after]


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair not in ARROWS])
def test_no_other_way_leads_from_state_to_state(before, after):
    text = MAKERS[before]()
    times = {"publish_at": tomorrow() if after == "scheduled" else None}

    with refused("revision_step"):
        update(text, status=after, **times)


@pytest.mark.parametrize(("before", "after"), sorted(ARROWS))
def test_arrow_leads_from_state_to_state(before, after):
    text = MAKERS[before]()
    times = {"publish_at": tomorrow() if after == "scheduled" else None}
    if after == "published":
        times["published_at"] = NOW

    moved = update(text, status=after, **times)
    Article.objects.filter(pk=text.article_id).update(live=text if after == "published" else None)

    assert moved.status == after
    check_triggers()


@pytest.mark.parametrize("status", FROZEN)
def test_text_begins_as_a_draft(status):
    article = Article.objects.create(condition=make_condition())
    publish_at = tomorrow() if status == "scheduled" else None

    with refused("revision_step"):
        Revision.objects.create(article=article, number=1, title="T", status=status, publish_at=publish_at)


# A published text is whole


def put_live(text: Revision) -> None:
    update(text, status="published", published_at=NOW)
    Article.objects.filter(pk=text.article_id).update(live=text)


def test_complete_text_can_be_put_live():
    """What the refusals below start from is right but for the one thing they are about."""
    put_live(make_approved())

    check_triggers()


def test_revision_without_source_cannot_be_published():
    text = make_approved()
    with unguarded():
        text.sources.all().delete()

    with refused("revision_published_has_source"):
        put_live(text)


def test_revision_without_sections_cannot_be_published():
    text = make_approved()
    with unguarded():
        text.sections.all().delete()

    with refused("revision_published_has_sections"):
        put_live(text)


@pytest.mark.parametrize("body", ["", "  "])
def test_revision_with_an_empty_section_cannot_be_published(body):
    text = make_approved()
    with unguarded():
        Section.objects.create(revision=text, heading="Why?")
        Section.objects.filter(heading="Why?").update(body=Value(body))

    with refused("revision_published_has_sections"):
        put_live(text)


def test_last_source_of_a_published_revision_cannot_be_deleted():
    """Not even past the guard that freezes it."""
    published = make_published()

    with refused("revision_published_has_source"), unguarded():
        published.sources.all().delete()


def test_last_source_of_a_published_revision_cannot_move_away():
    published = make_published()
    draft = workflow.open_draft(published.article)

    with refused("revision_published_has_source"), unguarded():
        published.sources.update(revision=draft)
