"""A ledger, or tables in it, that an older captable made: said to be so, and brought to today's without a loss."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from given import COMMON, issued
from ledger.application import Ledger
from ledger.ledger_schema import LedgerSchema
from ledger.moments import parse_day
from ledger.rows import OLDER_LINKS, schema
from on_file import ran, story_told
from test_both_stores import begun as begun_in
from test_both_stores import told

Capture = pytest.CaptureFixture[str]

TELLING = ["asof 2001-11-12", "rate", "log", "show 5", "tag", "head", "verify", "replay", "prove 5", "backup copy.db"]
TELLING += ["record CommonSharesIssued --effective 2010-01-01 --shares 10 --cash 100", "export bundle -o audit.zip"]


def made_older(path: Path, *, tags: bool = True) -> None:
    """Put the tables of a ledger into the form that they had: each link in digits, and at first no tags."""
    with closing(sqlite3.connect(path)) as connection:
        links = [(number, digest.hex()) for number, digest in connection.execute("SELECT entry, sha256 FROM links")]
        connection.execute("DROP TABLE links")
        connection.execute(OLDER_LINKS)
        connection.executemany("INSERT INTO links VALUES ('ledger', ?, ?)", links)
        for name in ("links_never_update", "links_never_delete"):
            connection.execute(schema()[name])
        if not tags:
            connection.execute("DROP TABLE tags")
        connection.commit()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The story's ledger with a tag, named and made by an older captable."""
    path = story_told(tmp_path / "ledger.db")
    with Ledger.open(path) as ledger:
        ledger.tag("FY2001", parse_day("2001-12-31"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAPTABLE_LEDGER", str(path))
    return path


@pytest.mark.parametrize("command", TELLING)
@pytest.mark.parametrize("tags", [True, False], ids=["with tags", "before there were tags"])
def test_an_older_make_is_said_to_be_one(path: Path, capsys: Capture, command: str, tags: bool) -> None:
    """It is a ledger, and nothing in it is in doubt: it is said what to do, and nothing is done."""
    made_older(path, tags=tags)
    before = path.read_bytes()
    said = ran(capsys, *command.split())
    assert (said.status, said.out) == (2, "")
    assert f"{path} is a ledger of an older make.  [ledger-must-be-of-this-make]" in said.err
    assert f"`captable copy {path} NEW`" in said.err
    assert path.read_bytes() == before
    assert not (path.parent / "copy.db").exists()


@pytest.mark.parametrize("tags", [True, False], ids=["with tags", "before there were tags"])
def test_a_copy_of_an_older_make_is_of_todays(path: Path, capsys: Capture, tags: bool) -> None:
    """Its head is the head written down before, and every answer is the answer of before."""
    with Ledger.open(path) as ledger:
        head, kept = ledger.head(), ledger.tags()
    told = ran(capsys, "asof", "2001-11-12", "--json").data
    made_older(path, tags=tags)
    if not tags:
        (path.parent / "ledger.db.head").unlink()  # it counts a tag, and there were none yet
    said = ran(capsys, "copy", path, path.parent / "copy.db", "--json")
    assert (said.status, said.data["verdict"], said.data["head"]) == (0, "proven", head.data()), said.err
    with Ledger.open(path.parent / "copy.db") as copy:
        assert (copy.head(), copy.tags()) == (head, kept if tags else [])
    assert ran(capsys, "asof", "2001-11-12", "--json", "--ledger", path.parent / "copy.db").data == told


def test_a_copy_of_an_older_make_that_was_altered_is_refused(path: Path, capsys: Capture) -> None:
    """A link that is not the hash of its entry, or is no hash at all, is found before anything is made."""
    made_older(path)
    for digits, number in (("00" * 32, 7), ("no hash", 5)):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TRIGGER IF EXISTS links_never_update")
            connection.execute("UPDATE links SET sha256 = ? WHERE originator_version = ?", (digits, number))
            connection.commit()
        said = ran(capsys, "copy", path, path.parent / "copy.db")
        assert (said.status, f"at entry {number}." in said.err) == (4, True), said.err
        assert not (path.parent / "copy.db").exists()


def test_an_older_make_counts_among_the_ledgers_of_a_folder(path: Path, capsys: Capture) -> None:
    """Also without a head beside it `verify --all` tells of it, and what it is: it is not broken, and nothing is 4."""
    story_told(path.parent / "whole.db")
    made_older(path)
    (path.parent / "ledger.db.head").unlink()
    said = ran(capsys, "verify", "--all", "--store", path.parent)
    older, whole = said.out.splitlines()
    assert older.startswith(f"{path}: of another make. {path} is a ledger of an older make. ")
    assert older.endswith(" [ledger-must-be-of-this-make]")
    assert ": proven, " in whole
    assert said.status == ran(capsys, "verify").status == 2
    told = ran(capsys, "verify", "--all", "--store", path.parent, "--json")
    first = told.data["ledgers"][0]
    assert (told.status, first["verdict"], first["name"]) == (2, "of-another-make", "ledger-must-be-of-this-make")


def test_among_the_ledgers_of_a_folder_tables_of_another_make_break_no_ledger(path: Path, capsys: Capture) -> None:
    """The status is that of `verify` on the one ledger; beside one that is broken only that one is said to be."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP VIEW rate_in_force")
    said = ran(capsys, "verify", "--all", "--store", path.parent)
    assert said.out.startswith(f"{path}: of another make. The published tables are not as they are made today")
    assert said.status == ran(capsys, "verify").status == 4
    made_older(path)
    story_told(path.parent / "other.db").write_bytes(b"")
    said = ran(capsys, "verify", "--all", "--store", path.parent)
    assert said.status == 4
    assert [line.split(": ")[1].split(".")[0] for line in said.out.splitlines()] == ["of another make", "BROKEN"]


@pytest.mark.parametrize(
    "made", ["ALTER TABLE kept_pieces ADD COLUMN more TEXT", "DROP VIEW rate_in_force"], ids=["a table", "a view"]
)
def test_published_tables_of_another_make_are_made_anew_and_no_backup_is_restored(
    path: Path, capsys: Capture, made: str
) -> None:
    """They rest on the entries, which fit: after a new captable is installed `replay` mends what `verify` tells of."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(made)
    said = ran(capsys, "verify")
    assert (said.status, "[tables-must-be-of-this-make]" in said.err) == (4, True), said.err
    assert "captable replay" in said.err
    assert "backup" not in said.err
    assert ran(capsys, "replay").status == 0
    assert ran(capsys, "verify").status == 0


def test_a_schema_of_an_older_make_is_said_to_be_one(schema: LedgerSchema, capsys: Capture) -> None:
    """In PostgreSQL it cannot be copied by today's captable, and what to do instead is said."""
    begun_in(schema, COMMON, issued())
    told(schema, f"DROP TABLE {schema.schema}.links")
    columns = "originator_id text NOT NULL, originator_version bigint NOT NULL, sha256 text NOT NULL"
    told(schema, f"CREATE TABLE {schema.schema}.links ({columns})")
    for words in (("asof", "2001-11-12"), ("verify",), ("head",)):
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("CAPTABLE_LEDGER", f"{schema.database.url}&schema={schema.schema}")
            said = ran(capsys, *words)
        assert (said.status, "[ledger-must-be-of-this-make]" in said.err) == (2, True), said.err
        assert "Copy it to a file with the captable that recorded in it" in said.err
