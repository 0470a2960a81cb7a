"""The file: SQLite as it is on the disk, durable, never reusing an id, every entry linked by its hash to the last."""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from given import COMMON, SERIES_H, issued, sold
from ledger.application import Ledger
from ledger.entries import Entry
from ledger.errors import LedgerError
from ledger.events import KINDS
from ledger.head import Head
from ledger.journal import read_line
from ledger.ledger_file import LedgerFile
from ledger.moments import parse_day
from ledger.store import LinkingRecorder
from projections.command_line import main

LINES = (COMMON, issued(), sold("2001-07-02", "5000000", "2250000", note="§5(e) — né à Genève"))
NOBODY = 65534


def entries(*lines: dict[str, Any]) -> Iterator[Entry]:
    """Journal lines as entries."""
    return (read_line(json.dumps(line), "the test") for line in lines)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger file with its terms and three entries, closed."""
    path = tmp_path / "ledger.db"
    with Ledger.begin(path, SERIES_H) as ledger:
        ledger.record(entries(*LINES))
    return path


def asked(path: Path, question: str) -> list[tuple[Any, ...]]:
    """The rows that SQLite gives for a question about a file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


def altered(path: Path, *statements: str) -> None:
    """Alter a file behind the ledger's back, its own triggers put out of the way."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_every_connection_reaches_the_disk_before_it_acknowledges(path: Path) -> None:
    """Readers and the writer alike: write-ahead log, and synchronous is FULL, which is 2."""
    with Ledger.open(path) as ledger:
        recorder = ledger.recorder
        assert isinstance(recorder, LinkingRecorder)
        for commit in (False, True, False):
            with recorder.datastore.transaction(commit=commit) as cursor:
                answers = []
                for pragma in ("journal_mode", "synchronous"):
                    cursor.execute(f"PRAGMA {pragma}")
                    answers.append(cursor.fetchone()[0])
                assert answers == ["wal", 2]


def test_an_id_is_never_used_again(path: Path) -> None:
    """After the last row is deleted behind its back, the next has a number that no row had before."""
    altered(path, "DELETE FROM stored_events WHERE originator_version = 4", "DELETE FROM links WHERE entry = 4")
    with Ledger.open(path) as ledger:
        ledger.record(entries(LINES[2]))
    assert asked(path, "SELECT rowid, originator_version FROM stored_events ORDER BY 1") == [
        (1, 1),
        (2, 2),
        (3, 3),
        (5, 4),
    ]


def test_a_stranger_can_recompute_every_link(path: Path) -> None:
    """A link is the SHA-256 of the link before, the stream, the number and the word, a line each, and the bytes."""
    before = ""
    rows = asked(
        path,
        "SELECT originator_version, topic, state, sha256 FROM stored_events JOIN links ON entry = originator_version"
        " ORDER BY entry",
    )
    for number, word, state, sha256 in rows:
        before = hashlib.sha256(f"{before}\nledger\n{number}\n{word}\n".encode() + state).hexdigest()
        assert sha256 == bytes.fromhex(before)
    with Ledger.open(path) as ledger:
        assert ledger.head() == ledger.must_be_linked() == Head(4, before)


SWAP = (
    "UPDATE stored_events SET originator_version = -3 WHERE originator_version = 3",
    "UPDATE stored_events SET originator_version = 3 WHERE originator_version = 4",
    "UPDATE stored_events SET originator_version = 4 WHERE originator_version = -3",
)
SWAPPED_LINKS = [one.replace("stored_events", "links").replace("originator_version", "entry") for one in SWAP]
FIRST_LINK = "(SELECT sha256 FROM links WHERE entry = 1)"
ONE_BYTE = (
    "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), '5100', '5000') AS BLOB)"
    " WHERE originator_version = 3"
)


@pytest.mark.parametrize(
    ("statements", "entry"),
    [
        ((ONE_BYTE,), 3),
        (("UPDATE stored_events SET topic = 'CommonSharesRetired' WHERE originator_version = 4",), 4),
        (("UPDATE stored_events SET state = CAST(CAST(state AS TEXT) || ' ' AS BLOB)",), 1),
        (SWAP, 3),
        ((*SWAP, *SWAPPED_LINKS), 3),
        (("DELETE FROM stored_events WHERE originator_version = 2",), 2),
        (("DELETE FROM stored_events WHERE originator_version = 1",), 1),
        (("DELETE FROM links WHERE entry = 4",), 4),
        (("DELETE FROM stored_events WHERE originator_version = 4",), 4),
        ((f"UPDATE links SET sha256 = {FIRST_LINK} WHERE entry = 2",), 2),
    ],
    ids=[
        "a byte",
        "a word",
        "a space",
        "two rows swapped",
        "rows and links swapped",
        "a middle entry deleted",
        "the terms deleted",
        "a link deleted",
        "the last entry deleted",
        "a link changed",
    ],
)
def test_whoever_alters_the_record_is_found_out(path: Path, statements: tuple[str, ...], entry: int) -> None:
    """Whatever was altered, the first entry that does not fit is named, and the exit status is 4."""
    altered(path, *statements)
    with Ledger.open(path) as ledger, pytest.raises(LedgerError) as found:
        ledger.must_be_linked()
    assert (found.value.name, found.value.exit_code) == ("record-must-verify", 4)
    assert f"at entry {entry}." in str(found.value)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET state = CAST('{' AS BLOB) WHERE originator_version = 3",
        "UPDATE stored_events SET state = X'FF' WHERE originator_version = 3",
        "UPDATE stored_events SET state = CAST('{}' AS BLOB) WHERE originator_version = 1",
        "UPDATE stored_events SET topic = 'Nonsense' WHERE originator_version = 3",
        "UPDATE stored_events SET topic = 'DividendPaid' WHERE originator_version = 3",
        "DELETE FROM stored_events WHERE originator_version = 2",
    ],
    ids=["half an object", "no text", "empty terms", "an unknown word", "another word", "an entry missing"],
)
def test_an_altered_record_that_cannot_be_read_is_refused_in_words(path: Path, statement: str) -> None:
    """Whoever reads a record that no longer makes sense hears the ledger's own error, and not the parser's."""
    altered(path, statement)
    with Ledger.open(path) as ledger, pytest.raises(LedgerError):
        _ = ledger.book


def test_a_stored_name_is_a_word_of_the_journal_and_no_place_in_the_code(path: Path) -> None:
    """A class may move and history still loads: what is stored names no module."""
    words = [word for (word,) in asked(path, "SELECT topic FROM stored_events ORDER BY originator_version")]
    assert words == ["TermsAdopted", "CommonStockOpened", "PreferredSharesIssued", "CommonSharesIssued"]
    assert set(words[1:]) <= set(KINDS)
    stored = b"".join(state for (state,) in asked(path, "SELECT state FROM stored_events"))
    assert not [word for word in (b"ledger.", b"events:", b"__main__", b"py/object") if word in stored]


def test_a_history_loads_after_its_class_has_moved(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The word alone finds the class, wherever it lives now."""
    monkeypatch.setattr(KINDS["CommonSharesIssued"], "__module__", "elsewhere")
    with Ledger.open(path) as ledger:
        assert [type(item.entry).__name__ for item in ledger.book.record][-1] == "CommonSharesIssued"
        assert ledger.book.record[-1].entry.line()["note"] == "§5(e) — né à Genève"


def test_the_stored_bytes_are_the_journal_line(path: Path) -> None:
    """What is stored is UTF-8 JSON that anyone can read, every quantity a string."""
    [(state,)] = asked(path, "SELECT state FROM stored_events WHERE originator_version = 4")
    said = json.loads(state, parse_float=pytest.fail)["says"]
    assert {"event": "CommonSharesIssued", **said} == LINES[2]
    assert "né à Genève".encode() in state


# --- what is no ledger ------------------------------------------------------------------------------------------------


def opened(path: Path, *, to_record: bool = False) -> str:
    """The name of the error that opening a path ends with."""
    with pytest.raises(LedgerError) as refusal:
        Ledger.open(path, to_record=to_record)
    assert refusal.value.exit_code == 2
    return refusal.value.name


def test_a_path_that_holds_no_ledger_is_refused(tmp_path: Path) -> None:
    """Missing, empty, text, a directory, another SQLite file: none is opened, none is changed."""
    text, empty, other = (tmp_path / name for name in ("text.db", "empty.db", "other.db"))
    text.write_text("SQLite? No.")
    empty.touch()
    altered(other, "CREATE TABLE holders (name)")
    before = {file: file.read_bytes() for file in (text, empty, other)}
    assert opened(tmp_path / "missing.db") == "ledger-must-exist"
    assert {opened(file) for file in (tmp_path, *before)} == {"ledger-must-be-a-ledger"}
    assert {file: file.read_bytes() for file in before} == before


def test_a_file_with_a_ledgers_tables_of_other_columns_is_no_ledger(tmp_path: Path) -> None:
    """The names of two tables make no ledger."""
    altered(tmp_path / "other.db", "CREATE TABLE stored_events (a)", "CREATE TABLE links (a)")
    with pytest.raises(LedgerError) as refusal, Ledger.open(tmp_path / "other.db") as ledger:
        ledger.head()
    assert refusal.value.name == "ledger-must-be-a-ledger"


def test_a_ledger_without_terms_is_no_ledger(path: Path) -> None:
    """Tables alone answer nothing."""
    altered(path, "DELETE FROM stored_events")
    with Ledger.open(path) as ledger, pytest.raises(LedgerError) as refusal:
        ledger.head()
    assert refusal.value.name == "ledger-must-be-a-ledger"


def test_a_file_cut_off_in_the_middle_is_refused(path: Path) -> None:
    """A copy that broke off is no ledger."""
    os.truncate(path, 5000)
    assert opened(path) == "ledger-must-be-a-ledger"


def test_a_read_only_ledger_is_not_recorded_in_and_is_still_read(path: Path) -> None:
    """A file marked read-only stays as it is, to the superuser too; questions can be asked of it."""
    path.chmod(0o444)
    assert opened(path, to_record=True) == "ledger-must-be-writable"
    with Ledger.open(path) as ledger:
        assert ledger.head().entry == 4


def as_reader(folder: Path, *words: str) -> tuple[int, str]:
    """The status and the output of a command given by somebody who may only read the folder."""
    output, child = folder.parent / f"{uuid4()}.txt", 0
    with output.open("w", encoding="utf-8") as printed:
        child = os.fork()
        if not child:
            status: object = 1
            try:
                if os.geteuid() == 0:
                    os.setgroups([])
                    os.setgid(NOBODY)
                    os.setuid(NOBODY)
                with redirect_stdout(printed), redirect_stderr(printed):
                    main(words)
            except SystemExit as left:
                status = left.code
            finally:
                printed.flush()
                os._exit(status if isinstance(status, int) else 1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    said = output.read_text(encoding="utf-8")
    output.unlink()
    return status, said


@pytest.fixture
def read_only(path: Path) -> Iterator[Path]:
    """A folder with a ledger that one may read and not write."""
    with tempfile.TemporaryDirectory() as name:
        parent, folder = Path(name), Path(name) / "kept"
        parent.chmod(0o755)
        folder.mkdir()
        shutil.copy(path, folder / "ledger.db")
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_a_ledger_in_a_read_only_folder_is_not_recorded_in(read_only: Path) -> None:
    """Neither is an entry recorded in the folder nor a new ledger begun there, and the error says why."""
    entry = ("record", "CommonSharesRetired", "--effective", "2001-08-01", "--shares", "1")
    status, said = as_reader(read_only, *entry, "--ledger", str(read_only / "ledger.db"))
    assert (status, "[ledger-must-be-writable]" in said) == (2, True), said


def test_no_ledger_begins_in_a_read_only_folder(read_only: Path) -> None:
    """What cannot be written is said to be so, and not to be no ledger."""
    status, said = as_reader(read_only, "init", "--ledger", str(read_only / "new.db"))
    assert (status, "[ledger-must-be-writable]" in said) == (2, True), said


def test_a_ledger_in_a_read_only_folder_can_be_asked(read_only: Path) -> None:
    """An auditor who may read the folder and not write it gets an answer, as the refusal to record promises."""
    status, said = as_reader(read_only, "asof", "2001-08-01", "--ledger", str(read_only / "ledger.db"))
    assert status == 0, said


def test_nothing_begins_where_something_is(path: Path) -> None:
    """A ledger is never overwritten, nor is a file that is none."""
    before = path.read_bytes()
    with pytest.raises(LedgerError) as refusal:
        Ledger.begin(path, SERIES_H)
    assert refusal.value.name == "ledger-must-be-new"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "name", [":memory:", "file:ledger?mode=memory", "file:x.db", "a?b#c%41.db", " ", "né.db", "''"]
)
def test_a_name_is_a_file_whatever_the_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What begins at a path is at that path afterwards, also where SQLite would read more into the name."""
    monkeypatch.chdir(tmp_path)
    with Ledger.begin(Path(name), SERIES_H) as ledger:
        ledger.record(entries(*LINES))
    assert Path(name).is_file()
    LedgerFile(Path(name)).must_be_a_ledger()
    with Ledger.open(Path(name)) as ledger:
        assert ledger.must_be_linked().entry == 4


@pytest.mark.parametrize("name", ["a" * 300, "missing/ledger.db"], ids=["a name too long", "a folder that is missing"])
def test_a_path_that_cannot_be_is_refused_in_words(name: str, tmp_path: Path) -> None:
    """Where no file can begin the ledger says so itself."""
    with pytest.raises(LedgerError):
        Ledger.begin(tmp_path / name, SERIES_H)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET topic = 'HolderRegistered' WHERE originator_version = 3",
        "DELETE FROM stored_events WHERE originator_version = 4",
        "INSERT OR REPLACE INTO stored_events (originator_id, originator_version, topic, state)"
        " VALUES ('ledger', 2, 'HolderRegistered', x'7b7d')",
        "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
        " VALUES ('ledger', 0, 'HolderRegistered', x'7b7d')",
        f"UPDATE links SET sha256 = {FIRST_LINK}",
        "DELETE FROM links",
        "DELETE FROM tags",
        "UPDATE tags SET as_of = '2001-01-01'",
    ],
    ids=lambda statement: str(statement)[:40],
)
def test_the_database_itself_lets_nothing_recorded_be_changed(path: Path, statement: str) -> None:
    """Whoever opens the file with a program of their own can append, and neither change nor take away nor replace."""
    with Ledger.open(path) as ledger:
        ledger.tag("FY2001", parse_day("2001-12-31"))
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert asked(path, "SELECT count(*) FROM stored_events JOIN links ON entry = originator_version") == [(4,)]
    assert asked(path, "SELECT name, as_of FROM tags") == [("FY2001", "2001-12-31")]
