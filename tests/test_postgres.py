"""A ledger in PostgreSQL: who may do what, what is found altered, what a lost server leaves, and many at once."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL

from given import COMMON, SERIES_H, issued, sold
from ledger.application import Ledger
from ledger.errors import LedgerError, RecordMustVerify
from ledger.head import NO_HEAD
from ledger.ledger_file import LedgerFile
from ledger.ledger_schema import Database, LedgerSchema
from ledger.opened import opened
from ledger.places import Place, place_named
from ledger.postgres_store import LinkingRecorder, connected
from on_file import altered as altered_file
from on_file import begun, corrected, entries, learned, ran
from projections.every_ledger import verify_every
from projections.published import publish_views
from projections.report import audit as audit_report
from projections.sql import told as shown
from projections.sql import views
from projections.verification import PROVEN, verify
from server import Server, fresh
from test_both_stores import begun as begun_in
from test_both_stores import rows, told

LINES = (COMMON, issued(), sold("2001-07-02", "5000000", "2250000"))


@pytest.fixture
def ledger(schema: LedgerSchema) -> LedgerSchema:
    """A schema with a ledger of three entries after its terms."""
    begun_in(schema, *LINES)
    return schema


def refused(do: Callable[[], object]) -> LedgerError:
    """The error that something ends with."""
    with pytest.raises(LedgerError) as refusal:
        do()
    return refusal.value


# --- durable ----------------------------------------------------------------------------------------------------------


def test_every_connection_waits_for_the_disk_whatever_the_server_would_do(server: Server) -> None:
    """Where the role's commits would not wait they are made to; where they wait for a standby too, they still do."""
    for set_to, kept in (("off", "on"), ("local", "on"), ("on", "on"), ("remote_apply", "remote_apply")):
        role = fresh()
        with closing(psycopg.connect(server.url(), autocommit=True)) as owner:
            owner.execute(SQL(f"CREATE ROLE {role} LOGIN; ALTER ROLE {role} SET synchronous_commit = {set_to}"))
        with closing(connected(server.url(role))) as connection:
            assert connection.execute("SHOW synchronous_commit").fetchone() == {"synchronous_commit": kept}


def test_a_server_that_never_waits_for_its_disk_is_not_recorded_on(server: Server, ledger: LedgerSchema) -> None:
    """With fsync off what is acknowledged may be lost with the power: such a server is refused, and the reason said."""
    with closing(psycopg.connect(server.url(), autocommit=True)) as owner:
        try:
            _set(owner, "off")
            error = refused(lambda: Ledger.open(ledger))
        finally:
            _set(owner, "on")
    assert error.name == "store-must-be-reachable"
    assert "may be lost" in str(error)
    with Ledger.open(ledger) as again:
        assert again.head().entry == 4


def _set(owner: psycopg.Connection[Any], fsync: str) -> None:
    owner.execute(SQL(f"ALTER SYSTEM SET fsync = {fsync}"))
    owner.execute("SELECT pg_reload_conf()")
    while owner.execute("SHOW fsync").fetchone() != (fsync,):
        time.sleep(0.01)


def test_what_is_lost_on_the_way_may_be_recorded_and_is_recorded_once(
    ledger: LedgerSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is cut after the insert and before the commit: nobody claims to know; a ref makes it safe."""
    append, line = LinkingRecorder._append, {**sold("2001-08-01", "1", "1"), "ref": "R-1"}

    def and_cut(recorder: LinkingRecorder, curs: psycopg.Cursor[Any], events: Any) -> tuple[list[int], str]:
        ids = append(recorder, curs, events)
        told(ledger, f"SELECT pg_terminate_backend({curs.connection.info.backend_pid})")
        return ids

    with monkeypatch.context() as patched, Ledger.open(ledger, to_record=True) as cut:
        patched.setattr(LinkingRecorder, "_append", and_cut)
        error = refused(lambda: cut.record(entries(line)))
    assert (error.name, "same refs" in str(error)) == ("ledger-must-reach-the-disk", True)
    with Ledger.open(ledger, to_record=True) as again:
        assert len(again.record(entries(line)).new) == 1
    assert len(rows(ledger)) == 5


# --- who may do what --------------------------------------------------------------------------------------------------


def test_a_role_that_may_only_select_and_insert_can_record(server: Server, ledger: LedgerSchema) -> None:
    """Whoever records need not be able to change anything, nor to take the triggers away."""
    role = fresh()
    told(
        ledger,
        f"CREATE ROLE {role} LOGIN",
        f"GRANT USAGE ON SCHEMA {ledger.schema} TO {role}",
        f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {ledger.schema} TO {role}",
    )
    place = place_named(f"{server.url(role)}&schema={ledger.schema}")
    assert isinstance(place, LedgerSchema)
    with Ledger.open(place, to_record=True) as recording:
        assert len(recording.record(entries(sold("2001-08-01", "1", "1"))).new) == 1
    assert verify(place).verdict == PROVEN
    for statement in ("ALTER TABLE stored_events DISABLE TRIGGER ALL", "DELETE FROM links", "TRUNCATE tags"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            told(place, statement)


def test_a_role_that_may_only_select_is_answered_and_not_recorded(server: Server, ledger: LedgerSchema) -> None:
    """An auditor's role reads and verifies; that it cannot record, nor begin, is said at once."""
    role = fresh()
    told(
        ledger,
        f"CREATE ROLE {role} LOGIN",
        f"GRANT USAGE ON SCHEMA {ledger.schema} TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {ledger.schema} TO {role}",
    )
    place, other = (place_named(f"{server.url(role)}&schema={name}") for name in (ledger.schema, fresh()))
    assert verify(place).verdict == PROVEN
    assert refused(lambda: Ledger.open(place, to_record=True)).name == "ledger-must-be-writable"
    assert refused(lambda: Ledger.begin(other, SERIES_H)).name == "ledger-must-be-writable"


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE stored_events",
        "INSERT INTO links VALUES (2, '') ON CONFLICT (entry) DO UPDATE SET sha256 = ''",
        "INSERT INTO stored_events OVERRIDING SYSTEM VALUE VALUES ('ledger', 3, 'HolderRegistered', '{}', 99)",
    ],
    ids=["truncated", "replaced", "put in the place of another"],
)
def test_no_other_way_changes_what_is_recorded(ledger: LedgerSchema, statement: str) -> None:
    """PostgreSQL has further ways to change a row; the database refuses those too, to the owner of the tables."""
    with pytest.raises(psycopg.IntegrityError):
        told(ledger, statement)
    assert len(rows(ledger)) == 4


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("ALTER TABLE links DISABLE TRIGGER never_changed", "the trigger never_changed on links"),
        ("ALTER TABLE tags ENABLE TRIGGER never_changed", "the trigger never_changed on tags"),
        ("DROP TRIGGER follows ON stored_events", "the trigger follows on stored_events"),
        ("CREATE TRIGGER more BEFORE INSERT ON tags EXECUTE FUNCTION never_changed()", "the trigger more on tags"),
        (
            "CREATE OR REPLACE FUNCTION never_changed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "the function never_changed",
        ),
        ("ALTER TABLE stored_events ENABLE ROW LEVEL SECURITY", "the table stored_events"),
        ("ALTER TABLE links SET UNLOGGED", "the table links"),
        ("CREATE RULE other AS ON INSERT TO tags DO INSTEAD NOTHING", "the table tags"),
        ("ALTER TABLE tags ADD COLUMN more text", "the column more of tags"),
        ("ALTER TABLE stored_events DROP CONSTRAINT stored_events_pkey", "the key stored_events_pkey"),
        ("ALTER TABLE links ALTER sha256 DROP NOT NULL", "the column sha256 of links"),
    ],
    ids=lambda told: str(told)[:40],
)
def test_a_schema_that_is_not_as_it_was_made_does_not_verify(
    ledger: LedgerSchema, statement: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What keeps the record from being changed is itself held against what it was when it was made."""
    told(ledger, statement)
    said = ran(capsys, "verify", "--ledger", ledger)
    assert said.status == 4
    assert named in said.err


# --- how a ledger is named --------------------------------------------------------------------------------------------


def test_a_name_is_looked_for_in_the_store(
    server: Server, ledger: LedgerSchema, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Under CAPTABLE_STORE a name without a slash is a ledger of the store; with one it is a file."""
    monkeypatch.setenv("CAPTABLE_STORE", server.url())
    assert place_named(ledger.schema) == place_named(str(ledger)) == ledger
    assert place_named("./ledger.db") == LedgerFile(Path("ledger.db"))
    monkeypatch.setenv("CAPTABLE_STORE", str(tmp_path))
    assert place_named("ledger.db") == LedgerFile(tmp_path / "ledger.db")
    monkeypatch.delenv("CAPTABLE_STORE")
    assert str(place_named("ledger.db")) == "ledger.db"


@pytest.mark.parametrize("name", ["", "Acme", "acme corp", "pg_acme", "a" * 64, "ledger.db"])
def test_what_is_no_name_of_a_schema_is_refused(server: Server, home: Path, name: str) -> None:
    """A name that would have to be quoted is refused before anything is asked of a server."""
    error = refused(lambda: place_named(f"{server.url()}&schema={name}"))
    assert error.name == "question-must-be-understood"


@pytest.mark.parametrize("name", ["user", "table", "select", "a_1"])
def test_a_word_of_sql_is_a_name_like_any_other(server: Server, home: Path, name: str) -> None:
    """Names are quoted wherever they are used."""
    place = place_named(f"{server.url()}&schema={name}")
    begun_in(place, *LINES)
    assert verify(place).verdict == PROVEN


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://someone:hush@127.0.0.1:1/captable?schema=acme&connect_timeout=2",
        "postgresql://someone@/captable?host=/nowhere&password=hush&schema=acme",
        "postgres://someone:hush@127.0.0.1:1/captable?nonsense=1&schema=acme",
    ],
    ids=["no server", "no socket", "no such parameter"],
)
def test_a_server_that_does_not_answer_is_named_without_its_password(
    url: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reason is PostgreSQL's own; it comes at once, and a password is never printed."""
    began = time.monotonic()
    said = ran(capsys, "asof", "2001-12-31", "--ledger", url)
    assert (said.status, "[store-must-be-reachable]" in said.err) == (2, True)
    assert "someone" in said.err
    assert "hush" not in said.err
    assert time.monotonic() - began < 10


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed the extra is told how to."""
    monkeypatch.setitem(sys.modules, "ledger.ledger_schema", None)
    error = refused(lambda: place_named("postgresql://localhost/captable?schema=acme"))
    assert error.name == "store-must-be-reachable"
    assert "pip install 'captable[postgres]'" in str(error)


def test_a_ledger_in_a_file_needs_no_driver(tmp_path: Path) -> None:
    """Nothing of PostgreSQL is imported where no ledger is kept there."""
    asked = "import sys; from projections.command_line import main\ntry: main()\nfinally: print(sorted(sys.modules))"
    path = begun(tmp_path / "ledger.db", *LINES)
    words = ["verify", "--ledger", str(path)]
    done = subprocess.run([sys.executable, "-c", asked, *words], capture_output=True, text=True, check=True)
    assert "'ledger.places'" in done.stdout
    assert "psycopg" not in done.stdout
    assert "ledger.postgres_store" not in done.stdout


def test_a_schema_made_beforehand_is_taken_and_one_that_holds_other_tables_is_not(schema: LedgerSchema) -> None:
    """Who may not make schemas is given an empty one; what is in use for something else is left alone."""
    assert refused(lambda: Ledger.open(schema)).name == "ledger-must-exist"
    told(schema, f"CREATE SCHEMA {schema.schema}", "CREATE TABLE holders (name text)")
    assert refused(lambda: Ledger.begin(schema, SERIES_H)).name == "ledger-must-be-new"
    assert refused(lambda: Ledger.open(schema)).name == "ledger-must-be-a-ledger"
    told(schema, "DROP TABLE holders")
    begun_in(schema, *LINES)
    assert len(rows(schema)) == 4


# --- the published tables, kept apart ---------------------------------------------------------------------------------


def test_tables_published_on_another_machine_are_old_and_not_wrong(
    ledger: LedgerSchema, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Two machines record in turns: each verifies, holds its tables against the record where they reach as far."""
    line = ("CommonSharesRetired", "--effective", "2001-08-01", "--shares", "1", "--ledger", ledger)
    here, there = tmp_path / "home", tmp_path / "there"
    for machine, published in ((there, 5), (here, 6), (there, 7)):
        monkeypatch.setenv("CAPTABLE_HOME", str(machine))
        assert ran(capsys, "record", *line).err == ""
        verdict = verify(ledger)
        assert (verdict.entries, verdict.published > published, verdict.verdict) == (published, True, PROVEN)
    monkeypatch.setenv("CAPTABLE_HOME", str(here))
    verdict = verify(ledger)
    assert (verdict.entries, verdict.published, len(verdict.beginnings)) == (7, 0, 1)
    assert ran(capsys, "replay", "--ledger", ledger).err == ""
    assert verify(ledger).published > 7


LATER = (
    {"event": "NoticeOfConversionReceived", "effective": "2001-11-09T17:01:00-05:00", "notice": "N-1", "ref": "R-1"}
    | {"holder": "Holder A", "surrendered": [{"certificate": "H-1", "shares": "100"}]},
    sold("2001-05-02", "5000000", "2250000"),
    corrected(6, sold("2001-05-03", "5000000", "2250000"), ref="R-2"),
)
"""A notice with a reference, a sale that comes late, and its correction."""


def asked_in_sql(place: Place, question: str, **given: str) -> list[tuple[Any, ...]]:
    """What is answered in the file of a place's published tables, the names of the columns first."""
    with closing(sqlite3.connect(place.published)) as connection:
        found = connection.execute(question, given)
        return [tuple(column[0] for column in found.description), *found.fetchall()]


def test_whoever_asks_in_sql_is_told_the_same_of_either_store(schema: LedgerSchema, tmp_path: Path) -> None:
    """When each entry was recorded, which is late, the last one known at an instant: every view, column by column."""
    places = [begun_in(place, *LINES, *LATER) for place in (schema, LedgerFile(tmp_path / "ledger.db"))]
    for place in places:
        assert publish_views(place) == ""
    for view in views(apart=True):
        first, second = (asked_in_sql(place, f"SELECT * FROM {view}") for place in places)
        assert first == second
        assert len(first) > 1
    at = learned(5).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    known = shown()["queries"]["known"]["sql"]
    assert [asked_in_sql(place, known, known_at=at)[1:] for place in places] == 2 * [[(5,)]]
    late = asked_in_sql(schema, "SELECT * FROM late_entries")[1:]
    assert late == [(6, learned(6).isoformat(), "2001-05-02", "CommonSharesIssued", None)]


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE kept_recorded SET recorded = '2001-12-31T00:00:00+00:00' WHERE entry = 3", 3),
        ("UPDATE kept_recorded SET event = 'CommonSharesRetired' WHERE entry = 4", 4),
        ("DELETE FROM kept_recorded WHERE entry = 2", 2),
        ("INSERT INTO kept_recorded VALUES (9, '', '', '')", 9),
    ],
)
@pytest.mark.parametrize("since", [0, 1])
def test_what_is_told_of_entries_apart_from_them_is_held_against_them(
    ledger: LedgerSchema, statement: str, entry: int, since: int
) -> None:
    """When an entry was recorded and what it is stand in another file than the entry: `verify` names the first misfit.

    So it does where it goes on after a head that was verified before.
    """
    with opened(ledger) as found:
        head = found.head(learned(since)) if since else NO_HEAD
    assert verify(ledger, since=head).verdict == PROVEN
    altered_file(ledger.published, statement)
    with pytest.raises(RecordMustVerify, match="kept_recorded") as refusal:
        verify(ledger, since=head)
    assert refusal.value.facts["entry"] == entry


def test_tables_that_do_not_tell_when_entries_were_recorded_are_made_anew(ledger: LedgerSchema) -> None:
    """As an older version made them: what is asked is answered from the entries, and the next recording makes all."""
    altered_file(ledger.published, "DROP TABLE kept_recorded")
    assert verify(ledger).published == 0
    with Ledger.open(ledger, to_record=True) as recording:
        recording.record(entries(sold("2001-08-01", "1", "1")))
    assert verify(ledger).published > 0
    assert [number for (number,) in asked_in_sql(ledger, "SELECT entry FROM kept_recorded")[1:]] == [2, 3, 4, 5]


# --- many ledgers -----------------------------------------------------------------------------------------------------


def many(store: str, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> list[Place]:
    """Some ledgers in a store, each by its name."""
    monkeypatch.setenv("CAPTABLE_STORE", store)
    return [begun_in(place_named(name), *LINES) for name in names]


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def store(request: pytest.FixtureRequest, tmp_path: Path, home: Path) -> str:
    """A store of either kind that holds nothing yet."""
    if request.param == "SQLite":
        (tmp_path / "ledgers").mkdir()
        return str(tmp_path / "ledgers")
    server: Server = request.getfixturevalue("server")
    database = fresh()
    with closing(psycopg.connect(server.url(), autocommit=True)) as owner:
        owner.execute(SQL(f"CREATE DATABASE {database}"))
    return server.url(database=database)


def test_every_ledger_of_a_store_is_verified_each_in_a_line(
    store: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sorted by name; where one is broken or gone the others are told as well, and the exit status is 4."""
    said = ran(capsys, "verify", "--all", "--store", store)
    assert (said.status, said.out) == (0, "The store holds no ledger.\n")
    first, second, third = many(store, ("bravo", "alfa", "charlie"), monkeypatch)
    said = ran(capsys, "verify", "--all")
    assert said.status == 0
    assert [line.split(": ")[0] for line in said.out.splitlines()] == [str(second), str(first), str(third)]
    assert said.out.count(": proven, 4 entries, head 4") == said.out.count(": proven, 4 entries, head ") == 3
    if isinstance(first, LedgerSchema) and isinstance(third, LedgerSchema):
        told(first, "ALTER TABLE links DISABLE TRIGGER ALL", "DELETE FROM links WHERE entry = 3")
        told(third, f"DROP SCHEMA {third.schema} CASCADE")
    else:
        first.published.write_bytes(b"")
        third.published.unlink()
    said = ran(capsys, "verify", "--all", "--json")
    assert said.status == 4
    found = [(one["verdict"], one.get("name")) for one in said.data["ledgers"]]
    assert found == [(PROVEN, None), ("broken", "record-must-verify"), ("broken", "ledger-must-exist")]


def test_of_many_ledgers_one_that_cannot_be_read_is_not_called_broken(tmp_path: Path) -> None:
    """A file that its disk does not let SQLite open, and a server that does not answer, speak against nothing."""
    path = begun(tmp_path / "ledger.db")
    path.with_name("ledger.db-wal").mkdir()  # a name that SQLite needs, and cannot have
    nowhere = LedgerSchema(Database("postgresql://captable@127.0.0.1:1/captable"), "acme")
    told = list(verify_every([LedgerFile(path), nowhere]))
    assert [(one.verdict["verdict"], one.name, one.exit_code) for one in told] == [
        ("not-read", "ledger-must-open", 2),
        ("not-read", "store-must-be-reachable", 2),
    ]
    assert audit_report.line(told[0]).startswith(f"{path}: not read. {path} cannot be opened. ")


def test_a_head_is_not_expected_of_every_ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A head is of one ledger; and a store that is not there is no empty one."""
    assert ran(capsys, "verify", "--all", "--expect", f"4 {'0' * 64}").status == 2
    assert "[ledger-must-exist]" in ran(capsys, "verify", "--all", "--store", tmp_path / "nowhere").err
