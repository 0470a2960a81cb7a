"""`python tests/pictures.py`: takes the pictures of the README anew, of the page of the demo's ledger in a browser."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from on_file import story_told
from page.opened import NOBODY
from page.served import launched, serving

FOLDER = Path(__file__).parent / "pictures"

PICTURES = {"position.png": "/?as-of=2001-11-12", "rate.png": "/rate?as-of=2003-12-31"}
"""Each picture, and the address it is of."""

SIZE = (1180, 785)
"""The columns and rows of every picture."""

MOST = 150_000
"""The bytes that a picture takes at most: whoever clones the record of this source clones every one there ever was."""


def take(browser: Browser, ledger: Path, folder: Path) -> list[Path]:
    """Take every picture of a ledger's page into a folder."""
    width, height = SIZE
    taken = []
    for site in serving(ledger, NOBODY):
        with browser.new_context(base_url=site, viewport={"width": width, "height": height}) as context:
            page = context.new_page()
            for name, address in PICTURES.items():
                page.goto(address)
                page.screenshot(path=folder / name)
                taken.append(folder / name)
    return taken


def main() -> None:
    """Tell the story in a ledger for the while, and take the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        for picture in take(launched(playwright), story_told(Path(folder) / "ledger.db"), FOLDER):
            print(f"{picture.name}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
