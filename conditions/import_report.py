"""What every import shares: reading a file line by line, storing in batches, the bar, and the report.

One row is all or nothing (a savepoint each); a dry run does the same work in one transaction and takes it back.
"""

import csv
import enum
import gzip
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol, Self, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Model
from tqdm import tqdm

BATCH_SIZE = 200
GZIP_MAGIC = b"\x1f\x8b"
REPORT_COLUMNS = ("line", "outcome", "entry", "reason")
# A spreadsheet runs a cell that begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# PostgreSQL cannot store these; surrogates are what undecodable bytes become on reading.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Item = TypeVar("Item")


class Result(enum.StrEnum):
    ADDED = "added"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    REFUSED = "refused"


class RefusalError(Exception):
    """A row that cannot be taken; the text says why."""


class ImportFileError(Exception):
    """The file itself cannot be read (any further)."""


@dataclass(frozen=True)
class Row:
    """What stood on a line: its values, or why it could not be read."""

    line: int
    values: Any = None
    refusal: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a row. ``notes`` tell what was left out of, or is doubtful in, a row that was taken."""

    result: Result
    entry: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()


class Importer(Protocol):
    def prepare(self, rows: list[Row]) -> None:
        """Look up in a few queries what the rows of a batch need."""

    def store(self, row: Row) -> Outcome:
        """Write one row; raise RefusalError or ValidationError to have all of it taken back."""

    def finish(self) -> None:
        """End a batch, still within its transaction."""


class SourceFile:
    """A text file in UTF-8, plain or gzip, read line by line; ``position`` counts the bytes read of ``size``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._raw = self._stack.enter_context(self.path.open("rb"))
            self.size = self.path.stat().st_size
            is_gzip = self._raw.read(2) == GZIP_MAGIC
            self._raw.seek(0)
        except OSError as error:
            raise ImportFileError(f"{self.path} cannot be read: {error.strerror}.") from error
        if self.path.suffix == ".gz" and not is_gzip:
            self._stack.close()
            raise ImportFileError(f"{self.path} is named .gz but is not a gzip file.")
        self._bytes: IO[bytes] = gzip.open(self._raw, "rb") if is_gzip else self._raw  # type: ignore[assignment]
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    @property
    def position(self) -> int:
        return self._raw.tell()

    def lines(self) -> Iterator[str]:
        """Each line with its end; bytes that are not UTF-8 become surrogates, which ``unreadable`` finds."""
        number = 0
        try:
            for number, line in enumerate(self._bytes, start=1):
                text = line.decode("utf-8", errors="surrogateescape")
                yield text.removeprefix("\ufeff") if number == 1 else text
        except (OSError, EOFError, zlib.error) as error:
            raise ImportFileError(f"{self.path} is damaged or incomplete after line {number}: {error}.") from error


def unreadable(text: str) -> str:
    """Why ``text`` cannot be stored, or ""."""
    return "It is not UTF-8 text, or holds characters that cannot be stored." if UNSTORABLE.search(text) else ""


def checked_save(instance: Model, *, trusted: Collection[str] = ()) -> None:
    """Save what passes the field checks; ``trusted`` foreign keys are known to exist.

    ``full_clean()`` asks the database about every constraint in turn (a clinic took 7 ms, a save takes 1). Here
    PostgreSQL judges them all at once, and only where it refuses is the model asked to say so in kind words.
    """
    instance.clean_fields(exclude=trusted)
    instance.clean()
    try:
        with transaction.atomic():
            instance.save()
    except IntegrityError:
        instance.full_clean()
        raise


def in_batches(items: Iterable[Item], size: int = BATCH_SIZE) -> Iterator[list[Item]]:
    """``items`` in lists of ``size``; when the file breaks off, what was read comes first and the error then."""
    batch: list[Item] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == size:
                yield batch
                batch = []
    except ImportFileError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def reason_of(error: Exception) -> str:
    """The words of a refusal, a validation error (with its fields) or a database error, on one line."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        return " ".join(
            ("" if name == NON_FIELD_ERRORS else f"{name}: ") + " ".join(messages)
            for name, messages in error.message_dict.items()
        )
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return next(iter(str(error).splitlines()), type(error).__name__)


def store_row(importer: Importer, row: Row) -> Outcome:
    """All of the row or, where it is refused, nothing of it."""
    if row.refusal:
        return Outcome(Result.REFUSED, reason=row.refusal)
    try:
        with transaction.atomic():
            return importer.store(row)
    except (RefusalError, ValidationError, IntegrityError, DataError) as error:
        return Outcome(Result.REFUSED, entry=entry_of(row), reason=reason_of(error))


def entry_of(row: Row) -> str:
    """The name by which a person finds the row again."""
    values = row.values if isinstance(row.values, dict) else {}
    name = values.get("name") or values.get("focus") or ""
    return name if isinstance(name, str) else ""


def store_batch(importer: Importer, batch: list[Row]) -> list[tuple[Row, Outcome]]:
    with transaction.atomic():
        importer.prepare([row for row in batch if not row.refusal])
        outcomes = [(row, store_row(importer, row)) for row in batch]
        importer.finish()
    return outcomes


@dataclass
class Report:
    """Counts what happened and tells of every line that was refused; ``notes`` go to the CSV, or where asked for."""

    write: Callable[[str], object]
    csv_file: IO[str] | None = None
    with_notes: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        if self.csv_file is not None:
            csv.writer(self.csv_file).writerow(REPORT_COLUMNS)

    def add(self, row: Row, outcome: Outcome) -> None:
        self.counts[outcome.result] += 1
        if outcome.result is Result.REFUSED:
            self._tell(row.line, "refused", outcome.entry, outcome.reason)
        for note in outcome.notes:
            self.counts["notes"] += 1
            self._tell(row.line, "note", outcome.entry, note)

    def _tell(self, line: int, kind: str, entry: str, text: str) -> None:
        if kind == "refused" or self.with_notes:
            self.write(f"Line {line} {kind}{f' ({entry})' if entry else ''}: {text}")
        if self.csv_file is not None:
            csv.writer(self.csv_file).writerow((line, kind, harmless_cell(entry), harmless_cell(text)))

    def summary(self) -> str:
        return ", ".join(f"{result} {self.counts[result]}" for result in Result)


def harmless_cell(text: str) -> str:
    """``text`` so that a spreadsheet shows it and does not run it; lone surrogates are shown escaped."""
    shown = text.encode("utf-8", errors="backslashreplace").decode()
    return f"'{shown}" if shown.startswith(FORMULA_STARTS) else shown


def run(source: SourceFile, rows: Iterable[Row], importer: Importer, report: Report, *, dry_run: bool) -> None:
    """Store all rows, batch by batch. A dry run is one transaction, so that later rows see the earlier ones."""
    with ExitStack() as stack:
        bar = stack.enter_context(tqdm(total=source.size, unit="B", unit_scale=True, disable=None, file=sys.stderr))
        if dry_run:
            stack.enter_context(transaction.atomic())
            # A plain rollback at the end, also after an error; savepoints inside still work.
            stack.callback(transaction.set_rollback, True)
        for batch in in_batches(rows):
            outcomes = store_batch(importer, batch)
            with tqdm.external_write_mode(file=sys.stderr):
                for row, outcome in outcomes:
                    report.add(row, outcome)
            bar.update(source.position - bar.n)


def refresh_statistics() -> None:
    """Have PostgreSQL look at its tables anew.

    Statistics that it gathered by itself halfway through a load would make it choose badly for minutes: a list
    page of a tenth of a second took forty.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class ImportCommand(BaseCommand):
    """The frame of an import command: arguments, files, report, and one last line of counts."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The file to load, plain or gzip.")
        parser.add_argument("--dry-run", action="store_true", help="Check and report, write nothing.")
        parser.add_argument("--report", type=Path, help="Also write the report, with its notes, as CSV to this path.")

    def rows(self, source: SourceFile) -> Iterator[Row]:
        raise NotImplementedError

    def importer(self, options: dict[str, Any]) -> Importer:
        raise NotImplementedError

    def handle(self, *_args: Any, **options: Any) -> None:
        with ExitStack() as stack:
            try:
                importer = self.importer(options)
                source = stack.enter_context(SourceFile(options["file"]))
                report = self._report(options, stack)
                self._run(source, importer, report, dry_run=options["dry_run"])
                if not options["dry_run"]:
                    refresh_statistics()
            except ImportFileError as error:
                raise CommandError(str(error)) from error

    def _report(self, options: dict[str, Any], stack: ExitStack) -> Report:
        path: Path | None = options["report"]
        if path and path.exists() and path.samefile(options["file"]):
            raise CommandError("The report would overwrite the file to load.")
        try:
            csv_file = stack.enter_context(path.open("w", newline="", encoding="utf-8")) if path else None
        except OSError as error:
            raise CommandError(f"The report {path} cannot be written: {error.strerror}.") from error
        return Report(self._write, csv_file, with_notes=options["verbosity"] > 1)

    def _write(self, text: str) -> None:
        self.stdout.write(harmless_cell(text))

    def _run(self, source: SourceFile, importer: Importer, report: Report, *, dry_run: bool) -> None:
        try:
            run(source, self.rows(source), importer, report, dry_run=dry_run)
        finally:
            # Also when the file breaks off: what was stored before that stays, and must be told.
            if report.counts["notes"]:
                self.stdout.write(f"{report.counts['notes']} notes (see --report, or --verbosity 2).")
            self.stdout.write(("Dry run, nothing was written: " if dry_run else "") + report.summary())
