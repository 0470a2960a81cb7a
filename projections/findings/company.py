"""§2 §3 §4 §8 §9 §10 - Findings on the Company's other acts, and on the transfer agent's counts."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from ledger.clauses import notices
from ledger.figures import ZERO, cents, dollars, shares
from ledger.moments import day_of, end_of
from ledger.position.company import Action, Amendment, Count, RecordDate
from ledger.position.state import Position
from projections.findings.finding import BREACH, NOTE, Finding
from projections.question import Question
from projections.votes import clause


def on_other_dividends(question: Question) -> Iterator[Finding]:
    """§2 - A dividend on stock outstanding at the date hereof before the deficiency was paid or set apart."""
    for paid in question.position.company.other_dividends:
        if paid.arrears > paid.set_apart and not paid.issued_later:
            says = (
                f"{dollars(paid.amount)} was paid on {paid.stock} while Series H was {cents(paid.arrears)} in arrears, "
                f"{cents(paid.set_apart)} of it set apart"
            )
            yield Finding("other-class-paid-in-arrears", BREACH, "§2", (paid.entry,), says, paid.on)


def on_junior_payments(question: Question) -> Iterator[Finding]:
    """§3(a) §3(c) - In a liquidation, a payment on junior stock before the preference was paid or put in trust."""
    for paid in question.position.company.other_dividends:
        if paid.preference > paid.in_trust and not paid.issued_later:
            says = (
                f"{dollars(paid.amount)} was paid on {paid.stock} while {cents(paid.preference)} of the Liquidation "
                f"Preference was unpaid, {cents(paid.in_trust)} of it in trust"
            )
            yield Finding("junior-paid-before-preference", BREACH, "§3(a)", (paid.entry,), says, paid.on)


def on_distributions(question: Question) -> Iterator[Finding]:
    """§3(b) - More distributed to Series H than the assets said to be available."""
    begun = question.position.liquidation
    paid = ZERO
    for entry, on, amount in begun.payments if begun else ():
        paid += amount
        if begun and paid > begun.assets:
            says = f"{dollars(paid)} was distributed to Series H, {dollars(begun.assets)} of assets were available"
            yield Finding("distribution-beyond-assets", NOTE, "§3(b)", (begun.entry, entry), says, on)


def on_actions(question: Question) -> Iterator[Finding]:
    """§4 §8 - An action taken without a majority's consent; a later majority ratifies it, and the finding stays."""
    for action in sorted(question.position.company.actions.values(), key=lambda one: one.taken or 0):
        if action.taken is None or action.on is None or action.allowed:
            continue
        entries = (action.taken, *(consent.entry for consent in action.consents))
        tally = f"{shares(action.consenting)} of {shares(action.outstanding)} shares had consented, more than half must"
        ratified = f"; ratified by entry {action.ratified}" if action.ratified else ""
        says = f"action {action.id} was taken: {tally}{ratified}"
        yield Finding("action-without-majority", BREACH, clause(action), entries, says, action.on)


def on_amendments(question: Question) -> Iterator[Finding]:
    """§8(a) §8(b) - Terms amended without a charter amendment that a majority had approved (reading approvals)."""
    company = question.position.company
    if not company.amendments:
        return
    taken = [one for one in company.actions.values() if one.kind == "charter_amendment" and one.on]
    left = sorted((on, _approved(question, one) or date.max) for one in taken if (on := one.on))
    for on, made in groupby(company.amendments, key=lambda amendment: amendment.on):
        # What was approved by then comes before what was taken by then and ratified too late for this amendment.
        serving = min((one for one in left if one[0] <= on), key=lambda one: (one[1] > on, one), default=None)
        if serving is not None and serving[1] < date.max:
            left.remove(serving)
        if serving is None or serving[1] > on:
            for amendment in made:
                yield from _without_consent(amendment)


def _approved(question: Question, action: Action) -> date | None:
    """§8(b) - The day by which a majority had approved an action that was taken; None where none has so far."""
    if action.allowed:
        return action.on if action.outstanding else None
    ratified = question.book.standing(action.ratified) if action.ratified else None
    return day_of(ratified.entry.effective) if ratified else None


def _without_consent(amendment: Amendment) -> Iterator[Finding]:
    by_item: dict[str, list[str]] = {}
    for term, item in amendment.items:
        by_item.setdefault(item, []).append(term)
    for item, terms in sorted(by_item.items()):
        if not item:
            continue
        listed = item != "§8(a)"
        finding, severity = ("amendment-without-consent", BREACH) if listed else ("amendment-outside-the-list", NOTE)
        outside = "" if listed else ", which §8(b) does not list: a majority is needed if the holders are worse off"
        were = "was" if len(terms) == 1 else "were"
        says = f"{', '.join(terms)} {were} amended{outside}; no charter amendment approved by a majority is recorded"
        yield Finding(finding, severity, item, (amendment.entry,), says, amendment.on)


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
    """§10 - The record dates and events that notice is owed of: all but a record for a vote only (record-notice)."""
    return [owed for owed in position.company.record_dates if owed.what != "vote"]


def on_counts(question: Question) -> Iterator[Finding]:
    """The transfer agent's count against the ledger's own, and the entries since the last count that agreed.

    A later count of the same shares that agrees puts it right.
    """
    return _on_counts(question, only_open=False)


def on_open_counts(question: Question) -> Iterator[Finding]:
    """The same where no later count has put it right: what moved the others need not be looked for."""
    return _on_counts(question, only_open=True)


def _on_counts(question: Question, *, only_open: bool) -> Iterator[Finding]:
    agreed: dict[str, Count] = {}
    position = question.position
    compared = [(one, position.counted(one.of) if one.own is None else one.own) for one in position.company.counts]
    for place, (count, own) in enumerate(compared):
        if own == count.shares:
            agreed[count.of] = count
            continue
        later = (one.on for one, theirs in compared[place:] if one.of == count.of and one.shares == theirs)
        put_right = next(later, None)
        if only_open and put_right is not None:
            continue
        says = (
            f"{count.by or 'the transfer agent'} counts {shares(count.shares)} of {count.of} on {count.on}, "
            f"the ledger {shares(own)}"
        )
        entries = (count.entry, *_moved_since(question, agreed.get(count.of), count))
        yield Finding("count-differs", NOTE, "record", entries, says, count.on, put_right)


def _moved_since(question: Question, agreed: Count | None, count: Count) -> list[int]:
    """The entries that moved what was counted, after the last count that agreed."""
    # The fold knows every kind of entry, and takes longer to load than all else a question needs without a difference.
    from projections.trace import moves  # noqa: PLC0415

    moved = moves(Question(question.book, count.on), lambda position: position.counted(count.of))
    return [move.step.number for move in moved if agreed is None or move.step.at >= end_of(agreed.on)]
