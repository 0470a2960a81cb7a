"""§1 to §10 - A reading explained, with what the readings not taken would give here; and a term of the certificate."""

from collections.abc import Collection
from difflib import get_close_matches

from ledger.errors import QuestionMustBeUnderstood
from ledger.exact import Fraction
from ledger.figures import PERCENT, PRICE, RATE, SHARES, Figure
from ledger.moments import day_of
from ledger.readings.registered import REGISTERED
from projections.alternatives import Alternative, alternatives
from projections.explain.watched import Watched

_UNITS = {
    **dict.fromkeys(("preferred_par_value", "stated_value", "common_par_value", "threshold_price"), PRICE),
    **dict.fromkeys(("dividend_rate", "reorganization_votes", "subsidiary_votes", "majority"), PERCENT),
    "conversion_rate": RATE,
}
"""The units of the terms that are no shares of Series H: dollars for one share, and parts of a whole."""


def reading(question: Watched, which: str) -> Figure:
    """§1 to §10 - A reading: the question, what was taken and rejected, and what it moves in this ledger."""
    one = REGISTERED.get(which)
    if one is None:
        raise unknown("reading", which, REGISTERED)
    taken = question.book.terms.readings.get(one.id, one.taken)
    parts = [Figure("rejected", one.rejected, one.clause), Figure("what it moves", one.moves, one.clause)]
    parts += [_under(one.clause, other) for other in alternatives(question, one)]
    working = " ".join(said for said in (one.question, one.detail) if said)
    return Figure(f"reading {which}", taken, one.clause, working, parts=tuple(parts))


def _under(clause: str, other: Alternative) -> Figure:
    """What a reading not taken would give: the figures that differ, or the entry it would not have allowed."""
    name = f"under {other.choice!r}"
    if other.refused is not None:
        return Figure(name, "this record could not be", clause, other.because, (other.refused,))
    parts = [
        Figure(one.figure, f"{one.before or 'nothing'} -> {one.after or 'nothing'}", clause) for one in other.figures
    ]
    return Figure(name, "other figures" if parts else "the same figures", clause, parts=tuple(parts))


def term(question: Watched, which: str) -> Figure:
    """§1 to §10 - A number or word of the certificate on the day: its clause, and since when it is in force."""
    terms = question.position.terms.on(question.day)
    rows = terms.rows()
    if which not in rows:
        raise unknown("term", which, rows)
    row = rows[which]
    since = row.in_force_from or terms.signed_on.value
    amended = [
        step.number
        for step in question.steps
        if which in getattr(step.fact, "terms", {}) and day_of(step.at) == row.in_force_from
    ]
    working, name = f"in force from {since}", f"{which} on {question.day}"
    if isinstance(row.value, Fraction):
        return Figure.of(name, row.value, _UNITS.get(which, SHARES), row.clause, "", working, amended)
    said = row.data()["value"]
    return Figure(name, ", ".join(said) if isinstance(said, list) else str(said), row.clause, working, tuple(amended))


def unknown(what: str, which: str, names: Collection[str], besides: Collection[str] = ()) -> QuestionMustBeUnderstood:
    """What is said of a name that is none of those there are, nor of others that could have been meant."""
    near = get_close_matches(which, [*names, *besides], 1)
    hint = f"Did you mean {near[0]}?" if near else "Name one of them."
    return QuestionMustBeUnderstood(what=f"The {what} {which}", why=f"There are {', '.join(names)}", hint=hint)
