"""What becomes of a journal: each of its entries decided in turn, and what the recording of them did in all."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import Refusal
from ledger.exact import Fraction
from ledger.figures import quantity
from ledger.head import Head
from ledger.timeline import Recorded

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line: the entry it is, and whether it was new or had been recorded before under its ref."""

    entry: Recorded
    new: bool


@dataclass(slots=True)
class Receipt:
    """What a recording did: what became of every line, the headline figures before and after it, and the head it left.

    A journal may have a million lines, so only what its numbers do not tell is kept of them: which were `again`, with
    the entry each was, and their `refs`. `unwritten` says at which places the head could not be written down, and why;
    `unpublished` why what was recorded could not be published, where that is apart.
    """

    before: dict[str, Fraction]
    first: int
    after: dict[str, Fraction] = field(default_factory=dict)
    lines: int = 0
    again: dict[int, int] = field(default_factory=dict)
    refs: dict[int, str] = field(default_factory=dict)
    head: Head | None = None
    unwritten: Mapping[Path, str] = field(default_factory=dict)
    unpublished: str = ""

    @classmethod
    def begun(cls, book: Book) -> "Receipt":
        """The receipt for what is recorded next."""
        return cls(book.position.headline(), book.last + 1)

    @property
    def new(self) -> range:
        """The numbers of the entries that were not recorded before."""
        return range(self.first, self.first + self.lines - len(self.again))

    def add(self, outcome: Outcome) -> None:
        """Take down what became of the next line."""
        if not outcome.new:
            self.again[self.lines] = outcome.entry.number
        if outcome.entry.entry.ref is not None:
            self.refs[self.lines] = outcome.entry.entry.ref
        self.lines += 1

    def numbers(self) -> Iterator[int]:
        """The entry that each line is, in the order of the lines."""
        coming = iter(self.new)
        return (self.again[line] if line in self.again else next(coming) for line in range(self.lines))

    def data(self) -> dict[str, Any]:
        """The receipt as JSON data."""
        entries = [
            {"entry": number, "new": line not in self.again, "ref": self.refs.get(line)}
            for line, number in enumerate(self.numbers())
        ]
        before, after = ({name: quantity(value) for name, value in told.items()} for told in (self.before, self.after))
        head = self.head.data() if self.head else None
        return {"entries": entries, "before": before, "after": after, "head": head}


def decided_in_turn(book: Book, entries: Iterable[Entry], by: str | None) -> Iterator[Outcome]:
    """Decide entries one after the other; the Refusal of one says which it was, counted from 0."""
    for place, entry in enumerate(entries):
        try:
            before = book.acknowledged(entry)
            if before is not None:
                yield Outcome(before, new=False)
                continue
            item = Recorded(book.last + 1, _next_instant(book), entry, by)
            book.admit(item)
            yield Outcome(item, new=True)
        except Refusal as refusal:
            refusal.place = place
            raise


def _next_instant(book: Book) -> datetime:
    """The recording clock: now, and always later than the entry before, though the machine's clock were put back."""
    return max(datetime.now(UTC), book.last_recorded + _TICK)
