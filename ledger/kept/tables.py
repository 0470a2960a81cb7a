"""The tables in which positions are kept beside the entries, and how they are made.

`kept_pieces` has a row wherever an entry made a piece another at the end of a day than it was known to be; so a piece
at the end of a day, as known by an entry, is the row of the latest day up to that one, and of it the latest entry up to
that one. Nothing in it is ever changed: a late entry adds rows for the days that it makes others. `kept_entries` has a
row for each entry, by which entries are found; `kept_holders` one for each holder, since what they hold has so many
rows that looking for the next holder among them would take as long as looking up what the holder had. Where the tables
are kept apart from the entries, `kept_recorded` tells of each what whoever asks in SQL would find in it. All can be
deleted at any time, and made anew from the entries.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from ledger.kept.written import KINDS

FOLD = 2
"""Raised whenever the fold makes something else of the same entries: what another fold kept is made anew."""

SCHEMA = {
    "kept_pieces": f"CREATE TABLE kept_pieces (/* by fold {FOLD} */ kind INTEGER NOT NULL /*"
    f" {', '.join(f'{number} {kind}' for kind, number in KINDS.items())} */,"
    " key TEXT NOT NULL, day INTEGER NOT NULL /* since 1970-01-01 */, entry INTEGER NOT NULL,"
    " says TEXT /* lists, in the order of the fields; accruals by the year, of its days */,"
    " PRIMARY KEY (kind, key, day, entry)) STRICT, WITHOUT ROWID",
    "kept_holders": "CREATE TABLE kept_holders (holder TEXT PRIMARY KEY, entry INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "kept_entries": "CREATE TABLE kept_entries (entry INTEGER PRIMARY KEY, day INTEGER NOT NULL,"
    " latest INTEGER /* seconds since 1970, rounded up */, late INTEGER NOT NULL, about INTEGER, ref TEXT) STRICT",
    "kept_entries_by_day": "CREATE INDEX kept_entries_by_day ON kept_entries (day)",
    "kept_entries_by_ref": "CREATE INDEX kept_entries_by_ref ON kept_entries (ref) WHERE ref IS NOT NULL",
    "kept_entries_late": "CREATE INDEX kept_entries_late ON kept_entries (entry) WHERE late = 1",
    "kept_entries_about": "CREATE INDEX kept_entries_about ON kept_entries (about) WHERE about IS NOT NULL",
}
"""The tables and their indexes by name, each with the statement that makes it.

The fold, the numbers of the kinds and what the pieces say are told in comments, so that tables in which an older
version kept them otherwise are made anew.
"""

TABLES = tuple(name for name, statement in SCHEMA.items() if statement.startswith("CREATE TABLE"))

APART = {
    "kept_recorded": "CREATE TABLE kept_recorded (entry INTEGER PRIMARY KEY, recorded TEXT NOT NULL,"
    " effective TEXT NOT NULL, event TEXT NOT NULL) STRICT",
}
"""The table that stands with them where the entries do not, by name, with the statement that makes it."""

_ENTRIES = "stored_events"
_LOOKED_FOR = f"SELECT name, type, sql FROM sqlite_schema WHERE name IN {(*TABLES, *APART, _ENTRIES)}"

_1970 = date(1970, 1, 1).toordinal()

FROM_THE_START = -_1970
"""The number of a day before every day: what is known whatever the day."""


def numbered(day: date) -> int:
    """A day as it is stored: how many days it is since 1970-01-01."""
    return day.toordinal() - _1970


def day_numbered(number: int) -> date:
    """The day stored under a number."""
    return date.fromordinal(number + _1970)


class EntryRow(NamedTuple):
    """A row of `kept_entries`: the day what it says takes effect, the latest instant of any step so far, and the rest.

    `day` counts days since 1970-01-01, `latest` seconds since then in UTC, rounded up; `about` is the fact that an
    amendment is about in the end.
    """

    entry: int
    day: int
    latest: int | None
    late: int
    about: int | None
    ref: str | None


Ask = Callable[[str, Sequence[Any]], Iterable[tuple[Any, ...]]]
"""What puts a question to the database that holds the tables."""


def kept_up_to(ask: Ask) -> int:
    """The last entry that the tables hold; 0 where they are not there, or are not those that are made today."""
    made = {name: statement for name, _, statement in ask(_LOOKED_FOR, ())}
    right = _schema(apart=_ENTRIES not in made)
    if any(made.get(name) != right[name] for name in (*TABLES, *APART) if name in right):
        return 0
    return next(iter(ask("SELECT max(entry) FROM kept_entries", ())))[0] or 0


def are_apart(ask: Ask) -> bool:
    """Whether the tables are in a database where the entries are not."""
    return all(name != _ENTRIES for name, _, _ in ask(_LOOKED_FOR, ()))


def schema(ask: Ask) -> dict[str, str]:
    """The tables and their indexes as they are made today in a database: beside the entries, or apart from them."""
    return _schema(apart=are_apart(ask))


def _schema(*, apart: bool) -> dict[str, str]:
    return SCHEMA | APART if apart else SCHEMA


def make(ask: Ask) -> None:
    """Make the tables anew, whatever stands in their place, with nothing in them but the entry that holds the terms."""
    right = schema(ask)
    for name, kind, _ in list(ask(_LOOKED_FOR, ())):
        if name in right:
            ask(f"DROP {kind} {name}", ())
    for statement in right.values():
        ask(statement, ())
    ask("INSERT INTO kept_entries VALUES (?, ?, ?, ?, ?, ?)", FIRST)


FIRST = EntryRow(1, FROM_THE_START, None, 0, None, None)
"""The row of entry 1, the terms, which moves nothing."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def counted(instant: datetime) -> int:
    """An instant as `latest` holds it: seconds since 1970 in UTC, one that has begun counted whole.

    So it is never before the instant itself. Whoever goes by it looks at most at a second too much.
    """
    return -((_EPOCH - instant) // _SECOND)


def latest(row: EntryRow | None) -> datetime | None:
    """The latest instant of any step up to an entry, to the second that has begun."""
    return _EPOCH + row.latest * _SECOND if row and row.latest is not None else None
