"""How a search was read: what its words mean, and what was taken for a slip of the pen because nobody is found else."""

import pytest
from django.http import QueryDict

from conditions import search
from conditions.search import Span
from specialists import finding, reading, spelling
from specialists.listing import Listing
from specialists.reading import Meaning
from specialists.selection import Selection
from tests import factories
from tests.pages import read

pytestmark = pytest.mark.django_db

LIST = "/en/specialists/"
LIVER_METASTASES = frozenset({("condition", "liver-metastases")})


@pytest.fixture
def directory():
    """Clinics of this name or for this condition, with their words taken."""
    condition = factories.make_condition("Liver metastases", synonyms=["liver mets"])
    factories.make_condition("Gallstones")
    factories.make_clinic("Sternhaus", conditions=[condition], accepting="yes")
    factories.make_clinic("Waldhaus", accepting="no")
    spelling.refresh()


def reading_of(text: str, **facets: str) -> reading.Reading:
    ticked = {facet: frozenset([value]) for facet, value in facets.items()}
    return reading.read(finding.finder(), Selection(ticked, text, spans=search.understand(text)))


def test_reading_of_nothing(directory, django_assert_num_queries):
    finder = finding.finder()
    with django_assert_num_queries(0):
        result = reading.read(finder, Selection({"kind": frozenset(["clinic"])}))

    assert result == reading.Reading(Selection({"kind": frozenset(["clinic"])}), [])


def test_words_of_the_vocabulary_are_explained(directory):
    result = reading_of("liver mets sternhaus")

    assert result.meanings == [Meaning("liver mets", ["Liver metastases"], 0)]
    assert (result.shown, result.literal_url) == ("", "")
    assert result.selection.spans == (Span(("liver", "mets"), LIVER_METASTASES), Span(("sternhaus",)))


def test_explanation_names_three_terms_and_the_number_of_the_rest(directory):
    for name in ("Liver cysts", "Liver cancer", "Liver abscess", "Liver failure"):
        factories.make_condition(name)

    [meaning] = reading_of("liver").meanings

    assert meaning == Meaning("liver", ["Liver abscess", "Liver cancer", "Liver cysts"], 2)


def test_unknown_words_are_corrected_where_that_finds_somebody(directory):
    result = reading_of("lever metastisis", accepting="yes")

    assert result.shown == "liver metastases"
    assert result.literal_url == f"{LIST}?accepting=yes&q=%22lever+metastisis%22"
    assert result.meanings == [Meaning("liver metastases", ["Liver metastases"], 0)]
    assert result.selection == Selection(
        {"accepting": frozenset(["yes"])},
        "lever metastisis",
        spans=(Span(("liver", "metastases"), LIVER_METASTASES),),
    )


def test_names_are_corrected_too(directory):
    result = reading_of("sternhause")

    assert (result.shown, result.selection.spans) == ("sternhaus", (Span(("sternhaus",)),))


def test_unknown_words_stay_where_nothing_is_near(directory):
    result = reading_of("quantum")

    assert (result.shown, result.selection.spans) == ("", (Span(("quantum",)),))


def test_words_that_find_somebody_stay(directory):
    factories.make_clinic("Galstones")

    assert reading_of("galstones").shown == ""


def test_correction_that_finds_nobody_is_not_made(directory):
    assert spelling.corrected("galstones") == "gallstones"

    assert reading_of("galstones").shown == ""


def test_correction_that_only_the_other_filters_rule_out_is_made(directory):
    """The words are read alike whatever else is asked for."""
    result = reading_of("sternhause", accepting="no")

    assert result.shown == "sternhaus"
    assert Listing(QueryDict("q=sternhause&accepting=no")).total == 0


def test_text_in_quotation_marks_is_taken_as_it_is(directory):
    result = reading_of('"sternhause"')

    assert (result.shown, result.selection.spans) == ("", (Span(("sternhause",)),))


def test_literal_address_finds_what_was_typed(directory):
    corrected = Listing(QueryDict("q=sternhause&kind=clinic"))

    literal = Listing(QueryDict(corrected.reading.literal_url.partition("?")[2]))

    assert (corrected.total, corrected.reading.shown) == (1, "sternhaus")
    assert (literal.total, literal.reading.shown, literal.selection.text) == (0, "", '"sternhause"')


def test_literal_address_of_the_longest_text_is_understood(directory):
    text = " ".join(["sternhaux"] * 10)
    corrected = reading_of(text)
    assert (len(text), len(corrected.shown.split())) == (99, 10)

    literal = Listing(QueryDict(corrected.literal_url.partition("?")[2]))

    assert literal.filter.form.errors == {}
    assert (literal.reading.shown, len(literal.selection.spans)) == ("", 10)


def test_corrected_search_keeps_its_address(directory):
    """What was typed stays in the address and in the field: the correction is made anew each time."""
    listing = Listing(QueryDict("q=sternhause&kind=clinic"))

    assert listing.url == f"{LIST}?kind=clinic&q=sternhause"
    assert [active.label for active in listing.active_filters] == ["Clinic", "sternhause"]


# On the page


def test_page_says_what_it_shows_instead(client, directory):
    page = read(client.get(f"{LIST}?q=lever+metastisis"))

    assert "Showing results for liver metastases . Search instead for “lever metastisis”" in page.text
    assert "“liver metastases” was read as: Liver metastases" in page.text
    assert {"href": f"{LIST}?q=%22lever+metastisis%22"} in page.all("a")
    assert "1 specialist found" in page.text
    assert [field["value"] for field in page.all("input") if field.get("id") == "id_q"] == ["lever metastisis"]


def test_page_says_how_many_more_terms_are_meant(client, directory):
    for name in ("Liver cysts", "Liver cancer", "Liver abscess"):
        factories.make_condition(name)

    page = read(client.get(f"{LIST}?q=liver"))

    assert "“liver” was read as: Liver abscess, Liver cancer, Liver cysts and 1 more" in page.text


def test_page_escapes_what_was_typed(client, directory):
    page = read(client.get(f"{LIST}?q=%3C%22sternhause%3E"))

    assert 'Search instead for “<"sternhause>”' in page.text
