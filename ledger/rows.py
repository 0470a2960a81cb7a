"""What a ledger file holds, as it is stored: its tables, the rows of its entries, and its tags.

Whoever reads the file past the event store needs these and no more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ledger.errors import RecordMustBeReadable

STREAM = "ledger"
"""The one stream of a ledger file."""

TABLES = {"stored_events", "links", "tags"}
"""The tables that make a ledger, in whichever store."""

OLDER_LINKS = (
    "CREATE TABLE links (originator_id TEXT NOT NULL, originator_version INTEGER NOT NULL, sha256 TEXT NOT NULL,"
    " PRIMARY KEY (originator_id, originator_version)) STRICT, WITHOUT ROWID"
)
"""The table of links as older ledger files have it: the same hashes, in digits, under a name and a number."""

TERMS_ENTRY = 1
"""The number of the entry that holds the terms; the first journal line is the next."""

TERMS_WORD = "TermsAdopted"
"""The stored name of entry 1."""


class Stored(NamedTuple):
    """A row of the store: the entry's number, its word, its exact bytes, and the link beside it."""

    number: int
    word: str
    state: bytes
    sha256: str


def in_hex(digest: object) -> str:
    """A stored hash as everybody is told it, in hexadecimal digits; what is no hash stands for itself."""
    return digest.hex() if isinstance(digest, bytes) else repr(digest)


@contextmanager
def readable(number: int) -> Iterator[None]:
    """Turn what comes of a stored entry that makes no sense into RecordMustBeReadable."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:  # a ValidationError and a decoding error are ValueErrors
        why = str(error).split("\n")[0]
        raise RecordMustBeReadable(entry=number, why=why, before=number - 1) from error


class Tag(NamedTuple):
    """A name for both clocks of a question, with the head at the moment it was given; instants as ISO 8601 text."""

    name: str
    as_of: str
    known_at: str
    entry: int
    sha256: str
    made: str
    seal: str = ""

    @property
    def right_seal(self) -> str:
        """The hash over all else that the tag says, by which a damaged one is found."""
        import hashlib  # noqa: PLC0415 - as `links` says

        return hashlib.sha256("\n".join(map(str, self[:-1])).encode()).hexdigest()


TAG_COLUMNS = ", ".join(Tag._fields)
"""The columns of the table of tags, in the order of a tag's fields."""


def schema(events: str = "stored_events") -> dict[str, str]:
    """The tables and triggers of a ledger file by name, each with the statement that makes it.

    By the triggers the database itself lets nothing recorded be changed, taken away, or put in the place of another.
    """
    made = {
        events: f"CREATE TABLE {events} (rowid INTEGER PRIMARY KEY AUTOINCREMENT, originator_id TEXT NOT NULL,"
        " originator_version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL,"
        " UNIQUE (originator_id, originator_version)) STRICT",
        "links": "CREATE TABLE links (entry INTEGER PRIMARY KEY, sha256 BLOB NOT NULL) STRICT",
        "tags": "CREATE TABLE tags (name TEXT NOT NULL PRIMARY KEY, as_of TEXT NOT NULL, known_at TEXT NOT NULL,"
        " entry INTEGER NOT NULL, sha256 TEXT NOT NULL, made TEXT NOT NULL, seal TEXT NOT NULL) STRICT, WITHOUT ROWID",
        f"{events}_follow": f"CREATE TRIGGER {events}_follow BEFORE INSERT ON {events} WHEN NEW.originator_version <="
        f" (SELECT max(originator_version) FROM {events} WHERE originator_id = NEW.originator_id)"
        " BEGIN SELECT RAISE(ABORT, 'an entry follows the last'); END",
    }
    for table in (events, "links", "tags"):
        for verb in ("update", "delete"):
            name = f"{table}_never_{verb}"
            made[name] = (
                f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'nothing recorded is ever changed'); END"
            )
    return made
