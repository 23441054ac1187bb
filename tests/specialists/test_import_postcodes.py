"""Importing postcode files in both layouts; what is wrong is told with its line."""

import gzip

import pytest
from django.core.management import CommandError, call_command

from specialists.geography import Spot, locate
from specialists.models import Postcode

pytestmark = pytest.mark.django_db

HEADING = "cc,zip,place,state,community,lat,lon\n"
WIEN = "AT\t1010\tWien, Innere Stadt\tWien\t09\tWien Stadt\t900\tWien\t90001\t48.2077\t16.3705\t6\n"


@pytest.fixture
def load(tmp_path, capsys):
    """Imports the text as a file and returns what the command said."""

    def load_text(text: str, *options: str, name: str = "codes.txt") -> list[str]:
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        call_command("import_postcodes", str(path), *options)
        return [line.replace(f"{tmp_path}/", "") for line in capsys.readouterr().out.splitlines()]

    return load_text


def rows() -> list[tuple[object, ...]]:
    return list(Postcode.objects.values_list("country", "code", "name", "latitude", "longitude"))


def test_geonames_file(load):
    assert load(WIEN) == ["codes.txt: lines taken 1, refused 0", "1 postcodes."]

    assert rows() == [("AT", "1010", "Wien, Innere Stadt", 48.2077, 16.3705)]
    postcode = Postcode.objects.get()
    assert (postcode.is_imported, postcode.is_approximate) == (True, False)


@pytest.mark.parametrize("name", ["codes.csv", "codes.csv.gz"])
def test_csv_file(load, name):
    said = load(HEADING + 'CH,8001,"Zürich, Mitte",ZH,Zürich,47.37,8.54\nDE,01067,Dresden,SN,,51.06,13.71\n', name=name)

    assert said == [f"{name}: lines taken 2, refused 0", "2 postcodes."]
    assert rows() == [("CH", "8001", "Zürich, Mitte", 47.37, 8.54), ("DE", "01067", "Dresden", 51.06, 13.71)]


def test_columns_of_a_csv_file_stand_in_any_order(load):
    load("lon,lat,zip,cc,place\n9.52,47.14,9490,LI,Vaduz\n")

    assert rows() == [("LI", "9490", "Vaduz", 47.14, 9.52)]


def test_code_of_several_places_lies_in_their_middle(load):
    load(HEADING + "AT,1010,Wien,,,48.0,16.0\nAT,1010,Wien,,,48.2,16.2\nAT,1010,Wrong,,,10.0,99.0\n")

    assert rows() == [("AT", "1010", "Wien", 48.0, 16.2)]


def test_known_code_is_overwritten_and_others_stay(load):
    Postcode.objects.create(country="AT", code="1010", latitude=1, longitude=2, is_approximate=True)
    Postcode.objects.create(country="AT", code="1020", latitude=3, longitude=4)

    load(WIEN)

    assert rows() == [("AT", "1010", "Wien, Innere Stadt", 48.2077, 16.3705), ("AT", "1020", "", 3.0, 4.0)]
    assert not Postcode.objects.get(code="1010").is_approximate


def test_second_import_changes_nothing(load):
    load(WIEN)
    before = rows()

    load(WIEN)

    assert rows() == before


def test_imported_code_is_found(load):
    load(WIEN)

    assert locate("A-1010").spot == Spot(48.2077, 16.3705, "1010 Wien, Innere Stadt (Austria)", "A-1010")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("FR,75001,Paris,,,48.8,2.3", "The country “FR” is none of AT, CH, LI, DE."),
        ("AT,10100,Wien,,,48.2,16.3", "“10100” is no postcode of AT."),
        ("DE,6031٣,Frankfurt,,,50.1,8.6", "“6031٣” is no postcode of DE."),
        ("AT,1010,Wien,,,north,16.3", "The latitude “north” is no number."),
        ("AT,1010,Wien,,,90.1,16.3", "The latitude 90.1 is not on earth."),
        ("AT,1010,Wien,,,48.2,nan", "The longitude nan is not on earth."),
        ("AT,1010,Wien,,,48.2", "It has 6 columns instead of 7."),
        ("AT,1010,Wi\x00en,,,48.2,16.3", "It is not UTF-8 text, or holds characters that cannot be stored."),
        (f"AT,1010,{'W' * 201},,,48.2,16.3", "The place has more than 200 characters."),
    ],
)
def test_bad_line_is_refused_with_its_number_and_the_rest_is_taken(load, line, reason):
    said = load(f"{HEADING}LI,9490,Vaduz,,,47.1,9.5\n{line}\n")

    assert said == [f"Line 3 refused: {reason}", "codes.txt: lines taken 1, refused 1", "1 postcodes."]
    assert [row[1] for row in rows()] == ["9490"]


def test_short_line_of_a_geonames_file_is_refused(load):
    said = load(f"{WIEN}\nAT\t1020\tWien\n")

    assert said == [
        "Line 3 refused: It has 3 columns instead of 12.",
        "codes.txt: lines taken 1, refused 1",
        "1 postcodes.",
    ]


def test_dry_run_writes_nothing(load):
    assert load(WIEN, "--dry-run") == [
        "codes.txt: lines taken 1, refused 0",
        "Dry run, nothing was written: 1 postcodes.",
    ]

    assert rows() == []


def test_several_files_are_taken_together(tmp_path):
    for number, country in enumerate(("AT", "CH")):
        (tmp_path / f"{country}.csv").write_text(f"cc,zip,place,lat,lon\n{country},801{number},X,47,8\n")

    call_command("import_postcodes", *map(str, sorted(tmp_path.iterdir())))

    assert [row[:2] for row in rows()] == [("AT", "8010"), ("CH", "8011")]


@pytest.mark.parametrize("text", ["", "name,town\nX,Y\n", "\n", "cc,zip,place,lat\n"])
def test_file_in_another_layout_is_refused_as_a_whole(load, text):
    with pytest.raises(CommandError, match="is neither a GeoNames postcode file"):
        load(text)


def test_one_file_that_cannot_be_read_stops_all(load, tmp_path):
    (tmp_path / "good.txt").write_text(WIEN)

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_postcodes", str(tmp_path / "good.txt"), str(tmp_path / "missing.txt"))

    assert rows() == []
