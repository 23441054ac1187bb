"""The vocabulary in the reader's language: every term's words, read once for each content version."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.utils.translation import get_language

from conditions import content_version, names
from conditions.models.term_names import KINDS

if TYPE_CHECKING:
    from conditions.models.vocabulary import Term


@dataclass(frozen=True)
class Local:
    """A term's words in one language; what is not translated is as it was written. ``is_translated`` tells which."""

    name: str
    synonyms: list[str]
    summary: str
    description: str
    practitioner: str
    is_translated: bool = False

    @cached_property
    def sort_key(self) -> str:
        return names.sort_key(self.name)


def local(term: "Term") -> Local:
    """The words of ``term`` in the language of the request."""
    own = Local(
        term.name,
        list(term.synonyms),
        getattr(term, "summary", ""),
        getattr(term, "description", ""),
        getattr(term, "practitioner", ""),
    )
    translation = translations().get((term._meta.model_name or "", term.pk))
    if translation is None:
        return own
    return Local(
        translation["name"],
        translation["synonyms"],
        translation["summary"] or own.summary,
        translation["description"] or own.description,
        translation["practitioner"] or own.practitioner,
        is_translated=True,
    )


def translations() -> dict[tuple[str, int], dict[str, Any]]:
    """(Kind, term's id) → the columns of its translation into the language of the request."""
    return {} if get_language() in (None, settings.LANGUAGE_CODE) else _translations()


@content_version.cached
def _translations() -> dict[tuple[str, int], dict[str, Any]]:
    found = apps.get_model("conditions", "Translation").objects.filter(language=get_language())
    rows: Iterable[Any] = found.values()
    return {(kind, row[f"{kind}_id"]): row for row in rows for kind in KINDS if row[f"{kind}_id"] is not None}
