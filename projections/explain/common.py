"""§5(e)(i) §5(j) - The Common Stock explained: what is outstanding, what must be reserved, what is available."""

from ledger.clauses import adjustment, reservation
from ledger.events import (
    CommonAuthorizationChanged,
    CommonSharesIssued,
    CommonSharesRetired,
    CommonStockOpened,
)
from ledger.exact import Fraction
from ledger.figures import MOVED, SHARES, ZERO, Figure, shares, written
from ledger.moments import day_of
from ledger.position.state import COMMON
from ledger.position.stock import Notice
from ledger.timeline import ConversionDate
from projections.explain.rate import rate_at
from projections.explain.shared import cited, common_moves, common_since, is_replaced, multiplied_by
from projections.explain.watched import Kept, Watched
from projections.trace import Move


def common_outstanding(question: Watched) -> Figure:
    """§5(e)(i) - Common Stock outstanding, issued and pending alike, and every entry that moved it."""
    parts = [_moved(question, move) for move in common_moves(question)]
    return Figure.total(
        f"Common Stock outstanding on {question.day}", SHARES, "§5(e)(i)", parts, readings=("dilution-base",)
    )


def _moved(question: Watched, move: Move[Kept]) -> Figure:
    """§5(c) §5(e)(i) §5(f)(i) - What an entry did to the Common Stock outstanding."""
    fact, before = move.step.fact, move.before.common.outstanding
    delta, by = move.after.common.outstanding - before, cited(move)
    name = f"{type(fact).__name__}, {day_of(move.step.at)} (entry {move.step.number})"
    if isinstance(fact, CommonStockOpened | CommonSharesIssued | CommonSharesRetired):
        instead = f"{written(delta + before)} - {written(before)}" if before and type(fact) is CommonStockOpened else ""
        return Figure.of(name, delta, MOVED, "§5(e)(i)", instead, entries=by)
    if times := multiplied_by(move):
        arithmetic = f"{written(before)} x {times} - {written(before)}"
        if is_replaced(move):
            return Figure.of(name, delta, MOVED, "§5(c) §5(d)", arithmetic, _replaced(move), by, ("common-replaced",))
        return Figure.of(name, delta, MOVED, "§5(c)", arithmetic, entries=by)
    if isinstance(fact, ConversionDate):
        notice = move.after.notices[fact.notice]
        if notice.in_place is not None:
            return _in_place(question, move, notice, name, by)
        arithmetic = f"{written(notice.shares)} x [conversion rate]"
        if not notice.issue_fractions:
            arithmetic = f"floor({arithmetic})"
        rate = rate_at(question, move)
        working = f"notice {notice.id}, {shares(notice.shares)} shares"
        return Figure.of(name, delta, MOVED, "§5(f)(i)", arithmetic, working, by, ("conversion-moment",), (rate,))
    return Figure.of(name, delta, MOVED, "§5(f)(i)", written(delta), "what the notice counted for", by)


def _replaced(move: Move[Kept]) -> str:
    """§5(c) §5(d) - What stands in the Common's place once none is left, in words."""
    stock = adjustment.in_place_of(COMMON, move.after.into)
    became = " and ".join(f"{shares(move.after.into[name])} {name}" for name in stock) or "cash alone"
    return f"for one share of Common Stock, counted in what stands in its place: {became}"


def _in_place(question: Watched, move: Move[Kept], notice: Notice, name: str, by: tuple[int, ...]) -> Figure:
    """§5(d) §5(f)(i) - What a conversion added once no Common was left: the stock that it was due."""
    rates = tuple(rate_at(question, move, stock) for stock in adjustment.in_place_of(COMMON, move.before.into))
    arithmetic = " + ".join(f"{written(notice.shares)} x [{rate.name}]" for rate in rates)
    working, readings = f"notice {notice.id}, {shares(notice.shares)} shares", ("conversion-moment", "common-replaced")
    return Figure.of(name, notice.counts_for, MOVED, "§5(d) §5(f)(i)", arithmetic, working, by, readings, rates)


def reserve_required(question: Watched) -> Figure:
    """§5(j) - Common to reserve for the conversion of all outstanding Series H."""
    outstanding = question.position.outstanding
    rate = rate_at(question)
    value = reservation.required(outstanding, question.position.common_rate)
    working = f"{shares(outstanding)} shares outstanding, each at the rate"
    arithmetic = f"{written(outstanding)} x [{rate.name}]"
    return Figure.of(f"Common to reserve on {question.day}", value, SHARES, "§5(j)", arithmetic, working, parts=(rate,))


def reserve_available(question: Watched) -> Figure:
    """§5(j) - Authorized shares of Common that are not issued; unknown where no authorized number is recorded."""
    name, common = f"Common available on {question.day}", question.position.common
    outstanding = outstanding_common(question)
    if common.authorized is None:
        of = "" if COMMON in question.position.into else " of the stock in the Common's place"
        readings = ("common-replaced",) if of else ()
        unknown = Figure("authorized", "unknown", "§5(j)", f"no authorized number{of} is recorded", readings=readings)
        return Figure(name, "unknown", "§5(j)", parts=(unknown, outstanding))
    value = reservation.available(common.authorized, common.outstanding)
    parts = (authorized(question), outstanding)
    return Figure.of(name, value, SHARES, "§5(j)", "[authorized] - [outstanding]", parts=parts)


def authorized(question: Watched) -> Figure:
    """§5(j) - The authorized number of Common, and the entry that said it last."""
    said = [
        step.number
        for step in question.steps
        if isinstance(step.fact, CommonStockOpened | CommonAuthorizationChanged) and step.fact.authorized is not None
    ]
    return Figure.of("authorized", question.position.common.authorized or ZERO, SHARES, "§5(j)", entries=said[-1:])


def outstanding_common(question: Watched) -> Figure:
    """§5(e)(i) - Common outstanding in one expression."""
    arithmetic, entries = common_since(question, None)
    value: Fraction = question.position.common.outstanding
    return Figure.of("outstanding", value, SHARES, "§5(e)(i)", arithmetic, "with pending conversions", entries)
