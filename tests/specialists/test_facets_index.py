"""The facet index against SQL on random worlds: as built, as loaded, and as brought up to date after random edits."""

import datetime
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specialists import catalogue, finding
from specialists.enums import Sort
from specialists.facets import build, changes, index, numbers, places, store
from specialists.facets.index import FacetIndex
from specialists.models import Profile
from specialists.selection import Circle, Selection
from tests import factories
from tests.specialists import oracle, world_edits
from tests.specialists.oracle import POINTS, Wish, built

pytestmark = pytest.mark.django_db

CIRCLES = [Circle(*POINTS[0], 10), Circle(*POINTS[-1], 400)]
SLICES = st.tuples(st.integers(0, 6), st.integers(0, 6))


@pytest.fixture(autouse=True, scope="module")
def _small_blocks() -> Iterator[None]:
    """A few profiles already fill several blocks, rings and sets that count as large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "BLOCK", 8)
        patch.setattr(numbers, "UNUSED", 4)
        patch.setattr(numbers, "USED", 4)
        patch.setattr(numbers, "KEYS_A_BLOCK", 2)
        patch.setattr(places, "FIRST_POINTS", 1)
        patch.setattr(index, "SPARSE", 1)
        yield


def finder_on(index: FacetIndex) -> finding.IndexFinder:
    return finding.IndexFinder(index, catalogue.vocabulary())


def answers(finder: finding.Finder, selection: Selection, start: int = 0, size: int = 20) -> dict[str, object]:
    """All that a finder can tell about a selection; pages from ``start``."""
    latitudes, longitudes, counts = (values.tolist() for values in finder.points(selection))
    return {
        "total": finder.total(selection),
        "totals": finder.totals([selection, selection.anywhere(), Selection(), selection.without("kind")]),
        "pages": {sort: finder.page(selection, sort, start, start + size) for sort in Sort.values},
        "options": finder.option_counts(selection),
        "points": sorted(zip(latitudes, longitudes, counts, strict=True)),
        "within": finder.totals_within(selection, CIRCLES),
    }


# As built


@settings(deadline=None, max_examples=30)
@given(oracle.worlds(), oracle.ALL_WISHES, SLICES)
def test_built_index_answers_like_sql(world, wish, piece):
    with built(world):
        finder = finder_on(build.build())

        assert answers(finder, wish.selection, *piece) == answers(finding.SqlFinder(), wish.selection, *piece)


@settings(deadline=None, max_examples=40)
@given(oracle.worlds(), oracle.ALL_WISHES)
def test_built_index_answers_like_the_oracle(world, wish):
    with built(world) as keys:
        finder = finder_on(build.build())
        found = oracle.found(world, wish)

        assert finder.total(wish.selection) == len(found)
        assert finder.option_counts(wish.selection) == oracle.option_counts(world, wish)
        for sort in Sort.values:
            expected = [keys[number] for number in oracle.in_order(world, found, sort, wish.near)]
            assert finder.page(wish.selection, sort, 0, len(keys)) == expected


@settings(deadline=None, max_examples=15)
@given(oracle.worlds(), oracle.ALL_WISHES)
def test_loaded_index_answers_like_the_one_that_was_saved(world, wish):
    with built(world):
        index = build.build()
        store.save(index)
        loaded = store.load()

        assert loaded is not None
        assert answers(finder_on(loaded), wish.selection) == answers(finder_on(index), wish.selection)


@pytest.mark.parametrize("sort", Sort.values)
def test_index_of_nobody_finds_nothing(sort):
    finder = finder_on(build.build())

    assert answers(finder, Selection()) == answers(finding.SqlFinder(), Selection())
    assert finder.page(Selection(near=CIRCLES[0]), sort, 0, 20) == []


@pytest.mark.parametrize("sort", Sort.values)
@pytest.mark.parametrize(("start", "stop"), [(0, 0), (1, 1), (2, 9), (3, 9), (8, 9)])
def test_page_of_any_slice(sort, start, stop):
    for name in "CAB":
        clinic = factories.make_clinic(name)
        clinic.locations.update(latitude=48.0, longitude=11.0)
    finder, near = finder_on(build.build()), Selection(near=Circle(48.0, 11.0, 5))

    everybody = list(Profile.objects.order_by("display_name").values_list("pk", flat=True))

    assert finder.page(near, sort, start, stop) == everybody[start:stop]


def test_index_knows_no_value_that_is_not_public():
    condition = factories.make_condition("Cyst", is_published=False)
    factories.make_physician(conditions=[condition])
    finder = finder_on(build.build())

    assert finder.total(Wish().with_only("condition", "cyst").selection) == 0
    assert finder.option_counts(Selection())["condition"] == {}


# Brought up to date


def edited(index: FacetIndex, edits: list[world_edits.Edit]) -> FacetIndex:
    """The index after the edits, from what the triggers noted."""
    since = world_edits.mark()
    for edit in edits:
        if Profile.objects.exists():
            edit.apply()
    profiles = world_edits.noted(since)
    assert None not in profiles
    return changes.changed(index, [profile for profile in profiles if profile is not None])


@settings(deadline=None, max_examples=30)
@given(
    oracle.worlds(),
    st.lists(st.lists(world_edits.EDITS, min_size=1, max_size=4), min_size=1, max_size=4),
    oracle.ALL_WISHES,
    SLICES,
)
def test_index_brought_up_to_date_answers_like_sql_and_like_one_built_anew(world, rounds, wish, piece):
    with built(world):
        index = build.build()
        for edits in rounds:
            index = edited(index, edits)
            late, anew = finder_on(index), finder_on(build.build())

            assert answers(late, wish.selection, *piece) == answers(anew, wish.selection, *piece)
            assert answers(late, Selection()) == answers(anew, Selection())

        assert answers(late, wish.selection, *piece) == answers(finding.SqlFinder(), wish.selection, *piece)


@settings(deadline=None, max_examples=25)
@given(oracle.worlds(), st.lists(world_edits.EDITS, min_size=1, max_size=6), oracle.ALL_WISHES)
def test_every_single_edit_shows_at_once(world, edits, wish):
    with built(world):
        index = build.build()
        for edit in edits:
            index = edited(index, [edit])

            expected = answers(finder_on(build.build()), wish.selection)
            assert answers(finder_on(index), wish.selection) == expected


@settings(deadline=None, max_examples=20)
@given(oracle.worlds(), st.lists(world_edits.EDITS, min_size=1, max_size=4))
def test_an_index_never_changes(world, edits):
    with built(world):
        index = build.build()
        before = answers(finder_on(index), Selection())
        vocabulary = catalogue.vocabulary()

        edited(index, edits)

        assert answers(finding.IndexFinder(index, vocabulary), Selection()) == before


def test_edits_within_a_block_and_between_equal_names_keep_the_order():
    everybody = [factories.make_clinic(name) for name in ("B", "B", "D", "D", "F", "H", "H", "K", "M")]
    index = build.build()
    for name in ("A", "B", "C", "D", "E", "H", "J", "Z"):
        index = _created(index, name)
    for clinic, name in zip(everybody[::2], ("H", "B", "A", "Z", "D"), strict=True):
        index = _renamed(index, clinic, name)

    assert answers(finder_on(index), Selection()) == answers(finding.SqlFinder(), Selection())


def _created(index: FacetIndex, name: str) -> FacetIndex:
    return changes.changed(index, [factories.make_clinic(name).pk])


def _renamed(index: FacetIndex, clinic, name: str) -> FacetIndex:
    clinic.display_name = name
    clinic.save()
    return changes.changed(index, [clinic.pk])


@pytest.mark.parametrize(("start", "stop"), [(0, 1), (1, 2), (2, 3), (0, 9)])
def test_late_profiles_as_far_as_others_stand_between_them_by_name(start, stop):
    near = Selection(near=Circle(48.0, 11.0, 5))
    index, clinics = build.build(), {}
    for name in "CBDA":
        clinics[name] = factories.make_clinic(name)
        clinics[name].locations.update(latitude=48.0, longitude=11.0)
        index = build.build() if name == "B" else changes.changed(index, [clinics[name].pk])

    page = finder_on(index).page(near, Sort.DISTANCE, start, stop)

    assert page == [clinics[name].pk for name in "ABCD"][start:stop]


def test_profile_renamed_there_and_back_stands_where_it_stood():
    first, second, _third = (factories.make_clinic(name) for name in ("A", "B", "C"))
    index = build.build()

    index = _renamed(_renamed(index, second, "Z"), second, "B")

    assert finder_on(index).page(Selection(), "name", 0, 2) == [first.pk, second.pk]
    assert index.numbering.number_of(second.pk) != build.build().numbering.number_of(second.pk)


def test_profile_that_was_hidden_keeps_its_number():
    clinic = factories.make_clinic("A")
    index = build.build()
    number = index.numbering.number_of(clinic.pk)

    Profile.objects.update(status="hidden")
    hidden = changes.changed(index, [clinic.pk])
    Profile.objects.update(status="published", verified_on=datetime.date(2026, 10, 1))
    shown = changes.changed(hidden, [clinic.pk])

    assert (finder_on(hidden).total(Selection()), finder_on(shown).total(Selection())) == (0, 1)
    assert shown.numbering.number_of(clinic.pk) == number
    assert finder_on(shown).page(Selection(), Sort.VERIFIED, 0, 9) == [clinic.pk]


def test_index_without_changes_stays_the_same():
    index = build.build()

    assert changes.changed(index, []) is index
    assert replace(changes.changed(index, [404]), numbering=index.numbering).published == index.published


def test_finder_works_a_selection_out_once(monkeypatch):
    finder, calls = finder_on(build.build()), []
    monkeypatch.setattr(FacetIndex, "matching", lambda self, *_: calls.append(self) or self.published)
    selection = Selection()

    finder.total(selection)
    finder.page(selection, Sort.NAME, 0, 20)

    assert len(calls) == 1


def test_option_counts_of_chosen_facets_only():
    factories.make_clinic(country="AT")
    finder = finder_on(build.build())

    assert finder.option_counts(Selection(), ["country", "condition"]) == {"country": {"AT": 1}, "condition": {}}
    assert finding.SqlFinder().option_counts(Selection(), ["country"]) == {"country": {"AT": 1}}
