"""What is published for people who ask in SQL: the kept tables, and over them the views of `sql.toml`.

The tables are the ledger's own, written in the transaction that records. All of it can be deleted at any time, and made
anew as it was.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import sqlite_utils

from ledger.application import Ledger
from ledger.ledger_file import address
from ledger.places import Place
from ledger.store import FULL
from projections.sql import views


def publish(ledger: Ledger, done: Callable[[], None] = lambda: None) -> str:
    """Make tables and views anew from everything that is recorded; words where that cannot be done, else none.

    `done` is called for each entry that was decided again.
    """
    return ledger.publish(done) or publish_views(ledger.place)


def publish_views(place: Place) -> str:
    """Make the views anew, whatever stood in their place; words where that cannot be done, else none."""
    try:
        with closing(sqlite3.connect(address(place.published), uri=True, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA synchronous={FULL}")
            connection.execute("BEGIN IMMEDIATE")  # all of them or none: closed before its end, it never was
            database = sqlite_utils.Database(connection)
            for name, asked in views(apart=place.published != place.beside).items():
                database[name].drop(ignore=True)  # a view, or a table that somebody made in its place
                database.create_view(name, asked)
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        return str(error)
    return ""
