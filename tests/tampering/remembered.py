"""An untouched ledger remembered, so that what is tampered with can be verified again without deciding it all again.

What is remembered is what an untouched beginning of the rows comes to: the same rows have the same hashes, decisions
and computed rows. From the first row on that is another the real verification takes over. A table none of whose pages
is touched is not read again: SQLite comes to a table's pages from its root, by pointers on pages of that table. That
all this changes no outcome is itself tested.
"""

import marshal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from ledger.audit import linked
from ledger.errors import RecordMustVerify
from ledger.file_rows import FileRows, read
from ledger.head import NO_HEAD, Head
from ledger.kept.book import KeptBook
from ledger.kept.check import must_be_kept
from ledger.kept.tables import Ask
from ledger.kept.tables import Kept as KeptPositions
from ledger.links import identified
from ledger.merkle import leaf
from ledger.opened import Opened
from ledger.position.state import Position
from ledger.rows import STREAM, TAG_COLUMNS, Stored
from projections import verification
from projections.published import CERTIFICATES, COLUMNS, certificate_rows, entry_row
from projections.published import ENTRIES as PUBLISHED
from projections.replay import Replayed
from projections.verification import Verdict, verify
from tampering.specimen import Files

# As the event store, the ledger, and whoever asks in SQL would ask: in order, by scan, by key, by counting.
LIES = (
    "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events NOT INDEXED"
    " WHERE ? = 0 ORDER BY 1"
)
LINKS = "SELECT originator_id, originator_version, sha256 FROM links WHERE ? = 0 ORDER BY 1, 2"
"""As the verification asks."""

PIECES, KEPT_ENTRIES = "kept_pieces", "kept_entries"
"""The tables of the positions that were kept."""

QUESTIONS = {
    "entries": f"SELECT * FROM stored_events WHERE originator_id = '{STREAM}' AND originator_version > 0"
    " ORDER BY originator_version ASC",
    "entries as they lie": "SELECT rowid, * FROM stored_events NOT INDEXED",
    "entries counted": "SELECT count(*), max(originator_version) FROM stored_events",
    "links": "SELECT * FROM links ORDER BY originator_id, originator_version",
    "links found": "SELECT originator_version, (SELECT sha256 FROM links WHERE links.originator_id = e.originator_id"
    " AND links.originator_version = e.originator_version) FROM stored_events e NOT INDEXED",
    "tags": f"SELECT {TAG_COLUMNS} FROM tags ORDER BY name",
    "published": "SELECT * FROM published_entries ORDER BY entry",
    "published found": "SELECT e.rowid, (SELECT digest FROM published_entries p WHERE p.entry = e.originator_version)"
    " FROM stored_events e NOT INDEXED",
    "published counted": "SELECT count(*), min(entry), max(entry) FROM published_entries",
    "certificates": "SELECT * FROM published_certificates ORDER BY certificate",
    "certificates as they lie": "SELECT * FROM published_certificates NOT INDEXED",
    "certificates found": "SELECT p.certificate, (SELECT paid FROM published_certificates q WHERE"
    " q.certificate = p.certificate) FROM published_certificates p NOT INDEXED",
    "certificates counted": "SELECT count(*), min(certificate), max(certificate) FROM published_certificates",
    "positions": f"SELECT * FROM {PIECES} ORDER BY kind, key, day, entry",
    "positions counted": f"SELECT count(*), min(entry), max(entry) FROM {PIECES}",
    "entries kept": f"SELECT * FROM {KEPT_ENTRIES} ORDER BY entry",
    "entries kept as they lie": f"SELECT rowid, * FROM {KEPT_ENTRIES} NOT INDEXED",
    "entries kept by day": f"SELECT entry FROM {KEPT_ENTRIES} WHERE day >= '' ORDER BY day, entry",
}


def everything(path: Path, touched: str = "") -> dict[str, bytes]:
    """What the file answers: every row of every kind, in every way it may be asked for; sqlite3.Error.

    Where one table alone is touched, or its index, what is asked of others need not be asked again.
    """
    touched = touched.removeprefix("sqlite_autoindex_").removesuffix("_1")
    alone = touched in ("stored_events", "links", "tags", PUBLISHED, CERTIFICATES, PIECES, "sqlite_sequence")
    with closing(sqlite3.connect(path)) as connection:
        answers = {}
        for name, question in QUESTIONS.items():
            if not alone or touched in question:
                cursor = connection.execute(question)
                columns = [told[0] for told in cursor.description]
                answers[name] = marshal.dumps([columns, cursor.fetchall()], 2)
        return answers


Columns = tuple[Any, ...]


class _Rows:
    """What was kept, taken down row by row: it stands in for what the verification itself keeps."""

    def __init__(self, tables: dict[str, list[Columns]]) -> None:
        self.tables = tables

    def ask(self, question: str, _given: Any) -> Iterator[Columns]:
        """The rows of the table that is asked for, in the order in which it is."""
        return iter(next(rows for table, rows in self.tables.items() if f" {table} " in question))

    def rows(self) -> tuple[()]:
        """Nothing that is not written."""
        return ()

    def write(self, ask: Ask) -> None:
        """Nothing is left to write."""


@dataclass
class _Book:
    """What verification asks of a book at the end: the position, and what was kept."""

    position: Position
    kept: Any

    @classmethod
    def of(cls, book: KeptBook) -> "_Book":
        """Take a book down, whole: what it keeps is gone with the verification."""
        book.write()
        order = {PIECES: "kind, key, day, entry", KEPT_ENTRIES: "entry"}
        asked = {table: f"SELECT * FROM {table} WHERE entry > 0 ORDER BY {by}" for table, by in order.items()}
        tables = {table: list(book.kept.ask(question, ())) for table, question in asked.items()}
        for kept in book.position.kinds.values():
            len(kept)  # every piece is fetched
        return cls(book.position, _Rows(tables))


@dataclass
class Truth:
    """An untouched ledger: what is stored, what deciding it again comes to, and what it answers."""

    book: "_Book"
    steps: list[tuple[Stored, Replayed | None]]
    rows: dict[int, Columns]
    certificate_rows: list[dict[str, Any]]
    answers: dict[str, bytes]
    verdict: Verdict

    @classmethod
    def of(cls, path: Path) -> "Truth":
        """Verify a ledger in full, and remember."""
        steps: list[tuple[Stored, Replayed | None]] = []
        replays: list[verification._Replay] = []

        class Watched(verification._Replay):
            def take(self, one: Stored) -> Replayed | None:
                told = super().take(one)
                steps.append((one, told))
                replays[:] = [self]
                return told

        books: list[_Book] = []

        def taken_down(connection: sqlite3.Connection, computed: KeptPositions, since: int) -> int:
            books.append(_Book.of(replays[0].book))
            return must_be_kept(connection, computed, since)

        with patch.multiple(verification, _Replay=Watched, must_be_kept=taken_down):
            verdict = verify(path)
        (book,) = books
        rows = {one.number: tuple(entry_row(told).values()) for one, told in steps if told is not None}
        certificates = certificate_rows(book.position)
        return cls(book, steps, rows, certificates, everything(path), verdict)

    @cached_property
    def lies(self) -> list[Columns]:
        """The entries as they lie in their table."""
        return [(one.number, STREAM, one.number, one.word, one.state) for one, _ in self.steps]

    @cached_property
    def links(self) -> list[Columns]:
        """The links as they lie in theirs."""
        return [(STREAM, one.number, one.sha256) for one, _ in self.steps]

    def known(self, connection: sqlite3.Connection, touched: Callable[[str], bool]) -> int:
        """How many entries are as they were, with their links, from the beginning."""
        entries = _same(connection, LIES, self.lies) if touched("stored_events") else len(self.lies)
        return min(entries, _same(connection, LINKS, self.links) if touched("links") else len(self.links))

    def head(self, known: int) -> Head:
        """The head of so many entries."""
        return Head(known, self.steps[known - 1][0].sha256) if known else NO_HEAD

    def first_misfit(self, path: Path, table: str) -> RecordMustVerify | None:
        """What verification ends with where it does so over the first row that is another, in the one table touched.

        Before that row it finds what it finds in the untouched file, and at that row it does just this.
        """
        with closing(sqlite3.connect(path)) as connection:
            try:
                if table in ("stored_events", "links"):
                    known = self.known(connection, lambda touched: touched == table)
                    next(linked(FileRows(connection), self.head(known)), None)
                elif table == PUBLISHED:
                    found = verification._rows(connection, table)
                    for entry, true in self.rows.items() if found is not None else ():
                        row = next(found, None) if found is not None else None
                        if row != true:
                            computed = dict(zip(COLUMNS[table], true, strict=True))
                            verification._must_be(entry, table, row, computed)
            except RecordMustVerify as error:
                return error
        return None

    def remembered(self, touched: Callable[[str], bool] = lambda _: True) -> AbstractContextManager[None]:
        """Within this, what an untouched table, or an untouched beginning of one, comes to is not computed again."""
        return _remembered(self, touched)


def _same(connection: sqlite3.Connection, question: str, rows: list[Columns]) -> int:
    """How many rows are as they were, from the beginning."""
    count = 0
    try:
        for found, true in zip(connection.execute(question, (0,)), rows, strict=False):
            if found != true:
                break
            count += 1
    except (sqlite3.Error, UnicodeDecodeError):
        pass
    return count


class _Memory:
    """What stands in the place of the verification's own functions, and asks them wherever anything is another."""

    def __init__(self, truth: Truth, touched: Callable[[str], bool]) -> None:
        self.truth, self.touched = truth, touched
        self.stored = [one for one, _ in truth.steps]
        self.leaves = [leaf(identified(one.number, one.word, one.state)) for one in self.stored]
        self.real = SimpleNamespace(**vars(verification))
        self.books = {len(self.stored): truth.book}
        self.kept = len(truth.book.kept.tables[PIECES]) + len(truth.book.kept.tables[KEPT_ENTRIES])

    def linked(self, rows: FileRows, since: Head) -> Iterator[Stored]:
        """The entries untouched as they were, and the rest as the verification itself reads them."""
        connection = rows.published
        known = self.truth.known(connection, self.touched)
        yield from self.stored[:known]
        # Untouched to the end, whether there is more is all that is left to ask.
        asked = {"stored_events": LIES, "links": LINKS} if known == len(self.stored) else {}
        there = [len(list(read(connection, asked[table], 0))) for table in asked if self.touched(table)]
        if known < len(self.stored) or any(count > known for count in there):
            yield from islice(linked(rows, since), known, None)

    def rows_of(self, connection: sqlite3.Connection, table: str, after: int = 0) -> Iterator[Columns] | None:
        """The published rows as they were where they are untouched."""
        untouched = table == PUBLISHED and not self.touched(table)
        rows: Iterator[Columns] | None = self.real._rows(connection, table, after) if not untouched else None
        return iter(self.truth.rows.values()) if untouched else rows

    def identified(self, number: int, word: str, state: bytes) -> int | bytes:
        """An entry's number in the place of an untouched entry."""
        true = self.stored[number - 1] if number <= len(self.stored) else None
        known = true is not None and true.state == state and true.word == word
        return number if known else identified(number, word, state)

    def leaf(self, data: int | bytes) -> bytes:
        """The leaf of an entry."""
        return self.leaves[data - 1] if isinstance(data, int) else leaf(data)

    def must_be(self, entry: int, table: str, found: Columns | None, computed: Replayed | dict[str, Any]) -> int:
        """Hold a published row against the computed one."""
        if isinstance(computed, Replayed):  # as an entry untouched has it from `entry_row` below
            if found == self.truth.rows[entry] and type(found[0]) is type(found[-1]) is int:
                return 1
            computed = entry_row(computed)
        return int(self.real._must_be(entry, table, found, computed))

    def entry_row(self, told: Replayed) -> Replayed | dict[str, Any]:
        """An untouched entry as it is, and the row of another."""
        number, steps = told.item.number, self.truth.steps
        true = number <= len(steps) and steps[number - 1][1] is told
        return told if true else entry_row(told)

    def certificate_rows(self, position: Position) -> list[dict[str, Any]]:
        """The certificates at the end of the untouched record, or of another."""
        return self.truth.certificate_rows if position is self.truth.book.position else certificate_rows(position)

    def must_add_up(self, position: Position, entry: int) -> None:
        """What added up adds up."""
        if position is not self.truth.book.position:
            self.real.must_add_up(position, entry)

    def must_be_kept(self, connection: sqlite3.Connection, computed: KeptPositions, since: int) -> int:
        """What was kept of the untouched record is as it was where it is untouched itself."""
        untouched = computed is self.truth.book.kept and not (self.touched(PIECES) or self.touched(KEPT_ENTRIES))
        return self.kept if untouched else int(self.real.must_be_kept(connection, computed, since))


class _Remembered:
    """The entries as they were decided, for as long as they are the same, and then decided indeed."""

    def __init__(self, memory: _Memory, opened: Opened, ask: Ask) -> None:
        self.taken, self.memory, self.opened, self.ask = 0, memory, opened, ask
        self.indeed: verification._Replay | None = None

    def take(self, one: Stored) -> Replayed | None:
        """Take the next entry."""
        steps = self.memory.truth.steps
        true = steps[self.taken][0] if self.taken < len(steps) else None
        if self.indeed is None and (one is true or one == true):
            self.taken += 1
            return steps[self.taken - 1][1]
        return self._indeed().take(one)

    @property
    def book(self) -> "KeptBook | _Book":
        """The book after the entries taken."""
        if self.indeed is not None:
            return self.indeed.book
        known = self.memory.books
        if self.taken not in known:
            known[self.taken] = _Book.of(self._indeed().book)
            self.indeed = None  # nothing may be added to what is remembered
        return known[self.taken]

    def _indeed(self) -> verification._Replay:
        if self.indeed is None:
            self.indeed = self.memory.real._Replay(self.opened, self.ask)
            for one in self.memory.stored[: self.taken]:
                self.indeed.take(one)
        return self.indeed


@contextmanager
def _remembered(truth: Truth, touched: Callable[[str], bool]) -> Iterator[None]:
    memory = _Memory(truth, touched)
    ours = (memory.linked, memory.identified, memory.leaf, memory.entry_row, memory.certificate_rows)
    named: dict[str, Any] = {each.__name__: each for each in (*ours, memory.must_add_up)}
    named |= {"must_be_kept": memory.must_be_kept, "_Replay": lambda opened, ask: _Remembered(memory, opened, ask)}
    with patch.multiple(verification, _must_be=memory.must_be, _rows=memory.rows_of, **named):
        yield


@dataclass(frozen=True)
class Kept:
    """An untouched ledger of a few hundred entries, and what it comes to."""

    files: Files
    truth: Truth
