"""Texts in every state, made the way editors make them, and all that is stored about texts."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from conditions import workflow
from conditions.models import Article, Condition, Contributor, Revision, Section, Source, Transition
from conditions.rules import Review
from tests.factories import (
    REVIEW_DUE,
    REVIEWED_ON,
    make_approved,
    make_contributor,
    make_draft,
    make_in_review,
    make_published,
)


def tomorrow() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=1)


def make_scheduled(condition: Condition | None = None, **values: Any) -> Revision:
    publish_at = values.pop("publish_at", None) or tomorrow()
    return workflow.schedule(make_approved(condition, **values), publish_at)


def make_archived(condition: Condition | None = None, **values: Any) -> Revision:
    return workflow.archive(make_published(condition, **values))


MAKERS: dict[str, Callable[..., Revision]] = {
    "draft": make_draft,
    "in_review": make_in_review,
    "approved": make_approved,
    "scheduled": make_scheduled,
    "published": make_published,
    "archived": make_archived,
}


def make_successor(former: Revision, **values: Any) -> Revision:
    """The article's next text, approved."""
    return make_approved(former.article.condition, **values)


def publish_draft(draft: Revision) -> Revision:
    """All steps from the draft to the site."""
    review = Review(make_contributor("Prof. Dr. Bo Reviewer"), REVIEWED_ON, REVIEW_DUE)
    return workflow.publish(workflow.approve(workflow.submit(draft), review=review))


def rows() -> dict[str, list[dict[str, Any]]]:
    """All that is stored about texts, to see that nothing changed."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in (Condition, Article, Revision, Section, Source, Transition, Contributor)
    }


def statuses(article: Article) -> list[tuple[int, str]]:
    """(number, status) of the article's texts, the oldest first."""
    return list(article.revisions.order_by("number").values_list("number", "status"))


def steps(article: Article) -> list[tuple[int, str]]:
    """(number of the text, action) of the article's history, the oldest first."""
    return list(article.transitions.order_by("pk").values_list("revision_number", "action"))
