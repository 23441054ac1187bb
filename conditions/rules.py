"""Who may do what to a text in which state; workflow.py asks here, and so do the buttons in the admin."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from conditions.enums import Action, RevisionStatus
from conditions.models import Contributor, Revision

REVIEW_INTERVAL = datetime.timedelta(days=2 * 365)
LONGEST_INTERVAL = datetime.timedelta(days=5 * 366)

EDIT, SUBMIT, REVIEW, PUBLISH = (
    "conditions.change_revision",
    "conditions.submit_revision",
    "conditions.review_revision",
    "conditions.publish_revision",
)
DRAFT, IN_REVIEW, APPROVED, SCHEDULED, PUBLISHED, ARCHIVED = (
    RevisionStatus.DRAFT,
    RevisionStatus.IN_REVIEW,
    RevisionStatus.APPROVED,
    RevisionStatus.SCHEDULED,
    RevisionStatus.PUBLISHED,
    RevisionStatus.ARCHIVED,
)


@dataclass(frozen=True)
class Review:
    """The result of a medical review; what is None is filled in when the text is approved."""

    reviewer: Contributor | None = None
    reviewed_on: datetime.date | None = None
    review_due: datetime.date | None = None


@dataclass(frozen=True)
class Rule:
    """One action: the permissions of which any is enough, and the states of the text it fits."""

    permissions: tuple[str, ...]
    statuses: tuple[RevisionStatus, ...]


RULES: dict[Action, Rule] = {
    # EDIT is asked of an article, whatever its texts are: it opens the draft there is, or makes one.
    Action.EDIT: Rule((EDIT,), tuple(RevisionStatus)),
    Action.DISCARD: Rule((EDIT,), (DRAFT,)),
    Action.SUBMIT: Rule((SUBMIT,), (DRAFT,)),
    Action.SEND_BACK: Rule((REVIEW, PUBLISH), (IN_REVIEW, APPROVED, SCHEDULED)),
    Action.APPROVE: Rule((REVIEW,), (IN_REVIEW,)),
    Action.SCHEDULE: Rule((PUBLISH,), (APPROVED,)),
    Action.UNSCHEDULE: Rule((PUBLISH,), (SCHEDULED,)),
    Action.PUBLISH: Rule((PUBLISH,), (APPROVED, SCHEDULED)),
    Action.ARCHIVE: Rule((PUBLISH,), (PUBLISHED,)),
    Action.RESTORE: Rule((EDIT,), (ARCHIVED,)),
}


def has_permission(user: User | None, action: Action) -> bool:
    """Whether ``user`` may do this to any text at all; the system (None) may."""
    return user is None or any(user.has_perm(permission) for permission in RULES[action].permissions)


def fits(action: Action, status: str) -> bool:
    return status in RULES[action].statuses


def allowed_actions(revision: Revision, user: User) -> list[Action]:
    """What ``user`` can do to this text now, in the order of the workflow: the buttons on its page."""
    return [
        action
        for action, rule in RULES.items()
        if action is not Action.EDIT and fits(action, revision.status) and has_permission(user, action)
    ]


def check_four_eyes(revision: Revision, user: User | None, reviewer: Contributor | None) -> None:
    """Nobody reviews a text they wrote or handed in. Raises ValidationError."""
    if reviewer is None:
        raise ValidationError(_("Name the medical reviewer."))
    if reviewer.pk == revision.author_id:
        raise ValidationError(_("The medical reviewer must be someone other than the author."))
    insiders = {revision.submitted_by_id, revision.author and revision.author.user_id} - {None}
    if user is not None and user.pk in insiders:
        raise ValidationError(_("You wrote or submitted this text: somebody else must review it."))
    if reviewer.user_id in insiders:
        raise ValidationError(_("The medical reviewer must be someone who neither wrote nor submitted the text."))


def check_review_dates(reviewed_on: datetime.date, review_due: datetime.date) -> None:
    """Raises ValidationError, by field, for a review in the future or a next review that cannot be."""
    if reviewed_on > timezone.localdate():
        raise ValidationError({"reviewed_on": _("The review cannot be in the future.")})
    if review_due <= reviewed_on or review_due > reviewed_on + LONGEST_INTERVAL:
        raise ValidationError({"review_due": _("The next review must be later than this one, at most five years.")})
