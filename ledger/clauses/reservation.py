"""§5(j) - Reservation of Common Stock: authorized but unissued shares for the conversion of all Series H outstanding.

Pure: no clock, no store, no events.
"""

from ledger.exact import Fraction


def required(outstanding: Fraction, rate: Fraction) -> Fraction:
    """§5(j) - Shares of Common to reserve for all outstanding Series H, at a rate of Common a share."""
    return outstanding * rate


def available(authorized: Fraction, common_outstanding: Fraction) -> Fraction:
    """§5(j) - Authorized shares of Common that are not issued; below zero where more were issued."""
    return authorized - common_outstanding
