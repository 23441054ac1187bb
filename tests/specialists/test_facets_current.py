"""The index of this process: made when first needed, and never older than what was committed before the question."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from conditions import content_version
from conditions.models import ContentChange, ContentVersion
from specialists import finding
from specialists.facets import build, changes, store
from specialists.facets import current as holder
from specialists.facets.current import Current
from specialists.finding import IndexFinder, SqlFinder
from specialists.models import Clinic, Location, Profile, ProfileChange, SavedIndex, SavedPart
from specialists.selection import Selection
from tests import factories
from tests.conditions.races import on_own_connection

pytestmark = pytest.mark.django_db(transaction=True)

EVERYBODY = Selection()
PATIENCE = 10.0


@pytest.fixture
def current(monkeypatch) -> Iterator[Current]:
    """What a process has that was just started."""
    fresh = start_process(monkeypatch)
    yield fresh
    fresh.wait()


def start_process(monkeypatch) -> Current:
    fresh = Current()
    monkeypatch.setattr(finding, "current", fresh)
    return fresh


@pytest.fixture
def builds(monkeypatch) -> list[int]:
    """The versions for which an index was built."""
    versions, original = [], build.build

    def counted() -> build.FacetIndex:
        index = original()
        versions.append(index.version)
        return index

    monkeypatch.setattr(build, "build", counted)
    return versions


@pytest.fixture
def _many(monkeypatch) -> None:
    """Any number of profiles is too many to build an index at once; a failed build may be tried again at once."""
    monkeypatch.setattr(holder, "FEW", 0)
    monkeypatch.setattr(holder, "PAUSE", 0.0)


def indexed(current: Current) -> IndexFinder:
    """Ask until an index answers: the lock of a builder that has just ended may be held a moment longer."""
    until = time.monotonic() + PATIENCE
    finder = finding.finder()
    while not isinstance(finder, IndexFinder):
        assert time.monotonic() < until
        current.wait()
        finder = finding.finder()
    return finder


def elsewhere(action: Callable[[], Any]) -> Any:
    """Run ``action`` on a connection of its own, committed when it returns."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(on_own_connection, action).result()


def names(finder: finding.Finder) -> list[str]:
    """Everybody in order, each asked for as a page would."""
    by_id = dict(Profile.objects.values_list("pk", "display_name"))
    found = finder.page(EVERYBODY, "name", 0, 99)
    assert len(found) == finder.total(EVERYBODY)
    return [by_id.get(profile, "gone") for profile in found]


# Few profiles


def test_first_question_builds_an_index(current, builds):
    factories.make_clinic("A")

    finder = finding.finder()

    assert isinstance(finder, IndexFinder)
    assert names(finder) == ["A"]
    assert builds == [content_version.read().number]


def test_index_of_the_present_version_is_used_again(current, builds, django_assert_num_queries):
    factories.make_clinic("A")
    first = finding.finder()

    # The version alone.
    with django_assert_num_queries(1):
        assert finding.finder().index is first.index
    assert len(builds) == 1


def test_before_anything_was_ever_published_sql_answers(current, builds):
    ContentVersion.objects.all().delete()

    assert isinstance(finding.finder(), SqlFinder)
    assert builds == []


def test_what_others_commit_shows_at_the_next_question(current, builds):
    factories.make_clinic("B")
    assert names(finding.finder()) == ["B"]

    clinic = elsewhere(lambda: factories.make_clinic("C"))
    assert names(finding.finder()) == ["B", "C"]
    clinic.display_name = "A"
    elsewhere(clinic.save)
    assert names(finding.finder()) == ["A", "B"]
    elsewhere(lambda: Profile.objects.filter(pk=clinic.pk).update(status="hidden"))
    assert names(finding.finder()) == ["B"]
    elsewhere(lambda: Clinic.objects.get(display_name="B").delete())

    assert names(finding.finder()) == []
    assert len(builds) == 1
    assert isinstance(finding.finder(), IndexFinder)


def test_finder_answers_one_state_whatever_is_committed_meanwhile(current):
    factories.make_clinic("A")
    finder = finding.finder()

    elsewhere(lambda: factories.make_clinic("B"))

    assert finder.total(EVERYBODY) == 1
    assert finding.finder().total(EVERYBODY) == 2


def test_own_change_shows_before_it_is_committed_and_not_to_others(current):
    factories.make_clinic("A")
    before = finding.finder()
    with transaction.atomic():
        factories.make_clinic("B")

        assert isinstance(finding.finder(), SqlFinder)
        assert names(finding.finder()) == ["A", "B"]
        assert elsewhere(lambda: finding.finder().index) is before.index

    assert names(finding.finder()) == ["A", "B"]
    assert isinstance(finding.finder(), IndexFinder)


def test_what_is_rolled_back_changes_nothing(current):
    factories.make_clinic("A")
    before = finding.finder()
    with transaction.atomic():
        factories.make_clinic("B")
        transaction.set_rollback(True)

    assert finding.finder().index is before.index


def test_terms_that_are_renamed_or_withdrawn_show_without_a_change_of_profiles(current, builds):
    condition = factories.make_condition("Cyst")
    factories.make_clinic("A", conditions=[condition])
    assert finding.finder().option_counts(EVERYBODY)["condition"] == {"cyst": 1}

    condition.slug = "cysts"
    elsewhere(condition.save)
    assert finding.finder().option_counts(EVERYBODY)["condition"] == {"cysts": 1}
    condition.is_published = False
    elsewhere(condition.save)

    assert finding.finder().option_counts(EVERYBODY)["condition"] == {}
    assert len(builds) == 1


def test_article_alone_moves_the_version_of_the_index(current, builds):
    factories.make_clinic("A")
    before = finding.finder().index

    elsewhere(factories.make_published)

    after = finding.finder().index
    assert after.version == content_version.read().number > before.version
    assert after.numbering is before.numbering
    assert len(builds) == 1


# Too much at once


def test_truncated_table_is_built_anew(current, builds):
    factories.make_clinic("A", country="AT")
    assert finding.finder().option_counts(EVERYBODY)["country"] == {"AT": 1}

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE specialists_location CASCADE")

    assert finding.finder().option_counts(EVERYBODY)["country"] == {}
    assert len(builds) == 2


def test_very_many_changes_are_built_anew(current, builds, monkeypatch):
    monkeypatch.setattr(changes, "MOST_LATE", 2)
    finding.finder()

    for name in "ABC":
        factories.make_clinic(name)

    assert names(finding.finder()) == ["A", "B", "C"]
    assert len(builds) == 2


def test_index_older_than_the_record_of_changes_is_built_anew(current, builds):
    factories.make_clinic("A")
    finding.finder()
    factories.make_clinic("B")
    ContentVersion.objects.update(forgotten=content_version.read().number)
    ProfileChange.objects.all().delete()
    ContentChange.objects.all().delete()

    assert names(finding.finder()) == ["A", "B"]
    assert len(builds) == 2


def test_question_that_was_overtaken_gets_the_newer_index(current, builds):
    factories.make_clinic("A")
    overtaken = content_version.read()
    factories.make_clinic("B")
    newer = finding.finder().index

    assert current.at(overtaken) is newer
    assert len(builds) == 1


def test_database_from_an_older_copy_is_read_anew(current, builds):
    factories.make_clinic("A")
    finding.finder()
    # As if restored: what the index knows never happened.
    Profile.objects.all().delete()
    ContentVersion.objects.update(number=1)

    assert names(finding.finder()) == []
    assert len(builds) == 2


def test_build_sees_one_moment(current, monkeypatch):
    factories.make_clinic("A", country="AT")
    original = build._places

    def interrupted(numbering: Any) -> Any:
        monkeypatch.undo()
        elsewhere(lambda: factories.make_clinic("B", country="DE"))
        elsewhere(Location.objects.filter(country="AT").delete)
        return original(numbering)

    monkeypatch.setattr(build, "_places", interrupted)
    index = build.build()

    assert (len(index.published), sorted(index.facets["country"])) == (1, ["AT"])
    later = changes.up_to_date(index, content_version.read())
    assert (len(later.published), sorted(later.facets["country"])) == (2, ["DE"])


# Many profiles


@pytest.mark.usefixtures("_many")
def test_many_profiles_are_indexed_beside_the_requests(current, builds):
    factories.make_clinic("A")

    first = finding.finder()
    assert isinstance(first, SqlFinder)
    assert names(first) == ["A"]
    current.wait()

    assert isinstance(finding.finder(), IndexFinder)
    assert names(finding.finder()) == ["A"]
    assert builds == [content_version.read().number]
    assert SavedIndex.objects.get().version == builds[0]


@pytest.mark.usefixtures("_many")
def test_another_process_loads_what_the_first_saved_and_adds_what_changed_since(current, builds, monkeypatch):
    factories.make_clinic("B")
    finding.finder()
    current.wait()
    factories.make_clinic("A")

    start_process(monkeypatch)

    assert isinstance(finding.finder(), IndexFinder)
    assert names(finding.finder()) == ["A", "B"]
    assert len(builds) == 1


@pytest.mark.usefixtures("_many")
def test_process_preloads_what_was_saved(current, builds, monkeypatch):
    factories.make_clinic("A")
    finding.finder()
    current.wait()

    other = start_process(monkeypatch)
    other.preload(content_version.read())

    assert other.index is not None
    assert finding.finder().index is other.index
    assert len(builds) == 1


@pytest.mark.usefixtures("_many")
def test_damaged_saved_index_is_built_anew(current, builds, monkeypatch, caplog):
    factories.make_clinic("A")
    finding.finder()
    current.wait()
    SavedPart.objects.filter(name="ids").update(checksum=0)

    other = start_process(monkeypatch)
    assert isinstance(finding.finder(), SqlFinder)

    assert names(indexed(other)) == ["A"]
    assert store.load().version == content_version.read().number
    assert len(builds) == 2
    assert "The saved facet index is not used: part ids" in caplog.text


@pytest.mark.usefixtures("_many")
def test_saved_index_that_is_too_old_is_built_anew(current, builds, monkeypatch):
    factories.make_clinic("A")
    finding.finder()
    current.wait()
    factories.make_clinic("B")
    ContentVersion.objects.update(forgotten=content_version.read().number)

    other = start_process(monkeypatch)
    assert names(finding.finder()) == ["A", "B"]

    assert names(indexed(other)) == ["A", "B"]
    assert len(builds) == 2


@pytest.mark.usefixtures("_many")
def test_only_one_of_two_processes_builds(current, builds, monkeypatch):
    factories.make_clinic("A")
    may_go_on, original = threading.Event(), store.save
    monkeypatch.setattr(store, "save", lambda index: (may_go_on.wait(10), original(index)))
    assert isinstance(finding.finder(), SqlFinder)
    while not builds:
        threading.Event().wait(0.01)

    other = start_process(monkeypatch)
    assert isinstance(finding.finder(), SqlFinder)
    other.wait()
    assert len(builds) == 1
    may_go_on.set()
    current.wait()

    assert isinstance(finding.finder(), IndexFinder)
    assert len(builds) == 1


@pytest.mark.usefixtures("_many")
def test_failed_build_is_tried_again(current, monkeypatch, caplog):
    factories.make_clinic("A")

    def fail() -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(build, "build", fail)
        assert isinstance(finding.finder(), SqlFinder)
        current.wait()
    assert "The facet index could not be built" in caplog.text

    assert names(indexed(current)) == ["A"]


@pytest.mark.usefixtures("_many")
def test_failed_build_is_not_tried_again_with_every_request(current, monkeypatch):
    factories.make_clinic("A")
    tries = []
    monkeypatch.setattr(holder, "PAUSE", 60.0)
    monkeypatch.setattr(holder, "_lock", lambda: bool(tries.append(1)))

    for _request in range(3):
        assert isinstance(finding.finder(), SqlFinder)
        current.wait()

    assert len(tries) == 1
