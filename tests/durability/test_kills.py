"""`kill -9` at random moments of recording: every acknowledged entry is there, and no journal is half there."""

import os
import random
import shutil
import signal
import time
from collections import defaultdict
from pathlib import Path

from durability.nursery import Nursery
from durability.reading import LONG, held
from given import SERIES_H
from ledger.application import Ledger

KILLS = 240 if LONG else 48
AT_ONCE = (1, 1, 2, 3)
"""How many processes record while one of them is killed, and then the next."""

LONGEST = 0.09
"""The longest that one of them lives, in seconds: opening, recovering, some dozens of entries."""

A_LEDGER = 12
"""So many kills are survived by one ledger before a new one is begun: a short one is opened fast."""

JOURNAL = 7


def examined(path: Path, copy: Path) -> int:
    """Examine a copy of what a kill left; the number of its entries. The ledger itself is left to others to recover."""
    copy.mkdir()
    for left in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}.head")):
        if left.exists():
            shutil.copy(left, copy / left.name)
    found = held(copy / path.name)
    assert not found.wrong
    assert found.bears(copy / f"{path.name}.head")
    assert len(set(found.refs)) == len(found.refs)
    journals: dict[str, list[str]] = defaultdict(list)
    for ref in found.refs:
        journal, part = ref.rsplit(":", 1)
        journals[journal].append(part)
    for journal, parts in journals.items():
        assert parts == list(map(str, range(int(journal.rsplit(":", 1)[1])))), f"{journal} is half there"
    promised = path.with_suffix(".ack").read_text(encoding="utf-8").split("\n")[:-1]
    assert set(promised) <= set(journals), "an acknowledged entry is lost"
    with Ledger.open(copy / path.name) as ledger:
        assert ledger.must_be_linked().entry == ledger.book.last == len(found.refs) + 1
    shutil.rmtree(copy)
    return found.entries


def test_a_kill_takes_nothing_that_was_acknowledged(plain_nursery: Nursery, folder: Path) -> None:
    """Killed at a random moment, alone or beside others: what was promised is there, whole, linked, and can go on."""
    rng, kills, entries = random.Random(9), 0, 0
    while kills < KILLS:
        path = folder / f"ledger-{kills}.db"
        Ledger.begin(path, SERIES_H).close()
        path.with_suffix(".ack").touch()
        for _ in range(A_LEDGER):
            children = [
                plain_nursery.start("record_until_killed", path=str(path), life=f"{kills}.{number}", journal=JOURNAL)
                for number in range(rng.choice(AT_ONCE))
            ]
            for child in children:
                time.sleep(rng.uniform(0, LONGEST))
                os.kill(child, signal.SIGKILL)
                assert plain_nursery.wait(child) == -signal.SIGKILL
                kills += 1
                if child == children[-1]:
                    entries = max(entries, examined(path, folder / "copy"))
    print(f"\n{kills} kills; the longest ledger had {entries} entries")
