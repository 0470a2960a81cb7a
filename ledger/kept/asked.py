"""A ledger whose positions were kept, as it is asked: a position is found by a few look-ups, whatever its size.

It stands in for a book: what is asked of entries, and not of a position, reads them, and only then needs what decides.
"""

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ledger.kept.tables import Kept, kept_up_to, latest
from ledger.moments import day_of
from ledger.opened import Opened
from ledger.position.state import Position
from ledger.rows import TERMS_ENTRY
from ledger.terms import Terms

if TYPE_CHECKING:
    from ledger.book import Book


class AskedBook:
    """Everything recorded up to an entry, to be asked."""

    def __init__(self, opened: Opened, last: int) -> None:
        """Take the ledger and the last entry that counts as known."""
        self._opened, self.last = opened, last

    @cached_property
    def terms(self) -> Terms:
        """The terms that the ledger was begun with."""
        return self._opened.terms

    @cached_property
    def _kept(self) -> Kept:
        return Kept(self._opened.rows.published, self.terms, self.last)

    @cached_property
    def late(self) -> set[int]:
        """The entries that came late."""
        return self._kept.late(self.last)

    def known(self, known_at: datetime | None) -> "AskedBook":
        """The ledger as it was known at an instant."""
        last = max(1, min(self._opened.last(known_at), self.last))
        return self if last == self.last else AskedBook(self._opened, last)

    def position_before(self, instant: datetime) -> Position:
        """The position at the end of the day before an instant, at which a day begins."""
        day = day_of(instant - timedelta(microseconds=1))
        # After the last day there is nothing to look through: many entries may have been recorded since.
        end = latest(self._kept.entry(self.last))
        return self._kept.at(min(day, day_of(end)) if end else date.min, self.last).position()

    @cached_property
    def whole(self) -> "Book":
        """The book of all its entries, read again."""
        from ledger.book import Book  # noqa: PLC0415 - whoever asks for a position needs nothing of what decides
        from ledger.stored_entries import item_of  # noqa: PLC0415

        return Book(self.terms, map(item_of, self._opened.stored(TERMS_ENTRY, self.last)), self._opened.recorded(1))

    def __getattr__(self, name: str) -> Any:
        """Whatever else a book has."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.whole, name)


def asked_book(opened: Opened) -> "Book | AskedBook":
    """What is recorded in a ledger, to be asked: as it was kept, where all of it was; otherwise read again."""
    last = opened.last()
    asked = AskedBook(opened, last)
    return asked if kept_up_to(opened.rows.published.execute) == last else asked.whole
