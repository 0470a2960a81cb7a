"""The command `captable`: mounts the recording commands and the questions, and turns every error into words."""

import atexit
import gc
import os
import sys
from collections.abc import MutableMapping, Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn, cast

import click

from ledger.errors import LedgerError
from projections.commands.listed import Commands, ListedGroup

if TYPE_CHECKING:
    from ledger.application import Ledger

INTERRUPTED = 130
FAILED = 70

SELDOM = 20_000
"""Objects made between two searches for cycles: answers and journals make many and leave none, where 700 is usual."""


@click.group(
    cls=ListedGroup,
    commands=cast("MutableMapping[str, click.Command]", Commands()),  # click changes none that it is given
    context_settings={"max_content_width": 100},
)
@click.version_option(package_name="captable")
def captable() -> None:
    """Keep a certificate of designation as a ledger: record what happened, ask what was so on any day, and why.

    \b
    Example:
      captable demo

    Exit status: 0 done; 1 there is something to see (findings, obligations --overdue, diff); 2 not understood;
    3 understood and refused; 4 the record does not verify; 5 someone recorded first; 70 it failed where it should not
    have; 130 interrupted.
    """


def published(ledger: "Ledger") -> str:
    """Publish the views of a ledger that was begun; words say where that cannot be done."""
    from projections.published import publish_views  # noqa: PLC0415 - only a beginning has any to publish

    return publish_views(ledger.place)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its status; an error is words on standard error, never a traceback."""
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)  # or all that is left would be searched for cycles on the way out, twice
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # what a file or terminal cannot bear is escaped
    try:
        status = captable.main(arguments, standalone_mode=False, obj=(published,))
        sys.stdout.flush()
    except LedgerError as error:
        click.echo(str(error), err=True)
        status = error.exit_code
    except click.ClickException as error:
        error.show()
        click.echo("Nothing was done.  [command-must-be-understood]", err=True)
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. A journal is recorded whole or not at all: `captable log` shows which.", err=True)
        status = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on; say no more
        status = 0
    except Exception as error:
        click.echo(f"captable failed where it should not have: {type(error).__name__}: {error}", err=True)
        status = FAILED
    sys.exit(status if isinstance(status, int) else 0)
