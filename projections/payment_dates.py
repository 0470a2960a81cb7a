"""§2 - The register of dividends by payment date: accrued in the period, paid, unpaid, and the age of the arrears."""

from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from typing import Any

from ledger.clauses import dividends
from ledger.exact import Fraction
from ledger.figures import CENT, ZERO, money
from ledger.position.due import due_by_certificate
from ledger.position.state import Position
from projections.question import Question


def by_payment_date(question: Question, dates: Sequence[date] | None = None) -> list[dict[str, Any]]:
    """§2 - Every payment date so far and the next, on the shares outstanding now; payments settle the oldest first.

    Money is dollars; `age` is days since the due day while anything is in arrears. Of some dates that follow one
    another, these alone.
    """
    position, day = question.position, question.day
    every = payment_dates_so_far(question)
    wanted = every if dates is None else dates
    rows: list[dict[str, Any]] = []
    accrued_before, unpaid_before = ZERO, ZERO
    if wanted and (place := every.index(wanted[0])):
        accrued_before, unpaid_before = _through(position, every[place - 1])
    for payable_on in wanted:
        accrued, unpaid = _through(position, payable_on)
        period, owed = accrued - accrued_before, unpaid - unpaid_before
        due = position.days.on_or_after(payable_on)
        late = due < day and owed >= CENT
        rows.append(
            {
                "payable_on": payable_on.isoformat(),
                "due": due.isoformat(),
                "accrued": money(period),
                "paid": money(period - owed),
                "unpaid": money(owed),
                "state": _state(late, payable_on > day, owed >= CENT),
                "age": (day - due).days if late else 0,
            }
        )
        accrued_before, unpaid_before = accrued, unpaid
    return rows


def payment_dates_so_far(question: Question) -> list[date]:
    """§2 - Every payment date so far and the next."""
    terms = question.position.terms
    following = dividends.next_payment_date(terms, question.day)
    return list(takewhile(lambda payable_on: payable_on <= following, dividends.payment_dates(terms)))


def _through(position: Position, payable_on: date) -> tuple[Fraction, Fraction]:
    """§2 - Dollars accrued through a payment date on the shares outstanding, and those unpaid of them."""
    accrued = position.accrued_unpaid(payable_on) + position.paid_on_outstanding
    return accrued, sum(due_by_certificate(position, payable_on).values(), ZERO)


def _state(late: bool, ahead: bool, owed: bool) -> str:
    if late:
        return "in arrears"
    return "to come" if ahead else "due" if owed else "settled"
