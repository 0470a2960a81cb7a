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
from ledger.kept.tables import Kept
from ledger.position.moved import Moved
from ledger.timeline import Recorded

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line: the entry it is, and whether it was new or had been recorded before under its ref."""

    entry: Recorded
    new: bool
    moved: Moved | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a recording did: every line's outcome, the headline figures before and after it, and the head it left.

    `unwritten` says at which places that head could not be written down, and why. `kept` is what was kept of positions
    with what they are since, where it was decided by that.
    """

    outcomes: list[Outcome]
    before: dict[str, Fraction]
    after: dict[str, Fraction]
    head: Head | None = None
    unwritten: Mapping[Path, str] = field(default_factory=dict)
    kept: Kept | None = None

    @property
    def new(self) -> list[Recorded]:
        """The entries that were not recorded before."""
        return [outcome.entry for outcome in self.outcomes if outcome.new]

    def data(self) -> dict[str, Any]:
        """The receipt as JSON data."""
        entries = [
            {"entry": outcome.entry.number, "new": outcome.new, "ref": outcome.entry.entry.ref}
            for outcome in self.outcomes
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
            moved = book.admit(item)
            yield Outcome(item, new=True, moved=moved, late=book.is_late(item.number))
        except Refusal as refusal:
            refusal.place = place
            raise


def _next_instant(book: Book) -> datetime:
    """The recording clock: now, and always later than the entry before, though the machine's clock were put back."""
    return max(datetime.now(UTC), book.last_recorded + _TICK)
