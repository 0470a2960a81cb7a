"""Days and instants: the one place that reads, writes and compares points in time.

A day is a calendar date in the certificate's time zone and means the start of that day there; an instant carries
its own offset from UTC (RFC 3339). Inside the ledger every instant is compared in UTC, so that the hour that summer
time repeats cannot put two entries in the wrong order.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# The certificate's business days are days in Palm Beach County, Florida (§5(f)(i)), which keeps New York time.
ZONE = ZoneInfo("America/New_York")

# The published calendar of bank holidays covers these years; outside them a business day could not be told.
FIRST_DAY = date(1999, 1, 1)
LAST_DAY = date(2100, 12, 31)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def parse_day(text: str) -> date:
    """Read a day written `YYYY-MM-DD`; ValueError says what is wrong with any other text."""
    if not _DAY.fullmatch(text):
        raise ValueError(f"{text!r} is not a day: write it as YYYY-MM-DD")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar") from None
    return _within_calendar(day, text)


def parse_instant(text: str) -> datetime:
    """Read an instant with its offset, `2001-11-09T17:01:00-05:00`; ValueError says what is wrong otherwise."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"{text!r} is not an instant with its offset: write it like 2001-11-09T17:01:00-05:00")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an instant of the calendar") from None
    _within_calendar(instant.date(), text)
    return instant


def parse_moment(text: str) -> date | datetime:
    """Read a day or an instant, told apart by the T between date and time."""
    return parse_instant(text) if "T" in text else parse_day(text)


def _within_calendar(day: date, text: str) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"{text!r} lies outside the bank calendar, which runs from {FIRST_DAY} to {LAST_DAY}")
    return day


def as_instant(moment: date | datetime) -> datetime:
    """The instant in UTC at which a moment begins: a day begins at midnight in New York."""
    return moment.astimezone(UTC) if isinstance(moment, datetime) else _midnight(moment)


@lru_cache(maxsize=10_000)
def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first instant, in UTC, that no longer belongs to the day in New York."""
    return as_instant(day + timedelta(days=1))


def day_of(moment: date | datetime) -> date:
    """The New York calendar day on which a moment lies."""
    return moment.astimezone(ZONE).date() if isinstance(moment, datetime) else moment


def write_moment(moment: date | datetime) -> str:
    """A day or instant as it stands in a journal line: exactly what `parse_moment` reads."""
    return moment.isoformat()


def in_new_york(instant: datetime) -> str:
    """An instant as a person in Palm Beach County reads it: `Friday 2001-11-09 17:01:00`."""
    return instant.astimezone(ZONE).strftime("%A %Y-%m-%d %H:%M:%S")


def today() -> date:
    """Today's date in New York, for questions that name no day."""
    return datetime.now(UTC).astimezone(ZONE).date()
