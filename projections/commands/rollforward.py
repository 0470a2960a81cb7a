"""The command `captable rollforward`: the series between two days, in shares and in dollars."""

from datetime import date

import click

from projections import rollforward as rolled
from projections.commands.questions import Asked, day, question
from projections.report import rollforward as report


@click.command("rollforward")
@click.argument("first", metavar="FROM", callback=day)
@click.argument("day", metavar="[TO]", callback=day, required=False)
@question
def rollforward_command(asked: Asked, first: date) -> None:
    """Roll the series forward from the end of FROM to the end of TO, quarter by quarter, in shares and in dollars.

    It opens and closes with the figures of `captable asof` on those days. Without TO it runs to today, or with --at to
    the day of the tag.

    \b
    Example:
      captable rollforward 2001-12-31 2002-12-31
    """
    periods = rolled.rollforward(asked.question, first)
    all_of_it = rolled.whole(periods)
    data = {"from": first.isoformat(), "quarters": [one.data() for one in periods], "whole": all_of_it.data()}
    asked.answer("rollforward", data, lambda: report.rollforward(asked.question, periods, all_of_it))
