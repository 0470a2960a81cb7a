"""Run one command and write down how long it took and how much memory it had at most.

A program by itself, started bare: the memory a system counts for a child begins with that of whoever started it, so
that this must be smaller than anything it starts.
"""

import json
import os
import signal
import sys
import time
from types import FrameType


def main() -> None:
    """Run the command that stands behind the report's path and the most seconds it may take."""
    report, limit, *command = sys.argv[1:]
    silent = [
        (os.POSIX_SPAWN_OPEN, 1, report + ".out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    begun = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=silent)

    def stop(_number: int, _frame: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(int(limit))
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begun
    told = {"seconds": seconds, "mebibytes": usage.ru_maxrss / 1024, "status": os.waitstatus_to_exitcode(status)}
    with open(report, "w", encoding="utf-8") as kept:
        json.dump(told, kept)


main()
