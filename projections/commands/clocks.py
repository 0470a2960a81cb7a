"""The record through time: replay it, name a moment of it, and see what changed between two."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError

from ledger.application import Ledger
from ledger.commands import unwritten_heads
from ledger.errors import EntryMustExist, FieldRefusal, QuestionMustBeUnderstood
from ledger.fields import Name, first_broken
from ledger.moments import parse_day, parse_instant, today
from ledger.opened import opened
from ledger.options import json_option, ledger_option, named, print_json
from ledger.places import Place
from ledger.rows import TERMS_ENTRY, Tag
from projections import diff, published
from projections.commands.questions import SOMETHING_TO_SEE, Askable, Asked, as_known_at, as_of, clocks_of, question
from projections.question import Question
from projections.replay import in_effect, replayed
from projections.report import clocks as clock_report
from projections.report.aside import aside
from projections.report.text import counting, progress, say


@click.command("replay")
@click.option("--from", "first", type=click.IntRange(2), help="Show entries from this one on.")
@click.option("--to", "last", type=click.IntRange(2), help="Show entries up to this one.")
@click.option("--effective", is_flag=True, help="In the order of effect, corrections applied; nothing is published.")
@click.option("--findings/--no-findings", default=True, help="Also what each entry opened and closed; slower.")
@as_of
@question
def replay_command(asked: Asked, first: int | None, last: int | None, effective: bool, findings: bool) -> None:
    """Decide every entry again in the order it was recorded, show what each moved, and publish the tables anew.

    \b
    Example:
      captable replay --from 17 --to 22
    """
    book = asked.question.book
    _must_be_there(first, last, book.last)
    publishing = not effective and asked.question.known_at is None
    unpublished = _published(asked.place, book.last - TERMS_ENTRY) if publishing else ""
    replay = in_effect(asked.question, with_findings=findings) if effective else replayed(book, with_findings=findings)
    digest = ""
    with aside() as told:
        for one in progress(replay, book.last - TERMS_ENTRY, "Replaying"):
            digest = one.digest
            if (first or 0) <= one.item.number <= (last or one.item.number):
                told.put(one.data(book.late) if asked.as_json else clock_report.replayed(one))
        if unpublished:
            click.echo(f"Replayed, but not published ({unpublished}).", err=True)
        data = {"order": "effective" if effective else "recorded", "entries": iter(told), "digest": digest}
        asked.answer("replay", data, lambda: clock_report.replay(told, digest))


def _must_be_there(first: int | None, last: int | None, entries: int) -> None:
    """EntryMustExist, QuestionMustBeUnderstood where no entry can be shown: said before all of them are decided."""
    if first is not None and first > entries:
        raise EntryMustExist(entry=first, last=entries)
    if first is not None and last is not None and first > last:
        why, hint = f"It comes before --from {first}", "Name the earlier entry with --from."
        raise QuestionMustBeUnderstood(what=f"--to {last}", why=why, hint=hint)


def _published(place: Place, entries: int) -> str:
    """Publish the tables anew; words where that cannot be done."""
    with Ledger.open(place) as ledger, counting(entries, "Publishing") as done:
        return published.publish(ledger, done)


@click.command("tag")
@click.argument("name", required=False)
@as_of
@as_known_at
@ledger_option
@json_option
def tag_command(
    name: str | None, day: date | None, known_at: datetime | None, where: str | None, as_json: bool
) -> None:
    """Give a name to a day as known now (or at a moment), with the head; without a name, list the tags.

    Every question takes it as `--at NAME`, and answers what it answered then.

    \b
    Examples:
      captable tag 10-K-FY2001 --as-of 2001-12-31
      captable tag
    """
    with Ledger.open(named(where), to_record=name is not None) as ledger:
        given = [_given(ledger, name, day or today(), known_at)] if name is not None else ledger.tags()
        unwritten = ledger.unwritten
    for warning in unwritten_heads(unwritten, "Tagged"):
        click.echo(warning, err=True)
    rows = [
        {
            "tag": one.name,
            "as_of": one.as_of,
            "known_at": one.known_at,
            "head": {"entry": one.entry, "sha256": one.sha256},
        }
        for one in given
    ]
    if as_json:
        print_json({"schema": "captable/tags/1", "tags": rows})
    else:
        say(clock_report.tags(rows))


def _given(ledger: Ledger, name: str, day: date, known_at: datetime | None) -> Tag:
    """Give a name to a day as known at a moment; FieldRefusal where it is none, or that of a day."""
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError as error:
        wrong = first_broken(error, "Give it another, such as 10-K-FY2001.")
        raise FieldRefusal(**{**wrong, "where": "The name of the tag"}) from None
    if _is_day(name):
        why, hint = f"{name} is a day itself", "Say what it is the day of, as 10-K-FY2001 does."
        raise QuestionMustBeUnderstood(what="The name of the tag", why=why, hint=hint)
    return ledger.tag(name, day, known_at)


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        parse_day(text)
        return True
    return False


@click.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@ledger_option
@json_option
def diff_command(first: str, second: str, where: str | None, as_json: bool) -> None:
    """Show what changed from A to B and by which entries; exits 1 where anything did.

    A and B are each a day, a tag, or a day as known at a moment, DAY@INSTANT. Late entries are marked: those that were
    effective by A and learned after it.

    \b
    Examples:
      captable diff 2001-10-31 2001-11-30
      captable diff 2001-11-12@2001-11-13T12:00:00-05:00 2001-11-12
    """
    with opened(named(where)) as ledger:
        before, after = (moment_of(ledger, text) for text in (first, second))
        changed, entries = diff.figures(before, after), diff.entries(before, after)
    if as_json:
        told: dict[str, Any] = {"figures": [one.data() for one in changed], "entries": entries}
        print_json({"schema": "captable/diff/1", "from": first, "to": second, **told})
    else:
        say(clock_report.diff(first, second, changed, entries))
    if changed or entries:
        raise click.exceptions.Exit(SOMETHING_TO_SEE)


def moment_of(ledger: Askable, text: str) -> Question:
    """A day, a day as known at a moment, or a tag; QuestionMustBeUnderstood, TagMustBeKnown."""
    written, at, moment = text.partition("@")
    try:
        if not at:
            return Question.ask(ledger.book, parse_day(text))
        return Question.ask(ledger.book, parse_day(written), parse_instant(moment))
    except ValueError as error:
        if any(tag.name == text for tag in ledger.tags()) or not (at or text[:1].isdigit()):
            return Question.ask(ledger.book, *clocks_of(ledger, text))
        hint = "Write a day as 2001-11-12, with a moment 2001-11-12@2002-03-31T17:00:00-05:00, or a tag."
        raise QuestionMustBeUnderstood(what=text, why=error, hint=hint) from None
