"""A workload: what visitors of the synthetic profiles may ask for, from everything to next to nothing.

Values are drawn as the profiles drew theirs, so frequent conditions are asked for often; some are drawn evenly, for the
rare ones. The same seed gives the same selections, whatever the number of profiles.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.scale.draw import pick, some
from bench.scale.people import name_lists
from bench.scale.places import load_places
from bench.scale.profiles import ACCEPTING, CLINIC_SHARE, INSURANCE, spoken_shares
from bench.scale.vocabulary import ORGANS, kinds, organ_shares
from conditions import names
from specialists.enums import Country, Language, ProfileKind

Selection = dict[str, list[str]]

# How often a selection has 0, 1, … 5 facets, and how often each facet is among them.
FACET_NUMBERS = (8, 20, 26, 22, 14, 10)
FACET_SHARES = {
    "condition": 28,
    "treatment": 18,
    "specialty": 14,
    "country": 10,
    "kind": 7,
    "accepting": 8,
    "insurance": 7,
    "language": 8,
}
VALUE_NUMBERS = (70, 20, 10)
EVEN_SHARE = 0.2
# Conditions, treatments and specialties that are asked for together mostly belong together.
SAME_ORGAN_SHARE = 0.7
NEAR_SHARE, TEXT_SHARE = 0.15, 0.10
RADII_KM = (10, 25, 50, 100, 200)
PREFIX_LETTERS = (3, 8)


def random_selections(count: int, seed: int) -> list[Selection]:
    """``count`` selections: facet → values (slugs or codes), with 0 to 5 facets of 1 to 3 values each.

    Some have ``near``: [latitude, longitude, radius in km], degrees, WGS 84; some have ``text``: [part of a name].
    """
    rng = np.random.default_rng(seed)
    return [_selection(rng) for _ in range(count)]


def _selection(rng: np.random.Generator) -> Selection:
    number = _one(rng, FACET_NUMBERS)
    shares = np.array(list(FACET_SHARES.values())) / sum(FACET_SHARES.values())
    chosen = rng.choice(list(FACET_SHARES), size=number, replace=False, p=shares).tolist()
    organ = _one(rng, organ_shares()) if rng.random() < SAME_ORGAN_SHARE else None
    selection = {facet: _values(rng, facet, organ) for facet in chosen}
    if some(rng, NEAR_SHARE, 1)[0]:
        selection["near"] = _near(rng)
    if some(rng, TEXT_SHARE, 1)[0]:
        selection["text"] = [_text(rng)]
    return selection


def _values(rng: np.random.Generator, facet: str, organ: int | None) -> list[str]:
    """One to three different values of the facet, of this organ where that is given and the facet has any."""
    values, shares = _options()[facet]
    if organ is not None and facet in kinds():
        per_organ = len(values) // len(ORGANS)
        own = slice(organ * per_organ, (organ + 1) * per_organ)
        values, shares = values[own], shares[own]
    if rng.random() < EVEN_SHARE:
        shares = np.ones(len(values))
    number = min(1 + _one(rng, VALUE_NUMBERS), len(values))
    return rng.choice(values, size=number, replace=False, p=shares / shares.sum()).tolist()


@cache
def _options() -> dict[str, tuple[list[str], npt.NDArray[np.float64]]]:
    """Facet → its values, and how often profiles have each."""
    places = load_places()
    countries = np.array(places.countries)
    spoken = spoken_shares()
    codes: dict[str, Mapping[Any, float]] = {
        "country": {country: float(places.shares[countries == country].sum()) for country in Country.values},
        "kind": {ProfileKind.PHYSICIAN: 1 - CLINIC_SHARE, ProfileKind.CLINIC: CLINIC_SHARE},
        "accepting": ACCEPTING,
        "insurance": INSURANCE,
        "language": {code: spoken[code] for code in Language.values if code in spoken},
    }
    terms = {facet: (kind.slugs, kind.shares) for facet, kind in kinds().items()}
    return {**terms, **{facet: ([*map(str, of)], np.array([*of.values()], float)) for facet, of in codes.items()}}


def _near(rng: np.random.Generator) -> list[str]:
    places = load_places()
    place = int(places.draw(rng, 1)[0]) if rng.random() > EVEN_SHARE else int(rng.integers(len(places.names)))
    radius = RADII_KM[int(rng.integers(len(RADII_KM)))]
    return [f"{places.latitudes[place]:.4f}", f"{places.longitudes[place]:.4f}", str(radius)]


def _text(rng: np.random.Generator) -> str:
    """The beginning of a family name, or a word of a clinic's name: the town it stands in."""
    if rng.random() < CLINIC_SHARE * 3:
        words = names.search_words(load_places().names[int(load_places().draw(rng, 1)[0])])
        return max(words, key=len)
    lists = name_lists()
    family = names.fold(lists.family.values[_one(rng, lists.family_shares)])
    return family[: int(rng.integers(*PREFIX_LETTERS))].strip()


def _one(rng: np.random.Generator, shares: npt.ArrayLike) -> int:
    return int(pick(rng, shares, 1)[0])
