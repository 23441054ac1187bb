"""Under which spellings a place is found: folded keys of its own names and of its names in other languages."""

import re
from collections.abc import Iterator

from conditions.names import fold, transliterate
from specialists.enums import Country
from specialists.gazetteer.sources import City

# Lists give the names in all languages, without saying which. Left out: letters of other scripts written in Latin ones
# (which begin small or hold an apostrophe), codes of airports, and words for "the city of" and the like.
READABLE = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:[ ./()-]+[^\W\d_]+)*[.)]?")
CODE = re.compile(r"[A-Z]{2,4}")
OFFICIAL = re.compile(
    r"(?:Lungsod|Bezirk|Kreisfreie|Distretto|Arrondissement|Districte?|Estad?o|Byen|Canton|City of)\b"
)
SAINTS = ("sankt", "saint", "sant", "st")
SHORTEST = 3
MOST_WORDS = 5
# Other names of American towns are mostly those they had once; those of cities are in use.
AMERICAN_CITY = 100_000


def spellings(city: City) -> dict[str, bool]:
    """Folded key → whether it belongs to a main name; main names first, each key once."""
    keys = {key: True for name in city.names for part in _parts(name, city) for key in name_keys(part)}
    for name in _other_names(city):
        for key in name_keys(name):
            keys.setdefault(key, False)
    return keys


def name_keys(name: str) -> Iterator[str]:
    """The keys of one name: "Köln" → koln, koeln; "Sankt Pölten" → sankt polten, sankt poelten, st polten, …"""
    for key in dict.fromkeys((fold(name), fold(transliterate(name)))):
        first, _, rest = key.partition(" ")
        yield key
        if rest and first in SAINTS:
            yield from (f"{saint} {rest}" for saint in SAINTS if saint != first)


def _parts(name: str, city: City) -> list[str]:
    """Swiss towns may have two names at once: "Biel/Bienne" is both, and each."""
    return [name, *name.split("/")] if city.country == Country.CH and "/" in name else [name]


def _other_names(city: City) -> Iterator[str]:
    if city.country != Country.US or city.population >= AMERICAN_CITY:
        yield from filter(is_readable, city.other_names)


def is_readable(name: str) -> bool:
    """Whether people would write ``name`` in the Latin script, rather than machines."""
    key = fold(name)
    return (
        len(key) >= SHORTEST
        and key.isascii()
        and key.count(" ") < MOST_WORDS
        and READABLE.fullmatch(name) is not None
        and not CODE.fullmatch(name)
        and not OFFICIAL.match(name)
    )
