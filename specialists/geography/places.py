"""Places by name: exactly, in any spelling; by how the name begins; and, where nothing fits, by how it is spelt.

All functions take folded text (``conditions.names.fold``).
"""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, QuerySet

from conditions.names import fold, spellings
from specialists.gazetteer.regions import Area, areas
from specialists.geography.spots import Located, Spot, spot_of
from specialists.models import Place, PlaceName

# A place is meant without asking when it is so many times bigger than the next of exactly that name, …
CLEARLY_BIGGER = 10
# … or of a name that only begins so.
CLEARLY_BIGGER_BEGINNING = 50
MOST_CHOICES = 8
MOST_OTHERS = 5
MOST_SUGGESTIONS = 5
# Rows read for one answer: a place has several spellings that begin alike.
MOST_ROWS = 60
LONGEST_HINT = 4
# How much a place ten times as big may be spelt worse.
SIZE_MATTERS = 0.03


class Named(NamedTuple):
    """Words for a place, and where it must lie; anywhere when ``areas`` is empty."""

    words: str
    areas: frozenset[Area] = frozenset()

    @property
    def keys(self) -> list[str]:
        return sorted(spellings(self.words))

    def rows(self) -> QuerySet[PlaceName]:
        """The spellings of all places in these areas, the biggest first."""
        where = Q()
        for area in self.areas:
            here = Q(place__country=area.country)
            where |= here & Q(place__region=area.region) if area.region else here
        return PlaceName.objects.filter(where).select_related("place").order_by("-population", "place_id")


def locate(text: str) -> Located:
    """What ``text`` means: a label, a name, the beginning of a name; with or without a country or state behind it."""
    if place := _labelled(text):
        return Located(spot_of(place), others=_spots(_others(text, place), MOST_OTHERS))
    meanings = list(_meanings(text))
    for find in (_exactly, _beginning):
        for meaning in meanings:
            if found := find(meaning):
                return found
    return Located(suggestions=_alike(text))


def suggest(text: str, limit: int) -> list[Spot]:
    """Places whose own name begins with ``text``, the biggest first; then by label, then by names elsewhere."""
    named = Named(text)
    found = _distinct(_begins(named).filter(is_main=True)[: limit * len(spellings(text)) * 3])
    if len(found) < limit:
        found += Place.objects.filter(_starts("label_key", named.keys)).order_by("-population")[:limit]
    if len(found) < limit:
        found += _distinct(_begins(named)[:MOST_ROWS])
    return list(_spots(dict.fromkeys(found), limit))


def _labelled(text: str) -> Place | None:
    """The place with this label; as it is written rather than with ae, oe, ue for umlauts."""
    places = {place.label_key: place for place in Place.objects.filter(label_key__in=spellings(text))}
    return places.get(text) or next(iter(places.values()), None)


def _others(text: str, chosen: Place) -> list[Place]:
    named = Named(text)
    namesakes = _distinct(named.rows().filter(key__in=named.keys, is_main=True)[:MOST_ROWS])
    return [place for place in namesakes if place != chosen]


def _meanings(text: str) -> Iterator[Named]:
    """The words as a name; then their end as a country or state, its longest form first: "springfield new jersey"."""
    yield Named(text)
    words = text.split()
    for length in range(min(LONGEST_HINT, len(words) - 1), 0, -1):
        if found := areas().get(" ".join(words[-length:])):
            yield Named(" ".join(words[:-length]), found)


def _exactly(named: Named) -> Located | None:
    """Places of that name; those with a longer one count where they are bigger: "Halle" may be "Halle an der Saale".

    Names in other languages count where nobody has the name as their own: "Bienne" is Biel, not Wien.
    """
    longer = _starts("key", [f"{key} " for key in named.keys]) & Q(is_main=True)
    rows = list(named.rows().filter(Q(key__in=named.keys) | longer)[:MOST_ROWS])
    fitting = [row for row in rows if row.key in named.keys]
    exact = _distinct(row for row in fitting if row.is_main or _is_beginning(row)) or _distinct(fitting)
    if not exact:
        return None
    own_longer = _distinct(row for row in rows if row not in fitting)
    bigger = [place for place in own_longer if place.population > exact[0].population and place not in exact]
    is_short = all(_is_beginning(row) and not row.is_main for row in fitting if row.place == exact[0])
    return _decide([*bigger, *exact], CLEARLY_BIGGER_BEGINNING if bigger or is_short else CLEARLY_BIGGER)


def _is_beginning(row: PlaceName) -> bool:
    """Whether the spelling is the place's name cut short: "Frankfurt"."""
    return fold(row.place.name).startswith(f"{row.key} ")


def _beginning(named: Named) -> Located | None:
    """Places whose own name begins so, else those with any such name."""
    begins = _begins(named)
    # First the main names alone: these an index holds in the order of size.
    found = _distinct(begins.filter(is_main=True)[: MOST_CHOICES * 3]) or _distinct(begins[:MOST_ROWS])
    return _decide(found, CLEARLY_BIGGER_BEGINNING) if found else None


def _decide(places: list[Place], factor: int) -> Located:
    """The first of ``places``, the biggest first, when it is ``factor`` times as big as the second."""
    if len(places) == 1 or 0 < places[0].population >= factor * places[1].population:
        return Located(spot_of(places[0]), others=_spots(places[1:], MOST_OTHERS))
    return Located(choices=_spots(places, MOST_CHOICES))


def _begins(named: Named) -> QuerySet[PlaceName]:
    return named.rows().filter(_starts("key", named.keys))


def _starts(field: str, beginnings: Iterable[str]) -> Q:
    condition = Q()
    for beginning in beginnings:
        condition |= Q(**{f"{field}__startswith": beginning})
    return condition


def _alike(text: str) -> tuple[Spot, ...]:
    """The places whose own name is spelt most like ``text``; none for a number."""
    if not any(letter.isalpha() for letter in text):
        return ()
    rows = (
        PlaceName.objects.filter(is_main=True, key__trigram_similar=text)
        .annotate(similarity=TrigramSimilarity("key", text))
        .select_related("place")
        .order_by("-similarity", "-population")[:MOST_ROWS]
    )
    likeliest = sorted(rows, key=lambda row: -row.similarity - SIZE_MATTERS * math.log10(row.population + 1))
    return _spots(_distinct(likeliest), MOST_SUGGESTIONS)


def _distinct(rows: Iterable[PlaceName]) -> list[Place]:
    return list(dict.fromkeys(row.place for row in rows))


def _spots(places: Iterable[Place], limit: int) -> tuple[Spot, ...]:
    return tuple(spot_of(place) for place in list(places)[:limit])
