"""A ledger file opened to be asked, without the event store: its terms, its head, its tags, and nothing recorded.

What is seen is the file as it is at one moment, whoever records meanwhile.
"""

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from ledger.errors import LedgerMustBeALedger, LedgerMustBeWritable, LedgerMustNotHaveMovedOn
from ledger.head import Head
from ledger.ledger_file import must_be_a_ledger, snapshot
from ledger.rows import STREAM, TAG_COLUMNS, TERMS_WORD, Tag, readable
from ledger.terms import Terms

_TERMS_ENTRY = 1
_ENTRY = "FROM stored_events WHERE originator_id = ? AND originator_version = ?"


class Opened:
    """A ledger file at a moment; `connection` is for whoever asks for more of what it holds."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take a connection that sees the file at one moment; `opened` makes it."""
        self.path, self.connection = path, connection

    @cached_property
    def terms(self) -> Terms:
        """The terms that the ledger was begun with; LedgerMustBeALedger, RecordMustBeReadable where it has none."""
        row = self._row(f"SELECT topic, state {_ENTRY}", _TERMS_ENTRY)
        if row is None or row[0] != TERMS_WORD:
            raise LedgerMustBeALedger(path=self.path, why="It was not begun with its terms")
        with readable(_TERMS_ENTRY):
            return Terms.of(json.loads(row[1])["says"])

    def recorded(self, number: int) -> datetime:
        """When the ledger learned of an entry that it has; RecordMustBeReadable where the entry does not tell."""
        row = self._row(f"SELECT state {_ENTRY}", number)
        with readable(number):
            if row is None:
                raise ValueError("it is not there")
            return datetime.fromisoformat(json.loads(row[0])["recorded"])

    def last(self, known_at: datetime | None = None) -> int:
        """The number of the last entry known at an instant: a few look-ups, since each was recorded after the last."""
        row = self._row("SELECT max(originator_version) FROM stored_events WHERE originator_id = ?")
        number = int(row[0]) if row and row[0] is not None else 0
        if known_at is None or number <= _TERMS_ENTRY or self.recorded(number) <= known_at:
            return number
        return _TERMS_ENTRY + bisect_right(range(_TERMS_ENTRY + 1, number), known_at, key=self.recorded)

    def head(self, known_at: datetime | None = None) -> Head:
        """The last entry known at an instant, and its link."""
        number = self.last(known_at)
        row = self._row("SELECT sha256 FROM links WHERE originator_id = ? AND originator_version = ?", number)
        return Head(number, str(row[0]) if row else "")

    def tags(self) -> list[Tag]:
        """Every tag, by name."""
        return [Tag(*row) for row in self.connection.execute(f"SELECT {TAG_COLUMNS} FROM tags ORDER BY name")]

    def _row(self, question: str, *given: Any) -> Any:
        return self.connection.execute(question, (STREAM, *given)).fetchone()


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """The ledger at a path, to be asked; LedgerMustExist, LedgerMustBeALedger, and what comes of SQLite in words."""
    must_be_a_ledger(path)
    try:
        with snapshot(path) as connection:
            connection.execute("PRAGMA query_only = ON")
            yield Opened(path, connection)
    except sqlite3.OperationalError as error:
        why = f"The store says: {error}"
        if "locked" in str(error):
            raise LedgerMustNotHaveMovedOn(head=0) from error
        if any(word in str(error) for word in ("readonly", "disk", "full", "unable to open")):
            raise LedgerMustBeWritable(path=path, why=why) from error
        raise LedgerMustBeALedger(path=path, why=why) from error
    except sqlite3.Error as error:
        raise LedgerMustBeALedger(path=path, why=f"The store says: {error}") from error
