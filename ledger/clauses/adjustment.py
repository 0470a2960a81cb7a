"""§5(c) §5(d) §5(e) - What moves the conversion rate and what it is a rate of: splits, changes, sales of Common Stock.

Common sold below the threshold price raises the Common issuable on all Series H by (O + N) / (O + C / threshold)
(5(e)(i)); property is taken at the Board's fair value (5(e)(ii)); the increase is shared pro rata (5(e)(iii)), so that
one factor serves every share.
Readings date-hereof, dilution-base, dilution-order, dilution-threshold, dilution-offered, rate-scope, common-replaced.

Pure: no clock, no store, no events.
"""

from collections.abc import Mapping
from datetime import date

from ledger.exact import Fraction
from ledger.terms import Terms

SCALES = "scales with splits"


def split_factor(new_shares: Fraction, old_shares: Fraction) -> Fraction:
    """§5(c) - What a split multiplies: Common outstanding, the rate, and what pending notices are to deliver."""
    return new_shares / old_shares


def changed_into(into: Mapping[str, Fraction], security: str, changed: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """§5(c) §5(d) - What a share converts into once each share of a security has been changed into others.

    `into` is what stands for one share of the original Common Stock, by security; `changed` what one share of the
    security became. What a holder would have received had it converted immediately before is what it receives now.
    """
    kept = {name: amount for name, amount in into.items() if name != security}
    for name, amount in changed.items():
        kept[name] = kept.get(name, Fraction(0)) + into.get(security, Fraction(0)) * amount
    return kept


def is_cash(security: str) -> bool:
    """§5(d) - Whether what was received is cash, however that is written, and not stock."""
    return security.lower() == "cash"


def in_place_of(security: str, into: Mapping[str, Fraction]) -> tuple[str, ...]:
    """§5(c) §5(d) - What of `into` stands in a security's place (common-replaced): itself, or else all but cash."""
    return (security,) if security in into else tuple(name for name in into if not is_cash(name))


def shares_in_place_of(security: str, into: Mapping[str, Fraction]) -> Fraction:
    """§5(c) §5(d) §5(e)(i) - Shares of what stands in a security's place, all kinds together; 0 where all is cash."""
    return sum((into[name] for name in in_place_of(security, into)), Fraction(0))


def threshold(terms: Terms, splits: Fraction) -> Fraction:
    """§5(e)(i) - Dollars a share below which Common dilutes, `splits` new shares standing for each at the start."""
    price = terms.threshold_price.value
    return price / splits if terms.readings["dilution-threshold"] == SCALES else price


def dilutes(terms: Terms, sold_on: date, price: Fraction, limit: Fraction) -> bool:
    """§5(e)(i) signature - Whether a sale at dollars a share is after the date hereof and below the threshold."""
    return sold_on > terms.signed_on.value and price < limit


def dilution_factor(outstanding: Fraction, sold: Fraction, consideration: Fraction, limit: Fraction) -> Fraction:
    """§5(e)(i) - (O + N) / (O + C / threshold), from shares outstanding before, shares sold and dollars received."""
    return (outstanding + sold) / (outstanding + consideration / limit)
