"""§6 - A redemption explained: shares noticed and redeemed, and their price, certificate by certificate."""

from collections.abc import Iterator
from datetime import date

from ledger.clauses import dividends, redemption
from ledger.errors import QuestionMustBeUnderstood
from ledger.events import RedemptionNoticeMailed, RedemptionPricePaid, SharesRedeemed
from ledger.exact import Fraction
from ledger.figures import DAYS, DOLLARS, SHARES, ZERO, Figure, dollars, written
from ledger.position.stock import Claim, Redemption
from projections.explain.dividends import accrual
from projections.explain.shared import came_by
from projections.explain.watched import Kept, Watched
from projections.trace import Move


def redemption_of(question: Watched, number: str) -> Figure:
    """§6 - A redemption's dates, shares and price; QuestionMustBeUnderstood where none of that id is noticed."""
    found = question.position.redemptions.get(number)
    if found is None:
        known = ", ".join(sorted(question.position.redemptions)) or "none"
        why, hint = f"By {question.day} the ledger knows of {known}", "Check the spelling, or ask for a later day."
        raise QuestionMustBeUnderstood(what=f"The redemption {number}", why=why, hint=hint)
    parts = [
        *noticed_ahead(found),
        noticed(found),
        _to_take(question, found) if found.effected is None else _redeemed(question, found),
        _price(question, found),
        _paid(question, found),
        Figure.total("unpaid", DOLLARS, "§6", [unpaid(one, claim) for one, claim in sorted(found.claims.items())]),
        price_at_mailing(question, found),
    ]
    state = "noticed" if found.effected is None else "redeemed"
    working, by = f"to be redeemed on {found.on}", (found.entry, *([found.effected] if found.effected else []))
    readings = ("redemption-conversion", "redemption-unpaid")
    return Figure(f"redemption {number} on {question.day}", state, "§6", working, by, readings, tuple(parts))


def noticed_ahead(found: Redemption) -> Iterator[Figure]:
    """§6 - The days from the notice to the redemption date, and how many the certificate asks for."""
    ahead = f"{(found.on - found.mailed).days} days from {found.mailed} to {found.on}"
    yield Figure.of("noticed ahead", _days(found), DAYS, "§6", "", ahead, (found.entry,))
    yield Figure.of("not less than", redemption_days(found), DAYS, "§6")


def _days(found: Redemption) -> Fraction:
    return Fraction((found.on - found.mailed).days)


def redemption_days(found: Redemption) -> Fraction:
    """§6 - Days of notice that the terms asked for when it was mailed."""
    return Fraction(found.days_required)


def noticed(found: Redemption) -> Figure:
    """§6 - Shares the notice lists, certificate by certificate."""
    parts = [
        Figure.of(f"certificate {item.certificate}", item.shares, SHARES, "§6", entries=(found.entry,))
        for item in found.listed
    ]
    return Figure.total("noticed", SHARES, "§6", parts, readings=("redemption-allocation",))


def _to_take(question: Watched, found: Redemption) -> Figure:
    """§6 - What it would take now: the lesser of noticed and left on each certificate; nothing is redeemed yet."""
    parts = []
    for one in question.position.live():
        called = one.called.get(found.id)
        if called:
            arithmetic, said = f"the lesser of {written(called)} and {written(one.shares)}", "shares noticed, and left"
            value = redemption.shares_taken(called, one.shares)
            parts.append(Figure.of(f"certificate {one.number}", value, SHARES, "§6", arithmetic, said))
    to_take = Figure.total("would be redeemed", SHARES, "§6", parts, readings=("redemption-conversion",))
    return Figure.of("redeemed", ZERO, SHARES, "§6", "0", "the redemption has not taken effect", parts=(to_take,))


def _redeemed(question: Watched, found: Redemption) -> Figure:
    """§6 - The lesser of noticed and left on each certificate, when the redemption took effect."""
    move, parts = _effect(question, found), []
    for number, claim in sorted(found.claims.items()):
        before = move.before.certificates[number]
        called = before.called[found.id]
        arithmetic, said = f"the lesser of {written(called)} and {written(before.shares)}", "shares noticed, and left"
        parts.append(Figure.of(f"certificate {number}", claim.shares, SHARES, "§6", arithmetic, said))
    by = (move.step.number,)
    return Figure.total("redeemed", SHARES, "§6", parts, entries=by, readings=("redemption-conversion",))


def _effect(question: Watched, found: Redemption) -> Move[Kept]:
    return next(
        move
        for move in question.moves
        if isinstance(move.step.fact, SharesRedeemed) and move.step.fact.redemption == found.id
    )


def _price(question: Watched, found: Redemption) -> Figure:
    parts = [price_of(question, found, number) for number in sorted(found.claims)]
    return Figure.total("price", DOLLARS, "§6", parts, readings=("accrual-days",))


def price_of(question: Watched, found: Redemption, number: str) -> Figure:
    """§6 - The price of a certificate's redeemed shares: Stated Value plus what they accrued and were not paid."""
    before = _effect(question, found).before
    return _priced(question, before, number, found.claims[number].shares, found.on)


def _priced(question: Watched, then: Kept, number: str, shares: Fraction, on: date) -> Figure:
    terms, held = then.terms, then.certificates[number]
    accrued = accrual("accrued", terms, shares, held.accrues_from, on, came_by(question, number))
    arithmetic = f"{written(held.paid, '$')} x {written(shares)} / {written(held.shares)}"
    working = f"the part of what had been paid on {number} before (accrued-dividends tells) that goes with the shares"
    paid = Figure.of("dividends paid", held.part_of_paid(shares), DOLLARS, "§2", arithmetic, working)
    value = redemption.price(
        terms, shares, dividends.accrued(terms, shares, held.accrues_from, on) - held.part_of_paid(shares)
    )
    arithmetic = f"{written(shares)} x {dollars(terms.stated_value.value)} + [accrued] - [dividends paid]"
    return Figure.of(f"certificate {held.number}", value, DOLLARS, "§6", arithmetic, parts=(accrued, paid))


def _paid(question: Watched, found: Redemption) -> Figure:
    parts = [
        Figure.of(
            f"certificate {fact.certificate} (entry {step.number})", fact.amount, DOLLARS, "§6", entries=(step.number,)
        )
        for step in question.steps
        if isinstance(fact := step.fact, RedemptionPricePaid) and fact.redemption == found.id
    ]
    return Figure.total("paid", DOLLARS, "§6", parts)


def unpaid(number: str, claim: Claim) -> Figure:
    """§6 - What is unpaid of a certificate's price; a residue under a cent is settled."""
    arithmetic, said = (
        f"{written(claim.price, '$')} - {written(claim.paid, '$')}",
        "its price, less what was paid of it",
    )
    if claim.unpaid != claim.price - claim.paid:
        arithmetic, said = "0", f"{arithmetic} is less than a cent, and settled"
    return Figure.of(f"certificate {number}", claim.unpaid, DOLLARS, "§6", arithmetic, said)


def price_at_mailing(question: Watched, found: Redemption) -> Figure:
    """§6 - What the listed shares come to on the redemption date, as it was reckoned when the notice was mailed."""
    move = next(
        move
        for move in question.moves
        if isinstance(move.step.fact, RedemptionNoticeMailed) and move.step.fact.redemption == found.id
    )
    # A certificate listed twice counts as last listed.
    listed = {item.certificate: item.shares for item in found.listed}
    parts = [_priced(question, move.before, one, shares, found.on) for one, shares in listed.items()]
    return Figure.total("price at mailing", DOLLARS, "§6", parts, "of the shares listed, on the redemption date")
