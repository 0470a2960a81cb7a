"""§5(f)(i) - Business days: 9:00 a.m. to 5:00 p.m. on any day on which banks are open in Palm Beach County, Florida.

Readings banks-open (the Federal Reserve's holidays, less declared closures), after-hours (received at the next opening)
and payment-roll (§2: a payment date that is no business day is due on the next one).

Pure: no clock, no store, no events.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ledger.clauses.bank_holidays import bank_holidays
from ledger.moments import ZONE, as_instant
from ledger.terms import Terms

_DAY = timedelta(days=1)
_WEEKEND = {5: "Saturday", 6: "Sunday"}


@dataclass(frozen=True)
class BusinessDays:
    """§5(f)(i) - The certificate's calendar: its hours, and the closures declared beside the published holidays."""

    terms: Terms
    closures: Mapping[date, str] = field(default_factory=dict)

    def why_closed(self, day: date) -> str | None:
        """Why banks are closed on a day: a weekend, a holiday by name, a declared closure; None where they are open."""
        return _WEEKEND.get(day.weekday()) or bank_holidays(day.year).get(day) or self.closures.get(day)

    def is_open(self, day: date) -> bool:
        """Whether banks are open on a day."""
        return self.why_closed(day) is None

    def on_or_after(self, day: date) -> date:
        """The first business day on or after a day (reading payment-roll)."""
        while not self.is_open(day):
            day += _DAY
        return day

    def counted_from(self, day: date) -> Iterator[tuple[date, str | None]]:
        """The days after a day, each with why it does not count, or None where it is a business day."""
        while True:
            day += _DAY
            yield day, self.why_closed(day)

    def after(self, day: date, count: int) -> date:
        """The business day that is `count` business days after a day, that day excluded."""
        for later, closed in self.counted_from(day):
            count -= closed is None
            if count == 0:
                return later
        raise AssertionError("days do not end")

    def before(self, day: date, count: int) -> date:
        """The business day that is `count` business days before a day, that day excluded."""
        while count:
            day -= _DAY
            count -= self.is_open(day)
        return day

    def receipt(self, instant: datetime) -> datetime:
        """When a paper that came at an instant is received, in UTC: then, or at the next opening (after-hours)."""
        local = instant.astimezone(ZONE)
        day = local.date()
        if self.is_open(day):
            law = self.terms.on(day)
            if law.business_opens.value <= local.time() <= law.business_closes.value:
                return instant
            if local.time() > law.business_closes.value:
                day += _DAY
        else:
            day += _DAY
        return self.opening(self.on_or_after(day))

    def opening(self, day: date) -> datetime:
        """The instant (UTC) at which a day's business hours begin."""
        return as_instant(datetime.combine(day, self.terms.on(day).business_opens.value, ZONE))

    def closing(self, day: date) -> datetime:
        """The last instant (UTC) of a day's business hours."""
        return as_instant(datetime.combine(day, self.terms.on(day).business_closes.value, ZONE))
