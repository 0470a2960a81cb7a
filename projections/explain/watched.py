"""§1 to §10 - The fold watched on the way to an answer: what it kept at every step, and moments within a day.

It is watched once for an explanation, however many figures that has, and keeps of every certificate and notice only
the versions there were of it, and of every dividend what was due before it was paid.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from ledger.entries import Entry
from ledger.events import DividendPaid
from ledger.exact import Fraction
from ledger.figures import ZERO
from ledger.kept.asked import AskedBook
from ledger.moments import day_of, end_of
from ledger.position.due import due_by_certificate
from ledger.position.fold import advance
from ledger.position.state import Position
from ledger.position.stock import Certificate, CommonStock, Notice
from ledger.terms import Terms
from ledger.timeline import Step
from projections.question import Question
from projections.trace import Move

Piece = TypeVar("Piece")


class Versions(Generic[Piece]):
    """Every version of every piece of one kind, each with the number of the step that put it in place."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.of: dict[str, list[tuple[int, Piece]]] = {}

    def note(self, place: int, name: str, piece: Piece) -> None:
        """Note a piece that a step put in place."""
        self.of.setdefault(name, []).append((place, piece))

    def at(self, place: int) -> "AtStep[Piece]":
        """The pieces as they were after a step."""
        return AtStep(self, place)


class AtStep(Mapping[str, Piece]):
    """The pieces as they were after a step."""

    def __init__(self, versions: Versions[Piece], place: int) -> None:
        """Look at the versions up to a step."""
        self._versions, self._place = versions, place

    def __getitem__(self, name: str) -> Piece:
        told = self._versions.of[name]
        index = bisect_right(told, self._place, key=lambda version: version[0])
        if not index:
            raise KeyError(name)
        return told[index - 1][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, told in self._versions.of.items() if told[0][0] <= self._place)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, eq=False)
class Kept:
    """What the fold kept at a point on the way: all that explanations look back at, `adjustments` by their number."""

    terms: Terms
    certificates: Mapping[str, Certificate]
    notices: Mapping[str, Notice]
    common: CommonStock
    into: Mapping[str, Fraction]
    adjustments: int
    issued: Fraction
    converted: Fraction
    redeemed: Fraction
    reacquired: Fraction


class Watch:
    """One pass over the fold: every step with what was kept before it and after it, and the versions of every piece."""

    def __init__(self, question: Question) -> None:
        """Watch the fold to the end of what is asked about."""
        self.position = Position(question.book.terms, question.book.timeline.days)
        self.certificates, self.notices = Versions[Certificate](), Versions[Notice]()
        self.moves: list[Move[Kept]] = []
        self.due: dict[int, tuple[dict[str, Fraction], Fraction]] = {}
        before = self._kept(0)
        for place, step in enumerate(question.steps, 1):
            if isinstance(step.fact, DividendPaid):
                due = due_by_certificate(self.position, step.fact.payable_on)
                self.due[step.number] = due, sum(due.values(), ZERO)
            self.position.noted.clear()
            advance(self.position, step)
            for kind, name in self.position.noted:
                if kind == self.position.certificates.kind:
                    self.certificates.note(place, name, self.position.certificates[name])
                elif kind == self.position.notices.kind:
                    self.notices.note(place, name, self.position.notices[name])
            after = self._kept(place)
            self.moves.append(Move(step, before, after))
            before = after

    def _kept(self, place: int) -> Kept:
        position = self.position
        return Kept(
            position.terms,
            self.certificates.at(place),
            self.notices.at(place),
            position.common,
            position.into,
            len(position.adjustments),
            position.issued,
            position.converted,
            position.redeemed,
            position.reacquired,
        )


@dataclass(frozen=True)
class Watched(Question):
    """A question with the fold watched on the way to its answer; of a moment within a day it has `count` steps."""

    count: int | None = None

    @classmethod
    def of(cls, question: Question) -> "Watched":
        """The question, watched; one that is watched already is not watched again."""
        return question if isinstance(question, cls) else cls(question.book, question.day, question.known_at)

    @property
    def steps(self) -> list[Step]:
        """What had happened by the end of the day, or by the moment within it, in order."""
        steps = super().steps
        return steps if self.count is None else steps[: self.count]

    @cached_property
    def position(self) -> Position:
        """What was so at the end of the day, or at the moment within it."""
        if self.count is None and isinstance(self.book, AskedBook):
            return self.book.position_before(end_of(self.day))
        return self._watch.position

    @cached_property
    def _watch(self) -> Watch:
        return Watch(self)

    @property
    def moves(self) -> list[Move[Kept]]:
        """Every step, with what was kept before it and after it."""
        return self._watch.moves

    def changes(self, number: str) -> Iterator[tuple[Move[Kept], Certificate | None, Certificate]]:
        """Every step that changed a certificate, with the certificate before it (None at first) and after it."""
        before = None
        for place, after in self._watch.certificates.of.get(number, []):
            yield self.moves[place - 1], before, after
            before = after

    def due_before(self, number: int) -> tuple[dict[str, Fraction], Fraction]:
        """§2 - Dollars due on each certificate, and on all, through its payment date before a dividend was paid."""
        return self._watch.due[number]

    def before(self, number: int) -> "Watched":
        """The moment before an entry took effect."""
        place = next(place for place, step in enumerate(self.steps) if step.number == number)
        return self.upto(place, day_of(self.steps[place].at))

    def upto(self, count: int, day: date) -> "Watched":
        """The moment, on a day, after so many steps."""
        return replace(self, day=day, count=count)

    def fact(self, number: int) -> Entry:
        """What an entry says now, corrected or not."""
        return self.book.timeline.facts[number].entry
