"""Rows in PostgreSQL's binary COPY format, put together with NumPy for thousands of rows at once.

A column gives blocks of bytes: a matrix with one line a row, padded to the same width, and which of its bytes count.
The blocks of all columns side by side, padding dropped, are the rows. The format is described in the PostgreSQL
documentation under COPY, "Binary Format": per row the number of fields, per field its length (−1 for NULL) and bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.integer]
# (n, width) bytes, and which of them count: (n, width), or (n, 1) for whole lines, or None for all.
Block = tuple[Bytes, Flags | None]

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
CHUNK_ROWS = 20_000
# PostgreSQL counts days from here.
DAY_ZERO = date(2000, 1, 1)
VARCHAR_OID = 1043


class Column(Protocol):
    """One column of a table, for all rows that are to be written."""

    def blocks(self, rows: slice) -> Iterator[Block]:
        """The fields of these rows, each with its length in front."""


class Words:
    """Different values of a text column, UTF-8, padded to one width."""

    def __init__(self, values: Sequence[str | bytes]) -> None:
        encoded = [value.encode() if isinstance(value, str) else value for value in values]
        width = max(map(len, encoded), default=0)
        joined = b"".join(value.ljust(width, b"\0") for value in encoded)
        self.table: Bytes = np.frombuffer(joined, np.uint8).reshape(len(encoded), width)
        self.lengths = np.fromiter(map(len, encoded), np.int32, len(encoded))
        self.counted: Flags = np.arange(width) < self.lengths[:, None]


class Number:
    """A column of fixed width: int2, int4, int8, float8, date (days since ``DAY_ZERO``); NULL where ``null``."""

    def __init__(self, sql_type: str, values: npt.NDArray, null: Flags | None = None) -> None:
        formats = {"int2": ">i2", "int4": ">i4", "int8": ">i8", "float8": ">f8", "date": ">i4"}
        self.values = values.astype(formats[sql_type])
        self.null = null

    def blocks(self, rows: slice) -> Iterator[Block]:
        values = self.values[rows]
        lengths = np.full(len(values), values.itemsize, ">i4")
        given = None
        if self.null is not None:
            lengths[self.null[rows]] = -1
            given = ~self.null[rows][:, None]
        yield _bytes_of(lengths), None
        yield _bytes_of(values), given


class Text:
    """A column of varying width, each value joined from parts: (words, which of them for each row)."""

    def __init__(self, *parts: tuple[Words, Codes]) -> None:
        self.parts = parts

    def blocks(self, rows: slice) -> Iterator[Block]:
        yield _bytes_of(sum(words.lengths[codes[rows]] for words, codes in self.parts).astype(">i4")), None  # type: ignore[union-attr]
        for words, codes in self.parts:
            yield words.table[codes[rows]], words.counted[codes[rows]]


class Same:
    """A column with one value in all rows, given in its binary form."""

    def __init__(self, value: bytes | None) -> None:
        self.field = b"\xff\xff\xff\xff" if value is None else len(value).to_bytes(4, "big") + value

    def blocks(self, rows: slice) -> Iterator[Block]:
        line = np.frombuffer(self.field, np.uint8)
        yield np.broadcast_to(line, (rows.stop - rows.start, len(line))), None


def array_of(values: Sequence[str]) -> bytes:
    """A one-dimensional array of varchar in its binary form; the empty array has no dimension."""
    head = [1 if values else 0, 0, VARCHAR_OID, *((len(values), 1) if values else ())]
    items = [len(value.encode()).to_bytes(4, "big") + value.encode() for value in values]
    return b"".join([*(number.to_bytes(4, "big") for number in head), *items])


def chunks(columns: Mapping[str, Column], count: int) -> Iterator[bytes]:
    """``count`` rows as pieces of one COPY … (FORMAT binary) stream, header and trailer included."""
    yield HEADER
    for start in range(0, count, CHUNK_ROWS):
        yield _rows(list(columns.values()), slice(start, min(start + CHUNK_ROWS, count)))
    yield TRAILER


def _rows(columns: Sequence[Column], rows: slice) -> bytes:
    count = rows.stop - rows.start
    blocks: list[Block] = [(_bytes_of(np.full(count, len(columns), ">i2")), None)]
    for column in columns:
        blocks.extend(column.blocks(rows))
    padded = np.concatenate([block for block, _counted in blocks], axis=1)
    if all(counted is None for _block, counted in blocks):
        return padded.tobytes()
    counted = np.ones(padded.shape, np.bool_)
    position = 0
    for block, flags in blocks:
        if flags is not None:
            counted[:, position : position + block.shape[1]] = flags
        position += block.shape[1]
    return padded[counted].tobytes()


def _bytes_of(values: npt.NDArray) -> Bytes:
    """(n,) values as (n, itemsize) bytes, in the order in which they lie in memory."""
    return np.ascontiguousarray(values).view(np.uint8).reshape(len(values), values.itemsize)
