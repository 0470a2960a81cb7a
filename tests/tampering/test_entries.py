"""Entries changed, swapped, taken away and put in by SQL: each is found, and the first misfit is named."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from ledger.anchor import beside
from ledger.application import Ledger
from tampering.asked import ORDER
from tampering.forgery import EVENTS, LINKS, NUMBER, edited, gone, published_anew, tampered
from tampering.remembered import Kept
from tampering.said import Said, entry_named, proven, unproven
from tampering.specimen import HUNDREDS, read_lines

pytestmark = pytest.mark.usefixtures("quickly")

N = HUNDREDS
PLACES = (1, 2, 77, N - 1, N)
"""Entries that are tampered with: the terms, the first, one in the middle, the last two."""


def test_the_untouched_ledger_is_proven(path: Path, verify: Callable[..., Said]) -> None:
    """What nobody touched fits, every row of it."""
    said = verify(path)
    assert proven(said)
    assert f"{N} entries" in said[1]
    assert "3 tags fit" in said[1]


# --- an entry changed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_one_bit_of_an_entry_is_found(path: Path, kept: Kept, place: int, verify: Callable[..., Said]) -> None:
    """Any bit of what an entry says: the entry is named."""
    state, random = kept.truth.stored[place - 1].state, Random(place)
    for at in random.sample(range(len(state)), 3):
        flipped = bytearray(state)
        flipped[at] ^= 1 << random.randrange(8)
        kept.files.lie_at(path)
        tampered(path, edited(EVENTS, place, "state", f"x'{flipped.hex()}'"))
        assert entry_named(verify(path)) == place


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        (EVENTS, "state", "CAST(replace(CAST(state AS TEXT), '1', '7') AS BLOB)"),
        (EVENTS, "state", "CAST(CAST(state AS TEXT) || ' ' AS BLOB)"),
        (EVENTS, "state", "x''"),
        (EVENTS, "topic", "'CountAttested'"),
        (EVENTS, "topic", "topic || char(10)"),
        (EVENTS, "topic", "''"),
        (EVENTS, "originator_id", "'another'"),
        (EVENTS, "originator_version", "-5"),
        (EVENTS, "originator_version", "100000"),
        (EVENTS, "rowid", "-5"),
        (EVENTS, "rowid", "100000"),
        (LINKS, "sha256", "CAST(lower(hex(sha256)) AS BLOB)"),
        (LINKS, "sha256", "x''"),
        (LINKS, "entry", "-5"),
        (LINKS, "entry", "100000"),
    ],
)
def test_every_column_of_an_entry_and_of_its_link_counts(
    path: Path, place: int, table: str, column: str, value: str, verify: Callable[..., Said]
) -> None:
    """A digit, a space, a word, a number, an id, a link: the first entry that does not fit is named."""
    tampered(path, edited(table, place, column, value))
    moved_ahead = (value == "-5" and column == "rowid") or (table == LINKS and value == "-5")
    assert entry_named(verify(path)) == (1 if moved_ahead else place)  # ahead is before the first


def swapped(table: str, column: str, one: int, other: int, by: str) -> list[str]:
    """Statements that swap a column of two rows, though it be unique."""
    where = f"UPDATE {table} SET {column} = (SELECT {column} FROM %s WHERE {by} = %s) WHERE {by} = %s"
    return [
        f"CREATE TEMP TABLE was AS SELECT {by} AS {by}, {column} AS {column} FROM {table}"
        if column != by
        else f"CREATE TEMP TABLE was AS SELECT {by} FROM {table}",
        *(
            [where % ("was", other, one), where % ("was", one, other)]
            if column != by
            else [
                f"UPDATE {table} SET {by} = -1 WHERE {by} = {one}",
                f"UPDATE {table} SET {by} = {one} WHERE {by} = {other}",
                f"UPDATE {table} SET {by} = {other} WHERE {by} = -1",
            ]
        ),
        "DROP TABLE was",
    ]


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 3), (50, 51), (20, 200), (N - 1, N)])
@pytest.mark.parametrize(
    "columns",
    [
        [(EVENTS, "state")],
        [(EVENTS, "state"), (EVENTS, "topic")],
        [(EVENTS, "state"), (EVENTS, "topic"), (LINKS, "sha256")],
        [(EVENTS, "originator_version")],
        [(EVENTS, "originator_version"), (LINKS, "entry")],
        [(EVENTS, "rowid")],
        [(EVENTS, "rowid"), (EVENTS, "originator_version")],
        [(EVENTS, "rowid"), (EVENTS, "originator_version"), (LINKS, "entry")],
        [(LINKS, "sha256")],
        [(LINKS, "entry")],
    ],
    ids=lambda columns: "+".join(f"{table}.{column}" for table, column in columns),
)
def test_two_entries_swapped_are_found(
    path: Path, one: int, other: int, columns: list[tuple[str, str]], verify: Callable[..., Said]
) -> None:
    """Contents, numbers, ids, links, or several of them together: the first of the two is named."""
    statements = []
    for table, column in columns:
        by = "rowid" if column == "rowid" else NUMBER[table]
        statements += swapped(table, column, one, other, by)
    tampered(path, *statements)
    assert entry_named(verify(path)) == one


# --- an entry taken away, or put in ----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES[:-1])
@pytest.mark.parametrize("tables", [(EVENTS,), (LINKS,), (EVENTS, LINKS)], ids="+".join)
@pytest.mark.parametrize("renumbered", [False, True], ids=["", "renumbered"])
def test_an_entry_taken_from_the_middle_is_found(
    path: Path, place: int, tables: tuple[str, ...], renumbered: bool, verify: Callable[..., Said]
) -> None:
    """With its link or without it, the numbers after it moved up or not: the gap is named."""
    statements = [gone(table, place) for table in tables]
    if renumbered:
        for table in tables:
            statements += [
                f"UPDATE {table} SET {NUMBER[table]} = -{NUMBER[table]} WHERE {NUMBER[table]} > {place}",
                f"UPDATE {table} SET {NUMBER[table]} = -{NUMBER[table]} - 1 WHERE {NUMBER[table]} < 0",
            ]
    tampered(path, *statements)
    assert entry_named(verify(path)) == place


def test_an_entry_recorded_where_others_were_cut_off_is_found(path: Path, verify: Callable[..., Said]) -> None:
    """Whoever cuts off a tail and records on leaves a gap in the ids, and every head from then on is of the gap."""
    tampered(path, *(gone(table, number) for table in (EVENTS, LINKS) for number in (N - 1, N)), "DELETE FROM tags")
    tampered(path, *(f"DELETE FROM {table} WHERE entry > {N - 2}" for table in ORDER))
    with Ledger.open(path) as ledger:
        [line] = [{"event": "HolderRegistered", "effective": "2100-12-03", "holder": "Forged"}]
        ledger.record(read_lines([line]))
    assert entry_named(verify(path)) == N - 1
    beside(path).unlink()
    assert entry_named(verify(path)) == N - 1


def cut(count: int, *, cleverly: bool) -> list[str]:
    """Statements that take the last entries away; cleverly, with every trace in the file."""
    first = N - count + 1
    statements = [f"DELETE FROM {table} WHERE {NUMBER[table]} >= {first}" for table in (EVENTS, LINKS)]
    clever = [
        f"UPDATE sqlite_sequence SET seq = {first - 1} WHERE name = 'stored_events'",
        f"DELETE FROM tags WHERE entry >= {first}",
    ]
    return statements + (clever if cleverly else [])


@pytest.mark.parametrize("count", [1, 2, 3, 100, N - 1])
@pytest.mark.parametrize("anchor", [True, False], ids=["anchored", "not anchored"])
def test_a_tail_cut_off_clumsily_is_found_by_its_traces(
    path: Path, count: int, anchor: bool, verify: Callable[..., Said]
) -> None:
    """The kept rows, the tags and the highest id given out tell of it, though no head were written down."""
    if not anchor:
        beside(path).unlink()
    tampered(path, *cut(count, cleverly=False))
    assert entry_named(verify(path)) == N - count + 1


@pytest.mark.parametrize("count", [1, 2, 3, 100, N - 1])
def test_a_tail_cut_off_cleverly_is_found_by_the_head_written_down(
    path: Path, kept: Kept, count: int, verify: Callable[..., Said]
) -> None:
    """In what is left there is no trace: without a head it is unproven, with one the missing entry is named."""
    tampered(path, *cut(count, cleverly=True))
    published_anew(path)
    assert entry_named(verify(path)) == N - count + 1
    beside(path).unlink()
    assert unproven(verify(path))
    assert entry_named(verify(path, "--expect", str(kept.truth.verdict.head))) == N - count + 1


def test_a_ledger_emptied_is_found(path: Path, verify: Callable[..., Said]) -> None:
    """Not one entry is left, nor any trace, nor a head: there are no terms, and entry 1 is named."""
    beside(path).unlink()
    tampered(path, *cut(N, cleverly=True), *(f"DELETE FROM {table}" for table in ORDER))
    assert entry_named(verify(path)) == 1


@pytest.mark.parametrize("numbered", [-1, 0, N + 1, N + 2, 100000])
@pytest.mark.parametrize("tables", [(EVENTS,), (LINKS,), (EVENTS, LINKS)], ids="+".join)
def test_an_entry_put_in_is_found(
    path: Path, numbered: int, tables: tuple[str, ...], verify: Callable[..., Said]
) -> None:
    """A copy of the last under another number, at either end, linked or not."""
    put = {
        EVENTS: "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
        f" SELECT originator_id, {numbered}, topic, state FROM stored_events WHERE originator_version = {N}",
        LINKS: f"INSERT INTO links SELECT {numbered}, sha256 FROM links WHERE entry = {N}",
    }
    tampered(path, *(put[table] for table in tables))
    assert entry_named(verify(path)) == (1 if numbered < 1 and LINKS in tables else N + 1)


@pytest.mark.parametrize("column", ["originator_id", "originator_version"])
def test_an_entry_without_a_number_is_found(path: Path, column: str, verify: Callable[..., Said]) -> None:
    """An entry of another stream, which no question asks for, is as false as any other."""
    other = {"originator_id": ("'another'", "1"), "originator_version": ("'ledger'", "0")}[column]
    tampered(
        path,
        "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES"
        f" ({', '.join(other)}, 'HolderRegistered', x'7b7d')",
    )
    assert entry_named(verify(path)) == N + 1
