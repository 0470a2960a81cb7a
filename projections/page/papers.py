"""The papers on the page: offered where they belong, and each a file at an address of its own.

The address is `/paper/NAME/WHICH.FORM`; a form is offered only where what writes it is installed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from ledger.moments import FIRST_DAY, day_of
from ledger.position.stock import Adjustment
from projections.page.asking import Asking
from projections.page.shown import Cell, Section, Table, Text
from projections.papers.errors import PaperMustBeKnown
from projections.papers.every import made
from projections.papers.forms import FORMS
from projections.papers.stockholder_list import SET

Offered = tuple[str, str, str | None]
"""What a paper is called on the page, its name, and which of its kind it is."""


@dataclass(frozen=True)
class File:
    """A paper as a browser is given it."""

    data: bytes
    media_type: str
    name: str


def file(asking: Asking, asked: str) -> File:
    """The file of a paper, asked for as NAME.FORM or NAME/WHICH.FORM; PaperMustBeKnown, or why it cannot be made."""
    stem, _, ending = asked.rpartition(".")
    form = FORMS.get(ending)
    if form is None:
        hint = "End the address with one of them."
        raise PaperMustBeKnown(paper=asked, known=f"the forms {', '.join(FORMS)}", hint=hint)
    name, *which = stem.split("/", 1)  # an id may hold a slash
    holder = asking.given.get("holder")
    words = [*which, *([holder] if holder is not None else [])]
    data = form.written(made(asking.question, asking.head, name, words))
    called = re.sub(r"[^\w.-]+", "-", "-".join((name, *words, asking.question.day.isoformat())))
    return File(data, form.media_type, f"{called}.{ending}")


def papers(asking: Asking, offered: Sequence[Offered]) -> list[Section]:
    """The papers that belong to a page, each in every form there is here; no section where none does."""
    forms = [form.name for form in FORMS.values() if form.is_installed]
    rows: list[list[Text]] = [
        [said, *(Cell(form, asking.link(_address(name, which, form))) for form in forms)]
        for said, name, which in offered
    ]
    headings = ("Paper", *(f"As {form}" for form in forms))
    return (
        [Section("Papers", [Table("Papers to hand out", headings, "l" * len(headings), rows)], "papers")]
        if rows
        else []
    )


def _address(name: str, which: str | None, form: str) -> str:
    asked = name if which is None else f"{name}/{quote(which, safe='')}"
    return f"/paper/{asked}.{form}"


def of_position() -> list[Offered]:
    """§5(j) - The reserve letter."""
    return [("Reserve letter", "reserve-letter", None)]


def of_rate(adjustments: Sequence[Adjustment]) -> list[Offered]:
    """§5(e)(i) - A certificate for every entry that adjusted the rate."""
    steps = {str(step.entry): day_of(step.at) for step in adjustments}
    return [
        (f"Certificate of adjustment, {day} (entry {entry})", "certificate-of-adjustment", entry)
        for entry, day in steps.items()
    ]


def of_dividends(dates: Sequence[dict[str, Any]]) -> list[Offered]:
    """§2 - A register for every payment date, the latest first."""
    days = [one["payable_on"] for one in reversed(dates)]
    return [(f"Dividend register, {day}", "dividend-register", day) for day in days]


def of_conversions(asking: Asking, notices: Sequence[dict[str, Any]]) -> list[Offered]:
    """§5(f) - A statement for every notice, and the month's tally."""
    numbers = [one["notice"] for one in notices]
    tally = (f"Turnaround tally, {asking.question.day:%B %Y}", "turnaround-tally", None)
    return [*((f"Conversion statement, notice {one}", "conversion-statement", one) for one in numbers), tally]


def of_redemptions(redemptions: Sequence[dict[str, Any]]) -> list[Offered]:
    """§6 - The notices of every redemption, a part for each holder."""
    numbers = [one["redemption"] for one in redemptions]
    return [(f"Redemption notice, {one}", "redemption-notice", one) for one in numbers]


def of_obligations(asking: Asking) -> list[Offered]:
    """§10 - The notice of every action that has a date of record."""
    company = asking.question.position.company
    dated = {one.action for one in company.record_dates if one.action}
    actions = dated | {one.action for one in company.record_notices}
    return [(f"Notice of record date, {one}", "record-date-notice", one) for one in sorted(actions)]


def of_register(asking: Asking) -> list[Offered]:
    """§1 §4 §10 - The stock ledger, the holders of the day and of each record date, and the rollforwards to the day."""
    day = asking.question.day
    listed: list[Offered] = [
        (f"List of stockholders, {day}", "stockholder-list", None),
        ("Stock ledger", "stock-ledger", None),
    ]
    company = asking.question.position.company
    dates = {one.action: one.on for one in company.record_dates if one.action and one.what in SET}
    listed += [
        (f"List of stockholders on {on}, the record date of {action}", "stockholder-list", action)
        for action, on in sorted(dates.items())
    ]
    openings = dict.fromkeys(_openings(day))
    return [*listed, *((f"Rollforward after {first}", "rollforward", str(first)) for first in openings)]


def _openings(day: date) -> Iterator[date]:
    """The ends of the quarter and of the year before a day, as far back as the calendar goes."""
    for month in (day.month - (day.month - 1) % 3, 1):
        end = date(day.year, month, 1) - timedelta(days=1)
        if end >= FIRST_DAY:
            yield end
