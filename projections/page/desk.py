"""The desk: a ledger as the page asks it, opened for each question as it is then, whoever records meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

from ledger.application import Ledger
from ledger.errors import WholeRecordMustBeAskedFor
from ledger.opened import Opened, opened
from ledger.places import Place
from projections.page.errors import LongAnswerMustWaitItsTurn

Made = TypeVar("Made")

AT_ONCE = 2_000
"""How many entries are read again while somebody waits for a page: about a second's work."""


@dataclass
class Desk:
    """A ledger's place, and the turn of those who ask for what takes long."""

    place: Place
    _turn: Lock = field(default_factory=Lock)

    @contextmanager
    def ledger(self) -> Iterator[Opened]:
        """The ledger, for a page: WholeRecordMustBeAskedFor comes of what goes through more entries than AT_ONCE."""
        with opened(self.place) as ledger:
            ledger.most = AT_ONCE
            yield ledger

    @contextmanager
    def whole(self) -> Iterator[Opened]:
        """The ledger, for whoever asks for all of it and waits; one at a time, or LongAnswerMustWaitItsTurn.

        Pages are made beside it: were every thread of the server given to such answers, no page would be.
        """
        with opened(self.place) as ledger:
            if ledger.last() <= AT_ONCE:
                yield ledger
                return
            if not self._turn.acquire(blocking=False):
                raise LongAnswerMustWaitItsTurn()
            try:
                yield ledger
            finally:
                self._turn.release()

    def complete(self, made: Callable[[Opened], Made]) -> Made:
        """What is made of the ledger and must be all there is: looked up where it can be, or out of the whole."""
        try:
            with self.ledger() as ledger:
                return made(ledger)
        except WholeRecordMustBeAskedFor:
            with self.whole() as ledger:
                return made(ledger)

    @contextmanager
    def recording(self) -> Iterator[Ledger]:
        """The ledger, to record in it."""
        with Ledger.open(self.place) as ledger:
            yield ledger
