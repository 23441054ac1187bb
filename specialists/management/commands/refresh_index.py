"""manage.py refresh_index: saves a new facet index and the words of today. Run it hourly, and after large imports."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from conditions.models import ContentChange
from specialists import spelling
from specialists.facets import build, store
from specialists.facets.index import FacetIndex
from specialists.models import ProfileChange

# Microseconds: workers that were idle for so long load the saved index instead of following each change.
KEPT = 24 * 3600 * 1_000_000


class Command(BaseCommand):
    help = "Build and save the facet index, renew the words for spelling, forget old notes of changes."

    def handle(self, *args: Any, **options: Any) -> None:
        index = build.build()
        store.save(index)
        spelling.refresh()
        forgotten = forget(index)
        self.stdout.write(f"{len(index.published)} profiles indexed, {forgotten} notes of changes forgotten")


@transaction.atomic
def forget(index: FacetIndex) -> int:
    """Delete the notes of changes that the saved index holds and that are older than a day; how many."""
    until = index.version - KEPT
    old = ContentChange.objects.filter(version__lte=until)
    deleted, _models = ProfileChange.objects.filter(transaction__in=old.values("transaction")).delete()
    old.delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE conditions_contentversion SET forgotten = greatest(forgotten, %s)", [until])
    return deleted
