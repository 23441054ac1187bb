"""How names become slugs, sort keys and search keys, so that "Müller", "Mueller" and "Muller" are one."""

import unicodedata

from django.utils.text import slugify

# What a German reader writes when the keyboard has no umlaut; the rest of Unicode loses its marks only.
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"})
UNMARKED = str.maketrans({"ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"})
SLUG_LENGTH = 120


def without_marks(text: str) -> str:
    """``text`` without accents and umlaut dots: "Müller" → "Muller"."""
    decomposed = unicodedata.normalize("NFKD", text.translate(UNMARKED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def transliterate(text: str) -> str:
    """``text`` in ASCII as German readers expect it: "Müller" → "Mueller", "Łukasz" → "Lukasz"."""
    return without_marks(unicodedata.normalize("NFC", text).translate(GERMAN))


def make_slug(text: str) -> str:
    """A slug of at most ``SLUG_LENGTH`` characters; "" when ``text`` has no letter or digit of the Latin script."""
    return slugify(transliterate(text))[:SLUG_LENGTH].strip("-")


def sort_key(text: str) -> str:
    """The key under which lists sort, after DIN 5007-1: marks and case do not count, nor does punctuation."""
    folded = without_marks(text).casefold()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in folded).split())


def search_key(text: str) -> str:
    """Both plain spellings of ``text``, folded, for a substring search: "Müller" → "muller mueller"."""
    plain, german = sort_key(text), sort_key(transliterate(text))
    return plain if plain == german else f"{plain} {german}"


def search_words(query: str) -> list[str]:
    """The words of a visitor's query, folded so that each is a substring of a matching search key."""
    return sort_key(query).split()
