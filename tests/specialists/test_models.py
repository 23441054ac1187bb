"""Profiles and what belongs to them: derived names, slugs, who may see what, and what PostgreSQL refuses."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.contrib.redirects.models import Redirect
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions import names
from conditions.models import Picture
from specialists import queries
from specialists.enums import ProfileKind, ProfileStatus
from specialists.models import Affiliation, Clinic, Identifier, Location, Physician, Profile, TreatmentOffer
from specialists.queries import Selection
from tests import factories

pytestmark = pytest.mark.django_db


# Names


def test_physician_save_derives_names():
    physician = factories.make_physician("Müllerstern", title="Prof. Dr.", given_name="Zoë")

    physician.refresh_from_db()
    assert physician.kind == ProfileKind.PHYSICIAN
    assert physician.display_name == "Prof. Dr. Zoë Müllerstern"
    assert physician.sort_key == "mullerstern zoe"
    assert physician.search_key == names.search_key("Prof. Dr. Zoë Müllerstern")
    assert physician.slug == "prof-dr-zoe-muellerstern"
    assert str(physician) == physician.display_name


def test_physician_save_derives_names_again_and_keeps_the_slug():
    physician = factories.make_physician("Sternwald", title="Dr.", given_name="Ada")

    physician.family_name, physician.title = "Apfelbach", ""
    physician.save()

    physician = Physician.objects.get()
    assert (physician.display_name, physician.sort_key) == ("Ada Apfelbach", "apfelbach ada")
    assert (physician.search_key, physician.slug) == ("ada apfelbach", "dr-ada-sternwald")


def test_clinic_save_derives_names():
    clinic = factories.make_clinic("Klinik „Süd“ Ößling")

    clinic.refresh_from_db()
    assert clinic.kind == ProfileKind.CLINIC
    assert clinic.sort_key == "klinik sud ossling"
    assert clinic.search_key == names.search_key("Klinik „Süd“ Ößling")
    assert clinic.slug == "klinik-sued-oessling"
    assert clinic.get_absolute_url() == "/en/specialists/klinik-sued-oessling/"


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=90))
def test_physician_of_any_name_is_saved_and_found_by_it(name):
    with transaction.atomic():
        physician = factories.make_physician(name, given_name="Ada")

        physician.refresh_from_db()
        assert physician.slug
        assert [profile.pk for profile in queries.matching(Selection(text=name))] == [physician.pk]
        transaction.set_rollback(True)


@pytest.mark.parametrize("letter", ["a", "ß"])
def test_longest_names_are_saved(letter):
    """A letter that folds to two must not break a name that the form lets through."""
    clinic = Clinic(display_name=letter * 250)
    clinic.save()
    clinic.full_clean()
    physician = Physician(title=letter * 60, given_name=letter * 90, family_name=letter * 90)
    physician.save()
    physician.full_clean()

    assert Profile.objects.count() == 2


# Slugs


def test_slug_space_is_shared_by_physicians_and_clinics():
    clinic = factories.make_clinic("Ada Stern")
    first = factories.make_physician("Stern", given_name="Ada")
    second = factories.make_physician("Stern", given_name="Ada")

    assert [clinic.slug, first.slug, second.slug] == ["ada-stern", "ada-stern-2", "ada-stern-3"]


def test_slug_of_a_clinic_is_refused_for_a_physician():
    factories.make_clinic("Am Park")
    physician = factories.make_physician("Stern", slug="stern")

    physician.slug = "am-park"

    with pytest.raises(ValidationError) as refusal:
        physician.full_clean()
    assert refusal.value.message_dict == {"slug": ["Profile with this Slug already exists."]}
    with pytest.raises(IntegrityError, match="specialists_profile_slug"), transaction.atomic():
        physician.save()


def test_slug_of_a_name_without_latin_letters_is_the_kind():
    assert factories.make_clinic("北京").slug == "clinic"
    assert factories.make_physician("北", given_name="京").slug == "physician"


def test_slug_that_changes_leaves_a_redirect():
    physician = factories.make_physician("Stern", slug="old")

    physician.slug = "new"
    physician.save()

    assert set(Redirect.objects.values_list("old_path", "new_path")) == {
        (f"/{language}/specialists/old/", f"/{language}/specialists/new/") for language in ("en", "de")
    }


# Who may see what


@pytest.fixture
def one_of_each_status():
    for status in ProfileStatus:
        factories.make_clinic(f"{status} clinic", status=status)
        factories.make_physician(status, given_name="Ada", status=status)


PUBLIC = ["Ada published", "published clinic"]
ALL = ["Ada draft", "draft clinic", "Ada hidden", "hidden clinic", "Ada published", "published clinic"]


def visible_names(user) -> list[str]:
    return [profile.display_name for profile in Profile.objects.visible_to(user)]


def test_published_leaves_out_drafts_and_hidden(one_of_each_status):
    assert [profile.display_name for profile in Profile.objects.published()] == PUBLIC


def test_visible_to_by_permission(one_of_each_status):
    editor = User.objects.create_user("editor")
    editor.user_permissions.add(Permission.objects.get(codename="view_profile"))

    assert visible_names(AnonymousUser()) == PUBLIC
    assert visible_names(User.objects.create_user("reader", is_staff=True)) == PUBLIC
    assert visible_names(User.objects.create_user("gone", is_active=False, is_superuser=True)) == PUBLIC
    assert visible_names(editor) == ALL
    assert visible_names(User.objects.create_superuser("boss")) == ALL


def test_current_affiliations_have_not_ended_and_are_at_public_clinics():
    here, left, hidden, draft = (
        factories.make_clinic(name, status=status)
        for name, status in [("Here", "published"), ("Left", "published"), ("Hidden", "hidden"), ("Draft", "draft")]
    )
    physician = factories.make_physician(clinics=[here, left, hidden, draft])
    Affiliation.objects.filter(clinic=left).update(until=2020)

    assert [post.clinic.display_name for post in Affiliation.objects.current()] == ["Here"]
    assert [post.clinic.display_name for post in physician.listed_affiliations] == ["Here"]
    for_card = Profile.objects.for_cards().get(pk=physician.pk).physician
    assert [post.clinic.display_name for post in for_card.listed_affiliations] == ["Here"]


@pytest.mark.parametrize("for_cards", [True, False])
def test_places_of_a_clinic_and_of_a_physician(for_cards):
    clinic = factories.make_clinic("Zwei", city="Bonn")
    Location.objects.create(clinic=clinic, city="Köln", country="DE")
    factories.make_physician(clinics=[clinic, factories.make_clinic("Ohne", city=None), factories.make_clinic("Wien")])
    profiles = Profile.objects.for_cards() if for_cards else Profile.objects.all()

    assert {profile.display_name: [place.city for place in profile.places()] for profile in profiles} == {
        "Zwei": ["Bonn", "Köln"],
        "Ohne": [],
        "Wien": ["Heidelberg"],
        "Aurelia Sternwald": ["Bonn", "Köln", "Heidelberg"],
    }


# What is deleted with what


def test_profile_deleted_takes_what_is_its_own_and_leaves_the_rest(everything):
    everything.physician.delete()

    assert list(Profile.objects.values_list("display_name", flat=True)) == ["Clinic Am Park"]
    assert [model.objects.count() for model in (Affiliation, TreatmentOffer, Identifier, Location)] == [0, 0, 0, 1]


def test_treatment_that_is_offered_cannot_be_deleted(everything):
    with pytest.raises(ProtectedError):
        everything.offer.treatment.delete()


def test_photo_deleted_leaves_the_profile():
    photo = Picture.objects.create(alt="A face", width=1, height=1, widths=[1])
    clinic = factories.make_clinic(photo=photo)

    photo.delete()

    clinic.refresh_from_db()
    assert clinic.photo is None


# Text of the rest


def test_names_in_the_admin(everything):
    assert str(everything.affiliation) == "Aurelia Sternwald, Clinic Am Park"
    assert str(everything.offer) == "Aurelia Sternwald: Liver resection"
    assert str(everything.identifier) == "us-npi 1"
    assert str(everything.location) == "Heidelberg"
    assert str(Location(name="South", street="Way 1", postcode="1010", city="Wien")) == "South, Way 1, 1010 Wien"
    assert everything.offer.verified_on == datetime.date(2026, 10, 1)
