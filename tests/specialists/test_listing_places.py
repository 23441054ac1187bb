"""The list near a place: distances, which place was meant, and larger circles where nobody is found."""

import pytest
from django.http import QueryDict

from specialists.listing import Listing, PlaceChoice, WayOut
from specialists.models import Clinic, Location
from specialists.selection import Circle
from tests import factories
from tests.specialists import gazetteer

pytestmark = pytest.mark.django_db

LIST = "/en/specialists/"


def listed(address: str) -> Listing:
    """The listing of an address, or of a bare query."""
    return Listing(QueryDict(address.removeprefix(LIST).removeprefix("?")))


def names_of(shown: Listing) -> list[str]:
    return [card.name for card in shown.cards]


def clinic_at(name: str, latitude: float, longitude: float, **values) -> Clinic:
    """A published clinic with one location there."""
    clinic = factories.make_clinic(name, city=None, **values)
    Location.objects.create(clinic=clinic, city="Town", country="DE", latitude=latitude, longitude=longitude)
    return clinic


def test_list_near_a_place_is_sorted_by_distance_unless_asked_otherwise():
    clinic_at("A far", 50.2, 8.68)
    clinic_at("B here", 50.11, 8.68)
    clinic_at("C elsewhere", 51.0, 8.68)
    factories.make_clinic("D nowhere")

    assert names_of(listed("near=50.11,8.68")) == ["B here", "A far"]
    assert names_of(listed("near=50.11,8.68&sort=name")) == ["A far", "B here"]
    assert names_of(listed("near=50.11,8.68&radius=100")) == ["B here", "A far", "C elsewhere"]
    assert [card.far for card in listed("near=50.11,8.68").cards] == ["0 km away", "10.0 km away"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "In alphabetical order. Nobody can pay to be listed first."),
        ("sort=verified", "The most recently verified first. Nobody can pay to be listed first."),
        ("near=50.11,8.68", "The nearest first, as the crow flies. Nobody can pay to be listed first."),
        ("sort=distance", "In alphabetical order. Nobody can pay to be listed first."),
    ],
)
def test_order_explains_itself(address, words):
    assert listed(address).order_explained == words


def test_place_choices_keep_the_rest():
    gazetteer.store(
        gazetteer.make_city("Neustadt", 20_000, region="Hessen", latitude=50.9, longitude=9.1),
        gazetteer.make_city("Neustadt", 19_000, region="Sachsen", latitude=51.0, longitude=14.2),
    )

    shown = listed("near=neustadt&radius=50&kind=clinic")

    assert shown.place_choices == [
        PlaceChoice("Neustadt, Hessen", f"{LIST}?kind=clinic&near=Neustadt%2C+Hessen&radius=50"),
        PlaceChoice("Neustadt, Sachsen", f"{LIST}?kind=clinic&near=Neustadt%2C+Sachsen&radius=50"),
    ]
    assert (shown.is_place_unknown, shown.other_places, shown.place_suggestions) == (False, [], [])
    assert listed(shown.place_choices[1].url).selection.near == Circle(51.0, 14.2, 50, "Neustadt, Sachsen")


def test_other_places_of_the_name_are_offered():
    gazetteer.store(
        gazetteer.make_city("Frankfurt", 700_000, region="Hessen"),
        gazetteer.make_city("Frankfurt", 600, region="Bayern", latitude=49.0),
    )

    shown = listed("near=Frankfurt")

    assert shown.selection.near == Circle(50.0, 8.0, 25, shown.filter.located.spot.value)
    assert [place.label for place in shown.other_places] == ["Frankfurt, Bayern"]
    assert listed(shown.other_places[0].url).selection.near.latitude == 49.0


def test_unknown_place_is_named_and_similar_ones_offered():
    gazetteer.store(gazetteer.make_city("Heidelberg", 160_000))

    shown = listed("near=Heidleberg&kind=clinic")

    assert (shown.is_place_unknown, shown.shown_near, shown.selection.near) == (True, "Heidleberg", None)
    assert shown.place_suggestions == [PlaceChoice("Heidelberg", f"{LIST}?kind=clinic&near=Heidelberg")]


@pytest.mark.parametrize(
    ("near", "is_unknown"), [("", False), ("+", False), ("50.11,8.68", False), ("91,8", True), ("!", True)]
)
def test_is_place_unknown(near, is_unknown):
    assert listed(f"near={near}").is_place_unknown is is_unknown


def test_ways_out_of_a_circle_begin_with_the_smallest_larger_one_that_helps():
    gazetteer.store(gazetteer.make_city("Frankfurt", 700_000, latitude=50.11, longitude=8.68))
    clinic_at("A", 50.11, 9.4, accepting="no")
    clinic_at("B", 50.11, 9.5, accepting="yes")
    clinic_at("C", 52.5, 13.4, accepting="yes")

    shown = listed("near=Frankfurt&radius=10&sort=name")

    base = f"{LIST}?near=Frankfurt"
    assert shown.total == 0
    # 51 and 58 kilometres away; Berlin is more than 200.
    assert shown.ways_out == [
        WayOut("within 100 km", f"{base}&radius=100&sort=name", 2),
        WayOut("without Near “Frankfurt, 10 km”", LIST, 3),
    ]
    assert listed("near=Frankfurt&accepting=yes&kind=physician").ways_out == []
    assert [way.label for way in listed("near=Frankfurt&radius=200&accepting=unknown").ways_out] == [
        "without New patients “Ask about new patients”"
    ]


def test_clear_url_of_a_circle_does_not_sort_by_distance():
    assert listed("near=50.11,8.68").clear_url == LIST
