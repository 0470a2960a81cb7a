"""A ledger is the same in either store: entries, links, answers, refusals, tags, proofs, and what is found altered."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from freezegun import freeze_time
from psycopg.sql import SQL

from given import COMMON, SERIES_H, issued, sold, transferred
from ledger.application import Ledger
from ledger.errors import LedgerError, RecordMustVerify
from ledger.ledger_file import LedgerFile
from ledger.ledger_schema import LedgerSchema
from ledger.moments import parse_day
from ledger.places import Place
from ledger.rows import TABLES, Stored
from on_file import Said, corrected, entries, learned, ran
from on_file import altered as altered_file
from projections.page.application import page
from projections.page.door import OpenHere
from projections.page.people import Person
from projections.verification import PROVEN, verify

LINES = (COMMON, issued(), sold("2001-07-02", "5000000", "2250000", note="§5(e) — né à Genève"))
STORY = Path(__file__).parent.parent / "fixtures" / "series_h.jsonl"


def begun(place: Place, *lines: dict[str, Any]) -> Place:
    """A place with a ledger of some lines, each recorded at its known second, and published."""
    with freeze_time(learned(1)), Ledger.begin(place, SERIES_H) as ledger:
        for line in lines:
            with freeze_time(learned(ledger.book.last + 1)):
                ledger.record(entries(line))
    return place


def rows(place: Place) -> list[Stored]:
    """Every entry exactly as it is stored, with its link."""
    with Ledger.open(place) as ledger:
        return list(ledger.stored())


def told(place: LedgerSchema, *statements: str) -> None:
    """Tell a ledger's database some statements, in its schema and as somebody who may do everything."""
    with closing(psycopg.connect(place.database.url, autocommit=True)) as connection:
        for statement in (f"SET search_path = {place.schema}", *statements):
            connection.execute(SQL(statement))


def altered(place: Place, *statements: str) -> None:
    """Alter a ledger behind its back, its triggers out of the way and back again."""
    if isinstance(place, LedgerSchema):
        away = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in TABLES]
        back = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER never_changed" for table in TABLES]
        follows = "ALTER TABLE stored_events ENABLE ALWAYS TRIGGER follows"
        told(place, *away, *statements, *back, follows)
    else:
        altered_file(place.published, *statements)


@pytest.fixture
def asking(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command on a place."""

    def ask(place: Place, *words: object) -> Said:
        return ran(capsys, *words, "--ledger", place)

    return ask


def test_one_history_has_one_head_whichever_store_keeps_it(schema: Place, tmp_path: Path) -> None:
    """The same entries recorded at the same instants are the same bytes under the same links.

    Apart from them three more rows are published, which tell of each after the terms when it was recorded.
    """
    file = begun(LedgerFile(tmp_path / "ledger.db"), *LINES)
    assert rows(begun(schema, *LINES)) == rows(file)
    there, here = verify(schema), verify(file)
    assert there.data() == here.data() | {"proven_by": there.proven_by, "published_rows": here.published + 3}


def test_the_story_is_answered_in_either_store(place: Place, asking: Callable[..., Said]) -> None:
    """The whole story is begun, recorded as a journal, asked, replayed, proved and verified by the commands."""
    for words in (("init",), ("record", STORY)):
        assert asking(place, *words).status == 0
    shown = asking(place, "asof", "2001-11-12", "--json").data
    assert shown["preferred"]["outstanding"] == "4000"
    assert shown["conversion_rate"]["per_share"] == "1467.215734"
    assert len(asking(place, "replay", "--json").data["entries"]) == 118
    assert asking(place, "prove", 5).data["size"] == 119
    verdict = asking(place, "verify", "--json").data
    assert (verdict["verdict"], verdict["entries"]) == (PROVEN, 119)
    assert verdict["published_rows"] > 121  # a row for each entry after the terms, the certificates, and the positions


def test_entries_are_found_by_their_kinds_and_the_page_shows_them(place: Place) -> None:
    """Those stored under some words, up to one, by number; the page of either store lists them and says its day."""
    begun(place, *LINES, sold("2001-08-01", "1000", "900"))
    with place.rows() as found:
        assert found.worded({"CommonSharesIssued", "PreferredSharesIssued"}, 5) == [3, 4, 5]
        assert found.worded({"CommonSharesIssued"}, 4) == [4]
        assert found.worded({"EntryVoided"}, 5) == []
    client = page(place, OpenHere(Person(""))).test_client()
    for room in ("/", "/rate", "/log?kind=CommonSharesIssued", "/certificate/5(e)", "/entry/4", "/conversions"):
        assert client.get(room, base_url="http://localhost").status_code == 200
    listed = client.get("/log?kind=CommonSharesIssued", base_url="http://localhost").text
    assert "2 of 4 entries known" in listed


def test_what_is_refused_leaves_nothing(place: Place, asking: Callable[..., Said]) -> None:
    """A refusal has the same name in either store; neither an entry nor a link is left."""
    before = rows(begun(place, *LINES))
    refused = [str(word) for word in ("--effective", "2001-05-01", "--holder", "B", "--certificate", "H-2")]
    said = asking(place, "record", "PreferredSharesIssued", *refused, "--shares", "1")
    assert said.status == 3
    assert "[issue-must-stay-within-designation]" in said.err
    assert rows(place) == before


def test_a_correction_and_a_ref_that_comes_again(place: Place) -> None:
    """A correction is an entry of its own; a line sent twice under its ref is recorded once."""
    begun(place, *LINES, corrected(4, sold("2001-07-02", "4000000", "2250000")))
    with Ledger.open(place, to_record=True) as ledger:
        assert ledger.book.position.common.outstanding == 39_000_000  # 35,000,000 and the 4,000,000 of the correction
        again = {**sold("2001-08-01", "1", "1"), "ref": "R-1"}
        assert [len(ledger.record(entries(again)).new) for _ in range(2)] == [1, 0]
    assert len(rows(place)) == 6


def test_a_tag_fixes_both_clocks(place: Place, asking: Callable[..., Said]) -> None:
    """What is recorded after a tag was given is not in the answer at the tag; a name is given once."""
    begun(place, *LINES)
    assert asking(place, "tag", "FY2001", "--as-of", "2001-12-31").status == 0
    before = asking(place, "asof", "--at", "FY2001", "--json").data
    with Ledger.open(place, to_record=True) as ledger:
        ledger.record(entries(sold("2001-08-01", "1000000", "1000")))
    assert asking(place, "asof", "--at", "FY2001", "--json").data == before
    assert "[tag-must-be-new]" in asking(place, "tag", "FY2001", "--as-of", "2002-12-31").err
    assert verify(place).tags == 1


ANOTHERS = "SELECT state FROM stored_events WHERE originator_version = 2"
SWAP = (
    "UPDATE stored_events SET originator_version = -3 WHERE originator_version = 3",
    "UPDATE stored_events SET originator_version = 3 WHERE originator_version = 4",
    "UPDATE stored_events SET originator_version = 4 WHERE originator_version = -3",
)
SWAPPED_LINKS = [one.replace("stored_events", "links").replace("originator_version", "entry") for one in SWAP]
FIRST_LINK = "(SELECT sha256 FROM links WHERE entry = 1)"


@pytest.mark.parametrize(
    ("statements", "entry"),
    [
        (("UPDATE stored_events SET topic = 'CommonSharesRetired' WHERE originator_version = 4",), 4),
        ((f"UPDATE stored_events SET state = ({ANOTHERS}) WHERE originator_version = 3",), 3),
        (SWAP, 3),
        ((*SWAP, *SWAPPED_LINKS), 3),
        (("DELETE FROM stored_events WHERE originator_version = 2",), 2),
        (("DELETE FROM stored_events WHERE originator_version = 4",), 4),
        (
            (
                "DELETE FROM stored_events WHERE originator_version = 4",
                "DELETE FROM links WHERE entry = 4",
            ),
            4,
        ),
        (("DELETE FROM links WHERE entry = 4",), 4),
        ((f"UPDATE links SET sha256 = {FIRST_LINK} WHERE entry = 2",), 2),
        (("UPDATE tags SET as_of = '2001-01-01'",), 4),
        (("DELETE FROM stored_events", "DELETE FROM links", "DELETE FROM tags"), 1),
    ],
    ids=[
        "a word",
        "the bytes",
        "two rows swapped",
        "rows and links swapped",
        "a middle entry deleted",
        "the last entry deleted",
        "the last entry and its link deleted",
        "a link deleted",
        "a link changed",
        "a tag changed",
        "everything deleted",
    ],
)
def test_whoever_alters_the_record_is_found_out(
    place: Place, statements: tuple[str, ...], entry: int, asking: Callable[..., Said]
) -> None:
    """Whatever was altered, in whichever store, the first entry that does not fit is named; the exit status is 4."""
    with Ledger.open(begun(place, *LINES)) as ledger:
        ledger.tag("FY2001", parse_day("2001-12-31"))
    altered(place, *statements)
    said = asking(place, "verify")
    assert said.status == 4, said
    assert f"at entry {entry}." in said.err


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET topic = 'HolderRegistered' WHERE originator_version = 3",
        "DELETE FROM stored_events WHERE originator_version = 4",
        "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
        f" VALUES ('ledger', 0, 'HolderRegistered', ({ANOTHERS}))",
        f"UPDATE links SET sha256 = {FIRST_LINK}",
        "DELETE FROM links",
        "DELETE FROM tags",
        "UPDATE tags SET as_of = '2001-01-01'",
    ],
    ids=lambda statement: str(statement)[:40],
)
def test_the_database_itself_lets_nothing_recorded_be_changed(place: Place, statement: str) -> None:
    """Whoever comes with a program of their own, the owner of the tables too, can append and nothing else."""
    with Ledger.open(begun(place, *LINES)) as ledger:
        ledger.tag("FY2001", parse_day("2001-12-31"))
    before = verify(place).data()
    if isinstance(place, LedgerSchema):
        with pytest.raises(psycopg.IntegrityError):
            told(place, "SET session_replication_role = replica", statement)
    else:
        with closing(sqlite3.connect(place.published)) as file, pytest.raises(sqlite3.IntegrityError):
            file.execute(statement)
    assert verify(place).data() == before


def test_a_copy_has_the_same_links_head_and_tags(place: Place, schema: Place, tmp_path: Path) -> None:
    """From either store to the other and back: what arrives is what went out, and it can be recorded on."""
    with Ledger.open(begun(place, *LINES)) as ledger:
        ledger.tag("FY2001", parse_day("2001-12-31"))
        head, tags = ledger.head(), ledger.tags()
        there = schema if isinstance(place, LedgerFile) else LedgerFile(tmp_path / "there.db")
        assert ledger.copy(there) == (head, {})
    with Ledger.open(there) as copied:
        assert copied.copy(LedgerFile(tmp_path / "back.db")) == (head, {})
    for one in (there, LedgerFile(tmp_path / "back.db")):
        assert verify(one, [head]).verdict == PROVEN
        assert rows(one) == rows(place)
        with Ledger.open(one, to_record=True) as copy:
            assert copy.tags() == tags
            copy.record(entries(sold("2001-08-01", "1", "1")))
        assert verify(one).entries == head.entry + 1


def test_a_copy_takes_nobodys_place(place: Place, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Where a ledger is, or the head of one that was, none is copied to; where the record is false, none from."""
    begun(place, *LINES)
    begun(LedgerFile(tmp_path / "other.db"))
    said = ran(capsys, "copy", tmp_path / "other.db", place)
    assert said.status == 2
    assert "[ledger-must-be-new]" in said.err
    altered(place, "DELETE FROM links WHERE entry = 3")
    with Ledger.open(place) as ledger, pytest.raises(RecordMustVerify):
        ledger.copy(LedgerFile(tmp_path / "copy.db"))
    assert not (tmp_path / "copy.db").exists()


def test_a_backup_is_a_file(place: Place, asking: Callable[..., Said], tmp_path: Path) -> None:
    """`captable backup` writes a file that verifies by itself, from either store."""
    before = rows(begun(place, *LINES))
    verdict = asking(place, "backup", tmp_path / "backup.db", "--json").data
    assert (verdict["verdict"], verdict["entries"]) == (PROVEN, 4)
    assert rows(LedgerFile(tmp_path / "backup.db")) == before


def test_nothing_begins_where_something_is(place: Place) -> None:
    """Neither over a ledger, nor beside the head of one that is gone."""
    begun(place, *LINES)
    with pytest.raises(LedgerError) as refusal:
        Ledger.begin(place, SERIES_H)
    assert refusal.value.name == "ledger-must-be-new"
    if isinstance(place, LedgerSchema):
        told(place, f"DROP SCHEMA {place.schema} CASCADE")
    else:
        place.published.unlink()
    with pytest.raises(LedgerError) as refusal:
        Ledger.begin(place, SERIES_H)
    assert refusal.value.name == "ledger-must-be-new"
    assert ".head" in str(refusal.value)


def test_a_bundle_of_either_store_checks_out(place: Place, asking: Callable[..., Said], tmp_path: Path) -> None:
    """What the auditor gets does not depend on where the ledger is kept."""
    begun(place, *LINES, transferred("2001-06-01", ("B", "H-2", "5100")))
    said = asking(place, "export", "bundle", "-o", tmp_path / "audit.zip", "--as-of", "2001-12-31", "--json")
    assert said.status == 0
    assert json.loads(said.out)["head"]["entry"] == 5
