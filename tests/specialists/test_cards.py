"""What a card says: the facts of many profiles in words, in a fixed number of queries."""

import pytest
from django.utils import translation

from specialists import cards
from specialists.cards import Offer
from specialists.models import Affiliation, Clinic, Location, Profile
from specialists.selection import Circle
from tests import factories

pytestmark = pytest.mark.django_db

HERE = Circle(50.11, 8.68, 25)


def clinic_at(name: str, *points: tuple[float, float] | None) -> Clinic:
    """A published clinic with a location at each of the points; one without coordinates where it is None."""
    clinic = factories.make_clinic(name, city=None)
    for number, point in enumerate(points):
        latitude, longitude = point or (None, None)
        Location.objects.create(
            clinic=clinic, city=f"Town {number}", country="DE", latitude=latitude, longitude=longitude
        )
    return clinic


def card_of(profile: Profile, near: Circle | None = None, relevant: frozenset[str] = frozenset()) -> cards.Card:
    [card] = cards.cards([profile.pk], near, relevant)
    return card


# Which


def test_cards_are_in_the_order_of_the_ids():
    profiles = [factories.make_clinic(name) for name in "ABC"]

    result = cards.cards([profiles[number].pk for number in (2, 0, 1)])

    assert [card.name for card in result] == ["C", "A", "B"]


def test_cards_leave_out_who_is_not_public():
    shown = factories.make_clinic("Shown")
    others = [factories.make_clinic(status, status=status) for status in ("draft", "hidden")]

    result = cards.cards([*(other.pk for other in others), shown.pk, shown.pk + 1000])

    assert [card.name for card in result] == ["Shown"]


def test_cards_of_nobody_take_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert cards.cards([]) == []


@pytest.mark.parametrize("number", [1, 3, 12, 30])
def test_cards_query_count_is_constant(django_assert_num_queries, number):
    clinics = [factories.make_clinic(f"Clinic {place}") for place in range(number)]
    treatment, specialty = factories.make_treatment(), factories.make_specialty()
    physicians = [
        factories.make_physician(f"Stern {place}", clinics=clinics, treatments=[treatment], specialties=[specialty])
        for place in range(number)
    ]

    with django_assert_num_queries(9):
        result = cards.cards([physician.pk for physician in physicians], HERE)

    assert {(card.specialties, card.places, tuple(card.offers)) for card in result} == {
        ("Visceral surgery", "Heidelberg", (("Liver resection", ""),))
    }


# Facts


def test_card_of_a_physician():
    clinic = factories.make_clinic("Sternhaus", city="Bonn")
    physician = factories.make_physician(
        "Apfelbach",
        title="Dr.",
        given_name="Ada",
        clinics=[clinic],
        specialties=[factories.make_specialty("Urology")],
        focus="Kidneys",
        accepting="yes",
        verified_on="2026-10-01",
        is_sample=True,
    )
    factories.make_offer(physician, factories.make_treatment("TACE"), annual_cases=1, year=2025)

    assert card_of(physician) == cards.Card(
        profile=physician.pk,
        slug=physician.slug,
        name="Dr. Ada Apfelbach",
        url=physician.get_absolute_url(),
        focus="Kidneys",
        initials="AA",
        photo=None,
        is_clinic=False,
        works_at="Sternhaus",
        places="Bonn",
        far="",
        specialties="Urology",
        offers=[("TACE", "1 case in 2025")],
        more_offers="",
        accepting="Accepting new patients",
        takes_patients=True,
        verified="Verified on 1 October 2026",
        is_verified=True,
        is_sample=True,
    )


def test_card_of_a_bare_clinic():
    clinic = factories.make_clinic("Sternhaus", city=None)

    assert card_of(clinic) == cards.Card(
        profile=clinic.pk,
        slug=clinic.slug,
        name="Sternhaus",
        url=clinic.get_absolute_url(),
        focus="",
        initials="S",
        photo=None,
        is_clinic=True,
        works_at="",
        places="",
        far="",
        specialties="Not stated",
        offers=[],
        more_offers="",
        accepting="Ask about new patients",
        takes_patients=False,
        verified="Not verified yet",
        is_verified=False,
        is_sample=False,
    )


def test_card_is_in_the_language_of_the_reader():
    clinic = factories.make_clinic(accepting="yes", verified_on="2026-10-01")

    with translation.override("de"):
        assert "Oktober 2026" in card_of(clinic).verified


def test_card_names_workplaces_once_and_only_current_public_ones():
    here, left, hidden = (
        factories.make_clinic("Here", city="Bonn"),
        factories.make_clinic("Left", city="Ulm"),
        factories.make_clinic("Gone", city="Wien", status="hidden"),
    )
    physician = factories.make_physician(clinics=[here, left, hidden])
    Affiliation.objects.filter(clinic=left).update(until=2020)
    Affiliation.objects.create(physician=physician, clinic=here, role="Head of surgery")

    card = card_of(physician)

    assert (card.works_at, card.places) == ("Here", "Bonn")


def test_card_names_each_city_once():
    clinic = factories.make_clinic(city="Bonn")
    for city in ("Köln", "Bonn"):
        Location.objects.create(clinic=clinic, city=city, country="DE")

    assert card_of(clinic).places == "Bonn, Köln"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("", "Not stated"),
        ("A", "A"),
        ("C B A", "A, B, C"),
        ("A B C D", "A, B, C and 1 more"),
        ("A B C D E", "A, B, C and 2 more"),
    ],
)
def test_card_names_three_specialties_by_name(names, expected):
    clinic = factories.make_clinic(specialties=[factories.make_specialty(name) for name in names.split()])

    assert card_of(clinic).specialties == expected


def test_card_names_three_offers():
    clinic = factories.make_clinic(treatments=[factories.make_treatment(name) for name in "EDCBA"])

    card = card_of(clinic, relevant=frozenset({"e"}))

    assert [name for name, _cases in card.offers] == ["E", "A", "B"]
    assert card.more_offers == "and 2 more"


# Distance


@pytest.mark.parametrize(
    ("points", "far"),
    [
        ([], ""),
        ([None], ""),
        ([(50.11, 8.68)], "0 km away"),
        ([(50.12, 8.68)], "1.1 km away"),
        ([(51.11, 8.68), None, (50.12, 8.68), (49.0, 8.68)], "1.1 km away"),
        ([(52.52, 13.40)], "423.4 km away"),
    ],
)
def test_card_says_how_far_the_nearest_place_is(points, far):
    assert card_of(clinic_at("A", *points), HERE).far == far


def test_card_of_a_physician_is_as_far_as_the_nearest_workplace():
    clinics = [clinic_at("A", (51.11, 8.68)), clinic_at("B", (50.12, 8.68))]
    physician = factories.make_physician(clinics=clinics)

    assert card_of(physician, HERE).far == "1.1 km away"


def test_card_says_no_distance_from_nowhere():
    assert card_of(clinic_at("A", (50.11, 8.68))).far == ""


# Order of offers


def offer(name: str, cases: int | None = None) -> Offer:
    return Offer(name.casefold(), name, cases, 2025 if cases else None)


def test_by_relevance_puts_what_matters_first():
    offers = [offer("Ablation", 9), offer("Biopsy"), offer("Catheter", 5), offer("Drug", 80), offer("Echo")]

    def order(*relevant: str) -> list[str]:
        return [found.name for found in cards.by_relevance(offers, frozenset(relevant))]

    assert order() == ["Ablation", "Biopsy", "Catheter", "Drug", "Echo"]
    assert order("echo") == ["Echo", "Ablation", "Biopsy", "Catheter", "Drug"]
    assert order("echo", "catheter", "drug") == ["Drug", "Catheter", "Echo", "Ablation", "Biopsy"]
    assert order("nothing") == order()


@pytest.mark.parametrize(
    ("cases", "words"), [(None, ""), (0, "0 cases in 2025"), (1, "1 case in 2025"), (2, "2 cases in 2025")]
)
def test_cases_in_words(cases, words):
    assert cards.cases(Offer("tace", "TACE", cases, 2025 if cases is not None else None)) == words


# Initials


@pytest.mark.parametrize(
    ("given_name", "family_name", "initials"),
    [("Ada", "Öller", "AO"), ("Ada Maria", "Stern", "MS"), ("Zoë", "de la Cruz", "ZD"), ("北", "京", "北京")],
)
def test_initials_of_a_physician(given_name, family_name, initials):
    physician = factories.make_physician(family_name, given_name=given_name, title="Prof. Dr.")

    assert cards.initials(physician) == initials


@pytest.mark.parametrize(
    ("name", "initials"), [("Clinic Am Park", "CA"), ("Ößlinghaus", "O"), ("100 Betten", "1B"), ("…", "")]
)
def test_initials_of_a_clinic(name, initials):
    assert cards.initials(factories.make_clinic(name)) == initials
