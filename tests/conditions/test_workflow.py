"""Drafts, reviews, publishing and archiving: what changes, what is refused, and that a refusal changes nothing."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from conditions import workflow
from conditions.models import Article, Condition, Picture, Revision, Section, Source
from tests.conditions.database import update
from tests.conditions.texts import MAKERS, make_archived, make_successor, publish_draft, rows, statuses
from tests.factories import (
    REVIEW_DUE,
    REVIEWED_ON,
    make_approved,
    make_condition,
    make_contributor,
    make_draft,
    make_in_review,
    make_published,
    make_user,
)

pytestmark = pytest.mark.django_db


# Drafts


def test_first_draft_is_named_after_its_condition():
    article = Article.objects.create(condition=make_condition("Gout"))
    user = make_user("writer", "Author")

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
    published = publish_draft(draft)

    copy = workflow.open_draft(published.article)

    copy.refresh_from_db()
    assert (copy.number, copy.status, copy.based_on) == (2, "draft", published)
    for field in workflow.COPIED_FIELDS:
        assert getattr(copy, field) == getattr(published, field)
    assert (copy.change_note, copy.imported_from, copy.published_at) == ("", "", None)
    assert (copy.reviewer, copy.reviewed_on, copy.review_due, copy.submitted_by) == (None, None, None, None)
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


@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "scheduled"])
def test_open_draft_gives_everybody_the_same_draft(status):
    published = make_published()
    first = MAKERS[status](published.article.condition, title="Half written")
    before = rows()

    second = workflow.open_draft(published.article, make_user("second", "Author"))

    assert (second, second.title, second.number, second.status) == (first, "Half written", 2, status)
    assert rows() == before


def test_open_draft_reads_the_article_anew():
    """The article in the editor's hands may be older than the last publication."""
    stale = make_draft().article
    published = publish_draft(stale.revisions.get())

    draft = workflow.open_draft(stale)

    assert (draft.number, draft.based_on) == (2, published)


def test_articles_number_their_revisions_apart():
    make_published(make_condition("Gout"))

    assert make_draft(make_condition("Asthma")).number == 1


# Restoring and discarding


def test_restore_makes_a_draft_of_an_old_text():
    archived = make_archived(title="The old one", key_points=["Old."])
    workflow.publish(make_successor(archived, title="The new one"))
    user = make_user("writer", "Author")

    draft = workflow.restore(archived, user)

    draft.refresh_from_db()
    assert (draft.number, draft.status, draft.based_on, draft.created_by) == (3, "draft", archived, user)
    assert (draft.title, draft.key_points, draft.reviewer) == ("The old one", ["Old."], None)
    assert [section.body for section in draft.sections.all()] == ["<p>A text.</p>"]
    assert statuses(archived.article) == [(1, "archived"), (2, "published"), (3, "draft")]


@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "scheduled"])
def test_restore_is_refused_while_another_text_is_open(status):
    archived = make_archived()
    MAKERS[status](archived.article.condition, title="Somebody's work")
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.restore(archived)

    assert refusal.value.messages == ["This article has an open draft. Publish or discard it first."]
    assert rows() == before


def test_discard_takes_the_draft_alone():
    published = make_published()
    draft = workflow.open_draft(published.article)

    workflow.discard(draft)

    assert statuses(published.article) == [(1, "published")]
    assert (Section.objects.get().revision, Source.objects.get().revision) == (published, published)


def test_step_with_a_discarded_draft_is_refused():
    draft = make_draft()
    workflow.discard(Revision.objects.get())

    with pytest.raises(ValidationError) as refusal:
        workflow.submit(draft)

    assert refusal.value.messages == ["This draft was discarded meanwhile."]


# Publishing


def test_publish_makes_the_text_live_and_the_condition_public():
    text = make_approved(make_condition(is_published=False))
    user = make_user("publisher", "Publisher")
    started = timezone.now()

    published = workflow.publish(text, user)

    published.refresh_from_db()
    assert (published.pk, published.status, published.published_by) == (text.pk, "published", user)
    assert started <= published.published_at <= timezone.now()
    assert Article.objects.get().live == published
    assert Condition.objects.get().is_published


def test_publish_archives_the_former_text():
    former = make_published()
    text = make_successor(former)

    workflow.publish(text)

    assert statuses(former.article) == [(1, "archived"), (2, "published")]
    assert Article.objects.get().live == text
    assert former.sections.get().body == "<p>A text.</p>"


def test_publish_changes_no_other_article():
    other = make_published(make_condition("Gout"))
    hidden = make_condition("Asthma", is_published=False)

    make_published(make_condition("Colic"))

    other.refresh_from_db()
    hidden.refresh_from_db()
    assert (other.status, other.article.live, hidden.is_published) == ("published", other, False)


@pytest.mark.parametrize("status", ["approved", "scheduled"])
def test_publish_takes_every_approved_text(status):
    text = workflow.publish(MAKERS[status]())

    stored = Revision.objects.get()
    assert (stored, stored.status, stored.publish_at) == (text, "published", None)


def test_publish_takes_the_text_as_it_is_stored():
    """What a caller holds in memory was not checked by anybody."""
    text = make_approved()
    text.title, text.teaser, text.author = "Never saved", "", None

    published = workflow.publish(text)

    published.refresh_from_db()
    assert (published.title, published.author) == ("About Liver metastases", make_contributor())


NAMES = {"draft": "Draft", "in_review": "In review", "published": "Published", "archived": "Archived"}


@pytest.mark.parametrize("status", NAMES)
def test_publish_of_a_text_that_is_not_approved_is_refused_and_changes_nothing(status):
    text = MAKERS[status]()
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.publish(text)

    assert refusal.value.messages == [f"Not possible: revision 1 is now “{NAMES[status]}”."]
    assert rows() == before


def test_publish_looks_at_the_state_in_the_database():
    stale = make_approved()
    workflow.publish(stale)
    assert stale.status == "approved"

    with pytest.raises(ValidationError, match="revision 1 is now “Published”"):
        workflow.publish(stale)


# Archiving


def test_archive_takes_the_text_off_the_site():
    published = make_published()

    workflow.archive(published)

    assert Article.objects.get().live is None
    assert statuses(published.article) == [(1, "archived")]
    assert Condition.objects.get().is_published


def test_archive_keeps_the_open_draft():
    published = make_published()
    workflow.open_draft(published.article)

    workflow.archive(published)

    assert statuses(published.article) == [(1, "archived"), (2, "draft")]


def test_archive_of_what_is_not_published_is_refused_and_changes_nothing():
    published = make_published()
    draft = workflow.open_draft(published.article)
    before = rows()

    with pytest.raises(ValidationError) as refusal:
        workflow.archive(draft)

    assert refusal.value.messages == ["Not possible: revision 2 is now “Draft”."]
    assert rows() == before


def test_archived_article_can_be_published_again():
    published = make_published()
    text = make_successor(published)
    workflow.archive(published)

    workflow.publish(text)

    assert Article.objects.get().live == text
    assert statuses(published.article) == [(1, "archived"), (2, "published")]


# Writing a draft from a file


def test_write_draft_replaces_the_content():
    draft = make_draft()
    values = {"title": "New", "key_points": ["One."]}
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


@pytest.mark.parametrize("status", sorted(MAKERS.keys() - {"draft"}))
def test_write_draft_refuses_what_is_no_draft(status):
    revision = MAKERS[status]()
    before = rows()

    with pytest.raises(ValidationError, match="Only a draft can be changed"):
        workflow.write_draft(
            revision, {"title": "Changed"}, [Section(heading="A", body="a")], [(Source(citation="S"), 0)]
        )

    assert rows() == before


def test_write_draft_trusts_the_database_and_not_the_callers_copy():
    """A copy from before the text was sent back says that it is in review: saving that would submit it, unlogged."""
    stale = make_in_review()
    workflow.send_back(stale, comment="Shorter, please.")
    update(stale, change_note="Written meanwhile")

    workflow.write_draft(stale, {"title": "New"}, [Section(heading="A", body="a")], [(Source(citation="S"), 0)])

    stored = Revision.objects.get()
    assert (stored.status, stored.title, stored.change_note) == ("draft", "New", "Written meanwhile")


@pytest.mark.parametrize("write", ["write_draft", "add_sections"])
def test_every_write_raises_the_version(write):
    """It is how an editor with the draft open in the admin notices."""
    draft = make_draft()
    version = Revision.objects.get().version

    if write == "write_draft":
        workflow.write_draft(draft, {}, [], [])
    else:
        workflow.add_sections(draft, [Section(heading="A", body="a")])

    assert Revision.objects.get().version == version + 1


# Adding sections


def test_add_sections_appends_in_order():
    draft = make_draft()
    sections = [Section(heading=heading, body="<p>x</p>") for heading in ("Second", "Third")]

    added = workflow.add_sections(draft, sections, make_user("writer", "Author"))

    assert added == 2
    assert list(Section.objects.values_list("heading", "ordering")) == [
        ("What is it?", 10),
        ("Second", 20),
        ("Third", 30),
    ]


@pytest.mark.parametrize("sections", [[], [{"heading": "A", "body": "a"}, {"heading": ""}]])
def test_add_sections_refuses_nothing_and_bad_ones_whole(sections):
    draft = make_draft()
    before = rows()

    with pytest.raises(ValidationError):
        workflow.add_sections(draft, [Section(**values) for values in sections])

    assert rows() == before


@pytest.mark.parametrize("status", sorted(MAKERS.keys() - {"draft"}))
def test_add_sections_refuses_what_is_no_draft(status):
    text = MAKERS[status]()
    before = rows()

    with pytest.raises(ValidationError, match="no longer a draft"):
        workflow.add_sections(text, [Section(heading="A", body="a")])

    assert rows() == before
