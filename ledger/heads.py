"""The head of a ledger as it grows: told from what was told before, and written down wherever heads are kept."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ledger.anchor import KEPT, Anchor, beside, places, read_at, write_whole
from ledger.head import Head
from ledger.links import identified
from ledger.merkle import Tree, leaf
from ledger.places import Place
from ledger.rows import STREAM
from ledger.store import LinkedRecorder
from ledger.stored_entries import Event, recorded_at

_AT_ONCE = 2_000  # events in memory of those that a tree goes on with


def leaves(events: Iterable[Event]) -> Iterable[bytes]:
    """The hashes that stand for some events in the tree."""
    return (leaf(identified(one.originator_version, one.topic, one.state)) for one in events)


class Heads:
    """The head of one ledger, for as long as it is open; `told` is the last that was told of it."""

    def __init__(self, place: Place, recorder: LinkedRecorder) -> None:
        """Take the place and what reads its store."""
        self.beside, self._recorder = place.beside, recorder
        self.told: Anchor | None = None
        self._written: dict[Path, bytes] = {}

    def anchor(self) -> Anchor:
        """The head with the Merkle tree of the entries, gone on with from the last one told that is a beginning."""
        before = self.told or read_at(beside(self.beside))
        tree = before.tree if isinstance(before, Anchor) and self._is_beginning(before) else Tree()
        while later := self._recorder.select_events(STREAM, gt=tree.size, limit=_AT_ONCE):
            tree = tree.appended(leaves(later))
        (last,) = self._recorder.select_events(STREAM, desc=True, limit=1)
        head = Head(tree.size, self._recorder.link_at(tree.size))
        self.told = Anchor(head, tree, recorded_at(last), len(self._recorder.tags()))
        return self.told

    def known(self) -> Anchor | None:
        """The head that was told last, or else the one beside the ledger where it is a beginning of the record.

        Asked within a transaction it would take a second connection; each would then read anew what the other wrote.
        """
        if self.told is not None:
            return self.told
        found = read_at(beside(self.beside))
        return found if isinstance(found, Anchor) and self._is_beginning(found) else None

    def write(self, anchor: Anchor) -> dict[Path, str]:
        """Write a head down at every place; where that went wrong, and why.

        Whatever speaks against the record stays: a head of entries or tags that are gone is how their loss is found.
        """
        content, wrong = anchor.text().encode(), dict[Path, str]()
        for place in places(self.beside):
            if not self._may_be_replaced(place):
                wrong[place] = KEPT
                continue
            try:
                write_whole(place, content)
                self._written[place] = content
            except OSError as error:
                wrong[place] = error.strerror or str(error)
        return wrong

    def _may_be_replaced(self, place: Path) -> bool:
        with suppress(OSError):
            if place in self._written and place.read_bytes() == self._written[place]:
                return True
        found = read_at(place)
        return found is None or (isinstance(found, Anchor) and self._is_beginning(found))

    def _is_beginning(self, anchor: Anchor) -> bool:
        linked_so = self._recorder.link_at(anchor.head.entry) == anchor.head.sha256
        return linked_so and anchor.tags <= len(self._recorder.tags())
