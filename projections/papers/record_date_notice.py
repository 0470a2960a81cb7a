"""§10 - The notice of a record date or of an event: what it must specify, to whom it goes, and by when.

What the ledger knows of it are the dates that were set, the events that took effect, and the notices that were
recorded; what a notice must say beyond that is left for the Company to fill in.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from ledger.clauses import notices
from ledger.errors import ActionMustBeKnown
from ledger.events import CommonStockReclassified, CommonStockSplit, RecordDateNoticeMailed, RecordDateSet
from ledger.position.company import RecordDate, RecordNotice
from projections.outstanding_shares import shares_of
from projections.papers.content import (
    BLANK,
    SHARES,
    Column,
    Paper,
    Part,
    Statement,
    Table,
    fact,
    findings_on,
    known,
)
from projections.papers.stockholder_list import SET, particulars
from projections.question import Question

ADDRESSED = (
    Column("holder", lambda row: row["holder"]),
    Column("shares", lambda row: row["shares"], SHARES),
    Column("address", lambda row: known(row["address"])),
    Column("fax", lambda row: known(row["fax"])),
)
COUNTED = (Column("day", lambda row: f"{row[0]:%A %Y-%m-%d}"), Column("counts as", lambda row: row[1]))

RECORD = "the date on which any such record is to be taken for the purpose of such dividend, distribution or right"
DESCRIPTION = "a description of such dividend, distribution or right"
EFFECTIVE = (
    "the date on which any such reorganization, reclassification, recapitalization, transfer, merger, dissolution, "
    "liquidation or winding up is expected to become effective"
)
EXCHANGE = (
    "the time, if any, that is to be fixed, as to when the holders of record of Common Stock (or other securities) "
    "shall be entitled to exchange their shares of Common Stock (or other securities) for securities or other property "
    "deliverable upon such reorganization, reclassification, recapitalization, transfer, merger, dissolution, "
    "liquidation or winding up"
)


def record_date_notice(question: Question, action: str) -> Paper:
    """§10 - The notice of an action; ActionMustBeKnown where no date of it is known by the day asked about."""
    company = question.position.company
    owed = [one for one in company.record_dates if one.action == action]
    mailed = [one for one in company.record_notices if one.action == action]
    if not owed and not mailed:
        names = sorted(
            {
                *(one.action for one in company.record_dates if one.action),
                *(one.action for one in company.record_notices),
            }
        )
        raise ActionMustBeKnown(action=action, day=question.day, known=", ".join(names) or "none")
    days = question.position.days
    dates = mailed[-1].specified if mailed else tuple(one.on for one in owed)
    by, first = notices.mail_by(days, dates), min(dates)
    statements = (
        Statement("§10", "Action", action),
        *_specified(question, owed, mailed),
        Statement("§10", "Earliest date specified", f"{first:%A %Y-%m-%d}"),
        Statement("§10", "To be mailed by", f"{by:%A %Y-%m-%d}"),
        Statement("§10", "Mailed", f"{mailed[-1].mailed:%A %Y-%m-%d}" if mailed else BLANK),
    )
    counted = [(day, _counts(question, day, first)) for day in _before(first, by)]
    tables = (
        Table.of("holders", "To each holder of Series H Preferred Stock", ADDRESSED, _holders(question)),
        Table.of("business days", f"Business days prior to {first}", COUNTED, counted),
    )
    part = Part(f"Notice of {action}", statements, tables, (), True)
    entries = [*(one.entry for one in owed), *(one.entry for one in mailed)]
    title = f"Notice of record date: action {action}"
    return Paper(title, "§10", (part,), (), findings_on(question, entries), ("record-notice", "banks-open"))


def _specified(question: Question, owed: list[RecordDate], mailed: list[RecordNotice]) -> Iterator[Statement]:
    """§10 - The three things a notice specifies, each as far as an entry tells it."""
    record = [one for one in owed if one.what in SET]
    events = [one for one in owed if one.what not in SET]
    described = "; ".join(text for one in mailed if (text := _description(question, one)))
    yield Statement("§10(i)", RECORD, record[-1].on.isoformat() if record else BLANK)
    yield Statement("§10(i)", DESCRIPTION, known(described or _purpose(question, record)) if record else BLANK)
    # Only a record for a dividend or a right is known to have nothing to do with an event.
    alone = bool(record) and not events and all(one.what in ("dividend", "right") for one in record)
    otherwise = f"does not apply: the record is for a {record[-1].what}" if alone else BLANK
    yield Statement("§10(ii)", EFFECTIVE, events[-1].on.isoformat() if events else otherwise)
    if events:
        yield Statement("§10(ii)", "the event", described or _event(question, events[-1]))
    yield Statement("§10(iii)", EXCHANGE, otherwise)
    for one in mailed:
        dates = ", ".join(day.isoformat() for day in one.specified)
        yield Statement("§10", f"Dates specified by the notice of {one.mailed} (entry {one.entry})", dates)
    if described and not owed:
        yield Statement("§10", "What the notice describes", described)


def _description(question: Question, mailed: RecordNotice) -> str | None:
    entry = fact(question, mailed.entry)
    return entry.description if isinstance(entry, RecordDateNoticeMailed) else None


def _purpose(question: Question, record: list[RecordDate]) -> str:
    entry = fact(question, record[-1].entry) if record else None
    if not isinstance(entry, RecordDateSet) or entry.purpose is None or entry.security is None:
        return ""
    return f"{entry.purpose}, {entry.security}"


def _event(question: Question, event: RecordDate) -> str:
    entry = fact(question, event.entry)
    if isinstance(entry, CommonStockSplit):
        return f"a split of the Common Stock, {SHARES.people(entry.new_shares)} for {SHARES.people(entry.old_shares)}"
    return "a reclassification of the Common Stock" if isinstance(entry, CommonStockReclassified) else event.what


def _holders(question: Question) -> Iterator[dict[str, object]]:
    for holder, held in question.position.holdings().items():
        yield {"holder": holder, "shares": shares_of(held), **particulars(question, holder)}


def _before(first: date, by: date) -> list[date]:
    return [by + timedelta(days=place) for place in range((first - by).days)]


def _counts(question: Question, day: date, first: date) -> str:
    """§10 - Which business day prior to the first date a day is, or why it is none."""
    days = question.position.days
    closed = days.why_closed(day)
    return f"no business day: {closed}" if closed else f"{sum(map(days.is_open, _before(first, day)))} prior"
