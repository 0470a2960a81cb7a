"""§2 - The register of dividends by payment date: accrued in the period, paid, unpaid, and the age of the arrears."""

from typing import Any

from ledger.clauses import dividends
from ledger.figures import CENT, ZERO, money
from ledger.position.due import due_by_certificate
from projections.question import Question


def by_payment_date(question: Question) -> list[dict[str, Any]]:
    """§2 - Every payment date so far and the next, on the shares outstanding now; payments settle the oldest first.

    Money is dollars; `age` is days since the due day while anything is in arrears.
    """
    position, day = question.position, question.day
    following = dividends.next_payment_date(position.terms, day)
    rows: list[dict[str, Any]] = []
    accrued_before, unpaid_before = ZERO, ZERO
    for payable_on in dividends.payment_dates(position.terms):
        if payable_on > following:
            return rows
        accrued = position.accrued_unpaid(payable_on) + position.paid_on_outstanding
        unpaid = sum(due_by_certificate(position, payable_on).values(), ZERO)
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
    raise AssertionError("payment dates do not end")


def _state(late: bool, ahead: bool, owed: bool) -> str:
    if late:
        return "in arrears"
    return "to come" if ahead else "due" if owed else "settled"
