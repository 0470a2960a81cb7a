"""What goes through every entry: told whole or not at all, in memory that does not grow with how many there are."""

import os
import sys
import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from given import SERIES_H
from ledger.application import Ledger
from ledger.book import decided
from ledger.moments import LAST_DAY, parse_day
from ledger.opened import opened
from ledger.position.way import Way
from ledger.rows import Stored
from on_file import altered, ran, story_told
from projections import answers, proof
from projections.command_line import main
from projections.findings import conversions
from projections.question import Question

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


def test_a_proof_holds_the_hashes_of_all_entries_and_the_text_of_one() -> None:
    """A thousand entries of 10,000 bytes are 10 MB; their hashes, of 32 bytes each, are 32 kB."""
    record = (Stored(number, "HolderRegistered", b"x" * 10_000, "") for number in range(1, 1_001))
    ledger = cast("Ledger", SimpleNamespace(stored=lambda: record))
    tracemalloc.start()
    told = proof.of_entry(ledger, 7)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (told["entry"], told["size"], len(told["proof"])) == (7, 1_000, 10)
    assert most < ROOM


def test_a_record_decided_anew_keeps_no_way_back(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under another reading every step is taken once: what it replaced is let go of before the next is taken."""
    taken, take = list[int](), Way.take

    def counted(way: Way, *given: Any) -> None:
        taken.append(len(way.taken))
        take(way, *given)

    with opened(story) as ledger:
        book = ledger.book.whole  # type: ignore[attr-defined]
        monkeypatch.setattr(Way, "take", counted)
        position = decided(SERIES_H, book.timeline)
        assert (set(taken), len(taken)) == ({0}, len(book.timeline.steps))
        assert position.headline() == Question(ledger.book, LAST_DAY).position.headline()


def test_of_findings_that_are_open_settled_notices_are_not_looked_through(
    story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """§5(f)(i) §5(h) - On any day they are those of all findings that were not put right, found among fewer notices."""
    looked_at, of_notices = list[int](), conversions.of_notices

    def counted(question: Question, notices: Any) -> Any:
        several = list(notices)
        looked_at.append(len(several))
        return of_notices(question, several)

    monkeypatch.setattr(conversions, "of_notices", counted)
    with opened(story) as ledger:
        for day in map(parse_day, ("2001-11-12", "2003-04-08", "2004-07-12", "2005-06-20")):
            question = Question(ledger.book, day)
            every = answers.findings(question)
            assert answers.findings(question, only_open=True) == [one for one in every if not one.resolved]
    every_notice, open_ones = looked_at[::2], looked_at[1::2]
    assert sum(open_ones) < sum(every_notice)
