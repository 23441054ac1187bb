"""What waits for whom: the lists on the admin's first page and in the daily mail."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from conditions import rules
from conditions.enums import Action, RevisionStatus
from conditions.models import Revision, Transition

DUE_SOON = datetime.timedelta(days=30)
SHOWN = 20


@dataclass(frozen=True)
class Queue:
    """One list of texts: its title, how many there are, and the first of them."""

    key: str
    title: str
    count: int
    revisions: list[Revision]


def _texts() -> QuerySet[Any]:
    last_step = Transition.objects.filter(revision=OuterRef("pk")).order_by("-at", "-pk")
    return Revision.objects.select_related("article__condition", "author", "submitted_by").annotate(
        last_action=Subquery(last_step.values("action")[:1]),
        last_comment=Subquery(last_step.values("comment")[:1]),
        last_actor=Subquery(last_step.values("actor_name")[:1]),
    )


def queues_for(user: User) -> list[Queue]:
    """The lists that concern ``user``, the most pressing first; empty ones included, as good news."""
    today = timezone.localdate()
    live = _texts().filter(live_of__isnull=False).order_by("review_due")
    lists: list[tuple[str, str, QuerySet[Any]]] = []
    if rules.has_permission(user, Action.EDIT):
        mine = _texts().filter(status=RevisionStatus.DRAFT)
        lists.append(("sent-back", _("Sent back to the author"), mine.filter(last_action=Action.SEND_BACK)))
        lists.append(("drafts", _("Drafts"), mine.exclude(last_action=Action.SEND_BACK).order_by("-edited_at")))
    if rules.has_permission(user, Action.APPROVE):
        waiting = _texts().filter(status=RevisionStatus.IN_REVIEW)
        waiting = waiting.exclude(submitted_by=user).exclude(author__user=user)
        lists.append(("in-review", _("Waiting for your review"), waiting))
    else:
        lists.append(("with-reviewers", _("In review"), _texts().filter(status=RevisionStatus.IN_REVIEW)))
    if rules.has_permission(user, Action.PUBLISH):
        lists.append(("approved", _("Approved, to be published"), _texts().filter(status=RevisionStatus.APPROVED)))
    scheduled = _texts().filter(status=RevisionStatus.SCHEDULED).order_by("publish_at")
    lists.append(("scheduled", _("Scheduled"), scheduled))
    lists.append(("overdue", _("Review overdue"), live.filter(review_due__lt=today)))
    due_soon = live.filter(review_due__gte=today, review_due__lte=today + DUE_SOON)
    lists.append(("due", _("Review due within 30 days"), due_soon))
    behind = live.behind_their_original()  # type: ignore[attr-defined]
    lists.append(("behind", _("Translations behind their original"), behind))
    return [Queue(key, title, texts.count(), list(texts[:SHOWN])) for key, title, texts in lists]


def is_editor(user: User) -> bool:
    """Whether the editorial lists concern this account at all."""
    return user.is_active and user.has_perm("conditions.view_revision")
