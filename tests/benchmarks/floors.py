"""The floors: what SQLite alone takes, on the same disk, with the very bytes that the ledger stores."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random

TABLE = "CREATE TABLE rows (entry INTEGER PRIMARY KEY, word TEXT NOT NULL, state BLOB NOT NULL) STRICT"
INSERT = "INSERT INTO rows (word, state) VALUES (?, ?)"
Stored = tuple[str, bytes]


def stored(ledger: Path) -> Iterator[Stored]:
    """Every entry's word and bytes, as the ledger stores them."""
    with closing(sqlite3.connect(ledger)) as connection:
        yield from connection.execute("SELECT topic, state FROM stored_events ORDER BY originator_version")


def recorded_at(ledger: Path, entry: int) -> datetime:
    """When an entry was recorded."""
    with closing(sqlite3.connect(ledger)) as connection:
        asked = "SELECT state FROM stored_events WHERE originator_version = ?"
        (state,) = connection.execute(asked, (entry,)).fetchone()
    return datetime.fromisoformat(json.loads(state)["recorded"])


class Bare:
    """One table of entries and nothing more, as durable as the ledger: WAL with synchronous=FULL."""

    def __init__(self, path: Path) -> None:
        """An empty table in a new file."""
        path.unlink(missing_ok=True)
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.execute(TABLE)

    def commit_one(self, row: Stored) -> float:
        """Seconds for one row in a transaction of its own."""
        begun = time.perf_counter()
        self.connection.execute(INSERT, row)
        return time.perf_counter() - begun

    def bulk(self, ledger: Path) -> float:
        """Seconds for all rows of a ledger in one transaction."""
        rows = stored(ledger)
        begun = time.perf_counter()
        self.connection.execute("BEGIN")
        self.connection.executemany(INSERT, rows)
        self.connection.execute("COMMIT")
        return time.perf_counter() - begun

    def read_all(self) -> float:
        """Seconds for reading every row and decoding its JSON."""
        begun = time.perf_counter()
        for _, state in self.connection.execute("SELECT word, state FROM rows ORDER BY entry"):
            json.loads(state)
        return time.perf_counter() - begun

    def look_up(self, random: Random, last: int) -> float:
        """Seconds for one random row by its number."""
        entry = random.randint(1, last)
        begun = time.perf_counter()
        self.connection.execute("SELECT word, state FROM rows WHERE entry = ?", (entry,)).fetchone()
        return time.perf_counter() - begun

    def close(self) -> None:
        """Close the file."""
        self.connection.close()
