"""§5(c) §5(e) - What moves the conversion rate: splits, and Common Stock issued below the threshold price.

Common sold below the threshold price raises the Common issuable on all Series H by (O + N) / (O + C / threshold)
(5(e)(i)); property is taken at the Board's fair value (5(e)(ii)); the increase is shared pro rata (5(e)(iii)), so that
one factor serves every share.
Readings date-hereof, dilution-base, dilution-order, dilution-threshold, dilution-offered, rate-scope.

Pure: no clock, no store, no events.
"""

from datetime import date
from fractions import Fraction

from ledger.terms import Terms

SCALES = "scales with splits"


def split_factor(new_shares: Fraction, old_shares: Fraction) -> Fraction:
    """§5(c) - What a split multiplies: Common outstanding, the rate, and what pending notices are to deliver."""
    return new_shares / old_shares


def threshold(terms: Terms, splits: Fraction) -> Fraction:
    """§5(e)(i) - Dollars a share below which Common dilutes, `splits` new shares standing for each at the start."""
    price = terms.threshold_price.value
    return price / splits if terms.readings["dilution-threshold"] == SCALES else price


def dilutes(terms: Terms, sold_on: date, price: Fraction, limit: Fraction) -> bool:
    """§5(e)(i) - Whether a sale at dollars a share is after the date hereof and strictly below the threshold."""
    return sold_on > terms.signed_on.value and price < limit


def dilution_factor(outstanding: Fraction, sold: Fraction, consideration: Fraction, limit: Fraction) -> Fraction:
    """§5(e)(i) - (O + N) / (O + C / threshold), from shares outstanding before, shares sold and dollars received."""
    return (outstanding + sold) / (outstanding + consideration / limit)
