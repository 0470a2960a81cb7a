"""§5(b) §5(c) §5(e) - The conversion rate: Common for one share of Series H, and every adjustment with its cause."""

from typing import Any

from ledger.figures import dollars, exact, money, per_share, quantity, shares
from ledger.moments import ZONE
from ledger.position.state import Position
from ledger.position.stock import Adjustment
from projections.question import Question


def rate(position: Position) -> dict[str, Any]:
    """§5(b) - Into what one share converts: shares of Common, six decimals at most, and exactly."""
    one = per_share(position.rate)
    into = [
        {"security": security, "per_share": per_share(position.rate * amount)}
        for security, amount in position.into.items()
    ]
    return {"per_share": one, "exact": exact(position.rate), "into": into}


def history(question: Question) -> list[dict[str, Any]]:
    """§5(c) §5(e) - Every adjustment so far, in order: its entry, late or not, cause, factor, and the rate."""
    return [
        {
            "entry": step.entry,
            "at": step.at.astimezone(ZONE).isoformat(),
            "clause": step.clause,
            "cause": cause(step),
            "factor": exact(step.factor),
            "per_share": per_share(step.rate),
            "exact": exact(step.rate),
            **_numbers(step),
            "late": step.entry in question.book.late,
        }
        for step in question.position.adjustments
    ]


def cause(step: Adjustment) -> str:
    """What adjusted the rate, in words."""
    if step.clause == "§5(c)":
        return f"split, {shares(step.sold)} for {shares(step.base)}"
    if step.clause == "§8(b)":
        return "amended"
    return f"{shares(step.sold)} sold at {dollars(step.consideration / step.sold)}"


def _numbers(step: Adjustment) -> dict[str, Any]:
    if step.clause == "§8(b)":
        return {"amended_to": quantity(step.rate)}
    if step.clause == "§5(c)":
        return {"new_shares": quantity(step.sold), "old_shares": quantity(step.base)}
    return {
        "common_outstanding_before": quantity(step.base),
        "sold": quantity(step.sold),
        "consideration": money(step.consideration),
        "threshold": quantity(step.limit),
    }
