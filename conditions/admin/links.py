"""The report of links to other sites; a command fills it, nobody edits it."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conditions.models import LinkCheck, Revision


class FaultFilter(admin.SimpleListFilter):
    title = _("reachable")
    parameter_name = "reachable"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", str(_("No"))), ("yes", str(_("Yes")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LinkCheck]) -> QuerySet[LinkCheck]:
        if self.value() == "no":
            return queryset.exclude(fault="")
        return queryset.filter(fault="") if self.value() == "yes" else queryset


@admin.register(LinkCheck)
class LinkCheckAdmin(admin.ModelAdmin):
    list_display = ("url", "is_reachable", "status_code", "fault", "failing_since", "checked_at")
    list_filter = (FaultFilter, "checked_at")
    search_fields = ("url",)
    fields = ("url", "status_code", "fault", "failing_since", "checked_at", "used_in")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LinkCheck | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LinkCheck | None = None) -> bool:
        return False

    @admin.display(description=_("reachable"), boolean=True)
    def is_reachable(self, link: LinkCheck) -> bool:
        return link.is_reachable

    @admin.display(description=_("used in"))
    def used_in(self, link: LinkCheck) -> SafeString:
        """The open and live texts that cite or link to the address."""
        written = link.url.replace("&", "&amp;")
        texts = (Revision.objects.open() | Revision.objects.filter(live_of__isnull=False)).filter(
            Q(sources__url=link.url) | Q(sections__body__contains=f'href="{written}"')
        )
        rows = ((text.pk, text) for text in texts.select_related("article__condition").distinct())
        return format_html(
            "<ul>{}</ul>", format_html_join("", '<li><a href="../../../revision/{}/change/">{}</a></li>', rows)
        )
