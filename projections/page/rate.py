"""§5(b) §5(e) - The conversion rate and its history, drawn and in a table."""

from typing import Any

from ledger import figures
from ledger.moments import day_of
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
        return [
            Section("", [*odd(asking), said, *drawn]),
            Section("Adjustments", _history(asking)),
            *papers(asking, of_rate(asking)),
        ]

    return Answer(data, lambda: told["history"], "Conversion rate", sections)


def _history(asking: Asking) -> list[Block]:
    position, late = asking.question.position, asking.question.book.late
    begun = asking.question.book.terms
    first: tuple[str | Cell, ...] = (
        str(begun.signed_on.value),
        asking.clause(begun.conversion_rate.clause),
        asking.entry(1),
        "at issuance",
        figures.rate(begun.conversion_rate.value),
        "",
    )
    rows = [
        (
            str(day_of(step.at)),
            asking.clause(step.clause),
            asking.entry(step.entry),
            conversion_rate.cause(step),
            figures.rate(step.rate),
            "learned late" if step.entry in late else "",
        )
        for step in position.adjustments
    ]
    shown, ways = part(asking, [first, *rows], "rates")
    columns = {"From": "l", "Clause": "l", "Entry": "r", "Cause": "l", "Common for one share": "r", "": "l"}
    return [*ways, Table.of("Every adjustment of the conversion rate", columns, shown, "")]
