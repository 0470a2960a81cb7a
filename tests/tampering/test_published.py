"""The published tables edited in every column of every row, dropped, and looked at while somebody records."""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from ledger.application import Ledger
from ledger.errors import RecordMustVerify
from projections.published import CERTIFICATES, COLUMNS, ENTRIES, follow
from projections.verification import PROVEN, verify
from tampering.logs import registered
from tampering.remembered import Kept
from tampering.specimen import HUNDREDS, Files, read_lines

N = HUNDREDS


def found(path: Path) -> int:
    """The entry that verification names; 0 where it finds nothing."""
    try:
        verify(path)
    except RecordMustVerify as error:
        return int(error.facts["entry"])
    return 0


def altered(path: Path, statement: str) -> str:
    """Alter the file where SQLite lets it be altered so; what SQLite says where it does not."""
    try:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement)
    except sqlite3.Error as error:
        return str(error)
    return ""


# --- rows ---------------------------------------------------------------------------------------------------------


VALUES = ("''", "'0'", "'1'", "'forged'", "NULL", "%s || ' '", "upper(%s) || '-'", "0", "7", "-1", "1.5", "x'31'")


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("column", COLUMNS[ENTRIES])
def test_every_column_of_every_published_entry_is_compared(path: Path, kept: Kept, column: str) -> None:
    """Other values in any one column of some entries: the entry is named. SQLite refuses what is no text."""
    random, tried = Random(column), 0
    for number in (2, *random.sample(range(3, N), 6), N):
        row = kept.truth.rows[number]
        true = row[list(COLUMNS[ENTRIES]).index(column)]
        for value in random.sample(VALUES, 3):
            value = value % column if "%s" in value else value  # noqa: PLW2901
            kept.files.lie_at(path)
            refused = altered(path, f"UPDATE {ENTRIES} SET {column} = {value} WHERE entry = {number}")
            with closing(sqlite3.connect(path)) as connection:
                rows = connection.execute(f"SELECT {column} FROM {ENTRIES} WHERE rowid = {number}").fetchall()
                [[lowest]] = connection.execute(f"SELECT min(entry) FROM {ENTRIES}")
            if not refused and rows != [(true,)]:
                tried += 1
                assert found(path) == (2 if lowest < 2 else number), (number, value)  # one below stands before all
    assert tried > 6


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("column", COLUMNS[CERTIFICATES])
def test_every_column_of_every_published_certificate_is_compared(path: Path, kept: Kept, column: str) -> None:
    """Another value in any one column of a certificate is found, and the last entry named."""
    rows = kept.truth.certificate_rows
    for row in (rows[0], rows[len(rows) // 2], rows[-1]):
        for value in VALUES:
            value = value % column if "%s" in value else value  # noqa: PLW2901
            kept.files.lie_at(path)
            where = f"WHERE certificate = '{row['certificate']}'"
            refused = altered(path, f"UPDATE {CERTIFICATES} SET {column} = {value} {where}")
            with closing(sqlite3.connect(path)) as connection:
                found_there = connection.execute(f"SELECT {column} FROM {CERTIFICATES} {where}").fetchall()
            if not refused and found_there != [(row[column],)]:
                assert found(path) == N, (row, value)


@pytest.mark.usefixtures("quickly")
def test_every_published_row_is_missed(path: Path, kept: Kept) -> None:
    """A row taken away alone, one in three of the entries and every certificate; and all of a table's."""
    for number in (*range(2, N, 3), N):
        kept.files.lie_at(path)
        altered(path, f"DELETE FROM {ENTRIES} WHERE entry = {number}")
        assert found(path) == number
    for row in kept.truth.certificate_rows:
        kept.files.lie_at(path)
        altered(path, f"DELETE FROM {CERTIFICATES} WHERE certificate = '{row['certificate']}'")
        assert found(path) == N
    for table, entry in ((ENTRIES, 2), (CERTIFICATES, N)):
        kept.files.lie_at(path)
        altered(path, f"DELETE FROM {table}")
        assert found(path) == entry


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("entry", [-1, 0, 1, N + 1, 10**9])
def test_a_published_entry_too_many_is_found(path: Path, entry: int) -> None:
    """Before the first, in the place of the terms, after the last."""
    columns = ", ".join(COLUMNS[ENTRIES]).replace("entry", str(entry), 1)
    assert not altered(path, f"INSERT INTO {ENTRIES} SELECT {columns} FROM {ENTRIES} WHERE entry = 2")
    assert found(path) == (2 if entry < 2 else N + 1)


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("certificate", ["''", "' '", "'A'", "'B-10 '", "'ZZZ'", "'né'"])
def test_a_published_certificate_too_many_is_found(path: Path, certificate: str) -> None:
    """With an empty number, before and between and after the others."""
    columns = ", ".join(COLUMNS[CERTIFICATES]).replace("certificate", certificate, 1)
    assert not altered(path, f"INSERT INTO {CERTIFICATES} SELECT {columns} FROM {CERTIFICATES} LIMIT 1")
    assert found(path) == N


@pytest.mark.parametrize(
    ("statements", "entry"),
    [
        ((f"DROP TABLE {ENTRIES}",), N),
        ((f"DROP TABLE {CERTIFICATES}",), N),
        ((f"ALTER TABLE {ENTRIES} RENAME COLUMN ref TO reference",), 2),
        ((f"ALTER TABLE {CERTIFICATES} RENAME COLUMN paid TO unpaid",), 2),
        ((f"ALTER TABLE {ENTRIES} ADD COLUMN forged TEXT",), 2),
        ((f"ALTER TABLE {CERTIFICATES} ADD COLUMN forged TEXT",), 2),
        ((f"ALTER TABLE {ENTRIES} DROP COLUMN digest",), 2),
        (
            (f"ALTER TABLE {ENTRIES} RENAME TO other", f"CREATE VIEW {ENTRIES} AS SELECT * FROM other WHERE entry < 9"),
            9,
        ),
        ((f"UPDATE {ENTRIES} SET entry = -entry", f"UPDATE {ENTRIES} SET entry = -entry + 1"), 2),
        ((f"UPDATE {ENTRIES} SET shares_issued = shares_outstanding, shares_outstanding = shares_issued",), 0),
    ],
)
def test_a_table_that_is_another_is_found(path: Path, statements: tuple[str, ...], entry: int) -> None:
    """One of the two dropped; a column renamed, added or dropped; a view in its place; numbers or columns swapped."""
    for statement in statements:
        assert not altered(path, statement)
    assert (found(path) > 2) if not entry else (found(path) == entry)


def test_without_published_tables_the_record_is_verified_and_no_row_claimed(path: Path) -> None:
    """They are derived, and may be dropped: the verdict says that it saw no row, and `captable replay` makes them."""
    for table in (*COLUMNS, "kept_pieces", "kept_entries"):
        assert not altered(path, f"DROP TABLE {table}")
    verdict = verify(path)
    assert (verdict.verdict, verdict.published) == (PROVEN, 0)


# --- whoever records meanwhile ----------------------------------------------------------------------------------------


def test_who_looks_between_recording_and_publishing_is_not_told_of_tampering(path: Path) -> None:
    """Entries are recorded first and published then: what does not fit yet is looked at once more."""
    with Ledger.open(path) as ledger:
        receipt = ledger.record(read_lines(registered(2, 1)))
        published: list[object] = []

        def publish() -> None:
            if not published:
                published.append(follow(ledger, receipt))

        verdict = verify(path, done=publish)
    assert (verdict.verdict, verdict.entries, published) == (PROVEN, N + 2, [None])


def test_what_was_recorded_and_never_published_is_named(path: Path) -> None:
    """Where nobody is at work any more, rows that are missing stay missing."""
    with Ledger.open(path) as ledger:
        ledger.record(read_lines(registered(2, 1)))
    assert found(path) == N + 1


def test_who_verifies_while_another_records_takes_the_heads_first(path: Path) -> None:
    """A head written down after the record was looked at is of entries that were not seen: it is no misfit."""
    with Ledger.open(path) as ledger:
        recorded: list[object] = []

        def record() -> None:
            if not recorded:
                recorded.append(follow(ledger, ledger.record(read_lines(registered(2, 1)))))

        verdict = verify(path, done=record)
    assert (verdict.verdict, verdict.entries, recorded) == (PROVEN, N, [None])


def test_files_lie_as_they_were(path: Path, kept: Kept) -> None:
    """The copy each test begins with is the ledger untouched, and is proven."""
    assert Files.of(path) == kept.files
    assert verify(path).data() == {**kept.truth.verdict.data(), "proven_by": verify(path).proven_by}
