"""The rows of a ledger file as they are at one moment, read past the event store, for whoever checks them."""

import sqlite3
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from ledger.errors import RecordMustVerify
from ledger.rows import STREAM, TABLES, TAG_COLUMNS, Tag, in_hex, schema

_LAST = (
    "SELECT originator_version FROM stored_events WHERE originator_id = ? AND originator_version <= 9223372036854775807"
    " ORDER BY originator_version DESC LIMIT 1"
)
"""The last entry by its index: whatever is no whole number sorts behind the greatest of them."""


class FileRows(NamedTuple):
    """What a connection to a ledger file sees; the published tables stand in the file too."""

    published: sqlite3.Connection

    @property
    def apart(self) -> bool:
        """The published tables are in the file itself."""
        return False

    def last(self) -> int:
        """How many entries the file says it has."""
        return next((int(number) for (number,) in read(self.published, _LAST, STREAM)), 0)

    def entries(self, after: int) -> Iterator[tuple[Any, ...]]:
        """Row, stream, number, word and bytes of the entries after one, in the order of the table, not of an index."""
        asked = "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events NOT INDEXED"
        return read(self.published, f"{asked} {_later(after)} ORDER BY 1", after, first=after + 1)

    def links(self, after: int) -> Iterator[tuple[Any, ...]]:
        """Number and hash of the links after an entry."""
        asked = f"SELECT entry, sha256 FROM links {_later(after, 'entry')} ORDER BY entry"
        return ((number, in_hex(digest)) for number, digest in read(self.published, asked, after, first=after + 1))

    def link_at(self, number: int) -> str | None:
        """The link stored beside an entry; None where there is none."""
        asked = "SELECT sha256 FROM links WHERE entry = ?"
        return next((in_hex(digest) for (digest,) in read(self.published, asked, number)), None)

    def entry(self, number: int) -> tuple[str, bytes] | None:
        """The word and the bytes of an entry; None where there is none."""
        asked = "SELECT topic, state FROM stored_events WHERE originator_id = ? AND originator_version = ?"
        return next(((str(word), state) for word, state in read(self.published, asked, STREAM, number)), None)

    def worded(self, words: Collection[str], last: int) -> list[int]:
        """The numbers of the entries up to one that are stored under some words."""
        # The rows are read in their order: by the index each of them would be sought.
        asked = "SELECT originator_version FROM stored_events NOT INDEXED WHERE originator_version <= ? AND topic IN"
        marks = ", ".join("?" * len(words))
        return sorted(int(number) for (number,) in read(self.published, f"{asked} ({marks})", last, *words))

    def tags(self) -> list[Tag]:
        """Every tag, by name, as it is stored."""
        return [Tag(*row) for row in read(self.published, f"SELECT {TAG_COLUMNS} FROM tags ORDER BY name")]

    def must_be_sound(self, last: int) -> None:
        """RecordMustVerify where SQLite finds its own file damaged, or where a table or trigger is not as made."""
        for (said,) in read(self.published, "PRAGMA integrity_check(1)"):
            if said != "ok":
                raise RecordMustVerify(entry=last, stored=f"a damaged file ({said})", computed="a sound one", before=0)
        made = dict(read(self.published, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
        right = schema()
        for name, statement in right.items():
            if made.get(name) != statement:
                found = f"{name} as {made.get(name, 'nothing')!r}"
                raise RecordMustVerify(entry=last, stored=found, computed=repr(statement), before=0)
        triggers = "SELECT name, lower(tbl_name) FROM sqlite_schema WHERE type = 'trigger'"
        for name, table in read(self.published, triggers):
            if table in TABLES and name not in right:
                said = f"a trigger {name} on {table}"
                raise RecordMustVerify(entry=last, stored=said, computed="the ledger's own alone", before=0)
        # The highest id ever given out is kept apart: a tail cut off without a thought of it leaves this trace.
        given = "(SELECT max(seq) FROM sqlite_sequence WHERE name = 'stored_events')"
        for id_there, id_given in read(self.published, f"SELECT max(rowid), {given} FROM stored_events"):
            if id_there != id_given:
                said = f"{last} entries in rows up to {id_there}"
                raise RecordMustVerify(entry=last + 1, stored=said, computed=f"rows up to {id_given}", before=last)


def _later(after: int, number: str = "originator_version") -> str:
    # From the beginning every row is asked for: one with no number, or one below 1, is as false as any other.
    return f"WHERE {number} > ?" if after else "WHERE ? = 0"


def read(connection: sqlite3.Connection, question: str, *given: Any, first: int = 1) -> Iterator[tuple[Any, ...]]:
    """The rows of an answer, one an entry from the first; RecordMustVerify where SQLite itself cannot read the next."""
    entry = first
    try:
        for entry, row in enumerate(connection.execute(question, given), first + 1):  # noqa: B007
            yield row
    except (sqlite3.Error, UnicodeDecodeError) as error:
        said = f"what SQLite calls: {error}"
        raise RecordMustVerify(entry=entry, stored=said, computed="rows", before=entry - 1) from error
