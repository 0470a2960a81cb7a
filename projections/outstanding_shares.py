"""§1 §7 - Outstanding shares of Series H: the series, every holder, every certificate, and what became of the rest."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ledger.figures import quantity
from ledger.position.state import Certificate, Position


def series(position: Position) -> dict[str, str]:
    """Shares designated, ever issued, and outstanding, converted, redeemed or reacquired, which sum to issued."""
    return {
        "designated": quantity(position.terms.designated_shares.value),
        "issued": quantity(position.issued),
        "outstanding": quantity(position.outstanding),
        "converted": quantity(position.converted),
        "redeemed": quantity(position.redeemed),
        "reacquired": quantity(position.reacquired),
    }


def shares_of(certificates: Iterable[Certificate]) -> Fraction:
    """Shares that some certificates stand for together."""
    return sum((held.shares for held in certificates), Fraction(0))


def certificates(position: Position) -> list[dict[str, Any]]:
    """Every certificate that stands for shares, by number: its holder, its shares, and when they began to accrue."""
    return [
        {
            "certificate": held.number,
            "holder": held.holder,
            "shares": quantity(held.shares),
            "accrues_from": held.accrues_from.isoformat(),
        }
        for held in sorted(position.live(), key=lambda held: held.number)
    ]
