"""§4 §6 §10 - Holders in a paper: where a notice goes, and the list of stockholders at a record date."""

from dataclasses import replace
from datetime import date
from typing import Any

from ledger.errors import ActionMustBeKnown
from projections.holders import holders
from projections.outstanding_shares import certificates, series
from projections.papers.content import (
    DOLLARS,
    SHARES,
    Column,
    Paper,
    Part,
    Statement,
    Table,
    amount,
    known,
)
from projections.question import Question

LISTED = (
    Column("holder", lambda row: row["holder"]),
    Column("name", lambda row: known(row["name"])),
    Column("address", lambda row: known(row["address"])),
    Column("shares", lambda row: row["shares"], SHARES),
    Column("votes", lambda row: row["votes"], SHARES),
    Column("accrued dividends", lambda row: row["accrued_dividends"], DOLLARS),
)
CERTIFICATES = (
    Column("certificate", lambda row: row["certificate"]),
    Column("holder", lambda row: row["holder"]),
    Column("shares", lambda row: row["shares"], SHARES),
    Column("accrues from", lambda row: row["accrues_from"]),
)


def addressed(question: Question, holder: str) -> tuple[Statement, ...]:
    """Where a paper to a holder goes, as registered."""
    told = particulars(question, holder)
    return (Statement("", "Address", known(told["address"])), Statement("", "Fax", known(told["fax"])))


def particulars(question: Question, holder: str) -> dict[str, str | None]:
    """A holder's name, address and fax as registered, None where they were not."""
    told = question.position.holders.get(holder)
    return {field: told.says.get(field) if told else None for field in ("name", "address", "fax")}


def stockholder_list(question: Question, action: str | None = None) -> Paper:
    """§4 §10(a) - The holders of record on the day asked about, or on the record date that was set for an action."""
    if action is not None:
        question = replace(question, day=record_date(question, action))
    rows: list[dict[str, Any]] = [{**one, **particulars(question, one["holder"])} for one in holders(question)]
    told = series(question.position)
    statements = (
        Statement("§4 §10(a)", "Holders of record at the end of", question.day.isoformat()),
        Statement("§1", "Shares outstanding", amount(told["outstanding"], SHARES)),
        Statement("§1", "Holders", str(len(rows))),
    )
    tables = (
        Table.of("holders", "Holders", LISTED, rows),
        Table.of("certificates", "Certificates", CERTIFICATES, certificates(question.position.live())),
    )
    title = f"List of the holders of Series H Preferred Stock on {question.day}"
    return Paper(title, "§4", (Part("Holders of record", statements, tables),), readings=("lot", "votes"))


def record_date(question: Question, action: str) -> date:
    """§4 §10(a) - The record date last set for an action; ActionMustBeKnown where none was."""
    dates = question.position.company.record_dates
    of = {one.action: one.on for one in dates if one.action and one.what in SET}
    if action not in of:
        raise ActionMustBeKnown(action=action, day=question.day, known=", ".join(sorted(of)) or "none")
    return of[action]


SET = ("vote", "dividend", "right", "other")
"""§4 §10(a) - What a record is taken for; everything else in the list of dates is an event itself."""
