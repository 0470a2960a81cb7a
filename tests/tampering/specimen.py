"""A ledger to tamper with: random and the same every time, in one file, with all that is ever stored in one."""

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from freezegun import freeze_time

import histories
from given import SERIES_H
from ledger.anchor import beside
from ledger.application import Ledger
from ledger.entries import Entry
from ledger.journal import read_line
from ledger.moments import parse_day
from projections.published import publish_views

Line = dict[str, Any]

HUNDREDS = 240
"""The entries of the ledger of a few hundred."""

MEMORY = Path("/dev/shm")

BEGUN = datetime(2101, 1, 3, 15, 0, tzinfo=UTC)
"""When the specimen was begun: after everything in it took effect."""

SEED, AT_ONCE = 1, 25
FEW: dict[str, Any] = {
    "MOST_DIVIDENDS": 1,
    "MOST_ISSUED_FRACTIONS": 0,
    "MOST_DILUTIONS": 1,
    "MOST_SPLITS": 1,
    "DESIGNATED": 4980,
}
"""Fewer of what makes a rate's digits many than other tests want: the specimen shall be small for its entries."""

BYSTANDERS: list[Line] = [
    {"event": "PreferredSharesIssued", "effective": "2001-04-12", "holder": "Née", "certificate": "B", "shares": "120"},
    {
        "event": "PreferredSharesTransferred",
        "effective": "2001-04-12",
        "certificate": "B",
        "into": [{"holder": f"Holder {n}", "certificate": f"B-{n}", "shares": "10"} for n in range(1, 13)],
    },
]
"""Shares that nothing happens to, so that there are certificates all along."""


@contextmanager
def in_memory() -> Iterator[Path]:
    """An empty folder, in memory where the system has such a place."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as name:
        yield Path(name).resolve()


@dataclass(frozen=True)
class Files:
    """What makes a ledger: the file, what may be beside it while somebody records, and the head written down."""

    db: bytes
    wal: bytes
    head: str

    def lie_at(self, path: Path) -> None:
        """Put them at a path, and nothing else there."""
        path.write_bytes(self.db)
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        wal = path.with_name(f"{path.name}-wal")
        if self.wal:
            wal.write_bytes(self.wal)
        else:
            wal.unlink(missing_ok=True)
        if self.head:
            beside(path).write_text(self.head, encoding="utf-8")
        else:
            beside(path).unlink(missing_ok=True)

    @classmethod
    def of(cls, path: Path) -> "Files":
        """Those at a path."""
        wal = path.with_name(f"{path.name}-wal")
        return cls(
            path.read_bytes(),
            wal.read_bytes() if wal.exists() else b"",
            beside(path).read_text(encoding="utf-8") if beside(path).exists() else "",
        )


def journal(count: int) -> list[Line]:
    """That many lines: a random history, with late entries, a correction, a voiding, references, notes and papers."""
    with patch.multiple(histories, **FEW):
        told = histories.Story(Random(SEED)).tell(count - 6)[: count - 6]
    lines = []
    for number, line in enumerate((told[0], *BYSTANDERS, *told[1:]), 2):
        more: Line = {"ref": f"ref-{number}"} if number % 3 == 0 else {}
        more |= {"note": f"№ {number} — né à Genève"} if number % 10 == 0 else {}
        more |= {"document": {"title": "Minutes", "sha256": f"{number:064x}"}} if number % 50 == 0 else {}
        lines.append({**line, **more})
    late = [
        {"event": "HolderRegistered", "effective": f"2001-05-0{day}", "holder": f"Holder {day}", "name": "Née"}
        for day in (1, 2)
    ]
    said = {**late[0], "name": "Née Dupont"}
    mended = [
        {"event": "EntryCorrected", "effective": "2100-12-01", "entry": count - 2}
        | {"replacement": said, "kind": "clerical", "reason": "a name"},
        {"event": "EntryVoided", "effective": "2100-12-02", "entry": count - 1, "reason": "nobody"},
    ]
    return [*lines, *late, *mended]


def read_lines(lines: Iterable[Line]) -> Iterator[Entry]:
    """Journal lines as entries."""
    return (read_line(json.dumps(line), "the specimen") for line in lines)


def recorded(path: Path, entries: int, *, tags: int = 3) -> None:
    """Begin a ledger at a path and record in it, so many entries with the terms, a few at once, and give some tags."""
    lines = journal(entries - tags)
    with freeze_time(BEGUN) as clock, Ledger.begin(path, SERIES_H) as ledger:
        assert not publish_views(ledger.place)
        for first in range(0, len(lines), AT_ONCE):
            clock.tick(3600)
            ledger.record(read_lines(lines[first : first + AT_ONCE]))
        for number in range(tags):
            clock.tick(60)
            ledger.tag(f"FY{2001 + number}", parse_day(f"{2001 + number}-12-31"))
            if number < tags - 1:  # an entry more, so that each tag has a head of its own
                line = {"event": "HolderRegistered", "effective": "2100-12-03", "holder": f"Holder {number}"}
                ledger.record(read_lines([line]))


def compacted(path: Path) -> None:
    """Make one file of a ledger, without a log beside it and without room in it for what was there before."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not path.with_name(f"{path.name}-wal").exists()


def specimen(folder: Path, entries: int) -> Path:
    """A ledger file of so many entries, compacted, with its head beside it."""
    path = folder / "ledger.db"
    recorded(path, entries)
    compacted(path)
    return path
