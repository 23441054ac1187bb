"""One address for each state of the list: what it holds, and that reading it back gives the same state."""

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions import names
from specialists import links
from specialists.enums import Sort
from specialists.filters import TEXT_LENGTH, SpecialistFilter
from specialists.queries import FACETS, active
from specialists.selection import Circle, Selection
from tests.specialists import oracle
from tests.specialists.oracle import World, built

LIST = "/en/specialists/"
EVERYTHING = World((), frozenset(oracle.CONDITIONS))
# What a form field hands on: stripped, short enough, without the characters no database stores.
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=TEXT_LENGTH).map(
    str.strip
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def query_of(url: str) -> str:
    return url.partition("?")[2]


def parse(url: str) -> SpecialistFilter:
    return SpecialistFilter(QueryDict(query_of(url)))


HERE = Circle(50.11, 8.68, 25, "50.11,8.68")


@pytest.mark.parametrize(
    ("selection", "sort", "page", "expected"),
    [
        (Selection(), "name", 1, LIST),
        (Selection(), "", 1, LIST),
        (Selection({"kind": frozenset()}), "name", 1, LIST),
        (Selection({"kind": frozenset({"clinic"})}), "name", 1, f"{LIST}?kind=clinic"),
        (Selection({"language": frozenset({"tr", "de"})}), "name", 1, f"{LIST}?language=de&language=tr"),
        (
            Selection({"country": frozenset({"DE"}), "condition": frozenset({"a"})}),
            "name",
            1,
            f"{LIST}?condition=a&country=DE",
        ),
        (Selection(text="Müller & Co"), "name", 1, f"{LIST}?q=M%C3%BCller+%26+Co"),
        (Selection(), "verified", 1, f"{LIST}?sort=verified"),
        (Selection(), "distance", 1, LIST),
        (Selection(), "name", 2, f"{LIST}?page=2"),
        (
            Selection({"kind": frozenset({"clinic"})}, "a"),
            "verified",
            3,
            f"{LIST}?kind=clinic&q=a&sort=verified&page=3",
        ),
        (Selection(near=HERE), "", 1, f"{LIST}?near=50.11%2C8.68"),
        (Selection(near=HERE), "distance", 1, f"{LIST}?near=50.11%2C8.68"),
        (Selection(near=HERE), "name", 1, f"{LIST}?near=50.11%2C8.68&sort=name"),
        (
            Selection(text="a", near=HERE).within(50),
            "verified",
            2,
            f"{LIST}?q=a&near=50.11%2C8.68&radius=50&sort=verified&page=2",
        ),
        (Selection(near=Circle(49.45, 11.08, 25, "Nürnberg")), "", 1, f"{LIST}?near=N%C3%BCrnberg"),
    ],
)
def test_list_url(selection, sort, page, expected):
    assert links.list_url(selection, sort, page) == expected


def test_list_url_of_another_page():
    assert links.list_url(Selection(text="a"), path="specialists:map") == f"{LIST}map/?q=a"


@pytest.mark.parametrize(
    ("selection", "sort", "expected"),
    [
        (Selection(), "name", f"{LIST}options/condition/"),
        (
            Selection({"condition": frozenset({"a"})}, "b"),
            "verified",
            f"{LIST}options/condition/?condition=a&q=b&sort=verified",
        ),
    ],
)
def test_options_url_keeps_the_rest(selection, sort, expected):
    assert links.options_url("condition", selection, sort) == expected


def test_pairs_are_the_fields_of_the_form():
    selection = Selection({"kind": frozenset({"clinic"}), "country": frozenset({"DE", "AT"})}, "a", HERE)

    assert links.pairs(selection.within(10)) == [
        ("kind", "clinic"),
        ("country", "AT"),
        ("country", "DE"),
        ("q", "a"),
        ("near", "50.11,8.68"),
        ("radius", "10"),
    ]
    assert links.pairs(selection)[-1] == ("near", "50.11,8.68")
    assert links.pairs(selection, "verified")[-1] == ("sort", "verified")


def test_default_sort_is_by_distance_from_somewhere():
    assert links.default_sort(Selection()) == Sort.NAME
    assert links.default_sort(Selection(near=HERE)) == Sort.DISTANCE


@given(st.permutations([(facet, frozenset({"x", "y"})) for facet in FACETS]))
def test_list_url_does_not_depend_on_the_order_of_ticking(pairs):
    in_order = {facet: frozenset({"y", "x"}) for facet in FACETS}

    assert links.list_url(Selection(dict(pairs))) == links.list_url(Selection(in_order))


POINTS = st.builds(
    # As the form rounds them: two decimals.
    lambda latitude, longitude, radius: Circle(
        latitude / 100, longitude / 100, radius, f"{latitude / 100:.2f},{longitude / 100:.2f}"
    ),
    st.integers(-9000, 9000),
    st.integers(-18000, 18000),
    st.sampled_from(links.RADII),
)


@pytest.mark.django_db
@settings(deadline=None, max_examples=40)
@given(oracle.WISHES, TEXTS, st.none() | POINTS, st.sampled_from(Sort.values), st.integers(1, 10**6))
def test_list_url_read_back_is_the_same_state(wish, text, near, sort, page):
    with built(EVERYTHING):
        # Without a letter or digit, text is no filter.
        selection = Selection(wish.ticked, text if names.search_words(text) else "", near)
        url = links.list_url(selection, sort, page)

        result = parse(url)

        assert active(result.selection) == active(selection)
        assert (result.selection.text, result.selection.near) == (selection.text, selection.near)
        assert result.sorted_by == (Sort.NAME if sort == Sort.DISTANCE and near is None else sort)
        assert result.unknown_values() == []
        assert int(QueryDict(query_of(url)).get("page", "1")) == page
        assert links.list_url(result.selection, result.sorted_by, page) == url


@pytest.mark.django_db
@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*FACETS, "q", "near", "radius", "sort", "page", "other"]),
            st.sampled_from([value for _facet, value in oracle.PAIRS]) | st.text(max_size=5) | st.just("50.11,8.68"),
        ),
        max_size=8,
    )
)
def test_list_url_of_whatever_was_asked_is_stable(pairs):
    """A visitor's untidy address leads to one tidy address, and that one to itself."""
    asked = QueryDict(mutable=True)
    for name, value in pairs:
        asked.appendlist(name, value)
    with built(EVERYTHING):
        understood = SpecialistFilter(asked)
        url = links.list_url(understood.selection, understood.sorted_by)

        again = parse(url)

        assert again.selection == understood.selection
        assert again.unknown_values() == []
        assert links.list_url(again.selection, again.sorted_by) == url
