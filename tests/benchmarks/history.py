"""A long, valid history of Series H, told line by line from a seed and a size, in bounded memory.

500 holders transfer, convert, revoke and are paid, beside issues of Common Stock, over some 24 years whatever the size.
One line in a hundred is late: effective a few days before the line ahead of it. The Teller keeps just enough books to
let only such things happen as the certificate does not make impossible.

Three choices keep the exact figures short, so that what is measured is the ledger and not long division: shares are
whole and issued 18 x k days (30/360) before a payment date, which makes every dividend whole dollars; every dividend is
paid in full, and no revocation lies across one; a dozen issues of Common dilute, however many lines there are.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from heapq import heappop, heappush
from random import Random
from typing import Any

import naive
from benchmarks.pieces import Lot, Notice, business_day, dollars, span

HOLDERS, EACH = 500, 2
"""Holders, and about how many certificates each has at any time."""

SIGNED, FIRST_DAY, FIRST_PAYMENT = date(2001, 4, 12), date(2001, 4, 16), date(2001, 6, 10)
BUSINESS_DAYS = 6000  # some 24 years
FIRST_HOLDING = 2000
LATE_ONE_IN, MOST_DAYS_LATE = 100, 5
DILUTIONS, AFTER_HOURS_ONE_IN = 12, 50


def history(seed: int, size: int, holders: int = HOLDERS) -> Iterator[str]:
    """The lines of the history of a size, and after them, without end, those that would come next."""
    return (json.dumps(line) for line in Teller(seed, size, holders).lines())


class Teller:
    """Tells one history: its clock, what stands outstanding, and what is still to come of what has begun."""

    def __init__(self, seed: int, size: int, holders: int) -> None:
        """Begin before the first line; the density of the lines depends on the size."""
        self.random, self.size, self.holders = Random(seed), size, holders
        self.told: list[dict[str, Any]] = []  # the lines of the day so far
        self.count, self.latest = 0, SIGNED
        self.live: list[Lot] = []
        self.waiting: dict[str, Lot] = {}  # noticed after hours and not yet received: left alone until then
        self.numbers = self.notices = 0
        self.ahead: list[tuple[date, time, int, str, Notice | None]] = []
        self.planned = self.due_today = 0
        self.rate, self.common = Fraction("1388.89"), 35_000_000
        self.paid_to, self.payable_on, self.paid_on = FIRST_DAY, FIRST_PAYMENT, FIRST_DAY
        self.late_at = LATE_ONE_IN
        free = max(size - holders, 0)
        self.dilute_at = [holders + 1 + free * turn // (DILUTIONS + 1) for turn in range(DILUTIONS, 0, -1)]
        self.diluted_on = SIGNED

    def lines(self) -> Iterator[dict[str, Any]]:
        """Every line, a business day at a time."""
        self.open()
        opened, place, day = self.count, 0, FIRST_DAY
        while True:
            yield from self.told
            self.told.clear()
            place, day = place + 1, naive.next_banking_day(day, ())
            self.tell(day, opened + (self.size - opened) * place // BUSINESS_DAYS)

    def roll(self, sides: int) -> int:
        """A whole number below some sides."""
        return int(self.random.random() * sides)

    def say(self, event: str, effective: str, **fields: Any) -> None:
        """One more line, and when the latest of them took effect."""
        self.told.append({"event": event, "effective": effective, **fields})
        self.count += 1
        self.latest = max(self.latest, date.fromisoformat(effective[:10]))

    def holder(self) -> str:
        """Any one of the holders."""
        return f"Holder-{self.roll(self.holders):03}"

    def number(self) -> str:
        """A certificate number never given out before."""
        self.numbers += 1
        return f"H-{self.numbers}"

    def open(self) -> None:
        """The Common Stock, and a certificate for every holder."""
        self.say("CommonStockOpened", SIGNED.isoformat(), outstanding=str(self.common), authorized=str(10**18))
        for place in range(self.holders):
            self.issue(FIRST_DAY, f"Holder-{place:03}")

    def issue(self, day: date, holder: str) -> None:
        """§1 - A new certificate of the usual size."""
        lot = Lot(self.number(), holder, FIRST_HOLDING, day, day)
        self.live.append(lot)
        fields = {"holder": holder, "certificate": lot.number, "shares": str(lot.shares)}
        self.say("PreferredSharesIssued", day.isoformat(), **fields)

    def tell(self, day: date, until: int) -> None:
        """One business day: first what bears only its date, then what bears an hour, until so many lines are told."""
        if day >= self.payable_on:
            self.pay_dividend(day)
        if span(day, self.payable_on) % 18 == 0:
            outstanding = sum(lot.shares for lot in self.live)
            for _ in range((self.holders * FIRST_HOLDING - outstanding) // FIRST_HOLDING):
                self.issue(day, self.holder())
        self.due_today = sum(1 for one in self.ahead if one[0] <= day)
        while self.count + self.due_today < until:
            self.choose(day)
        while self.ahead and self.ahead[0][0] <= day:
            on, at, _, what, notice = heappop(self.ahead)
            self.happen(on, at, what, notice)

    def choose(self, day: date) -> None:
        """Something that nothing else makes necessary: a transfer, an issue of Common, a notice, a reacquisition."""
        if self.dilute_at and self.count >= self.dilute_at[-1]:
            self.dilute_at.pop()
            self.dilute(day)
            return
        if self.count >= self.late_at:
            day_late = self.latest - timedelta(1 + self.roll(MOST_DAYS_LATE))
            if day_late > max(FIRST_DAY, self.diluted_on):
                self.late_at += LATE_ONE_IN
                if self.roll(4) == 0 or not self.transfer(day_late, day_late):
                    self.issue_common(day_late)
                return
        turn = self.roll(100)
        if turn < 8:
            after_hours = self.roll(AFTER_HOURS_ONE_IN) == 0
            self.plan(day, time(17, 30) if after_hours else self.hour(), "notice", None)
            self.due_today += 1
        elif turn < 33:
            self.issue_common(day)
        elif turn < 34:
            holder = self.holder()
            self.say("HolderRegistered", day.isoformat(), holder=holder, name=f"{holder} Trust")
        else:
            self.transfer(day, day + timedelta(1))

    def hour(self) -> time:
        """Some time well within business hours."""
        return time(9 + self.roll(7), 1 + self.roll(58), self.roll(60))

    def plan(self, day: date, at: time, what: str, notice: Notice | None) -> None:
        """Let something happen at an hour of a business day to come."""
        self.planned += 1
        heappush(self.ahead, (day, at, self.planned, what, notice))

    def take(self, before: date) -> Lot | None:
        """A certificate out of those that nothing has touched since some day; none where it cannot be found at once."""
        for _ in range(20):
            place = self.roll(len(self.live))
            lot = self.live[place]
            if lot.since < before:
                self.live[place] = self.live[-1]
                self.live.pop()
                return lot
        return None

    def transfer(self, day: date, before: date) -> bool:
        """§5(g) §7 - A whole certificate goes to new ones; now and then it is replaced, a small one reacquired."""
        lot = self.take(before)
        if lot is None:
            return False
        effective, turn = day.isoformat(), self.roll(100)
        if lot.shares < 100 and turn < 50 and day >= self.paid_on:  # late, it would leave less due than was paid
            fields = {"certificate": lot.number, "shares": str(lot.shares), "price": str(lot.shares * 990)}
            self.say("PreferredSharesReacquired", effective, **fields)
            return True
        parts = 1
        if len(self.live) < EACH * self.holders and turn < 25 and lot.shares >= 300:
            parts = 2 + turn % 2
        into = [self.new_part(lot, day, lot.shares // parts) for _ in range(parts - 1)]
        into.append(self.new_part(lot, day, lot.shares - sum(part.shares for part in into)))
        self.live += into
        if turn == 99:
            into[0].holder = lot.holder
            fields = {"certificate": lot.number, "new_certificate": into[0].number, "reason": "lost"}
            self.say("CertificateReplaced", effective, **fields, indemnity="as agreed")
            return True
        listed = [{"holder": one.holder, "certificate": one.number, "shares": str(one.shares)} for one in into]
        self.say("PreferredSharesTransferred", effective, certificate=lot.number, into=listed)
        return True

    def new_part(self, lot: Lot, day: date, shares: int) -> Lot:
        """A certificate for part of another's shares, in any holder's name."""
        return Lot(self.number(), self.holder(), shares, lot.start, day)

    def issue_common(self, day: date) -> None:
        """§5(e) - Common Stock at the threshold or above, or under a plan for employees: no adjustment."""
        shares = 1000 + self.roll(50_000)
        self.common += shares
        fields = {"shares": str(shares)}
        if self.roll(20) == 0:
            fields |= {"cash": "0", "exempt": "employee_plan"}
        else:
            fields |= {"cash": dollars(shares * (72 + self.roll(400)))}
        self.say("CommonSharesIssued", day.isoformat(), **fields)

    def dilute(self, day: date) -> None:
        """§5(e)(i) - Common Stock at half the threshold, which raises the rate by (O + N) / (O + N / 2)."""
        shares = 1000 * (1 + self.roll(2000))
        self.rate *= Fraction(self.common + shares, self.common + shares // 2)
        self.common += shares
        self.diluted_on = day
        self.say("CommonSharesIssued", day.isoformat(), shares=str(shares), cash=dollars(shares * 36))

    def pay_dividend(self, day: date) -> None:
        """§2 - The dividend of a payment date in full: whole dollars, by the choice of the days of issue."""
        lots = [*self.live, *self.waiting.values()]
        due = sum(lot.shares * span(max(lot.start, self.paid_to), self.payable_on) for lot in lots)
        dollars, residue = divmod(due * 5, 18)
        assert not residue
        fields = {"payable_on": self.payable_on.isoformat(), "amount": str(dollars)}
        self.say("DividendPaid", day.isoformat(), **fields)
        self.paid_to, self.paid_on = self.payable_on, day
        month = self.payable_on.month % 12 + 3
        self.payable_on = date(self.payable_on.year + (month == 3), month, 10)

    def happen(self, day: date, at: time, what: str, notice: Notice | None) -> None:
        """What bears an hour: a notice, what follows from it, or its receipt at the next opening (no line)."""
        effective = datetime.combine(day, at, naive.NEW_YORK).isoformat()
        if notice is None:
            self.receive(day, at, effective)
        elif what == "receipt":
            del self.waiting[notice.lot.number]
            self.live.append(notice.lot)
            self.convert(day, notice)
        elif what == "CommonSharesDelivered":
            self.deliver(effective, notice)
        elif what == "ConversionDividendPaid":
            self.say(what, effective, notice=notice.id, amount=dollars(notice.dividend_cents))
        else:
            self.say(what, effective, notice=notice.id)
            if what == "NoticeOfConversionRevoked":
                self.restore(day, notice)

    def receive(self, day: date, at: time, effective: str) -> None:
        """§5(f)(i) - A notice for some lots of a certificate, and what is to come of it."""
        lot = next((one for one in (self.take(day + timedelta(1)) for _ in range(20)) if self.large(one)), None)
        if lot is None:
            return
        self.notices += 1
        notice = Notice(f"N-{self.notices}", lot, 100 * (1 + self.roll(min(lot.shares // 100, 3))))
        surrendered = [{"certificate": lot.number, "shares": str(notice.shares)}]
        fields = {"notice": notice.id, "holder": lot.holder, "surrendered": surrendered}
        self.say("NoticeOfConversionReceived", effective, **fields)
        if at > naive.CLOSING:
            self.waiting[lot.number] = lot
            self.plan(business_day(day, 1), naive.OPENING, "receipt", notice)
        else:
            self.live.append(lot)
            self.convert(day, notice)

    def large(self, lot: Lot | None) -> bool:
        """§5(a) - Whether a certificate that was taken covers a lot; otherwise it is put back."""
        if lot is not None and lot.shares < 100:
            self.live.append(lot)
            return False
        return lot is not None

    def convert(self, day: date, notice: Notice) -> None:
        """§5(f)(i) - The Conversion Date: the shares end; originals follow, then delivery or, too late, revocation."""
        lot = notice.lot
        lot.shares -= notice.shares
        lot.since = day
        if not lot.shares:
            self.live.remove(lot)
        notice.rate = self.rate
        notice.dividend_cents = (notice.shares * span(max(lot.start, self.paid_to), day) * 500 + 9) // 18
        self.common += int(notice.shares * notice.rate)
        originals = business_day(day, 1)
        self.plan(originals, self.hour(), "OriginalsReceived", notice)
        if self.roll(8) == 0 and business_day(originals, 8) < self.payable_on:
            self.plan(business_day(originals, 4 + self.roll(3)), self.hour(), "NoticeOfConversionRevoked", notice)
            return
        delivery = business_day(originals, 2 + self.roll(2))
        if self.roll(3) == 0:
            self.plan(business_day(originals, 1), self.hour(), "TransferAgentInstructed", notice)
        self.plan(delivery, time(16, self.roll(60)), "CommonSharesDelivered", notice)
        if notice.dividend_cents:
            self.plan(delivery, time(16, 59, 30), "ConversionDividendPaid", notice)

    def deliver(self, effective: str, notice: Notice) -> None:
        """§5(h) - The whole shares that were due, and cash for the fraction at the market price."""
        due = notice.shares * notice.rate
        cents = 75 + self.roll(300)
        in_lieu = int((due - int(due)) * cents + Fraction(1, 2))
        fields = {"shares": str(int(due)), "cash_in_lieu": dollars(in_lieu)}
        self.say("CommonSharesDelivered", effective, notice=notice.id, **fields, market_price=dollars(cents))

    def restore(self, day: date, notice: Notice) -> None:
        """§5(f)(i) - The shares rejoin their certificate, or stand under its number again."""
        lot = notice.lot
        self.common -= int(notice.shares * notice.rate)
        standing = lot.number in self.waiting or any(one is lot for one in self.live)
        if not standing:
            lot.shares = 0
            self.live.append(lot)
        lot.shares += notice.shares
        lot.since = day
