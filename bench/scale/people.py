"""Names of physicians: drawn by number, with every form that Physician.save() would derive from them.

The rules of ``conditions.names`` treat a name word by word, so the forms of "Dr. Anna Müller" are those of its parts
put together; tests compare them with the model's own.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from bench.scale.binary import Words
from bench.scale.draw import Ints, pick, zipf
from bench.scale.words import FAMILY_ENDINGS, FAMILY_STEMS, ORIGINS, TITLE_WEIGHTS, TITLES
from conditions import names

# Shares of the family names: as they stand in the lists, put together, and of two.
FREQUENT, COMPOSED, DOUBLE = 0.70, 0.18, 0.12
DOUBLES = 14_000
# The others have a given name of the country they live in.
GIVEN_OF_OWN_ORIGIN = 0.7
FORMS = ("plain", "german", "contracted")


class NameList:
    """Parts of names, each with the forms derived from it: written, slug, sort key, spellings of the search key."""

    def __init__(self, values: list[str]) -> None:
        self.values = values
        plain = [names.fold(value) for value in values]
        german = [names.fold(names.transliterate(value)) for value in values]
        contracted = [names.contract(value) for value in german]
        self.slugs = [names.make_slug(value) for value in values]
        self.spellings = dict(zip(FORMS, (plain, german, contracted), strict=True))
        # The same number for names that share a slug, as Müller and Mueller do.
        self.slug_numbers = np.unique(np.array(self.slugs), return_inverse=True)[1]
        self.german_is_plain = np.array([one == other for one, other in zip(german, plain, strict=True)])
        self.contracted_is_plain = np.array([one == other for one, other in zip(contracted, plain, strict=True)])
        self.contracted_is_german = np.array([one == other for one, other in zip(contracted, german, strict=True)])

    def written(self, after: str = "") -> Words:
        """The parts as people write them, followed by ``after`` unless empty; so below. The last entry is empty."""
        return _words(self.values, after)

    def slug(self, after: str = "") -> Words:
        return _words(self.slugs, after)

    def spelt(self, form: str, after: str = "") -> Words:
        return _words(self.spellings[form], after)


def _words(values: list[str], after: str) -> Words:
    return Words([*(value and value + after for value in values), ""])


@dataclass(frozen=True)
class NameLists:
    """All parts of names, with their shares and the origins of which a row is (``origins`` × given names)."""

    titles: NameList
    given: NameList
    family: NameList
    family_shares: npt.NDArray[np.float64]
    family_origins: Ints
    given_shares: npt.NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """Positions within the name lists, one for each physician."""

    titles: Ints
    given: Ints
    family: Ints


@cache
def name_lists() -> NameLists:
    given = list(dict.fromkeys(word for _share, words, _family in ORIGINS.values() for word in words.split()))
    taken = {part for word in given for part in names.make_slug(word).split("-")}
    family, shares, origins = _family_names(taken)
    return NameLists(
        titles=NameList(list(TITLES)),
        given=NameList(given),
        family=NameList(family),
        family_shares=shares,
        family_origins=origins,
        given_shares=np.array([_given_shares(words.split(), given) for _share, words, _family in ORIGINS.values()]),
    )


def draw_people(rng: np.random.Generator, count: int) -> People:
    lists = name_lists()
    family = pick(rng, lists.family_shares, count)
    at_home = rng.random(count) < GIVEN_OF_OWN_ORIGIN
    origins = np.where(at_home, lists.family_origins[family], 0)
    given = np.empty(count, np.int64)
    for origin, shares in enumerate(lists.given_shares):
        rows = np.flatnonzero(origins == origin)
        given[rows] = pick(rng, shares, len(rows))
    return People(pick(rng, TITLE_WEIGHTS, count), given, family)


def _given_shares(own: list[str], given: list[str]) -> npt.NDArray[np.float64]:
    """The share of each given name among people of one origin, whose names are ``own``."""
    shares = np.zeros(len(given))
    shares[[given.index(name) for name in own]] = zipf(len(own), 0.7)
    return shares


def _family_names(taken: set[str]) -> tuple[list[str], npt.NDArray[np.float64], Ints]:
    """Names, shares and origins. A family name with a word of ``taken`` is left out.

    Such a name could make two different people's slugs the same: "Anna Karl-Maier" and "Anna-Karl Maier".
    """
    families = [words.split() for _share, _given, words in ORIGINS.values()]
    common = [name for words in families for name in words]
    weights = np.concatenate(
        [share * zipf(len(words), 0.6) for (share, _g, _f), words in zip(ORIGINS.values(), families, strict=True)]
    )
    origins = np.concatenate([np.full(len(words), number) for number, words in enumerate(families)])
    composed = [stem + ending for stem in FAMILY_STEMS.split() for ending in FAMILY_ENDINGS.split()]
    rng = np.random.default_rng(len(common))
    rng.shuffle(composed)
    first, second = pick(rng, weights, DOUBLES), rng.integers(0, len(common), DOUBLES)
    doubles = [f"{common[one]}-{common[two]}" for one, two in zip(first, second, strict=True) if one != two]
    every = [*common, *composed, *doubles]
    shares = np.concatenate(
        [FREQUENT * weights / weights.sum(), COMPOSED * zipf(len(composed), 0.5), DOUBLE * zipf(len(doubles), 0.3)]
    )
    kept = [
        position
        for name, position in {name: position for position, name in reversed(list(enumerate(every)))}.items()
        if taken.isdisjoint(names.make_slug(name).split("-"))
    ]
    origin_of = np.zeros(len(every), np.int64)
    origin_of[: len(origins)] = origins
    return [every[position] for position in kept], shares[kept], origin_of[kept]
