"""What a visitor asks for, and the ways to ask for a little more or less; a selection itself never changes."""

import pytest

from conditions.search import Span
from specialists.selection import Circle, Selection

HERE = Circle(50.11, 8.68, 25, "50.11,8.68")
SPANS = (Span(("liver",), frozenset({("condition", "liver-cancer")})),)
FULL = Selection({"kind": frozenset({"clinic"}), "country": frozenset({"DE", "AT"})}, "liver", HERE, SPANS)


def test_without_leaves_out_a_facet():
    assert FULL.without("country") == Selection(
        {"kind": frozenset({"clinic"}), "country": frozenset()}, "liver", HERE, SPANS
    )


def test_without_leaves_out_one_value():
    assert FULL.without("country", "DE").facets == {"kind": frozenset({"clinic"}), "country": frozenset({"AT"})}
    assert FULL.without("country", "CH").facets == FULL.facets


def test_without_a_facet_that_is_not_in_use_finds_the_same():
    assert FULL.without("language").facets == {**FULL.facets, "language": frozenset()}
    assert FULL.without("language", "de").facets == {**FULL.facets, "language": frozenset()}


def test_with_only_replaces_the_ticks_of_one_facet():
    assert FULL.with_only("country", "CH") == Selection(
        {"kind": frozenset({"clinic"}), "country": frozenset({"CH"})}, "liver", HERE, SPANS
    )
    assert FULL.with_only("language", "de").facets["language"] == {"de"}


def test_without_text_forgets_its_meaning_too():
    assert FULL.without_text() == Selection(FULL.facets, "", HERE, ())


def test_circle_can_be_dropped_moved_and_widened():
    assert FULL.anywhere() == Selection(FULL.facets, "liver", None, SPANS)
    assert FULL.near_to(1.0, 2.0, 50, "1.00,2.00").near == Circle(1.0, 2.0, 50, "1.00,2.00")
    assert FULL.within(200).near == Circle(50.11, 8.68, 200, "50.11,8.68")


def test_without_a_circle_there_is_none_to_widen():
    with pytest.raises(AssertionError):
        Selection().within(10)


def test_selection_stays_what_it_was():
    FULL.without("kind")
    FULL.with_only("kind", "physician")
    FULL.within(10)

    assert FULL.facets["kind"] == {"clinic"}
    assert FULL.near == HERE


def test_parts_are_the_words_by_meaning():
    assert FULL.parts == SPANS


def test_parts_without_meaning_are_words_of_a_name():
    assert Selection(text="Müller, ADA").parts == (Span(("muller",)), Span(("ada",)))
    assert Selection().parts == Selection(text="%").parts == ()


@pytest.mark.parametrize(
    ("selection", "is_empty"),
    [
        (Selection(), True),
        (Selection({"kind": frozenset()}), True),
        (Selection({"kind": frozenset({"clinic"})}), False),
        (Selection(text="a"), False),
        (Selection(near=HERE), False),
    ],
)
def test_is_empty(selection, is_empty):
    assert selection.is_empty is is_empty
