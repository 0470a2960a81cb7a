"""§1 to §10 - What a question is about, and the figures that the second ledger's books give for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

import naive
from stateful.second import Known, Second
from stateful.second_books import COMMON, Books, outstanding

Told = Mapping[str, Any]
GONE = ("redeemed", "reacquired")


@dataclass(frozen=True)
class View:
    """What a question is about: a ledger, a day, a moment it was known at, and what was named beside."""

    second: Second
    day: date
    known_at: datetime | None
    named: tuple[str, ...] = ()
    other: View | None = None

    @cached_property
    def known(self) -> Known:
        """What was known then."""
        return self.second.known(self.known_at)

    @cached_property
    def books(self) -> Books:
        """The books at the end of the day."""
        return self.known.books_on(self.day)

    @property
    def lots(self) -> dict[str, dict[str, Any]]:
        """The certificates with something left."""
        return {number: lot for number, lot in sorted(self.books["lots"].items()) if lot["shares"]}

    @property
    def converted(self) -> Fraction:
        """§5 - Shares converted, of the notices that stand."""
        stand = [notice for notice in self.books["notices"].values() if notice["converted"] and not notice["revoked"]]
        return sum((piece["shares"] for notice in stand for _, piece in notice["pieces"]), Fraction(0))

    @property
    def holders(self) -> list[str]:
        """Who holds something, in order."""
        return sorted({lot["holder"] for lot in self.lots.values()})

    def held(self, holder: str) -> dict[str, Fraction]:
        """§2 §4 - What a holder has."""
        lots, rate = [lot for lot in self.lots.values() if lot["holder"] == holder], self.common_rate
        shares = sum((lot["shares"] for lot in lots), Fraction(0))
        into = shares // naive.LOT * naive.LOT * rate
        accrued = sum((naive.unpaid(lot, self.day) for lot in lots), Fraction(0))
        return {"shares": shares, "accrued_dividends": accrued, "convertible_into": into, "votes": Fraction(into // 1)}

    @property
    def common_rate(self) -> Fraction:
        """§5(b) - Common Stock itself for one share."""
        return Fraction(self.books["into"].get(COMMON, 0))

    @property
    def accrued(self) -> Fraction:
        """§2 - Accrued and unpaid."""
        return sum((naive.unpaid(lot, self.day) for lot in self.lots.values()), Fraction(0))

    @property
    def due_on_conversion(self) -> Fraction:
        """§2 - Due on Conversion Dates and unpaid."""
        stand = [own for own in self.books["received"].values() if own["converted"] and not own["revoked"]]
        return sum((own["due"] - own["paid"] for own in stand), Fraction(0))

    @property
    def in_arrears(self) -> Fraction:
        """§2 - Unpaid of the dividends whose due day has passed."""
        payable, passed = [date(self.day.year - back, month, 10) for back in (0, 1) for month in (12, 9, 6, 3)], None
        for day in payable:
            if day >= date(2001, 6, 10) and _rolled(day, self.books["closed"]) < self.day:
                passed = day
                break
        owed = [naive.unpaid(lot, passed) for lot in self.lots.values()] if passed else []
        unpaid = sum((one for one in owed if one > 0), Fraction(0))
        return unpaid if unpaid >= Fraction(1, 100) else Fraction(0)

    @property
    def preference(self) -> Fraction:
        """§3 - The Liquidation Preference."""
        return outstanding(self.books) * naive.STATED_VALUE + self.accrued

    @property
    def figures(self) -> dict[str, Fraction]:
        """The figures of the answer for a day, by their path in it."""
        books = self.books
        shares = outstanding(books)
        figures = {
            "preferred.issued": books["issued"], "preferred.outstanding": shares, "preferred.converted": self.converted,
            **{f"preferred.{word}": books["gone"].get(word, Fraction(0)) for word in GONE},
            "dividends.accrued_unpaid": self.accrued, "dividends.in_arrears": self.in_arrears,
            "dividends.due_on_conversion": self.due_on_conversion, "conversion_rate": books["rate"],
            "common.outstanding": books["common"], "common.reserve_required": shares * self.common_rate,
            "liquidation_preference": self.preference,
        }  # fmt: skip
        if books["authorized"] is not None:
            figures["common.authorized"] = books["authorized"]
            figures["common.reserve_available"] = books["authorized"] - books["common"]
        return figures


def _rolled(day: date, closed: Iterable[date]) -> date:
    return day if naive.banks_open(day, closed) else naive.next_banking_day(day, closed)


def following(day: date) -> date:
    """§2 - The first payment date after a day."""
    ahead = (date(day.year + later, month, 10) for later in (0, 1) for month in (3, 6, 9, 12))
    return max(next(payable for payable in ahead if payable > day), date(2001, 6, 10))


def number(told: Any) -> Fraction:
    """A quantity of an answer: a string, or an amount with its exact fraction."""
    return Fraction(told["exact"] if isinstance(told, Mapping) else told)


def same(what: str, told: Any, expected: Any) -> None:
    """What is told is what the second ledger says."""
    assert told == expected, f"{what}: the ledger says {told}, the second ledger {expected}"
