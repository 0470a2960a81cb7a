"""A sample of the bytes of a ledger file, one bit flipped in each: whatever changes anything is named.

The whole file, every byte once, is swept by hand: see `tampering.flips`.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest

from ledger.errors import RecordMustBeReadable, RecordMustVerify
from tampering.asked import KEPT_ENTRIES, KEPT_HOLDERS, PIECES, kept_rows
from tampering.flips import (
    DAMAGED,
    ENTRIES,
    HARMLESS,
    NAMED,
    UNREADABLE,
    Bench,
    judged,
    offsets,
    said_of,
    sweep,
)
from tampering.remembered import Kept
from tampering.specimen import HUNDREDS, in_memory, specimen

SAMPLE = 1000

ENTRY = {PIECES: 3, KEPT_HOLDERS: 1, KEPT_ENTRIES: 0}
"""Where the number of its entry stands in a row of the kept tables."""


@pytest.fixture
def bench(kept: Kept) -> Iterator[Bench]:
    """The ledger of a few hundred entries, to be flipped."""
    with in_memory() as folder:
        kept.files.lie_at(folder / "ledger.db")
        yield Bench(folder / "ledger.db")


def test_a_flipped_bit_that_changes_anything_is_named() -> None:
    """A thousand bytes of a thousand entries: not one wrong answer is said to be proven, and errors are ours."""
    with in_memory() as folder:
        bench = Bench(specimen(folder, ENTRIES))
        assert bench.truth.verdict.entries == ENTRIES
        tally = sweep(bench, offsets(len(bench.files.db), SAMPLE))
    assert not tally.wrong
    assert tally.counts.total() == SAMPLE
    assert set(tally.counts) == {HARMLESS, NAMED, DAMAGED, UNREADABLE}
    assert tally.counts[NAMED] + tally.counts[UNREADABLE] > tally.counts.total() * 0.75  # of the rest nothing is made


def test_a_flipped_bit_of_a_tag_is_named(bench: Bench) -> None:
    """Every byte of what is stored of the tags: no other day, moment or name passes for the one that was given."""
    [page] = [page for page, table in bench.tables.items() if table == "tags"]
    first = bench.files.db.index(b"FY20", (page - 1) * bench.page)
    tally = sweep(bench, range(first, page * bench.page))
    assert not tally.wrong, f"{len(tally.wrong)} of {tally.counts.total()}"


def test_what_is_remembered_changes_no_outcome(bench: Bench) -> None:
    """The verification in full, every entry decided again, says of a flipped file what the sweep says of it."""
    outcomes = set()
    for offset in offsets(len(bench.files.db), 16):
        with bench.truth.remembered(bench.touched):
            at_once, _ = bench.flipped(offset)
        with bench.truth.remembered(), bench.bent(offset):
            quick = judged(bench.path, bench.truth)
        with bench.bent(offset):
            full = judged(bench.path, bench.truth)
        outcomes.add(full[0])
        assert quick == full, offset
        assert at_once == full[0], offset
    assert outcomes >= {HARMLESS, NAMED, UNREADABLE}


def false_entries(bench: Bench) -> set[int]:
    """The first entry that is another, or whose link is; where none is, those of which a kept row is another."""
    with closing(sqlite3.connect(bench.path)) as connection:
        if (known := bench.truth.known(connection, lambda _: True)) < HUNDREDS:
            return {known + 1}
        try:
            found = kept_rows(connection)
        except (sqlite3.Error, UnicodeDecodeError):
            return set()
    another = {row[at] for table, at in ENTRY.items() for row in {*found[table]} ^ {*bench.truth.kept[table]}}
    # Of a row that tells of no entry nobody knows whose it is.
    return {max(entry, 1) for entry in another if isinstance(entry, int)}


def test_the_first_entry_that_does_not_fit_is_the_one_named(bench: Bench) -> None:
    """Where a row of an entry or its link is another, no earlier and no later one is named; of a kept row its own."""
    named = Counter[str]()
    for offset in offsets(len(bench.files.db), 400):
        with bench.truth.remembered(), bench.bent(offset):
            said = said_of(bench.path)
            if not isinstance(said, RecordMustVerify | RecordMustBeReadable):
                continue
            assert 1 <= said.facts["entry"] <= HUNDREDS + 1, (offset, said)
            if entries := false_entries(bench):
                assert said.facts["entry"] in entries, (offset, said)
                named[bench.table] += 1
    assert named["stored_events"] > 15
    assert named["kept_pieces"] > 80
