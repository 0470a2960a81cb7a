"""The tables published beside the entries, for people who ask in SQL: what each entry did, and what certificates hold.

With them stand the views of `sql.toml`, over these and over the positions that were kept. All are made from the one
fold and can be deleted at any time: `captable replay` builds them anew, recording goes on where they end, and `captable
verify` holds every column of every row against a fresh replay. Quantities are text: exact whole numbers or n/d.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlite_utils

from ledger.application import Ledger
from ledger.book import Book
from ledger.figures import exact
from ledger.kept.book import kept_of
from ledger.kept.tables import Kept, make
from ledger.ledger_file import address
from ledger.moments import write_moment
from ledger.places import Place
from ledger.position.state import Position
from ledger.position.stock import Certificate
from ledger.receipt import Outcome, Receipt
from ledger.rows import TERMS_ENTRY
from ledger.store import FULL
from projections.replay import Replayed, replayed
from projections.sql import views

ENTRIES, CERTIFICATES = "published_entries", "published_certificates"

_FIGURES = (
    "shares_issued",
    "shares_outstanding",
    "shares_converted",
    "shares_redeemed",
    "shares_reacquired",
    "dividends_paid",
    "dividends_due_on_conversion",
    "conversion_rate",
    "common_outstanding",
)
_TEXT = ("recorded", "effective", "event", "ref", *_FIGURES, "digest")
COLUMNS: dict[str, dict[str, type]] = {
    ENTRIES: {"entry": int, **dict.fromkeys(_TEXT, str), "late": int},
    CERTIFICATES: dict.fromkeys(("certificate", "holder", "shares", "accrues_from", "paid"), str),
}
"""The published tables: each column, and whether it is text or a whole number."""

_INSERT = f"INSERT INTO {ENTRIES} VALUES ({', '.join('?' * len(COLUMNS[ENTRIES]))})"
_UPSERT = f"INSERT OR REPLACE INTO {CERTIFICATES} VALUES ({', '.join('?' * len(COLUMNS[CERTIFICATES]))})"

Row = dict[str, Any]


def entry_row(one: Replayed) -> Row:
    """What an entry did, as a row: the figures after it, whether it was late, and the digest after it."""
    return {
        "entry": one.item.number,
        "recorded": one.item.recorded.isoformat(),
        "effective": write_moment(one.item.entry.effective),
        "event": one.item.entry.word,
        "ref": one.item.entry.ref or "",
        **{name: exact(one.moved.after[name]) for name in _FIGURES},
        "digest": one.digest,
        "late": int(one.late),
    }


def certificate_row(held: Certificate) -> Row:
    """What a certificate holds, as a row."""
    return {
        "certificate": held.number,
        "holder": held.holder,
        "shares": exact(held.shares),
        "accrues_from": held.accrues_from.isoformat(),
        "paid": exact(held.paid),
    }


def certificate_rows(position: Position) -> list[Row]:
    """What every certificate holds at the end of all that is recorded, as rows, by number."""
    return [certificate_row(held) for held in sorted(position.live(), key=lambda held: held.number)]


@contextmanager
def tables(path: Path) -> Iterator[sqlite_utils.Database]:
    """The published tables in a file, created where they are missing; what is done within is done as one."""
    connection = sqlite3.connect(address(path), uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA synchronous={FULL}")
        connection.execute("BEGIN IMMEDIATE")
        database = sqlite_utils.Database(connection)
        _make(database)
        yield database
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.close()


def publish(place: Place, book: Book, told: Sequence[Replayed]) -> str | None:
    """Make the tables anew from a whole replay of a book; where that cannot be done, words say so."""
    try:
        with tables(place.published) as database:
            if _recorded(place) != book.last:  # whoever recorded meanwhile has published it, or is about to
                return "Replayed, but not published: someone recorded meanwhile. Replay once more."
            _anew(database, book, told)
    except sqlite3.Error as error:
        return f"Replayed, but not published ({error})."
    return None


def follow(ledger: Ledger, receipt: Receipt | None = None) -> str | None:
    """Publish what a recording did, behind what is published or, where that is not all before it, anew.

    Without a receipt the ledger was just begun: its tables are made. What is recorded stays recorded: where the tables
    cannot be written, words say so.
    """
    fresh = [one for one in receipt.outcomes if one.new] if receipt else []
    if receipt is not None and not fresh:
        return None
    kept = receipt.kept if receipt else None
    try:
        with tables(ledger.place.published) as database:
            last = _last(database)
            if fresh and last >= fresh[-1].entry.number:
                return None  # another has been here
            if kept is not None and last == fresh[0].entry.number - 1:
                _write(database, _continued(fresh, kept))
                kept.write(database.execute)
            else:
                book = ledger.book
                _anew(database, book, list(replayed(book.terms, book.record, book.begun)))
    except sqlite3.Error as error:
        done = "Recorded" if receipt else "Begun"
        return f"{done}, but not published ({error}): `captable replay` publishes it."
    return None


def _make(database: sqlite_utils.Database) -> None:
    for name in COLUMNS.keys() & database.view_names():
        database.view(name).drop()  # it would answer in the table's place
    for name, columns in COLUMNS.items():
        database.table(name).create(columns, pk=next(iter(columns)), strict=True, if_not_exists=True)


def _anew(database: sqlite_utils.Database, book: Book, told: Iterable[Replayed]) -> None:
    """Tables and views of today, whatever stood there, filled from a replay: an older version may have made others."""
    for name in (*COLUMNS, *views()):
        database[name].drop(ignore=True)  # a table or a view: somebody may have made the one in the other's place
    _make(database)
    _write(database, told)
    make(database.execute)
    for name, asked in views().items():
        database.create_view(name, asked)
    kept_of(book, database.execute).write(database.execute)


def _recorded(place: Place) -> int:
    with place.rows() as rows:
        return rows.last()


def _continued(fresh: Iterable[Outcome], kept: Kept) -> Iterator[Replayed]:
    for one in fresh:
        assert one.moved is not None
        yield Replayed(one.entry, one.late, one.moved, kept.entries[one.entry.number].digest)


def _write(database: sqlite_utils.Database, told: Iterable[Replayed]) -> None:
    """Add what entries did: a row each, and in the rows of the certificates what they left of them."""
    for one in told:
        database.execute(_INSERT, list(entry_row(one).values()))
        for (kind, number), held in one.moved.pieces.items():
            if kind == "certificates" and held is not None and held.shares:
                database.execute(_UPSERT, list(certificate_row(held).values()))
            elif kind == "certificates":
                database.execute(f"DELETE FROM {CERTIFICATES} WHERE certificate = ?", [number])


def _last(database: sqlite_utils.Database) -> int:
    (row,) = database.query(f"SELECT max(entry) AS entry FROM {ENTRIES}")
    return int(row["entry"] or TERMS_ENTRY)
