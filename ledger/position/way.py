"""The way to a position, step by step, each of which can be taken back.

A late entry takes its place among steps already taken: those after it are taken back, and taken again behind it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from ledger.moments import day_of
from ledger.position.fold import advance
from ledger.position.pieces import ABSENT, Key, whole
from ledger.position.state import LAW, LAW_KEY, SERIES, SERIES_KEY, Position
from ledger.timeline import Step, place

Judge = Callable[[Position, Step], None]
"""What raises a Refusal where a step cannot have happened."""

_ONCE = {LAW_KEY: slice(LAW), SERIES_KEY: slice(LAW, None)}


class Taken(NamedTuple):
    """A step that was taken, with what it replaced by its key, and the keys of the pieces that decided it.

    What there is once counts as two pieces; every step counts as looking at both. Of a step that was not judged it is
    not known what decides it: `read` is None.
    """

    step: Step
    replaced: dict[Key, Any]
    read: frozenset[Key] | None


class TakenBack(NamedTuple):
    """A step that was taken back, with what it had left of everything that it replaced."""

    taken: Taken
    left: dict[Key, Any]


@dataclass(slots=True)
class Way:
    """A position, and the last steps on the way to it, in order."""

    position: Position
    taken: list[Taken] = field(default_factory=list)

    @property
    def steps(self) -> list[Step]:
        """The steps that can be taken back, in order."""
        return [one.step for one in self.taken]

    def take(self, step: Step, judge: Judge | None = None) -> None:
        """Take a step; where it is judged, its Refusal leaves the position as it was."""
        position, noted = self.position, self.position.noted
        before = position.series()
        noted.read.clear()
        try:
            if judge is not None:
                judge(position, step)
            advance(position, step)
        except BaseException:
            self._put(reversed(noted.items()))
            position.put_back(before)
            noted.clear()
            raise
        replaced, after = dict(noted), position.series()
        if before != after:
            replaced |= {key: before[part] for key, part in _ONCE.items() if before[part] != after[part]}
        self.taken.append(Taken(step, replaced, frozenset(noted.read) if judge else None))
        noted.clear()

    def take_all(self, steps: Iterable[Step], judge: Judge | None = None) -> None:
        """Take steps one after the other, in the order given; the first Refusal leaves those before it taken."""
        for step in steps:
            self.take(step, judge)

    def back_to(self, count: int) -> list[TakenBack]:
        """Take steps back until so many are left; those taken back, in order."""
        back = []
        while len(self.taken) > count:
            one = self.taken.pop()
            back.append(TakenBack(one, {key: self.now(key) for key in one.replaced}))
            self._put(reversed(one.replaced.items()))
        return back[::-1]

    def take_again(self, back: Iterable[TakenBack]) -> None:
        """Take steps as they were taken before, where all that they looked at is as it was."""
        for one in back:
            self._put(one.left.items())
            self.taken.append(one.taken)

    def now(self, key: Key) -> Any:
        """A piece as it is; ABSENT where there is none."""
        if key in _ONCE:
            return self.position.series()[_ONCE[key]]
        return self.position.kinds[key[0]].get(key[1], ABSENT)

    def _put(self, pieces: Iterable[tuple[Key, Any]]) -> None:
        position, kinds = self.position, self.position.kinds
        for key, piece in pieces:
            if key in _ONCE:
                for name, value in zip(SERIES[_ONCE[key]], piece, strict=True):
                    setattr(position, name, value)
            else:
                kinds[key[0]].put_back(key[1], piece)


Values = dict[Key, dict[date, tuple[Any, Any]]]
"""Pieces by key, as they were at the end of each day and as they are now, of days on which a step replaced them."""


@dataclass(slots=True)
class Anew:
    """What becomes of a position where other steps are taken in the place of some that were taken back.

    Of the old steps that are taken again only those are decided again that looked at a piece which is `otherwise` than
    it was when they were taken, the one they would take place on; the others do what they did. Once a piece is what it
    was, it is otherwise no longer. `values` has every piece that was ever otherwise, from the first such day on.
    """

    way: Way
    values: Values = field(default_factory=dict)
    otherwise: dict[Key, Any] = field(default_factory=dict)
    _kinds: set[Key] = field(default_factory=set)

    def take_all(self, back: Sequence[TakenBack], steps: Iterable[Step], judge: Judge, *, every: bool) -> None:
        """Take steps, in order, for those taken back; decided again as need be, or every one of them."""
        coming = list(reversed(back))
        for step in steps:
            while coming and coming[-1].taken.step is not step and place(coming[-1].taken.step) <= place(step):
                self._step(coming.pop())
            old = coming.pop() if coming and coming[-1].taken.step is step else None
            if old is not None and not every and self._is_decided(old.taken):
                self._again(old)
            else:
                self.way.take(step, judge)
                self._step(old, self.way.taken[-1])
        while coming:
            self._step(coming.pop())

    def _is_decided(self, one: Taken) -> bool:
        """Whether a step would do again what it did: nothing that decided it is otherwise."""
        if not self.otherwise:
            return True
        otherwise = self.otherwise.keys()
        apart = one.read is not None and otherwise.isdisjoint(one.read) and self._kinds.isdisjoint(one.read)
        return apart and otherwise.isdisjoint(_ONCE)

    def _again(self, old: TakenBack) -> None:
        self.way.take_again((old,))
        for key, left in old.left.items():
            if key in self.values:
                self.values[key][day_of(old.taken.step.at)] = left, left

    def _step(self, old: TakenBack | None, new: Taken | None = None) -> None:
        """Note what a step that was taken back had left, and what the one taken in its stead leaves."""
        was = dict[Key, Any]()
        if new is not None:
            day = day_of(new.step.at)
            was = {key: self.otherwise.get(key, before) for key, before in new.replaced.items()}
        if old is not None:
            day = day_of(old.taken.step.at)
            was |= old.left
        for key, before in was.items():
            now = self.way.now(key)
            self.values.setdefault(key, {})[day] = before, now
            if now is before or now == before:
                self.otherwise.pop(key, None)
            else:
                self.otherwise[key] = before
                self._kinds.add(whole(key[0]))


Told = Callable[[Key, date], Collection[date]]
"""What tells of which days after one a piece was ever told."""


def differences(values: Values, told: Told) -> Iterator[tuple[Key, date, Any]]:
    """Every piece that is another at the end of a day than it was found to be: its key, the day, and what it is now.

    A piece is found as it was told of the latest day up to the one asked about. So once it is told anew of a day, it is
    told anew of every later day of which it ever was, `told` before.
    """
    for key, days in values.items():
        first = next((day for day, (was, now) in days.items() if was is not now and was != now), None)
        if first is None:
            continue
        now = None
        for day in sorted({*(day for day in days if day >= first), *told(key, first)}):
            now = days[day][1] if day in days else now
            yield key, day, now
