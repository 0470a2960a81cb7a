"""The two clocks: which entries stand as known at a moment, and in which order they took effect.

*Recorded* is when the ledger learned of an entry; corrections and voidings apply by that clock alone. *Effective* is
when it took effect in law, and orders the timeline. A Notice of Conversion acts twice: when it is telecopied, and at
its deemed receipt, the Conversion Date (§5(f)(i), readings after-hours and conversion-moment), where its holding is
judged.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

from ledger.clauses.business_days import BusinessDays
from ledger.entries import Entry
from ledger.events import (
    BankClosureDeclared,
    CertificateAmended,
    EntryCorrected,
    EntryVoided,
    NoticeCompleted,
    NoticeOfConversionReceived,
    amends,
)
from ledger.moments import as_instant, day_of
from ledger.terms import Terms


class Recorded(NamedTuple):
    """An entry as the ledger holds it: its number, when the ledger learned of it (UTC), what it says, and from whom.

    `by` is who recorded it, where the page knew; like `recorded` it is set by the ledger and never by a journal line.
    """

    number: int
    recorded: datetime
    entry: Entry
    by: str | None = None


class ConversionDate(NamedTuple):
    """§2 §5(f)(i) - The deemed receipt of a notice: derived from its entry, never recorded."""

    notice: str


class Step(NamedTuple):
    """One thing that happens in the timeline; steps sort by instant, then when sent, then entry number, then phase."""

    at: datetime
    sent: datetime
    number: int
    phase: int
    fact: Entry | ConversionDate


class Standing(NamedTuple):
    """What stands of an entry: what it says now, and the amendment that put it so, if any."""

    number: int
    entry: Entry
    amended_by: int | None = None


def amended(record: Iterable[Recorded]) -> tuple[dict[int, Standing], set[int], set[int]]:
    """Apply every correction and voiding of a record: the facts that stand, the amendments that live or are in force.

    The latest living amendment of a fact decides. An amendment lives unless a later living one is aimed at it: voiding
    a correction or a voiding undoes it; correcting a correction puts another replacement in its place, before whatever
    amended the fact since. In force are those that decide, and those that void another.
    """
    facts: dict[int, Standing] = {}
    amendments: dict[int, EntryCorrected | EntryVoided] = {}
    for item in record:
        if amends(item.entry):
            amendments[item.number] = item.entry
        else:
            facts[item.number] = Standing(item.number, item.entry)
    dead: set[int] = set()
    in_force: set[int] = set()
    for number, amendment in sorted(amendments.items(), reverse=True):
        if number not in dead and amendment.entry in amendments:
            dead.add(amendment.entry)
            if isinstance(amendment, EntryVoided):
                in_force.add(number)
    settled: set[int] = set()
    for number in sorted(amendments.keys() - dead - in_force, key=partial(_turn, amendments), reverse=True):
        amendment, root = amendments[number], root_of(number, amendments)
        if root not in settled:
            settled.add(root)
            in_force.add(number)
            if isinstance(amendment, EntryCorrected):
                facts[root] = Standing(root, amendment.replacement, number)
            else:
                del facts[root]
    return facts, amendments.keys() - dead, in_force


def _turn(amendments: Mapping[int, EntryCorrected | EntryVoided], number: int) -> tuple[int, int]:
    """When an amendment speaks of its fact: a correction of a correction when that did, or else as it was recorded."""
    place = number
    while amendments[place].entry in amendments:
        place = amendments[place].entry
    return place, number


def root_of(number: int, amendments: Mapping[int, EntryCorrected | EntryVoided]) -> int:
    """The fact that a chain of amendments is about in the end."""
    while number in amendments:
        number = amendments[number].entry
    return number


def business_days(terms: Terms, facts: Iterable[Standing]) -> BusinessDays:
    """§5(f)(i) §8(b) - The calendar with every closure declared so far, whatever its effective day (banks-open)."""
    facts = list(facts)
    amendments = [fact for fact in facts if isinstance(fact.entry, CertificateAmended)]
    for fact in sorted(amendments, key=lambda fact: (as_instant(fact.entry.effective), fact.number)):
        assert isinstance(fact.entry, CertificateAmended)
        terms = terms.amended(fact.entry.terms, day_of(fact.entry.effective))
    closures = {
        fact.entry.closed_on: f"declared closure{f': {fact.entry.reason}' if fact.entry.reason else ''}"
        for fact in facts
        if isinstance(fact.entry, BankClosureDeclared)
    }
    return BusinessDays(terms, closures)


_PAPERS = (NoticeOfConversionReceived, NoticeCompleted)
"""§5(f)(i) - What is received: a notice with copies of the certificates, or the copies that were missing."""


def steps_of(fact: Standing, days: BusinessDays) -> Iterator[Step]:
    """The steps an entry takes in the timeline: its own, and for a complete notice its Conversion Date."""
    number, entry = fact.number, fact.entry
    at = as_instant(entry.effective)
    yield Step(at, at, number, 0, entry)
    if type(entry) in _PAPERS and getattr(entry, "copies", True):
        yield Step(days.receipt(at), at, number, 1, ConversionDate(entry.notice))  # type: ignore[attr-defined]


def received(step: Step, days: BusinessDays) -> Step:
    """§5(f)(i) - A step by another calendar: a Conversion Date is the deemed receipt of what was sent."""
    return step._replace(at=days.receipt(step.sent)) if step.phase else step


Place = tuple[datetime, datetime, int, int]
"""Where a step stands: its instant, the instant it was sent, its entry's number, its phase."""


def place(step: Step) -> Place:
    """Where a step stands: by its instant, the instant it was sent, its entry's number, its phase."""
    return step[:4]


@dataclass(slots=True)
class Timeline:
    """The facts that stand, the amendments that live and are in force, the calendar, and every step in its order."""

    facts: dict[int, Standing]
    living: set[int]
    in_force: set[int]
    days: BusinessDays
    steps: list[Step]

    @classmethod
    def of(cls, terms: Terms, record: Iterable[Recorded]) -> "Timeline":
        """The timeline of a record under some terms."""
        facts, living, in_force = amended(record)
        days = business_days(terms, facts.values())
        steps = sorted((step for fact in facts.values() for step in steps_of(fact, days)), key=place)
        return cls(facts, living, in_force, days, steps)
