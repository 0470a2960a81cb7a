"""Papers for tests: made from ledgers in memory, and asked what they state."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ledger.book import Book
from ledger.head import Head
from ledger.moments import parse_day
from projections.papers.content import Amount, Paper, Table
from projections.papers.every import made
from projections.question import Question

HEAD = Head(1, "0" * 64)
"""A head for papers of ledgers that are in no file."""

ASKED: tuple[tuple[str, ...], ...] = (
    ("2001-11-12", "conversion-statement", "N-2"),
    ("2003-12-31", "conversion-statement", "N-4"),
    ("2003-12-31", "certificate-of-adjustment", "18"),
    ("2003-12-31", "certificate-of-adjustment", "52"),
    ("2002-07-29", "redemption-notice", "R-1"),
    ("2004-03-31", "redemption-notice", "R-2", "Holder C"),
    ("2003-07-10", "record-date-notice", "D-1"),
    ("2004-11-25", "record-date-notice", "C-1"),
    ("2001-06-12", "dividend-register", "2001-06-10"),
    ("2002-12-31", "rollforward", "2001-12-31"),
    ("2003-12-31", "stockholder-list", "V-1"),
    ("2003-12-31", "stock-ledger"),
    ("2003-05-13", "reserve-letter"),
    ("2002-08-31", "turnaround-tally"),
    ("2003-12-31", "answers"),
)
"""Every kind of paper, asked for on days of the story."""


def paper(book: Book, day: str, name: str, *words: str) -> Paper:
    """A paper of a ledger in memory, on a day."""
    return made(Question.ask(book, parse_day(day)), HEAD, name, words)


def stated(made: Paper, part: int = 0) -> dict[str, Fraction | str]:
    """What a part of a paper states, by its words: exactly where it is a quantity."""
    return {
        one.says: one.value.value if isinstance(one.value, Amount) else one.value for one in made.parts[part].statements
    }


def table(made: Paper, name: str, part: int = 0) -> Table:
    """A table of a paper by its name."""
    return next(one for one in made.parts[part].tables if one.name == name)


def rows(made: Paper, name: str, part: int = 0) -> list[dict[str, Any]]:
    """The rows of a table by heading: exactly where it is a quantity."""
    told = table(made, name, part)
    return [
        {
            heading: cell.value if isinstance(cell, Amount) else cell
            for heading, cell in zip(told.headings, row, strict=True)
        }
        for row in told.rows
    ]


def exactly(told: Mapping[str, str]) -> Fraction:
    """Dollars of an answer, unrounded."""
    return Fraction(told["exact"])
