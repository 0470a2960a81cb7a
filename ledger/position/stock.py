"""What a position keeps of Series H and of the Common Stock: certificates, notices, redemptions, adjustments.

The pieces are frozen and replaced when they change, so that a position can be kept and compared. Quantities are exact:
shares, dollars, or Common Stock for one share of Series H.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from ledger.clauses import adjustment, conversion
from ledger.clauses.business_days import BusinessDays
from ledger.clauses.dividends import Accruals
from ledger.exact import Fraction
from ledger.figures import CENT, ZERO, to_the_cent


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder's particulars: all that the last entry that registered them says, as JSON data, and its number."""

    says: Mapping[str, Any]
    entry: int = field(compare=False)


class Certificate(NamedTuple):
    """A certificate number and what it still stands for.

    `accrues_from` is the issue day of its shares, wherever they went since (reading accrual-start); `paid` are the
    dollars of dividends paid on the shares that are left; `called` the shares of it noticed for each redemption.
    """

    number: str
    holder: str
    entry: int
    accrues_from: date
    shares: Fraction = ZERO
    paid: Fraction = ZERO
    called: Mapping[str, Fraction] = {}

    def accrued_unpaid(self, accruals: Accruals) -> Fraction:
        """§2 - Dollars accrued to a day (excluded) and unpaid; below zero by a residue under a cent."""
        return self.shares * accruals[self.accrues_from] - self.paid

    def part_of_paid(self, shares: Fraction) -> Fraction:
        """§2 - The part of what was paid that goes with some of the shares (reading dividend-allocation)."""
        return self.paid * shares / self.shares if self.shares else ZERO


class Listed(NamedTuple):
    """§5(f)(i) §6 - Shares of a certificate, as a notice lists them."""

    certificate: str
    shares: Fraction


class Surrendered(NamedTuple):
    """§5(f)(i) - Shares a notice took from a certificate, with the dividends already paid on them and those due."""

    certificate: str
    shares: Fraction
    paid: Fraction
    due: Fraction


class Delivery(NamedTuple):
    """§5(f)(i) §5(h) - What was delivered on a notice: entry, instant (UTC), Common, and dollars for a fraction."""

    entry: int
    at: datetime
    shares: Fraction
    cash_in_lieu: Fraction = ZERO
    market_price: Fraction | None = None

    def pays(self, due: Fraction | None) -> bool:
        """§5(d) §5(h) - Whether the cash is what was due, rounded half up to the cent; not where nobody can tell."""
        return due is not None and self.cash_in_lieu == to_the_cent(due)


class Notice(NamedTuple):
    """§5(f)(i) - A Notice of Conversion and how far it has come; instants are UTC, None where it has not happened.

    `copies` is whether those of the certificates came with it. `happened` lists what was recorded of it since: the
    word, the entry, the instant. `others_due` is what it is due beside Common Stock, by security (dollars for cash),
    where Common has been changed into something else; `in_place`, once no Common is left, shares of the stock in its
    place that it counts for. The fields from `happened` on tell how far it has come: they are kept apart, so that the
    others are not written again with them.
    """

    id: str
    holder: str
    entry: int
    telecopied: datetime
    listed: tuple[Listed, ...]
    issue_fractions: bool
    copies: bool
    conversion: datetime | None = None
    taken: tuple[Surrendered, ...] = ()
    rate: Fraction = ZERO
    common_due: Fraction = ZERO
    others_due: Mapping[str, Fraction] = {}
    in_place: Fraction | None = None
    happened: tuple[tuple[str, int, datetime], ...] = ()
    delivered: Delivery | None = None
    dividend_paid: Fraction = ZERO

    @property
    def complete(self) -> bool:
        """§5(f)(i) - Whether the copies of the certificates are in."""
        return self.copies or self._first("NoticeCompleted") is not None

    @property
    def originals(self) -> datetime | None:
        """§5(f)(i) - When the original notice and certificates came."""
        return self._first("OriginalsReceived")

    @property
    def instructed(self) -> datetime | None:
        """§5(f)(i) - When the transfer agent was contacted; the first time counts."""
        return self._first("TransferAgentInstructed")

    @property
    def revoked(self) -> datetime | None:
        """§5(f)(i) - When the notice was revoked."""
        return self._first("NoticeOfConversionRevoked")

    def _first(self, word: str) -> datetime | None:
        for happened, _, at in self.happened:
            if happened == word:
                return at
        return None

    @property
    def shares(self) -> Fraction:
        """Series H shares the notice converts."""
        return sum((item.shares for item in self.listed), ZERO)

    @property
    def dividend_due(self) -> Fraction:
        """§2 - Dollars of accrued dividends that fell due on the Conversion Date, paid or not."""
        return sum((item.due for item in self.taken), ZERO)

    @property
    def dividend_unpaid(self) -> Fraction:
        """§2 - Dollars of those dividends that are unpaid; below zero by a residue under a cent."""
        return self.dividend_due - self.dividend_paid

    @property
    def fraction_in_cash(self) -> Fraction:
        """§5(h) - The fraction of a share of Common that is settled in cash, once the notice has converted."""
        due = conversion.entitlement(self.shares, self.rate, issue_fractions=self.issue_fractions)
        return due.fraction_in_cash

    @property
    def counts_for(self) -> Fraction:
        """§5(e)(i) - What the notice adds to the Common outstanding: Common due, or the stock in its place."""
        return self.common_due if self.in_place is None else self.in_place

    @property
    def cash_in_place(self) -> Fraction:
        """§5(c) §5(d) - Dollars due in the Common's place or beside it."""
        return sum((due for security, due in self.others_due.items() if adjustment.is_cash(security)), ZERO)

    @property
    def stock_due(self) -> tuple[str, tuple[Fraction, ...]]:
        """§5(b) §5(d) - The stock that delivers the notice, and how many shares of it will do.

        Where no Common is due it is what took its place, of which a fraction need not be issued (5(h)).
        """
        others = {security: due for security, due in self.others_due.items() if not adjustment.is_cash(security)}
        if self.common_due or not others:
            return "Common", (self.common_due,)
        due = sum(others.values(), ZERO)
        return " and ".join(others), (due, sum((Fraction(each.__floor__()) for each in others.values()), ZERO))

    @property
    def stands(self) -> bool:
        """Whether the notice has converted its shares and was not revoked."""
        return self.conversion is not None and self.revoked is None

    @property
    def pending(self) -> bool:
        """Whether the notice awaits delivery, or its deemed receipt."""
        return self.delivered is None and self.revoked is None

    def originals_count_from(self, days: BusinessDays) -> datetime | None:
        """§5(f)(i) - When the originals are received, once they are in and the notice has converted."""
        if self.originals is None or self.conversion is None:
            return None
        return conversion.originals_count_from(days, self.originals, self.conversion)

    def deadline(self, days: BusinessDays) -> datetime | None:
        """§5(f)(i) - The last instant for delivery, once the originals are in and the notice has converted."""
        received = self.originals_count_from(days)
        return conversion.delivery_deadline(days, received) if received else None

    def is_settled(self, days: BusinessDays) -> bool:
        """§2 §5(f)(i) §5(h) - Whether no more is owed or found: revoked, or delivered in time, as due, and paid."""
        if self.revoked is not None or self.delivered is None:
            return self.revoked is not None
        deadline, delivered = self.deadline(days), self.delivered
        in_time = deadline is None or delivered.at <= deadline
        as_due = delivered.shares in self.stock_due[1] and delivered.pays(self.cash_due)
        return in_time and as_due and self.dividend_unpaid < CENT

    @property
    def cash_due(self) -> Fraction | None:
        """§5(d) §5(h) - Dollars due with a delivery: in the Common's place, and for a fraction of a share, together.

        None where no market price is told by which to reckon the fraction.
        """
        if not self.fraction_in_cash:
            return self.cash_in_place
        if self.delivered is None or self.delivered.market_price is None:
            return None
        return self.cash_in_place + conversion.cash_in_lieu(self.fraction_in_cash, self.delivered.market_price)

    def status(self) -> str:
        """§5(f)(i) - The notice's state in one word."""
        if self.revoked:
            return "revoked"
        if self.delivered:
            return "delivered"
        if not self.complete:
            return "incomplete"
        if self.conversion is None:
            return "received"
        if self.instructed:
            return "instructed"
        return "originals in" if self.originals else "converted"


NOTICE = Notice._fields.index("happened")
"""How many fields of a notice, the first, do not tell how far it has come."""

NOTICE_PARTS = {"notices": slice(NOTICE), "progress": slice(NOTICE, None)}
"""The kinds of piece that a notice is kept in: what it is, and how far it has come since it converted."""


class Claim(NamedTuple):
    """§6 - The redemption price of a certificate's redeemed shares, and what was paid of it, in dollars."""

    shares: Fraction
    price: Fraction
    paid: Fraction = ZERO

    @property
    def unpaid(self) -> Fraction:
        """§6 - Dollars still to pay; nothing where only a residue under a cent is left."""
        rest = self.price - self.paid
        return rest if abs(rest) >= CENT else ZERO


class Redemption(NamedTuple):
    """§6 - A redemption from its notice on; `claims` by certificate once it has taken effect.

    `holders` are those of the day it was mailed, `price_at_mailing` what the listed shares come to on the date.
    """

    id: str
    entry: int
    mailed: date
    on: date
    listed: tuple[Listed, ...]
    holders: tuple[str, ...] = ()
    mailed_to: tuple[str, ...] = ()
    represented: bool = False
    stated_total: Fraction | None = None
    stated_price: Fraction | None = None
    price_at_mailing: Fraction = ZERO
    days_required: int = 0
    pro_rata: bool = True
    effected: int | None = None
    claims: Mapping[str, Claim] = {}

    @property
    def total(self) -> Fraction:
        """Shares the notice lists."""
        return sum((item.shares for item in self.listed), ZERO)


class Adjustment(NamedTuple):
    """§5(c) §5(e) - A change of the conversion rate, with every number that made it.

    For a split: `sold` new shares for `base` old ones. For a sale: `base` Common outstanding before, `sold` shares,
    `consideration` dollars, `limit` dollars a share.
    """

    entry: int
    at: datetime
    clause: str
    factor: Fraction
    rate: Fraction
    base: Fraction
    sold: Fraction
    consideration: Fraction = ZERO
    limit: Fraction = ZERO


class CommonStock(NamedTuple):
    """The Common Stock: shares outstanding with pending conversions, shares authorized, and the entry it opened by."""

    outstanding: Fraction = ZERO
    authorized: Fraction | None = None
    par_value: Fraction | None = None
    opened: int | None = None
    moved: int | None = None


PAR_VALUE = "par-value-above-conversion-price"
"""The name of the stretches of §9(a): the one wrong that an entry may do again while it lasts."""


class Stretch(NamedTuple):
    """§5(j) §9(a) - A time in which the Common Stock fell short: by which entry, and by which it was put right.

    `numbers` are what is needed or allowed, and what there is: shares, or dollars a share.
    """

    entry: int
    since: datetime
    numbers: tuple[Fraction, Fraction]
    put_right: int | None = None
    until: datetime | None = None
