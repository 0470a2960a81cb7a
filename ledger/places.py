"""Where ledgers are kept: a file each (SQLite), or a schema each of a PostgreSQL database, and how both are addressed.

A `Place` is where one ledger is kept and a `Store` is where many are. All that differs between the two stores stands
behind these interfaces; recording, answering and verifying know nothing else of them.
"""

import os
import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from ledger.errors import LedgerError, StoreMustBeReachable
from ledger.ledger_file import Folder, LedgerFile
from ledger.rows import Tag
from ledger.writing import Writing

STORE = "CAPTABLE_STORE"
"""The variable that names the store in which ledgers are looked for by name: a folder, or a PostgreSQL database."""

_DATABASE = re.compile(r"postgres(ql)?://")


class Rows(Protocol):
    """The rows of a ledger at one moment, read past the event store; RecordMustVerify where they cannot be read."""

    @property
    def published(self) -> sqlite3.Connection:
        """A connection to the file of the published tables."""

    @property
    def apart(self) -> bool:
        """Whether the published tables are kept apart from the record, and may lag behind it."""

    def last(self) -> int:
        """How many entries the store says there are."""

    def entries(self, after: int) -> Iterator[tuple[Any, ...]]:
        """Row (counted from 1), stream, number, word and bytes of the entries after one, in the order of the rows."""

    def entry(self, number: int) -> tuple[str, bytes] | None:
        """The word and the bytes of an entry; None where there is none."""

    def worded(self, words: Collection[str], last: int) -> list[int]:
        """The numbers of the entries up to one that are stored under some words."""

    def links(self, after: int) -> Iterator[tuple[Any, ...]]:
        """Number and hash of the links after an entry, in their order."""

    def link_at(self, number: int) -> str | None:
        """The link stored beside an entry; None where there is none."""

    def tags(self) -> list[Tag]:
        """Every tag, by name, as it is stored."""

    def must_be_sound(self, last: int) -> None:
        """RecordMustVerify where the store is damaged, or a table or trigger is not as the ledger made it."""


class Place(Protocol):
    """Where one ledger is kept. As text it is how it was named, without a password."""

    @property
    def beside(self) -> Path:
        """The path that the head is written beside."""

    @property
    def published(self) -> Path:
        """The SQLite file in which the published tables stand: they can be deleted and made anew at any time."""

    def settings(self) -> dict[str, str]:
        """How the event store opens it."""

    def error_of(self, error: Exception, head: int, *, recording: bool) -> LedgerError:
        """What the event store raised, in the ledger's own words."""

    def turn(self) -> AbstractContextManager[None]:
        """Wait for the turn to write, first come, first served, and keep it."""

    def rows(self) -> AbstractContextManager[Rows]:
        """The rows as they are at one moment, whoever records meanwhile."""

    def writing(self, recorder: Any) -> AbstractContextManager[Writing]:
        """A transaction by the place's recorder, and with it, or right behind it, one of the kept tables."""

    def stamp(self) -> Sequence[object]:
        """What changes when somebody records."""

    def settle(self) -> None:
        """Make sure that what is recorded next will last; LedgerMustReachTheDisk."""

    def begin(self) -> None:
        """Make room for a new ledger; LedgerMustBeWritable."""

    def must_be_new(self) -> None:
        """Raise LedgerMustBeNew or LedgerMustBeWritable where no new ledger can begin."""

    def must_be_a_ledger(self) -> None:
        """Raise LedgerMustExist or LedgerMustBeALedger where there is none."""

    def must_be_writable(self) -> None:
        """Raise LedgerMustBeWritable where a ledger can only be read."""


class Store(Protocol):
    """Where many ledgers are kept, each under a name."""

    def ledger(self, name: str) -> Place:
        """The place of a name, whether a ledger is there or not."""

    def ledgers(self) -> Sequence[Place]:
        """Every ledger there, and every one that a head says has been, by name."""


Where: TypeAlias = Path | Place
"""Where a ledger is: a path is that of a file."""


def place_of(where: Where) -> Place:
    """The place that a path or a place stands for."""
    return LedgerFile(where) if isinstance(where, Path) else where


def place_named(name: str) -> Place:
    """The ledger that a user names.

    `postgresql://host/database?schema=name` is a schema of that database. A name with a slash is the path of a file.
    A name without one is looked for in the store that CAPTABLE_STORE names, which is the current folder where it names
    none. Raises StoreMustBeReachable where the driver is missing, QuestionMustBeUnderstood where no schema is meant.
    """
    if _DATABASE.match(name):
        place: Place = _postgres().schema_at(name)
        return place
    return LedgerFile(Path(name)) if os.sep in name else store_named(os.environ.get(STORE, "")).ledger(name)


def store_named(name: str) -> Store:
    """The store that a user names: a folder (the current one where the name is empty), or a PostgreSQL database."""
    if _DATABASE.match(name):
        database: Store = _postgres().Database(name)
        return database
    return Folder(Path(name))


def _postgres() -> Any:
    """The module of ledgers in PostgreSQL, imported only where one is named: its driver is an extra."""
    try:
        return import_module("ledger.ledger_schema")
    except ImportError as error:
        why = f"The driver is not installed ({error}): pip install 'captable[postgres]'"
        raise StoreMustBeReachable(path="A ledger in PostgreSQL", why=why) from None
