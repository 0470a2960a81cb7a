"""§3 - A liquidation: what each holder is owed, what assets of a size would pay, and what remains for junior stock."""

from typing import Any

from ledger.clauses import liquidation
from ledger.exact import Fraction
from ledger.figures import money
from projections.accrued_dividends import accrued_unpaid
from projections.outstanding_shares import shares_of
from projections.question import Question


def distribution(question: Question, assets: Fraction | None) -> dict[str, Any]:
    """§3(a) §3(b) §3(c) - Preference and payment by holder; without assets named, those of the recorded liquidation.

    Payments are whole cents and sum to what is paid in all. Nothing is recorded by asking.
    """
    position, begun = question.position, question.position.liquidation
    available = assets if assets is not None else begun.assets if begun else Fraction(0)
    owed = {
        holder: liquidation.preference(position.terms, shares_of(held), accrued_unpaid(question, held))
        for holder, held in question.holdings.items()
    }
    shared = liquidation.distribute(available, owed)
    return {
        "assets": money(available),
        "preference": money(sum(owed.values(), Fraction(0))),
        "paid": money(shared.total),
        "remainder_to_junior": money(shared.remainder),
        "distributed_so_far": money(begun.paid if begun else Fraction(0)),
        "holders": [
            {"holder": holder, "preference": money(amount), "payment": money(shared.paid[holder])}
            for holder, amount in owed.items()
        ],
    }
