"""§5(f)(i) §5(h) §2 - The statement of a conversion: what a notice converted, into what, and what was done on it."""

from collections.abc import Iterator
from typing import Any

from ledger.clauses.adjustment import is_cash
from ledger.events import CommonSharesDelivered
from ledger.figures import money
from ledger.moments import in_new_york
from ledger.position.stock import Delivery, Notice
from projections.explain.notice import notice as explained
from projections.explain.watched import Watched
from projections.papers.content import (
    BLANK,
    DOLLARS,
    PRICE,
    RATE,
    SHARES,
    Column,
    Paper,
    Part,
    Statement,
    Table,
    Unit,
    amount,
    fact,
    findings_on,
)
from projections.pending import conversion
from projections.question import Question

TAKEN = (
    Column("certificate", lambda item: item.certificate),
    Column("shares converted", lambda item: item.shares, SHARES),
    Column("dividends paid on them before", lambda item: item.paid, DOLLARS),
    Column("dividends due on conversion", lambda item: item.due, DOLLARS),
)


UNTIL_REVOKED = "due until it was revoked"


def conversion_statement(question: Question, number: str) -> Paper:
    """§5(f)(i) - The statement of a notice; NoticeMustBeKnown where the ledger has not heard of it."""
    worked = explained(Watched.of(question), number)
    found = question.position.notices[number]
    told = conversion(question, found)
    columns = TAKEN if found.taken else TAKEN[:2]
    statements = (*_conversion(found, told), *_due(found, told), *_done(question, found))
    part = Part(
        f"Notice of Conversion {number}",
        statements,
        (Table.of("certificates", "Certificates surrendered", columns, found.taken or found.listed),),
        to_sign=True,
    )
    entries = (found.entry, *((found.delivered.entry,) if found.delivered else ()))
    title = f"Statement of conversion: notice {number} of {found.holder}"
    return Paper(title, "§5(f)(i)", (part,), (worked,), findings_on(question, entries))


def _conversion(found: Notice, told: dict[str, Any]) -> tuple[Statement, ...]:
    converted = in_new_york(found.conversion) if found.conversion else "none yet"
    return (
        Statement("§5(f)(i)", "Notice", found.id),
        Statement("§5(f)(i)", "Holder", found.holder),
        Statement("§5(f)(i)", "State", told["status"]),
        Statement("§5(f)(i)", "Telecopied", in_new_york(found.telecopied)),
        Statement("§5(f)(i)", "Conversion Date", converted),
        Statement("§5(a)", "Shares of Series H Preferred Stock converted", amount(told["shares"], SHARES)),
    )


def _due(found: Notice, told: dict[str, Any]) -> tuple[Statement, ...]:
    if found.conversion is None:
        return ()
    due = UNTIL_REVOKED if found.revoked else "due"
    others = (
        Statement("§5(c) §5(d)", f"{one['security']} {due}", amount(one["amount"], _unit(one["security"])))
        for one in told["others_due"]
    )
    return (
        Statement("§5(b)", "Common Stock into which each share converted", amount(found.rate, RATE)),
        Statement("§5(b) §5(h)", f"Shares of Common Stock {due}", amount(told["common_due"], SHARES)),
        *others,
        Statement("§5(h)", "Fraction of a share settled in cash", amount(told["fraction_in_cash"], SHARES)),
        *_dividends(found, told),
    )


def _dividends(found: Notice, told: dict[str, Any]) -> Iterator[Statement]:
    """§2 §5(f)(i) - The dividends that fell due; what of them is unpaid once the notice was revoked is due no more."""
    due, paid = amount(told["dividends_due"], DOLLARS), amount(told["dividends_paid"], DOLLARS)
    if found.revoked:
        yield Statement("§2", f"Accrued dividends {UNTIL_REVOKED}", due)
        yield Statement("§2 §5(f)(i)", "Of them paid, and paid on the shares since", paid)
        return
    yield Statement("§2", "Accrued dividends due on the Conversion Date", due)
    yield Statement("§2", "Of them paid", paid)
    yield Statement("§2", "Of them unpaid", amount(money(found.dividend_unpaid), DOLLARS))


def _unit(security: str) -> Unit:
    """§5(d) - Dollars for cash, and shares for any other security."""
    return DOLLARS if is_cash(security) else SHARES


def _done(question: Question, found: Notice) -> tuple[Statement, ...]:
    deadline = found.deadline(question.position.days)
    statements: tuple[Statement, ...] = (
        Statement("§5(f)(i)", "Originals received", in_new_york(found.originals) if found.originals else BLANK),
        Statement("§5(f)(i)", "To be delivered by", in_new_york(deadline) if deadline else BLANK),
    )
    if found.instructed:
        statements += (Statement("§5(f)(i)", "Transfer agent instructed", in_new_york(found.instructed)),)
    if found.revoked:
        return (*statements, Statement("§5(f)(i)", "Revoked", in_new_york(found.revoked)))
    done = found.delivered
    if done is None:
        return (*statements, Statement("§5(f)(i)", "Delivered", BLANK))
    stock = "Common Stock" if found.stock_due[0] == "Common" else found.stock_due[0]
    statements += (
        Statement("§5(f)(i)", "Delivered", in_new_york(done.at)),
        Statement(
            "§5(f)(i)",
            f"Shares of {stock} delivered",
            amount(done.shares, SHARES),
        ),
        *_balances(question, done),
    )
    return (*statements, *_cash(found, done))


def _cash(found: Notice, done: Delivery) -> Iterator[Statement]:
    """§5(d) §5(h) - The cash due with a delivery and paid: for a fraction of a share, and in the Common's place."""
    in_place, price = found.cash_in_place, amount(done.market_price, PRICE)
    clause, what = ("§5(d) §5(h)", ["for what Common became"]) if in_place else ("§5(h)", [])
    if found.fraction_in_cash:
        what.append("and for the fraction" if in_place else "for the fraction")
        yield Statement("§5(h)", "Market price of a share of Common Stock on the Conversion Date", price)
    if not what and not done.cash_in_lieu:
        return
    if found.cash_due is not None:
        yield Statement(clause, " ".join(["Cash due", *what]), amount(found.cash_due, DOLLARS))
    yield Statement(clause, " ".join(["Cash paid", *what]), amount(done.cash_in_lieu, DOLLARS))


def _balances(question: Question, done: Delivery) -> Iterator[Statement]:
    """§5(i) - The new certificates for what was not converted."""
    entry = fact(question, done.entry)
    assert isinstance(entry, CommonSharesDelivered)
    for one in entry.balance_certificates:
        yield Statement(
            "§5(i)", f"New certificate for what was not converted of {one.certificate}", one.new_certificate
        )
