"""What a ledger file answers to whoever asks it: the event store, the ledger, the verification, people in SQL.

In order, by scan, by key, by counting: a damaged page may be met on one way and not on another.
"""

import marshal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from ledger.kept.tables import SCHEMA
from ledger.rows import STREAM, TAG_COLUMNS
from projections.sql import views

LIES = (
    "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events NOT INDEXED"
    " WHERE ? = 0 ORDER BY 1"
)
LINKS = "SELECT entry, sha256 FROM links WHERE ? = 0 ORDER BY entry"
"""As the verification asks."""

Columns = tuple[Any, ...]

PIECES, KEPT_HOLDERS, KEPT_ENTRIES = "kept_pieces", "kept_holders", "kept_entries"
ORDER = {PIECES: "kind, key, day, entry", KEPT_HOLDERS: "holder", KEPT_ENTRIES: "entry"}
"""The tables of what was kept, and what their rows are ordered by."""

KEPT = {table: f"SELECT * FROM {table} WHERE ? = 0 ORDER BY {by}" for table, by in ORDER.items()}
"""As the verification asks."""

QUESTIONS = {
    "entries": f"SELECT * FROM stored_events WHERE originator_id = '{STREAM}' AND originator_version > 0"
    " ORDER BY originator_version ASC",
    "entries as they lie": "SELECT rowid, * FROM stored_events NOT INDEXED",
    "entries counted": "SELECT count(*), max(originator_version) FROM stored_events",
    "last entry": f"SELECT originator_version FROM stored_events WHERE originator_id = '{STREAM}'"
    " AND originator_version <= 9223372036854775807 ORDER BY originator_version DESC LIMIT 1",
    "links": "SELECT * FROM links ORDER BY entry",
    "links found": "SELECT originator_version, (SELECT sha256 FROM links WHERE entry = e.originator_version)"
    " FROM stored_events e NOT INDEXED",
    "tags": f"SELECT {TAG_COLUMNS} FROM tags ORDER BY name",
    "positions": f"SELECT * FROM {PIECES} ORDER BY {ORDER[PIECES]}",
    "positions counted": f"SELECT count(*), min(entry), max(entry) FROM {PIECES}",
    "positions found": f"SELECT kind, key, (SELECT says FROM {PIECES} q WHERE q.kind = p.kind AND q.key = p.key"
    f" AND q.day <= p.day AND q.entry <= p.entry ORDER BY day DESC, entry DESC LIMIT 1) FROM {PIECES} p",
    "holders kept": f"SELECT * FROM {KEPT_HOLDERS} ORDER BY holder",
    "holders kept counted": f"SELECT count(*), min(entry), max(entry) FROM {KEPT_HOLDERS}",
    "entries kept": f"SELECT * FROM {KEPT_ENTRIES} ORDER BY entry",
    "entries kept as they lie": f"SELECT rowid, * FROM {KEPT_ENTRIES} NOT INDEXED",
    "entries kept counted": f"SELECT count(*), min(entry), max(entry) FROM {KEPT_ENTRIES}",
    "entries kept found": f"SELECT e.rowid, (SELECT day FROM {KEPT_ENTRIES} k WHERE k.entry = e.originator_version)"
    " FROM stored_events e NOT INDEXED",
    "entries kept by day": f"SELECT entry FROM {KEPT_ENTRIES} WHERE day >= -1000000 ORDER BY day, entry",
    "entries kept by ref": f"SELECT ref, entry FROM {KEPT_ENTRIES} WHERE ref IS NOT NULL ORDER BY ref",
    "entries kept about others": f"SELECT about, entry FROM {KEPT_ENTRIES} WHERE about IS NOT NULL ORDER BY about",
}
QUESTIONS |= {name: f"SELECT * FROM {name}" for name in views(apart=False)}
"""Each names the tables that it asks; a view names none, and is asked where its making may be touched."""


def everything(path: Path, touched: str = "") -> dict[str, bytes]:
    """What the file answers: every row of every kind, in every way it may be asked for; sqlite3.Error.

    Where one table alone is touched, or its index, what is asked of others need not be asked again.
    """
    touched = touched.removeprefix("sqlite_autoindex_").removesuffix("_1")
    touched = KEPT_ENTRIES if touched in SCHEMA and touched not in ORDER else touched
    alone = touched in ("stored_events", "links", "tags", *ORDER, "sqlite_sequence")
    with closing(sqlite3.connect(path)) as connection:
        answers = {}
        for name, question in QUESTIONS.items():
            if not alone or touched in question:
                cursor = connection.execute(question)
                columns = [told[0] for told in cursor.description]
                answers[name] = marshal.dumps([columns, cursor.fetchall()], 2)
        return answers


def kept_rows(connection: sqlite3.Connection) -> dict[str, list[Columns]]:
    """The rows of the kept tables, in their order."""
    return {table: connection.execute(question, (0,)).fetchall() for table, question in KEPT.items()}
