"""§3 - Liquidation: the preference of Series H over the Junior Securities, paid in full or shared ratably.

A merger, a consolidation, a purchase of stock or a sale of less than substantially all assets is none (3(d)).

Pure: no clock, no store, no events.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ledger.exact import Fraction
from ledger.figures import CENT, share_out, to_the_cent
from ledger.terms import Terms


def preference(terms: Terms, shares: Fraction, accrued_unpaid: Fraction) -> Fraction:
    """§3(e)(ii) - Dollars of Liquidation Preference: Stated Value plus accrued and unpaid dividends."""
    return shares * terms.stated_value.value + accrued_unpaid


class Distribution(NamedTuple):
    """§3(a) §3(b) §3(c) - Dollars each holder is paid, their sum, and what remains for the Junior Securities."""

    paid: dict[str, Fraction]
    total: Fraction
    remainder: Fraction


def distribute(assets: Fraction, preferences: Mapping[str, Fraction]) -> Distribution:
    """§3(a) §3(b) §3(c) - Assets paid on the preferences by holder: in full, or ratably where they do not suffice.

    Payments are whole cents and sum to what is paid in all: the smaller of the assets and the preference, the cents
    being shared by largest remainders.
    """
    owed = sum(preferences.values(), Fraction(0))
    total = min(assets // CENT * CENT, to_the_cent(owed))
    paid = share_out(total, preferences) if owed else {}
    return Distribution(paid, total, assets - total)
