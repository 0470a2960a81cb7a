"""§1 to §10 - One more line for a journal, of any kind: mostly such as may have happened, by the second ledger's books.

Whether it may is not decided here. A thing is told at a place in the timeline, behind everything so far or before some
of it, from what stands there; what it names is mostly there, and sometimes is not. None where there is nothing to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from fractions import Fraction

import naive
from histories import HOLDERS, PRICES, SPLITS, money, percent, text
from stateful.impossible import cents, deadline, none_is_due, pending
from stateful.scene import ACTIONS, Fields, Scene
from stateful.second import AMENDMENTS
from stateful.second_books import shares_of

AMENDED = (
    {"conversion_rate": "1400"}, {"majority": "0.60"}, {"redemption_notice_days": 45}, {"common_par_value": "0.01"},
    {"record_notice_business_days": 12}, {"preferred_par_value": "0.02"}, {"business_closes": "08:00"},
)  # fmt: skip


def _open(scene: Scene) -> Fields | None:
    if scene.books["opened"] and scene.roll(8):
        return None
    if not scene.books["moved"]:
        scene.when = min(scene.when, naive.at(naive.SIGNED, time(0)))
    fields = {"outstanding": scene.pick(("35000000", "1000000")), "authorized": "99999999", "par_value": "0.05"}
    if scene.roll(6) == 0:
        del fields["authorized"]
    return fields


def _register(scene: Scene) -> Fields | None:
    return {"holder": scene.pick(HOLDERS), "name": "A trust", "address": "West Palm Beach"}


def _issue(scene: Scene) -> Fields | None:
    left = 5100 - scene.books["issued"]
    shares = Fraction(scene.pick(("500", "1000", "800", "333.33", "250.25", "0.01", "99.999999999999", "1200")))
    if shares > left and scene.roll(6):
        return None
    return {"holder": scene.pick(HOLDERS), "certificate": scene.number("H"), "shares": text(shares)}


def _transfer(scene: Scene) -> Fields | None:
    if not (lots := scene.lots()):
        return None
    certificate, lot = scene.pick(lots)
    left, parts = lot["shares"], list[Fraction]()
    for _ in range(scene.roll(3)):
        part = percent(left, scene.pick((10, 25, 50)))
        if 0 < part < left:
            parts.append(part)
            left -= part
    parts.append(left if scene.roll(16) else left + 1)
    into = [{"holder": scene.pick(HOLDERS), "certificate": scene.number("H"), "shares": text(part)} for part in parts]
    return {"certificate": certificate, "into": into}


def _replace(scene: Scene) -> Fields | None:
    if not (lots := scene.lots()):
        return None
    reason = scene.pick(("lost", "stolen", "destroyed", "mutilated"))
    fields: Fields = {"certificate": scene.pick(lots)[0], "new_certificate": scene.number("H"), "reason": reason}
    return {**fields, "indemnity": "bond"} if scene.roll(2) else fields


def _reacquire(scene: Scene) -> Fields | None:
    if not (lots := scene.lots()):
        return None
    certificate, lot = scene.pick(lots)
    shares = scene.pick((lot["shares"], percent(lot["shares"], 10), percent(lot["shares"], 10), lot["shares"] + 1))
    if not shares:
        return None
    fields: Fields = {"certificate": certificate, "shares": text(shares), "price": "950.00"}
    return fields if scene.roll(2) else {**fields, "balance_certificate": scene.number("H")}


def _part_of(scene: Scene, owed: Fraction) -> str | None:
    """§2 - Whole cents of what is owed: all, a cent short, half, one cent, or one too many."""
    full = int(cents(owed) * 100)
    amount = scene.pick((full, full - 1, full // 2, full * 9 // 10, 1, full + (scene.roll(3) == 0)))
    return money(amount) if amount > 0 else None


def _pay_dividend(scene: Scene) -> Fields | None:
    days = [date(scene.day.year - back, month, 10) for back in (1, 0) for month in (3, 6, 9, 12)]
    payable = [day for day in days if date(2001, 6, 10) <= day <= scene.day][-3:]
    if not payable:
        scene.later(naive.at(date(2001, 6, 10), time(0)))
        payable = [date(2001, 6, 10)]
    day = scene.pick(payable)
    owed = (naive.unpaid(lot, day) for lot in scene.books["lots"].values() if lot["shares"])
    amount = _part_of(scene, sum((one for one in owed if one > 0), Fraction(0)))
    if scene.roll(16) == 0:
        day += timedelta(1)
    return {"payable_on": day.isoformat(), "amount": amount} if amount else None


def _receive(scene: Scene) -> Fields | None:
    rich = [holder for holder in HOLDERS if sum(lot["shares"] for _, lot in scene.lots(holder)) >= naive.LOT]
    if not rich:
        return None
    holder = scene.pick(rich)
    lots = scene.lots(holder)
    left = Fraction(naive.LOT * (1 + scene.roll(min(3, int(sum(lot["shares"] for _, lot in lots)) // naive.LOT))))
    surrendered = []
    for certificate, lot in sorted(lots, key=lambda lot: lot[1]["shares"] < naive.LOT):
        part = min(left, lot["shares"])
        if part:
            surrendered.append({"certificate": certificate, "shares": text(part)})
            left -= part
    fields: Fields = {"notice": scene.number("N"), "holder": holder, "surrendered": surrendered}
    if scene.roll(4) == 0 and scene.few("fractions"):
        fields["fractions"] = "issue"
    if scene.roll(4) == 0:
        fields["copies"] = False
    if scene.roll(24) == 0:
        fields["surrendered"] = [{"certificate": lots[0][0], "shares": "150"}]
    return fields


def _notice(scene: Scene, wanted: list[str]) -> Fields | None:
    """§5(f)(i) - A notice in the state wanted, and now and then another, or none at all."""
    if scene.roll(16) == 0:
        wanted = [*scene.books["received"], "N-none"]
    return {"notice": scene.pick(wanted)} if wanted else None


def _complete(scene: Scene) -> Fields | None:
    return _notice(scene, scene.notices(complete=False))


def _originals(scene: Scene) -> Fields | None:
    return _notice(scene, scene.notices(originals=False))


def _instruct(scene: Scene) -> Fields | None:
    fields = _notice(scene, scene.notices(delivered=False))
    own = scene.books["received"].get(fields["notice"]) if fields else None
    end = deadline(scene.books, own) if own else None
    if end is not None and scene.roll(2):
        scene.later(end + timedelta(seconds=scene.roll(2)))
    return fields


def _deliver(scene: Scene) -> Fields | None:
    fields = _notice(scene, scene.notices(converted=True, delivered=False))
    notice = scene.books["notices"].get(fields["notice"]) if fields else None
    if fields is None or notice is None or not notice["converted"]:
        return fields and {**fields, "shares": "1"}
    none = 0 if none_is_due(scene.books, fields["notice"]) or scene.roll(16) == 0 else 1
    shares = max(none, int(notice["common"] // 1) - scene.pick((0, 0, 889)))
    cash = scene.books["received"][fields["notice"]]["others"].get("cash", Fraction("0.10"))
    fields |= {"shares": str(shares), "cash_in_lieu": text(cents(cash)), "market_price": "0.51"}
    lots = scene.books["lots"]
    held = dict.fromkeys(certificate for certificate, _ in notice["pieces"] if lots[certificate]["shares"])
    if held and scene.roll(2):
        fields["balance_certificates"] = [{"certificate": c, "new_certificate": scene.number("H")} for c in held]
    return fields


def _pay_on_notice(scene: Scene) -> Fields | None:
    received = scene.books["received"]
    owing = [notice for notice in scene.notices(converted=True) if received[notice]["due"] > received[notice]["paid"]]
    fields = _notice(scene, owing)
    own = received.get(fields["notice"]) if fields else None
    amount = _part_of(scene, own["due"] - own["paid"]) if own else "1.00"
    return {**fields, "amount": amount} if fields and amount else None


def _revoke(scene: Scene) -> Fields | None:
    waiting = scene.notices(converted=True, originals=True, delivered=False)
    ends = {notice: deadline(scene.books, scene.books["received"][notice]) for notice in waiting}
    fields = _notice(scene, waiting)
    end = ends.get(fields["notice"]) if fields else None
    if end is not None and scene.roll(8):
        scene.later(end + timedelta(seconds=1))
    return fields


def _issue_common(scene: Scene) -> Fields | None:
    shares, price = 1000 + scene.roll(4_000_000), Fraction(scene.pick(PRICES))
    paid, half = text(shares * price), text(shares * price / 2)
    if paid is None or half is None:
        return None
    fields: Fields = {"shares": str(shares), "cash": paid}
    if scene.roll(3) == 0:
        fields |= {"cash": half, "property_fair_value": half, "board_resolution": "BR-1"}
        if scene.roll(6) == 0:
            del fields["board_resolution"]
    if scene.roll(4) == 0:
        fields["exempt"] = scene.pick(("employee_plan", "outstanding_at_date_hereof"))
    dilutes = price < naive.PRICE_FLOOR and "exempt" not in fields
    return fields if not dilutes or scene.few("dilutions") else None


def _retire(scene: Scene) -> Fields | None:
    free = scene.books["common"] - pending(scene.books)
    shares = int(free * scene.pick((1, 5, 20, 1000, 1001)) // 1000)
    return {"shares": str(shares)} if shares > 0 else None


def _split(scene: Scene) -> Fields | None:
    new, old = scene.pick(SPLITS)
    return {"new_shares": str(new), "old_shares": str(old), **scene.action()} if scene.few("splits") else None


def _becomes(scene: Scene) -> list[Fields]:
    into = [{"security": scene.pick(("Common Stock", "Common Stock", "Class A")), "per_share": "1"}]
    return [*into, {"security": scene.pick(("Class B", "cash")), "per_share": "0.25"}][: 1 + scene.roll(2)]


def _reclassify(scene: Scene) -> Fields | None:
    return {"into": _becomes(scene), **scene.action()}


def _reorganize(scene: Scene) -> Fields | None:
    kinds = ("merger", "consolidation", "asset_sale", "control_change", "capital_reorganization")
    fields: Fields = {"kind": scene.pick(kinds), "successor": "Successor", "assumed_in_writing": bool(scene.roll(2))}
    return {**fields, "per_share": _becomes(scene)} if scene.roll(3) == 0 else {**fields, **scene.action()}


def _authorize(scene: Scene) -> Fields | None:
    return {"authorized": scene.pick(("40000000", "99999999", "230000000"))}


def _mail(scene: Scene) -> Fields | None:
    parts = []
    for certificate, lot in scene.lots()[scene.roll(2) : 3]:
        shares = lot["shares"] if scene.roll(2) else percent(lot["shares"], 40)
        if shares:
            parts.append({"certificate": certificate, "shares": text(shares)})
    on = scene.day + timedelta(scene.pick((29, 30, 31, 5, 0, -1)))
    fields: Fields = {"redemption": scene.number("R"), "redemption_date": on.isoformat(), "shares": parts}
    return {**fields, "representation": True, "holders": list(HOLDERS[:2])} if parts else None


def _redeem(scene: Scene) -> Fields | None:
    waiting = [redemption for redemption, own in scene.books["mailed"].items() if own["redeemed"] is None]
    if scene.roll(16) == 0:
        waiting = [*scene.books["mailed"], "R-none"]
    if not waiting:
        return None
    redemption = scene.pick(waiting)
    if redemption in scene.books["mailed"] and scene.roll(12):
        scene.when = naive.at(scene.books["mailed"][redemption]["on"], time(0))
    return {"redemption": redemption}


def _pay_price(scene: Scene) -> Fields | None:
    prices = [(r, c, price) for r, owed in scene.books["redemptions"].items() for c, price in owed.items()]
    if not prices:
        return None
    redemption, certificate, price = scene.pick(prices)
    paid = scene.books["mailed"][redemption]["paid"].get(certificate, Fraction(0))
    amount = _part_of(scene, price - paid)
    fields: Fields = {"redemption": redemption, "certificate": certificate, "amount": amount or "0.01"}
    left = scene.books["lots"][certificate]["shares"]
    return {**fields, "balance_certificate": scene.number("H")} if left and scene.roll(2) else fields


def _other_dividend(scene: Scene) -> Fields | None:
    return {"stock": scene.pick(("Common Stock", "Series K", "Series I")), "amount": "1000.00"}


def _set_apart(scene: Scene) -> Fields | None:
    fields: Fields = {"purpose": scene.pick(("dividend", "preference")), "amount": "50000.00"}
    return {**fields, "payable_on": "2001-09-10"} if scene.roll(2) else fields


def _liquidate(scene: Scene) -> Fields | None:
    if scene.books["liquidation"] and scene.roll(8):
        return None
    return {"kind": "voluntary", "assets_available": scene.pick(("100000", "9000000")), **scene.action()}


def _distribute(scene: Scene) -> Fields | None:
    if not scene.books["liquidation"] and scene.roll(16):
        return None
    return {"amount": scene.pick(("1000.00", "0.01", "25000.00", "99999999.00"))}


def _consent(scene: Scene) -> Fields | None:
    holder = scene.pick(HOLDERS)
    held = shares_of(scene.books, holder)
    shares = scene.pick((held, percent(held, 50), percent(held, 50), held + 1))
    written = text(shares) if shares else None
    return {"action": scene.pick(ACTIONS), "holder": holder, "shares": written} if written else None


def _take(scene: Scene) -> Fields | None:
    kind = scene.pick(("adverse", "charter_amendment", "common_written_consent"))
    return {"action": scene.pick((*ACTIONS, "A-3", "A-4")), "kind": kind, "description": "an action"}


def _record_date(scene: Scene) -> Fields | None:
    on = (scene.day + timedelta(scene.roll(40))).isoformat()
    return {**scene.action(new=True), "record_date": on, "purpose": scene.pick(("vote", "dividend", "right", "other"))}


def _record_notice(scene: Scene) -> Fields | None:
    return {**scene.action(new=True), "specified_dates": [(scene.day + timedelta(scene.roll(40))).isoformat()]}


def _attest(scene: Scene) -> Fields | None:
    of = scene.pick(("preferred", "common", *HOLDERS[:2], *list(scene.books["lots"])[:2]))
    return {"of": of, "shares": scene.pick(("0", "500", "35000000")), "by": "the transfer agent"}


def _close_banks(scene: Scene) -> Fields | None:
    return {"closed_on": (scene.day + timedelta(scene.roll(12) - 4)).isoformat(), "reason": "hurricane"}


def _amend(scene: Scene) -> Fields | None:
    return {"terms": scene.pick(AMENDED)}


TOLD: dict[str, Callable[[Scene], Fields | None]] = {
    "CommonStockOpened": _open, "HolderRegistered": _register, "PreferredSharesIssued": _issue,
    "PreferredSharesTransferred": _transfer, "CertificateReplaced": _replace, "PreferredSharesReacquired": _reacquire,
    "DividendPaid": _pay_dividend, "OtherClassDividendPaid": _other_dividend, "FundsSetApart": _set_apart,
    "NoticeOfConversionReceived": _receive, "NoticeCompleted": _complete, "OriginalsReceived": _originals,
    "TransferAgentInstructed": _instruct, "CommonSharesDelivered": _deliver, "ConversionDividendPaid": _pay_on_notice,
    "NoticeOfConversionRevoked": _revoke, "CommonSharesIssued": _issue_common, "CommonSharesRetired": _retire,
    "CommonStockSplit": _split, "CommonStockReclassified": _reclassify, "ReorganizationEffected": _reorganize,
    "CommonAuthorizationChanged": _authorize, "RedemptionNoticeMailed": _mail, "SharesRedeemed": _redeem,
    "RedemptionPricePaid": _pay_price, "LiquidationCommenced": _liquidate, "LiquidationDistributionPaid": _distribute,
    "ConsentGiven": _consent, "ActionTaken": _take, "RecordDateSet": _record_date,
    "RecordDateNoticeMailed": _record_notice, "CountAttested": _attest, "BankClosureDeclared": _close_banks,
    "CertificateAmended": _amend,
}  # fmt: skip
"""What tells each kind of fact."""

FACTS = tuple(TOLD)
KINDS = (*FACTS, *AMENDMENTS)
"""The thirty-six words of the design's section 5."""
