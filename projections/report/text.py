"""Answers as text: aligned tables in which no digit is lost, and the line that says what was asked."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, TypeVar

import click

from ledger.figures import cents, shares
from ledger.moments import in_new_york
from projections.question import Question

_ALIGN = {"l": "left", "r": "right"}


CHANGED: dict[str, Any] = {"subsequent_indent": "  ", "break_on_hyphens": False, "break_long_words": False}
"""How a changed figure is wrapped: never within a number or a name."""

LONG = 1_000
"""Items from which on work takes long enough for a progress bar."""

Item = TypeVar("Item")


@contextmanager
def counting(length: int, label: str) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal where there is much to do; what is given is called for every item done."""
    quiet = length < LONG or not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=quiet) as shown:
        yield lambda: shown.update(1)


def progress(items: Iterable[Item], length: int, label: str) -> Iterator[Item]:
    """The items one by one, with a progress bar on a terminal where there are many."""
    with counting(length, label) as done:
        for item in items:
            yield item
            done()


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], align: str) -> str:
    """A table whose columns are aligned to the l(eft) or r(ight), a letter each; `none` where there is no row."""
    listed = [[("" if cell is None else str(cell)) for cell in row] for row in rows]
    if not listed:
        return "none"
    from tabulate import tabulate  # noqa: PLC0415 - an answer in JSON needs none

    # Left to itself tabulate would read 1000.10 as a number and print 1000.1.
    return tabulate(
        listed,
        headers=list(headings),
        tablefmt="plain",
        colalign=[_ALIGN[letter] for letter in align],
        disable_numparse=True,
    )


def section(title: str, body: str) -> str:
    """A titled part of an answer, its body indented."""
    return "\n".join([title, *(f"  {line}".rstrip() for line in body.split("\n")), ""])


def asked(question: Question) -> str:
    """What was asked, and of what: the day with its weekday, the moment known at, and the last entry known then."""
    return f"As of {question.day:%A %Y-%m-%d}, {known_at(question)} (entry {question.book.last})"


def known_at(question: Question) -> str:
    """The moment that a question is known at, in words."""
    return f"as known at {in_new_york(question.known_at)}" if question.known_at else "all that is recorded"


def in_shares(text: str | None) -> str:
    """Shares of an answer for people; `unknown` where the ledger cannot tell."""
    return shares(Fraction(text)) if text is not None else "unknown"


def in_cents(amount: dict[str, str]) -> str:
    """Dollars of an answer for people, rounded as the answer rounded them."""
    return cents(Fraction(amount["amount"]))
