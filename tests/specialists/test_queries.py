"""The filters against brute force: who is found, what each option promises, and in which order."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conditions.search import Span
from specialists import queries
from specialists.enums import ProfileStatus, Sort
from specialists.models import Affiliation, Location, Profile
from specialists.queries import FACETS
from specialists.selection import Circle, Selection
from tests import factories
from tests.specialists import oracle
from tests.specialists.oracle import Facts, Place, Wish, World, built

pytestmark = pytest.mark.django_db

EXAMPLES = settings(deadline=None, max_examples=40)
HERE, THERE = (48.0, 11.0), (50.0, 7.0)


def found_names(text: str = "", **facets: str) -> list[str]:
    """The names found by one value in each facet, in order."""
    selection = Selection({facet: frozenset([value]) for facet, value in facets.items()}, text)
    return [profile.display_name for profile in queries.ordered(queries.matching(selection), Sort.NAME)]


def shown_values(profile: Profile) -> dict[str, set[str]]:
    """Facet → the profile's values, read from what its page shows."""
    return {
        "condition": {condition.slug for condition in profile.conditions.all() if condition.is_published},
        "specialty": {specialty.slug for specialty in profile.specialties.all()},
        "treatment": {offer.treatment.slug for offer in profile.offers.all()},
        "kind": {profile.kind},
        "accepting": {profile.accepting},
        "language": set(profile.languages),
        "insurance": set(profile.insurance),
        "country": {place.country for place in profile.places()},
    }


# Against the oracle


@EXAMPLES
@given(oracle.worlds(), oracle.ALL_WISHES)
def test_matching_equals_oracle(world, wish):
    with built(world) as keys:
        result = set(queries.matching(wish.selection).values_list("pk", flat=True))

        assert result == {keys[number] for number in oracle.found(world, wish)}


@EXAMPLES
@given(oracle.worlds(), oracle.ALL_WISHES)
def test_matching_satisfies_every_filter(world, wish):
    with built(world):
        result = list(queries.matching(wish.selection).for_cards().prefetch_related("conditions"))

        assert [profile for profile in result if profile.status != ProfileStatus.PUBLISHED] == []
        for values in map(shown_values, result):
            assert [facet for facet, ticked in wish.ticked.items() if not values[facet] & ticked] == []


@EXAMPLES
@given(oracle.worlds(), oracle.ALL_WISHES)
def test_option_counts_equal_oracle(world, wish):
    with built(world):
        assert queries.option_counts(wish.selection) == oracle.option_counts(world, wish)


@settings(deadline=None, max_examples=20)
@given(oracle.worlds(), oracle.ALL_WISHES)
def test_option_counts_are_what_a_click_finds(world, wish):
    with built(world):
        counts = queries.option_counts(wish.selection)
        clicked = {
            facet: {value: queries.matching(wish.with_only(facet, value).selection).count() for value in values}
            for facet, values in oracle.VALUES.items()
        }

        assert {facet: {value: counts[facet].get(value, 0) for value in clicked[facet]} for facet in clicked} == clicked
        assert counts.keys() == FACETS.keys()


@EXAMPLES
@given(oracle.worlds(), st.lists(oracle.ALL_WISHES, max_size=3))
def test_totals_equal_oracle(world, wishes):
    with built(world):
        selections = [wish.selection for wish in wishes]

        assert queries.totals(selections) == [len(oracle.found(world, wish)) for wish in wishes]


@EXAMPLES
@given(oracle.worlds(), oracle.ALL_WISHES)
def test_points_equal_oracle(world, wish):
    with built(world):
        latitudes, longitudes, counts = (values.tolist() for values in queries.points(wish.selection))

        found = dict(zip(zip(latitudes, longitudes, strict=True), counts, strict=True))

        assert found == oracle.points(world, wish)
        assert len(found) == len(counts)


@EXAMPLES
@given(oracle.worlds(), oracle.LOOSE_WISHES, st.none() | oracle.CIRCLES, st.integers(1, 4))
def test_pages_neither_repeat_nor_skip(world, wish, near, size):
    wish = replace(wish, near=near)
    with built(world) as keys:
        for sort in Sort.values:
            ordered = queries.ordered(queries.matching(wish.selection), sort, near)
            pages = [ordered[start : start + size] for start in range(0, len(keys), size)]

            result = [profile.pk for page in pages for profile in page]

            assert result == [keys[number] for number in oracle.in_order(world, oracle.found(world, wish), sort, near)]


@EXAMPLES
@given(oracle.worlds(), st.sampled_from(list(FACETS)))
def test_option_counts_leave_out_what_is_not_public(world, facet):
    hidden = World(
        tuple(
            replace(entry, facts=replace(entry.facts, status=status))
            for entry, status in zip(world.entries, ["draft", "hidden"] * len(world.entries), strict=False)
        ),
        world.public_conditions,
    )
    with built(hidden):
        assert queries.option_counts(Selection(), [facet]) == {facet: {}}
        assert list(queries.matching(Selection())) == []


@pytest.mark.parametrize("sort", Sort.values)
def test_order_of_namesakes_is_that_of_their_keys(sort):
    namesakes = [factories.make_physician("Stern", given_name="Ada", title=title) for title in ("Dr.", "", "Prof.")]
    # Rewritten rows come last in the table.
    Profile.objects.filter(pk=namesakes[0].pk).update(phone="1")

    result = queries.ordered(queries.matching(Selection()), sort)

    assert [profile.pk for profile in result] == [physician.pk for physician in namesakes]


# The oracle itself


def test_oracle_on_a_world_worked_out_by_hand():
    both = Facts(languages=("de", "de", "en"), conditions=frozenset({"cyst", "tumour"}))
    world = World(
        (
            oracle.Entry("clinic", "A", "", Facts(), places=(Place("DE", HERE), Place("DE", HERE), Place("AT", THERE))),
            oracle.Entry("clinic", "B", "", Facts(status="hidden"), places=(Place("CH", HERE),)),
            oracle.Entry("physician", "Möll", "Ada", both, posts=(oracle.Post(0, False), oracle.Post(1, False))),
            oracle.Entry("physician", "Ende", "Bo", Facts(), posts=(oracle.Post(0, True),)),
        ),
        frozenset({"cyst"}),
    )

    assert oracle.found(world, Wish({"country": frozenset({"DE"})})) == {0, 2}
    assert oracle.found(world, Wish({"condition": frozenset({"tumour"})})) == set()
    assert oracle.found(world, Wish(text="moell")) == {2}
    assert oracle.in_order(world, {0, 2, 3}, "name") == [0, 3, 2]
    assert oracle.option_counts(world, Wish({"language": frozenset({"en"})})) == {
        "condition": {"cyst": 1},
        "specialty": {},
        "treatment": {},
        "kind": {"physician": 1},
        "accepting": {"unknown": 1},
        "language": {"de": 1, "en": 1},
        "insurance": {},
        "country": {"DE": 1, "AT": 1},
    }
    assert oracle.found(world, Wish(text="o")) == set()
    assert oracle.found(world, Wish(text="mo")) == {2}
    assert oracle.found(world, Wish(spans=(Span(("bo",), frozenset({("condition", "cyst")})),))) == {2, 3}
    assert oracle.found(world, Wish(near=Circle(*HERE, 1))) == {0, 2}
    assert oracle.in_order(world, {0, 2, 3}, "distance", Circle(*THERE, 1)) == [0, 2, 3]
    assert oracle.points(world, Wish()) == {HERE: 2, THERE: 2}
    assert oracle.metres((0.0, 0.0), (0.0, 180.0)) == 20_015_114


# Names


@pytest.mark.parametrize("stored", ["Müller", "Mueller", "Muller"])
@pytest.mark.parametrize("typed", ["Müller", "Mueller", "Muller", "MÜLLER", "mu\u0308ller"])
def test_matching_finds_every_spelling_of_an_umlaut(stored, typed):
    factories.make_physician(stored, given_name="Ada")
    factories.make_physician("Sternwald")

    assert found_names(typed) == [f"Ada {stored}"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sternwald", ["Aurelia Sternwald"]),
        ("wald", ["Aurelia Sternwald"]),
        ("Sternwald Aurelia", ["Aurelia Sternwald"]),
        ("  sternwald   aur ", ["Aurelia Sternwald"]),
        ("Sternwald, Prof.", []),
        ("sternwald bo", []),
        ("strasse", ["Klinik Straße 100% Nord_Süd"]),
        ("sued", ["Klinik Straße 100% Nord_Süd"]),
        ("100%", ["Klinik Straße 100% Nord_Süd"]),
        ("Nord_Süd", ["Klinik Straße 100% Nord_Süd"]),
    ],
)
def test_matching_by_words_of_the_name(typed, expected):
    factories.make_physician("Sternwald", given_name="Aurelia")
    factories.make_clinic("Klinik Straße 100% Nord_Süd")

    assert found_names(typed) == expected


@pytest.mark.parametrize("typed", ["s%x", "%x%", "stern_x", "x\\", "\\%x", "stern%wald%x", "x' OR 1=1 --"])
def test_matching_takes_wildcards_for_nothing_special(typed):
    factories.make_physician("Sternwald")

    assert found_names(typed) == []


@pytest.mark.parametrize("typed", ["ab%cd", "ab_cd", "ab\\cd"])
def test_matching_never_lets_a_wildcard_stand_for_letters(typed):
    factories.make_clinic("Abxcd")
    factories.make_clinic("Ab%cd_and\\cd")

    assert "Ab%cd_and\\cd" in found_names(typed)
    assert found_names("b%cdx") == []
    assert found_names("bx_d d_x") == found_names("bx d x")


def test_search_key_holding_wildcards_is_compared_literally():
    factories.make_clinic("Park")
    Profile.objects.update(search_key="50% of a_b\\c")

    assert queries.matching(Selection(text="50")).count() == 1
    assert queries.matching(Selection(text="axb")).count() == 0


# Places of physicians


def test_country_of_physician_follows_current_posts_at_public_clinics():
    german = factories.make_clinic("German", country="DE")
    swiss = factories.make_clinic("Swiss", country="CH")
    hidden = factories.make_clinic("Hidden", country="AT", status=ProfileStatus.HIDDEN)
    physician = factories.make_physician("Sternwald", clinics=[german, swiss, hidden])
    Affiliation.objects.filter(clinic=swiss).update(until=2024)

    assert found_names(country="DE") == ["German", str(physician)]
    assert found_names(country="CH") == ["Swiss"]
    assert found_names(country="AT") == []
    assert queries.option_counts(Selection())["country"] == {"DE": 2, "CH": 1}


def test_several_places_and_posts_count_a_profile_once():
    clinic = factories.make_clinic("Twice", country="DE")
    Location.objects.create(clinic=clinic, city="Bonn", country="DE")
    physician = factories.make_physician("Sternwald", clinics=[clinic, factories.make_clinic("Other", country="DE")])
    Affiliation.objects.create(physician=physician, clinic=clinic, role="Head")

    assert queries.option_counts(Selection())["country"] == {"DE": 3}
    assert found_names(country="DE") == ["Other", str(physician), "Twice"]


# The rest


def test_options_of_a_facet_do_not_depend_on_its_own_ticks():
    factories.make_physician("Eins", accepting="yes")
    factories.make_physician("Zwei", accepting="no")

    counts = queries.option_counts(Selection({"accepting": frozenset({"yes"})}))

    assert counts["accepting"] == {"yes": 1, "no": 1}
    assert counts["kind"] == {"physician": 1}


def test_option_counts_of_no_facet_ask_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert queries.option_counts(Selection(), []) == {}


def test_option_counts_are_one_query(django_assert_num_queries):
    factories.make_physician(clinics=[factories.make_clinic()], conditions=[factories.make_condition()])

    with django_assert_num_queries(1):
        queries.option_counts(Selection({"country": frozenset({"DE"}), "kind": frozenset({"physician"})}, "stern"))


def test_totals_of_nothing_ask_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert queries.totals([]) == []


def test_totals_are_one_query(django_assert_num_queries):
    factories.make_physician("Stern")

    with django_assert_num_queries(1):
        assert queries.totals([Selection(text="stern"), Selection(text="mond"), Selection()]) == [1, 0, 1]


def test_order_by_distance_without_a_circle_is_that_of_names():
    for name in ("Zwei", "Eins"):
        factories.make_clinic(name)

    result = queries.ordered(queries.matching(Selection()), Sort.DISTANCE)

    assert [profile.display_name for profile in result] == ["Eins", "Zwei"]


def test_relevant_treatments_are_also_those_of_terms_that_words_were_read_as():
    ablation = factories.make_treatment("Ablation")
    factories.make_treatment("Infusion")
    factories.make_condition("Cyst").treatments.add(ablation)

    def relevant(*terms: tuple[str, str]) -> frozenset[str]:
        return queries.relevant_treatments(Selection(text="x", spans=(Span(("x",), frozenset(terms)),)))

    assert relevant(("condition", "cyst")) == {"ablation"}
    assert relevant(("treatment", "infusion")) == {"infusion"}
    assert relevant(("specialty", "surgery")) == set()


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [
        ({}, set()),
        ({"condition": frozenset({"cyst"})}, {"ablation", "resection"}),
        ({"condition": frozenset({"cyst", "tumour"})}, {"ablation", "resection", "infusion"}),
        ({"condition": frozenset({"cyst"}), "treatment": frozenset({"infusion"})}, {"infusion"}),
        ({"treatment": frozenset({"infusion"})}, {"infusion"}),
        ({"condition": frozenset({"nobody"})}, set()),
    ],
)
def test_relevant_treatments_are_those_ticked_else_those_of_the_conditions(ticked, expected):
    ablation, resection, infusion = map(factories.make_treatment, ("Ablation", "Resection", "Infusion"))
    factories.make_condition("Cyst").treatments.set([ablation, resection])
    factories.make_condition("Tumour").treatments.set([resection, infusion])

    assert queries.relevant_treatments(Selection(ticked)) == expected


def test_selection_without_one_value_or_a_whole_facet():
    selection = Selection({"kind": frozenset({"clinic"}), "language": frozenset({"de", "en"})}, "wald")

    assert queries.active(selection.without("language", "de")) == [("kind", "clinic"), ("language", "en")]
    assert queries.active(selection.without("language")) == [("kind", "clinic")]
    assert queries.active(selection.without("country", "DE")) == queries.active(selection)
    assert selection.without("language").text == "wald"
