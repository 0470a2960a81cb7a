"""The `-wal` flipped, cut, taken away or exchanged before a checkpoint: what SQLite drops in silence is named."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from given import SERIES_H
from ledger.anchor import beside
from ledger.application import Ledger
from ledger.errors import LedgerError, RecordMustVerify
from projections.verification import UNPROVEN, verify
from tampering.flips import offsets
from tampering.logs import Logged, cut, flipped, frames, registered
from tampering.specimen import Files, in_memory, read_lines

FLIPS, ANYWHERE = 200, 60


@pytest.fixture(scope="module")
def logged() -> Iterator[Logged]:
    """A ledger whose last five entries, and a tag, lie in its log alone."""
    with in_memory() as folder:
        yield Logged.at(folder / "ledger.db")


def boundaries(logged: Logged) -> list[int]:
    """Lengths around every frame's ends, and some anywhere."""
    size = len(logged.files.wal)
    around = {at + by for at in frames(logged) for by in (-1, 0, 1, 24)}
    return sorted(at for at in {0, 1, 31, *around, *offsets(size, ANYWHERE)} if 0 <= at < size)


@pytest.mark.parametrize("anchored", [True, False], ids=["anchored", "not anchored"])
def test_a_flipped_byte_of_the_log_is_named_or_leaves_the_record_unproven(logged: Logged, anchored: bool) -> None:
    """With a head every missing entry is named; without one what is left is a true beginning, and it is unproven."""
    tally = flipped(logged, offsets(len(logged.files.wal), FLIPS), anchored=anchored)
    assert tally.total() == FLIPS
    assert set(tally) <= {"named, missing", "named"} | (set() if anchored else {"unproven"})
    assert tally["named, missing"] + tally["unproven"] > FLIPS / 2


@pytest.mark.parametrize("anchored", [True, False], ids=["anchored", "not anchored"])
def test_a_log_cut_off_is_named_or_leaves_the_record_unproven(logged: Logged, anchored: bool) -> None:
    """Cut at the end of a frame, of a transaction, in the middle of either, or to nothing."""
    lengths = boundaries(logged)
    tally = cut(logged, lengths, anchored=anchored)
    assert tally.total() == len(lengths) > 150
    assert set(tally) <= {"named, missing", "named"} | (set() if anchored else {"unproven"})


def test_a_tag_lost_with_the_end_of_the_log_is_found(logged: Logged) -> None:
    """The log's last frame is the tag's: every entry is there without it, and the head counts a tag more."""
    wal = logged.files.wal[: frames(logged)[-2]]
    Files(logged.files.db, wal, logged.files.head).lie_at(logged.path)
    with pytest.raises(RecordMustVerify) as error:
        verify(logged.path)
    assert error.value.facts["stored"] == "3 tags"
    assert error.value.facts["computed"] == f"4, says the anchor at {beside(logged.path)}"
    Files(logged.files.db, wal, "").lie_at(logged.path)
    verdict = verify(logged.path)
    assert (verdict.verdict, verdict.entries, verdict.tags) == (UNPROVEN, len(logged.truth.stored), 3)


def test_the_whole_log_is_what_it_was(logged: Logged) -> None:
    """Untouched, file and log together are the ledger, proven by its head."""
    assert cut(logged, [len(logged.files.wal)]) == {"whole": 1}


def test_the_log_of_another_time_does_not_pass(logged: Logged) -> None:
    """The log as it was put back beside a file that has moved on: what it takes away again is missed."""
    path = logged.path.with_name("later.db")
    logged.files.lie_at(path)
    with Ledger.open(path) as ledger:
        ledger.record(read_lines(registered(40, 9)))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    later = Files.of(path)
    Files(later.db, logged.files.wal, later.head).lie_at(path)
    with pytest.raises(LedgerError) as error:
        verify(path)
    assert error.value.exit_code == 4


def test_the_log_of_another_ledger_does_not_pass(logged: Logged) -> None:
    """SQLite would read it over the file's own pages: what comes of that is no ledger that verifies."""
    path = logged.path.with_name("other.db")
    shutil.copy(logged.path, path)
    other = logged.path.with_name("another.db")
    with Ledger.begin(other, SERIES_H) as ledger, closing(sqlite3.connect(other)) as reader:
        reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM links").fetchall()
        ledger.record(read_lines(registered(5, 1)))
        wal = Files.of(other).wal
    assert wal
    logged.files.lie_at(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = Files.of(path)
    Files(whole.db, wal, logged.files.head).lie_at(path)
    with pytest.raises(LedgerError) as error:
        verify(path)
    assert error.value.exit_code == 4
    beside(path).unlink()
    Files(whole.db, wal, "").lie_at(path)
    with pytest.raises(LedgerError):
        verify(path)
