"""§1 to §8 - The certificate read a second time: its figures from a journal alone, in exact fractions.

A part of the auditor's bundle; `verify.py` beside it runs it. It needs Python 3.8 or later and nothing else, and shares
no line with the program that made the bundle. One plain pass over the entries, in the order in which they took effect.
A figure is shares, dollars, or Common Stock for one share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction
from typing import Any, Callable, Dict, Optional  # noqa: UP035 - as Python 3.8 has them

Line = Dict[str, Any]  # noqa: UP006 - a line of the journal, parsed
ZERO, DAY = Fraction(0), timedelta(days=1)


def number(text: object) -> Fraction:
    """A quantity exactly: digits with a point, or n/d."""
    if not re.fullmatch(r"-?\d+(\.\d+|/\d+)?", str(text), re.ASCII):
        raise ValueError(f"{text!r} is no quantity")
    return Fraction(str(text))


def carried(dollars: Fraction) -> Fraction:
    """Dollars exactly, or to a hundred decimals, a half upwards, where the denominator has more digits than that."""
    most = 10**100
    return dollars if dollars.denominator <= most else Fraction((2 * dollars * most + 1) // 2, most)


def nth(year: int, month: int, weekday: int, count: int) -> date:
    """The first, second, ... Monday (0) to Sunday (6) of a month."""
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (count - 1))


def holidays(year: int) -> set[date]:
    """§5(f)(i) - The Federal Reserve's holidays: one on a Sunday is kept on Monday, one on a Saturday is not moved."""
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    fixed += [date(year, 6, 19)] if year >= 2022 else []
    moving = {nth(year, 1, 0, 3), nth(year, 2, 0, 3), nth(year, 6, 0, 1) - 7 * DAY, nth(year, 9, 0, 1)}
    moving |= {nth(year, 10, 0, 2), nth(year, 11, 3, 4)}
    return moving | {day + DAY if day.weekday() == 6 else day for day in fixed}


def in_new_york(utc: datetime) -> datetime:
    """An instant in UTC as a wall clock in New York shows it: summer time by the Acts of 1986 and 2005."""
    begins, ends = nth(utc.year, 4, 6, 1), nth(utc.year, 11, 6, 1) - 7 * DAY
    if utc.year >= 2007:
        begins, ends = nth(utc.year, 3, 6, 2), nth(utc.year, 11, 6, 1)
    summer = datetime.combine(begins, time(7)) <= utc < datetime.combine(ends, time(6))
    return utc - timedelta(hours=4 if summer else 5)


def in_utc(day: date, clock: str) -> datetime:
    """A wall-clock time in New York as an instant in UTC."""
    here = datetime.combine(day, time.fromisoformat(clock))
    summer = here + timedelta(hours=4)
    return summer if in_new_york(summer) == here else here + timedelta(hours=5)


def instant(text: str) -> datetime:
    """An instant in UTC; a day means its first moment in New York."""
    if "T" not in text:
        return in_utc(date.fromisoformat(text), "00:00")
    return datetime.fromisoformat(text).astimezone(timezone.utc).replace(tzinfo=None)  # noqa: UP017 - Python 3.8


def standing(journal: dict[int, Line]) -> dict[int, Line]:
    """Every entry that stands, by its number, in its latest words.

    A correction or voiding is undone by a later one aimed at it that is not itself undone. Of those left the latest
    decides, the correction of a correction in the place of that one; what has undone another says no more.
    """
    aimed = {at: line["entry"] for at, line in journal.items() if line["event"] in ("EntryCorrected", "EntryVoided")}
    undone: set[int] = set()
    for at in sorted(aimed, reverse=True):
        if at not in undone and aimed[at] in aimed:
            undone.add(aimed[at])
    turns: dict[int, Line] = {}
    for at in sorted(aimed.keys() - undone):
        place, voids = at, journal[at]["event"] == "EntryVoided"
        while aimed[place] in aimed and not voids:
            place = aimed[place]
        turns[place] = {} if voids else journal[at]["replacement"]
    says = {**journal, **{aimed[place]: turns[place] for place in sorted(turns)}}
    return {at: line for at, line in says.items() if line and at not in aimed}


@dataclass
class Certificate:
    """Shares under one number: whose, accruing since when, what was paid on them, how many are noticed (§6)."""

    holder: str
    since: date
    shares: Fraction
    paid: Fraction = ZERO
    called: dict[str, Fraction] = field(default_factory=dict)

    def take(self, shares: Fraction) -> Fraction:
        """§2 - Take some shares off, with their part of what was paid, which is returned."""
        paid = self.paid * shares / self.shares
        self.shares, self.paid = self.shares - shares, self.paid - paid
        return paid


class Books:
    """§1 to §8 - The journal gone through once, in the order in which it took effect, to the end of a day."""

    def __init__(self, journal: dict[int, Line], terms: Line, calendar: dict[date, bool], as_of: date) -> None:
        """§5(f)(i) §8(b) - Put the entries in order, a conversion at the receipt of its notice, and go through them."""
        self.calendar, self.readings = calendar, terms["readings"]
        self.signed = date.fromisoformat(terms["signed_on"]["value"])
        self.law = [(date.min, {k: v["value"] for k, v in terms.items() if isinstance(v, dict) and "value" in v})]
        stands = standing(journal)
        amended = [(instant(x["effective"]), at) for at, x in stands.items() if x["event"] == "CertificateAmended"]
        for when, at in sorted(amended):
            self.law.append((in_new_york(when).date(), {**self.law[-1][1], **stands[at]["terms"]}))
        self.accrual: list[tuple[date, Fraction, Fraction]] = []  # from when, the Stated Value, the rate a year
        for since, law in self.law:
            rates = (number(law["stated_value"]), number(law["dividend_rate"]))
            if not self.accrual or self.accrual[-1][1:] != rates:
                self.accrual.append((since, *rates))
        self.amended, self.terms = iter(self.law[1:]), self.law[0][1]
        self.rate, self.splits = number(self.terms["conversion_rate"]), Fraction(1)
        self.common_left, self.stock = True, Fraction(1)  # whether there is Common; what stands for one of it
        self.common = self.beside = self.issued = self.converted = self.redeemed = self.reacquired = ZERO
        self.certificates: dict[str, Certificate] = {}
        self.notices: dict[str, Line] = {}
        self.history: list[tuple[int, Fraction]] = []
        end, steps = in_utc(as_of + DAY, "00:00"), []
        for at, line in stands.items():
            when, kind = instant(line["effective"]), line["event"]
            if kind not in KINDS:
                raise ValueError(f"entry {at} is of an unknown kind: {kind}")
            if when < end:
                steps.append((when, when, at, 0, KINDS[kind], line))
                if kind == "NoticeCompleted" or (kind == "NoticeOfConversionReceived" and line.get("copies", True)):
                    steps.append((self.received(when), when, at, 1, Books.convert, line))
        for when, _, at, _, part, line in sorted(steps, key=lambda step: step[:4]):
            if part and when < end:
                part(self, line, in_new_york(when).date(), at)

    def on(self, day: date) -> Line:
        """§8(b) - The terms in force on a day."""
        return [terms for since, terms in self.law if since <= day][-1]

    def received(self, utc: datetime) -> datetime:
        """§5(f)(i) - At once from the opening to the closing of a business day, else at the next opening."""
        day, clock = in_new_york(utc).date(), in_new_york(utc).time()
        opens, closes = (time.fromisoformat(self.on(day)[name]) for name in ("business_opens", "business_closes"))
        if self.calendar[day] and opens <= clock <= closes:
            return utc
        if not self.calendar[day] or clock > closes:
            day += DAY
        while not self.calendar[day]:
            day += DAY
        return in_utc(day, self.on(day)["business_opens"])

    def days(self, start: date, end: date) -> int:
        """§2 - Days by the reading day-count: actual ones, or in months of thirty with the rule for February's end."""
        if self.readings["day-count"] != "30/360 US" or end <= start:
            return max(0, (end - start).days)
        first, last = start.day, end.day
        if start.month == 2 and (start + DAY).month == 3:
            first = 30
            last = 30 if end.month == 2 and (end + DAY).month == 3 else last
        last = 30 if last == 31 and first >= 30 else last
        return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - min(first, 30)

    def accrued(self, shares: Fraction, start: date, end: date) -> Fraction:
        """§2 - Dollars accrued from a start (included) to an end (excluded); an amendment of the rate cuts the span."""
        total, year = ZERO, 365 if self.readings["day-count"] == "Actual/365 Fixed" else 360
        for since, stated_value, rate in reversed(self.accrual):
            total += shares * stated_value * rate * self.days(max(start, since), end) / year
            end = min(end, max(start, since))
        return total

    def unpaid(self, one: Certificate, day: date) -> Fraction:
        """§2 - Dollars accrued on a certificate to a day and unpaid."""
        return self.accrued(one.shares, one.since, day) - one.paid

    def pay_dividend(self, line: Line, day: date, at: int) -> None:
        """§2 - A payment is shared in proportion to what each certificate has accrued and unpaid through its date."""
        through = date.fromisoformat(line["payable_on"])
        due = {name: max(ZERO, self.unpaid(one, through)) for name, one in self.live().items()}
        share = number(line["amount"]) / sum(due.values())
        for name, dollars in due.items():
            self.certificates[name].paid += carried(share * dollars)

    def live(self) -> dict[str, Certificate]:
        """The certificates that stand for shares."""
        return {name: one for name, one in self.certificates.items() if one.shares}

    def move(self, name: str, into: list[tuple[str, str, Fraction]]) -> None:
        """§5(g) §5(i) §6 - All a certificate has left goes to new numbers; what was paid or called follows pro rata."""
        old = self.certificates[name]
        left = {call: min(shares, old.shares) for call, shares in old.called.items()}
        for new, holder, shares in into:
            part = shares / old.shares
            called = {call: gone * part for call, gone in left.items()}
            self.certificates[new] = Certificate(holder, old.since, shares, old.paid * part, called)
        waits = {call: shares - left[call] for call, shares in old.called.items()}
        self.certificates[name] = Certificate(old.holder, old.since, ZERO, ZERO, waits)

    def renumber(self, line: Line, day: date, at: int) -> None:
        """§5(g) §5(i) §6 - A new number for all that is left, where one was given."""
        for part in line.get("balance_certificates") or [line]:
            new = part.get("new_certificate") or part.get("balance_certificate")
            if new:
                old = self.certificates[part["certificate"]]
                self.move(part["certificate"], [(new, old.holder, old.shares)])

    def issue(self, line: Line, day: date, at: int) -> None:
        """§1 §2 - Shares are issued and accrue from that day."""
        self.issued += number(line["shares"])
        self.certificates[line["certificate"]] = Certificate(line["holder"], day, number(line["shares"]))

    def transfer(self, line: Line, day: date, at: int) -> None:
        """Shares go to new holders, accruing as before."""
        self.move(line["certificate"], [(to["certificate"], to["holder"], number(to["shares"])) for to in line["into"]])

    def reacquire(self, line: Line, day: date, at: int) -> None:
        """§7 - Shares that the Company acquires are canceled."""
        self.certificates[line["certificate"]].take(number(line["shares"]))
        self.reacquired += number(line["shares"])
        self.renumber(line, day, at)

    def receive(self, line: Line, day: date, at: int) -> None:
        """§5(f)(i) - A notice came; nothing converts before its Conversion Date."""
        self.notices[line["notice"]] = {"says": line, "taken": [], "common": ZERO, "paid": ZERO, "stands": False}

    def convert(self, line: Line, day: date, at: int) -> None:
        """§2 §5(b) §5(d) §5(h) - Shares become Common, or what took its place, by the total; dividends fall due."""
        notice, total = self.notices[line["notice"]], ZERO
        for part in notice["says"]["surrendered"]:
            one, shares = self.certificates[part["certificate"]], number(part["shares"])
            paid, total = one.take(shares), total + shares
            notice["taken"].append((part["certificate"], shares, paid, self.accrued(shares, one.since, day) - paid))
        common = total * self.rate * self.stock
        in_whole = self.common_left and notice["says"].get("fractions") != "issue"
        notice["common"], notice["stands"] = Fraction(common // 1) if in_whole else common, True
        self.converted, self.common = self.converted + total, self.common + notice["common"]

    def pay_converted(self, line: Line, day: date, at: int) -> None:
        """§2 - Paid of what fell due on a Conversion Date."""
        self.notices[line["notice"]]["paid"] += number(line["amount"])

    def revoke(self, line: Line, day: date, at: int) -> None:
        """§5(f)(i) - Both sides are restored; what was paid counts as paid on the shares it fell due on."""
        notice = self.notices[line["notice"]]
        due = sum(max(ZERO, part) for *_, part in notice["taken"])
        for name, shares, paid, part in notice["taken"]:
            self.certificates[name].shares += shares
            self.certificates[name].paid += paid + carried(notice["paid"] * max(ZERO, part) / (due or 1))
            self.converted -= shares
        self.common -= notice["common"]
        notice["stands"] = False

    def due_on_conversion(self) -> Fraction:
        """§2 - Dollars that fell due on Conversion Dates and are unpaid."""
        stands = [notice for notice in self.notices.values() if notice["stands"]]
        return sum((sum((due for *_, due in notice["taken"]), -notice["paid"]) for notice in stands), ZERO)

    def adjust(self, at: int, rate: Fraction) -> None:
        """§5(c) §5(e)(iii) - A new rate, the same for every share."""
        self.rate = rate
        self.history.append((at, rate))

    def open(self, line: Line, day: date, at: int) -> None:
        """The Common Stock outstanding when the ledger opens."""
        self.common = number(line["outstanding"])

    def sell(self, line: Line, day: date, at: int) -> None:
        """§5(e) - Sold below the price after the date hereof, the rate grows by (O + N) / (O + C / price)."""
        shares = number(line["shares"])
        received = number(line.get("cash", 0)) + number(line.get("property_fair_value", 0))
        scales = self.readings["dilution-threshold"] == "scales with splits"
        price = number(self.terms["threshold_price"]) / (self.splits if scales else 1)
        if not line.get("exempt") and day > self.signed and received / shares < price and self.stock:
            self.adjust(at, self.rate * (self.common + shares) / (self.common + received / price))
        self.common += shares

    def retire(self, line: Line, day: date, at: int) -> None:
        """§5(e)(i) - Common that was retired is outstanding no longer."""
        self.common -= number(line["shares"])

    def split(self, line: Line, day: date, at: int) -> None:
        """§5(c) - A split multiplies the rate, the Common outstanding, and what notices are to deliver."""
        self.multiply(number(line["new_shares"]) / number(line["old_shares"]), at)

    def multiply(self, by: Fraction, at: int) -> None:
        """§5(c) - So many shares of Common for each, by a split or by whatever else has made them."""
        self.splits, self.common = self.splits * by, self.common * by
        self.adjust(at, self.rate * by)
        for notice in self.notices.values():
            notice["common"] *= by

    def change(self, line: Line, day: date, at: int) -> None:
        """§5(c) §5(d) - Common becomes more or less of it, as by a split; or all of it other stock, which counts on."""
        became = {one["security"]: number(one["per_share"]) for one in line.get("into") or line.get("per_share") or ()}
        by = became.pop("Common Stock", ZERO)
        self.beside += self.rate * sum((each for name, each in became.items() if name.lower() != "cash"), ZERO)
        if by not in (0, 1):
            self.multiply(by, at)
        if became and not by:
            self.common_left, self.stock = False, self.beside / self.rate
            self.common *= self.stock
            for notice in self.notices.values():
                notice["common"] *= self.stock

    def amend(self, line: Line, day: date, at: int) -> None:
        """§8(b) - Terms amended; an amended conversion rate takes the place of every adjustment before."""
        self.terms = next(self.amended)[1]
        if "conversion_rate" in line["terms"]:
            self.beside *= number(self.terms["conversion_rate"]) / self.rate
            self.adjust(at, number(self.terms["conversion_rate"]))

    def call(self, line: Line, day: date, at: int) -> None:
        """§6 - Shares are noticed for redemption."""
        for part in line["shares"]:
            self.certificates[part["certificate"]].called[line["redemption"]] = number(part["shares"])

    def redeem(self, line: Line, day: date, at: int) -> None:
        """§6 - On the redemption date the lesser of noticed and left is outstanding no more."""
        for one in self.certificates.values():
            shares = min(one.called.pop(line["redemption"], ZERO), one.shares)
            if shares:
                one.take(shares)
                self.redeemed += shares


MOVES_NOTHING = """
BankClosureDeclared HolderRegistered OriginalsReceived TransferAgentInstructed OtherClassDividendPaid FundsSetApart
CommonAuthorizationChanged LiquidationCommenced LiquidationDistributionPaid ConsentGiven ActionTaken RecordDateSet
RecordDateNoticeMailed CountAttested NoticeCompleted
"""
KINDS: dict[str, Optional[Callable[[Books, Line, date, int], None]]] = {  # noqa: UP045 - Python 3.8
    "PreferredSharesIssued": Books.issue, "PreferredSharesTransferred": Books.transfer,
    "PreferredSharesReacquired": Books.reacquire, "CertificateReplaced": Books.renumber,
    "DividendPaid": Books.pay_dividend, "NoticeOfConversionReceived": Books.receive,
    "NoticeOfConversionRevoked": Books.revoke, "CommonSharesDelivered": Books.renumber,
    "ConversionDividendPaid": Books.pay_converted, "CommonStockOpened": Books.open, "CommonSharesIssued": Books.sell,
    "CommonSharesRetired": Books.retire, "CommonStockSplit": Books.split, "CommonStockReclassified": Books.change,
    "ReorganizationEffected": Books.change, "CertificateAmended": Books.amend, "RedemptionNoticeMailed": Books.call,
    "SharesRedeemed": Books.redeem, "RedemptionPricePaid": Books.renumber, **dict.fromkeys(MOVES_NOTHING.split()),
}  # fmt: skip
"""What each kind does to the books; some move no figure that is computed here."""
