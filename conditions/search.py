"""What the words of a search mean in the vocabulary: which of them name a condition, a treatment or a specialty."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product

from django.db import connection
from django.db.models import Case, Q, When
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from conditions import names, words
from conditions.models import Section, TermName

# More words than this come from a machine or are a text, not a search.
MOST_WORDS = 12
# So many combinations of words are looked up without their blanks.
MOST_JOINED = 24

# Stands among roots for any word that people use for a cancer; no root is written so.
CANCER = "any cancer"

# (kind of term, slug)
Term = tuple[str, str]

WORDS = re.compile(r"(\w+)")
# Control characters that no text here has; around the words that were found.
START, STOP = "\x02", "\x03"
MARKS = re.compile(f"[{START}{STOP}]")
# Language → (text search configuration, column of sections that is made with it by migration 0009).
SEARCHED = {"en": ("directory_en", "words_en"), "de": ("directory_de", "words_de")}
PASSAGES = """
    WITH wanted AS (SELECT websearch_to_tsquery('{configuration}', %(text)s) AS query),
    hits AS (
        SELECT DISTINCT ON (condition.id) condition.name, condition.slug, section.heading, section.id, section.ordering,
            section.body, ts_rank(section.{column}, query) AS rank
        FROM wanted, conditions_section AS section
        JOIN conditions_article AS article ON article.live_id = section.revision_id AND article.language = %(language)s
        JOIN conditions_condition AS condition ON condition.id = article.condition_id AND condition.is_published
        WHERE section.{column} @@ query
        ORDER BY condition.id, rank DESC, section.id
    ),
    best AS (SELECT count(*) OVER () AS total, * FROM hits ORDER BY rank DESC, name LIMIT %(limit)s)
    SELECT total, name, slug, heading, ordering, ts_headline('{configuration}', conditions_plain(body), query,
        'StartSel=\x02, StopSel=\x03, MaxFragments=1, MaxWords=30, MinWords=15')
    FROM best, wanted ORDER BY rank DESC, name
"""


@dataclass(frozen=True)
class Span:
    """Words of a search, folded, that belong together: those of a name, or meant as one of ``terms``."""

    words: tuple[str, ...]
    terms: frozenset[Term] = frozenset()


@dataclass(frozen=True)
class Name:
    """One of the names under which a term is known, by the roots of its words."""

    term: Term
    roots: frozenset[str]
    joined: str


class Names:
    """The public names that share a word with a search; reads words by them without asking the database again."""

    def __init__(self, known: Iterable[Name]) -> None:
        self.known = list(known)
        self.having: dict[str, set[int]] = defaultdict(set)
        for place, name in enumerate(self.known):
            for root in name.roots | _kinds(name.roots):
                self.having[root].add(place)

    @classmethod
    def sharing(cls, choices: Sequence[Sequence[str]]) -> "Names":
        """For words of which each may be one of several."""
        typed = [word for alternatives in choices for word in alternatives]
        pairs = [one + other for here, there in pairwise(choices) for one, other in product(here, there)]
        if not typed:
            return cls([])
        roots = {words.root(word) for word in (*typed, *pairs)}
        if roots & words.CANCERS:
            roots |= words.CANCERS
        together = ["".join(chosen) for chosen in islice(product(*choices), MOST_JOINED)]
        rows = TermName.objects.public().filter(Q(roots__overlap=sorted(roots)) | Q(joined__in=together))
        columns = ("condition__slug", "treatment__slug", "specialty__slug", "roots", "joined")
        return cls(
            Name(term_of(condition, treatment, specialty), frozenset(roots), joined)
            for condition, treatment, specialty, roots, joined in rows.values_list(*columns)
        )

    def spans(self, typed: Sequence[str]) -> tuple[Span, ...]:
        """``typed`` as few spans."""
        whole = self._joined(typed)
        return (Span(tuple(typed), whole),) if whole else tuple(self._spans(typed))

    def _joined(self, typed: Sequence[str]) -> frozenset[Term]:
        """The terms that are called so when blanks do not count: "chemo therapy"."""
        together = "".join(typed)
        return frozenset(name.term for name in self.known if name.joined == together)

    def _spans(self, typed: Sequence[str]) -> list[Span]:
        """Of all ways to part ``typed``, the one with the fewest and clearest spans: "doctor for", "breast cancer"."""
        best: list[list[Span]] = [[]]
        for stop in range(1, len(typed) + 1):
            found = (best[start] + self._span(typed, start, stop) for start in range(stop))
            best.append(min(found, key=scatter))
        return best[-1]

    def _span(self, typed: Sequence[str], start: int, stop: int) -> list[Span]:
        """The words from ``start`` to ``stop`` as one span; none for grammar, one a word where they mean nothing."""
        meant = typed[start:stop]
        if len(meant) == 1 and _is_filler(meant[0]) and len(typed) > 1:
            return []
        terms = frozenset[Term]()
        if not _is_filler(meant[0]) and not _is_filler(meant[-1]):
            terms = next(filter(None, map(self._called, _ways(meant))), terms)
        return [Span(tuple(meant), terms)] if terms else [Span((word,)) for word in meant]

    def _called(self, wanted: frozenset[str]) -> frozenset[Term]:
        """The terms of which a name has just these roots; if there are none, those of which one has all of them."""
        places = set.intersection(*(self.having.get(root, set()) for root in wanted))
        found = [self.known[place] for place in places]
        exact = frozenset(name.term for name in found if len(name.roots) == len(wanted))
        return exact or frozenset(name.term for name in found)


def understand(text: str) -> tuple[Span, ...]:
    """The words of ``text`` in spans, each as long as one term explains.

    A span means the terms that are called so, in any order and spelling; if there are none, those whose name has all of
    its words. Words that no term explains are a span each: parts of a person's or clinic's name, or unknown.
    """
    typed = names.search_words(text)[:MOST_WORDS]
    return Names.sharing([[word] for word in typed]).spans(typed)


def scatter(spans: Sequence[Span]) -> tuple[int, int]:
    """(Spans, those that nothing explains twice; terms that the spans may mean): the fewer, the surer."""
    return len(spans) + sum(not span.terms for span in spans), sum(len(span.terms) for span in spans)


def term_of(condition: str | None, treatment: str | None, specialty: str | None) -> Term:
    """The term to which a name belongs, from the three columns of which one is filled."""
    if condition:
        return "condition", condition
    return ("treatment", treatment) if treatment else ("specialty", specialty or "")


def _ways(typed: Sequence[str]) -> Iterator[frozenset[str]]:
    """The roots of the words in each way they can be read, the surest first.

    As they stand; with two neighbours as one word ("neuro endocrine"); with one word for a cancer for another.
    """
    meant = [word for word in typed if not _is_filler(word)]
    if not meant:
        return
    plain = frozenset(map(words.root, meant))
    yield plain
    for place in range(1, len(meant)):
        pair = meant[place - 1] + meant[place]
        yield frozenset(map(words.root, [*meant[: place - 1], pair, *meant[place + 1 :]]))
    if plain & words.CANCERS and plain - words.CANCERS:
        yield (plain - words.CANCERS) | {CANCER}


def _kinds(roots: frozenset[str]) -> frozenset[str]:
    return frozenset({CANCER}) if roots & words.CANCERS else frozenset()


def _holding(way: frozenset[str]) -> Q:
    """The names with all roots of a way to read words."""
    matches = Q(roots__contains=sorted(way - {CANCER}))
    return matches & Q(roots__overlap=sorted(words.CANCERS)) if CANCER in way else matches


def _is_filler(word: str) -> bool:
    return word in words.FILLERS


def names_meant(spans: Iterable[Span]) -> dict[Term, str]:
    """For each term that the spans mean, the name or synonym in which their words stand.

    Rather one of the reader's language, and rather the name itself.
    """
    meant: dict[Term, str] = {}
    for span in spans:
        if not span.terms:
            continue
        matches = Q(joined="".join(span.words))
        for way in _ways(span.words):
            matches |= _holding(way)
        is_foreign = Case(When(language=get_language(), then=0), default=1)
        rows = TermName.objects.public().filter(matches).order_by(is_foreign, "-is_name", "pk")
        columns = ("condition__slug", "treatment__slug", "specialty__slug", "text")
        for condition, treatment, specialty, text in rows.values_list(*columns):
            term = term_of(condition, treatment, specialty)
            if term in span.terms:
                meant.setdefault(term, text)
    return meant


@dataclass(frozen=True)
class Passage:
    """A section of a published article in which the words stand; ``excerpt`` has START and STOP around each of them.

    ``anchor`` is the section's fragment on the condition's page.
    """

    condition: str
    slug: str
    heading: str
    anchor: str
    excerpt: str


def passages(text: str, language: str, limit: int) -> tuple[int, list[Passage]]:
    """(Articles in which all words of ``text`` stand, the best passage of each of the first ``limit``).

    In PostgreSQL's own full-text search, for the language of the reader; quotation marks and minus work as usual.
    """
    configuration, column = SEARCHED.get(language, SEARCHED["en"])
    with connection.cursor() as cursor:
        cursor.execute(
            PASSAGES.format(configuration=configuration, column=column),
            {"text": text, "language": language, "limit": limit},
        )
        rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), [
        Passage(name, slug, heading, Section(heading=heading, ordering=ordering).anchor, excerpt)
        for _total, name, slug, heading, ordering, excerpt in rows
    ]


def marked(text: str, typed: Iterable[str]) -> SafeString:
    """``text`` as HTML with <mark> around each word that is one of ``typed``, or begins with one."""
    wanted = tuple(typed)
    roots = {words.root(word) for word in wanted}
    parts = (
        format_html("<mark>{}</mark>", part) if _is_meant(part, wanted, roots) else part for part in WORDS.split(text)
    )
    return format_html_join("", "{}", ((part,) for part in parts))


def _is_meant(part: str, wanted: tuple[str, ...], roots: set[str]) -> bool:
    folded = names.fold(part)
    return bool(folded) and (folded.startswith(wanted) or words.root(folded) in roots)


def excerpt_html(excerpt: str) -> SafeString:
    """The excerpt of a passage as HTML."""
    parts = MARKS.split(excerpt)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part) if place % 2 else part,) for place, part in enumerate(parts))
    )
