"""What the commands have in common: the options that name a ledger and a form, and how an answer is printed."""

import json
from collections.abc import Callable
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


def print_json(data: Any) -> None:
    """Print an answer as JSON, readable and with every character as it is."""
    click.echo(json.dumps(data, indent=1, ensure_ascii=False))
