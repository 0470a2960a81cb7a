"""One finding: what is wrong, by which clause, since when, and when it was put right."""

from collections.abc import Container
from datetime import date
from typing import Any, NamedTuple

from ledger.citations import entries_data

BREACH, NOTE = "breach", "note"


class Finding(NamedTuple):
    """A stable id, a severity, the clause, the entries it rests on, and a sentence with both numbers.

    A `breach` is against the certificate's words; a `note` is a difference somebody should look at. `resolved` is the
    day it was put right, None while it is open.
    """

    finding: str
    severity: str
    clause: str
    entries: tuple[int, ...]
    says: str
    since: date
    resolved: date | None = None

    @property
    def is_open_breach(self) -> bool:
        """Whether it is against the certificate and was not put right."""
        return self.severity == BREACH and self.resolved is None

    def data(self, late: Container[int]) -> dict[str, Any]:
        """The finding as JSON data."""
        return {
            "finding": self.finding,
            "severity": self.severity,
            "clause": self.clause,
            **entries_data(self.entries, late),
            "says": self.says,
            "since": self.since.isoformat(),
            "resolved": self.resolved.isoformat() if self.resolved else None,
        }
