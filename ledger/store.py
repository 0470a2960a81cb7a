"""Where entries are kept: SQLite through the event-sourcing library's recorder, hash-linked and durable.

One stream a ledger, one stored event an entry, named by its word. Every entry is linked to the one before by SHA-256
over its number, its word and exactly the stored bytes, in the transaction that appends it. `synchronous=FULL` on every
connection, so that what was acknowledged survives a loss of power.
"""

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Any

from eventsourcing.persistence import ApplicationRecorder, DatabaseError, OperationalError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)

from ledger.errors import LedgerError
from ledger.ledger_file import in_words
from ledger.links import link
from ledger.rows import STREAM, TAG_COLUMNS, Tag, in_hex, schema

_CACHE = 65_536  # KiB; what a long journal changes again and again is then written once
_TAKE_THE_LOCK = "INSERT INTO links SELECT * FROM links WHERE 0"
"""A write that writes nothing: what is read behind it stays as it is until the transaction ends."""

FULL = 2
"""`PRAGMA synchronous=FULL`: what was acknowledged survives a loss of power. Never less, and never an option."""


Append = Callable[[Sequence[StoredEvent]], str]
"""What appends events that follow the last, and tells the link of the last of them."""


_AT_ONCE = 2_000  # events in memory of a longer list


def batched(events: Iterable[StoredEvent]) -> Iterator[list[StoredEvent]]:
    """Events in lists of some thousands at most."""
    coming = iter(events)
    while some := list(islice(coming, _AT_ONCE)):
        yield some


def link_rows(before: str, events: Iterable[StoredEvent]) -> list[tuple[int, bytes]]:
    """The number and the hash of each event of the ledger's own stream, from the link before the first of them."""
    rows = []
    for one in events:
        if one.originator_id == STREAM:
            before = link(before, one.originator_version, one.topic, one.state)
            rows.append((one.originator_version, bytes.fromhex(before)))
    return rows


class LinkedRecorder(ApplicationRecorder, ABC):
    """What the ledger asks of a recorder beyond what the library does: links and tags."""

    @abstractmethod
    def link_at(self, number: int) -> str:
        """The link stored beside an entry; empty before the first."""

    @abstractmethod
    def tags(self) -> list[Tag]:
        """Every tag, by name."""

    @abstractmethod
    def keep_tag(self, tag: Tag) -> None:
        """Keep a tag; the database refuses a second one of its name."""

    @abstractmethod
    def appending(self) -> AbstractContextManager[tuple[Append, Any]]:
        """One transaction to append events in, linked, any number at a time, and the connection that it is on.

        What is raised in it undoes all of it.
        """

    @abstractmethod
    def fill(self, events: Iterable[StoredEvent], tags: Iterable[Tag]) -> None:
        """Append events, linked, and keep tags, all in one transaction."""


class LinkingRecorder(SQLiteApplicationRecorder, LinkedRecorder):
    """The library's recorder, with ids that are never reused and a link beside every entry."""

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "stored_events") -> None:
        """Name the columns of the insert: the library's own is positional and would break on the id."""
        super().__init__(datastore, events_table_name)
        self.insert_events_statement = (
            f"INSERT INTO {events_table_name} (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"
        )

    def construct_create_table_statements(self) -> list[str]:
        """The library's table with an AUTOINCREMENT id (an implicit one is reused after a tail is deleted)."""
        made = schema(self.events_table_name).values()
        return [re.sub(r"^(CREATE \w+) ", r"\1 IF NOT EXISTS ", statement) for statement in made]

    def _insert_events(self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        last = self._append(c, stored_events)[0]
        return list(range(last - len(stored_events) + 1, last + 1))

    def _append(self, c: SQLiteCursor, stored_events: Sequence[StoredEvent]) -> tuple[int, str]:
        """Append events; the id and the link of the last."""
        # The insert comes first: the library begins its transactions deferred, and a read before it could go stale.
        rows = [(one.originator_id, one.originator_version, one.topic, one.state) for one in stored_events]
        c.executemany(self.insert_events_statement, rows)
        c.execute("SELECT last_insert_rowid()")
        last = c.fetchone()[0]
        before = _link_of(c, rows[0][1] - 1) if rows else ""
        linked = link_rows(before, stored_events)
        c.executemany("INSERT INTO links (entry, sha256) VALUES (?, ?)", linked)
        return last, linked[-1][1].hex() if linked else before

    @contextmanager
    def appending(self) -> Iterator[tuple[Append, sqlite3.Connection]]:
        """One transaction to append events in, linked, any number at a time, and the connection that it is on."""
        with self.datastore.transaction(commit=True) as c:
            c.execute(_TAKE_THE_LOCK)
            yield (lambda events: self._append(c, events)[1]), c.sqlite_cursor.connection

    def link_at(self, number: int) -> str:
        """The link stored beside an entry; empty before the first."""
        with self.datastore.transaction(commit=False) as c:
            return _link_of(c, number)

    def tags(self) -> list[Tag]:
        """Every tag, by name."""
        with self.datastore.transaction(commit=False) as c:
            c.execute(f"SELECT {TAG_COLUMNS} FROM tags ORDER BY name")
            return [Tag(*row) for row in c.fetchall()]

    def keep_tag(self, tag: Tag) -> None:
        """Keep a tag; the database refuses a second one of its name."""
        with self.datastore.transaction(commit=True) as c:
            _keep(c, tag)

    def fill(self, events: Iterable[StoredEvent], tags: Iterable[Tag]) -> None:
        """Append events, linked, and keep tags, all in one transaction."""
        with self.datastore.transaction(commit=True) as c:
            for some in batched(events):
                self._append(c, some)
            for tag in tags:
                _keep(c, tag)


def _keep(c: SQLiteCursor, tag: Tag) -> None:
    c.execute(f"INSERT INTO tags ({TAG_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", tag)


def _link_of(c: SQLiteCursor, number: int) -> str:
    c.execute("SELECT sha256 FROM links WHERE entry = ?", (number,))
    row = c.fetchone()
    return in_hex(row[0]) if row else ""


class DurablePool(SQLiteConnectionPool):
    """Connections that reach the disk before they acknowledge: WAL with synchronous=FULL, read back."""

    def _create_connection(self) -> SQLiteConnection:
        try:
            connection = super()._create_connection()
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA synchronous={FULL}")
            cursor.execute(f"PRAGMA cache_size=-{_CACHE}")
            read_back = []
            for pragma in ("synchronous", "journal_mode"):
                cursor.execute(f"PRAGMA {pragma}")
                read_back.append(cursor.fetchone()[0])
        except sqlite3.OperationalError as error:  # here the library lets SQLite's own errors pass
            raise OperationalError(error) from error
        except sqlite3.Error as error:
            raise DatabaseError(error) from error
        if read_back != [FULL, "wal"] and "immutable=1" not in self.db_name:
            raise OperationalError(f"disk: SQLite keeps {read_back} where it should keep {[FULL, 'wal']}")
        return connection


class LedgerFactory(SQLiteFactory):
    """The library's SQLite factory with durable connections and linked entries."""

    application_recorder_class = LinkingRecorder

    def __init__(self, env: Any) -> None:
        """Put the durable pool in the place of the library's before anything connects."""
        super().__init__(env)
        self.datastore.pool.close()
        self.datastore.pool = DurablePool(db_name=self.datastore.pool.db_name)


def error_of(error: Exception, path: object, head: int, *, recording: bool) -> LedgerError:
    """The ledger's own error for what the library raises of SQLite."""
    return in_words(error, path, head, operational=isinstance(error, OperationalError), recording=recording)
