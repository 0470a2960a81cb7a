"""What is owed, and what should not have happened: obligations and findings."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from projections import answers
from projections.findings.every import open_findings
from projections.findings.finding import Finding
from projections.page.asking import Asking
from projections.page.paging import part
from projections.page.papers import of_obligations, papers
from projections.page.series import odd
from projections.page.shown import Answer, Cell, Section, Table, Words


def obligations(asking: Asking) -> Answer:
    """What falls due as a calendar: the overdue first, then month by month."""
    owed = answers.obligations(asking.question)
    listed = [one.data(asking.question.book.late) for one in owed]

    def data() -> dict[str, Any]:
        return answers.under("obligations", asking.question, asking.head, {"obligations": listed})

    def sections() -> list[Section]:
        numbered, ways = part(asking, list(enumerate(owed, 1)), "obligations", order=", the overdue first")
        late = sum(one.overdue for one in owed)
        said = f"{late} overdue, {len(owed) - late} to come." if owed else "Nothing is owed on this day."
        parts = groupby(numbered, key=lambda one: "Overdue" if one[1].overdue else f"Due in {one[1].due:%B %Y}")
        tables = []
        for title, group in parts:
            rows = [
                (
                    Cell("OVERDUE" if one.overdue else "due", mark="warning" if one.overdue else ""),
                    Cell(f"{one.due:%A %Y-%m-%d}", mark="day"),
                    asking.clause(one.clause),
                    Cell(one.what, asking.explain("obligation", str(number))),
                    one.owed_to,
                    one.counted,
                )
                for number, one in group
            ]
            columns = dict.fromkeys(
                ("State", "By", "Clause", "What the Company owes", "To", "How the day is counted"), "l"
            )
            tables.append(Section(title, [Table.of(f"What is owed: {title[0].lower()}{title[1:]}", columns, rows, "")]))
        handed_out = papers(asking, of_obligations(asking))
        return [Section("", [*odd(asking), Words([said], "warning" if late else ""), *ways]), *tables, *handed_out]

    return Answer(data, lambda: listed, "Obligations", sections)


def findings(asking: Asking) -> Answer:
    """What did happen but should not have: open first, then what was put right."""

    def listed() -> list[dict[str, Any]]:
        return [one.data(asking.question.book.late) for one in answers.findings(asking.question)]

    def data() -> dict[str, Any]:
        return answers.under("findings", asking.question, asking.head, {"findings": listed()})

    return Answer(data, listed, "Findings", lambda: _every(asking) if asking.may_read_all else _open(asking))


def _every(asking: Asking) -> list[Section]:
    found = list(enumerate(answers.findings(asking.question), 1))
    still = [(one, str(number)) for number, one in found if one.resolved is None]
    mended = [(one, str(number)) for number, one in found if one.resolved is not None]
    said = f"{len(still)} open, {len(mended)} put right." if found else "Nothing was found."
    every, ways = part(asking, [*still, *mended], "findings", order=", the open ones first")
    left = sum(one.resolved is None for one, _ in every)
    return [
        Section("", [*odd(asking), Words([said], "warning" if still else ""), *ways]),
        Section("Open", [_table(asking, "Open findings", every[:left])]),
        Section("Put right", [_table(asking, "Findings that were put right", every[left:]), *ways]),
    ]


def _open(asking: Asking) -> list[Section]:
    """The open findings of a large ledger; for those that were put right every notice is gone through."""
    still = open_findings(asking.question)
    shown, ways = part(asking, [(one, None) for one in still], "open findings")
    said = f"{len(still)} open." if still else "None is open."
    all_of_them = Cell("Show them all the same", asking.here(whole="yes"))
    mended = Words(["What was put right is found by going through every notice ever received. ", all_of_them])
    return [
        Section("", [*odd(asking), Words([said], "warning" if still else ""), *ways]),
        Section("Open", [_table(asking, "Open findings", shown)]),
        Section("Put right", [mended]),
    ]


def _table(asking: Asking, caption: str, found: Sequence[tuple[Finding, str | None]]) -> Table:
    rows = [
        (
            Cell(one.severity, mark="warning" if one.is_open_breach else ""),
            asking.clause(one.clause.split(maxsplit=1)[0]),
            Cell(one.says, asking.explain("finding", number) if number else None),
            str(one.since),
            str(one.resolved or "not yet"),
            Cell(f"entry {one.entries[0]}", asking.link(f"/entry/{one.entries[0]}")) if one.entries else "",
        )
        for one, number in found
    ]
    columns = dict.fromkeys(("Severity", "Clause", "What was found", "Since", "Put right", "Entry"), "l")
    return Table.of(caption, columns, rows, "None.")
