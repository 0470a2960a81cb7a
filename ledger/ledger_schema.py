"""A ledger in a schema of a PostgreSQL database: where it is, whether it is one, and whose turn it is to write."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier

from ledger.errors import (
    LedgerError,
    LedgerMustBeALedger,
    LedgerMustBeNew,
    LedgerMustBeWritable,
    LedgerMustExist,
    QuestionMustBeUnderstood,
)
from ledger.ledger_file import address
from ledger.place_errors import LedgerMustBeOfThisMake
from ledger.postgres_store import LinkingRecorder, advisory_key, connected, error_of
from ledger.rows import TABLES
from ledger.schema_rows import SchemaRows
from ledger.store import FULL
from ledger.writing import Writing

HOME = "CAPTABLE_HOME"
"""The variable that names the folder for the heads and the published tables of ledgers that are no files."""

_OLDER_LINKS = "links of an older make"

_NAME = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}", re.ASCII)


def home() -> Path:
    """The folder for what a file would have beside it: not the current one, which changes from command to command.

    And not the database, where whoever cuts off the last entries would cut off the head with them.
    """
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return Path(os.environ.get(HOME) or f"{state}/captable")


def _make_home() -> None:
    with suppress(OSError):  # what cannot be written there is said when it is written
        home().mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True, slots=True)
class Database:
    """A database as a store: each ledger is a schema in it. `url` is what libpq takes, a password maybe in it."""

    url: str

    def __str__(self) -> str:
        """The address without a password."""
        parts = urlsplit(self.url)
        user, at, host = parts.netloc.rpartition("@")
        query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "password"], safe="/")
        return parts._replace(netloc=f"{user.partition(':')[0]}{at}{host}", query=query).geturl()

    @property
    def name(self) -> str:
        """A name for files of this machine: the server and the database, whoever connects and however."""
        parts, query = urlsplit(self.url), dict(parse_qsl(urlsplit(self.url).query))
        host, _, port = parts.netloc.rpartition("@")[2].partition(":")
        told = (
            unquote(host) or query.get("host") or os.environ.get("PGHOST", "localhost"),
            port or query.get("port") or os.environ.get("PGPORT", "5432"),
            parts.path.strip("/") or query.get("dbname") or os.environ.get("PGDATABASE", "captable"),
        )
        return quote("_".join(told), safe="")

    def ledger(self, name: str) -> "LedgerSchema":
        """The ledger of a name in the database; QuestionMustBeUnderstood where no schema of ours has such a name."""
        if not _NAME.fullmatch(name):
            why = f"{name!r} is no name for a schema of PostgreSQL"
            hint = "Use small letters, digits and _, at most 63; a file is named with a slash, as in ./my.db."
            raise QuestionMustBeUnderstood(what="The ledger", why=why, hint=hint)
        return LedgerSchema(self, name)

    def ledgers(self) -> list["LedgerSchema"]:
        """Every schema that holds a ledger's tables, and every one that a head of this machine says has."""
        asked = (
            "SELECT nspname FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid"
            " WHERE relkind = 'r' AND relname = ANY(%s) GROUP BY nspname HAVING count(*) = %s"
        )
        with _asking(self) as connection:
            names = {row["nspname"] for row in connection.execute(asked, (sorted(TABLES), len(TABLES)))}
        names |= {file.name[len(self.name) + 1 : -len(".head")] for file in home().glob(f"{self.name}.*.head")}
        return [self.ledger(name) for name in sorted(names) if _NAME.fullmatch(name)]


def schema_at(url: str) -> "LedgerSchema":
    """The ledger at `postgresql://host/database?schema=name`; QuestionMustBeUnderstood where no schema is named."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query)
    schema = dict(query).get("schema", "")
    rest = urlencode([(name, value) for name, value in query if name != "schema"], safe="/")
    return Database(parts._replace(query=rest).geturl()).ledger(schema)


@contextmanager
def _asking(place: "Database | LedgerSchema") -> Iterator[Connection[DictRow]]:
    """A connection of one's own; what psycopg raises becomes the ledger's own errors."""
    url = place.url if isinstance(place, Database) else place.database.url
    try:
        with closing(connected(url)) as connection:
            yield connection
    except psycopg.Error as error:
        raise error_of(error, place, 0, recording=False) from error


@dataclass(frozen=True, slots=True)
class LedgerSchema:
    """A schema that holds one ledger; its head and its published tables are files in a folder of this machine."""

    database: Database
    schema: str

    def __str__(self) -> str:
        """The address under which the ledger is found from anywhere, without a password."""
        told = str(self.database)
        return f"{told}{'&' if '?' in told else '?'}schema={self.schema}"

    @property
    def beside(self) -> Path:
        """The path that the head stands beside."""
        return home() / f"{self.database.name}.{self.schema}"

    @property
    def published(self) -> Path:
        """The SQLite file of the published tables."""
        return home() / f"{self.database.name}.{self.schema}.published.db"

    def settings(self) -> dict[str, str]:
        """How the event store opens the schema."""
        return {
            "PERSISTENCE_MODULE": "ledger.postgres_store:LedgerFactory",
            "CAPTABLE_DATABASE": self.database.url,
            "CAPTABLE_SCHEMA": self.schema,
        }

    def error_of(self, error: Exception, head: int, *, recording: bool) -> LedgerError:
        """What the event store raised, in the ledger's own words."""
        return error_of(error, self, head, recording=recording)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn to write, in the order of PostgreSQL's queue for the lock; a process that dies gives it on.

        Where the connection is lost the next may come too early: then what was decided against an older record does not
        follow the last entry, and is refused.
        """
        _make_home()
        with _asking(self) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (advisory_key(self.schema, "turn"),))
            yield

    @contextmanager
    def rows(self) -> Iterator[SchemaRows]:
        """The rows as they are at one moment, whoever records meanwhile."""
        file = f"{address(self.published)}" if self.published.exists() else "file::memory:"
        with (
            _asking(self) as connection,
            closing(sqlite3.connect(file, uri=True, isolation_level=None)) as published,
        ):
            # The tables are read and never their indexes, which may say otherwise.
            for way in ("indexscan", "indexonlyscan", "bitmapscan"):
                connection.execute(SQL("SET {} = off").format(Identifier(f"enable_{way}")))
            connection.execute("SET search_path = pg_catalog")
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield SchemaRows(connection, self.schema, published)

    @contextmanager
    def writing(self, recorder: LinkingRecorder) -> Iterator[Writing]:
        """A transaction by the place's recorder, and right behind it one of the kept tables.

        Where these cannot be written they are kept in memory meanwhile: what is recorded stays recorded.
        """
        published, unpublished = self._published()
        with closing(published):
            with recorder.appending() as (append, connection):
                writing = Writing(append, SchemaRows(connection, self.schema, published), unpublished)
                yield writing
            try:
                published.execute("COMMIT")
            except sqlite3.Error as error:
                writing.unpublished = str(error)

    def _published(self) -> tuple[sqlite3.Connection, str]:
        """A connection to the kept tables within a transaction; where that cannot be, one in memory, and why."""
        try:
            published = sqlite3.connect(address(self.published), uri=True, isolation_level=None)
            published.execute(f"PRAGMA synchronous={FULL}")
            published.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            published, why = sqlite3.connect(":memory:", isolation_level=None), str(error)
            published.execute("BEGIN")
            return published, why
        return published, ""

    def stamp(self) -> list[object]:
        """What changes in the schema and in the published tables when somebody records."""
        stamps: list[object] = []
        with suppress(LedgerError), self.rows() as rows:
            stamps.append(rows.last())
        for file in (self.published, self.published.with_name(f"{self.published.name}-journal")):
            with suppress(OSError):
                told = file.stat()
                stamps.append((told.st_size, told.st_mtime_ns))
        return stamps

    def settle(self) -> None:
        """Nothing: the server makes sure of what it acknowledges."""

    def begin(self) -> None:
        """Make the schema; LedgerMustBeWritable. One that was made for us, and is empty, is taken as it is."""
        _make_home()
        if self._tables() is None:
            with _asking(self) as connection:
                connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(self.schema)))

    def must_be_new(self) -> None:
        """Raise LedgerMustBeNew or LedgerMustBeWritable where no new ledger can begin under the name."""
        tables, head = self._tables(), self.beside.with_name(f"{self.beside.name}.head")
        if tables and (not tables <= TABLES or ("stored_events" in tables and self._holds_an_entry())):
            raise LedgerMustBeNew(path=self, what="something is")
        if not tables and head.exists():
            raise LedgerMustBeNew(path=self, what=f"{head}, the head of a ledger that was there before, is")

    def must_be_a_ledger(self) -> None:
        """Raise LedgerMustExist or LedgerMustBeALedger where the name is of no ledger, LedgerMustBeOfThisMake."""
        tables = self._tables()
        if tables is None:
            raise LedgerMustExist(path=self)
        if _OLDER_LINKS in tables:
            hint = "Copy it to a file with the captable that recorded in it, and that file with this one"
            raise LedgerMustBeOfThisMake(path=self, hint=hint)
        if not tables >= TABLES:
            raise LedgerMustBeALedger(path=self, why="It is a schema without a ledger's tables")

    def must_be_writable(self) -> None:
        """Raise LedgerMustBeWritable where the role may not record, or the server only reads."""
        asked = (
            "SELECT count(*) FILTER (WHERE has_table_privilege(pg_class.oid, 'INSERT')) < count(*) AS without,"
            " current_setting('transaction_read_only') = 'on' AS reading FROM pg_class JOIN pg_namespace"
            " ON relnamespace = pg_namespace.oid WHERE nspname = %s AND relname = ANY(%s)"
        )
        with _asking(self) as connection:
            told: Any = connection.execute(asked, (self.schema, sorted(TABLES))).fetchone()
        if told["reading"]:
            raise LedgerMustBeWritable(path=self, why="The server only reads: it may be a standby")
        if told["without"]:
            raise LedgerMustBeWritable(path=self, why="The role may not insert in its tables")

    def _tables(self) -> set[str] | None:
        """The tables of the schema, the links of an older make under a name of their own; None without a schema."""
        asked = (
            "SELECT CASE WHEN relname = 'links' AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid"
            f" AND attname = 'originator_id') THEN '{_OLDER_LINKS}' ELSE relname END AS relname"
            " FROM pg_namespace LEFT JOIN pg_class ON relnamespace = pg_namespace.oid"
            " AND relkind NOT IN ('i', 'S', 't', 'c') WHERE nspname = %s"
        )
        with _asking(self) as connection:
            found = connection.execute(asked, (self.schema,)).fetchall()
        return {row["relname"] for row in found if row["relname"]} if found else None

    def _holds_an_entry(self) -> bool:
        with _asking(self) as connection:
            asked = SQL("SELECT 1 FROM {}.stored_events LIMIT 1").format(Identifier(self.schema))
            return connection.execute(asked).fetchone() is not None
