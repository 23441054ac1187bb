"""Which slips of the pen are mended, and which words are left alone because they are only like others by chance."""

import pytest

from specialists import spelling
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words(db) -> None:
    factories.make_condition("Kidney cancer", synonyms=["renal cancer"])
    factories.make_condition("Lung cancer")
    factories.make_condition("Breast cancer")
    factories.make_condition("Liver cirrhosis", synonyms=["Leber", "heat damage"])
    factories.make_clinic("Long Lane Clinic")
    factories.make_physician("Lang", given_name="Ada")
    spelling.refresh()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kindey cancer", "kidney cancer"),
        ("kdiney cancer", "kidney cancer"),
        ("lugn cancer", "lung cancer"),
        ("lun cancer", "lung cancer"),
        ("lungg cancer", "lung cancer"),
        ("lunk cancer", "lung cancer"),
        ("lung cnacer", "lung cancer"),
    ],
)
def test_one_slip_in_a_short_word_is_mended(typed, meant):
    assert spelling.corrected(typed) == meant


@pytest.mark.parametrize("typed", ["liver serosis", "liver psirosis", "liver sirosis"])
def test_word_that_sounds_the_same_is_mended_however_it_is_written(typed):
    assert spelling.corrected(typed) == "liver cirrhosis"


@pytest.mark.parametrize("typed", ["heart attack", "heet hamburg", "weber", "lung weber"])
def test_short_word_that_is_like_another_by_chance_stays(typed):
    assert spelling.corrected(typed) is None


@pytest.mark.parametrize(("typed", "meant"), [("brest", "breast"), ("breas", "breast"), ("brest sternwald", None)])
def test_short_word_alone_is_mended_where_it_begins_the_same(typed, meant):
    assert spelling.corrected(typed) == meant


def test_known_word_stays_unless_it_was_in_vain():
    assert spelling.corrected("long cancer") is None
    assert spelling.corrected("long cancer", {"long"}) == "lung cancer"
    assert spelling.corrected("lang cancer", {"cancer"}) is None


def test_known_word_in_vain_stays_where_no_near_one_makes_a_term():
    assert spelling.corrected("long clinic", {"long"}) is None
    assert spelling.corrected("long", {"long"}) is None
