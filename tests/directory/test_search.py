"""The site's search: what is found in each part, why, in which order, and that nothing else ever shows."""

import logging

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from conditions import workflow
from conditions.models import Section
from directory.search import SHOWN, SearchResults
from specialists import spelling
from tests import factories
from tests.directory.searching import asked, make_site, write
from tests.pages import read

pytestmark = pytest.mark.django_db

# Words → queries of their search.
COSTS = {"liver": 20, "liver resection": 10, "müller": 8, "lever metastisis": 16, "zzzz": 7}


@pytest.fixture
def site(db) -> None:
    make_site()


def found(query: str) -> dict[str, list[str]]:
    """Kind → the names under its heading, with their marks."""
    return {str(group.kind): [str(hit.name) for hit in group.hits] for group in SearchResults(query).groups}


# Groups


def test_groups_come_in_the_order_of_what_patients_ask_for(site):
    groups = SearchResults("liver").groups

    assert [(str(group.kind), group.title) for group in groups] == [
        ("condition", "Conditions"),
        ("treatment", "Treatments"),
        ("specialty", "Specialties"),
        ("article", "In patient information"),
        ("physician", "Physicians"),
        ("clinic", "Clinics"),
    ]
    assert found("liver")["condition"] == ["<mark>Liver</mark> cancer", "<mark>Liver</mark> metastases"]


def test_groups_without_hits_are_left_out(site):
    assert found("chemo").keys() == {"treatment", "physician"}


def test_name_that_all_words_mean_comes_before_those_that_some_mean(site):
    assert found("liver metastases")["condition"] == ["<mark>Liver</mark> <mark>metastases</mark>"]
    assert found("chemotherapy liver metastases") == {
        "condition": ["<mark>Liver</mark> <mark>metastases</mark>"],
        "treatment": ["<mark>Chemotherapy</mark>"],
    }


def test_name_with_the_words_comes_before_synonyms_that_have_them(site):
    factories.make_condition("Abdominal abscess", synonyms=["liver abscess"])

    assert found("liver")["condition"][-1] == "Abdominal abscess"


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("liver mets", "also called “liver mets”"),
        ("LIVER METS", "also called “liver mets”"),
        ("secondary liver cancer", "also called “secondary liver cancer”"),
        ("liver metastases", ""),
        ("Liver metastasis", ""),
    ],
)
def test_synonym_is_named_where_the_name_does_not_say_it(site, query, note):
    (condition,) = SearchResults(query).groups[0].hits

    assert (condition.url, condition.note) == ("/en/conditions/liver-metastases/", note)


@pytest.mark.parametrize(
    "query",
    [
        "hcc",
        "tumor of the liver",
        "tumours of the liver",
        "tumor in my liver",
        "the liver tumor",
        "Leberkrebs",
        "liver carcinoma",
    ],
)
def test_condition_is_found_in_any_spelling(site, query):
    assert SearchResults(query).groups[0].hits[0].url == "/en/conditions/liver-cancer/"


@pytest.mark.parametrize("query", ["esophageal cancer", "Speiseröhrenkrebs", "Speiseroehrenkrebs", "speiserohrenkrebs"])
def test_condition_is_found_with_and_without_umlauts(site, query):
    assert SearchResults(query).groups[0].hits[0].url == "/en/conditions/oesophageal-cancer/"


@pytest.mark.parametrize("query", ["Müller", "Mueller", "Muller", "mül", "jörg müller", "MUELLER, Joerg"])
def test_person_is_found_with_and_without_umlauts(site, query):
    (group,) = SearchResults(query).groups

    assert (group.kind, group.total, group.hits[0].url) == ("physician", 1, "/en/specialists/joerg-mueller/")


def test_people_come_with_what_they_do_where_and_why(site):
    groups = {str(group.kind): group for group in SearchResults("liver resection").groups}

    (clinic,) = groups["clinic"].hits
    assert (clinic.name, clinic.note) == ("Clinic Am Park", "Livers · Heidelberg · Liver resection")


def test_totals_are_those_of_the_lists_behind_their_links(site, client):
    for number in range(SHOWN + 2):
        factories.make_clinic(f"Liver clinic {number}")
        factories.make_physician(f"Liverson{number}")

    page = asked("liver").content.decode()

    for group in SearchResults("liver").groups[-2:]:
        listed = read(client.get(group.more_url))
        assert len(group.hits) == SHOWN
        assert f"{group.total} specialists found" in listed.text
        assert f'href="{group.more_url.replace("&", "&amp;")}"' in page
        assert f"{group.title}: show and filter all {group.total}" in page


def test_no_link_to_all_where_all_are_shown(site):
    assert "show and filter all" not in asked("liver").content.decode()


def test_more_conditions_than_are_shown_ask_for_another_word(site):
    for number in range(SHOWN + 1):
        factories.make_condition(f"Knee pain {number}")

    page = read(asked("knee"))

    assert len(page.with_class("hits__name")) == SHOWN
    assert "Conditions 6" in page.text
    assert "Add a word to narrow it down." in page.text


def test_total_of_the_page_is_the_sum_of_its_groups(site):
    results = SearchResults("liver")

    assert results.total == sum(group.total for group in results.groups) == 8
    assert "8 results for “liver”" in read(asked("liver")).text
    assert "1 result for “müller”" in read(asked("müller")).text


def test_heading_names_and_counts_each_group(site):
    page = read(asked("liver"))

    assert [section["aria-labelledby"] for section in page.with_class("hits")] == [
        "hits-condition",
        "hits-treatment",
        "hits-specialty",
        "hits-article",
        "hits-physician",
        "hits-clinic",
    ][: len(page.with_class("hits"))]
    assert {"hits-condition", "hits-clinic"} <= {title.get("id") for title in page.with_class("hits__title")}


# Articles


def article_hits(query: str) -> list[tuple[str, str, str]]:
    groups = [group for group in SearchResults(query).groups if group.kind == "article"]
    return [(str(hit.name), hit.url, str(hit.note)) for group in groups for hit in group.hits]


def test_article_is_found_by_its_text_with_a_passage_and_a_place(site, client):
    ((name, url, passage),) = article_hits("yellow skin")

    assert name == "Liver cancer: What is jaundice?"
    assert passage == "<mark>skin</mark> becomes <mark>yellow</mark>, as the liver fails"
    path, _hash, anchor = url.partition("#")
    assert anchor in {attributes.get("id") for _tag, attributes in read(client.get(path)).elements}


def test_article_is_found_by_its_headings(site):
    assert [name for name, _url, _passage in article_hits("jaundice")] == [
        "Liver cancer: What is <mark>jaundice</mark>?"
    ]


def test_article_is_found_once_however_many_sections_have_the_words(site):
    condition = factories.make_condition("Gallstones")
    draft = factories.make_draft(condition)
    sections = [Section(heading=f"Part {number}", body="<p>Colic.</p>") for number in range(3)]
    workflow.write_draft(draft, {}, sections, [(source, 0) for source in draft.sources.all()])
    factories.take_live(draft)

    assert len(article_hits("colic")) == 1


def test_article_of_another_language_is_not_found(site):
    condition = factories.make_condition("Gallstones")
    write("Was ist das?", "<p>Steine aus Cholesterin.</p>", condition, "de")

    assert article_hits("Cholesterin") == []
    with translation.override("de"):
        assert [name.partition(":")[0] for name, _url, _passage in article_hits("Cholesterin")] == ["Gallstones"]


def test_words_of_drafts_former_texts_and_hidden_conditions_are_never_found(site):
    condition = factories.make_condition("Gallstones")
    old = write("Old", "<p>Formerword.</p>", condition)
    assert len(article_hits("formerword")) == 1
    write("New", "<p>Presentword.</p>", condition)
    draft = factories.make_draft(condition)
    draft.sections.update(body="<p>Draftword.</p>")
    write("Hidden", "<p>Hiddenword.</p>", factories.make_condition("Gallbladder polyps"))
    hidden = factories.make_condition("Unpublished disease", synonyms=["hiddensynonym"], is_published=False)
    write("Hidden", "<p>Secretword.</p>", hidden)
    type(hidden).objects.filter(pk=hidden.pk).update(is_published=False)
    factories.make_physician("Hiddenperson", status="hidden")
    factories.make_clinic("Draftclinic", status="draft")
    spelling.refresh()
    old.refresh_from_db()
    assert old.status == "archived"
    assert len(article_hits("presentword")) == len(article_hits("hiddenword")) == 1

    for word in (
        "formerword", "draftword", "secretword", "unpublished", "hiddensynonym", "hiddenperson", "draftclinic",
    ):  # fmt: skip
        for query in (word, word[:-1], f"{word}x", f'"{word}"'):
            page = read(asked(query)).text
            assert "0 results for" in page, query
            assert "Nothing was found." in page


# Slips of the pen


def test_unknown_word_is_corrected_and_says_so_both_ways(site, client):
    page = read(asked("liver metastisis"))

    assert "Showing results for liver metastases . Search instead for “liver metastisis”" in page.text
    assert "for “liver metastases”" in page.text
    (literal,) = [link["href"] for link in page.all("a") if "%22" in link.get("href", "")]
    literally = read(client.get(literal))
    assert "Showing results for" not in literally.text
    assert article_hits('"liver metastisis"') == []
    assert [box["value"] for box in literally.all("input") if box["id"] == "search-q"] == ['"liver metastisis"']


@pytest.mark.parametrize("query", ["liver metastases", "müller", "liver", '"metastisis"', "„metastisis“", "zzzzzz"])
def test_known_literal_and_hopeless_words_are_not_corrected(site, query):
    assert "Showing results for" not in read(asked(query)).text


def test_marks_follow_what_was_looked_for(site):
    assert found("liver metastisis")["condition"] == ["<mark>Liver</mark> <mark>metastases</mark>"]


# Discretion and cost


def test_search_is_kept_and_written_nowhere(site, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        response = asked("liver metastisis")

    assert response["Cache-Control"] == "private, no-store"
    assert response.cookies == {}
    assert {"name": "robots", "content": "noindex"} in read(response).all("meta")
    ours = [record for record in caplog.records if record.name != "django.db.backends"]
    assert not any("metast" in record.getMessage() for record in ours)
    assert "metast" not in "".join(capfd.readouterr())


def test_wrong_method_is_refused(client):
    assert client.post("/en/search/", {"q": "liver"}).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_cost_does_not_grow_with_what_is_found(site, client):
    before = {query: cost(client, query) for query in COSTS}
    for number in range(12):
        condition = factories.make_condition(f"Liver disease {number}", synonyms=[f"liver trouble {number}"])
        clinic = factories.make_clinic(f"Liver clinic {number}", conditions=[condition])
        factories.make_physician(f"Müller{number}", clinics=[clinic], conditions=[condition])
        write("What is it?", "<p>The liver.</p>", condition)
    spelling.refresh()

    after = {query: cost(client, query) for query in COSTS}

    assert before == after == COSTS


def cost(client: Client, query: str) -> int:
    """Queries of a search, once the vocabulary of this version has been read."""
    asked("anything", client)
    with CaptureQueriesContext(connection) as captured:
        asked(query, client)
    return len(captured)
