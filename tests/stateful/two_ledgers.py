"""The two ledgers of a history: a real ledger file and the second ledger, and how both are told the same."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from freezegun.api import FrozenDateTimeFactory
from hypothesis import currently_in_test_context, note
from hypothesis.stateful import RuleBasedStateMachine

from ledger.application import Ledger
from ledger.entries import Entry
from ledger.errors import Refusal
from ledger.head import NO_HEAD
from ledger.journal import read_line
from ledger.terms_file import read_terms
from projections.verification import verify
from stateful.counting import RECORDED, REFUSED, STEPS
from stateful.second import Second
from stateful.teller import Teller

Line = Mapping[str, Any]
BEGUN = datetime(2002, 1, 2, 15, 0, tzinfo=UTC)
MEMORY = Path("/dev/shm")
SERIES_H = read_terms()
TICKS = (timedelta(0), timedelta(0), timedelta(seconds=1), timedelta(hours=7), timedelta(1), timedelta(40),
         timedelta(seconds=-90))  # fmt: skip
"""How the machine's clock moves from one command to the next: it may stand still, and be put back."""

UNCHANGED, REFUSED_ONLY, CHANGED = range(3)
"""What the last command did to the ledger: nothing, or nothing that may be left of it, or something."""


@dataclass
class Kept:
    """What a history leaves behind as it goes: the heads seen, and answers that it must give again."""

    heads: list[str] = field(default_factory=list)
    figures: list[tuple[date, datetime, dict[str, Any]]] = field(default_factory=list)
    said: list[tuple[tuple[str, ...], tuple[int, str]]] = field(default_factory=list)

    def copied(self) -> Kept:
        """What is kept so far, for a backup."""
        return Kept(list(self.heads), list(self.figures), list(self.said))


def reading(path: Path) -> sqlite3.Connection:
    """A connection of our own to a ledger file, that only reads."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)


class TwoLedgers(RuleBasedStateMachine):
    """A ledger file and the second ledger, under the same commands."""

    clock: ClassVar[FrozenDateTimeFactory]

    def __init__(self) -> None:
        """Begin a ledger in a folder in memory, where there is one."""
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None)
        self.clock.move_to(BEGUN)
        self.path = Path(self.folder.name) / "ledger.db"
        self.ledger = Ledger.begin(self.path, SERIES_H)
        self.second, self.kept = Second(BEGUN), Kept([str(self.ledger.head())])
        self.teller, self.backups = Teller(), list[tuple[Path, Second, Kept]]()
        self.verified, self.state = NO_HEAD, CHANGED
        self.turn, self.rested_at, self.files = 0, 4, 0
        self.stored = reading(self.path)

    def teardown(self) -> None:
        """Verify all of it once more, from the first entry on; of a failure, note its journal."""
        for recorded, line in self.second.entries if currently_in_test_context() else ():
            note(f"{recorded.isoformat()} {json.dumps(line)}")
        self.ledger.close()
        self.stored.close()
        try:
            assert verify(self.path).verdict == "proven"
        finally:
            self.folder.cleanup()

    def by(self, seed: int, step: str) -> Teller:
        """Whoever tells of this ledger, by some chance, for the next step; the clock goes on."""
        STEPS[step] += 1
        self.turn += 1
        self.teller.random = Random(seed << 16 | self.turn)
        self.clock.move_to(max(datetime.now(UTC), BEGUN) + self.teller.pick(TICKS))
        return self.teller

    def put(self, *lines: Line) -> bool:
        """Record some lines together: accepted where the second ledger finds all possible, else refused by its rule."""
        now, then, place, rules = datetime.now(UTC), self.second.copied(), 0, set[str]()
        for place, line in enumerate(lines):  # noqa: B007 - asked for below
            rules = then.judged(line)
            if rules:
                break
            if then.before(line) is None:
                then.learn(line, now)
        entries = [read_line(json.dumps(line), f"line {number}") for number, line in enumerate(lines, 1)]
        if rules:
            self.refused(entries, rules, place)
            return False
        try:
            receipt = self.ledger.record(entries)
        except Refusal as refusal:
            raise AssertionError(f"refused though possible: {lines[refusal.place]}: {refusal}") from refusal
        assert [(number, self.ledger.book.entry(number).recorded) for number in receipt.new] == [
            (number, recorded) for number, (recorded, _) in enumerate(then.entries, 2) if number > self.second.last
        ]
        RECORDED.update(line["event"] for _, line in then.entries[self.second.last - 1 :])
        self.second, self.state = then, CHANGED
        return True

    def refused(self, entries: list[Entry], rules: set[str], place: int) -> None:
        """Record what is impossible by some rules: refused by one of them, at its place, and nothing is recorded."""
        try:
            self.ledger.record(entries)
        except Refusal as error:
            refusal = error
        else:
            raise AssertionError(f"recorded though impossible by {rules}: {entries[place].line()}")
        assert refusal.name in rules, f"{refusal.name} is none of {rules}: {refusal}"
        assert refusal.place == place
        REFUSED[refusal.name] += 1
        self.state = REFUSED_ONLY
