"""§1 §7 - Shares of Series H explained: issued, outstanding, what became of the rest, and who holds how many."""

from collections.abc import Callable

from ledger.events import (
    NoticeOfConversionRevoked,
    PreferredSharesIssued,
    PreferredSharesReacquired,
    PreferredSharesTransferred,
    SharesRedeemed,
)
from ledger.exact import Fraction
from ledger.figures import MOVED, SHARES, ZERO, Figure, shares, written
from ledger.moments import day_of
from ledger.position.stock import Certificate
from ledger.timeline import ConversionDate
from projections.explain.shared import added, cited, held_by
from projections.explain.watched import Kept, Watched
from projections.trace import Move


def outstanding(question: Watched) -> Figure:
    """§1 §7 - Outstanding shares: those issued less those converted, redeemed and reacquired, entry by entry."""
    gone = (converted(question), redeemed(question), reacquired(question))
    parts = tuple(_named(part) for part in (issued(question), *gone))
    return Figure.of(
        f"outstanding shares on {question.day}",
        question.position.outstanding,
        SHARES,
        "§1",
        " - ".join(f"[{part.name}]" for part in parts),
        readings=("conversion-moment",),
        parts=parts,
    )


def _named(figure: Figure) -> Figure:
    """The figure as a part of a whole that has said the day."""
    name = figure.name.partition(" shares on ")[0]
    return Figure.total(name, SHARES, figure.clause, figure.parts, figure.working, readings=figure.readings)


def issued(question: Watched) -> Figure:
    """§1 - Shares ever issued; what comes back is never issued again."""
    working = f"{shares(question.position.terms.designated_shares.value)} are designated"
    return _counted(question, "issued", "§1", lambda kept: kept.issued, working)


def converted(question: Watched) -> Figure:
    """§5(f)(i) §7 - Shares converted on notices that were not revoked."""
    return _counted(question, "converted", "§5(f)(i)", lambda kept: kept.converted)


def redeemed(question: Watched) -> Figure:
    """§6 §7 - Shares redeemed, paid or not."""
    return _counted(question, "redeemed", "§6", lambda kept: kept.redeemed)


def reacquired(question: Watched) -> Figure:
    """§7 - Shares purchased or otherwise acquired by the Company."""
    return _counted(question, "reacquired", "§7", lambda kept: kept.reacquired)


def _counted(
    question: Watched, name: str, clause: str, measure: Callable[[Kept], Fraction], working: str = ""
) -> Figure:
    parts = []
    for move in question.moves:
        delta = measure(move.after) - measure(move.before)
        if delta:
            arithmetic, said = _in_all(question, move, delta)
            named, by = _entry(move), cited(move)
            parts.append(Figure.of(named, delta, MOVED, clause, arithmetic, said, by))
    return Figure.total(f"{name} shares on {question.day}", SHARES, clause, parts, working)


def _entry(move: Move[Kept]) -> str:
    return f"{type(move.step.fact).__name__}, {day_of(move.step.at)} (entry {move.step.number})"


def _in_all(question: Watched, move: Move[Kept], delta: Fraction) -> tuple[str, str]:
    """§5(f)(i) §6 - How many shares an entry moved, where it does not say so itself, and what that is."""
    fact = move.step.fact
    if isinstance(fact, PreferredSharesIssued | PreferredSharesReacquired):
        return "", ""
    if isinstance(fact, ConversionDate):
        listed = move.before.notices[fact.notice].listed
        return added(item.shares for item in listed), f"notice {fact.notice}"
    if isinstance(fact, SharesRedeemed):
        claims = question.position.redemptions[fact.redemption].claims.values()
        return added(claim.shares for claim in claims), f"redemption {fact.redemption}"
    return written(delta), "what the notice had converted"


def held(question: Watched, which: str) -> Figure:
    """§1 - Shares of a holder, certificate by certificate, or of a certificate, entry by entry."""
    parts = [_certificate(question, one) for one in held_by(question, which)]
    return Figure.total(f"shares of {which} on {question.day}", SHARES, "§1", parts)


def _certificate(question: Watched, one: Certificate) -> Figure:
    parts = []
    for move, before, after in question.changes(one.number):
        delta = after.shares - (before.shares if before else ZERO)
        if delta:
            arithmetic, said = _on_certificate(move, one.number, delta)
            parts.append(Figure.of(_entry(move), delta, MOVED, "§1", arithmetic, said, entries=cited(move)))
    working = f"held by {one.holder}, accruing from {one.accrues_from}"
    return Figure.total(f"certificate {one.number}", SHARES, "§1", parts, working)


def _on_certificate(move: Move[Kept], number: str, delta: Fraction) -> tuple[str, str]:
    """§5(f)(i) §6 - What an entry moved on one certificate, where it does not say so itself, and why."""
    fact = move.step.fact
    if isinstance(fact, PreferredSharesIssued | PreferredSharesTransferred | ConversionDate):
        return ("", "") if delta > 0 or isinstance(fact, ConversionDate) else (written(delta), "all it had left")
    if isinstance(fact, PreferredSharesReacquired) and delta == -fact.shares:
        return "", ""
    if isinstance(fact, SharesRedeemed):
        before = move.before.certificates[number]
        called = before.called[fact.redemption]
        return f"0 - the lesser of {written(called)} and {written(before.shares)}", "the shares noticed, and those left"
    if isinstance(fact, NoticeOfConversionRevoked):
        return written(delta), f"restored by the revocation of notice {fact.notice}"
    return written(
        delta
    ), "all that was left, under a new number" if delta > 0 else "all that was left has a new number"


def held_as_counted(question: Watched, of: str) -> Figure:
    """§1 - Shares of a certificate, or else of a holder, as the transfer agent counts them; 0 of neither."""
    live = sorted(question.position.live(), key=lambda one: one.number)
    certificate = of in question.position.certificates
    parts = [_certificate(question, one) for one in live if of == (one.number if certificate else one.holder)]
    return Figure.total(f"shares of {of} on {question.day}", SHARES, "§1", parts)
