"""The filter form of the specialist list, declared with django-filter and laid out with crispy-forms.

A visitor's address bar is not trusted to be tidy: unknown values are set aside with a message, the rest applies.
"""

import heapq
from collections.abc import Callable, Iterable, Mapping
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

from conditions import names, search
from specialists import catalogue, geography, links, queries
from specialists.enums import Sort
from specialists.models import Profile
from specialists.queries import FACETS, Counts
from specialists.selection import Circle, Selection

TEXT_LENGTH = 100
# More ticks than this in one facet come from a machine, not from a person.
MAX_VALUES = 100
# In a list that scrolls, what is ticked must not be out of sight.
LONG_LIST = 10
# From a facet with more options than this only the commonest are on the page, the others on a page of their own.
WHOLE_LIST = 40
COMMONEST = 15

NEAR_HINT = _("Town or postcode in Germany, Austria, Switzerland, Liechtenstein or the USA.")


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

    def known_values(self) -> Iterable[str]:
        raise NotImplementedError

    def keep_known(self, values: Iterable[str]) -> list[str]:
        known = set(self.known_values())
        wanted = list(dict.fromkeys(value for value in values if value))
        kept = [value for value in wanted if value in known][:MAX_VALUES]
        self.unknown = [value for value in wanted if value not in kept]
        return kept


class FacetField(ForgivingChoices, forms.MultipleChoiceField):
    """Ticks in one facet: a list of known values. ``options`` is what the template shows, with counts.

    The labels are not kept as Django's choices, of which every form makes a deep copy.
    """

    options: list[Option]

    def __init__(self, *, labels: Callable[[], Mapping[str, str]], opens_first: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.labels = labels()
        self.opens_first = opens_first
        self.hidden_count = 0
        self.all_url = ""

    def known_values(self) -> Iterable[str]:
        return self.labels

    @property
    def chosen_count(self) -> int:
        return sum(option.is_chosen for option in self.options)

    @property
    def is_open(self) -> bool:
        """Shown unfolded: what most people narrow by, and whatever is in use."""
        return self.opens_first or self.chosen_count > 0

    def clean(self, value: Any) -> list[str]:
        return self.keep_known(value or [])

    def all_options(self, counts: Mapping[str, int], chosen: frozenset[str]) -> list[Option]:
        """Every option, in the order of the form."""
        return [Option(value, label, counts.get(value, 0), value in chosen) for value, label in self.labels.items()]

    def set_options(self, counts: Mapping[str, int], chosen: frozenset[str]) -> None:
        if len(self.labels) > WHOLE_LIST:
            options = self._commonest(counts, chosen)
            self.hidden_count = len(self.labels) - len(options)
        else:
            options = self.all_options(counts, chosen)
        if len(options) > LONG_LIST:
            options.sort(key=lambda option: not option.is_chosen)
        self.options = options

    def _commonest(self, counts: Mapping[str, int], chosen: frozenset[str]) -> list[Option]:
        """The chosen options and those with the highest counts, in the order of the form."""
        commonest = heapq.nsmallest(
            COMMONEST,
            ((-count, self.labels[value], value) for value, count in counts.items() if value in self.labels),
        )
        shown = chosen.union(value for _count, _label, value in commonest)
        return [
            Option(value, label, counts.get(value, 0), value in chosen)
            for value, label in self.labels.items()
            if value in shown
        ]


class ForgivingChoice(ForgivingChoices, forms.ChoiceField):
    """One of a few; nothing or something unknown is ``fallback``."""

    def __init__(self, *, fallback: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fallback = fallback

    def known_values(self) -> Iterable[str]:
        choices: Iterable[tuple[str, str]] = self.choices  # type: ignore[assignment]
        return [str(value) for value, _label in choices]

    def clean(self, value: Any) -> str:
        return next(iter(self.keep_known([value or ""])), self.fallback)

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002 - Django's signature
        """What is shown as chosen: what applies, also when the address names nothing."""
        return data if data in set(self.known_values()) else self.fallback


class FacetFilter(django_filters.MultipleChoiceFilter):
    field_class = FacetField


class ChoiceFilter(django_filters.Filter):
    field_class = ForgivingChoice


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
        helper.attrs = {
            "autocomplete": "off",
            # Where there is JavaScript each change shows at once; the address is the one the form would open.
            "data-hx-get": reverse("specialists:list"),
            "data-hx-trigger": "change, submit",
        }
        helper.disable_csrf = True
        helper.layout = Layout(
            "q",
            Field("near", template="forms/near.html"),
            "radius",
            *(Field(facet, template="forms/facet.html") for facet in SpecialistFilter.facet_names()),
            "sort",
            Submit("", _("Show results"), css_id="apply"),
        )
        return helper


def _facet(name: str, label: Any, *, opens_first: bool = False) -> FacetFilter:
    return FacetFilter(label=label, labels=lambda: catalogue.labels(name), opens_first=opens_first)


class SpecialistFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name, condition or treatment"), max_length=TEXT_LENGTH)
    near = django_filters.CharFilter(label=_("Near"), max_length=TEXT_LENGTH, help_text=NEAR_HINT)
    radius = ChoiceFilter(
        label=_("Within"),
        choices=[(str(radius), f"{radius} km") for radius in sorted(links.RADII)],
        fallback=str(links.DEFAULT_RADIUS),
        initial=str(links.DEFAULT_RADIUS),
    )
    condition = _facet("condition", _("Condition"), opens_first=True)
    treatment = _facet("treatment", _("Treatment"))
    specialty = _facet("specialty", _("Specialty"))
    country = _facet("country", _("Country"))
    kind = _facet("kind", _("Physician or clinic"))
    accepting = _facet("accepting", _("New patients"))
    insurance = _facet("insurance", _("Insurance"))
    language = _facet("language", _("Language spoken"))
    sort = ChoiceFilter(label=_("Sort by"), choices=Sort.choices, fallback="")

    class Meta:
        model = Profile
        fields: list[str] = []
        form = SpecialistForm

    @classmethod
    def facet_names(cls) -> list[str]:
        """The facets in the order of the form."""
        return [name for name in cls.base_filters if name in FACETS]

    @cached_property
    def cleaned(self) -> dict[str, Any]:
        """What of the address is valid, by field."""
        self.form.errors  # noqa: B018 - cleaning fills cleaned_data with what is valid
        return self.form.cleaned_data

    @cached_property
    def located(self) -> geography.Located:
        """What the words under "near" are: a place, several of that name, or nothing known."""
        return geography.locate(self.cleaned.get("near", ""))

    @cached_property
    def selection(self) -> Selection:
        """What was asked for, as far as it is understood."""
        facets = {facet: frozenset(self.cleaned.get(facet, ())) for facet in self.facet_names()}
        text = self.cleaned.get("q", "")
        # Without a letter or digit there is nothing to look for: it must not look like a filter in force.
        text = text if names.search_words(text) else ""
        spot = self.located.spot
        radius = int(self.cleaned.get("radius") or links.DEFAULT_RADIUS)
        near = Circle(spot.latitude, spot.longitude, radius, spot.value) if spot else None
        return Selection(facets, text, near, search.understand(text))

    @property
    def sorted_by(self) -> str:
        """By distance only from somewhere."""
        sort = self.cleaned.get("sort") or links.default_sort(self.selection)
        return Sort.NAME if sort == Sort.DISTANCE and not self.selection.near else sort

    def filter_queryset(self, queryset: QuerySet[Profile]) -> QuerySet[Profile]:  # noqa: ARG002 - see below
        """All facets at once, from the published profiles: queries.py holds the rules, so lists and counts agree."""
        return queries.ordered(queries.matching(self.selection), self.sorted_by, self.selection.near)

    def show_order(self) -> None:
        """Offer the orders there are; the usual one without a value, so that it can change when a place is named."""
        usual = links.default_sort(self.selection)
        others = [sort for sort in Sort if sort != usual and (sort != Sort.DISTANCE or self.selection.near)]
        self.form.fields["sort"].choices = [("", usual.label), *((sort.value, sort.label) for sort in others)]

    def show_counts(self, counts: Counts) -> None:
        """Give every option of every facet its count."""
        for facet in self.facet_names():
            self.form.fields[facet].set_options(counts[facet], self.selection.facets[facet])

    def unknown_values(self) -> list[tuple[str, str]]:
        """(label of the filter, value) for each value in the address that means nothing here."""
        unknown = [
            (str(form_field.label), value)
            for name, form_field in self.form.fields.items()
            if name in self.cleaned
            for value in getattr(form_field, "unknown", [])
        ]
        text = self.cleaned.get("q", "")
        return unknown if self.selection.text == text else [*unknown, (str(self.form.fields["q"].label), text)]

    def label_of(self, facet: str, value: str) -> str:
        """How the option is called on the page."""
        return self.form.fields[facet].labels[value]
