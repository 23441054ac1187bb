"""The site in every language: each page under each prefix, ways from one to the other, dates and numbers."""

import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from conditions import workflow
from conditions.models import Translation
from specialists import cards
from specialists.models import Location
from specialists.selection import Circle
from tests import factories
from tests.directory.conftest import SmallSite
from tests.pages import Page, read
from tools.messages import LOCALE

CODES = [code for code, _name in settings.LANGUAGES]
# What small_site does not list: kind → path
MORE = {
    "site search": "/en/search/?q=liver",
    "search without hits": "/en/search/?q=xyz",
    "glossary": "/en/glossary/",
    "empty shortlist": "/en/shortlist/",
    "map": "/en/specialists/map/",
    "options": "/en/specialists/options/condition/",
    "about": "/en/about/",
    "accessibility": "/en/accessibility/",
    "thanks": "/en/conditions/liver-metastases/thank-you/",
}


def in_language(path: str, language: str) -> str:
    return path.replace("/en/", f"/{language}/", 1)


@pytest.fixture
def pages(small_site: SmallSite) -> dict[str, str]:
    """Kind of page → its English path."""
    both = "&".join(f"p={profile.slug}" for profile in (small_site.clinic, small_site.physician))
    return {**small_site.pages, **MORE, "shortlist": f"/en/shortlist/?{both}"}


def alternates(page: Page) -> dict[str, str]:
    """Language → the address that the page's head gives for it."""
    return {link["hreflang"]: link["href"] for link in page.all("link") if link.get("rel") == "alternate"}


# Pages


@pytest.mark.django_db
@pytest.mark.parametrize("language", CODES)
def test_every_page_opens_in_the_language_of_its_address(pages, client, language):
    other = {"en": "de", "de": "en"}[language]
    for kind, path in pages.items():
        # What the browser prefers does not count against the address.
        response = client.get(in_language(path, language), headers={"accept-language": other})

        assert response.status_code == 200, kind
        assert read(response).all("html") == [{"lang": language}], kind
        assert response["Content-Language"] == language, kind


@pytest.mark.django_db
@pytest.mark.parametrize("language", CODES)
def test_page_that_does_not_exist_is_in_the_language_of_its_address(client, language):
    response = client.get(f"/{language}/nothing/")

    assert response.status_code == 404
    assert read(response).all("html") == [{"lang": language}]


@pytest.mark.django_db
def test_pages_name_each_other_as_their_translations(pages, client):
    for kind, path in pages.items():
        found = {code: alternates(read(client.get(in_language(path, code)))) for code in CODES}

        assert found["en"] == found["de"], kind
        assert list(found["en"]) == CODES, kind
        for code, address in found["en"].items():
            assert address == settings.SITE_URL + in_language(urlsplit(path).path, code), kind
            assert client.get(urlsplit(address).path).status_code == 200, kind


@pytest.mark.django_db
def test_language_link_leads_to_the_same_page_with_its_query(pages, client):
    for kind, path in pages.items():
        for here, there in (("en", "de"), ("de", "en")):
            [link] = read(client.get(in_language(path, here))).with_class("languages__link")

            assert link == {
                "class": "languages__link",
                "href": in_language(path, there),
                "lang": there,
                "hreflang": there,
            }, kind
            assert client.get(link["href"]).status_code == 200, kind


@pytest.mark.django_db
def test_language_link_names_the_language_in_its_own_words(client):
    assert "English" in read(client.get("/de/")).text
    assert "Deutsch" in read(client.get("/en/")).text


# The way in


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("de-CH,de;q=0.9,en;q=0.5", "de"),
        ("en-GB", "en"),
        ("fr,de;q=0.5,en;q=0.4", "de"),
        ("fr", "en"),
        ("*", "en"),
        ("x" * 5_000, "en"),
        (None, "en"),
    ],
)
def test_bare_address_leads_to_the_readers_language(small_site, client, accepted, language):
    headers = {"accept-language": accepted} if accepted else {}
    for path in ("/", "/conditions/liver-metastases/", "/specialists/?kind=clinic"):
        response = client.get(path, headers=headers)

        assert (response.status_code, response["Location"]) == (302, f"/{language}{path}")
        assert "Accept-Language" in response["Vary"]
        assert "ETag" not in response


@pytest.mark.django_db(transaction=True)
def test_kept_pages_of_the_languages_are_apart(small_site, client):
    path = small_site.pages["list"]
    first = {code: client.get(in_language(path, code)).content for code in CODES}

    again = {code: client.get(in_language(path, code), headers={"accept-language": "de"}) for code in CODES}

    assert {code: response.content for code, response in again.items()} == first
    assert [read(again[code]).all("html") for code in CODES] == [[{"lang": "en"}], [{"lang": "de"}]]
    # The address alone says which language: a cache in front need not ask for more.
    assert all("Accept-Language" not in response["Vary"] for response in again.values())


@pytest.mark.django_db(transaction=True)
def test_article_published_in_one_language_shows_in_both_at_once(small_site, client):
    paths = [in_language(small_site.pages["condition"], code) for code in CODES]
    before = [read(client.get(path)).text for path in paths]

    factories.take_live(factories.make_draft(small_site.condition, "de", title="Alles über die Leber"))

    english, german = (read(client.get(path)).text for path in paths)
    assert ["Lesen auf: English" in text for text in before] == [False, True]
    assert ("Alles über die Leber" in english, "Alles über die Leber" in german) == (False, True)
    assert "Lesen auf" not in german


# Dates and numbers


@pytest.mark.django_db
def test_dates_are_written_as_the_language_writes_them(client):
    condition = factories.make_condition("Gout")
    german = factories.make_draft(condition, "de")
    for draft in (factories.make_draft(condition), german):
        factories.take_live(draft, reviewed_on=datetime.date(2026, 3, 5), review_due=datetime.date(2027, 12, 31))
    factories.make_clinic(conditions=[condition], verified_on=datetime.date(2026, 5, 7))

    english, german_page = (read(client.get(f"/{code}/conditions/gout/")).text for code in CODES)

    assert all(day in english for day in ("5 March 2026", "31 December 2027", "7 May 2026"))
    assert all(day in german_page for day in ("5. März 2026", "31. Dezember 2027", "7. Mai 2026"))
    assert "Gout" in workflow.lock(german.article_id).condition.name


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "far"), [("en", "2.2 km away"), ("de", "2,2 km entfernt")])
def test_numbers_have_the_separators_of_the_language(language, far):
    clinic = factories.make_clinic()
    Location.objects.filter(clinic=clinic).update(latitude=50.13, longitude=8.68)

    with override(language):
        [card] = cards.cards([clinic.pk], Circle(50.11, 8.68, 25))

    assert card.far == far


# Nothing left in English


class TextNodes(HTMLParser):
    """The texts between tags, and those of attributes that people read or hear."""

    READ = ("alt", "aria-label", "placeholder", "title")
    SILENT = ("script", "style")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._silent = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._silent = tag
        self.found |= {tidy(value) for name, value in attrs if name in self.READ and value}

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.add(tidy(data))


def tidy(text: str) -> str:
    return " ".join(text.split())


def english_messages() -> set[str]:
    """Messages without placeholders that are something else in German."""
    catalogue = polib.pofile(str(LOCALE / "de" / "LC_MESSAGES" / "django.po"))
    return {tidy(entry.msgid) for entry in catalogue if "%" not in entry.msgid and entry.msgstr != entry.msgid}


@pytest.mark.django_db
def test_no_message_stands_in_english_on_a_german_page(pages, client):
    # Names are no left-overs: that of the language in the link to it, and that of the site.
    messages = english_messages() - {"English", settings.SITE_NAME}
    paths = [*pages.values(), "/en/nothing/", "/en/specialists/?near=Nowhere&page=7&sort=x&q=zzzz"]

    left = {path: messages & TextNodes(german(client, path)).found for path in paths}

    assert {path: found for path, found in left.items() if found} == {}


def german(client: Client, path: str) -> str:
    """The German page, without the marks that part the words of a search from the rest of a name."""
    html = client.get(in_language(path, "de")).content.decode()
    return html.replace("<mark>", "").replace("</mark>", "")


@pytest.mark.django_db
def test_english_pages_do_have_the_messages(pages, client):
    """So that the test above would notice them."""
    found = set[str]().union(*(TextNodes(client.get(path).content.decode()).found for path in pages.values()))

    assert len(found & english_messages()) > 100


@pytest.mark.django_db
def test_lists_on_a_page_are_in_the_order_of_the_readers_names(client):
    specialty = factories.make_specialty("Zoology")
    words: dict[str, list[Any]] = {"conditions": [], "treatments": [], "specialties": []}
    for english, name in (("Alpha", "Zyste"), ("Beta", "Ödem"), ("Gamma", "Ohr")):
        for kind, make in (
            ("conditions", factories.make_condition),
            ("treatments", factories.make_treatment),
            ("specialties", factories.make_specialty),
        ):
            term = make(f"{english} {kind}")
            Translation.objects.create(**{term._meta.model_name: term}, language="de", name=f"{name} {kind}")
            words[kind].append(term)
    everything = factories.make_condition("Everything")
    everything.treatments.set(words["treatments"])
    everything.specialties.set(words["specialties"])
    everything.related.set(words["conditions"])
    treatment = words["treatments"][0]
    treatment.specialties.set(words["specialties"])
    treatment.conditions.add(*words["conditions"])
    specialty.treatments.set(words["treatments"])
    specialty.conditions.set(words["conditions"])
    clinic = factories.make_clinic(**words)
    expected = {
        everything.get_absolute_url(): ("conditions", "treatments", "specialties"),
        treatment.get_absolute_url(): ("conditions", "specialties"),
        specialty.get_absolute_url(): ("conditions", "treatments"),
        clinic.get_absolute_url(): ("conditions", "treatments", "specialties"),
        "/en/": ("conditions",),
    }

    for path, kinds in expected.items():
        text = read(client.get(in_language(path, "de"))).text
        for kind in kinds:
            places = [text.rindex(f"{name} {kind}") for name in ("Ödem", "Ohr", "Zyste")]
            assert places == sorted(places), (path, kind)


@pytest.mark.django_db
def test_languages_are_offered_in_the_order_of_their_names(client):
    factories.make_clinic(languages=["ar", "cs", "de", "en", "tr"])

    def options(language: str) -> list[str]:
        form = client.get(f"/{language}/specialists/").context["listing"].filter.form
        return [option.label for option in form.fields["language"].options if option.count]

    assert options("en") == ["Arabic", "Czech", "English", "German", "Turkish"]
    assert options("de") == ["Arabisch", "Deutsch", "Englisch", "Tschechisch", "Türkisch"]
