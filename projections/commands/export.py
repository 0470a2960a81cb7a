"""What leaves the ledger as a file: `captable export`."""

import hashlib
import json
import shlex
from datetime import date, datetime
from pathlib import Path

import click

from ledger.application import Ledger
from ledger.errors import ExportMustBeNew
from ledger.options import json_option, ledger_option, named, print_json
from projections.bundle import bundle, write
from projections.commands.papers import PAPER_COMMANDS
from projections.commands.questions import as_known_at, as_of, asked_of, at_tag
from projections.report.text import asked
from projections.sql import datasette


@click.group("export")
def export() -> None:
    """Write what the ledger holds to a file, for people and programs that do not have the ledger.

    \b
    Examples:
      captable export papers
      captable export csv stock-ledger -o stock-ledger.csv --as-of 2003-12-31
      captable export bundle -o audit.zip --as-of 2003-12-31
      captable export datasette -o metadata.json
    """


for command in PAPER_COMMANDS:
    export.add_command(command)


@export.command("bundle")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), required=True, help="The zip to write.")
@as_of
@as_known_at
@at_tag
@ledger_option
@json_option
def bundle_command(
    target: Path, day: date | None, known_at: datetime | None, at: str | None, where: str | None, as_json: bool
) -> None:
    """Write the auditor's bundle: the record, its links and head, the answers of a day, and a program that checks them.

    The same question of the same record gives the same bytes each time. Nothing is ever overwritten.

    \b
    Examples:
      captable export bundle -o audit.zip --as-of 2003-12-31
      captable export bundle -o signed.zip --as-of 2002-12-31 --known-at 2003-03-31T17:00:00-05:00
      captable export bundle -o 10-K.zip --at 10-K-FY2002
    """
    if target.exists():
        raise ExportMustBeNew(path=target)  # before the work, and once more after it
    with Ledger.open(named(where)) as ledger:
        made = bundle(ledger, asked_of(ledger, day, known_at, at, as_json=as_json).question)
    packed = made.packed()
    write(target, packed)
    if as_json:
        moment = made.question.known_at
        both = {"as_of": made.question.day.isoformat(), "known_at": moment.isoformat() if moment else None}
        file = {"file": str(target), "sha256": hashlib.sha256(packed).hexdigest(), "files": sorted(made.files)}
        print_json({"schema": "captable/bundle/1", **both, "head": made.head.data(), **file})
        return
    click.echo(f"{asked(made.question)}: wrote {target}, {len(made.files)} files in {len(packed):,} bytes.")
    click.echo(f"Its head is {made.head}: give that line to the auditor on another way.")
    click.echo("To check it: unpack it and run `python3 verify.py` there.")


@export.command("datasette")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), required=True, help="The file to write.")
@ledger_option
def datasette_command(target: Path, where: str | None) -> None:
    """Write what Datasette shows beside the published tables: every column in words, and canned questions in SQL.

    \b
    Example:
      captable export datasette -o metadata.json
      datasette captable-demo.db -m metadata.json
    """
    with Ledger.open(named(where)) as ledger:
        file = ledger.place.published
    metadata = datasette(file.stem)
    write(target, json.dumps(metadata, ensure_ascii=False, indent=1).encode() + b"\n")
    click.echo(f"Wrote {target}, with {len(metadata['databases'][file.stem]['queries'])} questions.")
    click.echo(f"To ask them: datasette {shlex.quote(str(file))} -m {shlex.quote(str(target))}")
