"""The series on a day: the position, a holder, and the register."""

from collections.abc import Iterator, Sequence
from typing import Any

from ledger.figures import ZERO, cents
from ledger.moments import today
from projections import answers, asof
from projections.difference import leaves
from projections.findings.every import findings, open_findings
from projections.findings.finding import Finding
from projections.holders import holders, of_holder
from projections.page.asking import Asking
from projections.page.notices import notice_table, redemption_table
from projections.page.paging import first_of, part
from projections.page.papers import of_position, of_register, papers
from projections.page.shown import Answer, Block, Card, Cards, Cell, Section, Table, Words
from projections.pending import pending_conversions
from projections.pending import redemptions as every_redemption
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

    def data() -> dict[str, Any]:
        return asof.answer_to(question, asking.head)

    def rows() -> list[dict[str, Any]]:
        figures = {name: one for name, one in data().items() if name not in ("schema", "as_of", "known_at", "readings")}
        return [{"figure": path, **_told(value)} for path, value in leaves(figures)]

    def sections() -> Iterator[Section]:
        found = open_findings(question)
        yield Section("", [*odd(asking), Cards([*_cards(asking, found)])])
        yield Section("Holders", _holders(asking))
        every = Cell("Conversions lists them all.", asking.link("/conversions"))
        pending, more = first_of(pending_conversions(question), "notices under way", every)
        yield Section("Pending conversions", [notice_table(asking, pending), *more])
        every = Cell("Redemptions lists them all.", asking.link("/redemptions"))
        redeemed, more = first_of(every_redemption(question), "redemptions", every)
        yield Section("Redemptions", [redemption_table(asking, redeemed), *more])
        yield Section("Open findings", [*_findings(asking, found)])
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
    elif not question.position.holdings_of:
        yield Words(["Nothing had been issued by then."], "note")
    if question.day > today():
        said = (
            f"{question.day:%A %Y-%m-%d} is a day to come: dividends accrue on, assuming that nothing further happens."
        )
        yield Words([said], "note")


def _cards(asking: Asking, found: Sequence[Finding]) -> Iterator[Card]:
    short = any(one.finding == "reserve-too-small" for one in found)
    for label, value, cited, remark in headlines(asking.question):
        late = label == "In arrears" and value != cents(ZERO)
        mark = "warning" if late or (short and label == "Common available") else ""
        yield Card(label, value, asking.clause(cited), remark, asking.explain(EXPLAINED[label]), mark)
    remark = "what should not have happened, and was not put right"
    clause = Cell("every clause", asking.link("/certificate"))
    yield Card("Open findings", f"{len(found):,}", clause, remark, asking.link("/findings"), "warning" if found else "")


def _holders(asking: Asking) -> list[Block]:
    """Every holder of outstanding shares, so many a page."""
    holdings, ways = part(asking, [*asking.question.position.holdings().items()], "holders")
    table = _holder_table(asking, [of_holder(asking.question, name, held) for name, held in holdings])
    return [table, *ways]


def _holder_table(asking: Asking, holders: Sequence[dict[str, Any]]) -> Table:
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


def _findings(asking: Asking, found: Sequence[Finding]) -> Iterator[Block]:
    shown, more = first_of(found, "open findings", Cell("Findings lists them all.", asking.link("/findings")))
    for one, number in numbered(asking, shown):
        why = Cell(one.says, asking.explain("finding", number) if number else asking.link("/findings"))
        entries = [part for entry in asking.entries(one.entries) for part in (", ", entry)]
        yield Words([why, *asking.citing(one.clause), *entries], "warning")
    yield from more
    if not found:
        yield Words(["None is open."])


def numbered(asking: Asking, found: Sequence[Finding]) -> Iterator[tuple[Finding, str | None]]:
    """Findings, each with the number by which it is explained, unless a large ledger had to be gone through for it."""
    every = findings(asking.question) if found and asking.may_read_all else []
    for one in found:
        yield one, str(every.index(one) + 1) if every else None


def holder(asking: Asking) -> Answer:
    """One holder; HolderMustBeKnown where the ledger has not heard of it, and a form where none is named."""
    name = asking.given.get("holder")
    if name is None:
        return _every_holder(asking)
    told = answers.holder(asking.question, name)
    data = answers.under("holder", asking.question, asking.head, told)
    log = Words([Cell("Every entry about this holder", asking.link("/log", holder=name))])

    def sections() -> list[Section]:
        listed = certificate_table(asking, told["certificates"])
        return [Section("", [*odd(asking), _holder_table(asking, [told]), log]), Section("Certificates", listed)]

    return Answer(lambda: data, lambda: told["certificates"], name, sections)


def _every_holder(asking: Asking) -> Answer:
    def listed() -> list[dict[str, Any]]:
        return holders(asking.question)

    def data() -> dict[str, Any]:
        return answers.under("holders", asking.question, asking.head, {"holders": listed()})

    return Answer(data, listed, "Holders", lambda: [Section("", [*odd(asking), *_holders(asking)])])


def certificate_table(asking: Asking, certificates: list[dict[str, Any]]) -> list[Block]:
    """The outstanding certificates, each leading to how its shares came."""
    shown, ways = part(asking, certificates, "certificates")
    rows = [
        (
            one["certificate"],
            asking.holder(one["holder"]),
            one["accrues_from"],
            Cell(in_shares(one["shares"]), asking.explain("shares", one["certificate"])),
        )
        for one in shown
    ]
    empty = "No certificate stands for shares on this day."
    return [*ways, Table.of("Outstanding certificates", CERTIFICATES, rows, empty), *ways]


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
            Section("", [*odd(asking), *certificate_table(asking, told["certificates"])]),
            Section("What became of every share issued", [became]),
            *papers(asking, of_register(asking)),
        ]

    return Answer(lambda: data, lambda: told["certificates"], "Register of certificates", sections)


def _status(asking: Asking, label: str, what: str, number: str, clause: str, remark: str) -> tuple[str | Cell, ...]:
    return label, Cell(number, asking.explain(what)), asking.clause(clause), remark
