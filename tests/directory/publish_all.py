"""Run by test_crash.py in a process of its own: makes articles with an approved second text, or publishes them."""

import os
import sys

import django

ARTICLES = 200


def prepare() -> None:
    from conditions import workflow  # noqa: PLC0415 - models can be read only after django.setup()
    from tests import factories  # noqa: PLC0415

    for number in range(ARTICLES):
        first = factories.make_published(factories.make_condition(f"Condition {number}"), title="old")
        draft = workflow.open_draft(first.article)
        workflow.write_draft(
            draft,
            {"title": "new"},
            list(draft.sections.all()),
            [(source, 0) for source in draft.sources.all()],
        )
        reviewer = factories.make_contributor("Prof. Dr. Bo Reviewer")
        workflow.approve(workflow.submit(draft), review=factories.Review(reviewer))


def publish() -> None:
    """Publish what is approved, one after the other; says each when it is done."""
    from conditions import workflow  # noqa: PLC0415
    from conditions.models import Revision  # noqa: PLC0415

    for revision in Revision.objects.filter(status="approved").order_by("pk"):
        workflow.publish(revision)
        sys.stdout.write(f"{revision.pk}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
    django.setup()
    {"prepare": prepare, "publish": publish}[sys.argv[1]]()
