"""The map: a dot for each town with anybody, with exact numbers and links that keep them."""

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from specialists import finding, map, outlines
from specialists.listing import Listing
from specialists.models import Clinic, Location
from specialists.selection import Circle, Selection
from tests import factories
from tests.pages import Page, read

pytestmark = pytest.mark.django_db

LIST = "/en/specialists/"
PAGE = f"{LIST}map/"
BERLIN, BONN, WIEN, DENVER = (52.52, 13.405), (50.735, 7.1), (48.208, 16.373), (39.739, -104.99)


def clinic_at(point: tuple[float, float], city: str = "Town", country: str = "DE", **values) -> Clinic:
    clinic = factories.make_clinic(values.pop("name", f"Clinic {city}"), city=None, **values)
    latitude, longitude = point
    Location.objects.create(clinic=clinic, city=city, country=country, latitude=latitude, longitude=longitude)
    return clinic


def maps_of(selection: Selection | None = None) -> list[map.Map]:
    return map.maps(finding.finder(), selection or Selection())


def labels(selection: Selection | None = None) -> list[str]:
    return [dot.label for drawn in maps_of(selection) for dot in drawn.dots]


def total_behind(url: str) -> int:
    return Listing(QueryDict(url.partition("?")[2])).total


def test_nobody_is_on_no_map():
    factories.make_clinic()

    assert maps_of() == []


def test_dot_is_where_the_town_is_and_lists_who_is_around():
    clinic_at(BONN, "Bonn")

    [drawn] = maps_of()

    dach = outlines.outlines()["dach"]
    assert drawn == map.Map(
        dach.view_box,
        dach.paths,
        [
            map.Dot(
                *dach.project(*BONN), outlines.radius(1), f"{LIST}?near=50.73%2C7.10&radius=10", "Bonn: 1 specialist"
            )
        ],
        0,
        "",
    )


def test_dots_are_the_largest_first_with_exact_numbers():
    clinic_at(BERLIN, "Berlin")
    for number in range(3):
        clinic = clinic_at(BONN, "Bonn", name=f"Bonn {number}")
    factories.make_physician(clinics=[clinic])

    [drawn] = maps_of()

    assert [(dot.label, dot.radius) for dot in drawn.dots] == [
        ("Bonn: 4 specialists", outlines.radius(4)),
        ("Berlin: 1 specialist", outlines.radius(1)),
    ]
    assert [total_behind(dot.url) for dot in drawn.dots] == [4, 1]


def test_points_close_together_share_a_dot():
    clinic_at(BONN, "Bonn", name="A")
    clinic_at(BONN, "Bonn", name="B")
    clinic_at((BONN[0] + 0.01, BONN[1]), "Bonn-Nord")

    assert labels() == ["Bonn: 3 specialists"]


def test_maps_are_those_where_anybody_is_the_fullest_first():
    clinic_at(BERLIN, "Berlin")
    assert len(maps_of()) == 1
    clinic_at(DENVER, "Denver", "US")
    clinic_at((33.749, -84.388), "Atlanta", "US")

    drawn = maps_of()

    assert [len(one.dots) for one in drawn] == [2, 1]
    assert [bool(one.note) for one in drawn] == [True, False]


def test_places_outside_every_map_have_no_dot():
    clinic_at((21.3, -157.86), "Honolulu", "US")

    assert maps_of() == []


def test_dots_follow_the_filters_and_their_links_keep_them():
    clinic_at(BERLIN, "Berlin", accepting="yes")
    clinic_at(BERLIN, "Berlin", name="Other", accepting="no")
    clinic_at(WIEN, "Wien", "AT", accepting="no")

    selection = Selection({"accepting": frozenset({"yes"})}, near=Circle(*BERLIN, 50, "Berlin"))
    [drawn] = maps_of(selection)

    assert [(dot.label, dot.url) for dot in drawn.dots] == [
        ("Berlin: 1 specialist", f"{LIST}?accepting=yes&near=52.52%2C13.40&radius=10")
    ]


def test_hidden_profiles_and_former_posts_have_no_dot():
    clinic_at(BERLIN, "Berlin", status="hidden")
    left = clinic_at(WIEN, "Wien", "AT", status="draft")
    factories.make_physician(clinics=[left])

    assert maps_of() == []


def test_dots_are_at_most_eighty_and_the_rest_is_counted(monkeypatch):
    assert map.MOST_DOTS == 80
    monkeypatch.setattr(map, "MOST_DOTS", 2)
    for number in range(5):
        clinic_at((48.0 + number, 10.0), f"Town {number}")
    clinic_at((52.0, 10.0), "Town 4", name="Another")

    [drawn] = maps_of()

    assert drawn.more == 3
    assert [dot.label for dot in drawn.dots] == ["Town 4: 2 specialists", "Town 0: 1 specialist"]


def test_place_that_moved_since_the_finder_answered_has_no_dot():
    clinic_at(BERLIN, "Berlin")
    clinic_at(BONN, "Bonn")

    class Late(finding.SqlFinder):
        def points(self, selection):
            answer = super().points(selection)
            Location.objects.filter(city="Bonn").update(latitude=51.0)
            return answer

    [drawn] = map.maps(Late(), Selection())

    assert [dot.label for dot in drawn.dots] == ["Berlin: 1 specialist"]


# The page


def test_page_shows_the_same_in_the_drawing_and_as_a_list(client):
    clinic_at(BERLIN, "Berlin")
    clinic_at(WIEN, "Wien", "AT")

    page = read(client.get(PAGE))

    dots = page.with_class("map__dot")
    assert [dot["aria-label"] for dot in dots] == ["Wien: 1 specialist", "Berlin: 1 specialist"]
    assert [link["href"] for link in page.all("a")].count(dots[0]["href"]) == 2
    assert "2 specialists found" in page.text


def test_page_writes_numbers_for_svg_in_every_language():
    clinic_at(BERLIN, "Berlin")
    [drawn] = maps_of()

    with translation.override("de"):
        page = Page(render_to_string("specialists/map.html", {"map": drawn}))

    x, y = outlines.outlines()["dach"].project(*BERLIN)
    assert [(circle["cx"], circle["cy"]) for circle in page.with_class("map__spot")] == [(str(x), str(y))]


def test_page_without_places_says_so(client):
    factories.make_clinic()

    page = read(client.get(PAGE))

    assert "1 specialist found" in page.text
    assert "No place is known of any of them." in page.text
    assert page.all("svg") == []


def test_page_links_back_to_the_list_with_its_filters(client):
    clinic_at(BERLIN, "Berlin")

    page = read(client.get(f"{PAGE}?kind=clinic&q=clinic"))

    assert {"href": f"{LIST}?kind=clinic&q=clinic"} in page.all("a")
    assert [link["href"] for link in page.with_class("chip--active")] == [
        f"{LIST}?q=clinic",
        f"{LIST}?kind=clinic",
    ]


def test_page_escapes_names_of_towns(client):
    clinic_at(BERLIN, '<b>"Town')

    page = read(client.get(PAGE))

    assert [dot["aria-label"] for dot in page.with_class("map__dot")] == ['<b>"Town: 1 specialist']
    assert page.all("b") == []


def test_page_is_kept_from_robots_has_nothing_inline_and_only_reads(client):
    clinic_at(BERLIN, "Berlin")

    page = read(client.get(PAGE))

    assert {"name": "robots", "content": "noindex"} in page.all("meta")
    assert page.inline_code() == []
    assert client.post(PAGE).status_code == 405


@pytest.mark.parametrize("number", [1, 3, 12, 30])
def test_page_query_count_is_constant(client, django_assert_num_queries, number):
    factories.make_condition()
    for place in range(number):
        clinic_at((47.5 + place / 10, 10.0), f"Town {place}")

    with django_assert_num_queries(11):
        page = read(client.get(PAGE))

    assert len(page.with_class("map__dot")) == number
