"""The entries themselves: the log of all, and the story of one."""

from datetime import datetime

import click

from ledger.errors import QuestionMustBeUnderstood
from projections import log
from projections.commands.questions import Asked, as_of, instant, question
from projections.report import answer as report
from projections.report.aside import aside
from projections.report.text import progress


@click.command("log")
@click.option("--recorded-since", "since", metavar="INSTANT", callback=instant, help="Only what was recorded after it.")
@question
def log_command(asked: Asked, since: datetime | None) -> None:
    """List every entry in the order it was recorded, with both clocks; late entries are marked.

    \b
    Example:
      captable log --recorded-since 2003-03-04T12:00:00-05:00
    """
    book = asked.question.book
    many = book.last - (book.known(since).last if since else 0)
    with aside() as told:
        for one in progress(log.entries(book, since), many, "Reading"):
            told.put(one if asked.as_json else report.log_row(one))
        asked.answer("log", {"entries": iter(told)}, lambda: report.log(told, since))


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
    story = log.show(asked.question, entry_number(entry))
    asked.answer("show", story, lambda: report.story(story))


def entry_number(text: str | None) -> int:
    """The number of an entry as somebody wrote it; QuestionMustBeUnderstood where it is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 19:
        why = f"{text!r} is no entry number"
        raise QuestionMustBeUnderstood(what="The entry", why=why, hint="Give a number, as in `captable show 3`.")
    return int(text)
