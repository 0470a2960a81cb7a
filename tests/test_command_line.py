"""The commands as compliance staff use them, with both clocks, as text and as JSON."""

import json
import re
import shutil
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import click
import pytest
from freezegun import freeze_time

from given import issued
from ledger.events import KINDS
from projections.command_line import captable, main
from projections.commands.demo import story

Run = Callable[..., str]

LAST = 1 + sum(1 for line in story().read_text(encoding="utf-8").splitlines() if line)
"""The last entry of the demo's ledger: its terms and the lines of its story."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a folder of its own, expecting it to be done, and give what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAPTABLE_LEDGER", "ledger.db")

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as left:
            main(words)
        printed = capsys.readouterr()
        seen = 1 if words[0] in ("findings", "diff") else 0  # there is something to see
        assert (left.value.code, printed.err) in ((0, ""), (seen, ""))
        return printed.out

    return run


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's ledger, recorded on 4 March 2003 at noon in New York."""
    folder = tmp_path_factory.mktemp("demo")
    with freeze_time("2003-03-04T17:00:00Z"), pytest.raises(SystemExit) as left:
        main(["demo", "--ledger", str(folder / "ledger.db")])
    assert left.value.code == 0
    return folder


@pytest.fixture
def demo(run: Run, told: Path) -> Run:
    """A copy of the demo's ledger, for commands that may change it."""
    shutil.copytree(told, Path(), dirs_exist_ok=True)
    return run


QUESTIONS = (
    ("asof", "2001-11-12"),
    ("rate", "--as-of", "2001-11-12"),
    ("dividends", "--as-of", "2001-11-12"),
    ("register", "--as-of", "2001-11-12"),
    ("explain", "conversion-rate", "--as-of", "2001-11-12"),
    ("explain", "accrued-dividends", "--as-of", "2001-11-12"),
    ("explain", "outstanding", "--as-of", "2001-11-12"),
    ("explain", "notice", "N-2", "--as-of", "2001-11-12"),
    ("explain", "entry", "18", "--as-of", "2001-11-12"),
    ("show", "18", "--as-of", "2001-11-12"),
    ("findings", "--as-of", "2001-11-12"),
    ("obligations", "--as-of", "2001-11-12"),
    ("holder", "Holder C", "--as-of", "2001-11-12"),
    ("conversions", "--as-of", "2001-11-12"),
    ("redemptions", "--as-of", "2001-11-12"),
    ("votes", "--as-of", "2001-11-12"),
    ("liquidation", "--assets", "3000000", "--as-of", "2001-11-12"),
)


@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
def test_every_question_answers_in_text_and_in_json_under_a_schema(demo: Run, words: tuple[str, ...]) -> None:
    """What is said in words can be had as data, with the clocks and the head of the record it rests on."""
    assert demo(*words).strip()
    told = json.loads(demo(*words, "--json"))
    assert re.fullmatch(r"captable/[a-z]+/1", told["schema"])
    assert (told["as_of"], told["known_at"], told["head"]["entry"]) == ("2001-11-12", None, LAST)
    assert re.fullmatch(r"[0-9a-f]{64}", told["head"]["sha256"])


def test_no_float_is_in_any_answer(demo: Run) -> None:
    """Every quantity of every answer is a string; the only numbers are counts of entries."""

    def no_float(text: str) -> Any:
        raise AssertionError(text)

    for words in QUESTIONS:
        json.loads(demo(*words, "--json"), parse_float=no_float)


def test_the_answer_has_the_names_and_shapes_outsiders_depend_on(demo: Run) -> None:
    """The JSON of `asof` keeps its names: whoever reads it by machine need not fear the next version."""
    told = json.loads(demo("asof", "2001-11-12", "--json"))
    assert list(told) == [
        "schema", "as_of", "known_at", "head", "preferred", "dividends", "conversion_rate", "common",
        "liquidation_preference", "pending_conversions", "redemptions", "findings", "readings",
    ]  # fmt: skip
    assert told["schema"] == "captable/asof/1"
    counts = ["designated", "issued", "outstanding", "converted", "redeemed", "reacquired"]
    assert list(told["preferred"]) == [*counts, "holders", "certificates"]
    assert list(told["preferred"]["holders"][0]) == [
        "holder", "shares", "accrued_dividends", "convertible_into", "votes",
    ]  # fmt: skip
    assert list(told["preferred"]["certificates"][0]) == ["certificate", "holder", "shares", "accrues_from"]
    assert list(told["dividends"]) == ["accrued_unpaid", "in_arrears", "next_payment_date", "due_on_conversion"]
    assert list(told["conversion_rate"]) == ["per_share", "exact", "into"]
    assert list(told["common"]) == ["outstanding", "authorized", "reserve_required", "reserve_available"]


def test_a_question_known_before_the_correction_still_sees_the_mistake(demo: Run) -> None:
    """The books as they were known on the day they were signed can be asked for for ever."""
    log = json.loads(demo("log", "--json"))["entries"]
    before = next(entry["recorded"] for entry in log if entry["entry"] == 23)
    mistaken = json.loads(demo("rate", "--as-of", "2001-11-12", "--known-at", before, "--json"))
    assert mistaken["head"]["entry"] == 23
    # 35,338,889 outstanding (35,000,000 + 200,000 + 138,889), 5,000,000 sold for $2,520,000 / 0.72 = 3,500,000
    assert mistaken["history"][0]["factor"] == f"{40_338_889}/{38_838_889}"


def test_the_recording_clock_is_the_ledgers_own_and_never_stands_still(demo: Run) -> None:
    """Entries recorded within one tick of the clock are still told apart, in the order they were recorded."""
    recorded = [entry["recorded"] for entry in json.loads(demo("log", "--json"))["entries"]]
    assert recorded == sorted(set(recorded))
    assert recorded[0].startswith("2003-03-04T17:00:00")


def test_the_demo_can_be_run_again_and_records_nothing_twice(demo: Run) -> None:
    """A line sent again under its own reference is acknowledged, not doubled."""
    assert f"0 entries recorded, {LAST} in all" in demo("demo", "--ledger", "ledger.db")


def test_a_late_entry_is_marked_in_the_log(demo: Run) -> None:
    """Who reads the log sees at once what was learned after the fact."""
    late = [entry["entry"] for entry in json.loads(demo("log", "--json"))["entries"] if entry["late"]]
    assert late == [32]
    assert re.search(r"32 .* CommonSharesIssued +late", demo("log"))


def test_a_journal_comes_from_a_file_from_standard_input_or_from_flags(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same entries recorded three ways give the same answer."""
    journal = json.dumps({**issued("5"), "holder": "A"})
    Path("journal.jsonl").write_text(journal, encoding="utf-8")
    fields = ("--effective", "2001-04-12", "--holder=A", "--certificate", "H-1", "--shares", "5")
    answers = []
    for ledger, words in (("a.db", ("journal.jsonl",)), ("b.db", ("-",)), ("c.db", ("PreferredSharesIssued", *fields))):
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(journal.encode())))
        run("init", "--ledger", ledger)
        run("record", *words, "--ledger", ledger)
        answers.append(json.loads(run("asof", "2001-06-10", "--ledger", ledger, "--json"))["preferred"])
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["outstanding"] == "5"


def test_an_empty_ledger_says_so_in_words(run: Run) -> None:
    """A ledger that was only begun answers with zeros and with a word, not with silence."""
    run("init")
    assert "Nothing had been issued by then." in run("asof", "2001-06-10")
    assert "nothing else yet" in run("log")


def test_a_future_day_accrues_on(demo: Run) -> None:
    """A day ahead is answered on the footing that nothing further happens."""
    told = json.loads(demo("asof", "2050-01-01", "--json"))["preferred"]
    # 5,100 - (100 + 500 + 400 + 300 + 200 converted) - (880 + 282 redeemed) - 100 reacquired
    assert told["outstanding"] == "2338"


@pytest.mark.parametrize("command", captable.commands.values(), ids=lambda command: str(command.name))
def test_every_command_explains_itself_with_an_example_that_runs(demo: Run, command: click.Command) -> None:
    """`--help` of every command ends with an example, and the example works as it is written."""
    Path("journal.jsonl").write_text(story().read_text(encoding="utf-8"), encoding="utf-8")
    helped = demo(str(command.name), "--help")
    examples = re.findall(r"^ +captable (.+(?:\\\n.+)?)$", helped, re.MULTILINE)
    assert examples
    for example in examples:
        if "PreferredSharesIssued" in example or example.startswith(("serve ", "person ")):
            continue  # the demo's ledger has issued every share; the tests of the page serve it, to such a person
        words = [word.strip('"') for word in re.findall(r'"[^"]+"|\S+', example.replace("\\\n", ""))]
        assert demo(*words)


def test_the_kinds_of_entry_in_the_help_are_all_there_are(run: Run) -> None:
    """Help names every kind of entry, and none that does not exist."""
    listed = re.findall(r"\b([A-Z][a-z]+[A-Z]\w+)\b", run("record", "--help").partition("Kinds of entry:")[2])
    assert sorted(listed) == sorted(KINDS)


def test_overdue_obligations_are_something_to_see(demo: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """On 8 April 2003 a delivery is overdue since the day before: `obligations --overdue` exits 1 and says OVERDUE."""
    with pytest.raises(SystemExit) as left:
        main(["obligations", "--overdue", "--as-of", "2003-04-08"])
    assert left.value.code == 1
    assert "OVERDUE  2003-04-07  §5(f)(i)" in capsys.readouterr().out


def test_assets_too_small_are_shared_ratably_by_the_command(run: Run) -> None:
    """§3(b) - $3,000,000 against $5,610,000 pay a holder of a third of the shares $1,000,000.00."""
    run("init")
    for number, holder in enumerate(("A", "B", "C"), 1):
        line = {**issued("1700", f"H-{number}"), "holder": holder}
        Path("line.jsonl").write_text(json.dumps(line), encoding="utf-8")
        run("record", "line.jsonl")
    told = json.loads(run("liquidation", "--assets", "3000000", "--as-of", "2002-04-12", "--json"))
    assert [one["payment"]["amount"] for one in told["holders"]] == ["1000000.00"] * 3
    assert told["preference"]["amount"] == "5610000.00"


def test_the_older_of_two_corrections_is_superseded(demo: Run) -> None:
    """Of two corrections aimed at one entry the later is in force, and the log says so of both."""
    line = json.dumps({**issued("3000"), "holder": "Sykes Family Trust"})
    words = ("EntryCorrected", "--effective", "2003-03-05", "--entry", "5", "--replacement", line)
    demo("record", *words)
    demo("record", *words)
    status = {entry["entry"]: entry["status"] for entry in json.loads(demo("log", "--json"))["entries"]}
    told = [status[number] for number in (5, LAST + 1, LAST + 2)]
    assert told == [f"corrected by entry {LAST + 2}", "superseded", "in force"]
