"""The event-sourcing library's own test cases of a recorder and of a factory, run against the ledger's."""

import sys
import types
import unittest
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import count, takewhile
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, StoredEvent
from eventsourcing.utils import Environment

from ledger.links import link
from ledger.places import store_named
from ledger.rows import STREAM, Tag
from ledger.store import FULL, DurablePool, LedgerFactory, LinkedRecorder, LinkingRecorder
from server import fresh


def the_librarys() -> Any:
    """The module of the library's test cases.

    It imports a cipher that needs a package of its own, and that no test case of a recorder uses.
    """
    cipher = types.ModuleType("eventsourcing.cipher")
    cipher.__dict__["AESCipher"] = None
    with patch.dict(sys.modules, {"eventsourcing.cipher": cipher}):
        return import_module("eventsourcing.tests.persistence")


LIBRARY = the_librarys()


@pytest.fixture
def made(tmp_path: Path) -> Callable[[], LinkingRecorder]:
    """Make a recorder as the ledger makes its own: by its factory, on a file, with durable connections."""

    def recorder() -> LinkingRecorder:
        settings = {
            "PERSISTENCE_MODULE": "ledger.store:LedgerFactory",
            "SQLITE_DBNAME": (tmp_path / f"{uuid4()}.db").as_uri(),
            "ORIGINATOR_ID_TYPE": "text",
        }
        factory: Any = InfrastructureFactory.construct(Environment("captable", settings))
        assert isinstance(factory, LedgerFactory)
        assert isinstance(factory.datastore.pool, DurablePool)
        made = factory.application_recorder()
        assert isinstance(made, LinkingRecorder)
        return made

    return recorder


class OneStreamOnly:
    """What the library's cases ask for and a ledger file never has: several streams.

    A ledger file has one stream, whose name begins every link. The recorder keeps others apart as the library wants it,
    and gives them no links, which nobody would follow.
    """

    INITIAL_VERSION = 1

    def new_originator_id(self) -> str:
        """Ids are text, as the name of the one stream is."""
        return str(uuid4())


CASES = ("ApplicationRecorderTestCase", "NonInterleavingNotificationIDsBaseCase")


def cases() -> list[tuple[str, str]]:
    """Every test of the library's cases of an application's recorder, by the name of its case."""
    return [(case, name) for case in CASES for name in dir(getattr(LIBRARY, case)) if name.startswith("test")]


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def in_either(request: pytest.FixtureRequest) -> Callable[[], LinkedRecorder]:
    """Make recorders in either store."""
    if request.param == "SQLite":
        make: Callable[[], LinkedRecorder] = request.getfixturevalue("made")
        return make
    server = request.getfixturevalue("server")
    return lambda: schema_recorder(server.url(), fresh())


def schema_recorder(url: str, schema: str) -> LinkedRecorder:
    """Make a recorder in a schema that is made for it, as the ledger makes its own."""
    place = store_named(url).ledger(schema)
    place.begin()
    environment = Environment("captable", {**place.settings(), "ORIGINATOR_ID_TYPE": "text"})
    made = InfrastructureFactory.construct(environment).application_recorder()
    assert isinstance(made, LinkedRecorder)
    return made


@pytest.mark.parametrize(("case", "test"), cases())
def test_the_librarys_own_cases_hold(in_either: Callable[[], LinkedRecorder], case: str, test: str) -> None:
    """Inserting, conflicts, atomicity, notifications, ten writers and two readers at once: as the library asks it.

    None of its cases had to be changed: they begin each stream at its first event and go on by one, as a ledger does,
    and neither change nor delete a row, which the ledger's triggers refuse.
    """
    ours = {"create_recorder": lambda _: in_either()}
    kind: type[unittest.TestCase] = type(f"Our{case}", (OneStreamOnly, getattr(LIBRARY, case)), ours)
    result = unittest.TestResult()
    kind(test).run(result)
    assert (result.testsRun, result.skipped, result.errors, result.failures) == (1, [], [], [])


def test_every_case_of_an_applications_recorder_is_run() -> None:
    """The library has no other required test of it: a new one would be run with the next version, and counted here."""
    assert [name for _, name in cases()] == [
        "test_concurrent_no_conflicts",
        "test_concurrent_throughput",
        "test_insert_select",
        "test_performance",
        "test",
    ]


def test_the_case_of_an_aggregates_recorder_holds_but_for_what_sqlite_gives_back(
    made: Callable[[], LinkingRecorder],
) -> None:
    """It asks that inserting return no ids, and the ledger's recorder, which is an application's, returns them.

    What must hold instead is all that the case asks of what was written: it is run with the ids put out of sight.
    """

    class WithoutIds(LinkingRecorder):
        def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
            assert super().insert_events(stored_events, **kwargs) is not None
            return None

    def create_recorder(_: object) -> WithoutIds:
        recorder = WithoutIds(made().datastore)
        recorder.create_table()
        return recorder

    ours = {"create_recorder": create_recorder}
    kind: type[unittest.TestCase] = type("Ours", (OneStreamOnly, LIBRARY.AggregateRecorderTestCase), ours)
    for test in ("test_insert_and_select", "test_performance"):
        result = unittest.TestResult()
        kind(test).run(result)
        assert (result.testsRun, result.errors, result.failures) == (1, [], [])


def test_a_subscription_is_refused_as_the_library_refuses_it_on_sqlite(in_either: Callable[[], LinkedRecorder]) -> None:
    """Its optional case of subscriptions cannot hold: over SQLite the library has none, and nobody here asks it.

    Over PostgreSQL it has one, by which all ledgers of a database would wait for each other's commits.

    What must hold instead is that a reader can ask for what came after an entry, and `select_events` gives it.
    """
    recorder = in_either()
    with pytest.raises(NotImplementedError):
        recorder.subscribe(gt=0)
    recorder.insert_events([event(1), event(2), event(3)])
    assert [one.originator_version for one in recorder.select_events(STREAM, gt=1)] == [2, 3]


# --- what the ledger asks beyond the library --------------------------------------------------------------------------


def event(number: int, state: bytes = b"{}") -> StoredEvent:
    """An event of the ledger's stream."""
    return StoredEvent(originator_id=STREAM, originator_version=number, topic="HolderRegistered", state=state)


def links(recorder: LinkedRecorder) -> list[str]:
    """The links the recorder kept, one after the other until there is none."""
    return list(takewhile(bool, map(recorder.link_at, count(1))))


def test_every_event_is_linked_to_the_one_before(in_either: Callable[[], LinkedRecorder]) -> None:
    """One by one or several at once, the links are the same, each over the one before."""
    apart, together = in_either(), in_either()
    for number in (1, 2, 3):
        apart.insert_events([event(number)])
    together.insert_events([event(1), event(2), event(3)])
    expected, before = list[str](), ""
    for number in (1, 2, 3):
        before = link(before, number, "HolderRegistered", b"{}")
        expected.append(before)
    assert links(apart) == links(together) == expected


@pytest.mark.parametrize(
    "numbers", [(2,), (1,), (3, 3), (3, 2), (4, 3)], ids=["the last again", "an older", "twice", "back", "backwards"]
)
def test_what_does_not_follow_leaves_neither_a_row_nor_a_link(
    in_either: Callable[[], LinkedRecorder], numbers: tuple[int, ...]
) -> None:
    """The library lets versions come in any order, so long as none is there twice; the ledger's only go forward."""
    recorder = in_either()
    recorder.insert_events([event(1), event(2)])
    before = links(recorder)
    with pytest.raises(IntegrityError):
        recorder.insert_events([event(number, b'{"other":1}') for number in numbers])
    assert links(recorder) == before
    assert [one.originator_version for one in recorder.select_events(STREAM)] == [1, 2]
    assert recorder.insert_events([event(3)]) is not None


@pytest.mark.parametrize("statement", ["DELETE FROM {0}", "UPDATE {0} SET {1} = {1}"], ids=["delete", "update"])
@pytest.mark.parametrize("table", ["stored_events topic", "links sha256", "tags sha256"])
def test_the_recorders_own_connection_can_change_nothing_either(
    made: Callable[[], LinkingRecorder], table: str, statement: str
) -> None:
    """Append-only is kept by the database, whoever asks: nothing is changed from within the program either."""
    recorder = made()
    recorder.insert_events([event(1)])
    recorder.keep_tag(Tag("a", "2001-12-31", "", 1, "", ""))
    with (
        pytest.raises(IntegrityError, match="nothing recorded is ever changed"),
        recorder.datastore.transaction(commit=True) as cursor,
    ):
        cursor.execute(statement.format(*table.split()))
    assert (len(recorder.select_events(STREAM)), len(links(recorder)), len(recorder.tags())) == (1, 1, 1)


def test_every_connection_of_the_pool_is_durable(made: Callable[[], LinkingRecorder]) -> None:
    """Five connections at once: each answers that synchronous is FULL and that it keeps a write-ahead log."""
    recorder = made()
    pool = recorder.datastore.pool
    taken = [pool.get_connection(is_writer=False) for _ in range(5)]
    for connection in taken:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous")
        (synchronous,) = cursor.fetchone()
        cursor.execute("PRAGMA journal_mode")
        assert (synchronous, *cursor.fetchone()) == (FULL, "wal")
    for connection in taken:
        pool.put_connection(connection)
