"""The recording commands: begin a ledger, and record a journal or a single entry in it."""

import os
import sys
from array import array
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click

from ledger.application import Ledger
from ledger.entries import Entry
from ledger.errors import JournalMustBeReadable, Refusal
from ledger.events import KINDS
from ledger.figures import headline
from ledger.journal import lines_of, read_fields, read_journal
from ledger.options import json_option, ledger_option, named, print_json
from ledger.receipt import Receipt
from ledger.terms_file import STANDARD, read_terms

_LONG = 500_000  # bytes of a journal, some 2,000 entries, from which on a progress bar is worth its line


@click.command()
@click.option("--terms", type=click.Path(path_type=Path), help="A terms file; without it, the Series H certificate's.")
@click.option("--show-terms", is_flag=True, help="Print the Series H terms file, to start your own from.")
@ledger_option
@json_option
def init(terms: Path | None, show_terms: bool, where: str | None, as_json: bool) -> None:
    """Begin a new, empty ledger under a certificate's terms, which become entry 1.

    \b
    Example:
      captable init --ledger my.db
    """
    if show_terms:
        click.echo(STANDARD.read_text(encoding="utf-8"), nl=False)
        return
    place = named(where)
    begun = read_terms(terms)
    with Ledger.begin(place, begun) as ledger:
        head, title, unwritten = ledger.begun, begun.title, ledger.unwritten
        follows = click.get_current_context().obj or ()
        wrong = [*unwritten_heads(unwritten, "Begun"), *(_unpublished(follow(ledger), "Begun") for follow in follows)]
    for warning in filter(None, wrong):
        click.echo(warning, err=True)
    if as_json:
        print_json({"schema": "captable/init/1", "ledger": str(place), "head": head.data()})
    else:
        click.echo(f"Began {place} under the {title} (entry 1).")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("what")
@click.argument("fields", nargs=-1, type=click.UNPROCESSED)
@click.option("--dry-run", is_flag=True, help="Decide everything and show the effect; record nothing.")
@ledger_option
@json_option
def record(what: str, fields: tuple[str, ...], dry_run: bool, where: str | None, as_json: bool) -> None:
    """Record a journal (a file of JSON Lines, or - for standard input), or one entry from its fields.

    A journal is recorded whole or not at all. A field that is a list is given as JSON.

    \b
    Examples:
      captable record journal.jsonl --dry-run
      captable record PreferredSharesIssued --effective 2001-04-12 \\
          --holder "Sykes Family Trust" --certificate H-1 --shares 2550

    \b
    Kinds of entry:
      CommonStockOpened HolderRegistered
      PreferredSharesIssued PreferredSharesTransferred PreferredSharesReacquired CertificateReplaced
      DividendPaid ConversionDividendPaid
      NoticeOfConversionReceived NoticeCompleted OriginalsReceived TransferAgentInstructed
      CommonSharesDelivered NoticeOfConversionRevoked
      CommonSharesIssued CommonSharesRetired CommonStockSplit
      CommonStockReclassified ReorganizationEffected CommonAuthorizationChanged
      RedemptionNoticeMailed SharesRedeemed RedemptionPricePaid
      OtherClassDividendPaid FundsSetApart LiquidationCommenced LiquidationDistributionPaid
      ConsentGiven ActionTaken RecordDateSet RecordDateNoticeMailed CountAttested
      BankClosureDeclared CertificateAmended EntryCorrected EntryVoided
    """
    lines = _Lines(what, fields)
    with Ledger.open(named(where), to_record=not dry_run) as ledger:
        try:
            receipt = ledger.record(lines.entries(), dry_run=dry_run)
        except Refusal as refusal:
            refusal.where = lines.place(refusal.place)
            raise
    for warning in warnings(receipt):
        click.echo(warning, err=True)
    if as_json:
        print_json({"schema": "captable/record/1", "dry_run": dry_run, **receipt.data()})
    else:
        click.echo(said(receipt, dry_run=dry_run))


def unwritten_heads(places: Mapping[Path, str], done: str = "") -> Iterator[str]:
    """A sentence for each place where a head could not be written down, after what was done all the same."""
    head = f"{done}, but the head" if done else "The head"
    return (f"{head} could not be written to {place}: {why}." for place, why in places.items())


def warnings(receipt: Receipt) -> list[str]:
    """What went wrong beside a recording that stands: heads that were not written down, tables not published."""
    return [
        *unwritten_heads(receipt.unwritten, "Recorded"),
        *filter(None, [_unpublished(receipt.unpublished, "Recorded")]),
    ]


def _unpublished(why: str, done: str) -> str:
    return f"{done}, but not published ({why}): `captable replay` publishes it." if why else ""


class _Lines:
    """The entries a command names, one after the other, and the line of the journal each stands in."""

    def __init__(self, what: str, fields: tuple[str, ...]) -> None:
        self.what, self.fields = what, fields
        self._numbers = array("L")

    def place(self, place: int) -> str:
        """Where an entry stands, by its place among those read; nowhere for the one entry of the command line."""
        return f"{self._name}, line {self._numbers[place]}" if self._numbers else ""

    @property
    def _name(self) -> str:
        return "standard input" if self.what == "-" else self.what

    def entries(self) -> Iterator[Entry]:
        """The one entry of the command line, or those of the journal, with a progress bar where there are many."""
        if self.what in KINDS:
            yield read_fields(self.what, self.fields, self.what)
            return
        if self.fields:
            raise JournalMustBeReadable(journal=self.what, why=_no_kind(self.what))
        name = self._name
        with _opened(self.what) as journal:
            size = _size(journal)
            quiet = size < _LONG or not sys.stderr.isatty()
            with click.progressbar(length=size, label="Recording", file=sys.stderr, hidden=quiet) as shown:
                for number, entry in read_journal(lines_of(journal, name, shown.update), name):
                    self._numbers.append(number)
                    yield entry


def _no_kind(what: str) -> str:
    near = get_close_matches(what, KINDS, n=1)
    return f"It is neither a file nor a kind of entry{f'; did you mean {near[0]}?' if near else ''}"


def _opened(journal: str) -> AbstractContextManager[BinaryIO]:
    """A journal to be read: a file, which is closed again, or standard input, which a shell may have closed before."""
    if journal == "-":
        return nullcontext(sys.stdin.buffer if sys.stdin else BytesIO())
    try:
        return Path(journal).open("rb")
    except (FileNotFoundError, ValueError):  # a name that holds NUL is no file's
        why = _no_kind(journal)
    except OSError as error:
        why = error.strerror or str(error)
    raise JournalMustBeReadable(journal=journal, why=why)


def _size(journal: BinaryIO) -> int:
    """The bytes of a journal; 0 where nobody knows beforehand, as of a pipe."""
    try:
        return os.fstat(journal.fileno()).st_size
    except OSError:  # no file at all
        return 0


def said(receipt: Receipt, *, dry_run: bool) -> str:
    """What a recording did, or would do, in words: its entries, and the headline figures it moved."""
    new, again = receipt.new, len(receipt.again)
    told = "Nothing was recorded." if not new else f"Recorded {_counted(len(new))}: {_numbers(new)}."
    if dry_run:
        told = f"Nothing was recorded. It would be {_counted(len(new))}: {_numbers(new)}." if new else told
    if again:
        told += f" {_counted(again).capitalize()} recorded before under the same ref."
    before, after = headline(receipt.before), headline(receipt.after)
    changed = [
        f"  {name.replace('_', ' '):<20} {figure} -> {after[name]}"
        for name, figure in before.items()
        if after[name] != figure
    ]
    return "\n".join([told, *changed])


def _counted(number: int) -> str:
    return "1 entry" if number == 1 else f"{number:,} entries"


def _numbers(entries: range) -> str:
    first, last = entries[0], entries[-1]
    return f"entry {first}" if first == last else f"entries {first} to {last}"
