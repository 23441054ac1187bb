"""Conditions, treatments and specialties: found under every name, sorted for readers, seen by whom they should."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conditions.enums import BodyArea, TreatmentKind
from conditions.models import Condition, Specialty, Treatment
from tests.factories import make_condition, make_specialty, make_treatment

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    return [condition.name for condition in Condition.objects.named_like(query)]


# Search


@pytest.mark.parametrize(
    "query",
    [
        "Morbus Ménière",
        "meniere",
        "MÉNIÈRE",
        "menie\u0300re",
        "mén",
        "Ménière, Morbus!",
        "schwindelanfälle",
        "schwindelanfaelle",
        "Schwindelanfalle",
        "H81",
    ],
)
def test_named_like_finds_names_and_synonyms_in_every_spelling(query):
    make_condition("Morbus Ménière", synonyms=["Schwindelanfälle", "H81-0"])
    make_condition("Gout", synonyms=["Podagra"])

    assert found(query) == ["Morbus Ménière"]


@pytest.mark.parametrize("query", ["Müller", "Mueller", "Muller", "MÜLLER", "muell", "üller"])
@pytest.mark.parametrize("name", ["Müller syndrome", "Mueller syndrome"])
def test_named_like_finds_umlauts_and_their_spelling_in_each_other(name, query):
    make_condition(name)
    make_condition("Miller syndrome")

    assert found(query) == [name]


@pytest.mark.parametrize("query", ["", "   ", "%", "_", "!?", "-"])
def test_named_like_without_words_finds_everything(query):
    make_condition("Gout")
    make_condition("Asthma")

    assert found(query) == ["Asthma", "Gout"]


@pytest.mark.parametrize("query", ["gouty", "gout asthma", "podagra gicht", "gout%asthma"])
def test_named_like_needs_every_word(query):
    make_condition("Gout", synonyms=["Podagra"])

    assert found(query) == []


def test_named_like_takes_words_from_name_and_synonyms_together():
    make_condition("Liver metastases", synonyms=["secondary cancer"])

    assert found("cancer liver") == ["Liver metastases"]


def test_one_word_does_not_reach_across_two_names():
    make_condition("Liver", synonyms=["Hepar"])

    assert found("liverhepar") == []
    assert found("ver | hep") == ["Liver"]


def test_short_words_are_looked_for_at_the_beginning_of_a_word():
    make_condition("Liver", synonyms=["Hepar"])

    assert [query for query in ("l", "h", "he", "li he", "i", "ar", "ve", "iv ep") if found(query)] == [
        "l",
        "h",
        "he",
        "li he",
    ]


def test_changed_names_are_found_and_former_ones_are_not():
    condition = make_condition("Gout", synonyms=["Podagra"])

    condition.name, condition.synonyms = "Zipperlein", ["Gicht"]
    condition.save()

    assert [found(query) for query in ("zipperlein", "gicht", "gout", "podagra")] == [
        ["Zipperlein"],
        ["Zipperlein"],
        [],
        [],
    ]


def test_name_changed_by_update_or_create_is_found():
    """Django writes only the given fields there; what is derived from them must come along."""
    make_condition("Gout", slug="gout")

    Condition.objects.update_or_create(slug="gout", defaults={"name": "Ärger", "synonyms": ["Gicht"]})

    assert (found("aerger"), found("gicht"), found("gout")) == (["Ärger"], ["Ärger"], [])
    assert Condition.objects.get().sort_key == "arger"


def test_treatments_and_specialties_are_found_the_same_way():
    make_treatment("Ösophagusresektion", synonyms=["gullet operation"])
    make_specialty("Gynäkologie", synonyms=["women’s health"])

    assert [str(term) for term in Treatment.objects.named_like("oesophagus gullet")] == ["Ösophagusresektion"]
    assert [str(term) for term in Specialty.objects.named_like("gynaekologie womens")] == []
    assert [str(term) for term in Specialty.objects.named_like("gynaekologie women’s")] == ["Gynäkologie"]


@hypothesis_settings(deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=30))
def test_whatever_the_name_each_of_its_words_finds_it(name):
    with transaction.atomic():
        make_condition(name)

        for word in name.split():
            assert found(word) == [name]
        transaction.set_rollback(True)


# Sorting


def test_terms_are_sorted_as_readers_expect():
    for name in ("Zoster", "Ösophagitis", "asthma", "Ärger", "Oedema", "1p36 deletion"):
        make_condition(name)

    names = list(Condition.objects.values_list("name", flat=True))

    assert names == ["1p36 deletion", "Ärger", "asthma", "Oedema", "Ösophagitis", "Zoster"]


@pytest.mark.parametrize("letter", ["Ü", "ß", "ﬃ", "ﷺ"])
def test_longest_name_is_stored_whatever_its_letters(letter):
    """Folding turns some letters into several: the columns of the keys must hold that."""
    make_condition(letter * 200)

    assert Condition.objects.get().name == letter * 200


# Constraints


def test_name_is_unique():
    make_condition("Gout")

    with pytest.raises(IntegrityError, match="conditions_condition_name"), transaction.atomic():
        make_condition("Gout", slug="other")


def test_body_area_is_one_of_the_list():
    make_condition()

    with pytest.raises(IntegrityError, match="condition_body_area"), transaction.atomic():
        Condition.objects.update(body_area="soul")
    assert Condition.objects.update(body_area=BodyArea.BRAIN) == 1


def test_treatment_kind_is_one_of_the_list():
    make_treatment()

    with pytest.raises(IntegrityError, match="treatment_kind"), transaction.atomic():
        Treatment.objects.update(kind="magic")
    assert Treatment.objects.update(kind=TreatmentKind.MEDICINE) == 1


def test_relation_of_conditions_goes_both_ways():
    cancer, metastases = make_condition("Cancer"), make_condition("Metastases")

    cancer.related.add(metastases)

    assert list(metastases.related.all()) == [cancer]


# Visibility


@pytest.fixture
def public_and_draft() -> tuple[Condition, Condition]:
    return make_condition("Public"), make_condition("Draft", is_published=False)


def user_with(*permissions: str, **values: bool) -> User:
    user = User.objects.create_user("user", **values)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def test_published_leaves_drafts_out(public_and_draft):
    assert list(Condition.objects.published()) == [public_and_draft[0]]
    assert set(Condition.objects.all()) == set(public_and_draft)


def test_visible_to_shows_drafts_to_those_with_the_permission(public_and_draft):
    editor = user_with("view_condition")

    assert set(Condition.objects.visible_to(editor)) == set(public_and_draft)


def test_visible_to_hides_drafts_from_everybody_else(public_and_draft):
    visible = [public_and_draft[0]]

    assert list(Condition.objects.visible_to(AnonymousUser())) == visible
    assert list(Condition.objects.visible_to(user_with("view_article", is_staff=True))) == visible


def test_visible_to_hides_drafts_from_closed_accounts(public_and_draft):
    former_editor = user_with("view_condition", is_active=False)

    assert list(Condition.objects.visible_to(former_editor)) == [public_and_draft[0]]


def test_terms_are_called_by_their_names():
    assert [str(term) for term in (make_condition("A"), make_treatment("B"), make_specialty("C"))] == ["A", "B", "C"]
