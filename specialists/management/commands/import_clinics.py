"""``manage.py import_clinics FILE --format synthea``: load a register of US hospitals as clinics."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandParser

from conditions.import_report import ImportCommand, Importer, Row, SourceFile
from specialists.imports import ClinicImporter, read_synthea

READERS = {"synthea": read_synthea}


class Command(ImportCommand):
    help = "Load clinics with their places and register numbers from a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--format", choices=sorted(READERS), required=True, help="The shape of the file.")
        parser.add_argument(
            "--publish", action="store_true", help="Show new clinics to visitors at once instead of adding drafts."
        )

    def rows(self, source: SourceFile) -> Iterator[Row]:
        return self.reader(source)

    def importer(self, options: dict[str, Any]) -> Importer:
        self.reader = READERS[options["format"]]
        return ClinicImporter(publish=options["publish"])
