"""What was kept, held against what the entries themselves come to: row by row and column by column."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import zip_longest
from typing import Any

from ledger.errors import RecordMustVerify
from ledger.file_rows import read
from ledger.kept.positions import NONSENSE, Kept
from ledger.kept.tables import make, schema
from ledger.place_errors import TablesMustBeOfThisMake

_TABLES = {
    "kept_entries": ("entry",),
    "kept_pieces": ("kind", "key", "day", "entry"),
    "kept_holders": ("holder", "entry"),
    "kept_recorded": ("entry",),
}
"""The tables, and what their rows are ordered by: first that which has a row for each entry, in their order."""

Row = tuple[Any, ...]


@contextmanager
def apart() -> Iterator[sqlite3.Connection]:
    """Empty tables in a file that nobody else sees, and that is gone afterwards: for positions kept to be compared."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # it lasts as long as the process
        connection.execute("BEGIN")
        make(connection.execute)
        yield connection


@contextmanager
def gone_on_with(since: int) -> Iterator[None]:
    """For whoever goes on with what was kept up to an entry: RecordMustVerify where it is nonsense or cannot be read.

    A piece that is one by its form may name what there is not, or a day that is none: it comes out where it is used.
    """
    try:
        yield
    except sqlite3.OperationalError:
        raise  # of the disk, not of what was kept
    except (*NONSENSE, sqlite3.DatabaseError) as error:
        if not since:
            raise
        stored = f"kept tables that cannot be gone on with ({type(error).__name__}: {error})"
        raise _misfit(since, stored, "those of the entries: `captable replay` keeps them anew") from error


def must_be_kept(connection: sqlite3.Connection, computed: Kept, since: int) -> int:
    """How many rows were kept of the entries after one; RecordMustVerify at the first that is not as computed.

    Where there are no such tables nothing was kept, and nothing is wrong.
    """
    made = dict(read(connection, "SELECT name, sql FROM sqlite_schema WHERE name LIKE 'kept\\_%' ESCAPE '\\'"))
    if not made:
        return 0
    todays = schema(connection.execute)
    if made != todays:
        found = sorted(name for name in {*made, *todays} if made.get(name) != todays.get(name))
        stored, right = f"{', '.join(found)} of another make", "the tables of positions as they are made today"
        raise TablesMustBeOfThisMake(entry=1, stored=stored, computed=right, before=0)
    pending: dict[str, list[Row]] = {}
    if since:
        pending = {
            "kept_pieces": list(map(tuple, computed.piece_rows())),
            "kept_holders": list(map(tuple, computed.holder_rows())),
            "kept_entries": list(computed.entries.values()),
            "kept_recorded": list(computed.recorded_rows()),
        }
    else:
        computed.write()
    rows = 0
    for table, order in _TABLES.items():
        if table not in made:
            continue
        place = len(order) - 1
        # From the beginning every row is asked for: one of no entry would answer in the place of the true ones.
        later = "WHERE entry > ?" if since else "WHERE ? = 0"
        asked = f"SELECT * FROM {table} {later} ORDER BY {', '.join(order)}"
        right_rows = pending[table] if since else computed.ask(asked, (since,))
        for found_row, right_row in zip_longest(_rows(connection, asked, since), right_rows):
            if found_row != right_row or list(map(type, found_row)) != list(map(type, right_row)):
                entry = _first(found_row, right_row, place, since + 1)
                said, told = (
                    f"{row!r} in {table}" if row else f"no such row in {table}" for row in (found_row, right_row)
                )
                raise _misfit(entry, said, f"{told}: `captable replay` keeps them anew")
            rows += 1
    return rows


def _rows(connection: sqlite3.Connection, asked: str, since: int) -> Iterator[Row]:
    """The rows of a table; which entry the first is of that cannot be read, nobody knows: the first of all is named."""
    try:
        yield from connection.execute(asked, (since,))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _misfit(since + 1, f"what SQLite calls: {error}", "rows of what was kept") from error


def _first(found: Row | None, right: Row | None, place: int, else_: int) -> int:
    """The entry, in its place in the key, of that of two rows which comes first in their order: the other lacks it.

    Of a row that is damaged so that it tells of no entry nobody knows whose it is: the other's is named.
    """
    there = [row for row in (found, right) if row is not None and isinstance(row[place], int)]
    ordered = sorted(there, key=lambda row: [(_BY_TYPE.get(type(value), 0), value) for value in row[: place + 1]])
    return int(ordered[0][place]) if ordered else else_


_BY_TYPE = {int: 1, float: 1, str: 2, bytes: 3}
"""The order in which SQLite sorts values of several types; what is nothing comes first."""


def _misfit(entry: int, stored: str, computed: str) -> RecordMustVerify:
    entry = max(entry, 1)  # a row may say that it is of one before the first
    return RecordMustVerify(entry=entry, stored=stored, computed=computed, before=entry - 1)
