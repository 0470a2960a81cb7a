"""§5(j) §9(a) - Findings on the Common Stock: too small a reserve, too many shares, too low a conversion price.

Each stands from the entry that brought it about to the entry that put it right, found by watching the fold.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ledger.clauses import protection, reservation
from ledger.figures import ZERO, dollars, shares
from ledger.moments import day_of
from ledger.position.state import Position
from ledger.timeline import Step
from projections.findings.finding import BREACH, NOTE, Finding
from projections.question import Question
from projections.trace import moves


def on_common(question: Question) -> Iterator[Finding]:
    """§5(j) §9(a) - Every stretch of time in which the Common Stock fell short."""
    watched = list(moves(question, lambda position: tuple(one.wrong(position) for one in WATCHED)))
    for place, one in enumerate(WATCHED):
        yield from _stretches(one, [(move.step, move.after[place]) for move in watched])


def _stretches(one: "Watched", told: list[tuple[Step, str | None]]) -> Iterator[Finding]:
    since, says = None, ""
    for step, wrong in told:
        if wrong is not None:
            since, says = since or step, wrong
        elif since is not None:
            entries = (since.number, step.number)
            yield Finding(one.finding, one.severity, one.clause, entries, says, day_of(since.at), day_of(step.at))
            since = None
    if since is not None:
        yield Finding(one.finding, one.severity, one.clause, (since.number,), says, day_of(since.at))


def _reserve(position: Position) -> str | None:
    authorized, outstanding = position.common.authorized, position.common.outstanding
    if authorized is None:
        return None
    available = reservation.available(authorized, outstanding)
    required = reservation.required(position.outstanding, position.common_rate)
    if available >= required or not required:
        return None
    unissued = max(available, ZERO)
    return (
        f"{shares(required)} shares of Common are needed for conversion, {shares(unissued)} are authorized and "
        f"unissued: short by {shares(required - unissued)}"
    )


def _authorized(position: Position) -> str | None:
    authorized, outstanding = position.common.authorized, position.common.outstanding
    if authorized is None or outstanding <= authorized:
        return None
    return f"{shares(outstanding)} shares of Common are outstanding, {shares(authorized)} authorized"


def _par_value(position: Position) -> str | None:
    par_value = position.common.par_value or position.terms.common_par_value.value
    if protection.par_value_is_covered(position.terms, position.rate, par_value):
        return None
    payable = protection.conversion_price(position.terms, position.rate)
    return f"the par value of Common is {dollars(par_value)}, {dollars(payable)} a share is payable on conversion"


@dataclass(frozen=True)
class Watched:
    """What can be wrong with the Common Stock: the finding, its severity and clause, what is said while it is so."""

    finding: str
    severity: str
    clause: str
    wrong: Callable[[Position], str | None]


WATCHED = (
    # §5(j) asks for what is "sufficient or as may be available", and for best efforts: too little is no breach of it.
    Watched("reserve-too-small", NOTE, "§5(j)", _reserve),
    Watched("common-beyond-authorized", BREACH, "§5(j)", _authorized),
    Watched("par-value-above-conversion-price", BREACH, "§9(a)", _par_value),
)
