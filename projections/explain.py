"""Where a figure comes from: clause, entries, readings, and arithmetic that a reader can redo.

An explanation is data first, a tree of figures, and text second. The values are those of the answer itself; what is
added here is how they came about.
"""

from fractions import Fraction

from ledger.clauses import dividends
from ledger.figures import ZERO, Figure, cents, dollars, exact, percent, rate, shares
from ledger.moments import day_of
from ledger.position.state import Adjustment, Certificate, Position
from projections.holders import certificates_of
from projections.question import Question
from projections.trace import Move, moves


def conversion_rate(question: Question) -> Figure:
    """§5(b) §5(c) §5(e) - Into how many shares of Common one share converts, and every adjustment that made it so."""
    position = question.position
    initial = position.terms.conversion_rate
    start = Figure("at issuance", f"{rate(initial.value)} a share", initial.clause, readings=("rate",))
    return Figure(
        f"conversion rate on {question.day}",
        f"{rate(position.rate)} Common a share",
        "§5(b)",
        f"exactly {exact(position.rate)}" if position.adjustments else "",
        readings=("rate-scope",),
        parts=(start, *(_adjustment(step) for step in position.adjustments)),
    )


def _adjustment(step: Adjustment) -> Figure:
    name = f"from {day_of(step.at)}"
    if step.clause == "§5(c)":
        working = f"x {shares(step.sold)} / {shares(step.base)}, a split"
        return Figure(name, f"{rate(step.rate)} a share", step.clause, working, (step.entry,))
    if step.clause == "§8(b)":
        return Figure(name, f"{rate(step.rate)} a share", step.clause, "as amended", (step.entry,))
    bought = step.consideration / step.limit
    working = f"x {shares(step.base + step.sold)} / {shares(step.base + bought)}"
    parts = (
        Figure(
            "numerator",
            shares(step.base + step.sold),
            step.clause,
            f"{shares(step.base)} outstanding immediately before + {shares(step.sold)} sold",
        ),
        Figure(
            "denominator",
            shares(step.base + bought),
            step.clause,
            f"{shares(step.base)} + {dollars(step.consideration)} / {dollars(step.limit)} = {shares(bought)} "
            f"that the money would have bought at {dollars(step.limit)}",
        ),
    )
    sold_at = f"{shares(step.sold)} sold at {dollars(step.consideration / step.sold)}, below {dollars(step.limit)}"
    readings = ("dilution-base", "dilution-order", "dilution-threshold")
    value = f"{rate(step.rate)} a share"
    return Figure(name, value, step.clause, f"{working}: {sold_at}", (step.entry,), readings, parts)


def accrued_dividends(question: Question, holder: str | None = None) -> Figure:
    """§2 - Dollars accrued and unpaid of the series, or of one holder, certificate by certificate."""
    position, day = question.position, question.day
    held = sorted(position.live(), key=lambda one: one.number) if holder is None else certificates_of(question, holder)
    total = sum((one.accrued_unpaid(position.terms, day) for one in held), ZERO)
    return Figure(
        f"accrued and unpaid dividends of {holder or 'the series'} on {day}",
        cents(total),
        "§2",
        f"exactly {exact(total)} dollars, summed over certificates and rounded half up once",
        readings=("day-count", "accrual-start", "accrual-days", "arrears"),
        parts=tuple(_certificate(question, one) for one in held),
    )


def _certificate(question: Question, held: Certificate) -> Figure:
    position, day = question.position, question.day
    terms, method = position.terms, position.terms.readings["day-count"]
    unpaid = held.accrued_unpaid(terms, day)
    spans = list(terms.in_force(held.accrues_from, max(day, held.accrues_from)))
    workings = [
        f"{shares(held.shares)} shares x {dollars(law.stated_value.value)} x {percent(law.dividend_rate.value)} x "
        f"{dividends.days_accrued(method, since, until)} / {dividends.days_a_year(method)} "
        f"({since} to {until}, {method})"
        for law, since, until in reversed(spans)
    ]
    accrued = Figure(
        "accrued", cents(unpaid + held.paid), terms.dividend_rate.clause, " + ".join(workings), (held.entry,)
    )
    paid = moves(question, lambda then: _paid_on(then, held.number))
    parts = tuple(
        Figure(
            f"{_paid_by(move)}, {day_of(move.step.at)}",
            f"{cents(move.after - move.before)}",
            "§2",
            f"exactly {exact(move.after - move.before)} dollars",
            (move.step.number,),
            ("dividend-allocation",),
        )
        for move in paid
    )
    less = Figure("less paid", cents(held.paid), "§2", parts=parts)
    working = f"exactly {exact(unpaid)} dollars"
    return Figure(
        f"certificate {held.number}", cents(unpaid), "§2", working, parts=(accrued, *([less] if parts else []))
    )


def _paid_by(move: Move[Fraction]) -> str:
    """How what was paid on a certificate's shares moved: a payment, or the part that came or left with the shares."""
    word = type(move.step.fact).__name__
    if word == "DividendPaid":
        return word
    return f"{'came' if move.after > move.before else 'left'} with the shares, {word}"


def _paid_on(position: Position, number: str) -> Fraction:
    held = position.certificates.get(number)
    return held.paid if held else ZERO


_MOVED_BY = {"PreferredSharesIssued": "§1", "PreferredSharesReacquired": "§7", "SharesRedeemed": "§6"}
"""The clause by which an entry moves outstanding shares; conversions and revocations do so by §5(f)(i)."""


def outstanding(question: Question) -> Figure:
    """§1 §7 - Outstanding shares, and every entry that moved them."""
    position = question.position
    parts = tuple(
        Figure(
            f"{type(move.step.fact).__name__}, {day_of(move.step.at)}",
            f"{'+' if move.after > move.before else '-'}{shares(abs(move.after - move.before))}",
            _MOVED_BY.get(type(move.step.fact).__name__, "§5(f)(i)"),
            entries=(move.step.number,),
        )
        for move in moves(question, lambda then: then.outstanding)
    )
    working = (
        f"{shares(position.issued)} issued - {shares(position.converted)} converted - {shares(position.redeemed)} "
        f"redeemed - {shares(position.reacquired)} reacquired"
    )
    name = f"outstanding shares on {question.day}"
    return Figure(name, shares(position.outstanding), "§1", working, readings=("conversion-moment",), parts=parts)
