"""Postcodes as people write them: "60313", "D-60313", "60313 Frankfurt", "A-1010", "CH 8001", "FL-9490".

Germany has five digits; Austria, Switzerland and Liechtenstein share codes of four, so that a bare one may need asking.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from conditions.names import fold, spellings
from specialists import distance
from specialists.enums import Country
from specialists.gazetteer.regions import areas
from specialists.geography.spots import Located, Spot
from specialists.models import Place, Postcode

PREFIXES = {
    "D": Country.DE, "DE": Country.DE, "A": Country.AT, "AT": Country.AT, "CH": Country.CH, "FL": Country.LI,
    "LI": Country.LI,
}  # fmt: skip
# What stands in addresses: the sign that letters and cars carry.
SIGNS = {Country.DE: "D", Country.AT: "A", Country.CH: "CH", Country.LI: "FL"}
# By number of digits.
COUNTRIES = {5: [Country.DE], 4: [Country.AT, Country.CH, Country.LI]}
WRITTEN = re.compile(r"(?:(D|DE|A|AT|CH|FL|LI)[ -]*)?([0-9]{4,5})(?:[ ,]+(.+))?", re.IGNORECASE)
BEGUN = re.compile(r"(?:(D|DE|A|AT|CH|FL|LI)[ -]*)?([0-9]{1,5})", re.IGNORECASE)
# A town that is written behind a postcode lies at most so far away.
SAME_TOWN_METRES = 30_000
# An unknown code lies among those that begin alike: with three digits, else with two; the nearest numbers count.
SHARED_DIGITS = (3, 2)
NEIGHBOURS = 2


class Written(NamedTuple):
    """``text`` taken apart; ``countries`` are those whose codes look like this one, or the one that is named."""

    code: str
    countries: list[Country]
    is_country_named: bool
    town: str


def locate(text: str) -> Located | None:
    """The postcode's spot, or the countries to choose from; None when ``text`` is no postcode, or not a known one."""
    if (written := _parse(text)) is None:
        return None
    spots = _candidates(written)
    if len(spots) > 1 and written.town:
        spots = _beside(written, spots) or spots
    if len(spots) == 1:
        return Located(spots[0])
    return Located(choices=tuple(spots)) if spots else None


def suggest(text: str, limit: int) -> list[Spot] | None:
    """Known codes that begin with what was typed, in order; None when that is no postcode."""
    if (found := BEGUN.fullmatch(text)) is None:
        return None
    codes = Postcode.objects.filter(code__startswith=found[2])
    if found[1]:
        codes = codes.filter(country=PREFIXES[found[1].upper()])
    return [_spot(row) for row in codes.order_by("code", "country")[:limit]]


def _parse(text: str) -> Written | None:
    if (found := WRITTEN.fullmatch(text)) is None:
        return None
    prefix, code, rest = found.groups()
    countries = COUNTRIES[len(code)]
    named = {PREFIXES[prefix.upper()]} if prefix else _countries(rest)
    if named:
        return Written(code, [country for country in countries if country in named], True, rest or "")
    return Written(code, countries, False, rest or "")


def _countries(text: str | None) -> set[Country]:
    """The countries that ``text`` is a word for; "Germany" and "(Germany)"."""
    return {Country(area.country) for area in areas().get(fold(text or ""), ()) if not area.region}


def _candidates(written: Written) -> list[Spot]:
    """One for each country that has the code, or may have it where we know only some of its codes."""
    known = {row.country: row for row in Postcode.objects.filter(code=written.code, country__in=written.countries)}
    spots = {country: _spot(row) for country, row in known.items()}
    for country in written.countries:
        if country not in spots and country != Country.DE and (spot := _around(written, country, bool(known))):
            spots[country] = spot
    return [spots[country] for country in written.countries if country in spots]


def _around(written: Written, country: Country, is_known_elsewhere: bool) -> Spot | None:
    """The middle of the nearest known codes; None where there are none, or where the code is certainly meant abroad."""
    neighbours = _neighbours(written.code, country, SHARED_DIGITS[:1] if is_known_elsewhere else SHARED_DIGITS)
    # Once somebody has imported a country's codes, one that is missing does not exist there.
    is_complete = any(row.is_imported for row in neighbours)
    if not neighbours or (is_complete and not written.is_country_named) or _is_foreign(country, written):
        return None
    return Spot(
        sum(row.latitude for row in neighbours) / len(neighbours),
        sum(row.longitude for row in neighbours) / len(neighbours),
        _("around %(code)s (%(country)s)") % {"code": written.code, "country": country.label},
        f"{SIGNS[country]}-{written.code}",
        is_approximate=True,
    )


def _is_foreign(country: Country, written: Written) -> bool:
    """Liechtenstein has a dozen codes, and we know them all."""
    return country == Country.LI and not written.is_country_named


def _neighbours(code: str, country: Country, shared_digits: Sequence[int]) -> list[Postcode]:
    for digits in shared_digits:
        if rows := list(Postcode.objects.filter(country=country, code__startswith=code[:digits])):
            return sorted(rows, key=lambda row: (abs(int(row.code) - int(code)), row.code))[:NEIGHBOURS]
    return []


def _beside(written: Written, spots: list[Spot]) -> list[Spot]:
    """Those of ``spots`` that lie by a place of the name that was written behind the code."""
    keys = spellings(fold(written.town))
    places = list(Place.objects.filter(names__key__in=keys, country__in=written.countries).distinct())
    return [spot for spot in spots if any(_is_near(spot, place) for place in places)]


def _is_near(spot: Spot, place: Place) -> bool:
    metres = distance.between(spot.latitude, spot.longitude, place.latitude, place.longitude)
    return metres <= SAME_TOWN_METRES


def _spot(row: Postcode) -> Spot:
    country = Country(row.country)
    label = f"{row} ({country.label})"
    return Spot(row.latitude, row.longitude, label, f"{SIGNS[country]}-{row.code}", row.is_approximate)
