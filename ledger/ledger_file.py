"""The file a ledger is kept in: where it is, whether it is one, and whose turn it is to write there."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledger.errors import (
    LedgerMustBeALedger,
    LedgerMustBeNew,
    LedgerMustBeWritable,
    LedgerMustExist,
    LedgerMustReachTheDisk,
)

TABLES = {"stored_events", "links", "tags"}
"""The tables that make a SQLite file a ledger."""

_EXTRA = 3  # FULL, and the folder synced when a rollback journal is deleted: a copy is made with one


def address(path: Path) -> str:
    """The URI under which SQLite opens a ledger file, whatever its name looks like.

    In a folder that cannot be written the file is opened as immutable: SQLite would otherwise fail to make the files it
    keeps beside a database, and nobody can be recording there.
    """
    uri = path.absolute().as_uri()
    read_only = not os.access(path.absolute().parent, os.W_OK)
    return f"{uri}?immutable=1" if read_only and not _beside(path, "-wal").exists() else uri


def _beside(path: Path, ending: str) -> Path:
    return path.parent / f"{path.absolute().name}{ending}"


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait for the turn to write in a ledger file, first come, first served.

    SQLite's own waiting is by trying again, which lets one of many writers starve; and what is decided under the lock
    is appended under it, so that nobody records in between.
    """
    try:
        lock = _beside(path, ".lock").open("ab")
    except OSError as error:
        raise LedgerMustBeWritable(path=path, why=f"Its lock file cannot be opened: {error.strerror}") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def copy(path: Path, target: Path) -> None:
    """Copy a ledger file as it is at one instant to a new file, synced when this returns; others may be recording."""
    with closing(sqlite3.connect(address(path), uri=True)) as source, closing(sqlite3.connect(target)) as kept:
        kept.execute(f"PRAGMA synchronous={_EXTRA}")
        source.backup(kept)


@contextmanager
def snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees a ledger file as it is at one moment, whoever records meanwhile."""
    with closing(sqlite3.connect(address(path), uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        yield connection


def must_be_a_ledger(path: Path) -> None:
    """Raise LedgerMustExist or LedgerMustBeALedger where a path holds no ledger."""
    try:
        if not path.exists():
            raise LedgerMustExist(path=path)
        if not path.is_file():
            raise LedgerMustBeALedger(path=path, why="It is no file")
        # Through SQLite alone: closing a file one has opened oneself gives up the locks of every connection to it.
        with closing(sqlite3.connect(address(path), uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        why = "It is no SQLite file" if "not a database" in str(error) else f"It cannot be read: {error}"
        raise LedgerMustBeALedger(path=path, why=why) from None
    except (OSError, sqlite3.Error, ValueError) as error:
        raise LedgerMustBeALedger(path=path, why=f"It cannot be read: {error}") from None
    if not tables >= TABLES:
        raise LedgerMustBeALedger(path=path, why="It is a SQLite file without a ledger's tables")


def sync_folder(path: Path) -> None:
    """Make sure of the names in a ledger's folder: SQLite does so for its log, and passes over a failure in silence.

    Raises LedgerMustReachTheDisk.
    """
    try:
        folder = os.open(path.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise LedgerMustReachTheDisk(path=path, why=f"Its folder cannot be synced: {error.strerror}") from error


def begin_file(path: Path) -> None:
    """Make a file that keeps a write-ahead log; the event store would not hear of it where that fails at the end.

    Raises LedgerMustBeWritable.
    """
    try:
        with closing(sqlite3.connect(address(path), uri=True)) as connection:
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchall()
    except sqlite3.Error as error:
        raise LedgerMustBeWritable(path=path, why=f"The store says: {error}") from error
    if mode != [("wal",)]:
        raise LedgerMustBeWritable(path=path, why=f"The store keeps {mode} and no write-ahead log")


def _broke_off(path: Path) -> bool:
    """Whether a file is what a beginning leaves that failed: empty, or a ledger's tables without an entry."""
    try:
        if not path.stat().st_size:
            return True
        with closing(sqlite3.connect(address(path), uri=True)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            if not names <= TABLES | {"sqlite_sequence"}:
                return False
            return "stored_events" not in names or not connection.execute("SELECT 1 FROM stored_events").fetchone()
    except (OSError, sqlite3.Error):
        return False


def must_be_new(path: Path) -> None:
    """Raise LedgerMustBeNew or LedgerMustBeWritable where no new ledger can begin at a path."""
    try:
        if path.exists() and not _broke_off(path):
            raise LedgerMustBeNew(path=path, what="something is")
        if not path.exists() and _beside(path, ".head").exists():
            head = _beside(path, ".head").name
            raise LedgerMustBeNew(path=path, what=f"{head}, the head of a ledger that was there before, is")
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
