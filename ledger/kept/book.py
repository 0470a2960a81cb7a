"""A ledger whose positions were kept: what is recorded next is decided by a few look-ups, whatever came before.

Everything behind the last step is one step of the fold on pieces that are found when they are asked for. For what takes
its place earlier, the position before its day is found again, and the steps since are taken as they were.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from ledger.book import LONG_AGO, Book
from ledger.change import Change
from ledger.entries import Entry
from ledger.events import amends
from ledger.kept.positions import Kept
from ledger.kept.tables import EntryRow, counted, kept_up_to, latest, make, numbered
from ledger.kept.written import CALENDAR, calendar_of
from ledger.moments import as_instant, day_of
from ledger.opened import Opened
from ledger.position.pieces import Key, Pieces
from ledger.position.way import Way
from ledger.refusals import ReferenceMustBeUnique
from ledger.rows import TERMS_ENTRY
from ledger.stored_entries import item_of
from ledger.timeline import Place, Recorded, Standing, Timeline, amended, place, steps_of

AT_ONCE = 2_000
"""How many entries are kept in memory before they are written."""

_BACK = 5_000  # steps that stay at hand to be taken back; of what came before the position is found again
_AT_HAND = 20_000  # pieces that stay at hand once they are written; beyond that all are found again when asked for


class KeptBook(Book):
    """Everything recorded so far, as it was kept, ready to decide the next entry."""

    def __init__(self, kept: Kept, begun: datetime, stored: Callable[[int], Recorded]) -> None:
        """Take what was kept, when the ledger was begun, and what reads a stored entry."""
        self.terms, self.begun, self.kept, self._stored = kept.terms, begun, kept, stored
        self._last = kept.last
        self._recent: dict[int, Recorded] = {}
        row = kept.entry(self._last)
        self._latest_step = latest(row) or LONG_AGO
        self.latest_day = day_of(self._latest_step) if row and row.latest is not None else date.min
        """The last day on which anything recorded so far was ever to take effect."""
        self._last_recorded = self.entry(self._last).recorded if self._last > TERMS_ENTRY else begun
        on_time = kept.last_on_time(self._last)
        self._latest = as_instant(self.entry(on_time).entry.effective) if on_time else LONG_AGO
        # Of a ledger that holds its terms alone, everything that will have happened is at hand.
        self._at_hand_since: datetime | None = LONG_AGO if kept.last == TERMS_ENTRY else None

    def go_on(self, opened: Opened) -> None:
        """Go on with what is at hand where nothing was recorded meanwhile, asking what is opened now."""
        self.kept.connection, self._stored = opened.rows.published, opened.entry

    @cached_property
    def way(self) -> Way:
        """The position at the end of the timeline, with the last steps that led there."""
        return Way(self.kept.at(None, self._last).position())

    @property
    def record(self) -> list[Recorded]:  # type: ignore[override]
        """Every entry, in recorded order."""
        return [self.entry(number) for number in range(TERMS_ENTRY + 1, self.last + 1)]

    @property
    def timeline(self) -> Timeline:  # type: ignore[override]
        """The timeline of all that is recorded."""
        return Timeline.of(self.terms, self.record)

    @property
    def late(self) -> set[int]:  # type: ignore[override]
        """The entries that came late."""
        return self.kept.late(self._last)

    @property
    def last(self) -> int:
        """The number of the last entry."""
        return self._last

    @property
    def last_recorded(self) -> datetime:
        """When the last entry was recorded."""
        return self._last_recorded

    def entry(self, number: int) -> Recorded:
        """The entry of a number, from 2 on, as it was recorded."""
        return self._recent[number] if number in self._recent else self._stored(number)

    def acknowledged(self, entry: Entry) -> Recorded | None:
        """The entry recorded before under the same reference with the same content; ReferenceMustBeUnique otherwise."""
        number = self.kept.by_ref(entry.ref) if entry.ref is not None else None
        if number is None:
            return None
        before = self.entry(number)
        if before.entry != entry:
            raise ReferenceMustBeUnique(ref=entry.ref, entry=number)
        return before

    def is_late(self, number: int) -> bool:
        """Whether an entry came late: effective before one that was recorded earlier."""
        row = self.kept.entry(number)
        return row is not None and bool(row.late)

    def _root(self, number: int) -> int:
        row = self.kept.entry(number)
        return row.about if row and row.about else number

    def _chain(self, root: int) -> list[Recorded]:
        return [self.entry(number) for number in self.kept.about(root)]

    def _calendar(self, change: Change) -> list[Standing]:
        numbers = self.kept.at(None, self._last).calendar().entries
        facts = [amended(self._chain(number))[0].get(number) for number in numbers if number != change.root]
        return [fact for fact in (*facts, change.new) if fact is not None]

    def _at(self, change: Change, since: Place) -> int:
        # A fact of its own number stands behind those of its instant; one that an amendment brings back need not.
        is_new = change.root == change.item.number and change.calendar_since is None
        if is_new and since[:2] >= 2 * (self._latest_step,):
            return len(self.way.taken)
        if self._at_hand_since is None or since[0] < self._at_hand_since:
            self._reach(day_of(since[0]))
        return super()._at(change, since)

    def _reach(self, day: date) -> None:
        """Find the position at the beginning of a day, and take the steps since as they were taken before."""
        days, begins = self.position.days, as_instant(day)
        way = Way(self.kept.at(day - timedelta(days=1), self._last).position())
        way.position.days = days
        # A paper received on the day or later came after the opening of the business day before it, at the earliest.
        facts = (amended(self._chain(root))[0].get(root) for root in self.kept.roots_since(days.before(day, 1)))
        steps = (step for fact in facts if fact is not None for step in steps_of(fact, days))
        way.take_all(sorted((step for step in steps if step.at >= begins), key=place))
        self.__dict__["way"], self._at_hand_since = way, begins

    def _told(self, key: Key, day: date) -> Collection[date]:
        return self.kept.days_after(key, day) if day < self.latest_day else ()

    def _keep(self, change: Change, at: int, changes: Iterable[tuple[Key, date, Any]]) -> None:
        item, entry = change.item, change.item.entry
        stands = change.new or change.old
        effect = day_of(stands.entry.effective) if stands else date.min
        if self.way.taken and self.way.taken[-1].step.at > self._latest_step:
            self._latest_step = self.way.taken[-1].step.at
            self.latest_day = day_of(self._latest_step)
        amending = amends(entry)
        effective, late = as_instant(entry.effective), 0
        if not amending:
            late = int(effective < self._latest)
            self._latest = max(self._latest, effective)
        told = counted(self._latest_step) if self._latest_step != LONG_AGO else None
        row = EntryRow(item.number, numbered(effect), told, late, change.root if amending else None, entry.ref)
        kept: list[tuple[Key, date | None, Any]] = list(changes)
        if change.calendar_since is not None:
            kept.append((CALENDAR, None, self._new_calendar(change)))
        self.kept.add(item, row, kept)
        self._recent[item.number] = item
        self._last, self._last_recorded = item.number, item.recorded
        if len(self.way.taken) > 2 * _BACK:
            self._let_go()

    def _new_calendar(self, change: Change) -> Any:
        before = self.kept.at(None, self._last).calendar().entries
        return calendar_of(self.position.days, (*(one for one in before if one != change.root), change.root))

    def _let_go(self) -> None:
        """Keep the last steps at hand, all those of a day or none."""
        del self.way.taken[:-_BACK]
        first = day_of(self.way.taken[0].step.at) + timedelta(days=1)
        self._at_hand_since = as_instant(first)

    def write_in_time(self) -> None:
        """Write what was kept once it is of so many entries that it is not to wait in memory."""
        if self.last % AT_ONCE == 0:
            self.write()

    def write(self) -> None:
        """Write what was kept; from then on entries and pieces are found where they are stored."""
        self.kept.write()
        self._recent.clear()
        pieces = [kept for kept in self.position.kinds.values() if isinstance(kept, Pieces)]
        if sum(kept.at_hand for kept in pieces) > _AT_HAND:
            for kept in pieces:
                kept.let_go(self.kept.at(None, self._last))


def kept_anew(opened: Opened, done: Callable[[], None] = lambda: None) -> KeptBook:
    """Make the tables anew from everything that is recorded, decided again; `done` is called for each entry."""
    connection = opened.rows.published
    make(connection.execute)
    book = KeptBook(Kept.begun(connection, opened.terms), opened.recorded(TERMS_ENTRY), opened.entry)
    for item in map(item_of, opened.stored(TERMS_ENTRY, opened.last())):
        book.admit(item)
        book.write_in_time()
        done()
    book.write()
    return book


def kept_book(opened: Opened) -> KeptBook | None:
    """The book of a ledger as it was kept; None where not all that is recorded was kept."""
    connection = opened.rows.published
    last = kept_up_to(connection.execute)
    if not last or last != opened.last():
        return None
    return KeptBook(Kept(connection, opened.terms, last), opened.recorded(TERMS_ENTRY), opened.entry)
