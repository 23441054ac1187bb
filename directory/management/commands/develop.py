"""manage.py develop: everything between a fresh checkout and a site in the browser. ``make run`` calls it."""

import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from conditions.models import Condition
from directory.sample.users import ensure_sample_users
from specialists.models import Place

HOST = "127.0.0.1"
HIGHEST_PORT = 65_535
INTERRUPTED = 130
# Any number that no other part of the project locks.
ADVISORY_LOCK = 7_230_001


class Command(BaseCommand):
    help = "Set up the database, sample content and sample users, then serve the site. For development only."
    # The server that follows checks the project, and again whenever the code changes.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-sample", action="store_false", dest="sample", help="Leave the database as it is.")

    def handle(self, *args: Any, port: int, sample: bool, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("This command is for development only: it makes users with a printed password.")
        demand_free_port(port)
        try:
            with one_at_a_time():
                self.migrate()
                if sample:
                    self.load_sample()
                names, password = ensure_sample_users()
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        self.announce(f"http://localhost:{port}", names, password)
        serve(port)

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            self.stdout.write(f"Setting up the database ({len(pending)} migrations) …")
            call_command("migrate", interactive=False, verbosity=0)

    def load_sample(self) -> None:
        if not Condition.objects.exists():
            self.stdout.write("Loading the sample content …")
            call_command("load_sample", stdout=self.stdout)
        if not Place.objects.exists():
            call_command("load_places", stdout=self.stdout)

    def announce(self, site: str, names: list[str], password: str) -> None:
        self.stdout.write(f"\n  The site    {site}/")
        self.stdout.write(f"  Editing     {site}{reverse('admin:index')}")
        if names:
            self.stdout.write(f"  Sign in as  {' or '.join(names)}, password {password}")
        self.stdout.write("  Ctrl-C stops everything.\n\n")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Lets a second ``make run`` on the same database wait until the first has set it up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def demand_free_port(port: int) -> None:
    """Raises CommandError when the server could not listen there: said first, not after a minute of setting up."""
    if not 0 < port <= HIGHEST_PORT:
        raise CommandError(f"A port is a number from 1 to {HIGHEST_PORT}; it is {port}.")
    with socket.socket() as probe:
        # As the server itself does: connections of a server that just ended are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CommandError(f"Port {port} is reserved for root. Choose another: make run PORT=8000") from None
        except OSError:
            raise CommandError(
                f"Port {port} is in use. Choose another: make run PORT={port % HIGHEST_PORT + 1}"
            ) from None


def serve(port: int) -> None:
    """Becomes Django's server, which reloads changed code by itself and so never comes back here.

    The connection to the database ends with this program: libpq marks it close-on-exec.
    """
    os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, str(settings.BASE_DIR / "manage.py"), "runserver", f"{HOST}:{port}"])
