"""Slugs are free, never empty, and a changed one leads from the old address to the new in one hop."""

import pytest
from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conditions import slugs
from conditions.models import Condition
from conditions.names import SLUG_LENGTH
from specialists.models import Clinic, Physician, Profile
from tests.factories import make_clinic, make_condition, make_physician, make_specialty, make_treatment

pytestmark = pytest.mark.django_db


def address(slug: str) -> str:
    return f"/en/conditions/{slug}/"


def condition_at(slug: str) -> Condition:
    return make_condition(slug.upper(), slug=slug)


def renamed(condition: Condition, *new_slugs: str) -> None:
    for slug in new_slugs:
        condition.slug = slug
        condition.save()


def redirects(language: str = "en") -> dict[str, str]:
    found = Redirect.objects.filter(old_path__startswith=f"/{language}/")
    return dict(found.values_list("old_path", "new_path"))


# Free slugs


def test_empty_slug_is_made_from_the_name():
    assert make_condition("Müller-Weiss-Syndrom").slug == "mueller-weiss-syndrom"
    assert make_treatment("Ösophagusresektion").slug == "oesophagusresektion"
    assert make_specialty("Größenlehre").slug == "groessenlehre"


def test_given_slug_is_kept():
    assert make_condition("Liver metastases", slug="liver-mets").slug == "liver-mets"


def test_slug_stays_when_the_name_changes():
    condition = make_condition("Liver metastases")

    condition.name = "Secondary liver cancer"
    condition.save()

    assert Condition.objects.get().slug == "liver-metastases"


def test_taken_slugs_are_numbered():
    made = [make_condition(name).slug for name in ("Gout", "Gout!", "Gout?", "Gout…")]

    assert made == ["gout", "gout-2", "gout-3", "gout-4"]


def test_first_free_number_is_used():
    for name in ("Gout", "Gout!", "Gout?"):
        make_condition(name)
    Condition.objects.get(slug="gout-2").delete()

    assert make_condition("(Gout)").slug == "gout-2"


def test_number_in_a_name_is_not_taken_for_a_numbered_slug():
    make_condition("Type 2")
    make_condition("Type")

    assert make_condition("Type!").slug == "type-3"


def test_slug_of_another_model_is_no_obstacle():
    make_treatment("Ablation")

    assert make_condition("Ablation").slug == "ablation"


def test_name_without_latin_letters_gets_the_models_name():
    assert make_condition("肝転移").slug == "condition"
    assert make_condition("печень").slug == "condition-2"
    assert make_physician("姓", given_name="名").slug == "physician"
    assert make_clinic("医院").slug == "clinic"


def test_long_names_get_distinct_slugs_that_fit():
    made = [make_condition("a" * 190 + str(number)).slug for number in range(12)]

    assert len(set(made)) == 12
    assert max(map(len, made)) == SLUG_LENGTH
    assert made[11] == "a" * (SLUG_LENGTH - 8) + "-12"


def test_free_slug_leaves_its_own_row_out():
    condition = make_condition("Gout")

    assert slugs.free_slug(condition, "Gout") == "gout"


def test_taken_slug_given_by_hand_is_refused():
    make_condition("Gout")

    with pytest.raises(IntegrityError, match="conditions_condition_slug"), transaction.atomic():
        make_condition("Podagra", slug="gout")


def test_physicians_and_clinics_share_one_address_space():
    clinic = make_clinic("Aurelia Sternwald")
    physician = make_physician("Sternwald", given_name="Aurelia")
    namesake = make_physician("Sternwald", given_name="Aurelia")

    assert [clinic.slug, physician.slug, namesake.slug] == [
        "aurelia-sternwald",
        "aurelia-sternwald-2",
        "aurelia-sternwald-3",
    ]
    assert [type(profile) for profile in (clinic, physician)] == [Clinic, Physician]
    assert Profile.objects.count() == 3


def test_clinic_cannot_take_the_slug_of_a_physician():
    make_physician("Sternwald", given_name="Aurelia")

    with pytest.raises(IntegrityError, match="specialists_profile_slug"), transaction.atomic():
        make_clinic("Clinic", slug="aurelia-sternwald")


# Redirects


def test_new_row_leaves_no_redirect():
    make_condition("Gout")

    assert redirects() == {}


def test_save_without_change_of_slug_leaves_no_redirect():
    condition = make_condition("Gout")

    condition.summary = "It hurts."
    condition.save()

    assert redirects() == {}


def test_changed_slug_leads_visitors_from_the_old_address(client):
    condition = condition_at("gicht")

    renamed(condition, "gout")

    response = client.get(address("gicht"))
    assert (response.status_code, response["Location"]) == (301, address("gout"))
    assert client.get(address("gout")).context["condition"] == condition


def test_chain_of_changes_leads_to_the_end_in_one_hop(client):
    renamed(condition_at("a"), "b", "c", "d")

    assert redirects() == {address(old): address("d") for old in "abc"}
    for old in "abc":
        assert client.get(address(old))["Location"] == address("d")


def test_changing_back_leaves_no_loop(client):
    renamed(condition_at("a"), "b", "a")

    assert redirects() == {address("b"): address("a")}
    assert client.get(address("a")).context["condition"].slug == "a"
    assert client.get(address("b"))["Location"] == address("a")


def test_address_taken_over_shows_its_new_owner(client):
    former, newcomer = condition_at("a"), condition_at("b")
    renamed(former, "c")

    renamed(newcomer, "a")

    assert redirects() == {address("b"): address("a")}
    assert client.get(address("a")).context["condition"] == newcomer


def test_address_given_up_twice_leads_to_its_last_owner(client):
    former, newcomer = condition_at("a"), condition_at("b")
    renamed(former, "c")
    renamed(newcomer, "a", "d")

    assert redirects() == {address("a"): address("d"), address("b"): address("d")}
    assert client.get(address("a"))["Location"] == address("d")


def test_emptied_slug_is_made_anew_and_redirected():
    condition = make_condition("Gout", slug="gicht")

    renamed(condition, "")

    assert redirects() == {address("gicht"): address("gout")}


def test_redirects_of_other_pages_stay():
    Redirect.objects.create(site_id=settings.SITE_ID, old_path="/en/old/", new_path="/en/conditions/")

    renamed(condition_at("a"), "b")

    assert redirects() == {"/en/old/": "/en/conditions/", address("a"): address("b")}


def test_treatments_and_specialties_keep_redirects_too(client):
    treatment, specialty = make_treatment("T", slug="t"), make_specialty("S", slug="s")
    treatment.slug, specialty.slug = "t-new", "s-new"

    treatment.save()
    specialty.save()

    assert client.get("/en/treatments/t/")["Location"] == "/en/treatments/t-new/"
    assert client.get("/en/specialties/s/")["Location"] == "/en/specialties/s-new/"


def test_physicians_and_clinics_keep_redirects_too(client):
    physician, clinic = make_physician("Sternwald", slug="p"), make_clinic(slug="c")
    physician.slug, clinic.slug = "p-new", "c-new"

    physician.save()
    clinic.save()

    assert client.get("/en/specialists/p/")["Location"] == "/en/specialists/p-new/"
    assert client.get("/en/specialists/c/")["Location"] == "/en/specialists/c-new/"


def test_each_language_of_the_site_gets_its_redirect():
    renamed(condition_at("a"), "b")

    assert redirects("en") == {"/en/conditions/a/": "/en/conditions/b/"}
    assert redirects("de") == {"/de/conditions/a/": "/de/conditions/b/"}


def test_refused_change_of_slug_leaves_no_redirect():
    condition_at("a")
    condition = condition_at("b")
    condition.slug = "a"

    with pytest.raises(IntegrityError), transaction.atomic():
        condition.save()

    assert redirects() == {}


def test_slug_that_is_not_written_is_not_redirected():
    condition = condition_at("a")
    condition.slug, condition.summary = "b", "Changed."

    condition.save(update_fields=["summary"])

    assert Condition.objects.get().slug == "a"
    assert redirects() == {}


@hypothesis_settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from("abcde")), max_size=8))
def test_whatever_the_changes_former_addresses_lead_to_a_page_in_one_hop(changes):
    with transaction.atomic():
        conditions = [condition_at("first"), condition_at("second")]
        former = {condition.slug for condition in conditions}
        for index, slug in changes:
            if slug != conditions[1 - index].slug:
                renamed(conditions[index], slug)
                former.add(slug)

        current = {address(condition.slug) for condition in conditions}
        assert redirects().keys() == {address(slug) for slug in former} - current
        assert set(redirects().values()) <= current
        transaction.set_rollback(True)
