"""What a paper says, as data: its statements, its tables, its arithmetic, and what it rests on.

A quantity in it is exact and knows how it is written: exactly, rounded, and for people. What the ledger does not know
is a BLANK, for somebody to fill in.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ledger import figures
from ledger.entries import Entry
from ledger.exact import Fraction
from ledger.figures import Figure
from projections.findings.every import findings
from projections.question import Question
from projections.sheets import Sheet

BLANK = "_" * 30
"""A line to fill in by hand: what no entry tells."""


@dataclass(frozen=True, slots=True)
class Unit:
    """How a quantity stands in a paper: exactly and rounded as in the JSON of the commands, and for people."""

    exactly: Callable[[Fraction], str]
    rounded: Callable[[Fraction], str]
    people: Callable[[Fraction], str]


DOLLARS = Unit(figures.exact, lambda value: figures.money(value)["amount"], figures.cents)
PRICE = Unit(figures.quantity, figures.per_share, figures.dollars)
SHARES = Unit(figures.quantity, figures.per_share, figures.shares)
RATE = Unit(figures.exact, figures.per_share, figures.rate)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in its unit."""

    value: Fraction
    unit: Unit

    @property
    def exactly(self) -> str:
        """The whole of it, unrounded."""
        return self.unit.exactly(self.value)

    @property
    def rounded(self) -> str:
        """Rounded half up once: dollars to the cent, everything else to six decimals."""
        return self.unit.rounded(self.value)

    @property
    def people(self) -> str:
        """As people read it."""
        return self.unit.people(self.value)

    @property
    def is_whole(self) -> bool:
        """Whether it is shown whole where it is rounded."""
        return Fraction(self.rounded) == self.value


Cell = Amount | str


def amount(told: Any, unit: Unit) -> Cell:
    """A quantity of an answer, which is text or `{amount, exact}`; a BLANK where the ledger cannot tell."""
    if told is None:
        return BLANK
    return Amount(Fraction(told["exact"] if isinstance(told, dict) else told), unit)


def known(text: str | None) -> str:
    """A word of the record, or a BLANK."""
    return text or BLANK


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing a paper states: under which clause, what, and its value."""

    clause: str
    says: str
    value: Cell = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, what of a row stands in it, and the unit where that is a quantity."""

    heading: str
    of: Callable[[Any], Any]
    unit: Unit | None = None

    def cell(self, row: Any) -> Cell:
        """What stands in it of a row."""
        told = self.of(row)
        return amount(told, self.unit) if self.unit else str(told)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a paper under their headings; `measured` are the columns of quantities, `name` is that of its sheet."""

    name: str
    title: str
    headings: tuple[str, ...]
    measured: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, name: str, title: str, columns: Sequence[Column], rows: Iterable[Any]) -> "Table":
        """A table of some rows."""
        return cls(
            name,
            title,
            tuple(column.heading for column in columns),
            tuple(column.unit is not None for column in columns),
            tuple(tuple(column.cell(row) for column in columns) for row in rows),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a paper that stands by itself, as a holder's own notice does; each begins a page."""

    title: str
    statements: tuple[Statement, ...] = ()
    tables: tuple[Table, ...] = ()
    closing: tuple[str, ...] = ()
    to_sign: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its title and clause, its parts, its arithmetic, notes that are for the file only, and provenance."""

    title: str
    clause: str
    parts: tuple[Part, ...]
    arithmetic: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()
    forms: tuple[str, ...] = ("csv", "xlsx", "pdf")
    late: Container[int] = ()

    @property
    def worked(self) -> tuple[str, ...]:
        """The arithmetic in lines, entries that came late marked."""
        return tuple(line for figure in self.arithmetic for line in figure.lines(self.late))

    def sheets(self) -> dict[str, Sheet]:
        """The paper as flat tables, what is exact beside what is rounded; those of several parts are put together."""
        tables: dict[str, Sheet] = {}
        for part in self.parts:
            here = part.title if len(self.parts) > 1 else ""
            for table in (*_statements(part), *part.tables):
                flat = _flat(table, here)
                before = tables.get(table.name)
                tables[table.name] = Sheet(flat.columns, (*before.rows, *flat.rows)) if before else flat
        more = {
            "arithmetic": Sheet(("arithmetic",), tuple((line,) for line in self.worked)),
            "notes for the file": Sheet(("note",), tuple((note,) for note in self.notes)),
            "provenance": Sheet(("what", "is"), self.provenance),
        }
        return tables | {name: sheet for name, sheet in more.items() if sheet.rows}


def _statements(part: Part) -> list[Table]:
    said: list[tuple[Cell, ...]]
    said = [(one.clause, one.says, one.value) for one in part.statements]
    said += [("", words, "") for words in part.closing]
    said += [("", line, BLANK) for line in TO_SIGN] if part.to_sign else []
    headings = ("clause", "statement", "value")
    return [Table("statements", "", headings, (False, False, True), tuple(said))] if said else []


EXACT, ROUNDED = "_exact", "_rounded"
"""How the two columns of a quantity end."""

TO_SIGN = ("By", "Name", "Title", "Date")
"""The lines under a paper that somebody signs."""


def _flat(table: Table, part: str) -> Sheet:
    """A table as text: a column that holds a quantity becomes two, what is exact and what is rounded."""
    columns: list[tuple[str, ...]] = [("part",)] if part else []
    columns += [
        (f"{name}{EXACT}", f"{name}{ROUNDED}") if two else (name,)
        for name, two in zip(map(_snake, table.headings), table.measured, strict=True)
    ]
    rows = []
    for row in table.rows:
        cells: list[tuple[str, ...]] = [(part,)] if part else []
        cells += [_written(cell, two) for cell, two in zip(row, table.measured, strict=True)]
        rows.append(tuple(text for texts in cells for text in texts))
    return Sheet(tuple(name for names in columns for name in names), tuple(rows))


def _snake(heading: str) -> str:
    return heading.lower().replace(" ", "_")


def _written(cell: Cell, two: bool) -> tuple[str, ...]:
    if isinstance(cell, Amount):
        return cell.exactly, cell.rounded
    return (cell, "") if two else (cell,)


def fact(question: Question, entry: int) -> Entry:
    """What an entry says now, corrected or not."""
    return question.book.timeline.facts[entry].entry


def findings_on(question: Question, entries: Iterable[int]) -> tuple[str, ...]:
    """The findings on some entries, in words: notes for the file, which no paper that leaves the house shows."""
    about = set(entries)
    return tuple(f"{one.clause} {one.says}" for one in findings(question) if about & set(one.entries))
