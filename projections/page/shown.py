"""What a page is made of before it is HTML: words, cards, tables and the like, every figure already written as text.

A template only arranges these. Each kind says by its `block` which macro of `blocks.html` shows it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Cell:
    """A cell of a table, or some words: the text, where it leads, and how it is marked beside its words."""

    text: str
    href: str | None = None
    mark: str = ""


Text = str | Cell

_DAYS = frozenset(
    {
        *("Accrues from", "Conversion Date", "Date", "Deliver by", "Due", "Effective", "From", "In force from"),
        *("Mailed", "Payable on", "Put right", "Recorded (New York)", "Since"),
    }
)
"""Columns of days, which no screen is too narrow to show whole."""


@dataclass(frozen=True)
class Words:
    """A paragraph; `mark` is note, warning or quiet, and never says more than the words do."""

    parts: Sequence[Text]
    mark: str = ""
    block: ClassVar = "words"


@dataclass(frozen=True)
class Card:
    """A figure by itself: its name, its value, its clause, what it is of, and where it is explained."""

    label: str
    value: str
    clause: Cell
    remark: str
    href: str
    mark: str = ""


@dataclass(frozen=True)
class Cards:
    """Figures side by side."""

    cards: Sequence[Card]
    block: ClassVar = "cards"


@dataclass(frozen=True)
class Table:
    """A table, a letter for each column: l(eft), r(ight), or n, not broken; `empty` is said without a row."""

    caption: str
    headings: Sequence[str]
    align: str
    rows: Sequence[Sequence[Text]]
    empty: str = "None."
    folded: bool = False
    block: ClassVar = "table"

    @classmethod
    def of(
        cls,
        caption: str,
        columns: Mapping[str, str],
        rows: Sequence[Sequence[Text]],
        empty: str,
        *,
        folded: bool = False,
    ) -> "Table":
        """A table from its headings, each with its letter; a folded one opens when asked for."""
        align = "".join("n" if name in _DAYS else letter for name, letter in columns.items())
        return cls(caption, list(columns), align, rows, empty, folded)


@dataclass(frozen=True)
class Pairs:
    """Facts by name: a description list."""

    pairs: Sequence[tuple[str, Sequence[Text]]]
    block: ClassVar = "pairs"


@dataclass(frozen=True)
class Quoted:
    """Text to be shown as it is, each line in its place."""

    text: str
    label: str
    block: ClassVar = "quoted"


@dataclass(frozen=True)
class Mark:
    """A place on a chart that leads to an entry, in whole units of its coordinates."""

    x: int
    y: int
    label_y: int
    label: str
    says: str
    href: str


@dataclass(frozen=True)
class Chart:
    """A step chart: its line as an SVG path, its ticks, and its marks, all reckoned in whole units."""

    title: str
    says: str
    width: int
    height: int
    line: str
    across: Sequence[tuple[int, str]]
    up: Sequence[tuple[int, str]]
    marks: Sequence[Mark]
    left: int
    right: int
    top: int
    bottom: int
    block: ClassVar = "chart"


@dataclass(frozen=True)
class Day:
    """A day of a notice: how it counts, and what happened on it."""

    day: str
    counted: str
    events: Sequence[tuple[str, Sequence[Text]]]
    mark: str = ""


@dataclass(frozen=True)
class Days:
    """What became of a notice, day by day."""

    label: str
    days: Sequence[Day]
    block: ClassVar = "days"


@dataclass(frozen=True)
class Branch:
    """A figure of an explanation: name, value, clause, how it came about, entries, readings, and its parts."""

    name: str
    value: str
    clause: Sequence[Cell]
    told: Sequence[str]
    entries: Sequence[Cell]
    readings: Sequence[Cell]
    parts: Sequence["Branch"]


@dataclass(frozen=True)
class Tree:
    """An explanation, which opens part by part."""

    root: Branch
    block: ClassVar = "tree"


@dataclass(frozen=True)
class Field:
    """A field of a form: the name it is sent under, its label, what is in it, and what may be chosen."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    required: bool = False
    lines: int = 0
    kind: str = "text"


@dataclass(frozen=True)
class Form:
    """A form; one that is posted carries hidden fields as well."""

    action: str
    button: str
    fields: Sequence[Field]
    hidden: Mapping[str, str] = field(default_factory=dict)
    post: bool = False
    label: str = ""
    block: ClassVar = "form"


Block = Words | Cards | Table | Pairs | Quoted | Chart | Days | Tree | Form


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading of its own; without a title it goes on where the page's own heading ends."""

    title: str
    blocks: Sequence[Block]
    id: str = ""


Row = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What an address answers: the JSON of `.json`, the rows of `.csv`, and the page itself, each made when asked."""

    data: Callable[[], dict[str, Any]]
    rows: Callable[[], Sequence[Row]]
    title: str
    sections: Callable[[], Sequence[Section]]
    status: int = 200
