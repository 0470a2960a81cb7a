"""§5(f)(i) - A notice explained: its Conversion Date, what it is due, and its deadline counted day by day."""

from datetime import datetime
from itertools import takewhile

from ledger.clauses.business_days import BusinessDays
from ledger.errors import NoticeMustBeKnown
from ledger.events import NoticeCompleted
from ledger.figures import Figure, cents, exact, rate, shares
from ledger.moments import day_of, in_new_york
from ledger.position.state import Notice
from projections.question import Question


def notice(question: Question, number: str) -> Figure:
    """§5(f)(i) - A notice's state, Conversion Date, entitlement and deadline; NoticeMustBeKnown where it is unknown."""
    position = question.position
    found = position.notices.get(number)
    if found is None:
        known = ", ".join(sorted(position.notices)) or "none"
        raise NoticeMustBeKnown(notice=number, day=question.day, known=known)
    parts = [_conversion_date(found, position.days)]
    if found.conversion:
        parts += [_common_due(found), _dividends_due(found), _deadline(found, position.days)]
    parts += [_happening(word, entry, at) for word, entry, at in found.happened]
    listed = ", ".join(f"{shares(item.shares)} of {item.certificate}" for item in found.listed)
    return Figure(
        f"notice {found.id} of {found.holder} on {question.day}",
        found.status(),
        "§5(f)(i)",
        f"{shares(found.shares)} shares: {listed}",
        (found.entry,),
        parts=tuple(parts),
    )


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


def _common_due(found: Notice) -> Figure:
    total = found.shares * found.rate
    working = f"{shares(found.shares)} shares x {rate(found.rate)} (exactly {exact(found.rate)}) = {shares(total)}"
    if found.fraction_in_cash:
        working += f"; {shares(found.fraction_in_cash)} of a share in cash"
    for security, amount in found.others_due.items():
        working += f"; and {shares(amount)} of {security} (§5(d))"
    if found.common_due not in (total, total - found.fraction_in_cash):
        working += f"; {shares(found.common_due)} after the splits since"
    return Figure("Common due", shares(found.common_due), "§5(b) §5(h)", working, readings=("fractions",))


def _dividends_due(found: Notice) -> Figure:
    parts = tuple(
        Figure(f"certificate {item.certificate}", cents(item.due), "§2", f"exactly {exact(item.due)} dollars")
        for item in found.taken
    )
    working = f"{cents(found.dividend_paid)} of it paid"
    return Figure("dividends due", cents(found.dividend_due), "§2", working, (), ("conversion-accrual",), parts)


def _deadline(found: Notice, days: BusinessDays) -> Figure:
    deadline = found.deadline(days)
    received = found.originals_count_from(days)
    if found.originals is None or received is None or deadline is None:
        return Figure("delivery deadline", "none yet", "§5(f)(i)", "the originals have not come")
    working = f"originals came {in_new_york(found.originals)}, received {in_new_york(received)}"
    return Figure(
        "delivery deadline",
        in_new_york(deadline),
        "§5(f)(i)",
        working,
        readings=("delivery-window", "banks-open", "instruction-cures"),
        parts=_counted(days, received, deadline),
    )


def _counted(days: BusinessDays, received: datetime, deadline: datetime) -> tuple[Figure, ...]:
    last, count, parts = day_of(deadline), 0, []
    for day, closed in takewhile(lambda counted: counted[0] <= last, days.counted_from(day_of(received))):
        count += closed is None
        value = f"no business day: {closed}" if closed else f"business day {count}"
        parts.append(Figure(f"{day:%A %Y-%m-%d}", value, "§5(f)(i)"))
    return tuple(parts)
