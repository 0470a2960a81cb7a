"""§5(f)(i) - A notice explained: its Conversion Date, what it is due, and its deadline counted day by day."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import takewhile

from ledger.clauses.adjustment import is_cash
from ledger.clauses.business_days import BusinessDays
from ledger.errors import NoticeMustBeKnown
from ledger.events import NoticeCompleted
from ledger.figures import DOLLARS, PRICE, SHARES, ZERO, Figure, Unit, shares, written
from ledger.moments import day_of, in_new_york
from ledger.position.stock import Delivery, Notice
from projections.explain.arrears import conversion_dividends
from projections.explain.rate import rate_at
from projections.explain.shared import conversion_of, is_replaced, multiplied_by, received_for_one
from projections.explain.watched import Kept, Watched
from projections.trace import Move


def notice(question: Watched, number: str) -> Figure:
    """§5(f)(i) - A notice's state, Conversion Date, entitlement and deadline; NoticeMustBeKnown where it is unknown."""
    position = question.position
    found = position.notices.get(number)
    if found is None:
        known = ", ".join(sorted(position.notices)) or "none"
        raise NoticeMustBeKnown(notice=number, day=question.day, known=known)
    parts = [_shares(found), _conversion_date(found, position.days)]
    if found.conversion:
        parts += [*entitlement(question, found), _dividends(question, found)]
    else:
        parts += [_nothing(name, unit) for name, unit in _BEGUN]
    parts.append(deadline(found, position.days))
    if found.delivered:
        parts += _delivered(found, found.delivered)
    parts += [_happening(word, entry, at) for word, entry, at in found.happened]
    return Figure(
        f"notice {found.id} of {found.holder} on {question.day}",
        found.status(),
        "§5(f)(i)",
        "",
        (found.entry,),
        parts=tuple(parts),
    )


_BEGUN = (("Common due", SHARES), ("fraction in cash", SHARES), ("dividends due", DOLLARS), ("dividends paid", DOLLARS))
"""What a notice that has not converted is not due yet."""


def _dividends(question: Watched, found: Notice) -> Figure:
    """§2 §5(f)(i) - What is unpaid of the dividends that fell due; nothing of them once the notice was revoked."""
    unpaid = conversion_dividends(question, found, "dividends unpaid")
    if not found.revoked:
        return unpaid
    working = "the shares were restored, and what is unpaid of it is unpaid on them again"
    readings = ("revocation-restores",)
    return Figure.of(unpaid.name, ZERO, DOLLARS, "§5(f)(i)", "0", working, readings=readings, parts=unpaid.parts)


def _nothing(name: str, unit: Unit) -> Figure:
    return Figure.of(name, ZERO, unit, "§5(f)(i)", "0", "nothing yet: the notice has not converted")


def _shares(found: Notice) -> Figure:
    listed = [
        Figure.of(f"certificate {item.certificate}", item.shares, SHARES, "§5(f)(i)", entries=(found.entry,))
        for item in found.listed
    ]
    return Figure.total("shares", SHARES, "§5(a)", listed, readings=("lot",))


def _conversion_date(found: Notice, days: BusinessDays) -> Figure:
    came, at = f"telecopied {in_new_york(found.telecopied)}", found.telecopied
    for word, entry, completed in found.happened:
        if word == NoticeCompleted.__name__:
            came, at = f"{came} without copies, which came {in_new_york(completed)} (entry {entry})", completed
    if found.conversion is None:
        why = "awaiting copies of the certificates" if not found.complete else "awaiting the next opening"
        return Figure("Conversion Date", "none yet", "§5(f)(i)", f"{came}, {why}", readings=("after-hours",))
    closed, law = days.why_closed(day_of(at)), days.terms.on(day_of(at))
    moved = f" ({closed})" if closed else ""
    working = f"{came}{moved}; business hours are {law.business_opens.value:%H:%M} to "
    working += f"{law.business_closes.value:%H:%M} on days banks are open in {law.business_place.value}"
    readings = ("after-hours", "banks-open", "conversion-moment")
    return Figure("Conversion Date", in_new_york(found.conversion), "§5(f)(i)", working, (found.entry,), readings)


def _happening(word: str, entry: int, at: datetime) -> Figure:
    readings = _RESTS_ON.get(word, ())
    return Figure(
        word, in_new_york(at), "§2" if word == "ConversionDividendPaid" else "§5(f)(i)", "", (entry,), readings
    )


_RESTS_ON = {
    "TransferAgentInstructed": ("instruction-cures",),
    "NoticeOfConversionRevoked": ("revocation-deadline", "revocation-restores"),
}
"""The readings that what happened to a notice rests on."""


def entitlement(question: Watched, found: Notice) -> Iterator[Figure]:
    """§5(b) §5(c) §5(h) - What a converted notice is due: Common, a fraction settled in cash, other securities."""
    move = conversion_of(question, found.id)
    rate = rate_at(question, move)
    working = f"{shares(found.shares)} shares at the rate on the Conversion Date"
    arithmetic = f"{written(found.shares)} x [{rate.name}]"
    total = found.shares * found.rate
    yield Figure.of("entitled to", total, SHARES, "§5(b)", arithmetic, working, parts=(rate,))
    yield _common_due(question, found)
    cash, arithmetic = found.fraction_in_cash, "0" if found.issue_fractions else "[entitled to] - floor([entitled to])"
    yield Figure.of("fraction in cash", cash, SHARES, "§5(h)", arithmetic, readings=("fractions",))
    for security, amount in found.others_due.items():
        arithmetic, entries, parts = _other_due(question, found, security)
        readings = ("common-replaced",) if found.in_place is not None else ()
        unit = DOLLARS if is_cash(security) else SHARES
        yield Figure.of(
            f"{security} due", amount, unit, "§5(c) §5(d)", arithmetic, "", entries, readings=readings, parts=parts
        )


def _common_due(question: Watched, found: Notice) -> Figure:
    """§5(b) §5(c) §5(h) - The Common due: whole shares, every split since, and none once no Common was left."""
    arithmetic = "[entitled to]" if found.issue_fractions else "floor([entitled to])"
    working, entries = "with its fraction" if found.issue_fractions else "whole shares", list[int]()
    readings, is_split = ["fractions"], False
    for move, before, after in _versions(question, found):
        if before.common_due == after.common_due:
            continue
        entries.append(move.step.number)
        if is_replaced(move):
            arithmetic += " x 0"
            readings.append("common-replaced")
        else:
            arithmetic, is_split = f"{arithmetic} x {multiplied_by(move)}", True
    working += ", and every split while it was pending" if is_split else ""
    working += "; no Common is left, and what it became is due" if len(readings) > 1 else ""
    working += "; revoked since, and due no more" if found.revoked else ""
    return Figure.of("Common due", found.common_due, SHARES, "§5(b) §5(h)", arithmetic, working, entries, readings)


def _other_due(question: Watched, found: Notice, security: str) -> tuple[str, list[int], tuple[Figure, ...]]:
    """§5(c) §5(d) - What a notice is due of something else: what it converted into, received since, and split since."""
    move = conversion_of(question, found.id)
    told, entries, parts = "", list[int](), tuple[Figure, ...]()
    if move.after.notices[found.id].others_due.get(security):
        rate = rate_at(question, move, security)
        told, parts = f"{written(found.shares)} x [{rate.name}]", (rate,)
    for later, before, after in _versions(question, found):
        if before.others_due.get(security) == after.others_due.get(security):
            continue
        entries.append(later.step.number)
        if changed := received_for_one(later.step.fact):
            received = f"{written(before.common_due)} x {written(changed[security])}"
            told = f"{told} + {received}" if told else received
        else:
            told = f"({told}) x {multiplied_by(later)}"
    return told or "0", entries, parts


def _versions(question: Watched, found: Notice) -> Iterator[tuple[Move[Kept], Notice, Notice]]:
    """Every step since a notice converted, with the notice before it and after it."""
    for move in question.moves:
        before, after = move.before.notices.get(found.id), move.after.notices.get(found.id)
        if before and after and before.conversion:
            yield move, before, after


def _delivered(found: Notice, delivery: Delivery) -> Iterator[Figure]:
    """§5(f)(i) §5(h) - What was delivered, and the cash for a fraction against what was due."""
    by = (delivery.entry,)
    yield Figure.of("delivered", delivery.shares, SHARES, "§5(f)(i)", entries=by, readings=("delivered-differs",))
    what = "cash" if found.cash_in_place else "cash for the fraction"
    if found.cash_in_place or delivery.market_price is not None or delivery.cash_in_lieu:
        yield from _cash_due(found, delivery, f"{what} {'to pay' if found.cash_in_place else 'due'}")
    given = "" if delivery.cash_in_lieu else "0"
    yield Figure.of(f"{what} paid", delivery.cash_in_lieu, DOLLARS, "§5(h)", given, entries=by)


def _cash_due(found: Notice, delivery: Delivery, name: str) -> Iterator[Figure]:
    """§5(d) §5(h) - The cash due with a delivery: in the Common's place, and for a fraction at the price told."""
    if (due := found.cash_due) is None:
        return
    terms, parts = [f"[{security} due]" for security in found.others_due if is_cash(security)], tuple[Figure, ...]()
    clause, readings = ("§5(d) §5(h)", ("common-replaced",)) if terms else ("§5(h)", ())
    if delivery.market_price is not None:
        parts = (Figure.of("market price", delivery.market_price, PRICE, "§5(h)", entries=(delivery.entry,)),)
        terms.append("[fraction in cash] x [market price]")
    yield Figure.of(name, due, DOLLARS, clause, " + ".join(terms) or "0", readings=readings, parts=parts)


def deadline(found: Notice, days: BusinessDays) -> Figure:
    """§5(f)(i) - The last instant for delivery, its business days counted one by one from the originals."""
    until = found.deadline(days)
    received = found.originals_count_from(days)
    if found.originals is None or received is None or until is None:
        awaits = "the notice has not converted" if found.originals else "the originals have not come"
        return Figure("delivery deadline", "none yet", "§5(f)(i)", awaits, readings=("delivery-window",))
    working = f"originals came {in_new_york(found.originals)}, received {in_new_york(received)}"
    return Figure(
        "delivery deadline",
        in_new_york(until),
        "§5(f)(i)",
        working,
        readings=("delivery-window", "banks-open", "instruction-cures"),
        parts=_counted(days, received, until),
    )


def _counted(days: BusinessDays, received: datetime, deadline: datetime) -> tuple[Figure, ...]:
    return tuple(Figure(f"{day:%A %Y-%m-%d}", said, "§5(f)(i)") for day, said in counted_days(days, received, deadline))


def counted_days(days: BusinessDays, received: datetime, deadline: datetime) -> Iterator[tuple[date, str]]:
    """§5(f)(i) - Every day from receipt (excluded) to the deadline, with its count or why it does not count."""
    last, count = day_of(deadline), 0
    for day, closed in takewhile(lambda counted: counted[0] <= last, days.counted_from(day_of(received))):
        count += closed is None
        yield day, f"no business day: {closed}" if closed else f"business day {count}"
