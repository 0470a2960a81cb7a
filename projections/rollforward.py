"""§2 §3(e)(ii) §5(f) §6 - The rollforward of the series between two days, in shares and in dollars, by quarter.

It opens with what `asof` says of the first day, closes with what it says of the last, and is cut at the ends of the
calendar quarters between them. Whatever moved in between stands on a line of its own, so that opening and movements are
closing exactly.

The dollars of a share are its Stated Value and, beside it, the dividends accrued on it and unpaid: their sum is what
§3(e)(ii) calls the Liquidation Preference, the one amount the certificate itself puts on a share. What was received for
the shares is recorded in words, and has no part in it. What leaves that sum without having been paid is a debt to the
former holder, and is rolled forward beside it: dividends due on conversion (§2) and redemption prices (§6).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ledger.clauses import liquidation
from ledger.errors import QuestionMustBeUnderstood
from ledger.events import (
    CertificateAmended,
    ConversionDividendPaid,
    DividendPaid,
    NoticeOfConversionRevoked,
    PreferredSharesIssued,
    PreferredSharesReacquired,
    RedemptionPricePaid,
    SharesRedeemed,
)
from ledger.figures import ZERO, money, quantity
from ledger.moments import day_of, end_of
from ledger.position.fold import advance
from ledger.position.state import Position
from ledger.timeline import ConversionDate
from projections.question import Question

MEASURES = ("shares", "stated_value", "accrued_dividends", "preference", "due_on_conversion", "redemption_price")
"""What is rolled forward: shares of Series H, and dollars."""

LINES = (
    "opening",
    "issued",
    "accrued",
    "paid",
    "converted",
    "restored",
    "redeemed",
    "reacquired",
    "amended",
    "closing",
)
"""The lines of a rollforward: `restored` by a revocation (§5(f)(i)), `amended` by a change of the terms (§8(b))."""

_MOVES: dict[type, str] = {
    PreferredSharesIssued: "issued",
    DividendPaid: "paid",
    ConversionDividendPaid: "paid",
    RedemptionPricePaid: "paid",
    ConversionDate: "converted",
    NoticeOfConversionRevoked: "restored",
    SharesRedeemed: "redeemed",
    PreferredSharesReacquired: "reacquired",
    CertificateAmended: "amended",
}
"""On which line a step's movement stands; no other step moves what is rolled forward, but time does: `accrued`."""

Measured = dict[str, Fraction]


@dataclass(frozen=True)
class Period:
    """The time after one day, through another, and what each line of it moved, by measure."""

    after: date
    through: date
    lines: dict[str, Measured]

    def data(self) -> dict[str, Any]:
        """The period as JSON data: shares as quantities, dollars rounded and exact."""
        lines = [{"line": line, **_told(moved)} for line, moved in self.lines.items()]
        return {"after": self.after.isoformat(), "through": self.through.isoformat(), "lines": lines}


def _told(moved: Measured) -> dict[str, Any]:
    return {name: quantity(value) if name == "shares" else money(value) for name, value in moved.items()}


def rollforward(question: Question, first: date) -> list[Period]:
    """§2 §3(e)(ii) - The quarters from the end of a first day to the end of the day asked about, in order.

    QuestionMustBeUnderstood where the first day does not lie before the other.
    """
    if first >= question.day:
        why, hint = f"{first} does not lie before {question.day}", "Name the earlier day first."
        raise QuestionMustBeUnderstood(what="The two days", why=why, hint=hint)
    position = Position(question.book.terms, question.book.timeline.days)
    steps, place = question.steps, 0
    while place < len(steps) and steps[place].at < end_of(first):
        advance(position, steps[place])
        place += 1
    periods, after, before = [], first, _measured(position, first)
    for through in _ends(first, question.day):
        lines = {line: dict.fromkeys(MEASURES, ZERO) for line in LINES}
        lines["opening"] = before
        while place < len(steps) and steps[place].at < end_of(through):
            step = steps[place]
            place += 1
            line = _MOVES.get(type(step.fact))
            if line is None:
                advance(position, step)
                continue
            reached = _measured(position, day_of(step.at))
            _add(lines["accrued"], before, reached)
            advance(position, step)
            before = _measured(position, day_of(step.at))
            _add(lines[line], reached, before)
        lines["closing"] = _measured(position, through)
        _add(lines["accrued"], before, lines["closing"])
        periods.append(Period(after, through, lines))
        after, before = through, lines["closing"]
    return periods


def whole(periods: list[Period]) -> Period:
    """All the periods as one: the first opening, every movement summed, the last closing."""
    lines = {
        line: {name: sum((period.lines[line][name] for period in periods), ZERO) for name in MEASURES} for line in LINES
    }
    lines["opening"], lines["closing"] = periods[0].lines["opening"], periods[-1].lines["closing"]
    return Period(periods[0].after, periods[-1].through, lines)


def _ends(first: date, last: date) -> Iterator[date]:
    """The ends of calendar quarters that lie between two days, and the last day itself."""
    year, quarter = first.year, (first.month - 1) // 3
    while True:
        year, quarter = (year, quarter + 1) if quarter < 3 else (year + 1, 0)
        end = date(year, 3 * quarter + 1, 1) - timedelta(days=1)
        if end >= last:
            yield last
            return
        if end > first:
            yield end


def _measured(position: Position, day: date) -> Measured:
    """§2 §3(e)(ii) §6 - What is rolled forward, as it is on a day: each as `asof` has it."""
    accrued = position.accrued_unpaid(day)
    unpaid = (claim.unpaid for one in position.redemptions.values() for claim in one.claims.values())
    return {
        "shares": position.outstanding,
        "stated_value": liquidation.preference(position.terms, position.outstanding, ZERO),
        "accrued_dividends": accrued,
        "preference": liquidation.preference(position.terms, position.outstanding, accrued),
        "due_on_conversion": position.due_on_conversion,
        "redemption_price": sum(unpaid, ZERO),
    }


def _add(line: Measured, before: Measured, after: Measured) -> None:
    for name in MEASURES:
        line[name] += after[name] - before[name]
