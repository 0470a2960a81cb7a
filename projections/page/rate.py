"""§5(b) §5(e) - The conversion rate and its history, drawn and in a table."""

from collections.abc import Sequence
from typing import Any

from ledger import figures
from ledger.moments import day_of
from ledger.position.stock import Adjustment
from projections import answers, conversion_rate
from projections.page.asking import Asking
from projections.page.chart import step_chart
from projections.page.paging import part
from projections.page.papers import of_rate, papers
from projections.page.series import odd
from projections.page.shown import Answer, Block, Cell, Section, Table, Words
from projections.report.answer import into


def rate(asking: Asking) -> Answer:
    """The conversion rate, and every adjustment with its cause."""
    told = answers.rate(asking.question)

    def data() -> dict[str, Any]:
        return answers.under("rate", asking.question, asking.head, told)

    def sections() -> list[Section]:
        position, why = asking.question.position, Cell("Why?", asking.explain("conversion-rate"))
        said = Words([f"One share converts into {into(position)}. ", why])
        chart = step_chart(asking)
        drawn: list[Block] = [chart] if chart else [Words(["The certificate was not signed by then."], "note")]
        steps, ways = part(asking, [*position.adjustments][::-1], "adjustments", order=", the latest first")
        return [
            Section("", [*odd(asking), said, *drawn]),
            Section("Adjustments", [*ways, _history(asking, steps), *ways]),
            *papers(asking, of_rate(steps)),
        ]

    return Answer(data, lambda: told["history"], "Conversion rate", sections)


def _history(asking: Asking, steps: Sequence[Adjustment]) -> Table:
    """Some adjustments, the latest first, and with the first of them the rate at issuance."""
    book = asking.question.book
    rows: list[tuple[str | Cell, ...]] = [
        (
            str(day_of(step.at)),
            asking.clause(step.clause),
            asking.entry(step.entry),
            conversion_rate.cause(step),
            figures.rate(step.rate),
            "learned late" if book.is_late(step.entry) else "",
        )
        for step in steps
    ]
    if not steps or steps[-1] == asking.question.position.adjustments[0]:
        begun = book.terms
        rate, clause = figures.rate(begun.conversion_rate.value), asking.clause(begun.conversion_rate.clause)
        rows.append((str(begun.signed_on.value), clause, asking.entry(1), "at issuance", rate, ""))
    columns = {"From": "l", "Clause": "l", "Entry": "r", "Cause": "l", "Common for one share": "r", "": "l"}
    return Table.of("Every adjustment of the conversion rate, the latest first", columns, rows, "")
