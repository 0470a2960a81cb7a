"""The stored record as it is, row by row and read past the event store, for whoever checks it.

What is checked here needs no knowledge of the certificate: that the rows stand in order, each under its number and
with a link that is the hash of all before it, and that the tables are those the ledger made.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.anchor import anchored
from ledger.errors import LedgerMustBeALedger, RecordMustVerify
from ledger.head import NO_HEAD, Head
from ledger.ledger_file import TABLES, must_be_a_ledger, snapshot
from ledger.links import link
from ledger.rows import STREAM, TAG_COLUMNS, Stored, Tag, schema


def must_be_a_ledger_still(path: Path) -> None:
    """As must_be_a_ledger has it, but RecordMustVerify where a head beside the file says that it has been a ledger."""
    try:
        must_be_a_ledger(path)
    except LedgerMustBeALedger as error:
        if not anchored(path):
            raise
        said = f"what is no ledger any more ({error.facts['why']})"
        raise RecordMustVerify(entry=1, stored=said, computed="a ledger, says the head beside it", before=0) from error


def stored_in(path: Path) -> int:
    """How many entries a ledger file says it has, for a progress bar; LedgerMustExist, LedgerMustBeALedger."""
    must_be_a_ledger_still(path)
    with snapshot(path) as connection:
        asked = "SELECT max(originator_version) FROM stored_events WHERE typeof(originator_version) = 'integer'"
        return next(read(connection, asked))[0] or 0


def linked(connection: sqlite3.Connection, since: Head = NO_HEAD) -> Iterator[Stored]:
    """The stored entries after a head in the order of the table; RecordMustVerify at the first that does not fit."""
    before, number = since.sha256, since.entry
    # From the beginning every row is asked for: one with no number, or one below 1, is as false as any other.
    later = "WHERE originator_version > ?" if since.entry else "WHERE ? = 0"
    links = read(
        connection,
        f"SELECT originator_id, originator_version, sha256 FROM links {later} ORDER BY 1, 2",
        since.entry,
        first=since.entry + 1,
    )
    for number, row in enumerate(
        read(
            connection,
            "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events NOT INDEXED"
            f" {later} ORDER BY 1",
            since.entry,
            first=since.entry + 1,
        ),
        since.entry + 1,
    ):
        rowid, stream, version, word, state = row
        stored = next(links, (STREAM, number, "no link"))
        # Ids are given out one by one: a gap is where an entry was taken away before others were recorded.
        if rowid != number or stream != STREAM or version != number or stored[:2] != (STREAM, number):
            said = f"entry {version} of {stream!r}, linked as entry {stored[1]}, in row {rowid}"
            raise RecordMustVerify(entry=number, stored=said, computed=f"entry {number}", before=number - 1)
        if not isinstance(word, str) or not isinstance(state, bytes):
            said = f"{type(word).__name__} and {type(state).__name__}"
            raise RecordMustVerify(entry=number, stored=said, computed="a word and bytes", before=number - 1)
        computed = link(before, number, word, state)
        if computed != stored[2]:
            raise RecordMustVerify(entry=number, stored=stored[2], computed=computed, before=number - 1)
        yield Stored(number, word, state, computed)
        before = computed
    for stream, beyond, sha256 in links:  # a link whose entry is gone
        said = f"the link {sha256} of entry {beyond} of {stream!r}"
        raise RecordMustVerify(entry=number + 1, stored=said, computed="no such entry", before=number)


def link_at(connection: sqlite3.Connection, number: int) -> str | None:
    """The link stored beside an entry; None where there is none."""
    asked = "SELECT sha256 FROM links WHERE originator_id = ? AND originator_version = ?"
    return next((str(sha256) for (sha256,) in read(connection, asked, STREAM, number)), None)


def tags_of(connection: sqlite3.Connection) -> list[Tag]:
    """Every tag, by name, as it is stored."""
    return [Tag(*row) for row in read(connection, f"SELECT {TAG_COLUMNS} FROM tags ORDER BY name")]


def must_be_sound(connection: sqlite3.Connection, last: int) -> None:
    """RecordMustVerify where SQLite finds its own file damaged, or where a table or trigger is not as it was made."""
    for (said,) in read(connection, "PRAGMA integrity_check(1)"):
        if said != "ok":
            raise RecordMustVerify(entry=last, stored=f"a damaged file ({said})", computed="a sound one", before=0)
    made = dict(read(connection, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
    right = schema()
    for name, statement in right.items():
        if made.get(name) != statement:
            found = f"{name} as {made.get(name, 'nothing')!r}"
            raise RecordMustVerify(entry=last, stored=found, computed=repr(statement), before=0)
    for name, table in read(connection, "SELECT name, lower(tbl_name) FROM sqlite_schema WHERE type = 'trigger'"):
        if table in TABLES and name not in right:
            said = f"a trigger {name} on {table}"
            raise RecordMustVerify(entry=last, stored=said, computed="the ledger's own alone", before=0)
    # The highest id ever given out is kept apart: the last entries cut off without a thought of it leave this trace.
    asked = "SELECT max(rowid), (SELECT max(seq) FROM sqlite_sequence WHERE name = 'stored_events') FROM stored_events"
    for id_there, id_given in read(connection, asked):
        if id_there != id_given:
            said = f"{last} entries in rows up to {id_there}"
            raise RecordMustVerify(entry=last + 1, stored=said, computed=f"rows up to {id_given}", before=last)


def read(connection: sqlite3.Connection, question: str, *given: Any, first: int = 1) -> Iterator[tuple[Any, ...]]:
    """The rows of an answer, one an entry from the first; RecordMustVerify where SQLite itself cannot read the next."""
    entry = first
    try:
        for entry, row in enumerate(connection.execute(question, given), first + 1):  # noqa: B007
            yield row
    except (sqlite3.Error, UnicodeDecodeError) as error:
        said = f"what SQLite calls: {error}"
        raise RecordMustVerify(entry=entry, stored=said, computed="rows", before=entry - 1) from error
