"""The options of each facet: public ones only, in order, in the reader's language, and never older than the content."""

import pytest
from django.utils import translation

from conditions.models import Condition, Specialty, Treatment
from specialists import catalogue
from specialists.enums import Accepting, Country, Language
from specialists.queries import FACETS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def vocabulary():
    for name in ("Zyste", "Ödem", "angina"):
        factories.make_condition(name)
    factories.make_condition("Secret", is_published=False)
    factories.make_treatment("TACE")
    factories.make_specialty("Urology")


def test_every_facet_has_labels(vocabulary):
    assert {facet: len(catalogue.labels(facet)) > 0 for facet in FACETS} == dict.fromkeys(FACETS, True)


def test_labels_of_a_vocabulary_are_its_public_names_in_order(vocabulary):
    assert list(catalogue.labels("condition").items()) == [("angina", "angina"), ("oedem", "Ödem"), ("zyste", "Zyste")]
    assert catalogue.labels("treatment") == {"tace": "TACE"}
    assert catalogue.labels("specialty") == {"urology": "Urology"}


def test_labels_of_codes_are_in_the_order_of_the_form_and_the_language_of_the_reader():
    assert list(catalogue.labels("accepting")) == Accepting.values
    assert catalogue.labels("accepting")["yes"] == "Accepting new patients"
    assert {type(label) for label in catalogue.labels("kind").values()} == {str}
    with translation.override("de"):
        assert catalogue.labels("country")["DE"] == str(Country.DE.label)


def test_countries_and_languages_are_in_the_order_of_their_names():
    assert list(catalogue.labels("country")) == ["AT", "DE", "LI", "CH", "US"]
    assert list(catalogue.labels("language").values()) == sorted(str(label) for label in Language.labels)
    with translation.override("de"):
        assert list(catalogue.labels("country")) == ["DE", "LI", "AT", "CH", "US"]


def test_long_facets_are_those_of_the_vocabulary():
    assert set(catalogue.LONG) == {"condition", "specialty", "treatment"}


def test_public_entries(vocabulary):
    assert [sorted(entry.slug for entry in catalogue.public(terms)) for terms in (Condition, Treatment, Specialty)] == [
        ["angina", "oedem", "zyste"],
        ["tace"],
        ["urology"],
    ]


def test_terms_and_vocabulary_know_the_keys(vocabulary):
    angina = Condition.objects.get(slug="angina")

    assert catalogue.terms()["condition"]["angina"] == (angina.pk, "angina")
    assert catalogue.vocabulary().key("condition", "angina") == angina.pk


def test_vocabulary_has_no_key_for_what_is_not_public(vocabulary):
    assert catalogue.vocabulary().key("condition", "secret") is None
    assert catalogue.vocabulary().key("country", "DE") == "DE"


def test_changes_of_this_transaction_are_seen_at_once(vocabulary):
    assert "secret" not in catalogue.labels("condition")

    Condition.objects.filter(slug="secret").update(is_published=True)

    assert "secret" in catalogue.labels("condition")


@pytest.mark.django_db(transaction=True)
def test_committed_terms_are_read_once_and_again_after_a_change(django_assert_num_queries):
    factories.make_treatment("TACE")
    catalogue.labels("treatment")

    with django_assert_num_queries(1):
        assert catalogue.labels("treatment") == {"tace": "TACE"}
    factories.make_treatment("SIRT")
    assert catalogue.labels("treatment") == {"sirt": "SIRT", "tace": "TACE"}
