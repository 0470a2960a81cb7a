"""Children to be killed, starved and raced: one process that has everything imported forks them on demand.

A fork costs a few milliseconds where a fresh interpreter costs half a second; hundreds are needed. The nursery itself
is started with the shim `disk.c` loaded, so that a child can have its disk watched or made to fail. Every child carries
an alarm clock: none outlives its time, whatever it hangs in.
"""

import contextlib
import ctypes
import gc
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from durability.jobs import JOBS
from durability.jobs import line as line_of

HERE = Path(__file__).parent
SECONDS = 60
"""How long a child may live where nothing else is said."""

TRACEBACK = 99
"""The status of a child whose job ended in an error that nobody caught."""

EIO, ENOSPC, SHORT, FAILED_SYNC, READ_ONLY = 1, 2, 3, 4, 5
"""What `disk.c` knows to go wrong."""


@dataclass(frozen=True)
class Fault:
    """The k-th call that can fail in some way does, and so does every later one where it is lasting."""

    kind: int
    at: int
    lasting: bool = False


class Nursery:
    """The client's side: start a job in a child, kill it, wait for its status."""

    def __init__(self, shim: Path | None) -> None:
        """Start the process that forks; without a shim its children's disks are as they are."""
        preload = {"LD_PRELOAD": str(shim)} if shim else {}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "durability.nursery"],
            env={**os.environ, **preload, "PYTHONPATH": str(HERE.parent)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, **question: Any) -> int:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(question) + "\n")
        self._server.stdin.flush()
        answer = self._server.stdout.readline()
        assert answer, "the nursery has died"
        return int(answer)

    def start(
        self,
        job: str,
        *,
        out: Path | None = None,
        log: Path | None = None,
        watch: Path | None = None,
        fault: Fault | None = None,
        clock: int = SECONDS,
        **facts: Any,
    ) -> int:
        """Fork a child for a job of `durability.jobs` and return its process id at once."""
        told = [fault.kind, fault.at, fault.lasting] if fault else None
        paths = {name: str(path) if path else "" for name, path in (("out", out), ("log", log), ("watch", watch))}
        return self._ask(job=job, fault=told, clock=clock, facts=facts, **paths)

    def wait(self, child: int) -> int:
        """The exit status of a child once it has ended; negative for the signal that ended it."""
        return self._ask(wait=child)

    def run(self, job: str, **facts: Any) -> int:
        """Fork a child for a job and wait for its status."""
        return self.wait(self.start(job, **facts))

    def close(self) -> None:
        """Send the nursery home."""
        self._server.communicate(timeout=SECONDS)


class Shim:
    """The shim from inside a process that has it loaded; nothing where it is not."""

    def __init__(self) -> None:
        """Look for it among what the process has loaded."""
        self._c = ctypes.CDLL(None) if "disk" in os.environ.get("LD_PRELOAD", "") else None

    def arm(self, watch: str, log: str, fault: tuple[int, int, bool] | None) -> None:
        """Watch a folder, write a log, fail at a call."""
        if self._c is not None and watch:
            self._c.disk_watch(watch.encode(), log.encode())
            if fault:
                self._c.disk_fault(fault[0], ctypes.c_long(fault[1]), int(fault[2]))

    def hits(self) -> int:
        """How many calls have failed so far."""
        return int(self._c.disk_hits()) if self._c is not None else 0


def _live(asked: dict[str, Any]) -> int:
    """A child's life: hands on its output, clock wound, disk armed, then the job."""
    out = os.open(asked["out"] or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for descriptor in (1, 2) if asked["out"] else (1,):
        os.dup2(out, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    signal.alarm(asked["clock"])
    shim = Shim()
    shim.arm(asked["watch"], asked["log"], asked["fault"])
    try:
        status = JOBS[asked["job"]](**asked["facts"])
    except BaseException:
        traceback.print_exc()
        status = TRACEBACK
    with contextlib.suppress(ValueError, OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    if asked["out"]:
        Path(f"{asked['out']}.hits").write_text(str(shim.hits()), encoding="utf-8")
    return status


def _begin() -> None:
    """Give the first commands once: what they import and make is then at hand in every child."""
    with tempfile.TemporaryDirectory() as name, contextlib.redirect_stdout(io.StringIO()):
        journal = Path(name) / "journal.jsonl"
        journal.write_text(line_of("R-1"), encoding="utf-8")
        for words in (["init"], ["record", str(journal)]):
            status = JOBS["command"](words=[*words, "--ledger", f"{name}/ledger.db"])
            assert status == 0, words


def main() -> None:
    """Serve until nobody asks any more: fork for a job, wait for a child."""
    _begin()
    gc.collect()
    gc.freeze()  # what is shared with the children is then not touched, and not copied, by their collectors
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            answer = os.waitstatus_to_exitcode(os.waitpid(asked["wait"], 0)[1])
        else:
            answer = os.fork()
            if not answer:
                os._exit(_live(asked))
        print(answer, flush=True)


if __name__ == "__main__":
    main()
