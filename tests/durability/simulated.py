"""A disk that loses power: replays what `disk.c` wrote down, up to any moment, and says what may be left of it.

What was synced is there. Of what was not, every 512-byte sector is there as it was after some one of the writes to
it, or as it was before all of them; a file is as long as it was synced or as long as it became, and what lies between
is the bytes written, zeros or garbage. A name is there for certain once its folder was synced. After a sync that
failed nothing is certain, and a later one need not write what the failed one dropped. This is what SQLite itself
assumes of a disk (its "powersafe overwrite" included: a sector's bytes that were not written are not changed), and no
more.
"""

import random
import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
PAGE = 4096
_HEAD = struct.Struct("<ciqii")

MODES = ("none", "all", "prefix", "sectors")
"""Which unsynced sectors are left: none, all, the first so many, or any."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A call that changed something: its letter in `disk.c`, what it was done to, and its bytes."""

    what: str
    descriptor: int
    offset: int
    path: str
    data: bytes


def read_log(path: Path) -> Iterator[Operation]:
    """The operations of a log, in order."""
    log, at = path.read_bytes(), 0
    while at < len(log):
        what, descriptor, offset, named, size = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        name = log[at : at + named].decode()
        at += named
        yield Operation(what.decode(), descriptor, offset, name, log[at : at + size])
        at += size


@dataclass(slots=True)
class Fragment:
    """What one write changed within one sector; without bytes, a file cut off at an offset."""

    offset: int
    data: bytes | None


@dataclass(slots=True, eq=False)
class File:
    """A file's certain bytes and the changes that are not."""

    certain: bytearray = field(default_factory=bytearray)
    pending: list[Fragment] = field(default_factory=list)
    dropped: list[Fragment] = field(default_factory=list)  # written before a sync that failed
    length: int = 0

    def write(self, offset: int, data: bytes) -> None:
        """Note a write, sector by sector."""
        self.length = max(self.length, offset + len(data))
        while data:
            room = SECTOR - offset % SECTOR
            self.pending.append(Fragment(offset, data[:room]))
            offset, data = offset + room, data[room:]

    def truncate(self, length: int) -> None:
        """Note a change of length."""
        self.length = length
        self.pending.append(Fragment(length, None))

    def sync(self) -> None:
        """Make certain what is pending, and what a failed sync dropped in the same page."""
        pages = {fragment.offset // PAGE for fragment in self.pending}
        rewritten = [fragment for fragment in self.dropped if fragment.offset // PAGE in pages]
        self.dropped = [fragment for fragment in self.dropped if fragment.offset // PAGE not in pages]
        for fragment in (*rewritten, *self.pending):
            _apply(self.certain, fragment)
        self.certain.extend(bytes(self.length - len(self.certain)))
        del self.certain[self.length :]
        self.pending = []

    def fail_to_sync(self) -> None:
        """Let go of what is pending: it may be on the disk or not, and no later sync will see to it."""
        self.dropped, self.pending = self.dropped + self.pending, []

    @property
    def settled(self) -> bool:
        """Whether only one content is possible."""
        return not self.pending and not self.dropped

    def left(self, mode: str, rng: random.Random) -> bytes:
        """What may be left of the file."""
        changes, content = self.dropped + self.pending, bytearray(self.certain)
        if mode == "none" or not changes:
            return bytes(content)
        if mode == "sectors" and all(change.data is not None for change in changes):
            kept = self._any_sectors(changes, rng)
        else:
            kept = changes if mode == "all" else changes[: rng.randrange(len(changes) + 1)]
        for change in kept:
            _apply(content, change)
        if mode == "sectors" and rng.random() < 0.5 and self.length > len(content):  # the length came first
            start, longest = len(content), rng.randint(len(content), self.length)
            content.extend(rng.randbytes(longest - start) if rng.random() < 0.5 else bytes(longest - start))
        return bytes(content)

    @staticmethod
    def _any_sectors(changes: list[Fragment], rng: random.Random) -> list[Fragment]:
        """Each sector as it was after some number of the writes to it, mostly after all of them or none."""
        share = rng.choice((0.1, 0.5, 0.9))
        of_sector: dict[int, list[Fragment]] = defaultdict(list)
        for change in changes:
            of_sector[change.offset // SECTOR].append(change)
        kept = []
        for fragments in of_sector.values():
            whole = rng.random() < share
            kept += fragments if whole else fragments[: rng.choice((0, 0, rng.randrange(len(fragments) + 1)))]
        return kept


def _apply(content: bytearray, change: Fragment) -> None:
    if change.data is None:
        del content[change.offset :]
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.data)] = change.data


class Disk:
    """One folder on a disk: its files, its names, and what of them is certain."""

    def __init__(self, folder: Path) -> None:
        """An empty folder."""
        self.folder = str(folder)
        self.names: dict[str, File] = {}
        self.acknowledged = -1
        self._certain: dict[str, File] = {}
        self._pending: list[dict[str, File | None]] = []
        self._opened: dict[int, File | None] = {}

    def do(self, operation: Operation) -> bool:
        """Carry out an operation; whether it left something uncertain that a loss of power would decide."""
        path = operation.path.removeprefix(self.folder).lstrip("/")
        file = self._opened.get(operation.descriptor)
        match operation.what:
            case "O":
                self._open(operation, path)
            case "C":
                self._opened.pop(operation.descriptor, None)
            case "U":
                self._name({path: None})
            case "R":
                to = operation.data.decode().removeprefix(self.folder).lstrip("/")
                self._name({to: self.names[path], path: None})
            case "S" if operation.descriptor in self._opened and file is None:
                self._certain, self._pending = dict(self.names), []
            case _ if file is not None:
                self._change(file, operation)
        uncertain = any(not file.settled for name, file in self.names.items() if not name.endswith((".ack", "-shm")))
        return uncertain or bool(self._pending)

    def _open(self, operation: Operation, path: str) -> None:
        if path and path not in self.names:
            self._name({path: File()})
        self._opened[operation.descriptor] = self.names[path] if path else None
        if path and operation.offset:
            self.names[path].truncate(0)

    def _change(self, file: File, operation: Operation) -> None:
        match operation.what:
            case "W" if file is self.names.get("steps.ack"):
                self.acknowledged = int(operation.data)
            case "W":
                file.write(operation.offset, operation.data)
            case "T":
                file.truncate(operation.offset)
            case "S":
                file.sync()
            case "F":
                file.fail_to_sync()

    def _name(self, change: dict[str, File | None]) -> None:
        self._pending.append(change)
        _rename(self.names, change)

    def left(self, mode: str, rng: random.Random) -> dict[str, bytes]:
        """The files that may be left after a loss of power now; the wal-index is memory and is never among them."""
        names = dict(self._certain)
        if mode != "none":
            kept = self._pending if mode == "all" else self._pending[: rng.randrange(len(self._pending) + 1)]
            if mode == "sectors" and rng.random() < 0.5:  # names in no order, where no renaming binds two of them
                kept = [change for change in self._pending if len(change) > 1 or rng.random() < 0.5]
            for change in kept:
                _rename(names, change)
        return {name: file.left(mode, rng) for name, file in names.items() if not name.endswith((".ack", "-shm"))}


def _rename(names: dict[str, File], change: dict[str, File | None]) -> None:
    for name, file in change.items():
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file
