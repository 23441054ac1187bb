"""Clinics from the US hospital register that Synthea carries: rows checked, capitals made readable, places kept.

One NPI is one clinic; its further rows are further places. What an editor has changed since is never touched.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import F

from conditions import names
from conditions.import_report import (
    ImportFileError,
    Outcome,
    RefusalError,
    Result,
    Row,
    SourceFile,
    checked_save,
    unreadable,
)
from specialists.enums import Country, ProfileStatus
from specialists.models import Clinic, Identifier, Location, Profile

SYNTHEA_COLUMNS = {"provider_num", "npi", "name", "address", "city", "state", "zip", "lat", "lon", "phone", "bed_count"}
NPI, CCN = "us-npi", "us-ccn"
# South, north, west, east of each state in degrees, rounded outwards; the file places Bradford, MA in Yorkshire.
STATES: dict[str, tuple[float, float, float, float]] = {
    "AK": (51.1, 71.5, -180, -129.9), "AL": (30.1, 35.1, -88.6, -84.8), "AR": (32.9, 36.6, -94.7, -89.6),
    "AS": (-14.7, -11.0, -171.2, -168.1), "AZ": (31.3, 37.1, -114.9, -109.0), "CA": (32.5, 42.1, -124.6, -114.1),
    "CO": (36.9, 41.1, -109.1, -102.0), "CT": (40.9, 42.1, -73.8, -71.7), "DC": (38.7, 39.1, -77.2, -76.9),
    "DE": (38.4, 39.9, -75.9, -74.9), "FL": (24.4, 31.1, -87.7, -79.9), "GA": (30.3, 35.1, -85.7, -80.7),
    "GU": (13.2, 13.8, 144.6, 145.0), "HI": (18.8, 22.4, -160.4, -154.7), "IA": (40.3, 43.6, -96.8, -90.1),
    "ID": (41.9, 49.1, -117.3, -111.0), "IL": (36.9, 42.6, -91.6, -87.0), "IN": (37.7, 41.9, -88.2, -84.7),
    "KS": (36.9, 40.1, -102.1, -94.5), "KY": (36.4, 39.2, -89.6, -81.9), "LA": (28.8, 33.1, -94.1, -88.7),
    "MA": (41.1, 42.9, -73.6, -69.8), "MD": (37.8, 39.8, -79.5, -75.0), "ME": (42.9, 47.5, -71.2, -66.9),
    "MI": (41.6, 48.4, -90.5, -82.1), "MN": (43.4, 49.5, -97.3, -89.4), "MO": (35.9, 40.7, -95.8, -89.0),
    "MP": (14.0, 20.6, 144.8, 146.1), "MS": (30.0, 35.1, -91.7, -88.0), "MT": (44.3, 49.1, -116.1, -104.0),
    "NC": (33.7, 36.7, -84.4, -75.4), "ND": (45.9, 49.1, -104.1, -96.5), "NE": (39.9, 43.1, -104.1, -95.2),
    "NH": (42.6, 45.4, -72.6, -70.6), "NJ": (38.8, 41.4, -75.6, -73.8), "NM": (31.3, 37.1, -109.1, -102.9),
    "NV": (34.9, 42.1, -120.1, -114.0), "NY": (40.4, 45.1, -79.8, -71.8), "OH": (38.3, 42.4, -84.9, -80.5),
    "OK": (33.6, 37.1, -103.1, -94.4), "OR": (41.9, 46.4, -124.7, -116.4), "PA": (39.6, 42.6, -80.6, -74.6),
    "PR": (17.8, 18.6, -68.0, -65.1), "RI": (41.0, 42.1, -72.0, -71.0), "SC": (32.0, 35.3, -83.4, -78.4),
    "SD": (42.4, 46.0, -104.1, -96.4), "TN": (34.9, 36.8, -90.4, -81.6), "TX": (25.8, 36.6, -106.7, -93.4),
    "UT": (36.9, 42.1, -114.1, -108.9), "VA": (36.5, 39.5, -83.7, -75.1), "VI": (17.6, 18.5, -65.2, -64.5),
    "VT": (42.7, 45.1, -73.5, -71.4), "WA": (45.5, 49.1, -124.9, -116.8), "WI": (42.4, 47.2, -92.9, -86.7),
    "WV": (37.1, 40.7, -82.7, -77.7), "WY": (40.9, 45.1, -111.1, -104.0),
}  # fmt: skip


# Abbreviations that have a vowel; those without one are found by that.
WITH_VOWEL = """
AFB AHMC AHS AMG ARH ASC BOA BRFHH CA CAH CEC CHCA CHI COD DOJ ED EOGH ER ERH ESRD FEMA GU HCA HCAP HEB HI HMA HTI
HUMC IA ICU IH IHC IHS IL IU IVF LCMC LSU LTAC LTACH MA MCA MCSA MI NE NEA NGMC NHCI NICU NYU OH OHRH OHSU OKC OSF OSR
OSS OU PA PAHS PAM PIH PO PRMC RHA SA SBH SE SUNY UAB UCH UCLA UCSD UCSF UF UH UHS UKHS ULM UMD UNC UNM UPMC UPR US
USA USC USD USMD UT UTMB UVA UW VA VAMC VOA WCA
"""
# Words without a vowel that are no abbreviation of the kind that is said letter by letter.
WITHOUT_VOWEL = """
ASSN AVE BLDG BLVD BRD CNTY CT CTR CTY DR FL FT FWY HLTH HLTHCR HRT HTS HWY JR KM LN LTD MR MRS MT NBR NR NRSG PKWY PL
PLZ PSYCH PT RD SPG SPGS SQ SR ST STE SVC SVCS TPKE TRL
"""
ABBREVIATIONS, WORDS = set(WITH_VOWEL.split()), set(WITHOUT_VOWEL.split())
SMALL_WORDS = {"of", "and", "the", "for", "at", "in", "on", "by", "to", "a", "an", "de", "del", "du", "with"}
SPELLINGS = {
    word.upper(): word
    for word in (
        *("DeKalb", "DePaul", "MacArthur", "MacDonald", "MacGregor", "MacNeal", "MedStar", "UnityPoint", "UofL"),
        *("HealthPark", "HealthSouth", "WellSpan", "WellStar"),
    )
}
ROMAN = re.compile(r"(?=[CXVI]{2})C?X{0,3}(?:IX|IV|V?I{0,3})")
SINGLE_LETTERS = re.compile(r"(?:[A-Z]\.)+[A-Z]?")
ORDINAL = re.compile(r"\d+(?:ST|ND|RD|TH)")
WORD = re.compile(r"[^\W_][\w.'’]*")
VOWELS = re.compile("[AEIOUY]")


def readable_name(text: str) -> str:
    """A name in capitals with the capitals of a title: "ST. MARY'S OF MCALLEN, LLC" → "St. Mary's of McAllen, LLC".

    A name that already has small letters is left alone, but for its blanks.
    """
    text = " ".join(text.split())
    if text != text.upper():
        return text
    starts = [match.start() for match in WORD.finditer(text)]
    return WORD.sub(lambda match: _cased(match, text, is_last=match.start() == starts[-1]), text)


def _cased(match: re.Match[str], text: str, *, is_last: bool) -> str:
    word, before = match[0], text[: match.start()]
    # Small within a phrase: not at its start ("- THE"), nor at its end, nor among initials ("P A M").
    is_within = re.search(r"[^\W_][\w.'’]+,? $|& $", before) is not None and not is_last
    if is_within and word.lower() in SMALL_WORDS:
        return word.lower()
    return "Mc" if word == "MC" and not is_last else _cased_word(word)


def _cased_word(word: str) -> str:
    bare = word.rstrip(".'’")
    if word in SPELLINGS:
        return SPELLINGS[word]
    if _is_abbreviation(word, bare):
        return word
    if found := re.fullmatch(r"([ODL]['’])(\w{3,})", word):
        return found[1] + _title(found[2])
    if re.fullmatch(r"MC\w{3,}['’\w]*", word):
        return f"Mc{_title(word[2:])}"
    if found := re.fullmatch(r"(\w{4,})(HEALTH)", word):
        return _title(found[1]) + _title(found[2])
    return _title(word)


def _is_abbreviation(word: str, bare: str) -> bool:
    """Said letter by letter: listed, dotted, a Roman numeral, or without a vowel."""
    if bare in ABBREVIATIONS or SINGLE_LETTERS.fullmatch(word) or ROMAN.fullmatch(bare):
        return True
    return bare.isascii() and bare not in WORDS and not VOWELS.search(bare) and not ORDINAL.fullmatch(bare)


def _title(word: str) -> str:
    return word[:1] + word[1:].lower()


class Place(NamedTuple):
    street: str
    postcode: str
    city: str
    region: str
    latitude: float | None
    longitude: float | None

    @property
    def key(self) -> tuple[str, str]:
        """Street and five-digit ZIP: the file writes the same town and the rest of the ZIP in several ways."""
        return names.sort_key(self.street), self.postcode[:5]


@dataclass(frozen=True)
class ClinicRow:
    """A line of the register as it should stand in the database."""

    system: str
    number: str
    name: str
    phone: str
    beds: int | None
    place: Place
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return self.system, self.number


def read_synthea(source: SourceFile) -> Iterator[Row]:
    """Each record as a row of column name → text."""
    reader = csv.reader(source.lines(), strict=True)
    header = next(_records(reader, None), Row(1)).values
    if not header:
        raise ImportFileError(f"{source.path} is empty, or its first line is not a CSV header.")
    if missing := SYNTHEA_COLUMNS - header.keys():
        raise ImportFileError(f"{source.path} lacks the columns {', '.join(sorted(missing))} in its first line.")
    yield from _records(reader, list(header))


def _records(reader: Any, header: list[str] | None) -> Iterator[Row]:
    """The records still to come; the header itself is read with ``header`` None."""
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line, refusal=f"It is not valid CSV: {error}.")
            continue
        if values:
            yield _record(line, values, header or [value.strip() for value in values])


def _record(line: int, values: list[str], header: list[str]) -> Row:
    if len(values) != len(header):
        return Row(line, refusal=f"It has {len(values)} columns instead of {len(header)}.")
    if reason := unreadable("".join(values)):
        return Row(line, refusal=reason)
    return Row(line, dict(zip(header, values, strict=True)))


def parse_clinic(values: dict[str, str]) -> ClinicRow:
    """The row made readable; what is wrong and not needed is left out with a note. Raises RefusalError."""
    notes: list[str] = []
    system, number = _identity(values)
    name = readable_name(values["name"])
    if not name:
        raise RefusalError("It has no name.")
    phone, beds = _phone(values["phone"], notes), _beds(values["bed_count"], notes)
    return ClinicRow(system, number, name, phone, beds, _place(values, notes), tuple(notes))


def _identity(values: dict[str, str]) -> tuple[str, str]:
    """The register number. A Medicare number (CCN) only stands in: 122 of them belong to several NPIs."""
    npi, ccn = values["npi"].strip(), values["provider_num"].strip().upper()
    if npi:
        if not is_npi(npi):
            raise RefusalError(f"“{npi}” is not an NPI: its check digit does not fit.")
        return NPI, npi
    if not re.fullmatch(r"[0-9A-Z]{6,10}", ccn):
        raise RefusalError("It has neither an NPI nor a Medicare provider number.")
    return CCN, ccn


def is_npi(number: str) -> bool:
    """Ten digits with the check digit of 45 CFR 162.406: the Luhn formula over 80840 and the number."""
    if not re.fullmatch(r"[12][0-9]{9}", number):
        return False
    digits = [int(digit) for digit in reversed(f"80840{number}")]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def _phone(text: str, notes: list[str]) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    if found := re.fullmatch(r"1?([2-9][0-9]{2})([2-9][0-9]{2})([0-9]{4})", digits):
        return f"+1 {found[1]} {found[2]} {found[3]}"
    if text.strip():
        notes.append(f"“{text}” is not a US telephone number: left out.")
    return ""


def _beds(text: str, notes: list[str]) -> int | None:
    if re.fullmatch(r"0*[1-9][0-9]{0,4}", text.strip()):
        return int(text)
    if text.strip():
        notes.append(f"“{text}” is not a number of beds: left out.")
    return None


def _place(values: dict[str, str], notes: list[str]) -> Place:
    # The Post Office writes "MC ALLEN" and "O' NEILL"; the towns do not.
    region, city = values["state"].strip().upper(), readable_name(values["city"])
    city = re.sub(r"^(Mc|[LO]') ", r"\1", city)
    if region not in STATES:
        raise RefusalError(f"“{region}” is not a US state or territory.")
    if not city:
        raise RefusalError("It has no city.")
    if not (postcode := re.fullmatch(r"([0-9]{5})-?([0-9]{4})?", values["zip"].strip())):
        raise RefusalError(f"“{values['zip']}” is not a ZIP code.")
    zip_code = "-".join(filter(None, postcode.groups()))
    return Place(readable_name(values["address"]), zip_code, city, region, *_coordinates(values, region, notes))


def _coordinates(values: dict[str, str], region: str, notes: list[str]) -> tuple[float | None, float | None]:
    """Latitude and longitude where they lie in the state; a wrong point on the map is worse than none."""
    if not values["lat"].strip() and not values["lon"].strip():
        return None, None
    south, north, west, east = STATES[region]
    try:
        latitude, longitude = float(values["lat"]), float(values["lon"])
    except ValueError:
        latitude = longitude = float("nan")
    if south <= latitude <= north and west <= longitude <= east:
        return latitude, longitude
    notes.append(f"The coordinates {values['lat']}, {values['lon']} are not in {region}: left out.")
    return None, None


@dataclass
class Known:
    """A clinic as it stands in the database, and the line of this run that spoke of it first."""

    clinic: Clinic
    locations: list[Location] = field(default_factory=list)

    def at(self, place: Place) -> Location | None:
        return next((location for location in self.locations if place_of(location).key == place.key), None)


def place_of(location: Location) -> Place:
    return Place(*(getattr(location, name) for name in Place._fields))


class FirstLine(NamedTuple):
    line: int
    is_new: bool


class ClinicImporter:
    """Writes clinics. An imported clinic has ``edited_at`` = ``created_at`` until somebody saves it."""

    def __init__(self, *, publish: bool) -> None:
        self.status = ProfileStatus.PUBLISHED if publish else ProfileStatus.DRAFT
        self.first_lines: dict[tuple[str, str], FirstLine] = {}
        self.parsed: dict[int, ClinicRow | RefusalError] = {}
        self.known: dict[tuple[str, str], Known] = {}
        self.written: set[int] = set()

    def prepare(self, rows: list[Row]) -> None:
        self.written = set()
        self.parsed = {row.line: _parsed(row) for row in rows}
        numbers = [row.number for row in self.parsed.values() if isinstance(row, ClinicRow)]
        found = Identifier.objects.filter(system__in=(NPI, CCN), value__in=numbers).select_related("profile__clinic")
        places: dict[int, list[Location]] = {}
        for location in Location.objects.filter(clinic__in=[identifier.profile_id for identifier in found]):
            places.setdefault(location.clinic_id, []).append(location)
        self.known = {
            (identifier.system, identifier.value): Known(
                identifier.profile.clinic, places.get(identifier.profile_id, [])
            )
            for identifier in found
        }

    def store(self, row: Row) -> Outcome:
        parsed = self.parsed[row.line]
        if isinstance(parsed, RefusalError):
            raise parsed
        notes: tuple[str, ...] = ()
        known, first = self.known.get(parsed.key), self.first_lines.get(parsed.key)
        if known is None:
            self.known[parsed.key] = self._add(parsed)
            result = Result.ADDED
        elif first is None:
            result, notes = self._refresh(known, parsed)
        else:
            result, notes = self._add_place(known, parsed, first)
        self.first_lines.setdefault(parsed.key, FirstLine(row.line, is_new=known is None))
        return Outcome(result, parsed.name, notes=parsed.notes + notes)

    def finish(self) -> None:
        Profile.objects.filter(pk__in=self.written).update(edited_at=F("created_at"))

    def _add(self, row: ClinicRow) -> Known:
        clinic = Clinic(display_name=row.name, phone=row.phone, beds=row.beds, status=self.status)
        checked_save(clinic)
        checked_save(Identifier(profile=clinic, system=row.system, value=row.number), trusted=["profile"])
        self.written.add(clinic.pk)
        return Known(clinic, [_save_place(Location(clinic=clinic), row.place)])

    def _refresh(self, known: Known, row: ClinicRow) -> tuple[Result, tuple[str, ...]]:
        """Bring an earlier import up to date: the facts, and the place where it is new or its only one."""
        clinic, facts = known.clinic, {"display_name": row.name, "phone": row.phone, "beds": row.beds}
        changed = {name: value for name, value in facts.items() if getattr(clinic, name) != value}
        location = known.at(row.place) or (known.locations[0] if len(known.locations) == 1 else Location(clinic=clinic))
        if not changed and location.pk and place_of(location) == row.place:
            return Result.UNCHANGED, ()
        if not self._is_untouched(clinic):
            return Result.UNCHANGED, ("The clinic differs and was changed by an editor since: left as it is.",)
        for name, value in changed.items():
            setattr(clinic, name, value)
        checked_save(clinic)
        if location.pk is None:
            known.locations.append(location)
        _save_place(location, row.place)
        self.written.add(clinic.pk)
        return Result.UPDATED, ()

    def _add_place(self, known: Known, row: ClinicRow, first: FirstLine) -> tuple[Result, tuple[str, ...]]:
        """A further row of the same number: a further place, unless the clinic has it already."""
        if known.at(row.place) is not None:
            return Result.UNCHANGED, ()
        if not self._is_untouched(known.clinic):
            return Result.UNCHANGED, ("A further place of a clinic that an editor changed since: left out.",)
        notes = self._contradiction(known, row, first)
        known.locations.append(_save_place(Location(clinic=known.clinic), row.place))
        self.written.add(known.clinic.pk)
        return Result.ADDED, notes

    def _contradiction(self, known: Known, row: ClinicRow, first: FirstLine) -> tuple[str, ...]:
        """One street in two towns cannot be right, and only a person can tell which is: it waits as a draft."""
        towns = [place.city for place in map(place_of, known.locations) if place.key[0] == row.place.key[0]]
        if not towns:
            return ()
        if first.is_new and known.clinic.status == ProfileStatus.PUBLISHED:
            known.clinic.status = ProfileStatus.DRAFT
            known.clinic.save()
        return (
            f"{row.place.street} is in {row.place.city} here and in {towns[0]} on line {first.line}: please check.",
        )

    def _is_untouched(self, clinic: Clinic) -> bool:
        return clinic.pk in self.written or clinic.edited_at == clinic.created_at


def _save_place(location: Location, place: Place) -> Location:
    for name, value in place._asdict().items():
        setattr(location, name, value)
    location.country = Country.US
    checked_save(location, trusted=["clinic"])
    return location


def _parsed(row: Row) -> ClinicRow | RefusalError:
    try:
        return parse_clinic(row.values)
    except RefusalError as refusal:
        return refusal
