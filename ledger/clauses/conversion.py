"""§5(a) §5(b) §5(f) §5(h) - Conversion: in lots, at the rate, into whole shares and cash, or with fractions.

Readings lot, fractions, delivery-window, instruction-cures, revocation-deadline.

Pure: no clock, no store, no events.
"""

from datetime import datetime
from typing import NamedTuple

from ledger.clauses.business_days import BusinessDays
from ledger.exact import Fraction
from ledger.moments import day_of
from ledger.terms import Terms

WHOLE_EXEMPT = "whole position exempt"
EITHER_FAILURE = "either failure revokes"


def in_lots(terms: Terms, shares: Fraction) -> Fraction:
    """§5(a) - The part of some shares that can be converted: the largest multiple of the lot."""
    lot = terms.conversion_lot.value
    return shares // lot * lot


def whole_position_exempt(terms: Terms) -> bool:
    """§5(a) - Whether a holder's whole position can be converted, a multiple of the lot or not (reading lot)."""
    return terms.readings["lot"] == WHOLE_EXEMPT


def may_convert(terms: Terms, shares: Fraction, position: Fraction) -> bool:
    """§5(a) - Whether a notice may convert some shares out of its holder's whole position (reading lot)."""
    if shares == in_lots(terms, shares):
        return True
    return whole_position_exempt(terms) and shares == position


class Entitlement(NamedTuple):
    """§5(b) §5(h) - What a notice is due: shares of Common Stock, and the fraction of a share settled in cash."""

    common: Fraction
    fraction_in_cash: Fraction


def entitlement(shares: Fraction, rate: Fraction, *, issue_fractions: bool) -> Entitlement:
    """§5(h) - The Common due on a notice's total: with its fraction, or whole shares and cash for the fraction."""
    total = shares * rate
    if issue_fractions:
        return Entitlement(total, Fraction(0))
    whole = Fraction(total.__floor__())
    return Entitlement(whole, total - whole)


def cash_in_lieu(fraction: Fraction, market_price: Fraction) -> Fraction:
    """§5(h) - Dollars for a fraction of a share at the market price on the Conversion Date."""
    return fraction * market_price


def originals_count_from(days: BusinessDays, originals: datetime, conversion: datetime) -> datetime:
    """§5(f)(i) - When the originals are received: in business hours, and not before the Conversion Date."""
    return max(days.receipt(originals), conversion)


def delivery_window(days: BusinessDays, received: datetime) -> int:
    """§5(f)(i) - Business days within which Common is due once the originals are received: those of the day itself."""
    return days.terms.on(day_of(received)).delivery_business_days.value


def delivery_deadline(days: BusinessDays, received: datetime) -> datetime:
    """§5(f)(i) - The last instant for delivery: 17:00:00 on the third business day after receipt of the originals."""
    return days.closing(days.after(day_of(received), delivery_window(days, received)))


def instruction_cures(terms: Terms, instructed: datetime | None, deadline: datetime) -> bool:
    """§5(f)(i) - Whether contacting the transfer agent in time defeats revocation (reading instruction-cures)."""
    return instructed is not None and instructed <= deadline and terms.readings["instruction-cures"] != EITHER_FAILURE
