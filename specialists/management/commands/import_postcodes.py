"""``manage.py import_postcodes FILE…``: all postcodes of a country, from GeoNames or another source."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from conditions.import_report import (
    ImportFileError,
    Outcome,
    RefusalError,
    Report,
    Result,
    Row,
    SourceFile,
    harmless_cell,
)
from specialists.gazetteer.postcode_files import Area, Line, areas, checked, read
from specialists.models import Postcode

BATCH_SIZE = 2000


class Command(BaseCommand):
    help = (
        "Load postcodes with coordinates from GeoNames' postcode files (AT.txt, CH.txt), or from CSV files with the "
        "columns cc, zip, place, lat and lon; plain or gzip. They replace what was known of these codes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="+", help="The files to load, plain or gzip.")
        parser.add_argument("--dry-run", action="store_true", help="Check and report, write nothing.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            found = areas(line for path in options["file"] for line in self._lines(path))
        except ImportFileError as error:
            raise CommandError(str(error)) from error
        if not options["dry_run"]:
            store(found)
        self.stdout.write(f"{'Dry run, nothing was written: ' * options['dry_run']}{len(found):,} postcodes.")

    def _lines(self, path: Path) -> list[Line]:
        """The good lines of a file; the others are told with their numbers, and how many there were."""
        report = Report(self._write)
        with ExitStack() as stack:
            source = stack.enter_context(SourceFile(path))
            lines = [line for row in read(source) if (line := take(row, report))]
        self._write(f"{path}: lines taken {len(lines):,}, refused {report.counts[Result.REFUSED]:,}")
        return lines

    def _write(self, text: str) -> None:
        self.stdout.write(harmless_cell(text))


def take(row: Row, report: Report) -> Line | None:
    """The line as it may be stored; None for one that is refused, of which ``report`` is told."""
    try:
        if row.refusal:
            raise RefusalError(row.refusal)
        return checked(row.values)
    except RefusalError as refusal:
        report.add(row, Outcome(Result.REFUSED, reason=str(refusal)))
        return None


def store(found: list[Area]) -> None:
    """All or nothing; a code that is known is overwritten."""
    rows = [Postcode(**area._asdict(), is_approximate=False, is_imported=True) for area in found]
    with transaction.atomic():
        Postcode.objects.bulk_create(
            rows,
            batch_size=BATCH_SIZE,
            update_conflicts=True,
            unique_fields=["country", "code"],
            update_fields=["name", "latitude", "longitude", "is_approximate", "is_imported"],
        )
