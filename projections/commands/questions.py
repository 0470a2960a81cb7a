"""The questions of the command line: each asks one projection, with both clocks, as text or JSON."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import click

from ledger.errors import QuestionMustBeUnderstood, TagMustBeKnown
from ledger.head import Head
from ledger.moments import parse_day, parse_instant, today
from ledger.opened import opened
from ledger.options import json_option, ledger_option, named, print_json
from ledger.places import Place
from ledger.rows import Tag
from projections import answers, asof
from projections.question import Question

if TYPE_CHECKING:  # whoever asks for a position needs nothing of what decides
    from ledger.book import Book

SOMETHING_TO_SEE = 1
"""The exit status of a question that has found something to look at."""

Read = TypeVar("Read", date, datetime)


def _reader(name: str, parse: Callable[[str], Read]) -> Callable[..., Read | None]:
    """Read a day or an instant of the command line with the one parser there is."""

    def read(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Read | None:
        return None if value is None else understood(name, parse, value)

    return read


def understood(name: str, parse: Callable[[str], Read], text: str) -> Read:
    """A day or an instant as somebody wrote it; QuestionMustBeUnderstood says what is wrong with any other text."""
    try:
        return parse(text)
    except ValueError as error:
        hint = "A day is written 2001-09-10, an instant 2002-03-31T17:00:00-05:00."
        raise QuestionMustBeUnderstood(what=f"The {name}", why=error, hint=hint) from None


day = _reader("day", parse_day)
instant = _reader("instant", parse_instant)


class Askable(Protocol):
    """A ledger that can be asked: open to record, or to be asked only."""

    @property
    def place(self) -> Place:
        """Where it is kept."""

    @property
    def book(self) -> "Book":
        """What is recorded."""

    def head(self, known_at: datetime | None = None) -> Head:
        """The last entry known at an instant, and its link."""

    def tags(self) -> list[Tag]:
        """Every tag, by name."""


class Asked(NamedTuple):
    """A question with the head of what was known, and the form its answer is wanted in."""

    question: Question
    head: Head
    as_json: bool
    place: Place

    def answer(self, schema: str, data: dict[str, Any], text: Callable[[], str | Iterator[str]]) -> None:
        """Print the data under its schema with both clocks and the head, or the text, a long one part by part."""
        if not self.as_json:
            said = text()
            for part in (said,) if isinstance(said, str) else said:
                _say(part)
            return
        print_json(answers.under(schema, self.question, self.head, data))


def question(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the ledger and both clocks, and call it with what was asked."""

    @wraps(command)
    def ask(
        where: str | None,
        known_at: datetime | None,
        at: str | None,
        as_json: bool,
        day: date | None = None,
        **rest: Any,
    ) -> None:
        with opened(named(where)) as ledger:
            command(asked_of(ledger, day, known_at, at, as_json=as_json), **rest)

    return json_option(ledger_option(as_known_at(at_tag(ask))))


def asked_of(ledger: Askable, day: date | None, known_at: datetime | None, at: str | None, *, as_json: bool) -> Asked:
    """What is asked of a ledger: a day as known at a moment, or both by the name of a tag; without a day, today."""
    if at is not None:
        day, known_at = _tagged(ledger, at, day, known_at)
    asked = Question.ask(ledger.book, day or today(), known_at)
    return Asked(asked, ledger.head(known_at), as_json, ledger.place)


def _tagged(ledger: Askable, at: str, day: date | None, known_at: datetime | None) -> tuple[date, datetime]:
    if day or known_at:
        why = "A tag fixes the day and the moment both"
        raise QuestionMustBeUnderstood(what=f"--at {at}", why=why, hint="Leave the day and --known-at out.")
    return clocks_of(ledger, at)


def clocks_of(ledger: Askable, name: str) -> tuple[date, datetime]:
    """The day and the moment that a tag stands for; TagMustBeKnown where none has that name."""
    tags = {tag.name: tag for tag in ledger.tags()}
    if name not in tags:
        raise TagMustBeKnown(tag=name, known=", ".join(tags) or "none so far")
    return parse_day(tags[name].as_of), parse_instant(tags[name].known_at)


at_tag = click.option("--at", metavar="TAG", help="Answer for the day and the moment that a tag stands for.")
as_of = click.option(
    "--as-of", "day", metavar="DAY", callback=day, help="The day asked about; without it, today in New York."
)
as_known_at = click.option(
    "--known-at", metavar="INSTANT", callback=instant, help="Answer with what was recorded by this instant."
)


def _say(text: str) -> None:
    from projections.report.text import say  # noqa: PLC0415 - as below

    say(text)


def _text(name: str, question: Question) -> str:
    """The text of an answer; what writes it is imported here, since an answer in JSON needs none of it."""
    from projections.report import answer  # noqa: PLC0415

    return str(getattr(answer, name)(question))


@click.command("asof")
@click.argument("day", metavar="DAY", callback=day, required=False)
@question
def asof_command(asked: Asked) -> None:
    """Show everything that was so at the end of a day: shares, dividends, rate, Common Stock, what is under way.

    \b
    Example:
      captable asof 2001-09-10
    """
    question = asked.question
    if asked.as_json:
        print_json(asof.answer_to(question, asked.head))
    else:
        _say(_text("asof", question))


@click.command("rate")
@as_of
@question
def rate_command(asked: Asked) -> None:
    """Show into how many shares of Common one share converts, and every adjustment with its cause.

    \b
    Example:
      captable rate --as-of 2001-12-31
    """
    asked.answer("rate", answers.rate(asked.question), lambda: _text("rate", asked.question))


@click.command("dividends")
@as_of
@question
def dividends_command(asked: Asked) -> None:
    """Show what has accrued and been paid: the series, and certificate by certificate.

    \b
    Example:
      captable dividends --as-of 2001-06-12
    """
    asked.answer("dividends", answers.dividends(asked.question), lambda: _text("dividends", asked.question))


@click.command("register")
@as_of
@question
def register_command(asked: Asked) -> None:
    """Show every outstanding certificate with its holder, and the status of every share ever issued.

    \b
    Example:
      captable register --as-of 2001-12-31
    """
    asked.answer("register", answers.register(asked.question), lambda: _text("register", asked.question))
