"""The editorial lists for the admin's first page."""

from django import template
from django.contrib.auth.models import User

from conditions import editorial

register = template.Library()


@register.simple_tag
def editorial_queues(user: User) -> list[editorial.Queue]:
    """What waits for ``user``; nothing for accounts without a part in the workflow."""
    return editorial.queues_for(user) if editorial.is_editor(user) else []
