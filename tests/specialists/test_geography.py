"""Finding the spot that a visitor means, and asking where that is not clear."""

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from specialists.geography import Located, Spot, distance_km, locate, suggest
from specialists.models import Postcode
from tests.specialists.gazetteer import make_city, store

pytestmark = pytest.mark.django_db

BERLIN = make_city("Berlin", 3_400_000, region="Berlin", latitude=52.52, longitude=13.41)
LITTLE_BERLIN = make_city("Berlin", 10_000, country="US", region="New Hampshire")
FRANKFURT = make_city("Frankfurt am Main", 650_000, others=("Frankfurt", "Francfort"))
FRANKFURT_ODER = make_city("Frankfurt (Oder)", 57_000, region="Brandenburg", others=("Frankfurt",))
MUNICH = make_city(("München", "Munich"), 1_500_000, region="Bayern", others=("Monaco di Baviera",))
FREIBURG = make_city("Freiburg", 230_000, region="Baden-Württemberg", others=("Freiburg im Breisgau",))
FRIBOURG = make_city(("Fribourg", "Freiburg"), 38_000, country="CH", region="Fribourg")
ZURICH = make_city("Zürich", 415_000, country="CH", region="Zürich", latitude=47.37, longitude=8.55)
VIENNA = make_city(("Wien", "Vienna"), 1_700_000, country="AT", region="Wien", latitude=48.21, longitude=16.37)


def labels(spots: tuple[Spot, ...] | list[Spot]) -> list[str]:
    return [spot.label for spot in spots]


def found(text: str) -> str | None:
    """The label of the spot, where there is no doubt."""
    spot = locate(text).spot
    return spot.label if spot else None


def make_postcode(country: str, code: str, **values: object) -> Postcode:
    return Postcode.objects.create(
        **{"country": country, "code": code, "latitude": 50.0, "longitude": 8.0, **values}  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    "text", ["München", "MÜNCHEN", "munchen", "Muenchen", "Munich", "monaco di baviera", " münchen "]
)
def test_name_in_any_spelling(text):
    store(MUNICH)

    assert locate(text) == Located(Spot(50.0, 8.0, "München", "München"))


def test_biggest_of_a_name_wins_and_others_are_told():
    store(BERLIN, LITTLE_BERLIN)

    assert locate("Berlin") == Located(
        Spot(52.52, 13.41, "Berlin", "Berlin"),
        others=(Spot(50.0, 8.0, "Berlin, New Hampshire", "Berlin, New Hampshire"),),
    )


def test_label_finds_its_place_beside_a_bigger_one_of_that_name():
    store(BERLIN, LITTLE_BERLIN)

    assert locate("berlin new hampshire") == Located(Spot(50.0, 8.0, "Berlin, New Hampshire", "Berlin, New Hampshire"))


@pytest.mark.parametrize(("bigger", "expected"), [(9_999, []), (10_000, ["Baden, Hessen"])])
def test_exact_name_wins_from_ten_times_the_size(bigger, expected):
    store(make_city("Baden", bigger), make_city("Baden", 1_000, region="Bayern"))

    located = locate("Baden Deutschland")

    assert labels([located.spot] if located.spot else []) == (["Baden"] if expected else [])
    assert labels(located.choices) == ([] if expected else ["Baden, Hessen", "Baden, Bayern"])


def test_short_form_of_two_names_asks():
    store(FRANKFURT, FRANKFURT_ODER)

    assert labels(locate("Frankfurt").choices) == ["Frankfurt am Main", "Frankfurt (Oder)"]


def test_short_form_wins_from_fifty_times_the_size():
    store(make_city("Bad Homburg vor der Höhe", 50_000), make_city("Bad Homburg am Berg", 1_000))

    located = locate("Bad Homburg")

    assert located.spot is not None
    assert located.spot.label == "Bad Homburg vor der Höhe"
    assert labels(located.others) == ["Bad Homburg am Berg"]


def test_bigger_place_with_a_longer_name_is_offered_before_the_exact_one():
    store(make_city("Halle an der Saale", 240_000), make_city("Halle", 20_000))

    assert labels(locate("Halle").choices) == ["Halle an der Saale", "Halle, Hessen"]


def test_beginning_of_a_name_asks_and_the_biggest_comes_first():
    store(make_city("Mannheim", 300_000), make_city("Manching", 12_000), make_city("Marburg", 70_000))

    assert labels(locate("Man").choices) == ["Mannheim", "Manching"]


def test_name_elsewhere_does_not_hide_a_place_that_has_it_as_its_own():
    biel = make_city(("Biel/Bienne",), 55_000, country="CH", region="Bern")
    store(biel, make_city("Wien", 1_700_000, country="AT", region="Wien", others=("Bienne",)))

    assert found("Bienne") == "Biel/Bienne"


def test_name_elsewhere_is_found_when_nobody_else_has_it():
    store(FRANKFURT, FRANKFURT_ODER)

    assert found("Francfort") == "Frankfurt am Main"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Freiburg CH", "Fribourg"),
        ("Freiburg, Schweiz", "Fribourg"),
        ("Freiburg Germany", "Freiburg im Breisgau"),
        ("Freiburg Baden-Württemberg", "Freiburg im Breisgau"),
        ("Berlin USA", "Berlin, New Hampshire"),
        ("Berlin NH", "Berlin, New Hampshire"),
    ],
)
def test_country_or_state_behind_the_name_decides(text, expected):
    store(BERLIN, LITTLE_BERLIN, FREIBURG, FRIBOURG)

    assert found(text) == expected


def test_without_country_the_visitor_chooses():
    store(FREIBURG, FRIBOURG)

    assert labels(locate("Freiburg").choices) == ["Freiburg im Breisgau", "Fribourg"]


def test_at_most_eight_choices():
    store(*(make_city("Neustadt", 1_000 + number, region=f"Land {number}") for number in range(12)))

    assert labels(locate("Neustadt").choices) == [f"Neustadt, Land {number}" for number in range(11, 3, -1)]


def test_misspelt_name_gets_suggestions_the_likeliest_first():
    store(MUNICH, make_city("Minden", 80_000), make_city("Ulm", 120_000))

    located = locate("Minchen")

    assert labels(located.suggestions) == ["München", "Minden"]
    assert (located.spot, located.choices) == (None, ())


def test_nothing_alike_is_empty():
    store(MUNICH)

    assert locate("xyzqxyz") == Located()


@pytest.mark.parametrize("text", ["60313", "D-60313", "DE 60313", "d60313", "60313 Frankfurt", "60313 (Germany)"])
def test_german_postcode(text):
    make_postcode("DE", "60313", latitude=50.12, longitude=8.69)

    assert locate(text) == Located(Spot(50.12, 8.69, "60313 (Germany)", "D-60313"))


def test_postcode_keeps_its_leading_zero():
    make_postcode("DE", "01067", name="Dresden")

    assert locate("01067") == Located(Spot(50.0, 8.0, "01067 Dresden (Germany)", "D-01067"))


def test_postcode_label_is_in_the_language_of_the_visitor():
    make_postcode("DE", "01067")

    with translation.override("de"):
        located = locate("01067")

    assert located.spot is not None
    assert located.spot.value == "D-01067"


@pytest.mark.parametrize(
    ("text", "value"),
    [("A-1010", "A-1010"), ("AT 1010", "A-1010"), ("CH-1010", "CH-1010"), ("1010 Schweiz", "CH-1010")],
)
def test_postcode_of_a_named_country(text, value):
    make_postcode("AT", "1010")
    make_postcode("CH", "1010")

    located = locate(text)

    assert located.spot is not None
    assert located.spot.value == value


def test_liechtenstein_has_the_sign_of_its_cars():
    make_postcode("LI", "9490", name="Vaduz")

    assert locate("FL-9490") == Located(Spot(50.0, 8.0, "9490 Vaduz (Liechtenstein)", "FL-9490"))


def test_bare_postcode_of_two_countries_asks():
    make_postcode("AT", "1010", name="Wien")
    make_postcode("CH", "1010", name="Lausanne")

    assert labels(locate("1010").choices) == ["1010 Wien (Austria)", "1010 Lausanne (Switzerland)"]


@pytest.mark.parametrize(("town", "value"), [("Wien", "A-1010"), ("Vienna", "A-1010"), ("Zürich", "CH-1010")])
def test_town_behind_a_postcode_of_two_countries_decides(town, value):
    store(VIENNA, ZURICH)
    make_postcode("AT", "1010", latitude=48.2, longitude=16.4)
    make_postcode("CH", "1010", latitude=47.4, longitude=8.5)

    located = locate(f"1010 {town}")

    assert located.spot is not None
    assert located.spot.value == value


def test_unknown_postcode_lies_between_the_nearest_that_begin_alike():
    make_postcode("CH", "8051", latitude=47.0, longitude=8.0)
    make_postcode("CH", "8053", latitude=48.0, longitude=9.0)
    make_postcode("CH", "8099", latitude=40.0, longitude=1.0)

    assert locate("CH-8052") == Located(Spot(47.5, 8.5, "around 8052 (Switzerland)", "CH-8052", is_approximate=True))


def test_unknown_postcode_falls_back_to_two_digits():
    make_postcode("CH", "8099", latitude=47.0, longitude=8.0)

    located = locate("CH-8052")

    assert located.spot is not None
    assert (located.spot.latitude, located.spot.is_approximate) == (47.0, True)


def test_bare_postcode_that_may_exist_in_the_other_country_too_asks():
    make_postcode("AT", "8053", name="Graz")
    make_postcode("CH", "8051", name="Zürich")

    assert labels(locate("8053").choices) == ["8053 Graz (Austria)", "around 8053 (Switzerland)"]


def test_imported_countries_have_no_codes_between_theirs():
    make_postcode("AT", "8053", name="Graz")
    make_postcode("CH", "8051", name="Zürich", is_imported=True)

    assert found("8053") == "8053 Graz (Austria)"


@pytest.mark.parametrize("text", ["99999", "D-1010", "A-60313", "CH-3999"])
def test_unknown_postcode_is_nothing(text):
    make_postcode("DE", "60313")
    make_postcode("AT", "1010")

    assert locate(text) == Located()


@pytest.mark.parametrize("text", ["50.11,8.68", "50.11, 8.68", "50.1149 , 8.6789", "50.11 8.68"])
def test_coordinates_are_rounded_to_a_kilometre(text):
    expected = Spot(50.11, 8.68, "position 50.11,8.68", "50.11,8.68")

    assert locate(text) == Located(expected)


@pytest.mark.parametrize(
    ("text", "value"), [("-90,-180", "-90.00,-180.00"), ("-0.001,0", "0.00,0.00"), ("5,8", "5.00,8.00")]
)
def test_coordinates_at_the_edges(text, value):
    located = locate(text)

    assert located.spot is not None
    assert located.spot.value == value
    assert locate(value) == located


@pytest.mark.parametrize("text", ["90.01,8", "50,180.1", "999,999"])
def test_coordinates_off_the_earth_are_nothing(text):
    assert locate(text) == Located()


@pytest.mark.parametrize("text", ["", " ", "\x00", "…", "🏥", "a" * 10_000, "5" * 10_000, "%", "_", "\ud800", "\\"])
def test_bad_input_finds_nothing(text):
    store(MUNICH)

    assert locate(text) == Located()
    assert suggest(text) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120))
def test_any_text_is_answered(db, text):
    located = locate(text)

    assert (located.choices, located.others) == ((), ())
    assert located.spot is None or located.spot.value.count(",") == 1
    assert suggest(text) == []


def test_every_value_finds_its_spot_again():
    store(BERLIN, LITTLE_BERLIN, FRANKFURT, FRANKFURT_ODER, MUNICH, FREIBURG, FRIBOURG, ZURICH, VIENNA)
    make_postcode("AT", "1010", name="Wien")
    make_postcode("CH", "1010", name="Lausanne")
    spots = [spot for text in ("F", "B", "M", "Z", "W", "10") for spot in suggest(text, 10)]

    assert len(spots) == 11
    assert [locate(spot.value).spot for spot in spots] == spots


def test_suggestions_begin_with_the_letters_the_biggest_first():
    store(FREIBURG, FRANKFURT, FRANKFURT_ODER, FRIBOURG, MUNICH)

    assert labels(suggest("fr", limit=3)) == ["Frankfurt am Main", "Freiburg im Breisgau", "Frankfurt (Oder)"]


@pytest.mark.parametrize("text", ["Mün", "mue", "mun", "Muni"])
def test_suggestions_take_any_spelling_and_show_a_place_once(text):
    store(MUNICH)

    assert labels(suggest(text)) == ["München"]


def test_suggestions_know_labels_and_names_elsewhere():
    store(BERLIN, LITTLE_BERLIN, FRANKFURT)

    assert labels(suggest("Berlin, N")) == ["Berlin, New Hampshire"]
    assert labels(suggest("Francf")) == ["Frankfurt am Main"]


def test_suggestions_of_postcodes_are_in_order():
    make_postcode("DE", "60314")
    make_postcode("DE", "60313")
    make_postcode("AT", "6031")

    assert labels(suggest("603")) == ["6031 (Austria)", "60313 (Germany)", "60314 (Germany)"]
    assert labels(suggest("D-603", limit=1)) == ["60313 (Germany)"]


def test_no_suggestions_are_asked_for():
    store(MUNICH)

    assert suggest("Mün", limit=0) == []


@pytest.mark.parametrize(
    ("text", "queries"), [("Berlin", 2), ("Frankfurt", 2), ("Berlin USA", 3), ("Minchen", 5), ("D-60313", 1)]
)
def test_few_queries(django_assert_num_queries, text, queries):
    store(BERLIN, LITTLE_BERLIN, FRANKFURT, FRANKFURT_ODER, MUNICH)
    make_postcode("DE", "60313")

    with django_assert_num_queries(queries):
        locate(text)


def test_distance_from_berlin_to_munich():
    assert distance_km(52.52, 13.405, 48.1374, 11.5755) == pytest.approx(504.2, abs=0.1)


def test_distance_to_the_other_side_is_half_the_circumference():
    assert distance_km(0, 0, 0, 180) == pytest.approx(20015.114, abs=0.001)
