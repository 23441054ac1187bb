"""What PostgreSQL promises of articles: every constraint and trigger refuses raw writes that break it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.db import IntegrityError, transaction
from django.db.models import F, Model, ProtectedError
from django.utils import timezone

from conditions import workflow
from conditions.models import Article, Condition, ContentVersion, Contributor, Picture, Revision, Section, Source
from tests.conditions.database import check_triggers, refused, unguarded, update
from tests.conditions.texts import MAKERS, make_successor
from tests.factories import (
    REVIEW_DUE,
    REVIEWED_ON,
    make_approved,
    make_condition,
    make_contributor,
    make_draft,
    make_published,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def picture(**values: Any) -> Picture:
    return Picture(**{"alt": "A liver", "width": 640, "height": 480, "widths": [320, 640], **values})


# Checks and unique columns: constraint → the write it must refuse


def second_article(revision: Revision) -> None:
    Article.objects.create(condition=revision.article.condition, language=revision.article.language)


def second_revision(revision: Revision, **values: object) -> None:
    values = {"article": revision.article, "number": 99, "title": "T", **values}
    Revision.objects.bulk_create([Revision(**values)])


def import_twice(revision: Revision) -> None:
    update(revision, imported_from="medquad-1")
    update(make_draft(make_condition("Gout")), imported_from="medquad-1")


def reuse_number(revision: Revision) -> None:
    """One text of an article is open: the other is in the history."""
    with unguarded():
        update(revision, status="archived")
    second_revision(revision, number=revision.number)


def past_the_guards(revision: Revision, **values: object) -> None:
    with unguarded():
        update(revision, **values)


BREACHES: dict[str, Callable[[Revision], object]] = {
    "article_condition_language": second_article,
    "revision_number": reuse_number,
    "revision_one_open": second_revision,
    "revision_imported_once": import_twice,
    "revision_status": lambda draft: past_the_guards(draft, status="lost"),
    "revision_scheduled_has_time": lambda draft: update(draft, publish_at=timezone.now()),
    "revision_reviewer_is_not_author": lambda draft: update(draft, reviewer=F("author")),
    "revision_due_after_review": lambda draft: update(draft, reviewed_on=REVIEWED_ON, review_due=REVIEWED_ON),
    "revision_published_is_complete": lambda draft: past_the_guards(draft, status="published"),
    "section_aspect": lambda draft: draft.sections.update(aspect="gossip"),
    "source_year": lambda draft: draft.sources.update(year=1899),
    "picture_has_alt": lambda _draft: picture(alt="").save(),
    "picture_has_size": lambda _draft: picture(widths=[]).save(),
    "content_version_single": lambda _draft: ContentVersion.objects.create(pk=2, number=1),
}
# Of the vocabulary: tested in test_vocabulary and test_term_names.
ELSEWHERE = {"condition_body_area", "treatment_kind", "term_name_of_one"}
# In test_translations, test_glossary and test_article_changes.
ELSEWHERE |= {"translation_of_one", *(f"translation_{kind}_once" for kind in ("condition", "treatment", "specialty"))}
ELSEWHERE |= {"glossary_slug_once", "glossary_term_once", "urgent_signs_once", "urgent_signs_any"}


@pytest.mark.parametrize("constraint", BREACHES)
def test_constraint_refuses_a_breach(constraint):
    draft = make_draft()

    with refused(constraint):
        BREACHES[constraint](draft)


def test_every_declared_constraint_is_tested():
    models = apps.get_app_config("conditions").get_models()

    declared = {constraint.name for model in models for constraint in model._meta.constraints}

    assert declared == BREACHES.keys() | ELSEWHERE


@pytest.mark.parametrize(
    "missing",
    [
        {"author": None},
        {"reviewer": None},
        {"reviewed_on": None},
        {"review_due": None},
        {"published_at": None},
        {"title": ""},
        {"teaser": ""},
    ],
    ids=lambda missing: next(iter(missing)),
)
def test_published_revision_lacks_nothing(missing):
    published = make_published()

    with refused("revision_published_is_complete"):
        past_the_guards(published, **missing)


@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "scheduled"])
def test_article_has_one_open_revision_in_whatever_state(status):
    text = MAKERS[status]()

    with refused("revision_one_open"):
        second_revision(text)


@pytest.mark.parametrize("status", ["published", "archived"])
def test_article_takes_a_draft_beside_a_text_that_is_not_open(status):
    text = MAKERS[status]()

    second_revision(text)

    assert text.article.revisions.count() == 2


@pytest.mark.parametrize(("maker", "values"), [("scheduled", {"publish_at": None}), ("approved", {"publish_at": NOW})])
def test_time_of_publication_belongs_to_scheduled_texts_alone(maker, values):
    text = MAKERS[maker]()

    with refused("revision_scheduled_has_time"):
        past_the_guards(text, **values)


def test_constraints_leave_room_for_unfinished_drafts():
    draft = make_draft()

    update(draft, author=None, reviewer=None, reviewed_on=None, review_due=None, title="", teaser="", imported_from="")
    update(draft, reviewer=make_contributor())
    update(draft, reviewed_on=REVIEWED_ON, review_due=None)
    update(draft, reviewed_on=None, review_due=REVIEW_DUE)
    make_draft(draft.article.condition, "de")

    assert (Revision.objects.count(), Article.objects.count()) == (2, 2)


@pytest.mark.parametrize("year", [1899, 2101])
def test_year_of_a_source_is_plausible(year):
    draft = make_draft()
    assert draft.sources.update(year=1900) == draft.sources.update(year=2100) == draft.sources.update(year=None) == 1

    with refused("source_year"):
        draft.sources.update(year=year)


@pytest.mark.parametrize("values", [{"width": 0}, {"height": 0}, {"widths": []}], ids=str)
def test_picture_has_a_size(values):
    with refused("picture_has_size"):
        picture(**values).save()


def test_picture_identifiers_are_unique():
    former = picture()
    former.save()

    with refused("conditions_picture_uid_key"):
        picture(uid=former.uid).save()


def test_revision_is_live_for_one_article_only():
    published = make_published()
    other = Article.objects.create(condition=make_condition("Gout"))

    with refused("conditions_article_live_id_key"):
        Article.objects.filter(pk=other.pk).update(live=published)


# Triggers


def test_triggers_accept_what_the_workflow_does():
    published = make_published()
    check_triggers()

    successor = workflow.publish(make_successor(published))
    check_triggers()
    workflow.archive(successor)
    check_triggers()

    assert list(Revision.objects.order_by("number").values_list("status", flat=True)) == ["archived", "archived"]


@pytest.mark.parametrize("status", sorted(MAKERS.keys() - {"published"}))
def test_live_revision_must_be_published(status):
    text = MAKERS[status]()

    with refused("article_live_is_published"):
        Article.objects.filter(pk=text.article_id).update(live=text)


def test_live_revision_must_belong_to_its_article():
    published = make_published()
    stranger = Article.objects.create(condition=make_condition("Gout"))

    with refused("article_live_is_published", "article_published_is_live"):
        Article.objects.filter(pk=published.article_id).update(live=None)
        Article.objects.filter(pk=stranger.pk).update(live=published)


def test_new_article_cannot_point_to_the_text_of_another():
    archived = workflow.archive(make_published())

    with refused("article_live_is_published"):
        Article.objects.bulk_create([Article(condition=make_condition("Gout"), live=archived)])


def test_live_revision_cannot_move_to_another_article():
    """The article that is left behind points to a text that is no longer its own."""
    published = make_published()
    stranger = Article.objects.create(condition=make_condition("Gout"))

    with refused("article_live_is_published", "article_published_is_live"):
        past_the_guards(published, article=stranger)


def test_live_revision_cannot_move_and_change_its_status_at_once():
    published = make_published()
    stranger = Article.objects.create(condition=make_condition("Gout"))

    with refused("article_live_is_published"):
        past_the_guards(published, article=stranger, status="archived")


def test_live_revision_cannot_change_its_status_alone():
    published = make_published()

    with refused("article_live_is_published"):
        update(published, status="archived")


def test_published_revision_must_be_live():
    text = make_approved()

    with refused("article_published_is_live"):
        update(text, status="published", published_at=NOW)


def test_published_revision_cannot_be_inserted_beside_the_live_one():
    published = make_published()
    fields = ("author", "reviewer", "reviewed_on", "review_due", "teaser", "published_at")

    with refused("article_published_is_live"), unguarded():
        second_revision(published, status="published", **{field: getattr(published, field) for field in fields})


def test_pointer_cannot_be_taken_from_a_published_revision():
    published = make_published()

    with refused("article_published_is_live"):
        Article.objects.filter(pk=published.article_id).update(live=None)


@pytest.mark.django_db(transaction=True)
def test_triggers_run_at_the_commit():
    published = make_published()

    with pytest.raises(IntegrityError, match="a published revision must be the live one"):
        Article.objects.filter(pk=published.article_id).update(live=None)
    with pytest.raises(IntegrityError, match="a published revision needs a source"), transaction.atomic(), unguarded():
        Source.objects.all()._raw_delete("default")

    assert Article.objects.get().live == published
    assert Source.objects.count() == 1


# Deleting


def delete_raw(model: type[Model]) -> None:
    model._default_manager.all()._raw_delete("default")
    check_triggers()


@pytest.mark.parametrize("model", [Condition, Article, Revision, Contributor])
def test_content_in_use_cannot_be_deleted(model):
    make_published()
    check_triggers()

    with pytest.raises(ProtectedError):
        model.objects.all().delete()
    with pytest.raises(IntegrityError, match="violates foreign key constraint"), transaction.atomic(), unguarded():
        delete_raw(model)

    assert Revision.objects.count() == 1


def test_deleting_a_section_keeps_its_sources():
    draft = make_draft()

    draft.sections.all().delete()

    assert draft.sources.get().section is None


def test_deleting_a_draft_takes_its_sections_and_sources_along():
    make_draft().delete()

    assert (Section.objects.count(), Source.objects.count(), Article.objects.count()) == (0, 0, 1)


# Visibility


@pytest.fixture
def texts() -> dict[str, Revision]:
    """One published text with a draft after it, and a live text of a condition that is not public."""
    published = make_published(make_condition("Gout"))
    hidden = make_published(make_condition("Asthma"))
    Condition.objects.filter(name="Asthma").update(is_published=False)
    make_draft(make_condition("Colic"))
    return {"published": published, "draft": workflow.open_draft(published.article), "hidden": hidden}


def test_published_leaves_drafts_and_texts_of_hidden_conditions_out(texts):
    assert list(Revision.objects.published()) == [texts["published"]]
    assert list(Article.objects.published()) == [texts["published"].article]


def test_visible_to_depends_on_the_permission(texts):
    editor, reader = User.objects.create_user("editor"), User.objects.create_user("reader", is_staff=True)
    editor.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "view_revision"]))

    assert Revision.objects.visible_to(editor).count() == Revision.objects.count() == 4
    assert Article.objects.visible_to(editor).count() == Article.objects.count() == 3
    for visitor in (reader, AnonymousUser()):
        assert list(Revision.objects.visible_to(visitor)) == [texts["published"]]
        assert list(Article.objects.visible_to(visitor)) == [texts["published"].article]


def test_visible_to_hides_drafts_from_closed_accounts(texts):
    former = User.objects.create_superuser("former", is_active=False)

    assert list(Revision.objects.visible_to(former)) == [texts["published"]]
    assert list(Article.objects.visible_to(former)) == [texts["published"].article]


# Small things


def test_review_is_overdue_from_the_day_after():
    today = timezone.localdate()

    assert not Revision(review_due=None).review_is_overdue
    assert not Revision(review_due=today).review_is_overdue
    assert Revision(review_due=today - datetime.timedelta(days=1)).review_is_overdue


@pytest.mark.parametrize(
    ("heading", "ordering", "anchor"),
    [("What is it?", 10, "what-is-it-10"), ("…", 20, "section-20"), ("Überblick", 0, "uberblick-0")],
)
def test_anchor(heading, ordering, anchor):
    assert Section(heading=heading, ordering=ordering).anchor == anchor


def test_names_of_rows():
    draft = make_draft(make_condition("Gout"))

    assert str(draft.article) == "Gout (en)"
    assert str(draft) == "Gout (en), revision 1"
    assert str(Contributor(name="Dr. Ada Writer", qualification="Surgeon")) == "Dr. Ada Writer, Surgeon"
