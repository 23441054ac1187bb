"""The vocabulary in other languages than the one it is kept in: a row for each term and language."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conditions.models.term_names import KINDS
from conditions.models.vocabulary import Condition, Specialty, Treatment


def other_languages() -> list[tuple[str, str]]:
    """The languages of the site apart from the one that terms themselves are written in."""
    return [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


class Translation(models.Model):
    """What a condition, treatment or specialty is called and how it is described in another language."""

    condition = models.ForeignKey(Condition, related_name="translations", null=True, on_delete=models.CASCADE)
    treatment = models.ForeignKey(Treatment, related_name="translations", null=True, on_delete=models.CASCADE)
    specialty = models.ForeignKey(Specialty, related_name="translations", null=True, on_delete=models.CASCADE)
    language = models.CharField(_("language"), max_length=10, choices=other_languages)
    name = models.CharField(_("name"), max_length=200)
    synonyms = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("other names"),
        default=list,
        blank=True,
        help_text=_("Synonyms, abbreviations and everyday words, separated by commas."),
    )
    practitioner = models.CharField(_("practitioner"), max_length=200, blank=True, help_text=_("Specialties only."))
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ("language", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(condition__isnull=False, treatment__isnull=True, specialty__isnull=True)
                | Q(condition__isnull=True, treatment__isnull=False, specialty__isnull=True)
                | Q(condition__isnull=True, treatment__isnull=True, specialty__isnull=False),
                name="translation_of_one",
            ),
            *(
                models.UniqueConstraint(
                    fields=[kind, "language"],
                    name=f"translation_{kind}_once",
                    violation_error_message=_("There is a translation into this language already."),
                )
                for kind in KINDS
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Searches go through translated names too."""
        super().save(*args, **kwargs)
        self.term.refresh_names()

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        term = self.term
        deleted = super().delete(*args, **kwargs)
        term.refresh_names()
        return deleted

    @property
    def term(self) -> Condition | Treatment | Specialty:
        """What is translated."""
        found = self.condition or self.treatment or self.specialty
        assert found is not None  # noqa: S101 - the constraint says so
        return found

    def all_names(self) -> list[str]:
        """The name, then all other words for it."""
        return [text for text in (self.name, *self.synonyms, self.practitioner) if text]
