"""Every change of an article's state: one function each, which locks the article, checks, writes and logs.

The admin, the commands, the sample loader and the imports all come through here. ``user`` is who acts; None stands
for the system itself (commands, imports), which needs no permission but passes the same gates.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conditions import gate, rules
from conditions.enums import Action, RevisionStatus
from conditions.models import Article, Condition, Contributor, Revision, Section, Source, Transition
from conditions.rules import REVIEW_INTERVAL, Review

COPIED_FIELDS = ("title", "teaser", "key_points", "author", "translated_from")


def lock(article_id: int) -> Article:
    """The article as it is in the database now, locked until the transaction ends.

    Without joins: after waiting for the lock, PostgreSQL reads only the locked row anew, and what is joined to it
    would still be what it was before.
    """
    return Article.objects.select_for_update().get(pk=article_id)


def _begin(revision: Revision, action: Action, user: User | None) -> tuple[Article, Revision]:
    """Lock the article, read the revision anew, and refuse what the rules do not allow.

    Raises PermissionDenied for a user who may never do this, ValidationError for a text that has moved on.
    """
    article = lock(revision.article_id)
    current = article.revisions.select_related("author", "reviewer").filter(pk=revision.pk).first()
    if current is None:
        raise ValidationError(_("This draft was discarded meanwhile."))
    if not rules.has_permission(user, action):
        raise PermissionDenied
    if not rules.fits(action, current.status):
        raise ValidationError(
            _("Not possible: revision %(number)s is now “%(status)s”."),
            params={"number": current.number, "status": current.get_status_display()},
        )
    return article, current


def _record(revision: Revision, action: Action, user: User | None, step: tuple[str, str], comment: str = "") -> None:
    """Write the history's entry; ``step`` is the status before and after, "" where there is none."""
    Transition.objects.create(
        article_id=revision.article_id,
        revision=revision if action != Action.DISCARD else None,
        revision_number=revision.number,
        action=action,
        from_status=step[0],
        to_status=step[1],
        actor=user,
        actor_name=name_of(user),
        comment=comment,
    )


def name_of(user: User | None) -> str:
    """How the history names somebody, also after the account is gone."""
    if user is None:
        return _("the system")
    return user.get_full_name() or user.get_username()


def _move(
    revision: Revision, action: Action, user: User | None, status: RevisionStatus, comment: str = "", **values: Any
) -> Revision:
    """Write the new status with ``values`` and log the step. Only these columns are written: the text is frozen."""
    before = revision.status
    revision.status = status
    for name, value in values.items():
        setattr(revision, name, value)
    revision.save(update_fields=["status", *values])
    _record(revision, action, user, (before, status), comment)
    return revision


@transaction.atomic
def open_draft(article: Article, user: User | None = None) -> Revision:
    """The article's open revision; where there is none, a new draft made from the live text.

    Two editors who ask at once get the same draft.
    """
    if not rules.has_permission(user, Action.EDIT):
        raise PermissionDenied
    article = lock(article.pk)
    revision = article.revisions.open().first()
    if revision is None:
        # After a text was taken off the site, the work goes on from the last one there was.
        based_on = article.live or article.revisions.order_by("-number").first()
        revision = _new_revision(article, based_on=based_on, user=user)
        _record(revision, Action.EDIT, user, ("", RevisionStatus.DRAFT))
    return revision


@transaction.atomic
def restore(revision: Revision, user: User | None = None) -> Revision:
    """A new draft with the content of an old text. Refused while another text is open: it would be lost."""
    article, origin = _begin(revision, Action.RESTORE, user)
    if article.revisions.open().exists():
        raise ValidationError(_("This article has an open draft. Publish or discard it first."))
    draft = _new_revision(article, based_on=origin, user=user)
    comment = _("from revision %(number)s") % {"number": origin.number}
    _record(draft, Action.RESTORE, user, ("", RevisionStatus.DRAFT), comment)
    return draft


def _new_revision(article: Article, *, based_on: Revision | None, user: User | None) -> Revision:
    """A draft with the next number, holding a copy of ``based_on`` where there is one; its review is still to come."""
    last_number = max(
        article.revisions.aggregate(last=Max("number"))["last"] or 0,
        # The numbers of discarded drafts are not used again: the history names them.
        article.transitions.aggregate(last=Max("revision_number"))["last"] or 0,
    )
    revision = Revision(article=article, number=last_number + 1, based_on=based_on, created_by=user)
    if based_on is None:
        revision.title = article.condition.name
        revision.translated_from = _original(article)
    else:
        for field in COPIED_FIELDS:
            setattr(revision, field, getattr(based_on, field))
    revision.save()
    if based_on is not None:
        _copy_content(based_on, revision)
    return revision


def _original(article: Article) -> Revision | None:
    """The published text that a first text of ``article`` will say in another language, if there is one."""
    others = article.condition.articles.exclude(pk=article.pk).filter(live__isnull=False).select_related("live")
    by_language = {other.language: other.live for other in others}
    return by_language.get(settings.LANGUAGE_CODE) or next(iter(by_language.values()), None)


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
            picture_id=section.picture_id,
        )
    Source.objects.bulk_create(
        Source(revision=copy, section=sections.get(source.section_id), **source.copy_values())
        for source in origin.sources.all()
    )


@transaction.atomic
def discard(revision: Revision, user: User | None = None) -> None:
    """Delete a draft; the history keeps that it was there."""
    _article, draft = _begin(revision, Action.DISCARD, user)
    _record(draft, Action.DISCARD, user, (draft.status, ""))
    draft.delete()


@transaction.atomic
def submit(revision: Revision, user: User | None = None, comment: str = "") -> Revision:
    """Freeze the draft and hand it to the reviewers. Raises ValidationError with what is still missing."""
    _article, draft = _begin(revision, Action.SUBMIT, user)
    gate.check(gate.missing_for_review(draft))
    return _move(draft, Action.SUBMIT, user, RevisionStatus.IN_REVIEW, comment, submitted_by=user)


@transaction.atomic
def send_back(revision: Revision, user: User | None = None, comment: str = "") -> Revision:
    """Make it a draft again; the author learns why, and the review starts anew afterwards."""
    _article, text = _begin(revision, Action.SEND_BACK, user)
    if not comment.strip():
        raise ValidationError({"comment": _("Say what should change.")})
    unreviewed = {"reviewer": None, "reviewed_on": None, "review_due": None, "publish_at": None}
    return _move(text, Action.SEND_BACK, user, RevisionStatus.DRAFT, comment, **unreviewed)


@transaction.atomic
def approve(revision: Revision, user: User | None = None, review: Review | None = None, comment: str = "") -> Revision:
    """Bind a medical review to this very text; by default by ``user``, today, due again after two years.

    Raises ValidationError when the reviewer wrote or submitted the text, or the dates cannot be.
    """
    _article, text = _begin(revision, Action.APPROVE, user)
    review = review or Review()
    reviewer = review.reviewer or (contributor_of(user) if user else None)
    rules.check_four_eyes(text, user, reviewer)
    reviewed_on = review.reviewed_on or timezone.localdate()
    review_due = review.review_due or reviewed_on + REVIEW_INTERVAL
    rules.check_review_dates(reviewed_on, review_due)
    result = {"reviewer": reviewer, "reviewed_on": reviewed_on, "review_due": review_due}
    return _move(text, Action.APPROVE, user, RevisionStatus.APPROVED, comment, **result)


def contributor_of(user: User) -> Contributor:
    """The name under which ``user`` reviews in public; made from the account on first use."""
    contributor, _created = Contributor.objects.get_or_create(user=user, defaults={"name": name_of(user)})
    return contributor


@transaction.atomic
def schedule(
    revision: Revision, publish_at: datetime.datetime, user: User | None = None, comment: str = ""
) -> Revision:
    """Publish an approved text at a later time; ``publish_due`` does it."""
    _article, text = _begin(revision, Action.SCHEDULE, user)
    gate.check(gate.missing_for_publication(text))
    if publish_at <= timezone.now():
        raise ValidationError({"publish_at": _("Choose a time in the future.")})
    return _move(text, Action.SCHEDULE, user, RevisionStatus.SCHEDULED, comment, publish_at=publish_at)


@transaction.atomic
def unschedule(revision: Revision, user: User | None = None, comment: str = "") -> Revision:
    """Take the time back; the text stays approved."""
    _article, text = _begin(revision, Action.UNSCHEDULE, user)
    return _move(text, Action.UNSCHEDULE, user, RevisionStatus.APPROVED, comment, publish_at=None)


@transaction.atomic
def publish(revision: Revision, user: User | None = None, comment: str = "") -> Revision:
    """Make this very revision the live text of its article, and its condition public; archive the former one.

    Raises ValidationError, changing nothing, when it is not approved or the publish gate finds something missing.
    """
    article, text = _begin(revision, Action.PUBLISH, user)
    gate.check(gate.missing_for_publication(text))
    if article.live is not None:
        _move(article.live, Action.ARCHIVE, user, RevisionStatus.ARCHIVED)
    facts = {"published_at": timezone.now(), "published_by": user, "publish_at": None}
    _move(text, Action.PUBLISH, user, RevisionStatus.PUBLISHED, comment, **facts)
    article.live = text
    article.save(update_fields=["live"])
    Condition.objects.filter(pk=article.condition_id, is_published=False).update(is_published=True)
    return text


@transaction.atomic
def archive(revision: Revision, user: User | None = None, comment: str = "") -> Revision:
    """Take the live text off the site; it stays in the history. The condition keeps its page."""
    article, text = _begin(revision, Action.ARCHIVE, user)
    article.live = None
    article.save(update_fields=["live"])
    return _move(text, Action.ARCHIVE, user, RevisionStatus.ARCHIVED, comment)


def publish_due(now: datetime.datetime | None = None) -> tuple[list[Revision], list[tuple[Revision, ValidationError]]]:
    """Publish what is scheduled for ``now`` or before: (published, refused with the reason), each on its own."""
    due = Revision.objects.filter(status=RevisionStatus.SCHEDULED, publish_at__lte=now or timezone.now())
    published: list[Revision] = []
    refused: list[tuple[Revision, ValidationError]] = []
    for revision in due.select_related("article__condition").order_by("publish_at", "pk"):
        try:
            with transaction.atomic():
                lock(revision.article_id)
                # Meanwhile a publisher may have taken the time back, or another scheduler published the text.
                if due.filter(pk=revision.pk).exists():
                    published.append(publish(revision))
        except ValidationError as error:
            refused.append((revision, error))
    return published, refused


@transaction.atomic
def add_sections(revision: Revision, sections: list[Section], user: User | None = None) -> int:
    """Append sections to a draft; how many. Raises ValidationError when it is no draft or there is nothing to add."""
    if not rules.has_permission(user, Action.EDIT):
        raise PermissionDenied
    lock(revision.article_id)
    revision = Revision.objects.get(pk=revision.pk)
    if not revision.is_draft:
        raise ValidationError(_("This text is no longer a draft."))
    if not sections:
        raise ValidationError(_("No text was found."))
    last = revision.sections.aggregate(last=Max("ordering"))["last"] or 0
    _append(revision, sections, after=last)
    revision.version += 1
    revision.save(update_fields=["version", "edited_at"])
    return len(sections)


def _append(revision: Revision, sections: list[Section], after: int = 0) -> None:
    """Check and save ``sections`` as the revision's, in their order, behind the ordering ``after``."""
    for position, section in enumerate(sections, start=1):
        section.revision, section.ordering = revision, after + position * 10
        section.full_clean()
        section.save()


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
    article = lock(revision.article_id)
    if not article.revisions.filter(pk=revision.pk, status=RevisionStatus.DRAFT).exists():
        raise ValidationError(_("Only a draft can be changed."))
    # What the caller holds may be older, its status too, and all of it is saved.
    revision.refresh_from_db()
    for field, value in values.items():
        setattr(revision, field, value)
    revision.version += 1
    revision.full_clean(exclude=["article"])
    revision.save()
    revision.sources.all().delete()
    revision.sections.all().delete()
    written = list(sections)
    _append(revision, written)
    for position, (source, index) in enumerate(sources, start=1):
        source.revision, source.ordering = revision, position * 10
        source.section = None if index is None else written[index]
        source.full_clean()
        source.save()
