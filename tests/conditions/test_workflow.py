"""Drafts, publishing and withdrawing: what changes, what is refused, and that a refusal changes nothing."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from conditions import workflow
from conditions.models import Article, Condition, Picture, Revision, Section, Source
from tests.factories import REVIEW_DUE, REVIEWED_ON, make_condition, make_contributor, make_draft, make_published

pytestmark = pytest.mark.django_db

TOMORROW = timezone.localdate() + datetime.timedelta(days=1)


def rows() -> dict[str, list[dict[str, Any]]]:
    """All that is stored about articles, to see that nothing changed."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in (Condition, Article, Revision, Section, Source)
    }


def update(revision: Revision, **values: object) -> Revision:
    Revision.objects.filter(pk=revision.pk).update(**values)
    return Revision.objects.get(pk=revision.pk)


def statuses(article: Article) -> list[tuple[int, str]]:
    return list(article.revisions.order_by("number").values_list("number", "status"))


# Drafts


def test_first_draft_is_named_after_its_condition():
    article = Article.objects.create(condition=make_condition("Gout"))
    user = User.objects.create_user("writer")

    draft = workflow.open_draft(article, user)

    stored = Revision.objects.get()
    assert stored == draft
    assert (stored.number, stored.status, stored.title, stored.created_by) == (1, "draft", "Gout", user)
    assert (stored.based_on, stored.teaser, stored.key_points, stored.author) == (None, "", [], None)
    assert (stored.sections.count(), stored.sources.count()) == (0, 0)


def test_open_draft_of_a_published_text_copies_its_content():
    draft = make_draft(key_points=["First.", "Second."])
    picture = Picture.objects.create(alt="A liver", width=640, height=480, widths=[640])
    sections = [
        Section(heading="One", aspect="causes", body="<p>1</p>", picture=picture),
        Section(heading="Two", aspect="symptoms", body="<p>2</p>"),
    ]
    sources = [
        (Source(citation="B", url="https://example.org/b", year=2020), 1),
        (Source(citation="A"), 0),
        (Source(citation="C"), None),
    ]
    workflow.write_draft(draft, {"change_note": "Only of the first"}, sections, sources)
    update(draft, imported_from="medquad-1")
    published = workflow.publish(draft)

    copy = workflow.open_draft(published.article)

    copy.refresh_from_db()
    assert (copy.number, copy.status, copy.based_on) == (2, "draft", published)
    for field in workflow.COPIED_FIELDS:
        assert getattr(copy, field) == getattr(published, field)
    assert (copy.change_note, copy.imported_from, copy.published_at) == ("", "", None)
    assert list(copy.sections.values_list("heading", "aspect", "body", "picture", "ordering")) == [
        ("One", "causes", "<p>1</p>", picture.pk, 10),
        ("Two", "symptoms", "<p>2</p>", None, 20),
    ]
    assert list(copy.sources.values_list("citation", "url", "year", "section__heading", "section__revision")) == [
        ("B", "https://example.org/b", 2020, "Two", copy.pk),
        ("A", "", None, "One", copy.pk),
        ("C", "", None, None, None),
    ]


def test_open_draft_leaves_the_published_text_alone():
    published = make_published()
    before = rows()

    workflow.open_draft(published.article)

    after = rows()
    for name in ("Revision", "Section", "Source"):
        assert after[name][:1] == before[name]
    assert (after["Article"], after["Condition"]) == (before["Article"], before["Condition"])


def test_changing_the_draft_does_not_change_the_published_text():
    published = make_published()
    draft = workflow.open_draft(published.article)

    draft.sections.update(body="<p>New.</p>")
    draft.sources.all().delete()

    assert published.sections.get().body == "<p>A text.</p>"
    assert published.sources.count() == 1


@pytest.mark.parametrize("status", ["draft", "in_review", "approved"])
def test_open_draft_gives_everybody_the_same_draft(status):
    published = make_published()
    first = workflow.open_draft(published.article, User.objects.create_user("first"))
    update(first, status=status, title="Half written")
    before = rows()

    second = workflow.open_draft(published.article, User.objects.create_user("second"))

    assert (second, second.title) == (first, "Half written")
    assert rows() == before


def test_open_draft_reads_the_article_anew():
    """The article in the editor's hands may be older than the last publication."""
    stale = make_draft().article
    published = workflow.publish(stale.revisions.get())

    draft = workflow.open_draft(stale)

    assert (draft.number, draft.based_on) == (2, published)


def test_articles_number_their_revisions_apart():
    make_published(make_condition("Gout"))

    assert make_draft(make_condition("Asthma")).number == 1


# The publish gate

MISSING: dict[str, Callable[[Revision], Revision]] = {
    "a title": lambda draft: update(draft, title="  "),
    "a summary": lambda draft: update(draft, teaser=" \n"),
    "an author": lambda draft: update(draft, author=None),
    "a medical reviewer": lambda draft: update(draft, reviewer=None),
    "the date of the medical review": lambda draft: update(draft, reviewed_on=None),
    "a date of the medical review that is not in the future": lambda draft: update(draft, reviewed_on=TOMORROW),
    "the date of the next review": lambda draft: update(draft, review_due=None),
}


def without(draft: Revision, related: str) -> Revision:
    getattr(draft, related).all().delete()
    return draft


MISSING |= {
    "at least one source": lambda draft: without(draft, "sources"),
    "at least one section": lambda draft: without(draft, "sections"),
}


def test_complete_draft_lacks_nothing():
    assert workflow.missing_for_publication(make_draft()) == []


def test_review_of_today_counts():
    assert workflow.missing_for_publication(update(make_draft(), reviewed_on=timezone.localdate())) == []


@pytest.mark.parametrize("message", MISSING)
def test_gate_names_what_is_missing(message):
    draft = MISSING[message](make_draft())

    assert workflow.missing_for_publication(draft) == [message]


@pytest.mark.parametrize("message", MISSING)
def test_publish_refuses_what_lacks_something_and_changes_nothing(message):
    former = make_published()
    draft = MISSING[message](workflow.open_draft(former.article))
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.publish(draft)

    assert refusal.value.messages == [f"Missing: {message}."]
    assert rows() == before


def test_gate_refuses_a_reviewer_who_wrote_the_text():
    """The database refuses it too: this is for its words."""
    draft = make_draft()
    draft.reviewer = draft.author

    assert workflow.missing_for_publication(draft) == ["a medical reviewer other than the author"]


@pytest.mark.parametrize("review_due", [REVIEWED_ON, REVIEWED_ON - datetime.timedelta(days=1)])
def test_gate_refuses_a_next_review_that_is_not_later(review_due):
    draft = make_draft()
    draft.review_due = review_due

    assert workflow.missing_for_publication(draft) == ["a next review later than the last one"]


@pytest.mark.parametrize("body", ["", "  ", "<p></p>", "<p></p><p></p>", "<p>&nbsp;</p>", "<ul><li><p></p></li></ul>"])
def test_gate_names_each_section_without_text(body):
    draft = make_draft()
    for heading in ("Why “so”?", "What now?"):
        Section.objects.create(revision=draft, heading=heading, body=body)

    assert workflow.missing_for_publication(draft) == [
        "text in the section “Why “so”?”",
        "text in the section “What now?”",
    ]


def test_gate_names_everything_at_once():
    draft = workflow.open_draft(Article.objects.create(condition=make_condition()))
    draft.title = ""

    with pytest.raises(ValidationError) as refusal:
        workflow.publish(draft)

    assert workflow.missing_for_publication(draft)[0] == "a title"
    assert refusal.value.messages == [
        "Missing: a summary.",
        "Missing: an author.",
        "Missing: a medical reviewer.",
        "Missing: the date of the medical review.",
        "Missing: the date of the next review.",
        "Missing: at least one source.",
        "Missing: at least one section.",
    ]


# Publishing


def test_publish_makes_the_text_live_and_the_condition_public():
    draft = make_draft(make_condition(is_published=False))
    user = User.objects.create_user("editor")
    started = timezone.now()

    published = workflow.publish(draft, user)

    published.refresh_from_db()
    assert (published.pk, published.status, published.published_by) == (draft.pk, "published", user)
    assert started <= published.published_at <= timezone.now()
    assert Article.objects.get().live == published
    assert Condition.objects.get().is_published


def test_publish_archives_the_former_text():
    former = make_published()
    draft = workflow.open_draft(former.article)

    workflow.publish(draft)

    assert statuses(former.article) == [(1, "archived"), (2, "published")]
    assert Article.objects.get().live == draft
    assert former.sections.get().body == "<p>A text.</p>"


def test_publish_changes_no_other_article():
    other = make_published(make_condition("Gout"))
    hidden = make_condition("Asthma", is_published=False)

    make_published(make_condition("Colic"))

    other.refresh_from_db()
    hidden.refresh_from_db()
    assert (other.status, other.article.live, hidden.is_published) == ("published", other, False)


@pytest.mark.parametrize("status", ["draft", "in_review", "approved"])
def test_publish_takes_every_open_text(status):
    draft = update(make_draft(), status=status)

    assert workflow.publish(draft).status == "published"


def test_publish_takes_the_text_as_it_is_stored():
    """What a caller holds in memory was not checked by anybody."""
    draft = make_draft()
    draft.title, draft.teaser, draft.author = "Never saved", "", None

    published = workflow.publish(draft)

    published.refresh_from_db()
    assert (published.title, published.author) == ("About Liver metastases", make_contributor())


@pytest.mark.parametrize(("index", "status"), [(0, "archived"), (1, "published")])
def test_publish_of_a_text_that_is_not_open_is_refused_and_changes_nothing(index, status):
    former = make_published()
    texts = [former, workflow.publish(workflow.open_draft(former.article))]
    workflow.open_draft(former.article)
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.publish(texts[index])

    assert refusal.value.messages == [f"Revision {index + 1} is {status} and cannot be published."]
    assert rows() == before


def test_publish_looks_at_the_state_in_the_database():
    stale = make_draft()
    workflow.publish(stale)
    assert stale.status == "draft"

    with pytest.raises(ValidationError, match="Revision 1 is published"):
        workflow.publish(stale)


# Withdrawing


def test_withdraw_takes_the_text_off_the_site(client):
    published = make_published()

    workflow.withdraw(published.article)

    assert Article.objects.get().live is None
    assert statuses(published.article) == [(1, "archived")]
    assert Condition.objects.get().is_published


def test_withdraw_keeps_the_open_draft():
    published = make_published()
    workflow.open_draft(published.article)

    workflow.withdraw(published.article)

    assert statuses(published.article) == [(1, "archived"), (2, "draft")]


def test_withdraw_of_what_is_not_published_is_refused_and_changes_nothing():
    draft = make_draft()
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.withdraw(draft.article)

    assert refusal.value.messages == ["This article is not published."]
    assert rows() == before


def test_withdrawn_article_can_be_published_again():
    published = make_published()
    draft = workflow.open_draft(published.article)
    workflow.withdraw(published.article)

    workflow.publish(draft)

    assert Article.objects.get().live == draft
    assert statuses(published.article) == [(1, "archived"), (2, "published")]


# Writing a draft from a file


def test_write_draft_replaces_the_content():
    draft = make_draft()
    values = {"title": "New", "key_points": ["One."], "review_due": REVIEW_DUE}
    sections = [Section(heading="A", body="<p>a</p>"), Section(heading="B", body="<p>b</p>")]

    workflow.write_draft(draft, values, iter(sections), iter([(Source(citation="S"), 1), (Source(citation="T"), None)]))

    stored = Revision.objects.get()
    assert (stored.title, stored.key_points, stored.teaser) == ("New", ["One."], "What it is and who treats it.")
    assert list(Section.objects.values_list("heading", "ordering")) == [("A", 10), ("B", 20)]
    assert list(Source.objects.values_list("citation", "section__heading", "ordering")) == [
        ("S", "B", 10),
        ("T", None, 20),
    ]


@pytest.mark.parametrize(
    ("values", "sections", "sources"),
    [
        ({"title": "T" * 201}, [], []),
        ({"reviewed_on": REVIEW_DUE, "review_due": REVIEWED_ON}, [], []),
        ({}, [Section(heading="A"), Section(heading="")], []),
        ({}, [Section(heading="A", aspect="gossip")], []),
        ({}, [Section(heading="A")], [(Source(citation="S", url="javascript:alert(1)"), None)]),
        ({}, [Section(heading="A")], [(Source(citation="S", year=1600), None)]),
    ],
    ids=["title", "dates", "heading", "aspect", "address", "year"],
)
def test_write_draft_refuses_bad_content_and_keeps_the_former(values, sections, sources):
    draft = make_draft()
    before = rows()

    with pytest.raises(ValidationError):
        workflow.write_draft(draft, {"teaser": "Changed.", **values}, sections, sources)

    assert rows() == before


@pytest.mark.parametrize("status", ["in_review", "approved", "published", "archived"])
def test_write_draft_refuses_what_is_no_draft(status):
    draft = make_draft()
    if status in ("published", "archived"):
        workflow.publish(draft)
    if status == "archived":
        workflow.withdraw(draft.article)
    revision = update(draft, status=status)
    before = rows()

    with pytest.raises(ValidationError, match="Only a draft can be changed"):
        workflow.write_draft(
            revision, {"title": "Changed"}, [Section(heading="A", body="a")], [(Source(citation="S"), 0)]
        )

    assert rows() == before
