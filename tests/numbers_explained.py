"""What explains every number of every answer: a table by its place in the answer, and a walk over the answers."""

from collections.abc import Callable, Iterator
from typing import Any

from projections import accrued_dividends, asof, conversion_rate, payment_dates
from projections.commands.explain import EXPLAINED
from projections.findings.every import findings
from projections.obligations import obligations
from projections.question import Question
from projections.votes import actions, votes

What = tuple[str, ...]

ANSWERS: dict[str, Callable[[Question], dict[str, Any]]] = {
    "asof": lambda question: asof.answer(question.book, question.day),
    "dividends": lambda question: {
        "dividends": accrued_dividends.of_series(question),
        "payment_dates": payment_dates.by_payment_date(question),
        "certificates": accrued_dividends.by_certificate(question),
    },
    "rate": lambda question: {
        "conversion_rate": conversion_rate.rate(question.position),
        "history": conversion_rate.history(question),
    },
    "votes": lambda question: {**votes(question), "actions": actions(question)},
    "obligations": lambda question: {"obligations": [one.data(question.book.late) for one in obligations(question)]},
    "findings": lambda question: {"findings": [one.data(question.book.late) for one in findings(question)]},
}
"""The answers whose numbers are all explained, as their commands put them together."""

KEYS = ("certificate", "notice", "redemption", "security", "action", "payable_on", "entry", "holder")
"""The fields by which an item of a list is known; the first it has."""

EXPLAINED_BY: dict[str, Callable[..., tuple[What, What]]] = {
    "asof.preferred.designated": lambda: (("term", "designated_shares"), ()),
    **{f"asof.preferred.{name}": lambda name=name: ((name,), ()) for name in list(EXPLAINED)[1:6]},
    "asof.preferred.holders[].shares": lambda holder: (("shares", holder), ()),
    "asof.preferred.holders[].accrued_dividends": lambda holder: (("accrued-dividends", holder), ()),
    "asof.preferred.holders[].convertible_into": lambda holder: (("convertible-into", holder), ()),
    "asof.preferred.holders[].votes": lambda holder: (("votes", holder), ()),
    "asof.preferred.certificates[].shares": lambda number: (("shares", number), ()),
    "asof.conversion_rate": lambda: (("conversion-rate",), ()),
    "asof.conversion_rate.into[].per_share": lambda security: (("conversion-rate",), (f"into {security}",)),
    "asof.common.outstanding": lambda: (("common-outstanding",), ()),
    "asof.common.authorized": lambda: (("reserve-available",), ("authorized",)),
    "asof.common.reserve_required": lambda: (("reserve-required",), ()),
    "asof.common.reserve_available": lambda: (("reserve-available",), ()),
    "asof.liquidation_preference": lambda: (("liquidation-preference",), ()),
    "asof.pending_conversions[].surrendered[].shares": lambda notice, number: (
        ("notice", notice),
        ("shares", f"certificate {number}"),
    ),
    "asof.pending_conversions[].others_due[].amount": lambda notice, name: (("notice", notice), (f"{name} due",)),
    **{
        f"asof.pending_conversions[].{field}": lambda notice, name=name: (("notice", notice), (name,))
        for field, name in {
            "shares": "shares",
            "common_due": "Common due",
            "fraction_in_cash": "fraction in cash",
            "dividends_due": "dividends due",
            "dividends_paid": "dividends paid",
            "conversion_date": "Conversion Date",
            "delivery_deadline": "delivery deadline",
        }.items()
    },
    **{
        f"asof.redemptions[].{name}": lambda redemption, name=name: (("redemption", redemption), (name,))
        for name in ("noticed", "redeemed", "price", "paid", "unpaid")
    },
    **{
        f"{answer}.dividends.{field}": lambda what=what: ((what,), ())
        for answer in ("asof", "dividends")
        for field, what in {
            "accrued_unpaid": "accrued-dividends",
            "in_arrears": "in-arrears",
            "next_payment_date": "next-payment-date",
            "due_on_conversion": "due-on-conversion",
        }.items()
    },
    **{
        f"dividends.payment_dates[].{name}": lambda day, name=name: (("dividend", day), (name,))
        for name in ("due", "accrued", "paid", "unpaid", "age")
    },
    "dividends.payment_dates[].state": lambda day: (("dividend", day), ()),
    "dividends.certificates[].shares": lambda number: (("shares", number), ()),
    "dividends.certificates[].accrued": lambda number: (("accrued-dividends", number), ("accrued",)),
    "dividends.certificates[].paid": lambda number: (("accrued-dividends", number), ("paid",)),
    "dividends.certificates[].accrued_unpaid": lambda number: (("accrued-dividends", number), ()),
    "dividends.certificates[].in_arrears": lambda number: (("in-arrears",), (f"certificate {number}",)),
    "rate.conversion_rate": lambda: (("conversion-rate",), ()),
    "rate.conversion_rate.into[].per_share": lambda security: (("conversion-rate",), (f"into {security}",)),
    "rate.history[].common_outstanding_before": lambda entry: (
        ("conversion-rate",),
        (f"Common outstanding before entry {entry}",),
    ),
    **{
        f"rate.history[]{field}": lambda entry, name=name: (("conversion-rate",), (f"(entry {entry})", *name))
        for field, name in {
            "": (),
            ".amended_to": (),
            ".factor": ("factor",),
            ".sold": ("sold",),
            ".consideration": ("consideration",),
            ".threshold": ("threshold",),
            ".new_shares": ("new shares",),
            ".old_shares": ("for old shares",),
        }.items()
    },
    "votes.holders[].votes": lambda holder: (("votes", holder), ()),
    "votes.preferred": lambda: (("votes",), ("Series H",)),
    "votes.common": lambda: (("votes",), ("Common Stock",)),
    "votes.single_class": lambda: (("votes",), ()),
    "votes.actions[].outstanding": lambda action: (("action", action), ("outstanding",)),
    "votes.actions[].consenting": lambda action: (("action", action), ("consenting",)),
    "votes.actions[].state": lambda action: (("action", action), ()),
    "votes.actions[].consents[].shares": lambda action, entry: (("action", action), (f"(entry {entry})",)),
}
"""By the place of a number in an answer: what explains it, and the part of that; `[]` is an item by its key.

A rate told as `per_share` and `exact` is one number, and so is money told as `amount` and `exact`.
"""

SAID: dict[str, Callable[..., What]] = {
    "obligations.obligations[].obligation": lambda place: ("obligation", place),
    "obligations.obligations[].counted": lambda place: ("obligation", place),
    "findings.findings[].says": lambda place: ("finding", place),
    "asof.findings[].says": lambda place: ("finding", place),
    "rate.history[].cause": lambda entry: ("conversion-rate",),
}
"""Sentences with numbers in them, each of which is the value of some figure of the explanation."""

WORDS = {
    *("schema", "as_of", "known_at", "readings", "holder", "certificate", "notice", "redemption", "security", "action"),
    *("accrues_from", "status", "telecopied", "originals_received", "transfer_agent_instructed", "mailed", "kind"),
    *("redemption_date", "at", "clause", "entry", "entries", "payable_on", "owed_by", "owed_to", "taken", "sha256"),
    *("state", "due", "finding", "severity", "since", "resolved", "record_date", "late"),
}
"""Fields that hold words, days, or numbers of entries: no quantity is among them."""


def leaves(tree: Any, path: str, keys: What = ()) -> Iterator[tuple[str, What, Any]]:
    """Every leaf of an answer with its path and the keys of the items on it; money is one leaf, and so is a rate."""
    if isinstance(tree, list):
        for place, item in enumerate(tree, 1):
            known = [str(item[key]) for key in KEYS if key in item] if isinstance(item, dict) else []
            yield from leaves(item, f"{path}[]", (*keys, known[0] if known else str(place)))
    elif isinstance(tree, dict):
        if "exact" in tree:
            yield path, keys, {name: tree[name] for name in ("amount", "per_share", "exact") if name in tree}
        for name, branch in tree.items():
            if name not in ("amount", "exact") and not (name == "per_share" and "exact" in tree):
                yield from leaves(branch, f"{path}.{name}", keys)
    else:
        yield path, keys, tree
