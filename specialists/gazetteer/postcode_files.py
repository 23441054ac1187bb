"""Postcodes from a file: GeoNames' postal layout (tab-separated, twelve columns, no heading), or a CSV file.

The CSV file has a heading with at least the columns cc, zip, place, lat and lon. A code that several places share
becomes one row in their middle.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from statistics import median
from typing import NamedTuple

from conditions.import_report import ImportFileError, RefusalError, Row, SourceFile, unreadable
from specialists.enums import Country
from specialists.geography.coordinates import HIGHEST_LATITUDE, HIGHEST_LONGITUDE
from specialists.models.places import NAME_LENGTH

CSV_COLUMNS = ("cc", "zip", "place", "lat", "lon")
# country, code, place, three states and communities with a code each, latitude, longitude, accuracy.
GEONAMES_COLUMNS = 12
GEONAMES_PLACES = (0, 1, 2, 9, 10)
CODES = {
    Country.AT: re.compile("[0-9]{4}"),
    Country.CH: re.compile("[0-9]{4}"),
    Country.LI: re.compile("[0-9]{4}"),
    Country.DE: re.compile("[0-9]{5}"),
}


class Line(NamedTuple):
    """One place of a postcode; coordinates in degrees, WGS 84."""

    country: Country
    code: str
    place: str
    latitude: float
    longitude: float


class Area(NamedTuple):
    """All places of a postcode taken together."""

    country: Country
    code: str
    name: str
    latitude: float
    longitude: float


def read(source: SourceFile) -> Iterator[Row]:
    """The lines of the file: a tuple of the five texts of ``CSV_COLUMNS`` each, or why a line could not be read.

    Raise ImportFileError when the first line is in neither layout.
    """
    lines = source.lines()
    first = next(lines, "")
    if "\t" in first:
        yield _tabbed(1, first)
        yield from (_tabbed(number, line) for number, line in enumerate(lines, start=2) if line.strip())
    else:
        yield from _comma_separated(source, first, lines)


def _tabbed(number: int, line: str) -> Row:
    cells = line.rstrip("\r\n").split("\t")
    if reason := unreadable(line):
        return Row(number, refusal=reason)
    if len(cells) != GEONAMES_COLUMNS:
        return Row(number, refusal=f"It has {len(cells)} columns instead of {GEONAMES_COLUMNS}.")
    return Row(number, tuple(cells[column] for column in GEONAMES_PLACES))


def _comma_separated(source: SourceFile, first: str, lines: Iterator[str]) -> Iterator[Row]:
    heading = next(csv.reader([first]), [])
    if missing := [column for column in CSV_COLUMNS if column not in heading]:
        raise ImportFileError(
            f"{source.path} is neither a GeoNames postcode file (tab-separated) nor a CSV file with the columns "
            f"{', '.join(CSV_COLUMNS)} (missing: {', '.join(missing)})."
        )
    reader = csv.reader(lines)
    columns = [heading.index(column) for column in CSV_COLUMNS]
    try:
        for cells in reader:
            if cells:
                yield _row(reader.line_num + 1, cells, columns, len(heading))
    except csv.Error as error:
        raise ImportFileError(f"{source.path} is no CSV file from line {reader.line_num + 1} on: {error}.") from error


def _row(number: int, cells: list[str], columns: list[int], width: int) -> Row:
    if reason := unreadable("".join(cells)):
        return Row(number, refusal=reason)
    if len(cells) != width:
        return Row(number, refusal=f"It has {len(cells)} columns instead of {width}.")
    return Row(number, tuple(cells[column] for column in columns))


def checked(values: tuple[str, ...]) -> Line:
    """``values`` as they may be stored; raise RefusalError that says what is wrong."""
    country, code, place, latitude, longitude = (value.strip() for value in values)
    if country not in CODES:
        raise RefusalError(f"The country “{country}” is none of {', '.join(CODES)}.")
    if not CODES[Country(country)].fullmatch(code):
        raise RefusalError(f"“{code}” is no postcode of {country}.")
    if len(place) > NAME_LENGTH:
        raise RefusalError(f"The place has more than {NAME_LENGTH} characters.")
    return Line(
        Country(country),
        code,
        place,
        _degrees(latitude, "latitude", HIGHEST_LATITUDE),
        _degrees(longitude, "longitude", HIGHEST_LONGITUDE),
    )


def _degrees(text: str, name: str, highest: int) -> float:
    try:
        value = float(text)
    except ValueError:
        raise RefusalError(f"The {name} “{text}” is no number.") from None
    # Written so that "nan" is refused too.
    if not abs(value) <= highest:
        raise RefusalError(f"The {name} {text} is not on earth.")
    return value


def areas(lines: Iterable[Line]) -> list[Area]:
    """One row a code: the median of its places, which one wrong place does not move, and the first place's name."""
    by_code: dict[tuple[Country, str], list[Line]] = {}
    for line in lines:
        by_code.setdefault((line.country, line.code), []).append(line)
    return [
        Area(
            country,
            code,
            next((line.place for line in found if line.place), ""),
            median(line.latitude for line in found),
            median(line.longitude for line in found),
        )
        for (country, code), found in by_code.items()
    ]
