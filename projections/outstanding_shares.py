"""§1 §7 - Outstanding shares of Series H: the series, every holder, every certificate, and what became of the rest."""

from collections.abc import Iterable
from typing import Any

from ledger.exact import Fraction
from ledger.figures import quantity
from ledger.position.state import Position
from ledger.position.stock import Certificate


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


def status(position: Position) -> dict[str, str]:
    """§1 §7 - What became of every share ever issued: outstanding or cancelled, the two summing to issued.

    Cancelled shares have the status of authorized but unissued preferred stock of no designated series; `may_be_issued`
    is what is left of the number designated, which no share that came back adds to.
    """
    terms, cancelled = position.terms, position.converted + position.redeemed + position.reacquired
    return {
        "authorized_preferred": quantity(terms.authorized_preferred.value),
        **series(position),
        "cancelled": quantity(cancelled),
        "returned_to_undesignated": quantity(cancelled),
        "may_be_issued": quantity(terms.designated_shares.value - position.issued),
    }


def shares_of(certificates: Iterable[Certificate]) -> Fraction:
    """Shares that some certificates stand for together."""
    return sum([held.shares for held in certificates], Fraction(0))


def outstanding(position: Position) -> list[Certificate]:
    """The certificates that stand for shares, by number."""
    return _by_number(position.live())


def _by_number(certificates: Iterable[Certificate]) -> list[Certificate]:
    return sorted(certificates, key=lambda held: held.number)


def certificates(live: Iterable[Certificate]) -> list[dict[str, Any]]:
    """Certificates that stand for shares, by number: whose each is, its shares, and when they began to accrue."""
    return [
        {
            "certificate": held.number,
            "holder": held.holder,
            "shares": quantity(held.shares),
            "accrues_from": held.accrues_from.isoformat(),
        }
        for held in _by_number(live)
    ]
