"""What the fold keeps: a position, made of frozen pieces and of the figures that are kept up with them.

A position moves; its pieces are replaced when they change. The sums over certificates and notices are kept up with
every change of one, so that no step and no question goes through all of them. Quantities are exact: shares, dollars,
or Common Stock for one share of Series H.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Any

from ledger.clauses import adjustment, dividends
from ledger.clauses.business_days import BusinessDays
from ledger.exact import Fraction
from ledger.figures import ZERO
from ledger.moments import day_of
from ledger.position.company import Company, Liquidation
from ledger.position.pieces import Key, Noted, Ordered, Pieces, Source
from ledger.position.stock import Adjustment, Certificate, CommonStock, Holder, Notice, Redemption, Stretch
from ledger.terms import Terms

COMMON = "Common Stock"

SERIES = (
    "terms",
    "rate",
    "into",
    "splits",
    "liquidation",
    "common",
    "issued",
    "outstanding",
    "converted",
    "redeemed",
    "reacquired",
    "dividends_paid",
    "paid_on_outstanding",
    "due_on_conversion",
    "pending_common",
    "uncounted",
)
"""What a position has once, for the whole series."""

LAW_KEY: Key = ("law", "")
COMMON_KEY: Key = ("common", "")
SERIES_KEY: Key = ("series", "")
ONCE = {LAW_KEY: slice(5), COMMON_KEY: slice(5, 6), SERIES_KEY: slice(6, None)}
"""The keys under which what a position has once counts as three pieces, and the part of it that each is.

What seldom changes, the terms and what a share converts into; the Common Stock, which often changes alone; the figures.
"""

COMMON_LOOKED_AT: Key = ("", "common")
"""The key under which it is noted that the Common Stock was looked at, as if it were a piece."""

_series = attrgetter(*("_common" if name == "common" else name for name in SERIES))


@dataclass(slots=True)
class Position:
    """Everything that is so at a point of the timeline, under some terms and a calendar of business days.

    Beside the pieces: shares from `issued` to `reacquired`; dollars of `dividends_paid`, `paid_on_outstanding` of
    them on shares still outstanding; `due_on_conversion`, dollars that fell due on Conversion Dates and are unpaid;
    `pending_common`, shares of Common of notices that converted and await delivery. `accruing` are the shares
    outstanding by the day they accrue from, year by year; `holdings_of` the live certificates' numbers of every
    holder there ever was, `holders` what is registered of them; `open` the notices still open, by the day of their
    telecopy; `standing` the years and days of these two that there is something of, by their kind: there are few of
    them, however many there ever were. `uncounted` is how many counts are of a day not yet ended. `kinds` is
    everything that is kept piece by piece, by its kind.
    """

    terms: Terms
    days: BusinessDays
    source: Source | None = field(default=None, compare=False)
    noted: Noted = field(default_factory=Noted, compare=False)
    rate: Fraction = field(init=False)
    into: dict[str, Fraction] = field(default_factory=lambda: {COMMON: Fraction(1)})
    splits: Fraction = Fraction(1)
    _common: CommonStock = field(default_factory=CommonStock)
    liquidation: Liquidation | None = None
    issued: Fraction = ZERO
    outstanding: Fraction = ZERO
    converted: Fraction = ZERO
    redeemed: Fraction = ZERO
    reacquired: Fraction = ZERO
    dividends_paid: Fraction = ZERO
    paid_on_outstanding: Fraction = ZERO
    due_on_conversion: Fraction = ZERO
    pending_common: Fraction = ZERO
    uncounted: int = 0
    certificates: Pieces[Certificate] = field(init=False)
    holdings_of: Pieces[tuple[str, ...]] = field(init=False)
    accruing: Pieces[dict[str, Fraction]] = field(init=False)
    holders: Pieces[Holder] = field(init=False)
    notices: Pieces[Notice] = field(init=False)
    open: Pieces[tuple[str, ...]] = field(init=False)
    standing: Pieces[tuple[str, ...]] = field(init=False)
    redemptions: Pieces[Redemption] = field(init=False)
    adjustments: Ordered[Adjustment] = field(init=False)
    stretches: Pieces[tuple[Stretch, ...]] = field(init=False)
    company: Company = field(init=False)
    kinds: dict[str, Pieces[Any] | Ordered[Any]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.rate = self.terms.conversion_rate.value
        kept = (self.noted, self.source)
        self.certificates = Pieces("certificates", *kept)
        self.holdings_of = Pieces("holdings", *kept)
        self.accruing = Pieces("accruing", *kept)
        self.holders = Pieces("holders", *kept)
        self.notices = Pieces("notices", *kept)
        self.open = Pieces("open", *kept)
        self.standing = Pieces("standing", *kept)
        self.redemptions = Pieces("redemptions", *kept)
        self.adjustments = Ordered("adjustments", *kept)
        self.stretches = Pieces("stretches", *kept)
        self.company = Company(*kept)
        own = (
            self.certificates,
            self.holdings_of,
            self.accruing,
            self.holders,
            self.notices,
            self.open,
            self.standing,
            self.redemptions,
            self.adjustments,
            self.stretches,
        )
        self.kinds = {kept.kind: kept for kept in (*own, *self.company.kept())}

    @property
    def common(self) -> CommonStock:
        """The Common Stock, of which it is noted that it was looked at: most steps do not, and many others move it."""
        self.noted.read.add(COMMON_LOOKED_AT)
        return self._common

    @common.setter
    def common(self, common: CommonStock) -> None:
        self.noted.read.add(COMMON_LOOKED_AT)
        self._common = common

    def short_by(self) -> tuple[Any, ...]:
        """What may make the Common Stock fall short where a step moves it."""
        return self._common, self.outstanding, self.rate, self.terms

    def keep(self, held: Certificate) -> None:
        """Put a certificate in place, and keep up what is summed over those that stand for shares."""
        before = self.certificates.get(held.number)
        self.certificates[held.number] = held
        stood = False
        # A dividend on it moves neither its shares nor when they began to accrue.
        alike = before is not None and (before.shares, before.accrues_from) == (held.shares, held.accrues_from)
        if before is not None and before.shares:
            stood = True
            self.paid_on_outstanding -= before.paid
            if not alike:
                self._accrue(before, -before.shares)
        if held.shares:
            self.paid_on_outstanding += held.paid
            if not alike:
                self._accrue(held, held.shares)
        if stood != bool(held.shares):
            numbers = self.holdings_of.get(held.holder, ())
            left = tuple(number for number in numbers if number != held.number) if stood else (*numbers, held.number)
            self.holdings_of[held.holder] = left

    def _accrue(self, held: Certificate, shares: Fraction) -> None:
        year, _, start = held.accrues_from.isoformat().partition("-")
        together = self.accruing.get(year, {})
        now = {**together, start: together.get(start, ZERO) + shares}
        if not now[start]:
            del now[start]
        elif start not in together:
            now = dict(sorted(now.items()))
        self.accruing[year] = now
        self._stand(self.accruing.kind, year, bool(now))

    def _stand(self, kind: str, key: str, stands: bool) -> None:
        """Keep up of which years or days of a kind there is something, in order."""
        keys = self.standing.get(kind, ())
        if stands != (key in keys):
            self.standing[kind] = tuple(sorted((*keys, key)) if stands else (one for one in keys if one != key))

    def keep_notice(self, notice: Notice) -> None:
        """Put a notice in place, and keep up what is summed over those that stand."""
        before = self.notices.get(notice.id)
        self.notices[notice.id] = notice
        for one, sign in ((before, -1), (notice, 1)):
            if one is not None and one.stands:
                self.due_on_conversion += sign * one.dividend_unpaid
                self.pending_common += sign * one.counts_for if one.pending else ZERO
        day = day_of(notice.telecopied).isoformat()
        together = self.open.get(day, ())
        is_open, was_open = not notice.is_settled(self.days), notice.id in together
        if is_open != was_open:
            left = tuple(number for number in together if number != notice.id)
            self.open[day] = now = (*left, notice.id) if is_open else left
            self._stand(self.open.kind, day, bool(now))

    def open_notices(self) -> list[Notice]:
        """The notices that await delivery or dividends, or were not delivered as due, by the day of their telecopy."""
        together = self.open.several(self.standing.get(self.open.kind, ()))
        return self.notices.several(list(chain.from_iterable(together)))

    def awaiting_delivery(self) -> list[Notice]:
        """§5(f)(i) - The notices that converted and await their Common, which counts as outstanding."""
        return [notice for notice in self.open_notices() if notice.stands and notice.pending]

    def adjust(self, step: Adjustment) -> None:
        """§5(b) - Keep an adjustment of the conversion rate, which is in force from now on."""
        self.adjustments.append(step)
        self.rate = step.rate

    def series(self) -> tuple[Any, ...]:
        """What there is once, in the order of SERIES; what it holds is replaced and never changed."""
        return _series(self)

    def put_back(self, series: tuple[Any, ...]) -> None:
        """Take on what there is once, as `series` told it."""
        for name, value in zip(SERIES, series, strict=True):
            setattr(self, name, value)

    @property
    def threshold(self) -> Fraction:
        """§5(e)(i) - Dollars a share below which a sale of Common adjusts the rate."""
        return adjustment.threshold(self.terms, self.splits)

    @property
    def other_rates(self) -> dict[str, Fraction]:
        """§5(c) §5(d) - What one share converts into beside Common Stock, by security; dollars for cash."""
        return {security: self.rate * each for security, each in self.into.items() if security != COMMON}

    @property
    def common_rate(self) -> Fraction:
        """§5(b) §5(c) - Shares of Common Stock itself into which one share converts; the rest is other securities."""
        return self.rate * self.into.get(COMMON, ZERO)

    def counted(self, of: str) -> Fraction:
        """Shares of what a transfer agent counts: preferred, common, a certificate, or a holder."""
        if of == "preferred":
            return self.outstanding
        if of == "common":
            return self.common.outstanding
        held = self.certificates.get(of)
        if held is not None:
            return held.shares
        return self.held(of)

    def called(self, redemption: str) -> Fraction:
        """§6 - Shares that a redemption would take now: the lesser of noticed and left on each certificate."""
        return sum((min(held.called.get(redemption, ZERO), held.shares) for held in self.live()), ZERO)

    def held_by(self, holder: str) -> list[Certificate]:
        """The live certificates of a holder, by number."""
        return self.certificates.several(sorted(self.holdings_of.get(holder, ())))

    def held(self, holder: str) -> Fraction:
        """Shares of a holder."""
        return sum((one.shares for one in self.held_by(holder)), ZERO)

    def live(self) -> Iterator[Certificate]:
        """The certificates that stand for shares."""
        return iter(self.certificates.several(list(chain.from_iterable(self.holdings_of.values()))))

    def holdings(self) -> dict[str, list[Certificate]]:
        """The live certificates of every holder that has any, sorted by holder and number."""
        live = {held.number: held for held in self.live()}
        of = sorted(self.holdings_of.items())
        return {holder: [live[number] for number in sorted(numbers)] for holder, numbers in of if numbers}

    def accrued_unpaid(self, day: date) -> Fraction:
        """§2 - Dollars accrued to a day and unpaid on all outstanding shares."""
        accruals = dividends.Accruals(self.terms, day)
        years = self.standing.get(self.accruing.kind, ())
        accrued = sum(
            (
                shares * accruals[date.fromisoformat(f"{year}-{start}")]
                for year, together in zip(years, self.accruing.several(years), strict=True)
                for start, shares in together.items()
            ),
            ZERO,
        )
        return accrued - self.paid_on_outstanding

    def headline(self) -> dict[str, Fraction]:
        """The figures an entry may move at once: shares, and the rate in Common for one share."""
        return {
            "shares_issued": self.issued,
            "shares_outstanding": self.outstanding,
            "shares_converted": self.converted,
            "shares_redeemed": self.redeemed,
            "shares_reacquired": self.reacquired,
            "dividends_paid": self.dividends_paid,
            "dividends_due_on_conversion": self.due_on_conversion,
            "conversion_rate": self.rate,
            "common_outstanding": self.common.outstanding,
        }
