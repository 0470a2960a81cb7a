"""Is the record what was recorded? Everything recomputed from the stored bytes, and held against what is stored.

In this order: numbers, order and links; the terms; every entry read again and decided again at its place; the
invariants; the kept tables, row by row, and the views over them; the file itself; the tags; and the heads written down.
The first entry that does not fit is named with what is stored and what was computed. Without a head that was written
down, a record that fits may still lack its tail: then its completeness is unproven, and is said to be.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ledger.anchor import Anchor, anchored
from ledger.audit import linked, must_be_a_beginning, must_be_a_ledger_still, must_have_tags
from ledger.errors import LedgerMustBeALedger, RecordMustBeReadable, RecordMustVerify, Refusal
from ledger.exact import Fraction
from ledger.head import NO_HEAD, Head
from ledger.kept.book import KeptBook
from ledger.kept.check import apart, gone_on_with, must_be_kept
from ledger.kept.positions import Kept
from ledger.kept.tables import kept_up_to
from ledger.links import identified
from ledger.merkle import Tree, leaf
from ledger.opened import Opened, in_doubt
from ledger.places import Place, Rows, Where, place_of
from ledger.position.state import Position
from ledger.rows import TERMS_ENTRY, Stored, Tag, readable
from ledger.stored_entries import item_of, terms_of
from projections.sql import must_be_the_views

PROVEN, UNPROVEN = "proven", "unproven"

_TRIES = 5  # where somebody records meanwhile

_LEAVES = 1_000  # leaves in memory before the tree takes them

_SUMMED = 1_000  # certificates are summed after so many entries, and at the end


@dataclass
class Verdict:
    """What was verified: the head, what it was held against, and whether that proves that nothing is missing."""

    head: Head
    since: Head
    entries: int
    published: int
    tags: int
    proven_by: list[str] = field(default_factory=list)
    beginnings: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """`proven` where a head that was written down is this one; otherwise the tail may have been cut off."""
        return PROVEN if self.proven_by else UNPROVEN

    def data(self) -> dict[str, Any]:
        """The verdict as JSON data."""
        return {
            "verdict": self.verdict,
            "head": self.head.data(),
            "since": self.since.data() if self.since.entry else None,
            "entries": self.entries,
            "published_rows": self.published,
            "tags": self.tags,
            "proven_by": self.proven_by,
            "proven_in_part_by": self.beginnings,
        }


def verify(
    where: Where,
    expected: Iterable[Head] = (),
    since: Head = NO_HEAD,
    done: Callable[[], None] = lambda: None,
) -> Verdict:
    """Recompute everything of a ledger; RecordMustVerify names the first entry that does not fit.

    `expected` are heads that were written down elsewhere. `since` is a head that was verified before: then the links,
    the decisions and the rows up to it are taken as they were found. `done` is called for each entry that fits.
    """
    expected, place = list(expected), place_of(where)
    for _ in range(_TRIES):
        before = place.stamp()
        try:
            return _verified(place, expected, since, done)
        except RecordMustVerify:
            # Entries are recorded first and published then: whoever looks in between sees what does not fit yet.
            if place.stamp() == before:
                raise
    return _verified(place, expected, since, done)


def _verified(place: Place, expected: list[Head], since: Head, done: Callable[[], None]) -> Verdict:
    anchors = anchored(place.beside)  # before the record is looked at: whoever records meanwhile writes a later one
    must_be_a_ledger_still(place)
    with in_doubt(place), place.rows() as stored, apart() as kept:
        opened = Opened(place, stored)
        rows, tags = 0, stored.tags()
        spoken = [tag.entry for tag in tags] + [one.entry for one in expected]
        seen = _Seen(since, {*spoken, *(one.head.entry for one in anchors.values() if isinstance(one, Anchor))})
        tables = _tables(stored)
        with gone_on_with(since.entry):
            replay = _Replay.after(opened, since, kept) if since.entry else _Replay(opened, kept)
            for one in linked(stored, since):
                seen.take(one)
                replay.take(one)
                done()
            head = seen.head
            if not head.entry:
                raise _misfit(TERMS_ENTRY, "no entry", "the terms, with which a ledger begins")
            must_add_up(replay.book.position, head.entry)
        if tables is not None:
            rows += must_be_kept(tables, replay.book.kept, since.entry)
            must_be_the_views(tables, apart=stored.apart)
        stored.must_be_sound(head.entry)
        for tag in tags:
            if tag.entry >= since.entry:
                at_tag = Head(tag.entry, tag.sha256)
                must_be_a_beginning(at_tag, seen.links.get(tag.entry), head.entry, f"the tag {tag.name}")
            _must_know(tag, opened)
        verdict = Verdict(head, since, head.entry - since.entry, rows, len(tags))
        for one_expected in expected:
            _hold(verdict, seen.links, one_expected, "the head expected")
        for file, anchor in anchors.items():
            _hold_anchor(verdict, seen, anchor, file)
            if isinstance(anchor, Anchor) and anchor.head.entry >= since.entry:
                _must_be_recorded(anchor, opened, file)
        return verdict


class _Seen:
    """What is remembered of the stored entries as they pass: the head, and what was there where heads speak of."""

    def __init__(self, since: Head, spoken: set[int]) -> None:
        """Begin after a head; `spoken` are the entries of which links and trees will be asked."""
        self.head, self._spoken = since, spoken
        self.links, self.trees = {since.entry: since.sha256}, dict[int, Tree]()
        self._tree, self._leaves = Tree(), list[bytes]()

    def take(self, one: Stored) -> None:
        """Take down the next entry."""
        self.head = Head(one.number, one.sha256)
        self._leaves.append(leaf(identified(one.number, one.word, one.state)))
        if one.number in self._spoken:
            self.links[one.number] = one.sha256
            self.trees[one.number] = self._grown()
        elif len(self._leaves) == _LEAVES:
            self._grown()

    def _grown(self) -> Tree:
        self._tree = self._tree.appended(self._leaves)
        self._leaves.clear()
        return self._tree


class _Replay:
    """The entries read and decided again, one after the other, as they are found stored."""

    def __init__(self, opened: Opened, kept: sqlite3.Connection) -> None:
        """Take the ledger, and where positions are kept on the way."""
        self.opened, self.kept = opened, kept
        self.book: KeptBook = None  # type: ignore[assignment]  # entry 1 begins it
        self.last: datetime | None = None
        self.writes = True

    @classmethod
    def after(cls, opened: Opened, since: Head, apart: sqlite3.Connection) -> "_Replay":
        """Go on after a head that was verified before, from the positions that were kept then."""
        stored = opened.rows
        found = stored.link_at(since.entry)
        if found != since.sha256:
            raise _misfit(since.entry, f"link {found or 'none'}", f"{since}, the head verified before")
        replay = cls(opened, apart)
        try:
            terms = opened.terms
        except LedgerMustBeALedger as error:
            raise _misfit(TERMS_ENTRY, "no terms", "the terms, with which a ledger begins") from error
        if kept_up_to(stored.published.execute) >= since.entry:
            kept = Kept(stored.published, terms, since.entry)
            replay.book = KeptBook(kept, opened.recorded(TERMS_ENTRY), opened.entry)
        else:
            for one in opened.stored(0, since.entry):
                replay.take(one)
            replay.book.write()
        replay.last, replay.writes = replay.book.last_recorded, False
        return replay

    def take(self, one: Stored) -> None:
        """Read and decide an entry, and check what it left; entry 1 holds the terms."""
        try:
            with readable(one.number):
                if one.number == TERMS_ENTRY:
                    terms, begun = terms_of(one)
                    self._must_follow(one.number, begun)
                    self.book = KeptBook(Kept.begun(self.kept, terms), begun, self.opened.entry)
                    return
                item = item_of(one)
                self._must_follow(one.number, item.recorded)
        except RecursionError as error:
            why = "it is nested too deeply"
            raise RecordMustBeReadable(entry=one.number, why=why, before=one.number - 1) from error
        try:
            self.book.admit(item)
        except Refusal as refusal:
            said = " ".join(refusal.sentences()[:2])
            raise _misfit(item.number, item.entry.word, f"a refusal, {refusal.name}: {said}") from refusal
        if item.number % _SUMMED == 0:
            must_add_up(self.book.position, item.number)
            if self.writes:
                self.book.write()

    def _must_follow(self, entry: int, recorded: datetime) -> None:
        if recorded.tzinfo is None:
            raise ValueError(f"it was recorded {recorded.isoformat()}, without an offset")
        if self.last is not None and recorded <= self.last:
            raise _misfit(entry, f"recorded {recorded}", f"later than {self.last}")
        self.last = recorded


def must_add_up(position: Position, entry: int) -> None:
    """§1 §7 - Shares are conserved: certificates sum to the series, and what became of the shares to those issued."""
    shares = [one.shares for one in position.live()]
    held = sum(shares, Fraction(0))
    became = position.outstanding + position.converted + position.redeemed + position.reacquired
    for what, told, computed in (
        ("shares outstanding", position.outstanding, held),
        ("shares issued", position.issued, became),
    ):
        if told != computed:
            raise _misfit(entry, f"{told} {what}", f"{computed}")
    if any(one < 0 for one in shares):
        raise _misfit(entry, "a certificate below zero", "shares of at least 0")


def _tables(stored: Rows) -> sqlite3.Connection | None:
    """The published tables; none where they are kept apart from the record and do not reach as far: old, not wrong."""
    if stored.apart:
        try:
            return stored.published if kept_up_to(stored.published.execute) == stored.last() else None
        except sqlite3.Error:
            return None
    return stored.published


def _must_know(tag: Tag, opened: Opened) -> None:
    """A tag says when it was given, for which day, and for a moment at which its entry was the last one known."""
    said = f"the tag {tag.name} for {tag.as_of!r} as known at {tag.known_at!r}, given at {tag.made!r}"
    try:
        made, known_at = (datetime.fromisoformat(instant) for instant in (tag.made, tag.known_at))
        right = [date.fromisoformat(tag.as_of).isoformat(), known_at.isoformat(), made.isoformat()]
        last = opened.last(known_at)
        later = known_at > made  # then what is recorded until that moment is known as well
    except (ValueError, TypeError) as error:
        raise _misfit(tag.entry, said, f"a day and two instants: {error}") from error
    if tag.seal != tag.right_seal:
        raise _misfit(tag.entry, f"{said}, sealed {tag.seal}", tag.right_seal)
    if right != [tag.as_of, tag.known_at, tag.made]:
        raise _misfit(tag.entry, said, ", ".join(right))
    if last < tag.entry or (last > tag.entry and not later):
        raise _misfit(tag.entry, f"the tag {tag.name} as known at {tag.known_at}", f"{last}, the last entry known then")


def _must_be_recorded(anchor: Anchor, opened: Opened, place: Path) -> None:
    entry = anchor.head.entry
    recorded = opened.recorded(entry).isoformat()
    if anchor.recorded != recorded:
        raise _misfit(entry, f"recorded {anchor.recorded} at {place}", recorded)


def _hold(verdict: Verdict, links: dict[int, str], written: Head, by: str) -> None:
    must_be_a_beginning(written, links.get(written.entry), verdict.head.entry, by)
    (verdict.proven_by if written == verdict.head else verdict.beginnings).append(f"{by}: {written}")


def _hold_anchor(verdict: Verdict, seen: "_Seen", anchor: Anchor | str, place: Path) -> None:
    if isinstance(anchor, str):
        raise _misfit(verdict.head.entry, f"no head of a ledger at {place} ({anchor})", str(verdict.head))
    if anchor.head.entry >= verdict.since.entry:  # an older one was held against the record when that was verified
        _hold(verdict, seen.links, anchor.head, f"the anchor at {place}")
    must_have_tags(anchor, verdict.tags, verdict.head.entry, f"the anchor at {place}")
    if verdict.since.entry:
        return  # the tree is made of all entries, and only the later ones were read
    tree = seen.trees[anchor.tree.size]
    if tree != anchor.tree:
        raise _misfit(anchor.head.entry, f"root {anchor.tree.root.hex()} at {place}", tree.root.hex())


def _misfit(entry: int, stored: str, computed: str) -> RecordMustVerify:
    return RecordMustVerify(entry=entry, stored=stored, computed=computed, before=max(entry - 1, 0))
