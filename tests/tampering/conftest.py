"""Ledgers to tamper with, each test's its own copy, in memory where the system has such a place."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from projections.command_line import main
from tampering.remembered import Kept, Truth
from tampering.said import Said
from tampering.specimen import HUNDREDS, Files, in_memory, specimen


@pytest.fixture(scope="session")
def kept() -> Kept:
    """The ledger of a few hundred entries."""
    with in_memory() as folder:
        path = specimen(folder, HUNDREDS)
        return Kept(Files.of(path), Truth.of(path))


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder."""
    with in_memory() as folder:
        yield folder


@pytest.fixture
def path(kept: Kept, folder: Path) -> Path:
    """A copy of that ledger, with its head beside it."""
    path = folder / "ledger.db"
    kept.files.lie_at(path)
    return path


@pytest.fixture
def quickly(kept: Kept) -> Iterator[None]:
    """Nothing decided before is decided again: hundreds of alterations, one after the other."""
    with kept.truth.remembered():
        yield


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """The command, as it is given: its exit status and what it says."""

    def ran(path: Path, *more: str) -> Said:
        with pytest.raises(SystemExit) as left:
            main(["verify", "--ledger", str(path), *more])
        printed = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, printed.out + printed.err

    return ran
