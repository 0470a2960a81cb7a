"""§2 - The dividend register of a payment date: what accrued, was paid and is unpaid, and each holder's whole cents."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ledger.clauses import dividends
from ledger.events import DividendPaid
from ledger.exact import Fraction
from ledger.figures import CENT, ZERO, share_out, to_the_cent
from ledger.moments import day_of, parse_day
from ledger.position.due import due_by_certificate
from ledger.position.fold import advance
from ledger.position.state import Position
from projections.explain.arrears import payment_date
from projections.explain.watched import Watched
from projections.papers.content import DOLLARS, SHARES, Column, Paper, Part, Statement, Table, amount
from projections.payment_dates import by_payment_date
from projections.question import Question

REGISTER = (
    Column("certificate", lambda row: row["certificate"]),
    Column("holder", lambda row: row["holder"]),
    Column("shares", lambda row: row["shares"], SHARES),
    Column("accrued", lambda row: row["accrued"], DOLLARS),
    Column("paid", lambda row: row["accrued"] - row["unpaid"], DOLLARS),
    Column("unpaid", lambda row: row["unpaid"], DOLLARS),
    Column("unpaid with earlier dates", lambda row: row["through"], DOLLARS),
    Column("of it to pay in whole cents", lambda row: row["cents"], DOLLARS),
)
PAYMENTS = (
    Column("entry", lambda row: row["entry"]),
    Column("paid on", lambda row: row["on"]),
    Column("certificate", lambda row: row["certificate"]),
    Column("holder", lambda row: row["holder"]),
    Column("share of the payment", lambda row: row["share"], DOLLARS),
    Column("in whole cents", lambda row: row["cents"], DOLLARS),
)


def dividend_register(question: Question, written: str) -> Paper:
    """§2 - The register of a payment date; QuestionMustBeUnderstood where it is none so far or next."""
    worked = payment_date(Watched.of(question), written)
    payable_on = parse_day(written)
    rows = by_payment_date(question)
    told = next(row for row in rows if row["payable_on"] == written)
    earlier = [parse_day(row["payable_on"]) for row in rows if row["payable_on"] < written]
    statements = (
        Statement("§2", "Payment date", written),
        Statement("§2", "Due", told["due"]),
        Statement("§2", "State", told["state"]),
        Statement("§2", "Accrued in the period on the shares outstanding", amount(told["accrued"], DOLLARS)),
        Statement("§2", "Of it paid", amount(told["paid"], DOLLARS)),
        Statement("§2", "Of it unpaid", amount(told["unpaid"], DOLLARS)),
        Statement("§2", "Days in arrears", str(told["age"])),
    )
    certificates = list(_certificates(question.position, payable_on, earlier[-1] if earlier else None))
    tables = (
        Table.of("register", "Certificates outstanding", REGISTER, certificates),
        Table.of("payments", "Payments made, each shared over the certificates", PAYMENTS, _paid(question, payable_on)),
    )
    readings = ("dividend-allocation", "day-count", "payment-roll", "in-arrears")
    part = Part(f"Dividend payable {written}", statements, tables)
    return Paper(f"Dividend register of {written}", "§2", (part,), (worked,), readings=readings)


def _certificates(position: Position, payable_on: date, before: date | None) -> Iterator[dict[str, Any]]:
    """§2 - Every outstanding certificate, as `captable dividends` has the series; payments settle the oldest first."""
    through = due_by_certificate(position, payable_on)
    due_before = due_by_certificate(position, before) if before else {}
    cents = in_whole_cents(to_the_cent(sum(through.values(), ZERO)), through)
    for held in sorted(position.live(), key=lambda held: held.number):
        accrued = dividends.accrued(position.terms, held.shares, held.accrues_from, payable_on)
        if before:
            accrued -= dividends.accrued(position.terms, held.shares, held.accrues_from, before)
        owed = through.get(held.number, ZERO)
        yield {
            "certificate": held.number,
            "holder": held.holder,
            "shares": held.shares,
            "accrued": accrued,
            "unpaid": owed - due_before.get(held.number, ZERO),
            "through": owed,
            "cents": cents.get(held.number, ZERO),
        }


def in_whole_cents(total: Fraction, due: dict[str, Fraction]) -> dict[str, Fraction]:
    """§2 - A payment in whole cents shared over certificates, the cents left over by largest remainders."""
    return share_out(total, due) if total >= CENT else {}


def _paid(question: Question, payable_on: date) -> Iterator[dict[str, Any]]:
    """§2 - What each certificate had of every payment for the date, as they stood when it was paid."""
    position = Position(question.book.terms, question.book.timeline.days)
    for step in question.steps:
        if isinstance(step.fact, DividendPaid) and step.fact.payable_on == payable_on:
            due = due_by_certificate(position, payable_on)
            shares, cents = dividends.allocate(step.fact.amount, due), in_whole_cents(step.fact.amount, due)
            for number, share in sorted(shares.items()):
                yield {
                    "entry": step.number,
                    "on": day_of(step.at).isoformat(),
                    "certificate": number,
                    "holder": position.certificates[number].holder,
                    "share": share,
                    "cents": cents[number],
                }
        advance(position, step)
