"""What holds after every command: of the head, of the record and its tables, of shares, of every figure."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis.stateful import invariant

import naive
from ledger.book import Book
from ledger.head import NO_HEAD, Head
from ledger.position.state import Position
from projections import asof
from projections.verification import verify
from stateful import answers
from stateful.second_books import outstanding
from stateful.two_ledgers import CHANGED, SERIES_H, UNCHANGED, TwoLedgers
from stateful.view import View


class Watched(TwoLedgers):
    """Two ledgers that are looked at after every command."""

    @invariant()
    def the_head_is_as_told(self) -> None:
        """The file has as many entries as were recorded, and where none was its head is the one before."""
        last = "SELECT entry, lower(hex(sha256)) FROM links ORDER BY 1 DESC LIMIT 1"
        head = Head(*self.stored.execute(last).fetchone())
        assert head.entry == self.second.last
        if head.entry != Head.read(self.kept.heads[-1]).entry:
            self.kept.heads.append(str(head))
        assert str(head) == self.kept.heads[-1]

    @invariant()
    def the_record_holds(self) -> None:
        """Replay equals live; and where anything changed, shares are conserved, and the record and its figures fit."""
        if self.state == UNCHANGED:
            return
        book = self.ledger.book
        live = book.position
        assert Book(SERIES_H, book.record, book.begun).position == live
        if self.state == CHANGED:
            self.shares_are_conserved(live)
            self.the_record_verifies()
            self.the_figures_are_right(book)
        self.state = UNCHANGED

    def shares_are_conserved(self, live: Position) -> None:
        """§1 §7 - Certificates sum to holders and to the series, and what became of all shares to what was issued."""
        gone = live.converted + live.redeemed + live.reacquired
        certificates = sum((held.shares for held in live.live()), Fraction(0))
        holders = sum((held.shares for lots in live.holdings().values() for held in lots), Fraction(0))
        assert live.issued - gone == live.outstanding == certificates == holders
        assert live.outstanding == outstanding(self.second.known().books())
        assert live.issued <= SERIES_H.designated_shares.value

    def the_record_verifies(self) -> None:
        """What was recorded since the last time verifies behind it, tables and all, and is proven."""
        verdict = verify(self.path, since=self.verified if self.verified.entry > 1 else NO_HEAD)
        assert verdict.verdict == "proven"
        assert verdict.tags == len(self.second.tags)
        self.verified = verdict.head

    def the_figures_are_right(self, book: Book) -> None:
        """On a day of the last things told all figures are the second ledger's; and an old answer is given again."""
        lines = list(self.second.known().facts.values())[-4:]
        days = [date.fromisoformat(line["effective"][:10]) for line in lines] or [naive.SIGNED]
        day = days[self.turn % len(days)] + timedelta(self.turn % 3)
        answers.asof(asof.answer(book, day), View(self.second, day, None))
        if self.kept.figures:
            on, known_at, told = self.kept.figures[self.turn % len(self.kept.figures)]
            assert asof.answer(book, on, known_at) == told
        if self.turn % 3 == 0:
            known_at = self.second.last_recorded
            self.kept.figures[12:] = []
            self.kept.figures.insert(0, (day, known_at, asof.answer(book, day, known_at)))
