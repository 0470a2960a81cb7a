"""Trust in the record: verify it, write its head down, prove an entry, and copy it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import click

from ledger.anchor import KEPT, places
from ledger.application import Ledger, copied
from ledger.audit import stored_in
from ledger.commands import unwritten_heads
from ledger.errors import LedgerMustBeWritable, RecordMustVerify
from ledger.head import NO_HEAD, Head
from ledger.ledger_file import LedgerFile
from ledger.older import of_any_make
from ledger.options import json_option, ledger_option, named, print_json
from ledger.places import STORE, Place, store_named
from projections import proof
from projections.every_ledger import Verified, verify_every
from projections.report import audit as audit_report
from projections.report.text import counting, progress, say
from projections.signing import must_be_signed, signed
from projections.verification import verify


@click.command("verify")
@click.option("--expect", "expected", multiple=True, metavar="HEAD", help="A head written down earlier: `23 9f2c...`.")
@click.option("--since", metavar="HEAD", help="Take what was verified up to this head as found; check what is new.")
@click.option("--signature", metavar="BASE64", help="The signature of the one head expected, checked with --key.")
@click.option("--key", type=click.Path(path_type=Path), help="The public key of whoever signed the head expected.")
@click.option("--all", "every", is_flag=True, help="Verify every ledger of the store, several at a time.")
@click.option("--store", envvar=STORE, default="", help="With --all: a folder or a database; otherwise CAPTABLE_STORE.")
@ledger_option
@json_option
def verify_command(
    expected: tuple[str, ...],
    since: str | None,
    signature: str | None,
    key: Path | None,
    every: bool,
    store: str,
    where: str | None,
    as_json: bool,
) -> None:
    """Recompute everything from the stored bytes: links, decisions, invariants, tables, heads written down.

    Exits 4 and names the first entry that does not fit. What fits is *proven* where a head that was written down is its
    head; otherwise its completeness is unproven, since a tail that was cut off leaves no trace in what is left.

    \b
    Examples:
      captable verify
      captable verify --json
      captable verify --all
    """
    if every:
        if expected or since is not None or signature is not None or key is not None:
            raise click.UsageError("A head is of one ledger: verify that one without --all.")
        _verify_all(store, as_json)
        return
    place = named(where)
    heads = [Head.read(line) for line in expected]
    if signature is not None or key is not None:
        if signature is None or key is None or len(heads) != 1:
            raise click.UsageError("A signature is checked with --key and one --expect.")
        must_be_signed(heads[0], signature, key)
    with counting(stored_in(place), "Verifying") as shown:
        verdict = verify(place, heads, Head.read(since) if since is not None else NO_HEAD, shown)
    if as_json:
        print_json({"schema": "captable/verify/1", **verdict.data()})
    else:
        say(audit_report.verdict(verdict))


def _watched(ledgers: Sequence[Place], as_json: bool) -> Iterator[Verified]:
    """What came of every ledger; with nothing said of each as it ends, a progress bar says how far it is."""
    told = verify_every(ledgers)
    return progress(told, len(ledgers), "Verifying", long=2) if as_json else told


def _verify_all(store: str, as_json: bool) -> None:
    """Verify every ledger of a store, say a line of each, and exit with the highest status that one of them has."""
    told = []
    for one in _watched(store_named(store).ledgers(), as_json):
        told.append(one)
        if not as_json:
            say(audit_report.line(one))
    if as_json:
        print_json({"schema": "captable/verify-all/1", "ledgers": [one.data() for one in told]})
    elif not told:
        click.echo("The store holds no ledger.")
    if status := max((one.exit_code for one in told), default=0):
        raise click.exceptions.Exit(status)


@click.command("head")
@click.option("--sign", "key", type=click.Path(path_type=Path), help="Also sign the line with this Ed25519 key (PEM).")
@click.option(
    "--write", is_flag=True, help="Also write it down now, beside the ledger and where CAPTABLE_ANCHOR names."
)
@ledger_option
@json_option
def head_command(key: Path | None, write: bool, where: str | None, as_json: bool) -> None:
    """Print the head, to be written down elsewhere: how many entries there are, and the hash that stands for them all.

    Each recording writes it down; --write does so for a place that could not be written then. What speaks against the
    record is kept, and the exit status is then 4; it is 2 where a place cannot be written.

    \b
    Examples:
      captable head
      captable head --write
    """
    with Ledger.open(named(where)) as ledger:
        wrong = ledger.write_head() if write else {}
        kept = places(ledger.place.beside)
        anchor, written = ledger.anchor(), [one for one in kept if write and one not in wrong]
    signature = signed(anchor.head, key) if key is not None else None
    if as_json:
        told = {"written": list(map(str, written)), "unwritten": {str(place): why for place, why in wrong.items()}}
        more = {**({"signature": signature} if signature else {}), **(told if write else {})}
        print_json({**json.loads(anchor.text()), **more})
    else:
        said = (str(anchor.head), signature, *(f"Written to {place}." for place in written))
        click.echo("\n".join(filter(None, said)))
    for warning in unwritten_heads(wrong):
        click.echo(warning, err=True)
    if wrong:
        error = RecordMustVerify if KEPT in wrong.values() else LedgerMustBeWritable
        raise click.exceptions.Exit(error.exit_code)


@click.command("prove")
@click.argument("entry", type=click.IntRange(1), required=False)
@click.option("--since", type=click.IntRange(1), help="Prove that the record of so many entries is a beginning of it.")
@ledger_option
def prove_command(entry: int | None, since: int | None, where: str | None) -> None:
    """Print a proof (RFC 9162) in JSON that an entry is in the record, or that an older head is a beginning of it.

    It can be checked with `captable check` by whoever has the root of the head (and of the older one), and no ledger.

    \b
    Examples:
      captable prove 7
      captable prove --since 7
    """
    if (entry is None) == (since is None):
        raise click.UsageError("Name the entry to prove, or with --since the number of entries of the older head.")
    with Ledger.open(named(where)) as ledger:
        told = proof.of_entry(ledger, entry) if entry is not None else proof.of_beginning(ledger, since or 1)
    print_json(told)


@click.command("check")
@click.argument("file", type=click.File("rb"))
@click.option("--root", required=True, metavar="HEX", help="The root that was written down with the head.")
@click.option("--size", required=True, type=click.IntRange(1), help="The number of entries of that head.")
@click.option("--old-root", metavar="HEX", help="Of a proof that an older head is a beginning: the older root.")
def check_command(file: IO[bytes], root: str, size: int, old_root: str | None) -> None:
    """Check a proof against a root that was written down, without the ledger; exits 4 where it does not hold.

    \b
    Example:
      captable check --help
    """
    click.echo(proof.must_hold(file.read(), root, size, old_root))


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@ledger_option
@json_option
def backup_command(target: Path, where: str | None, as_json: bool) -> None:
    """Copy the ledger as it is at one instant to a new file, while others may be recording, and verify the copy.

    \b
    Example:
      captable backup copy.db
    """
    with Ledger.open(named(where)) as ledger:
        _say_copied("backup", ledger.place, LedgerFile(target), ledger.backup(target), as_json)


@click.command("copy")
@click.argument("source")
@click.argument("target")
@json_option
def copy_command(source: str, target: str, as_json: bool) -> None:
    """Copy a ledger as it is at one instant to a new place in whichever store, and verify the copy.

    A ledger is a file, or postgresql://host/database?schema=name; a name without a slash is one in CAPTABLE_STORE. The
    copy has the same entries, links, head and tags, and is of today's make where the source is of an older one.

    \b
    Example:
      captable copy ledger.db ./copied.db
    """
    here, there = of_any_make(named(source)), named(target)
    _say_copied("copy", here, there, copied(here, there), as_json)


def _say_copied(
    what: str, source: Place, target: Place, copied: tuple[Head, Mapping[Path, str]], as_json: bool
) -> None:
    """Verify a copy against the head it must have, and say so, and where that head could not be written."""
    head, unwritten = copied
    for warning in unwritten_heads(unwritten, "Copied"):
        click.echo(warning, err=True)
    verdict = verify(target, [head])
    if as_json:
        print_json({"schema": f"captable/{what}/1", what: str(target), **verdict.data()})
    else:
        click.echo(f"{target} is a copy of {source}: {audit_report.verdict(verdict)}")
