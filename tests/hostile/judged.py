"""What must be so whatever comes in: an entry or an error in words, a ledger as it was, and no other exception."""

import io
import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ledger.application import Ledger
from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import LedgerError
from ledger.journal import lines_of, read_journal, read_line
from ledger.moments import LAST_DAY
from ledger.terms import Terms
from ledger.terms_file import read_terms, validated
from ledger.timeline import Recorded
from projections import asof
from projections.command_line import main

_STABLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_LONGEST_ERROR = 3_000  # characters


@cache
def standard() -> Terms:
    """The terms of the certificate."""
    return read_terms()


def judge_error(error: LedgerError) -> None:
    """An error has a stable name, three sentences of what can be seen, and says that nothing was recorded."""
    said = str(error)
    assert error.exit_code in (2, 3), said
    assert _STABLE.fullmatch(error.name), said
    assert f"[{error.name}]" in said
    assert len(said) < _LONGEST_ERROR
    lines = said.split("\n")
    assert len(lines) == 3, said
    assert all(lines), said
    assert "".join(lines).isprintable(), ascii(said)
    assert lines[2].startswith("Nothing was recorded."), said


def read(journal: bytes) -> list[Entry]:
    """The entries of a journal up to the first that cannot be read."""
    entries: list[Entry] = []
    try:
        for _, entry in read_journal(lines_of(io.BytesIO(journal), "the journal"), "the journal"):
            entries.append(entry)
    except LedgerError as error:
        judge_error(error)
    return entries


def judge_journal(journal: bytes) -> None:
    """Every line is an entry that can be stored and read again, or refused; what is decided can be asked about."""
    book = Book(standard())
    for entry in read(journal):
        stored = json.dumps(entry.line(), ensure_ascii=False).encode()
        assert read_line(stored.decode(), "it") == entry
        try:
            book.admit(Recorded(book.last + 1, book.last_recorded, entry))
        except LedgerError as error:
            judge_error(error)
            break
    # The last day of the calendar has a century of dividends to tell of: it is asked about now and then.
    for day in (date(2003, 12, 31), LAST_DAY)[: 1 + (len(journal) % 16 == 0)]:
        assert json.dumps(asof.answer(book, day), ensure_ascii=False).encode()


def judge_terms(text: bytes, path: Path) -> None:
    """A terms file is read, and then a ledger under it can be begun and asked about; or it is refused."""
    path.write_bytes(text)
    try:
        terms = read_terms(path)
    except LedgerError as error:
        judge_error(error)
        return
    assert validated(json.loads(json.dumps(terms.data(), ensure_ascii=False).encode())) == terms
    assert asof.answer(Book(terms), date(2003, 12, 31))


class Said(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


def say(words: Sequence[str], typed: bytes = b"") -> Said:
    """Run a command in this process, with a standard output as strict as a terminal's."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    err = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace")
    kept, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(typed), "utf-8")
    status: object = None
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main(list(words))
    except SystemExit as left:
        status = left.code
    finally:
        sys.stdin = kept
    said: list[str] = []
    for stream in (out, err):
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        said.append(stream.buffer.getvalue().decode())
    assert isinstance(status, int)
    return Said(status, said[0], said[1])


@contextmanager
def folder(path: Path) -> Iterator[None]:
    """A folder with a ledger of three entries in it, to work in."""
    (path / "journal.jsonl").write_bytes(BEGUN)
    before, named = Path.cwd(), os.environ.get("CAPTABLE_LEDGER")
    os.chdir(path)
    os.environ["CAPTABLE_LEDGER"] = "ledger.db"
    try:
        Ledger.begin(Path("ledger.db"), standard()).close()
        assert say(("record", "journal.jsonl")).status == 0
        shutil.copy("ledger.db", "as-it-was.db")
        yield
    finally:
        os.chdir(before)
        if named is None:
            del os.environ["CAPTABLE_LEDGER"]
        else:
            os.environ["CAPTABLE_LEDGER"] = named


BEGUN = b"""\
{"event": "CommonStockOpened", "effective": "2001-04-12", "outstanding": "35000000", "authorized": "230000000"}
{"event": "PreferredSharesIssued", "effective": "2001-04-12", "holder": "A", "certificate": "H-1", "shares": "5000"}
"""


def last_entry() -> int:
    """The number of the last entry in the folder's ledger."""
    with closing(sqlite3.connect("ledger.db")) as connection:
        return int(connection.execute("SELECT max(originator_version) FROM stored_events").fetchone()[0])


def judge_words(words: Sequence[str], typed: bytes = b"") -> None:
    """A command exits 0 to 5 and says why; where it does not exit 0, or is a dry run, nothing was recorded."""
    before = last_entry()
    said = say(words, typed)
    assert 0 <= said.status <= 5, said
    assert "Traceback" not in said.out + said.err
    assert "failed where it should not have" not in said.err
    assert said.out or said.err or said.status == 0, "it failed without a word"
    now = last_entry()
    if said.status != 0:
        assert now == before, said
    if now != before:
        for beside in Path().glob("ledger.db-*"):
            beside.unlink()
        shutil.copy("as-it-was.db", "ledger.db")
