"""A disk that fails at the k-th call: all or nothing, in words, and never a success that is none."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from durability.jobs import entries, line
from durability.nursery import EIO, ENOSPC, FAILED_SYNC, READ_ONLY, SHORT, Fault, Nursery
from durability.reading import LONG, held
from given import SERIES_H
from ledger.application import Ledger

KINDS = {
    "a call that fails": (EIO, False),
    "a disk that dies": (EIO, True),
    "a call without room": (ENOSPC, False),
    "a disk that is full": (ENOSPC, True),
    "a short write": (SHORT, False),
    "a short write to a full disk": (SHORT, True),
    "a sync that fails": (FAILED_SYNC, False),
    "syncs that fail": (FAILED_SYNC, True),
}

BEFORE = ["before:1", "before:2", "before:3"]
EVERY = 1 if LONG else 3
"""How far apart the calls lie that are made to fail in a beginning and in a question; in a recording every one is."""

FOLDER = r"/\S*/(?=ledger\.db)"
MOST = 2_000
"""More calls than any command makes."""


@dataclass(frozen=True)
class Attempt:
    """What became of a command on a failing disk: its status, what it said, and how many calls had failed."""

    status: int
    said: str
    hits: int


class Wrong:
    """What went wrong, and at which calls."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.calls: dict[str, list[int]] = defaultdict(list)

    def note(self, at: int, what: str, attempt: Attempt) -> None:
        """Note a call at which something was wrong, if anything was."""
        if what:
            self.calls[f"{what}; it said: {re.sub(FOLDER, '', attempt.said).strip()}"].append(at)

    def __str__(self) -> str:
        """Each thing once, with its calls."""
        return "\n\n".join(f"calls {', '.join(map(str, calls))}: {what}" for what, calls in self.calls.items())


class Desk:
    """A ledger with three entries, copied afresh for every attempt, and a journal to record in it."""

    def __init__(self, folder: Path, nursery: Nursery, count: int, left: str) -> None:
        """Begin the ledger, and leave it closed, or as a killed process leaves it, or as a loss of power does."""
        self.folder, self.nursery = folder, nursery
        self.kept, self.path = folder / "kept", folder / "disk" / "ledger.db"
        self.journal, self.refs = folder / "journal.jsonl", [f"new:{number}" for number in range(count)]
        self.journal.write_text("\n".join(map(line, self.refs)), encoding="utf-8")
        with Ledger.begin(folder.joinpath("begun").with_suffix(".db"), SERIES_H) as ledger:
            ledger.record(entries(BEFORE))
            if left == "closed":
                ledger.close()
            self.kept.mkdir()
            for ending in ("", "-wal", "-shm")[: 3 if left == "killed" else 2]:
                if (file := folder / f"begun.db{ending}").exists():
                    shutil.copy(file, self.kept / f"ledger.db{ending}")

    def record(self, fault: Fault | None = None) -> Attempt:
        """Record the journal on a disk that fails."""
        return self.command(["record", str(self.journal), "--ledger", str(self.path)], fault)

    def command(self, words: list[str], fault: Fault | None) -> Attempt:
        """Run a command on a disk that fails."""
        out = self.folder / "out"
        status = self.nursery.run("command", words=words, out=out, watch=self.path.parent, fault=fault)
        hits = int(Path(f"{out}.hits").read_text(encoding="utf-8"))
        return Attempt(status, out.read_text(encoding="utf-8"), hits)

    def afresh(self) -> None:
        """Put the ledger back as it was before the attempt."""
        shutil.rmtree(self.path.parent, ignore_errors=True)
        shutil.copytree(self.kept, self.path.parent)

    def faulty(self, fault: Fault) -> tuple[Attempt, str]:
        """Attempt to record on a failing disk, then on a good one; what is wrong with that, if anything is."""
        self.afresh()
        attempt = self.record(fault)
        if attempt.status not in (0, 2, 5) or "Traceback" in attempt.said:
            return attempt, f"status {attempt.status}"
        return attempt, self._left(attempt) or self._again(attempt)

    def _left(self, attempt: Attempt) -> str:
        """What is wrong with what an attempt left on the disk, if anything is."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.path.parent, copy)
        found = held(copy / "ledger.db")
        if found.wrong:
            return f"broken: {found.wrong}"
        if found.refs not in (BEFORE, BEFORE + self.refs):
            return f"half there: {found.refs}"
        if attempt.status == 0 and found.refs == BEFORE:
            return "a success that is none"
        said_not_to_be = "Nothing was recorded" in attempt.said and found.refs != BEFORE
        return "recorded, and said not to be" if said_not_to_be else ""

    def _again(self, attempt: Attempt) -> str:
        """What is wrong with recording the same again on a good disk, under the same references, if anything is."""
        again = self.record() if attempt.status else attempt
        recorded = not again.status and held(self.path).refs == BEFORE + self.refs
        return "" if recorded else f"cannot be recorded again: {again}"


STATES = [("closed", 1), ("killed", 1)]
if LONG:
    STATES += [("without power", 1), ("closed", 25), ("killed", 25), ("without power", 25)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("left", "count"), STATES, ids=[f"{left}, {count}" for left, count in STATES])
def test_a_failing_disk_is_all_or_nothing(kind: str, left: str, count: int, nursery: Nursery, folder: Path) -> None:
    """Whichever call fails, the command says so in words or succeeds; what is there is what it said; again is safe."""
    desk, wrong, statuses = Desk(folder, nursery, count, left), Wrong(), Counter[int]()
    fault, lasting = KINDS[kind]
    for at in range(1, MOST):
        attempt, what = desk.faulty(Fault(fault, at, lasting))
        if not attempt.hits:
            break
        statuses[attempt.status] += 1
        wrong.note(at, what, attempt)
    print(f"\n{kind}, {left}, {count}: {statuses.total()} calls failed, statuses {dict(statuses)}")
    assert statuses
    assert not wrong.calls, str(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_a_ledger_that_could_not_begin_is_none_and_can_be_begun(kind: str, nursery: Nursery, folder: Path) -> None:
    """Whichever call fails while a ledger begins, it has begun where that was said, and can begin where it was not."""
    wrong, attempts, (fault, lasting) = Wrong(), 0, KINDS[kind]
    for at in range(1, MOST, EVERY):
        path = folder / str(at) / "ledger.db"
        path.parent.mkdir()
        attempt = _init(nursery, path, Fault(fault, at, lasting))
        if not attempt.hits:
            break
        attempts += 1
        if attempt.status not in (0, 2, 5):
            wrong.note(at, f"status {attempt.status}", attempt)
        elif attempt.status == 0 and held(path).entries != 1:
            wrong.note(at, "a success that is none", attempt)
        elif attempt.status and (again := _init(nursery, path)).status:
            begun = held(path).entries == 1 and "Nothing was recorded" not in attempt.said
            wrong.note(at, "" if begun else "it cannot be begun again", again)
    print(f"\n{kind}: {attempts} calls failed while a ledger began")
    assert attempts
    assert not wrong.calls, str(wrong)


def _init(nursery: Nursery, path: Path, fault: Fault | None = None) -> Attempt:
    out = path.parent.with_suffix(".out")
    words = ["init", "--ledger", str(path)]
    status = nursery.run("command", words=words, out=out, watch=path.parent, fault=fault)
    hits = int(Path(f"{out}.hits").read_text(encoding="utf-8"))
    return Attempt(status, out.read_text(encoding="utf-8"), hits)


@pytest.mark.parametrize("left", ["closed", "killed"])
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_a_question_to_a_failing_disk_is_answered_or_ends_in_words(
    left: str, lasting: bool, nursery: Nursery, folder: Path
) -> None:
    """A question changes nothing, gives its answer or none at all, and says what the disk said."""
    desk = Desk(folder, nursery, 1, left)
    question = ["asof", "2001-08-01", "--ledger", str(desk.path), "--json"]
    desk.afresh()
    answer, wrong = desk.command(question, None).said, Wrong()
    for at in range(1, MOST, EVERY):
        desk.afresh()
        attempt = desk.command(question, Fault(EIO, at, lasting))
        if not attempt.hits:
            break
        if attempt.status not in (0, 2, 5) or (attempt.status == 0 and attempt.said != answer):
            wrong.note(at, f"status {attempt.status}", attempt)
        elif held(desk.path).refs != BEFORE:
            wrong.note(at, "the ledger has changed", attempt)
    assert at > 1
    assert not wrong.calls, str(wrong)


@pytest.mark.parametrize("words", ["asof 2001-08-01", "verify", "head", "backup", "copy"])
@pytest.mark.parametrize("kind", ["a call without room", "a disk that is full", "a disk that dies"])
def test_a_disk_that_fails_speaks_against_no_record(kind: str, words: str, nursery: Nursery, folder: Path) -> None:
    """Whichever call fails, nobody is told that a whole record is false or is no ledger, or nothing at all in words.

    Of what SQLite itself takes for a damaged file that is all that can be said.
    """
    desk, wrong, (fault, lasting) = Desk(folder, nursery, 1, "closed"), Wrong(), KINDS[kind]
    target = desk.path.parent / "copy.db"
    asked = {"backup": ["backup", str(target)], "copy": ["copy", str(desk.path), str(target)]}.get(words, words.split())
    command = asked if words == "copy" else [*asked, "--ledger", str(desk.path)]
    for at in range(1, MOST, EVERY):
        desk.afresh()
        attempt = desk.command(command, Fault(fault, at, lasting))
        if not attempt.hits:
            break
        doubted = re.search(r"not a ledger(?!.*\n.*malformed)|ledger\.db cannot be written", attempt.said)
        if attempt.status not in (0, 2, 5) or doubted:
            wrong.note(at, f"status {attempt.status}", attempt)
    assert at > 1
    assert not wrong.calls, str(wrong)


@pytest.mark.parametrize("left", ["closed", "killed", "without power"])
def test_read_only_media_give_a_clear_error(left: str, nursery: Nursery, folder: Path) -> None:
    """Every call that would write says EROFS: recording is refused by name, nothing changes, a question is answered.

    Where a killed process or a loss of power left a log that cannot be replayed there, the question may end in words.
    """
    desk, read_only = Desk(folder, nursery, 1, left), Fault(READ_ONLY, 1, lasting=True)
    desk.afresh()
    before = {file.name: file.read_bytes() for file in desk.path.parent.iterdir()}
    attempt = desk.record(read_only)
    assert (attempt.status, "[ledger-must-be-writable]" in attempt.said) == (2, True), attempt
    answered = desk.command(["asof", "2001-08-01", "--ledger", str(desk.path)], read_only)
    assert answered.status in ((0,) if left == "closed" else (0, 2)), answered
    assert {file.name: file.read_bytes() for file in desk.path.parent.iterdir()} == before


@pytest.mark.parametrize(("kind", "at"), [(EIO, 3), (FAILED_SYNC, 1), (ENOSPC, 12)], ids=["EIO", "fsync", "ENOSPC"])
def test_a_real_process_ends_as_a_forked_one_does(
    kind: int, at: int, shim: Path, nursery: Nursery, folder: Path
) -> None:
    """The command `captable` itself, started with the shim, fails at the same call with the same words."""
    desk = Desk(folder, nursery, 1, "closed")
    desk.afresh()
    forked = desk.record(Fault(kind, at, lasting=True))
    desk.afresh()
    real = subprocess.run(
        [Path(sys.executable).parent / "captable", "record", desk.journal, "--ledger", desk.path],
        env={
            **os.environ,
            "LD_PRELOAD": str(shim),
            "DISK_FOLDER": str(desk.path.parent),
            "DISK_FAULT": str(kind),
            "DISK_AT": str(at),
            "DISK_LASTING": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (real.returncode, real.stdout + real.stderr) == (forked.status, forked.said)
    assert real.returncode in (2, 5), real.stderr
