"""The list's state: exact counts and ways out, links that remove just themselves, and words about odd addresses."""

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions.models import Condition
from specialists import links, listing, queries
from specialists.enums import Sort
from specialists.filters import SpecialistFilter
from specialists.listing import Listing, WayOut
from specialists.queries import FACETS, active
from specialists.selection import Selection
from tests import factories
from tests.specialists import gazetteer, oracle
from tests.specialists.oracle import Wish, built

pytestmark = pytest.mark.django_db

LIST = "/en/specialists/"


def listed(address: str) -> Listing:
    """The listing of an address, or of a bare query."""
    return Listing(QueryDict(address.removeprefix(LIST).removeprefix("?")))


def names_of(shown: Listing) -> list[str]:
    return [card.name for card in shown.cards]


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
            clicked = others.with_only(facet, option.value)
            assert option.count == listed(links.list_url(clicked)).total


@settings(deadline=None, max_examples=25)
@given(oracle.worlds(), oracle.LOOSE_WISHES, st.sampled_from([Sort.NAME, Sort.VERIFIED]))
def test_every_found_profile_is_on_exactly_one_page(world, wish, sort):
    with built(world) as keys, pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "PAGE_SIZE", 2)
        shown = asked(world, wish, sort)
        pages = [shown, *(listed(shown.page_url(number)) for number in range(2, shown.page.paginator.num_pages + 1))]
        ticked = Wish(dict(shown.selection.facets), shown.selection.text)
        expected = oracle.in_order(world, oracle.found(world, ticked), sort)

        assert [profile for page in pages for profile in page.page] == [keys[number] for number in expected]
        assert {page.total for page in pages} == {len(expected)}


@settings(deadline=None, max_examples=30)
@given(oracle.worlds(), oracle.WISHES, st.sampled_from([Sort.NAME, Sort.VERIFIED]))
def test_active_filters_remove_exactly_themselves(world, wish, sort):
    with built(world):
        shown = asked(world, wish, sort, page=7)
        selection = shown.selection

        removals = [listed(active.remove_url) for active in shown.active_filters]

        expected = [selection.without(*pair) for pair in active(selection)]
        if selection.text:
            expected.append(selection.without_text())
        assert [removed.selection for removed in removals] == expected
        assert {removed.filter.sorted_by for removed in removals} <= {sort}
        assert {removed.page.number for removed in removals} <= {1}
        cleared = listed(shown.clear_url)
        assert (cleared.is_filtered, cleared.filter.sorted_by) == (False, sort)


@settings(deadline=None, max_examples=30)
@given(oracle.worlds(), oracle.WISHES)
def test_ways_out_promise_exact_numbers(world, wish):
    with built(world):
        shown = asked(world, wish)
        followed = [listed(way.url).total for way in shown.ways_out]
        removed = [listed(active.remove_url).total for active in shown.active_filters]

        assert [way.found for way in shown.ways_out] == followed
        # The most helpful first, and no way that leads somewhere is left out.
        assert followed == sorted(filter(None, removed), reverse=True)


def test_ways_out_by_hand():
    factories.make_clinic("A", country="DE", accepting="yes")
    factories.make_clinic("B", country="DE", accepting="yes")
    factories.make_clinic("C", country="AT", accepting="no")
    factories.make_clinic("D", country="DE", accepting="yes", status="draft")

    shown = listed("country=DE&accepting=no")

    assert shown.total == 0
    assert shown.ways_out == [
        WayOut("without New patients “Not accepting new patients”", f"{LIST}?country=DE", 2),
        WayOut("without Country “Germany”", f"{LIST}?accepting=no", 1),
    ]
    assert listed("country=AT&q=A").ways_out == [
        WayOut("without Country “Austria”", f"{LIST}?q=A", 1),
        WayOut("without Search “A”", f"{LIST}?country=AT", 1),
    ]
    assert listed("country=AT&accepting=yes&kind=physician").ways_out == []


def test_active_filters_by_hand():
    gazetteer.store(gazetteer.make_city("Frankfurt", 700_000, latitude=50.11, longitude=8.68))
    factories.make_condition("Cyst")
    factories.make_clinic("Sternwald")

    shown = listed("q=stern&language=tr&language=de&condition=cyst&sort=verified&page=9&near=Frankfurt&radius=50")

    rest = "q=stern&near=Frankfurt&radius=50&sort=verified"
    ticks = "condition=cyst&language=de&language=tr"
    assert [(active.group, active.label, active.remove_url) for active in shown.active_filters] == [
        ("Condition", "Cyst", f"{LIST}?language=de&language=tr&{rest}"),
        ("Language spoken", "German", f"{LIST}?condition=cyst&language=tr&{rest}"),
        ("Language spoken", "Turkish", f"{LIST}?condition=cyst&language=de&{rest}"),
        ("Search", "stern", f"{LIST}?{ticks}&near=Frankfurt&radius=50&sort=verified"),
        ("Near", "Frankfurt, 50 km", f"{LIST}?{ticks}&q=stern&sort=verified"),
    ]
    assert shown.clear_url == f"{LIST}?sort=verified"


@pytest.mark.parametrize(
    ("address", "is_filtered"),
    [
        ("", False),
        ("sort=verified", False),
        ("page=2", False),
        ("kind=robot", False),
        ("q=%20", False),
        ("near=Atlantis", False),
        ("radius=50", False),
        ("kind=clinic", True),
        ("q=a", True),
        ("near=50.11,8.68", True),
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


# Addresses


def test_url_is_the_tidy_spelling_of_an_untidy_address():
    factories.make_clinic("Stern")

    shown = listed("utm_source=letter&kind=&near=&radius=25&sort=name&q=stern&kind=clinic&page=1")

    assert shown.url == f"{LIST}?kind=clinic&q=stern"


def test_map_url_keeps_the_filters_but_not_the_order():
    assert listed("kind=clinic&q=stern&sort=verified&page=2").map_url == f"{LIST}map/?kind=clinic&q=stern"


def test_facets_link_to_all_their_options():
    shown = listed("kind=clinic&sort=verified")

    assert shown.filter.form.fields["treatment"].all_url == f"{LIST}options/treatment/?kind=clinic&sort=verified"


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

    assert listed("condition=liver-metastases&q=stern&near=50.11,8.68&radius=50&sort=verified&page=1").notices() == []


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

    with django_assert_num_queries(27):
        shown = listed(address)
        assert len(shown.active_filters) == ticks
        assert (names_of(shown), shown.notices()) == (["Clinic Am Park"], [])


def test_cards_name_first_what_was_asked_for():
    treatments = [factories.make_treatment(name) for name in ("Ablation", "TACE")]
    factories.make_condition("Cyst").treatments.add(treatments[1])
    factories.make_clinic(treatments=treatments, conditions=Condition.objects.all())

    def offers(address: str) -> list[str]:
        [card] = listed(address).cards
        return [name for name, _cases in card.offers]

    assert offers("") == ["Ablation", "TACE"]
    assert offers("condition=cyst") == offers("q=cyst") == offers("treatment=tace") == ["TACE", "Ablation"]


def test_filter_and_counts_see_the_same_selection():
    """The form shows counts for just what was understood."""
    factories.make_clinic(accepting="yes")
    data = QueryDict("accepting=yes&kind=robot")

    assert SpecialistFilter(data).selection == Listing(data).selection
    assert Listing(data).total == queries.matching(Listing(data).selection).count() == 1
