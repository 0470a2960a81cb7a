"""Whatever is typed after `captable` is done, or it is said in words why not; a failure records nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile import nasty
from hostile.fuzzer import LEAVES_NOTHING, OPTIONS, VALUES, command_lines, spoilt_words, words_of
from hostile.judged import folder, judge_words, say
from hostile.test_lines import ALIKE, RANDOM, WEIRD
from ledger.events import KINDS


@pytest.fixture(scope="module", autouse=True)
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder with a ledger of three entries."""
    with folder(tmp_path_factory.mktemp("words")):
        yield


# What a shell can pass: no NUL, and bytes that are no UTF-8 as Python hands them on. No slash: it stays in the folder.
PASSED = st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), max_size=8) | WEIRD.map(
    lambda text: text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape").replace("\0", "")
)
WORDS = PASSED | st.sampled_from([*OPTIONS, *VALUES, *KINDS, *(text.replace("/", "|") for text in nasty.TEXTS)])


@settings(ALIKE, max_examples=60)
@given(st.sampled_from(LEAVES_NOTHING), st.lists(WORDS.filter(lambda word: "\0" not in word), max_size=6))
def test_any_words_are_a_command_or_are_refused(command: str, words: list[str]) -> None:
    """Every command with any words behind it: exit 0 to 5, never a traceback."""
    judge_words([command, *(word for word in words if not word.startswith("--l"))])


def spoilt(random: Random, data: bytes, other: bytes, times: int) -> bytes:
    """A command line spoilt so many times."""
    for _ in range(times):
        data = spoilt_words(random, data, other)
    return data


LINES = st.sampled_from(command_lines())


@settings(ALIKE, max_examples=60)
@given(st.builds(spoilt, RANDOM, LINES, LINES, st.integers(1, 4)))
def test_a_spoilt_command_is_done_or_refused(data: bytes) -> None:
    """Commands that would be done, with words exchanged and what is typed into them spoilt."""
    judge_words(*words_of(data))


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("",),
        ("--",),
        ("-",),
        ("record", ""),
        ("record", "\0"),
        ("record", "a" * 5_000),
        ("record", "."),
        ("record", "-", "--holder", "A"),
        ("record", "HolderRegistered", "--=1"),
        ("record", "HolderRegistered", "--", "--holder", "A"),
        ("record", "HolderRegistered", "--event=CommonSharesRetired", "--effective=2001-05-01"),
        ("record", "HolderRegistered", "--holder", "A\x1b[2J", "--effective=2001-05-01"),
        ("record", "HolderRegistered", "--holder", "\udcff", "--effective=2001-05-01"),
        ("record", "HolderRegistered", "--effective", "2001-05-01" * 1_000, "--holder", "A"),
        ("record", "HolderRegistered", "--effective=2001-05-01", "--holder=A", "--note", "9" * 100_000_000),
        ("record", "CommonSharesRetired", "--effective=2001-05-01", "--shares", "[" * 100_000),
        ("record", "CommonSharesRetired", "--effective=2001-05-01", "--shares", "9" * 1_000_000),
        ("record", *["--a"] * 5_000),
        ("asof", "9" * 1_000_000),
        ("show", "9223372036854775808"),
        ("liquidation", "--assets", "9" * 1_000_000),
        ("obligations", "--days", "9" * 5_000),
        ("init", "--terms", ""),
        ("init", "--ledger", "."),
        ("init", "--ledger", ""),
        ("backup", "."),
        ("backup", ""),
        ("verify", "--ledger", ""),
    ],
    ids=lambda words: ascii(" ".join(words)[:60]),
)
def test_words_that_were_thought_of_are_answered(words: tuple[str, ...]) -> None:
    """Odd ones out: empty, endless, cursor-moving, half a character."""
    judge_words(words)


@pytest.mark.parametrize("name", ["", "a\udce2", "a\x1b[31m", "\u202eA", "A ", "A" * 201], ids=ascii)
def test_a_tag_is_named_like_anything_else(name: str) -> None:
    """A tag is printed among others and asked for by its name: it is held to the same rule."""
    assert say(("tag", name, "--as-of", "2001-12-31")).status == 2


def test_a_proof_that_is_no_utf_8_is_refused() -> None:
    """A proof comes from outside, and may be anything."""
    Path("proof").write_bytes(b"\xff")
    judge_words(("check", "proof", "--root", "00", "--size", "1"))


@pytest.mark.parametrize(
    ("words", "encoding"), [(("register",), "cp1252"), (("init", "--ledger", b"\xff.db"), "utf-8")]
)
def test_an_answer_is_given_whatever_the_output_can_bear(words: tuple[str | bytes, ...], encoding: str) -> None:
    """A Cyrillic holder sent to a Western file, a ledger whose name is no UTF-8: escaped, and not given up on."""
    run = [sys.executable, "-c", "from projections.command_line import main; main()"]
    if not Path("other.db").exists():
        line = ("PreferredSharesIssued", "--effective=2001-05-01", "--certificate=X", "--shares=1", "--holder", "Ж")
        assert say(("init", "--ledger", "other.db")).status == 0
        assert say(("record", *line, "--ledger", "other.db")).status == 0
    surroundings = {**os.environ, "PYTHONIOENCODING": encoding, "CAPTABLE_LEDGER": "other.db"}
    done = subprocess.run([*run, *words], env=surroundings, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
