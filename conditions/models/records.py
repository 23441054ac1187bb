"""What is kept beside the texts: every transition for good, and what an editor wrote when a save was refused."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from conditions.enums import Action, RevisionStatus
from conditions.models.articles import Article, Revision


class Transition(models.Model):
    """One step in the life of a text. Rows are only ever added: a trigger refuses every later change."""

    article = models.ForeignKey(Article, related_name="transitions", on_delete=models.PROTECT)
    revision = models.ForeignKey(Revision, related_name="transitions", null=True, on_delete=models.SET_NULL)
    revision_number = models.PositiveIntegerField(_("revision"))
    action = models.CharField(_("action"), max_length=12, choices=Action)
    from_status = models.CharField(_("from"), max_length=12, choices=RevisionStatus, blank=True)
    to_status = models.CharField(_("to"), max_length=12, choices=RevisionStatus, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", null=True, on_delete=models.SET_NULL)
    actor_name = models.CharField(_("who"), max_length=200)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.article} {self.revision_number}: {self.get_action_display()}"


class KeptText(models.Model):
    """A draft as its editor wanted to save it, kept when the save was refused because the draft had changed.

    ``data`` is the submitted form, field name → value: unchecked words of a person, not yet content.
    """

    article = models.ForeignKey(Article, related_name="kept_texts", on_delete=models.CASCADE)
    revision_number = models.PositiveIntegerField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", null=True, on_delete=models.SET_NULL)
    editor_name = models.CharField(max_length=200)
    data = models.JSONField()
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("kept text")
        verbose_name_plural = _("kept texts")
        ordering = ("-kept_at", "-pk")

    def __str__(self) -> str:
        return f"{self.article} {self.revision_number}: {self.editor_name}"


class LinkCheck(models.Model):
    """How an address outside the site answered when it was last tried."""

    url = models.URLField(_("address"), max_length=500, unique=True)
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True)
    fault = models.CharField(_("fault"), max_length=200, blank=True)
    checked_at = models.DateTimeField(_("checked"), db_default=Now())
    failing_since = models.DateTimeField(_("failing since"), null=True)

    class Meta:
        verbose_name = _("external link")
        verbose_name_plural = _("external links")
        ordering = ("url",)

    def __str__(self) -> str:
        return self.url

    @property
    def is_reachable(self) -> bool:
        return not self.fault
