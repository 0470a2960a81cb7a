"""Whole processes measured: seconds, the most memory they had, and several taking turns."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

LAUNCH = Path(__file__).parent / "launch.py"
CAPTABLE = str(Path(sys.executable).parent / "captable")


@dataclass(frozen=True)
class Ran:
    """What a process took: seconds, mebibytes at most, and whether it was stopped because it took too long."""

    seconds: float
    mebibytes: float
    stopped: bool = False


def ran(command: Sequence[str], limit: int) -> Ran:
    """Run a command to its end, or to the limit of seconds; RuntimeError with its own words where it fails.

    What the shell says of Python is left out: told to write no bytecode, every process would compile its sources anew.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        bare = [sys.executable, "-I", "-S", str(LAUNCH), str(report), str(limit), *command]
        subprocess.run(bare, env=environment, check=True)
        told = json.loads(report.read_text(encoding="utf-8"))
        if told["status"] not in (0, -signal.SIGKILL):
            said = Path(f"{report}.out").read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(command)} left with {told['status']}: {said}")
    return Ran(told["seconds"], told["mebibytes"], told["status"] != 0)


@dataclass(frozen=True)
class Runs:
    """Several runs of one process: the least of each measure is what the program costs, the rest is the machine."""

    each: tuple[Ran, ...]

    @property
    def seconds(self) -> float:
        """The least time."""
        return min(one.seconds for one in self.each)

    @property
    def median(self) -> float:
        """The time in the middle."""
        return median(one.seconds for one in self.each)

    @property
    def mebibytes(self) -> float:
        """The most memory of any run."""
        return max(one.mebibytes for one in self.each)

    @property
    def stopped(self) -> bool:
        """Whether it was never seen to end."""
        return all(one.stopped for one in self.each)


def taking_turns(contestants: Mapping[str, Callable[[], Ran]], rounds: int, seconds: float) -> dict[str, Runs]:
    """Run each once a round, so that what disturbs the machine disturbs them all; no new round after some seconds.

    Whoever was stopped at the limit runs no more.
    """
    runs: dict[str, list[Ran]] = {name: [] for name in contestants}
    begun = time.perf_counter()
    for number in range(rounds):
        if number and time.perf_counter() - begun > seconds:
            break
        for name, run in contestants.items():
            if not (runs[name] and runs[name][-1].stopped):
                runs[name].append(run())
    return {name: Runs(tuple(each)) for name, each in runs.items()}
