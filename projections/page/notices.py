"""§5(f) §6 - Conversions and redemptions: every notice with its days counted, every redemption with what was paid."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from ledger.clauses.adjustment import is_cash
from ledger.events import NoticeOfConversionReceived
from ledger.exact import Fraction
from ledger.figures import cents
from ledger.moments import ZONE, day_of, end_of
from ledger.position.stock import Notice
from projections import answers
from projections.explain.notice import counted_days
from projections.findings.conversions import of_notices
from projections.page.asking import Asking
from projections.page.paging import part
from projections.page.papers import of_conversions, of_redemptions, papers
from projections.page.shown import Answer, Block, Cell, Day, Days, Pairs, Section, Table, Text, Words
from projections.pending import conversion
from projections.pending import redemptions as every_redemption
from projections.report.text import in_cents, in_shares

_NOTICES = 20
"""How many notices a page shows, each with its days."""


def conversions(asking: Asking) -> Answer:
    """Every Notice of Conversion so far, the latest first: its state, what it is due, and its days."""

    def data() -> dict[str, Any]:
        return answers.under("conversions", asking.question, asking.head, answers.conversions(asking.question))

    def listed() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = answers.conversions(asking.question)["conversions"]
        return rows

    def sections() -> list[Section]:
        received = asking.question.book.facts_of({NoticeOfConversionReceived.__name__}, asking.question.day)
        numbers, ways = part(asking, received[::-1], "notices", _NOTICES, ", the latest first")
        found = sorted(_noticed(asking, numbers), key=_received, reverse=True)
        told = [conversion(asking.question, one) for one in found]
        days = (_notice(asking, one) for one in told)
        return [
            Section("", [notice_table(asking, told), *ways]),
            *days,
            *papers(asking, of_conversions(asking, told)),
            *([Section("Other notices", ways)] if ways else []),
        ]

    return Answer(data, listed, "Conversions", sections)


def _received(notice: Notice) -> tuple[datetime, int]:
    return notice.telecopied, notice.entry


def _noticed(asking: Asking, numbers: Sequence[int]) -> Iterator[Notice]:
    notices = asking.question.position.notices
    for fact in filter(None, map(asking.question.book.standing, numbers)):
        if isinstance(fact.entry, NoticeOfConversionReceived):
            yield notices[fact.entry.notice]


def _instant(text: str | None) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}" if text else "none yet"


def notice_table(asking: Asking, notices: Sequence[dict[str, Any]]) -> Table:
    """Notices in a table: state, instants in New York time, shares and Common due."""
    rows = [
        (
            Cell(one["notice"], asking.explain("notice", one["notice"])),
            asking.holder(one["holder"]),
            one["status"],
            _instant(one["conversion_date"]),
            _instant(one["delivery_deadline"]),
            in_shares(one["shares"]),
            in_shares(one["common_due"]) if one["conversion_date"] else "none yet",
        )
        for one in notices
    ]
    columns = {"Notice": "l", "Holder": "l", "State": "l", "Conversion Date": "l", "Deliver by": "l"}
    return Table.of("Notices of Conversion", {**columns, "Shares": "r", "Common due": "r"}, rows, "None by this day.")


def _notice(asking: Asking, one: dict[str, Any]) -> Section:
    found = asking.question.position.notices[one["notice"]]
    due: list[Text] = [f"{in_shares(one['common_due'])} Common" if one["conversion_date"] else "nothing yet"]
    due += [f", {_amount(other)} {other['security']}" for other in one["others_due"]]
    pairs: list[tuple[str, list[Text]]] = [
        ("Holder", [asking.holder(one["holder"])]),
        ("State", [one["status"]]),
        ("Converts", [f"{in_shares(one['shares'])} shares"]),
        ("Is due", [*due, " ", Cell("why", asking.explain("notice", found.id))]),
        ("Dividends due", [f"{in_cents(one['dividends_due'])}, of which {in_cents(one['dividends_paid'])} paid"]),
    ]
    said = [
        Words([what.says, *asking.citing(what.clause)], "warning" if what.resolved is None else "note")
        for what in of_notices(asking.question, [found])
    ]
    blocks: list[Block] = [Pairs(pairs), *said, Days(f"Notice {found.id}, day by day", [*days_of(asking, found)])]
    return Section(f"Notice {found.id}", blocks)


def _amount(other: dict[str, Any]) -> str:
    """§5(d) - How much is due beside Common: dollars of cash, and shares of anything else."""
    return cents(Fraction(other["amount"])) if is_cash(other["security"]) else in_shares(other["amount"])


def days_of(asking: Asking, found: Notice) -> Iterator[Day]:
    """§5(f)(i) - A notice day by day: what happened when, and how each day to its deadline counts."""
    calendar = asking.question.position.days
    received, deadline = found.originals_count_from(calendar), found.deadline(calendar)
    counted = dict(counted_days(calendar, received, deadline)) if received and deadline else {}
    events: dict[date, list[tuple[datetime, list[Text]]]] = {day: [] for day in counted}
    for at, said in _events(asking, found, deadline):
        events.setdefault(day_of(at), []).append((at, said))
    for day, happened in sorted(events.items()):
        told = [(f"{at.astimezone(ZONE):%H:%M:%S}", said) for at, said in sorted(happened, key=lambda one: one[0])]
        closed = counted.get(day, "").startswith("no ")
        mark = "closed" if closed else "counted" if day in counted else ""
        yield Day(f"{day:%A %Y-%m-%d}", counted.get(day, ""), told, mark)


def _events(asking: Asking, found: Notice, deadline: datetime | None) -> Iterator[tuple[datetime, list[Text]]]:
    yield found.telecopied, ["the notice was telecopied ", asking.entry(found.entry, "(entry {})")]
    if found.conversion:
        yield found.conversion, ["Conversion Date: received in business hours"]
    for word, entry, at in found.happened:
        yield at, [f"{word} ", asking.entry(entry, "(entry {})")]
    if deadline:
        done = found.delivered or found.revoked or end_of(asking.question.day) <= deadline
        late = "" if done else f": nothing had been delivered by the end of {asking.question.day}"
        yield (
            deadline,
            [Cell(f"delivery deadline{late}", asking.explain("notice", found.id), "warning" if late else "")],
        )


def redemptions(asking: Asking) -> Answer:
    """Every redemption noticed so far: its date, shares and price, and what was paid of it."""
    rows = every_redemption(asking.question)

    def data() -> dict[str, Any]:
        return answers.under("redemptions", asking.question, asking.head, {"redemptions": rows})

    def sections() -> list[Section]:
        shown, ways = part(asking, rows, "redemptions")
        return [Section("", [redemption_table(asking, shown), *ways]), *papers(asking, of_redemptions(shown))]

    return Answer(data, lambda: rows, "Redemptions", sections)


def redemption_table(asking: Asking, redemptions: Sequence[dict[str, Any]]) -> Table:
    """Redemptions in a table: state, dates, shares noticed and redeemed, dollars."""
    rows = [
        (
            Cell(one["redemption"], asking.explain("redemption", one["redemption"])),
            one["status"],
            one["mailed"],
            one["redemption_date"],
            in_shares(one["noticed"]),
            in_shares(one["redeemed"]),
            in_cents(one["price"]),
            in_cents(one["paid"]),
            in_cents(one["unpaid"]),
        )
        for one in redemptions
    ]
    columns = {"Redemption": "l", "State": "l", "Mailed": "l", "Date": "l", "Noticed": "r", "Redeemed": "r"}
    money = {"Price": "r", "Paid": "r", "Unpaid": "r"}
    return Table.of("Redemptions noticed", {**columns, **money}, rows, "None by this day.")
