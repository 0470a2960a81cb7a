"""The kept tables edited in every column of their rows, dropped, left behind, and looked at while somebody records."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from given import CONVERTED
from ledger.application import Ledger
from ledger.entries import Entry
from ledger.errors import RecordMustVerify
from ledger.head import NO_HEAD, Head
from ledger.kept.tables import FROM_THE_START
from ledger.kept.written import KINDS
from on_file import asked, begun, record
from projections.published import publish
from projections.verification import PROVEN, Verdict, verify
from tampering.asked import KEPT_ENTRIES, KEPT_HOLDERS, ORDER, PIECES
from tampering.logs import registered
from tampering.remembered import Kept
from tampering.specimen import HUNDREDS, Files, read_lines

N = HUNDREDS
COLUMNS = {
    PIECES: ("kind", "key", "day", "entry", "says"),
    KEPT_HOLDERS: ("holder", "entry"),
    KEPT_ENTRIES: ("entry", "day", "latest", "late", "about", "ref"),
}


def misfit(path: Path) -> RecordMustVerify | None:
    """What verification finds, if it does find anything."""
    try:
        verify(path)
    except RecordMustVerify as error:
        return error
    return None


def found(path: Path) -> int | None:
    """The entry that verification names, the first where it names one before all; None where it finds nothing."""
    error = misfit(path)
    return max(1, int(error.facts["entry"])) if error else None


def altered(path: Path, statement: str, *given: Any) -> str:
    """Alter the file where SQLite lets it be altered so; what SQLite says where it does not."""
    try:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement, given)
    except sqlite3.Error as error:
        return str(error)
    return ""


def entry_of(table: str, row: tuple[Any, ...]) -> int:
    """The entry of a row."""
    return int(row[COLUMNS[table].index("entry")])


def under(table: str, row: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """The condition by which a row is found, and what is given to it."""
    keys = ORDER[table].split(", ")
    return " AND ".join(f"{key} = ?" for key in keys), tuple(row[COLUMNS[table].index(key)] for key in keys)


# --- rows ---------------------------------------------------------------------------------------------------------


VALUES = ("''", "'0'", "'1'", "'forged'", "NULL", "%s || ' '", "upper(%s) || '-'", "0", "7", "-1", "1.5", "x'31'")


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize(("table", "column"), [(table, column) for table in COLUMNS for column in COLUMNS[table]])
def test_every_column_of_every_kept_row_is_compared(path: Path, kept: Kept, table: str, column: str) -> None:
    """Another value in any one column of some rows: the entry is named, and both what is stored and what was computed.

    SQLite refuses what is of another type than the column's. A row under another key is named as it stands, or as the
    one that is missing.
    """
    random, rows, tried = Random(f"{table}.{column}"), kept.truth.kept[table], 0
    for true in (rows[0], *random.sample(rows[1:-1], 8), rows[-1]):
        for value in random.sample(VALUES, 5):
            value = value % column if "%s" in value else value  # noqa: PLW2901
            kept.files.lie_at(path)
            where, keys = under(table, true)
            if altered(path, f"UPDATE {table} SET {column} = {value} WHERE {where}", *keys):
                continue
            for row in {*asked(path, f"SELECT * FROM {table}")} - {*rows}:  # none where the value was there before
                tried += 1
                error = misfit(path)
                assert error, (true, row)
                assert max(1, int(error.facts["entry"])) in (entry_of(table, true), max(1, entry_of(table, row)))
                if column not in ORDER[table].split(", "):
                    assert error.facts["stored"] == f"{row!r} in {table}"
                    assert str(error.facts["computed"]).startswith(f"{true!r} in {table}")
    assert tried > 6


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("table", COLUMNS)
def test_every_kept_row_is_missed(path: Path, kept: Kept, table: str) -> None:
    """A row taken away alone, up to a hundred of each table's, the first and the last among them; and all of them."""
    rows = kept.truth.kept[table]
    for row in (rows[0], *Random(table).sample(rows[1:-1], min(98, len(rows) - 2)), rows[-1]):
        kept.files.lie_at(path)
        where, keys = under(table, row)
        assert not altered(path, f"DELETE FROM {table} WHERE {where}", *keys)
        error = misfit(path)
        assert error
        assert error.facts["entry"] == entry_of(table, row)
        assert str(error.facts["computed"]).startswith(f"{row!r} in {table}")
    kept.files.lie_at(path)
    altered(path, f"DELETE FROM {table}")
    assert found(path) == entry_of(table, rows[0])


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("entry", [-(10**9), -1, 0, N + 1, 10**9])
def test_a_kept_entry_too_many_is_found(path: Path, entry: int) -> None:
    """Before the first, and after the last."""
    columns = ", ".join(COLUMNS[KEPT_ENTRIES]).replace("entry", str(entry), 1)
    assert not altered(path, f"INSERT INTO {KEPT_ENTRIES} SELECT {columns} FROM {KEPT_ENTRIES} WHERE entry = 2")
    error = misfit(path)
    assert error
    assert found(path) == max(1, entry)
    assert str(error.facts["stored"]).startswith(f"({entry}, ")


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("entry", [-(10**9), -1, 0, 1, 2, 99, N + 1, 10**9])
@pytest.mark.parametrize(
    ("kind", "key", "day"),
    [
        (-1, "", 0),
        (KINDS["accruing"], "né", 11_447),  # of 2001
        (KINDS["certificates"], "B", 47_481),  # of 2099
        (KINDS["certificates"], "B", FROM_THE_START),
        (99, " ", 2_932_896),  # of 9999
    ],
)
def test_a_kept_piece_too_many_is_found(path: Path, kind: int, key: str, day: int, entry: int) -> None:
    """Of a kind that there is or of none, of any day and any entry: it would answer in the place of the true ones."""
    assert not altered(path, f"INSERT INTO {PIECES} VALUES ({kind}, '{key}', {day}, {entry}, '[]')")
    error = misfit(path)
    assert error
    assert found(path) == max(1, entry)
    assert str(error.facts["stored"]).endswith(f", {entry}, '[]') in {PIECES}")


@pytest.mark.parametrize(
    ("statements", "entry"),
    [
        ((f"DROP TABLE {KEPT_ENTRIES}",), 1),
        ((f"DROP TABLE {PIECES}",), 1),
        ((f"DROP TABLE {KEPT_HOLDERS}",), 1),
        (("DROP INDEX kept_entries_about",), 1),
        ((f"CREATE INDEX kept_entries_by_late ON {KEPT_ENTRIES} (late)",), 1),
        ((f"ALTER TABLE {KEPT_ENTRIES} RENAME COLUMN latest TO last",), 1),
        ((f"ALTER TABLE {PIECES} RENAME COLUMN says TO told",), 1),
        ((f"ALTER TABLE {KEPT_ENTRIES} ADD COLUMN forged TEXT",), 1),
        ((f"ALTER TABLE {PIECES} ADD COLUMN forged TEXT",), 1),
        ((f"ALTER TABLE {KEPT_ENTRIES} DROP COLUMN latest",), 1),
        (
            (
                "PRAGMA legacy_alter_table = ON",
                f"ALTER TABLE {KEPT_ENTRIES} RENAME TO other",
                f"CREATE VIEW {KEPT_ENTRIES} AS SELECT * FROM other WHERE entry < 9",
            ),
            1,
        ),
        ((f"UPDATE {KEPT_ENTRIES} SET entry = -entry", f"UPDATE {KEPT_ENTRIES} SET entry = -entry + 1"), 1),
        ((f"UPDATE {KEPT_ENTRIES} SET about = late, late = about WHERE about IS NOT NULL",), N - 3),
        ((f"UPDATE {PIECES} SET day = kind, kind = day WHERE entry = 100",), 100),
    ],
)
def test_a_table_that_is_another_is_found(path: Path, statements: tuple[str, ...], entry: int) -> None:
    """One of the two dropped; a column renamed, added or dropped; a view in its place; numbers or columns swapped."""
    for statement in statements:
        assert not altered(path, statement)
    assert found(path) == entry


def test_without_kept_tables_the_record_is_verified_and_no_row_claimed(path: Path) -> None:
    """They are derived, and may be dropped: the verdict says that it saw no row, and `captable replay` makes them."""
    for table in COLUMNS:
        assert not altered(path, f"DROP TABLE {table}")
    verdict = verify(path)
    assert (verdict.verdict, verdict.published) == (PROVEN, 0)


# --- tables that are not there, or behind -----------------------------------------------------------------------------


HARMED = {
    "deleted": [f"DROP TABLE {table}" for table in COLUMNS],
    "one deleted": [f"DROP TABLE {PIECES}"],
    "emptied": [f"DELETE FROM {table}" for table in COLUMNS],
    "behind": [f"DELETE FROM {table} WHERE entry > {N - 5}" for table in COLUMNS],
    "of another make": [f"ALTER TABLE {PIECES} ADD COLUMN more TEXT"],
    "ahead": [f"INSERT INTO {KEPT_ENTRIES} SELECT max(entry) + 1, day, latest, late, about, ref FROM {KEPT_ENTRIES}"],
}


@pytest.mark.parametrize("harm", HARMED)
@pytest.mark.parametrize("open_already", [False, True], ids=["opened anew", "open already"])
def test_tables_that_are_deleted_or_behind_are_noticed_and_caught_up_by_the_next_recording(
    path: Path, harm: str, open_already: bool
) -> None:
    """Whoever records next finds that not all is kept and keeps all of it anew, though it had the book at hand."""
    with Ledger.open(path) as ledger:
        if open_already:
            ledger.record(read_lines(registered(1, 0)))
        for statement in HARMED[harm]:
            assert not altered(path, statement)
        assert (found(path) is not None) == (harm != "deleted")
        ledger.record(read_lines(registered(2, 1)))
    verdict = verify(path)
    assert (verdict.verdict, verdict.entries) == (PROVEN, N + 2 + open_already)
    assert verdict.published > N


@pytest.mark.parametrize("harm", [*HARMED, "a row away", "a row another"])
def test_tables_that_are_deleted_or_false_are_made_anew_by_a_replay(path: Path, kept: Kept, harm: str) -> None:
    """What is published anew is what was there, row by row, whatever stood in its place."""
    more = {
        "a row away": [f"DELETE FROM {PIECES} WHERE entry = 99"],
        "a row another": [f"UPDATE {KEPT_ENTRIES} SET late = 1 - late WHERE entry = 99"],
    }
    for statement in (HARMED | more)[harm]:
        assert not altered(path, statement)
    with Ledger.open(path) as ledger:
        assert not publish(ledger)
    verdict = verify(path)
    assert (verdict.verdict, verdict.published) == (PROVEN, kept.truth.verdict.published)


# --- gone on with since a head ----------------------------------------------------------------------------------------

AFTER = (
    {"event": "BankClosureDeclared", "effective": "2001-11-19", "closed_on": "2001-11-20", "reason": "a hurricane"},
    {"event": "OtherClassDividendPaid", "effective": "2001-12-21", "stock": "Common Stock", "amount": "1"},
)
"""Entries 7 and 8: one asks what entries tell of the calendar, the other which notices are open and overdue."""

_UPDATE = f"UPDATE {PIECES} SET says = '%s' WHERE kind = %d"


@pytest.fixture
def converted(folder: Path) -> tuple[Path, Head]:
    """A notice under way, a closure of banks, and a head; and what was recorded after it."""
    closed = {**AFTER[0], "closed_on": "2001-11-13"}
    path = begun(folder / "ledger.db", *CONVERTED, closed)
    with Ledger.open(path) as ledger:
        head = ledger.head()
    record(path, *AFTER)
    assert verify(path, since=head).entries == 2
    return path, head


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (f"UPDATE {KEPT_ENTRIES} SET latest = -1000000000000 WHERE entry = 6", "OverflowError"),
        (_UPDATE % ('["N-9"]', KINDS["standing"]), "KeyError"),
        (_UPDATE % ("[[]]", KINDS["standing"]), "TypeError"),
        (_UPDATE % ('[[["2001-11-10", {"conversion_rate": "many"}]], {}, []]', KINDS["calendar"]), "ValueError"),
        (_UPDATE % ('[[], {}, [{"entry": 6}]]', KINDS["calendar"]), "ProgrammingError"),
        (_UPDATE % ("[" * 100_000, KINDS["calendar"]), "RecursionError"),
    ],
    ids=["a day beyond all", "no such notice", "a name that is none", "no number", "no entry", "nested too deeply"],
)
def test_nonsense_that_was_kept_is_met_in_words_by_whoever_goes_on_with_it(
    converted: tuple[Path, Head], statement: str, why: str
) -> None:
    """What has the form of a piece and makes no sense is met where it is asked for: it speaks against what was kept."""
    path, since = converted
    assert not altered(path, statement)
    with pytest.raises(RecordMustVerify) as error:
        verify(path, since=since)
    assert error.value.facts["entry"] in (1, since.entry)
    assert type(error.value.__cause__).__name__ == why
    assert "captable replay" in str(error.value)


def test_a_page_of_the_kept_tables_that_is_damaged_is_met_in_words_by_whoever_goes_on_with_them(
    converted: tuple[Path, Head],
) -> None:
    """SQLite cannot read on: that is said of the record, as it is by whoever verifies all of it."""
    path, since = converted
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute(f"SELECT rootpage FROM sqlite_schema WHERE name = '{PIECES}'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))
    for head in (NO_HEAD, since):
        with pytest.raises(RecordMustVerify, match="malformed"):
            verify(path, since=head)


def test_what_fails_elsewhere_is_not_blamed_on_what_was_kept(
    converted: tuple[Path, Head], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in what looks at neither entries nor kept tables is a fault, whether they are gone on with or not."""
    path, since = converted

    def fails(*_: Any, **__: Any) -> None:
        raise KeyError("no such view")

    monkeypatch.setattr("projections.verification.must_be_the_views", fails)
    for head in (NO_HEAD, since):
        with pytest.raises(KeyError):
            verify(path, since=head)


# --- whoever records meanwhile ----------------------------------------------------------------------------------------


def test_whoever_looks_while_another_records_sees_entries_and_tables_of_one_moment(
    path: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries and what they come to are one transaction: of a half of it, though written, nobody sees a row."""
    monkeypatch.setattr("ledger.application._AHEAD", 1)
    monkeypatch.setattr("ledger.recording.AT_ONCE", 2)
    meanwhile: list[Verdict] = []

    def lines() -> Iterator[Entry]:
        for line in read_lines(registered(7, 1)):
            yield line
            meanwhile.append(verify(path))

    with Ledger.open(path) as ledger:
        ledger.record(lines())
    assert len(meanwhile) == 7
    assert {(one.verdict, one.entries, one.published) for one in meanwhile} == {
        (PROVEN, N, kept.truth.verdict.published)
    }
    assert (verify(path).verdict, verify(path).entries) == (PROVEN, N + 7)


def test_who_verifies_while_another_records_takes_the_heads_first(path: Path) -> None:
    """A head written down after the record was looked at is of entries that were not seen: it is no misfit."""
    with Ledger.open(path) as ledger:
        recorded: list[int] = []

        def record() -> None:
            if not recorded:
                recorded.extend(ledger.record(read_lines(registered(2, 1))).new)

        verdict = verify(path, done=record)
    assert (verdict.verdict, verdict.entries, recorded) == (PROVEN, N, [N + 1, N + 2])


def test_files_lie_as_they_were(path: Path, kept: Kept) -> None:
    """The copy each test begins with is the ledger untouched, and is proven."""
    assert Files.of(path) == kept.files
    assert verify(path).data() == {**kept.truth.verdict.data(), "proven_by": verify(path).proven_by}
