"""§4 §8 - Votes explained: a holder's, the class's and the single class's, and the consents to an action."""

from ledger.clauses import voting
from ledger.errors import ActionMustBeKnown
from ledger.exact import Fraction
from ledger.figures import SHARES, ZERO, Figure, percent, shares, written
from ledger.position.company import Action
from ledger.position.state import COMMON
from projections.explain.common import outstanding_common
from projections.explain.rate import rate_at
from projections.explain.shares import held
from projections.explain.watched import Watched
from projections.holders import certificates_of
from projections.votes import clause, state


def convertible_into(question: Watched, holder: str) -> Figure:
    """§4 §5(a) - Common into which a holder's shares could be converted at once, in multiples of the lot."""
    return _convertible(question, holder, f"Common that {holder} could convert into on {question.day}")


def _convertible(question: Watched, holder: str, name: str) -> Figure:
    terms, rate = question.position.terms, rate_at(question)
    certificates_of(question, holder)
    own = held(question, holder)
    number = sum((one.shares for one in certificates_of(question, holder)), ZERO)
    part = Figure.total("shares", SHARES, "§1", own.parts)
    lot = written(terms.conversion_lot.value)
    in_lots = not voting.by_every_share(terms)
    counted = f"floor([shares] / {lot}) x {lot}" if in_lots else "[shares]"
    working = f"in multiples of {lot} shares (§5(a))" if in_lots else ""
    value = voting.convertible_into(terms, number, question.position.common_rate)
    arithmetic = f"{counted} x [{rate.name}]"
    readings = (
        ("votes", "lot") if dict(question.position.into) == {COMMON: 1} else ("votes", "lot", "votes-after-change")
    )
    return Figure.of(name, value, SHARES, "§4", arithmetic, working, readings=readings, parts=(part, rate))


def votes(question: Watched, holder: str | None = None) -> Figure:
    """§4 - A holder's votes, whole; without one those of Series H and the Common Stock as a single class."""
    if holder is not None:
        return _votes(question, holder, f"votes of {holder} on {question.day}")
    parts = [_votes(question, holder, holder) for holder in question.position.holdings()]
    preferred = Figure.total("Series H", SHARES, "§4", parts, readings=("votes",))
    common, name = outstanding_common(question), "Common Stock"
    if COMMON in question.position.into:
        votes_of_it = Fraction(common.exact)
        stock = Figure.of(name, votes_of_it, SHARES, "§4", common.arithmetic, common.working, common.entries)
    else:
        working = "all of it has become something else, which carries no votes"
        stock = Figure.of(name, ZERO, SHARES, "§4", "0", working, readings=("votes-after-change",))
    return Figure.total(f"votes as a single class on {question.day}", SHARES, "§4", (preferred, stock))


def _votes(question: Watched, holder: str, name: str) -> Figure:
    into = _convertible(question, holder, "convertible into")
    number = sum((one.shares for one in certificates_of(question, holder)), ZERO)
    value = voting.votes(question.position.terms, number, question.position.common_rate)
    working = "whole votes, rounded down for each holder"
    return Figure.of(
        name, value, SHARES, "§4", "floor([convertible into])", working, readings=("votes",), parts=(into,)
    )


def action(question: Watched, which: str) -> Figure:
    """§4 §8(a) - An action: the shares that had consented when it was taken, and the majority it needed."""
    known = question.position.company.actions.get(which)
    if known is None:
        names = ", ".join(sorted(question.position.company.actions)) or "none"
        raise ActionMustBeKnown(action=which, day=question.day, known=names)
    name, given = f"action {which} on {question.day}", _consents(known)
    if known.taken is None:
        none = [
            Figure.of(part, ZERO, SHARES, "§8(a)", "0", "until it is taken") for part in ("consenting", "outstanding")
        ]
        return Figure(name, state(known), clause(known), parts=(*none, *given))
    then = question.before(known.taken)
    consenting = Figure.total("consenting", SHARES, "§8(a)", _counted(then, known), readings=("consents",))
    moment = f"when it was taken, entry {known.taken}"
    outstanding = Figure.of(
        "outstanding",
        known.outstanding,
        SHARES,
        "§8(a)",
        " - ".join(
            written(number)
            for number in (
                then.position.issued,
                then.position.converted,
                then.position.redeemed,
                then.position.reacquired,
            )
        ),
        f"issued less converted, redeemed and reacquired {moment}",
    )
    row = then.position.terms.majority
    half = Figure.of(
        "more than",
        known.outstanding * row.value,
        SHARES,
        row.clause,
        f"[outstanding] x {percent(row.value)}",
        "the consenting shares must be more than this",
        readings=("majority",),
    )
    working = f"{shares(known.consenting)} of {shares(known.outstanding)} shares had consented {moment}"
    return Figure(
        name, state(known), clause(known), working, (known.taken,), parts=(consenting, outstanding, half, *given)
    )


def _consents(known: Action) -> list[Figure]:
    return [
        Figure.of(f"consent of {one.holder} (entry {one.entry})", one.shares, SHARES, "§8(a)", entries=(one.entry,))
        for one in known.consents
    ]


def _counted(then: Watched, known: Action) -> list[Figure]:
    """§8(a) - What counts of each holder's consents: at most what it holds."""
    had = then.position.company.actions.get(known.id)
    given: dict[str, list[tuple[int, str]]] = {}
    for one in had.consents if had else ():
        given.setdefault(one.holder, []).append((one.entry, written(one.shares)))
    parts = []
    for holder, consents in given.items():
        holding = sum((one.shares for one in then.position.holdings().get(holder, [])), ZERO)
        consented = sum((one.shares for one in had.consents if one.holder == holder), ZERO) if had else ZERO
        arithmetic = f"the lesser of {' + '.join(number for _, number in consents)} and {written(holding)}"
        entries = [entry for entry, _ in consents]
        parts.append(
            Figure.of(holder, min(consented, holding), SHARES, "§8(a)", arithmetic, "consented, and held", entries)
        )
    return parts
