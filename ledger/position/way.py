"""The way to a position, step by step, each of which can be taken back.

A late entry takes its place among steps already taken: those after it are taken back, and taken again behind it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from ledger.moments import day_of
from ledger.position.fold import advance
from ledger.position.pieces import ABSENT, Key, Noted
from ledger.position.state import LAW, LAW_KEY, SERIES_KEY, Position
from ledger.timeline import Step

Judge = Callable[[Position, Step], None]
"""What raises a Refusal where a step cannot have happened."""

_ONCE = {LAW_KEY: slice(LAW), SERIES_KEY: slice(LAW, None)}


class Taken(NamedTuple):
    """A step that was taken, with what it replaced: everything there is once, and pieces by their keys."""

    step: Step
    series: tuple[Any, ...]
    noted: Noted


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
        position = self.position
        before = position.series()
        try:
            if judge is not None:
                judge(position, step)
            advance(position, step)
        except BaseException:
            self._undo(before, dict(position.noted))
            position.noted.clear()
            raise
        self.taken.append(Taken(step, before, dict(position.noted)))
        position.noted.clear()

    def back(self) -> Taken:
        """Take the last step back."""
        last = self.taken.pop()
        self._undo(last.series, last.noted)
        return last

    def back_to(self, count: int) -> list[Step]:
        """Take steps back until so many are left; those taken back, in order."""
        steps = [one.step for one in self.taken[count:]]
        while len(self.taken) > count:
            self.back()
        return steps

    def take_all(self, steps: Iterable[Step], judge: Judge | None = None) -> None:
        """Take steps one after the other, in the order given; the first Refusal leaves those before it taken."""
        for step in steps:
            self.take(step, judge)

    def _undo(self, series: tuple[Any, ...], noted: Noted) -> None:
        self.position.put_back(series)
        if noted:
            kinds = self.position.kinds
            for (kind, key), piece in reversed(noted.items()):
                kinds[kind].put_back(key, piece)


Values = dict[Key, dict[date, Any]]
"""Pieces by key, as they were at the end of each day on which a step replaced them."""


def values_of(way: Way, since: int) -> tuple[Values, Noted]:
    """What the steps from a place on left at the end of each day, and what there was before the first of them."""
    position, values, base = way.position, dict[Key, dict[date, Any]](), Noted()
    if since == len(way.taken):
        return values, base
    kinds = position.kinds
    now: dict[Key, Any] = {}
    series = position.series()
    for one in reversed(way.taken[since:]):
        day = day_of(one.step.at)
        for key, before in one.noted.items():
            current = now.get(key, _UNKNOWN)
            if current is _UNKNOWN:
                current = kinds[key[0]].get(key[1], ABSENT)
            values.setdefault(key, {}).setdefault(day, current)
            now[key] = base[key] = before
        for key, part in _ONCE.items():
            if one.series[part] != series[part]:
                values.setdefault(key, {}).setdefault(day, series[part])
                base[key] = one.series[part]
        series = one.series
    return values, base


_UNKNOWN = object()

Told = Callable[[Key, date], Collection[date]]
"""What tells of which days after one a piece was ever told."""


def differences(before: Values, after: Values, base: Noted, told: Told) -> Iterator[tuple[Key, date, Any]]:
    """Every piece that is another at the end of a day than it was found to be: its key, the day, and what it is now.

    A piece is found as it was told of the latest day up to the one asked about. So once it is told anew of a day, it is
    told anew of every later day of which it ever was, `told` before.
    """
    for key in before.keys() | after.keys():
        first, second = before.get(key, {}), after.get(key, {})
        was = now = base[key]
        days, anew = sorted(first.keys() | second.keys()), False
        for place, day in enumerate(days):
            was, now = first.get(day, was), second.get(day, now)
            if not anew and was is not now and was != now:
                anew = True
                if later := told(key, day):
                    days[place + 1 :] = sorted({*days[place + 1 :], *later})
            if anew:
                yield key, day, now
