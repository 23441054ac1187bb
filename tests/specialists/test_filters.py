"""The filter form: what it understands, what it sets aside with a word, and what its options show."""

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from specialists.enums import Accepting, Country, Language, Sort
from specialists.filters import LONG_LIST, MAX_VALUES, NAME_LENGTH, FacetField, Option, SpecialistFilter
from specialists.queries import FACETS
from tests import factories
from tests.specialists import oracle
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

    assert specialists.selection.active() == []
    assert specialists.selection.text == ""
    assert specialists.sorted_by == Sort.NAME
    assert specialists.unknown_values() == []
    assert specialists.form.errors == {}


def test_selection_knows_every_facet():
    assert set(SpecialistFilter.facet_names()) == set(FACETS)
    assert parsed("").selection.facets == dict.fromkeys(FACETS, frozenset())


@pytest.mark.parametrize(
    ("query", "active", "text", "sort"),
    [
        ("kind=clinic", [("kind", "clinic")], "", "name"),
        ("kind=clinic&kind=physician", [("kind", "clinic"), ("kind", "physician")], "", "name"),
        ("kind=clinic&kind=clinic", [("kind", "clinic")], "", "name"),
        ("kind=", [], "", "name"),
        ("kind", [], "", "name"),
        ("kind=clinic&kind=", [("kind", "clinic")], "", "name"),
        ("country=DE&language=tr&insurance=self_pay&accepting=no", None, "", "name"),
        ("name=Stern", [], "Stern", "name"),
        ("name=%20%20Stern%20wald%20", [], "Stern wald", "name"),
        ("name=++", [], "", "name"),
        ("name=Eins&name=Zwei", [], "Zwei", "name"),
        ("sort=verified", [], "", "verified"),
        ("sort=", [], "", "name"),
        ("sort=verified&sort=name", [], "", "name"),
        ("colour=red&utm_source=letter", [], "", "name"),
    ],
)
def test_selection_of_known_values(query, active, text, sort):
    specialists = parsed(query)

    if active is None:
        active = [("accepting", "no"), ("language", "tr"), ("insurance", "self_pay"), ("country", "DE")]
    assert specialists.selection.active() == active
    assert specialists.selection.text == text
    assert specialists.sorted_by == sort
    assert specialists.unknown_values() == []


def test_selection_of_vocabulary_by_slug():
    factories.make_condition("Liver metastases")
    factories.make_treatment("TACE")
    factories.make_specialty("Visceral surgery")

    specialists = parsed("condition=liver-metastases&treatment=tace&specialty=visceral-surgery")

    assert specialists.selection.active() == [
        ("condition", "liver-metastases"),
        ("specialty", "visceral-surgery"),
        ("treatment", "tace"),
    ]


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
        ("accepting=yes%00", [("New patients", "yes\x00")]),
        ("kind=%ff", [("Physician or clinic", "\ufffd")]),
    ],
)
def test_unknown_values_are_named_and_the_rest_applies(query, unknown):
    specialists = parsed(f"{query}&insurance=private")

    assert specialists.unknown_values() == unknown
    assert specialists.selection.active() == [("insurance", "private")]
    assert specialists.sorted_by == Sort.NAME


def test_unknown_value_beside_a_known_one():
    specialists = parsed("kind=robot&kind=clinic")

    assert specialists.selection.active() == [("kind", "clinic")]
    assert specialists.unknown_values() == [("Physician or clinic", "robot")]


def test_condition_that_is_not_public_is_unknown():
    factories.make_condition("Secret", is_published=False)

    specialists = parsed("condition=secret")

    assert specialists.selection.active() == []
    assert specialists.unknown_values() == [("Condition", "secret")]
    assert options("", "condition") == []


def test_more_ticks_than_a_person_makes_are_cut():
    for number in range(MAX_VALUES + 5):
        factories.make_condition(f"Condition {number}")
    query = "&".join(f"condition=condition-{number}" for number in range(MAX_VALUES + 5))

    assert parsed(query).selection.facets["condition"] == {f"condition-{number}" for number in range(MAX_VALUES)}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a" * (NAME_LENGTH + 1), "Ensure this value has at most 100 characters (it has 101)."),
        ("Stern%00wald", "Null characters are not allowed."),
    ],
)
def test_name_that_cannot_be_searched_has_a_message_and_the_rest_applies(name, message):
    specialists = parsed(f"name={name}&kind=clinic")

    assert specialists.selection.text == ""
    assert specialists.selection.active() == [("kind", "clinic")]
    assert specialists.form.errors == {"name": [message]}


def test_name_of_full_length_is_searched():
    assert parsed(f"name={'ü' * NAME_LENGTH}").selection.text == "ü" * NAME_LENGTH


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from([*FACETS, "name", "sort", "page"]), st.text(max_size=6)), max_size=6),
    st.sampled_from(oracle.PAIRS),
)
def test_selection_of_any_query_keeps_what_is_known(pairs, known):
    data = QueryDict(mutable=True)
    for name, value in [*pairs, known]:
        data.appendlist(name, value)
    with built(World((), frozenset(oracle.CONDITIONS))):
        specialists = SpecialistFilter(data)

        choices = {facet: dict(specialists.form.fields[facet].choices) for facet in FACETS}
        understood = {(facet, value) for facet, value in [*pairs, known] if value in choices.get(facet, {})}
        labels = {str(field.label) for field in specialists.form.fields.values()}
        assert set(specialists.selection.active()) == understood
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
    assert [option.value for option in options("", "country")] == Country.values


def test_options_of_a_long_list_show_what_is_ticked_first():
    assert len(Language) > LONG_LIST
    rest = [value for value in Language.values if value not in {"tr", "de"}]

    assert [option.value for option in options("language=tr&language=de", "language")] == ["de", "tr", *rest]


def test_options_of_a_short_list_stay_in_place():
    assert [option.value for option in options("accepting=unknown", "accepting")] == Accepting.values


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
