"""sitemap.xml: every public page, and nothing that is not public."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse

from conditions.models import Condition, Specialty, Treatment
from specialists.models import Profile


class PublicSitemap(Sitemap):
    limit = 10_000


class PagesSitemap(PublicSitemap):
    def items(self) -> list[str]:
        return [
            "home",
            "conditions:condition_index",
            "conditions:treatment_index",
            "conditions:specialty_index",
            "specialists:list",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class ConditionsSitemap(PublicSitemap):
    def items(self) -> QuerySet[Condition]:
        return Condition.objects.published().annotate(changed=Max("articles__live__published_at")).order_by("pk")

    def lastmod(self, item: Any) -> datetime | None:
        return item.changed


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


SITEMAPS = {
    "pages": PagesSitemap,
    "conditions": ConditionsSitemap,
    "treatments": TreatmentsSitemap,
    "specialties": SpecialtiesSitemap,
    "profiles": ProfilesSitemap,
}
