"""What is not public never shows: not in lists, counts, pages, workplaces, teams, addresses or the sitemap."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from specialists.enums import ProfileStatus
from specialists.models import Affiliation
from tests import factories
from tests.pages import read

pytestmark = pytest.mark.django_db

SECRET = "Geheimnis"
SLUGS = ("dr-geheimnis", "geheimnis-clinic")


@pytest.fixture(params=[ProfileStatus.DRAFT, ProfileStatus.HIDDEN])
def pages(request):
    """Every public page that could name a profile, with a public and a secret one of each kind behind all of them."""
    specialty, treatment = factories.make_specialty(), factories.make_treatment()
    condition = factories.make_published().article.condition
    linked: dict[str, Any] = {
        "specialties": [specialty],
        "treatments": [treatment],
        "conditions": [condition],
        "accepting": "yes",
    }
    public = factories.make_clinic("Public clinic", city="Bonn", **linked)
    secret = factories.make_clinic(f"{SECRET} clinic", city=SECRET, country="AT", status=request.param, **linked)
    physician = factories.make_physician("Public", clinics=[public, secret], **linked)
    hidden = factories.make_physician(SECRET, slug="dr-geheimnis", clinics=[public], status=request.param, **linked)
    assert (hidden.slug, secret.slug) == SLUGS
    return {
        "home": "/en/",
        "list": "/en/specialists/",
        "filtered list": "/en/specialists/?condition=liver-metastases&accepting=yes&sort=verified",
        "condition": condition.get_absolute_url(),
        "treatment": treatment.get_absolute_url(),
        "specialty": specialty.get_absolute_url(),
        "conditions": "/en/conditions/",
        "treatments": "/en/treatments/",
        "specialties": "/en/specialties/",
        "clinic": public.get_absolute_url(),
        "physician": physician.get_absolute_url(),
        "sitemap": "/sitemap.xml",
        "sitemap of profiles": "/sitemap-profiles-en.xml",
    }


def test_hidden_profiles_are_named_nowhere(client, pages):
    contents = {name: client.get(address).content.decode().lower() for name, address in pages.items()}

    assert [name for name, content in contents.items() if SECRET.lower() in content] == []
    assert all(
        "public" in contents[name] for name in ("list", "condition", "clinic", "physician", "sitemap of profiles")
    )


def test_hidden_profiles_are_counted_nowhere(client, pages):
    texts = {name: read(client.get(address)).text for name, address in pages.items()}

    for name in ("list", "filtered list", "condition", "treatment", "specialty"):
        assert "2 specialists found" in texts[name]
    assert "Liver metastases 2 specialists" in texts["home"]
    assert "Or look through 2 specialists" in texts["home"]
    options = client.get(pages["list"]).context["listing"].filter.form.fields
    counts = {
        facet: {option.value: option.count for option in options[facet].options if option.count}
        for facet in ("condition", "treatment", "specialty", "kind", "accepting", "country")
    }
    assert counts == {
        "condition": {"liver-metastases": 2},
        "treatment": {"liver-resection": 2},
        "specialty": {"visceral-surgery": 2},
        "kind": {"physician": 1, "clinic": 1},
        "accepting": {"yes": 2},
        "country": {"DE": 2},
    }


@pytest.mark.parametrize("query", [f"q={SECRET}", "country=AT"])
def test_hidden_profiles_are_found_by_no_search(client, pages, query):
    page = read(client.get(f"/en/specialists/?{query}"))

    assert "0 specialists found" in page.text
    assert [link for link in page.all("a") if link["href"].rstrip("/").endswith(SLUGS)] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_hidden_profiles_have_no_page(client, pages, slug):
    response = client.get(f"/en/specialists/{slug}/")

    assert response.status_code == 404
    assert SECRET not in response.content.decode()


def test_hidden_profiles_have_no_page_for_staff_without_the_permission(client, pages):
    client.force_login(User.objects.create_user("writer", is_staff=True))

    assert [client.get(f"/en/specialists/{slug}/").status_code for slug in SLUGS] == [404, 404]


def test_ended_posts_are_named_nowhere(client):
    clinic = factories.make_clinic("Sternhaus", city="Bonn", country="CH")
    physician = factories.make_physician("Apfelbach", clinics=[clinic])
    addresses = [physician.get_absolute_url(), "/en/specialists/?kind=physician"]
    assert all("Sternhaus" in client.get(address).content.decode() for address in addresses)
    assert "Apfelbach" in client.get(clinic.get_absolute_url()).content.decode()

    Affiliation.objects.update(until=timezone.localdate().year)

    contents = [client.get(address).content.decode() for address in addresses]
    assert ["Sternhaus" in content or "Bonn" in content for content in contents] == [False, False]
    assert "Apfelbach" not in client.get(clinic.get_absolute_url()).content.decode()
    assert "Apfelbach" not in client.get("/en/specialists/?country=CH").content.decode()


def test_conditions_that_are_not_public_are_named_nowhere(client):
    secret = factories.make_condition(f"{SECRET} disease", is_published=False)
    clinic = factories.make_clinic(conditions=[secret, factories.make_condition()])

    contents = [
        client.get(address).content.decode()
        for address in (clinic.get_absolute_url(), "/en/specialists/", "/en/specialists/?condition=geheimnis-disease")
    ]

    assert [SECRET in content for content in contents] == [False, False, False]
    assert "Liver metastases" in contents[0]


def test_sitemap_lists_just_the_public_profiles(client, pages):
    locations = re.findall("<loc>https?://[^/]+([^<]+)</loc>", client.get("/sitemap-profiles-en.xml").content.decode())

    assert locations == ["/en/specialists/public-clinic/", "/en/specialists/aurelia-public/"]
