"""§9 - No dilution or impairment: the par value against the conversion price, and who must assume the terms.

Pure: no clock, no store, no events.
"""

from fractions import Fraction

from ledger.terms import Terms

ABSORBING = ("merger", "consolidation")


def conversion_price(terms: Terms, rate: Fraction) -> Fraction:
    """§9(a) - Dollars of Stated Value given up for one share of Common on conversion."""
    return terms.stated_value.value / rate


def par_value_is_covered(terms: Terms, rate: Fraction, par_value: Fraction) -> bool:
    """§9(a) - Whether the amount payable on conversion is at least the par value of a share of Common."""
    return par_value <= conversion_price(terms, rate)


def must_be_assumed(kind: str | None, successor: str | None) -> bool:
    """§9(c) - Whether another person that survives a merger or consolidation must assume the terms in writing."""
    return kind in ABSORBING and successor is not None
