"""Names become slugs, sort keys and search keys: every spelling a reader may type finds them."""

import re
import sys
import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions.names import (
    SLUG_LENGTH,
    SORT_KEY_LENGTH,
    contract,
    fold,
    make_slug,
    search_key,
    search_words,
    sort_key,
    spellings,
    transliterate,
    without_marks,
)

# Letter / what a reader types without marks / what a German reader types instead.
MARKED = (
    "ä/a/ae ö/o/oe ü/u/ue ß/ss/ss é/e/e è/e/e ê/e/e ç/c/c ñ/n/n å/a/a ø/o/o ł/l/l đ/d/d ı/i/i ş/s/s ğ/g/g č/c/c ž/z/z "
    "ő/o/o ű/u/u ț/t/t ế/e/e"
)
SPELLINGS = {letter: (letter, letter) for letter in "abcdefghijklmnopqrstuvwxyz0123456789"}
SPELLINGS |= {letter: (plain, german) for letter, plain, german in (entry.split("/") for entry in MARKED.split())}


@dataclass(frozen=True)
class Word:
    """One word as its bearer writes it, and as others type it."""

    marked: str
    plain: str
    german: str


def spelled(letters: list[str]) -> Word:
    plain, german = zip(*(SPELLINGS[letter] for letter in letters), strict=True)
    return Word("".join(letters), "".join(plain), "".join(german))


WORDS = st.lists(st.sampled_from(sorted(SPELLINGS)), min_size=1, max_size=12).map(spelled)
SEPARATORS = st.sampled_from([" ", "-", ", ", " (", "’", " · "])


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, min_size=1, max_size=4), SEPARATORS)
def test_search_key_holds_every_word_in_every_spelling(words, separator):
    key = search_key(separator.join(word.marked for word in words))

    for word in words:
        decomposed = unicodedata.normalize("NFD", word.marked)
        for typed in (word.marked, decomposed, word.plain, word.german, word.marked.upper()):
            [folded] = search_words(typed)
            assert folded in key


@settings(deadline=None, max_examples=200)
@given(st.text(min_size=1, max_size=60))
def test_search_key_holds_every_word_of_any_text(text):
    key = search_key(text)

    assert [word for word in search_words(text) if word not in key] == []
    assert [word for word in search_words(transliterate(text)) if word not in key] == []


@settings(deadline=None, max_examples=100)
@given(st.lists(WORDS, min_size=1, max_size=4), SEPARATORS)
def test_slug_and_sort_key_do_not_depend_on_the_unicode_form(words, separator):
    text = separator.join(word.marked for word in words)
    decomposed = unicodedata.normalize("NFD", text)

    assert make_slug(decomposed) == make_slug(text)
    assert sort_key(decomposed) == sort_key(text)
    assert search_key(decomposed) == search_key(text)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=200))
def test_make_slug_is_a_path_segment_or_empty(text):
    slug = make_slug(text)

    assert re.fullmatch(r"|[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?", slug)
    assert len(slug) <= SLUG_LENGTH
    assert make_slug(slug) == slug


@settings(deadline=None, max_examples=100)
@given(st.lists(WORDS, min_size=1, max_size=4))
def test_make_slug_is_the_german_spelling(words):
    assert make_slug(" ".join(word.marked for word in words)) == "-".join(word.german for word in words)


def test_sort_key_of_every_letter_is_folded_for_good():
    """What is folded once does not change any more: keys in the table and words of a query stay comparable."""
    letters = [letter for letter in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(letter)[0] == "L"]

    assert [letter for letter in letters if sort_key(sort_key(letter)) != sort_key(letter)] == []


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Müller", "mueller"),
        ("MÜLLER", "mueller"),
        ("Mu\u0308ller", "mueller"),
        ("Größe", "groesse"),
        ("STRAẞE", "strasse"),
        ("Ärzte für Öl", "aerzte-fuer-oel"),
        ("Łukasz Żółć", "lukasz-zolc"),
        ("Søren Ångström", "soren-angstroem"),
        ("İbrahim Işık", "ibrahim-isik"),
        ("Zoë Nuñez d’Été", "zoe-nunez-dete"),
        ("Liver metastases (stage IV)", "liver-metastases-stage-iv"),
        ("  -- Gallstones -- ", "gallstones"),
        ("Œsophage", "oesophage"),
        ("Kjær", "kjaer"),
        ("Þór Guðmundsson", "thor-gudmundsson"),
        ("печень", ""),
        ("???", ""),
        ("", ""),
    ],
)
def test_make_slug(name, slug):
    assert make_slug(name) == slug


def test_make_slug_cut_at_a_hyphen_does_not_end_in_one():
    assert make_slug("a" * (SLUG_LENGTH - 1) + " b") == "a" * (SLUG_LENGTH - 1)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Müller", "Muller"), ("Ößling", "Ossling"), ("Łódź", "Lodz"), ("Đorđe", "Dorde"), ("naïve", "naive")],
)
def test_without_marks(text, plain):
    assert without_marks(text) == plain


@pytest.mark.parametrize(
    ("text", "ascii_text"),
    [("Müller", "Mueller"), ("ÄÖÜ", "AeOeUe"), ("Łukasz", "Lukasz"), ("Zażółć", "Zazolc"), ("Fußpilz", "Fusspilz")],
)
def test_transliterate(text, ascii_text):
    assert transliterate(text) == ascii_text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ärzte", "arzte"),
        ("  Non-Hodgkin's  Lymphoma! ", "non hodgkin s lymphoma"),
        ("MASLD/NAFLD", "masld nafld"),
        ("ﬁbrosis", "fibrosis"),
        ("—", ""),
    ],
)
def test_fold_and_sort_key(text, key):
    assert fold(text) == key
    assert sort_key(text) == key


def test_sort_key_is_cut_where_its_column_ends():
    assert sort_key("ß" * 150) == "s" * SORT_KEY_LENGTH
    assert fold("ß" * 150) == "s" * 300


@pytest.mark.parametrize(
    ("folded", "contracted"),
    [
        ("mueller", "muller"),
        ("aerzte fuer oel", "arzte fur ol"),
        ("goethe", "gothe"),
        ("bauer", "bauer"),
        ("neuer", "neuer"),
        ("joaquer", "joaquer"),
        ("maier", "maier"),
        ("liver", "liver"),
    ],
)
def test_contract(folded, contracted):
    assert contract(folded) == contracted


def test_spellings():
    assert spellings("mueller") == {"mueller", "muller"}
    assert spellings("muller") == {"muller"}


def test_sort_key_puts_umlauts_beside_their_letters():
    names = ["Zebra", "Ärzte", "apfel", "Apfelöl", "Österreich", "offen"]

    assert sorted(names, key=sort_key) == ["apfel", "Apfelöl", "Ärzte", "offen", "Österreich", "Zebra"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Müller", "muller mueller"),
        ("Mueller", "mueller muller"),
        ("Miller", "miller"),
        ("Groß", "gross"),
        ("Kjær", "kjaer kjar"),
        ("", ""),
    ],
)
def test_search_key(text, key):
    assert search_key(text) == key


@pytest.mark.parametrize(
    ("query", "words"),
    [("  Liver   METASTASES ", ["liver", "metastases"]), ("Müller-Öl", ["muller", "ol"]), ("%_'\"", []), ("\t", [])],
)
def test_search_words(query, words):
    assert search_words(query) == words
