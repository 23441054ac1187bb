"""Admin of articles: an article's page shows its texts, "Edit" opens the draft, "Save and publish" makes it live."""

from typing import Any, cast

from admin_ordering.admin import OrderableAdmin
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conditions import workflow
from conditions.admin_tools import (
    EditorMediaMixin,
    LinesField,
    LoadedInlineMixin,
    PublicPageMixin,
    SearchByNameMixin,
    SecureUrlsMixin,
)
from conditions.models import Article, Contributor, Revision, Section, Source


@admin.register(Contributor)
class ContributorAdmin(admin.ModelAdmin):
    list_display = ("name", "qualification", "user")
    list_select_related = ("user",)
    search_fields = ("name", "qualification")
    autocomplete_fields = ("user",)


@admin.register(Article)
class ArticleAdmin(PublicPageMixin, SearchByNameMixin):
    list_display = ("condition", "language", "live_number", "review_due", "open_draft")
    list_filter = ("language", ("live", admin.EmptyFieldListFilter), "live__review_due", "condition__is_sample")
    search_fields = ("condition__search_key", "revisions__title")
    autocomplete_fields = ("condition",)
    change_form_template = "admin/conditions/article/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        drafts = Prefetch("revisions", Revision.objects.open(), to_attr="open_revisions")
        return super().get_queryset(request).select_related("condition", "live").prefetch_related(drafts)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        return ("condition", "language") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Articles are withdrawn, never deleted: their history is part of the record."""
        return False

    @admin.display(description=_("published text"), ordering="live__number")
    def live_number(self, article: Article) -> str:
        return gettext("revision %(number)s") % {"number": article.live.number} if article.live else "–"

    @admin.display(description=_("next review"), ordering="live__review_due")
    def review_due(self, article: Article) -> Any:
        return article.live.review_due if article.live else None

    @admin.display(description=_("open draft"))
    def open_draft(self, article: Article) -> str:
        return ", ".join(str(revision.number) for revision in article.open_revisions) or "–"  # type: ignore[attr-defined]

    def get_urls(self) -> list[Any]:
        return [
            path("<int:pk>/edit/", self.admin_site.admin_view(self.edit_view), name="conditions_article_edit"),
            path(
                "<int:pk>/withdraw/", self.admin_site.admin_view(self.withdraw_view), name="conditions_article_withdraw"
            ),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        article = self.get_object(request, object_id)
        context = {
            **(extra_context or {}),
            "revisions": article.revisions.select_related("author", "reviewer") if article else [],
            # An article's own fields never change: there is nothing to save here.
            "show_save": False,
            "show_save_and_continue": False,
            "show_save_and_add_another": False,
        }
        return super().change_view(request, object_id, form_url, context)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        """A new article leads straight to its first draft."""
        return _to_draft(workflow.open_draft(obj, _editor(request)))

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._changed(request, pk, lambda article: _to_draft(workflow.open_draft(article, _editor(request))))

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        def withdraw(article: Article) -> HttpResponse:
            workflow.withdraw(article)
            messages.success(request, gettext("The article is no longer public."))
            return redirect("admin:conditions_article_change", article.pk)

        return self._changed(request, pk, withdraw)

    def _changed(self, request: HttpRequest, pk: int, change: Any) -> HttpResponse:
        """Run ``change`` for a POST by somebody allowed to; what it refuses is told on the article's page."""

        @require_POST
        def view(request: HttpRequest) -> HttpResponse:
            article = get_object_or_404(Article, pk=pk)
            if not self.has_change_permission(request, article):
                raise PermissionDenied
            try:
                return change(article)
            except ValidationError as error:
                _tell(request, error)
                return redirect("admin:conditions_article_change", pk)

        return view(request)


def _editor(request: HttpRequest) -> User:
    """Who is signed in; the admin lets nobody else this far."""
    return cast(User, request.user)


def _to_draft(revision: Revision) -> HttpResponse:
    return redirect("admin:conditions_revision_change", revision.pk)


def _tell(request: HttpRequest, error: ValidationError) -> None:
    for message in error.messages:
        messages.error(request, message)


class SectionInline(LoadedInlineMixin, OrderableAdmin, admin.StackedInline):
    model = Section
    list_select_related = ("picture",)
    fields = ("heading", "aspect", "body", "picture", "ordering")
    autocomplete_fields = ("picture",)
    ordering_field_hide_input = True


class SourceFormSet(BaseInlineFormSet):
    """A source can belong to a section of its own revision; the choices are read once for all rows."""

    @cached_property
    def section_choices(self) -> list[tuple[Any, str]]:
        sections = Section.objects.filter(revision=self.instance)
        return [("", "–"), *sections.values_list("pk", "heading")]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        field = form.fields["section"]
        field.queryset = Section.objects.filter(revision=self.instance)
        field.choices = self.section_choices


class SourceInline(SecureUrlsMixin, OrderableAdmin, admin.TabularInline):
    model = Source
    formset = SourceFormSet
    extra = 0
    fields = ("citation", "url", "year", "section", "ordering")
    ordering_field_hide_input = True

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "citation":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 50})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RevisionForm(forms.ModelForm):
    key_points = LinesField(
        label=_("Key points"), required=False, help_text=_("Three to six short sentences, one in each line.")
    )

    def clean(self) -> dict[str, Any]:
        """Without a date of its own, the next review is due two years after the last."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reviewed_on") and not cleaned.get("review_due"):
            cleaned["review_due"] = cleaned["reviewed_on"] + workflow.REVIEW_INTERVAL
        return cleaned


@admin.register(Revision)
class RevisionAdmin(EditorMediaMixin, SearchByNameMixin):
    form = RevisionForm
    inlines = (SectionInline, SourceInline)
    list_display = ("article", "number", "status", "title", "author", "reviewer", "reviewed_on", "edited_at")
    list_filter = ("status", "article__language", "reviewed_on")
    search_fields = ("title", "article__condition__search_key")
    autocomplete_fields = ("author", "reviewer")
    actions = None
    fieldsets = (
        (None, {"fields": ("title", "teaser", "key_points")}),
        (_("Responsibility"), {"fields": ("author", "reviewer", "reviewed_on", "review_due", "change_note")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).select_related("article__condition", "author", "reviewer", "published_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Texts begin on their article's page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """A text that was published stays as it was read."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and obj.is_draft

    def response_change(self, request: HttpRequest, obj: Revision) -> HttpResponse:
        """After "Save and publish": to the article when it worked, else back to the draft, which is saved."""
        if "_publish" not in request.POST:
            return super().response_change(request, obj)
        try:
            workflow.publish(obj, _editor(request))
        except ValidationError as error:
            messages.warning(request, gettext("The draft is saved, but not published."))
            _tell(request, error)
            return _to_draft(obj)
        messages.success(request, gettext("Revision %(number)s is published.") % {"number": obj.number})
        return redirect("admin:conditions_article_change", obj.article_id)

    def delete_model(self, request: HttpRequest, obj: Revision) -> None:
        super().delete_model(request, obj)
        # Django gives response_delete() only the name of what is gone.
        request.discarded_from = obj.article_id  # type: ignore[attr-defined]

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Discarding a draft leads back to its article."""
        messages.success(request, gettext("The draft is discarded."))
        return redirect("admin:conditions_article_change", request.discarded_from)  # type: ignore[attr-defined]
