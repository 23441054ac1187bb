"""How names become slugs, sort keys and search keys, so that "Müller", "Mueller" and "Muller" are one."""

import re
import unicodedata
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.text import slugify

# What a German reader writes when the keyboard has no umlaut; the rest of Unicode loses its marks only.
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"})
# Letters of their own, which Unicode does not take apart.
MARKED = ["ß", "ẞ", "ø", "Ø", "ł", "Ł", "đ", "Đ", "ı", "æ", "Æ", "œ", "Œ", "þ", "Þ", "ð", "Ð"]
PLAIN = ["ss", "SS", "o", "O", "l", "L", "d", "D", "i", "ae", "Ae", "oe", "Oe", "th", "Th", "d", "D"]
UNMARKED = str.maketrans(dict(zip(MARKED, PLAIN, strict=True)))
SLUG_LENGTH = 120
SORT_KEY_LENGTH = 200
# Shorter words are looked for at the beginning of a word only: two letters stand within almost every name.
INFIX_LENGTH = 3
SPELT_OUT = re.compile(r"(?<![aeiouq])([aou])e")


def without_marks(text: str) -> str:
    """``text`` without accents and umlaut dots: "Müller" → "Muller"."""
    decomposed = unicodedata.normalize("NFKD", text).translate(UNMARKED)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def transliterate(text: str) -> str:
    """``text`` in ASCII as German readers expect it: "Müller" → "Mueller", "Łukasz" → "Lukasz"."""
    return without_marks(unicodedata.normalize("NFC", text).translate(GERMAN))


def make_slug(text: str) -> str:
    """A slug of at most ``SLUG_LENGTH`` characters; "" when ``text`` has no letter or digit of the Latin script."""
    return slugify(transliterate(text))[:SLUG_LENGTH].strip("-")


def fold(text: str) -> str:
    """``text`` without marks, case and punctuation: its words in lower case, a blank between them."""
    folded = without_marks(text).casefold()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in folded).split())


def sort_key(text: str) -> str:
    """The key under which lists sort, after DIN 5007-1: marks, case and punctuation do not count."""
    return fold(text)[:SORT_KEY_LENGTH]


def initial(key: str) -> str:
    """The letter of the alphabet under which a sort key stands; "#" for what begins with none."""
    first = key[:1].upper()
    return first if first.isalpha() else "#"


def contract(folded: str) -> str:
    """Folded text with ae, oe and ue written as one letter, where they may stand for an umlaut.

    After a vowel or q they do not: "Mueller" → "muller", but "Bauer" and "Joaquer" stay.
    """
    return SPELT_OUT.sub(r"\1", folded)


def search_key(text: str) -> str:
    """The spellings of ``text``, folded, for a substring search: "Müller" → "muller mueller"."""
    plain, german = fold(text), fold(transliterate(text))
    return " ".join(dict.fromkeys((plain, german, contract(german))))


def search_words(query: str) -> list[str]:
    """The words of a visitor's query, folded."""
    return fold(query).split()


def spellings(word: str) -> set[str]:
    """A folded word as it may stand in a search key; any of them is a match."""
    return {word, contract(word)}


def matching_words(query: str, *search_keys: str) -> Q:
    """The rows with every word of ``query``, in any spelling, within any of the columns ``search_keys``."""
    matches = Q()
    for word in search_words(query):
        spelt = sorted(spellings(word))
        matches &= reduce(or_, (_holds(key, spelling) for key in search_keys for spelling in spelt))
    return matches


def _holds(search_key: str, part: str) -> Q:
    if len(part) >= INFIX_LENGTH:
        return Q(**{f"{search_key}__contains": part})
    return Q(**{f"{search_key}__startswith": part}) | Q(**{f"{search_key}__contains": f" {part}"})
