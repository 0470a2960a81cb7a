"""§5(f) §5(g) §5(h) - Findings on notices of conversion and replaced certificates."""

from collections.abc import Iterable, Iterator

from ledger.clauses import conversion
from ledger.figures import cents, round_half_up, shares
from ledger.moments import day_of, end_of, in_new_york
from ledger.position.stock import Delivery, Notice
from projections.findings.finding import BREACH, NOTE, Finding
from projections.question import Question

FINEST = 11
"""Decimals of a share to which a delivery is compared: an entry holds twelve, and the exact figure may not end."""


def on_notices(question: Question) -> Iterator[Finding]:
    """§5(d) §5(f)(i) §5(h) - Common delivered late or other than due, or overdue; cash paid other than due."""
    return of_notices(question, question.position.notices.values())


def on_open_notices(question: Question) -> Iterator[Finding]:
    """§5(f)(i) §5(h) - The same of those that are open, to which belong all that were delivered otherwise than due."""
    return of_notices(question, question.position.open_notices())


def of_notices(question: Question, notices: Iterable[Notice]) -> Iterator[Finding]:
    """§5(f)(i) §5(h) - The same of some notices, in the order in which they were telecopied."""
    for notice in sorted(notices, key=lambda notice: (notice.telecopied, notice.entry)):
        yield from _lateness(question, notice)
        if notice.delivered:
            yield from _difference(notice, notice.delivered)
            yield from _cash(notice, notice.delivered)


def _lateness(question: Question, notice: Notice) -> Iterator[Finding]:
    deadline, delivery = notice.deadline(question.position.days), notice.delivered
    if deadline is None or conversion.instruction_cures(question.position.terms, notice.instructed, deadline):
        return  # §5(f)(i) lets the Company instruct its transfer agent instead, in the same three business days
    done = delivery.at if delivery else notice.revoked
    if delivery and delivery.at > deadline:
        yield Finding(
            "delivery-was-late",
            BREACH,
            "§5(f)(i)",
            (notice.entry, delivery.entry),
            f"notice {notice.id} was delivered {in_new_york(delivery.at)}, due by {in_new_york(deadline)}",
            day_of(delivery.at),
        )
    elif (done or end_of(question.day)) > deadline:
        yield Finding(
            "delivery-is-overdue",
            BREACH,
            "§5(f)(i)",
            (notice.entry,),
            f"notice {notice.id} was to be delivered by {in_new_york(deadline)} and was not",
            day_of(deadline),
            day_of(done) if done else None,
        )


def _difference(notice: Notice, delivery: Delivery) -> Iterator[Finding]:
    # Readings delivered-differs: what was due stays counted from the Conversion Date.
    stock, enough = notice.stock_due
    if all(round_half_up(due - delivery.shares, FINEST) != 0 for due in enough):
        yield Finding(
            "delivered-differs-from-due",
            BREACH,
            "§5(f)(i) §5(h)",
            (notice.entry, delivery.entry),
            f"{shares(delivery.shares)} shares of {stock} were delivered on notice {notice.id}, "
            f"{shares(enough[0])} were due",
            day_of(delivery.at),
        )


def _cash(notice: Notice, delivery: Delivery) -> Iterator[Finding]:
    """§5(d) §5(h) - Cash for a fraction and for what Common became, if not paid as due (reading common-replaced)."""
    fraction, in_place = notice.fraction_in_cash, notice.cash_in_place
    entries, on = (notice.entry, delivery.entry), day_of(delivery.at)
    part, due = f"{shares(fraction)} of a share", notice.cash_due
    if due is None:
        says = f"cash is due for {part} on notice {notice.id}, and no market price is recorded to reckon it by"
        yield Finding("market-price-is-missing", NOTE, "§5(h)", entries, says, on)
    elif not delivery.pays(due):
        clause, what = ("§5(d) §5(h)", " for what Common became") if in_place else ("§5(h)", "")
        what = " and".join(filter(None, (what, f" for {part}" if fraction else "")))
        says = f"{cents(delivery.cash_in_lieu)} was paid{what} on notice {notice.id}, {cents(due)} was due"
        yield Finding("cash-in-lieu-differs-from-due", NOTE, clause, entries, says, on)


def on_replacements(question: Question) -> Iterator[Finding]:
    """§5(g) - A lost, stolen or destroyed certificate replaced without indemnity or security."""
    for entry, on in question.position.company.replaced_without_indemnity:
        says = "a certificate was replaced without the indemnity or security that a lost, stolen or destroyed one needs"
        yield Finding("replaced-without-indemnity", BREACH, "§5(g)", (entry,), says, on)
