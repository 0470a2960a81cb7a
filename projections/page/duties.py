"""What is owed, and what should not have happened: obligations and findings."""

from itertools import groupby

from projections import answers
from projections.findings.every import findings as every_finding
from projections.findings.finding import Finding
from projections.obligations import obligations as every_obligation
from projections.page.asking import Asking
from projections.page.papers import of_obligations, papers
from projections.page.series import odd
from projections.page.shown import Answer, Cell, Section, Table, Words


def obligations(asking: Asking) -> Answer:
    """What falls due as a calendar: the overdue first, then month by month."""
    owed = answers.obligations(asking.question)
    listed = [one.data(asking.question.book.late) for one in owed]
    data = answers.under("obligations", asking.question, asking.head, {"obligations": listed})

    def sections() -> list[Section]:
        numbered = list(enumerate(every_obligation(asking.question), 1))
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
            tables.append(Section(title, [Table.of(f"What is owed: {title.lower()}", columns, rows, "")]))
        handed_out = papers(asking, of_obligations(asking))
        return [Section("", [*odd(asking), Words([said], "warning" if late else "")]), *tables, *handed_out]

    return Answer(data, listed, "Obligations", sections)


def findings(asking: Asking) -> Answer:
    """What did happen but should not have: open first, then what was put right."""
    found = answers.findings(asking.question)
    listed = [one.data(asking.question.book.late) for one in found]
    data = answers.under("findings", asking.question, asking.head, {"findings": listed})

    def sections() -> list[Section]:
        numbered = list(enumerate(every_finding(asking.question), 1))
        still = [one for one in numbered if one[1].resolved is None]
        mended = [one for one in numbered if one[1].resolved is not None]
        said = f"{len(still)} open, {len(mended)} put right." if found else "Nothing was found."
        return [
            Section("", [*odd(asking), Words([said], "warning" if still else "")]),
            Section("Open", [_table(asking, "Open findings", still)]),
            Section("Put right", [_table(asking, "Findings that were put right", mended)]),
        ]

    return Answer(data, listed, "Findings", sections)


def _table(asking: Asking, caption: str, found: list[tuple[int, Finding]]) -> Table:
    rows = [
        (
            Cell(one.severity, mark="warning" if one.is_open_breach else ""),
            asking.clause(one.clause.split(maxsplit=1)[0]),
            Cell(one.says, asking.explain("finding", str(number))),
            str(one.since),
            str(one.resolved or "not yet"),
            Cell(f"entry {one.entries[0]}", asking.link(f"/entry/{one.entries[0]}")) if one.entries else "",
        )
        for number, one in found
    ]
    columns = dict.fromkeys(("Severity", "Clause", "What was found", "Since", "Put right", "Entry"), "l")
    return Table.of(caption, columns, rows, "None.")
