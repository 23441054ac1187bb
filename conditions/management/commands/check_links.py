"""manage.py check_links: try the addresses that articles link to and cite; the report is in the admin."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from conditions import link_check


class Command(BaseCommand):
    help = "Try every external address of live and open texts, and store how it answered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--allow-private", action="store_true", help="also ask addresses of private networks (for tests)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        checked = link_check.check_external(link_check.external_addresses(), allow_private=options["allow_private"])
        failing = [link for link in checked if not link.is_reachable]
        for link in failing:
            self.stdout.write(f"{link.url}: {link.fault}")
        self.stdout.write(f"{len(checked)} addresses checked, {len(failing)} not reachable")
