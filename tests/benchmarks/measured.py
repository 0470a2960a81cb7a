"""Everything measured at one size: the history recorded, verified and asked about, beside floors and peers."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import asking, floors, peers
from benchmarks import history as histories
from benchmarks.exactness import Moment, compare, random_days, telling_days
from benchmarks.history import FIRST_DAY, HOLDERS
from benchmarks.pieces import terms
from benchmarks.processes import CAPTABLE, Ran, Runs, ran, taking_turns
from ledger.opened import opened

ROUNDS, DAYS, SINGLES = 5, 2000, 200
RECORD, VERIFY, ASOF = "captable record", "captable verify", "captable asof"


@dataclass(frozen=True)
class Asked:
    """What a run was asked for: the history, random answers to compare, seconds for a measurement and a process."""

    seed: int = 1
    holders: int = HOLDERS
    answers: int = 100
    seconds: int = 60
    limit: int = 3600


@dataclass(frozen=True)
class Told:
    """A history told once: the journal of its size in a file, and the lines that come next."""

    journal: Path
    size: int
    later: tuple[str, ...]

    @classmethod
    def to(cls, journal: Path, size: int, asked: Asked) -> "Told":
        """Tell a history to a file."""
        lines = histories.history(asked.seed, size, asked.holders)
        with journal.open("w", encoding="utf-8") as kept:
            kept.writelines(f"{line}\n" for line in islice(lines, size))
        return cls(journal, size, tuple(islice(lines, SINGLES)))

    def lines(self, count: int) -> Iterator[dict[str, Any]]:
        """The first lines, as data; a few more than the journal has may be asked for."""
        with self.journal.open(encoding="utf-8") as kept:
            yield from map(json.loads, islice(chain(kept, self.later), count))

    def last_day(self, count: int) -> date:
        """The latest day on which anything of the first lines took effect."""
        return max((date.fromisoformat(line["effective"][:10]) for line in self.lines(count)), default=FIRST_DAY)


@dataclass(frozen=True)
class Measured:
    """What was measured at a size: processes by name, seconds of what ran within this one, bytes kept."""

    size: int
    processes: dict[str, Runs]
    within: asking.Seconds
    bulk: float
    read_all: float
    kept: int
    peers: tuple[str, ...]
    compared: int

    @property
    def fastest(self) -> Runs | None:
        """The fastest peer's balance, if one came to its end."""
        ended = [self.processes[name] for name in self.peers if not self.processes[name].stopped]
        return min(ended, key=lambda runs: runs.seconds, default=None)


def measure(folder: Path, size: int, asked: Asked, told: Callable[[str], object]) -> Measured:
    """Measure everything at a size, in a folder of its own."""
    random = Random(asked.seed)
    told(f"{size:,} entries: telling the history")
    history = Told.to(folder / "journal.jsonl", size, asked)
    (folder / "terms.toml").write_text(terms(), encoding="utf-8")
    told("recording it")
    ledger = folder / "ledger.db"
    processes = taking_turns({RECORD: lambda: recorded(ledger, history.journal, asked.limit)}, 3, asked.seconds)
    if processes[RECORD].stopped:
        raise TimeoutError(f"recording {size:,} entries took more than {asked.limit} seconds")
    kept = bytes_kept(ledger)
    bare = floors.Bare(folder / "bare.db")
    bulk = bare.bulk(ledger)
    read_all = min(bare.read_all() for _ in range(2))
    told("asking about single days, and verifying, beside " + (", ".join(peers.installed()) or "no peer"))
    processes |= beside_peers(folder, ledger, history, asked, random)
    told("asking within the process")
    with opened(ledger) as found:
        then = [floors.recorded_at(ledger, random.randint(size // 4, size)) for _ in range(8)]
        days = random_days(random, history.last_day(size), DAYS)
        within = dict(asking.questions(found.book, bare, random, days, then, asked.seconds))
    told("recording one by one")
    within |= asking.recorded_one_by_one(ledger, bare, history.later, asked.seconds)
    bare.close()
    told(f"comparing {asked.answers} random answers with a plain fold")
    compared = compared_answers(ledger, history, len(within[asking.ONE]), asked.answers, random)
    return Measured(size, processes, within, bulk, read_all, kept, tuple(peers.installed()), compared)


def recorded(ledger: Path, journal: Path, limit: int) -> Ran:
    """A new ledger begun, and the journal recorded in it; only the recording is timed."""
    for left in ledger.parent.glob(f"{ledger.name}*"):
        left.unlink()
    ran([CAPTABLE, "init", "--terms", str(ledger.parent / "terms.toml"), "--ledger", str(ledger)], limit)
    return ran([CAPTABLE, "record", str(journal), "--ledger", str(ledger)], limit)


def bytes_kept(ledger: Path) -> int:
    """The bytes of a ledger's files, all tables included; the log is empty once nobody has the ledger open."""
    return sum(os.stat(path).st_size for path in ledger.parent.glob(f"{ledger.name}*"))


def beside_peers(folder: Path, ledger: Path, history: Told, asked: Asked, random: Random) -> dict[str, Runs]:
    """One random day asked of the ledger and of every peer in turn, and the ledger verified."""
    journal = peers.write(folder, history.lines(history.size))
    day = random_days(random, history.last_day(history.size), 1)[0]
    contestants = {ASOF: lambda: ran([CAPTABLE, "asof", str(day), "--ledger", str(ledger)], asked.limit)}
    for name, balance in peers.installed().items():
        contestants[name] = lambda balance=balance: ran(balance(journal, day), asked.limit)  # type: ignore[misc]
    contestants[VERIFY] = lambda: ran([CAPTABLE, "verify", "--ledger", str(ledger)], asked.limit)
    return taking_turns(contestants, ROUNDS, 3 * asked.seconds)


def compared_answers(ledger: Path, history: Told, more: int, answers: int, random: Random) -> int:
    """Random answers held against the plain fold: three in five as known now, the rest as known at two moments."""
    some, size = answers // 5, history.size
    moments = [(Moment(size + more, None), answers - 2 * some)]
    moments += [(Moment(lines, floors.recorded_at(ledger, lines + 1)), some) for lines in (size // 2, size * 9 // 10)]
    compared = 0
    with opened(ledger) as found:
        for moment, count in moments:
            days = telling_days(random, history.last_day(moment.lines), count)
            compared += compare(found.book, history.lines(moment.lines), moment, days)
    return compared
