"""§5(f)(i) - The month's tally of the three business days: received, turned around in time, late, and aged.

A notice is received when its originals count as received (reading delivery-window), and turned around when its Common
Stock is delivered. What was carried in and what was received is, in sum, what was turned around, revoked, and is open.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ledger.clauses import conversion
from ledger.moments import as_instant, day_of, end_of, in_new_york
from ledger.position.stock import Notice
from projections.papers.content import SHARES, Column, Paper, Part, Statement, Table
from projections.question import Question

IN_TIME, INSTRUCTED, LATE, REVOKED = "in time", "instructed in time", "late", "revoked"
NOT_YET_DUE, AGED = "not yet due", "aged"

TALLIED = (
    (IN_TIME, "Turned around in time"),
    (INSTRUCTED, "Turned around later, the transfer agent instructed in time"),
    (LATE, "Not turned around in time"),
    (REVOKED, "Revoked by the holder"),
    (NOT_YET_DUE, "Open at the end, not yet due"),
    (AGED, "Open at the end and aged: past the last business day"),
)
"""What becomes of a notice, and how the tally says so."""


@dataclass(frozen=True)
class Item:
    """§5(f)(i) - A notice of the tally: when it was received and due, when it was done, and what became of it."""

    notice: Notice
    received: datetime
    deadline: datetime
    done: datetime | None
    outcome: str
    days_past: int
    carried: bool


COLUMNS = (
    Column("notice", lambda item: item.notice.id),
    Column("holder", lambda item: item.notice.holder),
    Column("shares", lambda item: item.notice.shares, SHARES),
    Column("received", lambda item: in_new_york(item.received)),
    Column("carried in", lambda item: "yes" if item.carried else "no"),
    Column("deliver by", lambda item: in_new_york(item.deadline)),
    Column("agent instructed", lambda item: _instant(item.notice.instructed)),
    Column("done", lambda item: _instant(item.done)),
    Column("outcome", lambda item: item.outcome),
    Column("business days past due", lambda item: item.days_past),
)


def turnaround_tally(question: Question) -> Paper:
    """§5(f)(i) - The tally of the month in which the day asked about lies, from its first day through that day."""
    first = question.day.replace(day=1)
    found = items(question)
    counted = Counter(item.outcome for item in found)
    carried = sum(item.carried for item in found)
    window = question.position.terms.delivery_business_days.value
    statements: tuple[Statement, ...] = (
        Statement("§5(f)(i)", "From", first.isoformat()),
        Statement("§5(f)(i)", "Through", question.day.isoformat()),
        Statement("§5(f)(i)", "Business days for delivery, as now in force", str(window)),
        Statement("§5(f)(i)", "Carried in from earlier months", str(carried)),
        Statement("§5(f)(i)", "Received in the month", str(len(found) - carried)),
        *(Statement("§5(f)(i)", says, str(counted[outcome])) for outcome, says in TALLIED),
    )
    readings = ("delivery-window", "banks-open", "after-hours", "instruction-cures")
    part = Part("Tally", statements, (Table.of("notices", "Notices of Conversion", COLUMNS, found),))
    title = f"Turnaround tally of Notices of Conversion, {first:%B %Y} through {question.day}"
    return Paper(title, "§5(f)(i)", (part,), readings=readings)


def items(question: Question) -> list[Item]:
    """§5(f)(i) - The notices received in the month, and those carried into it, in the order they were received."""
    begins = as_instant(question.day.replace(day=1))
    found = (_item(question, notice, begins) for notice in question.position.notices.values())
    return sorted((item for item in found if item), key=lambda item: (item.received, item.notice.entry))


def _item(question: Question, notice: Notice, begins: datetime) -> Item | None:
    days = question.position.days
    received, deadline = notice.originals_count_from(days), notice.deadline(days)
    if received is None or deadline is None or received >= end_of(question.day):
        return None
    done = notice.delivered.at if notice.delivered else notice.revoked
    # What was delivered before its originals came is turned around when it is received.
    done = max(done, received) if done else None
    if done and done < begins:
        return None
    outcome = _outcome(question, notice, deadline, done)
    until = day_of(done) if done else question.day
    past = (day_of(deadline) + timedelta(days=ahead) for ahead in range(1, (until - day_of(deadline)).days + 1))
    return Item(notice, received, deadline, done, outcome, sum(map(days.is_open, past)), received < begins)


def _outcome(question: Question, notice: Notice, deadline: datetime, done: datetime | None) -> str:
    if notice.revoked:
        return REVOKED
    if done is None:
        return NOT_YET_DUE if end_of(question.day) <= deadline else AGED
    if done <= deadline:
        return IN_TIME
    return INSTRUCTED if conversion.instruction_cures(question.position.terms, notice.instructed, deadline) else LATE


def _instant(instant: Any) -> str:
    return in_new_york(instant) if instant else ""
