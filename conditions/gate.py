"""The publish gate: what still stands between a text and its readers, in words for the editor.

PostgreSQL keeps the same promises as constraints and triggers; this says it kindly, and all of it at once.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from conditions.models import Revision, Section


def check(missing: list[str]) -> None:
    """Raises ValidationError naming each thing that is missing."""
    if missing:
        raise ValidationError([_("Missing: %(what)s.") % {"what": what} for what in missing])


def missing_for_review(revision: Revision) -> list[str]:
    """What the author still has to add before reviewers can judge the text; empty when nothing is missing."""
    sections = list(revision.sections.select_related("picture"))
    checks = (
        (bool(revision.title.strip()), _("a title")),
        (bool(revision.teaser.strip()), _("a summary")),
        (revision.author_id is not None, _("an author")),
        (revision.sources.exists(), _("at least one source")),
        (bool(sections), _("at least one section")),
        *((bool(section.body.strip()), _about(section, _("text"))) for section in sections),
        *(
            (section.picture is None or bool(section.picture.alt.strip()), _about(section, _("a text alternative")))
            for section in sections
        ),
    )
    return [message for is_met, message in checks if not is_met]


def missing_for_publication(revision: Revision) -> list[str]:
    """What stands between this text and its readers: all of the above, and the medical review."""
    checks = (
        (revision.reviewer_id is not None, _("a medical reviewer")),
        (
            revision.reviewer_id is None or revision.reviewer_id != revision.author_id,
            _("a medical reviewer other than the author"),
        ),
        (revision.reviewed_on is not None, _("the date of the medical review")),
        (revision.review_due is not None, _("the date of the next review")),
    )
    return missing_for_review(revision) + [message for is_met, message in checks if not is_met]


def _about(section: Section, what: str) -> str:
    return _("%(what)s in the section “%(heading)s”") % {"what": what, "heading": section.heading}
