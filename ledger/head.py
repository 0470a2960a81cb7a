"""A head: how many entries a ledger has, and the hash that stands for all of them, as one writes it down."""

import re
from typing import Any, NamedTuple

from ledger.errors import HeadMustBeUnderstood

HEAD = re.compile(r"([1-9]\d{0,17}) ([0-9a-f]{64})", re.ASCII)  # a number that a store can hold


class Head(NamedTuple):
    """The last entry of a ledger and the hash that stands for everything up to it."""

    entry: int
    sha256: str

    def __str__(self) -> str:
        """The line to write down: `23 9f2c...`."""
        return f"{self.entry} {self.sha256}"

    def data(self) -> dict[str, Any]:
        """The head as JSON data."""
        return {"entry": self.entry, "sha256": self.sha256}

    @classmethod
    def read(cls, line: str) -> "Head":
        """The head that a line writes down; HeadMustBeUnderstood where it does not."""
        written = HEAD.fullmatch(line.strip())
        if written is None:
            raise HeadMustBeUnderstood(line=line.strip()[:100])
        return cls(int(written[1]), written[2])


NO_HEAD = Head(0, "")
"""What comes before the first entry."""
