"""Clinics from the Synthea register: names made readable, one clinic a number, every refusal and every note."""

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from conditions.import_report import SourceFile
from specialists import imports
from specialists.imports import is_npi, readable_name
from specialists.models import Clinic, Identifier, Location, Profile

SYNTHEA = settings.BASE_DIR.parent / "shared" / "data" / "hospitals_us_synthea.csv"
COLUMNS = ["provider_num", "npi", "name", "address", "city", "state", "zip", "lat", "lon", "phone", "bed_count", "pin"]
NPI, OTHER_NPI = "1588664007", "1518967280"
GOOD = {
    "provider_num": "112011",
    "npi": NPI,
    "name": "SELECT SPECIALTY HOSPITAL - SAVANNAH, INC",
    "address": "5353 REYNOLDS STREET 4 SOUTH",
    "city": "SAVANNAH",
    "state": "GA",
    "zip": "314056015",
    "lat": "32.0564572",
    "lon": "-81.0951271",
    "phone": "9128197986",
    "bed_count": "40",
    "pin": "",
}


def clinic(**values: str) -> dict[str, str]:
    return GOOD | values


def write(path: Path, rows: Iterable[dict[str, str]], columns: list[str] = COLUMNS) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(path: Path, **options: object) -> str:
    out = StringIO()
    call_command("import_clinics", path, format="synthea", stdout=out, **options)
    return out.getvalue()


def load(tmp_path: Path, *rows: dict[str, str], **options: object) -> str:
    return run(write(tmp_path / "clinics.csv", rows), **options)


def last_line(output: str) -> str:
    return output.splitlines()[-1]


def everything() -> tuple[list[object], list[object], list[object]]:
    """All that imports write, to compare before and after."""
    return list(Clinic.objects.values()), list(Identifier.objects.values()), list(Location.objects.values())


# Names


@pytest.mark.parametrize(
    "name",
    [
        *("Select Specialty Hospital - Savannah, Inc", "Clinton HMA, LLC", "St. Mary's of McAllen", "UPMC Pinnacle"),
        *("Pittsburgh/UPMC", "VA Medical Center", "Doctors' Hospital", "O'Connor Hospital", "Winston-Salem"),
        *("Fond du Lac", "De Soto", "The Dalles", "District No. 2", "Kindred Development XVII, L.P.", "Hospital II"),
        *("AdventHealth Polk North Inc.", "DeKalb Medical Center", "P A M Specialty Hospital", "MCHS", "Mt. Vernon"),
        *("110 W 4th St SE", "901 23rd St NW", "19021 US Highway 285", "PO Box 12", "2490 FM 2920 Rd", "Lynn Care"),
        *("Hospital de la Concepcion", "Care - The Place", "Ada", "Plan A", "A & the B", "LSU Health", "", "7"),
    ],
)
def test_readable_name_from_capitals(name):
    assert readable_name(f"  {name.upper().replace(' ', '  ')} ") == readable_name(name.upper())
    expected = name.replace("de la", "de La")
    assert readable_name(name.upper()) == expected


def test_readable_name_leaves_small_letters_alone():
    assert readable_name(" eBay  CLINIC of") == "eBay CLINIC of"


@given(st.text())
def test_readable_name_changes_capitals_and_blanks_only_and_only_once(text):
    name = readable_name(text)
    assert name.casefold() == " ".join(text.split()).casefold()
    assert readable_name(name) == name


@given(st.lists(st.from_regex(r"[A-Z0-9.'&/-]{1,8}", fullmatch=True), min_size=1).map(" ".join))
def test_readable_name_of_ascii_capitals(text):
    name = readable_name(text)
    assert name.upper() == " ".join(text.split())
    assert not name or not name[0].islower()


@pytest.mark.parametrize(
    ("number", "good"),
    [
        (NPI, True),
        ("1234567893", True),
        ("1588664008", False),
        ("158866400", False),
        ("3588664007", False),
        ("x" * 10, False),
    ],
)
def test_is_npi(number, good):
    assert is_npi(number) is good


# Rows


@pytest.mark.django_db
def test_import_adds_a_draft_clinic_with_place_and_number(tmp_path):
    assert last_line(load(tmp_path, GOOD)) == "added 1, unchanged 0, updated 0, refused 0"
    added = Clinic.objects.get()
    assert (added.display_name, added.slug) == (
        "Select Specialty Hospital - Savannah, Inc",
        "select-specialty-hospital-savannah-inc",
    )
    assert (added.sort_key, added.kind, added.clinic_kind) == (
        "select specialty hospital savannah inc",
        "clinic",
        "hospital",
    )
    assert (added.status, added.phone, added.beds) == ("draft", "+1 912 819 7986", 40)
    assert list(added.identifiers.values_list("system", "value")) == [("us-npi", NPI)]
    place = added.locations.get()
    assert str(place) == "5353 Reynolds Street 4 South, 31405-6015 Savannah"
    assert (place.region, place.country, place.latitude, place.longitude) == ("GA", "US", 32.0564572, -81.0951271)


@pytest.mark.django_db
def test_import_publishes_when_asked(tmp_path):
    load(tmp_path, GOOD, publish=True)
    assert Clinic.objects.get().status == "published"


@pytest.mark.django_db
def test_import_uses_the_medicare_number_without_an_npi(tmp_path):
    load(tmp_path, clinic(npi=""))
    assert str(Identifier.objects.get()) == "us-ccn 112011"


@pytest.mark.django_db
def test_import_dry_run_writes_nothing(tmp_path):
    output = load(tmp_path, GOOD, GOOD, clinic(state="XX"), dry_run=True)
    assert last_line(output) == "Dry run, nothing was written: added 1, unchanged 1, updated 0, refused 1"
    assert everything() == ([], [], [])


@pytest.mark.django_db
def test_import_twice_changes_nothing(tmp_path):
    rows = [GOOD, clinic(address="1 OTHER RD", zip="31401"), clinic(npi=OTHER_NPI)]
    load(tmp_path, *rows)
    before = everything()
    assert last_line(load(tmp_path, *rows)) == "added 0, unchanged 3, updated 0, refused 0"
    assert everything() == before


@pytest.mark.django_db
def test_import_gives_namesakes_slugs_of_their_own(tmp_path):
    load(tmp_path, clinic(name="MERCY"), clinic(name="MERCY", npi=OTHER_NPI))
    assert sorted(Profile.objects.values_list("slug", flat=True)) == ["mercy", "mercy-2"]


@pytest.mark.django_db
def test_import_of_a_changed_file_updates_an_untouched_clinic_again_and_again(tmp_path):
    load(tmp_path, GOOD)
    for beds, street in (("41", "2 NEW RD"), ("42", "3 NEW RD")):
        output = load(tmp_path, clinic(bed_count=beds, address=street))
        assert last_line(output) == "added 0, unchanged 0, updated 1, refused 0"
        assert Clinic.objects.get().beds == int(beds)
        assert Location.objects.get().street == street.title()


@pytest.mark.django_db
def test_import_adds_the_moved_place_of_a_clinic_with_several(tmp_path):
    load(tmp_path, GOOD, clinic(address="1 OTHER RD"))
    output = load(tmp_path, clinic(address="2 NEW RD"))
    assert last_line(output) == "added 0, unchanged 0, updated 1, refused 0"
    assert Location.objects.count() == 3


@pytest.mark.django_db
def test_import_leaves_a_clinic_alone_that_an_editor_changed(tmp_path):
    load(tmp_path, GOOD)
    edited = Clinic.objects.get()
    edited.display_name = "Savannah Hospital"
    edited.save()
    output = load(tmp_path, GOOD, clinic(address="1 OTHER RD"), verbosity=2)
    assert "Line 2 note (Select Specialty Hospital - Savannah, Inc): The clinic differs and was changed" in output
    assert (
        "Line 3 note (Select Specialty Hospital - Savannah, Inc): A further place of a clinic that an editor" in output
    )
    assert last_line(output) == "added 0, unchanged 2, updated 0, refused 0"
    assert (Clinic.objects.get().display_name, Location.objects.count()) == ("Savannah Hospital", 1)


@pytest.mark.django_db
def test_import_makes_rows_of_one_number_places_of_one_clinic(tmp_path):
    same = clinic(zip="31405", city="SAVANAH")
    assert last_line(load(tmp_path, GOOD, same, clinic(address="1 OTHER RD"))) == (
        "added 2, unchanged 1, updated 0, refused 0"
    )
    assert Clinic.objects.count() == 1
    assert list(Location.objects.values_list("street", flat=True)) == ["5353 Reynolds Street 4 South", "1 Other Rd"]


@pytest.mark.django_db
@pytest.mark.parametrize(("known_before", "status"), [(False, "draft"), (True, "published")])
def test_import_does_not_publish_a_new_clinic_whose_street_is_in_two_towns(tmp_path, known_before, status):
    if known_before:
        load(tmp_path, GOOD, publish=True)
    output = load(tmp_path, GOOD, clinic(city="MACON", zip="31201"), publish=True, verbosity=2)
    assert "5353 Reynolds Street 4 South is in Macon here and in Savannah on line 2: please check." in output
    assert (Location.objects.count(), Clinic.objects.get().status) == (2, status)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "note"),
    [
        ({"phone": "0735292"}, "“0735292” is not a US telephone number: left out."),
        ({"phone": "1617722300"}, "“1617722300” is not a US telephone number: left out."),
        ({"bed_count": "0"}, "“0” is not a number of beds: left out."),
        ({"bed_count": "many"}, "“many” is not a number of beds: left out."),
        ({"lat": "53.8", "lon": "-1.75"}, "The coordinates 53.8, -1.75 are not in GA: left out."),
        ({"lat": "north"}, "The coordinates north, -81.0951271 are not in GA: left out."),
        ({"lat": ""}, "The coordinates , -81.0951271 are not in GA: left out."),
        ({"lat": "nan", "lon": "nan"}, "The coordinates nan, nan are not in GA: left out."),
    ],
)
def test_import_leaves_out_what_is_wrong_and_not_needed(tmp_path, values, note):
    output = load(tmp_path, clinic(**values), verbosity=2)
    assert f"Line 2 note (Select Specialty Hospital - Savannah, Inc): {note}" in output
    assert last_line(output) == "added 1, unchanged 0, updated 0, refused 0"


@pytest.mark.django_db
def test_import_takes_a_clinic_without_phone_beds_and_coordinates(tmp_path):
    load(tmp_path, clinic(phone="", bed_count="", lat="", lon="", address=""))
    added, place = Clinic.objects.get(), Location.objects.get()
    assert (added.phone, added.beds, place.street, place.latitude, place.longitude) == ("", None, "", None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["(912) 819-7986", "1-912-819-7986", "+1 912 819 7986"])
def test_import_reads_telephone_numbers(tmp_path, phone):
    load(tmp_path, clinic(phone=phone))
    assert Clinic.objects.get().phone == "+1 912 819 7986"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"npi": "1588664008"}, "“1588664008” is not an NPI: its check digit does not fit."),
        ({"npi": "", "provider_num": ""}, "It has neither an NPI nor a Medicare provider number."),
        ({"npi": "", "provider_num": "11-2011"}, "It has neither an NPI nor a Medicare provider number."),
        ({"name": " "}, "It has no name."),
        ({"name": "N" * 251}, "display_name: Ensure this value has at most 250 characters (it has 251)."),
        ({"city": ""}, "It has no city."),
        ({"city": "C" * 121}, "city: Ensure this value has at most 120 characters (it has 121)."),
        ({"address": "A" * 201}, "street: Ensure this value has at most 200 characters (it has 201)."),
        ({"state": "XX"}, "“XX” is not a US state or territory."),
        ({"zip": "3140"}, "“3140” is not a ZIP code."),
        ({"name": "A\x00B"}, "It is not UTF-8 text, or holds characters that cannot be stored."),
    ],
)
def test_import_refuses_a_row_whole_and_takes_the_others(tmp_path, values, reason):
    output = load(tmp_path, clinic(**values), clinic(npi=OTHER_NPI))
    assert output.splitlines()[0].partition(": ")[2] == reason
    assert output.startswith("Line 2 refused")
    assert last_line(output) == "added 1, unchanged 0, updated 0, refused 1"
    assert [model.objects.count() for model in (Profile, Clinic, Identifier, Location)] == [1, 1, 1, 1]


@pytest.mark.django_db
def test_import_counts_lines_where_records_are_broken(tmp_path):
    path = write(tmp_path / "clinics.csv", [clinic(address="1 TWO-LINE\nROAD"), clinic(npi=OTHER_NPI)])
    with path.open("ab") as file:
        file.write(b'too,short\n\n"bad"x,1\nM\xdcNSTER' + b"," * 11 + b'\n"never closed\n')
    report = tmp_path / "report.csv"
    assert last_line(run(path, report=report)) == "added 2, unchanged 0, updated 0, refused 4"
    with report.open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "outcome", "entry", "reason"],
            ["5", "refused", "", "It has 2 columns instead of 12."],
            ["7", "refused", "", "It is not valid CSV: ',' expected after '\"'."],
            ["8", "refused", "", "It is not UTF-8 text, or holds characters that cannot be stored."],
            ["9", "refused", "", "It is not valid CSV: unexpected end of data."],
        ]


@pytest.mark.django_db
def test_import_refuses_bad_files(tmp_path):
    path = tmp_path / "clinics.csv"
    with pytest.raises(CommandError, match="No such file"):
        run(path)
    path.write_text("")
    with pytest.raises(CommandError, match="is empty, or its first line is not a CSV header"):
        run(path)
    path.write_text("name,npi\n")
    with pytest.raises(CommandError, match="lacks the columns address, bed_count, city, lat"):
        run(path)
    path.write_bytes("name".encode("utf-16"))
    with pytest.raises(CommandError, match="is empty, or its first line is not a CSV header"):
        run(path)
    assert everything() == ([], [], [])


@pytest.mark.skipif(not SYNTHEA.exists(), reason="../shared/data/hospitals_us_synthea.csv is not there")
def test_every_row_of_the_whole_file_is_read():
    with SourceFile(SYNTHEA) as source:
        parsed = [imports._parsed(row) for row in imports.read_synthea(source)]
    rows = [row for row in parsed if isinstance(row, imports.ClinicRow)]
    assert (len(parsed), len(rows), len({row.key for row in rows})) == (10_678, 10_678, 9_820)
    assert sum(not row.phone for row in rows) == 2
    assert sum(row.place.latitude is None for row in rows) == 164


@pytest.mark.skipif(not SYNTHEA.exists(), reason="../shared/data/hospitals_us_synthea.csv is not there")
@pytest.mark.django_db
def test_the_first_part_of_the_whole_file_loads_twice(tmp_path):
    with SYNTHEA.open(newline="", encoding="utf-8") as file:
        rows = [row for row, _number in zip(csv.DictReader(file), range(1_500), strict=False)]
    assert last_line(load(tmp_path, *rows)) == "added 1495, unchanged 5, updated 0, refused 0"
    assert last_line(load(tmp_path, *rows)) == "added 0, unchanged 1500, updated 0, refused 0"
