"""Articles: an identity per condition and language, its numbered revisions, their sections and sources.

``Article.live`` is the one definition of what the public sees; triggers keep it and ``Revision.status`` in step.
"""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from conditions.enums import OPEN_STATUSES, HealthAspect, RevisionStatus
from conditions.html import RichTextField
from conditions.models.pictures import Picture
from conditions.models.vocabulary import Condition, Visitor


def site_languages() -> list[tuple[str, str]]:
    """The languages of the site; a callable, so that another language is a setting and not a migration."""
    return settings.LANGUAGES


class Contributor(models.Model):
    """A named author or medical reviewer, shown beneath the article's title.

    Apart from the user account, so that a published name outlives the account (decision 0004).
    """

    name = models.CharField(_("name"), max_length=200, help_text=_("With titles, as readers should see it."))
    qualification = models.CharField(
        _("qualification"), max_length=300, blank=True, help_text=_("For example “Consultant in visceral surgery”.")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        related_name="contributor",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return f"{self.name}, {self.qualification}" if self.qualification else self.name


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """Articles with a live revision, of conditions that are public."""
        return self.filter(live__isnull=False, condition__is_published=True)

    def visible_to(self, user: Visitor) -> Self:
        """What ``user`` may see: editors see articles without a live revision too."""
        may_see_all = user.is_active and user.has_perm("conditions.view_article")
        return self.all() if may_see_all else self.published()


class Article(models.Model):
    condition = models.ForeignKey(
        Condition, verbose_name=_("condition"), related_name="articles", on_delete=models.PROTECT
    )
    language = models.CharField(_("language"), max_length=10, choices=site_languages, default="en")
    live = models.OneToOneField(
        "Revision",
        verbose_name=_("published text"),
        related_name="live_of",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ("condition__sort_key", "language", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "language"],
                name="article_condition_language",
                violation_error_message=_("This condition already has an article in this language."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.condition} ({self.language})"

    def get_absolute_url(self) -> str:
        return self.condition.get_absolute_url()


class RevisionQuerySet(models.QuerySet["Revision"]):
    def published(self) -> Self:
        """The revisions that visitors read."""
        return self.filter(live_of__isnull=False, article__condition__is_published=True)

    def visible_to(self, user: Visitor) -> Self:
        """What ``user`` may read: editors read drafts and archived texts too."""
        may_see_all = user.is_active and user.has_perm("conditions.view_revision")
        return self.all() if may_see_all else self.published()

    def behind_their_original(self) -> Self:
        """Translations of a text that another published one has replaced since."""
        original = models.F("translated_from__article__live")
        return self.filter(translated_from__article__live__isnull=False).exclude(translated_from=original)

    def open(self) -> Self:
        """The texts still being worked on: at most one for each article."""
        return self.filter(status__in=OPEN_STATUSES)


class Revision(models.Model):
    """One text of an article. A published text is never changed: editing makes a new revision based on it."""

    article = models.ForeignKey(Article, verbose_name=_("article"), related_name="revisions", on_delete=models.PROTECT)
    number = models.PositiveIntegerField(_("number"), editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=RevisionStatus, default=RevisionStatus.DRAFT, editable=False
    )
    title = models.CharField(_("title"), max_length=200)
    teaser = models.TextField(
        _("summary"), max_length=400, blank=True, help_text=_("Two or three sentences on top of the article.")
    )
    key_points = ArrayField(models.TextField(), verbose_name=_("key points"), default=list, blank=True)
    author = models.ForeignKey(
        Contributor,
        verbose_name=_("author"),
        related_name="written_revisions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    reviewer = models.ForeignKey(
        Contributor,
        verbose_name=_("medical reviewer"),
        related_name="reviewed_revisions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    reviewed_on = models.DateField(_("medically reviewed on"), null=True, blank=True)
    review_due = models.DateField(_("next review due"), null=True, blank=True)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(
        default=0, editable=False, help_text="Raised by every save of a draft, so that two editors notice each other."
    )
    change_note = models.CharField(_("change note"), max_length=300, blank=True)
    imported_from = models.CharField(_("imported from"), max_length=200, blank=True, editable=False)
    based_on = models.ForeignKey(
        "self", verbose_name=_("based on"), null=True, blank=True, editable=False, on_delete=models.PROTECT
    )
    translated_from = models.ForeignKey(
        "self",
        verbose_name=_("translated from"),
        related_name="translated_to",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("The text that this one says in another language. Choose the newest once all of it is in here."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="+", null=True, editable=False, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), auto_now=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="+", null=True, editable=False, on_delete=models.SET_NULL
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="+", null=True, editable=False, on_delete=models.SET_NULL
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ("article", "-number")
        permissions = [
            ("submit_revision", "Can send a draft to review"),
            ("review_revision", "Can approve a text or send it back"),
            ("publish_revision", "Can publish, schedule and archive a text"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=RevisionStatus.SCHEDULED, publish_at__isnull=False)
                | (~Q(status=RevisionStatus.SCHEDULED) & Q(publish_at__isnull=True)),
                name="revision_scheduled_has_time",
            ),
            models.UniqueConstraint(fields=["article", "number"], name="revision_number"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(status__in=OPEN_STATUSES), name="revision_one_open"
            ),
            models.UniqueConstraint(
                fields=["imported_from"], condition=~Q(imported_from=""), name="revision_imported_once"
            ),
            models.CheckConstraint(condition=Q(status__in=RevisionStatus.values), name="revision_status"),
            models.CheckConstraint(
                condition=~Q(status=RevisionStatus.PUBLISHED)
                | (
                    Q(
                        author__isnull=False,
                        reviewer__isnull=False,
                        reviewed_on__isnull=False,
                        review_due__isnull=False,
                        published_at__isnull=False,
                    )
                    & ~Q(title="")
                    & ~Q(teaser="")
                ),
                name="revision_published_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=models.F("author")),
                name="revision_reviewer_is_not_author",
                violation_error_message=_("The medical reviewer must be someone other than the author."),
            ),
            models.CheckConstraint(
                condition=Q(review_due__isnull=True) | Q(review_due__gt=models.F("reviewed_on")),
                name="revision_due_after_review",
                violation_error_message=_("The next review must be later than the last one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article}, revision {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.status == RevisionStatus.DRAFT

    @property
    def is_open(self) -> bool:
        """Still being worked on: not yet published, and not history."""
        return self.status in OPEN_STATUSES

    @property
    def newer_original(self) -> "Revision | None":
        """The published text that has replaced the one translated here; None while the translation is up to date."""
        if self.translated_from is None:
            return None
        live = self.translated_from.article.live
        return None if live is None or live == self.translated_from else live

    @property
    def review_is_overdue(self) -> bool:
        return self.review_due is not None and self.review_due < timezone.localdate()


class Section(models.Model):
    revision = models.ForeignKey(Revision, related_name="sections", on_delete=models.CASCADE)
    ordering = models.IntegerField(_("ordering"), default=0)
    heading = models.CharField(_("heading"), max_length=250)
    aspect = models.CharField(_("tells about"), max_length=20, choices=HealthAspect, default=HealthAspect.OVERVIEW)
    body = RichTextField(_("text"), blank=True)
    picture = models.ForeignKey(
        Picture, verbose_name=_("picture"), related_name="sections", null=True, blank=True, on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("ordering", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(aspect__in=HealthAspect.values), name="section_aspect"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def anchor(self) -> str:
        """The fragment that links to this section; unique on the page because it ends in the position."""
        return f"{slugify(self.heading)[:60].strip('-') or 'section'}-{self.ordering}"


class Source(models.Model):
    revision = models.ForeignKey(Revision, related_name="sources", on_delete=models.CASCADE)
    ordering = models.IntegerField(_("ordering"), default=0)
    citation = models.TextField(
        _("citation"), max_length=1000, help_text=_("Authors or institution, title, publisher.")
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    section = models.ForeignKey(
        Section, verbose_name=_("section"), related_name="sources", null=True, blank=True, on_delete=models.SET_NULL
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("ordering", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__range=(1900, 2100)),
                name="source_year",
                violation_error_message=_("The year must lie between 1900 and 2100."),
            )
        ]

    def __str__(self) -> str:
        return self.citation

    def copy_values(self) -> dict[str, Any]:
        """What a copy in another revision takes over; its section is found by the copier."""
        return {"ordering": self.ordering, "citation": self.citation, "url": self.url, "year": self.year}
