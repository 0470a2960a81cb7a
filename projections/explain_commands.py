"""The command `captable explain`: a figure, a deadline or an entry by its words, as a tree in JSON and in text."""

import click

from ledger.errors import QuestionMustBeUnderstood
from ledger.figures import Figure
from projections import explain, explain_notice
from projections.commands import Asked, as_of, question, show_entry
from projections.question import Question

EXPLAINED = "conversion-rate, accrued-dividends [HOLDER], outstanding, notice ID, entry N"


@click.command("explain")
@click.argument("what")
@click.argument("which", required=False)
@as_of
@question
def explain_command(asked: Asked, what: str, which: str | None) -> None:
    """Explain a figure: its clause, its entries, its readings, and arithmetic you can redo.

    WHAT is conversion-rate, accrued-dividends [HOLDER], outstanding, notice ID, or entry N.

    \b
    Examples:
      captable explain conversion-rate --as-of 2001-12-31
      captable explain accrued-dividends "Sykes Family Trust" --as-of 2001-06-10
    """
    if what == "entry":
        show_entry(asked, which)
        return
    figure = explained(asked.question, what, which)
    asked.answer("explain", {"figure": figure.tree()}, lambda: "\n".join(figure.lines()))


def explained(question: Question, what: str, which: str | None) -> Figure:
    """The explanation of a figure by its words; QuestionMustBeUnderstood where there is none of that name."""
    if what == "accrued-dividends":
        return explain.accrued_dividends(question, which)
    if what == "notice" and which is not None:
        return explain_notice.notice(question, which)
    if what == "conversion-rate" and which is None:
        return explain.conversion_rate(question)
    if what == "outstanding" and which is None:
        return explain.outstanding(question)
    said = f"explain {what}{f' {which}' if which else ''}"
    raise QuestionMustBeUnderstood(what=said, why=f"What can be explained: {EXPLAINED}", hint="Name one of them.")


EXPLAIN_QUESTIONS = (explain_command,)
"""The command that explains, for the command line to mount."""
