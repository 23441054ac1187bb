"""What the specialist list shows for one address: profiles, counts, active filters, and what was not understood."""

import re
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from specialists import links, queries
from specialists.filters import SpecialistFilter
from specialists.models import Profile

PAGE_SIZE = 20
# Longer values are cut in messages: an address can carry kilobytes.
SHOWN_VALUE_LENGTH = 60
SHOWN_NOTICES = 5
WHOLE_NUMBER = re.compile(r"-?[0-9]+")
# Python refuses to read numbers of thousands of digits; no list has so many pages.
LONGEST_NUMBER = 12


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force, with the address without it; ``found`` is what that would bring, on an empty list only."""

    group: str
    label: str
    remove_url: str
    found: int | None = None


class Listing:
    """The list page's state, worked out from the query string alone."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.filter = SpecialistFilter(data, queryset=Profile.objects.published())
        self.filter.show_counts(queries.option_counts(self.selection))

    @property
    def selection(self) -> queries.Selection:
        return self.filter.selection

    @cached_property
    def page(self) -> Page[Profile]:
        """The page asked for; the nearest that exists where there is none of that number."""
        paginator = Paginator(self.filter.qs.for_cards(), PAGE_SIZE)
        return paginator.page(_nearest(self.data.get("page", ""), paginator.num_pages))

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @cached_property
    def relevant_treatments(self) -> frozenset[str]:
        """What cards name first."""
        return queries.relevant_treatments(self.selection)

    @property
    def is_filtered(self) -> bool:
        return bool(self.selection.active() or self.selection.text)

    @cached_property
    def active_filters(self) -> list[ActiveFilter]:
        """The filters in force, each with its way out; on an empty list with what dropping it brings."""
        found = queries.relaxations(self.selection) if self.total == 0 else {}
        active = [
            ActiveFilter(
                str(self.filter.form.fields[facet].label),
                self.filter.label_of(facet, value),
                links.list_url(self.selection.without(facet, value), self.filter.sorted_by),
                found.get((facet, value)),
            )
            for facet, value in self.selection.active()
        ]
        if self.selection.text:
            active.append(self._name_filter())
        return active

    def _name_filter(self) -> ActiveFilter:
        without_name = replace(self.selection, text="")
        return ActiveFilter(
            _("Name"),
            self.selection.text,
            links.list_url(without_name, self.filter.sorted_by),
            queries.matching(without_name).count() if self.total == 0 else None,
        )

    @property
    def ways_out(self) -> list[ActiveFilter]:
        """On an empty list: the filters whose removal alone brings somebody, the most helpful first."""
        helpful = [active for active in self.active_filters if active.found]
        return sorted(helpful, key=lambda active: -(active.found or 0))

    @property
    def clear_url(self) -> str:
        return links.list_url(queries.Selection(), self.filter.sorted_by)

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
        return links.list_url(self.selection, self.filter.sorted_by, number)

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
