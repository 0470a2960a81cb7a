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
from typing import Any

from ledger.clauses import liquidation
from ledger.clauses.dividends import Accruals
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
from ledger.exact import Fraction
from ledger.figures import ZERO, money, quantity
from ledger.moments import day_of, end_of
from ledger.position.fold import advance
from ledger.position.pieces import ABSENT
from ledger.position.state import Position
from ledger.timeline import ConversionDate, Step
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
    position = question.book.position_before(end_of(first))
    steps = iter(question.book.steps_in_turn(first + timedelta(days=1), question.day))
    step = next(steps, None)
    periods, after, opening = [], first, _measured(position, first)
    for through in _ends(first, question.day):
        moved = {line: dict.fromkeys(MEASURES, ZERO) for line in LINES}
        while step is not None and step.at < end_of(through):
            _advance(position, step, moved)
            step = next(steps, None)
        closing = _measured(position, through)
        for name in MEASURES:  # what no step moved, time did
            moved["accrued"][name] = closing[name] - opening[name] - sum((one[name] for one in moved.values()), ZERO)
        periods.append(Period(after, through, {**moved, "opening": opening, "closing": closing}))
        after, opening = through, closing
    return periods


def _advance(position: Position, step: Step, moved: dict[str, Measured]) -> None:
    """§2 §3(e)(ii) - Apply a step, and add what it moved at its own day to its line."""
    line = _MOVES.get(type(step.fact))
    if line is None:
        advance(position, step)
        return
    before, accrued = _at_once(position), ZERO
    then = Accruals(position.terms, day_of(step.at))
    position.noted.clear()
    advance(position, step)
    now = Accruals(position.terms, day_of(step.at))
    for (kind, number), held in position.noted.items():
        if kind == position.certificates.kind:
            accrued += position.certificates[number].accrued_unpaid(now)
            accrued -= ZERO if held is ABSENT else held.accrued_unpaid(then)
    for name, value in _at_once(position).items():
        moved[line][name] += value - before[name]
    moved[line]["accrued_dividends"] += accrued
    moved[line]["preference"] += accrued


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
    """§2 §3(e)(ii) - What is rolled forward, as it is on a day: each as `asof` has it."""
    accrued = position.accrued_unpaid(day)
    preference = liquidation.preference(position.terms, position.outstanding, accrued)
    return {**_at_once(position), "accrued_dividends": accrued, "preference": preference}


def _at_once(position: Position) -> Measured:
    """§2 §6 - What only entries move, whatever the day: shares, their Stated Value, and what is due beside it."""
    stated_value = liquidation.preference(position.terms, position.outstanding, ZERO)
    unpaid = (claim.unpaid for one in position.redemptions.values() for claim in one.claims.values())
    return {
        "shares": position.outstanding,
        "stated_value": stated_value,
        "accrued_dividends": ZERO,
        "preference": stated_value,
        "due_on_conversion": position.due_on_conversion,
        "redemption_price": sum(unpaid, ZERO),
    }
