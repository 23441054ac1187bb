"""What was saved is loaded as it was, or refused."""

import json
import zlib

import pytest
from django.db import connection
from django.db.models import F

from specialists import catalogue, finding
from specialists.enums import Sort
from specialists.facets import build, store
from specialists.facets.index import FacetIndex
from specialists.models import Profile, SavedIndex, SavedPart
from specialists.selection import Circle, Selection
from tests import factories

pytestmark = pytest.mark.django_db

SELECTIONS = [
    Selection(),
    Selection(text="klinik"),
    Selection(text="p"),
    Selection({"country": frozenset({"AT"}), "condition": frozenset({"cyst"})}),
    Selection(near=Circle(48.0, 11.0, 50)),
]


@pytest.fixture
def index() -> FacetIndex:
    condition, treatment = factories.make_condition("Cyst"), factories.make_treatment("Ablation")
    clinics = [
        factories.make_clinic(f"Klinik {letter}", country=country, conditions=[condition], languages=["de", "en"])
        for letter, country in zip("cab", ("AT", "DE", "AT"), strict=True)
    ]
    clinics[0].locations.update(latitude=48.0, longitude=11.0)
    clinics[1].locations.update(latitude=48.1, longitude=11.1)
    factories.make_physician(
        "Park", clinics=clinics[:2], treatments=[treatment], verified_on="2026-10-01", insurance=["private"]
    )
    return build.build()


def answers(index: FacetIndex) -> list[object]:
    finder = finding.IndexFinder(index, catalogue.vocabulary())
    return [
        (
            finder.option_counts(selection),
            [finder.page(selection, sort, 0, 9) for sort in Sort.values],
            [values.tolist() for values in finder.points(selection)],
        )
        for selection in SELECTIONS
    ]


def rewrite(name: str, data: bytes) -> None:
    """Another content of a saved part, with the checksum that fits it."""
    assert SavedPart.objects.filter(name=name).update(data=data, checksum=zlib.crc32(data)) == 1


def test_loaded_index_answers_as_the_saved_one(index):
    store.save(index)

    loaded = store.load()

    assert answers(loaded) == answers(index)
    assert loaded.version == index.version
    assert answers(index)[0][1][0] == list(Profile.objects.order_by("sort_key").values_list("pk", flat=True))


def test_index_in_many_chunks_is_loaded_whole(index, monkeypatch):
    monkeypatch.setattr(store, "CHUNK", 7)

    store.save(index)

    assert SavedPart.objects.filter(name="ids").count() == 5
    assert answers(store.load()) == answers(index)


def test_index_of_nobody_is_loaded():
    index = build.build()
    store.save(index)

    assert answers(store.load()) == answers(index)


def test_load_of_nothing_saved():
    assert store.load() is None


def test_load_only_of_a_newer_one(index):
    store.save(index)

    assert store.load(newer_than=index.version) is None
    assert store.load(newer_than=index.version - 1).version == index.version


def test_save_keeps_the_last_only(index):
    store.save(index)
    newer = FacetIndex(**{**vars(index), "version": index.version + 1})

    store.save(newer)
    store.save(newer)

    assert [(saved.version, saved.profiles) for saved in SavedIndex.objects.all()] == [(newer.version, 4)]
    assert store.load().version == newer.version


@pytest.mark.parametrize("name", ["ids", "keys", "firsts", "words", "meta", "latitudes", "facet kind", "days"])
def test_damaged_byte_is_noticed(index, name):
    store.save(index)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE specialists_savedpart SET data = set_byte(data, 5, get_byte(data, 5) # 1) WHERE name = %s", [name]
        )

    with pytest.raises(store.UnusableError, match=f"part {name} of saved index {index.version} is damaged"):
        store.load()


def test_damaged_checksum_is_noticed(index):
    store.save(index)
    SavedPart.objects.filter(name="ids").update(checksum=F("checksum") + 1)

    with pytest.raises(store.UnusableError):
        store.load()


def test_every_missing_part_is_noticed(index):
    store.save(index)
    for name in SavedPart.objects.values_list("name", flat=True):
        store.save(index)
        SavedPart.objects.filter(name=name).delete()

        with pytest.raises(store.UnusableError):
            store.load()


@pytest.mark.parametrize("position", [0, 1, 3])
def test_missing_chunk_is_noticed(index, monkeypatch, position):
    monkeypatch.setattr(store, "CHUNK", 8)
    store.save(index)
    SavedPart.objects.filter(name="ids", position=position).delete()

    with pytest.raises(store.UnusableError):
        store.load()


def test_another_format_is_refused(index, monkeypatch):
    monkeypatch.setattr(store, "FORMAT", store.FORMAT + 1)
    store.save(index)
    monkeypatch.undo()

    with pytest.raises(store.UnusableError, match="another format"):
        store.load()


def test_index_without_a_facet_that_was_added_since_is_refused(index):
    store.save(FacetIndex(**{**vars(index), "facets": {"kind": index.facets["kind"]}}))

    with pytest.raises(store.UnusableError):
        store.load()


@pytest.mark.parametrize("meta", [b"", b"{", b"[]", b"\xff", json.dumps({"format": 1}).encode()])
def test_unreadable_description_is_refused(index, meta):
    store.save(index)
    rewrite("meta", meta)

    with pytest.raises(store.UnusableError):
        store.load()


@pytest.mark.parametrize("name", ["keys", "facet kind", "days"])
def test_unreadable_part_is_refused(index, name):
    store.save(index)
    length = len(SavedPart.objects.get(name=name).data)
    rewrite(name, b"\x00" * length)

    with pytest.raises(store.UnusableError):
        store.load()
