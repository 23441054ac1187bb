"""The sample content: complete, consistent, marked as invented, and loaded once only."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from conditions import gate, workflow
from conditions.models import (
    Article,
    Condition,
    Contributor,
    GlossaryTerm,
    Picture,
    Revision,
    Section,
    Specialty,
    Treatment,
    UrgentSigns,
)
from directory.sample import loader
from specialists import queries
from specialists.models import (
    Affiliation,
    CareerStep,
    Certificate,
    Clinic,
    Department,
    Location,
    Physician,
    Profile,
    TreatmentOffer,
)
from specialists.queries import Selection
from tests import factories
from tests.pages import Page, read

pytestmark = pytest.mark.django_db
# South, north, west, east in degrees, rounded outwards to a hundredth.
BOUNDS = {
    "DE": (47.27, 55.06, 5.86, 15.05),
    "AT": (46.37, 49.03, 9.53, 17.17),
    "CH": (45.81, 47.81, 5.95, 10.50),
}
POSTCODES = {"DE": r"\d{5}", "AT": r"[1-9]\d{3}", "CH": r"[1-9]\d{3}"}
# About 25 km: two addresses in one city are not farther apart.
CITY_SPAN = 0.25
# In the order in which it is told.
ADDED = {
    "specialties": 20,
    "treatments": 60,
    "conditions": 26,
    "translations": 106,
    "translated articles": 1,
    "urgent signs": 32,
    "words explained": 80,
    "clinics": 40,
    "physicians": 120,
}
NOTHING = dict.fromkeys(ADDED, 0)


@pytest.fixture(scope="module", autouse=True)
def added(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, int]]:
    """Loads the sample once for all tests here, in a transaction that is rolled back after the last."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(media)), transaction.atomic():
        added = loader.load()
        with connection.cursor() as cursor:
            # Statistics gathered while the tables were empty would mislead the planner.
            cursor.execute("ANALYZE")
        yield added
        transaction.set_rollback(True)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of both apps, relations between rows included."""
    models = [
        model
        for app in ("conditions", "specialists")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def links_in(section: Section) -> list[str]:
    return [link["href"] for link in Page(section.body).all("a")]


def test_loading_reports_what_was_added(added: dict[str, int]) -> None:
    assert added == ADDED


def test_all_of_it_is_there_and_public() -> None:
    assert Specialty.objects.count() == 20
    assert Treatment.objects.count() == 60
    assert Condition.objects.published().count() == 26
    assert Physician.objects.count() == 120
    assert Clinic.objects.count() == 40
    assert Profile.objects.published().count() == 160


def test_every_condition_has_a_published_article() -> None:
    published = Article.objects.published().filter(language="en")

    assert Article.objects.count() == 26 + 1
    assert set(published.values_list("condition__slug", flat=True)) == set(
        Condition.objects.values_list("slug", flat=True)
    )


def test_every_article_passes_the_publish_gate() -> None:
    revisions = Revision.objects.published()

    missing = {str(revision): gate.missing_for_publication(revision) for revision in revisions}

    assert len(missing) == 26 + 1
    assert {revision: what for revision, what in missing.items() if what} == {}


def test_every_article_has_what_its_readers_are_promised() -> None:
    thin = [
        str(revision)
        for revision in Revision.objects.published().prefetch_related("sections", "sources")
        if len(revision.sections.all()) < 3
        or not 3 <= len(revision.key_points) <= 6
        or not all(source.url.startswith("https://") for source in revision.sources.all())
        or revision.review_is_overdue
    ]

    assert thin == []


def test_words_are_explained_in_both_languages() -> None:
    words = {language: list(GlossaryTerm.objects.filter(language=language)) for language in ("en", "de")}

    assert {word.slug for word in words["en"]} == {word.slug for word in words["de"]}
    assert len(words["en"]) >= 40
    for word in (*words["en"], *words["de"]):
        word.full_clean()


def test_urgent_signs_are_there_in_both_languages_and_as_many() -> None:
    signs = {
        language: {entry.condition.slug: len(entry.signs) for entry in UrgentSigns.objects.filter(language=language)}
        for language in ("en", "de")
    }

    assert signs["en"] == signs["de"]
    assert len(signs["en"]) >= 8


def test_liver_metastases_has_21_specialists(client: Client) -> None:
    found = queries.matching(Selection({"condition": frozenset(["liver-metastases"])}))
    in_any_state = Profile.objects.filter(conditions__slug="liver-metastases")

    page = read(client.get("/en/conditions/liver-metastases/"))
    listed = read(client.get("/en/specialists/?condition=liver-metastases"))

    assert (found.count(), in_any_state.count()) == (21, 21)
    assert {profile.kind for profile in found} == {"physician", "clinic"}
    assert "21 specialists found" in page.text
    assert "Show and filter all 21 specialists" in page.text
    assert "21 specialists found" in listed.text


def test_loading_again_adds_nothing() -> None:
    before = everything()

    again = loader.load()

    assert again == NOTHING
    assert everything() == before
    assert len(before["specialists.Profile"]) == 160


def test_loading_again_overwrites_nothing_an_editor_changed() -> None:
    condition = Condition.objects.get(slug="liver-metastases")
    condition.name, condition.synonyms, condition.is_published = "Renamed", ["mine"], False
    condition.save()
    condition.treatments.clear()
    condition.related.clear()
    draft = workflow.open_draft(condition.articles.get(language="en"))
    draft.sections.update(heading="Mine", body="<p>Mine.</p>")
    factories.take_live(draft)
    workflow.archive(Article.objects.get(condition__slug="gallstones").live)
    Specialty.objects.filter(slug="pathology").update(description="Mine.")
    Treatment.objects.filter(slug="tace").update(summary="Mine.", synonyms=[])
    Contributor.objects.update(qualification="Mine.")
    Picture.objects.update(alt="Mine.")
    Profile.objects.filter(slug="prof-aurelia-sternwald").update(focus="Mine.", status="hidden", languages=[])
    Affiliation.objects.filter(physician__slug="prof-aurelia-sternwald").delete()
    TreatmentOffer.objects.filter(profile__slug="sonnwendhof-clinic-heidelberg").delete()
    Location.objects.filter(clinic__slug="sonnwendhof-clinic-heidelberg").update(street="Mine 1")
    before = everything()

    again = loader.load()

    assert set(again.values()) == {0}
    assert everything() == before


def test_loading_again_knows_what_an_editor_gave_another_address() -> None:
    for model, slug in ((Condition, "gallstones"), (Treatment, "tace"), (Clinic, "sonnwendhof-clinic-heidelberg")):
        entry = model.objects.get(slug=slug)
        entry.slug = f"{slug}-renamed"
        entry.save()
    Profile.objects.get(slug="prof-aurelia-sternwald").delete()

    again = loader.load()

    assert again == {**NOTHING, "physicians": 1}
    assert Profile.objects.get(slug="prof-aurelia-sternwald").conditions.count() == 2


def test_loading_again_brings_back_only_what_is_gone() -> None:
    Profile.objects.get(slug="prof-aurelia-sternwald").delete()
    output = StringIO()

    call_command("load_sample", stdout=output)

    told = {**NOTHING, "physicians": 1}
    assert output.getvalue().splitlines() == [f"{what}: {number} added" for what, number in told.items()]
    assert Profile.objects.get(slug="prof-aurelia-sternwald").conditions.count() == 2


def test_every_link_in_every_article_opens(client: Client) -> None:
    sections = Section.objects.filter(revision__in=Revision.objects.published())
    links = {link for section in sections for link in links_in(section)}
    internal = {link for link in links if not re.match("https?://|mailto:", link)}

    answers = {link: client.get(link) for link in internal}

    assert len(internal) > 20
    assert {link: answer.status_code for link, answer in answers.items() if answer.status_code != 200} == {}


def test_every_public_page_opens_and_its_links_to_conditions_too(client: Client) -> None:
    terms = [*Condition.objects.all(), *Treatment.objects.all(), *Specialty.objects.all()]
    answers = {term.get_absolute_url(): client.get(term.get_absolute_url()) for term in terms}
    linked = {
        address
        for answer in answers.values()
        for tag, address in read(answer).addresses()
        if tag == "a" and re.match("/en/(conditions|treatments|specialties)/.", address)
    }

    assert {address for address, answer in answers.items() if answer.status_code != 200} == set()
    assert linked == set(answers)


def test_everything_that_could_be_taken_for_real_is_marked() -> None:
    unmarked = {
        model.__name__: list(model._default_manager.filter(is_sample=False))
        for model in (Condition, Contributor, Profile)
    }

    assert unmarked == {"Condition": [], "Contributor": [], "Profile": []}
    assert all("sample person" in contributor.qualification for contributor in Contributor.objects.all())


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/en/conditions/liver-metastases/", "The physicians and clinics on this page are invented."),
        ("/en/specialists/prof-aurelia-sternwald/", "This profile is invented."),
        ("/en/specialists/sonnwendhof-clinic-heidelberg/", "This profile is invented."),
    ],
)
def test_page_of_sample_content_says_so_before_its_content(client: Client, address: str, words: str) -> None:
    page = read(client.get(address))

    assert len(page.with_class("banner--sample")) == 1
    assert f"Sample content. {words}" in page.text
    assert page.text.index("Sample content.") < page.text.index(
        "Home Conditions" if "conditions" in address else "Home Specialists"
    )


@pytest.mark.parametrize("address", ["/en/specialists/", "/en/conditions/liver-metastases/", "/en/treatments/tace/"])
def test_every_card_of_a_sample_profile_is_marked(client: Client, address: str) -> None:
    page = read(client.get(address))

    assert len(page.with_class("card")) in (6, 20)
    assert len(page.with_class("tag--sample")) == len(page.with_class("card"))


def test_real_content_beside_the_sample_is_not_marked(client: Client) -> None:
    condition = factories.make_published(factories.make_condition("A real condition")).article.condition
    clinic = factories.make_clinic("A real clinic", conditions=[condition])

    pages = [read(client.get(shown.get_absolute_url())) for shown in (condition, clinic)]

    assert [page.with_class("banner--sample") + page.with_class("tag--sample") for page in pages] == [[], []]
    assert len(pages[0].with_class("card")) == 1


def test_every_profile_can_be_found_somewhere() -> None:
    nowhere = [profile.slug for profile in Profile.objects.for_cards() if not profile.places()]

    assert nowhere == []


def test_every_address_lies_in_its_country() -> None:
    wrong = []
    for place in Location.objects.all():
        south, north, west, east = BOUNDS[place.country]
        fits = (
            re.fullmatch(POSTCODES[place.country], place.postcode)
            and place.latitude is not None
            and place.longitude is not None
            and south <= place.latitude <= north
            and west <= place.longitude <= east
        )
        if not (fits and place.city and place.street):
            wrong.append((place.clinic.slug, str(place), place.latitude, place.longitude))

    assert wrong == []
    assert set(Location.objects.values_list("country", flat=True)) == set(BOUNDS)


def test_addresses_in_one_city_lie_together() -> None:
    cities = defaultdict(list)
    for place in Location.objects.all():
        cities[place.country, place.city].append((place.latitude or 0, place.longitude or 0))

    torn = [
        city
        for city, places in cities.items()
        if any(max(degrees) - min(degrees) > CITY_SPAN for degrees in zip(*places, strict=True))
    ]

    assert torn == []
    assert any(len(places) > 1 for places in cities.values())


def test_every_claim_names_its_source() -> None:
    claims: list[Affiliation | TreatmentOffer] = [*Affiliation.objects.all(), *TreatmentOffer.objects.all()]

    assert [str(claim) for claim in claims if not claim.source.startswith("Sample")] == []
    assert len(claims) > 500


def test_every_physician_has_a_career_and_every_place_its_hours_and_directions() -> None:
    steps = Counter(CareerStep.objects.values_list("physician__slug", flat=True))

    assert (len(steps), set(steps.values())) == (120, {3, 4})
    assert not Location.objects.filter(hours=None).exists()
    assert not Location.objects.filter(directions="").exists()


def test_departments_are_headed_by_those_who_work_there() -> None:
    headed = Department.objects.filter(head__isnull=False)

    assert [str(part) for part in headed if not part.clinic.affiliations.filter(physician=part.head).exists()] == []
    assert headed.count() == 50
    assert set(Clinic.objects.filter(departments=None).values_list("clinic_kind", flat=True)) == {"centre", "practice"}
    assert Certificate.objects.filter(valid_until__isnull=True).exists()


def test_some_claims_are_not_verified_so_that_readers_see_how_that_looks(client: Client) -> None:
    listed = [read(client.get(f"/en/specialists/?page={page}")).text for page in range(1, 9)]

    assert Profile.objects.filter(verified_on__isnull=True).count() == sum(
        text.count("Not verified yet") for text in listed
    )
    assert TreatmentOffer.objects.filter(verified_on__isnull=True).exists()
