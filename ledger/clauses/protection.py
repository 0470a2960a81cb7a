"""§8(b) §9 - Protection: amendments that need a majority, the par value, and who must assume the terms.

Pure: no clock, no store, no events.
"""

from ledger.exact import Fraction
from ledger.terms import Terms

ABSORBING = ("merger", "consolidation")


LOWERS_THE_PREFERENCE = ("stated_value", "dividend_rate")
"""Terms that the Liquidation Preference is made of."""

NO_RIGHT = ("stock_issued_later",)
"""Terms that state a fact and grant no right."""


def amended_item(name: str, before: Terms, after: Terms) -> str:
    """§8(b)(ii) §8(b)(iii) §8(b)(iv) - The item an amended term falls under: `§8(a)` where none, empty where no right.

    (ii) what is payable on liquidation is reduced; (iii) a conversion right of Section 5 is modified; (iv) a right of
    Section 8. An amendment outside the list needs a majority only where it adversely affects the holders (8(a)).
    """
    row, new = getattr(before, name), getattr(after, name)
    if name in NO_RIGHT or row.value == new.value:
        return ""
    if row.clause.startswith("§5"):
        return "§8(b)(iii)"
    if row.clause.startswith("§8"):
        return "§8(b)(iv)"
    return "§8(b)(ii)" if name in LOWERS_THE_PREFERENCE and new.value < row.value else "§8(a)"


def conversion_price(terms: Terms, rate: Fraction) -> Fraction:
    """§9(a) - Dollars of Stated Value given up for one share of Common on conversion."""
    return terms.stated_value.value / rate


def par_value_is_covered(terms: Terms, rate: Fraction, par_value: Fraction) -> bool:
    """§9(a) - Whether the amount payable on conversion is at least the par value of a share of Common."""
    return par_value <= conversion_price(terms, rate)


def must_be_assumed(kind: str | None, successor: str | None) -> bool:
    """§9(c) - Whether another person that survives a merger or consolidation must assume the terms in writing."""
    return kind in ABSORBING and successor is not None
