"""A ledger whose positions were kept, as it is asked: a position is found by a few look-ups, whatever its size.

It stands in for a book: an entry, what amends it and what took effect on some days are looked up too. Whatever else is
asked of the entries reads them all, and only then needs what decides.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ledger.errors import WholeRecordMustBeAskedFor
from ledger.kept.positions import Kept
from ledger.kept.tables import day_numbered, kept_up_to, latest, numbered
from ledger.moments import LAST_DAY, as_instant, day_of, end_of
from ledger.opened import Opened
from ledger.position.state import Position
from ledger.rows import TERMS_ENTRY
from ledger.terms import Terms

if TYPE_CHECKING:
    from ledger.book import Book
    from ledger.clauses.business_days import BusinessDays
    from ledger.timeline import Recorded, Standing, Step

_AT_ONCE = 1_000
"""About how many entries are looked up together, where all are gone through."""

_NO_DAY = numbered(date.min)
"""The day kept of an amendment by which nothing takes effect."""


class AskedBook:
    """Everything recorded up to an entry, to be asked."""

    def __init__(self, opened: Opened, last: int) -> None:
        """Take the ledger and the last entry that counts as known."""
        self._opened, self.last = opened, last
        self._standing: dict[int, Standing | None] = {}

    @cached_property
    def terms(self) -> Terms:
        """The terms that the ledger was begun with."""
        return self._opened.terms

    @cached_property
    def _kept(self) -> Kept:
        return Kept(self._opened.rows.published, self.terms, self.last)

    @cached_property
    def late(self) -> set[int]:
        """The entries that came late."""
        return self._kept.late(self.last)

    def known(self, known_at: datetime | None) -> "AskedBook":
        """The ledger as it was known at an instant."""
        last = max(1, min(self._opened.last(known_at), self.last))
        return self if last == self.last else AskedBook(self._opened, last)

    def _must_be_few(self, entries: int) -> None:
        """WholeRecordMustBeAskedFor where entries are more than may be read again for an answer."""
        if self._opened.most is not None and entries > self._opened.most:
            raise WholeRecordMustBeAskedFor(entries=entries)

    def up_to(self, number: int) -> "AskedBook":
        """The ledger as it was when an entry was its last."""
        return AskedBook(self._opened, number)

    @property
    def begun(self) -> datetime:
        """When the ledger was begun."""
        return self._opened.recorded(TERMS_ENTRY)

    @property
    def last_recorded(self) -> datetime:
        """When the last entry was recorded."""
        return self._opened.recorded(self.last)

    def entry(self, number: int) -> "Recorded":
        """The entry of a number, from 2 on, as it was recorded."""
        return self._opened.entry(number)

    def is_late(self, number: int) -> bool:
        """Whether an entry came late: effective before one that was recorded earlier."""
        row = self._kept.entry(number)
        return row is not None and bool(row.late)

    def recorded_since(self, instant: datetime | None) -> "Iterator[Recorded]":
        """The entries recorded after an instant, or all of them, in recorded order; none is kept in memory.

        WholeRecordMustBeAskedFor where they are more than may be read.
        """
        from ledger.stored_entries import item_of  # noqa: PLC0415 - as `whole` says

        after = TERMS_ENTRY if instant is None else max(self._opened.last(instant), TERMS_ENTRY)
        self._must_be_few(self.last - after)
        return map(item_of, self._opened.stored(after, self.last))

    @cached_property
    def _amended(self) -> set[int]:
        """Every amendment, and every fact that one is about."""
        asked = "SELECT entry, about FROM kept_entries WHERE about IS NOT NULL AND entry <= ?"
        return {number for row in self._all(asked, self.last) for number in row}

    def chain(self, number: int) -> "list[Recorded]":
        """The fact that an entry is about in the end, and every amendment of it, in recorded order."""
        if number not in self._amended:
            return [self.entry(number)]
        row = self._kept.entry(number)
        root = row.about if row and row.about else number
        return [self.entry(one) for one in self._kept.about(root)]

    def standing(self, root: int) -> "Standing | None":
        """What stands of a fact; None where it was voided."""
        from ledger.timeline import amended  # noqa: PLC0415 - as `whole` says

        if root not in self._standing:
            self._standing[root] = amended(self.chain(root))[0].get(root)
        return self._standing[root]

    def facts(self, numbers: Collection[int]) -> "list[Standing]":
        """What stands of some facts, in their order; WholeRecordMustBeAskedFor where they are more than may be read."""
        self._must_be_few(len(numbers))
        return [fact for number in numbers if (fact := self.standing(number)) is not None]

    @cached_property
    def days(self) -> "BusinessDays":
        """§5(f)(i) - The calendar as known."""
        return self._kept.at(None, self.last).position().days

    def steps_on(self, first: date, last: date) -> "list[Step]":
        """Everything that took effect from one day through another, in order."""
        from ledger.timeline import place, steps_of  # noqa: PLC0415 - as `whole` says

        # A paper received on the day or later came after the opening of the business day before it, at the earliest.
        facts = self.facts(self.effective(self.days.before(first, 1), last))
        steps = (step for fact in facts for step in steps_of(fact, self.days))
        return sorted((step for step in steps if as_instant(first) <= step.at < end_of(last)), key=place)

    def steps_in_turn(self, first: date, last: date) -> "Iterator[Step]":
        """Everything that took effect from one day through another, in order, looked up some days at a time.

        What was looked up is not kept in memory, however many entries there are.
        """
        days = "SELECT day, row_number() OVER (ORDER BY day) AS place FROM kept_entries WHERE day > ? AND entry <= ?"
        found = self._all(f"SELECT day FROM ({days}) WHERE (place - 1) % ? = 0", _NO_DAY, self.last, _AT_ONCE)
        # What the earliest of all days is cut to is the first day too: a Conversion Date may lie behind its notice.
        within = {min(max(day, numbered(first)), numbered(last)) for (day,) in found}
        for begin, following in pairwise(sorted({*within, numbered(last) + 1})):
            yield from self.steps_on(day_numbered(begin), day_numbered(following - 1))
            self._standing.clear()

    def step_before(self, day: date) -> "Step | None":
        """What took effect last before a day."""
        asked = "SELECT max(day) FROM kept_entries WHERE day < ? AND day > ? AND entry <= ?"
        while (found := self._one(asked, numbered(day), _NO_DAY, self.last)) is not None:
            first = day_numbered(found)
            if steps := self.steps_on(first, day - timedelta(days=1)):
                return steps[-1]
            day = first  # what was said of that day no longer stands
        return None

    def step_after(self, day: date) -> "Step | None":
        """What took effect first after a day."""
        asked = "SELECT min(day) FROM kept_entries WHERE day > ? AND entry <= ?"
        while day < LAST_DAY:
            following, found = day + timedelta(days=1), self._one(asked, numbered(day), self.last)
            # After the last day of any entry there is at most the Conversion Date of a notice received behind hours.
            last = day_numbered(found) if found is not None else self.days.on_or_after(following)
            if steps := self.steps_on(following, last):
                return steps[0]
            if found is None:
                break
            day = last
        return None

    def effective(self, first: date, last: date) -> list[int]:
        """The facts of which it was ever said that they take effect from one day through another."""
        asked = "SELECT DISTINCT coalesce(about, entry) FROM kept_entries WHERE day >= ? AND day <= ? AND entry <= ?"
        days = max(numbered(first), _NO_DAY), numbered(last)
        return sorted(number for (number,) in self._all(asked, *days, self.last))

    def told_after(self, number: int) -> list[tuple[int, int | None]]:
        """The entries recorded after one, each with the fact that it is about where it amends another."""
        asked = "SELECT entry, about FROM kept_entries WHERE entry > ? AND entry <= ? ORDER BY entry"
        return self._all(asked, number, self.last)

    def recorded_as(self, kinds: Collection[str]) -> list[int]:
        """The entries recorded as one of some kinds, by number."""
        return self._opened.rows.worded(kinds, self.last)

    def facts_of(self, kinds: Collection[str], day: date) -> list[int]:
        """The facts that are of some kinds as they stand and took effect by the end of a day, by their day."""
        asked = "SELECT entry, day FROM kept_entries WHERE entry IN (SELECT value FROM json_each(?)) AND day <= ?"
        numbers, until = str(self.recorded_as(kinds)), numbered(day)
        days: dict[int, int] = dict(self._all(f"{asked} ORDER BY day, entry", numbers, until))
        roots = self._all("SELECT DISTINCT about FROM kept_entries WHERE about IS NOT NULL AND entry <= ?", self.last)
        for (root,) in roots:
            days.pop(root, None)
            fact = self.standing(root)
            if fact is not None and fact.entry.word in kinds and day_of(fact.entry.effective) <= day:
                days[root] = numbered(day_of(fact.entry.effective))
        return sorted(days, key=lambda one: (days[one], one)) if roots else list(days)

    def _all(self, question: str, *given: Any) -> list[Any]:
        return list(self._opened.rows.published.execute(question, given))

    def _one(self, question: str, *given: Any) -> Any:
        return self._all(question, *given)[0][0]

    def position_before(self, instant: datetime) -> Position:
        """The position at the end of the day before an instant, at which a day begins."""
        day = day_of(instant - timedelta(microseconds=1))
        # After the last day there is nothing to look through: many entries may have been recorded since.
        end = latest(self._kept.entry(self.last))
        return self._kept.at(min(day, day_of(end)) if end else date.min, self.last).position()

    @cached_property
    def whole(self) -> "Book":
        """The book of all its entries, read again; WholeRecordMustBeAskedFor where that are more than were to be."""
        self._must_be_few(self.last - TERMS_ENTRY)
        from ledger.book import Book  # noqa: PLC0415 - whoever asks for a position needs nothing of what decides
        from ledger.stored_entries import item_of  # noqa: PLC0415

        return Book(self.terms, map(item_of, self._opened.stored(TERMS_ENTRY, self.last)), self._opened.recorded(1))

    def __getattr__(self, name: str) -> Any:
        """Whatever else a book has."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.whole, name)


def asked_book(opened: Opened) -> "Book | AskedBook":
    """What is recorded in a ledger, to be asked: as it was kept, where all of it was; otherwise read again."""
    last = opened.last()
    asked = AskedBook(opened, last)
    return asked if kept_up_to(opened.rows.published.execute) == last else asked.whole
