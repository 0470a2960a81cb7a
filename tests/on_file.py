"""Ledgers in files for tests: each entry recorded at a known second, and the commands run on them."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from freezegun import freeze_time

from given import FIRST_RECORDED, SERIES_H
from ledger.application import Ledger
from ledger.entries import Entry
from ledger.journal import read_line
from ledger.ledger_file import LedgerFile
from ledger.receipt import Receipt
from projections.command_line import main
from projections.commands.demo import story
from projections.published import publish_views

MICROSECOND = timedelta(microseconds=1)


class Said(NamedTuple):
    """What a command left behind: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it printed as JSON."""
        return json.loads(self.out)


def ran(capsys: pytest.CaptureFixture[str], *words: object) -> Said:
    """Run a command in this process."""
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    printed = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return Said(left.value.code, printed.out, printed.err)


def learned(entry: int) -> datetime:
    """The instant an entry of such a ledger was recorded: entry 2 on 2 January 2002 at 15:00 UTC, each a second on."""
    return FIRST_RECORDED + timedelta(seconds=entry - 2)


def entries(*lines: Mapping[str, Any]) -> Iterator[Entry]:
    """Journal lines as entries."""
    return (read_line(json.dumps(line), "the test") for line in lines)


def begun(path: Path, *lines: Mapping[str, Any]) -> Path:
    """A ledger file with some lines recorded and published; the first is entry 2."""
    with freeze_time(learned(1)):
        Ledger.begin(path, SERIES_H).close()
        assert publish_views(LedgerFile(path)) == ""
        record(path, *lines)
    return path


@cache
def _files(*lines: str) -> dict[str, bytes]:
    """What a ledger with some lines recorded leaves on the disk, by how the files' names end."""
    with TemporaryDirectory() as folder:
        path = begun(Path(folder) / "ledger.db", *map(json.loads, lines))
        return {file.name.removeprefix(path.name): file.read_bytes() for file in path.parent.iterdir()}


def copied(path: Path, *lines: Mapping[str, Any]) -> Path:
    """The same as `begun` leaves there, recorded once and copied from then on: many tests begin with one ledger."""
    for ending, data in _files(*map(json.dumps, lines)).items():
        path.with_name(f"{path.name}{ending}").write_bytes(data)
    return path


def story_told(path: Path) -> Path:
    """The demo's ledger in a file: entry 2 recorded at 10:00:00 on 2 January 2002 in New York, each a second later."""
    return begun(path, *(json.loads(line) for line in story().read_text(encoding="utf-8").splitlines() if line))


def record(path: Path, *lines: Mapping[str, Any]) -> list[Receipt]:
    """Record further lines in a ledger file, one after the other, as the command does."""
    receipts = []
    # To stop the clock means to look through every module; where it stands still already, it is moved at no cost.
    with Ledger.open(path, to_record=True) as ledger, freeze_time(FIRST_RECORDED):
        for line in lines:
            with freeze_time(learned(ledger.book.last + 1)):
                receipts.append(ledger.record(entries(line)))
    return receipts


def asked(path: Path, question: str) -> list[tuple[Any, ...]]:
    """The rows that SQLite gives for a question about a file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


def altered(path: Path, *statements: str) -> None:
    """Alter a file behind the ledger's back, the ledger's own triggers put out of the way and back again."""
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in (*statements, *(sql for _, sql in triggers)):
            connection.execute(statement)


def corrected(entry: int, replacement: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A journal line that puts another entry in the place of one."""
    line = {"event": "EntryCorrected", "effective": "2002-01-02", "entry": entry}
    return {**line, "replacement": dict(replacement), **more}


def voided(entry: int, **more: Any) -> dict[str, Any]:
    """A journal line that voids an entry."""
    return {"event": "EntryVoided", "effective": "2002-01-02", "entry": entry, **more}
