"""An untouched ledger remembered, so that what is tampered with can be verified again without deciding it all again.

What is remembered is what an untouched beginning of the rows comes to: the same rows have the same hashes, decisions
and kept rows. From the first row on that is another the real verification takes over. A table none of whose pages
is touched is not read again: SQLite comes to a table's pages from its root, by pointers on pages of that table. That
all this changes no outcome is itself tested.
"""

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
from ledger.kept.positions import Kept as KeptPositions
from ledger.links import identified
from ledger.merkle import leaf
from ledger.opened import Opened
from ledger.position.state import Position
from ledger.rows import STREAM, Stored
from projections import verification
from projections.verification import Verdict, verify
from tampering.asked import LIES, LINKS, ORDER, Columns, everything, kept_rows
from tampering.specimen import Files


class _Rows:
    """What was kept, taken down row by row: it stands in for what the verification itself keeps."""

    def __init__(self, tables: dict[str, list[Columns]]) -> None:
        self.tables = tables

    def ask(self, question: str, _given: Any) -> Iterator[Columns]:
        """The rows of the table that is asked for, in the order in which it is."""
        return iter(next(rows for table, rows in self.tables.items() if f" {table} " in question))

    def write(self) -> None:
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
        for kept in book.position.kinds.values():
            len(kept)  # every piece is fetched
        return cls(book.position, _Rows(kept_rows(book.kept.connection)))


@dataclass
class Truth:
    """An untouched ledger: what is stored, what deciding it again comes to, and what it answers."""

    book: "_Book"
    stored: list[Stored]
    answers: dict[str, bytes]
    verdict: Verdict

    @classmethod
    def of(cls, path: Path) -> "Truth":
        """Verify a ledger in full, and remember."""
        stored: list[Stored] = []
        books: list[_Book] = []
        replays: list[verification._Replay] = []

        class Watched(verification._Replay):
            def take(self, one: Stored) -> None:
                super().take(one)
                stored.append(one)
                replays[:] = [self]

        def taken_down(connection: sqlite3.Connection, computed: KeptPositions, since: int) -> int:
            books.append(_Book.of(replays[0].book))
            return must_be_kept(connection, computed, since)

        with patch.multiple(verification, _Replay=Watched, must_be_kept=taken_down):
            verdict = verify(path)
        (book,) = books
        return cls(book, stored, everything(path), verdict)

    @property
    def kept(self) -> dict[str, list[Columns]]:
        """The rows that the kept tables should have, in their order."""
        rows: dict[str, list[Columns]] = self.book.kept.tables
        return rows

    @cached_property
    def lies(self) -> list[Columns]:
        """The entries as they lie in their table."""
        return [(one.number, STREAM, one.number, one.word, one.state) for one in self.stored]

    @cached_property
    def links(self) -> list[Columns]:
        """The links as they lie in theirs."""
        return [(one.number, bytes.fromhex(one.sha256)) for one in self.stored]

    def known(self, connection: sqlite3.Connection, touched: Callable[[str], bool]) -> int:
        """How many entries are as they were, with their links, from the beginning."""
        entries = _same(connection, LIES, self.lies) if touched("stored_events") else len(self.lies)
        return min(entries, _same(connection, LINKS, self.links) if touched("links") else len(self.links))

    def head(self, known: int) -> Head:
        """The head of so many entries."""
        return Head(known, self.stored[known - 1].sha256) if known else NO_HEAD

    def first_misfit(self, path: Path, table: str) -> RecordMustVerify | None:
        """What verification ends with where it does so over the first row that is another, in the one table touched.

        Before that row it finds what it finds in the untouched file, and at that row it does just this.
        """
        with closing(sqlite3.connect(path)) as connection:
            try:
                if table in ("stored_events", "links"):
                    known = self.known(connection, lambda touched: touched == table)
                    next(linked(FileRows(connection), self.head(known)), None)
                elif table in ORDER:
                    must_be_kept(connection, self.book.kept, 0)
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
        self.truth, self.touched, self.stored = truth, touched, truth.stored
        self.leaves = [leaf(identified(one.number, one.word, one.state)) for one in self.stored]
        self.real = SimpleNamespace(**vars(verification))
        self.books = {len(self.stored): truth.book}
        self.rows = sum(map(len, truth.kept.values()))

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

    def identified(self, number: int, word: str, state: bytes) -> int | bytes:
        """An entry's number in the place of an untouched entry."""
        true = self.stored[number - 1] if number <= len(self.stored) else None
        known = true is not None and true.state == state and true.word == word
        return number if known else identified(number, word, state)

    def leaf(self, data: int | bytes) -> bytes:
        """The leaf of an entry."""
        return self.leaves[data - 1] if isinstance(data, int) else leaf(data)

    def must_add_up(self, position: Position, entry: int) -> None:
        """What added up adds up."""
        if position is not self.truth.book.position:
            self.real.must_add_up(position, entry)

    def must_be_kept(self, connection: sqlite3.Connection, computed: KeptPositions, since: int) -> int:
        """What was kept of the untouched record is as it was where it is untouched itself."""
        untouched = computed is self.truth.book.kept and not any(map(self.touched, ORDER))
        return self.rows if untouched else int(self.real.must_be_kept(connection, computed, since))


class _Remembered:
    """The entries as they were decided, for as long as they are the same, and then decided indeed."""

    def __init__(self, memory: _Memory, opened: Opened, kept: sqlite3.Connection) -> None:
        self.taken, self.memory, self.opened, self.kept = 0, memory, opened, kept
        self.indeed: verification._Replay | None = None

    def take(self, one: Stored) -> None:
        """Take the next entry."""
        stored = self.memory.stored
        true = stored[self.taken] if self.taken < len(stored) else None
        if self.indeed is None and (one is true or one == true):
            self.taken += 1
        else:
            self._indeed().take(one)

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
            self.indeed = self.memory.real._Replay(self.opened, self.kept)
            for one in self.memory.stored[: self.taken]:
                self.indeed.take(one)
        return self.indeed


@contextmanager
def _remembered(truth: Truth, touched: Callable[[str], bool]) -> Iterator[None]:
    memory = _Memory(truth, touched)
    ours = (memory.linked, memory.identified, memory.leaf, memory.must_add_up, memory.must_be_kept)
    named: dict[str, Any] = {each.__name__: each for each in ours}
    named["_Replay"] = lambda opened, kept: _Remembered(memory, opened, kept)
    with patch.multiple(verification, **named):
        yield


@dataclass(frozen=True)
class Kept:
    """An untouched ledger of a few hundred entries, and what it comes to."""

    files: Files
    truth: Truth
