"""Building blocks shared by the admin pages of all apps."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin, RelatedFieldWidgetWrapper
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet, UniqueConstraint, URLField
from django.forms.models import BaseInlineFormSet, ModelChoiceIterator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from conditions import names

SEARCH_KEY: tuple[str, ...] = ("search_key",)


class LinesField(SimpleArrayField):
    """An array edited as text, one entry in each line; blank lines do not count."""

    def __init__(self, *, base_field: forms.Field | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}))
        kwargs.setdefault("help_text", _("One in each line."))
        super().__init__(base_field or forms.CharField(), delimiter="\n", **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


class ChoicesField(forms.MultipleChoiceField):
    """An array of fixed choices edited as checkboxes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(required=False, **kwargs)


class InlineRowForm(forms.ModelForm):
    """A row that must be unique beside its parent: one that somebody else added meanwhile is a message, not a fault.

    Django leaves the parent out of the constraints that it checks for a row of an inline.
    """

    def validate_unique(self) -> None:
        super().validate_unique()
        for constraint in self.instance._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                try:
                    constraint.validate(type(self.instance), self.instance, exclude=set(self.errors))
                except ValidationError as error:
                    self.add_error(None, error)


class SearchByNameMixin(admin.ModelAdmin):
    """Search boxes and autocompletes that find "Müller" under "muller" and "mueller", in names and synonyms."""

    search_fields = SEARCH_KEY

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Every word somewhere: folded in the columns that hold search keys, as it is written in the others."""
        keys = [name for name in self.search_fields if name.endswith("search_key")]
        plain = [name for name in self.search_fields if name not in keys]
        for word in search_term.split():
            matches = names.matching_words(word, *keys) if names.fold(word) else Q()
            for name in plain:
                matches |= Q(**{f"{name}__icontains": word})
            queryset = queryset.filter(matches)
        return queryset, any("revisions__" in name for name in plain)


class PublicPageMixin(admin.options.BaseModelAdmin):
    """ "View on site" leads to the page on the very site that the editor is on, whatever its port or name."""

    def view_on_site(self, obj: Any) -> str:
        return obj.get_absolute_url()


class SecureUrlsMixin(admin.options.BaseModelAdmin):
    """An address typed without a scheme is taken for https."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class EditorMediaMixin(admin.ModelAdmin):
    """Gives the rich text editor's inline import map the nonce of this response, as the strict CSP demands."""

    def media_with_nonce(self, request: HttpRequest, media: forms.Media) -> Media:
        # The lazy nonce counts as empty until it is turned into a string.
        return Media.from_media(media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = self.media_with_nonce(request, context["media"])
        return super().render_change_form(request, context, *args, **kwargs)


class LoadedRow:
    """Stands in for a query set where an autocomplete only asks for the row that is already in memory."""

    def __init__(self, queryset: QuerySet[Any], row: Model) -> None:
        self.queryset = queryset
        self.row = row

    def using(self, alias: str | None) -> "LoadedRow":
        return self

    def filter(self, **lookups: set[str]) -> Any:
        """The row where only its key is asked for; a query for everything else, as after a refused submission."""
        [wanted] = lookups.values()
        return [self.row] if wanted == {str(self.row.pk)} else self.queryset.filter(**lookups)


class LoadedChoices(ModelChoiceIterator):
    def __init__(self, field: Any, row: Model) -> None:
        super().__init__(field)
        self.queryset = LoadedRow(field.queryset, row)  # type: ignore[assignment]


class LoadedFormSet(BaseInlineFormSet):
    """Inline rows whose autocompletes do not query once a row: the inline names them in ``list_select_related``."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = field.widget
            if isinstance(widget, RelatedFieldWidgetWrapper) and isinstance(widget.widget, AutocompleteMixin):
                row = form.instance._state.fields_cache.get(name)
                if row is not None:
                    widget.choices = LoadedChoices(field, row)


class LoadedInlineMixin(admin.options.InlineModelAdmin):
    """An inline that fetches its rows together with what ``list_select_related`` names."""

    formset = LoadedFormSet
    list_select_related: tuple[str, ...] = ()
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)
