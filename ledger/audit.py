"""The stored record as it is, row by row and read past the event store, for whoever checks it.

What is checked here needs no knowledge of the certificate: that the rows stand in order, each under its number and
with a link that is the hash of all before it, and that the tables are those the ledger made.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ledger.anchor import NO_HEAD, Head
from ledger.errors import RecordMustVerify
from ledger.ledger_file import address, must_be_a_ledger
from ledger.store import Tag, schema
from ledger.stored_entries import STREAM, Stored, link


@contextmanager
def snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees a ledger file as it is at one moment, whoever records meanwhile."""
    with closing(sqlite3.connect(address(path), uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        yield connection


def stored_in(path: Path) -> int:
    """How many entries a ledger file says it has, for a progress bar; LedgerMustExist, LedgerMustBeALedger."""
    must_be_a_ledger(path)
    with snapshot(path) as connection:
        return int(next(_read(connection, "SELECT coalesce(max(originator_version), 0) FROM stored_events"))[0])


def linked(connection: sqlite3.Connection, since: Head = NO_HEAD) -> Iterator[Stored]:
    """The stored entries after a head in the order of the table; RecordMustVerify at the first that does not fit."""
    before, number, last_id = since.sha256, since.entry, 0
    links = _read(
        connection,
        "SELECT originator_id, originator_version, sha256 FROM links WHERE originator_version > ? ORDER BY 1, 2",
        since.entry,
    )
    for number, row in enumerate(
        _read(
            connection,
            "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events NOT INDEXED"
            " WHERE originator_version > ? ORDER BY 1",
            since.entry,
        ),
        since.entry + 1,
    ):
        rowid, stream, version, word, state = row
        stored = next(links, (STREAM, number, "no link"))
        if rowid <= last_id or stream != STREAM or version != number or stored[:2] != (STREAM, number):
            said = f"entry {version} of {stream!r}, linked as entry {stored[1]}, in row {rowid}"
            raise RecordMustVerify(entry=number, stored=said, computed=f"entry {number}", before=number - 1)
        if not isinstance(word, str) or not isinstance(state, bytes):
            said = f"{type(word).__name__} and {type(state).__name__}"
            raise RecordMustVerify(entry=number, stored=said, computed="a word and bytes", before=number - 1)
        computed = link(before, number, word, state)
        if computed != stored[2]:
            raise RecordMustVerify(entry=number, stored=stored[2], computed=computed, before=number - 1)
        yield Stored(number, word, state, computed)
        before, last_id = computed, rowid
    for stream, beyond, sha256 in links:  # a link whose entry is gone
        said = f"the link {sha256} of entry {beyond} of {stream!r}"
        raise RecordMustVerify(entry=number + 1, stored=said, computed="no such entry", before=number)


def link_at(connection: sqlite3.Connection, number: int) -> str | None:
    """The link stored beside an entry; None where there is none."""
    asked = "SELECT sha256 FROM links WHERE originator_id = ? AND originator_version = ?"
    return next((str(sha256) for (sha256,) in _read(connection, asked, STREAM, number)), None)


def tags_of(connection: sqlite3.Connection) -> list[Tag]:
    """Every tag, by name, as it is stored."""
    columns = "name, as_of, known_at, entry, sha256, made"
    return [Tag(*row) for row in _read(connection, f"SELECT {columns} FROM tags ORDER BY name")]


def must_be_sound(connection: sqlite3.Connection, last: int) -> None:
    """RecordMustVerify where SQLite finds its own file damaged, or where a table or trigger is not as it was made."""
    for (said,) in _read(connection, "PRAGMA integrity_check(1)"):
        if said != "ok":
            raise RecordMustVerify(entry=last, stored=f"a damaged file ({said})", computed="a sound one", before=0)
    made = dict(_read(connection, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
    for name, statement in schema().items():
        if made.get(name) != statement:
            found = f"{name} as {made.get(name, 'nothing')!r}"
            raise RecordMustVerify(entry=last, stored=found, computed=repr(statement), before=0)


def _read(connection: sqlite3.Connection, question: str, *given: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of an answer; what SQLite itself cannot read does not verify."""
    try:
        for row in connection.execute(question, given):  # noqa: UP028 - a cursor left behind would be closed after its file
            yield row
    except sqlite3.DatabaseError as error:
        raise RecordMustVerify(entry=0, stored=f"what SQLite calls: {error}", computed="rows", before=0) from error
