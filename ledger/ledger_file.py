"""A ledger in a SQLite file: where it is, whether it is one, and whose turn it is to write there."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import (
    LedgerError,
    LedgerMustBeALedger,
    LedgerMustBeNew,
    LedgerMustBeWritable,
    LedgerMustExist,
    LedgerMustNotHaveMovedOn,
    LedgerMustReachTheDisk,
)
from ledger.file_rows import FileRows
from ledger.place_errors import LedgerMustBeOfThisMake, LedgerMustHaveRoom, LedgerMustOpen
from ledger.rows import OLDER_LINKS, TABLES
from ledger.writing import Writing

if TYPE_CHECKING:  # whoever only asks loads no event store
    from ledger.store import LinkedRecorder

_EXTRA = 3  # FULL, and the folder synced when a rollback journal is deleted: a copy is made with one


def address(path: Path) -> str:
    """The URI under which SQLite opens a file, whatever its name looks like.

    In a folder that cannot be written the file is opened as immutable: SQLite would otherwise fail to make the files it
    keeps beside a database, and nobody can be recording there.
    """
    uri = path.absolute().as_uri()
    read_only = not os.access(path.absolute().parent, os.W_OK)
    return f"{uri}?immutable=1" if read_only and not _beside(path, "-wal").exists() else uri


def _beside(path: Path, ending: str) -> Path:
    return path.parent / f"{path.absolute().name}{ending}"


def of_the_disk(error: Exception) -> bool:
    """Whether SQLite speaks of the disk a file is on, and not of what the file holds."""
    return any(word in str(error) for word in ("disk I/O", "unable to open"))


def in_words(
    error: Exception, path: object, head: int = 0, *, operational: bool, recording: bool = False
) -> LedgerError:
    """The ledger's own error for what SQLite says, itself or through the event store."""
    said = f"The store says: {error}"
    if not recording and of_the_disk(error):
        return LedgerMustOpen(path=path, why=said)
    if "disk I/O" in said:
        return LedgerMustReachTheDisk(path=path, why=f"{said}: the disk failed")
    if operational:
        if "locked" in said:
            return LedgerMustNotHaveMovedOn(head=head)
        if "full" in said:
            return LedgerMustHaveRoom(path=path, why=said)
        if "readonly" in said or "unable to open" in said:
            return LedgerMustBeWritable(path=path, why=said)
    return LedgerMustBeALedger(path=path, why=said)


class LedgerFile(NamedTuple):
    """A file that holds one ledger, its published tables with it, and its lock and head beside it."""

    path: Path

    def __str__(self) -> str:
        """The path as it was given."""
        return str(self.path)

    @property
    def beside(self) -> Path:
        """The path that the head and the lock stand beside."""
        return self.path

    @property
    def published(self) -> Path:
        """The SQLite file of the published tables: the ledger's own."""
        return self.path

    def settings(self) -> dict[str, str]:
        """How the event store opens the file."""
        return {"PERSISTENCE_MODULE": "ledger.store:LedgerFactory", "SQLITE_DBNAME": address(self.path)}

    def error_of(self, error: Exception, head: int, *, recording: bool) -> LedgerError:
        """What the event store raised, in the ledger's own words."""
        from ledger.store import error_of  # noqa: PLC0415 - whoever raised it has loaded the event store

        return error_of(error, self, head, recording=recording)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn to write, first come, first served.

        SQLite's own waiting is by trying again, which lets one of many writers starve; and what is decided under the
        lock is appended under it, so that nobody records in between.
        """
        try:
            lock = _beside(self.path, ".lock").open("ab", buffering=0)
        except OSError as error:
            why = f"Its lock file cannot be opened: {error.strerror}"
            raise LedgerMustBeWritable(path=self, why=why) from None
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def rows(self) -> Iterator[FileRows]:
        """The rows as they are at one moment, whoever records meanwhile."""
        with closing(sqlite3.connect(address(self.path), uri=True, isolation_level=None)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            yield FileRows(connection)

    @contextmanager
    def writing(self, recorder: "LinkedRecorder") -> Iterator[Writing]:
        """A transaction by the place's recorder, the kept tables in it."""
        with recorder.appending() as (append, connection):
            yield Writing(append, FileRows(connection))

    def stamp(self) -> list[tuple[int, int]]:
        """What changes in the files when somebody records."""
        stamps = []
        for file in (self.path, _beside(self.path, "-wal")):
            with suppress(OSError, ValueError):
                told = file.stat()
                stamps.append((told.st_size, told.st_mtime_ns))
        return stamps

    def copy(self, target: Path) -> None:
        """Copy the file as it is at one instant to a new one, synced when this returns; others may be recording.

        Raises LedgerMustHaveRoom, or whatever else comes of it in words.
        """
        try:
            with (
                closing(sqlite3.connect(address(self.path), uri=True)) as source,
                closing(sqlite3.connect(target)) as kept,
            ):
                kept.execute(f"PRAGMA synchronous={_EXTRA}")
                source.backup(kept)
        except sqlite3.Error as error:
            raise in_words(error, target, operational=isinstance(error, sqlite3.OperationalError)) from error

    def must_be_a_ledger(self) -> None:
        """Raise LedgerMustExist or LedgerMustBeALedger where the path holds no ledger.

        And LedgerMustBeOfThisMake or LedgerMustOpen where it may hold one that cannot be used.
        """
        try:
            if not self.path.exists():
                raise LedgerMustExist(path=self)
            if not self.path.is_file():
                raise LedgerMustBeALedger(path=self, why="It is no file")
            # Through SQLite alone: closing a file one has opened oneself gives up the locks of every connection to it.
            with closing(sqlite3.connect(address(self.path), uri=True)) as connection:
                tables = dict(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
        except sqlite3.OperationalError as error:
            raise LedgerMustOpen(path=self, why=f"The store says: {error}") from None
        except sqlite3.DatabaseError as error:
            why = "It is no SQLite file" if "not a database" in str(error) else f"It cannot be read: {error}"
            raise LedgerMustBeALedger(path=self, why=why) from None
        except (OSError, sqlite3.Error, ValueError) as error:
            raise LedgerMustBeALedger(path=self, why=f"It cannot be read: {error}") from None
        if "stored_events" in tables and tables.get("links") == OLDER_LINKS:
            hint = f"`captable copy {self} NEW` makes one of today's, with the same entries, links, head and tags"
            raise LedgerMustBeOfThisMake(path=self, hint=hint)
        if not tables.keys() >= TABLES:
            raise LedgerMustBeALedger(path=self, why="It is a SQLite file without a ledger's tables")

    def settle(self) -> None:
        """Make sure of the names in the folder: SQLite does so for its log, and passes over a failure in silence.

        Raises LedgerMustReachTheDisk.
        """
        try:
            folder = os.open(self.path.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            why = f"Its folder cannot be synced: {error.strerror}: the disk failed"
            raise LedgerMustReachTheDisk(path=self, why=why) from error

    def begin(self) -> None:
        """Make a file that keeps a write-ahead log; the event store would not hear of it where that fails at the end.

        Raises LedgerMustBeWritable.
        """
        try:
            with closing(sqlite3.connect(address(self.path), uri=True)) as connection:
                mode = connection.execute("PRAGMA journal_mode=WAL").fetchall()
        except sqlite3.Error as error:
            if "full" in str(error):
                raise LedgerMustHaveRoom(path=self, why=f"The store says: {error}") from error
            raise LedgerMustBeWritable(path=self, why=f"The store says: {error}") from error
        if mode != [("wal",)]:
            raise LedgerMustBeWritable(path=self, why=f"The store keeps {mode} and no write-ahead log")

    def must_be_new(self) -> None:
        """Raise LedgerMustBeNew or LedgerMustBeWritable where no new ledger can begin at the path."""
        try:
            if self.path.exists() and not self._broke_off():
                raise LedgerMustBeNew(path=self, what="something is")
            if not self.path.exists() and _beside(self.path, ".head").exists():
                head = _beside(self.path, ".head").name
                raise LedgerMustBeNew(path=self, what=f"{head}, the head of a ledger that was there before, is")
        except OSError as error:
            raise LedgerMustBeWritable(path=self, why=error.strerror) from None
        folder = self.path.absolute().parent
        if not folder.is_dir():
            raise LedgerMustBeWritable(path=self, why="Its folder does not exist")
        if not os.access(folder, os.W_OK):
            raise LedgerMustBeWritable(path=self, why="Its folder is read-only")

    def must_be_writable(self) -> None:
        """Raise LedgerMustBeWritable where a ledger, or the folder its log is kept in, is read-only."""
        if not self.path.is_file():
            return  # that there is no ledger is said elsewhere
        # The mode is asked as well as the system: to the superuser every file is writable, marked read-only or not.
        if not self.path.stat().st_mode & 0o222 or not os.access(self.path, os.W_OK):
            raise LedgerMustBeWritable(path=self, why="The file is read-only")
        if not os.access(self.path.absolute().parent, os.W_OK):
            why = "Its folder is read-only, and a journal is written beside the file"
            raise LedgerMustBeWritable(path=self, why=why)

    def _broke_off(self) -> bool:
        """Whether the file is what a beginning leaves that failed: empty, or a ledger's tables without an entry."""
        try:
            if not self.path.stat().st_size:
                return True
            with closing(sqlite3.connect(address(self.path), uri=True)) as connection:
                names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
                if not names <= TABLES | {"sqlite_sequence"}:
                    return False
                return "stored_events" not in names or not connection.execute("SELECT 1 FROM stored_events").fetchone()
        except (OSError, sqlite3.Error):
            return False


class Folder(NamedTuple):
    """A folder as a store: each ledger is a file in it."""

    path: Path

    def ledger(self, name: str) -> LedgerFile:
        """The ledger of a name in the folder, whether it is there or not."""
        return LedgerFile(self.path / name)

    def ledgers(self) -> list[LedgerFile]:
        """Every ledger in the folder, and every one that a head there says has been; LedgerMustExist."""
        if not self.path.is_dir():
            raise LedgerMustExist(path=self.path)
        names = {file.name.removesuffix(".head") for file in self.path.glob("*.head")}
        names |= {file.name for file in self.path.iterdir() if _is_ledger(file)}
        return [LedgerFile(self.path / name) for name in sorted(names)]


def _is_ledger(file: Path) -> bool:
    try:
        LedgerFile(file).must_be_a_ledger()
    except LedgerMustBeOfThisMake:
        return True
    except LedgerError:
        return False
    return True
