"""The filter form of the specialist list, declared with django-filter and laid out with crispy-forms.

A visitor's address bar is not trusted to be tidy: unknown values are set aside with a message, the rest applies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from conditions import names
from conditions.models import Condition, Specialty, Treatment
from specialists import queries
from specialists.enums import Accepting, Country, Insurance, Language, ProfileKind, Sort
from specialists.models import Profile
from specialists.queries import FACETS, Counts, Selection

NAME_LENGTH = 100
# More ticks than this in one facet come from a machine, not from a person.
MAX_VALUES = 100
LONG_LIST = 10


@dataclass(frozen=True)
class Option:
    """One choice of a facet as the form shows it."""

    value: str
    label: str
    count: int
    is_chosen: bool

    @property
    def is_disabled(self) -> bool:
        """Nothing to find here; a chosen option stays usable, or it could not be taken back."""
        return self.count == 0 and not self.is_chosen


class ForgivingChoices:
    """A choice field that sets unknown values aside in ``unknown`` instead of failing."""

    unknown: list[str]

    def keep_known(self, values: Iterable[str]) -> list[str]:
        known = {value for value, _label in self.choices}  # type: ignore[attr-defined]
        wanted = list(dict.fromkeys(value for value in values if value))
        kept = [value for value in wanted if value in known][:MAX_VALUES]
        self.unknown = [value for value in wanted if value not in kept]
        return kept


class FacetField(ForgivingChoices, forms.MultipleChoiceField):
    """Ticks in one facet: a list of known values. ``options`` is what the template shows, with counts."""

    options: list[Option]

    def __init__(self, *, opens_first: bool = False, choices: Any = (), **kwargs: Any) -> None:
        # Read once: a callable would be asked, and the database with it, at every look.
        super().__init__(choices=list(choices() if callable(choices) else choices), **kwargs)
        self.opens_first = opens_first

    @property
    def chosen_count(self) -> int:
        return sum(option.is_chosen for option in self.options)

    @property
    def is_open(self) -> bool:
        """Shown unfolded: what most people narrow by, and whatever is in use."""
        return self.opens_first or self.chosen_count > 0

    def clean(self, value: Any) -> list[str]:
        return self.keep_known(value or [])

    def set_options(self, counts: Mapping[str, int], chosen: frozenset[str]) -> None:
        choices: Iterable[tuple[str, str]] = self.choices  # type: ignore[assignment]
        options = [Option(value, str(label), counts.get(value, 0), value in chosen) for value, label in choices]
        if len(options) > LONG_LIST:
            # In a list that scrolls, what is ticked must not be out of sight.
            options.sort(key=lambda option: not option.is_chosen)
        self.options = options


class SortField(ForgivingChoices, forms.ChoiceField):
    def clean(self, value: Any) -> str:
        return next(iter(self.keep_known([value or ""])), Sort.NAME)


class FacetFilter(django_filters.MultipleChoiceFilter):
    field_class = FacetField


class SortFilter(django_filters.Filter):
    field_class = SortField


class SpecialistForm(forms.Form):
    """The layout of the filter page: what most people narrow by comes first and open."""

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_method = "get"
        helper.form_class = "filters"
        # The fragment folds the filters again on a phone; with it left as it was, they would cover what was found.
        helper.form_action = f"{reverse('specialists:list')}#results"
        # On the way back a browser would restore ticks that the list does not follow.
        helper.attrs = {"autocomplete": "off"}
        helper.disable_csrf = True
        helper.layout = Layout(
            "name",
            *(Field(facet, template="forms/facet.html") for facet in SpecialistFilter.facet_names()),
            "sort",
            Submit("", _("Show results"), css_id="apply"),
        )
        return helper


def _terms(model: type[Condition] | type[Specialty] | type[Treatment]) -> list[tuple[str, str]]:
    terms = model.objects.published() if model is Condition else model.objects.all()
    return list(terms.values_list("slug", "name"))


class SpecialistFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("Name of a physician or clinic"), max_length=NAME_LENGTH)
    condition = FacetFilter(label=_("Condition"), choices=lambda: _terms(Condition), opens_first=True)
    treatment = FacetFilter(label=_("Treatment"), choices=lambda: _terms(Treatment))
    specialty = FacetFilter(label=_("Specialty"), choices=lambda: _terms(Specialty))
    country = FacetFilter(label=_("Country"), choices=Country.choices)
    kind = FacetFilter(label=_("Physician or clinic"), choices=ProfileKind.choices)
    accepting = FacetFilter(label=_("New patients"), choices=Accepting.choices)
    insurance = FacetFilter(label=_("Insurance"), choices=Insurance.choices)
    language = FacetFilter(label=_("Language spoken"), choices=Language.choices)
    sort = SortFilter(label=_("Sort by"), choices=Sort.choices)

    class Meta:
        model = Profile
        fields: list[str] = []
        form = SpecialistForm

    @classmethod
    def facet_names(cls) -> list[str]:
        """The facets in the order of the form."""
        return [name for name in cls.base_filters if name in FACETS]

    @cached_property
    def selection(self) -> Selection:
        """What was asked for, as far as it is understood."""
        self.form.errors  # noqa: B018 - cleaning fills cleaned_data with what is valid
        cleaned = self.form.cleaned_data
        facets = {facet: frozenset(cleaned.get(facet, ())) for facet in self.facet_names()}
        name = cleaned.get("name", "")
        # Without a letter or digit there is nothing to look for: it must not look like a filter in force.
        return Selection(facets, name if names.search_words(name) else "")

    @property
    def sorted_by(self) -> str:
        return self.form.cleaned_data.get("sort", Sort.NAME)

    def filter_queryset(self, queryset: QuerySet[Profile]) -> QuerySet[Profile]:  # noqa: ARG002 - see below
        """All facets at once, from the published profiles: queries.py holds the rules, so lists and counts agree."""
        return queries.ordered(queries.matching(self.selection), self.sorted_by)

    def show_counts(self, counts: Counts) -> None:
        """Give every option of every facet its count."""
        for facet in self.facet_names():
            self.form.fields[facet].set_options(counts[facet], self.selection.facets[facet])

    def unknown_values(self) -> list[tuple[str, str]]:
        """(label of the filter, value) for each value in the address that means nothing here."""
        self.form.errors  # noqa: B018 - cleaning the form finds them
        unknown = [
            (str(form_field.label), value)
            for form_field in self.form.fields.values()
            for value in getattr(form_field, "unknown", [])
        ]
        name = self.form.cleaned_data.get("name", "")
        return unknown if self.selection.text == name else [*unknown, (str(self.form.fields["name"].label), name)]

    def label_of(self, facet: str, value: str) -> str:
        """How the option is called on the page."""
        return str(dict(self.form.fields[facet].choices)[value])
