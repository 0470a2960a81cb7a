"""However much is thrown at it, the ledger takes a bounded piece of it into memory, says no, and says so soon."""

import io
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hostile.judged import BEGUN, judge_error, standard
from ledger.application import Ledger
from ledger.errors import LedgerError
from ledger.journal import lines_of, read_fields, read_journal, read_line

GIGABYTE = 1 << 30
MEGABYTE = 1 << 20
MOST_MEMORY = 200 * MEGABYTE  # a question about an empty ledger takes some 70
LONGEST = 20  # seconds, on a machine that has other things to do

RUN = """
import resource, sys
from pathlib import Path
from projections.command_line import main
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
try:
    main()
finally:
    status = Path("/proc/self/status")  # ru_maxrss would be that of the process this one was forked from
    lines = status.read_text().splitlines() if status.exists() else ["VmHWM: 0 kB"]
    print(next(line for line in lines if line.startswith("VmHWM")), file=sys.stderr)
"""


@pytest.fixture
def captable(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Run the program in a process of its own that may have a gigabyte; its status and what it said."""
    Ledger.begin(tmp_path / "ledger.db", standard()).close()

    def captable(*words: str, typed: int | None = None) -> tuple[int, str]:
        began = time.monotonic()
        line = [sys.executable, "-c", RUN, *words]
        done = subprocess.run(
            line, stdin=typed, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=3 * LONGEST
        )
        *said, memory = done.stderr.strip().split("\n")
        assert time.monotonic() - began < LONGEST
        assert int(memory.split()[1]) * 1024 < MOST_MEMORY, memory
        assert "failed where it should not have" not in done.stderr, done.stderr
        assert Ledger.open(tmp_path / "ledger.db").head().entry == 1
        return done.returncode, "\n".join(said)

    return captable


def sparse(path: Path, begins: bytes, size: int = GIGABYTE) -> Path:
    """A file of a gigabyte that takes no room: some bytes, and NUL for the rest."""
    path.write_bytes(begins)
    with path.open("r+b") as file:
        file.truncate(size)
    return path


def test_a_line_of_a_gigabyte_is_not_read_to_its_end(captable: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """After a good line it begins like another, and never ends."""
    journal = sparse(tmp_path / "large.jsonl", BEGUN + b'{"event": "CommonSharesRetired", "note": "')
    status, said = captable("record", journal.name, "--ledger", "ledger.db")
    assert (status, "large.jsonl, line 3" in said, "[line-must-be-short]" in said) == (2, True, True), said


def test_a_pipe_that_never_ends_is_left(captable: Callable[..., tuple[int, str]]) -> None:
    """Standard input without a line feed is read until it is clear that it is no line."""
    endless = [sys.executable, "-c", "import sys\nwhile True: sys.stdout.write('A' * 65536)"]
    with subprocess.Popen(endless, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as writer:
        try:
            assert writer.stdout is not None
            status, said = captable("record", "-", "--ledger", "ledger.db", typed=writer.stdout.fileno())
        finally:
            writer.kill()
    assert (status, "[line-must-be-short]" in said) == (2, True), said


def test_terms_of_a_gigabyte_are_not_read_to_their_end(
    captable: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    """A terms file has a few thousand bytes."""
    terms = sparse(tmp_path / "large.toml", b"# Terms\n")
    status, said = captable("init", "--terms", terms.name, "--ledger", "new.db")
    assert (status, "[terms-must-be-understood]" in said) == (2, True), said
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize(
    "text",
    ["a" + ".a" * 40_000 + " = 1", f"stated_value = {{ value = {'9' * 3_000_000}, clause = '§2' }}"],
    ids=["a key of 40,000 parts", "a number of three million digits"],
)
def test_small_terms_make_no_large_work(captable: Callable[..., tuple[int, str]], tmp_path: Path, text: str) -> None:
    """What Python's TOML reader does with these grows with the square of their length: they never reach it."""
    (tmp_path / "spoilt.toml").write_text(text, encoding="utf-8")
    status, said = captable("init", "--terms", "spoilt.toml", "--ledger", "new.db")
    assert (status, "[terms-must-be-understood]" in said) == (2, True), said


def test_a_journal_is_read_line_by_line() -> None:
    """No line is asked for before the one before it was taken, and none by more than its limit."""
    asked: list[int | None] = []

    class Journal(io.BytesIO):
        """A journal that keeps what was asked of it."""

        def readline(self, size: int | None = -1, /) -> bytes:
            asked.append(size)
            return super().readline(size)

    lines, heard = Journal(BEGUN), list[int]()
    entries = read_journal(lines_of(lines, "it", heard.append), "it")
    assert next(entries)[1].word == "CommonStockOpened"
    assert (len(asked), sum(heard)) == (1, len(BEGUN.splitlines(keepends=True)[0]))
    assert len(list(entries)) == 1
    assert sum(heard) == len(BEGUN)
    assert set(asked) == {4_000_001}


def test_a_journal_that_never_ends_is_refused() -> None:
    """Standard input may go on for ever, line after good line: what is decided together has to fit into memory."""

    class Endless(io.BytesIO):
        """A journal of lines of a megabyte, all of them blank."""

        def readline(self, _size: int | None = -1, /) -> bytes:
            return b" " * 999_999 + b"\n"

    with pytest.raises(LedgerError) as refusal:
        list(read_journal(lines_of(Endless(), "it"), "it"))
    judge_error(refusal.value)
    assert (refusal.value.name, refusal.value.facts["where"]) == ("journal-must-be-short", "it, line 1001")


AMENDED = '{"event": "CertificateAmended", "effective": "2001-05-01", "terms": %s}'
RETIRED = '{"event": "CommonSharesRetired", "effective": "2001-05-01", "shares": %s}'
LARGE = {
    "a number of a million digits": (RETIRED % ("9" * 990_000), "quantity-must-be-a-number"),
    "a million digits in quotes": (RETIRED % f'"{"9" * 990_000}"', "quantity-must-be-a-number"),
    "a day of a million characters": (RETIRED.replace("2001-05-01", "9" * 990_000) % 1, "moment-must-be-strict"),
    "a key of a million characters": (RETIRED.replace('"shares"', f'"{"k" * 990_000}"') % 1, "field-must-be-known"),
    "a hundred thousand levels": (RETIRED % ("[" * 100_000 + "]" * 100_000), "line-must-be-json"),
    "a hundred thousand objects": (RETIRED % ('{"a":' * 100_000), "line-must-be-json"),
    "all the keys that fit": (
        "{" + ",".join(f'"{number}":0' for number in range(100_000)) + ',"event": "EntryVoided"}',
        "field-must-be-known",
    ),
    "a million keys": ("{" + ",".join(f'"{number}":0' for number in range(1_000_000)) + "}", "line-must-be-short"),
    "a field of 100 MB": (RETIRED % f'"{"9" * 100_000_000}"', "line-must-be-short"),
}


@pytest.mark.parametrize(("line", "name"), LARGE.values(), ids=LARGE.keys())
def test_a_large_line_is_refused_soon_and_in_few_words(line: str, name: str) -> None:
    """What is too much is never quoted whole."""
    began = time.process_time()
    with pytest.raises(LedgerError) as refusal:
        read_line(line, "a line")
    assert time.process_time() - began < 2
    assert (refusal.value.name, len(str(refusal.value)) < 500) == (name, True), str(refusal.value)[:500]


@pytest.mark.parametrize("field", ["--shares", "--note", "--holder"])
def test_a_large_field_of_the_command_line_is_refused(field: str) -> None:
    """All fields together have the length of a line."""
    with pytest.raises(LedgerError) as refusal:
        read_fields("CommonSharesRetired", ["--effective=2001-05-01", field, "9" * 10_000_000], "it")
    assert refusal.value.name == "line-must-be-short"


@pytest.mark.parametrize("inside", ['{"dividend_rate": %s}', "%s"])
@pytest.mark.parametrize("brackets", ["[]", ('{"a":', "}")], ids=["lists", "objects"])
def test_every_depth_that_can_be_parsed_can_be_refused(inside: str, brackets: tuple[str, str]) -> None:
    """Just below what the parser bears, checking or quoting the value went too deep: 987 levels, and 988."""
    opened, closed = brackets

    def name_at(depth: int) -> str:
        terms = inside % f"{opened * depth}1{closed * depth}"
        with pytest.raises(LedgerError) as refusal:
            read_line(AMENDED % terms, "a line")
        return refusal.value.name

    # In a thread of its own, where nothing of pytest's is on the stack.
    with ThreadPoolExecutor(1) as thread:
        assert "line-must-be-json" in list(thread.map(name_at, range(900, 1000)))
