"""manage.py mail_editors: once a day, tell each editor by mail what waits for them."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandParser
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from conditions import editorial

# Lists that call for somebody to act; the others would only make the mail longer.
PRESSING = {"sent-back", "in-review", "approved", "overdue", "due", "behind"}


class Command(BaseCommand):
    help = "Mail each editor the texts that wait for them. Nobody with nothing to do gets a mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say who would get a mail, and send none")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = get_connection()
        editors = get_user_model().objects.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk")
        for user in editors:
            if not editorial.is_editor(user):
                continue
            queues = [queue for queue in editorial.queues_for(user) if queue.key in PRESSING and queue.count]
            if not queues:
                continue
            total = sum(queue.count for queue in queues)
            self.stdout.write(f"{user.get_username()}: {total}")
            if not options["dry_run"]:
                text = render_to_string(
                    "conditions/mail_editors.txt", {"user": user, "queues": queues, "site_url": settings.SITE_URL}
                )
                subject = _("%(total)s articles wait for you") % {"total": total}
                EmailMessage(subject, text, to=[user.email], connection=connection).send()
