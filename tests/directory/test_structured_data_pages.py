"""Every public page says to machines what it shows to people: all of it valid, none of it more."""

import datetime
import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from conditions import workflow
from conditions.models import Condition, Contributor, GlossaryTerm, Picture, Section, Specialty, Treatment
from directory.templatetags import page_data
from specialists.models import Certificate, Department, Location, OpeningHours, Profile
from tests import factories
from tests.directory.conftest import SmallSite
from tests.directory.schema_org import problems, types_of
from tests.pages import Page, read

pytestmark = pytest.mark.django_db
SITE = "https://directory.example"
# Texts for people; the rest are addresses, codes, dates and words of the vocabulary.
TEXTS = {
    *("name", "headline", "abstract", "description", "alternateName", "caption", "creditText", "telephone"),
    *("disambiguatingDescription", "streetAddress", "postalCode", "addressLocality", "addressRegion", "codeValue"),
}
# Kinds of pages in SmallSite.pages → the types of their nodes, further down the page last.
EXPECTED = {
    "home": ["WebSite"],
    "conditions": ["CollectionPage"],
    "search": [],
    "condition": ["MedicalWebPage", "ItemList"],
    "treatments": ["CollectionPage"],
    "treatment": ["MedicalWebPage", "ItemList"],
    "specialties": ["CollectionPage"],
    "specialty": ["MedicalWebPage", "ItemList"],
    "list": ["CollectionPage"],
    "filtered list": [],
    "empty list": [],
    "list with unknown values": ["CollectionPage"],
    "clinic": ["ProfilePage"],
    "physician": ["ProfilePage"],
}


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def full_site(small_site: SmallSite) -> SmallSite:
    """The small site with all that its pages can show."""
    site = small_site
    Condition.objects.update(summary="Tumours of the liver from elsewhere.", mesh="D008113", is_sample=True)
    Treatment.objects.update(synonyms=["hepatectomy"], description="Long.", kind="radiotherapy")
    Specialty.objects.update(description="Operates on the belly.")
    Contributor.objects.update(qualification="Consultant & surgeon")
    Profile.objects.update(
        focus="Liver & bile ducts",
        languages=["de", "tr"],
        accepting="yes",
        verified_on=datetime.date(2026, 5, 4),
        is_sample=True,
        photo=site.picture,
    )
    Picture.objects.update(credit="A. Drawer, CC BY 4.0")
    Location.objects.update(street="Parkweg 1", postcode="69115", latitude=49.4, longitude=8.7)
    hours = {"weekday": 2, "opens": datetime.time(8), "closes": datetime.time(16)}
    OpeningHours.objects.create(location=site.clinic.locations.get(), **hours)
    Department.objects.create(
        clinic=site.clinic, name="Endoscopy", phone="+49 6221 9", specialty=Specialty.objects.get()
    )
    Certificate.objects.create(profile=site.clinic, name="Liver centre", issuer="Liver society", url=SITE)
    Certificate.objects.create(profile=site.physician, name="Liver surgeon", issuer="Liver society")
    Location.objects.create(clinic=site.clinic, name="House B", city="Mannheim", region="Baden", country="DE")
    GlossaryTerm.objects.create(slug="stent", term="Stent", explanation="A small tube.", also=["stents"])
    site.pages["glossary"] = "/en/glossary/"
    site.pages["empty condition"] = factories.make_condition("Gout").get_absolute_url()
    return site


def nodes(page: Page) -> list[dict[str, Any]]:
    """The nodes of a page, those of a graph each for itself."""
    return [node for block in page.data() for node in block.get("@graph", [block])]


def values(node: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """(property, plain value) for everything within the node."""
    if isinstance(node, dict):
        for inner, value in node.items():
            yield from values(value, inner)
    elif isinstance(node, list):
        for value in node:
            yield from values(value, name)
    else:
        yield name, node


def is_noindex(page: Page) -> bool:
    return {"name": "robots", "content": "noindex"} in page.all("meta")


def test_kinds_of_nodes_on_each_page(client: Client, small_site: SmallSite) -> None:
    found = {
        name: ["/".join(types_of(node)) for node in nodes(read(client.get(path)))]
        for name, path in small_site.pages.items()
    }

    assert found == EXPECTED


def test_everything_is_as_schema_org_defines_it(client: Client, full_site: SmallSite) -> None:
    wrong = {
        name: [problem for node in nodes(read(client.get(path))) for problem in problems(node)]
        for name, path in full_site.pages.items()
    }

    assert wrong == {name: [] for name in full_site.pages}


def test_nothing_is_said_that_the_page_does_not_show(client: Client, full_site: SmallSite) -> None:
    for path in full_site.pages.values():
        response = client.get(path)
        page = read(response)
        # Text alternatives and the description in results are shown too, in their way; cards for links repeat ours.
        attributes = [value for _tag, given in page.elements if "property" not in given for value in given.values()]
        title = html.unescape(response.content.decode().partition("<title>")[2].partition("</title>")[0])
        shown = " ".join([page.text, title, *attributes])
        said = {value for node in nodes(page) for name, value in values(node) if name in TEXTS}
        assert [value for value in said if " ".join(value.split()) not in shown] == []


def test_pages_that_are_not_indexed_say_nothing(client: Client, small_site: SmallSite) -> None:
    more = ["/en/specialists/map/", "/en/specialists/options/condition/", "/en/search/?q=liver", "/en/search/"]
    pages = {path: read(client.get(path)) for path in [*small_site.pages.values(), *more]}

    silent = {path for path, page in pages.items() if not page.data()}

    assert silent == {path for path, page in pages.items() if is_noindex(page)}
    assert len(silent) == 7


@pytest.mark.parametrize("path", ["/en/nothing/", "/en/conditions/nothing/", "/en/specialists/nothing/"])
def test_error_pages_say_nothing(client: Client, path: str) -> None:
    response = client.get(path)

    page = read(response)
    assert response.status_code == 404
    assert page.data() == []
    assert [link for link in page.all("link") if link["rel"] == "canonical"] == []


def test_editors_view_of_what_is_not_public_says_nothing(admin_client: Client, small_site: SmallSite) -> None:
    hidden = [small_site.hidden_condition, *small_site.hidden_profiles]

    for shown in hidden:
        page = read(admin_client.get(shown.get_absolute_url()))
        assert "Only signed-in editors can see this page." in page.text
        assert page.data() == []
        assert "og:title" not in [meta.get("property") for meta in page.all("meta")]
        assert [link for link in page.all("link") if link["rel"] == "canonical"] == []


def test_preview_says_nothing(admin_client: Client, small_site: SmallSite) -> None:
    draft = workflow.open_draft(small_site.condition.articles.get())

    page = read(admin_client.get(reverse("admin:conditions_revision_preview", args=(draft.pk,))))

    assert "Visitors do not see it." in page.text
    assert page.data() == []
    assert "og:title" not in [meta.get("property") for meta in page.all("meta")]


def test_draft_does_not_show_in_the_data(client: Client, small_site: SmallSite) -> None:
    draft = workflow.open_draft(small_site.condition.articles.get())
    draft.sections.update(heading="Xylophone")
    factories.make_draft(factories.make_condition("Gout"), title="Xylophone")

    content = client.get(small_site.pages["condition"]).content + client.get("/en/conditions/gout/").content

    assert b"Xylophone" not in content


def test_data_asks_the_database_for_nothing_more(
    client: Client, full_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries() -> dict[str, int]:
        counts = {}
        for name, path in full_site.pages.items():
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            counts[name] = len(captured)
        return counts

    with_data = queries()
    monkeypatch.setattr(page_data, "page_of", lambda _context: None)

    assert queries() == with_data


def test_breadcrumb_is_the_one_on_the_page(client: Client, full_site: SmallSite) -> None:
    for name, path in full_site.pages.items():
        page = read(client.get(path))
        for node in nodes(page):
            if "breadcrumb" not in node:
                continue
            steps = node["breadcrumb"]["itemListElement"]
            way = " ".join(step["name"] for step in steps)
            assert (name, way in page.text) == (name, True)
            assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
            assert steps[0]["item"] == {"@type": "WebPage", "@id": f"{SITE}/en/"}
            assert steps[-1]["item"]["@id"] == node["@id"] == node["url"]


def test_home_offers_the_search(client: Client) -> None:
    [site] = nodes(read(client.get("/en/")))

    assert site == {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": f"{SITE}/en/#site",
        "name": "Specialist Directory",
        "url": f"{SITE}/en/",
        "description": "Patient information you can check, and the specialists who treat your condition.",
        "inLanguage": "en",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{SITE}/en/search/?q={{text}}"},
            "query-input": "required name=text",
        },
    }


def test_list_names_the_specialists_of_its_first_page(client: Client, small_site: SmallSite) -> None:
    [page] = nodes(read(client.get("/en/specialists/")))

    assert page["mainEntity"]["numberOfItems"] == 2
    assert [(item["name"], item["url"]) for item in page["mainEntity"]["itemListElement"]] == [
        ("Clinic Am Park", f"{SITE}/en/specialists/clinic-am-park/"),
        ("Aurelia Sternwald", f"{SITE}/en/specialists/aurelia-sternwald/"),
    ]


def test_condition_names_its_specialists(client: Client, small_site: SmallSite) -> None:
    for number in range(8):
        factories.make_clinic(f"Clinic {number}", conditions=[small_site.condition])

    _page, found = nodes(read(client.get(small_site.pages["condition"])))

    assert (found["numberOfItems"], len(found["itemListElement"])) == (10, 6)
    assert found["@id"] == f"{SITE}/en/conditions/liver-metastases/#specialists"
    assert found["mainEntityOfPage"] == f"{SITE}/en/conditions/liver-metastases/"


def test_condition_nobody_treats_has_no_list(client: Client) -> None:
    factories.make_condition("Gout")

    assert [node["@type"] for node in nodes(read(client.get("/en/conditions/gout/")))] == ["MedicalWebPage"]


def test_long_list_names_its_beginning_and_how_many_there_are(client: Client) -> None:
    for number in range(102):
        factories.make_specialty(f"Specialty {number:03}")

    [page] = nodes(read(client.get("/en/specialties/")))

    items = page["mainEntity"]["itemListElement"]
    assert (page["mainEntity"]["numberOfItems"], len(items)) == (102, 100)
    assert (items[0]["name"], items[-1]["name"]) == ("Specialty 000", "Specialty 099")


def test_hostile_texts_stay_in_the_data(client: Client) -> None:
    name = "</script><script>alert(1)</script>"
    condition = factories.make_condition(name, slug="gout", summary=name, synonyms=[name])
    draft = factories.make_draft(condition, title=name, teaser=name)
    Section.objects.create(revision=draft, heading=name, body="<p>Text.</p>", ordering=20)
    factories.take_live(draft)
    factories.make_clinic(name, slug="clinic", focus=name, conditions=[condition])
    plain = {"/en/conditions/": 1, "/en/conditions/gout/": 2, "/en/specialists/clinic/": 1}

    for path, blocks in plain.items():
        page = read(client.get(path))
        assert len(page.data()) == blocks
        assert len([script for script in page.all("script") if "src" not in script]) == blocks
        assert page.inline_code() == []
        assert name in [value for node in nodes(page) for _name, value in values(node)]


def test_signed_in_reader_of_a_public_page_sees_the_same(client: Client, small_site: SmallSite) -> None:
    path = small_site.pages["condition"]
    before = read(client.get(path)).data()

    client.force_login(User.objects.create_superuser("boss"))

    assert read(client.get(path)).data() == before
    assert len(before) == 2
