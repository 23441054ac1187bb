"""One address for each state of the list: what it holds, and that reading it back gives the same state."""

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions import names
from specialists import links
from specialists.enums import Sort
from specialists.filters import NAME_LENGTH, SpecialistFilter
from specialists.queries import FACETS, Selection
from tests.specialists import oracle
from tests.specialists.oracle import World, built

LIST = "/en/specialists/"
EVERYTHING = World((), frozenset(oracle.CONDITIONS))
# What a form field hands on: stripped, short enough, without the characters no database stores.
NAMES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=NAME_LENGTH).map(
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


@pytest.mark.parametrize(
    ("ticked", "text", "sort", "page", "expected"),
    [
        ({}, "", "name", 1, LIST),
        ({"kind": frozenset()}, "", "name", 1, LIST),
        ({"kind": frozenset({"clinic"})}, "", "name", 1, f"{LIST}?kind=clinic"),
        ({"language": frozenset({"tr", "de"})}, "", "name", 1, f"{LIST}?language=de&language=tr"),
        (
            {"country": frozenset({"DE"}), "condition": frozenset({"a"})},
            "",
            "name",
            1,
            f"{LIST}?condition=a&country=DE",
        ),
        ({}, "Müller & Co", "name", 1, f"{LIST}?name=M%C3%BCller+%26+Co"),
        ({}, "", "verified", 1, f"{LIST}?sort=verified"),
        ({}, "", "name", 2, f"{LIST}?page=2"),
        ({"kind": frozenset({"clinic"})}, "a", "verified", 3, f"{LIST}?kind=clinic&name=a&sort=verified&page=3"),
    ],
)
def test_list_url(ticked, text, sort, page, expected):
    assert links.list_url(Selection(ticked, text), sort, page) == expected


@given(st.permutations([(facet, frozenset({"x", "y"})) for facet in FACETS]))
def test_list_url_does_not_depend_on_the_order_of_ticking(pairs):
    in_order = {facet: frozenset({"y", "x"}) for facet in FACETS}

    assert links.list_url(Selection(dict(pairs))) == links.list_url(Selection(in_order))


@pytest.mark.django_db
@settings(deadline=None, max_examples=40)
@given(oracle.WISHES, NAMES, st.sampled_from(Sort.values), st.integers(1, 10**6))
def test_list_url_read_back_is_the_same_state(wish, text, sort, page):
    with built(EVERYTHING):
        # Without a letter or digit, text is no filter.
        selection = Selection(wish.ticked, text if names.search_words(text) else "")
        url = links.list_url(selection, sort, page)

        result = parse(url)

        assert (result.selection.active(), result.selection.text) == (selection.active(), selection.text)
        assert result.sorted_by == sort
        assert result.unknown_values() == []
        assert int(QueryDict(query_of(url)).get("page", "1")) == page
        assert links.list_url(result.selection, result.sorted_by, page) == url


@pytest.mark.django_db
@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*FACETS, "name", "sort", "page", "other"]),
            st.sampled_from([value for _facet, value in oracle.PAIRS]) | st.text(max_size=5),
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


@pytest.mark.parametrize(
    ("facets", "expected"),
    [
        ({}, LIST),
        ({"condition": "liver-metastases"}, f"{LIST}?condition=liver-metastases"),
        ({"kind": "clinic", "condition": "cyst"}, f"{LIST}?condition=cyst&kind=clinic"),
    ],
)
def test_narrowed_url(facets, expected):
    assert links.narrowed_url(**facets) == expected
