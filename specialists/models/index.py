"""What stands behind the facet index: which profiles changed in which transaction, and the index as last saved."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ProfileChange(models.Model):
    """A profile that a transaction changed in what filters and lists go by; no profile means: very many.

    Written by triggers only. ``transaction`` is that of conditions.ContentChange, which knows the version. The profile
    may be deleted by now.
    """

    transaction = models.BigIntegerField(db_index=True)
    profile = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("profile change")
        verbose_name_plural = _("profile changes")

    def __str__(self) -> str:
        return f"{self.transaction}: {self.profile}"


class SavedIndex(models.Model):
    """The facet index as it was built at a content version; its parts are in ``SavedPart``."""

    version = models.BigIntegerField(unique=True)
    profiles = models.PositiveIntegerField(_("profiles"))
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("saved index")
        verbose_name_plural = _("saved indexes")

    def __str__(self) -> str:
        return str(self.version)


class SavedPart(models.Model):
    """A piece of a saved index: bitmaps or an array, as bytes, with their CRC-32."""

    index = models.ForeignKey(SavedIndex, related_name="parts", on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    data = models.BinaryField()
    checksum = models.BigIntegerField()

    class Meta:
        verbose_name = _("part of a saved index")
        verbose_name_plural = _("parts of a saved index")
        constraints = [models.UniqueConstraint(fields=["index", "name", "position"], name="saved_part_once")]

    def __str__(self) -> str:
        return f"{self.index} {self.name} {self.position}"
