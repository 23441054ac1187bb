"""What visitors ask for, as the engines take it and as addresses: made of ``bench.scale.selections`` and name lists."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import numpy as np

from bench.scale.people import name_lists
from bench.scale.places import load_places
from bench.scale.selections import Selection as Drawn
from bench.scale.selections import random_selections
from bench.scale.vocabulary import kinds
from conditions import search
from specialists.selection import Circle, Selection

SEED = 20_260
LETTERS = (2, 11)
MISSPELT_SHARE = 0.25
OTHERS = ("near", "text")


def selections(count: int, seed: int = SEED) -> list[Selection]:
    """``count`` different selections. Reads the vocabulary from the database for those with words."""
    return [selection(drawn) for drawn in different(count, seed)]


def different(count: int, seed: int = SEED) -> list[Drawn]:
    """As drawn, those that came before left out."""
    return list({str(sorted(drawn.items())): drawn for drawn in random_selections(2 * count, seed)}.values())[:count]


def selection(drawn: Drawn) -> Selection:
    """As the list page understands it."""
    facets = {facet: frozenset(values) for facet, values in drawn.items() if facet not in OTHERS}
    text = drawn.get("text", [""])[0]
    near = None
    if "near" in drawn:
        latitude, longitude, radius = drawn["near"]
        near = Circle(float(latitude), float(longitude), int(radius), f"{latitude},{longitude}")
    return Selection(facets, text, near, search.understand(text))


def list_paths(count: int, seed: int = SEED) -> list[str]:
    """Addresses of the specialist list, each once."""
    return list(dict.fromkeys(_list_path(drawn) for drawn in different(count, seed)))


def _list_path(drawn: Mapping[str, Sequence[str]]) -> str:
    pairs = [(facet, value) for facet, values in drawn.items() if facet not in OTHERS for value in values]
    if "near" in drawn:
        latitude, longitude, radius = drawn["near"]
        pairs += [("near", f"{float(latitude):.2f},{float(longitude):.2f}"), ("radius", radius)]
    if "text" in drawn:
        pairs.append(("q", drawn["text"][0]))
    return _path("/en/specialists/", pairs)


def suggest_paths(count: int, seed: int = SEED) -> list[str]:
    """What a search field asks while somebody types: beginnings of terms, people and towns, some misspelt."""
    rng = np.random.default_rng(seed)
    texts = [_misspelt(rng, text)[: int(rng.integers(*LETTERS))].strip() for text in _texts(rng, 2 * count)]
    return list(dict.fromkeys(_path("/en/suggest/", [("q", text)]) for text in texts if len(text) > 1))[:count]


def search_paths(count: int, seed: int = SEED) -> list[str]:
    """Searches of the whole site for terms, people and towns, some misspelt."""
    rng = np.random.default_rng(seed + 1)
    texts = (_misspelt(rng, text) for text in _texts(rng, 2 * count))
    return list(dict.fromkeys(_path("/en/search/", [("q", text)]) for text in texts))[:count]


def _texts(rng: np.random.Generator, count: int) -> list[str]:
    """In turn a condition, a treatment, a family name and a town."""
    families = name_lists().family.values
    towns = load_places().names
    drawn = []
    for number in range(count):
        kind = ("condition", "treatment", "family", "town")[number % 4]
        names: Sequence[str] = {"family": families, "town": towns}.get(kind) or kinds()[kind].names
        drawn.append(names[int(rng.integers(len(names)))])
    return drawn


def _misspelt(rng: np.random.Generator, text: str) -> str:
    """Sometimes with one letter left out, doubled, or changed places with its neighbour."""
    if len(text) < 5 or rng.random() > MISSPELT_SHARE:
        return text
    place = int(rng.integers(1, len(text) - 2))
    slips = (
        text[:place] + text[place + 1 :],
        text[:place] + text[place] + text[place:],
        text[:place] + text[place + 1] + text[place] + text[place + 2 :],
    )
    return slips[int(rng.integers(len(slips)))]


def _path(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path
