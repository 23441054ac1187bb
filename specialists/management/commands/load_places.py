"""``manage.py load_places``: places and postcodes for “near me”, from installed packages; quick when nothing is new."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from specialists.gazetteer.loading import load


class Command(BaseCommand):
    help = "Load the places and postcodes that installed packages carry; does nothing when they are loaded already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="Load again what is loaded already.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            load(self._say if options["verbosity"] else lambda _text: None, force=options["force"])
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
