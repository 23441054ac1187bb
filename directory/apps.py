from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = "Directory"

    def ready(self) -> None:
        # This app has no models, so Django sends no signal for it; the sites app has just made its default row.
        post_migrate.connect(name_the_site, sender=apps.get_app_config("sites"))


def name_the_site(using: str, **_kwargs: Any) -> None:
    """Keep the row that Django's sitemap and redirects go by in step with SITE_URL and SITE_NAME."""
    sites = apps.get_model("sites", "Site").objects.using(using)
    values = {"domain": urlsplit(settings.SITE_URL).netloc, "name": settings.SITE_NAME[:50]}
    if not sites.filter(pk=settings.SITE_ID, **values).exists():
        sites.update_or_create(pk=settings.SITE_ID, defaults=values)
