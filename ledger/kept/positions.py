"""Positions as they were kept: found piece by piece in the tables, with what is not yet written to them."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.clauses.business_days import BusinessDays
from ledger.errors import RecordMustVerify
from ledger.kept.tables import FIRST, FROM_THE_START, Ask, EntryRow, are_apart, day_numbered, numbered
from ledger.kept.written import CALENDAR, KINDS, Calendar, amended, days_of, read, read_all, written
from ledger.moments import write_moment
from ledger.position.pieces import ABSENT, Key
from ledger.position.state import COMMON_KEY, LAW_KEY, ONCE, SERIES_KEY, Position
from ledger.position.stock import NOTICE, NOTICE_PARTS, Notice
from ledger.terms import Terms

if TYPE_CHECKING:  # whoever only asks takes down no entry
    from ledger.timeline import Recorded

NONSENSE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What comes of text that is no piece, or of a piece that names what there is not."""

_TOLD_TOGETHER = (COMMON_KEY, SERIES_KEY)
"""What is told anew of the same days: the Common Stock, and the series."""

_FOUND = (
    "SELECT says FROM kept_pieces WHERE kind = ?1 AND key = {key} AND day <= ?2 AND entry <= ?3"
    " ORDER BY day DESC, entry DESC LIMIT 1"
)
_PIECE = _FOUND.format(key="?4")
_SEVERAL = f"SELECT value, ({_FOUND.format(key='value')}) FROM json_each(?4)"
_HOLDINGS = f"SELECT holder, ({_FOUND.format(key='holder')}) FROM kept_holders ORDER BY holder"
# Every key of another kind is sought behind the one before: there are many more rows than keys.
_PIECES = (
    "WITH RECURSIVE keys(key) AS (SELECT min(key) FROM kept_pieces WHERE kind = ?1 UNION ALL"
    " SELECT (SELECT min(key) FROM kept_pieces WHERE kind = ?1 AND key > keys.key) FROM keys WHERE key IS NOT NULL)"
    f" SELECT key, ({_FOUND.format(key='keys.key')}) FROM keys WHERE key IS NOT NULL"
)


@dataclass
class Kept:
    """The kept tables up to an entry, with what is not yet written to them."""

    connection: sqlite3.Connection
    terms: Terms
    last: int
    pieces: dict[Key, list[tuple[int, int, Any]]] = field(default_factory=dict)
    entries: dict[int, EntryRow] = field(default_factory=dict)
    recorded: list["Recorded"] = field(default_factory=list)
    _refs: dict[str, int] = field(default_factory=dict)
    _about: dict[int, list[int]] = field(default_factory=dict)
    _by_day: dict[int, list[int]] = field(default_factory=dict)
    _latest: dict[Key, int] = field(default_factory=dict)

    @classmethod
    def begun(cls, connection: sqlite3.Connection, terms: Terms) -> "Kept":
        """Nothing but what the terms themselves say: into what a share converts from the start."""
        kept = cls(connection, terms, FIRST.entry)
        kept.pieces[LAW_KEY] = [
            (FROM_THE_START, FIRST.entry, Position(terms, BusinessDays(terms)).series()[ONCE[LAW_KEY]])
        ]
        return kept

    @property
    def ask(self) -> Ask:
        """What puts a question to the tables."""
        return self.connection.execute

    def at(self, day: date | None, last: int) -> "KeptAt":
        """What was kept of the end of a day, as known by an entry; without a day, of the end of all."""
        return KeptAt(self, numbered(day or date.max), last)

    def entry(self, number: int) -> EntryRow | None:
        """The row of an entry."""
        if number in self.entries:
            return self.entries[number]
        found = self.ask("SELECT * FROM kept_entries WHERE entry = ? AND entry <= ?", (number, self.last))
        return next((EntryRow(*row) for row in found), None)

    def by_ref(self, ref: str) -> int | None:
        """The entry recorded under a reference."""
        if ref in self._refs:
            return self._refs[ref]
        found = self.ask("SELECT entry FROM kept_entries WHERE ref = ? AND entry <= ?", (ref, self.last))
        return next((number for (number,) in found), None)

    def late(self, last: int) -> set[int]:
        """The entries up to one that came late."""
        found = self.ask("SELECT entry FROM kept_entries WHERE late = 1 AND entry <= ?", (last,))
        return {number for (number,) in found} | {row.entry for row in self.entries.values() if row.late}

    def last_on_time(self, last: int) -> int | None:
        """The last entry up to one that neither came late nor amends another: nothing took effect later so far."""
        asked = "SELECT max(entry) FROM kept_entries WHERE late = 0 AND about IS NULL AND entry > 1 AND entry <= ?"
        return next(iter(self.ask(asked, (last,))))[0]  # type: ignore[no-any-return]

    def about(self, root: int) -> list[int]:
        """A fact and every amendment of it, in recorded order."""
        found = self.ask(
            "SELECT entry FROM kept_entries WHERE about = ? AND entry <= ? ORDER BY entry", (root, self.last)
        )
        return [root, *(number for (number,) in found), *self._about.get(root, ())]

    def roots_since(self, day: date) -> set[int]:
        """The facts that take effect on a day or later, by what was ever said of them."""
        asked = "SELECT coalesce(about, entry) FROM kept_entries WHERE day >= ? AND entry <= ?"
        found = self.ask(asked, (numbered(day), self.last))
        pending = (roots for on, roots in self._by_day.items() if on >= numbered(day))
        return {number for (number,) in found}.union(*pending)

    def days_after(self, key: Key, day: date) -> set[date]:
        """The days after one of which a piece was ever kept; of the Common Stock and the series those of either.

        So whoever looks at both together, as the view `series_history` does, finds a row of every day that is another.
        """
        if key in _TOLD_TOGETHER:
            return set().union(*(self._days_after(one, day) for one in _TOLD_TOGETHER))
        return self._days_after(key, day)

    def _days_after(self, key: Key, day: date) -> set[date]:
        asked = "SELECT DISTINCT day FROM kept_pieces WHERE kind = ? AND key = ? AND day > ? AND entry <= ?"
        (kind, name), after = key, numbered(day)
        found = {one for (one,) in self.ask(asked, (KINDS[kind], name, after, self.last))}
        if self._latest.get(key, after) > after:
            found |= {one for one, _, _ in self.pieces[key] if one > after}
        return set(map(day_numbered, found))

    def add(self, item: "Recorded", row: EntryRow, changes: Iterable[tuple[Key, date | None, Any]]) -> None:
        """Take down an entry and the pieces it made others, day by day; `write` writes them."""
        self.recorded.append(item)
        self.entries[row.entry] = row
        self._by_day.setdefault(row.day, []).append(row.about or row.entry)
        if row.ref is not None:
            self._refs[row.ref] = row.entry
        if row.about is not None:
            self._about.setdefault(row.about, []).append(row.entry)
        for key, day, piece in changes:
            on = numbered(day) if day else FROM_THE_START
            self.pieces.setdefault(key, []).append((on, row.entry, piece))
            self._latest[key] = max(on, self._latest.get(key, on))

    def piece_rows(self) -> Iterator[Sequence[Any]]:
        """The rows of pieces not yet written, in the order of their table."""
        for number, key, kind in sorted((KINDS[kind], key, kind) for kind, key in self.pieces):
            told = self.pieces[kind, key]
            for day, entry, piece in sorted(told, key=itemgetter(0, 1)) if len(told) > 1 else told:
                yield number, key, day, entry, written(kind, piece)

    def holder_rows(self) -> list[tuple[str, int]]:
        """The rows of holders not yet written, each with the entry by which it is first known, by name."""
        first = {key: told[0][1] for (kind, key), told in self.pieces.items() if kind == "holdings"}
        asked = "SELECT holder FROM kept_holders WHERE holder IN (SELECT value FROM json_each(?)) AND entry <= ?"
        known = {holder for (holder,) in self.ask(asked, (json.dumps(list(first)), self.last))} if first else set()
        return sorted((holder, entry) for holder, entry in first.items() if holder not in known)

    def recorded_rows(self) -> Iterator[tuple[int, str, str, str]]:
        """The rows that tell of entries not yet written when each was recorded, when it is effective, and its word."""
        for number, recorded, entry, _ in self.recorded:
            yield number, recorded.isoformat(), write_moment(entry.effective), entry.word

    @cached_property
    def _is_apart(self) -> bool:
        return are_apart(self.ask)

    def write(self) -> None:
        """Write what is not yet written, and keep nothing back."""
        if self._is_apart:
            self.connection.executemany("INSERT INTO kept_recorded VALUES (?, ?, ?, ?)", self.recorded_rows())
        self.connection.executemany("INSERT INTO kept_holders VALUES (?, ?)", self.holder_rows())
        self.connection.executemany("INSERT INTO kept_pieces VALUES (?, ?, ?, ?, ?)", self.piece_rows())
        self.connection.executemany("INSERT INTO kept_entries VALUES (?, ?, ?, ?, ?, ?)", self.entries.values())
        self.last = max(self.entries, default=self.last)
        self.recorded.clear()
        for pending in (self.pieces, self.entries, self._refs, self._about, self._by_day, self._latest):
            pending.clear()


class KeptAt(NamedTuple):
    """The pieces that were kept of the end of a day, as known by an entry."""

    kept: Kept
    day: int
    last: int

    def piece(self, kind: str, key: str) -> Any:
        """One piece; ABSENT where there is none."""
        if kind in NOTICE_PARTS:
            return _notice(*(self._piece(part, key) for part in NOTICE_PARTS))
        return self._piece(kind, key)

    def several(self, kind: str, keys: Sequence[str]) -> Iterable[tuple[str, Any]]:
        """The pieces of some keys that are there, each with its key."""
        return self._joined(kind, lambda part: self._several(part, keys))

    def pieces(self, kind: str) -> Iterable[tuple[str, Any]]:
        """Every piece of a kind, by its key, in the order of the keys."""
        return self._joined(kind, self._pieces)

    def _joined(self, kind: str, found: Callable[[str], Iterable[tuple[str, Any]]]) -> Iterable[tuple[str, Any]]:
        """What is found of a kind; of notices both parts, put together."""
        if kind not in NOTICE_PARTS:
            return found(kind)
        first, rest = map(found, NOTICE_PARTS)
        come = dict(rest)
        return [(key, _notice(part, come.get(key, ABSENT))) for key, part in first]

    def _piece(self, kind: str, key: str) -> Any:
        stored = next(iter(self.kept.ask(_PIECE, (KINDS[kind], self.day, self.last, key))), (None,))[0]
        if (kind, key) not in self.kept.pieces:
            return self._read(kind, key, stored)
        return self._pending(kind, key, stored)

    def _several(self, kind: str, keys: Sequence[str]) -> Iterable[tuple[str, Any]]:
        found = self.kept.ask(_SEVERAL, (KINDS[kind], self.day, self.last, json.dumps(sorted(keys))))
        return self._there(kind, found, {key for key in keys if (kind, key) in self.kept.pieces})

    def _pieces(self, kind: str) -> Iterable[tuple[str, Any]]:
        asked = _HOLDINGS if kind == "holdings" else _PIECES
        found = self.kept.ask(asked, (KINDS[kind], self.day, self.last))
        pending = {key for other, key in self.kept.pieces if other == kind}
        if pending:
            told: dict[str, str | None] = dict(found)
            found = ((key, told.get(key)) for key in sorted(told.keys() | pending))
        return self._there(kind, found, pending)

    def _there(self, kind: str, found: Iterable[tuple[Any, ...]], pending: set[str]) -> Iterable[tuple[str, Any]]:
        """Of pieces found by their keys those that are there, with what is pending of them."""
        if pending:
            pieces = ((key, self._read(kind, key, stored, pending)) for key, stored in found)
            return [(key, piece) for key, piece in pieces if piece is not ABSENT]
        told = [(key, stored) for key, stored in found if stored is not None]
        try:
            return read_all(kind, told)
        except NONSENSE:
            return [(key, self._read(kind, key, stored)) for key, stored in told]  # which names the one that is wrong

    def _read(self, kind: str, key: str, stored: str | None, pending: Collection[str] = ()) -> Any:
        if key in pending:
            return self._pending(kind, key, stored)
        if stored is None:
            return ABSENT
        try:
            return read(kind, key, stored)
        except NONSENSE as error:
            found, right = f"{stored!r} of {kind} {key} in kept_pieces", "a piece: `captable replay` keeps them anew"
            raise RecordMustVerify(entry=1, stored=found, computed=right, before=0) from error

    def _pending(self, kind: str, key: str, stored: str | None) -> Any:
        # What is not yet written was recorded later than all that is: of one day it stands, of an earlier it may not.
        known = [one for one in self.kept.pieces[kind, key] if one[0] <= self.day]
        if not known:
            return self._read(kind, key, stored)
        day, _, piece = max(known, key=lambda one: one[:2])
        asked = "SELECT max(day) FROM kept_pieces WHERE kind = ? AND key = ? AND day <= ? AND entry <= ?"
        written_day = next(iter(self.kept.ask(asked, (KINDS[kind], key, self.day, self.last))))[0]
        return self._read(kind, key, stored) if written_day is not None and written_day > day else piece

    def calendar(self) -> Calendar:
        """The calendar as known."""
        found = KeptAt(self.kept, FROM_THE_START, self.last).piece(*CALENDAR)
        return Calendar() if found is ABSENT else found

    def position(self) -> Position:
        """The position; its pieces are found when they are asked for."""
        days: BusinessDays = days_of(self.kept.terms, self.calendar())
        position = Position(self.kept.terms, days, self)
        told = list(position.series())
        for key, part in ONCE.items():
            if (piece := self.piece(*key)) is not ABSENT:
                told[part] = piece
        if not isinstance(told[0], Terms):
            told[0] = amended(self.kept.terms, told[0])
        position.put_back(tuple(told))
        return position


def _notice(first: Any, rest: Any) -> Any:
    """A notice of its parts; ABSENT where there is none."""
    return ABSENT if first is ABSENT else Notice(*first[:NOTICE], *(() if rest is ABSENT else rest))
