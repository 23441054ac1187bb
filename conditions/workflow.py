"""Every change of an article's state: one function each, which locks the article, checks, writes and returns.

The admin, the sample loader and the imports all come through here.
"""

import datetime
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conditions.enums import OPEN_STATUSES, RevisionStatus
from conditions.models import Article, Condition, Revision, Section, Source

REVIEW_INTERVAL = datetime.timedelta(days=2 * 365)
COPIED_FIELDS = ("title", "teaser", "key_points", "author", "reviewer", "reviewed_on", "review_due")


def lock(article: Article) -> Article:
    """The article as it is in the database now, locked until the transaction ends.

    Without joins: after waiting for the lock, PostgreSQL reads only the locked row anew, and what is joined to it
    would still be what it was before.
    """
    return Article.objects.select_for_update().get(pk=article.pk)


@transaction.atomic
def open_draft(article: Article, user: User | None = None) -> Revision:
    """The article's open revision; where there is none, a new draft made from the live text.

    Two editors who ask at once get the same draft.
    """
    article = lock(article)
    revision = article.revisions.open().first()
    if revision is None:
        revision = _new_revision(article, based_on=article.live, user=user)
    return revision


def _new_revision(article: Article, *, based_on: Revision | None, user: User | None) -> Revision:
    """A draft with the next number, holding a copy of ``based_on`` where there is one."""
    last_number = article.revisions.aggregate(last=Max("number"))["last"] or 0
    revision = Revision(article=article, number=last_number + 1, based_on=based_on, created_by=user)
    if based_on is None:
        revision.title = article.condition.name
    else:
        for field in COPIED_FIELDS:
            setattr(revision, field, getattr(based_on, field))
    revision.save()
    if based_on is not None:
        _copy_content(based_on, revision)
    return revision


def _copy_content(origin: Revision, copy: Revision) -> None:
    """Copy sections and sources; each copied source points to the copy of its section."""
    sections: dict[int | None, Section] = {}
    for section in origin.sections.all():
        sections[section.pk] = Section.objects.create(
            revision=copy,
            ordering=section.ordering,
            heading=section.heading,
            aspect=section.aspect,
            body=section.body,
            picture=section.picture,
        )
    Source.objects.bulk_create(
        Source(revision=copy, section=sections.get(source.section_id), **source.copy_values())
        for source in origin.sources.all()
    )


def missing_for_publication(revision: Revision) -> list[str]:
    """What still stands between this text and its readers, in words for the editor; empty when nothing does."""
    sections = list(revision.sections.all())
    checks = (
        (bool(revision.title.strip()), _("a title")),
        (bool(revision.teaser.strip()), _("a summary")),
        (revision.author_id is not None, _("an author")),
        (revision.reviewer_id is not None, _("a medical reviewer")),
        (
            revision.reviewer_id is None or revision.reviewer_id != revision.author_id,
            _("a medical reviewer other than the author"),
        ),
        (revision.reviewed_on is not None, _("the date of the medical review")),
        (
            revision.reviewed_on is None or revision.reviewed_on <= timezone.localdate(),
            _("a date of the medical review that is not in the future"),
        ),
        (revision.review_due is not None, _("the date of the next review")),
        (
            None in (revision.review_due, revision.reviewed_on) or revision.review_due > revision.reviewed_on,  # type: ignore[operator]
            _("a next review later than the last one"),
        ),
        (revision.sources.exists(), _("at least one source")),
        (bool(sections), _("at least one section")),
        *((bool(section.body.strip()), _empty_section(section)) for section in sections),
    )
    return [message for is_met, message in checks if not is_met]


def _empty_section(section: Section) -> str:
    return _("text in the section “%(heading)s”") % {"heading": section.heading}


@transaction.atomic
def publish(revision: Revision, user: User | None = None) -> Revision:
    """Make this very revision the live text of its article, and its condition public.

    The former live text is archived. Raises ValidationError, changing nothing, when the revision is no longer open
    or the publish gate finds something missing.
    """
    article = lock(revision.article)
    revision = article.revisions.get(pk=revision.pk)
    if revision.status not in OPEN_STATUSES:
        raise ValidationError(
            _("Revision %(number)s is %(status)s and cannot be published."),
            params={"number": revision.number, "status": revision.get_status_display().lower()},
        )
    if missing := missing_for_publication(revision):
        raise ValidationError([_("Missing: %(what)s.") % {"what": what} for what in missing])
    if article.live is not None:
        article.live.status = RevisionStatus.ARCHIVED
        article.live.save(update_fields=["status"])
    revision.status = RevisionStatus.PUBLISHED
    revision.published_at = timezone.now()
    revision.published_by = user
    revision.save(update_fields=["status", "published_at", "published_by"])
    article.live = revision
    article.save(update_fields=["live"])
    Condition.objects.filter(pk=article.condition_id, is_published=False).update(is_published=True)
    return revision


@transaction.atomic
def withdraw(article: Article) -> None:
    """Take the live text off the site; it stays in the history as archived. The condition stays public."""
    article = lock(article)
    if article.live is None:
        raise ValidationError(_("This article is not published."))
    live, article.live = article.live, None
    article.save(update_fields=["live"])
    live.status = RevisionStatus.ARCHIVED
    live.save(update_fields=["status"])


@transaction.atomic
def write_draft(
    revision: Revision,
    values: dict[str, object],
    sections: Iterable[Section],
    sources: Iterable[tuple[Source, int | None]],
) -> None:
    """Fill an open draft from a file: ``sources`` come with the index of their section, or None for the whole text.

    Sections and sources already there are replaced.
    """
    article = lock(revision.article)
    if not article.revisions.filter(pk=revision.pk, status=RevisionStatus.DRAFT).exists():
        raise ValidationError(_("Only a draft can be changed."))
    for field, value in values.items():
        setattr(revision, field, value)
    revision.full_clean(exclude=["article"])
    revision.save()
    revision.sources.all().delete()
    revision.sections.all().delete()
    written = []
    for position, section in enumerate(sections, start=1):
        section.revision, section.ordering = revision, position * 10
        section.full_clean()
        section.save()
        written.append(section)
    for position, (source, index) in enumerate(sources, start=1):
        source.revision, source.ordering = revision, position * 10
        source.section = None if index is None else written[index]
        source.full_clean()
        source.save()
