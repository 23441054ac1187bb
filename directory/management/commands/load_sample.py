"""manage.py load_sample: the sample content, once."""

from typing import Any

from django.core.management.base import BaseCommand

from conditions.import_report import refresh_statistics
from directory.sample import loader
from specialists import spelling


class Command(BaseCommand):
    help = "Load the sample content: vocabulary, articles and fictional specialists. Loading again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        added = loader.load()
        if any(added.values()):
            refresh_statistics()
            spelling.refresh()
        for what, count in added.items():
            self.stdout.write(f"{what}: {count} added")
