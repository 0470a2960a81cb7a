"""The page as a browser meets it: served on this machine, and a headless Chromium to open it with."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Playwright
from waitress.server import create_server

from page.opened import ANNA
from projections.page.application import page
from projections.page.door import OpenHere
from projections.page.people import Person
from projections.page.serving import bound

INSTALLED = ("chromium", "chromium-browser", "google-chrome")


def launched(playwright: Playwright) -> Browser:
    """A headless Chromium, the system's own or Playwright's; playwright's Error where there is none."""
    found = next(filter(None, map(shutil.which, INSTALLED)), None)
    # As root, as in a container, Chromium starts without its sandbox or not at all.
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox"] if os.geteuid() == 0 else [])


def serving(path: Path, person: Person = ANNA) -> Iterator[str]:
    """The address of a ledger's page while it is served, for somebody on this machine."""
    listening = bound("127.0.0.1", 0)
    server = create_server(page(path, OpenHere(person)), sockets=[listening], threads=4)
    thread = Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.close()
    thread.join(timeout=10)
