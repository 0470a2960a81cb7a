"""The rows of a ledger's schema as they are at one moment, read past the event store, for whoever checks them."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier

from ledger.errors import RecordMustVerify
from ledger.postgres_store import FOLLOWS, NEVER
from ledger.rows import STREAM, TABLES, TAG_COLUMNS, Tag, in_hex

_COUNTED = count()
_AT_ONCE = 2000
"""How many rows are fetched at once: of a ledger of any size no more are in memory."""

_MADE = """
WITH here AS (SELECT oid FROM pg_namespace WHERE nspname = %s),
  ours AS (SELECT * FROM pg_class WHERE relnamespace IN (TABLE here) AND relname = ANY(%s))
SELECT 'the table ' || relname,
  concat_ws(' ', relkind, relpersistence, relrowsecurity, relhasrules, relhassubclass, relispartition) FROM ours
UNION ALL SELECT concat_ws(' ', 'the column', attname, 'of', relname),
  concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity)
  FROM pg_attribute JOIN ours ON attrelid = ours.oid WHERE attnum > 0 AND NOT attisdropped
UNION ALL SELECT concat_ws(' ', 'the key', conname, 'of', relname), pg_get_constraintdef(pg_constraint.oid)
  FROM pg_constraint JOIN ours ON conrelid = ours.oid WHERE contype <> 'n'
UNION ALL SELECT concat_ws(' ', 'the trigger', tgname, 'on', relname),
  concat_ws(' ', tgenabled, tgtype, tgqual IS NULL, tgattr = '', proname, pronamespace IN (TABLE here))
  FROM pg_trigger JOIN ours ON tgrelid = ours.oid JOIN pg_proc ON tgfoid = pg_proc.oid WHERE NOT tgisinternal
UNION ALL SELECT 'the function ' || proname, prosrc
  FROM pg_proc WHERE pronamespace IN (TABLE here) AND proname IN ('follows', 'never_changed')
"""
"""The tables of a ledger's schema and what hangs on them, each with all that makes it what it is."""

_NUMBERS = ("entry", "originator_version", "notification_id")
_BYTES = (("stored_events", "state"), ("links", "sha256"))
_COLUMNS = {
    "stored_events": ("originator_id", "originator_version", "topic", "state", "notification_id"),
    "links": ("entry", "sha256"),
    "tags": tuple(TAG_COLUMNS.split(", ")),
}
_BEFORE_INSERT_OF_A_ROW = 1 + 2 + 4
_BEFORE_ALL_ELSE = 2 + 8 + 16 + 32
"""How PostgreSQL writes down when a trigger fires: row 1, before 2, insert 4, delete 8, update 16, truncate 32."""


def _right(schema: str) -> dict[str, str]:
    """What a ledger's schema holds, in the words of that question."""
    made = {
        "the key stored_events_pkey of stored_events": "PRIMARY KEY (originator_id, originator_version)",
        "the key stored_events_notification_id_key of stored_events": "UNIQUE (notification_id)",
        "the key links_pkey of links": "PRIMARY KEY (entry)",
        "the key tags_pkey of tags": "PRIMARY KEY (name)",
        "the trigger follows on stored_events": f"A {_BEFORE_INSERT_OF_A_ROW} t t follows t",
        "the function follows": SQL(FOLLOWS).format(schema=Identifier(schema)).as_string(),
        "the function never_changed": NEVER,
    }
    for table in TABLES:
        made[f"the table {table}"] = "r p f f f f"
        made[f"the trigger never_changed on {table}"] = f"A {_BEFORE_ALL_ELSE} t t never_changed t"
        for column in _COLUMNS[table]:
            kind = "bigint" if column in _NUMBERS else "bytea" if (table, column) in _BYTES else "text"
            identity = "a" if column == "notification_id" else ""
            made[f"the column {column} of {table}"] = f"{kind} t {identity}"
    return made


@dataclass(frozen=True, slots=True)
class SchemaRows:
    """What a connection within one transaction sees of a ledger's schema, and a connection to its published tables."""

    connection: Connection[Any]
    schema: str
    published: sqlite3.Connection

    @property
    def apart(self) -> bool:
        """The published tables are in a file of this machine."""
        return True

    def last(self) -> int:
        """How many entries the schema says it has."""
        return int(next(self._read("SELECT max(originator_version) FROM {schema}.stored_events"))[0] or 0)

    def entries(self, after: int) -> Iterator[tuple[Any, ...]]:
        """Row, stream, number, word and bytes of the entries after one, in the order in which they were inserted.

        Rows are counted here: the numbers PostgreSQL gives out leave a gap wherever a recording broke off.
        """
        return self._read(
            "SELECT %s + row_number() OVER (ORDER BY notification_id), originator_id, originator_version, topic, state"
            f" FROM {{schema}}.stored_events {_later(after)} ORDER BY notification_id",
            [after, after],
            after + 1,
        )

    def links(self, after: int) -> Iterator[tuple[Any, ...]]:
        """Number and hash of the links after an entry."""
        asked = f"SELECT entry, sha256 FROM {{schema}}.links {_later(after, 'entry')} ORDER BY entry"
        return ((number, in_hex(digest)) for number, digest in self._read(asked, [after], after + 1))

    def link_at(self, number: int) -> str | None:
        """The link stored beside an entry; None where there is none."""
        asked = "SELECT sha256 FROM {schema}.links WHERE entry = %s"
        return next((in_hex(digest) for (digest,) in self._read(asked, [number])), None)

    def entry(self, number: int) -> tuple[str, bytes] | None:
        """The word and the bytes of an entry; None where there is none."""
        asked = "SELECT topic, state FROM {schema}.stored_events WHERE originator_id = %s AND originator_version = %s"
        return next(((str(word), bytes(state)) for word, state in self._read(asked, [STREAM, number])), None)

    def worded(self, words: Collection[str], last: int) -> list[int]:
        """The numbers of the entries up to one that are stored under some words."""
        asked = (
            "SELECT originator_version FROM {schema}.stored_events WHERE originator_version <= %s AND topic = ANY(%s)"
        )
        return sorted(int(number) for (number,) in self._read(asked, [last, list(words)]))

    def tags(self) -> list[Tag]:
        """Every tag, by name, as it is stored."""
        return [Tag(*row) for row in self._read(f"SELECT {TAG_COLUMNS} FROM {{schema}}.tags ORDER BY name")]

    def must_be_sound(self, last: int) -> None:
        """RecordMustVerify where a table, a key or a trigger is not as it was made, or another stands beside it."""
        found, right = dict(self._read(_MADE, [self.schema, sorted(TABLES)])), _right(self.schema)
        for name in sorted({*found, *right}):
            if found.get(name) != right.get(name):
                said, computed = (f"{name} as {made.get(name, 'nothing')!r}" for made in (found, right))
                raise RecordMustVerify(entry=last, stored=said, computed=computed, before=0)

    def _read(self, question: str, given: Sequence[Any] = (), first: int = 1) -> Iterator[tuple[Any, ...]]:
        """The rows of an answer, one an entry from the first; RecordMustVerify where the next cannot be read."""
        entry = first
        asked = SQL(question).format(schema=Identifier(self.schema))
        try:
            with self.connection.cursor(f"rows_{next(_COUNTED)}", row_factory=tuple_row) as cursor:
                cursor.itersize = _AT_ONCE
                for entry, row in enumerate(cursor.execute(asked, given), first + 1):  # noqa: B007
                    yield row
        except psycopg.Error as error:
            if self.connection.closed or isinstance(error, psycopg.errors.InsufficientPrivilege):
                raise  # the record cannot be reached, and is none the worse
            said = f"what PostgreSQL calls: {error}"
            raise RecordMustVerify(entry=entry, stored=said, computed="rows", before=entry - 1) from error


def _later(after: int, number: str = "originator_version") -> str:
    # From the beginning every row is asked for: one with a number below 1 is as false as any other.
    return f"WHERE {number} > %s" if after else "WHERE %s = 0"
