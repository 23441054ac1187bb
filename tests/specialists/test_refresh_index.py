"""The hourly command: a new index is saved, words are renewed, old notes of changes are forgotten, young ones kept."""

from io import StringIO

import pytest
from django.core.management import call_command

from conditions import content_version
from conditions.models import ContentChange, ContentVersion
from specialists import finding, spelling
from specialists.facets import build, store
from specialists.facets.current import Current
from specialists.management.commands import refresh_index
from specialists.models import ProfileChange, SavedIndex
from specialists.selection import Selection
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def run() -> str:
    output = StringIO()
    call_command("refresh_index", stdout=output)
    return output.getvalue().strip()


def test_command_saves_the_index_of_now_and_says_so():
    factories.make_clinic("A")
    factories.make_clinic("B", status="draft")

    said = run()

    saved = store.load()
    assert said == "1 profiles indexed, 0 notes of changes forgotten"
    assert saved is not None
    assert saved.version == content_version.read().number
    assert saved.published.to_array().tolist() == build.build().published.to_array().tolist()


def test_command_replaces_what_it_saved_before():
    factories.make_clinic("A")
    run()
    factories.make_clinic("B")

    run()

    saved = store.load()
    assert saved is not None
    assert len(saved.published) == 2
    assert SavedIndex.objects.count() == 1


def test_command_renews_the_words():
    run()
    factories.make_clinic("Sonnenblick")
    assert spelling.corrected("sonenblick") is None

    run()

    assert spelling.corrected("sonenblick") == "sonnenblick"


def test_command_keeps_young_notes():
    factories.make_clinic("A")
    notes = ContentChange.objects.count(), ProfileChange.objects.count()

    run()

    assert notes[0] > 0
    assert notes[1] > 0
    assert (ContentChange.objects.count(), ProfileChange.objects.count()) == notes
    assert ContentVersion.objects.get().forgotten == content_version.read().number - refresh_index.KEPT


def test_command_forgets_old_notes_and_only_these(monkeypatch):
    factories.make_clinic("Old")
    until = content_version.read().number
    factories.make_clinic("New")
    young = set(ContentChange.objects.filter(version__gt=until).values_list("transaction", flat=True))
    assert young
    monkeypatch.setattr(refresh_index, "KEPT", content_version.read().number - until)

    said = run()

    assert set(ContentChange.objects.values_list("transaction", flat=True)) == young
    assert set(ProfileChange.objects.values_list("transaction", flat=True)) <= young
    assert ContentVersion.objects.get().forgotten == until
    assert not said.endswith(" 0 notes of changes forgotten")


def test_forgetting_is_no_change_of_the_content(monkeypatch):
    factories.make_clinic()
    before = content_version.read().number
    monkeypatch.setattr(refresh_index, "KEPT", 0)

    run()

    assert content_version.read().number == before


def test_what_was_forgotten_never_becomes_known_again(monkeypatch):
    factories.make_clinic()
    monkeypatch.setattr(refresh_index, "KEPT", 0)
    run()
    forgotten = ContentVersion.objects.get().forgotten

    monkeypatch.setattr(refresh_index, "KEPT", 10**12)
    run()

    assert ContentVersion.objects.get().forgotten == forgotten > 0


def test_worker_that_slept_through_it_knows_all_after_it(monkeypatch):
    factories.make_clinic("A")
    sleeper = Current()
    monkeypatch.setattr(finding, "current", sleeper)
    assert finding.finder().total(Selection()) == 1
    factories.make_clinic("B")
    factories.make_clinic("C")
    monkeypatch.setattr(refresh_index, "KEPT", 0)
    run()
    assert ProfileChange.objects.count() == 0

    assert finding.finder().total(Selection()) == 3
