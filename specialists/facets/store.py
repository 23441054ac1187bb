"""Saves an index in PostgreSQL and loads it: a moment for a million profiles, where building it anew takes seconds."""

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import psycopg
from django.db import connection, transaction
from pyroaring import BitMap

from specialists.facets.bitmaps import bitmap
from specialists.facets.index import FacetIndex
from specialists.facets.numbers import Numbering, SortKeys, numbers_of_ranks
from specialists.facets.places import Places
from specialists.facets.words import Words
from specialists.models import SavedIndex, SavedPart
from specialists.queries import FACETS

# Another layout of the parts is another format: what was saved in the old one is then built anew.
FORMAT = 1
CHUNK = 16 * 1024 * 1024
LENGTH_BYTES = 8

Parts = dict[str, bytes]


class UnusableError(Exception):
    """A saved index that cannot be read: damaged, or of another format."""


def save(index: FacetIndex) -> None:
    """Keep ``index``, which must have no late changes, as the only saved one."""
    with transaction.atomic():
        saved, _created = SavedIndex.objects.update_or_create(
            version=index.version, defaults={"profiles": len(index.published)}
        )
        saved.parts.all().delete()
        for name, data in _parts(index).items():
            for position, start in enumerate(range(0, max(len(data), 1), CHUNK)):
                chunk = data[start : start + CHUNK]
                saved.parts.create(name=name, position=position, data=chunk, checksum=zlib.crc32(chunk))
        SavedIndex.objects.exclude(pk=saved.pk).delete()


def load(newer_than: int = -1) -> FacetIndex | None:
    """The saved index, if there is one of a version above ``newer_than``; raises UnusableError."""
    saved = SavedIndex.objects.filter(version__gt=newer_than).order_by("-version").first()
    if saved is None:
        return None
    chunks: dict[str, list[bytes]] = {}
    for name, data, checksum in _read_parts(saved):
        if zlib.crc32(data) != checksum:
            raise UnusableError(f"part {name} of saved index {saved.version} is damaged")
        chunks.setdefault(name, []).append(data)
    try:
        return _from_parts(saved.version, {name: b"".join(parts) for name, parts in chunks.items()})
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise UnusableError(f"saved index {saved.version} cannot be read: {error!r}") from error


def _read_parts(saved: SavedIndex) -> list[tuple[str, bytes, int]]:
    """The parts in order; in binary, or each byte would travel as two letters."""
    query = SavedPart.objects.filter(index=saved).order_by("name", "position").values_list("name", "data", "checksum")
    statement, parameters = query.query.sql_with_params()
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        rows = cursor.execute(statement, parameters, binary=True).fetchall()
    return [(name, bytes(data), checksum) for name, data, checksum in rows]


def _parts(index: FacetIndex) -> Parts:
    numbering, places, words = index.numbering, index.places, index.words
    parts = {
        "ids": numbering.ids.tobytes(),
        "keys": _packed(dict(enumerate(numbering.keys.blocks))),
        "firsts": json.dumps(list(numbering.keys.firsts)).encode(),
        "days": _packed_bitmaps(index.days),
        "latitudes": places.latitudes.tobytes(),
        "longitudes": places.longitudes.tobytes(),
        "place starts": places.starts.tobytes(),
        "place numbers": places.numbers.tobytes(),
        "words": words.text,
        "word starts": words.starts.tobytes(),
        "word numbers": words.numbers.tobytes(),
    }
    parts |= {f"facet {name}": _packed_bitmaps(bitmaps) for name, bitmaps in index.facets.items()}
    return {**parts, "meta": json.dumps(_meta(parts, index.facets)).encode()}


def _meta(parts: Parts, facets: Iterable[str]) -> dict[str, Any]:
    """What tells a whole index of this format from any other."""
    lengths = {name: len(data) for name, data in sorted(parts.items()) if name != "meta"}
    return {"format": FORMAT, "facets": sorted(facets), "lengths": lengths}


def _from_parts(version: int, parts: Parts) -> FacetIndex:
    if json.loads(parts["meta"]) != _meta(parts, FACETS):
        raise UnusableError(f"saved index {version} is of another format, or incomplete")
    ids = np.frombuffer(parts["ids"], dtype=np.int64)
    blocks = SortKeys(list(_unpacked(parts["keys"]).values()), json.loads(parts["firsts"]))
    return FacetIndex(
        version,
        Numbering.packed(ids, blocks),
        bitmap(numbers_of_ranks(len(ids))),
        {name: _unpacked_bitmaps(parts[f"facet {name}"]) for name in FACETS},
        _unpacked_bitmaps(parts["days"]),
        Places(
            np.frombuffer(parts["latitudes"], dtype=np.float64),
            np.frombuffer(parts["longitudes"], dtype=np.float64),
            np.frombuffer(parts["place starts"], dtype=np.int64),
            np.frombuffer(parts["place numbers"], dtype=np.uint32),
        ),
        Words(
            parts["words"],
            np.frombuffer(parts["word starts"], dtype=np.int64),
            np.frombuffer(parts["word numbers"], dtype=np.uint32),
        ),
    )


def _packed(pieces: Mapping[Any, bytes]) -> bytes:
    """Pieces under keys (numbers or strings) as one: the header's length, a JSON header, the pieces."""
    header = json.dumps([[key, len(piece)] for key, piece in pieces.items()]).encode()
    return b"".join([len(header).to_bytes(LENGTH_BYTES), header, *pieces.values()])


def _unpacked(data: bytes) -> dict[Any, bytes]:
    start = LENGTH_BYTES + int.from_bytes(data[:LENGTH_BYTES])
    pieces = {}
    for key, length in json.loads(data[LENGTH_BYTES:start]):
        pieces[key] = data[start : start + length]
        start += length
    return pieces


def _packed_bitmaps(bitmaps: Mapping[Any, BitMap]) -> bytes:
    return _packed({key: numbers.serialize() for key, numbers in bitmaps.items()})


def _unpacked_bitmaps(data: bytes) -> dict[Any, BitMap]:
    return {key: BitMap.deserialize(piece) for key, piece in _unpacked(data).items()}
