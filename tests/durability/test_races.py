"""Processes recording at once: none lost, none doubled, a conflict is tried again, a reader sees a whole state."""

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from durability.jobs import entries, line
from durability.nursery import Nursery
from durability.reading import LONG, held
from given import COMMON, SERIES_H, issued, transferred
from ledger.application import Ledger
from ledger.errors import Refusal
from test_store import entries as lines

WRITERS = (8, 16) if LONG else (8,)
SECONDS = 5.0 if LONG else 1.5
"""How long they record."""

STARTING = 0.5
"""How long they are given to open the ledger before all of them begin."""

JOURNAL = 10


@pytest.fixture
def path(folder: Path) -> Path:
    """A ledger that has begun."""
    path = folder / "ledger.db"
    Ledger.begin(path, SERIES_H).close()
    return path


def verified(path: Path) -> list[str]:
    """The references a file holds, once it has been verified."""
    found = held(path)
    with Ledger.open(path) as ledger:
        assert (found.wrong, ledger.must_be_linked().entry) == ("", ledger.book.last)
    return found.refs


@pytest.mark.parametrize("by_command", [False, True], ids=["ledgers", "commands"])
@pytest.mark.parametrize("writers", WRITERS)
def test_of_many_who_record_at_once_none_is_lost_and_none_doubled(
    writers: int, by_command: bool, plain_nursery: Nursery, path: Path
) -> None:
    """Every acknowledged reference is there once; who loses a race (exit 5) tries again under the same reference."""
    facts: dict[str, Any] = {
        "path": str(path),
        "start": time.time() + STARTING,
        "seconds": SECONDS,
        "by_command": by_command,
    }
    out = path.with_name("out")
    children = [
        plain_nursery.start("race", name=f"W{writer}", out=out.with_suffix(f".{writer}"), **facts)
        for writer in range(writers)
    ]
    statuses = [plain_nursery.wait(child) for child in children]
    said = [out.with_suffix(f".{writer}").read_text(encoding="utf-8") for writer in range(writers)]
    promised, counts, delays, lost = [], [], [], 0
    for writer in range(writers):
        notes = [note.split() for note in path.with_name(f"W{writer}.ack").read_text(encoding="utf-8").splitlines()]
        promised += [ref for ref, _, _ in notes]
        counts.append(len(notes))
        delays += [int(microseconds) for _, microseconds, _ in notes]
        lost += sum(int(times) for _, _, times in notes)
    report(writers, by_command, counts, delays, lost)
    assert statuses == [0] * writers, "\n".join(part for part in said if "Recorded" not in part[:9])[-2000:]
    assert sorted(verified(path)) == sorted(promised)


def report(writers: int, by_command: bool, counts: list[int], delays: list[int], lost: int) -> None:
    """Print how fair it was and how fast; figures for the reader, asserted nowhere."""
    delays = sorted(delays) or [0]
    said = {
        "entries": sum(counts),
        "slowest / mean": round(min(counts) / (mean(counts) or 1), 2),
        "p50 ms": delays[len(delays) // 2] / 1000,
        "p99 ms": delays[len(delays) * 99 // 100] / 1000,
        "worst ms": delays[-1] / 1000,
        "conflicts": lost,
    }
    print(f"\n{writers} writers by {'command' if by_command else 'ledger'}, {SECONDS:g} s: {said}")


def test_a_reader_during_a_write_sees_a_whole_state(plain_nursery: Nursery, path: Path) -> None:
    """Whoever asks while journals of ten are recorded sees whole journals, linked, and never fewer than before."""
    writers = [
        plain_nursery.start("record_journals", path=str(path), name=name, journal=JOURNAL, seconds=SECONDS)
        for name in ("A", "B")
    ]
    outs = [path.with_name(f"reader-{number}") for number in range(2)]
    readers = [
        plain_nursery.start("read_meanwhile", path=str(path), journal=JOURNAL, seconds=SECONDS, out=out) for out in outs
    ]
    statuses = [plain_nursery.wait(child) for child in (*writers, *readers)]
    said = [out.read_text(encoding="utf-8") for out in outs]
    print(f"\n{said}")
    assert statuses == [0, 0, 0, 0], "\n".join(said)[-3000:]
    assert len(verified(path)) % JOURNAL == 0


def test_a_backup_taken_while_recording_verifies(plain_nursery: Nursery, path: Path) -> None:
    """SQLite's own online backup, page by page while two processes record, is a ledger: linked, whole, no older."""
    writers = [
        plain_nursery.start("record_journals", path=str(path), name=name, journal=JOURNAL, seconds=SECONDS / 2)
        for name in ("A", "B")
    ]
    before, backups = 0, 0
    until = time.time() + SECONDS / 2
    while time.time() < until:
        copy = path.with_name(f"backup-{backups}.db")
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target, pages=-1 if backups % 2 else 40, sleep=0.001)
        refs = verified(copy)
        assert len(refs) % JOURNAL == 0
        assert len(refs) >= before
        before, backups = len(refs), backups + 1
        time.sleep(0.02)
    assert [plain_nursery.wait(child) for child in writers] == [0, 0]
    assert backups > 1
    assert before <= len(verified(path))
    print(f"\n{backups} backups while recording, {before} entries in the last")


def test_a_conflict_is_recorded_again_under_its_reference(path: Path) -> None:
    """A line that was recorded, and whose acknowledgement was lost, is acknowledged again and not recorded twice."""
    with Ledger.open(path) as ledger:
        first = ledger.record(entries(["A:1", "A:2"]))
        again = ledger.record(entries(["A:1", "A:2"]))
    assert (len(first.new), len(again.new), verified(path)) == (2, 0, ["A:1", "A:2"])
    assert line("A:1") != line("A:2")


def test_two_transfers_of_the_same_shares_are_refused_in_one_journal_as_in_two(path: Path) -> None:
    """The second transfer of a certificate that the first has emptied is refused by the same rule either way."""
    given, other = [COMMON, issued()], path.with_name("other.db")
    first, second = (transferred("2001-06-01", (holder, holder, "5100")) for holder in ("H-2", "H-3"))
    shutil.copy(path, other)
    with Ledger.open(path) as ledger:
        ledger.record(lines(*given))
        with pytest.raises(Refusal) as in_one:
            ledger.record(lines(first, second))
        assert ledger.head().entry == 3
    with Ledger.open(other) as ledger:
        ledger.record(lines(*given))
        ledger.record(lines(first))
        with pytest.raises(Refusal) as in_two:
            ledger.record(lines(second))
        assert ledger.head().entry == 4
    assert in_one.value.name == in_two.value.name
