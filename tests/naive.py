"""§1 to §6 - The figures of the certificate computed a second time, naively, as the oracle of the property tests.

One plain pass over the entries in force, in timeline order, over mutable dicts. Written from the certificate and the
design alone and sharing nothing with the program, so that the two err together only where both misread the text.
Default readings only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
STATED_VALUE = Fraction(1000)
YEARLY = STATED_VALUE / 10  # ten percent of the Stated Value (§2)
FIRST_RATE = Fraction("1388.89")
PRICE_FLOOR = Fraction("0.72")
SIGNED = date(2001, 4, 12)  # the date hereof
LOT = 100
OPENING, CLOSING = time(9), time(17)
PAPERS = ("NoticeOfConversionReceived", "NoticeCompleted")  # what takes its place at its deemed receipt

Line = Mapping[str, Any]
Books = dict[str, Any]


def nth_monday(year: int, month: int, nth: int) -> date:
    """§5(f) - The nth Monday of a month; the last one where nth is 0."""
    if not nth:
        return nth_monday(year, month + 1, 1) - timedelta(7)
    first = date(year, month, 1)
    return first + timedelta((7 - first.weekday()) % 7 + 7 * (nth - 1))


@cache
def holidays(year: int) -> set[date]:
    """§5(f) - The Federal Reserve's holidays: one on a Sunday moves to Monday, one on a Saturday does not move."""
    fixed = [(1, 1), (7, 4), (11, 11), (12, 25)] + ([(6, 19)] if year >= 2022 else [])
    days = {date(year, month, day) for month, day in fixed}
    thanksgiving = nth_monday(year, 11, 1) + timedelta(24 if nth_monday(year, 11, 1).day <= 4 else 17)
    return {day + timedelta(1) if day.weekday() == 6 else day for day in days} | {
        nth_monday(year, 1, 3), nth_monday(year, 2, 3), nth_monday(year, 5, 0), nth_monday(year, 9, 1),
        nth_monday(year, 10, 2), thanksgiving,
    }  # fmt: skip


def banks_open(day: date, closed: Iterable[date]) -> bool:
    """§5(f) - Whether banks are open in Palm Beach County: a weekday, no holiday, no declared closure."""
    return day.weekday() < 5 and day not in closed and day not in holidays(day.year)


def next_banking_day(day: date, closed: Iterable[date]) -> date:
    """§5(f) - The first banking day after a day."""
    day += timedelta(1)
    while not banks_open(day, closed):
        day += timedelta(1)
    return day


def at(day: date, hour: time) -> datetime:
    """§5(f) - A wall-clock hour in Palm Beach County, as an instant."""
    return datetime.combine(day, hour, NEW_YORK).astimezone(ZoneInfo("UTC"))


def instant(effective: str) -> datetime:
    """When an entry takes effect: a day means its first moment in New York."""
    if len(effective) == 10:
        return at(date.fromisoformat(effective), time(0))
    return datetime.fromisoformat(effective).astimezone(ZoneInfo("UTC"))


def day_of(moment: datetime) -> date:
    """The New York day an instant falls on."""
    return moment.astimezone(NEW_YORK).date()


def deemed(moment: datetime, closed: Iterable[date]) -> datetime:
    """§5(f) - When a paper counts as received: at once from 9:00 to 17:00 of a banking day, else at the next 9:00."""
    day = day_of(moment)
    if not banks_open(day, closed) or moment > at(day, CLOSING):
        return at(next_banking_day(day, closed), OPENING)
    return max(moment, at(day, OPENING))


def window_end(originals: datetime, closed: Iterable[date]) -> datetime:
    """§5(f) - 17:00:00 of the third business day after the originals arrived; revocation lies after it."""
    day = day_of(deemed(originals, closed))
    for _ in range(3):
        day = next_banking_day(day, closed)
    return at(day, CLOSING)


def days_30_360(start: date, end: date) -> int:
    """§2 - Days from start (included) to end (excluded), every month thirty, with the end-of-February rule."""
    first, last = start.day, end.day
    if (start + timedelta(1)).month == 3 and start.month == 2:
        if (end + timedelta(1)).month == 3 and end.month == 2:
            last = 30
        first = 30
    if last == 31 and first >= 30:
        last = 30
    first = min(first, 30)
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def in_force(journal: Sequence[Line]) -> list[tuple[int, Line]]:
    """The numbered entries once corrections and voids have spoken; a replacement keeps the old number."""
    lines = dict(enumerate(journal, 2))

    def about(number: int, kind: str) -> list[int]:
        """The standing corrections or voids of an entry."""
        return [n for n, line in lines.items() if line["event"] == kind and line["entry"] == number and stands(n)]

    def stands(number: int) -> bool:
        """An entry stands unless a standing entry voids it, so voiding a void revives."""
        return not about(number, "EntryVoided")

    def content(number: int) -> Line:
        """What an entry says: the last standing correction's word, which may itself have been corrected."""
        corrections = about(number, "EntryCorrected")
        if corrections:
            return content(corrections[-1])
        line = lines[number]
        return line["replacement"] if line["event"] == "EntryCorrected" else line

    return [
        (number, content(number))
        for number, line in lines.items()
        if line["event"] not in ("EntryCorrected", "EntryVoided") and stands(number)
    ]


def timeline(journal: Sequence[Line]) -> tuple[list[tuple[datetime, datetime, int, Line]], set[date]]:
    """§5(f) - Entries by effective instant then number, notices by their deemed receipt, under all known closures."""
    entries = in_force(journal)
    closed = {date.fromisoformat(line["closed_on"]) for _, line in entries if line["event"] == "BankClosureDeclared"}
    order = []
    for number, line in entries:
        sent = instant(line["effective"])
        when = deemed(sent, closed) if line["event"] in PAPERS else sent
        order.append((when, sent, number, line))
    return sorted(order, key=lambda entry: entry[:3]), closed


def empty_books() -> Books:
    """§1 - The books before the first entry."""
    return {
        "issued": Fraction(0), "rate": FIRST_RATE, "common": Fraction(0),
        "lots": {},  # certificate -> holder, shares, start of accrual, paid, noticed: {redemption: shares}
        "notices": {}, "redemptions": {},
    }  # fmt: skip


def unpaid(lot: Line, until: date) -> Fraction:
    """§2 - What a lot has accrued and unpaid through a day; negative by whatever was paid beyond that day."""
    span: Fraction = lot["shares"] * YEARLY * max(0, days_30_360(lot["start"], until)) / 360
    return span - Fraction(lot["paid"])


def allocate(amount: Fraction, lots: list[dict[str, Any]], until: date) -> None:
    """§2 - Share a payment in proportion to what each lot has accrued and unpaid."""
    owed = [max(Fraction(0), unpaid(lot, until)) for lot in lots]  # a lot paid beyond that day takes no part
    share, hundred = amount / (sum(owed) or 1), 10**100
    for lot, part in zip(lots, owed, strict=True):
        fell = share * part
        # A share of more digits than a hundred behind the line is told to a hundred decimals, a half upwards.
        lot["paid"] += fell if fell.denominator <= hundred else Fraction((2 * fell * hundred + 1) // 2, hundred)


def take(lot: dict[str, Any], shares: Fraction, spare_noticed: bool) -> dict[str, Any]:
    """§5(i) §6 - Cut shares off a lot with their part of what was paid and, unless spared, of what is noticed.

    A conversion leaves what is noticed with the lot, so that the lesser of noticed and left is redeemed in the end.
    """
    piece = {**lot, "shares": shares, "paid": lot["paid"] * shares / lot["shares"], "noticed": {}}
    for redemption, noticed in lot["noticed"].items():
        gone = Fraction(0) if spare_noticed else min(noticed, lot["shares"]) * shares / lot["shares"]
        piece["noticed"][redemption] = gone
        lot["noticed"][redemption] = noticed - gone
    lot["shares"] -= shares
    lot["paid"] -= piece["paid"]
    return piece


def put(books: Books, certificate: str, piece: dict[str, Any]) -> None:
    """§5(f)(i) - Enter shares under a certificate's number, joining what it has left."""
    lot = books["lots"].get(certificate)
    if lot is None or not lot["shares"]:
        waiting = lot["noticed"] if lot else {}
        books["lots"][certificate] = {**piece, "noticed": {**piece["noticed"], **waiting}}
        return
    lot["shares"] += piece["shares"]
    lot["paid"] += piece["paid"]
    for redemption, noticed in piece["noticed"].items():
        lot["noticed"][redemption] = lot["noticed"].get(redemption, Fraction(0)) + noticed


def renew(books: Books, line: Line, when: datetime) -> None:
    """§5(g) §5(i) §6 - What a certificate has left goes on under a new number, if one was given; no figure moves."""
    for part in line.get("balance_certificates") or [line]:
        new = part.get("new_certificate") or part.get("balance_certificate")
        lot = books["lots"].get(part["certificate"]) if new else None
        if lot and lot["shares"]:
            put(books, new, take(lot, lot["shares"], spare_noticed=False))


def reacquire(books: Books, line: Line, when: datetime) -> None:
    """§7 - Reacquired shares are cancelled and their accrued dividends end with the price."""
    take(books["lots"][line["certificate"]], Fraction(line["shares"]), spare_noticed=True)
    renew(books, line, when)


def issue_preferred(books: Books, line: Line, when: datetime) -> None:
    """§1 - Series H is issued and accrues from that day (§2)."""
    shares = Fraction(line["shares"])
    books["issued"] += shares
    lot = {"holder": line["holder"], "shares": shares, "start": day_of(when), "paid": Fraction(0), "noticed": {}}
    put(books, line["certificate"], lot)


def transfer(books: Books, line: Line, when: datetime) -> None:
    """§6 - What a certificate has left is divided among new ones, each with its part of payments and notices."""
    lot = books["lots"][line["certificate"]]
    for into in line["into"]:
        put(books, into["certificate"], {**take(lot, Fraction(into["shares"]), False), "holder": into["holder"]})


def pay_dividend(books: Books, line: Line, when: datetime) -> None:
    """§2 - A quarterly payment, shared among the certificates outstanding when it is paid."""
    lots = [lot for lot in books["lots"].values() if lot["shares"]]
    allocate(Fraction(line["amount"]), lots, date.fromisoformat(line["payable_on"]))


def receive_notice(books: Books, line: Line, when: datetime) -> None:
    """§5(f) - A Notice of Conversion: without copies of the certificates there is no Conversion Date yet."""
    books["notices"][line["notice"]] = {"line": line, "converted": None}
    if line.get("copies", True):
        convert(books, line, when)


def convert(books: Books, line: Line, when: datetime) -> None:
    """§5(b) §5(f) §5(h) - The Conversion Date: preferred ends, Common begins; its fraction is the whole notice's."""
    notice = books["notices"][line["notice"]]
    surrendered = [(part["certificate"], Fraction(part["shares"])) for part in notice["line"]["surrendered"]]
    pieces = [(number, take(books["lots"][number], shares, spare_noticed=True)) for number, shares in surrendered]
    due = sum((shares for _, shares in surrendered), Fraction(0)) * books["rate"]
    if notice["line"].get("fractions", "cash") == "cash":
        due = Fraction(due // 1)
    notice.update(converted=day_of(when), pieces=pieces, common=due, revoked=False)
    books["common"] += due


def pay_conversion_dividend(books: Books, line: Line, when: datetime) -> None:
    """§2 - Dividends due at once on the shares converted."""
    notice = books["notices"][line["notice"]]
    allocate(Fraction(line["amount"]), [piece for _, piece in notice["pieces"]], notice["converted"])


def revoke(books: Books, line: Line, when: datetime) -> None:
    """§5(f) - Both sides stand as before the notice; whatever was paid meanwhile counts as paid."""
    notice = books["notices"][line["notice"]]
    notice["revoked"] = True
    books["common"] -= notice["common"]
    for certificate, piece in notice["pieces"]:
        put(books, certificate, piece)


def issue_common(books: Books, line: Line, when: datetime) -> None:
    """§5(e) - Common sold below $0.72 raises the rate, one adjustment an issuance; exempt issues raise nothing."""
    shares = Fraction(line["shares"])
    paid = Fraction(line.get("cash") or 0) + Fraction(line.get("property_fair_value") or 0)
    if paid < PRICE_FLOOR * shares and day_of(when) > SIGNED and not line.get("exempt"):
        books["rate"] *= (books["common"] + shares) / (books["common"] + paid / PRICE_FLOOR)
    books["common"] += shares


def count_common(books: Books, line: Line, when: datetime) -> None:
    """§5(e)(i) - Common Stock outstanding when the ledger opens, and Common retired."""
    books["common"] += Fraction(line.get("outstanding", 0)) - Fraction(line.get("shares", 0))


def split_common(books: Books, line: Line, when: datetime) -> None:
    """§5(c) - A split multiplies the rate, the Common outstanding and what every notice is to deliver."""
    ratio = Fraction(line["new_shares"]) / Fraction(line["old_shares"])
    books["rate"] *= ratio
    books["common"] *= ratio
    for notice in books["notices"].values():
        if notice["converted"]:
            notice["common"] *= ratio


def mail_redemption(books: Books, line: Line, when: datetime) -> None:
    """§6 - The shares a redemption notice lists are noticed, certificate by certificate."""
    for part in line["shares"]:
        books["lots"][part["certificate"]]["noticed"][line["redemption"]] = Fraction(part["shares"])


def redeem(books: Books, line: Line, when: datetime) -> None:
    """§6 - On the redemption date the lesser of noticed and left is outstanding no more; its price is a debt."""
    prices = books["redemptions"].setdefault(line["redemption"], {})
    for certificate, lot in books["lots"].items():
        shares = min(lot["noticed"].pop(line["redemption"], Fraction(0)), lot["shares"])
        if shares:
            piece = take(lot, shares, spare_noticed=True)
            prices[certificate] = shares * STATED_VALUE + unpaid(piece, day_of(when))


HANDLERS: dict[str, Callable[[Books, Line, datetime], None]] = {
    "CommonStockOpened": count_common, "PreferredSharesIssued": issue_preferred, "PreferredSharesTransferred": transfer,
    "CertificateReplaced": renew, "PreferredSharesReacquired": reacquire, "DividendPaid": pay_dividend,
    "NoticeOfConversionReceived": receive_notice, "NoticeCompleted": convert, "CommonSharesDelivered": renew,
    "ConversionDividendPaid": pay_conversion_dividend, "NoticeOfConversionRevoked": revoke,
    "CommonSharesIssued": issue_common, "CommonSharesRetired": count_common, "CommonStockSplit": split_common,
    "RedemptionNoticeMailed": mail_redemption, "SharesRedeemed": redeem, "RedemptionPricePaid": renew,
}  # fmt: skip


def books_at(journal: Sequence[Line], end: datetime) -> Books:
    """The books after every entry that takes effect before an instant."""
    books = empty_books()
    for when, _, _, line in timeline(journal)[0]:
        handler = HANDLERS.get(line["event"])
        if when < end and handler:
            handler(books, line, when)
    return books


def answer(journal: Sequence[Line], day: str) -> dict[str, Any]:
    """§2 §3 §4 §5 - The figures as of the end of a day, exact, in the shape of the acceptance answers."""
    as_of = date.fromisoformat(day)
    return figures(books_at(journal, at(as_of + timedelta(1), time(0))), as_of)


def figures(books: Books, as_of: date) -> dict[str, Any]:
    """§2 §3 §4 §5 - What the books come to at the end of a day that they have reached."""
    holders: dict[str, dict[str, Fraction]] = {}
    for lot in (lot for lot in books["lots"].values() if lot["shares"]):
        holder = holders.setdefault(lot["holder"], {"shares": Fraction(0), "accrued_dividends": Fraction(0)})
        holder["shares"] += lot["shares"]
        holder["accrued_dividends"] += unpaid(lot, as_of)
    for holder in holders.values():
        holder["votes"] = Fraction(holder["shares"] // LOT * LOT * books["rate"] // 1)
    outstanding = sum((holder["shares"] for holder in holders.values()), Fraction(0))
    accrued = sum((holder["accrued_dividends"] for holder in holders.values()), Fraction(0))
    converted = [notice for notice in books["notices"].values() if notice["converted"] and not notice["revoked"]]
    due = [unpaid(piece, notice["converted"]) for notice in converted for _, piece in notice["pieces"]]
    return {
        "issued": books["issued"], "outstanding": outstanding, "conversion_rate": books["rate"],
        "accrued_unpaid": accrued, "due_on_conversion": sum(due, Fraction(0)), "common_outstanding": books["common"],
        "liquidation_preference": outstanding * STATED_VALUE + accrued, "holders": holders,
    }  # fmt: skip
