"""§2 §3 §4 - What each holder has on a day: shares, accrued dividends, Common it could convert into, and votes."""

from typing import Any

from ledger.clauses import liquidation, voting
from ledger.errors import HolderMustBeKnown
from ledger.figures import money, quantity
from ledger.position.stock import Certificate
from projections.accrued_dividends import accrued_unpaid
from projections.outstanding_shares import shares_of
from projections.question import Question


def holders(question: Question) -> list[dict[str, Any]]:
    """Every holder of outstanding shares, by id."""
    return [of_holder(question, holder, held) for holder, held in question.holdings.items()]


def of_holder(question: Question, holder: str, certificates: list[Certificate]) -> dict[str, Any]:
    """§2 §4 - One holder's shares, dollars accrued and unpaid, Common convertible into at once, and votes."""
    position = question.position
    shares = shares_of(certificates)
    common = voting.convertible_into(position.terms, shares, position.common_rate)
    return {
        "holder": holder,
        "shares": quantity(shares),
        "accrued_dividends": money(accrued_unpaid(question, certificates)),
        "convertible_into": quantity(common),
        "votes": quantity(voting.votes_of(common)),
    }


def certificates_of(question: Question, holder: str) -> list[Certificate]:
    """The live certificates of a holder, by number; HolderMustBeKnown where the ledger has not heard of it."""
    position = question.position
    if holder not in position.holdings_of:
        known = ", ".join(sorted(position.holdings_of)) or "no holder"
        raise HolderMustBeKnown(holder=holder, day=question.day, known=known)
    return position.held_by(holder)


def preference(question: Question) -> dict[str, str]:
    """§3 - Dollars of Liquidation Preference of all outstanding shares on a day."""
    position = question.position
    return money(liquidation.preference(position.terms, position.outstanding, question.accrued_unpaid))
