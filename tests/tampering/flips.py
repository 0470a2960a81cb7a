"""One random bit of every byte of a file flipped in turn: what verification says of it, and what has truly changed.

The file is read anew through SQLite for every flip, with the verification's own questions; only what the untouched
ledger comes to is remembered (see `tampering.remembered`). By hand:

    cd tests && PYTHONPATH=.. nice python -m tampering.flips                    every byte, some three hours
    cd tests && PYTHONPATH=.. nice python -m tampering.flips 20000              so many bytes
    cd tests && PYTHONPATH=.. nice python -m tampering.flips 100000 200000      the bytes from one place to another
"""

import json
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ledger.errors import LedgerError, RecordMustBeReadable, RecordMustVerify
from projections.verification import PROVEN, Verdict, verify
from tampering.asked import everything
from tampering.remembered import Truth
from tampering.specimen import Files, in_memory, specimen

ENTRIES = 1000

HARMLESS, NAMED, DAMAGED, UNREADABLE = "harmless", "named", "named though harmless", "unreadable"
MISSED, UGLY = "MISSED", "UGLY"


@dataclass
class Tally:
    """How many of how many, and whatever should not be."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    by_table: Counter[str] = field(default_factory=Counter)

    def add(self, where: str, outcome: str, said: str) -> None:
        """Count an outcome, and keep it where it should not be."""
        self.counts[outcome] += 1
        if outcome in (MISSED, UGLY):
            self.wrong.append(f"{where}: {outcome}: {said}")


def said_of(path: Path) -> Verdict | LedgerError | Exception:
    """What verification says: its verdict, its error, or one it should not have ended with."""
    try:
        return verify(path)
    except Exception as error:
        return error


def changes(path: Path, truth: Truth, touched: str = "") -> str:
    """What the file answers otherwise than it should; nothing where all is as it was."""
    try:
        now = everything(path, touched)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return f"SQLite: {error}"
    return ", ".join(name for name, rows in now.items() if rows != truth.answers[name])


def judged(path: Path, truth: Truth, keep: Callable[[], None] = lambda: None, table: str = "") -> tuple[str, str]:
    """The outcome for a file as it lies there: what verification says of it, held against what has changed.

    Where one table alone is touched, its first misfit may be looked for at once.
    """
    said = (truth.first_misfit(path, table) if table else None) or said_of(path)
    if isinstance(said, RecordMustVerify | RecordMustBeReadable):
        facts = " ".join(str(fact) for fact in said.facts.values())
        if "no ledger any more" in facts or "what SQLite calls" in facts:
            return UNREADABLE, str(said)
        beyond_rows = ("a damaged file", "CREATE T", "a trigger", "rows up to", "no head of", "of another make")
        if not any(word in facts for word in beyond_rows):
            return NAMED, str(said)
        keep()
        changed = changes(path, truth, table)
        return (UNREADABLE if changed.startswith("SQLite") else NAMED if changed else DAMAGED), str(said)
    if not isinstance(said, Verdict):
        return UGLY, f"{type(said).__name__}: {said}"
    keep()
    changed = changes(path, truth, table)
    same = said.data() == {**truth.verdict.data(), "proven_by": said.proven_by} and said.verdict == PROVEN
    return (HARMLESS, "") if same and not changed else (MISSED, f"{said.data()} although changed: {changed}")


def offsets(size: int, count: int | None) -> Iterable[int]:
    """Every place of a file in turn, or so many of them, the same every time."""
    return range(size) if count is None else sorted(Random(20010412).sample(range(size), min(count, size)))


def bit_of(offset: int) -> int:
    """The bit that is flipped in the byte at a place: random, and the same every time."""
    return 1 << Random(offset).randrange(8)


class Bench:
    """A ledger file on which one byte after the other is altered and put right again."""

    def __init__(self, path: Path) -> None:
        """Take the specimen at a path, verified in full."""
        self.path, self.files, self.truth = path, Files.of(path), Truth.of(path)
        self.beside = [path.with_name(f"{path.name}-{end}") for end in ("wal", "shm", "journal")]
        self.table = ""
        with closing(sqlite3.connect(path)) as connection:
            [[self.page]] = connection.execute("PRAGMA page_size")
            self.tables = {page: name for name, page in connection.execute("SELECT name, pageno FROM dbstat")}

    def flipped(self, offset: int) -> tuple[str, str]:
        """The outcome for one byte with one bit flipped; the file is whole again afterwards."""
        with self.bent(offset) as keep:
            return judged(self.path, self.truth, keep, self.table)

    @contextmanager
    def bent(self, offset: int) -> Iterator[Callable[[], None]]:
        """Within this one byte of the file has a bit flipped; what is given bends it again, should SQLite mend it."""
        data = self.files.db
        byte = bytes([data[offset] ^ bit_of(offset)])
        self.table = self.tables[offset // self.page + 1]
        self._write(offset, byte)
        yield lambda: self._put(data[:offset] + byte + data[offset + 1 :])
        self._write(offset, data[offset : offset + 1])
        self._put(data)

    def touched(self, table: str) -> bool:
        """Whether the flip is on a page of a table, or on the first page, whence every table is found."""
        return self.table in (table, "sqlite_schema")

    def _write(self, offset: int, byte: bytes) -> None:
        with self.path.open("r+b", buffering=0) as file:
            file.seek(offset)
            file.write(byte)

    def _put(self, content: bytes) -> None:
        """SQLite may have repaired what it read: put back what was there, so that every question is asked of that."""
        for beside in self.beside:
            beside.unlink(missing_ok=True)
        if self.path.read_bytes() != content:
            self.path.write_bytes(content)


def sweep(bench: Bench, places: Iterable[int], shown: Callable[[int, Tally], None] = lambda _, __: None) -> Tally:
    """Flip a bit at each of some places; a tally of what became of it."""
    tally = Tally()
    with bench.truth.remembered(bench.touched):
        for done, offset in enumerate(places, 1):
            outcome, said = bench.flipped(offset)
            tally.add(f"byte {offset} ^ {bit_of(offset)}", outcome, said)
            tally.by_table[f"{bench.table}: {outcome}"] += 1
            shown(done, tally)
    return tally


def main(words: list[str]) -> None:
    """Sweep, and say how it stands from time to time."""
    begun = time.monotonic()

    def shown(done: int, tally: Tally) -> None:
        if done % 5000 == 0:
            print(f"{time.monotonic() - begun:.0f} s, {done}: {dict(tally.counts)} {tally.wrong[-1:]}", flush=True)

    with in_memory() as folder:
        bench = Bench(specimen(folder, ENTRIES))
        size = len(bench.files.db)
        print(f"{bench.truth.verdict.entries} entries, {size} bytes", flush=True)
        first, last, *_ = [*map(int, words), *([0, size][len(words) :])]
        places = offsets(size, first) if len(words) == 1 else range(first, min(last, size))
        tally = sweep(bench, places, shown)
    report = {"bytes": size, "flips": tally.counts.total(), "outcomes": dict(tally.counts)}
    report |= {"by table": dict(sorted(tally.by_table.items())), "wrong": tally.wrong}
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1:])
