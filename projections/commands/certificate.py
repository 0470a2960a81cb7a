"""The certificate itself as a question: a clause in our words, and all that the ledger has of it."""

from collections.abc import Sequence
from datetime import date, datetime

import click

from ledger.errors import QuestionMustBeUnderstood
from ledger.opened import opened
from ledger.options import json_option, ledger_option, named, print_json
from ledger.readings.reading import Reading
from ledger.readings.registered import REGISTERED
from projections.alternatives import alternatives_data, rests_on
from projections.certificate import Clause, certificate, find, within
from projections.commands.explain import EXPLAINED, explained
from projections.commands.questions import Asked, as_known_at, as_of, asked_of, at_tag, question
from projections.concordance import belonging, belonging_data
from projections.explain.reading import unknown
from projections.report import certificate as certificate_report
from projections.report.text import LONG, progress, say

NO_RECORD = {"as_of": None, "known_at": None, "head": None}
"""What stands in an answer in the place of both clocks and the head where no ledger was asked."""


@click.command("clause")
@click.argument("clause", required=False)
@as_of
@as_known_at
@at_tag
@ledger_option
@json_option
def clause_command(
    clause: str | None, day: date | None, known_at: datetime | None, at: str | None, where: str | None, as_json: bool
) -> None:
    """Show what belongs to a clause: our summary, its terms, readings, code, tests and entries; or list every clause.

    CLAUSE is written "5(e)" or "§5(e)(i)", or without quotes 5e; its parts are shown with it. Without a ledger the
    entries are left out, and so the clocks say nothing.

    \b
    Examples:
      captable clause
      captable clause "5(e)" --as-of 2001-12-31
    """
    wanted = within(find(clause).id) if clause is not None else None
    if where is None:
        _answer(None, wanted, as_json)
        return
    with opened(named(where)) as ledger:
        _answer(asked_of(ledger, day, known_at, at, as_json=as_json), wanted, as_json)


def _answer(asked: Asked | None, wanted: Sequence[Clause] | None, as_json: bool) -> None:
    question = asked.question if asked else None
    every = certificate().values()
    told = [belonging(one, question) for one in (every if wanted is None else wanted)]
    schema, write = (
        ("clause", certificate_report.clauses) if wanted is not None else ("clauses", certificate_report.listed)
    )
    data = belonging_data(told, summed=wanted is None)
    if asked:
        asked.answer(schema, data, lambda: write(told, question))
    elif as_json:
        print_json({"schema": f"captable/{schema}/1", **NO_RECORD, **data})
    else:
        say(write(told, question))


@click.command("readings")
@click.argument("what", required=False)
@click.argument("which", required=False)
@as_of
@question
def readings_command(asked: Asked, what: str | None, which: str | None) -> None:
    """List the readings taken where the certificate is silent, and what the alternatives would give here, in numbers.

    WHAT names one reading, or a figure as `captable explain` does: then only the readings it rests on are listed.

    \b
    Examples:
      captable readings --as-of 2001-12-31
      captable readings conversion-rate --as-of 2001-12-31
      captable readings day-count --as-of 2001-12-31
    """
    wanted = _wanted(asked, what, which)
    # For every alternative the whole record is decided once more.
    each = progress(wanted, len(wanted), "Deciding anew", long=1 if asked.question.book.last > LONG else None)
    data = alternatives_data(asked.question, each)
    asked.answer("readings", data, lambda: certificate_report.readings(asked.question, data["readings"]))


def _wanted(asked: Asked, what: str | None, which: str | None) -> list[Reading]:
    if what is None:
        return list(REGISTERED.values())
    if what in REGISTERED and which is None:
        return [REGISTERED[what]]
    if what in REGISTERED:
        why, hint = f"It is asked as: captable readings {what}", "`captable readings` lists the readings."
        raise QuestionMustBeUnderstood(what=f"readings {what} {which}", why=why, hint=hint)
    figures = [name for name, one in EXPLAINED.items() if one.explain]
    if what not in figures:
        raise unknown("reading", what, REGISTERED, besides=figures)
    return [REGISTERED[name] for name in rests_on(explained(asked.question, what, which))]
