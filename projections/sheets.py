"""Answers as sheets: one flat table a question, what is exact beside what is rounded, for CSV and what reads it.

Money stands twice, in dollars: `..._exact` is the unrounded `n/d`, `..._rounded` is rounded half up to the cent. Shares
are exact.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.exact import Fraction
from ledger.figures import exact, per_share
from projections import accrued_dividends, asof, conversion_rate
from projections.findings.every import findings
from projections.holders import holders
from projections.obligations import obligations
from projections.payment_dates import by_payment_date
from projections.pending import pending_conversions, redemptions
from projections.question import Question

_NUMBER = re.compile(r"-?\d+([./]\d+)?", re.ASCII)
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula, and the mark that keeps it from it."""

COLUMNS = {
    "series": "figure unit exact rounded clause",
    "holders": "holder shares accrued_dividends$ convertible_into votes",
    "certificates": "certificate holder shares accrues_from accrued$ paid$ accrued_unpaid$ in_arrears$",
    "rate_history": "entry at clause cause factor rate_exact rate_rounded common_outstanding_before sold consideration$"
    " threshold new_shares old_shares amended_to late",
    "dividends": "payable_on due accrued$ paid$ unpaid$ state age",
    "pending_notices": "notice holder status surrendered shares telecopied conversion_date originals_received"
    " delivery_deadline transfer_agent_instructed common_due others_due fraction_in_cash"
    " dividends_due$ dividends_paid$",
    "redemptions": "redemption status mailed redemption_date noticed redeemed price$ paid$ unpaid$",
    "findings": "finding severity clause entries says since resolved late",
    "obligations": "obligation clause owed_by owed_to due state counted entries late",
}
"""The columns of every sheet; one that ends in $ is money, and becomes two."""

FIGURES = {
    "preferred.designated": ("shares", "§1"),
    "preferred.issued": ("shares", "§1"),
    "preferred.outstanding": ("shares", "§1"),
    "preferred.converted": ("shares", "§5"),
    "preferred.redeemed": ("shares", "§6"),
    "preferred.reacquired": ("shares", "§7"),
    "dividends.accrued_unpaid": ("dollars", "§2"),
    "dividends.in_arrears": ("dollars", "§2"),
    "dividends.due_on_conversion": ("dollars", "§2"),
    "dividends.next_payment_date": ("day", "§2"),
    "conversion_rate": ("Common Stock for one share", "§5(b)"),
    "common.outstanding": ("shares", "§5(e)(i)"),
    "common.authorized": ("shares", "§5(j)"),
    "common.reserve_required": ("shares", "§5(j)"),
    "common.reserve_available": ("shares", "§5(j)"),
    "liquidation_preference": ("dollars", "§3(e)(ii)"),
}
"""The figures of the series, by where `captable asof --json` has them, with unit and clause."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A flat table: its columns, and its rows as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def csv(self) -> str:
        """The sheet as CSV (RFC 4180, but for plain line ends) that no spreadsheet runs: see `safe`."""
        return "".join(",".join(map(_quoted, map(safe, row))) + "\n" for row in (self.columns, *self.rows))


def safe(cell: str) -> str:
    """A cell no spreadsheet takes for a formula: one that begins like one, or with ', gets a ' before it."""
    return f"'{cell}" if cell.startswith(_RUN) and not _NUMBER.fullmatch(cell) else cell


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\r\n') else cell


def sheet(columns: str, records: Iterable[Mapping[str, Any]]) -> Sheet:
    """A sheet of some records, of which a record may leave columns empty."""
    names = tuple(name for column in columns.split() for name in _split(column))
    return Sheet(names, tuple(tuple(flat.get(name, "") for name in names) for flat in map(_flat, records)))


def _split(column: str) -> tuple[str, ...]:
    return (f"{column[:-1]}_exact", f"{column[:-1]}_rounded") if column.endswith("$") else (column,)


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{name}_exact": value["exact"], f"{name}_rounded": value["amount"]}
        else:
            flat[name] = _cell(value)
    return flat


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(": ".join(one.values()) if isinstance(one, dict) else str(one) for one in value)
    return "" if value is None else str(value)


def series(question: Question, answer: Mapping[str, Any]) -> list[dict[str, str]]:
    """The figures of the series, each with its unit and clause, and both clocks of the question before them."""
    rows = [
        {"figure": "as_of", "unit": "day", "exact": answer["as_of"]},
        {"figure": "known_at", "unit": "instant", "exact": answer["known_at"] or ""},
    ]
    for figure, (unit, clause) in FIGURES.items():
        told: Any = answer
        for name in figure.split("."):
            told = told[name]
        rows.append({"figure": figure, "unit": unit, "clause": clause, **_value(told, unit)})
    for security, each in question.position.into.items():
        unit = f"{'dollars' if security.lower() == 'cash' else 'shares'} for one share"
        value = _value(exact(question.position.rate * each), unit)
        rows.append({"figure": f"conversion_rate.into[{security}]", "unit": unit, "clause": "§5(c) §5(d)", **value})
    return rows


def _value(told: Any, unit: str) -> dict[str, str]:
    if told is None or unit == "day":
        return {"exact": told or ""}
    if isinstance(told, dict) and "amount" in told:
        return {"exact": told["exact"], "rounded": told["amount"]}
    value = Fraction(told["exact"] if isinstance(told, dict) else told)
    return {"exact": exact(value), "rounded": per_share(value)}


def sheets(question: Question) -> dict[str, Sheet]:
    """Every sheet of a question, by name; the figures are those of `captable asof` and the commands beside it."""
    answer = asof.answer(question.book, question.day, question.known_at)
    history = [
        {
            **step,
            "rate_exact": step["exact"],
            "rate_rounded": step["per_share"],
            "late": [step["entry"]] if step["late"] else [],
        }
        for step in conversion_rate.history(question)
    ]
    records: dict[str, Iterable[Mapping[str, Any]]] = {
        "series": series(question, answer),
        "holders": holders(question),
        "certificates": accrued_dividends.by_certificate(question),
        "rate_history": history,
        "dividends": by_payment_date(question),
        "pending_notices": pending_conversions(question),
        "redemptions": redemptions(question),
        "findings": [one.data(question.book.late) for one in findings(question)],
        "obligations": [one.data(question.book.late) for one in obligations(question)],
    }
    return {name: sheet(columns, records[name]) for name, columns in COLUMNS.items()}
