"""What the words of a search mean: spans that terms explain, names of people that none does, and marks for readers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions import search, words
from conditions.search import MOST_WORDS, START, STOP, Span
from tests.factories import make_condition, make_specialty, make_treatment

LIVER_METASTASES = ("condition", "liver-metastases")
LIVER_CANCER = ("condition", "liver-cancer")
OESOPHAGEAL_CANCER = ("condition", "oesophageal-cancer")
CHEMOTHERAPY = ("treatment", "chemotherapy")
UROLOGY = ("specialty", "urology")


@pytest.fixture
def vocabulary(db):
    make_condition("Liver metastases", synonyms=["liver mets", "cancer that has spread to the liver"])
    make_condition("Liver cancer", synonyms=["HCC", "cancer of the liver", "Leberkrebs"])
    make_condition("Oesophageal cancer", synonyms=["gullet cancer", "Speiseröhrenkrebs"])
    make_condition("Secret", synonyms=["hidden tumour"], is_published=False)
    make_treatment("Chemotherapy", synonyms=["chemo", "radio chemotherapy"])
    make_specialty("Urology", practitioner="urologist")


def meant(text: str) -> list[tuple[str, set[tuple[str, str]]]]:
    """(Words, terms) of each span."""
    return [(" ".join(span.words), set(span.terms)) for span in search.understand(text)]


# Spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("…!", []),
        ("liver metastases", [("liver metastases", {LIVER_METASTASES})]),
        ("LIVER-MÉTASTASES", [("liver metastases", {LIVER_METASTASES})]),
        ("metastasis liver", [("metastasis liver", {LIVER_METASTASES})]),
        ("liver mets", [("liver mets", {LIVER_METASTASES})]),
        ("hcc", [("hcc", {LIVER_CANCER})]),
        ("cancer in the liver", [("cancer in the liver", {LIVER_CANCER})]),
        ("cancer spread to my liver", [("cancer spread to my liver", {LIVER_METASTASES})]),
        ("esophageal cancers", [("esophageal cancers", {OESOPHAGEAL_CANCER})]),
        ("Speiserohrenkrebs", [("speiserohrenkrebs", {OESOPHAGEAL_CANCER})]),
        ("Speiseroehrenkrebs", [("speiseroehrenkrebs", {OESOPHAGEAL_CANCER})]),
        ("chemo therapy", [("chemo therapy", {CHEMOTHERAPY})]),
        ("urologist", [("urologist", {UROLOGY})]),
    ],
)
def test_words_that_name_a_term_are_one_span(vocabulary, text, expected):
    assert meant(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stern", [("stern", set())]),
        ("ada stern", [("ada", set()), ("stern", set())]),
        ("stern chemo", [("stern", set()), ("chemo", {CHEMOTHERAPY})]),
        ("liver metastases chemo", [("liver metastases", {LIVER_METASTASES}), ("chemo", {CHEMOTHERAPY})]),
        ("chemo for liver metastases", [("chemo", {CHEMOTHERAPY}), ("liver metastases", {LIVER_METASTASES})]),
        ("urologist stern hcc", [("urologist", {UROLOGY}), ("stern", set()), ("hcc", {LIVER_CANCER})]),
        ("the hcc", [("hcc", {LIVER_CANCER})]),
        ("the", [("the", set())]),
        ("of the", []),
    ],
)
def test_words_are_in_as_few_spans_as_terms_explain(vocabulary, text, expected):
    assert meant(text) == expected


def test_part_of_names_means_all_terms_that_have_it(vocabulary):
    assert meant("cancer") == [("cancer", {LIVER_CANCER, OESOPHAGEAL_CANCER, LIVER_METASTASES})]
    assert meant("liver") == [("liver", {LIVER_CANCER, LIVER_METASTASES})]


def test_whole_name_wins_over_longer_ones(vocabulary):
    make_treatment("Liver")

    assert meant("liver") == [("liver", {("treatment", "liver")})]


def test_name_of_two_terms_means_both(vocabulary):
    make_treatment("HCC")

    assert meant("hcc") == [("hcc", {LIVER_CANCER, ("treatment", "hcc")})]


@pytest.mark.parametrize("text", ["secret", "hidden tumour", "hiddentumour"])
def test_condition_that_is_not_public_is_not_meant(vocabulary, text):
    assert [terms for _words, terms in meant(text)] == [set()] * len(text.split())


def test_words_beyond_the_twelfth_are_left_out(vocabulary):
    assert MOST_WORDS == 12
    assert [span for span, _terms in meant(" ".join(f"w{number}" for number in range(14)))] == [
        f"w{number}" for number in range(12)
    ]


@settings(deadline=None, max_examples=60)
@given(
    typed=st.lists(
        st.sampled_from(["liver", "metastases", "cancer", "chemo", "of", "the", "stern", "urologist", "hcc"]),
        min_size=1,
        max_size=8,
    )
)
def test_spans_are_all_words_that_mean_something_in_their_order(django_db_setup, django_db_blocker, typed):
    with django_db_blocker.unblock():
        spans = search.understand(" ".join(typed))

    kept = [word for span in spans for word in span.words]
    assert [word for word in kept if word not in words.FILLERS] == [word for word in typed if word not in words.FILLERS]


@pytest.mark.parametrize("text", ["liver", "liver mets chemo stern", " ".join(["cancer"] * 12)])
def test_understanding_takes_one_query(vocabulary, django_assert_num_queries, text):
    with django_assert_num_queries(1):
        search.understand(text)


# Names for readers


def test_names_meant_are_those_with_the_words(vocabulary):
    spans = search.understand("gullet cancer chemo hcc")

    assert search.names_meant(spans) == {
        OESOPHAGEAL_CANCER: "gullet cancer",
        CHEMOTHERAPY: "chemo",
        LIVER_CANCER: "HCC",
    }


def test_names_meant_are_the_name_itself_where_it_has_the_words(vocabulary):
    assert search.names_meant(search.understand("liver"))[LIVER_CANCER] == "Liver cancer"
    assert search.names_meant(search.understand("chemo therapy")) == {CHEMOTHERAPY: "Chemotherapy"}


def test_names_meant_of_unknown_words_are_none(vocabulary):
    assert search.names_meant(search.understand("stern")) == {}
    assert search.names_meant([Span(("liver",))]) == {}


# Marks


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("Liver metastases", ["liver"], "<mark>Liver</mark> metastases"),
        ("Liver metastases", ["metastasis"], "Liver <mark>metastases</mark>"),
        ("Liver metastases", ["meta"], "Liver <mark>metastases</mark>"),
        ("Müller", ["mull"], "<mark>Müller</mark>"),
        ("<b>Liver</b> & co", ["liver"], "&lt;b&gt;<mark>Liver</mark>&lt;/b&gt; &amp; co"),
        ("Liver", [], "Liver"),
        ("Liver", ["iver"], "Liver"),
        ("", ["liver"], ""),
    ],
)
def test_marked_words(text, typed, expected):
    assert search.marked(text, typed) == expected


@pytest.mark.parametrize(
    ("excerpt", "expected"),
    [
        (f"the {START}liver{STOP} is", "the <mark>liver</mark> is"),
        (f"{START}<b>{STOP} &", "<mark>&lt;b&gt;</mark> &amp;"),
        ("nothing", "nothing"),
        ("", ""),
    ],
)
def test_excerpt_html(excerpt, expected):
    assert search.excerpt_html(excerpt) == expected
