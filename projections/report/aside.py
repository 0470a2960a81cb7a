"""Parts of a long answer put aside until all of them are known, so that an answer of any length takes little memory.

Whoever asks is told the whole answer or a refusal, and never half of the one and then the other.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any


class Aside:
    """Parts in the order in which they were put aside, each as JSON data; they can be gone through again and again."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take a database with nothing in it; `aside` makes it."""
        self._connection, self._many = connection, 0
        connection.execute("CREATE TABLE parts (part TEXT NOT NULL)")

    def put(self, part: Any) -> None:
        """Put a part aside, behind the others."""
        self._connection.execute("INSERT INTO parts VALUES (?)", (json.dumps(part),))
        self._many += 1

    def __len__(self) -> int:
        """How many parts were put aside."""
        return self._many

    def __iter__(self) -> Iterator[Any]:
        """The parts from the first on."""
        asked = self._connection.execute("SELECT part FROM parts ORDER BY rowid")
        return (json.loads(part) for (part,) in asked)


@contextmanager
def aside() -> Iterator[Aside]:
    """A place for parts: in memory while they are few, and then in a file that nobody else sees and that goes with it.

    So SQLite keeps a database without a name.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        yield Aside(connection)
