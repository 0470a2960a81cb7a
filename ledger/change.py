"""What an entry changes of what stands, and from which place of the timeline on anything may be another for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from ledger.events import BankClosureDeclared, CertificateAmended
from ledger.moments import as_instant, day_of
from ledger.timeline import Place, Recorded, Standing, Step, place

_BEHIND_ALL: Place = (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), 0, 0)
"""The place of what has none: an amendment by which nothing changes that stands."""

_CALENDAR = (BankClosureDeclared, CertificateAmended)
"""§5(f)(i) §8(b) - What business days and hours rest on."""


@dataclass(frozen=True)
class Change:
    """What stood of a fact before an entry was recorded, and what stands of it since; None where nothing does."""

    item: Recorded
    root: int
    old: Standing | None
    new: Standing | None

    @cached_property
    def calendar_since(self) -> date | None:
        """§5(f)(i) §8(b) - The first day on which business days or hours may be others; None where none is."""
        days = list[date]()
        for fact in (self.old, self.new):
            if fact is not None and type(fact.entry) in _CALENDAR:
                closed_on = getattr(fact.entry, "closed_on", None)
                days.append(closed_on or day_of(fact.entry.effective))
        return min(days, default=None)

    @property
    def is_own(self) -> bool:
        """Whether what stands now is what the entry itself says."""
        return self.new is not None and self.item.number in (self.new.number, self.new.amended_by)

    def since(self, steps: Iterable[Step]) -> Place:
        """The first place that the change may move, of all its steps before it and after it."""
        first = min(map(place, steps), default=_BEHIND_ALL)
        if self.calendar_since is None:
            return first
        # Whatever was reckoned before the first of these days came to a day before it, and is as it was.
        begins = as_instant(self.calendar_since)
        return min(first, (begins, begins, 0, 0))
