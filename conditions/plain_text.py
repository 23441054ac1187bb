"""Plain text as it comes from files, made into the article's rich text and readable headings."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import capfirst

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# A bullet is a dash at the start of a line or after two blanks; three blanks or a line end part two paragraphs.
BREAK = re.compile(r"\s*(?:^|\n|(?<=\s\s))(?P<dash>-(?=\s))\s*|\s*\n\s*|[^\S\n]{3,}")
WIDE_GAP = 8  # blanks that lead into or out of a nested list
LIST_END = 6  # blanks after which text no longer belongs to the list item before
DEEPEST = 4
KEY_POINTS = "key points"


@dataclass
class Block:
    """A paragraph (level 0) or a list item of ``level``, with the column of its dash where it began a line."""

    text: str
    level: int = 0
    indent: int | None = None


def to_html(text: str) -> str:
    """The plain ``text`` as paragraphs and nested lists, everything escaped; ``sanitise`` leaves it as it is."""
    return "".join(_render(_blocks(CONTROL.sub(" ", text).strip())))


def _blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    start, separator = 0, None
    for found in (*BREAK.finditer(text), None):
        piece = " ".join(text[start : found.start() if found else len(text)].split())
        if piece:
            _append(blocks, piece, separator)
        if found:
            start, separator = found.end(), found
    return blocks


def _append(blocks: list[Block], piece: str, separator: re.Match[str] | None) -> None:
    """Add ``piece`` as a new block, or to the last one where the break before it was within a sentence."""
    last = blocks[-1] if blocks else None
    if separator is not None and separator["dash"]:
        blocks.append(_item(piece, last, separator[0]))
    elif last is not None and separator is not None and _goes_on(last, piece, separator[0]):
        last.text += f" {piece}"
    else:
        blocks.append(Block(piece))


def _goes_on(last: Block, piece: str, gap: str) -> bool:
    if "\n" in gap:
        return gap.count("\n") == 1 and piece[0].islower() and last.text[-1] not in ".:;?!"
    return bool(last.level) and len(gap) < LIST_END


def _item(piece: str, last: Block | None, separator: str) -> Block:
    before_dash = separator[: separator.index("-")]
    if last is None or not last.level:
        return Block(piece, 1, _column(before_dash))
    if (column := _column(before_dash)) is not None:
        return Block(piece, _level_by_column(last, column), column)
    if last.text.endswith(":"):
        return Block(piece, min(last.level + 1, DEEPEST))
    return Block(piece, max(last.level - 1, 1) if len(before_dash) >= WIDE_GAP else last.level)


def _column(before_dash: str) -> int | None:
    """Where on its line the dash stands; None within a line."""
    return len(before_dash.rpartition("\n")[2]) if "\n" in before_dash else None


def _level_by_column(last: Block, column: int) -> int:
    step = 0 if last.indent is None else (column > last.indent + 1) - (column < last.indent - 1)
    return min(max(last.level + step, 1), DEEPEST)


def _render(blocks: list[Block]) -> Iterator[str]:
    depth = 0
    for block in blocks:
        if block.level > depth:
            yield "<ul>"
            depth += 1
        else:
            yield "</li></ul>" * (depth - block.level) + ("</li>" if block.level else "")
            depth = block.level
        tag = "h3" if not depth and block.text.casefold() == KEY_POINTS else "p"
        yield f"{'<li>' if depth else ''}<{tag}>{html.escape(block.text, quote=False)}</{tag}>"
    yield "</li></ul>" * depth


SINGULAR_IN_S = {
    "diabetes",
    "herpes",
    "measles",
    "mumps",
    "rabies",
    "scabies",
    "rickets",
    "shingles",
    "ascites",
    "caries",
}
SINGULAR_ENDINGS = ("ss", "us", "is", "'s", "’s")


def tidy_question(question: str, focus: str) -> str:
    """``question`` as a heading: "What is (are) Warts ?" → "What are Warts?"."""
    text = " ".join(question.split())
    if text.startswith("Do you have information about"):
        text = f"What should I know about {text.removeprefix('Do you have information about').strip()}?"
    text = text.replace("What is (are)", "What are" if is_plural(focus) else "What is", 1)
    return capfirst(re.sub(r"(\s*\?)+$", "?", text))


def is_plural(name: str) -> bool:
    """A guess by the last word, in favour of the singular: diseases that merely end in s are many."""
    last = re.sub(r"\s*\(.*?\)", "", name).split()[-1:] or [""]
    word = last[0].casefold()
    return (
        word.endswith("s")
        and not last[0].isupper()
        and word not in SINGULAR_IN_S
        and not word.endswith(SINGULAR_ENDINGS)
    )
