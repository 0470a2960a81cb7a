"""What a ledger file holds, read by a stranger: SQLite alone, and the links recomputed."""

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ledger.kept.written import KINDS
from ledger.links import link
from ledger.rows import STREAM

LONG = "CAPTABLE_LONG" in os.environ
"""Whether the long run was asked for: more points, more kills, more processes."""

_EVENTS = "SELECT originator_version, topic, state FROM stored_events WHERE originator_id = ? ORDER BY 1"
_CERTIFICATES = f"SELECT DISTINCT key FROM kept_pieces WHERE kind = {KINDS['certificates']}"
_LINKS = "SELECT entry, lower(hex(sha256)) FROM links"


@dataclass(frozen=True, slots=True)
class Held:
    """The references of the entries after the terms, in order, and what is wrong with the file, if anything is."""

    refs: list[str]
    wrong: str = ""
    links: list[str] = field(default_factory=list)

    @property
    def entries(self) -> int:
        """How many entries there are, the terms among them."""
        return len(self.links)

    def bears(self, head: Path) -> bool:
        """Whether the file is one that a head written down beside it, if it is, can be of: whole, and not ahead."""
        if not head.exists():
            return True
        told = json.loads(head.read_text(encoding="utf-8"))
        entry, sha256 = int(told["entry"]), str(told["sha256"])
        return 0 < entry <= self.entries and self.links[entry - 1] == sha256


@dataclass(frozen=True, slots=True)
class Told:
    """What the tables beside the entries tell of: entries, those that moved anything, certificates, and the views."""

    entries: list[int]
    moved: set[int]
    certificates: set[str]
    views: set[str]


def told(path: Path) -> Told | None:
    """What the kept tables of a file tell, and which views there are; None where there is no table."""
    with closing(sqlite3.connect(path, timeout=20)) as connection:
        connection.execute("BEGIN")
        made = connection.execute("SELECT name, type FROM sqlite_schema").fetchall()
        if not {"kept_entries", "kept_pieces"} & {name for name, _ in made}:
            return None
        return Told(
            [entry for (entry,) in connection.execute("SELECT entry FROM kept_entries ORDER BY entry")],
            {entry for (entry,) in connection.execute("SELECT DISTINCT entry FROM kept_pieces")},
            {key for (key,) in connection.execute(_CERTIFICATES)},
            {name for name, kind in made if kind == "view"},
        )


def held(path: Path, *, thoroughly: bool = True) -> Held:
    """What a file holds once SQLite has recovered it."""
    if not path.exists() or not path.stat().st_size:
        return Held([])
    try:
        with closing(sqlite3.connect(path, timeout=20)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            tables = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchone()[0]
            if not tables:
                return Held([])
            connection.execute("BEGIN")
            rows = connection.execute(_EVENTS, (STREAM,)).fetchall()
            links = dict(connection.execute(_LINKS).fetchall())
            checked = connection.execute("PRAGMA integrity_check").fetchone()[0] if thoroughly else "ok"
    except sqlite3.Error as error:
        return Held([], f"SQLite says: {error}")
    chain, refs = [""], list[str]()
    for expected, (number, word, state) in enumerate(rows, 1):
        chain.append(link(chain[-1], number, word, state))
        if number != expected or links.pop(number, None) != chain[-1]:
            return Held(refs, f"entry {expected} does not link")
        refs.append(json.loads(state)["says"].get("ref", ""))
    wrong = "a link without an entry" if links else "" if checked == "ok" else checked
    return Held(refs[1:], wrong, chain[1:])
