"""§1 to §10 - The fold watched on the way to an answer: what it kept at every step, and moments within a day.

It is watched once for an explanation, however many figures that has, and keeps of every certificate and notice only
the versions there were of it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from ledger.clauses import dividends
from ledger.entries import Entry
from ledger.events import DividendPaid
from ledger.exact import Fraction
from ledger.figures import ZERO
from ledger.moments import day_of, end_of
from ledger.position.fold import advance, fold
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

    def note(self, place: int, pieces: Mapping[str, Piece]) -> None:
        """Note which pieces a step replaced; they are frozen, so that one left alone is the very same."""
        for name, piece in pieces.items():
            told = self.of.setdefault(name, [])
            if not told or told[-1][1] is not piece:
                told.append((place, piece))

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
        before = self._kept(0)
        for place, step in enumerate(question.steps, 1):
            advance(self.position, step)
            self.certificates.note(place, self.position.certificates)
            self.notices.note(place, self.position.notices)
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
        """The question, watched."""
        return cls(question.book, question.day, question.known_at)

    @property
    def steps(self) -> list[Step]:
        """What had happened by the end of the day, or by the moment within it, in order."""
        steps = super().steps
        return steps if self.count is None else steps[: self.count]

    @cached_property
    def position(self) -> Position:
        """What was so at the end of the day, or at the moment within it."""
        if self.count is None:
            return self.book.position_before(end_of(self.day))
        return fold(self.book.terms, self.book.timeline.days, self.steps)

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

    @cached_property
    def _due(self) -> dict[int, dict[str, Fraction]]:
        return defaultdict(dict)

    def due_before(self, move: Move[Kept], paid: DividendPaid) -> dict[str, Fraction]:
        """§2 - Dollars due on each certificate through a payment date before it was paid, reckoned once a payment."""
        due = self._due[move.step.number]
        if not due:
            for one in move.before.certificates.values():
                accrued = dividends.accrued(move.before.terms, one.shares, one.accrues_from, paid.payable_on)
                due[one.number] = max(accrued - one.paid, ZERO)
        return due

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
