"""Where entries are kept when one machine is outgrown: a schema of a PostgreSQL database, hash-linked and durable.

The same stream, the same bytes and the same links as in a file, through the event-sourcing library's PostgreSQL
recorder. Each ledger is a schema of its own that refers to nothing outside it, so that a database whose schemas are
spread over machines can spread ledgers.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, NoReturn

import psycopg
from eventsourcing.persistence import InfrastructureFactory, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from psycopg import Connection, Cursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row
from psycopg.sql import SQL, Composed, Identifier

from ledger.errors import (
    LedgerError,
    LedgerMustBeALedger,
    LedgerMustBeWritable,
    LedgerMustNotHaveMovedOn,
    LedgerMustReachTheDisk,
    StoreMustBeReachable,
)
from ledger.rows import TABLES, TAG_COLUMNS, Tag, in_hex
from ledger.store import Append, LinkedRecorder, batched, link_rows

DURABLE = ("on", "remote_apply")
"""What synchronous_commit may be: what was acknowledged is on the disk, and on that of a standby that is waited for."""

NEVER = "BEGIN RAISE EXCEPTION 'nothing recorded is ever changed' USING ERRCODE = 'integrity_constraint_violation'; END"
FOLLOWS = (
    "BEGIN IF NEW.originator_version <= (SELECT max(originator_version) FROM {schema}.stored_events"
    " WHERE originator_id = NEW.originator_id)"
    " THEN RAISE EXCEPTION 'an entry follows the last' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
    " RETURN NEW; END"
)
"""What the two trigger functions do."""

_UNLESS_GIVEN = {"connect_timeout": "10", "application_name": "captable"}
_KEPT = {
    # Whoever waits for a turn, or decides a long journal in it, is not cut off.
    **dict.fromkeys(("statement_timeout", "lock_timeout", "idle_session_timeout"), "0"),
    # The turn of a machine that went dark is given on within a minute.
    "tcp_keepalives_idle": "20",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "4",
}

_TEXT = 'text COLLATE "C" NOT NULL'
_MADE = (
    # Whoever may insert in a table with an identity needs no right to a sequence beside it.
    f"CREATE TABLE IF NOT EXISTS {{schema}}.stored_events (originator_id {_TEXT}, originator_version bigint NOT NULL,"
    f" topic {_TEXT}, state bytea NOT NULL, notification_id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,"
    " PRIMARY KEY (originator_id, originator_version))",
    "CREATE TABLE IF NOT EXISTS {schema}.links (entry bigint PRIMARY KEY, sha256 bytea NOT NULL)",
    f"CREATE TABLE IF NOT EXISTS {{schema}}.tags (name {_TEXT} PRIMARY KEY, as_of {_TEXT}, known_at {_TEXT},"
    f" entry bigint NOT NULL, sha256 {_TEXT}, made {_TEXT}, seal {_TEXT})",
    f"CREATE OR REPLACE FUNCTION {{schema}}.never_changed() RETURNS trigger LANGUAGE plpgsql AS $${NEVER}$$",
    f"CREATE OR REPLACE FUNCTION {{schema}}.follows() RETURNS trigger LANGUAGE plpgsql AS $${FOLLOWS}$$",
    "CREATE OR REPLACE TRIGGER follows BEFORE INSERT ON {schema}.stored_events"
    " FOR EACH ROW EXECUTE FUNCTION {schema}.follows()",
    *(
        f"CREATE OR REPLACE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {{schema}}.{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION {schema}.never_changed()"
        for table in sorted(TABLES)
    ),
    # Always: a session that calls itself a replica fires no others.
    "ALTER TABLE {schema}.stored_events ENABLE ALWAYS TRIGGER follows",
    *(f"ALTER TABLE {{schema}}.{table} ENABLE ALWAYS TRIGGER never_changed" for table in sorted(TABLES)),
)


def advisory_key(schema: str, purpose: str) -> int:
    """The number of the advisory lock of a ledger for a purpose: 64 bits with a sign, as PostgreSQL has them."""
    return int.from_bytes(sha256(f"captable {purpose} {schema}".encode()).digest()[:8], signed=True)


def connected(url: str) -> Connection[DictRow]:
    """A connection that acknowledges what is on the disk, and is not cut off while it waits; psycopg.Error."""
    given = conninfo_to_dict(url)
    more = {name: value for name, value in _UNLESS_GIVEN.items() if name not in given}
    told = make_conninfo(url, client_encoding="UTF8", **more)
    connection = Connection.connect(told, autocommit=True, row_factory=dict_row)
    try:
        set_all = "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS given (name, value)"
        connection.execute(set_all, [list(_KEPT), list(_KEPT.values())])
        _must_be_durable(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _must_be_durable(connection: Connection[DictRow]) -> None:
    """Set the connection to wait for the disk unless it waits for more, and read back that it does."""
    asked = "SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync"
    for set_to in ("", "SET synchronous_commit = on"):
        if set_to:
            connection.execute(set_to)
        kept = connection.execute(asked).fetchone()
        if kept and kept["synchronous_commit"] in DURABLE and kept["fsync"] == "on":
            return
    raise psycopg.OperationalError(f"the server keeps {kept}, and what it acknowledges may be lost")


class DurablePool:
    """Connections kept for the next use, each made by `connected`, where the library wants a pool.

    The library's own makes connections in threads behind one's back, and says of a server that does not answer only,
    and after half a minute, that it has none to give.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: list[Connection[DictRow]] = []

    def open(self, _wait: bool, _timeout: float) -> None:
        """Nothing: a connection is made when it is wanted."""

    @contextmanager
    def connection(self) -> Iterator[Connection[DictRow]]:
        """A connection, taken back afterwards unless something is left open on it."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = connected(self._url)
        try:
            yield connection
        finally:
            if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
                connection.close()
            else:
                self._idle.append(connection)

    def __enter__(self) -> "DurablePool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection that is not in use."""
        while self._idle:
            self._idle.pop().close()


class LedgerDatastore(PostgresDatastore):
    """The library's datastore over durable connections."""

    def __init__(self, url: str, schema: str) -> None:
        """Take the whole address: the library's parts of one leave out certificates, services and the rest."""
        super().__init__("", "", "", "", "", schema=schema, originator_id_type="text")
        self.pool = DurablePool(url)  # type: ignore[assignment]

    def register_type_adapters(self) -> None:
        """Nothing: rows are inserted without a type made for them."""


class LinkingRecorder(PostgresApplicationRecorder, LinkedRecorder):
    """The library's recorder, with a link beside every entry."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "stored_events") -> None:
        """Make tables as the ledger wants them, and insert in the order given.

        The library locks the whole table, for which one must have the right to change rows; an advisory lock keeps
        writers apart as well, and so a role that may only select and insert can record.
        """
        super().__init__(datastore, events_table_name=events_table_name)
        self._schema = Identifier(datastore.schema)
        one_by_one = SQL("SELECT pg_advisory_xact_lock({})").format(advisory_key(datastore.schema, "insert"))
        self.lock_table_statements = [one_by_one]
        self.sql_create_statements = [one_by_one, *(self._said(SQL(one)) for one in _MADE)]
        self.insert_events_statement = self._said(
            SQL(
                "INSERT INTO {schema}.stored_events (originator_id, originator_version, topic, state)"
                " SELECT stream, number, word, bytes FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::bytea[])"
                " WITH ORDINALITY AS given (stream, number, word, bytes, place) ORDER BY place"
                " RETURNING notification_id"
            )
        )

    def _said(self, statement: SQL) -> Composed:
        return statement.format(schema=self._schema)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append events, linked, in one transaction.

        The library's own tries again where the connection is lost, and may then have appended; and it sends all at
        once, so that it hears of a conflict, now and then, only that what it sent was broken off.
        """
        if not stored_events:
            return None
        with self.datastore.transaction(commit=True) as curs:
            return self._append(curs, stored_events)[0]

    @contextmanager
    def appending(self) -> Iterator[tuple[Append, Connection[DictRow]]]:
        """One transaction to append events in, linked, any number at a time, and the connection that it is on."""
        with self.datastore.transaction(commit=True) as curs:
            yield (lambda events: self._append(curs, events)[1]), curs.connection

    def _append(self, curs: Cursor[DictRow], events: Sequence[StoredEvent]) -> tuple[list[int], str]:
        """Append events; their ids, and the link of the last."""
        # Nobody is notified: all that notify in one database wait for each other's commits, whichever their ledger.
        # With eight that record in eight ledgers a third of the commits a second were left (PostgreSQL 18).
        self._lock_table(curs)
        rows = [(one.originator_id, one.originator_version, one.topic, one.state) for one in events]
        curs.execute(self.insert_events_statement, [list(column) for column in zip(*rows, strict=True)])
        ids = [row["notification_id"] for row in curs.fetchall()]
        before = self._link_of(curs, events[0].originator_version - 1)
        linked = link_rows(before, events)
        insert = "INSERT INTO {schema}.links SELECT * FROM unnest(%s::bigint[], %s::bytea[])"
        curs.execute(self._said(SQL(insert)), [[row[column] for row in linked] for column in (0, 1)])
        return ids, linked[-1][1].hex() if linked else before

    def _link_of(self, curs: Cursor[DictRow], number: int) -> str:
        asked = SQL("SELECT sha256 FROM {schema}.links WHERE entry = %s")
        row = curs.execute(self._said(asked), (number,)).fetchone()
        return in_hex(row["sha256"]) if row else ""

    def link_at(self, number: int) -> str:
        """The link stored beside an entry; empty before the first."""
        with self.datastore.cursor() as curs:
            return self._link_of(curs, number)

    def tags(self) -> list[Tag]:
        """Every tag, by name."""
        with self.datastore.cursor() as curs:
            found = curs.execute(self._said(SQL("SELECT * FROM {schema}.tags ORDER BY name")))
            return [Tag(**row) for row in found]

    def keep_tag(self, tag: Tag) -> None:
        """Keep a tag; the database refuses a second one of its name."""
        with self.datastore.transaction(commit=True) as curs:
            self._keep(curs, tag)

    def fill(self, events: Iterable[StoredEvent], tags: Iterable[Tag]) -> None:
        """Append events, linked, and keep tags, all in one transaction."""
        with self.datastore.transaction(commit=True) as curs:
            for some in batched(events):
                self._append(curs, some)
            for tag in tags:
                self._keep(curs, tag)

    def _keep(self, curs: Cursor[DictRow], tag: Tag) -> None:
        insert = f"INSERT INTO {{schema}}.tags ({TAG_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)"
        curs.execute(self._said(SQL(insert)), tag)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> NoReturn:
        """Refused, as over SQLite: nobody is notified."""
        raise NotImplementedError


class LedgerFactory(PostgresFactory):
    """The library's PostgreSQL factory with durable connections and linked entries."""

    def __init__(self, env: Any) -> None:
        """Take the address whole, where the library's own would take it in parts."""
        InfrastructureFactory.__init__(self, env)
        self.datastore = LedgerDatastore(self.env["CAPTABLE_DATABASE"], self.env["CAPTABLE_SCHEMA"])

    def application_recorder(self) -> LinkingRecorder:
        """The recorder of the schema, which makes its tables where the settings say so."""
        recorder = LinkingRecorder(self.datastore)
        if self.env_create_table():
            recorder.create_table()
        return recorder


def error_of(error: Exception, place: object, head: int, *, recording: bool) -> LedgerError:
    """The ledger's own error for what psycopg, or the library because of it, raises."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    said = f"The store says: {str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__}"
    if state.startswith(("23", "40", "55P03")):  # two of one name; two that wait for each other; a lock not to be had
        return LedgerMustNotHaveMovedOn(head=head)
    if not state or isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        if state.startswith("53"):  # no disk, no memory, no connection left
            return LedgerMustBeWritable(path=place, why=said)
        if recording:
            return LedgerMustReachTheDisk(path=place, why=f"{said}: the connection was lost")
        return StoreMustBeReachable(path=place, why=said)
    if state in ("42501", "25006"):  # no right to; a transaction that only reads
        return LedgerMustBeWritable(path=place, why=said)
    return LedgerMustBeALedger(path=place, why=said)
