"""manage.py publish_due: publish the texts whose time has come; a scheduler calls it, or it runs on with --every."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from conditions import workflow


class Command(BaseCommand):
    help = "Publish approved texts whose scheduled time has come."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="run until stopped, looking again this often")

    def handle(self, *args: Any, **options: Any) -> None:
        self.publish()
        while options["every"]:
            # Nothing is held while waiting: a restarted database is met with a new connection.
            connection.close()
            time.sleep(options["every"])
            self.publish()

    def publish(self) -> None:
        published, refused = workflow.publish_due()
        for revision in published:
            self.stdout.write(f"published: {revision}")
        for revision, error in refused:
            self.stderr.write(f"not published: {revision}: {' '.join(error.messages)}")
