"""§5(f)(i) - The Federal Reserve's holidays, by which banks are closed in Palm Beach County (reading banks-open).

A Sunday's holiday is kept on the Monday after, a Saturday's is not moved. The rules stand here and not in a library, so
that an answer never depends on which version of one is installed; a test holds every year of them against `holidays`.

Pure: no clock, no store, no events.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from ledger.moments import FIRST_DAY, LAST_DAY

_SUNDAY = 6

# (name, month, day, the first year that has it)
_FIXED = (
    ("New Year's Day", 1, 1, 0),
    ("Juneteenth National Independence Day", 6, 19, 2021),
    ("Independence Day", 7, 4, 0),
    ("Veterans Day", 11, 11, 0),
    ("Christmas Day", 12, 25, 0),
)
# (name, month, the first day it can fall on, weekday): a weekday falls once in the seven days from there on
_MOVABLE = (
    ("Birthday of Martin Luther King, Jr.", 1, 15, 0),
    ("Washington's Birthday", 2, 15, 0),
    ("Memorial Day", 5, 25, 0),
    ("Labor Day", 9, 1, 0),
    ("Columbus Day", 10, 8, 0),
    ("Thanksgiving Day", 11, 22, 3),
)


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """§5(f)(i) - The days of a year on which Federal Reserve Banks are closed, by name; none outside the calendar."""
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        return {}
    days = {}
    for name, month, number, since in _FIXED:
        day = date(year, month, number)
        if year < since:
            continue
        if day.weekday() == _SUNDAY:
            days[day + timedelta(days=1)] = f"{name} (observed)"
        else:
            days[day] = name
    for name, month, earliest, weekday in _MOVABLE:
        first = date(year, month, earliest)
        days[first + timedelta(days=(weekday - first.weekday()) % 7)] = name
    return days
