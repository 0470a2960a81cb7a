"""What a position keeps of the Company's other acts: dividends elsewhere, funds, consents, record dates, counts.

The pieces are frozen; `Company` gathers them. Money is dollars, quantities are shares.
"""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from ledger.exact import Fraction
from ledger.figures import ZERO
from ledger.position.pieces import Noted, Ordered, Pieces, Source


class OtherDividend(NamedTuple):
    """§2 §3(a) - A dividend on another class, with what Series H was owed that day and what was set apart for it.

    `arrears`, of shares outstanding and of shares converted, and in a liquidation `preference` are dollars unpaid; of
    them `set_apart` and `in_trust` were put aside.
    """

    entry: int
    on: date
    stock: str
    amount: Fraction
    arrears: Fraction
    set_apart: Fraction
    preference: Fraction
    in_trust: Fraction
    issued_later: bool


class Fund(NamedTuple):
    """§2 §3(c) - Money set apart for a dividend or for the liquidation preference."""

    entry: int
    on: date
    purpose: str | None
    payable_on: date | None
    amount: Fraction


class Consent(NamedTuple):
    """§4 §8 - A holder's consent to an action, for a number of its shares."""

    entry: int
    holder: str
    shares: Fraction


class Action(NamedTuple):
    """§4 §8 - An action, the consents to it, and once it was taken the tally against the shares outstanding then."""

    id: str
    consents: tuple[Consent, ...] = ()
    taken: int | None = None
    on: date | None = None
    kind: str | None = None
    outstanding: Fraction = ZERO
    consenting: Fraction = ZERO
    allowed: bool = True
    ratified: int | None = None


class RecordDate(NamedTuple):
    """§4 §10 - A record date the Company set, or a day on which an event takes effect, that notice is owed of."""

    entry: int
    action: str | None
    on: date
    what: str


class RecordNotice(NamedTuple):
    """§10 - A notice mailed to the holders of Series H, with the dates it specifies."""

    entry: int
    action: str
    mailed: date
    specified: tuple[date, ...]


class Count(NamedTuple):
    """The transfer agent's own count on a day, and the ledger's at the end of it once something later has happened."""

    entry: int
    on: date
    of: str
    shares: Fraction
    by: str | None
    own: Fraction | None = None


class Liquidation(NamedTuple):
    """§3 - A liquidation, dissolution or winding up: dollars available, and what was paid to Series H by entry."""

    entry: int
    on: date
    assets: Fraction
    payments: tuple[tuple[int, date, Fraction], ...] = ()

    @property
    def paid(self) -> Fraction:
        """§3(a) - Dollars paid to Series H so far."""
        return sum((amount for _, _, amount in self.payments), ZERO)


class Succession(NamedTuple):
    """§9(c) - A merger or consolidation that another person survives, and whether it assumed the terms in writing."""

    entry: int
    on: date
    successor: str
    assumed: bool


class Amendment(NamedTuple):
    """§8(b) - An amendment of the terms while shares were outstanding: each term with the item it falls under."""

    entry: int
    on: date
    items: tuple[tuple[str, str], ...]


def total(funds: Iterable[Fund]) -> Fraction:
    """§2 §3(c) - Dollars that some funds hold together."""
    return sum((fund.amount for fund in funds), ZERO)


class Company:
    """Everything the Company did that moves no share and no rate."""

    def __init__(self, noted: Noted, source: Source | None) -> None:
        """Begin with nothing, or with what a source has kept."""
        kept = (noted, source)
        self.other_dividends = Ordered[OtherDividend]("other_dividends", *kept)
        self.funds = Ordered[Fund]("funds", *kept)
        self.actions = Pieces[Action]("actions", *kept)
        self.record_dates = Ordered[RecordDate]("record_dates", *kept)
        self.record_notices = Ordered[RecordNotice]("record_notices", *kept)
        self.counts = Ordered[Count]("counts", *kept)
        self.successions = Ordered[Succession]("successions", *kept)
        self.amendments = Ordered[Amendment]("amendments", *kept)
        self.replaced_without_indemnity = Ordered[tuple[int, date]]("replaced_without_indemnity", *kept)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Company) and self.kept() == other.kept()

    __hash__ = None  # type: ignore[assignment]  # it moves

    def kept(self) -> tuple[Pieces[Any] | Ordered[Any], ...]:
        """Everything that is kept piece by piece."""
        return (
            self.other_dividends,
            self.funds,
            self.actions,
            self.record_dates,
            self.record_notices,
            self.counts,
            self.successions,
            self.amendments,
            self.replaced_without_indemnity,
        )

    def in_trust(self) -> list[Fund]:
        """§3(c) - What was set aside in trust for the preference, less what was paid out of it."""
        return [fund for fund in self.funds if fund.purpose == "preference"]

    def set_apart_for(self, payable_on: date | None) -> list[Fund]:
        """§2 - What was set apart for the dividends of a date and those before it, or for no date, and not paid out.

        Of the sums for a date the earliest come first, and those for none last (reading funds-set-apart).
        """
        apart = [fund for fund in self.funds if fund.purpose != "preference"]
        dated = [fund for fund in apart if fund.payable_on and payable_on and fund.payable_on <= payable_on]
        dated.sort(key=attrgetter("payable_on"))
        return [*dated, *(fund for fund in apart if fund.payable_on is None)]

    def pay_out_of(self, funds: Iterable[Fund], amount: Fraction) -> None:
        """§2 §3(c) - What is paid is set apart no longer: it is taken out of some funds, one after the other."""
        places = {fund.entry: place for place, fund in enumerate(self.funds)}
        for fund in funds:
            taken = min(fund.amount, amount)
            amount -= taken
            if taken:
                self.funds[places[fund.entry]] = fund._replace(amount=fund.amount - taken)
