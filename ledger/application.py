"""Record, correct, void: the event-sourced application that decides entries and appends them, all or nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, Mapper, PersistenceError, StoredEvent
from eventsourcing.utils import Environment, EnvType

from ledger.anchor import Anchor, beside
from ledger.audit import linked, must_reach_its_heads
from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import (
    LedgerError,
    LedgerMustBeALedger,
    LedgerMustNotHaveMovedOn,
    LedgerMustReachTheDisk,
    TagMustBeNew,
)
from ledger.head import NO_HEAD, Head
from ledger.heads import Heads
from ledger.kept.book import KeptBook, kept_anew, kept_book
from ledger.kept.tables import kept_up_to
from ledger.ledger_file import LedgerFile
from ledger.opened import Opened, asked
from ledger.place_errors import CopyMustReachTheDisk
from ledger.places import Place, Where, place_of
from ledger.receipt import Receipt, decided_in_turn
from ledger.recording import Recording
from ledger.rows import STREAM, TERMS_ENTRY, TERMS_WORD, Stored, Tag, readable
from ledger.store import LinkedRecorder
from ledger.stored_entries import EntryMapper, StoredEntry, recorded_from, terms_from
from ledger.terms import Terms
from ledger.timeline import Recorded

_AHEAD = 10_000  # entries read before the turn to write is taken; of a longer journal the rest is read during it


class Ledger(Application[str]):
    """A ledger at its place. Open it with `Ledger.open` or begin it with `Ledger.begin`, and close it after use."""

    name = "captable"

    def __init__(self, place: Place, *, create: bool = False) -> None:
        """Open the store, or create it; `open` and `begin` check the place first."""
        self.place = place
        super().__init__(
            {
                **place.settings(),
                "ORIGINATOR_ID_TYPE": "text",
                # A question must not begin with a write: it would wait for whoever records, or fail where it may not.
                "CREATE_TABLE": "yes" if create else "no",
            }
        )
        self._book: Book | None = None
        self._kept: KeptBook | None = None
        self._heads = Heads(place, self._recorder)
        self._settled = False
        self.begun = NO_HEAD  # the head of a ledger that was begun here
        self.unwritten: Mapping[Path, str] = {}  # where the head could not be written at a beginning or a tag, and why

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Only our own settings: what a shell exports must not change how a ledger is stored."""
        return Environment(name, env)

    def construct_mapper(self) -> Mapper[str]:
        """Entries are stored by their words."""
        return EntryMapper(transcoder=self.construct_transcoder())

    @classmethod
    def begin(cls, where: Where, terms: Terms) -> "Ledger":
        """A new, empty ledger under some terms, which become entry 1. Raises LedgerMustBeNew, LedgerMustBeWritable."""
        place = place_of(where)
        place.must_be_new()
        with _store_errors(place, head=0, recording=True):
            place.begin()
            ledger = cls(place, create=True)
            try:
                ledger.save(StoredEntry(STREAM, TERMS_ENTRY, TERMS_WORD, datetime.now(UTC), terms.data()))
                place.settle()
                ledger.unwritten = ledger._write_head()
                ledger.begun = ledger.head()
                ledger.publish()
            except BaseException:
                ledger.close()
                raise
        return ledger

    @classmethod
    def open(cls, where: Where, *, to_record: bool = False) -> "Ledger":
        """The ledger at a place; LedgerMustExist, LedgerMustBeALedger and, to record, LedgerMustBeWritable."""
        place = place_of(where)
        if to_record:
            place.must_be_writable()
        place.must_be_a_ledger()
        with _store_errors(place, head=0):
            return cls(place)

    @property
    def book(self) -> Book:
        """Everything recorded so far, by this process or another, in memory."""
        with _store_errors(self.place, head=0):
            if self._book is None:
                self._book = self._read()
            else:
                for item in self._entries(after=self._book.last):
                    self._book.admit(item)
        return self._book

    def head(self, known_at: datetime | None = None) -> Head:
        """The last entry known at an instant, and its link."""
        if known_at is None:
            with _store_errors(self.place, head=0):
                number = self._last().originator_version
                return Head(number, self._recorder.link_at(number))
        with _store_errors(self.place, head=0), asked(self.place) as opened:
            return opened.head(known_at)

    def _last(self) -> StoredEntry:
        """The last entry as it is stored."""
        (*_, last) = self._recorder.select_events(STREAM, desc=True, limit=1) or (None,)
        if last is None:
            raise LedgerMustBeALedger(path=self.place, why="It was not begun with its terms")
        with readable(last.originator_version):
            stored = self.mapper.to_domain_event(last)
        assert isinstance(stored, StoredEntry)
        return stored

    def record(self, entries: Iterable[Entry], *, dry_run: bool = False, by: str | None = None) -> Receipt:
        """Decide some entries one after the other and append them together, as recorded by somebody: all or none.

        An entry whose `ref` was recorded before with the same content is acknowledged and not recorded again. A dry run
        decides everything and appends nothing. Whoever else is recording is waited for, and what they recorded counts.
        Raises the Refusal of the first entry that cannot be recorded, LedgerMustBeWritable, and
        LedgerMustNotHaveMovedOn where someone recorded without taking turns.
        """
        entries = iter(entries)
        # What is typed or piped in slowly is read before the turn is taken, so that nobody waits for a keyboard.
        ahead = list(islice(entries, _AHEAD))
        entries = chain(ahead, entries)
        with _store_errors(self.place, head=0):
            if dry_run:
                with asked(self.place) as opened:
                    return self._decided(opened, entries, by)
            with self.place.turn():
                receipt = self._recorded(entries, by)
                receipt.head, receipt.unwritten = self._headed()
                return receipt

    def publish(self, done: Callable[[], None] = lambda: None) -> str:
        """Make the kept tables anew from everything that is recorded; words where that cannot be done, else none.

        `done` is called for each entry that was decided again.
        """
        try:
            self.place.must_be_writable()
            with _store_errors(self.place, head=0), self.place.turn(), self.place.writing(self._recorder) as writing:
                kept_anew(Opened(self.place, writing.rows), done)
        except LedgerError as error:
            return str(error.facts.get("why", error))
        return writing.unpublished

    def _decided(self, opened: Opened, entries: Iterable[Entry], by: str | None) -> Receipt:
        """What recording some entries would do."""
        book: Book | None = kept_book(opened)
        if book is None:
            book, self._book = self.book, None  # it will hold entries that are not appended
        receipt = Receipt.begun(book)
        for outcome in decided_in_turn(book, entries, by):
            receipt.add(outcome)
        receipt.after = book.position.headline()
        return receipt

    def _recorded(self, entries: Iterable[Entry], by: str | None) -> Receipt:
        """Decide entries, append them and keep what they come to, in one transaction."""
        book, self._kept = self._kept, None  # until all is well: it may come to hold entries that are not appended
        head = book.last if book else self._last().originator_version
        known = self._heads.known()
        with _store_errors(self.place, head, recording=True), self.place.writing(self._recorder) as writing:
            book = self._at_hand(book, Opened(self.place, writing.rows))
            anchor = known if known and known.head.entry == book.last else None
            recording = Recording(self.place, writing, book, anchor, self._settled)
            receipt = recording.of(entries, by)
        self._kept, receipt.unpublished = book if recording.keeps else None, writing.unpublished
        self._heads.told, self._settled = recording.anchor, recording.settled
        return receipt

    def _at_hand(self, book: KeptBook | None, opened: Opened) -> KeptBook:
        """The book of before, if nothing was recorded since; otherwise as it was kept, or kept anew."""
        if book is not None and book.last == opened.last() == kept_up_to(opened.rows.published.execute):
            book.go_on(opened)
            return book
        return kept_book(opened) or kept_anew(opened)

    def _headed(self) -> tuple[Head | None, Mapping[Path, str]]:
        """The head left, and where it could not be written; what is stored stays stored whatever goes wrong."""
        try:
            anchor = self._heads.told or self._heads.anchor()
            return anchor.head, self._heads.write(anchor)
        except LedgerError as error:
            return None, {beside(self.place.beside): str(error.facts.get("why", error))}
        except (PersistenceError, OSError) as error:
            return None, {beside(self.place.beside): str(error)}

    def write_head(self) -> dict[Path, str]:
        """Write the head down at every place where anchors are kept; where that went wrong, and why.

        Raises LedgerMustBeWritable. Recording does the same; this is for a place that could not be written then.
        """
        with _store_errors(self.place, head=0), self.place.turn():
            return self._write_head()

    def _write_head(self) -> dict[Path, str]:
        return self._heads.write(self._heads.anchor())

    def anchor(self) -> Anchor:
        """The head with the Merkle tree of the entries."""
        with _store_errors(self.place, head=0):
            return self._heads.anchor()

    def tags(self) -> list[Tag]:
        """Every tag of the ledger, by name."""
        with _store_errors(self.place, head=0):
            return self._recorder.tags()

    def tag(self, name: str, as_of: date, known_at: datetime | None = None) -> Tag:
        """Give a name to a day as known at an instant (without one, as known now); TagMustBeNew, never another's.

        The head is written down with it: a tag that is lost leaves no trace in what is left.
        """
        with _store_errors(self.place, head=0):
            last_recorded = self._last().recorded
        # A moment to come would let what is recorded until then into the answers.
        known_at = min(known_at or last_recorded, last_recorded)
        head = self.head(known_at)
        now = datetime.now(UTC).isoformat()
        tag = Tag(name, as_of.isoformat(), known_at.isoformat(), head.entry, head.sha256, now)
        with _store_errors(self.place, head=head.entry), self.place.turn():
            before = next((one for one in self._recorder.tags() if one.name == name), None)
            if before is not None:
                raise TagMustBeNew(tag=name, as_of=before.as_of, known_at=before.known_at)
            tag = tag._replace(seal=tag.right_seal)
            self._recorder.keep_tag(tag)
            self._heads.told = None  # what was told before counts a tag less
            _, self.unwritten = self._headed()
        return tag

    def backup(self, target: Path) -> tuple[Head, Mapping[Path, str]]:
        """Copy the ledger as it is at one instant to a file, while others record: a file by SQLite's online backup.

        The copy's head is written down beside it: told are that head, and where writing it went wrong, and why. Raises
        LedgerMustBeNew, LedgerMustBeWritable, and RecordMustVerify where a head says that something is gone.
        """
        if not isinstance(self.place, LedgerFile):
            return self.copy(LedgerFile(target))
        LedgerFile(target).must_be_new()
        must_reach_its_heads(self.place)
        with _store_errors(LedgerFile(target), head=0):
            self.place.copy(target)
            with Ledger.open(target) as copy:
                return copy.head(), copy._write_head()

    def copy(self, target: Place) -> tuple[Head, Mapping[Path, str]]:
        """Copy the ledger as it is at one instant to another place: as `copied` does."""
        return copied(self.place, target)

    def stored(self) -> Iterator[Stored]:
        """Every entry exactly as it is stored, its number and link checked; RecordMustVerify at the first misfit."""
        with _store_errors(self.place, head=0), self.place.rows() as rows:
            yield from linked(rows)

    def must_be_linked(self) -> Head:
        """Recompute every link over the stored bytes; RecordMustVerify names the first entry that does not fit."""
        head = Head(0, "")
        for one in self.stored():
            head = Head(one.number, one.sha256)
        return head

    @property
    def _recorder(self) -> LinkedRecorder:
        assert isinstance(self.recorder, LinkedRecorder)
        return self.recorder

    def _read(self) -> Book:
        stored = list(self._stored_entries(after=0))
        if not stored or stored[0].word != TERMS_WORD:
            raise LedgerMustBeALedger(path=self.place, why="It was not begun with its terms")
        return Book(terms_from(stored[0]), map(recorded_from, stored[1:]), stored[0].recorded)

    def _entries(self, after: int) -> Iterator[Recorded]:
        return map(recorded_from, self._stored_entries(after))

    def _stored_entries(self, after: int) -> Iterator[StoredEntry]:
        for number, event in enumerate(self._recorder.select_events(STREAM, gt=after), after + 1):
            with readable(number):
                if event.originator_version != number:
                    raise ValueError(f"the next entry there is {event.originator_version}")
                stored = self.mapper.to_domain_event(event)
            assert isinstance(stored, StoredEntry)
            yield stored


@contextmanager
def _store_errors(place: Place, head: int, *, recording: bool = False) -> Iterator[None]:
    """Turn what the store raises into the ledger's own errors."""
    try:
        yield
    except IntegrityError as error:
        raise LedgerMustNotHaveMovedOn(head=head) from error
    except PersistenceError as error:
        raise place.error_of(error, head, recording=recording) from error


def copied(source: Place, target: Place) -> tuple[Head, Mapping[Path, str]]:
    """Copy a ledger as it is at one instant to another place, in whichever store, as one transaction.

    Every link is recomputed as it is read, and again as it is written. What is published is not copied: it can be made
    anew. The copy's head is written down: told are that head, and where writing it went wrong, and why. Raises
    LedgerMustBeNew, LedgerMustBeWritable, RecordMustVerify.
    """
    target.must_be_new()
    must_reach_its_heads(source)
    try:
        with asked(source) as opened, _store_errors(target, head=0, recording=True):
            for _ in linked(opened.rows):  # before anything is begun at the target
                pass
            target.begin()
            with Ledger(target, create=True) as copy:
                events = (StoredEvent(STREAM, one.number, one.word, one.state) for one in linked(opened.rows))
                copy._recorder.fill(events, opened.rows.tags())
                target.settle()
                return copy.head(), copy._write_head()
    except LedgerMustReachTheDisk as error:
        raise CopyMustReachTheDisk(**error.facts) from error
