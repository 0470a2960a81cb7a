"""The record replayed: every entry in the order it was recorded, with what it moved and what was found since.

A replay decides every entry again at its place, so that it answers to nothing but the entries themselves. The digest
after an entry stands for everything up to it: two replays of one record give the same ones.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.book import Book
from ledger.figures import quantity
from ledger.kept.asked import AskedBook
from ledger.kept.book import KeptBook
from ledger.kept.check import apart
from ledger.kept.positions import Kept
from ledger.moments import FIRST_DAY, ZONE, day_of, write_moment
from ledger.position.moved import Before, Moved
from ledger.position.state import Position
from ledger.position.way import Way
from ledger.timeline import ConversionDate, Recorded, Step
from projections.findings.every import open_findings
from projections.findings.finding import Finding
from projections.question import Question

NOTHING_YET = ""
"""The digest before the first entry that moves anything."""

FoundKey = tuple[str, tuple[int, ...]]


@dataclass(frozen=True)
class Replayed:
    """An entry with what it moved, the digest after it, and the findings it opened and closed."""

    item: Recorded
    late: bool
    moved: Moved
    digest: str
    opened: tuple[Finding, ...] = ()
    closed: tuple[Finding, ...] = ()
    conversion: datetime | None = None

    @property
    def event(self) -> str:
        """What happened: the entry's word, or the Conversion Date of the notice it is."""
        return ConversionDate.__name__ if self.conversion else self.item.entry.word

    @property
    def effective(self) -> str:
        """When it took effect: as the entry has it, or the instant of the Conversion Date in New York."""
        return write_moment(self.conversion.astimezone(ZONE) if self.conversion else self.item.entry.effective)

    def data(self, late: Container[int]) -> dict[str, Any]:
        """The entry's effect as JSON data, with the late ones of all entries marked where findings cite them."""
        return {
            "entry": self.item.number,
            "recorded": self.item.recorded.isoformat(),
            "effective": self.effective,
            "event": self.event,
            "ref": self.item.entry.ref,
            "late": self.late,
            "moved": [
                {"figure": name, "before": quantity(before), "after": quantity(after)}
                for name, (before, after) in self.moved.figures.items()
            ],
            "findings_opened": [one.data(late) for one in self.opened],
            "findings_closed": [one.data(late) for one in self.closed],
            "digest": self.digest,
        }


def replayed(book: Book | AskedBook, *, with_findings: bool = False) -> Iterator[Replayed]:
    """Every entry of a book in recorded order, decided again; the Refusal of the first that may not be recorded.

    Positions are kept on the way in tables of its own, so that a long record takes no more memory than a short one.
    Findings are those of the last day on which anything so far was ever to take effect.
    """
    digest, found = NOTHING_YET, dict[FoundKey, Finding]()
    with apart() as tables:
        anew = KeptBook(Kept.begun(tables, book.terms), book.begun, book.entry)
        for item in book.recorded_since(None):
            moved = anew.told(item)
            digest = moved.digest(digest)
            now = _found(_Moment(anew, anew.latest_day, None, anew.position)) if with_findings else found
            yield Replayed(item, anew.is_late(item.number), moved, digest, *_changed(found, now))
            found = now
            anew.write_in_time()


def in_effect(question: Question, *, with_findings: bool = False) -> Iterator[Replayed]:
    """What stands by the end of a day in the order in which it took effect, corrections applied.

    A Conversion Date has a line of its own, under the entry it is the receipt of.
    """
    book, found, digest = question.book, dict[FoundKey, Finding](), NOTHING_YET
    way = Way(Position(book.terms, book.days))
    for step in book.steps_in_turn(FIRST_DAY, question.day):
        before = Before(way.position)
        way.take(step)
        before.pieces = way.taken.pop().replaced
        moved = before.moved()
        digest = moved.digest(digest)
        now = _found(_Moment(book, day_of(step.at), None, way.position)) if with_findings else found
        late = step.number in book.late
        yield Replayed(_standing(book, step), late, moved, digest, *_changed(found, now), _conversion(step))
        found = now


def _standing(book: Book, step: Step) -> Recorded:
    """An entry as it says now, with when it was first recorded."""
    item, stands = book.entry(step.number), book.standing(step.number)
    assert stands is not None
    return item._replace(entry=stands.entry)


def _conversion(step: Step) -> datetime | None:
    return step.at if isinstance(step.fact, ConversionDate) else None


@dataclass(frozen=True)
class _Moment(Question):
    """A question whose answer has been reached on the way already."""

    reached: Position | None = None

    @property
    def position(self) -> Position:
        """The position reached."""
        assert self.reached is not None
        return self.reached


def _found(question: Question) -> dict[FoundKey, Finding]:
    return {(one.finding, one.entries[:1]): one for one in open_findings(question)}


def _changed(
    before: dict[FoundKey, Finding], now: dict[FoundKey, Finding]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    opened = tuple(one for key, one in now.items() if key not in before)
    return opened, tuple(one for key, one in before.items() if key not in now)
