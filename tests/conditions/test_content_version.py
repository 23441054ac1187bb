"""The content version: once a transaction, at its commit, never the same again; and what is kept until the next."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction

from conditions import content_version
from conditions.content_version import ContentVersion
from conditions.models import Condition, ContentChange
from conditions.models import ContentVersion as Row
from tests import factories
from tests.conditions.database import check_triggers
from tests.conditions.races import behind, on_own_connection, together

FUTURE = 4_000_000_000_000_000


def number() -> int:
    version = content_version.read()
    assert version is not None
    return version.number


def elsewhere(action: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(on_own_connection, action).result()


def change() -> None:
    Condition.objects.update(summary="new")


# When it shows


@pytest.mark.django_db
def test_version_before_anything_was_published():
    Row.objects.all().delete()

    assert content_version.read() is None


@pytest.mark.django_db(transaction=True)
def test_version_rises_with_the_commit_and_is_about_now():
    factories.make_condition()
    before = content_version.read()

    change()

    after = content_version.read()
    assert after.number > before.number
    assert abs(after.seconds - time.time()) < 60
    assert after.forgotten == 0


@pytest.mark.django_db(transaction=True)
def test_change_shows_to_others_after_the_commit_only_and_has_no_version_until_then():
    factories.make_condition()
    before = number()
    with transaction.atomic():
        change()

        assert content_version.read() is None
        assert elsewhere(number) == before

    assert elsewhere(number) == number() > before


@pytest.mark.django_db(transaction=True)
def test_transaction_has_one_version_however_much_it_changes():
    with transaction.atomic():
        factories.make_condition()
        with transaction.atomic():
            change()
        factories.make_specialty()

    assert [found.version for found in ContentChange.objects.order_by("-pk")[:1]] == [number()]
    assert ContentChange.objects.filter(version__gte=number()).count() == 1
    assert ContentChange.objects.filter(version=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_the_version():
    factories.make_condition()
    before = number()
    with transaction.atomic():
        change()
        transaction.set_rollback(True)

    assert number() == before


@pytest.mark.django_db(transaction=True)
def test_rolled_back_savepoint_leaves_the_version():
    factories.make_condition()
    before = number()
    with transaction.atomic():
        with transaction.atomic():
            change()
            transaction.set_rollback(True)
        assert number() == before

    assert number() == before


@pytest.mark.django_db(transaction=True)
def test_change_after_a_rolled_back_savepoint_counts():
    factories.make_condition()
    before = number()
    with transaction.atomic():
        with transaction.atomic():
            change()
            transaction.set_rollback(True)
        change()
        assert content_version.read() is None

    assert number() > before


@pytest.mark.django_db(transaction=True)
def test_clock_that_goes_back_does_not_take_the_version_along():
    factories.make_condition()
    Row.objects.update(number=FUTURE)

    change()
    assert number() == FUTURE + 1
    change()

    assert number() == FUTURE + 2


@pytest.mark.django_db(transaction=True)
def test_change_without_rows_leaves_the_version():
    factories.make_condition()
    before = number()

    Condition.objects.filter(name="nobody").update(summary="new")
    Condition.objects.filter(name="nobody").delete()

    assert number() == before


# Several writers at once


@pytest.mark.django_db(transaction=True)
def test_writers_do_not_wait_for_each_other_before_they_commit():
    conditions = [factories.make_condition(name) for name in ("Cyst", "Tumour")]
    before, both_have_written = number(), Barrier(2)

    def write(condition: Condition) -> int:
        with transaction.atomic():
            condition.summary = "new"
            condition.save()
            both_have_written.wait(10)
        return number()

    outcomes = together(*(lambda condition=condition: write(condition) for condition in conditions))

    seen = [outcome.result() for outcome in outcomes]
    versions = ContentChange.objects.filter(version__gt=before).order_by("pk").values_list("version", flat=True)
    assert len(set(versions)) == 2
    assert max(seen) == max(versions) == number()
    assert min(seen) >= min(versions)


@pytest.mark.django_db(transaction=True)
def test_every_one_of_many_writers_has_a_version_of_its_own():
    conditions = [factories.make_condition(f"Condition {place}") for place in range(6)]
    before = number()

    def write(condition: Condition) -> None:
        for turn in range(5):
            seen = number()
            condition.summary = f"{turn}"
            condition.save()
            assert number() > seen

    for outcome in together(*(lambda condition=condition: write(condition) for condition in conditions)):
        outcome.result()

    versions = ContentChange.objects.filter(version__gt=before).values_list("version", flat=True)
    assert (len(versions), len(set(versions))) == (30, 30)
    assert max(versions) == number()


@pytest.mark.django_db(transaction=True)
def test_versions_become_visible_in_their_own_order():
    """Who gets a later version commits later: nobody can read it and miss the earlier one."""
    condition = factories.make_condition("Cyst")

    def commit_first() -> None:
        factories.make_specialty()
        check_triggers()

    def write() -> tuple[int, int]:
        condition.save()
        return number(), len(ContentChange.objects.exclude(version=None))

    before = ContentChange.objects.count()
    second, changes = behind(commit_first, write).result()

    assert changes == before + 2
    assert second == number() == ContentChange.objects.order_by("-version")[0].version


# What is kept from one version until the next


@pytest.fixture
def counted() -> content_version.CachedByVersion[int]:
    """Works out how often it was worked out."""
    times: list[int] = []

    @content_version.cached
    def count() -> int:
        """Its documentation."""
        times.append(1)
        return len(times)

    return count


def test_cached_is_worked_out_once_for_each_version(counted):
    first, second = ContentVersion(1), ContentVersion(2)

    assert [counted.at(first), counted.at(first), counted.at(second), counted.at(second)] == [1, 1, 2, 2]
    # An older version is not kept beside the newer one.
    assert counted.at(first) == 3


def test_cached_bypasses_what_is_kept_where_there_is_no_version(counted):
    assert [counted.at(ContentVersion(1)), counted.at(None), counted.at(None)] == [1, 2, 3]
    assert counted.at(ContentVersion(1)) == 1


def test_cached_keeps_the_documentation(counted):
    assert (counted.__name__, counted.__doc__) == ("count", "Its documentation.")


def test_cached_keeps_nothing_of_a_failure():
    outcomes = iter([ZeroDivisionError(), 7])

    @content_version.cached
    def work_out() -> int:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    with pytest.raises(ZeroDivisionError):
        work_out.at(ContentVersion(1))
    assert work_out.at(ContentVersion(1)) == 7


def test_cached_goes_by_the_version_of_the_request(counted):
    with content_version.known(ContentVersion(5)):
        assert [counted(), counted()] == [1, 1]
        with content_version.known(None):
            assert counted() == 2
        assert counted() == 1


@pytest.mark.django_db(transaction=True)
def test_cached_is_worked_out_anew_after_a_change_and_within_it(counted):
    factories.make_condition()
    assert [counted(), counted()] == [1, 1]
    with transaction.atomic():
        change()
        assert [counted(), counted()] == [2, 3]
        assert elsewhere(counted) == 1

    assert [counted(), counted()] == [4, 4]
