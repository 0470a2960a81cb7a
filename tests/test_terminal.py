"""Answers on a terminal: fitted to its width with no figure cut, and coloured only where somebody looks."""

import os
import pty
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given as told
from hypothesis import strategies as st

from ledger.figures import cents
from on_file import begun, ran, story_told
from projections.command_line import captable
from projections.report.text import table

WIDTHS = (20, 40, 80, 200)
RED = "\x1b[31m\x1b[1m"
EXAMPLES = re.compile(r"^(?:\$| +) ?captable (.+)$", re.MULTILINE)
SHOWN: tuple[str, ...] = (
    "asof",
    "rate",
    "dividends",
    "register",
    "holder",
    "conversions",
    "redemptions",
    "obligations",
    "findings",
)
SHOWN += ("votes", "liquidation", "explain", "log", "show", "diff", "rollforward", "clause", "readings", "tags")
README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's ledger."""
    return story_told(tmp_path_factory.mktemp("terminal") / "ledger.db")


def questions() -> Iterator[tuple[str, ...]]:
    """Every question of the README and of the commands' own help that asks the demo's ledger."""
    texts = [README, *(command.help or "" for command in captable.commands.values())]
    for words in dict.fromkeys(line for text in texts for line in EXAMPLES.findall(text)):
        if words.split()[0] in SHOWN and not re.search(r"--ledger|--at |\||>|<|\\|[A-Z]{4}", words):
            yield tuple(word.strip('"') for word in re.findall(r'"[^"]+"|\S+', words))


ASKED = sorted(set(questions()))


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make standard output a terminal of some columns."""

    def of(columns: int) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)

    return of


def figures(text: str) -> Counter[str]:
    """Every figure of a text, whole, and how often it stands there."""
    return Counter(re.findall(r"[-$§]*\d[\d,./:-]*(?:\.\.\.)?", text))


def test_the_questions_asked_here_are_of_every_kind() -> None:
    """Neither the README nor help can lose its examples without this list saying so."""
    assert len(ASKED) > 25
    assert {words[0] for words in ASKED} >= set(SHOWN) - {"tags"}


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_no_figure_is_cut_at_any_width(
    demo: Path, capsys: pytest.CaptureFixture[str], terminal: Any, words: Sequence[str]
) -> None:
    """What a file would hold stands on a terminal too, every figure whole, no line longer than it must be."""
    plain = ran(capsys, *words, "--ledger", demo).out
    assert "\x1b" not in plain
    for columns in WIDTHS:
        terminal(columns)
        shown = click.unstyle(ran(capsys, *words, "--ledger", demo).out)
        assert figures(shown) == figures(plain), columns
        for line in shown.splitlines():
            assert len(line) <= columns or len(line.split()) == 1, (columns, line)


MONEY = ("dividends", "register", "redemptions", "liquidation", "rollforward", "holder")


@pytest.mark.parametrize("words", [words for words in ASKED if words[0] in MONEY], ids=" ".join)
def test_every_amount_of_the_answer_in_json_stands_whole_in_its_text(
    demo: Path, capsys: pytest.CaptureFixture[str], terminal: Any, words: Sequence[str]
) -> None:
    """Dollars that a program reads, a person reads too, at every width, to the cent."""
    amounts = {cents(Fraction(one)) for one in _amounts(ran(capsys, *words, "--ledger", demo, "--json").data)}
    for columns in WIDTHS:
        terminal(columns)
        assert amounts <= set(figures(click.unstyle(ran(capsys, *words, "--ledger", demo).out))), columns


def _amounts(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        if data.keys() == {"amount", "exact"}:
            yield data["amount"]
        for value in data.values():
            yield from _amounts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _amounts(value)


CELLS = st.text("0123456789.,$ab", min_size=1, max_size=30)


@told(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5))
def test_the_columns_of_a_table_stand_under_one_another(rows: list[tuple[str, str, str]]) -> None:
    """Each column begins, or ends, at one place in every line, and each cell stands there as it was given."""
    headings = ("left", "right", "last")
    lines = table(headings, rows, align="lrl").splitlines()
    begins = lines[0].index("last")
    ends = lines[0].index("right") + len("right")
    for line, (left, right, last) in zip(lines, [headings, *rows], strict=True):
        between = line[len(left) : ends - len(right)]
        assert line == f"{left}{between}{right}{' ' * (begins - ends)}{last}"
        assert between.isspace()


def test_a_table_too_wide_for_the_terminal_is_told_row_by_row(
    capsys: pytest.CaptureFixture[str], terminal: Any
) -> None:
    """At 20 columns a cell stands beside its heading while it fits, and under it where it does not."""
    terminal(20)
    rows = [("A", "1,388.89", ""), ("Sykes Family Trust", "2", "x")]
    assert table(("to", "rate", ""), rows, align="lrl").splitlines() == [
        "to    A", "rate  1,388.89", "", "to", "  Sykes Family Trust", "rate  2", "      x",
    ]  # fmt: skip
    terminal(40)
    assert table(("to", "rate", ""), rows, align="lrl").splitlines()[0].split() == ["to", "rate"]
    assert capsys.readouterr().out == ""


def test_words_are_folded_within_their_column_before_a_table_is_given_up(terminal: Any) -> None:
    """At 40 columns what is told of a figure takes two lines of its own column, and the figures stay in theirs."""
    terminal(40)
    rows = [("rate", "1,388.89", "one share converts into so much"), ("shares", "5,100", "issued")]
    assert table(("figure", "", ""), rows, align="lrl").splitlines() == [
        "figure",
        "rate      1,388.89  one share converts",
        "                    into so much",
        "shares       5,100  issued",
    ]


def on_a_terminal(*words: str, **environment: str) -> str:
    """What a command prints on a real terminal."""
    ours, its = pty.openpty()
    command = [sys.executable, "-c", "from projections.command_line import main; main()", *words]
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    variables = {**plain, "TERM": "xterm", "COLUMNS": "100", **environment}
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=variables):
        os.close(its)
        printed = b""
        with suppress(OSError):  # so Linux says that nobody has the other end open any more
            while read := os.read(ours, 65_536):
                printed += read
    os.close(ours)
    return printed.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        (("obligations", "--as-of", "2003-04-08"), "OVERDUE"),
        (("findings", "--as-of", "2003-04-08"), "breach"),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_what_is_overdue_or_in_breach_is_coloured_on_a_terminal_alone(
    demo: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], marked: str
) -> None:
    """Colour on a real terminal; none in a pipe, with NO_COLOR, on a dumb one, or in JSON; the same words."""
    asked = (*words, "--ledger", str(demo))
    coloured = on_a_terminal(*asked)
    assert f"{RED}{marked}\x1b[0m" in coloured
    plain = ran(capsys, *asked).out
    assert "\x1b" not in plain
    for uncoloured in (on_a_terminal(*asked, NO_COLOR="1"), on_a_terminal(*asked, TERM="dumb")):
        assert "\x1b" not in uncoloured
        assert uncoloured.split() == click.unstyle(coloured).split() == plain.split()
    assert "\x1b" not in on_a_terminal(*asked, "--json")


def test_a_finding_that_was_put_right_is_not_coloured(demo: Path) -> None:
    """§5(f)(i) - On 8 April 2003 the first finding, of N-2, was put right long ago: a breach, and no alarm."""
    first = on_a_terminal("findings", "--as-of", "2003-04-08", "--ledger", str(demo)).partition("\n2  ")[0]
    assert "breach since 2001-11-13, put right 2001-11-14" in first


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands_and_options(shell: str) -> None:
    """The program that the README names prints a completion for each shell, and it answers what may follow."""
    program = Path(sys.executable).parent / "captable"
    assert "_CAPTABLE_COMPLETE=bash_source captable" in README
    written = _completed(program, f"{shell}_source")
    assert f"_CAPTABLE_COMPLETE={shell}_complete" in written
    answered = _completed(program, "bash_complete", COMP_WORDS="captable obl", COMP_CWORD="1")
    assert answered == "plain,obligations\n"
    options = _completed(program, "bash_complete", COMP_WORDS="captable rate --kn", COMP_CWORD="2")
    assert options == "plain,--known-at\n"


def _completed(program: Path, instruction: str, **environment: str) -> str:
    variables = {**os.environ, "_CAPTABLE_COMPLETE": instruction, **environment}
    return subprocess.run([program], env=variables, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("export bundle --as-of 2003-12-31 -o {}", "Bundling"),
        ("log", "Reading"),
        ("readings day-count --as-of 2003-12-31", "Deciding anew"),
    ],
    ids=["bundle", "log", "readings"],
)
def test_long_work_says_on_a_terminal_how_far_it_is(
    demo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    label: str,
) -> None:
    """What goes through many entries shows a bar on a terminal's standard error, and none in a pipe."""
    for place in ("projections.report.text", "projections.commands.certificate"):
        monkeypatch.setattr(f"{place}.LONG", 10)
    for name, terminal in (("a.zip", True), ("b.zip", False)):
        monkeypatch.setattr(sys.stderr, "isatty", lambda told=terminal: told, raising=False)
        said = ran(capsys, *words.format(tmp_path / name).split(), "--ledger", demo)
        assert said.status == 0
        assert (label in said.err) == terminal


def test_the_verification_of_a_whole_store_says_on_a_terminal_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In text a line tells of each ledger as it ends; in JSON, which comes at the end, a bar does: for two already."""
    for name in ("one.db", "two.db"):
        begun(tmp_path / name)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    shown = ran(capsys, "verify", "--all", "--store", tmp_path, "--json")
    assert (shown.status, len(shown.data["ledgers"])) == (0, 2)
    assert "Verifying" in shown.err
    told = ran(capsys, "verify", "--all", "--store", tmp_path)
    assert (told.status, len(told.out.splitlines()), told.err) == (0, 2, "")
