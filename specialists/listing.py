"""What the specialist list shows for one address: profiles, counts, active filters, and what was not understood."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from specialists import cards, finding, geography, links, queries, reading
from specialists.cards import Card
from specialists.enums import Sort
from specialists.filters import SpecialistFilter
from specialists.models import Profile
from specialists.selection import Selection

PAGE_SIZE = 20
# Longer values are cut in messages: an address can carry kilobytes.
SHOWN_VALUE_LENGTH = 60
SHOWN_NOTICES = 5
WHOLE_NUMBER = re.compile(r"-?[0-9]+")
# Python refuses to read numbers of thousands of digits; no list has so many pages.
LONGEST_NUMBER = 12

ORDERS = {
    Sort.NAME: gettext_lazy("In alphabetical order. Nobody can pay to be listed first."),
    Sort.VERIFIED: gettext_lazy("The most recently verified first. Nobody can pay to be listed first."),
    Sort.DISTANCE: gettext_lazy("The nearest first, as the crow flies. Nobody can pay to be listed first."),
}


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force and the address without it."""

    group: str
    label: str
    remove_url: str
    without: Selection


@dataclass(frozen=True)
class WayOut:
    """On an empty list: a change that brings somebody, the address with it and how many that finds."""

    label: str
    url: str
    found: int


@dataclass(frozen=True)
class PlaceChoice:
    """A place that may have been meant by what was typed under "near"."""

    label: str
    url: str


class Listing:
    """The list page's state, worked out from the query string alone."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.filter = SpecialistFilter(data, queryset=Profile.objects.published())
        self.finder = finding.finder()
        self.reading = reading.read(self.finder, self.filter.selection)
        self.selection = self.reading.selection
        self.filter.show_counts(self.finder.option_counts(self.selection))
        self.filter.show_order()
        for facet in self.filter.facet_names():
            self.filter.form.fields[facet].all_url = links.options_url(facet, self.selection, self.filter.sorted_by)

    @property
    def sorted_by(self) -> str:
        return self.filter.sorted_by

    @cached_property
    def total(self) -> int:
        return self.finder.total(self.selection)

    @cached_property
    def page(self) -> Page[int]:
        """The ids of the page asked for; of the nearest that exists where there is none of that number."""
        paginator = Paginator(range(self.total), PAGE_SIZE)
        page = paginator.page(_nearest(self.data.get("page", ""), paginator.num_pages))
        start = (page.number - 1) * PAGE_SIZE
        page.object_list = self.finder.page(self.selection, self.sorted_by, start, start + PAGE_SIZE)
        return page

    @cached_property
    def cards(self) -> list[Card]:
        """The cards of the page; treatments that were asked for come first on them."""
        ids = list(self.page)
        relevant = queries.relevant_treatments(self.selection) if ids else frozenset()
        return cards.cards(ids, self.selection.near, relevant)

    @property
    def is_filtered(self) -> bool:
        return not self.selection.is_empty

    @cached_property
    def active_filters(self) -> list[ActiveFilter]:
        """The filters in force, each with its way out."""
        active = [
            self._active(str(self.filter.form.fields[facet].label), label, self.selection.without(facet, value))
            for facet, value in queries.active(self.selection)
            for label in [self.filter.label_of(facet, value)]
        ]
        if self.selection.text:
            active.append(self._active(_("Search"), self.selection.text, self.selection.without_text()))
        if self.selection.near and self.filter.located.spot:
            within = _("%(place)s, %(radius)s km") % {
                "place": self.filter.located.spot.label,
                "radius": self.selection.near.radius,
            }
            active.append(self._active(_("Near"), within, self.selection.anywhere()))
        return active

    def _active(self, group: str, label: str, without: Selection) -> ActiveFilter:
        return ActiveFilter(group, label, links.list_url(without, self.sorted_by), without)

    @cached_property
    def ways_out(self) -> list[WayOut]:
        """On an empty list: what alone brings somebody, the most helpful first; a larger circle before all."""
        radii = self._larger_radii()
        larger = [self.selection.within(radius) for radius in radii]
        dropped = self.active_filters
        totals = self.finder.totals([*larger, *(active.without for active in dropped)])
        wider = [
            WayOut(
                _("within %(radius)s km") % {"radius": wide.near.radius}, links.list_url(wide, self.sorted_by), found
            )
            for wide, found in zip(larger, totals, strict=False)
            if found and wide.near
        ]
        helpful = [
            WayOut(
                _("without %(group)s “%(label)s”") % {"group": active.group, "label": active.label},
                active.remove_url,
                found,
            )
            for active, found in zip(dropped, totals[len(larger) :], strict=True)
            if found
        ]
        return [*wider[:1], *sorted(helpful, key=lambda way: -way.found)]

    def _larger_radii(self) -> list[int]:
        near = self.selection.near
        return [radius for radius in sorted(links.RADII) if radius > near.radius] if near else []

    @property
    def order_explained(self) -> str:
        """Every order says what it goes by."""
        return str(ORDERS[Sort(self.sorted_by)])

    @property
    def shown_near(self) -> str:
        return _shortened(self.filter.cleaned.get("near", ""))

    @property
    def url(self) -> str:
        """The one spelling of this state's address."""
        return links.list_url(self.selection, self.sorted_by, self.page.number)

    @property
    def clear_url(self) -> str:
        return links.list_url(Selection(), self.sorted_by)

    @property
    def map_url(self) -> str:
        return links.list_url(self.selection, path="specialists:map")

    @cached_property
    def place_choices(self) -> list[PlaceChoice]:
        """The places of the name that was typed, when the visitor has to say which."""
        return [self._place(spot) for spot in self.filter.located.choices]

    @cached_property
    def other_places(self) -> list[PlaceChoice]:
        """Smaller places that are called the same as the one shown."""
        return [self._place(spot) for spot in self.filter.located.others]

    @cached_property
    def place_suggestions(self) -> list[PlaceChoice]:
        """Places spelt nearly like the unknown one that was typed."""
        return [self._place(spot) for spot in self.filter.located.suggestions]

    def _place(self, spot: geography.Spot) -> PlaceChoice:
        radius = int(self.filter.cleaned.get("radius") or links.DEFAULT_RADIUS)
        return PlaceChoice(
            spot.label, links.list_url(self.selection.near_to(spot.latitude, spot.longitude, radius, spot.value))
        )

    @property
    def is_place_unknown(self) -> bool:
        """Something was typed under "near" that names no place."""
        asked = self.filter.cleaned.get("near", "")
        return bool(asked) and not (self.filter.located.spot or self.filter.located.choices)

    def notices(self) -> list[str]:
        """Kind words about what in the address could not be used."""
        notices = [
            _("“%(value)s” is not known here under “%(filter)s” and was left out.")
            % {"value": _shortened(value), "filter": label}
            for label, value in self.filter.unknown_values()
        ]
        if len(notices) > SHOWN_NOTICES:
            more = len(notices) - SHOWN_NOTICES
            notices = [*notices[:SHOWN_NOTICES], _("%(count)s more values were left out.") % {"count": more}]
        asked = self.data.get("page")
        if asked and asked != str(self.page.number):
            notices.append(
                _("There is no page “%(asked)s”; this is page %(page)s.")
                % {"asked": _shortened(asked), "page": self.page.number}
            )
        return notices

    def page_links(self) -> list[dict[str, Any]]:
        """The numbered links of the pagination; a gap is an entry without address."""
        entries = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [
            {
                "label": entry,
                "url": self.page_url(entry) if isinstance(entry, int) else "",
                "is_current": entry == self.page.number,
            }
            for entry in entries
        ]

    def page_url(self, number: int) -> str:
        return links.list_url(self.selection, self.sorted_by, number)

    @property
    def previous_url(self) -> str:
        return self.page_url(self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.page_url(self.page.number + 1) if self.page.has_next() else ""


def _nearest(asked: str, last: int) -> int:
    """The page number asked for, or the nearest there is; nonsense is page 1."""
    if not WHOLE_NUMBER.fullmatch(asked):
        return 1
    if len(asked) > LONGEST_NUMBER:
        return 1 if asked.startswith("-") else last
    return min(max(int(asked), 1), last)


def _shortened(value: str) -> str:
    """For a message: cut, and without marks that would turn the direction of what follows."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value)
    return shown if len(shown) <= SHOWN_VALUE_LENGTH else f"{shown[:SHOWN_VALUE_LENGTH]}…"
