"""How the ledger says no: one class a rule, named for the rule kept, owning its sentences.

A call site passes facts; the class turns them into what cannot be done, what the certificate (or the ledger's own rule)
says with the numbers, that nothing was recorded, and what to do next. In the templates a fraction is written as shares,
`{x:dollars}` as dollars, `{x:cents}` rounded to the cent and `{x:exact}` as n/d. `exit_code` is the command's: 2 not
understood, 3 refused, 4 the record does not verify, 5 someone recorded first.
"""

import re
from string import Formatter
from typing import Any, ClassVar

from ledger import figures
from ledger.exact import Fraction


class _Sentences(Formatter):
    """Format facts as the house writes them: shares, dollars, and everything else as it is."""

    _WRITERS: ClassVar = {
        "": figures.shares,
        "dollars": figures.dollars,
        "cents": figures.cents,
        "exact": figures.exact,
    }

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Fraction):
            return self._WRITERS[format_spec](value)
        return str(super().format_field(value, format_spec))


class LedgerError(Exception):
    """What the ledger cannot do, in three lines: the fact, the rule with its numbers, the next step."""

    exit_code = 2
    consequence = ""  # said between the rule and the next step
    cannot = ""
    rule = ""
    instead = ""

    def __init__(self, **facts: Any) -> None:
        """Take the facts the sentences are made of; `where` may say later which line of a journal it was."""
        self.facts = facts
        self.where = ""
        super().__init__(str(self))

    @property
    def name(self) -> str:
        """The stable name of the rule kept: `holding-must-cover-conversion`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()

    def sentences(self) -> tuple[str, str, str]:
        """What cannot be done; the rule and its numbers; what follows and what to do next."""
        said = [_Sentences().format(text, **self.facts) for text in (self.cannot, self.rule, self.instead)]
        return said[0], said[1], f"{self.consequence} {said[2]}".strip()

    def __str__(self) -> str:
        """The whole error, its name beside the first sentence."""
        first, *rest = self.sentences()
        where = f"{self.where}: " if self.where else ""
        return "\n".join([f"{where}{first}  [{self.name}]", *(line for line in rest if line)])


class NotUnderstood(LedgerError):
    """Input that cannot be read: exit 2, nothing recorded."""

    consequence = "Nothing was recorded."


class Refusal(LedgerError):
    """An entry that was understood and cannot have happened: exit 3, nothing recorded.

    `entry` is the number of the entry at whose place it was decided, 0 before that; `place` the entry's place among
    those that were to be recorded together, from 0.
    """

    exit_code = 3
    consequence = "Nothing was recorded."
    entry = 0
    place = 0


# --- what was asked ---


class QuestionMustBeUnderstood(LedgerError):
    """A day, an instant or a word of a question that cannot be read."""

    cannot = "{what} cannot be understood."
    rule = "{why}."
    instead = "{hint}"


class HolderMustBeKnown(LedgerError):
    """A question about a holder that the ledger has not heard of."""

    cannot = "Nothing is known of a holder {holder}."
    rule = "By {day} the ledger names {known}."
    instead = "Check the spelling, or ask for a later day."


class NoticeMustBeKnown(LedgerError):
    """A question about a notice that the ledger has not heard of."""

    cannot = "Nothing is known of a notice {notice}."
    rule = "By {day} the ledger has received {known}."
    instead = "Check the spelling, or ask for a later day."


class ActionMustBeKnown(LedgerError):
    """A question about an action that the ledger has not heard of."""

    cannot = "Nothing is known of an action {action}."
    rule = "By {day} the ledger names {known}."
    instead = "Check the spelling, or ask for a later day."


class TagMustBeKnown(LedgerError):
    """A question at a tag that was never given."""

    cannot = "Nothing is tagged {tag}."
    rule = "The ledger has the tags {known}."
    instead = "Check the spelling, or give one with `captable tag`."


class TagMustBeNew(NotUnderstood):
    """A tag's name given a second time."""

    cannot = "The name {tag} cannot be given again."
    rule = "A tag stands for one day and one moment for ever: {tag} is {as_of} as known at {known_at}."
    instead = "Choose another name."


class EntryMustExist(LedgerError):
    """A question about an entry number that the ledger does not have."""

    cannot = "There is no entry {entry}."
    rule = "The ledger has entries 1 to {last}."
    instead = "See `captable log`."


class ClauseMustBeKnown(LedgerError):
    """A question about a clause that the certificate does not have."""

    cannot = "The certificate has no clause {clause}."
    rule = "{near}."
    instead = "See `captable clause` for them all."


# --- the ledger itself ---


class LedgerMustExist(NotUnderstood):
    """No file at the ledger's path."""

    cannot = "There is no ledger at {path}."
    rule = "A question or an entry needs a ledger that was begun with its terms."
    instead = "Begin one with `captable init --ledger {path}`, or name another with --ledger or CAPTABLE_LEDGER."


class LedgerMustBeNamed(NotUnderstood):
    """No ledger was named."""

    cannot = "No ledger was named."
    rule = "Every command but demo works on one ledger."
    instead = "Name it with --ledger LEDGER, or set CAPTABLE_LEDGER."


class LedgerMustBeNew(NotUnderstood):
    """Something is already at the path where a new ledger was asked for."""

    cannot = "A new ledger cannot begin at {path}: {what} there already."
    rule = "A ledger is never overwritten, nor a head that was written down."
    instead = "Choose another path, or take away what is there if nobody needs it."


class LedgerMustBeALedger(NotUnderstood):
    """The file is not a ledger."""

    cannot = "{path} is not a ledger."
    rule = "{why}."
    instead = "Name a file that `captable init` made."


class WholeRecordMustBeAskedFor(LedgerError):
    """An answer that goes through every entry, where there are too many to do so unasked."""

    cannot = "This cannot be answered at once."
    rule = "It is made from all {entries:,} entries anew, one after the other, and not from what was kept of them."
    instead = "Ask `captable`, which takes its time; where not all was kept, `captable replay` keeps it anew."


class LedgerMustBeWritable(NotUnderstood):
    """The ledger can be read but not written."""

    cannot = "{path} cannot be written."
    rule = "{why}."
    instead = "Record from an account that may write the file and its folder; questions can still be asked."


class LedgerMustReachTheDisk(LedgerError):
    """The disk, or the way to it, failed at the very end: an entry may be recorded or not."""

    cannot = "It is not known whether {path} holds what was to be recorded."
    rule = "{why} while the entries were made certain."
    instead = "Mend that, and record them again under the same refs: they are then recorded once."


class StoreMustBeReachable(NotUnderstood):
    """The server that keeps the ledger does not answer, or not to us."""

    cannot = "{path} cannot be reached."
    rule = "{why}."
    instead = "Start the server, or mend the address in --ledger or CAPTABLE_STORE."


class LedgerMustNotHaveMovedOn(LedgerError):
    """Someone recorded first: exit 5."""

    exit_code = 5
    consequence = "Nothing was recorded."
    cannot = "Someone recorded first."
    rule = "The entry was decided at entry {head}, and the ledger moved on before it could be appended."
    instead = "Record it again: it is then decided against what is there now."


class RecordMustVerify(LedgerError):
    """The stored record is not what was recorded: exit 4."""

    exit_code = 4
    cannot = "The record does not verify at entry {entry}."
    rule = "Stored there is {stored}; computed from the entries is {computed}."
    instead = "Trust no figure after entry {before}; restore a backup that verifies."


class RecordMustBeReadable(LedgerError):
    """A stored entry that makes no sense any more: exit 4."""

    exit_code = 4
    cannot = "Entry {entry} of the record cannot be read."
    rule = "What is stored there is not what was recorded: {why}."
    instead = "Trust no figure of this file; restore a backup that verifies."


class ExportMustBeNew(LedgerError):
    """Something is already at the path where an export was to be written."""

    consequence = "Nothing was written."
    cannot = "An export cannot be written to {path}: something is there already."
    rule = "An export never overwrites a file, which may be the one that was handed out."
    instead = "Choose another path, or move what is there away first."


class ExportMustBeWritable(LedgerError):
    """An export has no place to be written to."""

    consequence = "Nothing was written."
    cannot = "An export cannot be written to {path}."
    rule = "{why}."
    instead = "Name a path in a folder that can be written."


# --- input that cannot be read ---


class HeadMustBeUnderstood(LedgerError):
    """A head that was written down and cannot be read."""

    cannot = "{line} is no head of a ledger."
    rule = "A head is the number of the last entry and its SHA-256 in 64 hexadecimal digits: `captable head` prints it."
    instead = "Give the line as it was written down, in quotes."


class KeyMustBeUsable(LedgerError):
    """A key that cannot sign or check a signature."""

    cannot = "The key {key} cannot be used."
    rule = "{why}."
    instead = "Give a PEM file as `openssl genpkey -algorithm ed25519` makes it, or its public part."


class SignatureMustHold(LedgerError):
    """A signature that is not of this head by this key: exit 4."""

    exit_code = 4
    cannot = "The signature does not hold for the head {head}."
    rule = "It was not made over that line with the private part of {key} (Ed25519)."
    instead = "Compare the line and the key with what was written down; trust neither until they agree."


class ProofMustBeUnderstood(LedgerError):
    """A proof, or the root it is checked against, that cannot be read."""

    cannot = "The proof cannot be understood."
    rule = "{why}."
    instead = "Give the JSON that `captable prove` printed, and roots as hexadecimal digits."


class ProofMustHold(LedgerError):
    """A proof that proves nothing: exit 4."""

    exit_code = 4
    cannot = "The proof does not hold against root {root} of {size} entries."
    rule = "Its hashes do not lead there (RFC 9162, 2.1.3.2 and 2.1.4.2)."
    instead = (
        "Trust neither the entry nor the proof; ask for a new one, and compare the root with what was written down."
    )


class FieldRefusal(NotUnderstood):
    """A field or a line that breaks a rule of form; `rule_name` is the stable name of that rule."""

    cannot = "{where} cannot be understood."
    rule = "{why}."
    instead = "{hint}"

    @property
    def name(self) -> str:
        """The stable name of the rule of form, which the facts carry."""
        return str(self.facts["rule_name"])


class JournalMustHoldEntries(NotUnderstood):
    """A journal without a single entry."""

    cannot = "{journal} holds no entry."
    rule = "A journal is JSON Lines: one entry a line."
    instead = "See `captable record --help` for an example."


class JournalMustBeReadable(NotUnderstood):
    """A journal file that is missing or cannot be read."""

    cannot = "{journal} cannot be read."
    rule = "{why}."
    instead = "Name a file of JSON Lines, or - for standard input, or a kind of entry."


class TermsMustBeUnderstood(NotUnderstood):
    """A terms file that does not say what the certificate's numbers are."""

    cannot = "{path} does not hold the terms of a certificate."
    rule = "{why}."
    instead = "Start from the terms file that comes with the ledger: `captable init --show-terms`."
