"""What the commands have in common: the options that name a ledger and a form, and how an answer is printed."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import click

from ledger.errors import LedgerMustBeNamed
from ledger.places import Place, place_named


def ledger_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names the ledger, or the variable CAPTABLE_LEDGER."""
    return click.option(
        "--ledger",
        "where",
        metavar="LEDGER",
        envvar="CAPTABLE_LEDGER",
        help="The ledger: a file, or a name in CAPTABLE_STORE; without it, CAPTABLE_LEDGER names it.",
    )(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that answers in JSON instead of text."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(command)


def named(where: str | None) -> Place:
    """The place of the ledger, as `place_named` has it; LedgerMustBeNamed where it is not named in any way."""
    if where is None:
        raise LedgerMustBeNamed()
    return place_named(where)


_written = json.JSONEncoder(indent=1, ensure_ascii=False).encode


def print_json(data: dict[str, Any]) -> None:
    """Print an answer as JSON, readable and with every character as it is; an iterator in it is printed as a list.

    The items of that list are printed one by one, as they come: of a long one no more than that need be in memory.
    """
    name = next((name for name, value in data.items() if isinstance(value, Iterator)), None)
    if name is None:
        click.echo(_written(data))
        return
    # A line break within what is said is written as \n, so that these are of the layout alone.
    before, key, after = _written({**data, name: []}).partition(f'\n "{name}": [')
    click.echo(f"{before}{key}", nl=False)
    between, end = "", ""
    for item in data[name]:
        told = _written(item).replace("\n", "\n  ")
        click.echo(f"{between}\n  {told}", nl=False)
        between, end = ",", "\n "
    click.echo(f"{end}{after}")
