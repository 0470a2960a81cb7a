"""Entries on their way into a ledger: decided in turn, and appended and kept some at a time, in one transaction."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.anchor import Anchor
from ledger.entries import Entry
from ledger.head import Head
from ledger.heads import leaves
from ledger.kept.book import AT_ONCE, KeptBook
from ledger.places import Place
from ledger.receipt import Receipt, decided_in_turn
from ledger.stored_entries import MAPPER, Event, stored_form
from ledger.writing import Writing


@dataclass(slots=True)
class Recording:
    """One recording under way, in a transaction, of a book that knows all that was recorded before.

    `anchor` is the head so far, gone on with from the one before where that is known; without it None. `settled` is
    whether the place has been made sure of while it was open: the names in it last from then on. `keeps` is whether
    what the entries come to can be kept: where not, the tables are behind, and made anew by the next recording.
    """

    place: Place
    writing: Writing
    book: KeptBook
    anchor: Anchor | None
    settled: bool
    keeps: bool = True
    _fresh: list[Event] = field(default_factory=list)

    def of(self, entries: Iterable[Entry], by: str | None) -> Receipt:
        """Record some entries; the Refusal of the first that cannot be recorded, which undoes the transaction."""
        receipt = Receipt.begun(self.book)
        for outcome in decided_in_turn(self.book, entries, by):
            receipt.add(outcome)
            if outcome.new:
                self._fresh.append(MAPPER.to_stored_event(stored_form(outcome.entry)))
            if len(self._fresh) == AT_ONCE:
                self._append()
        if self._fresh:
            self._append()
        receipt.after = self.book.position.headline()
        return receipt

    def _append(self) -> None:
        if not self.settled:
            self.place.settle()
            self.settled = True
        sha256 = self.writing.append(self._fresh)
        if self.keeps:
            self._keep()
        if self.anchor is not None:
            tree, tags = self.anchor.tree.appended(leaves(self._fresh)), len(self.writing.rows.tags())
            self.anchor = Anchor(Head(tree.size, sha256), tree, self.book.last_recorded.isoformat(), tags)
        self._fresh.clear()

    def _keep(self) -> None:
        """Keep what the entries come to; what was recorded is recorded though the tables cannot be written."""
        connection = self.writing.rows.published
        connection.execute("SAVEPOINT kept")
        try:
            self.book.write()
        except sqlite3.Error as error:
            connection.execute("ROLLBACK TO kept")  # which fails, and all with it, where the disk did
            self.keeps, self.writing.unpublished = False, str(error)
        connection.execute("RELEASE kept")
