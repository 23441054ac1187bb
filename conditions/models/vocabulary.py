"""Specialty, Treatment and Condition: the words by which patients look and specialists are described."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conditions import names, slugs
from conditions.enums import BodyArea, TreatmentKind
from conditions.local import Local, local
from conditions.models.term_names import TermName

Visitor = User | AnonymousUser
NamesByLanguage = list[tuple[str, list[str]]]


def _writes(save_arguments: dict[str, Any], *fields: str) -> bool:
    """Whether ``save()`` called so writes any of ``fields``: ``update_fields`` may leave them out."""
    update_fields = save_arguments.get("update_fields")
    return update_fields is None or not set(fields).isdisjoint(update_fields)


def with_derived(save_arguments: dict[str, Any], sources: tuple[str, ...], derived: tuple[str, ...]) -> dict[str, Any]:
    """The arguments of ``save()`` such that what is derived from ``sources`` is written along with them."""
    update_fields = save_arguments.get("update_fields")
    if update_fields is None or not _writes(save_arguments, *sources):
        return save_arguments
    return {**save_arguments, "update_fields": {*update_fields, *derived}}


class Slugged(models.Model):
    """A row with a public page under a slug; the old address keeps working when the slug changes."""

    slug = models.SlugField(
        _("slug"),
        max_length=names.SLUG_LENGTH,
        unique=True,
        blank=True,
        help_text=_("The last part of the page's address. Leave empty to make it from the name."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.slug

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill an empty slug; when a stored slug changes, keep redirects from the old address."""
        if not _writes(kwargs, "slug"):
            super().save(*args, **kwargs)
            return
        before = self.slug_space().filter(pk=self.pk).first() if self.pk else None
        if not self.slug:
            self.slug = slugs.free_slug(self, self.slug_source())
        super().save(*args, **kwargs)
        if before is not None and before.slug != self.slug:
            slugs.keep_redirects(slugs.public_paths(before), slugs.public_paths(self))

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @classmethod
    def slug_space(cls) -> models.QuerySet[Any]:
        """All rows among which the slug must be unique."""
        return cls._default_manager.all()

    def slug_source(self) -> str:
        """The text a missing slug is made from."""
        raise NotImplementedError


class TermQuerySet(models.QuerySet[Any]):
    def named_like(self, query: str) -> Self:
        """The entries with every word of ``query`` within their name or synonyms, whatever the accents and case."""
        return self.filter(names.matching_words(query, "search_key"))


class Term(Slugged):
    """A named entry of the vocabulary with the other words people use for it."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    synonyms = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("other names"),
        default=list,
        blank=True,
        help_text=_("Synonyms, abbreviations and everyday words, separated by commas."),
    )
    sort_key = models.CharField(max_length=names.SORT_KEY_LENGTH, editable=False)
    search_key = models.TextField(editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("sort_key", "pk")
        indexes = [GinIndex(fields=["search_key"], name="%(class)s_search_gin", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Derive what lists sort by and searches go through from the names."""
        self.sort_key = names.sort_key(self.name)
        translated = self._translated_names()
        self.search_key = self._search_key(translated)
        super().save(*args, **with_derived(kwargs, ("name", "synonyms"), ("sort_key", "search_key")))
        if _writes(kwargs, "name", "synonyms", "practitioner"):
            self._keep_names(translated)

    @property
    def local(self) -> Local:
        """Name, synonyms, summary, description and practitioner in the reader's language."""
        return local(self)

    def refresh_names(self) -> None:
        """Bring what searches go through in step with the names, translated ones too."""
        translated = self._translated_names()
        self._keep_names(translated)
        type(self)._default_manager.filter(pk=self.pk).update(search_key=self._search_key(translated))

    def _keep_names(self, translated: NamesByLanguage) -> None:
        texts = [(settings.LANGUAGE_CODE, self.all_names()), *translated]
        TermName.objects.refresh(self._meta.model_name or "", self, texts)

    def _translated_names(self) -> NamesByLanguage:
        """(Language, names) pairs."""
        if not self.pk:
            return []
        translations = self.translations.all()  # type: ignore[attr-defined]
        return [(translation.language, translation.all_names()) for translation in translations]

    def _search_key(self, translated: NamesByLanguage) -> str:
        others = (text for _language, texts in translated for text in texts)
        return " | ".join(map(names.search_key, (*self.all_names(), *others)))

    def all_names(self) -> list[str]:
        """The name, then all other words for it."""
        return [self.name, *self.synonyms]

    def slug_source(self) -> str:
        return self.name


class Specialty(Term):
    practitioner = models.CharField(
        _("practitioner"),
        max_length=200,
        help_text=_("What such a physician is called, for example “visceral surgeon”."),
    )
    description = models.TextField(_("description"), blank=True)

    class Meta(Term.Meta):
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")

    def get_absolute_url(self) -> str:
        return reverse("conditions:specialty", args=(self.slug,))

    def all_names(self) -> list[str]:
        return [*super().all_names(), self.practitioner]


class Treatment(Term):
    kind = models.CharField(_("kind"), max_length=20, choices=TreatmentKind)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    specialties = models.ManyToManyField(
        Specialty, verbose_name=_("specialties"), related_name="treatments", blank=True
    )

    class Meta(Term.Meta):
        verbose_name = _("treatment")
        verbose_name_plural = _("treatments")
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=TreatmentKind.values), name="treatment_kind")]

    def get_absolute_url(self) -> str:
        return reverse("conditions:treatment", args=(self.slug,))


class ConditionQuerySet(TermQuerySet):
    def published(self) -> Self:
        """The conditions that have a public page."""
        return self.filter(is_published=True)

    def visible_to(self, user: Visitor) -> Self:
        """What ``user`` may see: editors see unpublished conditions too."""
        may_see_all = user.is_active and user.has_perm("conditions.view_condition")
        return self.all() if may_see_all else self.published()


class Condition(Term):
    """A disease or finding. Its public page shows specialists even before an article is published."""

    summary = models.CharField(_("summary"), max_length=300, blank=True, help_text=_("One plain sentence for lists."))
    icd10 = ArrayField(models.CharField(max_length=10), verbose_name=_("ICD-10 codes"), default=list, blank=True)
    mesh = models.CharField(_("MeSH descriptor"), max_length=12, blank=True, help_text=_("For example D008113."))
    body_area = models.CharField(_("body area"), max_length=20, choices=BodyArea, default=BodyArea.OTHER)
    specialties = models.ManyToManyField(
        Specialty, verbose_name=_("specialties"), related_name="conditions", blank=True
    )
    treatments = models.ManyToManyField(Treatment, verbose_name=_("treatments"), related_name="conditions", blank=True)
    related = models.ManyToManyField("self", verbose_name=_("related conditions"), blank=True)
    is_published = models.BooleanField(
        _("public"), default=False, help_text=_("Shown to visitors. Publishing the article makes a condition public.")
    )
    is_sample = models.BooleanField(_("sample"), default=False, help_text=_("Marked as sample content on its page."))

    objects = ConditionQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Term.Meta):
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        constraints = [
            models.CheckConstraint(condition=models.Q(body_area__in=BodyArea.values), name="condition_body_area")
        ]
        indexes = [
            *Term.Meta.indexes,
            GinIndex(fields=["icd10"], name="condition_icd10"),
            models.Index(fields=["sort_key"], condition=models.Q(is_published=True), name="condition_published_name"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("conditions:condition", args=(self.slug,))
