"""What somebody may have meant whose words are not known here: the nearest words of the directory.

Words are near that share trigrams or sound alike (PostgreSQL's pg_trgm and fuzzystrmatch). Medical words win over those
of articles, and these over names; among the best, the one that makes a term together with its neighbours wins.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import connection

from conditions import names, search, words
from conditions.models import TermName

# As many letters may differ in a word of so many letters; more where it sounds alike, most where a long word does.
LONGEST_SHORT, LONGEST_MEDIUM = 4, 8
CLEAR_SOUND, LONG_SOUND = 2, 4
# A word of so few letters is near to another by chance.
LONGEST_CHANCE = 5
CANDIDATES = 4
COMBINATIONS = 24
# Words of a search that are tried in several spellings; of the others the likeliest is taken.
DOUBTFUL = 4
# How much of a whole name must be shared for it to be meant, when single words do not help.
SHARED = 0.4
VOCABULARY = 3
LETTERS = "abcdefghijklmnopqrstuvwxyz"

KNOWN = "SELECT word FROM specialists_word WHERE word = ANY(%s)"
# Two letters in each other's place are the commonest slip and count as one; trigrams miss slips in short words.
NEAREST = """
    WITH near AS (
        SELECT word, rank, uses, CASE WHEN sound = dmetaphone(%(typed)s) THEN length(sound) ELSE 0 END AS alike,
            CASE WHEN word = ANY(%(swaps)s) THEN 1 ELSE levenshtein(word, %(typed)s) END AS distance
        FROM specialists_word
        WHERE (word %% %(typed)s OR sound = dmetaphone(%(typed)s) OR word = ANY(%(slips)s))
            AND length(word) BETWEEN %(shortest)s AND %(longest)s AND word <> ALL(%(fillers)s)
    )
    SELECT word, rank, distance, alike FROM near
    ORDER BY distance - rank * 0.6 - similarity(word, %(typed)s) - CASE WHEN alike > 0 THEN 1.2 ELSE 0 END,
        uses DESC, word
    LIMIT 12
"""
REFRESH = "REFRESH MATERIALIZED VIEW CONCURRENTLY specialists_word"


def refresh() -> None:
    """Take the words of today's public content; readers go on meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(REFRESH)


def is_literal(text: str) -> bool:
    """Whether the text stands in quotation marks: then nobody corrects it."""
    text = text.strip()
    return len(text) > 1 and text[0] in '"“„«' and text[-1] in '"”“»'


@dataclass(frozen=True)
class Near:
    """A word that another may be meant for; ``is_alike`` when both clearly sound so, or are the same."""

    word: str
    is_alike: bool


def corrected(text: str, in_vain: Collection[str] = ()) -> str | None:
    """``text`` with its unknown words replaced by near ones that are known; None when all are, or none is near.

    Words that are ``in_vain`` find nobody: known or not, a near one is better that makes a term with its neighbours.
    """
    typed = names.search_words(text)[: search.MOST_WORDS]
    if not typed or is_literal(text):
        return None
    known = _known(typed)
    choices = [_choices(word, word in known or word in words.FILLERS, word in in_vain) for word in typed]
    if not all(choices):
        return _nearest_name(typed)
    best = _best(typed, choices)
    return None if best == typed else " ".join(best)


def _choices(word: str, is_known: bool, is_in_vain: bool) -> list[Near]:
    """How ``word`` may be meant, the likeliest first."""
    if not is_known:
        return _nearest(word)
    itself = Near(word, is_alike=True)
    return [itself, *_nearest(word, only_close=True)] if is_in_vain else [itself]


def _known(typed: Sequence[str]) -> set[str]:
    """Those of the words that the directory has, in this or another spelling."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [list(typed)])
        known = {word for (word,) in cursor.fetchall()}
    roots = {words.root(word): word for word in typed}
    rows = TermName.objects.public().filter(roots__overlap=list(roots)).values_list("roots", flat=True)
    return known | {roots[root] for found in rows for root in found if root in roots}


def _nearest(typed: str, *, only_close: bool = False) -> list[Near]:
    """Words of the directory that may be meant, the likeliest first; or only those of medicine that are close."""
    allowed = _letters_that_may_differ(typed)
    swaps = _swaps(typed)
    values: dict[str, Any] = {
        "typed": typed,
        "swaps": swaps,
        "slips": swaps + _slips(typed),
        "fillers": list(words.FILLERS),
        "shortest": len(typed) - allowed - 1,
        "longest": len(typed) + allowed + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, values)
        rows = cursor.fetchall()
    likely = [
        Near(word, sound >= CLEAR_SOUND)
        for word, rank, distance, sound in rows
        if (rank == VOCABULARY and distance == 1 if only_close else distance <= allowed + _more_for(sound))
    ]
    return likely[:CANDIDATES]


def _more_for(sound: int) -> int:
    """So many letters more may differ in a word that sounds alike, ``sound`` consonants long; 0 if it does not."""
    return 2 if sound >= LONG_SOUND else min(sound, 1)


def _swaps(word: str) -> list[str]:
    """``word`` with two neighbouring letters in each other's place."""
    return [word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1)]


def _slips(word: str) -> list[str]:
    """A short word with one letter more, less, or another; trigrams find the words that long ones may be meant for."""
    if len(word) > LONGEST_MEDIUM:
        return []
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    fewer = [before + after[1:] for before, after in cuts if after]
    more = [before + letter + after for before, after in cuts for letter in LETTERS]
    other = [before + letter + after[1:] for before, after in cuts if after for letter in LETTERS]
    return [*fewer, *more, *other]


def _letters_that_may_differ(word: str) -> int:
    if len(word) <= LONGEST_SHORT:
        return 1
    return 2 if len(word) <= LONGEST_MEDIUM else 3


def _best(typed: Sequence[str], choices: Sequence[Sequence[Near]]) -> list[str]:
    """The combination whose words make the fewest spans: "liver metastases" rather than "liver" and "metabolism"."""
    doubtful = [place for place, near in enumerate(choices) if len(near) > 1][:DOUBTFUL]
    choices = [near if place in doubtful else near[:1] for place, near in enumerate(choices)]
    meaning = search.Names.sharing([[near.word for near in several] for several in choices])
    ranked = sorted(product(*map(enumerate, choices)), key=lambda chosen: sum(rank for rank, _near in chosen))
    combinations = [[near for _rank, near in chosen] for chosen in ranked[:COMBINATIONS]]
    best = min(combinations, key=lambda chosen: search.scatter(meaning.spans(_words(chosen))))
    together = {word for span in meaning.spans(_words(best)) if len(span.words) > 1 for word in span.words}
    return [
        near.word if near.word in together or _is_convincing(word, near, choices[place][0], len(typed) == 1) else word
        for place, (word, near) in enumerate(zip(typed, best, strict=True))
    ]


def _words(chosen: Iterable[Near]) -> list[str]:
    return [near.word for near in chosen]


def _is_convincing(typed: str, near: Near, likeliest: Near, is_alone: bool) -> bool:
    """Whether a word that makes no term with its neighbours was meant so: most short words are like many others."""
    if likeliest.word == typed:
        return near.word == typed
    if len(typed) > LONGEST_CHANCE:
        return True
    if is_alone:
        return near.is_alike or near.word[0] == typed[0]
    return near.is_alike and len(typed) > LONGEST_SHORT


def _nearest_name(typed: Sequence[str]) -> str | None:
    """The name of a term that is written nearly like all the words together."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT name.text FROM conditions_termname AS name
            LEFT JOIN conditions_condition AS condition ON condition.id = name.condition_id
            WHERE name.joined %% %(typed)s AND (name.condition_id IS NULL OR condition.is_published)
                AND similarity(name.joined, %(typed)s) >= %(shared)s
            ORDER BY similarity(name.joined, %(typed)s) DESC, is_name DESC, name.text LIMIT 1
            """,
            {"typed": "".join(typed), "shared": SHARED},
        )
        row = cursor.fetchone()
    return row[0] if row else None
