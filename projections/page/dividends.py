"""§2 - The dividends of a day: of the series, by payment date, and by certificate."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ledger.moments import parse_day
from ledger.position.stock import Certificate
from projections import accrued_dividends, answers, payment_dates
from projections.commands.questions import understood
from projections.outstanding_shares import outstanding
from projections.page.asking import Asking
from projections.page.paging import part
from projections.page.papers import of_dividends, papers
from projections.page.series import odd
from projections.page.shown import Answer, Block, Card, Cards, Cell, Section, Table, Words
from projections.report.text import in_cents, in_shares

_DATES = 8
"""How many payment dates a page shows: two years of them."""


def dividends(asking: Asking) -> Answer:
    """What has accrued, was paid and is in arrears: the series, its payment dates, its certificates."""

    def data() -> dict[str, Any]:
        return answers.under("dividends", asking.question, asking.head, answers.dividends(asking.question))

    def rows() -> list[dict[str, Any]]:
        return payment_dates.by_payment_date(asking.question)

    def sections() -> list[Section]:
        dates, ways = _dates(asking)
        told = payment_dates.by_payment_date(asking.question, dates)
        listed = _by_certificate(asking, outstanding(asking.question.position))
        return [
            Section("", [*odd(asking), _of_series(asking, accrued_dividends.of_series(asking.question))]),
            Section("By payment date, on the shares outstanding", [_by_date(asking, told), *ways]),
            Section("By certificate", listed),
            *papers(asking, of_dividends(told)),
        ]

    return Answer(data, rows, "Dividends", sections)


def _dates(asking: Asking) -> tuple[Sequence[date], list[Words]]:
    """The payment dates shown: all, the last so many of them, or those up to the one that the address names."""
    every = payment_dates.payment_dates_so_far(asking.question)
    until = asking.given.get("until")
    if until is not None:
        last = understood("day", parse_day, until)
        every = [one for one in every if one <= last]
    shown, before = every[-_DATES:], every[:-_DATES]
    if not before:
        return shown, []
    earlier = Cell(f"The dates to {before[-1]}", asking.here(until=before[-1]))
    return shown, [Words([f"{len(shown)} payment dates; {len(before)} came before them. ", earlier])]


def _of_series(asking: Asking, series: dict[str, Any]) -> Cards:
    next_date = "the next payment date"
    told = (
        ("Accrued and unpaid", in_cents(series["accrued_unpaid"]), "on all outstanding shares", "accrued-dividends"),
        ("In arrears", in_cents(series["in_arrears"]), "unpaid after its due day", "in-arrears"),
        ("Due on conversion", in_cents(series["due_on_conversion"]), "unpaid on shares converted", "due-on-conversion"),
        ("Next payment date", series["next_payment_date"], next_date, "next-payment-date"),
    )
    clause = asking.clause("§2")
    return Cards([Card(label, value, clause, remark, asking.explain(what)) for label, value, remark, what in told])


def _by_date(asking: Asking, dates: list[dict[str, Any]]) -> Table:
    rows = [
        (
            Cell(one["payable_on"], asking.explain("dividend", one["payable_on"])),
            one["due"],
            Cell(one["state"] + (f", {one['age']} days" if one["age"] else ""), mark="warning" if one["age"] else ""),
            in_cents(one["accrued"]),
            in_cents(one["paid"]),
            in_cents(one["unpaid"]),
        )
        for one in reversed(dates)
    ]
    columns = {"Payable on": "l", "Due": "l", "State": "l", "Accrued": "r", "Paid": "r", "Unpaid": "r"}
    return Table.of("Payment dates, the latest first", columns, rows, "No payment date so far.")


def _by_certificate(asking: Asking, certificates: Sequence[Certificate]) -> list[Block]:
    some, ways = part(asking, certificates, "certificates")
    shown = accrued_dividends.by_certificate(asking.question, some)
    rows = [
        (
            one["certificate"],
            asking.holder(one["holder"]),
            one["accrues_from"],
            in_shares(one["shares"]),
            in_cents(one["accrued"]),
            in_cents(one["paid"]),
            Cell(in_cents(one["accrued_unpaid"]), asking.explain("accrued-dividends", one["certificate"])),
            in_cents(one["in_arrears"]),
        )
        for one in shown
    ]
    money = {"Accrued": "r", "Paid": "r", "Unpaid": "r", "In arrears": "r"}
    columns = {"Certificate": "l", "Holder": "l", "Accrues from": "l", "Shares": "r", **money}
    empty = "No certificate stands for shares on this day."
    return [*ways, Table.of("Dividends of each certificate", columns, rows, empty), *ways]
