"""The text of a rollforward: a table a quarter, and one of the whole time."""

from collections.abc import Sequence

from ledger.figures import cents, shares
from projections.question import Question
from projections.report.text import asked, section, table
from projections.rollforward import MEASURES, Measured, Period

HEADINGS = ("", "shares", "Stated Value", "accrued", "both", "due on conversion", "redemption price")


def rollforward(question: Question, periods: Sequence[Period], all_of_it: Period) -> str:
    """Every quarter, then the whole; a line that moved nothing is left out."""
    said = ["Rollforward of Series H", asked(question), ""]
    said += [section(f"After {one.after} through {one.through}", _lines(one)) for one in periods]
    if len(periods) > 1:
        said.append(section(f"In all, after {all_of_it.after} through {all_of_it.through}", _lines(all_of_it)))
    return "\n".join(said).rstrip()


def _lines(period: Period) -> str:
    rows = (
        (line, shares(moved["shares"]), *(cents(moved[name]) for name in MEASURES[1:]))
        for line, moved in period.lines.items()
        if shown(line, moved)
    )
    return table(HEADINGS, rows, align="lrrrrrr")


def shown(line: str, moved: Measured) -> bool:
    """Whether a line is worth its place: it moved something, or it opens or closes."""
    return line in ("opening", "closing") or any(moved.values())
