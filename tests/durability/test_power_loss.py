"""A loss of power at any moment, sector by sector: what was acknowledged is there, and nothing is half there."""

import pickle
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from durability.jobs import DIED, HISTORIES, NOT_BEGUN, Step, refs_of
from durability.jobs import entries as entries_of
from durability.nursery import FAILED_SYNC, Fault, Nursery
from durability.reading import LONG, Held, Told, held, told
from durability.simulated import MODES, Disk, Operation, read_log
from ledger.application import Ledger
from projections.sql import views
from projections.verification import PROVEN, verify

POINTS = 30_000 if LONG else 6_000
"""How many disks are left by as many losses of power, over all histories."""

TEETH = 2_000 if LONG else 300
"""How many where the ledger's own care is taken away."""

CROSSED = 20
"""Of so many disks one is also opened as a ledger, and not only read by a stranger."""

PRAGMAS = {"wal_autocheckpoint": 30, "cache_size": 10}
"""In life a checkpoint comes every thousand pages, and a journal of thousands of entries outgrows the memory of a
connection and is partly written before it is whole; here both come often, so that many moments lie within one."""


@dataclass(frozen=True)
class Recorded:
    """A history as it was recorded: its steps and the operations on its files, in order."""

    steps: list[Step]
    operations: list[Operation]
    folder: Path

    def failed(self) -> str:
        """The name of the file whose sync failed, if one did."""
        names: dict[int, str] = {}
        for operation in self.operations:
            if operation.what == "O":
                names[operation.descriptor] = Path(operation.path).name
            elif operation.what == "F":
                return names[operation.descriptor]
        return ""

    def points(self, number: int, seed: int) -> Iterator[tuple[Disk, str, random.Random]]:
        """So many moments and ways to lose power, evenly over the history, at moments when something was uncertain."""
        uncertain = sum(map(Disk(self.folder).do, self.operations))
        disk, owed = Disk(self.folder), 0
        for index, operation in enumerate(self.operations):
            if not disk.do(operation):
                continue  # all is certain: the disk is the one that a later moment leaves where nothing is kept
            owed += number
            for variant in range(owed // uncertain):
                rng = random.Random(f"{seed}.{index}.{variant}")
                yield disk, rng.choices(MODES, (1, 1, 2, 4))[0], rng
            owed %= uncertain


def recorded(
    nursery: Nursery,
    folder: Path,
    name: str,
    backup_synchronous: int = 3,
    publish_synchronous: int = 2,
    fault: Fault | None = None,
    **pragmas: int,
) -> Recorded:
    """Record a history on a watched disk, which may fail as well."""
    log, out, kept = folder / "log", folder / "out", folder / "kept"
    kept.mkdir()
    status, after = DIED, 0
    while status == DIED:
        facts = {"name": name, "after": after, "pragmas": {**PRAGMAS, **pragmas}}
        synced = {"backup_synchronous": backup_synchronous, "publish_synchronous": publish_synchronous}
        more = {"folder": str(kept), **synced, **facts}
        status = nursery.run("history", watch=kept, log=log, out=out, fault=fault, **more)
        after = int(f"-1 {(kept / 'steps.ack').read_text(encoding='utf-8')}".split()[-1])
    assert (status, after) in {(0, len(HISTORIES[name])), (NOT_BEGUN, -1)}, out.read_text(encoding="utf-8")
    return Recorded(HISTORIES[name], list(read_log(log)), kept)


def transactions(steps: list[Step]) -> list[list[str]]:
    """The references that stand or fall together, in order; one entry is recorded in the middle of a backup."""
    return [[f"backup-{step}.db"] if what == "backup" else refs_of(step, what) for step, what in enumerate(steps, 1)]


def judged(steps: list[Step], acknowledged: int, folder: Path, *, crossed: bool) -> str:
    """What is to be said of the disk that is left: whole, or what was lost or broken."""
    path, journals = folder / "ledger.db", transactions(steps)
    found = held(path, thoroughly=crossed)
    if found.wrong:
        return "broken"
    ends = {0: 0}
    for step, refs in enumerate(journals, 1):
        ends[step] = ends[step - 1] + len(refs)
    everything = [ref for refs in journals for ref in refs]
    if found.refs != everything[: len(found.refs)] or len(found.refs) not in ends.values():
        return "half"
    if acknowledged >= 0 and (not found.entries or len(found.refs) < ends[acknowledged]):
        return "lost"
    if not found.bears(folder / "ledger.db.head"):
        return "head ahead"
    published = "publish" in steps[: max(acknowledged, 0)]
    tables = _tables_judged(path, found, issues="publish" in steps, published=published)
    if crossed and found.entries and not tables:
        _go_on(path, found.entries)
    return tables or _backups_judged(steps, acknowledged, folder, everything)


def _tables_judged(path: Path, found: Held, *, issues: bool, published: bool) -> str:
    """What is wrong with the kept tables or the views, if anything is."""
    try:
        tables = told(path)
    except sqlite3.DatabaseError:
        return "broken"  # the pages of the entries can be read, and those of the tables cannot
    return _kept_judged(tables if found.entries else None, found, issues=issues) or _views_judged(
        tables, published=published
    )


def _kept_judged(tables: Told | None, found: Held, *, issues: bool) -> str:
    """What is wrong with the kept tables: they hold every entry there is and no other, and are never behind.

    A ledger that was just begun may lack them: they are made in a second transaction, or else by the next recording.
    """
    if tables is None:
        return "without tables" if found.refs else ""
    if tables.entries != [*range(1, found.entries + 1)]:
        return "behind" if len(tables.entries) < found.entries else "ahead"
    whole = tables.moved >= {*range(2, found.entries + 1)} and (not issues or tables.certificates == {*found.refs})
    return "" if whole else "half kept"


def _views_judged(tables: Told | None, *, published: bool) -> str:
    """What is wrong with the views: all are there once that was said, and otherwise all of them or none."""
    right = views(apart=False).keys()
    there = tables.views & right if tables else set[str]()
    return "" if there == right else "half published" if there else "views lost" if published else ""


def _go_on(path: Path, entries: int) -> None:
    """What is left can be recorded behind, and all of it verifies, row by row."""
    with Ledger.open(path, to_record=True) as ledger:
        assert (ledger.must_be_linked().entry, ledger.book.last) == (entries, entries)
        ledger.record(entries_of(["after"]))
    verdict = verify(path)
    assert (verdict.verdict, verdict.entries) == (PROVEN, entries + 1)
    assert verdict.published > entries


def _backups_judged(steps: list[Step], acknowledged: int, folder: Path, everything: list[str]) -> str:
    """A backup whose end was acknowledged is a ledger that verifies, and holds what was there when it began."""
    for step, what in enumerate(steps, 1):
        if what == "backup" and step <= acknowledged:
            kept = held(folder / f"backup-{step}.db")
            before = sum(map(len, transactions(steps[: step - 1])))
            if kept.wrong or kept.refs != everything[: len(kept.refs)] or len(kept.refs) < before or not kept.entries:
                return "backup lost"
            if tables := _tables_judged(folder / f"backup-{step}.db", kept, issues=False, published=False):
                return f"backup {tables}"
    return "whole"


def lost_power(record: Recorded, number: int, seed: int = 1) -> Counter[str]:
    """What is to be said of as many disks as asked for; of one that was left before, what was said then."""
    verdicts, known = Counter[str](), dict[bytes, str]()
    for disk, mode, rng in record.points(number, seed):
        left = disk.left(mode, rng)
        same = sha256(pickle.dumps((disk.acknowledged, sorted(left.items())))).digest()
        if same not in known:
            with tempfile.TemporaryDirectory(dir=record.folder.parent) as name:
                for file, content in left.items():
                    (Path(name) / file).write_bytes(content)
                crossed = len(known) % CROSSED == 0
                known[same] = judged(record.steps, disk.acknowledged, Path(name), crossed=crossed)
        verdicts[known[same]] += 1
    return verdicts


@pytest.mark.parametrize("name", HISTORIES)
def test_a_loss_of_power_takes_nothing_that_was_acknowledged_and_leaves_tables_that_fit(
    name: str, nursery: Nursery, folder: Path
) -> None:
    """Whatever the disk had written of what was not yet synced: every promised journal is there, none is half there.

    Entries and what they come to are one transaction: wherever an entry is, the tables hold it, and no other.
    """
    verdicts = lost_power(recorded(nursery, folder, name), POINTS // len(HISTORIES))
    print(f"\npower lost while {name}: {dict(verdicts)}")
    assert set(verdicts) == {"whole"}


@pytest.mark.parametrize("synchronous", [1, 0], ids=["NORMAL", "OFF"])
def test_the_harness_finds_what_publishing_with_less_care_would_lose(
    synchronous: int, nursery: Nursery, folder: Path
) -> None:
    """Views published without a sync are lost at some points after they were said to be there; no entry is."""
    verdicts = lost_power(recorded(nursery, folder, "publishing", publish_synchronous=synchronous), TEETH)
    print(f"\npower lost while publishing under synchronous={synchronous}: {dict(verdicts)}")
    assert verdicts["views lost"]
    assert not verdicts["lost"]


def test_a_sync_that_failed_takes_nothing_that_was_acknowledged(nursery: Nursery, folder: Path) -> None:
    """A sync fails, and no later one writes what it dropped: what was acknowledged still survives a loss of power."""
    verdicts, failures, wrong = Counter[str](), 0, []
    for at in range(1, 1000):
        (round_ := folder / str(at)).mkdir()
        record = recorded(nursery, round_, "reopening", fault=Fault(FAILED_SYNC, at))
        if not (failed := record.failed()):
            break
        failures += 1
        found = lost_power(record, TEETH // 4, seed=at)
        if set(found) != {"whole"}:
            wrong.append(f"the sync of {failed}, number {at}, failed: {dict(found)}")
        verdicts += found
    print(f"\npower lost after each of {failures} failed syncs: {dict(verdicts)}")
    assert failures
    assert not wrong, "\n".join(wrong)


def test_a_backup_is_safe_once_its_folder_is_synced(nursery: Nursery, folder: Path) -> None:
    """SQLite's backup under synchronous=FULL ends by deleting a file, and the deletion can be undone: EXTRA is due.

    The ledger itself is as safe under either. (Above, the backup is made under EXTRA, and nothing is lost.)
    """
    verdicts = lost_power(recorded(nursery, folder, "backing up", backup_synchronous=2), TEETH)
    print(f"\npower lost while backing up under FULL: {dict(verdicts)}")
    assert set(verdicts) == {"whole", "backup lost"}


@pytest.mark.parametrize("synchronous", [1, 0], ids=["NORMAL", "OFF"])
@pytest.mark.parametrize("name", ["recording", "importing", "publishing"])
def test_the_harness_finds_what_less_care_would_lose(
    name: str, synchronous: int, nursery: Nursery, folder: Path
) -> None:
    """With synchronous set to NORMAL or OFF the same simulation loses acknowledged entries at one point in twenty."""
    verdicts = lost_power(recorded(nursery, folder, name, synchronous=synchronous), TEETH)
    print(f"\npower lost while {name} under synchronous={synchronous}: {dict(verdicts)}")
    assert verdicts["lost"] * 20 > verdicts.total()
