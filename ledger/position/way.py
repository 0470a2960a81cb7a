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
from ledger.position.state import COMMON_LOOKED_AT, ONCE, SERIES, Position
from ledger.position.stock import NOTICE, NOTICE_PARTS, Notice
from ledger.timeline import Step, place

Judge = Callable[[Position, Step], None]
"""What raises a Refusal where a step cannot have happened."""

_ONCE = {("", name): key for key, part in ONCE.items() for name in SERIES[part]}
"""The key here of everything there is once, and that of the piece with which it is kept."""

_PARTS = {key: [("", name) for name in SERIES[part]] for key, part in ONCE.items()}
"""The keys here of what each of those pieces is made of."""

_ALWAYS_READ = _ONCE.keys() - {COMMON_LOOKED_AT}


class Taken(NamedTuple):
    """A step that was taken: what it replaced and what it left, by key, and the keys of the pieces that decided it.

    Of what there is once it is noted of the Common Stock alone that a step looked at it: every step counts as looking
    at all else. Of a step that was not judged it is not known what decides it: `read` is None.
    """

    step: Step
    replaced: dict[Key, Any]
    left: dict[Key, Any]
    read: frozenset[Key] | None


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
            once = zip(_ONCE, before, after, strict=True)
            replaced |= {key: was for key, was, now in once if was is not now and was != now}
        read = frozenset(noted.read) if judge else None
        self.taken.append(Taken(step, replaced, {key: self.now(key) for key in replaced}, read))
        noted.clear()

    def take_all(self, steps: Iterable[Step], judge: Judge | None = None) -> None:
        """Take steps one after the other, in the order given; the first Refusal leaves those before it taken."""
        for step in steps:
            self.take(step, judge)

    def back_to(self, count: int) -> list[Taken]:
        """Take steps back until so many are left; those taken back, in order."""
        back, before = self.taken[count:], dict[Key, Any]()
        for one in reversed(back):
            before.update(one.replaced)
        self._put(before.items())
        del self.taken[count:]
        return back

    def take_again(self, back: Sequence[Taken]) -> None:
        """Take steps as they were taken before, where all that decided them is as it was."""
        after = dict[Key, Any]()
        for one in back:
            after.update(one.left)
        self._put(after.items())
        self.taken += back

    def now(self, key: Key) -> Any:
        """A piece as it is; ABSENT where there is none."""
        kind, name = key
        return self.position.kinds[kind].get(name, ABSENT) if kind else getattr(self.position, name)

    def _put(self, pieces: Iterable[tuple[Key, Any]]) -> None:
        position, kinds = self.position, self.position.kinds
        for (kind, name), piece in pieces:
            if kind:
                kinds[kind].put_back(name, piece)
            else:
                setattr(position, name, piece)


Values = dict[Key, dict[date, tuple[Any, Any]]]
"""Pieces by key, as they were at the end of each day and as they are now, of days on which a step replaced them."""


@dataclass(slots=True)
class Anew:
    """What becomes of a position where other steps are taken in the place of some that were taken back.

    A step that was taken before is decided again where it looked at something that is `otherwise` now, which tells what
    it was; else it does what it did. `values` has every piece that ever was otherwise, from the first such day on.
    """

    way: Way
    values: Values = field(default_factory=dict)
    otherwise: dict[Key, Any] = field(default_factory=dict)
    _kinds: set[Key] = field(default_factory=set)
    _told: set[Key] = field(default_factory=set)
    _again: list[Taken] = field(default_factory=list)

    def take_all(self, back: Sequence[Taken], steps: Iterable[Step], judge: Judge, *, every: bool) -> None:
        """Take steps, in order, for those taken back; decided again as need be, or every one of them."""
        coming = list(reversed(back))
        for step in steps:
            while coming and coming[-1].step is not step and place(coming[-1].step) <= place(step):
                self._note(coming.pop(), None)
            old = coming.pop() if coming and coming[-1].step is step else None
            if old is None or every or not self._is_decided(old):
                self._take_again()
                self.way.take(step, judge)
                self._note(old, self.way.taken[-1])
            else:
                self._again.append(old)
                if not self._told.isdisjoint(old.left):
                    self._note(old, old)
        while coming:
            self._note(coming.pop(), None)
        self._take_again()

    def _take_again(self) -> None:
        self.way.take_again(self._again)
        self._again.clear()

    def _is_decided(self, one: Taken) -> bool:
        """Whether a step would do again what it did: nothing that decided it is otherwise."""
        if not self.otherwise:
            return True
        otherwise = self.otherwise.keys()
        apart = one.read is not None and otherwise.isdisjoint(one.read) and self._kinds.isdisjoint(one.read)
        return apart and otherwise.isdisjoint(_ALWAYS_READ)

    def _note(self, old: Taken | None, new: Taken | None) -> None:
        """Note what a step that was taken back had left, and what the one taken in its stead leaves."""
        self._take_again()
        was = dict[Key, Any]()
        if new is not None:
            step = new.step
            was = {key: self.otherwise.get(key, before) for key, before in new.replaced.items()}
        if old is not None:
            step = old.step
            was |= old.left
        day, once = day_of(step.at), set[Key]()
        left = new.left if new is not None else {}
        for key, before in was.items():
            now = left[key] if key in left else self.way.now(key)
            if now is before or now == before:
                self.otherwise.pop(key, None)
            else:
                self.otherwise[key] = before
                self._kinds.add(whole(key[0]))
                self._told.update(_PARTS[_ONCE[key]] if key in _ONCE else (key,))
            if key in _ONCE:
                once.add(key)
            elif key in self._told:
                self.values.setdefault(key, {})[day] = before, now
        # What there is once is told together, as it is kept.
        for kept in {_ONCE[key] for key in self._told & once}:
            together = {key: self.way.now(key) for key in _PARTS[kept]}
            known = tuple(self.otherwise.get(key, now) for key, now in together.items())
            self.values.setdefault(kept, {})[day] = known, tuple(together.values())


Told = Callable[[Key, date], Collection[date]]
"""What tells of which days after one a piece was ever told."""


_NOT_BEGUN = tuple(map(Notice._field_defaults.get, Notice._fields[NOTICE:]))


def _part(fields: slice, notice: Any) -> Any:
    return ABSENT if notice is ABSENT or notice[fields] == _NOT_BEGUN else notice[fields]


def differences(values: Values, told: Told) -> Iterator[tuple[Key, date, Any]]:
    """Every piece that is another at the end of a day than it was found to be: its key, the day, and what it is now.

    A notice is kept in parts, each of which is another or not.
    """
    for (kind, name), days in values.items():
        if kind != "notices":
            yield from _told_anew((kind, name), days, told)
            continue
        for part, fields in NOTICE_PARTS.items():
            of_part = {day: (_part(fields, was), _part(fields, now)) for day, (was, now) in days.items()}
            yield from _told_anew((part, name), of_part, told)


def _told_anew(key: Key, days: dict[date, tuple[Any, Any]], told: Told) -> Iterator[tuple[Key, date, Any]]:
    """A piece of the days of which it is to be told anew.

    It is found as it was told of the latest day up to the one asked about. So once it is told anew of a day, it is told
    anew of every later day of which it ever was, `told` before.
    """
    first = next((day for day, (was, now) in days.items() if was is not now and was != now), None)
    if first is None:
        return
    now = None
    for day in sorted({*(day for day in days if day >= first), *told(key, first)}):
        now = days[day][1] if day in days else now
        yield key, day, now
