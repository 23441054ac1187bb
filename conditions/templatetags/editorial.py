"""The editorial lists for the admin's first page."""

from django import template
from django.contrib.auth.models import User
from django.urls import reverse

from conditions import editorial
from conditions.enums import Action
from conditions.models import Revision

register = template.Library()


@register.simple_tag
def editorial_queues(user: User) -> list[editorial.Queue]:
    """What waits for ``user``; nothing for accounts without a part in the workflow."""
    return editorial.queues_for(user) if editorial.is_editor(user) else []


@register.simple_tag
def step_url(action: Action, revision: Revision) -> str:
    """The page on which ``action`` is taken."""
    return reverse(f"admin:conditions_revision_{action}", args=(revision.pk,))
