"""§2 §3 - What is due on a day at a position: dividends by certificate, arrears, and the unpaid preference.

Questions to a position, which those who decide and those who only ask have in common.
"""

from datetime import date
from itertools import takewhile

from ledger.clauses import dividends, liquidation
from ledger.exact import Fraction
from ledger.figures import CENT, ZERO
from ledger.moments import day_of
from ledger.position.state import Position
from ledger.position.stock import Notice


def due_by_certificate(position: Position, payable_on: date) -> dict[str, Fraction]:
    """§2 - Dollars accrued and unpaid through a payment date, by outstanding certificate (dividend-allocation).

    A certificate that was paid beyond that date has nothing unpaid, and gives nothing back to the others.
    """
    accruals = dividends.Accruals(position.terms, payable_on)
    due = ((held.number, held.accrued_unpaid(accruals)) for held in position.live())
    return {number: dollars for number, dollars in due if dollars > 0}


def last_overdue(position: Position, day: date) -> date | None:
    """§2 - The last payment date whose due day, rolled to a business day, has passed (readings in-arrears)."""
    nominally = list(takewhile(lambda payable: payable < day, dividends.payment_dates(position.terms)))
    # The later a day, the later what it is rolled to: the last few are looked at, and not all since the first.
    return next((one for one in reversed(nominally) if position.days.on_or_after(one) < day), None)


def in_arrears(position: Position, day: date) -> Fraction:
    """§2 - Dollars unpaid of the dividends whose due day has passed; a residue under a cent is settled."""
    payable_on = last_overdue(position, day)
    unpaid = sum(due_by_certificate(position, payable_on).values(), ZERO) if payable_on else ZERO
    return unpaid if unpaid >= CENT else ZERO


def overdue_notices(position: Position, day: date) -> list[Notice]:
    """§2 - The notices whose dividends fell due before a day and are unpaid; a residue under a cent is settled."""
    standing = (one for one in position.open_notices() if one.stands and one.dividend_unpaid >= CENT)
    return [one for one in standing if one.conversion is not None and day_of(one.conversion) < day]


def deficiency(position: Position, day: date) -> Fraction:
    """§2 §3(e)(ii) - Dollars of dividends past due, on shares outstanding and on shares converted: first to be paid.

    Once a liquidation has begun those on shares outstanding are a part of the preference, and Section 3 tells what must
    wait for it.
    """
    unpaid = (notice.dividend_unpaid for notice in overdue_notices(position, day))
    return sum(unpaid, ZERO if position.liquidation else in_arrears(position, day))


def preference_left(position: Position, day: date) -> Fraction:
    """§3(a) §3(c) - Dollars of Liquidation Preference less what was distributed; nothing where no liquidation began."""
    begun = position.liquidation
    if begun is None:
        return ZERO
    owed = liquidation.preference(position.terms, position.outstanding, position.accrued_unpaid(day))
    return max(owed - begun.paid, ZERO)


def unpaid_preference(position: Position, day: date) -> Fraction:
    """§3(a) §3(c) - Dollars of Liquidation Preference unpaid on a day; a residue under a cent is settled."""
    rest = preference_left(position, day)
    return rest if rest >= CENT else ZERO
