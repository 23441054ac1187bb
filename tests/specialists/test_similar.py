"""Who is shown as similar: the rarest thing in common, then who shares most, then the nearest; the same by SQL."""

import random

import pytest

from specialists import catalogue, finding, similar
from specialists.facets import build
from specialists.models import Location, Profile, with_details
from specialists.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db

EVERYBODY = Selection()


def similar_to(profile) -> similar.Similar | None:
    """As the profile's page asks."""
    shown = with_details(Profile.objects.all()).get(pk=profile.pk)
    conditions = [condition for condition in shown.conditions.all() if condition.is_published]
    return similar.similar(shown, conditions, [offer.treatment for offer in shown.offers.all()])


def names_of(profile) -> list[str]:
    found = similar_to(profile)
    return [card.name for card in found.cards] if found else []


def clinic_at(name: str, latitude: float, **links):
    clinic = factories.make_clinic(name, **links)
    clinic.locations.update(latitude=latitude, longitude=10.0)
    return clinic


@pytest.fixture
def terms():
    return {
        "common": factories.make_condition("Common"),
        "rare": factories.make_condition("Rare"),
        "treatment": factories.make_treatment("Treatment"),
        "other": factories.make_treatment("Other"),
    }


def test_those_who_share_most_come_first_and_the_nearest_among_equals(terms):
    rare, common, treatment = terms["rare"], terms["common"], terms["treatment"]
    clinic = clinic_at("Asked", 50.0, conditions=[rare, common], treatments=[treatment])
    clinic_at("Near", 50.1, conditions=[rare])
    clinic_at("Nearer, offers", 50.2, conditions=[rare], treatments=[treatment])
    clinic_at("Far, treats", 53.0, conditions=[rare, common])
    clinic_at("Far, all", 54.0, conditions=[rare, common], treatments=[treatment])
    clinic_at("Farther, treats", 49.9, conditions=[rare, common])
    for number in range(3):
        clinic_at(f"Treats the common only {number}", 50.0, conditions=[common], treatments=[treatment])

    found = similar_to(clinic)

    # Points: 5; 4 and 4, of which the one at 49.9 is nearer; 3. "Near" has 2.
    assert names_of(clinic) == ["Far, all", "Farther, treats", "Far, treats", "Nearer, offers"]
    assert found.shared == similar.Shared(rare, 5)
    assert found.place == clinic.locations.get()


def test_the_rarest_condition_that_enough_others_have_decides(terms):
    rare, common, scarce = terms["rare"], terms["common"], factories.make_condition("Scarce")
    clinic = factories.make_clinic("Asked", conditions=[common, rare, scarce], treatments=[terms["treatment"]])
    for number in range(6):
        factories.make_clinic(f"Common {number}", conditions=[common])
    for number in range(4):
        factories.make_clinic(f"Rare {number}", conditions=[rare], treatments=[terms["treatment"]])
    factories.make_clinic("Scarce", conditions=[scarce])

    found = similar_to(clinic)

    assert (found.shared, found.is_rarest) == (similar.Shared(rare, 4), True)
    assert [card.name for card in found.cards] == ["Rare 0", "Rare 1", "Rare 2", "Rare 3"]


def test_a_treatment_decides_where_no_condition_has_enough(terms):
    clinic = factories.make_clinic("Asked", conditions=[terms["rare"]], treatments=[terms["treatment"]])
    for number in range(4):
        factories.make_clinic(f"Offers {number}", treatments=[terms["treatment"]])
    factories.make_clinic("Treats", conditions=[terms["rare"]])

    found = similar_to(clinic)

    assert (found.shared, found.shared.facet) == (similar.Shared(terms["treatment"], 4), "treatment")


def test_without_enough_others_the_commonest_decides(terms):
    clinic = factories.make_clinic("Asked", conditions=[terms["rare"]], treatments=[terms["treatment"]])
    for number in range(2):
        factories.make_clinic(f"Offers {number}", treatments=[terms["treatment"]])
    factories.make_clinic("Treats", conditions=[terms["rare"]])

    found = similar_to(clinic)

    assert (found.shared, found.is_rarest) == (similar.Shared(terms["treatment"], 2), False)
    assert [card.name for card in found.cards] == ["Offers 0", "Offers 1"]


def test_only_public_ones_of_the_same_kind_are_shown_and_not_the_profile_itself(terms):
    links = {"conditions": [terms["rare"]]}
    clinic = factories.make_clinic("Asked", **links)
    factories.make_clinic("Public", **links)
    factories.make_clinic("Hidden", status="hidden", **links)
    factories.make_clinic("Draft", status="draft", **links)
    factories.make_physician("Physician", **links)

    assert names_of(clinic) == ["Public"]


def test_a_profile_that_is_not_public_has_similar_ones_too(terms):
    clinic = factories.make_clinic("Asked", status="draft", conditions=[terms["rare"]])
    others = [factories.make_clinic(name, conditions=[terms["rare"]]) for name in "ABCD"]

    found = similar_to(clinic)

    assert found.shared.others == len(others)
    assert [card.name for card in found.cards] == ["A", "B", "C", "D"]


def test_nothing_in_common_with_anybody_is_nobody(terms):
    factories.make_clinic("Elsewhere", conditions=[terms["common"]])

    assert similar_to(factories.make_clinic("Bare")) is None
    assert similar_to(factories.make_clinic("Alone", conditions=[terms["rare"]], treatments=[terms["other"]])) is None


def test_a_condition_that_is_not_public_is_not_in_common():
    secret = factories.make_condition("Geheimnis", is_published=False)
    clinic = factories.make_clinic("Asked", conditions=[secret])
    factories.make_clinic("Other", conditions=[secret])

    assert similar_to(clinic) is None


def test_without_coordinates_names_decide(terms):
    clinic = factories.make_clinic("Asked", conditions=[terms["rare"]])
    for name in ("Zander", "Abel"):
        clinic_at(name, 50.0, conditions=[terms["rare"]])

    found = similar_to(clinic)

    assert [card.name for card in found.cards] == ["Abel", "Zander"]
    assert found.place is None


def test_a_physician_is_where_the_clinics_are(terms):
    here, near, far = clinic_at("Here", 50.0), clinic_at("Near", 50.5), clinic_at("Far", 53.0)
    physician = factories.make_physician("Asked", clinics=[here], conditions=[terms["rare"]])
    factories.make_physician("Abel", clinics=[far], conditions=[terms["rare"]])
    factories.make_physician("Zander", clinics=[near], conditions=[terms["rare"]])

    assert names_of(physician) == ["Aurelia Zander", "Aurelia Abel"]


def test_not_more_than_forty_are_compared(terms, monkeypatch):
    monkeypatch.setattr(similar, "COMPARED", 5)
    clinic = clinic_at("Asked", 50.0, conditions=[terms["rare"]], treatments=[terms["treatment"]])
    for number in range(5):
        clinic_at(f"Near {number}", 50.1 + number / 10, conditions=[terms["rare"]])
    clinic_at("Far, all", 54.0, conditions=[terms["rare"]], treatments=[terms["treatment"]])

    assert names_of(clinic) == ["Near 0", "Near 1", "Near 2", "Near 3"]


# The nearest, by index and by SQL


def test_nearest_is_the_same_by_index_and_by_sql():
    chance = random.Random(5)  # noqa: S311 - repeatable test data
    clinics = [factories.make_clinic(f"Clinic {number}") for number in range(20)]
    for clinic in clinics[:15]:
        # Few points, so that some are as far; some clinics have two.
        for _ in range(chance.randint(1, 2)):
            Location.objects.create(
                clinic=clinic, country="DE", city="X", latitude=chance.randint(48, 50), longitude=chance.randint(8, 10)
            )
    for number in range(10):
        factories.make_physician(f"Physician {number}", clinics=chance.sample(clinics, 2))
    finders = [finding.SqlFinder(), finding.IndexFinder(build.build(), catalogue.vocabulary())]
    physicians = Selection({"kind": frozenset(["physician"])})

    for most in (1, 7, 100):
        for selection in (EVERYBODY, physicians):
            by_sql, by_index = (finder.nearest(selection, 49.2, 8.7, most) for finder in finders)
            assert by_sql == by_index
            assert 0 < len(by_sql) <= most
    located = set(Location.objects.filter(latitude__isnull=False).values_list("clinic", flat=True))
    everybody = finders[0].nearest(EVERYBODY, 49.2, 8.7, 100)
    assert {clinic.pk for clinic in clinics} & set(everybody) == located
