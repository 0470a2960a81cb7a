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
from typing import Any

from ledger.errors import LedgerMustBeALedger, LedgerMustBeWritable, LedgerMustNotHaveMovedOn
from ledger.head import Head
from ledger.places import Place, Rows, Where, place_of
from ledger.rows import TERMS_WORD, Stored, Tag, readable
from ledger.terms import Terms

_TERMS_ENTRY = 1


class Opened:
    """A ledger at a moment; `rows` is for whoever asks for more of what it holds."""

    def __init__(self, place: Place, rows: Rows) -> None:
        """Take a place and its rows at one moment; `opened` makes it."""
        self.place, self.rows = place, rows

    @cached_property
    def terms(self) -> Terms:
        """The terms that the ledger was begun with; LedgerMustBeALedger, RecordMustBeReadable where it has none."""
        row = self.rows.entry(_TERMS_ENTRY)
        if row is None or row[0] != TERMS_WORD:
            raise LedgerMustBeALedger(path=self.place, why="It was not begun with its terms")
        with readable(_TERMS_ENTRY):
            return Terms.of(json.loads(row[1])["says"])

    def recorded(self, number: int) -> datetime:
        """When the ledger learned of an entry that it has; RecordMustBeReadable where the entry does not tell."""
        row = self.rows.entry(number)
        with readable(number):
            if row is None:
                raise ValueError("it is not there")
            return datetime.fromisoformat(json.loads(row[1])["recorded"])

    def last(self, known_at: datetime | None = None) -> int:
        """The number of the last entry known at an instant: a few look-ups, since each was recorded after the last."""
        number = self._last
        if known_at is None or number <= _TERMS_ENTRY or self.recorded(number) <= known_at:
            return number
        return _TERMS_ENTRY + bisect_right(range(_TERMS_ENTRY + 1, number), known_at, key=self.recorded)

    @cached_property
    def _last(self) -> int:
        return self.rows.last()

    def head(self, known_at: datetime | None = None) -> Head:
        """The last entry known at an instant, and its link."""
        number = self.last(known_at)
        return Head(number, self.rows.link_at(number) or "")

    def tags(self) -> list[Tag]:
        """Every tag, by name."""
        return self.rows.tags()

    def stored(self, last: int) -> Iterator[Stored]:
        """The entries after the terms, up to one, as they are stored."""
        for _, _, number, word, state in self.rows.entries(_TERMS_ENTRY):
            if number > last:
                return
            yield Stored(number, word, state, "")


@contextmanager
def opened(where: Where) -> Iterator[Opened]:
    """The ledger at a path, to be asked; LedgerMustExist, LedgerMustBeALedger, and what comes of the store in words."""
    place: Any = place_of(where)
    place.must_be_a_ledger()
    try:
        with place.rows() as rows:
            yield Opened(place, rows)
    except sqlite3.OperationalError as error:
        why = f"The store says: {error}"
        if "locked" in str(error):
            raise LedgerMustNotHaveMovedOn(head=0) from error
        if any(word in str(error) for word in ("readonly", "disk", "full", "unable to open")):
            raise LedgerMustBeWritable(path=place, why=why) from error
        raise LedgerMustBeALedger(path=place, why=why) from error
    except sqlite3.Error as error:
        raise LedgerMustBeALedger(path=place, why=f"The store says: {error}") from error
