"""Where entries are kept: SQLite through the event-sourcing library's recorder, hash-linked and durable.

One stream a ledger, one stored event an entry, named by its word. Every entry is linked to the one before by SHA-256
over its number, its word and exactly the stored bytes, in the transaction that appends it. `synchronous=FULL` on every
connection, so that what was acknowledged survives a loss of power.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import InterfaceError, Mapper, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)

from ledger.errors import LedgerMustBeALedger, LedgerMustBeNew, LedgerMustBeWritable, LedgerMustExist

STREAM = "ledger"
"""The one stream of a ledger file."""

_FULL = 2
_HEADER = b"SQLite format 3\x00"


@dataclass(frozen=True)
class StoredEntry:
    """An entry as the store holds it: its place in the stream, its word, when it was recorded, and what it says."""

    originator_id: str
    originator_version: int
    word: str
    recorded: datetime
    says: dict[str, Any]


class EntryMapper(Mapper[str]):
    """Stored bytes are canonical JSON, and a stored name is the entry's word, never a module path."""

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """One entry as the bytes that are stored, and over which its link is made."""
        assert isinstance(domain_event, StoredEntry)
        state = {"recorded": domain_event.recorded.isoformat(), "says": domain_event.says}
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.word,
            state=json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode(),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        """The entry that stored bytes hold."""
        state = json.loads(stored_event.state)
        return StoredEntry(
            str(stored_event.originator_id),
            stored_event.originator_version,
            stored_event.topic,
            datetime.fromisoformat(state["recorded"]),
            state["says"],
        )


def link(before: str, entry: StoredEvent) -> str:
    """The hash that links an entry to the one before: SHA-256 over its number, word and bytes and the link before."""
    identity = f"{before}\n{entry.originator_id}\n{entry.originator_version}\n{entry.topic}\n".encode()
    return hashlib.sha256(identity + entry.state).hexdigest()


class LinkingRecorder(SQLiteApplicationRecorder):
    """The library's recorder, with ids that are never reused and a link beside every entry."""

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "stored_events") -> None:
        """Name the columns of the insert: the library's own is positional and would break on the id."""
        super().__init__(datastore, events_table_name)
        self.insert_events_statement = (
            f"INSERT INTO {events_table_name} (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"
        )

    def construct_create_table_statements(self) -> list[str]:
        """The library's table with an AUTOINCREMENT id (an implicit one is reused after a tail is deleted)."""
        return [
            f"CREATE TABLE IF NOT EXISTS {self.events_table_name} ("
            "rowid INTEGER PRIMARY KEY AUTOINCREMENT, originator_id TEXT NOT NULL, originator_version INTEGER NOT NULL,"
            " topic TEXT NOT NULL, state BLOB NOT NULL, UNIQUE (originator_id, originator_version)) STRICT",
            "CREATE TABLE IF NOT EXISTS links (originator_id TEXT NOT NULL, originator_version INTEGER NOT NULL,"
            " sha256 TEXT NOT NULL, PRIMARY KEY (originator_id, originator_version)) STRICT, WITHOUT ROWID",
        ]

    def _insert_events(self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        # The insert comes first: the library begins its transactions deferred, and a read before it could go stale.
        ids = super()._insert_events(c, stored_events, **kwargs)
        for event in stored_events:
            before = _link_of(c, event.originator_version - 1)
            row = (event.originator_id, event.originator_version, link(before, event))
            c.execute("INSERT INTO links (originator_id, originator_version, sha256) VALUES (?, ?, ?)", row)
        assert ids is not None
        return ids

    def link_at(self, number: int) -> str:
        """The link stored beside an entry; empty before the first."""
        with self.datastore.transaction(commit=False) as c:
            return _link_of(c, number)

    def links(self) -> dict[int, str]:
        """Every link stored, by the number of its entry."""
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT originator_version, sha256 FROM links WHERE originator_id = ?", (STREAM,))
            return {int(number): str(sha256) for number, sha256 in c.fetchall()}


def _link_of(c: SQLiteCursor, number: int) -> str:
    c.execute("SELECT sha256 FROM links WHERE originator_id = ? AND originator_version = ?", (STREAM, number))
    row = c.fetchone()
    return str(row[0]) if row else ""


class DurablePool(SQLiteConnectionPool):
    """Connections that reach the disk before they acknowledge: WAL with synchronous=FULL, read back."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA synchronous={_FULL}")
        cursor.execute("PRAGMA synchronous")
        if cursor.fetchone()[0] != _FULL:
            raise InterfaceError("SQLite would not set synchronous=FULL")
        return connection


class LedgerFactory(SQLiteFactory):
    """The library's SQLite factory with durable connections and linked entries."""

    application_recorder_class = LinkingRecorder

    def __init__(self, env: Any) -> None:
        """Put the durable pool in the place of the library's before anything connects."""
        super().__init__(env)
        self.datastore.pool.close()
        self.datastore.pool = DurablePool(db_name=self.datastore.pool.db_name)


def address(path: Path) -> str:
    """The URI under which SQLite opens a ledger file, whatever its name looks like.

    In a folder that cannot be written the file is opened as immutable: SQLite would otherwise fail to make the files it
    keeps beside a database, and nobody can be recording there.
    """
    uri = path.absolute().as_uri()
    beside = path.with_name(f"{path.name}-wal")
    return f"{uri}?immutable=1" if not os.access(path.absolute().parent, os.W_OK) and not beside.exists() else uri


def must_be_a_ledger(path: Path) -> None:
    """Raise LedgerMustExist or LedgerMustBeALedger where a path holds no ledger."""
    try:
        if not path.exists():
            raise LedgerMustExist(path=path)
        if not path.is_file():
            raise LedgerMustBeALedger(path=path, why="It is no file")
        with path.open("rb") as file:
            if file.read(len(_HEADER)) != _HEADER:
                raise LedgerMustBeALedger(path=path, why="It is no SQLite file")
        with closing(sqlite3.connect(address(path), uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    except (OSError, sqlite3.Error, ValueError) as error:
        raise LedgerMustBeALedger(path=path, why=f"It cannot be read: {error}") from None
    if not {"stored_events", "links"} <= tables:
        raise LedgerMustBeALedger(path=path, why="It is a SQLite file without a ledger's tables")


def must_be_new(path: Path) -> None:
    """Raise LedgerMustBeNew or LedgerMustBeWritable where no new ledger can begin at a path."""
    try:
        if path.exists():
            raise LedgerMustBeNew(path=path)
    except OSError as error:
        raise LedgerMustBeWritable(path=path, why=error.strerror) from None
    folder = path.absolute().parent
    if not folder.is_dir():
        raise LedgerMustBeWritable(path=path, why="Its folder does not exist")
    if not os.access(folder, os.W_OK):
        raise LedgerMustBeWritable(path=path, why="Its folder is read-only")


def must_be_writable(path: Path) -> None:
    """Raise LedgerMustBeWritable where a ledger, or the folder its log is kept in, is read-only."""
    # The mode is asked as well as the system: to the superuser every file is writable, marked read-only or not.
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        raise LedgerMustBeWritable(path=path, why="The file is read-only")
    if not os.access(path.absolute().parent, os.W_OK):
        raise LedgerMustBeWritable(path=path, why="Its folder is read-only, and a journal is written beside the file")
