"""Both clocks of a question: a day (through its end, in New York), and optionally the moment it was known at."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ledger.clauses.dividends import Accruals
from ledger.exact import Fraction
from ledger.moments import end_of
from ledger.position.state import Position
from ledger.position.stock import Certificate

if TYPE_CHECKING:  # a book decides too, and who only asks needs none of what it takes to do so
    from ledger.book import Book
    from ledger.timeline import Step


@dataclass(frozen=True)
class Question:
    """A day asked about, and the book as it was known at the moment asked for (None: all that is recorded)."""

    book: "Book"
    day: date
    known_at: datetime | None = None

    @classmethod
    def ask(cls, book: "Book", day: date, known_at: datetime | None = None) -> "Question":
        """A question of a book: what it knew at `known_at` of what had taken effect by the end of `day`."""
        return cls(book.known(known_at), day, known_at)

    @cached_property
    def position(self) -> Position:
        """What was so at the end of the day."""
        return self.book.position_before(end_of(self.day))

    @cached_property
    def holdings(self) -> dict[str, list[Certificate]]:
        """The live certificates of every holder of outstanding shares, sorted by holder and number."""
        return self.position.holdings()

    @cached_property
    def accruals(self) -> Accruals:
        """§2 - Dollars that one share had accrued by the day, by the day it accrues from."""
        return Accruals(self.position.terms, self.day)

    @cached_property
    def accrued_unpaid(self) -> Fraction:
        """§2 - Dollars accrued to the day and unpaid on all outstanding shares."""
        return self.position.accrued_unpaid(self.day)

    @property
    def steps(self) -> list["Step"]:
        """What had happened by the end of the day, in order."""
        return list(self.book.steps_before(end_of(self.day)))
