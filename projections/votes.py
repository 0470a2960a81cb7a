"""§4 - Votes at a record date: every holder's, and the class with the Common Stock."""

from datetime import date
from typing import Any

from ledger.clauses import voting
from ledger.errors import ActionMustBeKnown
from ledger.figures import ZERO, quantity
from ledger.position.company import Action
from ledger.position.state import COMMON
from projections.outstanding_shares import shares_of
from projections.question import Question


def day_of_votes(question: Question, action: str) -> date:
    """§4 - The day whose holdings vote on an action: its record date, or the day it was taken or consent was sought.

    Without either it is the day asked about. ActionMustBeKnown where the ledger has not heard of the action.
    """
    company = question.position.company
    fixed = [one.on for one in company.record_dates if one.action == action and one.what == "vote"]
    known = company.actions.get(action)
    if known is None and not fixed:
        names = ", ".join(sorted({*company.actions, *(one.action for one in company.record_dates if one.action)}))
        raise ActionMustBeKnown(action=action, day=question.day, known=names or "none")
    return fixed[-1] if fixed else known.on if known and known.on else question.day


def votes(question: Question) -> dict[str, Any]:
    """§4 - Votes by holder, of Series H, of the Common outstanding, and of both as a single class; whole votes."""
    position = question.position
    by_holder = {
        holder: voting.votes(position.terms, shares_of(held), position.common_rate)
        for holder, held in question.holdings.items()
    }
    preferred = sum(by_holder.values(), ZERO)
    common = position.common.outstanding if COMMON in position.into else ZERO  # as votes-after-change has it
    return {
        "holders": [{"holder": holder, "votes": quantity(cast)} for holder, cast in by_holder.items()],
        "preferred": quantity(preferred),
        "common": quantity(common),
        "single_class": quantity(preferred + common),
        "record_dates": [
            {"action": one.action, "record_date": one.on.isoformat(), **_entry(question, one.entry)}
            for one in position.company.record_dates
            if one.what == "vote"
        ],
    }


def actions(question: Question) -> list[dict[str, Any]]:
    """§4 §8 - Every action, the shares that consented, and whether they were more than half when it was taken."""
    return [
        {
            "action": action.id,
            "kind": action.kind,
            "taken": action.on.isoformat() if action.on else None,
            "outstanding": quantity(action.outstanding),
            "consenting": quantity(action.consenting),
            "state": state(action),
            "consents": [
                {"holder": one.holder, "shares": quantity(one.shares), **_entry(question, one.entry)}
                for one in action.consents
            ],
        }
        for _, action in sorted(question.position.company.actions.items())
    ]


def _entry(question: Question, number: int) -> dict[str, Any]:
    return {"entry": number, "late": number in question.book.late}


def clause(action: Action) -> str:
    """§4 §8 - The clause by which an action needs its majority, by what kind of action it is."""
    return {"common_written_consent": "§4", "charter_amendment": "§8(b)"}.get(action.kind or "", "§8(a)")


def state(action: Action) -> str:
    """§4 §8 - What became of an action, in words; while no share is outstanding there is nobody to ask."""
    if action.taken is None:
        return "not taken"
    if action.allowed:
        return "approved" if action.outstanding else "needed no consent"
    return f"ratified by entry {action.ratified}" if action.ratified else "without majority"
