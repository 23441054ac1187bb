"""The filter form: what it understands, what it sets aside with a word, and what its options show."""

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions.search import Span
from specialists import catalogue
from specialists.enums import Accepting, Country, Language, Sort
from specialists.filters import (
    COMMONEST,
    LONG_LIST,
    MAX_VALUES,
    TEXT_LENGTH,
    WHOLE_LIST,
    FacetField,
    Option,
    SpecialistFilter,
)
from specialists.queries import FACETS, active
from specialists.selection import Circle
from tests import factories
from tests.specialists import gazetteer, oracle
from tests.specialists.oracle import World, built

pytestmark = pytest.mark.django_db


def parsed(query: str) -> SpecialistFilter:
    return SpecialistFilter(QueryDict(query))


def options(query: str, facet: str, counts: dict[str, int] | None = None) -> list[Option]:
    specialists = parsed(query)
    specialists.show_counts({name: {} for name in FACETS} | {facet: counts or {}})
    return specialists.form.fields[facet].options


# What is understood


def test_selection_of_nothing():
    specialists = parsed("")

    assert specialists.selection.is_empty
    assert specialists.selection.spans == ()
    assert specialists.sorted_by == Sort.NAME
    assert specialists.unknown_values() == []
    assert specialists.form.errors == {}


def test_selection_knows_every_facet():
    assert set(SpecialistFilter.facet_names()) == set(FACETS)
    assert parsed("").selection.facets == dict.fromkeys(FACETS, frozenset())


@pytest.mark.parametrize(
    ("query", "ticked", "text", "sort"),
    [
        ("kind=clinic", [("kind", "clinic")], "", "name"),
        ("kind=clinic&kind=physician", [("kind", "clinic"), ("kind", "physician")], "", "name"),
        ("kind=clinic&kind=clinic", [("kind", "clinic")], "", "name"),
        ("kind=", [], "", "name"),
        ("kind", [], "", "name"),
        ("kind=clinic&kind=", [("kind", "clinic")], "", "name"),
        ("country=DE&language=tr&insurance=self_pay&accepting=no", None, "", "name"),
        ("q=Stern", [], "Stern", "name"),
        ("q=%20%20Stern%20wald%20", [], "Stern wald", "name"),
        ("q=++", [], "", "name"),
        ("q=Eins&q=Zwei", [], "Zwei", "name"),
        ("sort=verified", [], "", "verified"),
        ("sort=", [], "", "name"),
        ("sort=verified&sort=name", [], "", "name"),
        ("sort=distance", [], "", "name"),
        ("sort=distance&near=50.11,8.68", [], "", "distance"),
        ("near=50.11,8.68", [], "", "distance"),
        ("near=50.11,8.68&sort=name", [], "", "name"),
        ("colour=red&utm_source=letter", [], "", "name"),
        ("name=Stern", [], "", "name"),
    ],
)
def test_selection_of_known_values(query, ticked, text, sort):
    specialists = parsed(query)

    if ticked is None:
        ticked = [("accepting", "no"), ("language", "tr"), ("insurance", "self_pay"), ("country", "DE")]
    assert active(specialists.selection) == ticked
    assert specialists.selection.text == text
    assert specialists.sorted_by == sort
    assert specialists.unknown_values() == []


def test_selection_of_vocabulary_by_slug():
    factories.make_condition("Liver metastases")
    factories.make_treatment("TACE")
    factories.make_specialty("Visceral surgery")

    specialists = parsed("condition=liver-metastases&treatment=tace&specialty=visceral-surgery")

    assert active(specialists.selection) == [
        ("condition", "liver-metastases"),
        ("specialty", "visceral-surgery"),
        ("treatment", "tace"),
    ]


def test_selection_understands_words_of_the_vocabulary():
    factories.make_condition("Liver metastases", synonyms=["liver mets"])

    spans = parsed("q=Stern+LIVER+mets").selection.spans

    assert spans == (
        Span(("stern",)),
        Span(("liver", "mets"), frozenset({("condition", "liver-metastases")})),
    )


# Near a place


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("near=50.11,8.68", Circle(50.11, 8.68, 25, "50.11,8.68")),
        ("near=50.1134,8.6791&radius=100", Circle(50.11, 8.68, 100, "50.11,8.68")),
        ("near=50.11,8.68&radius=37", Circle(50.11, 8.68, 25, "50.11,8.68")),
        ("near=50.11,8.68&radius=", Circle(50.11, 8.68, 25, "50.11,8.68")),
        ("near=Bonn", Circle(50.73, 7.1, 25, "Bonn")),
        ("near=bonn&radius=10", Circle(50.73, 7.1, 10, "Bonn")),
        ("near=Atlantis", None),
        ("near=", None),
        ("radius=10", None),
        (f"near={'a' * (TEXT_LENGTH + 1)}", None),
    ],
)
def test_near_is_a_circle_around_what_is_known(query, near):
    gazetteer.store(gazetteer.make_city("Bonn", 300_000, latitude=50.73, longitude=7.1))

    assert parsed(query).selection.near == near


def test_near_a_name_of_several_places_is_nowhere_until_one_is_chosen():
    gazetteer.store(
        gazetteer.make_city("Neustadt", 20_000, region="Hessen"),
        gazetteer.make_city("Neustadt", 19_000, region="Sachsen", latitude=51.0),
    )

    specialists = parsed("near=Neustadt")

    assert specialists.selection.is_empty
    assert len(specialists.located.choices) == 2


def test_radius_that_is_not_offered_is_named():
    specialists = parsed("near=50.11,8.68&radius=37")

    assert specialists.unknown_values() == [("Within", "37")]


def test_sort_by_distance_from_nowhere_is_by_name():
    assert [parsed(query).sorted_by for query in ("near=Atlantis", "near=Atlantis&sort=distance")] == ["name"] * 2


# What is set aside


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        ("kind=robot", [("Physician or clinic", "robot")]),
        ("kind=CLINIC", [("Physician or clinic", "CLINIC")]),
        ("country=de", [("Country", "de")]),
        ("language=xx&language=xx&language=yy", [("Language spoken", "xx"), ("Language spoken", "yy")]),
        ("condition=nobody&treatment=nothing", [("Condition", "nobody"), ("Treatment", "nothing")]),
        ("sort=price", [("Sort by", "price")]),
        ("radius=-1", [("Within", "-1")]),
        ("q=%25+!", [("Name, condition or treatment", "% !")]),
        ("accepting=yes%00", [("New patients", "yes\x00")]),
        ("kind=%ff", [("Physician or clinic", "\ufffd")]),
    ],
)
def test_unknown_values_are_named_and_the_rest_applies(query, unknown):
    specialists = parsed(f"{query}&insurance=private")

    assert specialists.unknown_values() == unknown
    assert active(specialists.selection) == [("insurance", "private")]
    assert specialists.sorted_by == Sort.NAME


def test_unknown_value_beside_a_known_one():
    specialists = parsed("kind=robot&kind=clinic")

    assert active(specialists.selection) == [("kind", "clinic")]
    assert specialists.unknown_values() == [("Physician or clinic", "robot")]


def test_condition_that_is_not_public_is_unknown():
    factories.make_condition("Secret", is_published=False)

    specialists = parsed("condition=secret")

    assert active(specialists.selection) == []
    assert specialists.unknown_values() == [("Condition", "secret")]
    assert options("", "condition") == []


def test_more_ticks_than_a_person_makes_are_cut():
    for number in range(MAX_VALUES + 5):
        factories.make_condition(f"Condition {number}")
    query = "&".join(f"condition=condition-{number}" for number in range(MAX_VALUES + 5))

    assert parsed(query).selection.facets["condition"] == {f"condition-{number}" for number in range(MAX_VALUES)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * (TEXT_LENGTH + 1), "Ensure this value has at most 100 characters (it has 101)."),
        ("Stern%00wald", "Null characters are not allowed."),
    ],
)
def test_text_that_cannot_be_searched_has_a_message_and_the_rest_applies(text, message):
    specialists = parsed(f"q={text}&kind=clinic")

    assert specialists.selection.text == ""
    assert active(specialists.selection) == [("kind", "clinic")]
    assert specialists.form.errors == {"q": [message]}


def test_text_of_full_length_is_searched():
    assert parsed(f"q={'ü' * TEXT_LENGTH}").selection.text == "ü" * TEXT_LENGTH


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from([*FACETS, "q", "near", "radius", "sort", "page"]), st.text(max_size=6)), max_size=6
    ),
    st.sampled_from(oracle.PAIRS),
)
def test_selection_of_any_query_keeps_what_is_known(pairs, known):
    data = QueryDict(mutable=True)
    for name, value in [*pairs, known]:
        data.appendlist(name, value)
    with built(World((), frozenset(oracle.CONDITIONS))):
        specialists = SpecialistFilter(data)

        known_to = {facet: specialists.form.fields[facet].labels for facet in FACETS}
        understood = {(facet, value) for facet, value in [*pairs, known] if value in known_to.get(facet, {})}
        labels = {str(field.label) for field in specialists.form.fields.values()}
        assert set(active(specialists.selection)) == understood
        assert {label for label, _value in specialists.unknown_values()} <= labels


# What the options show


def test_options_carry_label_count_and_tick():
    assert options("kind=clinic", "kind", {"clinic": 3}) == [
        Option("physician", "Physician", 0, False),
        Option("clinic", "Clinic", 3, True),
    ]


@pytest.mark.parametrize(
    ("count", "is_chosen", "is_disabled"), [(0, False, True), (0, True, False), (1, False, False), (1, True, False)]
)
def test_option_is_disabled_only_without_result_and_tick(count, is_chosen, is_disabled):
    assert Option("x", "X", count, is_chosen).is_disabled is is_disabled


def test_options_without_result_stay_visible():
    assert {option.value for option in options("", "country")} == set(Country.values)


def test_options_of_a_long_list_show_what_is_ticked_first():
    assert len(Language) > LONG_LIST
    rest = [value for value in catalogue.labels("language") if value not in {"tr", "de"}]

    assert [option.value for option in options("language=tr&language=de", "language")] == ["de", "tr", *rest]


def test_options_of_a_short_list_stay_in_place():
    assert [option.value for option in options("accepting=unknown", "accepting")] == Accepting.values


def many_conditions(number: int) -> dict[str, int]:
    """So many conditions; the counts of the first twenty, each with one less than the one before."""
    for place in range(number):
        factories.make_condition(f"Condition {place:02}")
    return {f"condition-{place:02}": 20 - place for place in range(20)}


def test_options_up_to_forty_are_all_shown():
    counts = many_conditions(WHOLE_LIST)
    specialists = parsed("")
    specialists.show_counts({name: {} for name in FACETS} | {"condition": counts})
    condition = specialists.form.fields["condition"]

    assert (WHOLE_LIST, len(condition.options), condition.hidden_count) == (40, 40, 0)


def test_options_of_a_very_long_list_are_the_commonest_and_what_is_ticked():
    counts = many_conditions(WHOLE_LIST + 1)
    specialists = parsed("condition=condition-35&condition=condition-03")
    specialists.show_counts({name: {} for name in FACETS} | {"condition": counts})
    condition = specialists.form.fields["condition"]

    common = [f"condition-{place:02}" for place in range(COMMONEST)]
    common.remove("condition-03")
    assert [option.value for option in condition.options] == ["condition-03", "condition-35", *common]
    assert condition.hidden_count == WHOLE_LIST + 1 - COMMONEST - 1
    assert {option.value: option.count for option in condition.options if option.is_chosen} == {
        "condition-03": 17,
        "condition-35": 0,
    }


def test_options_of_a_very_long_list_leave_out_those_without_result():
    many_conditions(WHOLE_LIST + 1)

    assert [option.value for option in options("", "condition", {"condition-40": 1})] == ["condition-40"]


def test_all_options_are_in_the_order_of_the_form():
    many_conditions(WHOLE_LIST + 1)
    condition = parsed("").form.fields["condition"]

    result = condition.all_options({"condition-02": 5}, frozenset({"condition-40"}))

    assert [option.value for option in result] == [f"condition-{place:02}" for place in range(WHOLE_LIST + 1)]
    assert result[2] == Option("condition-02", "Condition 02", 5, False)
    assert result[40] == Option("condition-40", "Condition 40", 0, True)


def test_options_of_vocabulary_are_in_alphabetical_order():
    for name in ("Zyste", "Ödem", "angina"):
        factories.make_condition(name)

    assert [option.label for option in options("", "condition")] == ["angina", "Ödem", "Zyste"]


def test_facet_is_open_while_in_use():
    specialists = parsed("language=tr&language=de")
    specialists.show_counts({facet: {} for facet in FACETS})
    language, country = (specialists.form.fields[facet] for facet in ("language", "country"))

    assert (language.chosen_count, language.is_open) == (2, True)
    assert (country.chosen_count, country.is_open) == (0, False)


def test_facets_most_people_narrow_by_come_first_and_open():
    specialists = parsed("")
    specialists.show_counts({facet: {} for facet in FACETS})
    facets = [field for field in specialists.form.fields.values() if isinstance(field, FacetField)]

    assert facets[0].label == "Condition"
    assert facets[0].is_open


def test_label_of_an_option():
    factories.make_condition("Liver metastases")

    specialists = parsed("")

    assert specialists.label_of("condition", "liver-metastases") == "Liver metastases"
    assert specialists.label_of("insurance", "self_pay") == "Paying yourself"


def test_qs_is_the_filtered_list_in_order():
    for name in ("Zander", "Öller", "Apfel"):
        factories.make_physician(name, given_name="Ada", accepting="yes")
    factories.make_physician("Nein", given_name="Ada", accepting="no")
    factories.make_physician("Draft", status="draft", accepting="yes")

    assert [profile.display_name for profile in parsed("accepting=yes").qs] == ["Ada Apfel", "Ada Öller", "Ada Zander"]
