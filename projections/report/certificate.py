"""The text of what belongs to the certificate: its clauses in our words, and the readings where it is silent."""

from collections.abc import Callable, Sequence
from datetime import time
from typing import Any

from ledger import figures
from ledger.entries import Entry
from ledger.moments import write_moment
from ledger.terms import Row
from projections.concordance import Belonging, Cited
from projections.question import Question
from projections.report.text import asked, paragraph, section, table

NO_LEDGER = "No ledger was named: its entries are left out."

_SHARES, _A_SHARE = (figures.shares, " shares"), (figures.dollars, " a share")
_PART = (figures.percent, "")
UNITS: dict[str, tuple[Callable[[Any], str], str]] = {
    "authorized_preferred": _SHARES,
    "designated_shares": _SHARES,
    "preferred_par_value": _A_SHARE,
    "stated_value": _A_SHARE,
    "common_par_value": _A_SHARE,
    "dividend_rate": (figures.percent, " a year"),
    "conversion_lot": _SHARES,
    "conversion_rate": (figures.rate, " Common a share"),
    "reorganization_votes": _PART,
    "threshold_price": _A_SHARE,
    "delivery_business_days": (str, " business days"),
    "redemption_notice_days": (str, " days"),
    "subsidiary_votes": _PART,
    "majority": _PART,
    "record_notice_business_days": (str, " business days"),
}
"""How the terms that have a unit are written; every other term is a day, a time or a name."""


def clauses(told: Sequence[Belonging], question: Question | None) -> str:
    """A clause and its parts, each with what belongs to it."""
    return "\n\n".join([_of(question), *map(_clause, told)])


def listed(told: Sequence[Belonging], question: Question | None) -> str:
    """Every clause with how much belongs to it alone, its parts having their own lines."""
    rows = ((one.clause.written, one.clause.title, *one.counts().values(), _unchecked(one)) for one in told)
    headings = ("clause", "title", *told[0].counts(), "no record checks")
    return f"The certificate, clause by clause\n{_of(question)}\n\n{table(headings, rows, align='llrrrrrrl')}"


def _of(question: Question | None) -> str:
    return asked(question) if question else NO_LEDGER


def _unchecked(one: Belonging) -> str:
    if not one.clause.unchecked:
        return ""
    return "a part of it" if one.code else "any of it"


def _clause(one: Belonging) -> str:
    told = one.clause
    said = [f"{told.written}  {told.title}", _filled(told.summary)]
    if told.unchecked:
        said.append(_filled(f"No record checks {_unchecked(one)}: {told.unchecked}"))
    parts = {
        "Terms": table(("term", "value", "in force from"), [_term(*row) for row in one.terms.items()], align="lll"),
        "Readings": "\n".join(_reading(own.id, own.question, taken) for own, taken in one.readings),
        "Code": "\n".join(map(_piece, one.code)),
        "Tests": "\n".join(map(_piece, one.tests)),
        "Kinds of entry": "\n".join(map(_piece, one.kinds)),
        "Entries": table(
            ("entry", "effective", "event", ""), [_entry(*row) for row in one.entries or ()], align="rlll"
        ),
    }
    there = {title: body for title, body in parts.items() if body not in ("", "none")}
    return "\n".join([*said, "", *(section(title, body) for title, body in there.items())]).rstrip()


def _filled(text: str) -> str:
    return paragraph(text, "  ", "  ")


def _term(name: str, row: Row[Any]) -> tuple[str, str, str]:
    return name, term(name, row), str(row.in_force_from or "")


def term(name: str, row: Row[Any]) -> str:
    """A term for people, with its unit."""
    if name in UNITS:
        write, unit = UNITS[name]
        return f"{write(row.value)}{unit}"
    if isinstance(row.value, time):
        return f"{row.value:%H:%M}"
    if isinstance(row.value, tuple):
        return ", ".join(one if isinstance(one, str) else "{:02}-{:02}".format(*one) for one in row.value)
    return str(row.value)


def _reading(name: str, question: str, taken: str) -> str:
    return f"{name}  {question}\n{_filled(taken)}"


def _piece(one: Cited) -> str:
    return f"{one.name}  {one.file}:{one.line}\n{_filled(one.says)}"


def _entry(number: int, entry: Entry, late: bool) -> tuple[str, ...]:
    return str(number), write_moment(entry.effective), entry.word, "late" if late else ""


def readings(question: Question, rows: Sequence[dict[str, Any]]) -> str:
    """Every reading in a paragraph, with what the alternatives would give in numbers."""
    said = ["Readings", asked(question), "", *([] if rows else ["none"])]
    for one in rows:
        said += [f"{one['reading']}  {one['clause']}", paragraph(one["question"], "  ")]
        for name in ("taken", "detail", "rejected", "moves"):
            if one[name]:
                said.append(paragraph(f"{name}: {one[name]}", "  ", "    "))
        for other in one["alternatives"]:
            said += [f"  under {other['choice']!r} this ledger would say:", *_alternative(other)]
    return "\n".join(said)


def _alternative(other: dict[str, Any]) -> list[str]:
    if other["refused"]:
        because = f"entry {other['refused']['entry']} could not have been recorded: {other['refused']['because']}"
        return [paragraph(because, "    ", "      ")]
    if not other["figures"]:
        return ["    the same, to the last figure"]
    return [
        paragraph(f"{one['figure']}: {one['before'] or 'nothing'} -> {one['after'] or 'nothing'}", "    ", "      ")
        for one in other["figures"]
    ]
