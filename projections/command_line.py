"""The command `captable`: mounts the recording commands and the questions, and turns every error into words."""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import NoReturn

import click

from ledger.commands import init, record
from ledger.errors import LedgerError
from projections.commands.audit import AUDIT_QUESTIONS
from projections.commands.certificate import CERTIFICATE_QUESTIONS
from projections.commands.clocks import CLOCK_QUESTIONS
from projections.commands.company import COMPANY_QUESTIONS
from projections.commands.demo import demo_command
from projections.commands.explain import EXPLAIN_QUESTIONS
from projections.commands.export import export
from projections.commands.questions import QUESTIONS
from projections.commands.serve import PAGE_COMMANDS
from projections.published import follow

INTERRUPTED = 130
FAILED = 70


@click.group(context_settings={"max_content_width": 100})
@click.version_option(package_name="captable")
def captable() -> None:
    """Keep a certificate of designation as a ledger: record what happened, ask what was so on any day, and why.

    \b
    Example:
      captable demo

    Exit status: 0 done; 1 there is something to see (findings, obligations --overdue, diff); 2 not understood;
    3 understood and refused; 4 the record does not verify; 5 someone recorded first.
    """


QUESTIONS_ASKED = (
    *QUESTIONS,
    *EXPLAIN_QUESTIONS,
    *COMPANY_QUESTIONS,
    *CERTIFICATE_QUESTIONS,
    *CLOCK_QUESTIONS,
    *AUDIT_QUESTIONS,
)
for command in (demo_command, init, record, *QUESTIONS_ASKED, export, *PAGE_COMMANDS):
    captable.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its status; an error is words on standard error, never a traceback."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # what a file or terminal cannot bear is escaped
    try:
        status = captable.main(arguments, standalone_mode=False, obj=(follow,))
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
