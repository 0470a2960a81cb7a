"""A ledger opened to be asked, without the event store: its terms, its head, its tags, and nothing recorded.

What is seen is the ledger as it is at one moment, whoever records meanwhile.
"""

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

from ledger.errors import LedgerError, LedgerMustBeALedger, RecordMustVerify
from ledger.head import Head
from ledger.ledger_file import in_words, of_the_disk
from ledger.places import Place, Rows, Where, place_of
from ledger.rows import TERMS_ENTRY, TERMS_WORD, Stored, Tag, readable
from ledger.terms import Terms

if TYPE_CHECKING:
    from ledger.book import Book
    from ledger.timeline import Recorded


class Opened:
    """A ledger at a moment; `rows` is for whoever asks for more of what it holds."""

    def __init__(self, place: Place, rows: Rows) -> None:
        """Take a place and its rows at one moment; `opened` makes it."""
        self.place, self.rows = place, rows
        self.most: int | None = None  # entries to be read again for an answer; any number, unless somebody waits

    @cached_property
    def terms(self) -> Terms:
        """The terms that the ledger was begun with; LedgerMustBeALedger, RecordMustBeReadable where it has none."""
        row = self.rows.entry(TERMS_ENTRY)
        if row is None or row[0] != TERMS_WORD:
            raise LedgerMustBeALedger(path=self.place, why="It was not begun with its terms")
        with readable(TERMS_ENTRY):
            return Terms.of(json.loads(row[1])["says"])

    def recorded(self, number: int) -> datetime:
        """When the ledger learned of an entry that it has; RecordMustBeReadable where the entry does not tell."""
        row = self.rows.entry(number)
        with readable(number):
            if row is None:
                raise ValueError("it is not there")
            return datetime.fromisoformat(json.loads(row[1])["recorded"])

    @cached_property
    def book(self) -> "Book":
        """What is recorded, to be asked: as it was kept, where all of it was."""
        from ledger.kept.asked import asked_book  # noqa: PLC0415 - it takes what is opened here

        return cast("Book", asked_book(self))

    def entry(self, number: int) -> "Recorded":
        """An entry from 2 on; RecordMustBeReadable where it cannot be read."""
        from ledger.stored_entries import item_of  # noqa: PLC0415 - whoever asks for a position reads no entry

        found = self.rows.entry(number)
        with readable(number):
            if found is None:
                raise ValueError("it is not there")
        return item_of(Stored(number, *found, ""))

    def last(self, known_at: datetime | None = None) -> int:
        """The number of the last entry known at an instant: a few look-ups, since each was recorded after the last."""
        number = self._last
        if known_at is None or number <= TERMS_ENTRY or self.recorded(number) <= known_at:
            return number
        return TERMS_ENTRY + bisect_right(range(TERMS_ENTRY + 1, number), known_at, key=self.recorded)

    @cached_property
    def _last(self) -> int:
        last = self.rows.last()
        if not last:
            raise LedgerMustBeALedger(path=self.place, why="It was not begun with its terms")
        return last

    def head(self, known_at: datetime | None = None) -> Head:
        """The last entry known at an instant, and its link."""
        number = self.last(known_at)
        return Head(number, self.rows.link_at(number) or "")

    def tags(self) -> list[Tag]:
        """Every tag, by name."""
        return self.rows.tags()

    def stored(self, after: int, last: int) -> Iterator[Stored]:
        """The entries after one, up to another, as they are stored."""
        for _, _, number, word, state in self.rows.entries(after):
            if number > last:
                return
            yield Stored(number, word, state, "")


@contextmanager
def opened(where: Where) -> Iterator[Opened]:
    """The ledger at a path, to be asked; LedgerMustExist, LedgerMustBeALedger, and what comes of the store in words."""
    place = place_of(where)
    place.must_be_a_ledger()
    with asked(place) as found:
        yield found


@contextmanager
def asked(place: Place) -> Iterator[Opened]:
    """A place where a ledger is, to be asked, and what comes of SQLite in words."""
    try:
        with place.rows() as rows:
            yield Opened(place, rows)
    except RecordMustVerify as error:
        # Whoever asks is not told that the record is false where it could not be read.
        if not isinstance(error.__cause__, sqlite3.Error):
            raise
        raise _told(error.__cause__, place) from error
    except sqlite3.Error as error:
        raise _told(error, place) from error


@contextmanager
def in_doubt(place: Place) -> Iterator[None]:
    """For whoever doubts the record of a place: of it speaks what cannot be read there, but not a disk that fails."""
    try:
        yield
    except RecordMustVerify as error:
        if isinstance(error.__cause__, sqlite3.OperationalError) and of_the_disk(error.__cause__):
            raise _told(error.__cause__, place) from error
        raise
    except sqlite3.OperationalError as error:
        raise _told(error, place) from error


def _told(error: sqlite3.Error, place: Place) -> LedgerError:
    return in_words(error, place, operational=isinstance(error, sqlite3.OperationalError))
