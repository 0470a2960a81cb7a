"""The head of a ledger as it grows: told from what was told before, and written down wherever heads are kept."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ledger.anchor import Anchor, beside, places, read_at, write
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
        self._written: dict[Path, str] = {}

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

    def at(self, entry: int) -> Anchor | None:
        """The head after an entry, where it is the one told last or stands beside the ledger."""
        if self.told is not None and self.told.head.entry == entry:
            return self.told
        found = read_at(beside(self.beside))
        known = isinstance(found, Anchor) and found.head.entry == entry and self._is_beginning(found)
        return found if isinstance(found, Anchor) and known else None

    def write(self, anchor: Anchor) -> dict[Path, str]:
        """Write a head down at every place; where that went wrong, and why.

        Whatever speaks against the record stays: a head of entries or tags that are gone is how their loss is found.
        """
        kept = {place for place in places(self.beside) if not self._may_be_replaced(place)}
        text = anchor.text()
        wrong = write(text, self.beside, kept)
        self._written = {place: text for place in places(self.beside) if place not in wrong}
        return wrong

    def _may_be_replaced(self, place: Path) -> bool:
        with suppress(OSError, ValueError):
            if place in self._written and place.read_text(encoding="utf-8") == self._written[place]:
                return True
        found = read_at(place)
        return found is None or (isinstance(found, Anchor) and self._is_beginning(found))

    def _is_beginning(self, anchor: Anchor) -> bool:
        linked_so = self._recorder.link_at(anchor.head.entry) == anchor.head.sha256
        return linked_so and anchor.tags <= len(self._recorder.tags())
