"""What every page needs."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from directory.structured_data.graph import absolute


@dataclass(frozen=True)
class Alternate:
    """The same page in another language: its code, the language's own name, the address on this site and in full."""

    code: str
    name: str
    url: str
    absolute_url: str


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, for titles and the header; the page in each language, for those who read another."""
    return {"site_name": settings.SITE_NAME, "languages": lambda: alternates(request)}


def alternates(request: HttpRequest) -> list[Alternate]:
    """The page in every language of the site, this one too; nothing for pages without a language in their address."""
    if not request.path_info.startswith(f"/{get_language()}/"):
        return []
    return [
        Alternate(
            code,
            name,
            translate_url(request.get_full_path(), code),
            absolute(translate_url(request.path, code)),
        )
        for code, name in settings.LANGUAGES
    ]
