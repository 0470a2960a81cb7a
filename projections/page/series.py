"""The series on a day: the position, a holder, the dividends and the register."""

from collections.abc import Iterator
from typing import Any

from ledger.moments import today
from projections import answers, asof
from projections.difference import leaves
from projections.findings.every import findings, open_findings
from projections.page.asking import Asking
from projections.page.notices import notice_table, redemption_table
from projections.page.papers import of_dividends, of_position, of_register, papers
from projections.page.shown import Answer, Card, Cards, Cell, Section, Table, Words
from projections.report.answer import headlines
from projections.report.text import in_cents, in_shares

EXPLAINED = {
    "Shares outstanding": "outstanding",
    "Accrued dividends": "accrued-dividends",
    "In arrears": "in-arrears",
    "Due on conversion": "due-on-conversion",
    "Conversion rate": "conversion-rate",
    "Liquidation preference": "liquidation-preference",
    "Common outstanding": "common-outstanding",
    "Common available": "reserve-available",
}
"""By which words each figure of the position is explained."""

HOLDERS = {"Holder": "l", "Shares": "r", "Accrued dividends": "r", "Convertible into": "r", "Votes": "r"}
CERTIFICATES = {"Certificate": "l", "Holder": "l", "Accrues from": "l", "Shares": "r"}


def position(asking: Asking) -> Answer:
    """Everything that was so at the end of the day."""
    question = asking.question
    data = asof.answer_to(question, asking.head)
    figures = {name: branch for name, branch in data.items() if name not in ("schema", "as_of", "known_at", "readings")}
    rows = [{"figure": path, **_told(value)} for path, value in leaves(figures)]

    def sections() -> Iterator[Section]:
        yield Section("", [*odd(asking), Cards([*_cards(asking, data)])])
        yield Section("Holders", [_holders(asking, data["preferred"]["holders"])])
        yield Section("Pending conversions", [notice_table(asking, data["pending_conversions"])])
        yield Section("Redemptions", [redemption_table(asking, data["redemptions"])])
        yield Section("Open findings", [*_findings(asking)])
        yield from papers(asking, of_position())

    return Answer(data, rows, "Position", lambda: [*sections()])


def _told(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):  # money
        return {"exact": value["exact"], "rounded": value["amount"]}
    return {"exact": value, "rounded": ""}


def odd(asking: Asking) -> Iterator[Words]:
    """What is to be known of a day before its figures are read: nothing recorded or issued yet, or a day to come."""
    question = asking.question
    if question.book.last == 1:
        yield Words(
            ["The ledger holds its terms (entry 1) and nothing else yet: every figure is that of no share."], "note"
        )
    elif not question.position.holders:
        yield Words(["Nothing had been issued by then."], "note")
    if question.day > today():
        said = (
            f"{question.day:%A %Y-%m-%d} is a day to come: dividends accrue on, assuming that nothing further happens."
        )
        yield Words([said], "note")


def _cards(asking: Asking, data: dict[str, Any]) -> Iterator[Card]:
    short = any(one["finding"] == "reserve-too-small" for one in data["findings"])
    for label, value, cited, remark in headlines(asking.question):
        late = label == "In arrears" and data["dividends"]["in_arrears"]["amount"] != "0.00"
        mark = "warning" if late or (short and label == "Common available") else ""
        yield Card(label, value, asking.clause(cited), remark, asking.explain(EXPLAINED[label]), mark)
    found = len(data["findings"])
    remark = "what should not have happened, and was not put right"
    clause = Cell("every clause", asking.link("/certificate"))
    yield Card("Open findings", str(found), clause, remark, asking.link("/findings"), "warning" if found else "")


def _holders(asking: Asking, holders: list[dict[str, Any]]) -> Table:
    rows = [
        (
            asking.holder(one["holder"]),
            Cell(in_shares(one["shares"]), asking.explain("shares", one["holder"])),
            Cell(in_cents(one["accrued_dividends"]), asking.explain("accrued-dividends", one["holder"])),
            Cell(in_shares(one["convertible_into"]), asking.explain("convertible-into", one["holder"])),
            Cell(in_shares(one["votes"]), asking.explain("votes", one["holder"])),
        )
        for one in holders
    ]
    return Table.of("What each holder has", HOLDERS, rows, "Nobody holds a share on this day.")


def _findings(asking: Asking) -> Iterator[Words]:
    found, every = open_findings(asking.question), findings(asking.question)
    for one in found:
        why = Cell(one.says, asking.explain("finding", str(every.index(one) + 1)))
        entries = [part for entry in asking.entries(one.entries) for part in (", ", entry)]
        yield Words([why, *asking.citing(one.clause), *entries], "warning")
    if not found:
        yield Words(["None is open."])


def holder(asking: Asking) -> Answer:
    """One holder; HolderMustBeKnown where the ledger has not heard of it, and a form where none is named."""
    name = asking.given.get("holder")
    if name is None:
        held = asof.answer_to(asking.question, asking.head)["preferred"]["holders"]
        data = answers.under("holders", asking.question, asking.head, {"holders": held})
        return Answer(data, held, "Holders", lambda: [Section("", [*odd(asking), _holders(asking, held)])])
    told = answers.holder(asking.question, name)
    data = answers.under("holder", asking.question, asking.head, told)
    log = Words([Cell("Every entry about this holder", asking.link("/log", holder=name))])

    def sections() -> list[Section]:
        listed = certificate_table(asking, told["certificates"])
        return [Section("", [*odd(asking), _holders(asking, [told]), log]), Section("Certificates", [listed])]

    return Answer(data, told["certificates"], name, sections)


def certificate_table(asking: Asking, certificates: list[dict[str, Any]]) -> Table:
    """The outstanding certificates, each leading to how its shares came."""
    rows = [
        (
            one["certificate"],
            asking.holder(one["holder"]),
            one["accrues_from"],
            Cell(in_shares(one["shares"]), asking.explain("shares", one["certificate"])),
        )
        for one in certificates
    ]
    return Table.of("Outstanding certificates", CERTIFICATES, rows, "No certificate stands for shares on this day.")


def register(asking: Asking) -> Answer:
    """Every outstanding certificate, and what became of every share ever issued."""
    told = answers.register(asking.question)
    data = answers.under("register", asking.question, asking.head, told)

    def sections() -> list[Section]:
        number = {name: in_shares(value) for name, value in told.items() if name != "certificates"}
        left = f"of {number['designated']}; {number['may_be_issued']} may be issued"
        rows = [
            _status(asking, "outstanding", "outstanding", number["outstanding"], "§1", ""),
            _status(asking, "converted", "converted", number["converted"], "§5", "cancelled"),
            _status(asking, "redeemed", "redeemed", number["redeemed"], "§6", "cancelled"),
            _status(asking, "reacquired", "reacquired", number["reacquired"], "§7", "cancelled"),
            _status(asking, "issued, ever", "issued", number["issued"], "§1", left),
            (
                "returned to no series",
                number["returned_to_undesignated"],
                asking.clause("§7"),
                "authorized but unissued preferred stock",
            ),
        ]
        became = Table.of("Shares by status", {"Status": "l", "Shares": "r", "Clause": "l", "": "l"}, rows, "")
        return [
            Section("", [*odd(asking), certificate_table(asking, told["certificates"])]),
            Section("What became of every share issued", [became]),
            *papers(asking, of_register(asking)),
        ]

    return Answer(data, told["certificates"], "Register of certificates", sections)


def _status(asking: Asking, label: str, what: str, number: str, clause: str, remark: str) -> tuple[str | Cell, ...]:
    return label, Cell(number, asking.explain(what)), asking.clause(clause), remark


def dividends(asking: Asking) -> Answer:
    """What has accrued, was paid and is in arrears: the series, its payment dates, its certificates."""
    told = answers.dividends(asking.question)
    data = answers.under("dividends", asking.question, asking.head, told)

    def sections() -> list[Section]:
        return [
            Section("", [*odd(asking), _of_series(asking, told["dividends"])]),
            Section("By payment date, on the shares outstanding", [_dates(asking, told["payment_dates"])]),
            Section("By certificate", [_by_certificate(asking, told["certificates"])]),
            *papers(asking, of_dividends(told["payment_dates"])),
        ]

    return Answer(data, told["payment_dates"], "Dividends", sections)


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


def _dates(asking: Asking, dates: list[dict[str, Any]]) -> Table:
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


def _by_certificate(asking: Asking, certificates: list[dict[str, Any]]) -> Table:
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
        for one in certificates
    ]
    money = {"Accrued": "r", "Paid": "r", "Unpaid": "r", "In arrears": "r"}
    columns = {"Certificate": "l", "Holder": "l", "Accrues from": "l", "Shares": "r", **money}
    return Table.of("Dividends of each certificate", columns, rows, "No certificate stands for shares on this day.")
