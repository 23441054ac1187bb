"""The list's state: exact counts and ways out, links that remove just themselves, and words about odd addresses."""

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions.models import Condition
from specialists import links, listing, queries
from specialists.enums import Sort
from specialists.filters import SpecialistFilter
from specialists.listing import ActiveFilter, Listing
from specialists.queries import FACETS, Selection
from tests import factories
from tests.specialists import oracle
from tests.specialists.oracle import Wish, built

pytestmark = pytest.mark.django_db

LIST = "/en/specialists/"


def listed(address: str) -> Listing:
    """The listing of an address, or of a bare query."""
    return Listing(QueryDict(address.removeprefix(LIST).removeprefix("?")))


def names_of(shown: Listing) -> list[str]:
    return [profile.display_name for profile in shown.page]


def asked(world: oracle.World, wish: Wish, sort: str = "name", page: int = 1) -> Listing:
    """The listing of ``wish`` as a visitor can ask for it: without conditions that are not public."""
    ticked = {facet: values for facet, values in wish.ticked.items() if facet != "condition"}
    ticked["condition"] = wish.ticked.get("condition", frozenset()) & world.public_conditions
    return listed(links.list_url(Selection(ticked, wish.text), sort, page))


# Numbers


@settings(deadline=None, max_examples=15)
@given(oracle.worlds(), oracle.WISHES, st.sampled_from(list(FACETS)))
def test_option_counts_in_the_form_are_what_a_click_lists(world, wish, facet):
    with built(world):
        shown = asked(world, wish)
        others = shown.selection.without(facet)

        for option in shown.filter.form.fields[facet].options:
            clicked = Selection({**others.facets, facet: frozenset([option.value])}, others.text)
            assert option.count == listed(links.list_url(clicked)).total


@settings(deadline=None, max_examples=25)
@given(oracle.worlds(), oracle.LOOSE_WISHES, st.sampled_from(Sort.values))
def test_every_found_profile_is_on_exactly_one_page(world, wish, sort):
    with built(world) as keys, pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "PAGE_SIZE", 2)
        shown = asked(world, wish, sort)
        pages = [shown, *(listed(shown.page_url(number)) for number in range(2, shown.page.paginator.num_pages + 1))]
        ticked = Wish(dict(shown.selection.facets), shown.selection.text)
        expected = oracle.in_order(world, oracle.found(world, ticked), sort)

        assert [profile.pk for page in pages for profile in page.page] == [keys[number] for number in expected]
        assert {page.total for page in pages} == {len(expected)}


@settings(deadline=None, max_examples=30)
@given(oracle.worlds(), oracle.WISHES, st.sampled_from(Sort.values))
def test_active_filters_remove_exactly_themselves(world, wish, sort):
    with built(world):
        shown = asked(world, wish, sort, page=7)
        selection = shown.selection

        removals = [listed(active.remove_url) for active in shown.active_filters]

        expected = [selection.without(*pair) for pair in selection.active()]
        if selection.text:
            expected.append(Selection(selection.facets))
        assert [removed.selection for removed in removals] == expected
        assert {removed.filter.sorted_by for removed in removals} <= {sort}
        assert {removed.page.number for removed in removals} <= {1}
        cleared = listed(shown.clear_url)
        assert (cleared.is_filtered, cleared.filter.sorted_by) == (False, sort)


@settings(deadline=None, max_examples=30)
@given(oracle.worlds(), oracle.WISHES)
def test_ways_out_of_an_empty_list_promise_exact_numbers(world, wish):
    with built(world):
        shown = asked(world, wish)
        promised = [way.found for way in shown.ways_out]

        followed = [listed(active.remove_url).total for active in shown.active_filters]

        if shown.total:
            assert [active.found for active in shown.active_filters] == [None] * len(followed)
            assert promised == []
        else:
            assert [active.found or 0 for active in shown.active_filters] == followed
            assert promised == sorted(filter(None, followed), reverse=True)


def test_ways_out_by_hand():
    german = factories.make_clinic("A", country="DE", accepting="yes")
    factories.make_clinic("B", country="DE", accepting="yes")
    factories.make_clinic("C", country="AT", accepting="no")
    factories.make_clinic("D", country="DE", accepting="yes", status="draft")

    shown = listed("country=DE&accepting=no")

    assert shown.total == 0
    assert shown.ways_out == [
        ActiveFilter("New patients", "Not accepting new patients", f"{LIST}?country=DE", 2),
        ActiveFilter("Country", "Germany", f"{LIST}?accepting=no", 1),
    ]
    assert [way.found for way in listed(f"country=AT&name={german}").ways_out] == [1, 1]
    assert listed("country=AT&accepting=yes&kind=physician").ways_out == []


def test_active_filters_by_hand():
    factories.make_condition("Cyst")
    factories.make_clinic("Sternwald")

    shown = listed("name=stern&language=tr&language=de&condition=cyst&sort=verified&page=9")

    assert [(active.group, active.label, active.remove_url) for active in shown.active_filters] == [
        ("Condition", "Cyst", f"{LIST}?language=de&language=tr&name=stern&sort=verified"),
        ("Language spoken", "German", f"{LIST}?condition=cyst&language=tr&name=stern&sort=verified"),
        ("Language spoken", "Turkish", f"{LIST}?condition=cyst&language=de&name=stern&sort=verified"),
        ("Name", "stern", f"{LIST}?condition=cyst&language=de&language=tr&sort=verified"),
    ]
    assert shown.clear_url == f"{LIST}?sort=verified"


@pytest.mark.parametrize(
    ("address", "is_filtered"),
    [
        ("", False),
        ("sort=verified", False),
        ("page=2", False),
        ("kind=robot", False),
        ("name=%20", False),
        ("kind=clinic", True),
        ("name=a", True),
    ],
)
def test_is_filtered(address, is_filtered):
    assert listed(address).is_filtered is is_filtered


def test_chosen_option_without_result_stays_usable_and_others_do_not():
    factories.make_clinic(accepting="no")

    options = {option.value: option for option in listed("accepting=yes").filter.form.fields["accepting"].options}

    assert {value: (option.count, option.is_chosen, option.is_disabled) for value, option in options.items()} == {
        "yes": (0, True, False),
        "no": (1, False, False),
        "unknown": (0, False, True),
    }


def test_list_sorted_by_verification():
    for name, day in (("Eins", None), ("Zwei", "2026-10-01"), ("Drei", "2026-10-02"), ("Vier", "2026-10-02")):
        factories.make_clinic(name, verified_on=day)

    assert names_of(listed("sort=verified")) == ["Drei", "Vier", "Zwei", "Eins"]
    assert names_of(listed("")) == ["Drei", "Eins", "Vier", "Zwei"]


# Pages


@pytest.fixture
def five_clinics(monkeypatch):
    """Three pages: two clinics, two clinics, one clinic."""
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    for name in "ABCDE":
        factories.make_clinic(name)


def test_page_size_is_twenty():
    for number in range(21):
        factories.make_clinic(f"Clinic {number:02}", city=None)

    assert names_of(listed("")) == [f"Clinic {number:02}" for number in range(20)]
    assert names_of(listed("page=2")) == ["Clinic 20"]


@pytest.mark.parametrize(("address", "number"), [("", 1), ("page=", 1), ("page=1", 1), ("page=2", 2), ("page=3", 3)])
def test_page_that_exists_is_shown_without_a_word(five_clinics, address, number):
    shown = listed(address)

    assert (shown.page.number, shown.notices()) == (number, [])


@pytest.mark.parametrize(
    ("page", "number"),
    [
        ("4", 3),
        ("99999", 3),
        ("9" * 4000, 3),
        ("1" + "0" * 5000, 3),
        ("0", 1),
        ("-1", 1),
        ("abc", 1),
        ("1.5", 1),
        ("2\x00", 1),
        ("'", 1),
        ("<b>", 1),
    ],
)
def test_page_that_does_not_exist_leads_to_the_nearest_with_a_word(five_clinics, page, number):
    data = QueryDict(mutable=True)
    data["page"] = page

    shown = Listing(data)

    shown_page = page.replace("\x00", "\ufffd")
    named = shown_page if len(page) <= 60 else f"{shown_page[:60]}…"
    assert shown.notices() == [f"There is no page “{named}”; this is page {number}."]
    assert names_of(shown) == {1: ["A", "B"], 3: ["E"]}[number]


def test_page_repeated_takes_the_last(five_clinics):
    assert listed("page=1&page=2").page.number == 2


def test_page_of_an_empty_list_is_the_first():
    shown = listed("page=2")

    assert (shown.page.number, shown.total) == (1, 0)
    assert shown.notices() == ["There is no page “2”; this is page 1."]


def test_page_links_keep_the_filters(five_clinics):
    shown = listed("sort=verified&kind=clinic&page=2")

    first = f"{LIST}?kind=clinic&sort=verified"
    assert shown.previous_url == first
    assert shown.next_url == f"{first}&page=3"
    assert shown.page_links() == [
        {"label": 1, "url": first, "is_current": False},
        {"label": 2, "url": f"{first}&page=2", "is_current": True},
        {"label": 3, "url": f"{first}&page=3", "is_current": False},
    ]


def test_page_links_at_both_ends(five_clinics):
    assert (listed("").previous_url, listed("").next_url) == ("", f"{LIST}?page=2")
    assert (listed("page=3").previous_url, listed("page=3").next_url) == (f"{LIST}?page=2", "")


def test_page_links_leave_a_gap(monkeypatch):
    monkeypatch.setattr(listing, "PAGE_SIZE", 1)
    for number in range(12):
        factories.make_clinic(f"Clinic {number:02}", city=None)

    shown = listed("page=6")

    assert [(str(link["label"]), link["url"]) for link in shown.page_links()] == [
        ("1", LIST),
        ("…", ""),
        ("5", f"{LIST}?page=5"),
        ("6", f"{LIST}?page=6"),
        ("7", f"{LIST}?page=7"),
        ("…", ""),
        ("12", f"{LIST}?page=12"),
    ]


# Words about what was left out


def test_notices_of_an_understood_address():
    factories.make_condition("Liver metastases")

    assert listed("condition=liver-metastases&name=stern&sort=verified&page=1").notices() == []


def test_notice_of_an_unknown_value():
    assert listed("kind=robot").notices() == [
        "“robot” is not known here under “Physician or clinic” and was left out.",
    ]


def test_notice_cuts_a_long_value():
    assert listed(f"kind={'a' * 10_000}").notices() == [
        f"“{'a' * 60}…” is not known here under “Physician or clinic” and was left out.",
    ]


def test_notices_are_five_and_the_number_of_the_rest():
    notices = listed("&".join(f"kind=robot{number}" for number in range(8))).notices()

    assert len(notices) == 6
    assert notices[4] == "“robot4” is not known here under “Physician or clinic” and was left out."
    assert notices[5] == "3 more values were left out."


# Cost


@pytest.mark.parametrize("ticks", [1, 3, 12])
def test_listing_query_count_does_not_grow_with_ticks(django_assert_num_queries, ticks):
    for number in range(ticks):
        factories.make_condition(f"Condition {number}")
    address = "&".join(f"condition=condition-{number}" for number in range(ticks))
    factories.make_clinic(conditions=Condition.objects.all())

    with django_assert_num_queries(9):
        shown = listed(address)
        assert len(shown.active_filters) == ticks
        assert (names_of(shown), shown.notices()) == (["Clinic Am Park"], [])


def test_relevant_treatments_are_those_of_the_selection():
    treatment = factories.make_treatment("TACE")
    factories.make_condition("Cyst").treatments.add(treatment)

    assert listed("condition=cyst").relevant_treatments == {"tace"}
    assert listed("").relevant_treatments == frozenset()


def test_filter_and_counts_see_the_same_selection():
    """The form shows counts for just what was understood."""
    factories.make_clinic(accepting="yes")
    data = QueryDict("accepting=yes&kind=robot")

    assert SpecialistFilter(data).selection == Listing(data).selection
    assert Listing(data).total == queries.matching(Listing(data).selection).count() == 1
