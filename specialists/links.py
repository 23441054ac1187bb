"""Addresses of the specialist list: one spelling for each state, so that links, caches and bookmarks agree."""

from urllib.parse import urlencode

from django.urls import reverse

from specialists.enums import Sort
from specialists.queries import active
from specialists.selection import Selection

# Kilometres; the first is meant when the address names none.
RADII = (25, 10, 50, 100, 200)
DEFAULT_RADIUS = RADII[0]


def default_sort(selection: Selection) -> Sort:
    """Who asks for specialists near a place wants the nearest first."""
    return Sort.DISTANCE if selection.near else Sort.NAME


def pairs(selection: Selection, sort: str = "") -> list[tuple[str, str]]:
    """The selection and its order as names and values of the form; defaults are left out, ``sort`` too if empty."""
    found = active(selection)
    if selection.text:
        found.append(("q", selection.text))
    if selection.near:
        found.append(("near", selection.near.value))
        if selection.near.radius != DEFAULT_RADIUS:
            found.append(("radius", str(selection.near.radius)))
    if sort and sort != default_sort(selection) and (sort != Sort.DISTANCE or selection.near):
        found.append(("sort", sort))
    return found


def list_url(selection: Selection, sort: str = "", page: int = 1, path: str = "specialists:list") -> str:
    """The list's address for this state."""
    parameters = pairs(selection, sort)
    if page > 1:
        parameters.append(("page", str(page)))
    return _address(reverse(path), parameters)


def options_url(facet: str, selection: Selection, sort: str = "") -> str:
    """The page with all options of a facet, which keeps the rest of the selection."""
    query = list_url(selection, sort).partition("?")[2]
    path = reverse("specialists:options", args=(facet,))
    return f"{path}?{query}" if query else path


def search_url(text: str) -> str:
    """The site's search for ``text``."""
    return _address(reverse("search"), [("q", text)])


def _address(path: str, parameters: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
