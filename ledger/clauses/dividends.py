"""§2 - Dividends: ten percent of the Stated Value a year, cumulative, payable quarterly, in cash.

Readings day-count, accrual-start, accrual-days (the first day included, the last excluded), arrears (nothing
compounds), dividend-allocation (a payment is shared in proportion to what each certificate has accrued and unpaid).

Pure: no clock, no store, no events.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from ledger.exact import Fraction
from ledger.figures import carried
from ledger.terms import Terms

THIRTY_360 = "30/360 US"
ACTUAL_365 = "Actual/365 Fixed"
ACTUAL_360 = "Actual/360"


def days_accrued(method: str, start: date, end: date) -> int:
    """§2 - Days that count from a start (included) to an end (excluded); none where the end does not lie after it."""
    if end <= start:
        return 0
    return _days_30_360(start, end) if method == THIRTY_360 else (end - start).days


def days_a_year(method: str) -> int:
    """§2 - Days in the year that a reading of the day count divides by."""
    return 365 if method == ACTUAL_365 else 360


def _days_30_360(start: date, end: date) -> int:
    # 30/360 US with its end-of-February rule, in the order in which the rules apply.
    first, last = start.day, end.day
    if _ends_february(start):
        if _ends_february(end):
            last = 30
        first = 30
    if last == 31 and first >= 30:
        last = 30
    if first == 31:
        first = 30
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + (last - first)


def _ends_february(day: date) -> bool:
    return day.month == 2 and (day + timedelta(days=1)).month == 3


class Accruals(dict[date, Fraction]):
    """§2 - Dollars that one share accrues to a day (excluded), by the day it accrues from; each part at its own rate.

    Each is reckoned once, for whoever asks of many certificates: those of one issue accrue alike.
    """

    def __init__(self, terms: Terms, end: date) -> None:
        """Begin with none."""
        super().__init__()
        self._method = terms.readings["day-count"]
        a_year = days_a_year(self._method)
        self._parts = [
            (law.stated_value.value * law.dividend_rate.value / a_year, since, until)
            for law, since, until in terms.in_force(date.min, end)
        ]

    def __missing__(self, start: date) -> Fraction:
        a_share = Fraction(0)
        for a_day, since, until in self._parts:
            a_share += a_day * days_accrued(self._method, max(start, since), until)
        self[start] = a_share
        return a_share


def accrued(terms: Terms, shares: Fraction, start: date, end: date) -> Fraction:
    """§2 - Dollars that shares accrue from a start to an end (excluded), before anything is paid."""
    return shares * Accruals(terms, end)[start]


def payment_dates(terms: Terms, since: date = date.min) -> Iterator[date]:
    """§2 - The nominal dividend payment dates in order, from the first one on or after a day, without end."""
    since = max(since, terms.first_dividend_payment.value)
    year, days = since.year, sorted(terms.all_payment_days())
    while True:
        for month, day in days:
            payable_on = date(year, month, day)
            if payable_on >= since and is_payment_date(terms, payable_on):
                yield payable_on
        year += 1


def is_payment_date(terms: Terms, day: date) -> bool:
    """§2 - Whether a day is a nominal dividend payment date."""
    return (day.month, day.day) in terms.on(
        day
    ).dividend_payment_days.value and day >= terms.first_dividend_payment.value


def next_payment_date(terms: Terms, day: date) -> date:
    """§2 - The first nominal payment date after a day."""
    return next(payment_dates(terms, day + timedelta(days=1)))


def allocate(amount: Fraction, due: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """§2 - A payment shared over certificates in proportion to what is due on each (reading dividend-allocation).

    `due` are dollars by certificate, with a sum other than zero; the shares sum to the amount, exactly unless their
    denominators have more than a hundred digits.
    """
    total = sum(due.values(), Fraction(0))
    return {certificate: carried(amount * part / total) for certificate, part in due.items()}
