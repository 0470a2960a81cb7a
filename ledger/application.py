"""Record, correct, void: the event-sourced application that decides entries and appends them, all or nothing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, Mapper, OperationalError, PersistenceError
from eventsourcing.utils import Environment, EnvType

from ledger.book import TERMS_ENTRY, Book
from ledger.entries import Entry, read_entry
from ledger.errors import (
    LedgerMustBeALedger,
    LedgerMustBeWritable,
    LedgerMustNotHaveMovedOn,
    RecordMustBeReadable,
    RecordMustVerify,
)
from ledger.events import KINDS
from ledger.figures import quantity
from ledger.store import (
    STREAM,
    EntryMapper,
    LinkingRecorder,
    StoredEntry,
    address,
    link,
    must_be_a_ledger,
    must_be_new,
    must_be_writable,
)
from ledger.terms import Terms
from ledger.timeline import Recorded

TERMS_WORD = "TermsAdopted"
"""The stored name of entry 1."""

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a ledger and the hash that stands for everything up to it."""

    entry: int
    sha256: str

    def data(self) -> dict[str, Any]:
        """The head as JSON data."""
        return {"entry": self.entry, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line: the entry it is, and whether it was new or had been recorded before under its ref."""

    entry: Recorded
    new: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a recording did: every line's outcome, and the headline figures before and after it."""

    outcomes: list[Outcome]
    before: dict[str, Fraction]
    after: dict[str, Fraction]

    @property
    def new(self) -> list[Recorded]:
        """The entries that were not recorded before."""
        return [outcome.entry for outcome in self.outcomes if outcome.new]

    def data(self) -> dict[str, Any]:
        """The receipt as JSON data."""
        entries = [
            {"entry": outcome.entry.number, "new": outcome.new, "ref": outcome.entry.entry.ref}
            for outcome in self.outcomes
        ]
        before, after = ({name: quantity(value) for name, value in told.items()} for told in (self.before, self.after))
        return {"entries": entries, "before": before, "after": after}


class Ledger(Application[str]):
    """A ledger in a file. Open it with `Ledger.open` or begin it with `Ledger.begin`, and close it after use."""

    name = "captable"

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the store, or create it; `open` and `begin` check the path first."""
        self.path = path
        super().__init__(
            {
                "PERSISTENCE_MODULE": "ledger.store:LedgerFactory",
                "SQLITE_DBNAME": address(path),
                "ORIGINATOR_ID_TYPE": "text",
                # A question must not begin with a write: it would wait for whoever records, or fail where it may not.
                "CREATE_TABLE": "yes" if create else "no",
            }
        )
        self._book: Book | None = None

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Only our own settings: what a shell exports must not change how a ledger is stored."""
        return Environment(name, env)

    def construct_mapper(self) -> Mapper[str]:
        """Entries are stored by their words."""
        return EntryMapper(transcoder=self.construct_transcoder())

    @classmethod
    def begin(cls, path: Path, terms: Terms) -> "Ledger":
        """A new, empty ledger under some terms, which become entry 1. Raises LedgerMustBeNew, LedgerMustBeWritable."""
        must_be_new(path)
        with _store_errors(path, head=0):
            ledger = cls(path, create=True)
            ledger.save(StoredEntry(STREAM, TERMS_ENTRY, TERMS_WORD, datetime.now(UTC), terms.data()))
        return ledger

    @classmethod
    def open(cls, path: Path, *, to_record: bool = False) -> "Ledger":
        """The ledger at a path; LedgerMustExist, LedgerMustBeALedger and, to record, LedgerMustBeWritable."""
        must_be_a_ledger(path)
        if to_record:
            must_be_writable(path)
        with _store_errors(path, head=0):
            return cls(path)

    @property
    def book(self) -> Book:
        """Everything recorded so far, by this process or another, in memory."""
        with _store_errors(self.path, head=0):
            if self._book is None:
                self._book = self._read()
            else:
                for item in self._entries(after=self._book.last):
                    self._book.admit(item)
        return self._book

    def head(self, known_at: datetime | None = None) -> Head:
        """The last entry known at an instant, and its link."""
        number = self.book.known(known_at).last
        return Head(number, self._recorder.link_at(number))

    def record(self, entries: Iterable[Entry], *, dry_run: bool = False) -> Receipt:
        """Decide some entries one after the other and append them together: all or none.

        An entry whose `ref` was recorded before with the same content is acknowledged and not recorded again. A dry run
        decides everything and appends nothing. Raises the Refusal of the first entry that cannot be recorded, and
        LedgerMustNotHaveMovedOn where someone recorded first.
        """
        book = self.book
        head, before_it = book.last, book.position.headline()
        outcomes: list[Outcome] = []
        try:
            for entry in entries:
                before = book.acknowledged(entry)
                if before is None:
                    item = Recorded(book.last + 1, _next_instant(book), entry)
                    book.admit(item)
                    outcomes.append(Outcome(item, new=True))
                else:
                    outcomes.append(Outcome(before, new=False))
            receipt = Receipt(outcomes, before_it, book.position.headline())
            if receipt.new and not dry_run:
                with _store_errors(self.path, head):
                    self.save(*(_stored(item) for item in receipt.new))
        except BaseException:
            self._book = None  # it holds entries that were not appended
            raise
        if dry_run:
            self._book = None
        return receipt

    def must_be_linked(self) -> Head:
        """Recompute every link over the stored bytes; RecordMustVerify names the first entry that does not fit."""
        before, number, stored = "", 0, self._recorder.links()
        for number, event in enumerate(self._recorder.select_events(STREAM), 1):
            computed = link(before, event)
            if event.originator_version != number or computed != stored.pop(number, None):
                found = self._recorder.link_at(number) or "no link"
                raise RecordMustVerify(entry=number, stored=found, computed=computed, before=number - 1)
            before = computed
        if stored:  # a link whose entry is gone
            first = min(stored)
            raise RecordMustVerify(entry=first, stored=stored[first], computed="no entry", before=number)
        return Head(number, before)

    @property
    def _recorder(self) -> LinkingRecorder:
        assert isinstance(self.recorder, LinkingRecorder)
        return self.recorder

    def _read(self) -> Book:
        stored = list(self._stored_entries(after=0))
        if not stored or stored[0].word != TERMS_WORD:
            raise LedgerMustBeALedger(path=self.path, why="It was not begun with its terms")
        with _readable(TERMS_ENTRY):
            terms = Terms.model_validate(stored[0].says)
        return Book(terms, map(_recorded, stored[1:]), stored[0].recorded)

    def _entries(self, after: int) -> Iterator[Recorded]:
        return map(_recorded, self._stored_entries(after))

    def _stored_entries(self, after: int) -> Iterator[StoredEntry]:
        for number, event in enumerate(self._recorder.select_events(STREAM, gt=after), after + 1):
            with _readable(number):
                if event.originator_version != number:
                    raise ValueError(f"the next entry there is {event.originator_version}")
                stored = self.mapper.to_domain_event(event)
            assert isinstance(stored, StoredEntry)
            yield stored


def _next_instant(book: Book) -> datetime:
    """The recording clock: now, and always later than the entry before, though the machine's clock were put back."""
    return max(datetime.now(UTC), book.last_recorded + _TICK)


def _stored(item: Recorded) -> StoredEntry:
    says = item.entry.line()
    return StoredEntry(STREAM, item.number, says.pop("event"), item.recorded, says)


def _recorded(stored: StoredEntry) -> Recorded:
    with _readable(stored.originator_version):
        entry = read_entry({"event": stored.word, **stored.says}, KINDS)
    return Recorded(stored.originator_version, stored.recorded, entry)


@contextmanager
def _readable(number: int) -> Iterator[None]:
    """Turn what comes of a stored entry that makes no sense into RecordMustBeReadable."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:  # a ValidationError and a decoding error are ValueErrors
        why = str(error).split("\n")[0]
        raise RecordMustBeReadable(entry=number, why=why, before=number - 1) from error


@contextmanager
def _store_errors(path: Path, head: int) -> Iterator[None]:
    """Turn what the store raises into the ledger's own errors."""
    try:
        yield
    except IntegrityError as error:
        raise LedgerMustNotHaveMovedOn(head=head) from error
    except OperationalError as error:
        if "locked" in str(error):
            raise LedgerMustNotHaveMovedOn(head=head) from error
        if any(word in str(error) for word in ("readonly", "disk", "full", "unable to open")):
            raise LedgerMustBeWritable(path=path, why=f"The store says: {error}") from error
        raise LedgerMustBeALedger(path=path, why=f"The store says: {error}") from error
    except PersistenceError as error:
        raise LedgerMustBeALedger(path=path, why=f"The store says: {error}") from error
