"""What tells of every entry: told whole or not at all, in memory that does not grow with how many there are."""

import os
import sys
import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from on_file import altered, ran, story_told
from projections.command_line import main

ALWAYS = "2100-01-01T00:00:00Z"
"""As known then a replay publishes nothing."""

LONG = [
    ("log",),
    ("log", "--json"),
    ("replay", "--known-at", ALWAYS),
    ("replay", "--known-at", ALWAYS, "--json"),
    ("replay", "--effective"),
    ("replay", "--effective", "--json"),
]

ROOM = 300_000
"""Bytes by which the memory taken may differ from run to run."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's ledger in a file."""
    return story_told(tmp_path_factory.mktemp("long") / "ledger.db")


def taken(monkeypatch: pytest.MonkeyPatch, words: Iterable[str], times: int) -> int:
    """The most bytes in use at once while a command tells of every entry so many times over."""

    def again(items: Iterable[Any], *_: object) -> Iterator[Any]:
        return chain.from_iterable(repeat(list(items), times))

    with monkeypatch.context() as patched, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        patched.setattr("projections.commands.entries.progress", again)
        patched.setattr("projections.commands.clocks.progress", again)
        patched.setattr("projections.command_line.SELDOM", 500)  # what writes JSON leaves cycles behind
        patched.setattr(sys, "stdout", nowhere)
        tracemalloc.start()
        try:
            with pytest.raises(SystemExit) as left:
                main(list(words))
            assert left.value.code == 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("words", LONG, ids=" ".join)
def test_twenty_times_as_many_entries_take_no_more_memory_to_tell_of(
    story: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """The 118 entries of the story, and as if it had 2,360: of the text or the JSON no more than a part is at hand."""
    asked = (*words, "--ledger", str(story))
    taken(monkeypatch, asked, 1)  # which loads what it needs
    assert taken(monkeypatch, asked, 20) < taken(monkeypatch, asked, 1) + ROOM


@pytest.mark.parametrize("words", [("log",), ("log", "--json"), ("replay", "--effective")], ids=" ".join)
def test_nothing_is_told_of_a_record_that_ends_in_what_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    """Of 119 entries the last is damaged: the refusal names it, and not one of those before it is printed."""
    path = story_told(tmp_path / "ledger.db")
    altered(path, "UPDATE stored_events SET state = CAST('{' AS BLOB) WHERE originator_version = 119")
    said = ran(capsys, *words, "--ledger", path)
    assert (said.status, said.out) == (4, "")
    assert "119" in said.err
