"""The page with all options of a facet, for facets with too many for the form beside the list."""

from urllib.parse import urlencode

import pytest

from specialists.filters import WHOLE_LIST
from tests import factories
from tests.pages import Attributes, Page, read

pytestmark = pytest.mark.django_db

LIST = "/en/specialists/"
PAGE = f"{LIST}options/condition/"


def fill(conditions: int) -> None:
    """So many conditions, the last one with a clinic in Germany that takes patients."""
    made = [factories.make_condition(f"Condition {number:02}") for number in range(conditions)]
    factories.make_clinic("Sternhaus", conditions=[made[-1]], accepting="yes")


def fields(page: Page, kind: str) -> list[Attributes]:
    return [field for field in page.all("input") if field.get("type") == kind]


def submitted(page: Page, *ticks: str) -> list[tuple[str, str]]:
    """What a browser sends when these are ticked too."""
    boxes = [box for box in fields(page, "checkbox") if "checked" in box or box["value"] in ticks]
    return [(field["name"], field["value"]) for field in [*fields(page, "hidden"), *boxes]]


@pytest.mark.parametrize("number", [1, WHOLE_LIST + 5])
def test_page_has_every_option_with_its_count(client, number):
    fill(number)

    page = read(client.get(PAGE))

    slugs = [f"condition-{place:02}" for place in range(number)]
    assert [(box["name"], box["value"]) for box in fields(page, "checkbox")] == [("condition", slug) for slug in slugs]
    assert ["disabled" in box for box in fields(page, "checkbox")] == [True] * (number - 1) + [False]
    assert f"Condition {number - 1:02} ( 1 )" in page.text


def test_page_keeps_the_rest_of_the_selection(client):
    fill(2)

    page = read(
        client.get(f"{PAGE}?condition=condition-00&kind=clinic&q=stern&near=50.11,8.68&radius=50&sort=name&page=3&x=1")
    )

    kept = [("kind", "clinic"), ("q", "stern"), ("near", "50.11,8.68"), ("radius", "50"), ("sort", "name")]
    assert submitted(page) == [*kept, ("condition", "condition-00")]
    assert [form["action"] for form in page.all("form") if "all-options" in form["class"]] == [LIST]


def test_page_counts_within_the_rest_of_the_selection(client):
    fill(2)

    page = read(client.get(f"{PAGE}?accepting=no"))

    assert "Condition 01 ( 0 )" in page.text
    assert ["disabled" in box for box in fields(page, "checkbox")] == [True, True]


def test_what_is_ticked_stays_usable_and_sending_it_finds_what_was_promised(client):
    fill(2)
    page = read(client.get(f"{PAGE}?condition=condition-00&accepting=yes"))
    assert [box.keys() & {"checked", "disabled"} for box in fields(page, "checkbox")] == [{"checked"}, set()]

    result = read(client.get(f"{LIST}?{urlencode(submitted(page, 'condition-01'))}"))

    assert "1 specialist found" in result.text
    assert {"href": f"{LIST}sternhaus/"} in result.all("a")


def test_list_links_here_only_when_options_are_left_out(client):
    fill(WHOLE_LIST)
    assert PAGE not in [link["href"] for link in read(client.get(LIST)).all("a")]
    factories.make_condition("One more")

    page = read(client.get(f"{LIST}?accepting=yes"))

    assert {"href": f"{PAGE}?accepting=yes"} in page.all("a")
    assert "Condition: 40 more to choose from" in page.text


def test_page_links_back_to_the_list(client):
    fill(1)

    page = read(client.get(f"{PAGE}?accepting=yes&sort=verified"))

    assert {"href": f"{LIST}?accepting=yes&sort=verified"} in page.all("a")


def test_condition_that_is_not_public_is_no_option(client):
    factories.make_condition("Secret", is_published=False)

    page = read(client.get(f"{PAGE}?condition=secret"))

    assert fields(page, "checkbox") == []
    assert "Secret" not in page.text


@pytest.mark.parametrize("facet", ["kind", "country", "language", "q", "nobody"])
def test_facet_without_a_page_of_its_own(client, facet):
    assert client.get(f"{LIST}options/{facet}/").status_code == 404


@pytest.mark.parametrize("facet", ["condition", "treatment", "specialty"])
def test_page_of_each_long_facet(client, facet):
    factories.make_condition("Thing")
    factories.make_treatment("Thing")
    factories.make_specialty("Thing")

    page = read(client.get(f"{LIST}options/{facet}/"))

    assert [(box["name"], box["value"]) for box in fields(page, "checkbox")] == [(facet, "thing")]


def test_page_is_kept_from_robots_has_nothing_inline_and_only_reads(client):
    fill(1)

    page = read(client.get(PAGE))

    assert {"name": "robots", "content": "noindex"} in page.all("meta")
    assert page.inline_code() == []
    assert client.post(PAGE).status_code == 405


@pytest.mark.parametrize("number", [1, 3, 12, 30])
def test_page_query_count_is_constant(client, django_assert_num_queries, number):
    fill(number)

    with django_assert_num_queries(8):
        page = read(client.get(f"{PAGE}?kind=clinic"))

    assert len(fields(page, "checkbox")) == number
