"""Opening hours in words: the days of a week with the same hours together."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import time
from itertools import groupby

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from specialists.models import OpeningHours

# A span of two days is called "Saturday and Sunday".
PAIR = 2


def by_days(hours: Iterable[OpeningHours]) -> list[tuple[str, str]]:
    """Rows (days, hours) from Monday to Sunday, days with the same hours in a row taken together; [] without any.

    A day without hours is closed.
    """
    of_day: dict[int, list[str]] = defaultdict(list)
    for span in sorted(hours, key=lambda span: span.opens):
        of_day[span.weekday].append(f"{_clock(span.opens)}–{_clock(span.closes)}")
    if not of_day:
        return []
    same = groupby(sorted(WEEKDAYS), key=of_day.get)
    return [(_days(list(days)), ", ".join(spans) if spans else _("Closed")) for spans, days in same]


def _clock(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02}"


def _days(days: list[int]) -> str:
    first, last = str(WEEKDAYS[days[0]]), str(WEEKDAYS[days[-1]])
    if len(days) == 1:
        return first
    words = _("%(first)s and %(last)s") if len(days) == PAIR else _("%(first)s to %(last)s")
    return words % {"first": first, "last": last}
