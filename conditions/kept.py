"""Texts kept from refused saves: reading the submitted form back into an article's parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from conditions import diff, workflow
from conditions.html import sanitise
from conditions.models import Article, Contributor, KeptText, Picture, Revision, Section, Source

# What the form carries besides the text.
NOT_TEXT = ("csrfmiddlewaretoken",)
# Longer than any key, year or position: what is longer is no number of ours.
NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass
class KeptDraft:
    """A kept text as unsaved parts, in the form that ``workflow.write_draft`` takes."""

    values: dict[str, Any]
    sections: list[Section]
    sources: list[tuple[Source, int | None]]

    def as_text(self) -> diff.Text:
        """For comparing with a stored revision; the review is not part of a draft."""
        fields = diff.field_texts(Revision(**self.values))
        return diff.Text(fields, self.sections, [diff.source_text(source) for source, _index in self.sources])


def keep(article: Article, revision_number: int, data: QueryDict, user: User) -> KeptText:
    """Store the submitted form of a refused save."""
    # PostgreSQL stores no NUL in JSON.
    text = {
        name.replace("\x00", ""): (data.get(name) or "").replace("\x00", "")
        for name in data
        if name not in NOT_TEXT and not name.startswith("_")
    }
    return _store(article.pk, revision_number, text, user)


def keep_revision(revision: Revision, user: User | None) -> KeptText:
    """Store a draft that is about to be replaced, in the same form."""
    data: dict[str, Any] = {
        "title": revision.title,
        "teaser": revision.teaser,
        "key_points": "\n".join(revision.key_points),
        "author": revision.author_id or "",
        "change_note": revision.change_note,
    }
    for prefix, rows, names in (
        ("sections", revision.sections.all(), ("id", "heading", "aspect", "body", "picture_id", "ordering")),
        ("sources", revision.sources.all(), ("id", "citation", "url", "year", "section_id", "ordering")),
    ):
        for index, row in enumerate(rows):
            data |= {f"{prefix}-{index}-{name.removesuffix('_id')}": str(getattr(row, name) or "") for name in names}
        data[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
    return _store(revision.article_id, revision.number, data, user)


def _store(article_id: int, revision_number: int, data: dict[str, Any], user: User | None) -> KeptText:
    return KeptText.objects.create(
        article_id=article_id,
        revision_number=revision_number,
        editor=user,
        editor_name=workflow.name_of(user),
        data=data,
    )


@transaction.atomic
def take_over(kept: KeptText, user: User) -> Revision:
    """Make the kept text the draft's; what the draft said until now is kept in its place.

    Raises ValidationError when the article's open text is already in review, or the kept text has a fault.
    """
    draft = workflow.open_draft(kept.article, user)
    if not draft.is_draft:
        raise ValidationError(_("The article's text is in review. It can be replaced when it is a draft again."))
    keep_revision(draft, user)
    text = read(kept)
    workflow.write_draft(draft, text.values, text.sections, text.sources)
    kept.delete()
    return draft


def read(kept: KeptText) -> KeptDraft:
    """The kept form as parts of an article. Rows marked for deletion and empty rows are left out."""
    data = kept.data
    section_rows = list(_rows(data, "sections", "heading", "body"))
    positions = {row["id"]: index for index, row in enumerate(section_rows) if row.get("id")}
    sections = [_section(row) for row in section_rows]
    sources = []
    for row in _rows(data, "sources", "citation"):
        index = positions.get(row.get("section", ""))
        section = sections[index] if index is not None else None
        source = Source(citation=row.get("citation", ""), url=row.get("url", ""), section=section)
        source.year = _number(row.get("year", ""))
        sources.append((source, index))
    values = {
        "title": data.get("title", ""),
        "teaser": data.get("teaser", ""),
        "key_points": [line.strip() for line in data.get("key_points", "").splitlines() if line.strip()],
        "author": _found(Contributor, data.get("author")),
        "change_note": data.get("change_note", ""),
    }
    return KeptDraft(values, sections, sources)


def _rows(data: dict[str, str], prefix: str, *needed: str) -> Iterator[dict[str, str]]:
    """The rows of one inline in their order, without those that were empty or to be deleted."""
    rows = []
    # Counted from what was sent: the form's own count may be anything.
    row_name = re.compile(rf"({prefix}-[0-9]+-)")
    for start in dict.fromkeys(found[0] for name in data if (found := row_name.match(name))):
        row = {name.removeprefix(start): value for name, value in data.items() if name.startswith(start)}
        if not row.get("DELETE") and any(row.get(name, "").strip() for name in needed):
            rows.append(row)
    yield from sorted(rows, key=lambda row: _number(row.get("ordering", "")) or 0)


def _number(text: Any) -> int | None:
    return int(text) if NUMBER.fullmatch(str(text or "")) else None


def _section(row: dict[str, str]) -> Section:
    section = Section(heading=row.get("heading", ""), body=sanitise(row.get("body", "")))
    section.aspect = row.get("aspect") or section.aspect
    section.picture = _found(Picture, row.get("picture"))
    return section


def _found(model: Any, key: Any) -> Any:
    number = _number(key)
    return model.objects.filter(pk=number).first() if number is not None else None
