"""§5(e) §5(c) - The certificate of an adjustment of the conversion rate: the facts, and the arithmetic."""

from ledger.clauses import reservation
from ledger.errors import QuestionMustBeUnderstood
from ledger.events import CommonSharesIssued
from ledger.figures import ZERO
from ledger.moments import day_of
from ledger.position.fold import fold
from ledger.position.state import Position
from ledger.position.stock import Adjustment
from projections.conversion_rate import cause
from projections.explain.rate import conversion_rate
from projections.explain.watched import Watched
from projections.outstanding_shares import shares_of
from projections.papers.content import (
    DOLLARS,
    PRICE,
    RATE,
    SHARES,
    Column,
    Paper,
    Part,
    Statement,
    Table,
    amount,
    fact,
    findings_on,
    known,
)
from projections.question import Question

HOLDERS = (
    Column("holder", lambda row: row[0]),
    Column("shares of Series H", lambda row: row[1], SHARES),
    Column("issuable before", lambda row: row[2], SHARES),
    Column("issuable after", lambda row: row[3], SHARES),
    Column("increase", lambda row: row[3] - row[2], SHARES),
)


def certificate_of_adjustment(question: Question, entry: str) -> Paper:
    """§5(e)(i) - The certificate of the adjustment that an entry made; QuestionMustBeUnderstood where it made none."""
    found = _found(question, entry)
    on = day_of(found.at)
    before, after = _around(question, found)
    rate, rate_after = before.rate, found.rate
    common, common_after = before.common_rate, after.common_rate
    all_of_them = "§5(e)(iii)" if found.clause == "§5(e)(i)" else found.clause
    statements = (
        Statement(found.clause, "Cause", f"{cause(found)} (entry {found.entry})"),
        Statement(found.clause, "In force from", on.isoformat()),
        *_facts(question, found),
        Statement("§5(b)", "Common Stock into which one share converted before", amount(rate, RATE)),
        Statement(found.clause, "Factor of the adjustment", amount(found.factor, SHARES)),
        Statement(found.clause, "Common Stock into which one share converts after", amount(rate_after, RATE)),
        Statement("§1", "Shares of Series H Preferred Stock outstanding", amount(after.outstanding, SHARES)),
        Statement(
            all_of_them,
            "Common Stock issuable upon conversion of all of them before",
            amount(reservation.required(after.outstanding, common), SHARES),
        ),
        Statement(
            all_of_them,
            "Common Stock issuable upon conversion of all of them after",
            amount(reservation.required(after.outstanding, common_after), SHARES),
        ),
    )
    rows = [
        (holder, shares_of(held), shares_of(held) * common, shares_of(held) * common_after)
        for holder, held in after.holdings().items()
    ]
    title = "Common Stock issuable upon conversion, holder by holder"
    part = Part(
        f"Adjustment by entry {found.entry}", statements, (Table.of("holders", title, HOLDERS, rows),), (), True
    )
    worked = conversion_rate(Watched(question.book, on, question.known_at))
    title = f"Certificate of adjustment of the conversion rate of {on}"
    return Paper(title, found.clause, (part,), (worked,), findings_on(question, (found.entry,)))


def _found(question: Question, entry: str) -> Adjustment:
    for one in question.position.adjustments:
        if str(one.entry) == entry:
            return one
    made = ", ".join(str(one.entry) for one in question.position.adjustments) or "none"
    why = f"By {question.day} the rate was adjusted by the entries {made}"
    raise QuestionMustBeUnderstood(what=f"The adjustment {entry}", why=why, hint="`captable rate` lists them.")


def _around(question: Question, found: Adjustment) -> tuple[Position, Position]:
    """The positions immediately before and after an entry."""
    steps = question.steps
    place = next(place for place, step in enumerate(steps) if step.number == found.entry)
    terms, days = question.book.terms, question.book.timeline.days
    return fold(terms, days, steps[:place]), fold(terms, days, steps[: place + 1])


def _facts(question: Question, found: Adjustment) -> tuple[Statement, ...]:
    """§5(e)(i) §5(e)(ii) - What was sold, for what, and out of how much: the numbers of the fraction."""
    entry = fact(question, found.entry)
    if not isinstance(entry, CommonSharesIssued):
        return ()
    statements: tuple[Statement, ...] = (
        Statement("§5(e)(i)", "Additional shares of Common Stock issued or sold", amount(found.sold, SHARES)),
        Statement("§5(e)(i)", "Cash received", amount(entry.cash or ZERO, DOLLARS)),
    )
    if entry.property_fair_value is not None:
        statements += (
            Statement("§5(e)(ii)", "Fair value of property received", amount(entry.property_fair_value, DOLLARS)),
            Statement("§5(e)(ii)", "Determined by the Board of Directors", known(entry.board_resolution)),
        )
    before = "Shares of Common Stock outstanding immediately prior to the sale or issuance"
    would = f"Shares which the consideration would purchase at {PRICE.people(found.limit)} per share"
    return (
        *statements,
        Statement("§5(e)(i)", "Aggregate consideration", amount(found.consideration, DOLLARS)),
        Statement("§5(e)(i)", "Price per share of Common Stock", amount(found.consideration / found.sold, PRICE)),
        Statement("§5(e)(i)", "Price below which the rate is adjusted", amount(found.limit, PRICE)),
        Statement("§5(e)(i)", before, amount(found.base, SHARES)),
        Statement("§5(e)(i)", "Numerator: outstanding plus sold", amount(found.base + found.sold, SHARES)),
        Statement("§5(e)(i)", would, amount(found.consideration / found.limit, SHARES)),
        Statement(
            "§5(e)(i)",
            "Denominator: outstanding plus what the consideration would purchase",
            amount(found.base + found.consideration / found.limit, SHARES),
        ),
    )
