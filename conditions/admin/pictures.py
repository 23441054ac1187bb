"""Admin of pictures: the upload is checked and re-encoded, the text alternative is required."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conditions import pictures
from conditions.models import Picture


class PictureForm(forms.ModelForm):
    upload = forms.FileField(
        label=_("file"),
        widget=AdminFileWidget,
        help_text=_("JPEG, PNG or WebP, up to 15 MB. It is stored in several sizes, without its hidden data."),
    )

    class Meta:
        model = Picture
        fields = ("alt", "caption", "credit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # Published pages may show it: a different image is a different picture.
            del self.fields["upload"]

    def clean_upload(self) -> pictures.Renditions:
        """The renditions, made in memory: a refused file leaves nothing behind."""
        return pictures.render(self.cleaned_data["upload"])


@admin.register(Picture)
class PictureAdmin(admin.ModelAdmin):
    form = PictureForm
    list_display = ("thumbnail", "alt", "credit", "width", "height", "created_at")
    list_display_links = ("thumbnail", "alt")
    search_fields = ("alt", "caption", "credit")
    readonly_fields = ("preview",)

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        return ("preview", "alt", "caption", "credit") if obj else ("upload", "alt", "caption", "credit")

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            pictures.store(obj, form.cleaned_data["upload"])

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        pictures.remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Picture]) -> None:
        for picture in queryset:
            pictures.remove(picture)

    @admin.display(description=_("picture"))
    def thumbnail(self, picture: Picture) -> str:
        return format_html('<img src="{}" alt="" width="120" loading="lazy">', picture.src)

    @admin.display(description=_("picture"))
    def preview(self, picture: Picture) -> str:
        return format_html('<img src="{}" alt="{}" width="640">', picture.src, picture.alt)
