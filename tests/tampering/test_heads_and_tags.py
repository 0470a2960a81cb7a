"""The head written down and the tags, edited in every field."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.anchor import Anchor, beside
from ledger.application import Ledger
from ledger.errors import LedgerError, RecordMustVerify
from projections.verification import UNPROVEN, Verdict, verify
from tampering.forgery import tampered
from tampering.remembered import Kept
from tampering.specimen import HUNDREDS

pytestmark = pytest.mark.usefixtures("quickly")

N = HUNDREDS
FIELDS = {"entry", "sha256", "root", "tree", "recorded", "schema", "tags"}

# --- the head written down --------------------------------------------------------------------------------------------


def told(path: Path) -> Verdict | LedgerError:
    """A verdict, or words."""
    try:
        return verify(path)
    except LedgerError as error:
        return error


ANCHOR_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, N, N - 1, N + 1, float(N), float("nan"), float("inf"), 10**30, 1.5, "", "x", str(N),
    f" {N}", "0" * 64, "0" * 63, "é" * 64, "00" * 8, [], [N], {}, "2101-01-03T15:00:00+00:00", "2101-01-03",
    "2101-01-03T15:00:00", "captable/head/2",
)  # fmt: skip


def test_every_field_of_the_head_written_down_is_held_against_the_record(path: Path, kept: Kept) -> None:
    """Any other value in any field, or the field away: exit 4, and never a verdict of proven."""
    true = json.loads(kept.files.head)
    assert set(true) == FIELDS
    for name, right in true.items():
        for value in ANCHOR_VALUES:
            if type(value) is type(right) and (value == right or (name == "tags" and 0 <= value < right)):
                continue  # fewer tags were there when an older head was written down
            beside(path).write_text(json.dumps({**true, name: value}), encoding="utf-8")
            assert isinstance(told(path), RecordMustVerify), (name, value)
        beside(path).write_text(json.dumps({key: true[key] for key in true if key != name}), encoding="utf-8")
        assert isinstance(told(path), RecordMustVerify), name


def test_every_bit_of_the_head_written_down_counts(path: Path, kept: Kept) -> None:
    """All eight bits of every byte: not one flip is taken for the head, but where it says the same (a digit's case)."""
    true, same = kept.files.head.encode(), 0
    right = Anchor.read(kept.files.head)
    for at in range(len(true)):
        for bit in range(8):
            false = true[:at] + bytes([true[at] ^ 1 << bit]) + true[at + 1 :]
            try:
                read = Anchor.read(false.decode())
            except (ValueError, RecursionError):
                continue  # then it is no head, as the test before has it
            if read == right:
                same += 1
                assert false.lower() == true.lower()
                continue
            if replace(read, tags=right.tags) == right and read.tags < right.tags:
                continue  # fewer tags were there when an older head was written down
            beside(path).write_bytes(false)
            assert isinstance(told(path), RecordMustVerify), (at, bit)
    assert same < len(true)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\0",
        b"null",
        b"[]",
        b"7",
        b'"',
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 10_000,
        b"NaN",
    ],
    ids=lambda text: str(text[:8]),
)
def test_a_head_that_is_none_does_not_pass(path: Path, text: bytes) -> None:
    """Emptied, garbled, nested beyond all bounds: what stands there is no head, and is said to be none."""
    beside(path).write_bytes(text)
    assert isinstance(told(path), RecordMustVerify)


def test_a_head_taken_away_or_put_back_leaves_the_record_unproven(path: Path, kept: Kept, folder: Path) -> None:
    """Without a head nothing is known of the end; with an older one only that it is a beginning."""
    beside(path).unlink()
    verdict = verify(path)
    assert (verdict.verdict, verdict.proven_by, verdict.beginnings) == (UNPROVEN, [], [])
    older = folder / "older.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(older),))
    tampered(
        older,
        "DELETE FROM tags",
        "DELETE FROM stored_events WHERE originator_version > 99",
        "DELETE FROM links WHERE entry > 99",
    )
    with Ledger.open(older) as ledger:
        beside(path).write_text(ledger.anchor().text(), encoding="utf-8")
    verdict = verify(path)
    assert (verdict.verdict, verdict.proven_by, len(verdict.beginnings)) == (UNPROVEN, [], 1)


# --- tags -------------------------------------------------------------------------------------------------------------


ENTRY_7 = "(SELECT lower(hex(sha256)) FROM links WHERE entry = 7)"
BOUND = {
    "as_of": ("'2001-12-31T00:00:00'", "''", "'20011231'", "'9999-99-99'"),
    "known_at": (
        "'2101-01-03T15:00:00+00:00'",
        "'2001-01-03T15:00:00+00:00'",
        "'2101-01-03'",
        "'2101-01-03T15:00:00'",
        "''",
        "replace(known_at, '+00:00', 'Z')",
    ),
    "entry": ("0", "1", "-1", "entry - 1", "entry + 1", "1000000", "9223372036854775807"),
    "sha256": ("''", "upper(sha256)", ENTRY_7, "'0'"),
    "made": ("''", "'2101-01-03'", "'now'", "replace(made, '+00:00', 'Z')"),
}
UNBOUND = {
    "name": ("'FY1999'", "''", "name || ' '"),
    "as_of": ("'2001-12-30'", "'2002-01-01'"),
    "known_at": ("replace(known_at, ':0', ':1')",),
    "made": ("'2101-02-03T15:00:00+00:00'",),
}


def each(columns: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Every column with every value."""
    return [(column, value) for column, values in columns.items() for value in values]


@pytest.mark.parametrize(("column", "value"), each(BOUND))
def test_a_tag_holds_its_head_and_a_day_and_instants(path: Path, column: str, value: str) -> None:
    """The head of a tag is one of the record's, known at its moment; a day is a day and an instant an instant."""
    tampered(path, f"UPDATE tags SET {column} = {value} WHERE name = 'FY2002'")
    assert isinstance(told(path), RecordMustVerify)


@pytest.mark.parametrize(("column", "value"), each(UNBOUND))
def test_a_tags_name_and_day_and_moments_are_bound_to_it(path: Path, column: str, value: str) -> None:
    """Another day under the name of an old question is another question: no link binds it, and something has to."""
    tampered(path, f"UPDATE tags SET {column} = {value} WHERE name = 'FY2002'")
    assert isinstance(told(path), RecordMustVerify)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM tags WHERE name = 'FY2002'",
        "INSERT INTO tags SELECT 'FY1999', as_of, known_at, entry, sha256, made, seal FROM tags WHERE name = 'FY2002'",
    ],
)
def test_a_tag_more_or_less_is_found(path: Path, statement: str) -> None:
    """A tag taken away or put in by another than the ledger."""
    tampered(path, statement)
    assert isinstance(told(path), RecordMustVerify)
