"""Answers as text: aligned tables in which no digit is lost, and the line that says what was asked.

On a terminal an answer keeps to its width and marks in colour what is in breach; in a file or a pipe it is always the
same text.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, zip_longest
from typing import TypeVar

import click

from ledger.figures import answered_cents, answered_shares
from ledger.moments import in_new_york
from projections.question import Question

_INDENT = "  "
_BETWEEN = "  "
_COLUMN = 20  # columns that words need at least to be read beside figures

WIDEST = 100
"""The columns that a paragraph takes at most."""

LONG = 1_000
"""Items from which on work takes long enough for a progress bar."""

Item = TypeVar("Item")


@contextmanager
def counting(length: int, label: str, long: int | None = None) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal for `long` items or more; what is given is called for every item done."""
    quiet = length < (long or LONG) or not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=quiet) as shown:
        yield lambda: shown.update(1)


def progress(items: Iterable[Item], length: int, label: str, long: int | None = None) -> Iterator[Item]:
    """The items one by one, with a progress bar on a terminal where there are many."""
    with counting(length, label, long) as done:
        for item in items:
            yield item
            done()


def _room() -> int | None:
    """The columns of the terminal; None where the answer goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    import shutil  # noqa: PLC0415 - it loads every compressor there is, for whoever sits before a terminal

    return shutil.get_terminal_size().columns


def paragraph(text: str, first: str = "", rest: str = "") -> str:
    """Words as a paragraph with its indentation, broken at spaces alone: never within a number, a day or a name."""
    return _broken(text, min(WIDEST, _room() or WIDEST), first, rest)


def fitted(text: str) -> str:
    """An answer with every line folded to the terminal's width, its indentation kept; as it is where there is none."""
    room = _room()
    return text if room is None else "\n".join(_folded(line, room) for line in text.split("\n"))


def say(text: str) -> None:
    """Print an answer, fitted to where it goes."""
    click.echo(fitted(text))


def _folded(line: str, room: int) -> str:
    if _shown(line) <= room:
        return line
    words = line.lstrip()
    indent = " " * min(len(line) - len(words), room // 2)
    return _broken(words, room, indent, f"{indent}  ")


def _broken(text: str, width: int, first: str, rest: str) -> str:
    import textwrap  # noqa: PLC0415 - whoever has no words to break need not wait for it

    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def alarming(text: str) -> str:
    """What is in breach or overdue, in colour on a terminal that wants any: https://no-color.org."""
    wanted = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return click.style(text, fg="red", bold=True) if wanted else text


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], align: str) -> str:
    """A table whose columns are aligned to the l(eft) or r(ight), a letter each; `none` where there is no row.

    Where the terminal is too narrow for it, its widest column of words is folded; where that does not do, its rows
    stand one under the other, a line for each of their cells.
    """
    listed = [[("" if cell is None else str(cell)) for cell in row] for row in rows]
    return "\n".join(table_lines(headings, lambda: listed, align)) if listed else "none"


Rows = Callable[[], Iterable[Sequence[str]]]
"""What gives the rows of a table from the first on, whenever it is asked: they need not be in memory."""


def table_lines(headings: Sequence[str], rows: Rows, align: str) -> Iterator[str]:
    """The lines of a table as `table` tells it; its rows are gone through first to find how wide its columns are."""
    room, made = _room(), rows
    if room is not None:
        within = room - len(_INDENT)
        over = max(map(_shown, _aligned(headings, rows, align))) - within
        if over > 0:
            made = _narrowed(rows, align, over)
            if max(map(_shown, _aligned(headings, made, align))) > within:
                return _one_under_the_other(headings, rows, within)
    return _aligned(headings, made, align)


def _aligned(headings: Sequence[str], rows: Rows, align: str) -> Iterator[str]:
    """Lines of cells padded to the widest of their columns; a folded one stands in several lines."""
    # A column is a little wider than its heading, so that headings of short figures do not run together.
    widths = [len(heading) + len(_BETWEEN) for heading in headings]
    for line in _lines(rows()):
        widths = list(map(max, widths, map(_shown, line)))
    for line in _lines(chain([headings], rows())):
        yield _BETWEEN.join(map(_padded, line, widths, align)).rstrip()


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The lines of rows, each a piece of every cell; a cell of several lines is cut."""
    for row in rows:
        yield from zip_longest(*(cell.strip().split("\n") for cell in row), fillvalue="")


def _padded(text: str, width: int, letter: str) -> str:
    pad = " " * (width - _shown(text))
    return f"{pad}{text}" if letter == "r" else f"{text}{pad}"


def _shown(text: str) -> int:
    """The columns that a text takes: what colours it takes none."""
    return len(click.unstyle(text)) if "\x1b" in text else len(text)


def _width(text: str) -> int:
    return max(_shown(line.rstrip()) for line in text.split("\n"))


def _narrowed(rows: Rows, align: str, over: int) -> Rows:
    """Rows whose widest column of words is folded to be so much narrower, or to what is still a column of words."""
    widths = [0] * len(align)
    for row in rows():
        widths = [
            max(width, _width(cell)) if letter == "l" else 0
            for width, cell, letter in zip(widths, row, align, strict=True)
        ]
    place = widths.index(max(widths))
    least = max(widths[place] - over, _COLUMN)
    return lambda: (
        [_broken(cell, least, "", "") if at == place else cell for at, cell in enumerate(row)] for row in rows()
    )


def _one_under_the_other(headings: Sequence[str], rows: Rows, within: int) -> Iterator[str]:
    """The lines of rows that stand one under the other, with an empty one between two of them."""
    for place, row in enumerate(rows()):
        if place:
            yield ""
        yield from _stacked(headings, row, within)


def _stacked(headings: Sequence[str], row: Sequence[str], within: int) -> Iterator[str]:
    """A row as lines: each cell beside its heading, or where that is too long, under it."""
    widest = max(map(len, headings))
    for heading, cell in zip(headings, row, strict=True):
        if cell and widest + len(_INDENT) + _shown(cell) <= within:
            yield f"{heading:<{widest}}{_INDENT}{cell}"
        elif cell:
            yield from filter(None, (heading, f"{_INDENT}{cell}"))


def section(title: str, body: str) -> str:
    """A titled part of an answer, its body indented."""
    return "\n".join([title, *(f"{_INDENT}{line}".rstrip() for line in body.split("\n")), ""])


def asked(question: Question) -> str:
    """What was asked, and of what: the day with its weekday, the moment known at, and the last entry known then."""
    return f"As of {question.day:%A %Y-%m-%d}, {known_at(question)} (entry {question.book.last})"


def known_at(question: Question) -> str:
    """The moment that a question is known at, in words."""
    return f"as known at {in_new_york(question.known_at)}" if question.known_at else "all that is recorded"


def in_shares(text: str | None) -> str:
    """Shares of an answer for people; `unknown` where the ledger cannot tell."""
    return answered_shares(text) if text is not None else "unknown"


def in_cents(amount: dict[str, str]) -> str:
    """Dollars of an answer for people, rounded as the answer rounded them."""
    return answered_cents(amount["amount"])
