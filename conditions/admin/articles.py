"""Admin of articles: which text readers see, every text there was, who did what; and texts kept from refused saves."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from conditions import diff, helpful, kept, rules, workflow
from conditions.admin_tools import PublicPageMixin, SearchByNameMixin
from conditions.enums import Action
from conditions.models import Article, Contributor, KeptText, Revision


def editor_of(request: HttpRequest) -> User:
    """Who is signed in; the admin lets nobody else this far."""
    return cast(User, request.user)


def tell(request: HttpRequest, error: ValidationError) -> None:
    for message in error.messages:
        messages.error(request, message)


def to_revision(revision: Revision) -> HttpResponse:
    return redirect("admin:conditions_revision_change", revision.pk)


@admin.register(Contributor)
class ContributorAdmin(admin.ModelAdmin):
    list_display = ("name", "qualification", "user")
    list_select_related = ("user",)
    search_fields = ("name", "qualification")
    autocomplete_fields = ("user",)


@admin.register(Article)
class ArticleAdmin(PublicPageMixin, SearchByNameMixin):
    list_display = ("condition", "language", "live_number", "review_due", "translation", "open_text")
    list_filter = (
        "language",
        ("live", admin.EmptyFieldListFilter),
        "revisions__status",
        "live__review_due",
        "condition__is_sample",
    )
    search_fields = ("condition__search_key", "revisions__title")
    autocomplete_fields = ("condition",)
    change_form_template = "admin/conditions/article/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        texts = Prefetch("revisions", Revision.objects.open(), to_attr="open_revisions")
        related = ("condition", "live__translated_from__article__live")
        return super().get_queryset(request).select_related(*related).prefetch_related(texts)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        return ("condition", "language") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Articles are taken off the site, never deleted: their history is part of the record."""
        return False

    @admin.display(description=_("published text"), ordering="live__number")
    def live_number(self, article: Article) -> str:
        return gettext("revision %(number)s") % {"number": article.live.number} if article.live else "–"

    @admin.display(description=_("next review"), ordering="live__review_due")
    def review_due(self, article: Article) -> Any:
        return article.live.review_due if article.live else None

    @admin.display(description=_("translation"))
    def translation(self, article: Article) -> str:
        if article.live is None or article.live.translated_from is None:
            return "–"
        return gettext("behind its original") if article.live.newer_original else gettext("up to date")

    @admin.display(description=_("open text"))
    def open_text(self, article: Article) -> str:
        open_revisions: list[Revision] = article.open_revisions  # type: ignore[attr-defined]
        return ", ".join(f"{text.number}: {text.get_status_display()}" for text in open_revisions) or "–"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/edit/", view(self.edit_view), name="conditions_article_edit"),
            path("<int:pk>/compare/", view(self.compare_view), name="conditions_article_compare"),
            path("<int:pk>/kept/<int:kept_pk>/", view(self.kept_view), name="conditions_article_kept"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        article = self.get_object(request, object_id)
        context = {
            **(extra_context or {}),
            # An article's own fields never change: there is nothing to save here.
            "show_save": False,
            "show_save_and_continue": False,
            "show_save_and_add_another": False,
        }
        if article is not None:
            context |= {
                "revisions": list(article.revisions.select_related("author", "reviewer")),
                "transitions": article.transitions.all(),
                "kept_texts": article.kept_texts.all(),
                "answers": helpful.answers(article),
                "may_edit": rules.has_permission(editor_of(request), Action.EDIT),
            }
        return super().change_view(request, object_id, form_url, context)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        """A new article leads straight to its first draft; those who write no texts to its page."""
        if not rules.has_permission(editor_of(request), Action.EDIT):
            return redirect("admin:conditions_article_change", obj.pk)
        return to_revision(workflow.open_draft(obj, editor_of(request)))

    @method_decorator(require_POST)
    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Opens the open draft, or makes one from the live text."""
        return to_revision(workflow.open_draft(get_object_or_404(Article, pk=pk), editor_of(request)))

    @method_decorator(require_safe)
    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two revisions of the article, ``?old=1&new=2`` by number, with words marked as added and removed."""
        article = self._viewable(request, pk)
        old, new = (_numbered(article, request.GET.get(name, "")) for name in ("old", "new"))
        comparison = diff.compare(diff.text_of(old), diff.text_of(new))
        title = gettext("Revision %(old)s compared with revision %(new)s") % {"old": old.number, "new": new.number}
        return self._page(request, "compare", article, comparison=comparison, title=title)

    def _viewable(self, request: HttpRequest, pk: int) -> Article:
        article = get_object_or_404(Article.objects.select_related("condition"), pk=pk)
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        return article

    def _page(self, request: HttpRequest, name: str, article: Article, **context: Any) -> HttpResponse:
        common = {**self.admin_site.each_context(request), "opts": self.opts, "article": article}
        return TemplateResponse(request, f"admin/conditions/article/{name}.html", {**common, **context})

    def kept_view(self, request: HttpRequest, pk: int, kept_pk: int) -> HttpResponse:
        """A text kept from a refused save beside the current one: take it over, or let it go."""
        article = self._viewable(request, pk)
        kept_text = get_object_or_404(KeptText, pk=kept_pk, article=article)
        if not rules.has_permission(editor_of(request), Action.EDIT):
            raise PermissionDenied
        if request.method == "POST":
            return self._settle(request, article, kept_text)
        current = article.revisions.open().first() or article.live
        mine = kept.read(kept_text).as_text()
        comparison = diff.compare(diff.text_of(current), mine) if current else None
        return self._page(
            request,
            "kept",
            article,
            kept=kept_text,
            mine=mine,
            current=current,
            comparison=comparison,
            may_take_over=current is None or not current.is_open or current.is_draft,
            title=gettext("Your text is kept"),
        )

    def _settle(self, request: HttpRequest, article: Article, kept_text: KeptText) -> HttpResponse:
        if "_discard" in request.POST:
            kept_text.delete()
            messages.success(request, gettext("The kept text is deleted."))
            return redirect("admin:conditions_article_change", article.pk)
        try:
            revision = kept.take_over(kept_text, editor_of(request))
        except ValidationError as error:
            tell(request, error)
            return redirect("admin:conditions_article_kept", article.pk, kept_text.pk)
        messages.success(
            request, gettext("The draft now has your text. What it replaced is kept on the article's page.")
        )
        return to_revision(revision)


def _numbered(article: Article, number: str) -> Revision:
    if not number.isdecimal() or len(number) > len(str(2**31)):
        raise Http404
    return get_object_or_404(article.revisions.select_related("author", "reviewer"), number=int(number))
