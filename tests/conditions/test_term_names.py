"""The rows of names: written with the term, one for each way to write it, public as long as the term is."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from conditions.models import Condition, Specialty, TermName, Treatment
from tests.factories import make_condition, make_specialty, make_treatment

pytestmark = pytest.mark.django_db


def rows(**term) -> list[tuple[str, str, bool]]:
    """(Text, folded, whether it is the name itself) of each row of a term."""
    return list(TermName.objects.filter(**term).order_by("pk").values_list("text", "folded", "is_name"))


def kinds() -> Iterator[str]:
    return (name.kind for name in TermName.objects.order_by("pk"))


def test_save_writes_a_row_for_each_name():
    condition = make_condition("Liver metastases", synonyms=["Liver mets", "secondary liver cancer"])

    assert rows(condition=condition) == [
        ("Liver metastases", "liver metastases", True),
        ("Liver mets", "liver mets", False),
        ("secondary liver cancer", "secondary liver cancer", False),
    ]


def test_save_writes_umlauts_in_both_ways():
    treatment = make_treatment("Röntgen")

    assert rows(treatment=treatment) == [("Röntgen", "rontgen", True), ("Röntgen", "roentgen", True)]


def test_save_writes_a_spelling_once_for_the_first_name_with_it():
    condition = make_condition("Cyst", synonyms=["CYST", "cyst!", "…"])

    assert rows(condition=condition) == [("Cyst", "cyst", True)]


def test_row_of_a_name_is_prepared_for_searching():
    make_condition("Cancer of the Oesophagus")

    name = TermName.objects.get()

    assert (name.folded, name.joined) == ("cancer of the oesophagus", "canceroftheoesophagus")
    assert (name.key, name.roots) == ("cancer esophagu", ["cancer", "esophagu"])
    assert (str(name), name.kind) == ("Cancer of the Oesophagus", "condition")


def test_practitioner_is_a_name_of_the_specialty():
    specialty = make_specialty("Urology", practitioner="urologist", synonyms=["bladder medicine"])

    assert [text for text, _folded, _is_name in rows(specialty=specialty)] == [
        "Urology",
        "bladder medicine",
        "urologist",
    ]


def test_kind_is_that_of_the_term():
    make_condition("A")
    make_treatment("B")
    make_specialty("C")

    assert list(kinds()) == ["condition", "treatment", "specialty"]


def test_save_again_replaces_the_rows():
    condition = make_condition("Cyst", synonyms=["bubble"])
    condition.synonyms = ["blister"]

    condition.save()

    assert rows(condition=condition) == [("Cyst", "cyst", True), ("blister", "blister", False)]


def test_save_again_leaves_the_rows_of_others():
    other = make_condition("Other", synonyms=["bubble"])
    condition = make_condition("Cyst", synonyms=["bubble"])

    condition.save()

    assert [text for text, _folded, _is_name in rows(condition=other)] == ["Other", "bubble"]
    # A treatment with the same number is somebody else, too.
    treatment = make_treatment("Drain", pk=condition.pk)
    treatment.save()
    assert [text for text, _folded, _is_name in rows(condition=condition)] == ["Cyst", "bubble"]


@pytest.mark.parametrize(("field", "is_written"), [("name", True), ("synonyms", True), ("summary", False)])
def test_save_of_some_fields_writes_rows_only_for_names(field, is_written):
    condition = make_condition("Cyst")
    condition.name, condition.synonyms = "Bubble", ["blister"]

    condition.save(update_fields=[field])

    assert ("Bubble" in [text for text, _folded, _is_name in rows(condition=condition)]) is is_written


def test_save_of_the_practitioner_alone_writes_the_rows():
    specialty = make_specialty("Urology")
    specialty.practitioner = "urologist"

    specialty.save(update_fields=["practitioner"])

    assert [text for text, _folded, _is_name in rows(specialty=specialty)] == ["Urology", "urologist"]


def test_rows_go_with_their_term():
    make_condition("Cyst").delete()
    make_treatment("Drain").delete()

    assert TermName.objects.count() == 0


def test_public_names_are_those_of_public_terms():
    make_condition("Public")
    make_condition("Secret", is_published=False)
    make_treatment("Drain")
    make_specialty("Urology")

    assert {name.text for name in TermName.objects.public()} == {"Public", "Drain", "Urology"}


def test_row_belongs_to_exactly_one_term():
    condition, treatment = make_condition("A"), make_treatment("B")
    values = {"text": "x", "is_name": False, "folded": "x", "joined": "x", "key": "x", "roots": ["x"]}

    for terms in ({}, {"condition": condition, "treatment": treatment}):
        with pytest.raises(IntegrityError, match="term_name_of_one"), transaction.atomic():
            TermName.objects.create(**values, **terms)


@pytest.mark.parametrize("model", [Condition, Treatment, Specialty])
def test_every_kind_of_term_has_names(model):
    make = {Condition: make_condition, Treatment: make_treatment, Specialty: make_specialty}[model]

    term = make("Thing")

    assert [name.text for name in term.names.filter(is_name=True)] == ["Thing"]
