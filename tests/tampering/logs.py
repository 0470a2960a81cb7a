"""A ledger whose last recordings lie in its `-wal` alone, flipped and cut: SQLite drops in silence what is damaged.

By hand, every byte of the log flipped once:

    cd tests && PYTHONPATH=.. nice python -m tampering.logs
"""

import json
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from freezegun import freeze_time

from ledger.application import Ledger
from ledger.errors import RecordMustBeReadable, RecordMustVerify
from ledger.moments import parse_day
from projections.verification import PROVEN, UNPROVEN, Verdict
from tampering.asked import LIES
from tampering.flips import bit_of, changes, offsets, said_of
from tampering.remembered import Truth
from tampering.specimen import BEGUN, Files, in_memory, read_lines, specimen

ENTRIES = 30
HEADER, FRAME = 32, 24
"""Bytes of a log's header and of that of a frame, behind which a page follows."""


def registered(count: int, number: int) -> list[dict[str, str]]:
    """So many lines."""
    return [
        {"event": "HolderRegistered", "effective": "2100-12-05", "holder": f"Holder {number}-{one}"}
        for one in range(count)
    ]


@dataclass
class Logged:
    """The files of a ledger with recordings in its log, what it truly is, and where to try."""

    path: Path
    files: Files
    truth: Truth

    @classmethod
    def at(cls, path: Path) -> "Logged":
        """Record a few times while somebody reads, so that nothing of it reaches the file itself."""
        assert specimen(path.parent, ENTRIES) == path
        with closing(sqlite3.connect(path)) as reader, freeze_time(BEGUN) as clock:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM stored_events").fetchall()
            clock.tick(86400)
            with Ledger.open(path) as ledger:
                for number, count in enumerate((1, 3, 1)):
                    clock.tick(60)
                    ledger.record(read_lines(registered(count, number)))
                ledger.tag("FY2099", parse_day("2099-12-31"))
            files = Files.of(path)
        assert files.wal
        files.lie_at(path)
        truth = Truth.of(path)
        return cls(path, files, truth)

    def outcome(self, files: Files) -> tuple[str, int]:
        """What verification says of files, and how many entries are left; AssertionError where that is wrong."""
        files.lie_at(self.path)
        said, anchored = said_of(self.path), bool(files.head)
        left = _entries(self.path)
        whole = len(self.truth.stored)
        kept = left is not None and left == self.truth.lies[: len(left)]
        if isinstance(said, RecordMustVerify | RecordMustBeReadable):
            if left is not None and kept and len(left) < whole:
                assert said.facts["entry"] <= len(left) + 1, said
                return "named, missing", len(left)
            return "named", len(left or ())
        assert isinstance(said, Verdict), f"{type(said).__name__}: {said}"
        assert left is not None
        assert kept
        assert said.head == self.truth.head(len(left))
        changed = changes(self.path, self.truth)
        if not changed:
            assert said.verdict == (PROVEN if anchored else UNPROVEN)
            return "whole", whole
        assert not anchored, f"{said.data()} although {len(left)} of {whole} are left, and changed: {changed}"
        assert said.verdict == UNPROVEN
        return "unproven", len(left)


def _entries(path: Path) -> list[tuple[object, ...]] | None:
    """The entries there are, as they lie; None where they cannot be read."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(LIES, (0,)).fetchall()
    except sqlite3.Error:
        return None


def flipped(logged: Logged, places: Iterable[int], *, anchored: bool = True) -> Counter[str]:
    """Flip a bit of the log at each of some places; how often it came to what."""
    tally, files = Counter[str](), logged.files
    head = files.head if anchored else ""
    with logged.truth.remembered():
        for at in places:
            wal = files.wal[:at] + bytes([files.wal[at] ^ bit_of(at)]) + files.wal[at + 1 :]
            tally[logged.outcome(Files(files.db, wal, head))[0]] += 1
    return tally


def cut(logged: Logged, lengths: Iterable[int], *, anchored: bool = True) -> Counter[str]:
    """Cut the log off at each of some lengths; how often it came to what."""
    tally, files = Counter[str](), logged.files
    head = files.head if anchored else ""
    with logged.truth.remembered():
        for length in lengths:
            tally[logged.outcome(Files(files.db, files.wal[:length], head))[0]] += 1
    return tally


def frames(logged: Logged) -> list[int]:
    """Where the log's frames begin, and where it ends."""
    page = int.from_bytes(logged.files.wal[8:12], "big")
    return [*range(HEADER, len(logged.files.wal), FRAME + page), len(logged.files.wal)]


def main(words: list[str]) -> None:
    """Flip every byte of the log, or so many; cut it at every length of so many."""
    begun = time.monotonic()
    with in_memory() as folder:
        logged = Logged.at(folder / "ledger.db")
        size = len(logged.files.wal)
        print(
            f"{len(logged.truth.stored)} entries, {size} bytes of log in {len(frames(logged)) - 1} frames", flush=True
        )
        for anchored in (True, False):
            count = int(words[0]) if words else None
            told = flipped(logged, offsets(size, count), anchored=anchored)
            seconds = time.monotonic() - begun
            print(json.dumps({"anchored": anchored, "flipped": told, "seconds": seconds}), flush=True)
            lengths = sorted({0, *range(0, size, 61), *(at + by for at in frames(logged) for by in (-1, 0, 1))})
            told = cut(logged, [at for at in lengths if 0 <= at < size], anchored=anchored)
            print(json.dumps({"anchored": anchored, "cut": told, "seconds": time.monotonic() - begun}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
