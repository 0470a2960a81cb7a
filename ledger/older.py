"""A ledger file of an older make, read as one of today's: to be copied, and for nothing else."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from sqlite3 import connect

from ledger.file_rows import FileRows
from ledger.ledger_file import LedgerFile, address
from ledger.place_errors import LedgerMustBeOfThisMake
from ledger.places import Place
from ledger.rows import STREAM, schema


class OlderFile(LedgerFile):
    """A file whose links stand in a table of another form, and in which tags may never have been thought of."""

    __slots__ = ()

    def must_be_a_ledger(self) -> None:
        """Raise LedgerMustExist or LedgerMustBeALedger where it is not of an older make either."""
        with suppress(LedgerMustBeOfThisMake):
            LedgerFile(self.path).must_be_a_ledger()

    @contextmanager
    def rows(self) -> Iterator[FileRows]:
        """The rows as they are at one moment, the links and tags by views of this connection alone."""
        with closing(connect(address(self.path), uri=True, isolation_level=None)) as connection:
            connection.create_function("of_digits", 1, _of_digits, deterministic=True)
            connection.execute(
                "CREATE TEMP VIEW links AS SELECT originator_version AS entry, of_digits(sha256) AS sha256"
                f" FROM main.links WHERE originator_id = '{STREAM}'"
            )
            if not connection.execute("SELECT 1 FROM main.sqlite_schema WHERE name = 'tags'").fetchone():
                connection.execute(schema()["tags"].replace("CREATE TABLE", "CREATE TEMP TABLE"))
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            yield FileRows(connection)


def _of_digits(told: str) -> bytes | str:
    """A hash of its digits; what is none stands for itself, and is no link of any entry."""
    try:
        return bytes.fromhex(told)
    except ValueError:
        return told


def of_any_make(place: Place) -> Place:
    """A place to be copied, also where an older make keeps it; LedgerMustExist, LedgerMustBeALedger."""
    try:
        place.must_be_a_ledger()
    except LedgerMustBeOfThisMake:
        if not isinstance(place, LedgerFile):
            raise
        return OlderFile(place.path)
    return place
