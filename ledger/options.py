"""What the commands have in common: the options that name a ledger and a form, and how an answer is printed."""

import json
from collections.abc import Callable
from typing import Any

import click

from ledger.errors import LedgerMustBeNamed
from ledger.places import Place, place_named


class LedgerName(click.ParamType[Place]):
    """A ledger as a user names it."""

    name = "ledger"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        """The place that the name stands for, as `place_named` has it."""
        return place_named(value)


def ledger_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names the ledger, or the variable CAPTABLE_LEDGER."""
    return click.option(
        "--ledger",
        "place",
        type=LedgerName(),
        envvar="CAPTABLE_LEDGER",
        help="The ledger: a file, or a name in CAPTABLE_STORE; without it, CAPTABLE_LEDGER names it.",
    )(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that answers in JSON instead of text."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(command)


def named(place: Place | None) -> Place:
    """The place of the ledger; LedgerMustBeNamed where neither the option nor the variable gives one."""
    if place is None:
        raise LedgerMustBeNamed()
    return place


def print_json(data: Any) -> None:
    """Print an answer as JSON, readable and with every character as it is."""
    click.echo(json.dumps(data, indent=1, ensure_ascii=False))
