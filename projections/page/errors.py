"""How the page says no: one class a rule, as in `ledger.errors`, with the status a browser is given."""

from ledger.errors import (
    ActionMustBeKnown,
    ClauseMustBeKnown,
    EntryMustExist,
    HolderMustBeKnown,
    LedgerError,
    LedgerMustBeALedger,
    LedgerMustBeWritable,
    LedgerMustExist,
    LedgerMustNotHaveMovedOn,
    LedgerMustReachTheDisk,
    NoticeMustBeKnown,
    NotUnderstood,
    RecordMustBeReadable,
    RecordMustVerify,
    Refusal,
    TagMustBeKnown,
    WholeRecordMustBeAskedFor,
)
from projections.papers.errors import ExtraMustBeInstalled, PaperMustBeKnown


class PageMustBeThere(LedgerError):
    """An address that leads nowhere."""

    cannot = "There is no page {path}."
    rule = "The pages are those named at the head of this one, and each gives its data with .json or .csv."
    instead = "Begin at the position, /."


class PageMustAnswer(LedgerError):
    """A fault of the page itself."""

    cannot = "The page failed where it should not have, at {path}."
    rule = "That is a fault of the page and not of what was asked; its server has written down which."
    instead = "Ask the same of `captable`, and tell whoever keeps the page."


class MethodMustBeGet(LedgerError):
    """Something sent to an address that only answers."""

    cannot = "{method} cannot be done at {path}."
    rule = "The page answers questions; only /record takes anything."
    instead = "Ask a page with GET, and record with the form at /record."


class FormMustBeShort(NotUnderstood):
    """More sent than a form can hold."""

    cannot = "What was sent cannot be taken."
    rule = "A form of the page takes {most:,} bytes at most."
    instead = "Record a longer journal with `captable record`."


class PersonMustBeNamed(LedgerError):
    """Nobody, or somebody unknown, at a page that is kept for some."""

    cannot = "This page cannot be shown to somebody who is not named."
    rule = "It is kept for people with a name and a password."
    instead = "Give yours, or ask whoever keeps the page for one."


class PersonMustBeAdmitted(LedgerError):
    """Somebody whom the proxy names and the page does not know, or whom it does not name."""

    cannot = "This page cannot be shown to {who}."
    rule = "{why}."
    instead = "Ask whoever keeps the page."


class LongAnswerMustWaitItsTurn(LedgerError):
    """A second answer out of the whole record while one is being made."""

    cannot = "This cannot be answered now."
    rule = "It goes through the whole record, and the page makes one such answer at a time: another is being made."
    instead = "Ask again in a while, or ask `captable`."


class PersonHasLeft(LedgerError):
    """Somebody who leaves: what makes a browser forget the name and password that it sends by itself."""

    cannot = "You have left."
    rule = "The browser has been told to forget your name and password; some do so only when they are closed."
    instead = "Give a name and password to come in again, or cancel and close this window."


class RecorderMustRecord(LedgerError):
    """A reader who would record."""

    consequence = "Nothing was recorded."
    cannot = "{who} cannot record here."
    rule = "{who} is a reader: a recorder records."
    instead = "Ask whoever keeps the page, or record with `captable record`."


class FormMustComeFromThePage(LedgerError):
    """A form that another site made a browser send."""

    consequence = "Nothing was recorded."
    cannot = "This form cannot be taken."
    rule = "It was not sent from the page itself, which alone may record: it came from {origin}."
    instead = "Open the page, and record there."


class HostMustBeTheLedgers(LedgerError):
    """A request under a name that is not the page's: what a site does that takes a local address for its own."""

    cannot = "The page cannot be shown under the name {host}."
    rule = "Kept for this machine alone it answers as {names}."
    instead = "Open it under one of these names."


class ServingMustBeGuarded(NotUnderstood):
    """A page open to other machines with nobody at the door."""

    consequence = "Nothing was served."
    cannot = "The page cannot be served on {host} to whoever comes."
    rule = "Beyond this machine it is shown to named people only."
    instead = (
        "Name them with --access FILE (`captable person` makes its lines), or a proxy's header with --user-header."
    )


class AddressMustBeFree(NotUnderstood):
    """An address that cannot be served on."""

    consequence = "Nothing was served."
    cannot = "The page cannot be served on {host}, port {port}."
    rule = "The system says: {why}."
    instead = "Choose another with --port or --host, or end what is served there."


class PeopleMustBeUnderstood(NotUnderstood):
    """An access file that does not say who may come."""

    consequence = "Nothing was served."
    cannot = "{path} does not say who may see the page."
    rule = "{why}."
    instead = "Each person is three lines, as `captable person` prints them."


_STATUS: tuple[tuple[type[LedgerError] | tuple[type[LedgerError], ...], int], ...] = (
    ((PersonMustBeNamed, PersonHasLeft), 401),
    ((PersonMustBeAdmitted, RecorderMustRecord, FormMustComeFromThePage), 403),
    ((PageMustBeThere, PaperMustBeKnown, ExtraMustBeInstalled), 404),
    ((HolderMustBeKnown, NoticeMustBeKnown, ActionMustBeKnown, TagMustBeKnown, EntryMustExist, ClauseMustBeKnown), 404),
    (MethodMustBeGet, 405),
    (LedgerMustNotHaveMovedOn, 409),
    (FormMustBeShort, 413),
    (HostMustBeTheLedgers, 421),
    (Refusal, 422),
    ((WholeRecordMustBeAskedFor, LongAnswerMustWaitItsTurn), 503),
    ((LedgerMustExist, LedgerMustBeALedger, LedgerMustBeWritable, LedgerMustReachTheDisk), 503),
    ((RecordMustVerify, RecordMustBeReadable, PageMustAnswer), 500),
)


def status_of(error: LedgerError) -> int:
    """The status a browser is given with an error; 400 for what was not understood."""
    return next((status for kinds, status in _STATUS if isinstance(error, kinds)), 400)
