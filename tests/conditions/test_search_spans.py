"""How a search is parted into spans: words written apart, other words for a cancer, and which neighbours belong."""

import pytest

from conditions import search
from conditions.search import Names, Span
from tests.factories import make_condition, make_specialty, make_treatment

pytestmark = pytest.mark.django_db

BREAST_CANCER = ("condition", "breast-cancer")
NEUROENDOCRINE = ("condition", "neuroendocrine-tumours")
RECTAL_CANCER = ("condition", "rectal-cancer")
BREAST_SURGERY = ("specialty", "breast-surgery")
IMMUNOTHERAPY = ("treatment", "immunotherapy")


@pytest.fixture(autouse=True)
def _vocabulary(db) -> None:
    make_condition("Breast cancer")
    make_condition("Rectal cancer")
    make_condition("Neuroendocrine tumours")
    make_treatment("Immunotherapy")
    make_treatment("Pain therapy")
    make_specialty("Breast surgery", practitioner="breast doctor")
    make_specialty("Oncology", practitioner="cancer doctor")


def meant(text: str) -> list[tuple[str, set[tuple[str, str]]]]:
    return [(" ".join(span.words), set(span.terms)) for span in search.understand(text)]


@pytest.mark.parametrize("text", ["neuro endocrine tumour", "tumor neuro endocrin", "neuro-endocrine tumors"])
def test_word_written_apart_is_read_together(text):
    assert [terms for _words, terms in meant(text)] == [{NEUROENDOCRINE}]


def test_word_written_apart_is_read_together_beside_others():
    assert meant("rectal cancer immuno therapy") == [
        ("rectal cancer", {RECTAL_CANCER}),
        ("immuno therapy", {IMMUNOTHERAPY}),
    ]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("rectal tumour", RECTAL_CANCER),
        ("rectal carcinoma", RECTAL_CANCER),
        ("malignancy, rectal", RECTAL_CANCER),
        ("neuroendocrine cancer", NEUROENDOCRINE),
        ("Rectal-Karzinom", RECTAL_CANCER),
    ],
)
def test_any_word_for_a_cancer_is_read_where_no_name_has_it(text, term):
    assert [terms for _words, terms in meant(text)] == [{term}]


def test_name_with_the_very_word_wins():
    benign = make_condition("Rectal tumour")

    assert meant("rectal tumours") == [("rectal tumours", {("condition", benign.slug)})]


def test_words_for_a_cancer_alone_are_read_as_they_are():
    assert meant("carcinoma") == [("carcinoma", set())]


def test_name_read_by_another_word_is_named():
    assert search.names_meant(search.understand("rectal tumour")) == {RECTAL_CANCER: "Rectal cancer"}
    assert search.names_meant(search.understand("neuro endocrine tumour")) == {NEUROENDOCRINE: "Neuroendocrine tumours"}


def test_neighbours_belong_where_the_meaning_is_clearest():
    assert meant("doctor for breast cancer")[-1] == ("breast cancer", {BREAST_CANCER})
    assert meant("breast doctor") == [("breast doctor", {BREAST_SURGERY})]


@pytest.mark.parametrize("text", ["what is breast cancer", "was ist breast cancer", "who can treat my breast cancer"])
def test_questions_are_grammar(text):
    assert ("breast cancer", {BREAST_CANCER}) in meant(text)
    assert {"what", "was", "ist", "who", "can", "my"}.isdisjoint(
        word for words, _ in meant(text) for word in words.split()
    )


def test_several_spellings_are_read_with_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        names = Names.sharing([["rectal", "renal"], ["cancer", "cancel"]])

    with django_assert_num_queries(0):
        assert names.spans(["rectal", "cancer"]) == (Span(("rectal", "cancer"), frozenset({RECTAL_CANCER})),)
        assert names.spans(["renal", "cancel"]) == (Span(("renal",)), Span(("cancel",)))
        assert names.spans([]) == ()


def test_fewest_and_clearest_spans_are_the_least_scatter():
    one = search.understand("breast cancer")
    two = search.understand("breast pain")
    unknown = search.understand("breast zzzz")

    assert search.scatter(one) < search.scatter(two) < search.scatter(unknown)
    assert search.scatter(()) == (0, 0)
