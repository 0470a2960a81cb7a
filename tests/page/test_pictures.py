"""The pictures of the README: there, shown, and taken anew by the script that took them."""

import re
from pathlib import Path
from struct import unpack

from playwright.sync_api import Browser

import pictures

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def size(picture: Path) -> tuple[int, int]:
    """The columns and rows of a PNG."""
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = unpack(">II", data[16:24])
    return width, height


def test_every_picture_of_the_script_is_kept_and_shown_with_words_for_who_does_not_see_it() -> None:
    """The README shows each picture there is and no other, and says what is on it; none is a burden to a clone."""
    shown = re.findall(r"!\[([^\]]*)\]\(tests/pictures/([^)]+)\)", README)
    assert sorted(name for _, name in shown) == sorted(pictures.PICTURES)
    assert sorted(kept.name for kept in pictures.FOLDER.iterdir()) == sorted(pictures.PICTURES)
    for says, name in shown:
        assert len(says.split()) > 10
        assert size(pictures.FOLDER / name) == pictures.SIZE
        assert 10_000 < (pictures.FOLDER / name).stat().st_size < pictures.MOST


def test_the_script_takes_the_pictures_wherever_a_browser_is(browser: Browser, demo: Path, tmp_path: Path) -> None:
    """Taken anew they are as large; their bytes are those of the machine's own fonts."""
    taken = pictures.take(browser, demo, tmp_path)
    assert [one.name for one in taken] == [*pictures.PICTURES]
    assert len({one.read_bytes() for one in taken}) == len(taken)
    for one in taken:
        assert size(one) == pictures.SIZE
        assert one.stat().st_size < pictures.MOST
