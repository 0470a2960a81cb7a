"""The page, served: `captable serve`, and `captable person`, who may see it. A web framework is met only in use."""

from pathlib import Path

import click
from pydantic import TypeAdapter, ValidationError

from ledger.errors import FieldRefusal
from ledger.fields import Name, first_broken
from ledger.options import ledger_option, named


@click.command("serve")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="0 takes any that is free."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on.")
@click.option(
    "--access",
    type=click.Path(path_type=Path),
    help="A file of the people who may come, each with a role and a password: see `captable person`.",
)
@click.option("--user-header", metavar="HEADER", help="The header in which a proxy names the person, as X-Remote-User.")
@click.option(
    "--proxy", "proxies", multiple=True, metavar="ADDRESS", help="Where that proxy is; without it, this machine."
)
@click.option("--record-as", metavar="NAME", help="Whoever is at this machine may record, under this name.")
@ledger_option
def serve_command(
    port: int,
    host: str,
    access: Path | None,
    user_header: str | None,
    proxies: tuple[str, ...],
    record_as: str | None,
    where: str | None,
) -> None:
    """Serve the ledger as a page, to this machine alone and read-only unless told otherwise.

    Beyond 127.0.0.1 it is shown to named people only: those of an access file, or those a proxy names.

    \b
    Examples:
      captable serve --port 8000
      captable serve --record-as "Anna Lee"
    """
    from projections.page.serving import Served, serve  # noqa: PLC0415  # a question on the command line needs none of it

    if record_as is not None and (access is not None or user_header is not None):
        raise click.UsageError("--record-as is for a page that asks nobody's name; an access file says who records.")
    if proxies and user_header is None:
        raise click.UsageError("--proxy goes with --user-header.")
    place = named(where)
    given = {"proxies": proxies} if proxies else {}
    by = _name(record_as) if record_as is not None else None
    served = Served(place, host, port, access, user_header, record_as=by, **given)
    serve(served, lambda address: click.echo(f"{place} is at {address} (end with Ctrl-C)"))


def _name(text: str) -> str:
    try:
        return TypeAdapter(Name).validate_python(text)
    except ValidationError as error:
        wrong = first_broken(error, 'Write it as it is to be shown, such as "Anna Lee".')
        raise FieldRefusal(**{**wrong, "where": "The name"}) from None


@click.command("person")
@click.argument("name")
@click.option("--role", type=click.Choice(("reader", "recorder")), default="reader", show_default=True)
@click.option("--token", is_flag=True, help="Make a password that nobody chose, and show it once; for a program.")
def person_command(name: str, role: str, token: bool) -> None:
    """Print the lines of an access file for a person, the password as a hash (Argon2id); it is asked for twice.

    \b
    Example:
      captable person reports --role reader --token >> people.toml
    """
    from projections.page.people import listed, new_token  # noqa: PLC0415

    name = _name(name)
    if token:
        password = new_token()
        click.echo(f"The token of {name}, shown once: {password}", err=True)
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    click.echo(listed(name, role, password))
