"""The demo's story in a file, and a browser to look at its page with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from on_file import story_told
from page.opened import Opened
from page.served import launched


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's ledger."""
    return story_told(tmp_path_factory.mktemp("page") / "ledger.db")


@pytest.fixture(scope="session")
def opened(demo: Path) -> Opened:
    """The page of that ledger, for a reader on this machine."""
    return Opened(demo)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; where there is none its tests are passed over, except where CI must run them."""
    with sync_playwright() as playwright:
        try:
            opened = launched(playwright)
        except Error as error:
            if "CI" in os.environ:
                pytest.fail(f"CI runs the tests in a browser: `playwright install chromium` brings one ({error})")
            pytest.skip("no browser is installed: `playwright install chromium` brings one")
        yield opened
        opened.close()
