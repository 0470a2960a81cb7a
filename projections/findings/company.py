"""§2 §4 §8 §9 §10 - Findings on the Company's other acts, and on the transfer agent's counts."""

from collections.abc import Iterator
from fractions import Fraction

from ledger.clauses import notices
from ledger.figures import cents, dollars, shares
from ledger.moments import end_of
from ledger.position.company import Count, RecordDate
from ledger.position.state import Position
from projections.findings.finding import BREACH, NOTE, Finding
from projections.question import Question
from projections.trace import moves


def on_other_dividends(question: Question) -> Iterator[Finding]:
    """§2 - A dividend on stock outstanding at the date hereof before the deficiency was paid or set apart."""
    for paid in question.position.company.other_dividends:
        if paid.arrears > paid.set_apart and not paid.issued_later:
            says = (
                f"{dollars(paid.amount)} was paid on {paid.stock} while Series H was {cents(paid.arrears)} in arrears, "
                f"{cents(paid.set_apart)} of it set apart"
            )
            yield Finding("other-class-paid-in-arrears", BREACH, "§2", (paid.entry,), says, paid.on)


def on_actions(question: Question) -> Iterator[Finding]:
    """§4 §8 - An action taken without a majority's consent; a later majority ratifies it, and the finding stays."""
    for action in question.position.company.actions.values():
        if action.taken is None or action.on is None or action.allowed:
            continue
        entries = (action.taken, *(consent.entry for consent in action.consents))
        tally = f"{shares(action.consenting)} of {shares(action.outstanding)} shares had consented, more than half must"
        ratified = f"; ratified by entry {action.ratified}" if action.ratified else ""
        says = f"action {action.id} was taken: {tally}{ratified}"
        clause = "§4" if action.kind == "common_written_consent" else "§8"
        yield Finding("action-without-majority", BREACH, clause, entries, says, action.on)


def on_amendments(question: Question) -> Iterator[Finding]:
    """§8(b) - Terms amended without a charter amendment that a majority had approved."""
    company = question.position.company
    approved = [
        action.on
        for action in company.actions.values()
        if action.kind == "charter_amendment" and action.on and action.allowed
    ]
    for entry, on in company.amendments:
        if not any(day <= on for day in approved):
            says = "the certificate was amended, and no charter amendment approved by a majority is recorded by then"
            yield Finding("amendment-without-consent", BREACH, "§8(b)", (entry,), says, on)


def on_successions(question: Question) -> Iterator[Finding]:
    """§9(c) - A merger or consolidation whose survivor did not assume the terms in writing."""
    for succession in question.position.company.successions:
        if not succession.assumed:
            says = f"{succession.successor} survives, and did not assume the terms of Series H in writing"
            yield Finding("terms-were-not-assumed", BREACH, "§9(c)", (succession.entry,), says, succession.on)


def on_record_dates(question: Question) -> Iterator[Finding]:
    """§10 - Notice of a record date mailed late, with other dates, or not at all."""
    company, days = question.position.company, question.position.days
    for owed in notice_is_owed(question.position):
        mailed = [notice for notice in company.record_notices if notice.action == owed.action]
        if not mailed and question.day > notices.mail_by(days, [owed.on]):
            by = notices.mail_by(days, [owed.on])
            says = f"notice of the {owed.what} of {owed.on} was to be mailed by {by}, and none is recorded"
            yield Finding("record-notice-is-missing", BREACH, "§10", (owed.entry,), says, by)
        if mailed and not any(owed.on in notice.specified for notice in mailed):
            told = ", ".join(str(day) for notice in mailed for day in notice.specified)
            entries = (owed.entry, *(notice.entry for notice in mailed))
            says = f"the {owed.what} is on {owed.on}, its notice specifies {told}"
            yield Finding("record-notice-differs", BREACH, "§10", entries, says, mailed[-1].mailed)
    for notice in company.record_notices:
        by = notices.mail_by(days, notice.specified)
        if notice.mailed > by:
            says = f"notice for {notice.action} was mailed {notice.mailed}, its last day was {by}"
            yield Finding("record-notice-was-late", BREACH, "§10", (notice.entry,), says, notice.mailed)


def notice_is_owed(position: Position) -> list[RecordDate]:
    """§10 - The record dates and events that notice is owed of: all but a record date for a vote only."""
    return [owed for owed in position.company.record_dates if owed.what != "vote"]


def on_counts(question: Question) -> Iterator[Finding]:
    """The transfer agent's count against the ledger's own, and the entries since the last count that agreed."""
    agreed: dict[str, Count] = {}
    for count in question.position.company.counts:
        then = Question(question.book, count.on)
        own = _counted(then.position, count.of)
        if own == count.shares:
            agreed[count.of] = count
            continue
        since = agreed.get(count.of)
        moved = [
            move.step.number
            for move in moves(then, lambda position, of=count.of: _counted(position, of))  # type: ignore[misc]
            if since is None or move.step.at >= end_of(since.on)
        ]
        says = (
            f"{count.by or 'the transfer agent'} counts {shares(count.shares)} of {count.of} on {count.on}, "
            f"the ledger {shares(own)}"
        )
        yield Finding("count-differs", NOTE, "record", (count.entry, *moved), says, count.on)


def _counted(position: Position, of: str) -> Fraction:
    if of == "preferred":
        return position.outstanding
    if of == "common":
        return position.common.outstanding
    held = position.certificates.get(of)
    if held is not None:
        return held.shares
    return sum((one.shares for one in position.live() if one.holder == of), Fraction(0))
