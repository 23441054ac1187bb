"""How terms of the vocabulary are put on a page."""

from django import template

from conditions.queries import by_local_name

register = template.Library()

register.filter("by_name", by_local_name)
