"""The file's own make altered: triggers, tables, columns, its end; and what --since leaves unverified."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ledger.anchor import beside
from ledger.kept.written import KINDS
from ledger.rows import schema
from tampering.forgery import EVENTS, LINKS, edited, gone, tampered
from tampering.remembered import Kept
from tampering.said import Said, entry_named, proven
from tampering.specimen import HUNDREDS

N = HUNDREDS

# --- the file's own make -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("name", [name for name, made in schema().items() if "TRIGGER" in made])
@pytest.mark.parametrize("instead", ["", "WHEN 0 ", "another"])
def test_a_trigger_dropped_or_changed_is_found(
    path: Path, name: str, instead: str, verify: Callable[..., Said]
) -> None:
    """Whoever puts the guards out of the way and changes nothing is found by the guards that are missing."""
    made = schema()[name]
    changed = made.replace(" BEGIN", " WHEN 0 BEGIN") if instead != "another" else made.replace("ABORT", "FAIL")
    if "follow" in name and instead == "WHEN 0 ":
        changed = made.replace("<=", "<")
    assert changed != made
    tampered(path, lambda connection: None)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"DROP TRIGGER {name}")
        if instead:
            connection.execute(changed)
    status, text = verify(path)
    assert (status, name in text) == (4, True), text


@pytest.mark.parametrize("table", ["stored_events", "LINKS", "tags"])
def test_a_trigger_more_is_found(path: Path, table: str, verify: Callable[..., Said]) -> None:
    """One that would swallow in silence what is recorded is named before it does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TRIGGER helper BEFORE INSERT ON {table} BEGIN SELECT RAISE(IGNORE); END")
    status, text = verify(path)
    assert (status, "a trigger helper on" in text) == (4, True), text


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a, b)",
        "CREATE INDEX faster ON stored_events (topic)",
        "CREATE INDEX faster ON kept_pieces (entry)",
        "CREATE VIEW seen AS SELECT * FROM kept_entries",
        "PRAGMA user_version = 7",
        "ANALYZE",
        "VACUUM",
    ],
)
def test_what_is_put_beside_the_record_is_nobodys_harm(path: Path, statement: str, verify: Callable[..., Said]) -> None:
    """A table, an index or a view of somebody's own changes nothing of the record."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
    assert proven(verify(path))


@pytest.mark.parametrize("table", ["stored_events", "links", "tags"])
@pytest.mark.parametrize("anchor", [True, False], ids=["anchored", "not anchored"])
def test_a_ledger_without_one_of_its_tables_is_none(
    path: Path, table: str, anchor: bool, verify: Callable[..., Said]
) -> None:
    """With a head beside it, it has been a ledger and does not verify; without one, it is not known to be a ledger."""
    if not anchor:
        beside(path).unlink()
    tampered(path, f"DROP TABLE {table}", restored=False)
    status, text = verify(path)
    assert (status, "[record-must-verify]" in text) == ((4, True) if anchor else (2, False)), text


@pytest.mark.parametrize("column", ["topic", "state", "originator_version"])
def test_a_table_of_other_columns_is_found(path: Path, column: str, verify: Callable[..., Said]) -> None:
    """A column by another name cannot be read, and one more is not what the ledger made."""
    tampered(path, f"ALTER TABLE stored_events RENAME COLUMN {column} TO other", restored=False)
    assert entry_named(verify(path)) == 1
    tampered(path, f"ALTER TABLE stored_events RENAME COLUMN other TO {column}")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE stored_events ADD COLUMN more TEXT")
    assert entry_named(verify(path)) == N


@pytest.mark.parametrize("keep", [0, 1, 50, 99, 100, 511, 4096, 5000, 20_000, -1])
@pytest.mark.parametrize("anchor", [True, False], ids=["anchored", "not anchored"])
def test_a_file_cut_off_is_found(path: Path, kept: Kept, keep: int, anchor: bool, verify: Callable[..., Said]) -> None:
    """A copy that broke off, or lost its first bytes, is never said to fit."""
    path.write_bytes(kept.files.db[:keep])
    if not anchor:
        beside(path).unlink()
    status, text = verify(path)
    assert status == (4 if anchor else status), text
    assert status in (2, 4), text


def test_what_is_no_file_at_all_is_said_so(path: Path, verify: Callable[..., Said]) -> None:
    """The head is there and the ledger is gone."""
    path.unlink()
    assert verify(path)[0] == 2


# --- a head that was verified before ----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [101, 150, N])
def test_what_is_new_since_a_head_is_verified_in_full(
    path: Path, kept: Kept, place: int, verify: Callable[..., Said]
) -> None:
    """After a head that was verified, every entry counts as from the beginning."""
    tampered(path, edited(EVENTS, place, "state", "CAST(replace(CAST(state AS TEXT), '1', '7') AS BLOB)"))
    assert entry_named(verify(path, "--since", str(kept.truth.head(100)))) == place


SAID = ("NULL", "''", "'[]'", "'null'", "replace(says, '2', '7')", "replace(says, '1', '1/0')")
"""What a piece could be made to say."""


@pytest.mark.parametrize(
    "statement",
    [
        edited(EVENTS, 3, "state", "CAST(replace(CAST(state AS TEXT), '800', '1') AS BLOB)"),
        edited(EVENTS, 3, "state", "CAST(replace(CAST(state AS TEXT), 'H-1', 'Q-1') AS BLOB)"),
        edited(EVENTS, 60, "state", "x'00'"),
        edited(EVENTS, 60, "topic", "'HolderRegistered'"),
        gone(EVENTS, 60),
        gone(EVENTS, 3),
        gone(EVENTS, 1),
        edited(EVENTS, 1, "state", "x'7b7d'"),
        edited(LINKS, 100, "sha256", "x''"),
        gone(LINKS, 100),
        edited(LINKS, 60, "sha256", "x''"),
        "DELETE FROM kept_entries WHERE entry <= 100",
        "DELETE FROM kept_entries WHERE entry = 100",
        "UPDATE kept_entries SET latest = NULL",
        "UPDATE kept_entries SET latest = 9223372036854775807 WHERE entry = 100",
        "UPDATE kept_entries SET latest = 0, late = 7, about = 3, ref = 'ref' WHERE entry = 100",
        "UPDATE kept_entries SET about = 1000000 WHERE entry > 50",
        "UPDATE kept_entries SET day = 10000000 WHERE entry = 60",
        "DELETE FROM kept_pieces WHERE entry <= 100",
        "UPDATE kept_pieces SET kind = kind + 100 WHERE entry <= 100",
        "UPDATE kept_pieces SET day = day + 10000000 WHERE entry <= 100",
        *(f"UPDATE kept_pieces SET says = {says} WHERE entry <= 100" for says in SAID),
        *(f"UPDATE kept_pieces SET says = {says} WHERE kind = {KINDS['series']}" for says in SAID),
    ],
)
def test_what_lies_before_a_head_is_taken_as_found_and_never_ends_in_a_traceback(
    path: Path, kept: Kept, statement: str, verify: Callable[..., Said]
) -> None:
    """--since says what it does not check; whatever stands there, the answer is a verdict or words."""
    tampered(path, statement)
    status, text = verify(path, "--since", str(kept.truth.head(100)))
    assert status in (0, 4), text


@pytest.mark.parametrize("number", [0, N + 1, 10**17, 10**18, 9999999999999999999, 10**30])
@pytest.mark.parametrize("option", ["--since", "--expect"])
def test_a_head_of_no_entry_is_refused_in_words(
    path: Path, number: int, option: str, verify: Callable[..., Said]
) -> None:
    """A number beyond all entries, or beyond all numbers, is no reason to fall over."""
    status, text = verify(path, option, f"{number} {'0' * 64}")
    assert status in (2, 4), text
