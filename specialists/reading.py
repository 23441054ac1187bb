"""How the words of a search were read: which terms they mean, and what was taken for a slip of the pen."""

from dataclasses import dataclass, replace

from conditions import search
from conditions.search import Span
from specialists import catalogue, links, spelling
from specialists.filters import TEXT_LENGTH
from specialists.finding import Finder
from specialists.selection import Selection

MOST_TERMS = 3


@dataclass(frozen=True)
class Meaning:
    """Words that were read as terms of the vocabulary: the names of the first ``MOST_TERMS``, and how many more."""

    words: str
    names: list[str]
    more: int


@dataclass(frozen=True)
class Reading:
    """``selection`` is what is looked for; ``shown`` replaces what was typed when that was not known here."""

    selection: Selection
    meanings: list[Meaning]
    shown: str = ""
    literal_url: str = ""


def read(finder: Finder, asked: Selection) -> Reading:
    """The selection with unknown words corrected, if what they are corrected to finds anybody."""
    if not asked.text:
        return Reading(asked, [])
    better = _corrected(finder, asked)
    if better is None:
        return Reading(asked, _meanings(asked))
    text, selection = better
    # The quotation marks must fit into the field, too.
    literal = replace(asked, text=f'"{asked.text[: TEXT_LENGTH - 2]}"')
    return Reading(selection, _meanings(selection), text, links.list_url(literal))


def _corrected(finder: Finder, asked: Selection) -> tuple[str, Selection] | None:
    unexplained = [span for span in asked.spans if not span.terms]
    totals = finder.totals([Selection(text=asked.text, spans=(span,)) for span in unexplained])
    if all(totals):
        return None
    in_vain = {word for span, total in zip(unexplained, totals, strict=True) if not total for word in span.words}
    text = spelling.corrected(asked.text, in_vain)
    if text is None:
        return None
    spans = search.understand(text)
    return (text, replace(asked, spans=spans)) if finder.total(Selection(text=text, spans=spans)) else None


def _meanings(selection: Selection) -> list[Meaning]:
    return [_meaning(span) for span in selection.spans if span.terms]


def _meaning(span: Span) -> Meaning:
    names = sorted(catalogue.labels(facet).get(slug, slug) for facet, slug in span.terms)
    return Meaning(" ".join(span.words), names[:MOST_TERMS], len(names[MOST_TERMS:]))
