"""manage.py load_sample: the sample content, once."""

from typing import Any

from django.core.management.base import BaseCommand

from directory.sample import loader


class Command(BaseCommand):
    help = "Load the sample content: vocabulary, articles and fictional specialists. Loading again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, count in loader.load().items():
            self.stdout.write(f"{what}: {count} added")
