"""What the commands have in common: the options that name a ledger and a form, and how an answer is printed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ledger.errors import LedgerMustBeNamed


def ledger_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names the ledger file, or the variable CAPTABLE_LEDGER."""
    return click.option(
        "--ledger",
        "path",
        type=click.Path(path_type=Path),
        envvar="CAPTABLE_LEDGER",
        help="The ledger file; without it, CAPTABLE_LEDGER names it.",
    )(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that answers in JSON instead of text."""
    return click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")(command)


def named(path: Path | None) -> Path:
    """The path of the ledger; LedgerMustBeNamed where neither the option nor the variable gives one."""
    if path is None:
        raise LedgerMustBeNamed()
    return path


def print_json(data: Any) -> None:
    """Print an answer as JSON, readable and with every character as it is."""
    click.echo(json.dumps(data, indent=1, ensure_ascii=False))
