"""How a place says no where nothing is wrong with the ledger itself: its make, or the disk it is on."""

from ledger.errors import LedgerMustReachTheDisk, NotUnderstood, RecordMustVerify


class LedgerMustBeOfThisMake(NotUnderstood):
    """A ledger whose tables an older captable made: a whole record, which this one neither asks nor records in."""

    cannot = "{path} is a ledger of an older make."
    rule = "It keeps the links of its entries in a table of another form. That speaks against nothing recorded in it."
    instead = "{hint}."


class LedgerMustOpen(NotUnderstood):
    """A ledger file that the disk does not let SQLite open or read, whatever it holds."""

    cannot = "{path} cannot be opened."
    rule = "{why}. While a ledger is open two small files are kept beside it, for which its disk needs room."
    instead = "Make room there, or mend the disk, and do it again; this speaks against nothing recorded."


class LedgerMustHaveRoom(NotUnderstood):
    """A disk that is full: what was recorded before is as it was."""

    cannot = "{path} cannot be written."
    rule = "{why}."
    instead = "Make room on its disk, and do it again."


class CopyMustReachTheDisk(LedgerMustReachTheDisk):
    """The disk of a copy failed at the very end: the copy may be there or not."""

    cannot = "It is not known whether {path} holds the copy."
    rule = "{why} while it was made certain."
    instead = "Mend that, take away what is at {path}, and copy again; the ledger copied is as it was."


class TablesMustBeOfThisMake(RecordMustVerify):
    """Published tables or views that an older captable made, or somebody else: the entries were found to fit before."""

    cannot = "The published tables are not as they are made today; no entry is in doubt for that."
    instead = "Make them anew with `captable replay`, and verify again; trust no figure until then."
