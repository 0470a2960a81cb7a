"""A ledger in memory: its terms, its record, its timeline and the position at the timeline's end.

An entry is admitted at its place in the timeline. Behind everything so far that is one step of the fold; a late entry,
a correction, a voiding or a bank closure re-derives the timeline, and is refused where an entry after it would fail.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from ledger.decisions.rules import decide
from ledger.entries import Entry
from ledger.errors import Refusal
from ledger.events import BankClosureDeclared, CertificateAmended, EntryCorrected, EntryVoided
from ledger.moments import as_instant, day_of
from ledger.position.fold import advance, fold
from ledger.position.moved import Moved, Taken
from ledger.position.state import Position
from ledger.refusals import EntryMustStand, LaterEntryMustStand, ReferenceMustBeUnique
from ledger.terms import Terms
from ledger.timeline import Recorded, Standing, Step, Timeline, place, steps_of

TERMS_ENTRY = 1
"""The number of the entry that holds the terms; the first journal line is the next."""


LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""Before every entry: when a ledger in memory was begun."""


def decided(terms: Terms, timeline: Timeline) -> Position:
    """The position at the end of a timeline, every step decided again in its place; or its first Refusal."""
    position = Position(terms, timeline.days)
    for step in timeline.steps:
        decide(position, step)
        advance(position, step)
    return position


def impossible(terms: Terms, timeline: Timeline) -> list[int]:
    """The entries of a timeline that cannot have happened, in its order: what is refused is passed over.

    So an entry that rests on another which cannot have happened is itself one that cannot. A notice that is refused at
    its Conversion Date is passed over from the moment it was telecopied.
    """
    halfway = set[int]()
    while True:
        position, refused = Position(terms, timeline.days), dict[int, None]()
        found = len(halfway)
        for step in timeline.steps:
            if step.number in refused or step.number in halfway:
                refused[step.number] = None
                continue
            try:
                decide(position, step)
            except Refusal:
                refused[step.number] = None
                halfway |= {step.number} if step.phase else set()
            else:
                advance(position, step)
        if len(halfway) == found:
            return list(refused)


def _is_of(item: Recorded, fact: Standing) -> bool:
    """Whether what stands of an entry is what an entry just recorded says."""
    return item.number in (fact.number, fact.amended_by)


class Book:
    """Everything recorded so far under some terms, ready to decide the next entry and to answer."""

    def __init__(self, terms: Terms, record: Iterable[Recorded] = (), begun: datetime = LONG_AGO) -> None:
        """Take the terms, when they were recorded, and what was recorded since, already decided, in recorded order."""
        self.terms, self.begun = terms, begun
        self.record = list(record)
        self.timeline = Timeline.of(terms, self.record)
        self._position: Position | None = None
        self._taken: Taken | None = None
        self.late: set[int] = set()
        self._latest = LONG_AGO
        for item in self.record:
            self._note_lateness(item)
        self._refs = {item.entry.ref: item for item in self.record if item.entry.ref is not None}

    @property
    def position(self) -> Position:
        """The position at the end of the timeline."""
        if self._position is None:
            self._position = fold(self.terms, self.timeline.days, self.timeline.steps)
        return self._position

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

    def acknowledged(self, entry: Entry) -> Recorded | None:
        """The entry recorded before under the same reference with the same content; ReferenceMustBeUnique otherwise."""
        before = self._refs.get(entry.ref) if entry.ref is not None else None
        if before is not None and before.entry != entry:
            raise ReferenceMustBeUnique(ref=entry.ref, entry=before.number)
        return before

    def admit(self, item: Recorded) -> Moved:
        """Decide an entry at its place and keep it, saying what it moved; a Refusal leaves the book as it was."""
        before = self._taken or Taken.of(self.position)
        if isinstance(item.entry, EntryCorrected | EntryVoided):
            self._must_stand(item.entry)
        if isinstance(
            item.entry, EntryCorrected | EntryVoided | BankClosureDeclared | CertificateAmended
        ) or not self._admit_last(item):
            self._admit_anew(item)
        self.record.append(item)
        self._note_lateness(item)
        if item.entry.ref is not None:
            self._refs[item.entry.ref] = item
        self._taken = Taken.of(self.position)
        return before.moved_to(self._taken)

    def _note_lateness(self, item: Recorded) -> None:
        """Late is an entry effective before one that was recorded earlier; a correction's own day orders nothing."""
        if isinstance(item.entry, EntryCorrected | EntryVoided):
            return
        effective = as_instant(item.entry.effective)
        if effective < self._latest:
            self.late.add(item.number)
        self._latest = max(self._latest, effective)

    def _admit_last(self, item: Recorded) -> bool:
        """Admit an entry whose steps all lie behind the timeline so far; say whether they do."""
        timeline, fact = self.timeline, Standing(item.number, item.entry)
        steps = list(steps_of(fact, timeline.days))
        if timeline.steps and place(steps[0]) < place(timeline.steps[-1]):
            return False
        try:
            for step in steps:
                decide(self.position, step)
                advance(self.position, step)
        except Refusal:
            self._position = None  # it may have taken a step of what was refused
            raise
        timeline.facts[item.number] = fact
        timeline.steps.extend(steps)
        return True

    def _admit_anew(self, item: Recorded) -> None:
        """Admit an entry that changes what came before the end: every step is decided again in its place."""
        timeline = Timeline.of(self.terms, [*self.record, item])
        try:
            position = decided(self.terms, timeline)
        except Refusal as refusal:
            if _is_of(item, timeline.facts[refusal.entry]):
                raise
            later = [
                (one.number, f"{one.entry.word}, {day_of(one.entry.effective)}")
                for one in (timeline.facts[number] for number in impossible(self.terms, timeline))
                if not _is_of(item, one)
            ]
            raise LaterEntryMustStand.of(item.entry.word, later, because=refusal) from refusal
        self.timeline, self._position = timeline, position

    def _must_stand(self, amendment: EntryCorrected | EntryVoided) -> None:
        """A correction or voiding is aimed at an entry that stands, and a correction not at a voiding."""
        target, last = amendment.entry, self.last
        if target == TERMS_ENTRY:
            why = "Entry 1 holds the terms of the certificate, which only its own amendment changes"
        elif target > last:
            why = f"The ledger has entries 1 to {last}"
        elif target not in self.timeline.facts and target not in self.timeline.living:
            why = f"Entry {target} stands no longer: a later correction or voiding took its place"
        elif isinstance(amendment, EntryCorrected) and isinstance(self.entry(target).entry, EntryVoided):
            why = f"Entry {target} is a voiding, which can be voided and not corrected"
        else:
            return
        done = "corrected" if isinstance(amendment, EntryCorrected) else "voided"
        raise EntryMustStand(entry=target, done=done, why=why)

    def entry(self, number: int) -> Recorded:
        """The entry of a number, from 2 on, as it was recorded."""
        return self.record[number - TERMS_ENTRY - 1]
