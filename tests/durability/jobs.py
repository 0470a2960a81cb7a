"""What children do: record a history that is known beforehand, run a command, race each other, read meanwhile."""

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from given import SERIES_H
from ledger.application import Ledger
from ledger.entries import Entry
from ledger.errors import LedgerError, LedgerMustNotHaveMovedOn, LedgerMustReachTheDisk, StoreMustBeReachable
from ledger.journal import read_line
from ledger.ledger_schema import Database
from ledger.store import DurablePool
from projections import published
from projections.command_line import main

Step: TypeAlias = int | str
"""A step of a history: so many entries recorded together, `reopen`, `backup`, `die` without closing anything, or
`publish`, which makes tables and views anew."""

PLAINLY: list[Step] = [1] * 40
REOPENING: list[Step] = [*[1] * 6, "reopen", *[1] * 6, "reopen", *[1] * 6]
IMPORTING: list[Step] = [1, 30, 1, 12, 1, 25, "reopen", 1, 40, 1]
BACKING_UP: list[Step] = [20, 1, "backup", 1, 1, 5, "backup", 1]
RECOVERING: list[Step] = [1, 1, 5, "die", 1, 8, "die", "die", 1, 1, 3, "reopen", 1]
PUBLISHING: list[Step] = [1, 1, "publish", 12, 1, "publish", 1, 30, "reopen", 1, "publish", "publish", 1, 5]
"""A history of issues, in which tables and views are made anew now and then."""

HISTORIES = {
    "recording": PLAINLY,
    "reopening": REOPENING,
    "importing": IMPORTING,
    "recovering": RECOVERING,
    "backing up": BACKING_UP,
    "publishing": PUBLISHING,
}

DIED, NOT_BEGUN = 77, 78
"""The status of a child that died where its history says so, and of one that could not begin its ledger."""

PAUSE = 0.002
"""How long to rest after somebody recorded first, in seconds."""


def line(ref: str) -> str:
    """A journal line under a reference, of a length that varies so that entries lie across pages."""
    note = "né à Genève " * (1 + sum(ref.encode()) % 23)
    return json.dumps(
        {"event": "HolderRegistered", "effective": "2001-05-01", "holder": f"H {ref}", "ref": ref, "note": note}
    )


def issue(ref: str) -> str:
    """The same line as an issue of a share, whose certificate has the reference for its number."""
    issued = {"event": "PreferredSharesIssued", "certificate": ref, "shares": "1"}
    return json.dumps({**json.loads(line(ref)), **issued})


def entries(refs: list[str], written: Callable[[str], str] = line) -> Iterator[Entry]:
    """The entries under some references."""
    return (read_line(written(ref), "the child") for ref in refs)


def refs_of(step: int, count: Step) -> list[str]:
    """The references of a step of a history."""
    return [f"{step}.{number}" for number in range(count)] if isinstance(count, int) else []


def settings(**pragmas: int) -> None:
    """Have every connection of this process set otherwise than the ledger would: the teeth of the harness."""
    create = DurablePool._create_connection

    def created(pool: DurablePool) -> Any:
        connection = create(pool)
        for name, value in pragmas.items():
            connection.cursor().execute(f"PRAGMA {name}={value}")
        return connection

    setattr(DurablePool, "_create_connection", created)  # noqa: B010  # what mypy is right to forbid elsewhere


class Acknowledged:
    """A file in which a child notes what it was promised, as it is promised, in the same sequence as its writes."""

    def __init__(self, path: Path) -> None:
        """Begin the file."""
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, *words: object) -> None:
        """Note a line, in one write."""
        os.write(self._file, (" ".join(map(str, words)) + "\n").encode())


def history(
    folder: str, name: str, after: int, pragmas: dict[str, int], backup_synchronous: int, publish_synchronous: int
) -> int:
    """Record a whole history in one ledger, from some step on, and note every step once it is acknowledged."""
    settings(**pragmas)
    setattr(published, "FULL", publish_synchronous)  # noqa: B010  # what mypy is right to forbid elsewhere
    path, acknowledged = Path(folder) / "ledger.db", Acknowledged(Path(folder) / "steps.ack")
    if after:
        ledger = Ledger.open(path, to_record=True)
    else:
        try:
            ledger = Ledger.begin(path, SERIES_H)
        except LedgerError:
            return NOT_BEGUN
        acknowledged.note(0)
    for step, what in enumerate(HISTORIES[name][after:], after + 1):
        if what == "backup":
            _back_up(ledger, Path(folder) / f"backup-{step}.db", backup_synchronous)
        elif what == "reopen":
            ledger.close()
            ledger = Ledger.open(path, to_record=True)
        elif what == "die":
            acknowledged.note(step)
            os._exit(DIED)
        elif what == "publish":
            assert not published.publish(ledger)
        elif name == "publishing":
            ledger.record(entries(refs_of(step, what), issue))
        else:
            _recorded_at_last(ledger, refs_of(step, what))
        acknowledged.note(step)
    ledger.close()
    return 0


def _recorded_at_last(ledger: Ledger, refs: list[str]) -> None:
    """Record some entries on a disk that may fail once: what was not acknowledged is tried again, under its refs."""
    try:
        ledger.record(entries(refs))
    except LedgerError:
        ledger.record(entries(refs))


def _back_up(ledger: Ledger, path: Path, synchronous: int) -> None:
    """SQLite's own online backup, a few pages at a time, with an entry recorded in the middle of it."""
    recorded: list[object] = []

    def meanwhile(status: int, remaining: int, total: int) -> None:
        if not recorded and remaining < total / 2:
            recorded.append(ledger.record(entries([path.name])))

    with closing(sqlite3.connect(ledger.place.published)) as source, closing(sqlite3.connect(path)) as target:
        target.execute(f"PRAGMA synchronous={synchronous}")
        source.backup(target, pages=3, progress=meanwhile)


def record_until_killed(path: str, life: str, journal: int) -> int:
    """Record singles, and journals now and then, noting each once acknowledged, until somebody kills the process."""
    acknowledged, number = Acknowledged(Path(path).with_suffix(".ack")), 0
    while True:  # opened anew every so often: closing and opening are moments too
        with Ledger.open(Path(path), to_record=True) as ledger:
            for _ in range(12):
                number += 1
                count = journal if number % 3 == 0 else 1
                while not _recorded(ledger, [f"{life}:{number}:{count}:{part}" for part in range(count)]):
                    time.sleep(PAUSE)
                acknowledged.note(f"{life}:{number}:{count}")


def _recorded(ledger: Ledger, refs: list[str]) -> bool:
    """Whether it was recorded; otherwise somebody recorded first, and it may be tried again."""
    try:
        ledger.record(entries(refs))
    except LedgerMustNotHaveMovedOn:
        return False
    return True


def command(words: list[str]) -> int:
    """Run the command line and return its status."""
    return _status(words)


def _status(words: list[str]) -> int:
    try:
        main(words)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 1


@contextmanager
def _timed(acknowledged: Acknowledged, ref: str) -> Iterator[list[int]]:
    """Note a reference with the microseconds it took until acknowledged, and how often it lost a race before."""
    began, lost = time.perf_counter_ns(), [0]
    yield lost
    acknowledged.note(ref, (time.perf_counter_ns() - began) // 1000, lost[0])


def race(path: str, name: str, start: float, seconds: float, by_command: bool) -> int:
    """Record as fast as one can until time is up; a conflict is tried again under the same reference."""
    acknowledged = Acknowledged(Path(path).with_name(f"{name}.ack"))
    ledger = Ledger.open(Path(path), to_record=True)
    journal = Path(path).with_name(f"{name}.jsonl")
    while time.time() < start:
        time.sleep(start - time.time())
    number = 0
    while time.time() < start + seconds:
        number += 1
        ref = f"{name}:{number}"
        with _timed(acknowledged, ref) as lost:
            if by_command:
                journal.write_text(line(ref), encoding="utf-8")
                while status := _status(["record", str(journal), "--ledger", path]):
                    if status != LedgerMustNotHaveMovedOn.exit_code:
                        return status
                    lost[0] += 1
            else:
                while not _recorded(ledger, [ref]):
                    lost[0] += 1
    ledger.close()
    return 0


def read_meanwhile(path: str, journal: int, seconds: float) -> int:
    """Read again and again while others record journals of one size: every state seen is whole, linked and no older."""
    until, seen, times = time.time() + seconds, 0, 0
    lasting = Ledger.open(Path(path))
    while time.time() < until:
        with Ledger.open(Path(path)) as ledger:
            for last in (lasting.book.last, ledger.book.last, ledger.must_be_linked().entry, ledger.head().entry):
                if last < seen or (last - 1) % journal:
                    print(f"saw {last} entries after {seen}: half a journal, or a step back")
                    return 1
                seen = last
        times += 1
    lasting.close()
    print(f"{times} readings, {seen} entries at the last")
    return 0


def record_journals(path: str, name: str, journal: int, seconds: float) -> int:
    """Record journals of one size until time is up."""
    until, number = time.time() + seconds, 0
    with Ledger.open(Path(path), to_record=True) as ledger:
        while time.time() < until:
            number += 1
            while not _recorded(ledger, [f"{name}:{number}:{part}" for part in range(journal)]):
                time.sleep(PAUSE)
    return 0


def record_for(url: str, schema: str, name: str, folder: str, seconds: float) -> int:
    """Record singles in PostgreSQL, noting each once acknowledged, until time is up or the server is lost."""
    acknowledged, number, until = Acknowledged(Path(folder) / f"{name}.ack"), 0, time.time() + seconds
    with Ledger.open(Database(url).ledger(schema), to_record=True) as recording:
        while time.time() < until:
            number += 1
            try:
                recording.record(entries([f"{name}:{number}"]))
            except (LedgerMustReachTheDisk, StoreMustBeReachable):
                return 0
            acknowledged.note(f"{name}:{number}")
    return 0


JOBS: dict[str, Callable[..., int]] = {
    job.__name__: job
    for job in (history, record_until_killed, command, race, read_meanwhile, record_journals, record_for)
}
