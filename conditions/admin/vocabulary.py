"""Admin of specialties, treatments and conditions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from conditions.admin.glossary import UrgentSignsInline
from conditions.admin_tools import InlineRowForm, LinesField, PublicPageMixin, SearchByNameMixin
from conditions.models import Article, Condition, Specialty, Translation, Treatment
from conditions.models.translations import other_languages


class TermForm(forms.ModelForm):
    synonyms = LinesField(
        label=_("Other names"),
        base_field=forms.CharField(max_length=200),
        required=False,
        help_text=_("Synonyms, abbreviations and everyday words, one in each line."),
    )


class ConditionForm(TermForm):
    icd10 = LinesField(label=_("ICD-10 codes"), base_field=forms.CharField(max_length=10), required=False)


class TranslationForm(InlineRowForm, TermForm):
    pass


class TranslationInline(admin.StackedInline):
    """A term's words in the site's other languages; lists and searches go by them at once."""

    model = Translation
    form = TranslationForm
    extra = 0

    def get_max_num(self, request: HttpRequest, obj: Any | None = None, **kwargs: Any) -> int:
        return len(other_languages())


class SpecialtyTranslationInline(TranslationInline):
    fk_name = "specialty"
    fields = ("language", "name", "synonyms", "practitioner", "description")


class TreatmentTranslationInline(TranslationInline):
    fk_name = "treatment"
    fields = ("language", "name", "synonyms", "summary", "description")


class ConditionTranslationInline(TranslationInline):
    fk_name = "condition"
    fields = ("language", "name", "synonyms", "summary")


@admin.register(Specialty)
class SpecialtyAdmin(PublicPageMixin, SearchByNameMixin):
    form = TermForm
    inlines = (SpecialtyTranslationInline,)
    list_display = ("name", "practitioner")
    fields = ("name", "slug", "practitioner", "description", "synonyms")


@admin.register(Treatment)
class TreatmentAdmin(PublicPageMixin, SearchByNameMixin):
    form = TermForm
    inlines = (TreatmentTranslationInline,)
    list_display = ("name", "kind")
    list_filter = ("kind", "specialties")
    fields = ("name", "slug", "kind", "summary", "description", "synonyms", "specialties")
    autocomplete_fields = ("specialties",)


@admin.register(Condition)
class ConditionAdmin(PublicPageMixin, SearchByNameMixin):
    form = ConditionForm
    list_display = ("name", "body_area", "is_published", "article_state")
    list_filter = ("is_published", "is_sample", "body_area", "specialties")
    autocomplete_fields = ("specialties", "treatments", "related")
    readonly_fields = ("article_links",)
    inlines = (ConditionTranslationInline, UrgentSignsInline)
    fieldsets = (
        (None, {"fields": ("name", "slug", "summary", "article_links", "is_published", "is_sample")}),
        (_("Names and codes"), {"fields": ("synonyms", "icd10", "mesh")}),
        (_("Where it belongs"), {"fields": ("body_area", "specialties", "treatments", "related")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Condition]:
        articles = Article.objects.select_related("live")
        return super().get_queryset(request).prefetch_related(Prefetch("articles", articles))

    @admin.display(description=_("article"))
    def article_state(self, condition: Condition) -> str:
        """Which languages have an article, and whether readers see it."""
        states = [
            f"{article.language}: {_('published') if article.live else _('draft')}"
            for article in condition.articles.all()
        ]
        return ", ".join(states) or "–"

    @admin.display(description=_("articles"))
    def article_links(self, condition: Condition) -> Any:
        if condition.pk is None:
            return _("Save the condition first, then write its article.")
        links = (
            (reverse("admin:conditions_article_change", args=(article.pk,)), article.get_language_display())
            for article in condition.articles.all()
        )
        return format_html(
            '{} <a class="addlink" href="{}?condition={}">{}</a>',
            format_html_join(" · ", '<a href="{}">{}</a>', links),
            reverse("admin:conditions_article_add"),
            condition.pk,
            _("Write an article"),
        )
