"""Articles from MedQuAD's JSON lines: rows checked, plain answers made into rich text, drafts written.

What an editor has changed or published since is never touched (``ArticleImporter``).
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from conditions import names, workflow
from conditions.enums import HealthAspect
from conditions.import_report import (
    ImportFileError,
    Outcome,
    RefusalError,
    Result,
    Row,
    SourceFile,
    checked_save,
    unreadable,
)
from conditions.models import Article, Condition, Revision, Section, Source
from conditions.plain_text import tidy_question, to_html

LANGUAGE = "en"
INSTITUTIONS = {
    "CancerGov": "National Cancer Institute (NCI)",
    "MPlusHealthTopics": "MedlinePlus Health Topics, National Library of Medicine",
    "NIDDK": "National Institute of Diabetes and Digestive and Kidney Diseases (NIDDK)",
    "NINDS": "National Institute of Neurological Disorders and Stroke (NINDS)",
    "NIHSeniorHealth": "NIHSeniorHealth, National Institute on Aging",
    "NHLBI": "National Heart, Lung, and Blood Institute (NHLBI)",
    "CDC": "Centers for Disease Control and Prevention (CDC)",
}
# The licence of the collection (CC BY 4.0) asks for its authors to be named.
COLLECTION = "In: MedQuAD (Ben Abacha and Demner-Fushman 2019), CC BY 4.0."
ASPECTS = {
    "information": HealthAspect.OVERVIEW,
    "frequency": HealthAspect.OVERVIEW,
    "causes": HealthAspect.CAUSES,
    "susceptibility": HealthAspect.CAUSES,
    "inheritance": HealthAspect.CAUSES,
    "genetic changes": HealthAspect.CAUSES,
    "symptoms": HealthAspect.SYMPTOMS,
    "exams and tests": HealthAspect.DIAGNOSIS,
    "stages": HealthAspect.DIAGNOSIS,
    "treatment": HealthAspect.TREATMENT,
    "research": HealthAspect.TREATMENT,
    "outlook": HealthAspect.PROGNOSIS,
    "complications": HealthAspect.PROGNOSIS,
    "considerations": HealthAspect.LIVING,
    "support groups": HealthAspect.LIVING,
    "prevention": HealthAspect.PREVENTION,
}


@dataclass(frozen=True)
class Draft:
    """A row as it should stand in the database."""

    identity: str
    focus: str
    synonyms: list[str]
    citation: str
    url: str
    sections: list[tuple[str, str, str]] = field(default_factory=list)
    """Heading, health aspect and body of each."""

    @property
    def sort_key(self) -> str:
        return names.sort_key(self.focus)

    def content(self) -> tuple[Any, ...]:
        """What ``stored_content`` gives for a draft that nobody changed."""
        return self.focus, self.sections, [(self.citation, self.url)]


def stored_content(revision: Revision) -> tuple[Any, ...]:
    sections = [(section.heading, section.aspect, section.body) for section in revision.sections.all()]
    return revision.title, sections, [(source.citation, source.url) for source in revision.sources.all()]


def read_articles(source: SourceFile) -> Iterator[Row]:
    """Each line as a row; empty lines are skipped."""
    is_empty = True
    for number, line in enumerate(source.lines(), start=1):
        if line.strip():
            is_empty = False
            yield _read_line(number, line)
    if is_empty:
        raise ImportFileError(f"{source.path} is empty.")


def _read_line(number: int, line: str) -> Row:
    if reason := unreadable(line):
        return Row(number, refusal=reason)
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Row(number, refusal=f"It is not valid JSON: {error}.")
    if not isinstance(values, dict):
        return Row(number, refusal="It is not a JSON object.")
    return Row(number, values)


def parse_article(values: dict[str, Any]) -> Draft:
    """The row checked and tidied. Raises RefusalError."""
    focus = _text(values, "focus")
    source = _text(values, "source")
    number = _identity(values)
    _require_length("The name", focus, 200)
    if not names.sort_key(focus):
        raise RefusalError(f"“{focus}” has neither letters nor digits.")
    return Draft(
        # One MedQuAD id stands for several conditions of one web page (CancerGov 0000013_2): the name tells them apart.
        identity=_require_length("The identity", f"medquad:{source}:{number}:{names.make_slug(focus)}", 200),
        focus=focus,
        synonyms=_synonyms(values, focus),
        citation=_require_length("The citation", f"{INSTITUTIONS.get(source, source)}: {focus}. {COLLECTION}", 1000),
        url=_text(values, "url", is_required=False),
        sections=list(_sections(values, focus)),
    )


def _text(values: dict[str, Any], key: str, *, is_required: bool = True) -> str:
    value = values.get(key)
    if not isinstance(value, str | None):
        raise RefusalError(f"“{key}” is not a text.")
    text = " ".join((value or "").split())
    if reason := unreadable(text):
        raise RefusalError(reason)
    if is_required and not text:
        raise RefusalError(f"It has no “{key}”.")
    return text


def _list(values: dict[str, Any], key: str, kind: type) -> list[Any]:
    items = values.get(key) or []
    if not isinstance(items, list) or not all(isinstance(item, kind) for item in items):
        raise RefusalError(f"“{key}” is not a list of {'texts' if kind is str else 'objects'}.")
    return items


def _identity(values: dict[str, Any]) -> str:
    """The row's id; where it is missing, the part of the questions' ids that is the same number."""
    questions = _list(values, "sections", dict)
    number = _text(values, "id", is_required=False)
    return number or (_text(questions[0], "qid") if questions else "").rpartition("-")[0] or _text(values, "id")


def _require_length(what: str, text: str, most: int) -> str:
    if len(text) > most:
        raise RefusalError(f"{what} has {len(text)} characters, more than {most}: “{text[:60]}…”.")
    return text


def _synonyms(values: dict[str, Any], focus: str) -> list[str]:
    """The other names, each once, without the name itself."""
    synonyms = {names.sort_key(focus): ""}
    for item in _list(values, "synonyms", str):
        text = _require_length("A synonym", _text({"synonyms": item}, "synonyms", is_required=False), 200)
        if text:
            synonyms.setdefault(names.sort_key(text), text)
    return [text for text in synonyms.values() if text]


def _sections(values: dict[str, Any], focus: str) -> Iterator[tuple[str, str, str]]:
    """Heading, aspect, body. Answers to one and the same question make one section: the file repeats questions."""
    merged: dict[tuple[str, str], list[str]] = {}
    for item in _list(values, "sections", dict):
        heading = _require_length("A question", tidy_question(_text(item, "question"), focus), 250)
        kind = _text(item, "type")
        if kind not in ASPECTS:
            raise RefusalError(f"“{kind}” is not a known type of section.")
        _text(item, "answer")
        body = to_html(re.sub(r"^\s*Summary\s*:\s*", "", item["answer"]))
        merged.setdefault((heading, ASPECTS[kind].value), []).append(body)
    if not merged:
        raise RefusalError("It has no sections.")
    for (heading, aspect), bodies in merged.items():
        yield heading, aspect, "".join(bodies)


def survey(rows: Iterable[Row]) -> dict[str, int]:
    """The sort key of each name in the file → the line with its fullest text (the first among equals).

    An article has room for one draft: where several rows share a name, that one loses least.
    """
    fullest: dict[str, tuple[int, int]] = {}
    for row in rows:
        try:
            draft = parse_article(row.values) if not row.refusal else None
        except RefusalError:
            draft = None
        if draft is not None:
            size = sum(len(body) for _heading, _aspect, body in draft.sections)
            fullest[draft.sort_key] = max(fullest.get(draft.sort_key, (0, 0)), (size, -row.line))
    return {key: -line for key, (_size, line) in fullest.items()}


class ArticleImporter:
    """Writes drafts. An imported draft has ``edited_at`` = ``created_at`` until somebody saves it."""

    def __init__(self, chosen_lines: dict[str, int]) -> None:
        self.chosen_lines = chosen_lines
        self.drafts: dict[int, Draft | RefusalError] = {}
        self.revisions: dict[str, Revision] = {}
        self.conditions: dict[str, Condition] = {}
        self.written: list[int] = []

    def prepare(self, rows: list[Row]) -> None:
        self.written = []
        self.drafts = {row.line: _parsed(row) for row in rows}
        drafts = [draft for draft in self.drafts.values() if isinstance(draft, Draft)]
        found = Revision.objects.filter(imported_from__in=[draft.identity for draft in drafts])
        self.revisions = {
            revision.imported_from: revision for revision in found.prefetch_related("sections", "sources")
        }
        named = Condition.objects.filter(sort_key__in=[draft.sort_key for draft in drafts])
        self.conditions = {condition.sort_key: condition for condition in named}

    def store(self, row: Row) -> Outcome:
        draft = self.drafts[row.line]
        if isinstance(draft, RefusalError):
            raise draft
        if (revision := self.revisions.get(draft.identity)) is not None:
            return self._refresh(revision, draft)
        if (line := self.chosen_lines.get(draft.sort_key, row.line)) != row.line:
            raise RefusalError(
                f"Line {line} has the fuller text about “{draft.focus}”, and an article takes one draft."
            )
        condition, notes = self._condition(draft)
        self._write(self._free_draft(condition), draft)
        return Outcome(Result.ADDED, draft.focus, notes=notes)

    def finish(self) -> None:
        Revision.objects.filter(pk__in=self.written).update(edited_at=F("created_at"))

    def _refresh(self, revision: Revision, draft: Draft) -> Outcome:
        if stored_content(revision) == draft.content():
            return Outcome(Result.UNCHANGED, draft.focus)
        if not revision.is_draft or revision.edited_at != revision.created_at:
            note = f"Revision {revision.number} differs and was changed by an editor since: left as it is."
            return Outcome(Result.UNCHANGED, draft.focus, notes=(note,))
        self._write(revision, draft)
        return Outcome(Result.UPDATED, draft.focus)

    def _condition(self, draft: Draft) -> tuple[Condition, tuple[str, ...]]:
        """The condition of this name or, failing that, this synonym; else a new one."""
        known = self.conditions.get(draft.sort_key) or _by_synonym(draft.sort_key)
        if known is not None:
            return known, ()
        # MedQuAD gives "syncope" as another word for "Fainting" and has an article on each: both would answer to it.
        own = [name for name in draft.synonyms if names.sort_key(name) not in self.chosen_lines]
        notes = tuple(
            f"“{name}” is left out of the other names: line {self.chosen_lines[names.sort_key(name)]} is about it."
            for name in draft.synonyms
            if name not in own
        )
        condition = Condition(name=draft.focus, synonyms=own)
        checked_save(condition)
        return condition, notes

    def _free_draft(self, condition: Condition) -> Revision:
        """A fresh draft of the condition's article, unless somebody's text is already there."""
        article, _made = Article.objects.get_or_create(condition=condition, language=LANGUAGE)
        article = workflow.lock(article.pk)
        if article.live_id is not None:
            raise RefusalError(f"“{condition}” has a published text, which an import does not touch.")
        if (taken := article.revisions.open().first()) is not None:
            origin = f"imported from {taken.imported_from}" if taken.imported_from else "by an editor"
            raise RefusalError(f"“{condition}” already has an open text ({origin}), and an article takes one.")
        return workflow.open_draft(article)

    def _write(self, revision: Revision, draft: Draft) -> None:
        workflow.write_draft(
            revision,
            {"title": draft.focus, "imported_from": draft.identity, "change_note": "Imported from MedQuAD"},
            [Section(heading=heading, aspect=aspect, body=body) for heading, aspect, body in draft.sections],
            [(Source(citation=draft.citation, url=draft.url), None)],
        )
        self.written.append(revision.pk)


def _parsed(row: Row) -> Draft | RefusalError:
    try:
        return parse_article(row.values)
    except RefusalError as refusal:
        return refusal


def _by_synonym(sort_key: str) -> Condition | None:
    candidates = Condition.objects.filter(search_key__contains=sort_key).order_by("pk") if sort_key else ()
    for condition in candidates:
        if sort_key in map(names.sort_key, condition.synonyms):
            return condition
    return None
