"""Addresses of the specialist list: one spelling for each state, so that links, caches and bookmarks agree."""

from urllib.parse import urlencode

from django.urls import reverse

from specialists.enums import Sort
from specialists.queries import Selection


def list_url(selection: Selection, sort: str = Sort.NAME, page: int = 1) -> str:
    """The list's address for this state; defaults are left out."""
    pairs = selection.active()
    if selection.text:
        pairs.append(("name", selection.text))
    if sort != Sort.NAME:
        pairs.append(("sort", sort))
    if page > 1:
        pairs.append(("page", str(page)))
    path = reverse("specialists:list")
    return f"{path}?{urlencode(pairs)}" if pairs else path


def narrowed_url(**facets: str) -> str:
    """The list's address with one value in each of the named facets."""
    return list_url(Selection({facet: frozenset([value]) for facet, value in facets.items()}))
