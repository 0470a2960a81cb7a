"""§6 - Redemption at the option of the Company: the Stated Value plus accrued but unpaid dividends, in cash.

Readings redemption-conversion (the lesser of noticed and left), redemption-unpaid, accrual-days.

Pure: no clock, no store, no events.
"""

from ledger.exact import Fraction
from ledger.terms import Terms


def shares_taken(called: Fraction, left: Fraction) -> Fraction:
    """§6 - Shares of a certificate that a redemption takes: the lesser of those noticed and those left."""
    return min(called, left)


def price(terms: Terms, shares: Fraction, accrued_unpaid: Fraction) -> Fraction:
    """§6 - Dollars for redeemed shares: the Stated Value of each plus what they accrued and were not paid."""
    return shares * terms.stated_value.value + accrued_unpaid
