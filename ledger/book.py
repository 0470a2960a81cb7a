"""A ledger in memory: its terms, its record, its timeline and the position at the timeline's end.

An entry is admitted at its place in the timeline. Behind everything so far that is one step of the fold. For a late
entry, a correction, a voiding or a bank closure the steps from its place on are taken back, and decided again behind
it; it is refused where one of them would fail.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from ledger.change import Change
from ledger.clauses.business_days import BusinessDays
from ledger.decisions.rules import decide
from ledger.entries import Entry
from ledger.errors import Refusal
from ledger.events import EntryCorrected, EntryVoided, amends
from ledger.moments import as_instant, day_of, end_of
from ledger.position.fold import fold
from ledger.position.moved import Before, Moved
from ledger.position.pieces import Key
from ledger.position.state import Position
from ledger.position.way import Anew, Way, differences
from ledger.refusals import EntryMustStand, LaterEntryMustStand, ReferenceMustBeUnique
from ledger.rows import TERMS_ENTRY
from ledger.terms import Terms
from ledger.timeline import (
    Place,
    Recorded,
    Standing,
    Step,
    Timeline,
    amended,
    business_days,
    place,
    received,
    root_of,
    steps_of,
)

LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""Before every entry: when a ledger in memory was begun."""


def decided(terms: Terms, timeline: Timeline) -> Position:
    """The position at the end of a timeline, every step decided again in its place; or its first Refusal."""
    way = Way(Position(terms, timeline.days))
    for step in timeline.steps:
        way.take(step, decide)
        way.taken.clear()  # none is taken back, and all together would be most of the memory
    return way.position


def impossible(way: Way, steps: Sequence[Step]) -> list[int]:
    """The entries of some further steps that cannot have happened, in order: what is refused is passed over.

    So an entry that rests on another which cannot have happened is itself one that cannot. A notice that is refused at
    its Conversion Date is passed over from the moment it was telecopied. The way is left as it was.
    """
    halfway, begun = set[int](), len(way.taken)
    while True:
        refused, found = dict[int, None](), len(halfway)
        for step in steps:
            if step.number in refused or step.number in halfway:
                refused[step.number] = None
                continue
            try:
                way.take(step, decide)
            except Refusal:
                refused[step.number] = None
                halfway |= {step.number} if step.phase else set()
        way.back_to(begun)
        if len(halfway) == found:
            return list(refused)


class Book:
    """Everything recorded so far under some terms, ready to decide the next entry and to answer."""

    def __init__(self, terms: Terms, record: Iterable[Recorded] = (), begun: datetime = LONG_AGO) -> None:
        """Take the terms, when they were recorded, and what was recorded since, already decided, in recorded order."""
        self.terms, self.begun = terms, begun
        self.record = list(record)
        self.timeline = Timeline.of(terms, self.record)
        self._way: Way | None = None
        self.late: set[int] = set()
        self._latest = LONG_AGO
        self._amendments = dict[int, EntryCorrected | EntryVoided]()
        self._refs = dict[str, Recorded]()
        for item in self.record:
            self._note(item)

    @property
    def way(self) -> Way:
        """The position at the end of the timeline, with the steps that led there."""
        if self._way is None:
            self._way = Way(Position(self.terms, self.timeline.days))
            self._way.take_all(self.timeline.steps)
        return self._way

    @property
    def position(self) -> Position:
        """The position at the end of the timeline."""
        return self.way.position

    @property
    def days(self) -> BusinessDays:
        """§5(f)(i) - The calendar as known."""
        return self.timeline.days

    @property
    def last(self) -> int:
        """The number of the last entry."""
        return TERMS_ENTRY + len(self.record)

    @property
    def last_recorded(self) -> datetime:
        """When the last entry was recorded."""
        return self.record[-1].recorded if self.record else self.begun

    def known(self, known_at: datetime | None) -> "Book":
        """The book as it was known at an instant: this one, or one of the entries recorded by then."""
        if known_at is None or not self.record or self.record[-1].recorded <= known_at:
            return self
        return Book(self.terms, (item for item in self.record if item.recorded <= known_at), self.begun)

    def position_before(self, instant: datetime) -> Position:
        """The position after every step that took effect before an instant."""
        return fold(self.terms, self.timeline.days, self.steps_before(instant))

    def steps_before(self, instant: datetime) -> Sequence[Step]:
        """The steps of the timeline that took effect before an instant."""
        steps = self.timeline.steps
        return steps[: bisect_left(steps, instant, key=lambda step: step.at)]

    def steps_in_turn(self, first: date, last: date) -> Iterable[Step]:
        """Everything that took effect from one day through another, for whoever takes one after the other."""
        return self.steps_on(first, last)

    def steps_on(self, first: date, last: date) -> Sequence[Step]:
        """Everything that took effect from one day through another, in order."""
        steps = self.steps_before(end_of(last))
        return steps[bisect_left(steps, as_instant(first), key=lambda step: step.at) :]

    def standing(self, root: int) -> Standing | None:
        """What stands of a fact; None where it was voided."""
        return self.timeline.facts.get(root)

    def facts(self, numbers: Iterable[int]) -> list[Standing]:
        """What stands of some facts, in their order."""
        return [fact for number in numbers if (fact := self.standing(number)) is not None]

    def facts_of(self, kinds: Collection[str], day: date) -> list[int]:
        """The facts that are of some kinds as they stand and took effect by the end of a day, by their day."""
        told = ((day_of(fact.entry.effective), fact) for fact in self.timeline.facts.values())
        return [number for on, (number, entry, _) in sorted(told) if on <= day and entry.word in kinds]

    def recorded_since(self, instant: datetime | None) -> Iterable[Recorded]:
        """The entries recorded after an instant, or all of them, in recorded order."""
        return (item for item in self.record if instant is None or item.recorded > instant)

    def acknowledged(self, entry: Entry) -> Recorded | None:
        """The entry recorded before under the same reference with the same content; ReferenceMustBeUnique otherwise."""
        before = self._refs.get(entry.ref) if entry.ref is not None else None
        if before is not None and before.entry != entry:
            raise ReferenceMustBeUnique(ref=entry.ref, entry=before.number)
        return before

    def admit(self, item: Recorded) -> None:
        """Decide an entry at its place and keep it; a Refusal leaves the book as it was."""
        self._admitted(item)

    def told(self, item: Recorded) -> Moved:
        """Admit an entry, and say what it moved."""
        before = Before(self.position)
        before.pieces = self._admitted(item)
        return before.moved()

    def _admitted(self, item: Recorded) -> dict[Key, Any]:
        """Admit an entry; the pieces at the end of the timeline that it moved, as they were before."""
        change = self._change(item)
        was = days = self.position.days
        if change.calendar_since is not None:
            days = business_days(self.terms, self._calendar(change))
        old = list(steps_of(change.old, was)) if change.old else []
        new = list(steps_of(change.new, days)) if change.new else []
        at = self._at(change, change.since([*old, *new]))
        moved = self._go_anew(change, at, new, days)
        self._keep(change, at, differences(moved.values, self._told))
        return moved.otherwise

    def _change(self, item: Recorded) -> Change:
        """What an entry changes of what stands; EntryMustStand where it amends what stands no longer."""
        if not amends(item.entry):
            return Change(item, item.number, None, Standing(item.number, item.entry))
        if not TERMS_ENTRY < item.entry.entry <= self.last:
            raise self._stands_not(item.entry)
        root = self._root(item.entry.entry)
        chain = self._chain(root)
        facts, living, _ = amended(chain)
        target = item.entry.entry
        voiding = target != root and isinstance(self.entry(target).entry, EntryVoided)
        if (target not in facts and target not in living) or (voiding and isinstance(item.entry, EntryCorrected)):
            raise self._stands_not(item.entry)
        return Change(item, root, facts.get(root), amended([*chain, item])[0].get(root))

    def _stands_not(self, amendment: EntryCorrected | EntryVoided) -> EntryMustStand:
        target = amendment.entry
        if target == TERMS_ENTRY:
            why = "Entry 1 holds the terms of the certificate, which only its own amendment changes"
        elif target > self.last:
            why = f"The ledger has entries 1 to {self.last}"
        elif not self._is_living(target):
            why = f"Entry {target} stands no longer: a later correction or voiding took its place"
        else:
            why = f"Entry {target} is a voiding, which can be voided and not corrected"
        done = "corrected" if isinstance(amendment, EntryCorrected) else "voided"
        return EntryMustStand(entry=target, done=done, why=why)

    def _is_living(self, target: int) -> bool:
        facts, living, _ = amended(self._chain(self._root(target)))
        return target in facts or target in living

    def _root(self, number: int) -> int:
        """The fact that an entry is about in the end: itself, unless it amends another."""
        return root_of(number, self._amendments)

    def _chain(self, root: int) -> list[Recorded]:
        """A fact and every amendment of it, in recorded order."""
        return [self.entry(root), *(self.entry(one) for one in self._amendments if self._root(one) == root)]

    def _calendar(self, change: Change) -> list[Standing]:
        """§5(f)(i) §8(b) - The closures and amendments of the terms that stand after a change."""
        facts = [fact for fact in self.timeline.facts.values() if fact.number != change.root]
        return facts if change.new is None else [*facts, change.new]

    def _at(self, change: Change, since: Place) -> int:
        """How many of the steps at hand lie before everything that a change may move."""
        return bisect_left(self.way.taken, since, key=lambda one: place(one.step))

    def _go_anew(self, change: Change, at: int, new: Sequence[Step], days: BusinessDays) -> Anew:
        """Take the steps back from a place on, and then those that stand after a change, decided again."""
        way, was = self.way, self.position.days
        back = way.back_to(at)
        left = (one.step for one in back if one.step.number != change.root)
        steps = sorted([*new, *(left if days is was else (received(step, days) for step in left))], key=place)
        way.position.days = days
        anew = Anew(way)
        try:
            anew.take_all(back, steps, decide, every=days is not was)
        except Refusal as refusal:
            way.back_to(at)
            own = change.is_own and refusal.entry == change.root
            numbers = [] if own else impossible(way, steps)
            way.position.days = was
            way.take_again(back)
            if own:
                raise
            later = [
                (number, f"{entry.word}, {day_of(entry.effective)}")
                for number, entry in ((number, self._says(change, number)) for number in numbers)
                if not (change.is_own and number == change.root)
            ]
            raise LaterEntryMustStand.of(change.item.entry.word, later, because=refusal) from refusal
        return anew

    def _says(self, change: Change, number: int) -> Entry:
        """What stands of a fact after a change."""
        if number == change.root and change.new is not None:
            return change.new.entry
        return amended(self._chain(number))[0][number].entry

    def _told(self, key: Key, day: date) -> Collection[date]:
        """The days after one of which a piece was ever told."""
        return ()

    def _keep(self, change: Change, at: int, changes: Iterable[tuple[Key, date, Any]]) -> None:
        """Keep an entry that was decided."""
        timeline, item = self.timeline, change.item
        self.record.append(item)
        self._note(item)
        timeline.days = self.position.days
        timeline.steps[at:] = [one.step for one in self.way.taken[at:]]
        if item.number == change.root:
            timeline.facts[item.number] = Standing(item.number, item.entry)
        else:
            timeline.facts, timeline.living, timeline.in_force = amended(self.record)

    def _note(self, item: Recorded) -> None:
        """Late is an entry effective before one that was recorded earlier; a correction's own day orders nothing."""
        if item.entry.ref is not None:
            self._refs[item.entry.ref] = item
        if amends(item.entry):
            self._amendments[item.number] = item.entry
            return
        effective = as_instant(item.entry.effective)
        if effective < self._latest:
            self.late.add(item.number)
        self._latest = max(self._latest, effective)

    def is_late(self, number: int) -> bool:
        """Whether an entry came late: effective before one that was recorded earlier."""
        return number in self.late

    def entry(self, number: int) -> Recorded:
        """The entry of a number, from 2 on, as it was recorded."""
        return self.record[number - TERMS_ENTRY - 1]
