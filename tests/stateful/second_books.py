"""§1 to §10 - The second ledger's books: the arithmetic of `naive`, and beside it what the Company's other acts leave.

Each effect enters one line in mutable dicts. What one share converts into is kept as plain amounts a share of Series H,
by security, each change made on the amounts themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import naive

Line = Mapping[str, Any]
Books = dict[str, Any]
Effect = Callable[[Books, Line, datetime], None]
COMMON = "Common Stock"


def begin(closed: set[date]) -> Books:
    """§1 - The books before the first entry."""
    return {
        **naive.empty_books(), "closed": closed, "number": 0, "holders": set(), "gone": {},
        "into": {COMMON: naive.FIRST_RATE}, "opened": False, "moved": False, "authorized": None, "received": {},
        "mailed": {}, "adjusted": [], "liquidation": None, "actions": {}, "dividends_paid": Fraction(0),
        "record_dates": [],
    }  # fmt: skip


def shares_of(books: Books, holder: str) -> Fraction:
    """§8 - Shares a holder has."""
    return sum((lot["shares"] for lot in books["lots"].values() if lot["holder"] == holder), Fraction(0))


def outstanding(books: Books) -> Fraction:
    """§1 - Shares of Series H outstanding."""
    return sum((lot["shares"] for lot in books["lots"].values()), Fraction(0))


def _cancelling(word: str, effect: Effect) -> Effect:
    """§7 - An effect that cancels shares, which are counted under a word."""

    def enter(books: Books, line: Line, when: datetime) -> None:
        before = outstanding(books)
        effect(books, line, when)
        books["gone"][word] = books["gone"].get(word, Fraction(0)) + before - outstanding(books)

    return enter


def _register(books: Books, line: Line, when: datetime) -> None:
    books["holders"].add(line["holder"])


def _issue(books: Books, line: Line, when: datetime) -> None:
    naive.issue_preferred(books, line, when)
    _register(books, line, when)


def _transfer(books: Books, line: Line, when: datetime) -> None:
    naive.transfer(books, line, when)
    books["holders"] |= {part["holder"] for part in line["into"]}


def _pay_dividend(books: Books, line: Line, when: datetime) -> None:
    naive.pay_dividend(books, line, when)
    books["dividends_paid"] += Fraction(line["amount"])


def _receive(books: Books, line: Line, when: datetime) -> None:
    """§5(f)(i) - A notice comes: nothing converts yet."""
    _register(books, line, when)
    books["received"][line["notice"]] = {
        "line": line, "complete": line.get("copies", True), "sent": when, "converted": None, "due": Fraction(0),
        "paid": Fraction(0), "others": {}, "cash": Fraction(0), "originals": None, "instructed": None,
        "delivered": None, "revoked": None, "entry": books["number"],
    }  # fmt: skip
    books["notices"][line["notice"]] = {"line": line, "converted": None}


def _complete(books: Books, line: Line, when: datetime) -> None:
    books["received"][line["notice"]]["complete"] = True


def _convert(books: Books, line: Line, when: datetime) -> None:
    """§5(b) §5(d) - The Conversion Date, at what a share converts into by then: Common, and what came beside it."""
    received, rate = books["received"][line["notice"]], books["rate"]
    books["rate"] = books["into"].get(COMMON, Fraction(0))
    naive.convert(books, line, when)
    notice, total = books["notices"][line["notice"]], sum_of(received["line"]["surrendered"])
    received["converted"] = when
    received["cash"] = total * books["rate"] - notice["common"]
    received["others"] = {name: total * each for name, each in books["into"].items() if name != COMMON}
    if COMMON not in books["into"]:  # what is due of the stock in its place, fractions and all, is outstanding with it
        notice["common"] = sum((due for name, due in received["others"].items() if name != "cash"), Fraction(0))
        books["common"] += notice["common"]
    received["due"] = sum((naive.unpaid(piece, notice["converted"]) for _, piece in notice["pieces"]), Fraction(0))
    books["rate"], books["moved"] = rate, True


def _pay_on_notice(books: Books, line: Line, when: datetime) -> None:
    naive.pay_conversion_dividend(books, line, when)
    books["received"][line["notice"]]["paid"] += Fraction(line["amount"])
    books["dividends_paid"] += Fraction(line["amount"])


def _deliver(books: Books, line: Line, when: datetime) -> None:
    naive.renew(books, line, when)
    books["received"][line["notice"]]["delivered"] = when


def _revoke(books: Books, line: Line, when: datetime) -> None:
    naive.revoke(books, line, when)
    books["received"][line["notice"]]["revoked"] = when


def _mark(what: str) -> Effect:
    """§5(f)(i) - The first time something happened to a notice."""

    def enter(books: Books, line: Line, when: datetime) -> None:
        received = books["received"][line["notice"]]
        received[what] = received[what] or when

    return enter


def _open(books: Books, line: Line, when: datetime) -> None:
    naive.count_common(books, line, when)
    books["opened"] = books["moved"] = True
    books["authorized"] = Fraction(line["authorized"]) if "authorized" in line else books["authorized"]


def _retire(books: Books, line: Line, when: datetime) -> None:
    naive.count_common(books, line, when)
    books["moved"] = True


def _adjusting(effect: Effect) -> Effect:
    """§5(c) §5(e) - An effect on the rate: the Common grows with it, or else what took its place, and no cash."""

    def enter(books: Books, line: Line, when: datetime) -> None:
        before = books["rate"]
        effect(books, line, when)
        growth = books["rate"] / before
        grows = [COMMON] if COMMON in books["into"] else [name for name in books["into"] if name != "cash"]
        for name in grows:
            books["into"][name] *= growth
        if line["event"] == "CommonStockSplit":
            for received in _waiting(books):
                received["others"] |= {n: due * growth for n, due in received["others"].items() if n in grows}
        books["moved"] = True
        if growth != 1 or line["event"] == "CommonStockSplit":
            clause = "§5(c)" if line["event"] == "CommonStockSplit" else "§5(e)(i)"
            books["adjusted"].append((books["number"], clause, books["rate"]))

    return enter


def _sell(books: Books, line: Line, when: datetime) -> None:
    """§5(e)(i) - Where a share converts into cash alone, no number of shares is there to be increased."""
    exempt = {} if set(books["into"]) - {"cash"} else {"exempt": "nothing to increase"}
    naive.issue_common(books, {**line, **exempt}, when)


def _waiting(books: Books) -> list[dict[str, Any]]:
    """§5(f)(i) - The notices that have converted and were neither delivered nor revoked."""
    received = books["received"].values()
    return [own for own in received if own["converted"] and not own["delivered"] and not own["revoked"]]


def _change(books: Books, line: Line, when: datetime) -> None:
    """§5(c) §5(d) - All Common becomes something else; as much of it as is Common again has become so as by a split.

    Where none of it is Common again, what is no cash is counted in its place.
    """
    parts = {part["security"]: Fraction(part["per_share"]) for part in line.get("into") or line.get("per_share") or ()}
    if not parts:
        return
    each, amount = parts.pop(COMMON, None), books["into"].pop(COMMON)
    for name, a_share in parts.items():
        books["into"][name] = books["into"].get(name, Fraction(0)) + amount * a_share
    for own in _waiting(books):
        common, others = books["notices"][own["line"]["notice"]]["common"], own["others"]
        others |= {name: others.get(name, Fraction(0)) + common * a_share for name, a_share in parts.items()}
    if each is None:
        stock = sum((a_share for name, a_share in books["into"].items() if name != "cash"), Fraction(0))
        _recount(books, stock / amount)
        return
    books["into"][COMMON] = amount * each
    if each != 1:
        naive.split_common(books, {"new_shares": each, "old_shares": 1}, when)
        books["adjusted"].append((books["number"], "§5(c)", books["rate"]))
        books["moved"] = True


def _recount(books: Books, stock: Fraction) -> None:
    """§5(d) §5(e)(i) - So many shares of other stock for each of Common; how many may be issued is unknown."""
    books["common"] *= stock
    books["authorized"] = None
    for notice in books["notices"].values():
        if notice["converted"]:
            notice["common"] *= stock


def _amend(books: Books, line: Line, when: datetime) -> None:
    """§8(b) - An amended rate takes the place of every adjustment; what came beside the Common scales too."""
    if "conversion_rate" in line["terms"]:
        rate = Fraction(line["terms"]["conversion_rate"])
        for name in books["into"]:
            books["into"][name] *= rate / books["rate"]
        books["rate"] = rate
        books["adjusted"].append((books["number"], "§8(b)", rate))


def _authorize(books: Books, line: Line, when: datetime) -> None:
    books["authorized"] = Fraction(line["authorized"])


def _mail(books: Books, line: Line, when: datetime) -> None:
    naive.mail_redemption(books, line, when)
    on = date.fromisoformat(line["redemption_date"])
    books["mailed"][line["redemption"]] = {"on": on, "line": line, "redeemed": None, "paid": {}}


def _redeem(books: Books, line: Line, when: datetime) -> None:
    before = outstanding(books)
    naive.redeem(books, line, when)
    books["mailed"][line["redemption"]]["redeemed"] = before - outstanding(books)


def _pay_price(books: Books, line: Line, when: datetime) -> None:
    naive.renew(books, line, when)
    paid = books["mailed"][line["redemption"]]["paid"]
    paid[line["certificate"]] = paid.get(line["certificate"], Fraction(0)) + Fraction(line["amount"])


def _liquidate(books: Books, line: Line, when: datetime) -> None:
    books["liquidation"] = {"assets": Fraction(line["assets_available"]), "paid": Fraction(0)}


def _distribute(books: Books, line: Line, when: datetime) -> None:
    books["liquidation"]["paid"] += Fraction(line["amount"])


def _action(books: Books, name: str) -> dict[str, Any]:
    action: dict[str, Any] = books["actions"].setdefault(
        name, {"taken": None, "kind": None, "consents": [], "outstanding": Fraction(0), "consenting": Fraction(0)}
    )
    return action


def _consent(books: Books, line: Line, when: datetime) -> None:
    _action(books, line["action"])["consents"].append((line["holder"], Fraction(line["shares"])))


def _take(books: Books, line: Line, when: datetime) -> None:
    """§8 - The consents so far, each holder's at most what it holds, against the shares outstanding."""
    action = _action(books, line["action"])
    action |= {"taken": naive.day_of(when), "kind": line.get("kind"), "outstanding": outstanding(books)}
    for holder in {holder for holder, _ in action["consents"]}:
        given = sum((shares for other, shares in action["consents"] if other == holder), Fraction(0))
        action["consenting"] += min(given, shares_of(books, holder))


def _set_record_date(books: Books, line: Line, when: datetime) -> None:
    books["record_dates"].append((line["action"], line["record_date"], line.get("purpose")))


def sum_of(parts: list[dict[str, Any]]) -> Fraction:
    """§5(a) §6 - Shares listed in all."""
    return sum((Fraction(part["shares"]) for part in parts), Fraction(0))


EFFECTS: dict[tuple[str, bool], Effect] = {
    ("NoticeOfConversionReceived", True): _convert, ("NoticeCompleted", True): _convert,
    **{
        (word, False): effect
        for word, effect in {
            "CommonStockOpened": _open, "HolderRegistered": _register, "PreferredSharesIssued": _issue,
            "PreferredSharesTransferred": _transfer, "CertificateReplaced": naive.renew,
            "PreferredSharesReacquired": _cancelling("reacquired", naive.HANDLERS["PreferredSharesReacquired"]),
            "DividendPaid": _pay_dividend, "NoticeOfConversionReceived": _receive, "NoticeCompleted": _complete,
            "OriginalsReceived": _mark("originals"), "TransferAgentInstructed": _mark("instructed"),
            "CommonSharesDelivered": _deliver, "ConversionDividendPaid": _pay_on_notice,
            "NoticeOfConversionRevoked": _revoke, "CommonSharesIssued": _adjusting(_sell),
            "CommonSharesRetired": _retire, "CommonStockSplit": _adjusting(naive.split_common),
            "CommonStockReclassified": _change, "ReorganizationEffected": _change, "CertificateAmended": _amend,
            "CommonAuthorizationChanged": _authorize, "RedemptionNoticeMailed": _mail,
            "SharesRedeemed": _cancelling("redeemed", _redeem), "RedemptionPricePaid": _pay_price,
            "LiquidationCommenced": _liquidate, "LiquidationDistributionPaid": _distribute,
            "ConsentGiven": _consent, "ActionTaken": _take, "RecordDateSet": _set_record_date,
        }.items()
    },
}  # fmt: skip
"""What a line does to the books, by its word and whether it is its Conversion Date; the rest does nothing to them."""
