"""§5(j) §9(a) - Findings on the Common Stock: too small a reserve, too many shares, too low a conversion price.

Each stands from the entry that brought it about to the entry that put it right, found by watching the fold.
"""

from collections.abc import Callable, Iterator

from ledger.clauses import protection, reservation
from ledger.figures import ZERO, dollars, shares
from ledger.moments import day_of
from ledger.position.state import Position
from ledger.timeline import Step
from projections.findings.finding import BREACH, Finding
from projections.question import Question
from projections.trace import moves


def on_common(question: Question) -> Iterator[Finding]:
    """§5(j) §9(a) - Every stretch of time in which the Common Stock fell short."""
    watched = list(moves(question, lambda position: tuple(wrong(position) for _, _, wrong in WATCHED)))
    for place, (finding, clause, _) in enumerate(WATCHED):
        yield from _stretches(finding, clause, [(move.step, move.after[place]) for move in watched])


def _stretches(finding: str, clause: str, told: list[tuple[Step, str | None]]) -> Iterator[Finding]:
    since, says = None, ""
    for step, wrong in told:
        if wrong is not None:
            since, says = since or step, wrong
        elif since is not None:
            entries = (since.number, step.number)
            yield Finding(finding, BREACH, clause, entries, says, day_of(since.at), day_of(step.at))
            since = None
    if since is not None:
        yield Finding(finding, BREACH, clause, (since.number,), says, day_of(since.at))


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


WATCHED: tuple[tuple[str, str, Callable[[Position], str | None]], ...] = (
    ("reserve-too-small", "§5(j)", _reserve),
    ("common-beyond-authorized", "§5(j)", _authorized),
    ("par-value-above-conversion-price", "§9(a)", _par_value),
)
"""What can be wrong with the Common Stock: the finding, its clause, and the sentence while it is so."""
