"""Picture: an image that was checked, re-encoded and cut to size; what was uploaded is not kept."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _


class Picture(models.Model):
    """WebP renditions of one image under ``pictures/<uid>/<width>.webp``, widths in pixels, ascending."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alt = models.CharField(
        _("text alternative"),
        max_length=300,
        help_text=_("What the picture shows, for people who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True, help_text=_("Who made it, and its licence."))
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    widths = ArrayField(models.PositiveIntegerField(), editable=False)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ("-created_at", "pk")
        constraints = [
            models.CheckConstraint(condition=~models.Q(alt=""), name="picture_has_alt"),
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0, widths__len__gt=0), name="picture_has_size"
            ),
        ]

    def __str__(self) -> str:
        return self.alt

    def rendition_name(self, width: int) -> str:
        """The storage name of the rendition of ``width`` pixels."""
        return f"pictures/{self.uid}/{width}.webp"

    @property
    def src(self) -> str:
        """The address of the middle rendition, for browsers that do not choose from ``srcset``."""
        return default_storage.url(self.rendition_name(self.widths[len(self.widths) // 2]))

    @property
    def srcset(self) -> str:
        return ", ".join(f"{default_storage.url(self.rendition_name(width))} {width}w" for width in self.widths)
