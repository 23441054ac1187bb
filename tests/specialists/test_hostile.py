"""The list page under addresses no person types: never a fault, a kind word, and whatever is understood applies."""

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.middleware import MAX_QUERY_LENGTH
from specialists.queries import FACETS
from tests import factories
from tests.pages import Page, read

pytestmark = pytest.mark.django_db

LIST = "/en/specialists/"
TEN_KB = 10_000
NOT_KNOWN = "is not known here under “Physician or clinic” and was left out."
TOO_LONG = "Name, condition or treatment: Ensure this value has at most 100 characters (it has {})."
MORE = "more values were left out."
REPLACED = "\N{REPLACEMENT CHARACTER}"
# What is understood beside the nonsense: only the clinic remains.
UNDERSTOOD = "kind=clinic"
VALUES = st.text(max_size=8) | st.integers().map(str)


@pytest.fixture
def two_profiles():
    factories.make_clinic("Sternhaus")
    factories.make_physician("Apfelbach", given_name="Ada")


def page_of(client: Client, query: str) -> Page:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert not response.cookies
    return read(response)


def assert_only_the_clinic(page: Page) -> None:
    assert "1 specialist found" in page.text
    assert {"href": "/en/specialists/sternhaus/"} in page.all("a")
    assert "Apfelbach" not in page.text


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("kind=robot", f"“robot” {NOT_KNOWN}"),
        ("kind=%00", f"” {NOT_KNOWN}"),
        ("kind=clinic%00", f"” {NOT_KNOWN}"),
        ("kind=%ff", f"“\ufffd” {NOT_KNOWN}"),
        ("kind=%c3%28", f"“\ufffd(” {NOT_KNOWN}"),
        ("kind=%ed%a0%80", NOT_KNOWN),
        ("kind=%e2%80%aecinilc", f"“\ufffdcinilc” {NOT_KNOWN}"),
        ("kind=%f0%9f%98%80", f"“😀” {NOT_KNOWN}"),
        ("kind=<script>alert(1)</script>", f"“<script>alert(1)</script>” {NOT_KNOWN}"),
        ("kind=' OR 1=1; --", f"“' OR 1=1; --” {NOT_KNOWN}"),
        ("kind=../../etc/passwd", f"“../../etc/passwd” {NOT_KNOWN}"),
        ("kind=%25s%25d{0}{{x}}", f"“%s%d{{0}}{{{{x}}}}” {NOT_KNOWN}"),
        ("sort=price%00", "is not known here under “Sort by” and was left out."),
        ("page=99999", "There is no page “99999”; this is page 1."),
        ("page=abc", "There is no page “abc”; this is page 1."),
        ("page=-1", "There is no page “-1”; this is page 1."),
        ("page=%00", "this is page 1."),
        ("page=%ff", "There is no page “\ufffd”; this is page 1."),
        ("page=١", "There is no page “١”; this is page 1."),
        ("q=%00", "Please check this Name, condition or treatment: Null characters are not allowed."),
        (
            f"q={'a' * 101}",
            "Name, condition or treatment: Ensure this value has at most 100 characters (it has 101).",
        ),
        ("q=%f0%9f%98%80", "“😀” is not known here under “Name, condition or treatment” and was left out."),
        ("near=%00", "Near: Null characters are not allowed."),
        (f"near={'a' * 101}", "Near: Ensure this value has at most 100 characters (it has 101)."),
        ("near=91.0,181.0", "No place or postcode “91.0,181.0” is known here"),
        ("near=<b>Atlantis</b>", "No place or postcode “<b>Atlantis</b>” is known here"),
        ("near=' OR 1=1; --", "No place or postcode “' OR 1=1; --” is known here"),
        ("near=%ff", "No place or postcode “\ufffd” is known here"),
        ("near=%e2%80%aeznilbok", "No place or postcode “\ufffdznilbok” is known here"),
        ("radius=-1", "“-1” is not known here under “Within” and was left out."),
        ("radius=%00", "is not known here under “Within” and was left out."),
        (f"radius={'9' * 5000}", f"“{'9' * 60}…” is not known here under “Within” and was left out."),
    ],
)
def test_list_names_what_it_leaves_out_and_applies_the_rest(client, two_profiles, query, word):
    page = page_of(client, f"{query}&{UNDERSTOOD}")

    assert word in page.text
    assert_only_the_clinic(page)


# Shape → (query, what the page says of it).
TEN_KB_QUERIES = {
    "one long value": (f"kind={'a' * TEN_KB}", f"“{'a' * 60}…” {NOT_KNOWN}"),
    "many values": ("&".join(f"kind=a{number}" for number in range(1000)), f"995 {MORE}"),
    "many slugs": ("&".join(f"condition=a{number}" for number in range(700)), f"695 {MORE}"),
    "values everywhere": ("&".join(f"{facet}=a{number}" for number in range(90) for facet in FACETS), f"715 {MORE}"),
    "nul bytes": ("kind=" + "%00" * (TEN_KB // 3), f"…” {NOT_KNOWN}"),
    "bad utf-8": ("kind=" + "%ff" * (TEN_KB // 3), f"“{REPLACED * 60}…” {NOT_KNOWN}"),
    "percent signs": ("kind=" + "%25" * (TEN_KB // 3), f"“{'%' * 60}…” {NOT_KNOWN}"),
    "bidi marks": ("kind=" + "%e2%80%ae" * (TEN_KB // 9), f"…” {NOT_KNOWN}"),
    "short page": (f"page=1{'0' * 5000}", f"There is no page “1{'0' * 59}…”; this is page 1."),
    "long page": (f"page={'9' * TEN_KB}", f"There is no page “{'9' * 60}…”; this is page 1."),
    "long sort": (f"sort={'a' * TEN_KB}", f"“{'a' * 60}…” is not known here under “Sort by” and was left out."),
    "long text": (f"q={'a' * TEN_KB}", TOO_LONG.format(TEN_KB)),
    "text of nul bytes": ("q=" + "%00" * (TEN_KB // 3), "Null characters are not allowed."),
    "text of emoji": ("q=" + "%F0%9F%98%80" * (TEN_KB // 12), TOO_LONG.format(833)),
    "blanks": ("+" * TEN_KB, ""),
    "equals signs": ("=" * TEN_KB, ""),
    "long key": (f"{'a' * TEN_KB}=1", ""),
    "many keys": ("&".join(f"a{number}=1" for number in range(1200)), ""),
    "bracketed keys": ("kind[]=clinic&" * 700, ""),
    "bare percent signs": ("%" * TEN_KB, ""),
    "semicolons": (";" * TEN_KB, ""),
    "empty texts": ("q=" + "&q=" * 2400, ""),
    "long place": (f"near={'a' * TEN_KB}", "Near: Ensure this value has at most 100 characters (it has 10000)."),
    "place of digits": (f"near={'9' * TEN_KB}", "Near: Ensure this value has at most 100 characters (it has 10000)."),
    "place again and again": ("near=Atlantis&" * 700, "No place or postcode “Atlantis” is known here"),
    "one value again and again": ("kind=clinic&" * 800, ""),
}


@pytest.mark.parametrize(("query", "word"), TEN_KB_QUERIES.values(), ids=TEN_KB_QUERIES)
def test_list_survives_ten_kilobytes_and_applies_the_rest(client, two_profiles, query, word):
    assert TEN_KB // 2 < len(query) < MAX_QUERY_LENGTH - len(UNDERSTOOD)

    page = page_of(client, f"{query}&{UNDERSTOOD}")

    assert word in page.text
    assert_only_the_clinic(page)
    assert len(page.text) < TEN_KB


def test_list_of_more_fields_than_allowed_is_refused_kindly(client, two_profiles):
    response = client.get(f"{LIST}?{'&' * TEN_KB}")

    assert response.status_code == 400
    assert "We could not read this request" in read(response).text


def test_list_of_seventeen_kilobytes_is_refused_kindly(client, two_profiles):
    response = client.get(f"{LIST}?q={'a' * 17_000}")

    page = read(response)
    assert response.status_code == 414
    assert "This address is too long" in page.text
    assert {"href": LIST} in page.all("a")


@pytest.mark.parametrize(
    "query",
    ["q=%E2%80%8Fsternhaus", "q=stern%E2%80%8Dhaus", "q=STERN%C2%ADHAUS", "q=%ffstern%ff", "q=%25"],
)
def test_list_searches_a_name_past_marks_nobody_sees(client, two_profiles, query):
    assert_only_the_clinic(page_of(client, f"{query}&{UNDERSTOOD}"))


def test_list_with_known_values_in_wrong_places(client, two_profiles):
    page = page_of(client, "country=clinic&clinic=kind&KIND=physician&page=kind&kind=clinic&kind=DE")

    assert_only_the_clinic(page)
    assert "“clinic” is not known here under “Country” and was left out." in page.text
    assert f"“DE” {NOT_KNOWN}" in page.text


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=40))
def test_list_survives_any_bytes(query):
    response = Client().get(LIST, QUERY_STRING=query.decode("latin-1"))

    assert response.status_code == 200
    assert "0 specialists found" in read(response).text


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*FACETS, "q", "near", "radius", "sort", "page", "x"]),
            st.text(max_size=8) | st.integers().map(str),
        ),
        max_size=5,
    )
)
def test_list_survives_any_values(pairs):
    response = Client().get(LIST, {name: [value for key, value in pairs if key == name] for name, _value in pairs})

    page = read(response)
    assert response.status_code == 200
    assert "0 specialists found" in page.text
    assert page.foreign_scripts() == []
    assert page.inline_code() == []


@pytest.mark.parametrize("slug", ["%00", "%ff", "..", "a%2Fb", "' OR 1=1", "%e2%80%ae", "a" * 5000, "nobody"])
def test_profile_that_does_not_exist(client, two_profiles, slug):
    response = client.get(f"{LIST}{slug}/")

    assert response.status_code == 404
    assert "This page does not exist" in read(response).text


def test_list_and_profile_refuse_to_be_written_to(client, two_profiles):
    for method in (client.post, client.put, client.delete, client.patch):
        assert method(LIST).status_code == 405
        assert method(f"{LIST}sternhaus/").status_code == 405
