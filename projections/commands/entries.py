"""The entries themselves: the log of all, and the story of one."""

from datetime import datetime

import click

from ledger.errors import QuestionMustBeUnderstood
from projections import log
from projections.commands.questions import Asked, as_of, instant, question
from projections.report import answer as report


@click.command("log")
@click.option("--recorded-since", "since", metavar="INSTANT", callback=instant, help="Only what was recorded after it.")
@question
def log_command(asked: Asked, since: datetime | None) -> None:
    """List every entry in the order it was recorded, with both clocks; late entries are marked.

    \b
    Example:
      captable log --recorded-since 2003-03-04T12:00:00-05:00
    """
    entries = [
        one
        for one in log.entries(asked.question.book)
        if since is None or datetime.fromisoformat(one["recorded"]) > since
    ]
    asked.answer("log", {"entries": entries}, lambda: report.log(entries, since))


@click.command("show")
@click.argument("entry")
@as_of
@question
def show_command(asked: Asked, entry: str) -> None:
    """Show one entry: what was recorded, what it moved, and how it was corrected.

    \b
    Example:
      captable show 3
    """
    show_entry(asked, entry)


def show_entry(asked: Asked, entry: str | None) -> None:
    """Print the story of the entry whose number was given; QuestionMustBeUnderstood where that is none."""
    if entry is None or not entry.isascii() or not entry.isdigit() or len(entry) > 19:
        why = f"{entry!r} is no entry number"
        raise QuestionMustBeUnderstood(what="The entry", why=why, hint="Give a number, as in `captable show 3`.")
    story = log.show(asked.question, int(entry))
    asked.answer("show", story, lambda: report.story(story))
