"""Every command by its name: where it is, and the sentence by which help lists it.

A command is imported when it is used: what one needs, the others need not load. A test holds the sentences to the
commands' own.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import NamedTuple

import click

_AUDIT = "projections.commands.audit"
_CERTIFICATE = "projections.commands.certificate"
_CLOCKS = "projections.commands.clocks"
_COMPANY = "projections.commands.company"
_ENTRIES = "projections.commands.entries"
_QUESTIONS = "projections.commands.questions"
_RECORDING = "ledger.commands"


class Listed(NamedTuple):
    """The module of a command, its name there, and the first sentence of its help."""

    module: str
    name: str
    sentence: str


LISTED = {
    "asof": Listed(
        _QUESTIONS,
        "asof_command",
        "Show everything that was so at the end of a day: shares, dividends, rate, Common Stock, what is under way.",
    ),
    "backup": Listed(
        _AUDIT,
        "backup_command",
        "Copy the ledger as it is at one instant to a new file, while others may be recording, and verify the copy.",
    ),
    "check": Listed(
        _AUDIT,
        "check_command",
        "Check a proof against a root that was written down, without the ledger; exits 4 where it does not hold.",
    ),
    "clause": Listed(
        _CERTIFICATE,
        "clause_command",
        "Show what belongs to a clause: our summary, its terms, readings, code, tests and entries; or "
        "list every clause.",
    ),
    "conversions": Listed(
        _COMPANY,
        "conversions_command",
        "List every Notice of Conversion so far: its state, its instants, what it is due.",
    ),
    "copy": Listed(
        _AUDIT,
        "copy_command",
        "Copy a ledger as it is at one instant to a new place in whichever store, and verify the copy.",
    ),
    "demo": Listed(
        "projections.commands.demo",
        "demo_command",
        "Build a ledger from a story, verify it, show one day of it, and say what to try.",
    ),
    "diff": Listed(
        _CLOCKS,
        "diff_command",
        "Show what changed from A to B and by which entries; exits 1 where anything did.",
    ),
    "dividends": Listed(
        _QUESTIONS,
        "dividends_command",
        "Show what has accrued and been paid: the series, and certificate by certificate.",
    ),
    "explain": Listed(
        "projections.commands.explain",
        "explain_command",
        "Explain a figure: its clause, its entries, its readings, and arithmetic you can redo.",
    ),
    "export": Listed(
        "projections.commands.export",
        "export",
        "Write what the ledger holds to a file, for people and programs that do not have the ledger.",
    ),
    "findings": Listed(
        _COMPANY,
        "findings_command",
        "List what did happen but should not have, with the clause, the entries and both numbers.",
    ),
    "head": Listed(
        _AUDIT,
        "head_command",
        "Print the head, to be written down elsewhere: how many entries there are, and the hash that "
        "stands for them all.",
    ),
    "holder": Listed(
        _COMPANY,
        "holder_command",
        "Show one holder: shares, accrued dividends, votes, and certificates.",
    ),
    "init": Listed(
        _RECORDING,
        "init",
        "Begin a new, empty ledger under a certificate's terms, which become entry 1.",
    ),
    "liquidation": Listed(
        _COMPANY,
        "liquidation_command",
        "Show what a liquidation pays each holder, and what remains for junior stock; nothing is recorded.",
    ),
    "log": Listed(
        _ENTRIES,
        "log_command",
        "List every entry in the order it was recorded, with both clocks; late entries are marked.",
    ),
    "obligations": Listed(
        _COMPANY,
        "obligations_command",
        "List what falls due: to whom, under which clause, on which day and how it was counted; the overdue first.",
    ),
    "person": Listed(
        "projections.commands.serve",
        "person_command",
        "Print the lines of an access file for a person, the password as a hash (Argon2id); it is asked for twice.",
    ),
    "prove": Listed(
        _AUDIT,
        "prove_command",
        "Print a proof (RFC 9162) in JSON that an entry is in the record, or that an older head is a beginning of it.",
    ),
    "rate": Listed(
        _QUESTIONS,
        "rate_command",
        "Show into how many shares of Common one share converts, and every adjustment with its cause.",
    ),
    "readings": Listed(
        _CERTIFICATE,
        "readings_command",
        "List the readings taken where the certificate is silent, and what the alternatives would give "
        "here, in numbers.",
    ),
    "record": Listed(
        _RECORDING,
        "record",
        "Record a journal (a file of JSON Lines, or - for standard input), or one entry from its fields.",
    ),
    "redemptions": Listed(
        _COMPANY,
        "redemptions_command",
        "List every redemption noticed so far: its date, shares, price, and what was paid of it.",
    ),
    "register": Listed(
        _QUESTIONS,
        "register_command",
        "Show every outstanding certificate with its holder, and the status of every share ever issued.",
    ),
    "replay": Listed(
        _CLOCKS,
        "replay_command",
        "Decide every entry again in the order it was recorded, show what each moved, and publish the tables anew.",
    ),
    "rollforward": Listed(
        "projections.commands.rollforward",
        "rollforward_command",
        "Roll the series forward from the end of FROM to the end of TO, quarter by quarter, in shares and in dollars.",
    ),
    "serve": Listed(
        "projections.commands.serve",
        "serve_command",
        "Serve the ledger as a page, to this machine alone and read-only unless told otherwise.",
    ),
    "show": Listed(
        _ENTRIES,
        "show_command",
        "Show one entry: what was recorded, what it moved, and how it was corrected.",
    ),
    "tag": Listed(
        _CLOCKS,
        "tag_command",
        "Give a name to a day as known now (or at a moment), with the head; without a name, list the tags.",
    ),
    "verify": Listed(
        _AUDIT,
        "verify_command",
        "Recompute everything from the stored bytes: links, decisions, invariants, tables, heads written down.",
    ),
    "votes": Listed(
        _COMPANY,
        "votes_command",
        "Show the votes on a day, by holder and with the Common Stock as a single class, and the consents to actions.",
    ),
}
"""Every command as help lists it."""


class Commands(Mapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        one = LISTED[name]
        command = getattr(import_module(one.module), one.name)
        assert isinstance(command, click.Command)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(LISTED)

    def __len__(self) -> int:
        return len(LISTED)


class ListedGroup(click.Group):
    """A group that lists its commands by the sentences kept of them, and imports none to do so."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands as click does, each standing for itself with its sentence alone."""
        commands = {name: click.Command(name, help=one.sentence) for name, one in LISTED.items()}
        click.Group(commands=commands).format_commands(ctx, formatter)
