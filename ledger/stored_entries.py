"""An entry as it is stored, and back: canonical JSON under the entry's word, from which it is read as any journal line.

A stored name is the entry's word, never a module path, so that a class may move and history still loads.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from pydantic import TypeAdapter

from ledger.entries import read_entry
from ledger.errors import RecordMustVerify
from ledger.events import KINDS
from ledger.fields import Name
from ledger.rows import STREAM, TERMS_ENTRY, TERMS_WORD, Stored, readable
from ledger.terms import Terms
from ledger.terms_file import validated
from ledger.timeline import Recorded

Event: TypeAlias = StoredEvent
"""An entry as the event store takes it and gives it: number, word, bytes."""

_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class StoredEntry:
    """An entry as the store holds it: its place in the stream, its word, when it was recorded, what it says, by whom.

    Who recorded it stands in the envelope, beside when, and not in what the entry says: the links cover it, no journal
    line can claim it, and an entry without it is stored in the very bytes it always was.
    """

    originator_id: str
    originator_version: int
    word: str
    recorded: datetime
    says: dict[str, Any]
    by: str | None = None


class EntryMapper(Mapper[str]):
    """Stored bytes are canonical JSON, and a stored name is the entry's word, never a module path."""

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """One entry as the bytes that are stored, and over which its link is made."""
        assert isinstance(domain_event, StoredEntry)
        by = {"by": domain_event.by} if domain_event.by is not None else {}
        state = {"recorded": domain_event.recorded.isoformat(), **by, "says": domain_event.says}
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.word,
            state=_encoded(state).encode(),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        """The entry that stored bytes hold."""
        state = json.loads(stored_event.state)
        return StoredEntry(
            str(stored_event.originator_id),
            stored_event.originator_version,
            stored_event.topic,
            datetime.fromisoformat(state["recorded"]),
            state["says"],
            state.get("by"),
        )


def stored_form(item: Recorded) -> StoredEntry:
    """An entry in the form in which it is stored."""
    says = item.entry.line()
    return StoredEntry(STREAM, item.number, says.pop("event"), item.recorded, says, item.by)


def recorded_at(event: StoredEvent) -> str:
    """When an event was recorded, as it is stored."""
    return str(json.loads(event.state)["recorded"])


def terms_of(row: Stored) -> tuple[Terms, datetime]:
    """The terms that entry 1 holds, and when they were recorded; RecordMustBeReadable where it holds none."""
    stored = _parsed(row)
    return terms_from(stored), stored.recorded


def item_of(row: Stored) -> Recorded:
    """The entry that a row holds; RecordMustBeReadable, and RecordMustVerify where it is not as we would write it."""
    item = recorded_from(_parsed(row))
    again = MAPPER.to_stored_event(stored_form(item))
    if (again.topic, again.state) != (row.word, row.state):
        found, said = (state.decode(errors="replace") for state in (row.state, again.state))
        raise RecordMustVerify(entry=row.number, stored=found, computed=said, before=row.number - 1)
    return item


MAPPER = EntryMapper(transcoder=JSONTranscoder())
_NAME: TypeAdapter[str] = TypeAdapter(Name)


def _parsed(row: Stored) -> StoredEntry:
    with readable(row.number):
        stored = MAPPER.to_domain_event(StoredEvent(STREAM, row.number, row.word, row.state))
    assert isinstance(stored, StoredEntry)
    return stored


def terms_from(stored: StoredEntry) -> Terms:
    """The terms that entry 1 holds; RecordMustBeReadable where it holds none."""
    with readable(TERMS_ENTRY):
        if stored.word != TERMS_WORD:
            raise ValueError(f"it is {stored.word!r} and not {TERMS_WORD!r}")
        return validated(stored.says)


def recorded_from(stored: StoredEntry) -> Recorded:
    """The entry that a stored one holds; RecordMustBeReadable where it makes no sense."""
    with readable(stored.originator_version):
        entry = read_entry({"event": stored.word, **stored.says}, KINDS)
        by = None if stored.by is None else _NAME.validate_python(stored.by)
    return Recorded(stored.originator_version, stored.recorded, entry, by)
