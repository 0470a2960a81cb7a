"""§1 to §10 - What explanations of every subject share: whose certificates, which entries, and written numbers.

An explanation is data first, a tree of figures, and text second: the modules `explain_*` make the trees, one subject
each, and say how the values of the answers came about; the values themselves are those of the position.
"""

from collections.abc import Iterable, Iterator

from ledger.clauses import adjustment
from ledger.entries import Entry
from ledger.errors import QuestionMustBeUnderstood
from ledger.events import (
    CommonSharesDelivered,
    CommonSharesIssued,
    CommonStockReclassified,
    CommonStockSplit,
    PreferredSharesIssued,
    ReorganizationEffected,
)
from ledger.exact import Fraction
from ledger.figures import ZERO, written
from ledger.position.state import COMMON
from ledger.position.stock import Certificate, Notice
from ledger.timeline import ConversionDate
from projections.explain.watched import Kept, Watched
from projections.holders import certificates_of
from projections.question import Question
from projections.trace import Move


def held_by(question: Question, which: str | None) -> list[Certificate]:
    """The live certificates of a holder, or the one of that number, or all, by number; HolderMustBeKnown otherwise."""
    position = question.position
    if which is None:
        return sorted(position.live(), key=lambda one: one.number)
    if which not in position.holdings_of and which in position.certificates:
        return [one for one in position.live() if one.number == which]
    return certificates_of(question, which)


def cited(move: Move[Kept]) -> tuple[int, ...]:
    """The entries a movement rests on: its own, and for a Conversion Date first that of the notice."""
    fact, number = move.step.fact, move.step.number
    return (move.before.notices[fact.notice].entry, number) if isinstance(fact, ConversionDate) else (number,)


def source(fact: Entry | ConversionDate, number: str) -> str:
    """§5(g) §5(i) - The certificate whose shares an entry brought under a new number."""
    if isinstance(fact, CommonSharesDelivered):
        return next(one.certificate for one in fact.balance_certificates if one.new_certificate == number)
    return str(getattr(fact, "certificate", ""))


def came_by(question: Watched, number: str) -> tuple[int, ...]:
    """§1 §5(g) §5(i) - The entries by which a certificate's shares came to it, from their issue on."""
    first, _, _ = next(question.changes(number))
    fact, entry = first.step.fact, first.step.number
    return (entry,) if isinstance(fact, PreferredSharesIssued) else (*came_by(question, source(fact, number)), entry)


def added(amounts: Iterable[Fraction], sign: str = "") -> str:
    """Some numbers written as a sum: `$100.00 + $20.00`; 0 where there are none."""
    return " + ".join(written(amount, sign) for amount in amounts) or "0"


def payments_on(question: Watched, notice: Notice) -> Iterator[tuple[int, Fraction]]:
    """§2 - What was paid of the dividends due on a notice: the entries, and dollars of each."""
    for word, entry, _ in notice.happened:
        if word == "ConversionDividendPaid":
            yield entry, getattr(question.fact(entry), "amount", ZERO)


def common_moves(question: Watched) -> Iterator[Move[Kept]]:
    """§5(e)(i) - Every move of the Common Stock outstanding."""
    return (move for move in question.moves if move.after.common.outstanding != move.before.common.outstanding)


def received_for_one(fact: object) -> dict[str, Fraction]:
    """§5(c) §5(d) - What a change gave for one share of Common, by security; nothing where it was no change."""
    if isinstance(fact, CommonStockReclassified):
        return {item.security: item.per_share for item in fact.into}
    if isinstance(fact, ReorganizationEffected):
        return {item.security: item.per_share for item in fact.per_share}
    return {}


def multiplied_by(move: Move[Kept]) -> str:
    """§5(c) §5(d) - What a split or a change of Common multiplied the Common outstanding by; nothing where it did not.

    Once no Common is left it is the stock that stands in its place, all kinds together (reading common-replaced).
    """
    fact = move.step.fact
    if isinstance(fact, CommonStockSplit):
        return f"{written(fact.new_shares)} / {written(fact.old_shares)}"
    if each := received_for_one(fact).get(COMMON):
        return written(each)
    if is_replaced(move):
        into = move.after.into
        each_kind = [into[name] for name in adjustment.in_place_of(COMMON, into)]
        return f"({added(each_kind)})" if len(each_kind) > 1 else added(each_kind)
    return ""


def is_replaced(move: Move[Kept]) -> bool:
    """§5(c) §5(d) - Whether a move left no Common Stock in what a share converts into."""
    return COMMON in move.before.into and COMMON not in move.after.into


def common_since(question: Watched, entry: int | None, since: str = "") -> tuple[str, list[int]]:
    """§5(e)(i) - Common outstanding before an entry (or now) as an expression, with its entries.

    `since` names the figure of the same kind before, from whose entry on the movements are written.
    """
    told, entries = f"[{since}]" if since else "", list[int]()
    after = int(since.rpartition(" ")[2]) if since else None
    for move in common_moves(question):
        if move.step.number == entry and isinstance(move.step.fact, CommonSharesIssued):
            break
        if after is not None and move.step.number != after:
            continue
        after = None
        delta = move.after.common.outstanding - move.before.common.outstanding
        entries += cited(move)
        if by := multiplied_by(move):
            told = f"({told}) x {by}"
        elif told:
            told += f" {'+' if delta > 0 else '-'} {written(abs(delta))}"
        else:
            told = written(delta)
    return told or "0", entries


def conversion_of(question: Watched, notice: str) -> Move[Kept]:
    """§5(f)(i) - The Conversion Date of a notice that has converted, with what was kept before it and after it."""
    return next(
        move
        for move in question.moves
        if isinstance(move.step.fact, ConversionDate) and move.step.fact.notice == notice
    )


def numbered(what: str, which: str, count: int) -> int:
    """The number of a thing listed; QuestionMustBeUnderstood where the list has none of that number."""
    if which.isascii() and which.isdigit() and len(which) < 10 and 1 <= int(which) <= count:
        return int(which)
    listed = f"there are {count}, numbered from 1" if count else "there is none on that day"
    why, hint = f"{which!r} is no number in the list: {listed}", f"See `captable {what}s`."
    raise QuestionMustBeUnderstood(what=f"The {what}", why=why, hint=hint)
