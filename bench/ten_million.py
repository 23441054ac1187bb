"""Part "ten_million": the facet index alone with ten million profiles, made in memory from the same draws.

No database is asked. Names are not made: there is nothing to search by word, and no page is turned to late profiles.
"""

import resource
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from pyroaring import BitMap

from bench import workload
from bench.engines import of_index
from bench.scale.places import load_places
from bench.scale.profiles import ACCEPTING, STATUSES, Population, draw_population
from bench.scale.vocabulary import kinds
from bench.timing import load_average, medians, spread, timed
from specialists.enums import Insurance, Language, ProfileKind, ProfileStatus
from specialists.facets.bitmaps import Numbers, bitmap, unordered
from specialists.facets.build import NO_NUMBER
from specialists.facets.index import FacetIndex, Key, Vocabulary
from specialists.facets.numbers import Numbering, SortKeys, numbers_of_ranks
from specialists.facets.places import Places
from specialists.facets.words import Words
from specialists.selection import Selection

PROFILES = 10_000_000
SELECTIONS, ROUNDS = 500, 3
SEED = 1


def measure(profiles: int = PROFILES) -> dict[str, Any]:
    """Seconds to make it, megabytes it takes, milliseconds of answers to those selections without words."""
    seconds, index = timed(lambda: synthetic(profiles))
    ask = of_index(index, vocabulary())
    selections = without_words(SELECTIONS)
    rounds = [[timed(partial(ask, one))[0] for one in selections] for _ in range(ROUNDS)]
    return {
        "profiles": len(index.published),
        "make s": seconds,
        "saved MB": megabytes(index),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "answers": spread(medians(rounds)),
        "load": load_average(),
    }


def megabytes(index: FacetIndex) -> float:
    """Bitmaps as they would be saved, and arrays."""
    bitmaps = sum(len(found.serialize()) for facet in index.facets.values() for found in facet.values())
    places = index.places
    arrays = [index.numbering.ids.nbytes, places.latitudes.nbytes, places.longitudes.nbytes]
    arrays += [places.starts.nbytes, places.numbers.nbytes]
    return (bitmaps + sum(arrays)) / 1e6


def without_words(count: int) -> list[Selection]:
    return [workload.selection(drawn) for drawn in workload.different(count) if "text" not in drawn]


def vocabulary() -> Vocabulary:
    """Terms by their position in the drawn vocabulary."""
    return Vocabulary(
        {facet: {slug: place for place, slug in enumerate(kind.slugs)} for facet, kind in kinds().items()}
    )


def synthetic(profiles: int) -> FacetIndex:
    """The index of the population that ``make scale`` would load, profiles in the order they were drawn."""
    population = draw_population(profiles, SEED, date(2026, 1, 1), load_places())
    statuses = list(STATUSES).index(ProfileStatus.PUBLISHED)
    is_public = population.profiles.statuses == statuses
    numbers = np.full(profiles, NO_NUMBER, dtype=np.uint32)
    public = numbers_of_ranks(int(is_public.sum()))
    numbers[is_public] = public
    facets = {name: dict(found) for name, found in _facets(population, numbers)}
    return FacetIndex(
        1,
        Numbering.packed(np.flatnonzero(is_public), SortKeys([], [])),
        bitmap(public),
        facets,
        {},
        _places(population, numbers),
        Words.of([], np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.uint32)),
    )


def _facets(population: Population, numbers: Numbers) -> Iterator[tuple[str, Iterator[tuple[Key, BitMap]]]]:
    profiles = population.profiles
    clinics = len(population.clinics.places)
    yield "condition", _by_value(*population.conditions, numbers)
    yield "specialty", _by_value(*population.specialties, numbers)
    yield "treatment", _by_value(population.offers.profiles, population.offers.treatments, numbers)
    is_physician = np.arange(len(numbers)) >= clinics
    kind_names = {0: ProfileKind.CLINIC.value, 1: ProfileKind.PHYSICIAN.value}
    yield "kind", _named(_by_value(np.arange(len(numbers)), is_physician.astype(np.int64), numbers), kind_names)
    accepting = dict(enumerate(str(value) for value in ACCEPTING))
    yield "accepting", _named(_by_value(np.arange(len(numbers)), profiles.accepting, numbers), accepting)
    yield "language", _by_bit(profiles.languages, Language.values, numbers)
    yield "insurance", _by_bit(profiles.insurance, [str(value) for value in Insurance], numbers)
    yield "country", _by_country(population, numbers)


def _by_value(owners: np.ndarray, values: np.ndarray, numbers: Numbers) -> Iterator[tuple[int, BitMap]]:
    """Value → numbers of the profiles ``owners`` with it; values are 0, 1, …"""
    order = np.argsort(values, kind="stable")
    ends = np.searchsorted(values[order], np.arange(int(values.max()) + 1), side="right")
    start = 0
    for value, end in enumerate(ends.tolist()):
        found = _public(numbers[owners[order[start:end]]])
        start = end
        if found:
            yield value, found


def _public(numbers: Numbers) -> BitMap:
    return unordered(numbers[numbers != NO_NUMBER])


def _named(found: Iterator[tuple[int, BitMap]], names: Mapping[int, str]) -> Iterator[tuple[Key, BitMap]]:
    return ((names[value], bitmaps) for value, bitmaps in found)


def _by_bit(bits: np.ndarray, names: list[str], numbers: Numbers) -> Iterator[tuple[Key, BitMap]]:
    for place, name in enumerate(names):
        if found := _public(numbers[(bits >> place) & 1 == 1]):
            yield name, found


def _posts(population: Population) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (profile, location): a clinic's own, and those of the clinics of a physician's current posts."""
    clinics = len(population.clinics.places)
    starts = np.searchsorted(population.locations.clinics, np.arange(clinics + 1))
    current = ~population.affiliations.ended
    at = population.affiliations.clinics[current]
    # Of each post the clinic's first place: few have a second.
    owners = population.affiliations.physicians[current] + clinics
    own = np.arange(len(population.locations.clinics))
    return np.concatenate([population.locations.clinics, owners]), np.concatenate([own, starts[at]])


def _by_country(population: Population, numbers: Numbers) -> Iterator[tuple[Key, BitMap]]:
    towns = load_places()
    names, codes = np.unique(np.array(towns.countries), return_inverse=True)
    owners, locations = _posts(population)
    values = codes[population.locations.places[locations]]
    return _named(_by_value(owners, values, numbers), dict(enumerate(names.tolist())))


def _places(population: Population, numbers: Numbers) -> Places:
    owners, locations = _posts(population)
    found = numbers[owners]
    is_public = found != NO_NUMBER
    locations = locations[is_public]
    return Places.of(
        population.locations.latitudes[locations], population.locations.longitudes[locations], found[is_public]
    )
