"""When two ways to write a medical term mean the same: British or American, singular or plural, in any order.

"Cancer of the oesophagus" and "esophagus cancers" have the same key. Nothing here asks the database.
"""

import re

from conditions import names

# Shorter words end as they do for other reasons.
SHORTEST_INFLECTED = 5
# Grammar without meaning of its own, questions included, in the languages people write here.
ENGLISH_FILLERS = (
    "a about an and are at be by can do does for from had has have how i in into is it its my of off on or that the "
    "their this to was what when where which who why with your"
)
GERMAN_FILLERS = (
    "am an auf aus bei beim das dem den der des die durch ein eine einer eines es fuer fur gegen habe hat ich im in "
    "ins ist kann kein keine man mein meine meiner mit nach nicht oder ohne sich sind uber ueber und unter vom von vor "
    "was welche welcher wenn wer wie wird wo zu zum zur zwischen"
)
FILLERS = frozenset(f"{ENGLISH_FILLERS} {GERMAN_FILLERS}".split())
# British and Latin spellings → the shorter ones; applied to folded words, in this order.
SPELLINGS = (
    (re.compile(r"ae|oe"), "e"),
    (re.compile(r"(?<=[a-z]{2})our(?=s?$)"), "or"),
    (re.compile(r"isation(?=s?$)"), "ization"),
    (re.compile(r"yse(?=[srd]?$)"), "yze"),
    (re.compile(r"(?<=[a-z]{2})([bt])re(?=s?$)"), r"\1er"),
    (re.compile(r"kk|cc(?=[ao])"), "k"),
)
# The last letters in which singular and plural of English, Latin and German words differ.
ENDINGS = "einsy"


def root(word: str) -> str:
    """What a folded word has in common with its other spellings, singular and plural: not a word to be shown."""
    for pattern, shorter in SPELLINGS:
        word = pattern.sub(shorter, word)
    while len(word) >= SHORTEST_INFLECTED and word[-1] in ENDINGS:
        word = word[:-1]
    return word


# What people call a cancer, by roots: one is tried for another where no name has the word itself.
CANCERS = frozenset(map(root, ("cancer", "tumour", "carcinoma", "karzinom", "krebs", "malignancy", "growth")))


def roots(text: str) -> frozenset[str]:
    """The roots of all words of ``text`` that mean something; of all its words if none does."""
    words = names.fold(text).split()
    return frozenset(root(word) for word in words if word not in FILLERS) or frozenset(map(root, words))


def key(text: str) -> str:
    """Equal for two ways to write the same term: its roots in alphabetical order."""
    return " ".join(sorted(roots(text)))


def joined(text: str) -> str:
    """``text`` folded and without blanks: "chemo therapy" and "chemotherapy" are one."""
    return names.fold(text).replace(" ", "")
