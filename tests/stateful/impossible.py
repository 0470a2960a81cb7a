"""§1 to §10 - What cannot have happened, a second time: the rules a line breaks at its place in the timeline.

Written from the certificate and the design's section on refusals, over the second ledger's books and sharing nothing
with the program but the stable names of its rules. A line that breaks several rules may be refused by any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import naive
from stateful.second_books import COMMON, Books, Line, shares_of, sum_of

Broken = set[str]
Check = Callable[[Books, Line, datetime], Broken]
DESIGNATED = 5100
NUMBER_NEW, EXISTS, HOLDS = "certificate-number-must-be-new", "certificate-must-exist", "certificate-must-hold-shares"
TOO_MUCH, ALLOW, NO_BALANCE = (
    "payment-must-not-exceed-what-is-due", "notice-must-allow-it", "balance-certificate-must-have-a-balance",
)  # fmt: skip


def cents(amount: Fraction) -> Fraction:
    """§2 - Rounded half up to the cent."""
    return Fraction((amount * 100 + Fraction(1, 2)) // 1, 100)


def _new(books: Books, numbers: Iterable[str]) -> Broken:
    given = list(numbers)
    used = [number for number in given if number in books["lots"]]
    return {NUMBER_NEW} if used or len(set(given)) < len(given) else set()


def _balance(books: Books, left: Fraction, number: str | None) -> Broken:
    if number is None:
        return set()
    return _new(books, [number]) | (set() if left else {NO_BALANCE})


def _issue(books: Books, line: Line, when: datetime) -> Broken:
    over = books["issued"] + Fraction(line["shares"]) > DESIGNATED
    return _new(books, [line["certificate"]]) | ({"issue-must-stay-within-designation"} if over else set())


def _transfer(books: Books, line: Line, when: datetime) -> Broken:
    lot = books["lots"].get(line["certificate"])
    if not lot:
        return {EXISTS}
    broken = _new(books, [part["certificate"] for part in line["into"]])
    if not lot["shares"]:
        broken.add(HOLDS)
    return broken | (set() if sum_of(line["into"]) == lot["shares"] else {"transfer-must-move-all-that-is-left"})


def _replace(books: Books, line: Line, when: datetime) -> Broken:
    lot = books["lots"].get(line["certificate"])
    if not lot:
        return {EXISTS}
    return _new(books, [line["new_certificate"]]) | (set() if lot["shares"] else {HOLDS})


def _reacquire(books: Books, line: Line, when: datetime) -> Broken:
    lot, shares = books["lots"].get(line["certificate"]), Fraction(line["shares"])
    if not lot:
        return {EXISTS}
    broken = _balance(books, lot["shares"] - shares, line.get("balance_certificate"))
    return broken | ({HOLDS} if shares > lot["shares"] else set())


def _pay_dividend(books: Books, line: Line, when: datetime) -> Broken:
    payable = date.fromisoformat(line["payable_on"])
    if payable.day != 10 or payable.month % 3 or payable < date(2001, 6, 10):
        return {"payable-on-must-be-a-payment-date"}
    broken = {"dividend-must-have-fallen-due"} if naive.day_of(when) < payable else set()
    owed = [naive.unpaid(lot, payable) for lot in books["lots"].values() if lot["shares"]]
    due = sum((amount for amount in owed if amount > 0), Fraction(0))
    due = min(due, _preference_left(books, naive.day_of(when))) if books["liquidation"] else due
    return broken | ({TOO_MUCH} if Fraction(line["amount"]) > cents(due) else set())


def _preference_left(books: Books, day: date) -> Fraction:
    """§3(c) - Stated Value and unpaid dividends of what is outstanding, less what was distributed."""
    lots = [lot for lot in books["lots"].values() if lot["shares"]]
    owed = sum((lot["shares"] * naive.STATED_VALUE + naive.unpaid(lot, day) for lot in lots), Fraction(0))
    left: Fraction = owed - books["liquidation"]["paid"]
    return max(left, Fraction(0))


def _receive(books: Books, line: Line, when: datetime) -> Broken:
    return {"notice-must-be-new"} if line["notice"] in books["received"] else set()


def _convert(books: Books, line: Line, when: datetime) -> Broken:
    notice = books["received"][line["notice"]]["line"]
    broken, day = set(), naive.day_of(when)
    for part in notice["surrendered"]:
        lot, shares = books["lots"].get(part["certificate"]), Fraction(part["shares"])
        if not lot:
            broken.add(EXISTS)
            continue
        begun = [noticed for r, noticed in lot["noticed"].items() if books["mailed"][r]["on"] <= day]
        if lot["holder"] != notice["holder"]:
            broken.add("holder-must-hold-the-certificate")
        if shares > lot["shares"]:
            broken.add("holding-must-cover-conversion")
        if shares > lot["shares"] - min(sum(begun, Fraction(0)), lot["shares"]):
            broken.add("conversion-must-precede-redemption")
    if sum_of(notice["surrendered"]) % naive.LOT:
        broken.add("conversion-must-be-in-multiples-of-the-lot")
    return broken


def _of(
    books: Books, line: Line, *, converted: bool = False, undelivered: bool = False
) -> tuple[dict[str, Any], Broken]:
    """§5(f)(i) - A notice that was received and not revoked, and if need be has converted and awaits delivery."""
    notice = books["received"].get(line["notice"])
    if notice is None:
        return {}, {"notice-must-be-received"}
    wrong = notice["revoked"] or (converted and not notice["converted"]) or (undelivered and notice["delivered"])
    return notice, {ALLOW} if wrong else set()


def _complete(books: Books, line: Line, when: datetime) -> Broken:
    notice, broken = _of(books, line)
    return broken or ({ALLOW} if notice["complete"] else set())


def _originals(books: Books, line: Line, when: datetime) -> Broken:
    notice, broken = _of(books, line)
    return broken or ({ALLOW} if notice["originals"] else set())


def _instruct(books: Books, line: Line, when: datetime) -> Broken:
    return _of(books, line, undelivered=True)[1]


def _deliver(books: Books, line: Line, when: datetime) -> Broken:
    _, broken = _of(books, line, converted=True, undelivered=True)
    if broken:
        return broken
    if not Fraction(line["shares"]) and not none_is_due(books, line["notice"]):
        return {ALLOW}
    taken = {certificate for certificate, _ in books["notices"][line["notice"]]["pieces"]}
    balances = line.get("balance_certificates", ())
    for part in balances:
        lot = books["lots"].get(part["certificate"])
        broken |= _balance(books, lot["shares"], part["new_certificate"]) if lot else {EXISTS}
        broken |= set() if part["certificate"] in taken else {ALLOW}
    return broken | _new(books, [part["new_certificate"] for part in balances])


def none_is_due(books: Books, notice: str) -> bool:
    """§5(d) §5(h) - Whether no whole share of anything is due on a notice, so that delivering none delivers it."""
    others = books["received"][notice]["others"]
    stock = {COMMON: books["notices"][notice]["common"]} if COMMON in books["into"] else others
    return all(due < 1 for name, due in stock.items() if name != "cash")


def _pay_on_notice(books: Books, line: Line, when: datetime) -> Broken:
    notice, broken = _of(books, line, converted=True)
    return broken or ({TOO_MUCH} if Fraction(line["amount"]) > cents(notice["due"] - notice["paid"]) else set())


def deadline(books: Books, notice: Mapping[str, Any]) -> datetime | None:
    """§5(f)(i) - 17:00:00 of the third business day after the originals, counted from the Conversion Date on."""
    if not notice["originals"] or not notice["converted"]:
        return None
    day = naive.day_of(max(naive.deemed(notice["originals"], books["closed"]), notice["converted"]))
    for _ in range(3):
        day = naive.next_banking_day(day, books["closed"])
    return naive.at(day, naive.CLOSING)


def _revoke(books: Books, line: Line, when: datetime) -> Broken:
    notice, broken = _of(books, line, converted=True, undelivered=True)
    if broken:
        return broken
    end = deadline(books, notice)
    if end is None:
        return {ALLOW}
    broken = {"delivery-window-must-have-passed"} if when <= end else set()
    return broken | ({ALLOW} if notice["instructed"] and notice["instructed"] <= end else set())


def _open(books: Books, line: Line, when: datetime) -> Broken:
    return {"common-stock-must-open-once"} if books["moved"] else set()


def _issue_common(books: Books, line: Line, when: datetime) -> Broken:
    cash, worth = Fraction(line.get("cash") or 0), Fraction(line.get("property_fair_value") or 0)
    broken = {"property-must-be-valued-by-the-board"} if worth and not line.get("board_resolution") else set()
    dilutes = cash + worth < naive.PRICE_FLOOR * Fraction(line["shares"]) and naive.day_of(when) > naive.SIGNED
    dilutes = dilutes and set(books["into"]) != {"cash"}
    known = books["opened"] and books["common"] + cash + worth
    return broken | ({"common-stock-must-be-opened"} if dilutes and not line.get("exempt") and not known else set())


def pending(books: Books) -> Fraction:
    """§5(f)(i) - Common of notices that have converted and were neither delivered nor revoked."""
    received = books["received"].items()
    waiting = [notice for notice, own in received if own["converted"] and not own["delivered"] and not own["revoked"]]
    return sum((books["notices"][notice]["common"] for notice in waiting), Fraction(0))


def _retire(books: Books, line: Line, when: datetime) -> Broken:
    too_many = Fraction(line["shares"]) > books["common"] - pending(books)
    return {"common-stock-must-cover-retirement"} if too_many else set()


def _change(books: Books, line: Line, when: datetime) -> Broken:
    changed = line.get("into") or line.get("per_share")
    return {"common-stock-must-still-stand"} if changed and COMMON not in books["into"] else set()


def _mail(books: Books, line: Line, when: datetime) -> Broken:
    broken = {"redemption-must-be-new"} if line["redemption"] in books["mailed"] else set()
    if date.fromisoformat(line["redemption_date"]) < naive.day_of(when):
        broken.add("redemption-date-must-follow-notice")
    for part in line["shares"]:
        lot = books["lots"].get(part["certificate"])
        broken |= {EXISTS} if not lot else {HOLDS} if Fraction(part["shares"]) > lot["shares"] else set()
    return broken


def _redeem(books: Books, line: Line, when: datetime) -> Broken:
    mailed = books["mailed"].get(line["redemption"])
    if mailed is None or mailed["redeemed"] is not None:
        return {"redemption-must-allow-it"}
    return {"redemption-must-fall-on-its-date"} if naive.day_of(when) != mailed["on"] else set()


def _pay_price(books: Books, line: Line, when: datetime) -> Broken:
    prices = books["redemptions"].get(line["redemption"], {})
    if line["certificate"] not in prices:
        return {"redemption-must-allow-it"}
    paid = books["mailed"][line["redemption"]]["paid"].get(line["certificate"], Fraction(0))
    broken = {TOO_MUCH} if Fraction(line["amount"]) > cents(prices[line["certificate"]] - paid) else set()
    return broken | _balance(books, books["lots"][line["certificate"]]["shares"], line.get("balance_certificate"))


def _liquidate(books: Books, line: Line, when: datetime) -> Broken:
    return {"liquidation-must-begin-once"} if books["liquidation"] else set()


def _distribute(books: Books, line: Line, when: datetime) -> Broken:
    if not books["liquidation"]:
        return {"liquidation-must-have-begun"}
    return {TOO_MUCH} if Fraction(line["amount"]) > cents(_preference_left(books, naive.day_of(when))) else set()


def _consent(books: Books, line: Line, when: datetime) -> Broken:
    return {"consent-must-be-held"} if Fraction(line["shares"]) > shares_of(books, line["holder"]) else set()


def _take(books: Books, line: Line, when: datetime) -> Broken:
    taken = books["actions"].get(line["action"], {}).get("taken")
    return {"action-must-be-taken-once"} if taken else set()


def _amend(books: Books, line: Line, when: datetime) -> Broken:
    opens, closes = line["terms"].get("business_opens", "09:00"), line["terms"].get("business_closes", "17:00")
    return {"hours-must-run-forward"} if opens >= closes else set()


CHECKS: dict[tuple[str, bool], Check] = {
    ("NoticeOfConversionReceived", True): _convert, ("NoticeCompleted", True): _convert,
    **{
        (word, False): check
        for word, check in {
            "CommonStockOpened": _open, "PreferredSharesIssued": _issue, "PreferredSharesTransferred": _transfer,
            "CertificateReplaced": _replace, "PreferredSharesReacquired": _reacquire, "DividendPaid": _pay_dividend,
            "NoticeOfConversionReceived": _receive, "NoticeCompleted": _complete, "OriginalsReceived": _originals,
            "TransferAgentInstructed": _instruct, "CommonSharesDelivered": _deliver,
            "ConversionDividendPaid": _pay_on_notice, "NoticeOfConversionRevoked": _revoke,
            "CommonSharesIssued": _issue_common, "CommonSharesRetired": _retire, "CommonStockReclassified": _change,
            "ReorganizationEffected": _change, "RedemptionNoticeMailed": _mail, "SharesRedeemed": _redeem,
            "RedemptionPricePaid": _pay_price, "LiquidationCommenced": _liquidate,
            "LiquidationDistributionPaid": _distribute, "ConsentGiven": _consent, "ActionTaken": _take,
            "CertificateAmended": _amend,
        }.items()
    },
}  # fmt: skip
"""Which rules a line must keep, by its word and whether it is its Conversion Date; the rest are always possible."""
