"""Opening hours in words."""

from datetime import time

import pytest
from django.utils import translation

from specialists import opening
from specialists.models import OpeningHours

WEEK = range(5)


def hours(*spans: tuple[int, time, time]) -> list[OpeningHours]:
    return [OpeningHours(weekday=day, opens=opens, closes=closes) for day, opens, closes in spans]


MORNING = (time(8), time(12))
AFTERNOON = (time(14, 30), time(18, 5))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        (
            [(day, *MORNING) for day in WEEK],
            [("Monday to Friday", "8:00–12:00"), ("Saturday and Sunday", "Closed")],
        ),
        ([(day, *MORNING) for day in range(7)], [("Monday to Sunday", "8:00–12:00")]),
        (
            # Given in any order; the afternoons of two days.
            [(1, *AFTERNOON), (0, *AFTERNOON), *((day, *MORNING) for day in reversed(WEEK)), (5, *MORNING)],
            [
                ("Monday and Tuesday", "8:00–12:00, 14:30–18:05"),
                ("Wednesday to Saturday", "8:00–12:00"),
                ("Sunday", "Closed"),
            ],
        ),
        (
            # The same hours on days that are not in a row
            [(0, *MORNING), (2, *MORNING), (6, time(0), time(23, 59))],
            [
                ("Monday", "8:00–12:00"),
                ("Tuesday", "Closed"),
                ("Wednesday", "8:00–12:00"),
                ("Thursday to Saturday", "Closed"),
                ("Sunday", "0:00–23:59"),
            ],
        ),
    ],
)
def test_by_days_takes_days_with_the_same_hours_together(spans, expected):
    assert opening.by_days(hours(*spans)) == expected


def test_by_days_names_the_days_in_the_language_of_the_reader():
    with translation.override("de"):
        [(days, times)] = opening.by_days(hours(*((day, *MORNING) for day in range(7))))[:1]

    assert days.startswith("Montag ")
    assert days.endswith(" Sonntag")
    assert times == "8:00–12:00"
