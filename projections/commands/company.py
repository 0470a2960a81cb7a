"""The morning's questions: what is due, what was breached, who may vote, what a liquidation would pay."""

from dataclasses import replace

import click

from ledger.errors import QuestionMustBeUnderstood
from ledger.exact import Fraction
from projections import answers
from projections.commands.questions import SOMETHING_TO_SEE, Asked, as_of, question
from projections.liquidation import distribution
from projections.pending import redemptions
from projections.report import company as company_report
from projections.report import pending as pending_report
from projections.votes import actions, day_of_votes, votes


@click.command("findings")
@click.option("--open", "only_open", is_flag=True, help="Leave out what was put right.")
@as_of
@question
def findings_command(asked: Asked, only_open: bool) -> None:
    """List what did happen but should not have, with the clause, the entries and both numbers.

    Exits 1 where there is something to see.

    \b
    Example:
      captable findings --as-of 2002-12-31
    """
    found = answers.findings(asked.question, only_open=only_open)
    data = {"findings": [one.data(asked.question.book.late) for one in found]}
    asked.answer("findings", data, lambda: company_report.findings(asked.question, found))
    if found:
        raise click.exceptions.Exit(SOMETHING_TO_SEE)


@click.command("obligations")
@click.option("--overdue", is_flag=True, help="Only what is overdue; exits 1 where anything is.")
@click.option("--days", type=click.IntRange(0, 36_500), help="Only what falls due within so many days.")
@as_of
@question
def obligations_command(asked: Asked, overdue: bool, days: int | None) -> None:
    """List what falls due: to whom, under which clause, on which day and how it was counted; the overdue first.

    \b
    Example:
      captable obligations --as-of 2003-04-02 --days 90
    """
    owed = answers.obligations(asked.question, days, overdue=overdue)
    data = {"obligations": [one.data(asked.question.book.late) for one in owed]}
    asked.answer("obligations", data, lambda: company_report.obligations(asked.question, owed))
    if overdue and owed:
        raise click.exceptions.Exit(SOMETHING_TO_SEE)


@click.command("holder")
@click.argument("holder")
@as_of
@question
def holder_command(asked: Asked, holder: str) -> None:
    """Show one holder: shares, accrued dividends, votes, and certificates.

    \b
    Example:
      captable holder "Sykes Family Trust" --as-of 2001-12-31
    """
    data = answers.holder(asked.question, holder)
    asked.answer("holder", data, lambda: company_report.holder(asked.question, data))


@click.command("conversions")
@as_of
@question
def conversions_command(asked: Asked) -> None:
    """List every Notice of Conversion so far: its state, its instants, what it is due.

    \b
    Example:
      captable conversions --as-of 2002-12-31
    """
    data = answers.conversions(asked.question)
    asked.answer("conversions", data, lambda: pending_report.conversions(asked.question, data["conversions"]))


@click.command("redemptions")
@as_of
@question
def redemptions_command(asked: Asked) -> None:
    """List every redemption noticed so far: its date, shares, price, and what was paid of it.

    \b
    Example:
      captable redemptions --as-of 2002-12-31
    """
    rows = redemptions(asked.question)
    asked.answer("redemptions", {"redemptions": rows}, lambda: pending_report.redemptions(asked.question, rows))


@click.command("votes")
@click.option("--action", metavar="ID", help="Count at this action's record date, or the day it was taken.")
@as_of
@question
def votes_command(asked: Asked, action: str | None) -> None:
    """Show the votes on a day, by holder and with the Common Stock as a single class, and the consents to actions.

    \b
    Example:
      captable votes --as-of 2001-12-31
    """
    counted = asked.question
    if action is not None:
        counted = replace(counted, day=day_of_votes(counted, action))
    data = {"counted_on": counted.day.isoformat(), **votes(counted), "actions": actions(asked.question)}
    asked.answer("votes", data, lambda: company_report.votes(asked.question, data))


@click.command("liquidation")
@click.option("--assets", metavar="DOLLARS", help="What if so much were available? Without it, as recorded.")
@as_of
@question
def liquidation_command(asked: Asked, assets: str | None) -> None:
    """Show what a liquidation pays each holder, and what remains for junior stock; nothing is recorded.

    \b
    Example:
      captable liquidation --assets 3000000 --as-of 2001-12-31
    """
    data = distribution(asked.question, _dollars(assets) if assets is not None else None)
    asked.answer("liquidation", data, lambda: company_report.liquidation(asked.question, data))


def _dollars(text: str) -> Fraction:
    # Of these questions this one alone is told a number, and what reads numbers strictly takes long to load.
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    from ledger.fields import Quantity, first_broken  # noqa: PLC0415

    try:
        return TypeAdapter(Quantity).validate_python(text)
    except ValidationError as error:
        hint = "Write dollars as 3000000 or 3000000.50."
        raise QuestionMustBeUnderstood(what="The assets", why=first_broken(error)["why"], hint=hint) from None
