"""A whole article pasted in one piece, parted into sections at its headings."""

from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from itertools import zip_longest

from conditions.enums import HealthAspect
from conditions.html import sanitise
from conditions.models import Section

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
HEADING_LENGTH = 250
# Unmarked, a longer line is more likely a sentence.
LONGEST_HEADING = 120
# A line that ends so is a sentence, or announces a list.
SENTENCE_ENDS = (".", ":", ";", ",", "!")
ASPECT_WORDS = {
    HealthAspect.SYMPTOMS: ("symptom", "sign"),
    HealthAspect.DIAGNOSIS: ("diagnos", "test", "find out", "detect"),
    HealthAspect.PROGNOSIS: ("expectancy", "outlook", "prognosis", "survival"),
    HealthAspect.SPECIALISTS: ("which physician", "which doctor", "clinics", "who treats"),
    HealthAspect.PREVENTION: ("prevent",),
    HealthAspect.LIVING: ("living with", "everyday", "follow-up", "after treatment"),
    HealthAspect.TREATMENT: ("treat", "cure", "therap", "radiation", "surgery", "operation", "inoperable"),
    HealthAspect.CAUSES: ("cause", "develop", "risk"),
}


@dataclass
class Piece:
    """A top-level element of the pasted text."""

    tag: str
    html: str
    text: str


class _PieceParser(HTMLParser):
    """Splits HTML into its top-level elements, each as it was written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[Piece] = []
        self.depth = 0
        self.bare = ""

    def flush(self) -> None:
        """Text outside all elements becomes a paragraph."""
        if self.bare.strip():
            self.pieces.append(Piece("p", f"<p>{self.bare.strip()}</p>", self.bare))
        self.bare = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's
        written = self.get_starttag_text() or ""
        if self.depth == 0:
            self.flush()
            self.pieces.append(Piece(tag, "", ""))
        self.pieces[-1].html += written
        if tag != "br":
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if self.depth:
            self.pieces[-1].html += f"</{tag}>"
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth == 0:
            self.bare += data
            return
        self.pieces[-1].html += data
        self.pieces[-1].text += data

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")


def split(html: str) -> list[Section]:
    """Unsaved sections, one for each heading, in order; text before the first heading becomes an overview.

    Where nothing is marked as a heading, short lines without a full stop that stand before text are taken for one.
    The first line is left out when it only repeats a title, that is when another heading follows at once. Nothing else
    is: a heading without text becomes an empty section, which the publish gate will ask about.
    """
    pieces = [piece for piece in _pieces(html) if piece.text.strip() or piece.tag == "table"]
    is_marked = any(piece.tag in HEADINGS for piece in pieces)
    top = min((piece.tag for piece in pieces if piece.tag in HEADINGS), default="")
    if is_marked and sum(piece.tag == top for piece in pieces) == 1 and pieces[0].tag == top:
        # One heading above all others is the title of the article.
        top = min((piece.tag for piece in pieces[1:] if piece.tag in HEADINGS), default=top)
    looks = [
        _is_marked_heading(piece, top) if is_marked else _looks_like_heading(piece, following)
        for piece, following in zip_longest(pieces, pieces[1:])
    ]
    has_title = looks[:2] == [True, True]
    # Unmarked, short lines in a row are a list: the last may be a heading.
    begins = looks if is_marked else [here and not after for here, after in zip_longest(looks, looks[1:])]
    sections: list[Section] = []
    for piece, is_heading in list(zip(pieces, begins, strict=True))[has_title:]:
        if is_heading:
            sections.append(_section(_plain(piece)))
        else:
            if not sections:
                sections.append(_section("Overview"))
            sections[-1].body += _below(piece)
    for section in sections:
        section.body = sanitise(str(section.body))  # type: ignore[assignment]
    return sections


def _pieces(html: str) -> list[Piece]:
    parser = _PieceParser()
    parser.feed(html)
    parser.close()
    parser.flush()
    return parser.pieces


def _plain(piece: Piece) -> str:
    return " ".join(unescape(piece.text).split())


def _is_marked_heading(piece: Piece, top: str) -> bool:
    """A heading of the level that parts sections, or above; one too long for a heading is text."""
    return piece.tag in HEADINGS and piece.tag <= top and len(_plain(piece)) <= HEADING_LENGTH


def _looks_like_heading(piece: Piece, following: Piece | None) -> bool:
    text = _plain(piece)
    return (
        piece.tag == "p"
        and len(text) <= LONGEST_HEADING
        and not text.endswith(SENTENCE_ENDS)
        and not text.startswith(("-", "•"))
        and following is not None
    )


def _section(heading: str) -> Section:
    words = heading.casefold()
    aspect = next(
        (aspect for aspect, signs in ASPECT_WORDS.items() if any(sign in words for sign in signs)),
        HealthAspect.OVERVIEW,
    )
    return Section(heading=heading, aspect=aspect, body="")


def _below(piece: Piece) -> str:
    """What stands within a section: a lower heading gets the one level that sections have."""
    return f"<h3>{escape(_plain(piece))}</h3>" if piece.tag in HEADINGS else piece.html
