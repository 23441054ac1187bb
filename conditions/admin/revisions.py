"""Admin of a single text: editing a draft without losing anybody's work, and the workflow's steps as pages."""

from typing import Any

from admin_ordering.admin import OrderableAdmin
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from conditions import gate, kept, link_check, queries, rules, whole_text, workflow
from conditions.admin.articles import editor_of, tell, to_revision
from conditions.admin.steps import STEP_FORMS, WholeTextForm
from conditions.admin_tools import (
    EditorMediaMixin,
    LinesField,
    LoadedInlineMixin,
    SearchByNameMixin,
    SecureUrlsMixin,
)
from conditions.enums import Action
from conditions.models import Article, Condition, Revision, Section, Source
from conditions.templatetags.articles import prose


class SectionInline(LoadedInlineMixin, OrderableAdmin, admin.StackedInline):
    model = Section
    list_select_related = ("picture",)
    autocomplete_fields = ("picture",)
    readonly_fields = ("readable_body",)
    ordering_field_hide_input = True

    def get_fields(self, request: HttpRequest, obj: Revision | None = None) -> tuple[str, ...]:
        """In a frozen text the body is shown as it reads, not as HTML source."""
        body = "body" if obj is None or obj.is_draft else "readable_body"
        return ("heading", "aspect", body, "picture", "ordering")

    @admin.display(description=_("text"))
    def readable_body(self, section: Section) -> SafeString:
        return prose(section.body)


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
        if db_field.name == "url":
            # Django's own also repeats the address as a link, wider than the table.
            kwargs["widget"] = forms.URLInput(attrs={"class": "vURLField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def originals(revision: Revision) -> QuerySet[Revision]:
    """What ``revision`` may be translated from: the other languages' published texts, and what it has been so far."""
    others = Q(live_of__condition=revision.article.condition_id) & ~Q(article=revision.article_id)
    found = Revision.objects.filter(others | Q(pk=revision.translated_from_id))
    return found.select_related("article__condition").order_by("article__language", "number")


class RevisionForm(forms.ModelForm):
    key_points = LinesField(
        label=_("Key points"), required=False, help_text=_("Three to six short sentences, one in each line.")
    )
    # Which state of the draft the editor saw, and whose it is: a refused save is kept by these.
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    article_pk = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(seen_version=self.instance.version, article_pk=self.instance.article_id)
        if "translated_from" in self.fields:
            field: Any = self.fields["translated_from"]
            field.queryset = originals(self.instance)


@admin.register(Revision)
class RevisionAdmin(EditorMediaMixin, SearchByNameMixin):
    form = RevisionForm
    inlines = (SectionInline, SourceInline)
    list_display = ("article", "number", "status", "title", "author", "reviewer", "reviewed_on", "edited_at")
    list_filter = ("status", "article__language", "reviewed_on")
    search_fields = ("title", "article__condition__search_key")
    autocomplete_fields = ("author",)
    actions = None
    readonly_fields = ("readable_key_points",)
    fieldsets = (
        (None, {"fields": ("title", "teaser", "key_points", "seen_version", "article_pk")}),
        (_("Responsibility"), {"fields": ("author", "change_note")}),
    )

    class Media:
        js = ("js/editor.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        people = ("author", "reviewer", "submitted_by", "published_by")
        related = ("article__condition", *people, "translated_from__article__live")
        return super().get_queryset(request).select_related(*related)

    def get_fieldsets(self, request: HttpRequest, obj: Revision | None = None) -> Any:
        is_translatable = obj is not None and originals(obj).exists()
        translation = ((_("Translation"), {"fields": ("translated_from",)}),) if is_translatable else ()
        if self.has_change_permission(request, obj):
            return (*self.fieldsets, *translation)
        responsibility = ("author", "reviewer", "reviewed_on", "review_due", "change_note")
        return (
            (None, {"fields": ("title", "teaser", "readable_key_points")}),
            (_("Responsibility"), {"fields": responsibility}),
        )

    @admin.display(description=_("key points"))
    def readable_key_points(self, revision: Revision) -> SafeString:
        return format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((point,) for point in revision.key_points))
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Texts begin on their article's page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """A submitted text is frozen."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """Drafts are discarded, a step of the workflow with an entry in the history; nothing else goes."""
        return False

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        steps = [
            path(f"<int:pk>/{action}/", view(self.step_view), {"action": action}, name=f"conditions_revision_{action}")
            for action in STEP_FORMS
        ]
        return [
            path("<int:pk>/preview/", view(self.preview_view), name="conditions_revision_preview"),
            path("<int:pk>/whole-text/", view(self.whole_text_view), name="conditions_revision_whole_text"),
            *steps,
            *super().get_urls(),
        ]

    # Saving a draft

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Refuse to save over what somebody else saved, submitted or discarded meanwhile, and keep the text."""
        context = {**(extra_context or {}), "steps": self._steps(request, object_id)}
        if request.method == "POST" and object_id is not None:
            # The lock is held until the save is committed: two saves of one draft come one after the other.
            with transaction.atomic():
                refusal = self._refusal(request, object_id)
                return refusal or super().changeform_view(request, object_id, form_url, context)
        return super().changeform_view(request, object_id, form_url, context)

    def _steps(self, request: HttpRequest, object_id: str | None) -> list[Action]:
        revision = self.get_object(request, object_id) if object_id else None
        return rules.allowed_actions(revision, editor_of(request)) if revision else []

    def _refusal(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """Where a save that came too late leads to; None when it did not."""
        revision = Revision.objects.filter(pk=object_id).first() if kept.NUMBER.fullmatch(object_id) else None
        article_pk = str(revision.article_id) if revision else request.POST.get("article_pk", "")
        if not kept.NUMBER.fullmatch(article_pk) or not rules.has_permission(editor_of(request), Action.EDIT):
            return None
        article = Article.objects.select_for_update().filter(pk=article_pk).first()
        if article is None:
            return None
        # Read again inside the lock.
        revision = article.revisions.filter(pk=revision.pk).first() if revision else None
        if revision is not None and revision.is_draft and request.POST.get("seen_version") == str(revision.version):
            return None
        kept_text = kept.keep(article, revision.number if revision else 0, request.POST, editor_of(request))
        messages.error(
            request, gettext("Not saved: the draft has changed since you opened it. Your text is kept here.")
        )
        return redirect("admin:conditions_article_kept", article.pk, kept_text.pk)

    def save_model(self, request: HttpRequest, obj: Revision, form: Any, change: bool) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)

    def response_change(self, request: HttpRequest, obj: Revision) -> HttpResponse:
        if "_submit" in request.POST:
            return redirect("admin:conditions_revision_submit", obj.pk)
        if "_preview" in request.POST:
            return redirect("admin:conditions_revision_preview", obj.pk)
        return super().response_change(request, obj)

    # Steps of the workflow

    def step_view(self, request: HttpRequest, pk: int, action: Action) -> HttpResponse:
        """GET asks for what the step needs, POST takes it; what it refuses is told where it was asked."""
        revision = get_object_or_404(self.get_queryset(request), pk=pk)
        if not rules.has_permission(editor_of(request), action):
            raise PermissionDenied
        form = STEP_FORMS[action](request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                form.take(revision, editor_of(request))
            except ValidationError as error:
                form.refuse(error)
            else:
                messages.success(request, f"{revision}: {action.label}.")
                return redirect("admin:conditions_article_change", revision.article_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": revision,
            "form": form,
            "action": action,
            "title": action.label,
            "fits": rules.fits(action, revision.status),
            "missing": gate.missing_for_review(revision) if action == Action.SUBMIT else [],
            "broken_links": link_check.broken_links(revision) if action in (Action.SUBMIT, Action.APPROVE) else [],
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/conditions/revision/step.html", context)

    def whole_text_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Paste an article in one piece; it is parted at its headings and added to the draft."""
        revision = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, revision):
            raise PermissionDenied
        form = WholeTextForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                added = workflow.add_sections(revision, whole_text.split(form.cleaned_data["text"]), editor_of(request))
            except ValidationError as error:
                tell(request, error)
            else:
                messages.success(request, gettext("%(count)s sections were added.") % {"count": added})
                return to_revision(revision)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": revision,
            "form": form,
            "title": gettext("Paste a whole text"),
            "media": self.media_with_nonce(request, self.media + form.media),
        }
        return TemplateResponse(request, "admin/conditions/revision/whole_text.html", context)

    # Looking at a text

    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The public page as it would be with this text; for those who may see texts, and never stored."""
        revision = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, revision):
            raise PermissionDenied
        with override(revision.article.language):
            condition = queries.with_page_relations(Condition.objects.all()).get(pk=revision.article.condition_id)
            response = render(
                request,
                "conditions/condition.html",
                {"condition": condition, "revision": revision, "is_preview": True},
            )
        add_never_cache_headers(response)
        response["Cache-Control"] = "no-store, private"
        return response
