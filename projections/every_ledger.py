"""Every ledger of a store verified, several at a time: one process each, as many as there are processors."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from ledger.errors import LedgerError
from ledger.places import Place
from projections.verification import verify


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of verifying one ledger: the verdict as data, or the error it ended with."""

    ledger: str
    verdict: dict[str, Any] | None = None
    error: str = ""
    name: str = ""

    def data(self) -> dict[str, Any]:
        """The same as JSON data."""
        return {"ledger": self.ledger, **(self.verdict or {"verdict": "broken", "name": self.name, "why": self.error})}


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
        return Verified(str(place), error=" ".join(error.sentences()[:2]), name=error.name)
