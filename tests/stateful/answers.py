"""§1 to §10 - Whether an answer of the command line is the one that the second ledger's books give.

Each report has a check of its JSON against the books at the end of the day asked about, as known at the moment asked
for. What the second ledger does not compute (findings, what falls due) is checked for what must hold of any answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import naive
from stateful.impossible import cents, deadline
from stateful.second_books import COMMON, outstanding, sum_of
from stateful.view import GONE, Told, View, following, number, same


def at(told: Told, path: str) -> Any:
    """A branch of an answer by its path."""
    branch: Any = told
    for name in path.split("."):
        branch = branch[name]
    return branch


def asof(told: Told, view: View) -> None:
    """Every figure of the answer for a day, every holder and certificate, is what the second books say."""
    for path, expected in view.figures.items():
        same(path, number(at(told, path)), expected)
    if view.books["authorized"] is None:
        same("authorized", told["common"]["authorized"], None)
    _holders(told["preferred"]["holders"], view)
    _certificates(told["preferred"]["certificates"], view)
    _into(told["conversion_rate"]["into"], view)
    same("next payment date", told["dividends"]["next_payment_date"], following(view.day).isoformat())
    pending = {n for n, own in view.books["received"].items() if not own["delivered"] and not own["revoked"]}
    _conversions(sorted(pending), told["pending_conversions"], view)
    redemptions(told, view)
    _found(told["findings"], view)


def _holders(told: Sequence[Told], view: View) -> None:
    same("holders", [one["holder"] for one in told], view.holders)
    for one in told:
        for name, expected in view.held(one["holder"]).items():
            same(f"{name} of {one['holder']}", number(one[name]), expected)


def _certificates(told: Sequence[Told], view: View) -> None:
    rows = [(one["certificate"], one["holder"], number(one["shares"]), one["accrues_from"]) for one in told]
    lots = view.lots.items()
    same("certificates", rows, [(n, lot["holder"], lot["shares"], lot["start"].isoformat()) for n, lot in lots])
    same("the series", sum((row[2] for row in rows), Fraction(0)), outstanding(view.books))


def _into(told: Sequence[Told], view: View) -> None:
    six = {name: Fraction((each * 10**6 + Fraction(1, 2)) // 1, 10**6) for name, each in view.books["into"].items()}
    same("into", {one["security"]: Fraction(one["per_share"]) for one in told}, six)


def rate(told: Told, view: View) -> None:
    """The rate, what a share converts into, and every adjustment by its entry and clause."""
    same("rate", number(told["conversion_rate"]), view.books["rate"])
    _into(told["conversion_rate"]["into"], view)
    rows = [(one["entry"], one["clause"], number(one)) for one in told["history"]]
    same("history", rows, view.books["adjusted"])


def dividends(told: Told, view: View) -> None:
    """The dividends of the series and of every certificate."""
    for name in ("accrued_unpaid", "in_arrears", "due_on_conversion"):
        same(name, number(told["dividends"][name]), view.figures[f"dividends.{name}"])
    rows = [(one["certificate"], number(one["accrued_unpaid"]), number(one["paid"])) for one in told["certificates"]]
    lots = view.lots.items()
    same("by certificate", rows, [(name, naive.unpaid(lot, view.day), lot["paid"]) for name, lot in lots])
    payable = [date.fromisoformat(one["payable_on"]) for one in told["payment_dates"]]
    days = [date(2001, 6, 10)]
    while days[-1] <= view.day:
        days.append(following(days[-1]))
    same("payment dates", payable, days)


def register(told: Told, view: View) -> None:
    """What became of every share, and every certificate."""
    for name in ("issued", "outstanding", "converted", *GONE):
        same(name, number(told[name]), view.figures[f"preferred.{name}"])
    same("issued", number(told["issued"]), number(told["outstanding"]) + number(told["cancelled"]))
    _certificates(told["certificates"], view)


def holder(told: Told, view: View) -> None:
    """One holder's figures and certificates."""
    for name, expected in view.held(view.named[0]).items():
        same(name, number(told[name]), expected)
    listed = [one["certificate"] for one in told["certificates"]]
    same("certificates", listed, [name for name, lot in view.lots.items() if lot["holder"] == view.named[0]])


def conversions(told: Told, view: View) -> None:
    """Every notice, in the order in which it came, as far as it has come."""
    received = view.books["received"]
    order = sorted(received, key=lambda notice: (received[notice]["sent"], received[notice]["entry"]))
    _conversions(order, told["conversions"], view)


def _status(own: Mapping[str, Any]) -> str:
    for name in ("revoked", "delivered"):
        if own[name]:
            return name
    if not own["converted"]:
        return "received" if own["complete"] else "incomplete"
    return "instructed" if own["instructed"] else "originals in" if own["originals"] else "converted"


def _conversions(order: Sequence[str], told: Sequence[Told], view: View) -> None:
    same("notices", [one["notice"] for one in told], list(order))
    for one in told:
        own, name = view.books["received"][one["notice"]], one["notice"]
        same(f"status of {name}", one["status"], _status(own))
        same(f"holder of {name}", one["holder"], own["line"]["holder"])
        same(f"shares of {name}", number(one["shares"]), sum_of(own["line"]["surrendered"]))
        for field, when in (
            ("telecopied", own["sent"]), ("conversion_date", own["converted"]),
            ("originals_received", own["originals"]), ("delivery_deadline", deadline(view.books, own)),
            ("transfer_agent_instructed", own["instructed"]),
        ):  # fmt: skip
            same(f"{field} of {name}", one[field] and datetime.fromisoformat(one[field]), when)
        same(f"dividends due on {name}", number(one["dividends_due"]), own["due"])
        same(f"dividends paid on {name}", number(one["dividends_paid"]), own["paid"])
        same(f"fraction of {name}", number(one["fraction_in_cash"]), own["cash"])
        others = {other["security"]: number(other["amount"]) for other in one["others_due"]}
        same(f"others due on {name}", others, own["others"])
        if own["converted"] and not own["delivered"] and not own["revoked"]:
            common = view.books["notices"][name]["common"] if COMMON in view.books["into"] else 0
            same(f"Common due on {name}", number(one["common_due"]), common)


def redemptions(told: Told, view: View) -> None:
    """Every redemption: shares noticed and redeemed, its price, and what was paid of it."""
    mailed = view.books["mailed"]
    same("redemptions", [one["redemption"] for one in told["redemptions"]], sorted(mailed))
    for one in told["redemptions"]:
        own, prices = mailed[one["redemption"]], view.books["redemptions"].get(one["redemption"], {})
        same("status", one["status"], "noticed" if own["redeemed"] is None else "redeemed")
        same("noticed", number(one["noticed"]), sum_of(own["line"]["shares"]))
        same("redeemed", number(one["redeemed"]), own["redeemed"] or 0)
        same("price", number(one["price"]), sum(prices.values(), Fraction(0)))
        same("paid", number(one["paid"]), sum(own["paid"].values(), Fraction(0)))
        rests = [price - own["paid"].get(certificate, 0) for certificate, price in prices.items()]
        same("unpaid", number(one["unpaid"]), sum((r for r in rests if abs(r) >= Fraction(1, 100)), Fraction(0)))


def votes(told: Told, view: View) -> None:
    """The votes on the day counted on, and every action with its consents."""
    counted = View(view.second, date.fromisoformat(told["counted_on"]), view.known_at)
    cast = {holder: counted.held(holder)["votes"] for holder in counted.holders}
    same("votes", {one["holder"]: number(one["votes"]) for one in told["holders"]}, cast)
    preferred, books = sum(cast.values(), Fraction(0)), counted.books
    common = books["common"] if COMMON in books["into"] else Fraction(0)
    classes = {"preferred": preferred, "common": common, "single_class": preferred + common}
    same("classes", {name: number(told[name]) for name in classes}, classes)
    actions = view.books["actions"]
    same("actions", [one["action"] for one in told["actions"]], sorted(actions))
    for one in told["actions"]:
        own = actions[one["action"]]
        same("consents", [(c["holder"], number(c["shares"])) for c in one["consents"]], own["consents"])
        same("taken", one["taken"], own["taken"] and own["taken"].isoformat())
        same("tally", [number(one[n]) for n in ("outstanding", "consenting")], [own["outstanding"], own["consenting"]])


def liquidation(told: Told, view: View) -> None:
    """What a liquidation pays: the preference or what there is, in whole cents that sum up."""
    begun = view.books["liquidation"]
    assets = Fraction(view.named[1]) if view.named else begun["assets"] if begun else Fraction(0)
    owed = {
        name: view.held(name)["shares"] * naive.STATED_VALUE + view.held(name)["accrued_dividends"]
        for name in view.holders
    }
    same("preference", {one["holder"]: number(one["preference"]) for one in told["holders"]}, owed)
    total = min(Fraction(assets * 100 // 1, 100), cents(view.preference))
    same("paid", number(told["paid"]), total)
    same("paid", sum((number(one["payment"]) for one in told["holders"]), Fraction(0)), total if owed else 0)
    same("remainder", number(told["remainder_to_junior"]), assets - total)
    same("so far", number(told["distributed_so_far"]), begun["paid"] if begun else 0)


def obligations(told: Told, view: View) -> None:
    """What falls due comes the overdue first and then by day, and rests on entries that are there."""
    rows = told["obligations"]
    order = [(one["state"] != "overdue", one["due"], one["clause"], one["obligation"]) for one in rows]
    same("order", order, sorted(order))
    _cited(rows, view)


def findings(told: Told, view: View) -> None:
    """Findings cite entries that had come by the day asked about."""
    _found(told["findings"], view)


def _found(rows: Sequence[Told], view: View) -> None:
    _cited(rows, view)
    assert all(one["clause"].startswith("§") or one["finding"] for one in rows)


def _cited(rows: Iterable[Told], view: View) -> None:
    come = view.known.by(view.day)
    for one in rows:
        assert set(one["entries"]) <= set(come), f"{one} cites an entry that is not there"
