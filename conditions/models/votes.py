"""What readers say about an article. Nothing about the reader is kept: no address, no account, no time of day."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conditions.models.articles import Revision

COMMENT_LENGTH = 300


class HelpfulVote(models.Model):
    """One answer to “Was this helpful?”; the revision says which condition and language it is about."""

    revision = models.ForeignKey(
        Revision, verbose_name=_("revision"), related_name="helpful_votes", on_delete=models.CASCADE
    )
    is_helpful = models.BooleanField(_("helpful"))
    comment = models.CharField(_("comment"), max_length=COMMENT_LENGTH, blank=True)
    day = models.DateField(_("day"), default=timezone.localdate)

    class Meta:
        verbose_name = _("answer of a reader")
        verbose_name_plural = _("answers of readers")
        ordering = ("-day", "-pk")

    def __str__(self) -> str:
        return f"{self.day}: {self.is_helpful}"
