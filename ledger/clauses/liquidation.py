"""§3 - Liquidation: the preference of Series H over the Junior Securities.

Pure: no clock, no store, no events.
"""

from fractions import Fraction

from ledger.terms import Terms


def preference(terms: Terms, shares: Fraction, accrued_unpaid: Fraction) -> Fraction:
    """§3(e)(ii) - Dollars of Liquidation Preference: Stated Value plus accrued and unpaid dividends."""
    return shares * terms.stated_value.value + accrued_unpaid
