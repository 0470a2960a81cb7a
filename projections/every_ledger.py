"""Every ledger of a store verified, several at a time: one process each, as many as there are processors."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from ledger.errors import LedgerError, RecordMustVerify, StoreMustBeReachable
from ledger.place_errors import LedgerMustBeOfThisMake, LedgerMustOpen, TablesMustBeOfThisMake
from ledger.places import Place
from projections.verification import verify

BROKEN, OF_ANOTHER_MAKE, NOT_READ = "broken", "of-another-make", "not-read"

_UNBROKEN: dict[type[LedgerError], str] = {
    LedgerMustBeOfThisMake: OF_ANOTHER_MAKE,
    TablesMustBeOfThisMake: OF_ANOTHER_MAKE,
    LedgerMustOpen: NOT_READ,
    StoreMustBeReachable: NOT_READ,
}
"""What is to be said of a ledger against which nothing was found, though it does not verify here and now."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of verifying one ledger: the verdict as data, or the error it ended with and its exit status."""

    ledger: str
    verdict: dict[str, Any]
    error: str = ""
    name: str = ""
    exit_code: int = 0

    def data(self) -> dict[str, Any]:
        """The same as JSON data."""
        why = {"name": self.name, "why": self.error} if self.error else {}
        return {"ledger": self.ledger, **self.verdict, **why}


def verify_every(ledgers: Sequence[Place]) -> Iterator[Verified]:
    """Verify ledgers, and tell of each in the order in which they are given."""
    if not ledgers:
        return
    # Spawned and not forked: a child inherits neither a lock nor a connection.
    with ProcessPoolExecutor(min(len(ledgers), os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        yield from pool.map(_verified, ledgers)


def _verified(place: Place) -> Verified:
    try:
        return Verified(str(place), verify(place).data())
    except LedgerError as error:
        verdict = _UNBROKEN.get(type(error), BROKEN)
        # What is gone is known here by the head it left, and broken; a name that somebody gave may be misspelt.
        exit_code = RecordMustVerify.exit_code if verdict == BROKEN else error.exit_code
        return Verified(str(place), {"verdict": verdict}, " ".join(error.sentences()[:2]), error.name, exit_code)
