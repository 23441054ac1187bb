"""sitemap.xml: every public page in every language, and nothing that is not public."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import override

from conditions.models import Condition, Specialty, Treatment
from specialists.models import Profile


class PublicSitemap(Sitemap):
    """The pages in one language, each naming the others.

    Django's own sitemaps for several languages read all rows into memory for each part of a sitemap.
    """

    limit = 10_000

    def __init__(self, language: str) -> None:
        self.language = language

    def _location(self, item: Any, force_lang_code: str | None = None) -> str:
        with override(self.language):
            return super()._location(item, force_lang_code)  # type: ignore[misc]

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            url["alternates"] = [
                {"location": self._in(code, url["location"]), "lang_code": code} for code, _name in settings.LANGUAGES
            ]
        return urls

    def _in(self, code: str, location: str) -> str:
        """The same page in another language: its address differs in the prefix only."""
        return location.replace(f"/{self.language}/", f"/{code}/", 1)


class PagesSitemap(PublicSitemap):
    def items(self) -> list[str]:
        return [
            "home",
            "conditions:condition_index",
            "conditions:treatment_index",
            "conditions:specialty_index",
            "conditions:glossary",
            "specialists:list",
            "about",
            "accessibility",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class ConditionsSitemap(PublicSitemap):
    def items(self) -> QuerySet[Condition]:
        return Condition.objects.published().annotate(changed=Max("articles__live__published_at")).order_by("pk")

    def lastmod(self, item: Any) -> datetime | None:
        return item.changed

    def get_latest_lastmod(self) -> datetime | None:
        """For the index; Django would read every row to find out."""
        found: dict[str, datetime | None] = self.items().aggregate(latest=Max("changed"))
        return found["latest"]


class TreatmentsSitemap(PublicSitemap):
    def items(self) -> QuerySet[Treatment]:
        return Treatment.objects.all()


class SpecialtiesSitemap(PublicSitemap):
    def items(self) -> QuerySet[Specialty]:
        return Specialty.objects.all()


class ProfilesSitemap(PublicSitemap):
    def items(self) -> QuerySet[Profile]:
        return Profile.objects.published().order_by("pk")

    def lastmod(self, item: Profile) -> datetime:
        return item.edited_at

    def get_latest_lastmod(self) -> datetime | None:
        found: dict[str, datetime | None] = self.items().order_by().aggregate(latest=Max("edited_at"))
        return found["latest"]


SECTIONS = {
    "pages": PagesSitemap,
    "conditions": ConditionsSitemap,
    "treatments": TreatmentsSitemap,
    "specialties": SpecialtiesSitemap,
    "profiles": ProfilesSitemap,
}
SITEMAPS = {f"{name}-{code}": section(code) for name, section in SECTIONS.items() for code, _name in settings.LANGUAGES}
