"""The text of every answer: what its JSON says, in words and aligned tables."""

import json
from datetime import datetime
from fractions import Fraction
from typing import Any

from ledger.figures import cents, shares
from ledger.moments import in_new_york
from projections import accrued_dividends, common_stock, conversion_rate, outstanding_shares
from projections.findings import findings
from projections.holders import holders, preference
from projections.pending import pending_conversions, redemptions
from projections.question import Question
from projections.text import asked, section, table


def asof(question: Question) -> str:
    """The whole answer for a day: the figures first, then holders, what is under way, and findings."""
    position = question.position
    parts = [f"{position.terms.title}, {asked(question)}", "", _figures(question), ""]
    if not position.holders:
        parts.append("Nothing had been issued by then.\n")
    parts += [
        section("Holders", _holders(question)),
        section("Pending conversions", _pending(question)),
        section("Redemptions", _redemptions(question)),
        section("Findings", "\n".join(_finding(item) for item in findings(question)) or "none"),
    ]
    return "\n".join(parts).rstrip()


def _figures(question: Question) -> str:
    position = question.position
    series, dividends = outstanding_shares.series(position), accrued_dividends.of_series(question)
    common = common_stock.common(position)
    gone = ", ".join(f"{_shares(series[what])} {what}" for what in ("converted", "redeemed", "reacquired"))
    rows = [
        ("Shares outstanding", _shares(series["outstanding"]), f"of {_shares(series['issued'])} issued; {gone}", "§1"),
        ("Accrued dividends", _money(dividends["accrued_unpaid"]), "accrued and unpaid", "§2"),
        ("  in arrears", _money(dividends["in_arrears"]), f"next payment date {dividends['next_payment_date']}", "§2"),
        ("  due on conversion", _money(dividends["due_on_conversion"]), "of shares converted, unpaid", "§2"),
        ("Conversion rate", _shares(conversion_rate.rate(position)["per_share"]), "Common for one share", "§5"),
        ("Liquidation preference", _money(preference(question)), "", "§3"),
        (
            "Common outstanding",
            _shares(common["outstanding"]),
            f"of {_shares(common['authorized'])} authorized",
            "§5(e)",
        ),
        (
            "Common reserve",
            _shares(common["reserve_available"]),
            f"{_shares(common['reserve_required'])} needed",
            "§5(j)",
        ),
    ]
    return table(("", "", "", ""), ((name, words, clause, figure) for name, figure, words, clause in rows), numbers=1)


def _holders(question: Question) -> str:
    rows = (
        (
            one["holder"],
            _shares(one["shares"]),
            _money(one["accrued_dividends"]),
            _shares(one["convertible_into"]),
            _shares(one["votes"]),
        )
        for one in holders(question)
    )
    return table(("holder", "shares", "accrued dividends", "convertible into", "votes"), rows, numbers=4)


def _pending(question: Question) -> str:
    rows = (
        (
            one["notice"],
            one["holder"],
            one["status"],
            _instant(one["conversion_date"]),
            _instant(one["delivery_deadline"]),
            _shares(one["shares"]),
            _shares(one["common_due"]),
        )
        for one in pending_conversions(question)
    )
    return table(
        ("notice", "holder", "state", "Conversion Date", "deliver by", "shares", "Common due"), rows, numbers=2
    )


def _redemptions(question: Question) -> str:
    rows = (
        (
            one["redemption"],
            one["status"],
            one["redemption_date"],
            _shares(one["noticed"]),
            _shares(one["redeemed"]),
            _money(one["price"]),
            _money(one["unpaid"]),
        )
        for one in redemptions(question)
    )
    return table(("redemption", "state", "date", "noticed", "redeemed", "price", "unpaid"), rows, numbers=4)


def _finding(item: dict[str, Any]) -> str:
    entries = ", ".join(str(number) for number in item["entries"])
    return f"{item['clause']}  {item['says']}  [{item['finding']}, entries {entries}]"


def rate(question: Question) -> str:
    """The conversion rate and its history."""
    one = conversion_rate.rate(question.position)
    rows = (
        (step["at"][:10], step["clause"], step["entry"], step["cause"], step["factor"], _shares(step["per_share"]))
        for step in conversion_rate.history(question.position)
    )
    head = f"Conversion rate {_shares(one['per_share'])} Common for one share, {asked(question)}"
    adjustments = table(("from", "clause", "entry", "cause", "factor", "rate"), rows, numbers=2)
    return f"{head}\n\n{section('Adjustments', adjustments)}".rstrip()


def dividends(question: Question) -> str:
    """The dividends of the series, and of every certificate."""
    series = accrued_dividends.of_series(question)
    rows = (
        (
            one["certificate"],
            one["holder"],
            one["accrues_from"],
            _shares(one["shares"]),
            _money(one["accrued"]),
            _money(one["paid"]),
            _money(one["accrued_unpaid"]),
            _money(one["in_arrears"]),
        )
        for one in accrued_dividends.by_certificate(question)
    )
    headings = ("certificate", "holder", "accrues from", "shares", "accrued", "paid", "unpaid", "in arrears")
    said = (
        f"Dividends (§2), {asked(question)}",
        "",
        f"Accrued and unpaid {_money(series['accrued_unpaid'])}, in arrears {_money(series['in_arrears'])}, "
        f"due on conversion {_money(series['due_on_conversion'])}; next payment date {series['next_payment_date']}.",
        "",
        table(headings, rows, numbers=5),
    )
    return "\n".join(said)


def register(question: Question) -> str:
    """Every outstanding certificate."""
    rows = (
        (one["certificate"], one["holder"], one["accrues_from"], _shares(one["shares"]))
        for one in outstanding_shares.certificates(question.position)
    )
    total = _shares(outstanding_shares.series(question.position)["outstanding"])
    listed = table(("certificate", "holder", "accrues from", "shares"), rows, numbers=1)
    return f"Register of certificates, {asked(question)}\n\n{listed}\n\n{total} shares outstanding"


def log(entries: list[dict[str, Any]]) -> str:
    """The entries in recorded order."""
    rows = (
        (
            one["entry"],
            in_new_york(datetime.fromisoformat(one["recorded"])).partition(" ")[2],
            one["effective"],
            one["event"],
            "late" if one["late"] else "",
            one["status"] if one["status"] != "stands" else "",
        )
        for one in entries
    )
    if not entries:
        return "The ledger holds its terms (entry 1) and nothing else yet: record a journal with `captable record`."
    return table(("entry", "recorded (New York)", "effective", "event", "", "status"), rows)


def story(one: dict[str, Any]) -> str:
    """One entry's whole story."""
    said = [f"entry {one['entry']}: {one['event']}"]
    if one["entry"] != 1:
        recorded = in_new_york(datetime.fromisoformat(one["recorded"]))
        late = " (late)" if one["late"] else ""
        said += [f"effective {one['effective']}, recorded {recorded}{late}; {one['status']}"]
    said += ["", section("Recorded", json.dumps(one["line"], indent=1, ensure_ascii=False))]
    moved = table(
        ("figure", "before", "after"), ((m["figure"], m["before"], m["after"]) for m in one["moved"]), numbers=2
    )
    said.append(section("Moved", moved))
    if one["amended_by"]:
        said.append(f"amended by {', '.join(f'entry {number}' for number in one['amended_by'])}")
    return "\n".join(said).rstrip()


def _shares(text: str | None) -> str:
    return shares(Fraction(text)) if text is not None else "unknown"


def _money(amount: dict[str, str]) -> str:
    return cents(Fraction(amount["amount"]))


def _instant(text: str | None) -> str:
    return in_new_york(datetime.fromisoformat(text)) if text else "none yet"
