"""What is done behind the ledger's back: by SQL alone, from clumsy to clever."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from eventsourcing.persistence import JSONTranscoder

from ledger.application import Ledger
from ledger.audit import linked
from ledger.ledger_file import LedgerFile
from ledger.links import link
from ledger.rows import STREAM, Stored, schema
from ledger.stored_entries import EntryMapper, stored_form
from ledger.timeline import Recorded
from projections.published import publish
from tampering.specimen import read_lines

EVENTS, LINKS = "stored_events", "links"
NUMBER = {EVENTS: "originator_version", LINKS: "entry"}
"""The column that holds an entry's number."""

Row = tuple[str, bytes]
"""An entry's word and its bytes."""


def tampered(path: Path, *statements: str | Callable[[sqlite3.Connection], object], restored: bool = True) -> None:
    """Put the triggers out of the way, alter the file, and (so that nobody notices that) put them back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = [name for name, statement in schema().items() if statement.startswith("CREATE TRIGGER")]
        for name in triggers:
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            if isinstance(statement, str):
                connection.execute(statement)
            else:
                statement(connection)
        for name in triggers if restored else ():
            connection.execute(schema()[name])


def written(word: str, recorded: datetime, says: dict[str, Any]) -> Row:
    """An entry as the ledger itself would write it."""
    [entry] = read_lines([{"event": word, **says}])
    stored = EntryMapper(JSONTranscoder()).to_stored_event(stored_form(Recorded(2, recorded, entry)))
    return stored.topic, stored.state


def rows_of(path: Path) -> list[Row]:
    """The entries as they are stored, in order."""
    with LedgerFile(path).rows() as rows:
        return [(one.word, one.state) for one in linked(rows)]


def chained(rows: Sequence[Row]) -> list[Stored]:
    """Entries under consecutive numbers with right links."""
    chain, before = [], ""
    for number, (word, state) in enumerate(rows, 1):
        before = link(before, number, word, state)
        chain.append(Stored(number, word, state, before))
    return chain


def rewritten(path: Path, rows: Sequence[Row], *, republished: bool = True) -> None:
    """Write the whole record anew as the cleverest forger would: numbers, links, ids, triggers, kept tables."""

    def write(connection: sqlite3.Connection) -> None:
        for table in ("stored_events", "links", "sqlite_sequence"):
            connection.execute(f"DELETE FROM {table}")
        for one in chained(rows):
            connection.execute(
                "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)",
                (STREAM, one.number, one.word, one.state),
            )
            connection.execute("INSERT INTO links VALUES (?, ?)", (one.number, bytes.fromhex(one.sha256)))

    tampered(path, write)
    if republished:
        published_anew(path)


def published_anew(path: Path) -> None:
    """Publish what a record comes to, as `captable replay` does."""
    with Ledger.open(path) as ledger:
        assert not publish(ledger)


def edited(table: str, number: int, column: str, value: str) -> str:
    """A statement that changes one column of one entry's row."""
    return f"UPDATE {table} SET {column} = {value} WHERE {NUMBER[table]} = {number}"


def gone(table: str, number: int) -> str:
    """A statement that takes one entry's row away."""
    return f"DELETE FROM {table} WHERE {NUMBER[table]} = {number}"


def without_tags() -> str:
    """A statement that takes every tag away."""
    return "DELETE FROM tags"
