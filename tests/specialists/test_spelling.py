"""Words that nobody here uses become near ones that are used: of medicine first, then of articles, then of names."""

import pytest
from django.core.management import call_command

from specialists import spelling
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def words():
    """A small directory whose words have been taken."""
    factories.make_condition("Liver metastases", synonyms=["liver mets"])
    factories.make_condition("Colorectal cancer", synonyms=["bowel cancer"])
    factories.make_condition("Pancreatic cancer", synonyms=["cancer of the pancreas"])
    factories.make_condition("Oesophageal cancer", synonyms=["Speiseröhrenkrebs"])
    factories.make_condition("Secret syndrome", is_published=False)
    factories.make_treatment("Chemotherapy")
    factories.make_treatment("Radiofrequency ablation")
    factories.make_clinic("Sternwaldhaus")
    factories.make_physician("Müller", given_name="Jörg")
    factories.make_physician("Geheimnis", status="draft")
    spelling.refresh()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("liver metastisis", "liver metastases"),
        ("leever metastases", "liver metastases"),
        ("pancreus", "pancreas"),
        ("pancreus cancer", "pancreas cancer"),
        ("kemotherapy", "chemotherapy"),
        ("chemoterapie", "chemotherapy"),
        ("collorectal canser", "colorectal cancer"),
        ("oesofageal cancer", "oesophageal cancer"),
        ("speiserorenkrebs", "speiserohrenkrebs"),
        ("Sternwalthaus", "sternwaldhaus"),
        ("jorg mueler", "jorg mueller"),
        ("cancer of the pankreas", "cancer of the pancreas"),
    ],
)
def test_unknown_words_become_near_ones(words, typed, meant):
    assert spelling.corrected(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "…",
        "liver metastases",
        "LIVER Métastases",
        "metastasis",
        "livers",
        "Müller",
        "mueller",
        "muller",
        "the liver of my",
        "esophageal cancers",
    ],
)
def test_known_words_stay(words, typed):
    assert spelling.corrected(typed) is None


@pytest.mark.parametrize("typed", ["zzzzzz", "xq", "quantum", "北京", "12345", "' OR 1=1; --", "%", "\\"])
def test_words_that_nothing_is_near_stay(words, typed):
    assert spelling.corrected(typed) is None


@pytest.mark.parametrize("typed", ["Geheimniss", "Secrat", "syndrom"])
def test_words_of_what_is_not_public_are_never_offered(words, typed):
    assert spelling.corrected(typed) is None


@pytest.mark.parametrize(
    ("text", "is_literal"),
    [
        ('"kemotherapy"', True),
        (' "kemotherapy" ', True),
        ("“kemotherapy”", True),
        ("„kemotherapy“", True),
        ("«kemotherapy»", True),
        ('"kemotherapy', False),
        ("kemotherapy", False),
        ('"', False),
        ("", False),
    ],
)
def test_text_in_quotation_marks_is_literal(words, text, is_literal):
    assert spelling.is_literal(text) is is_literal
    if is_literal:
        assert spelling.corrected(text) is None


def test_known_text_without_quotation_marks_is_corrected(words):
    assert spelling.corrected('"kemotherapy') == "chemotherapy"


def test_words_that_make_a_term_together_win():
    factories.make_condition("Liver metastases")
    factories.make_condition("Metabolic syndrome")
    factories.make_condition("Lever arm pain")
    spelling.refresh()

    assert spelling.corrected("lyver metastisis") == "liver metastases"


def test_words_of_the_vocabulary_win_over_names():
    factories.make_treatment("Ablation")
    factories.make_physician("Ablatio")
    spelling.refresh()

    assert spelling.corrected("ablasion") == "ablation"


def test_words_of_published_articles_are_known():
    revision = factories.make_draft()
    section = revision.sections.get()
    section.body = "<p>It is called <em>jaundice</em>.</p>"
    section.save()
    spelling.refresh()
    assert spelling.corrected("jaundise") is None

    factories.take_live(revision)
    spelling.refresh()

    assert spelling.corrected("jaundise") == "jaundice"


def test_names_split_otherwise_are_found(words):
    assert spelling.corrected("radio frequenzy") == "Radiofrequency ablation"
    assert spelling.corrected("pancre atic canser") == "Pancreatic cancer"


def test_new_names_are_known_after_a_refresh(words):
    factories.make_clinic("Sonnenblick")
    assert spelling.corrected("sonenblick") is None

    spelling.refresh()

    assert spelling.corrected("sonenblick") == "sonnenblick"


def test_new_terms_are_known_at_once(words):
    factories.make_treatment("Embolisation")

    assert spelling.corrected("embolisasion") == "Embolisation"


def test_words_beyond_the_twelfth_are_left_out(words):
    typed = " ".join(["liver"] * 12 + ["kemotherapy"])

    assert spelling.corrected(typed) is None


@pytest.mark.parametrize("typed", ["kemotherapy", "leever metastisis canser pancreus"])
def test_correcting_takes_few_queries(words, django_assert_max_num_queries, typed):
    """Two to know the words, one a word, one a combination that is tried."""
    with django_assert_max_num_queries(2 + 4 + spelling.COMBINATIONS):
        assert spelling.corrected(typed)


@pytest.mark.django_db(transaction=True)
def test_refresh_works_outside_a_transaction():
    factories.make_treatment("Embolisation")

    call_command("refresh_index")

    assert spelling.corrected("embolisasion") == "embolisation"
