"""The demo's story in a file, every entry recorded at a second of its own, so that it can be asked as known before."""

import json
from pathlib import Path

import pytest

from on_file import begun
from page.opened import Opened
from projections.commands.demo import story


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's ledger: entry 2 recorded on 2 January 2002 at 10:00:00 in New York, and each a second later."""
    lines = [json.loads(line) for line in story().read_text(encoding="utf-8").splitlines() if line]
    return begun(tmp_path_factory.mktemp("page") / "ledger.db", *lines)


@pytest.fixture(scope="session")
def opened(demo: Path) -> Opened:
    """The page of that ledger, for a reader on this machine."""
    return Opened(demo)
