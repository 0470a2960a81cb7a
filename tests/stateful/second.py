"""The second ledger: a plain list of what was recorded and when, and the books that a reader would keep from it.

It shares no code with the program. Corrections and voidings apply by the record clock, the timeline is sorted anew for
every question, and every figure is reached by one plain pass over it. `naive` keeps the arithmetic of the certificate;
what the Company does beside it, and which acts are impossible, is kept here and in `impossible`. Default readings only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import naive
from stateful.impossible import CHECKS, Broken
from stateful.second_books import EFFECTS, Books, begin

Line = Mapping[str, Any]
AMENDMENTS = ("EntryCorrected", "EntryVoided")
LATER, STAND, REF = "later-entry-must-stand", "entry-must-stand", "reference-must-be-unique"
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Step:
    """A thing that happens: at an instant, sent at one, by an entry; a notice first comes and then converts."""

    at: datetime
    sent: datetime
    number: int
    converts: bool
    line: Line

    @property
    def place(self) -> tuple[datetime, datetime, int, bool]:
        """Where it stands in the timeline."""
        return self.at, self.sent, self.number, self.converts


class Known:
    """What is known of a journal at some moment: which entries stand, what they say, and in which order they came."""

    def __init__(self, journal: Sequence[Line]) -> None:
        """Take the lines recorded by then; the first one is entry 2."""
        self.lines = dict(enumerate(journal, 2))
        self._kept: dict[int, Books] = {}
        self.undone = set[int]()
        for number, line in reversed(self.lines.items()):
            if line["event"] in AMENDMENTS and number not in self.undone:
                self.undone.add(line["entry"])
        self.undone = {number for number in self.undone if self.amends(number)}

    def amends(self, number: int) -> bool:
        """Whether an entry is a correction or a voiding."""
        return number in self.lines and self.lines[number]["event"] in AMENDMENTS

    @property
    def last(self) -> int:
        """The number of the last entry; the terms are entry 1."""
        return 1 + len(self.lines)

    def chain(self, number: int) -> list[int]:
        """The entries an amendment is about: the one it is aimed at, and what that is aimed at in turn."""
        line = self.lines[number]
        return [line["entry"], *self.chain(line["entry"])] if line["event"] in AMENDMENTS else []

    def about(self, number: int) -> int:
        """The fact that an entry, amendment of amendments or not, is about in the end."""
        return (self.chain(number) or [number])[-1]

    @cached_property
    def _deciding(self) -> dict[int, int]:
        """By fact, the latest amendment that was not undone, the correction of a correction in the place of that one.

        One that has voided another says no more than that.
        """
        speak = [
            number for number, line in self.lines.items()
            if line["event"] in AMENDMENTS and number not in self.undone
            and (line["event"] == "EntryCorrected" or not self.amends(line["entry"]))
        ]  # fmt: skip
        in_their_places = sorted(speak, key=lambda number: ([number, *self.chain(number)][-2], number))
        return {self.about(number): number for number in in_their_places}

    def in_charge(self, number: int) -> int:
        """The entry whose word counts for a fact: its own, or that of the amendment that decides."""
        return self._deciding.get(number, number)

    def says(self, number: int) -> Line:
        """What a fact says now, or said before it was voided."""
        line = self.lines[self.in_charge(number)]
        said: Line = line["replacement"] if line["event"] == "EntryCorrected" else self.lines[number]
        return said

    def stands(self, number: int) -> bool:
        """Whether an entry may be amended: it was not voided, and an amendment was not undone by another."""
        return number in self.facts or (self.amends(number) and number not in self.undone)

    def status(self, number: int) -> str:
        """What the log says of an entry."""
        by, line = self.in_charge(number), self.lines[number]
        if not self.amends(number):
            return "voided" if number not in self.facts else f"corrected by entry {by}" if by != number else "stands"
        if number in self.undone:
            return "undone"
        only_undoes = line["event"] == "EntryVoided" and self.amends(line["entry"])
        return "in force" if only_undoes or self.in_charge(self.about(number)) == number else "superseded"

    @cached_property
    def late(self) -> set[int]:
        """The entries effective before something recorded earlier; the day of an amendment orders nothing."""
        found, latest = set(), naive.at(date(1900, 1, 1), time(0))
        for number, line in self.lines.items():
            if line["event"] not in AMENDMENTS:
                when = naive.instant(line["effective"])
                if when < latest:
                    found.add(number)
                latest = max(latest, when)
        return found

    @cached_property
    def facts(self) -> dict[int, Line]:
        """What stands, by entry."""
        facts = [number for number in self.lines if not self.amends(number)]
        stand = [number for number in facts if self.lines[self.in_charge(number)]["event"] != "EntryVoided"]
        return {number: self.says(number) for number in stand}

    @cached_property
    def closed(self) -> set[date]:
        """The closures declared, whatever their effective day."""
        closures = [line for line in self.facts.values() if line["event"] == "BankClosureDeclared"]
        return {date.fromisoformat(line["closed_on"]) for line in closures}

    @cached_property
    def steps(self) -> list[Step]:
        """Everything that happens, in the order of its effect."""
        return sorted(self._steps(), key=lambda step: step.place)

    def _steps(self) -> Iterator[Step]:
        for number, line in self.facts.items():
            sent = naive.instant(line["effective"])
            yield Step(sent, sent, number, False, line)
            if line["event"] in naive.PAPERS and line.get("copies", True):
                yield Step(naive.deemed(sent, self.closed), sent, number, True, line)

    def books(self, end: datetime | None = None) -> Books:
        """The books after all that takes effect before an instant; they are for reading."""
        steps = self.steps if end is None else [step for step in self.steps if step.at < end]
        if len(steps) not in self._kept:
            books = begin(self.closed)
            for step in steps:
                _enter(books, step)
            self._kept[len(steps)] = books
        return self._kept[len(steps)]

    def books_on(self, day: date) -> Books:
        """The books at the end of a day."""
        return self.books(naive.at(day + timedelta(1), time(0)))

    def by(self, day: date) -> dict[int, Line]:
        """What had come by the end of a day, by entry."""
        end = naive.at(day + timedelta(1), time(0))
        return {step.number: step.line for step in self.steps if step.at < end and not step.converts}

    def broken(self) -> tuple[int, Broken]:
        """The first entry of the timeline that is impossible at its place, and the rules it breaks."""
        books = begin(self.closed)
        for step in self.steps:
            check = CHECKS.get((step.line["event"], step.converts))
            rules = check(books, step.line, step.at) if check else set()
            if rules:
                return step.number, rules
            _enter(books, step)
        return 0, set()


def _enter(books: Books, step: Step) -> None:
    books["number"] = step.number
    effect = EFFECTS.get((step.line["event"], step.converts))
    if effect:
        effect(books, step.line, step.at)


@dataclass
class Second:
    """The second ledger: when it was begun, what was recorded when, and the tags."""

    begun: datetime
    entries: list[tuple[datetime, Line]] = field(default_factory=list)
    tags: dict[str, tuple[date, datetime, int]] = field(default_factory=dict)
    _known: dict[int, Known] = field(default_factory=dict)

    def copied(self) -> Second:
        """The ledger as it is now, for a backup."""
        return Second(self.begun, copy(self.entries), copy(self.tags), copy(self._known))

    def known(self, known_at: datetime | None = None) -> Known:
        """What was known at an instant, or is known now."""
        lines = [line for recorded, line in self.entries if known_at is None or recorded <= known_at]
        if len(lines) not in self._known:
            self._known[len(lines)] = Known(lines)
        return self._known[len(lines)]

    @property
    def last(self) -> int:
        """The number of the last entry."""
        return 1 + len(self.entries)

    @property
    def last_recorded(self) -> datetime:
        """When the last entry was recorded."""
        return self.entries[-1][0] if self.entries else self.begun

    def learn(self, line: Line, now: datetime) -> None:
        """Record a line: now, and always after what was recorded before."""
        self.entries.append((max(now.astimezone(UTC), self.last_recorded + TICK), line))

    def before(self, line: Line) -> int | None:
        """The entry with the same reference, if there is one."""
        if "ref" not in line:
            return None
        return next((n for n, (_, other) in enumerate(self.entries, 2) if other.get("ref") == line["ref"]), None)

    def judged(self, line: Line) -> Broken:
        """The rules a line breaks, any of which may be named where it breaks several; none where it is possible."""
        before = self.before(line)
        if before is not None:
            return set() if self.entries[before - 2][1] == line else {REF}
        number, known = self.last + 1, self.known()
        if line["event"] in AMENDMENTS and not _may_amend(known, line):
            return {STAND}
        then = Known([*known.lines.values(), line])
        place, rules = then.broken()
        if rules and place != number and then.in_charge(place) != number:
            return {LATER}
        return rules


def _may_amend(known: Known, line: Line) -> bool:
    target = line["entry"]
    if not known.stands(target):
        return False
    return bool(line["event"] == "EntryVoided" or known.lines[target]["event"] != "EntryVoided")
