"""§2 - Accrued dividends: of the series, a holder or a certificate; what is in arrears; what fell due on conversion."""

from collections.abc import Iterable
from typing import Any

from ledger.clauses import dividends
from ledger.exact import Fraction
from ledger.figures import ZERO, money, quantity
from ledger.position.due import due_by_certificate, in_arrears, last_overdue
from ledger.position.stock import Certificate
from projections.outstanding_shares import outstanding
from projections.question import Question


def accrued_unpaid(question: Question, certificates: Iterable[Certificate]) -> Fraction:
    """§2 - Dollars accrued to a day and unpaid on some certificates."""
    accruals = question.accruals
    return sum([held.accrued_unpaid(accruals) for held in certificates], ZERO)


def of_series(question: Question) -> dict[str, Any]:
    """§2 - The dividends of the series on a day, each amount in dollars, rounded to the cent and exact."""
    position, day = question.position, question.day
    return {
        "accrued_unpaid": money(question.accrued_unpaid),
        "in_arrears": money(in_arrears(position, day)),
        "next_payment_date": dividends.next_payment_date(position.terms, day).isoformat(),
        "due_on_conversion": money(position.due_on_conversion),
    }


def by_certificate(question: Question, certificates: Iterable[Certificate] | None = None) -> list[dict[str, Any]]:
    """§2 - What outstanding certificates have accrued, been paid, and are owed on a day: all by number, or some."""
    position, day = question.position, question.day
    overdue = last_overdue(position, day)
    arrears = due_by_certificate(position, overdue) if overdue and in_arrears(position, day) else {}
    return [
        {
            "certificate": held.number,
            "holder": held.holder,
            "shares": quantity(held.shares),
            "accrues_from": held.accrues_from.isoformat(),
            "accrued": money(unpaid + held.paid),
            "paid": money(held.paid),
            "accrued_unpaid": money(unpaid),
            "in_arrears": money(arrears.get(held.number, ZERO)),
        }
        for held in (outstanding(position) if certificates is None else certificates)
        for unpaid in [held.accrued_unpaid(question.accruals)]
    ]
