"""Heads written down outside the ledger, so that a cut-off tail or a whole written anew is found.

A head is how many entries there are and the hash that stands for all of them. After each recording and each tag it is
written, whole or not at all, to a file beside the ledger and wherever CAPTABLE_ANCHOR names; with it go how many tags
there are, and the Merkle tree of the entries (RFC 9162), so that the presence of one entry, or that an old head is a
beginning of a later one, can be proved in a few hashes.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from errno import ENAMETOOLONG, ENOENT, ENOTDIR
from pathlib import Path

from ledger.head import HEAD, Head
from ledger.merkle import Tree

SETTING = "CAPTABLE_ANCHOR"
"""The variable that names further anchor files, or folders for them, as a PATH is written."""

KEPT = "what stands there is no head of a beginning of this record, and is kept for you to look at"
"""Why an anchor was not written where something speaks against the record."""

_NOTHING_THERE = (ENOENT, ENOTDIR, ENAMETOOLONG)
_READABLE = 0o644  # a temporary file is its owner's alone, and a head is for others to read
_FORM = "captable/head/1"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head written down: with the tree of the entries, when the last was recorded, and how many tags there are."""

    head: Head
    tree: Tree
    recorded: str
    tags: int

    def text(self) -> str:
        """The anchor as its file holds it."""
        tree = {"root": self.tree.root.hex(), "tree": self.tree.packed().hex()}
        more = {"recorded": self.recorded, "tags": self.tags}
        return json.dumps({"schema": _FORM, **self.head.data(), **tree, **more}, indent=1) + "\n"

    @classmethod
    def read(cls, text: str) -> "Anchor":
        """The anchor that a file's text holds; ValueError where it holds none."""
        told = json.loads(text)
        if not isinstance(told, dict) or told.get("schema") != _FORM:
            raise ValueError(f"it is no {_FORM}")
        try:
            head = Head(told["entry"], told["sha256"])
            tree = Tree.unpacked(bytes.fromhex(told["tree"]))
            recorded = datetime.fromisoformat(told["recorded"]).isoformat()
            root, tags = told["root"], told["tags"]
        except (KeyError, TypeError) as error:
            raise ValueError(f"it lacks {error}") from error
        if type(head.entry) is not int or recorded != told["recorded"]:
            raise ValueError("its entry or its instant is not written as a head has it")
        if type(tags) is not int or tags < 0:
            raise ValueError("its tags are not a number of them")
        if not HEAD.fullmatch(str(head)) or tree.size != head.entry or tree.root.hex() != root:
            raise ValueError("its entry, its hash, its tree and its root do not belong together")
        return cls(head, tree, recorded, tags)


def beside(ledger: Path) -> Path:
    """The anchor file that is always written, beside the ledger itself."""
    return ledger.parent / f"{ledger.absolute().name}.head"


def places(ledger: Path) -> Iterator[Path]:
    """Every anchor file of a ledger: the one beside it, and those the setting names."""
    yield beside(ledger)
    for named in filter(None, os.environ.get(SETTING, "").split(os.pathsep)):
        place = Path(named)
        yield place / beside(ledger).name if os.path.isdir(named) else place


def anchored(ledger: Path) -> dict[Path, Anchor | str]:
    """What is found at every place where an anchor of a ledger stands; words where it is none."""
    found = {place: read_at(place) for place in places(ledger)}
    return {place: one for place, one in found.items() if one is not None}


def read_at(place: Path) -> Anchor | str | None:
    """The anchor at a place; words where what is there is none, and None where nothing is."""
    try:
        return Anchor.read(place.read_text(encoding="utf-8"))
    except OSError as error:
        return None if error.errno in _NOTHING_THERE else str(error)
    except (ValueError, RecursionError) as error:
        return str(error)


def write_whole(place: Path, content: bytes) -> None:
    """Write a file so that a crash at any instant leaves the old one or the new one, never a part; OSError.

    Which of the two a loss of power leaves is as good: an older head is a beginning of the record, and found to be.
    """
    descriptor, name = tempfile.mkstemp(dir=place.absolute().parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), _READABLE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
