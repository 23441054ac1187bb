"""Signs of a condition with which nobody should wait: shown above its article."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from conditions.models.articles import site_languages
from conditions.models.vocabulary import Condition


class UrgentSigns(models.Model):
    """When to seek help at once, in one language."""

    condition = models.ForeignKey(
        Condition, verbose_name=_("condition"), related_name="urgent_signs", on_delete=models.CASCADE
    )
    language = models.CharField(_("language"), max_length=10, choices=site_languages, default="en")
    signs = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("signs"),
        help_text=_(
            "Short and plain, for example “You vomit blood.” Readers are told to call for help with any of them."
        ),
    )

    class Meta:
        verbose_name = _("signs to seek help at once")
        verbose_name_plural = _("signs to seek help at once")
        ordering = ("condition", "language")
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "language"],
                name="urgent_signs_once",
                violation_error_message=_("These signs are listed in this language already."),
            ),
            models.CheckConstraint(condition=models.Q(signs__len__gt=0), name="urgent_signs_any"),
        ]

    def __str__(self) -> str:
        return f"{self.condition} ({self.language})"
