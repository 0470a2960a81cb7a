"""§1 to §7 - Whole random histories of Series H, each valid when recorded line by line, for the property tests.

A history is told by a Story: it keeps the naive books beside the journal, moves a clock through the certificate's
interesting hours, and lets only such things happen as the certificate does not make impossible. Lines come in timeline
order, a notice at its deemed receipt, so every beginning of a history is itself a valid history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

import naive

T = TypeVar("T")
Fields = dict[str, Any]
SIGNING = date(2001, 4, 12)
DESIGNATED = 5100
HOLDERS = ("Holder A", "Holder B", "Holder C", "Holder D", "Holder E")
PRICES = ("0.7199", "0.72", "0.7201", "0", "0.23", "0.719999999999", "0.45", "1.10")
SPLITS = ((2, 1), (3, 2), (11, 10), (1, 2), (1, 3), (10, 9), (1, 1))
INSIDE = (time(9), time(17), time(11, 30), time(14, 5, 59), time(9, 0, 1), time(16, 59, 59))
OUTSIDE = (time(8, 15), time(17, 1), time(17, 0, 1), time(21, 40), time(0), time(8, 59, 59), time(1, 30), time(12))
# The rate's digits double with every fraction issued before a dilution; beyond a few, a history only grows slow.
MOST_ISSUED_FRACTIONS, MOST_DILUTIONS, MOST_SPLITS, MOST_DIVIDENDS = 3, 8, 4, 8


def text(quantity: Fraction) -> str | None:
    """A quantity as digits with a point, or None where twelve decimals cannot carry it."""
    scaled = quantity * 10**12
    if scaled.denominator != 1:
        return None
    whole, part = divmod(int(scaled), 10**12)
    return f"{whole}.{part:012d}".rstrip("0").rstrip(".")


def cents(amount: Fraction) -> int:
    """§2 - An amount rounded half up to whole cents."""
    return int((amount * 100 + Fraction(1, 2)) // 1)


def percent(shares: Fraction, hundredths: int) -> Fraction:
    """§1 - Some hundredths of shares, at two decimals."""
    return Fraction(shares * hundredths // 1, 100)


def money(amount: int) -> str:
    """§2 - Whole cents as dollars."""
    return f"{amount // 100}.{amount % 100:02d}"


class Story:
    """§1 to §7 - A history being told: the journal, its naive books, its clock and what its notices have come to."""

    def __init__(self, random: Random) -> None:
        """§1 - Begin with the Common Stock and one to three certificates, on the day of signing."""
        self.random = random
        self.journal: list[Fields] = []
        self.places: list[tuple[datetime, str]] = []  # each line's place in the timeline, with its kind
        self.books = naive.empty_books()
        self.closed: set[date] = set()
        self.now = naive.at(SIGNING, time(0))
        self.notices: dict[str, Fields] = {}  # by id: sent, originals, instructed, ended
        self.mailed: dict[str, date] = {}  # redemptions not yet carried out, by id
        self.priced: set[tuple[str, str]] = set()
        self.counts: Counter[str] = Counter()
        self.emit("CommonStockOpened", "2001-04-12", outstanding="35000000", authorized="9" * 18, par_value="0.05")
        for holder in HOLDERS[: 1 + self.roll(3)]:
            shares = self.pick(("800", "500", "1000", "1200", "333.33", "640.5"))
            self.emit("PreferredSharesIssued", "2001-04-12", holder=holder, certificate=self.number("H"), shares=shares)

    def roll(self, sides: int) -> int:
        """§1 - A whole number below sides; small whole draws are what shrinks well."""
        return self.random.randint(0, sides - 1)

    def pick(self, among: Sequence[T]) -> T:
        """§1 - One of several."""
        return among[self.roll(len(among))]

    def number(self, letter: str) -> str:
        """§5(g) §5(i) - A certificate, notice or redemption number not used before."""
        self.counts[letter] += 1
        return f"{letter}-{self.counts[letter]}"

    def few(self, what: str, most: int) -> bool:
        """§5(c) §5(e) §5(h) - Whether one more of what makes fractions long may still happen."""
        self.counts[what] += 1
        return self.counts[what] <= most

    def emit(self, event: str, effective: str | datetime, when: datetime | None = None, **fields: Any) -> None:
        """Write a line and enter it in the books at its place in the timeline.

        A notice without copies lets no other share its opening: the other might take the shares first.
        """
        if isinstance(effective, datetime):
            effective = effective.astimezone(naive.NEW_YORK).isoformat()
        line = {"event": event, "effective": effective, **fields}
        when = when or naive.instant(effective)
        tied = event in naive.PAPERS and when in [place for place, _ in self.places]
        self.journal.append(line)
        self.places.append((when, event if fields.get("copies", True) else ""))
        self.now = when
        if tied:  # another notice with the same deemed receipt, perhaps telecopied later: begin anew, in order
            self.books = naive.books_at(self.journal, when + timedelta(1))
        elif event in naive.HANDLERS:
            naive.HANDLERS[event](self.books, line, when)

    def advance(self, to: datetime) -> None:
        """§6 - Move the clock, carrying out on its date every redemption on the way."""
        for redemption, day in sorted(self.mailed.items(), key=lambda mailed: mailed[1]):
            if naive.at(day, time(0)) <= to:
                del self.mailed[redemption]
                self.emit("SharesRedeemed", day.isoformat(), redemption=redemption)
        self.now = max(self.now, to)

    def moment(self) -> str | datetime:
        """When something happens next: a day at its start, or an instant, sometimes the same one again."""
        today = naive.day_of(self.now)
        if self.roll(2):
            if self.now != naive.at(today, time(0)):
                today += timedelta(1)
            self.advance(naive.at(today, time(0)))
            return today.isoformat()
        self.advance(self.now + timedelta(seconds=self.pick((0, 1, 1800, 7200, 30_000))))
        return self.now

    def pass_time(self) -> None:
        """§5(f) - Let no time pass, or some, or go on to a day on which rules change."""
        today = naive.day_of(self.now)
        if self.roll(12) == 0:
            corners = {date(today.year, month, 10) for month in (3, 6, 9, 12)} | naive.holidays(today.year)
            corners |= {date(today.year, 2, 28), date(today.year, 4, 7), date(today.year, 10, 28)}
            later = [day for day in sorted(corners) if day > today]
            self.advance(naive.at(later[0] - timedelta(self.roll(2)) if later else date(today.year + 1, 1, 1), time(0)))
        elif self.roll(4):
            days = self.pick((0, 1, 1, 2, 3, 5, 9, 20)) if self.roll(150) else 365 * self.roll(12)
            self.advance(naive.at(today + timedelta(days), self.pick(INSIDE + OUTSIDE)))

    def received(self, sent_after: datetime | None = None) -> tuple[datetime, datetime] | None:
        """§5(f) - When a paper is telecopied and when it is deemed received, within business hours or outside them."""
        today = naive.day_of(self.now)
        if self.roll(2):
            sent = naive.at(today, self.pick(INSIDE))
            if sent < self.now or not naive.banks_open(today, self.closed):
                sent = naive.at(naive.next_banking_day(today, self.closed), self.pick(INSIDE))
            when = sent
        else:  # telecopied at any hour since the last closing, perhaps before things already written
            when = naive.at(today, naive.OPENING)
            others = [event for place, event in self.places if place == when and event not in naive.PAPERS]
            if when < self.now or others or not naive.banks_open(today, self.closed):
                when = naive.at(naive.next_banking_day(today, self.closed), naive.OPENING)
            sent = naive.at(naive.day_of(when) - timedelta(self.roll(4)), self.pick(OUTSIDE))
        if naive.deemed(sent, self.closed) != when or (sent_after and sent <= sent_after):
            return None
        self.advance(when)
        return sent, when

    def lots(self, holder: str = "") -> list[tuple[str, Fields]]:
        """§5(a) §5(i) - The certificates, of a holder or of all, with something left that a quantity can write."""
        lots = self.books["lots"].items()
        return [(c, lot) for c, lot in lots if lot["shares"] and text(lot["shares"]) and holder in ("", lot["holder"])]

    def open_notices(self, *, with_originals: bool) -> list[str]:
        """§5(f) - Converted notices neither delivered nor revoked, by whether their originals are there."""
        return [
            notice for notice, state in self.notices.items()
            if self.books["notices"][notice]["converted"] and not state["ended"]
            and (state["originals"] is not None) == with_originals
        ]  # fmt: skip

    def issue_preferred(self) -> None:
        """§1 - Fractional shares allowed, never more than 5,100 in all."""
        shares = Fraction(self.pick(("100", "250.25", "5.47", "166.61", "300", "0.01", "99.999999999999")))
        if self.books["issued"] + shares <= DESIGNATED:
            when = self.moment()
            certificate = self.number("H")
            self.emit(
                "PreferredSharesIssued", when, holder=self.pick(HOLDERS), certificate=certificate, shares=text(shares)
            )

    def transfer(self) -> None:
        """§5(i) - What a certificate has left goes into one to three new ones."""
        when = self.moment()
        if not (lots := self.lots()):
            return
        certificate, lot = self.pick(lots)
        left, into = lot["shares"], []
        for _ in range(self.roll(3)):
            part = percent(left, self.pick((10, 25, 50, 62)))
            if 0 < part < left:
                into.append((part, self.pick(HOLDERS)))
                left -= part
        into.append((left, self.pick(HOLDERS)))
        parts = [{"holder": holder, "certificate": self.number("H"), "shares": text(part)} for part, holder in into]
        self.emit("PreferredSharesTransferred", when, certificate=certificate, into=parts)

    def replace(self) -> None:
        """§5(g) - A lost certificate is replaced."""
        when = self.moment()
        if lots := self.lots():
            fields: Fields = {"certificate": self.pick(lots)[0], "new_certificate": self.number("H")}
            self.emit("CertificateReplaced", when, **fields, reason="lost", indemnity="bond")

    def reacquire(self) -> None:
        """§7 - Bought back shares, never noticed ones: which of those would go first the text does not say."""
        when = self.moment()
        if lots := [(certificate, lot) for certificate, lot in self.lots() if not any(lot["noticed"].values())]:
            certificate, lot = self.pick(lots)
            shares = lot["shares"] if self.roll(4) == 0 else percent(lot["shares"], 10)
            if shares:
                fields: Fields = {"certificate": certificate, "shares": text(shares), "price": "950.00"}
                if shares < lot["shares"] and self.roll(2):
                    fields["balance_certificate"] = self.number("H")
                self.emit("PreferredSharesReacquired", when, **fields)

    def part_of(self, owed: Fraction) -> int:
        """§2 - Whole cents to pay of what is owed: to the cent, a cent short, in part, or one cent."""
        full = max(0, cents(owed))
        return max(0, self.pick((full, full, full - 1, full // 2, full * 9 // 10, 1 if full else 0)))

    def pay_dividend(self) -> None:
        """§2 - A dividend for a quarter already payable, never above what is accrued and unpaid through it."""
        when = self.moment()
        today = naive.day_of(self.now)
        payable = [date(today.year - back, month, 10) for back in (1, 0) for month in (3, 6, 9, 12)]
        payable = [day for day in payable if date(2001, 6, 10) <= day <= today][-3:]
        if not payable:
            return
        day = payable[-1] if self.roll(4) else self.pick(payable)
        owed = [naive.unpaid(lot, day) for lot in self.books["lots"].values() if lot["shares"]]
        # What one certificate has too much may or may not lessen the others' sum: stay within either.
        if (amount := self.part_of(sum(owed, Fraction(0)))) and self.few("dividends", MOST_DIVIDENDS):
            self.emit("DividendPaid", when, payable_on=day.isoformat(), amount=money(amount))

    def receive_notice(self) -> None:
        """§5(a) §5(f) - A Notice of Conversion of lots of 100, on one certificate or several of a holder."""
        received = self.received()
        rich = [holder for holder in HOLDERS if sum(lot["shares"] for _, lot in self.lots(holder)) >= naive.LOT]
        if not received or not rich:
            return
        (sent, when), holder = received, self.pick(rich)
        lots = self.lots(holder)
        if self.roll(2):
            lots = [lot for lot in lots if lot[1]["shares"] >= naive.LOT] or lots
        turn = self.roll(len(lots))
        left = Fraction(naive.LOT * (1 + self.roll(min(3, int(sum(lot["shares"] for _, lot in lots)) // naive.LOT))))
        surrendered = []
        for certificate, lot in lots[turn:] + lots[:turn]:
            part = min(left, lot["shares"])
            if part:
                surrendered.append({"certificate": certificate, "shares": text(part)})
                left -= part
        fields: Fields = {"notice": self.number("N"), "holder": holder, "surrendered": surrendered}
        if self.roll(3) == 0 and self.few("fractions", MOST_ISSUED_FRACTIONS):
            fields["fractions"] = "issue"
        if self.roll(7) == 0:
            fields["copies"] = False
        quiet = naive.day_of(self.places[-1][0]) < naive.day_of(when)
        self.notices[fields["notice"]] = {"sent": sent, "originals": None, "instructed": None, "ended": False}
        self.emit("NoticeOfConversionReceived", sent, when, **fields)
        if quiet and self.roll(8) == 0 and "copies" not in fields:
            self.close_banks_behind(sent, when)

    def close_banks_behind(self, sent: datetime, when: datetime) -> None:
        """§5(f) - A hurricane closes the banks on the very day a notice came: it converts on the next one instead."""
        day = naive.day_of(when)
        later = naive.deemed(sent, self.closed | {day})
        if all(naive.day_of(later) < redemption for redemption in self.mailed.values()):
            self.closed.add(day)
            declared = when + timedelta(hours=2)
            self.emit("BankClosureDeclared", declared, closed_on=day.isoformat(), reason="hurricane")
            self.books = naive.books_at(self.journal, later + timedelta(1))
            self.places[-2:] = [(declared, "BankClosureDeclared"), (later, "NoticeOfConversionReceived")]
            self.now = later

    def complete_notice(self) -> None:
        """§5(f) - The missing copies arrive while the shares are still there."""
        waiting = [notice for notice in self.notices if not self.books["notices"][notice]["converted"]]
        notice = self.pick(waiting) if waiting else ""
        received = self.received(self.notices[notice]["sent"]) if notice else None
        if received:
            asked = self.books["notices"][notice]["line"]
            lots = dict(self.lots(asked["holder"]))
            parts = [(part["certificate"], Fraction(part["shares"])) for part in asked["surrendered"]]
            if all(certificate in lots and lots[certificate]["shares"] >= shares for certificate, shares in parts):
                self.emit("NoticeCompleted", received[0], received[1], notice=notice)

    def receive_originals(self) -> None:
        """§5(f) - The originals arrive, within business hours or not; the three business days begin."""
        if waiting := self.open_notices(with_originals=False):
            notice = self.pick(waiting)
            arrival = naive.at(naive.day_of(self.now) + timedelta(self.roll(5)), self.pick(INSIDE + OUTSIDE))
            self.advance(max(arrival, self.now))
            self.notices[notice]["originals"] = self.now
            self.emit("OriginalsReceived", self.now, notice=notice)

    def instruct_agent(self) -> None:
        """§5(f) - The transfer agent is instructed: some time, on the last second of the window or one too late."""
        if waiting := [n for n in self.open_notices(with_originals=True) if not self.notices[n]["instructed"]]:
            notice = self.pick(waiting)
            last = naive.window_end(self.notices[notice]["originals"], self.closed)
            moment = self.pick((self.now, last, last + timedelta(seconds=1)))
            self.advance(max(moment, self.now))
            self.notices[notice]["instructed"] = self.now
            self.emit("TransferAgentInstructed", self.now, notice=notice)

    def deliver(self) -> None:
        """§5(f) §5(h) §5(i) - Common is delivered, as due or a little otherwise, balance certificates with it."""
        when = self.moment()
        if waiting := self.open_notices(with_originals=True):
            notice = self.pick(waiting)
            own = self.books["notices"][notice]
            shares = max(0, int(own["common"] // 1) - self.pick((0, 0, 0, 889)))
            fields: Fields = {"notice": notice, "shares": str(shares), "cash_in_lieu": "0.10", "market_price": "0.51"}
            left = dict(self.lots())
            held = dict.fromkeys(certificate for certificate, _ in own["pieces"] if certificate in left)
            if held and self.roll(2):
                balances = [{"certificate": number, "new_certificate": self.number("H")} for number in held]
                fields["balance_certificates"] = balances
            self.notices[notice]["ended"] = True
            self.emit("CommonSharesDelivered", when, **fields)

    def pay_conversion_dividend(self) -> None:
        """§2 - What fell due on a Conversion Date is paid, in whole or in part, before delivery or after."""
        when = self.moment()
        owing = {}
        for notice, own in self.books["notices"].items():
            if own["converted"] and not own["revoked"]:
                owing[notice] = sum((naive.unpaid(piece, own["converted"]) for _, piece in own["pieces"]), Fraction(0))
        if waiting := [notice for notice, owed in owing.items() if cents(owed) > 0]:
            notice = self.pick(waiting)
            if amount := self.part_of(owing[notice]):
                self.emit("ConversionDividendPaid", when, notice=notice, amount=money(amount))

    def revoke(self) -> None:
        """§5(f) - The holder revokes after a window in which neither agent nor Common moved, from its end on."""
        states = [(notice, self.notices[notice]) for notice in self.open_notices(with_originals=True)]
        ends = [(n, state, naive.window_end(state["originals"], self.closed)) for n, state in states]
        if waiting := [(n, end) for n, state, end in ends if not state["instructed"] or state["instructed"] > end]:
            notice, end = self.pick(waiting)
            self.advance(max(self.now, end + timedelta(seconds=1)))
            self.notices[notice]["ended"] = True
            self.emit("NoticeOfConversionRevoked", self.now, notice=notice)

    def issue_common(self) -> None:
        """§5(e) - Common sold about $0.72, for cash, property or both, sometimes exempt."""
        when, shares, price = self.moment(), 1000 + self.roll(4_000_000), Fraction(self.pick(PRICES))
        fields: Fields = {"shares": str(shares), "cash": text(shares * price)}
        if self.roll(3) == 0:
            half = text(shares * price / 2)
            fields |= {"cash": half, "property_fair_value": half, "board_resolution": "BR-1"}
        if self.roll(4) == 0:
            fields["exempt"] = self.pick(("employee_plan", "outstanding_at_date_hereof"))
        if price >= naive.PRICE_FLOOR or "exempt" in fields or self.few("dilutions", MOST_DILUTIONS):
            self.emit("CommonSharesIssued", when, **fields)

    def retire_common(self) -> None:
        """§5(e)(i) - A little of the Common outstanding, none of the pending, is retired."""
        when = self.moment()
        waiting = self.open_notices(with_originals=True) + self.open_notices(with_originals=False)
        pending = sum(self.books["notices"][notice]["common"] for notice in waiting)
        if shares := int((self.books["common"] - pending) * self.roll(20) // 1000):
            self.emit("CommonSharesRetired", when, shares=str(shares))

    def split_common(self) -> None:
        """§5(c) - A split, a combination or a stock dividend."""
        when, (new, old) = self.moment(), self.pick(SPLITS)
        if self.few("splits", MOST_SPLITS):
            self.emit("CommonStockSplit", when, new_shares=str(new), old_shares=str(old))

    def close_banks(self) -> None:
        """§5(f) - A closure declared ahead of its day."""
        when = self.moment()
        day = naive.day_of(self.now) + timedelta(1 + self.roll(9))
        self.closed.add(day)
        self.emit("BankClosureDeclared", when, closed_on=day.isoformat(), reason="hurricane")

    def register(self) -> None:
        """§6 - A holder's particulars, to which notices are mailed."""
        when, holder = self.moment(), self.pick(HOLDERS)
        self.emit("HolderRegistered", when, holder=holder, name=f"{holder}, a trust", address="West Palm Beach")

    def mail_redemption(self) -> None:
        """§6 - A redemption notice, in time or a day late, over certificates no other notice covers."""
        when = self.moment()
        free = [(certificate, lot) for certificate, lot in self.lots() if not any(lot["noticed"].values())]
        parts = []
        for certificate, lot in free[self.roll(2) : 3]:
            shares = lot["shares"] if self.roll(2) else percent(lot["shares"], 40)
            if shares:
                parts.append({"certificate": certificate, "shares": text(shares)})
        if parts and len(self.mailed) < 3:
            redemption, day = self.number("R"), naive.day_of(self.now) + timedelta(self.pick((29, 30, 31, 45)))
            self.mailed[redemption] = day
            fields: Fields = {"redemption": redemption, "redemption_date": day.isoformat(), "shares": parts}
            self.emit("RedemptionNoticeMailed", when, **fields, representation=True)

    def pay_redemption(self) -> None:
        """§6 - The price of redeemed shares, never above it, with a certificate for the unredeemed portion."""
        when = self.moment()
        prices = [(r, c, price) for r, owed in self.books["redemptions"].items() for c, price in owed.items()]
        if prices := [(r, c, price) for r, c, price in prices if (r, c) not in self.priced and cents(price) > 1]:
            redemption, certificate, price = self.pick(prices)
            self.priced.add((redemption, certificate))
            amount = money(self.part_of(price))
            fields: Fields = {"redemption": redemption, "certificate": certificate, "amount": amount}
            if self.books["lots"][certificate]["shares"] and self.roll(2):
                fields["balance_certificate"] = self.number("H")
            self.emit("RedemptionPricePaid", when, **fields)

    def tell(self, entries: int) -> list[Fields]:
        """§1 to §7 - Let things happen until the journal has about that many lines."""
        moves: list[tuple[int, Callable[[], None]]] = [
            (8, self.receive_notice), (3, self.complete_notice), (9, self.receive_originals), (3, self.instruct_agent),
            (4, self.deliver), (5, self.revoke), (4, self.pay_conversion_dividend), (4, self.pay_dividend),
            (4, self.issue_preferred), (4, self.transfer), (2, self.replace), (2, self.reacquire),
            (5, self.issue_common), (1, self.retire_common), (1, self.split_common), (1, self.close_banks),
            (1, self.register), (3, self.mail_redemption), (3, self.pay_redemption),
        ]  # fmt: skip
        weighted = [move for weight, move in moves for _ in range(weight)]
        while len(self.journal) < entries:
            self.pass_time()
            self.pick(weighted)()
        return self.journal


@st.composite
def histories(draw: st.DrawFn, entries: int = 100) -> list[Fields]:
    """§1 to §7 - Valid journals of about so many lines; every beginning of one is valid too."""
    return Story(draw(st.randoms(use_true_random=False))).tell(entries)
