"""The content version: one number that every change of what visitors see raises, in the transaction of the change.

PostgreSQL does it by triggers, so imports and raw SQL count too (migrations 0006 here and 0003 of ``specialists``).
Python only reads (``conditions.content_version``).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContentVersion(models.Model):
    """The only row: the present version, and up to which one the record of changes was thrown away."""

    number = models.BigIntegerField(_("version"), help_text=_("Microseconds since 1970, never less than before."))
    forgotten = models.BigIntegerField(_("forgotten up to"), default=0)

    class Meta:
        verbose_name = _("content version")
        verbose_name_plural = _("content versions")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="content_version_single")]

    def __str__(self) -> str:
        return str(self.number)


class ContentChange(models.Model):
    """A transaction that changed public content; it learns its version at the moment it commits."""

    transaction = models.BigIntegerField(unique=True)
    version = models.BigIntegerField(unique=True, null=True)

    class Meta:
        verbose_name = _("content change")
        verbose_name_plural = _("content changes")

    def __str__(self) -> str:
        return str(self.version)
