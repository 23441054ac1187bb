"""The tick boxes of a facet, which Python writes and no template: whatever a name holds, it stays text."""

import pytest

from specialists.filters import Option
from specialists.templatetags.specialists import option_boxes
from tests.pages import Page

HOSTILE = "<script>alert('x')</script> & \"quoted\" {{ braces }} %(count)s {0}"


def option(**values) -> Option:
    return Option(**{"value": "liver-cancer", "label": "Liver cancer", "count": 3, "is_chosen": False, **values})


def boxes(*options: Option) -> Page:
    return Page(option_boxes("condition", list(options)))


def test_box_has_name_value_label_and_count():
    page = boxes(option())

    (box,) = page.all("input")
    assert (box["type"], box["name"], box["value"]) == ("checkbox", "condition", "liver-cancer")
    assert page.text == "Liver cancer ( 3 )"
    assert not {"checked", "disabled"} & box.keys()


def test_boxes_stand_in_their_order():
    page = boxes(option(value="b"), option(value="a"), option(value="c"))

    assert [box["value"] for box in page.all("input")] == ["b", "a", "c"]


def test_no_options_are_no_boxes():
    assert option_boxes("condition", []) == ""


@pytest.mark.parametrize(
    ("count", "is_chosen", "state"),
    [(3, True, {"checked"}), (0, True, {"checked"}), (3, False, set()), (0, False, {"disabled"})],
)
def test_box_is_ticked_or_of_no_use(count, is_chosen, state):
    page = boxes(option(count=count, is_chosen=is_chosen))

    (box,) = page.all("input")
    assert {"checked", "disabled"} & box.keys() == state
    assert bool(page.with_class("option--disabled")) is ("disabled" in state)


def test_box_has_an_identifier_of_its_own_for_the_focus():
    page = boxes(option(value="a"), option(value="b"))

    identifiers = [box["id"] for box in page.all("input")]
    assert len(set(identifiers)) == 2
    assert all(identifiers)


def test_whatever_a_name_holds_stays_text():
    page = boxes(option(value=HOSTILE, label=HOSTILE))

    assert {tag for tag, _attributes in page.elements} <= {"label", "input", "span"}
    assert page.all("input")[0]["value"] == HOSTILE
    assert page.text == f"{HOSTILE} ( 3 )"
    assert page.inline_code() == []
