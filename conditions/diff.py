"""What changed between two revisions, section by section and word by word, for a reader who does not know HTML."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import TypeVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conditions.models import Revision, Section, Source

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"
# Below this share of common words two passages count as different passages, not as one that was edited.
SIMILAR = 0.4
BLOCKS = {"p", "h3", "li", "td", "th", "blockquote"}
T = TypeVar("T")

WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Part:
    """A run of words: kept, added or removed."""

    state: str
    text: str


@dataclass(frozen=True)
class Block:
    """A paragraph, list item, heading or table cell as plain words."""

    kind: str
    text: str


@dataclass(frozen=True)
class BlockChange:
    kind: str
    state: str
    parts: list[Part]


@dataclass(frozen=True)
class SectionChange:
    """One section in both texts: its heading and blocks with what was added and removed."""

    state: str
    heading: list[Part]
    blocks: list[BlockChange]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FieldChange:
    label: str
    parts: list[Part]


@dataclass(frozen=True)
class Comparison:
    """All differences between two revisions of an article."""

    fields: list[FieldChange]
    sections: list[SectionChange]
    sources: list[BlockChange]

    @property
    def is_empty(self) -> bool:
        """Both say the same."""
        return not (
            self.fields
            or any(section.state != SAME for section in self.sections)
            or any(source.state != SAME for source in self.sources)
        )


class _BlockParser(HTMLParser):
    """Collects the text of each block; links keep their address, since a changed address is a changed text."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.kind = "p"
        self.words: list[str] = []
        self.href = ""

    def flush(self) -> None:
        text = " ".join("".join(self.words).split())
        if text:
            self.blocks.append(Block(self.kind, text))
        self.words = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            # A paragraph inside a list item or cell is still that item.
            if not (tag == "p" and self.kind in {"li", "td", "th", "blockquote"} and not "".join(self.words).strip()):
                self.flush()
                self.kind = tag
        elif tag == "br":
            self.words.append(" ")
        elif tag == "a":
            self.href = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.href:
            self.words.append(f" ({self.href})")
            self.href = ""
        elif tag in BLOCKS:
            self.flush()
            self.kind = "p"

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def blocks_of(html: str) -> list[Block]:
    """The blocks of sanitised HTML in reading order."""
    parser = _BlockParser()
    parser.feed(html)
    parser.close()
    parser.flush()
    return parser.blocks


def word_parts(old: str, new: str) -> list[Part]:
    """``new`` against ``old`` as runs of kept, removed and added words."""
    before, after = WORD.findall(old), WORD.findall(new)
    parts: list[Part] = []
    removed, added = "", ""
    for operation, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        same = "".join(before[a1:a2]) if operation == "equal" else ""
        if same.strip() or (same and not removed and not added):
            parts += [*_changed(removed, added), Part(SAME, same)]
            removed, added = "", ""
        else:
            # Blanks between two changed words belong to the change: it reads as one.
            removed += same or "".join(before[a1:a2])
            added += same or "".join(after[b1:b2])
    return parts + _changed(removed, added)


def _changed(removed: str, added: str) -> list[Part]:
    return [part for part in (Part(REMOVED, removed), Part(ADDED, added)) if part.text]


def likeness(old: str, new: str) -> float:
    """The share of words that two passages have in common, 0 to 1."""
    matcher = SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    # The cheap upper bounds first: most pairs are not alike at all.
    if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
        return 0.0
    return matcher.ratio()


def align(old: Sequence[T], new: Sequence[T], text: Callable[[T], str]) -> list[tuple[T | None, T | None]]:
    """Pair what corresponds, in the order of ``new``; what has no counterpart is paired with None."""
    pairs: list[tuple[T | None, T | None]] = []
    matcher = SequenceMatcher(None, [text(item) for item in old], [text(item) for item in new], autojunk=False)
    for operation, a1, a2, b1, b2 in matcher.get_opcodes():
        if operation == "equal":
            pairs += zip(old[a1:a2], new[b1:b2], strict=True)
        else:
            alike = _pair_alike(old[a1:a2], new[b1:b2], text)
            pairs += alike
    return pairs


def _pair_alike(old: Sequence[T], new: Sequence[T], text: Callable[[T], str]) -> list[tuple[T | None, T | None]]:
    """Within a stretch that differs: each new item with the first old one left that is like it."""
    pairs: list[tuple[T | None, T | None]] = []
    position = 0
    for item in new:
        partner = next(
            (index for index in range(position, len(old)) if likeness(text(old[index]), text(item)) >= SIMILAR), None
        )
        if partner is None:
            pairs.append((None, item))
            continue
        pairs += [(gone, None) for gone in old[position:partner]]
        pairs.append((old[partner], item))
        position = partner + 1
    pairs += [(gone, None) for gone in old[position:]]
    return pairs


def _change(kind: str, old: str | None, new: str | None) -> BlockChange:
    if old is None:
        return BlockChange(kind, ADDED, [Part(ADDED, new or "")])
    if new is None:
        return BlockChange(kind, REMOVED, [Part(REMOVED, old)])
    if old == new:
        return BlockChange(kind, SAME, [Part(SAME, new)])
    return BlockChange(kind, CHANGED, word_parts(old, new))


def compare_html(old: str, new: str) -> list[BlockChange]:
    """The blocks of both texts in reading order, each with what changed in it."""
    pairs = align(blocks_of(old), blocks_of(new), lambda block: block.text)
    return [_change_block(before, after) for before, after in pairs]


def _change_block(before: Block | None, after: Block | None) -> BlockChange:
    kind = after.kind if after else before.kind if before else "p"
    return _change(kind, before.text if before else None, after.text if after else None)


def _section_pairs(old: Sequence[Section], new: Sequence[Section]) -> list[tuple[Section | None, Section | None]]:
    """Sections correspond by their heading wherever they stand, else by likeness of their text."""
    by_heading: dict[str, list[Section]] = {}
    for section in old:
        by_heading.setdefault(section.heading, []).append(section)
    partners: dict[int, Section | None] = {id(section): _take_like(by_heading, section) for section in new}
    taken = {id(section) for section in partners.values()}
    left_old = [section for section in old if id(section) not in taken]
    left_new = [section for section in new if partners[id(section)] is None]
    removed: list[Section] = []
    for before, after in _pair_alike(left_old, left_new, lambda section: f"{section.heading} {section.body}"):
        if after is None and before is not None:
            removed.append(before)
        elif after is not None:
            partners[id(after)] = before
    return [(partners[id(section)], section) for section in new] + [(section, None) for section in removed]


def _take_like(by_heading: dict[str, list[Section]], section: Section) -> Section | None:
    """Of the sections left with this heading the one with the same text, else the first; it is used up."""
    left = by_heading.get(section.heading, [])
    if not left:
        return None
    return left.pop(next((index for index, other in enumerate(left) if other.body == section.body), 0))


def _moved(old: Sequence[Section], pairs: Sequence[tuple[Section | None, Section | None]]) -> set[int]:
    """The ids of the new sections that stand elsewhere now: as few as explain the new order."""
    places = {id(section): place for place, section in enumerate(old)}
    order = [(places[id(before)], id(after)) for before, after in pairs if before is not None and after is not None]
    runs: list[list[tuple[int, int]]] = []
    for item in order:
        longest = max((run for run in runs if run[-1] < item), key=len, default=[])
        runs.append([*longest, item])
    staying = {identity for _place, identity in max(runs, key=len, default=[])}
    return {identity for _place, identity in order} - staying


def _compare_section(old: Section | None, new: Section | None, *, is_moved: bool = False) -> SectionChange:
    heading = _change("h2", old.heading if old else None, new.heading if new else None)
    blocks = compare_html(old.body if old else "", new.body if new else "")
    if old is None or new is None:
        return SectionChange(heading.state, heading.parts, blocks)
    notes = [_("Moved")] if is_moved else []
    if old.aspect != new.aspect:
        notes.append(
            _("Tells about: %(old)s → %(new)s") % {"old": old.get_aspect_display(), "new": new.get_aspect_display()}
        )
    if old.picture_id != new.picture_id:
        notes.append(
            _("Picture: %(old)s → %(new)s") % {"old": old.picture or _("none"), "new": new.picture or _("none")}
        )
    is_same = heading.state == SAME and not notes and all(block.state == SAME for block in blocks)
    return SectionChange(SAME if is_same else CHANGED, heading.parts, blocks, notes)


@dataclass(frozen=True)
class Text:
    """What is compared: the words of a revision, or of a draft that was never saved."""

    fields: dict[str, str]
    sections: list[Section]
    sources: list[str]


def text_of(revision: Revision) -> Text:
    """The revision as it is stored."""
    return Text(
        field_texts(revision),
        list(revision.sections.select_related("picture")),
        [source_text(source) for source in revision.sources.select_related("section")],
    )


def field_texts(revision: Revision) -> dict[str, str]:
    """The revision's own fields in words: label → text."""
    return {
        _("Title"): revision.title,
        _("Summary"): revision.teaser,
        _("Key points"): "\n".join(revision.key_points),
        _("Author"): str(revision.author or ""),
        _("Medical reviewer"): str(revision.reviewer or ""),
        _("Medically reviewed on"): date_format(revision.reviewed_on) if revision.reviewed_on else "",
        _("Next review due"): date_format(revision.review_due) if revision.review_due else "",
    }


def source_text(source: Source) -> str:
    return " · ".join(filter(None, (source.citation, source.url, str(source.year or ""), str(source.section or ""))))


def _field_parts(label: str, old: str, new: str) -> list[Part]:
    """Sentences are compared word by word; of a name or date, half a change would make no sense."""
    is_prose = label in (_("Title"), _("Summary"), _("Key points"))
    return word_parts(old, new) if is_prose else _changed(old, new)


def compare(old: Text, new: Text) -> Comparison:
    """All that differs between ``old`` and ``new``, ready for a template."""
    pairs = _section_pairs(old.sections, new.sections)
    moved = _moved(old.sections, pairs)
    return Comparison(
        [
            FieldChange(label, _field_parts(label, old.fields[label], new.fields[label]))
            for label in new.fields
            if old.fields[label] != new.fields[label]
        ],
        [_compare_section(before, after, is_moved=id(after) in moved) for before, after in pairs],
        [_change("li", before, after) for before, after in align(old.sources, new.sources, str)],
    )
