"""Public pages of conditions, treatments and specialties: what they show, and to whom."""

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from conditions import workflow
from conditions.models import Condition, Revision, Section, Source
from conditions.rules import Review
from directory.sitemaps import SITEMAPS
from specialists.enums import ProfileStatus
from tests.conditions.texts import publish_draft
from tests.factories import (
    make_clinic,
    make_condition,
    make_contributor,
    make_draft,
    make_physician,
    make_published,
    make_specialty,
    make_treatment,
)
from tests.pages import Page, read

pytestmark = pytest.mark.django_db

STILL_WRITING = "We are still writing the patient information about this condition."
NOT_PUBLIC = "Only signed-in editors can see this page."


def signed_in(*permissions: str, **values: bool) -> Client:
    user = User.objects.create_user("user", **values)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def meta(page: Page, name: str) -> list[str]:
    return [attributes["content"] for attributes in page.all("meta") if attributes.get("name") == name]


def linked(page: Page) -> set[str]:
    return {attributes["href"] for attributes in page.all("a")}


# The page of a condition


def test_condition_without_article_shows_its_specialists(client):
    condition = make_condition("Gout")
    clinic = make_clinic("Clinic Am Park", conditions=[condition])
    make_physician("Sternwald", clinics=[clinic], conditions=[condition])
    make_clinic("Elsewhere")

    page = read(client.get("/en/conditions/gout/"))

    assert "Specialists in Gout" in page.text
    assert "2 specialists found" in page.text
    assert {"/en/specialists/clinic-am-park/", "/en/specialists/aurelia-sternwald/"} <= linked(page)
    assert "Elsewhere" not in page.text
    assert STILL_WRITING in page.text


def test_condition_without_anything_says_so(client):
    make_condition("Gout", summary="It hurts.")

    page = read(client.get("/en/conditions/gout/"))

    assert "0 specialists found No specialist is listed here yet. See all specialists" in page.text
    assert STILL_WRITING in page.text
    assert meta(page, "description") == ["It hurts."]


def test_condition_shows_its_article(client):
    draft = make_draft(
        make_condition("Gout"), title="All about gout", key_points=["It is treatable.", "It comes back."]
    )
    sections = [
        Section(heading="What is it?", body="<p>A <strong>text</strong>.</p>"),
        Section(heading="Why?", body="<p>So.</p>"),
    ]
    sources = [
        (Source(citation="A guideline", url="https://example.org/g?a=1&b=2", year=2025), 1),
        (Source(citation="A book"), None),
    ]
    workflow.write_draft(draft, {}, sections, sources)
    publish_draft(draft)

    response = client.get("/en/conditions/gout/")

    page = read(response)
    assert response.context["revision"] == draft
    assert "All about gout What it is and who treats it. Written by Dr. Ada Writer" in page.text
    edited_on = date_format(timezone.localdate())
    assert (
        f"Edited on {edited_on} Medically reviewed by Prof. Dr. Bo Reviewer "
        "Medically reviewed on 1 June 2026 Next review due 1 June 2028"
    ) in page.text
    assert "Review overdue" not in page.text
    assert "In short It is treatable. It comes back. What is it? A text . Why? So." in page.text
    assert "Sources A guideline (2025) For: Why? A book" in page.text
    assert {"#article", "#what-is-it-10", "#why-20", "#sources", "https://example.org/g?a=1&b=2"} <= linked(page)
    assert STILL_WRITING not in page.text
    assert meta(page, "description") == ["What it is and who treats it."]


def test_links_within_a_condition_page_lead_somewhere(client):
    draft = make_draft(make_condition("Gout"))
    Section.objects.create(revision=draft, heading="What is it?", body="<p>Twice.</p>", ordering=20)
    Section.objects.create(revision=draft, heading="…", body="<p>No words.</p>", ordering=30)
    publish_draft(draft)

    page = read(client.get("/en/conditions/gout/"))

    identifiers = [attributes["id"] for _tag, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert {link[1:] for link in linked(page) if link.startswith("#")} <= set(identifiers)


@pytest.mark.parametrize(("days", "is_overdue"), [(-1, True), (0, False), (1, False)])
def test_article_says_when_its_review_is_overdue(client, days, is_overdue):
    review_due = timezone.localdate() + datetime.timedelta(days=days)
    reviewed_on = review_due - datetime.timedelta(days=700)
    make_published(make_condition("Gout"), reviewed_on=reviewed_on, review_due=review_due)

    page = read(client.get("/en/conditions/gout/"))

    day = date_format(review_due)
    warning = f"Review overdue. A physician should have read this article again by {day}."
    assert (warning in page.text, "overdue" in page.text) == (is_overdue, is_overdue)
    assert f"Next review due {day}" in page.text


def test_archived_article_is_gone(client):
    published = make_published(make_condition("Gout"), title="All about gout")
    assert "All about gout" in read(client.get("/en/conditions/gout/")).text

    workflow.archive(published)

    page = read(client.get("/en/conditions/gout/"))
    assert "All about gout" not in page.text
    assert STILL_WRITING in page.text


def test_condition_shows_where_it_belongs(client):
    condition = make_condition("Gout", synonyms=["Podagra", "Gicht"], icd10=["M10"], mesh="D006073")
    condition.treatments.add(make_treatment("Rest"))
    condition.specialties.add(make_specialty("Rheumatology"))
    condition.related.add(make_condition("Asthma"))

    page = read(client.get("/en/conditions/gout/"))

    assert {"/en/treatments/rest/", "/en/specialties/rheumatology/", "/en/conditions/asthma/"} <= linked(page)
    assert "Also called Podagra, Gicht ICD-10 M10 MeSH D006073" in page.text


def test_condition_shows_its_mesh_descriptor_alone(client):
    make_condition("Gout", mesh="D006073")

    assert "MeSH D006073" in read(client.get("/en/conditions/gout/")).text


@pytest.mark.parametrize("is_sample", [True, False])
def test_sample_content_is_marked(client, is_sample):
    make_condition("Gout", is_sample=is_sample)

    assert ("Sample content." in read(client.get("/en/conditions/gout/")).text) == is_sample


def test_names_are_escaped(client):
    name = "<script>alert(1)</script>\"'&"
    condition = make_condition(name, slug="gout", summary=name, synonyms=[name])
    treatment = make_treatment(name, slug="rest", summary=name, description=name, synonyms=[name])
    specialty = make_specialty(name, slug="all", description=name)
    condition.treatments.add(treatment)
    condition.specialties.add(specialty)
    treatment.specialties.add(specialty)

    for path in (
        "conditions/",
        "treatments/",
        "specialties/",
        "treatments/rest/",
        "specialties/all/",
        "conditions/gout/",
    ):
        page = read(client.get(f"/en/{path}"))
        assert name in page.text
        assert page.foreign_scripts() == []


# Conditions that are not public


@pytest.fixture
def hidden(db) -> Condition:
    condition = make_condition("Gout", summary="It hurts.")
    make_published(condition, title="All about gout")
    make_clinic("Clinic Am Park", conditions=[condition])
    Condition.objects.update(is_published=False)
    return condition


def test_hidden_condition_is_not_found_by_visitors(client, hidden):
    response = client.get("/en/conditions/gout/")

    assert response.status_code == 404
    assert [word for word in ("Gout", "gout", "hurts", "Am Park") if word in response.content.decode()] == []


def test_hidden_condition_is_not_found_by_users_without_the_permission(hidden):
    assert signed_in("view_article", is_staff=True).get("/en/conditions/gout/").status_code == 404


def test_hidden_condition_is_shown_to_editors_with_a_banner(hidden):
    page = read(signed_in("view_condition", is_staff=True).get("/en/conditions/gout/"))

    assert "Specialists in Gout" in page.text
    assert "All about gout" in page.text
    assert NOT_PUBLIC in page.text
    assert meta(page, "robots") == ["noindex"]


def test_public_condition_has_no_banner():
    make_condition("Gout")

    page = read(signed_in("view_condition", is_staff=True).get("/en/conditions/gout/"))

    assert "Specialists in Gout" in page.text
    assert NOT_PUBLIC not in page.text
    assert meta(page, "robots") == []


@pytest.mark.parametrize("path", ["conditions/gout/", "treatments/rest/", "specialties/surgery/"])
def test_unknown_page_is_not_found(client, path):
    make_condition("Asthma")

    assert client.get(f"/en/{path}").status_code == 404


# Nothing leaks


def in_review(draft: Revision) -> Revision:
    return workflow.submit(draft, comment="Xylophone")


def approved(draft: Revision) -> Revision:
    reviewer = make_contributor("Xylophone Reviewer")
    return workflow.approve(in_review(draft), review=Review(reviewer), comment="Xylophone")


def scheduled(draft: Revision) -> Revision:
    return workflow.schedule(approved(draft), timezone.now() + datetime.timedelta(days=1), comment="Xylophone")


@pytest.fixture
def while_open(request) -> Callable[[Revision], Revision]:
    """How far the text has come that is not public yet; a draft unless the test says otherwise."""
    return getattr(request, "param", lambda draft: draft)


@pytest.fixture
def public_addresses(db, while_open) -> list[str]:
    """A public site, and beside it all that is not public; returns the addresses of the public pages."""
    specialty, treatment = make_specialty("Surgery"), make_treatment("Rest")
    public = make_condition("Gout")
    covert = make_condition(
        "Xylophonitis",
        slug="covert",
        summary="Xylophone",
        synonyms=["Xylophone"],
        icd10=["XYLOPHONE"],
        is_published=False,
    )
    for condition in (public, covert):
        condition.specialties.add(specialty)
        condition.treatments.add(treatment)
    treatment.specialties.add(specialty)
    public.related.add(covert)
    covert.articles.create()
    make_published(covert, title="Xylophone")
    Condition.objects.filter(pk=covert.pk).update(is_published=False)
    archived = make_published(public, title="Xylophone, archived")
    make_published(public, title="All about gout")
    draft = make_draft(public, title="Xylophone", teaser="Xylophone", key_points=["Xylophone"], change_note="Xylophone")
    draft.sections.update(heading="Xylophone", body="<p>Xylophone</p>")
    draft.sources.update(citation="Xylophone")
    while_open(draft)
    assert archived.article.revisions.count() == 3
    links = {"conditions": [public, covert], "specialties": [specialty], "treatments": [treatment]}
    clinic = make_clinic("Clinic Am Park", **links)
    physician = make_physician("Sternwald", clinics=[clinic], **links)
    unseen = make_clinic("Xylophone Clinic", status=ProfileStatus.DRAFT, **links)
    make_physician("Xylophone", clinics=[unseen, clinic], status=ProfileStatus.HIDDEN, **links)
    return [
        *("/en/", "/en/conditions/", "/en/treatments/", "/en/specialties/", "/en/specialists/"),
        *("/en/conditions/?q=xyl", "/en/specialists/?name=xyl", "/en/specialists/?condition=gout"),
        *(page.get_absolute_url() for page in (public, treatment, specialty, clinic, physician)),
        *("/sitemap.xml", "/robots.txt"),
        *(f"/sitemap-{section}.xml" for section in SITEMAPS),
    ]


@pytest.mark.parametrize("while_open", [lambda draft: draft, in_review, approved, scheduled], indirect=True)
def test_nothing_that_is_not_public_shows_anywhere(client, public_addresses):
    for address in public_addresses:
        response = client.get(address)
        content = response.content.decode().lower()
        assert (address, response.status_code) == (address, 200)
        assert (address, "xylophon" in content, "covert" in content) == (address, False, False)


def test_editors_see_that_there_was_something_to_leak(public_addresses):
    editor = signed_in("view_condition", "view_profile", is_staff=True)

    assert "Xylophonitis" in read(editor.get("/en/conditions/covert/")).text
    assert "Xylophone Clinic" in read(editor.get("/en/specialists/xylophone-clinic/")).text


@pytest.mark.parametrize(
    "address",
    ["/en/conditions/covert/", "/en/specialists/?condition=covert", "/en/specialists/?name=xyl&condition=covert"],
)
def test_asking_for_what_is_not_public_gives_nothing_away(client, public_addresses, address):
    assert "xylophon" not in client.get(address).content.decode().lower()


def test_counts_leave_out_what_is_not_public(client, public_addresses):
    def words(address: str) -> str:
        return read(client.get(address)).text

    for address in ("/en/conditions/gout/", "/en/treatments/rest/", "/en/specialties/surgery/"):
        assert "2 specialists found" in words(address)
    assert "Gout 2 specialists" in words("/en/")
    assert "Or look through 2 specialists" in words("/en/")
    assert client.get("/en/conditions/").context["total"] == 1
    assert client.get("/en/conditions/?q=xyl").context["total"] == 0


def test_data_for_editors_is_not_for_visitors(client, public_addresses):
    """The only addresses that answer with JSON are the admin's autocompletes."""
    field = "?app_label=conditions&model_name=article&field_name=condition&term=xyl"

    visitor = client.get(f"/admin/autocomplete/{field}")
    reader = signed_in("view_profile", is_staff=True).get(f"/admin/autocomplete/{field}")

    assert visitor["Location"].startswith("/admin/login/")
    assert reader.status_code == 403
    assert b"ylophon" not in visitor.content + reader.content


# Manners


PAGES = [
    *("/en/conditions/", "/en/treatments/", "/en/specialties/"),
    *("/en/conditions/gout/", "/en/treatments/rest/", "/en/specialties/surgery/"),
]


@pytest.fixture
def one_of_each(db) -> None:
    make_published(make_condition("Gout"))
    make_treatment("Rest")
    make_specialty("Surgery")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_reading_only(client, one_of_each, path, method):
    response = getattr(client, method)(path)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", PAGES)
def test_pages_set_no_cookies_and_answer_head(client, one_of_each, path):
    shown, head = client.get(path), client.head(path)

    assert (shown.status_code, head.status_code, head.content) == (200, 200, b"")
    assert not shown.cookies
    assert not head.cookies
