"""§1 §5(f)(i) §6 §7 - The stock ledger: every issue, transfer and cancellation of Series H, by certificate."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from ledger import events, figures
from ledger.figures import ZERO
from ledger.moments import day_of
from ledger.timeline import ConversionDate, place
from projections.explain.watched import Watched
from projections.outstanding_shares import series
from projections.papers.content import SHARES, Column, Paper, Part, Statement, Table, amount
from projections.question import Question

COLUMNS = (
    Column("day", lambda row: row["day"]),
    Column("entry", lambda row: row["entry"]),
    Column("what", lambda row: row["what"]),
    Column("certificate", lambda row: row["certificate"]),
    Column("holder", lambda row: row["holder"]),
    Column("shares", lambda row: row["shares"], SHARES),
    Column("left on it", lambda row: row["left"], SHARES),
    Column("outstanding", lambda row: row["outstanding"], SHARES),
    Column("particulars", lambda row: row["particulars"]),
)

WHAT: dict[type, str] = {
    events.PreferredSharesIssued: "issued",
    events.PreferredSharesTransferred: "transferred",
    events.CertificateReplaced: "replaced",
    events.PreferredSharesReacquired: "reacquired",
    ConversionDate: "converted",
    events.NoticeOfConversionRevoked: "restored",
    events.CommonSharesDelivered: "balance certificate",
    events.SharesRedeemed: "redeemed",
    events.RedemptionPricePaid: "balance certificate",
}
"""What a step that changes a certificate does to it, in a word."""


def stock_ledger(question: Question) -> Paper:
    """§1 §7 - The stock ledger to the end of the day asked about."""
    told = series(question.position)
    statements = tuple(
        Statement(clause, f"Shares {name}", amount(told[name], SHARES))
        for name, clause in (
            ("designated", "§1"),
            ("issued", "§1"),
            ("outstanding", "§1"),
            ("converted", "§5"),
            ("redeemed", "§6"),
            ("reacquired", "§7"),
        )
    )
    tables = (Table.of("ledger", "Issues, transfers and cancellations", COLUMNS, _rows(Watched.of(question))),)
    readings = ("conversion-moment", "revocation-restores", "redemption-conversion")
    return Paper(
        "Stock ledger of Series H Preferred Stock", "§1", (Part("Ledger", statements, tables),), readings=readings
    )


def _rows(question: Watched) -> Iterator[dict[str, Any]]:
    """§1 §7 - Every change of the shares under a certificate's number, in order of effect."""
    changed = [
        (move.step, after, after.shares - (before.shares if before else ZERO))
        for number in question.position.certificates
        for move, before, after in question.changes(number)
    ]
    # What is given up stands before what it went into; the outstanding are those after the whole step.
    moved = sorted((one for one in changed if one[2]), key=lambda one: (place(one[0]), one[2] > 0))
    outstanding = ZERO
    for step, rows in groupby(moved, key=lambda one: one[0]):
        listed = list(rows)
        outstanding += sum((shares for _, _, shares in listed), ZERO)
        for _, held, shares in listed:
            yield {
                "day": day_of(step.at).isoformat(),
                "entry": step.number,
                "what": WHAT[type(step.fact)],
                "certificate": held.number,
                "holder": held.holder,
                "shares": shares,
                "left": held.shares,
                "outstanding": outstanding,
                "particulars": _particulars(step.fact),
            }


def _particulars(fact: object) -> str:
    """What the entry itself adds: what was given for the shares, the notice, the redemption, the certificates."""
    match fact:
        case events.PreferredSharesIssued():
            said = fact.consideration or ""
        case ConversionDate() | events.NoticeOfConversionRevoked() | events.CommonSharesDelivered():
            said = f"notice {fact.notice}"
        case events.SharesRedeemed() | events.RedemptionPricePaid():
            said = f"redemption {fact.redemption}"
        case events.PreferredSharesTransferred():
            said = f"{fact.certificate} into {', '.join(part.certificate for part in fact.into)}"
        case events.CertificateReplaced():
            said = f"{fact.certificate} by {fact.new_certificate}{f', {fact.reason}' if fact.reason else ''}"
        case events.PreferredSharesReacquired():
            balance = f", balance on {fact.balance_certificate}" if fact.balance_certificate else ""
            price = f", for {figures.cents(fact.price)}" if fact.price is not None else ""
            said = f"{figures.shares(fact.shares)} of {fact.certificate}{balance}{price}"
        case _:
            raise AssertionError(f"{type(fact).__name__} changes no certificate")
    return said
