"""§5(f)(i) - A business day: 9:00 a.m. to 5:00 p.m. on any day on which banks are open in Palm Beach County."""

from datetime import timedelta
from typing import Any

import pytest
from holidays.financial.federal_reserve import FederalReserve

from given import SERIES_H, given, issued, on
from ledger.clauses.bank_holidays import bank_holidays
from ledger.clauses.business_days import BusinessDays
from ledger.moments import FIRST_DAY, LAST_DAY, as_instant, end_of, in_new_york, parse_day, parse_instant

DAYS = BusinessDays(SERIES_H)


def received(instant: str) -> str:
    """When a paper that comes at an instant counts as received, by the clocks of Palm Beach County."""
    return in_new_york(DAYS.receipt(parse_instant(instant)))


def closure(day: str, **more: Any) -> dict[str, Any]:
    """A journal line that declares the banks closed on a day."""
    return {"event": "BankClosureDeclared", "effective": day, "closed_on": day, **more}


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        ("00:00:00", "Thursday 2001-11-08 09:00:00"),
        ("08:59:59", "Thursday 2001-11-08 09:00:00"),
        ("09:00:00", "Thursday 2001-11-08 09:00:00"),
        ("09:00:01", "Thursday 2001-11-08 09:00:01"),
        ("16:59:59", "Thursday 2001-11-08 16:59:59"),
        ("17:00:00", "Thursday 2001-11-08 17:00:00"),
        ("17:00:01", "Friday 2001-11-09 09:00:00"),
        ("17:01:00", "Friday 2001-11-09 09:00:00"),
        ("23:59:59", "Friday 2001-11-09 09:00:00"),
    ],
)
def test_s5f_business_hours_begin_at_9_00_00_and_end_with_17_00_00(hour: str, expected: str) -> None:
    """A paper is received when it comes from 9:00:00 to 17:00:00 on Thursday 8 November 2001, else at the next 9:00."""
    assert received(f"2001-11-08T{hour}-05:00") == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2001-11-02T17:01:00-05:00", "Monday 2001-11-05 09:00:00"),
        ("2001-11-03T12:00:00-05:00", "Monday 2001-11-05 09:00:00"),
        ("2001-11-04T12:00:00-05:00", "Monday 2001-11-05 09:00:00"),
        ("2001-11-09T17:00:01-05:00", "Tuesday 2001-11-13 09:00:00"),
        ("2001-11-12T10:00:00-05:00", "Tuesday 2001-11-13 09:00:00"),
        ("2001-11-21T18:00:00-05:00", "Friday 2001-11-23 09:00:00"),
        ("2001-11-22T10:00:00-05:00", "Friday 2001-11-23 09:00:00"),
        ("2001-04-12T18:00:00-04:00", "Friday 2001-04-13 09:00:00"),
        ("2001-12-31T18:00:00-05:00", "Wednesday 2002-01-02 09:00:00"),
        ("2001-11-08T22:00:00Z", "Thursday 2001-11-08 17:00:00"),
        ("2001-11-08T22:00:01Z", "Friday 2001-11-09 09:00:00"),
    ],
)
def test_s5f_outside_business_days_the_next_opening_counts(instant: str, expected: str) -> None:
    """On weekends and holidays, and after hours before them, a paper waits for the next business day at 9:00."""
    assert received(instant) == expected


@pytest.mark.parametrize(
    "day",
    [
        "2001-05-28",  # Memorial Day
        "2001-07-04",  # Independence Day
        "2001-09-03",  # Labor Day
        "2001-10-08",  # Columbus Day
        "2001-11-12",  # Veterans Day, 11 November 2001 being a Sunday
        "2001-11-22",  # Thanksgiving
        "2001-12-25",  # Christmas Day
        "2002-01-01",  # New Year's Day
        "2002-01-21",  # Martin Luther King's birthday
        "2002-02-18",  # Washington's birthday
        "2004-07-05",  # 4 July 2004 is a Sunday
        "2006-01-02",  # 1 January 2006 is a Sunday
        "2022-06-20",  # Juneteenth, 19 June 2022 being a Sunday
        "2023-06-19",  # Juneteenth, a Monday
        "2001-04-14",  # a Saturday
        "2001-04-15",  # a Sunday
    ],
)
def test_s5f_banks_are_closed_on_weekends_and_federal_reserve_holidays(day: str) -> None:
    """Banks are closed on weekends and the Federal Reserve's holidays, a Sunday's holiday being kept on Monday."""
    assert not DAYS.is_open(parse_day(day))
    assert DAYS.why_closed(parse_day(day))


@pytest.mark.parametrize(
    "day",
    [
        "2001-04-13",  # Good Friday
        "2001-09-11",  # a Tuesday on which the Federal Reserve stayed open
        "2001-11-13",  # the day after Veterans Day as kept
        "2001-11-23",  # the day after Thanksgiving
        "2000-11-10",  # Friday before Veterans Day, a Saturday
        "2004-12-24",  # Friday before Christmas Day, a Saturday
        "2004-12-31",  # Friday before New Year's Day, a Saturday
        "2009-07-03",  # Friday before Independence Day, a Saturday
        "2020-06-19",  # Juneteenth before it was a holiday
        "2021-06-18",  # Friday before the first Juneteenth, a Saturday
        "2021-06-21",  # and the Monday after it
        "2022-06-17",  # Friday before Juneteenth 2022, a Sunday
    ],
)
def test_s5f_banks_are_open_on_every_other_weekday(day: str) -> None:
    """Good Friday and 11 September 2001 are business days, and a Saturday's holiday takes no other day."""
    assert DAYS.is_open(parse_day(day))
    assert DAYS.why_closed(parse_day(day)) is None


@pytest.mark.parametrize(
    ("instant", "utc"),
    [
        ("2001-03-30T17:01:00-05:00", "2001-04-02T13:00:00"),  # EST to EDT on Sunday 1 April
        ("2001-10-26T17:01:00-04:00", "2001-10-29T14:00:00"),  # EDT to EST on Sunday 28 October
    ],
)
def test_s5f_nine_o_clock_is_nine_o_clock_whatever_summer_time_does(instant: str, utc: str) -> None:
    """Over a change of summer time the next opening is 9:00 by the clocks then, an hour sooner or later in UTC."""
    assert DAYS.receipt(parse_instant(instant)) == parse_instant(f"{utc}Z")


@pytest.mark.parametrize(("day", "hours"), [("2001-04-01", 23), ("2001-04-02", 24), ("2001-10-28", 25)])
def test_s5f_a_day_lasts_as_long_as_summer_time_makes_it(day: str, hours: int) -> None:
    """The day on which clocks go forward has 23 hours, the day on which they go back 25."""
    assert end_of(parse_day(day)) - as_instant(parse_day(day)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "third"),
    [
        ("2001-04-12", "2001-04-17"),  # Good Friday, Monday, Tuesday
        ("2001-11-05", "2001-11-08"),
        ("2001-11-08", "2001-11-14"),  # Friday, Tuesday, Wednesday: Monday is Veterans Day
        ("2001-11-09", "2001-11-15"),
        ("2001-11-20", "2001-11-26"),  # Wednesday, Friday, Monday: Thursday is Thanksgiving
        ("2001-10-25", "2001-10-30"),  # over the end of summer time
    ],
)
def test_s5f_three_business_days_leave_out_the_first_day(day: str, third: str) -> None:
    """Three business days after a day are the third on which banks are open, that day itself not counted."""
    assert str(DAYS.after(parse_day(day), 3)) == third


@pytest.mark.parametrize(("day", "closing"), [("2001-10-26", "21:00:00"), ("2001-10-29", "22:00:00")])
def test_s5f_a_day_closes_at_17_00_00_by_its_own_clock(day: str, closing: str) -> None:
    """The last instant of business hours is 17:00:00: 21:00 UTC in summer and 22:00 in winter."""
    assert DAYS.closing(parse_day(day)) == parse_instant(f"{day}T{closing}Z")


def test_s5f_a_declared_closure_is_no_business_day() -> None:
    """A day on which the banks are declared closed, with its reason, is none on which they are open."""
    days = on(given(issued(), closure("2001-11-14", reason="hurricane")), "2001-04-12").days
    assert days.why_closed(parse_day("2001-11-14")) == "declared closure: hurricane"
    assert DAYS.is_open(parse_day("2001-11-14"))
    assert str(days.after(parse_day("2001-11-09"), 3)) == "2001-11-16"
    assert in_new_york(days.receipt(parse_instant("2001-11-14T10:00:00-05:00"))) == "Thursday 2001-11-15 09:00:00"


def test_s5f_a_closure_of_a_day_already_closed_changes_nothing() -> None:
    """A closure declared for a Saturday or a holiday takes no further day."""
    days = on(given(issued(), closure("2001-11-10"), closure("2001-11-12")), "2001-04-12").days
    assert str(days.after(parse_day("2001-11-09"), 3)) == "2001-11-15"


@pytest.mark.parametrize("year", range(FIRST_DAY.year - 1, LAST_DAY.year + 2))
def test_s5f_the_holidays_of_a_year_are_those_the_federal_reserve_publishes(year: int) -> None:
    """Every day of every year of the calendar, and its name, as a library has them that follows the Federal Reserve."""
    assert bank_holidays(year) == dict(FederalReserve(years=year))
