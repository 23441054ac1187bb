"""Whatever somebody types into the search, or puts into its address: a page, and nothing but text on it."""

from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions import names
from directory.search import TEXT_LENGTH, SearchResults, tidy
from tests import factories
from tests.directory.searching import asked, make_site, write
from tests.pages import read

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert('liver')</script>"
# With a meaning of their own in SQL, patterns, or the language of full-text searches.
METACHARACTERS = (
    "&", "|", "!", "(", ")", ":", "*", "'", "\\", "%", "_", '"', "-", "<->", "liver & cancer", "liver | cancer",
    "!liver", "liver:*", "(liver", "liver)", "liver' OR '1'='1", "liver\\", "'; DROP TABLE conditions_condition; --",
    "%liver%", "liv_r", '"liver', "-liver", "liver <-> cancer", "liver:A", "{liver}", "$1", "%s", "%(text)s", "{0}",
)  # fmt: skip


@pytest.fixture
def site(db) -> None:
    make_site()


@pytest.mark.parametrize("query", ["", " ", "…", "\x00", "\x00\x00 \t"])
def test_no_words_ask_nothing(site, query):
    page = read(asked(query))

    assert page.with_class("hits") == []
    assert page.all("form")[0]["role"] == "search"


@pytest.mark.parametrize("query", ["quantum physics", "zzzz", "北京", "🫀", "🫀🩺" * 40])
def test_nothing_found_says_so_and_how_to_go_on(site, query):
    page = read(asked(query))

    assert "0 results for" in page.text
    assert "Nothing was found. Try one word only, or another spelling." in page.text
    assert "/en/conditions/" in [link["href"] for link in page.all("a")]


def test_grammar_alone_does_no_harm(site):
    for query in ("of the", "the", "für das", "what is", "i"):
        assert asked(query).status_code == 200, query


def test_signs_with_a_meaning_elsewhere_have_none_here(site):
    for query in METACHARACTERS:
        response = asked(query)

        assert response.status_code == 200, query
        assert ("hits-condition" in response.content.decode()) is ("liver" in names.search_words(query)), query


@pytest.mark.parametrize("query", [HOSTILE, f'"{HOSTILE}"', '"><img src=x onerror=alert(1)>', "</title><script>"])
def test_query_stays_text(site, query):
    page = read(asked(query))

    assert page.inline_code() == []
    assert page.all("img") == read(asked("liver")).all("img")
    assert [box["value"] for box in page.all("input") if box["id"] == "search-q"] == [query]


def test_names_and_texts_stay_text(site):
    hostile = factories.make_condition(f"{HOSTILE} syndrome", synonyms=[f"hostility {HOSTILE}"])
    factories.make_clinic(f"{HOSTILE} clinic", focus=HOSTILE, city=HOSTILE)
    write(
        f"Hostility {HOSTILE}", f"<p>{HOSTILE.replace('<', '&lt;').replace('>', '&gt;')} &amp;lt;b&amp;gt;</p>", hostile
    )

    for query in ("syndrome", "hostility", "script", "alert", "liver"):
        response = asked(query)
        assert read(response).inline_code() == []
        assert "<script>alert" not in response.content.decode()
        assert "alert('" in unescape(response.content.decode()).replace("<mark>", "").replace("</mark>", "")


def test_text_is_cut_to_the_length_of_the_field(site):
    results = SearchResults("liver " * 100)

    assert (len(results.text), results.text[:11]) == (TEXT_LENGTH, "liver liver")
    assert read(asked("liver " * 100)).with_class("search__input")[-1]["maxlength"] == str(TEXT_LENGTH)


@pytest.mark.parametrize(
    ("text", "tidied"),
    [("  liver \n\t cancer ", "liver cancer"), ("li\x00ver", "liver"), ("x" * 101, "x" * 100), ("", "")],
)
def test_tidy(text, tidied):
    assert tidy(text) == tidied


@pytest.mark.parametrize(
    "query", ["q=liver&q=bones", "q[]=liver", "q", "other=1", "q=%FF%FE", "q=" + "%F0%9F%AB%80" * 300]
)
def test_odd_addresses_are_answered(site, client, query):
    assert client.get(f"/en/search/?{query}").status_code == 200


@settings(deadline=None, max_examples=60)
@given(
    st.one_of(
        st.text(max_size=120),
        st.lists(st.sampled_from(["liver", "lever", "cancer", "of", "Müller", *METACHARACTERS]), max_size=9).map(
            " ".join
        ),
    )
)
def test_anything_typed_is_answered(django_db_setup, django_db_blocker, query):
    with django_db_blocker.unblock():
        assert asked(query).status_code == 200
