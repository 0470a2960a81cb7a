"""What is refused, as a user meets it: exit status, stable name, the numbers, and that nothing was recorded."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from given import COMMON, SERIES_H, issued, on_notice, sold, telecopied
from ledger.application import Ledger
from ledger.journal import read_line
from projections.command_line import main


class Said(NamedTuple):
    """What a command left behind: its exit status and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]

NOTICE = telecopied("2001-06-01T10:00:00-04:00", ("H-1", "1000"))  # a Friday
ORIGINALS = on_notice("OriginalsReceived", "2001-06-04T10:00:00-04:00")  # Tuesday to Thursday 7 June, 17:00
REVOKED = on_notice("NoticeOfConversionRevoked", "2001-06-07T17:00:01-04:00")
TOO_SOON = on_notice("NoticeOfConversionRevoked", "2001-06-07T17:00:00-04:00")
DELIVERED = on_notice("CommonSharesDelivered", "2001-06-05T10:00:00-04:00", shares="1388890")
TOO_LATE = on_notice("CommonSharesDelivered", "2001-06-08", shares="1388890")
TRANSFER = "transfer-must-move-all-that-is-left"
CALLED = {
    "event": "RedemptionNoticeMailed",
    "effective": "2001-05-10",
    "redemption": "R-1",
    "redemption_date": "2001-06-10",
    "shares": [{"certificate": "H-1", "shares": "1000"}],
}
REDEEMED = {"event": "SharesRedeemed", "effective": "2001-06-10", "redemption": "R-1"}
BOTH = (COMMON, issued("5000"), issued("100", "H-2", "Holder B"))


def paid(amount: str, payable_on: str = "2001-06-10") -> dict[str, Any]:
    """A journal line for the first dividend, paid on Monday 11 June."""
    return {"event": "DividendPaid", "effective": "2001-06-11", "payable_on": payable_on, "amount": amount}


def sent(certificate: str, shares: str, holder: str = "Holder A") -> dict[str, Any]:
    """A journal line for a notice telecopied on Friday 1 June 2001 at ten."""
    return telecopied("2001-06-01T10:00:00-04:00", (certificate, shares), holder=holder)


def voided(entry: int) -> dict[str, Any]:
    """A journal line that voids an entry."""
    return {"event": "EntryVoided", "effective": "2001-06-11", "entry": entry}


def transferred(*shares: str) -> dict[str, Any]:
    """A journal line that transfers H-1 in parts."""
    into = [{"holder": "C", "certificate": f"H-1{number}", "shares": part} for number, part in enumerate(shares)]
    return {"event": "PreferredSharesTransferred", "effective": "2001-05-02", "certificate": "H-1", "into": into}


def reacquired(shares: str, effective: str = "2001-05-02") -> dict[str, Any]:
    """A journal line for shares of H-1 bought in."""
    return {"event": "PreferredSharesReacquired", "effective": effective, "certificate": "H-1", "shares": shares}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as it is typed, in a folder with a ledger of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAPTABLE_LEDGER", "ledger.db")
    Ledger.begin(Path("ledger.db"), SERIES_H).close()

    def run(*words: str, typed: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(typed)))
        with pytest.raises(SystemExit) as left:
            main(words)
        assert isinstance(left.value.code, int)
        said = Said(left.value.code, *capsys.readouterr())
        assert "Traceback" not in said.out + said.err
        return said

    return run


def stored() -> list[tuple[Any, ...]]:
    """Every entry in the file."""
    with closing(sqlite3.connect("ledger.db")) as connection:
        return connection.execute("SELECT * FROM stored_events").fetchall()


def journal(*lines: dict[str, Any] | str) -> bytes:
    """Lines as a journal."""
    return "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines).encode()


def given(*lines: dict[str, Any]) -> None:
    """Record lines that are accepted."""
    with Ledger.open(Path("ledger.db")) as ledger:
        ledger.record(read_line(json.dumps(line), "the test") for line in lines)


def recorded(said: Said) -> bool:
    """Whether a command recorded something and said so."""
    return said.status == 0 and said.out.startswith("Recorded ") and not said.err


def refused(said: Said, status: int, name: str) -> str:
    """What was said of a refusal: the status, the name in brackets, and that nothing was recorded."""
    assert (said.status, said.out) == (status, ""), said
    assert f"[{name}]" in said.err.split("\n")[0], said.err
    assert "Nothing was recorded." in said.err
    return said.err


Case = tuple[tuple[dict[str, Any], ...], dict[str, Any], str, str]
ALL = (issued("5100"),)
PENDING = (*BOTH, NOTICE)
WINDOW = (*PENDING, ORIGINALS)
ONE_MORE = issued("0.01", "H-2", on="2001-06-12")
NO_DAY = "payable-on-must-be-a-payment-date"
LATE_DAY = "redemption-must-fall-on-its-date"
LOT = "conversion-must-be-in-multiples-of-the-lot"
HOLDER, HOLDING = "holder-must-hold-the-certificate", "holding-must-cover-conversion"
IMPOSSIBLE: dict[str, Case] = {
    "a number used twice": (BOTH, issued("1", "H-2"), "certificate-number-must-be-new", "entry 4"),
    "150 shares": (BOTH, sent("H-1", "150"), LOT, "Convert 100 or 200 shares."),
    "more than held": (BOTH, sent("H-2", "200", holder="Holder B"), HOLDING, "certificate H-2 has 100 left"),
    "another holder's certificate": (BOTH, sent("H-2", "100"), HOLDER, "Holder B"),
    "a certificate nobody issued": (BOTH, sent("H-9", "100"), "certificate-must-exist", "H-9"),
    "the 5,100.01st share": (ALL, ONE_MORE, "issue-must-stay-within-designation", "so 0 remain"),
    "and after a redemption": ((*ALL, CALLED, REDEEMED), ONE_MORE, "issue-must-stay-within-designation", "§7"),
    "revoked without originals": (PENDING, REVOKED, "notice-must-allow-it", "which have not come"),
    "revoked in the window": (WINDOW, TOO_SOON, "delivery-window-must-have-passed", "Thursday 2001-06-07 17:00:00"),
    "revoked after delivery": ((*WINDOW, DELIVERED), REVOKED, "notice-must-allow-it", "Tuesday 2001-06-05 10:00:00"),
    "revoked twice": ((*WINDOW, REVOKED), REVOKED, "notice-must-allow-it", "it was revoked"),
    "delivered when revoked": ((*WINDOW, REVOKED), TOO_LATE, "notice-must-allow-it", "it was revoked"),
    "a transfer that does not sum": (BOTH, transferred("2500", "2499.99"), TRANSFER, "sum to the 5,000 shares"),
    "a transfer of what a notice took": (
        PENDING,
        {**transferred("5000"), "effective": "2001-06-02"},
        TRANSFER,
        "4,000",
    ),
    "a cent too much": (ALL, paid("82166.68"), "payment-must-not-exceed-what-is-due", "$82,166.67"),
    "no payment date": (ALL, paid("1", "2001-06-11"), NO_DAY, "2001-06-11 is none of them"),
    "redeemed a day late": ((*ALL, CALLED), {**REDEEMED, "effective": "2001-06-11"}, LATE_DAY, "states 2001-06-10"),
    "a late entry": (PENDING, reacquired("4000.01"), "later-entry-must-stand", "entry 5 (NoticeOfConversionReceived"),
    "no entry": (BOTH, voided(9), "entry-must-stand", "entries 1 to 4"),
    "the terms": (BOTH, voided(1), "entry-must-stand", "Entry 1 holds the terms"),
    "no base": (ALL, sold("2001-07-02", "1", "0.50"), "common-stock-must-be-opened", "CommonStockOpened"),
}


@pytest.mark.parametrize(("before", "line", "name", "words"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_what_cannot_have_happened_is_refused_with_both_numbers(
    run: Run, before: tuple[dict[str, Any], ...], line: dict[str, Any], name: str, words: str
) -> None:
    """It exits 3, names its rule and the line, says the numbers and the next step; the file is as it was."""
    given(*before)
    kept = stored()
    said = refused(run("record", "-", typed=journal("", line)), 3, name)
    assert "line 2: " in said
    assert words in said
    assert stored() == kept
    assert refused(run("record", "-", "--dry-run", typed=journal(line)), 3, name)


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ((issued("5100"),), paid("82166.67")),
        ((*BOTH, NOTICE), reacquired("4000")),
        ((*BOTH, NOTICE, ORIGINALS), REVOKED),
        (BOTH, transferred("2500", "2499.99", "0.01")),
    ],
    ids=["the rounded cent", "all that is left", "a second after the window", "parts that sum"],
)
def test_what_can_just_have_happened_is_recorded(
    run: Run, before: tuple[dict[str, Any], ...], line: dict[str, Any]
) -> None:
    """The last cent, share and second on this side of each rule are accepted."""
    given(*before)
    assert recorded(run("record", "-", typed=journal(line)))


RETIRED = '{"event": "CommonSharesRetired", "effective": "2001-05-01", "shares": %s}'


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (RETIRED % "100.5", "quantity-must-be-exact"),
        (RETIRED % "NaN", "quantity-must-be-exact"),
        (RETIRED % '"1e3"', "quantity-must-be-a-number"),
        (RETIRED % '"-1"', "quantity-must-be-positive"),
        (RETIRED % "0", "quantity-must-be-positive"),
        (RETIRED.replace("Retired", "Burned") % 1, "kind-must-be-known"),
        (RETIRED.replace("}", ', "colour": 1}') % 1, "field-must-be-known"),
        (RETIRED.replace("2001-05-01", "20010412") % 1, "moment-must-be-strict"),
        (RETIRED.replace("05-01", "05-01T09:00:00") % 1, "moment-must-be-strict"),
        (json.dumps(issued(holder="")), "name-must-have-a-length"),
        (json.dumps(issued(holder="A\0")), "name-must-be-printable"),
        (json.dumps(paid("0.005")), "payment-must-be-whole-cents"),
        ("[" * 100_000, "line-must-be-json"),
        ("\n \r\n", "journal-must-hold-entries"),
        ("", "journal-must-hold-entries"),
    ],
    ids=lambda value: value[:60] if value.endswith("}") else None,
)
def test_a_journal_that_cannot_be_read_is_refused(run: Run, typed: str, name: str) -> None:
    """It exits 2 and names the rule of form; what stood before the line is not recorded either."""
    kept = stored()
    good = journal(COMMON, issued()) if typed.strip() else b""
    said = refused(run("record", "-", typed=good + b"\n" + typed.encode()), 2, name)
    assert not good or "line 3" in said
    assert stored() == kept


def test_a_journal_that_is_no_utf_8_is_refused_at_its_byte(run: Run) -> None:
    """A name in Latin-1 is not guessed at."""
    said = refused(run("record", "-", typed=journal(COMMON) + b"\n\xe9"), 2, "journal-must-be-readable")
    assert "byte" in said


def test_a_journal_whose_500th_line_is_bad_is_not_recorded_at_all(run: Run) -> None:
    """The line is named; of the 499 good ones before it none is recorded."""
    kept = stored()
    good = [issued("1", f"H-{number}") for number in range(499)]
    Path("long.jsonl").write_bytes(journal(*good, issued("4601.01", "H-499")))
    said = refused(run("record", "long.jsonl"), 3, "issue-must-stay-within-designation")
    assert "long.jsonl, line 500: " in said
    assert "499 were issued before, so 4,601 remain" in said
    Path("long.jsonl").write_bytes(journal(*good, RETIRED % "1.5"))
    assert "long.jsonl, line 500 " in refused(run("record", "long.jsonl"), 2, "quantity-must-be-exact")
    assert stored() == kept


@pytest.mark.parametrize("name", ["missing.jsonl", ".", "ledger.db"], ids=["missing", "a folder", "the ledger"])
def test_a_journal_that_is_no_text_file_is_refused(run: Run, name: str) -> None:
    """What cannot be read as a journal is named."""
    assert name in refused(run("record", name), 2, "journal-must-be-readable")


ENTRY = ("record", "CommonSharesRetired", "--effective", "2001-05-01", "--shares", "1")


def test_a_ledger_that_is_none_is_refused_to_whoever_asks_or_records(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing, another file, read-only, not named: exit 2, and each by its name."""
    Path("text.db").write_text("no ledger", encoding="utf-8")
    for words in (("asof", "2001-06-10"), ENTRY, ("log",), ("explain", "outstanding"), ("show", "1")):
        assert refused(run(*words, "--ledger", "missing.db"), 2, "ledger-must-exist")
        assert refused(run(*words, "--ledger", "text.db"), 2, "ledger-must-be-a-ledger")
        assert refused(run(*words, "--ledger", "."), 2, "ledger-must-be-a-ledger")
    assert refused(run("init"), 2, "ledger-must-be-new")
    Path("ledger.db").chmod(0o444)
    assert refused(run(*ENTRY), 2, "ledger-must-be-writable")
    assert run("asof", "2001-06-10").status == 0
    monkeypatch.setenv("CAPTABLE_LEDGER", "")
    for words in (("asof", "2001-06-10"), ENTRY, ("init",)):
        assert refused(run(*words), 2, "ledger-must-be-named")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("explain", "accrued-dividends", "Holder Z"), "holder-must-be-known"),
        (("explain", "notice", "N-9"), "notice-must-be-known"),
        (("explain", "entry", "9"), "entry-must-exist"),
        (("explain", "entry", "two"), "question-must-be-understood"),
        (("explain", "everything"), "question-must-be-understood"),
        (("explain", "outstanding", "Holder A"), "question-must-be-understood"),
        (("show", "9"), "entry-must-exist"),
        (("show", "0"), "entry-must-exist"),
        (("show", "9" * 30), "question-must-be-understood"),
        (("show", "٣"), "question-must-be-understood"),
        (("asof", "20010412"), "question-must-be-understood"),
        (("asof", "2001-02-29"), "question-must-be-understood"),
        (("asof", "2101-01-01"), "question-must-be-understood"),
        (("rate", "--as-of", "today"), "question-must-be-understood"),
        (("rate", "--as-of", "2001-06-10T09:00:00-04:00"), "question-must-be-understood"),
        (("asof", "2001-06-10", "--known-at", "2002-03-31"), "question-must-be-understood"),
        (("asof", "2001-06-10", "--known-at", "2002-03-31T17:00:00"), "question-must-be-understood"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_question_that_cannot_be_answered_is_refused_by_name(run: Run, words: tuple[str, ...], name: str) -> None:
    """It exits 2, names the rule, and says what to do; of recording it says nothing, for nothing was to be recorded."""
    given(issued())
    said = run(*words)
    assert (said.status, said.out) == (2, "")
    assert f"[{name}]" in said.err
    assert len(said.err.strip().split("\n")) == 3
    assert "Nothing was recorded" not in said.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("nope", ("The reading nope cannot be understood.", "There are date-hereof, accrual-start,", "record-notice.")),
        ("day-cont", ("The reading day-cont cannot be understood.", "Did you mean day-count?")),
        ("conversion-rat", ("The reading conversion-rat cannot be understood.", "Did you mean conversion-rate?")),
        ("entry 2", ("The reading entry cannot be understood.", "Name one of them.")),
        ("day-count 2", ("readings day-count 2 cannot be understood.", "It is asked as: captable readings day-count.")),
    ],
)
def test_of_a_reading_that_there_is_not_it_is_said_which_there_are(run: Run, words: str, says: tuple[str, ...]) -> None:
    """It is a reading that was asked for, or a figure that rests on some; an entry rests on none, and is shown."""
    given(issued())
    said = run("readings", *words.split())
    assert (said.status, said.out) == (2, "")
    assert "[question-must-be-understood]" in said.err
    assert all(one in said.err for one in says), said.err


def test_a_figure_that_rests_on_no_reading_has_none_listed(run: Run) -> None:
    """Shares issued are counted, and nothing about that is silent."""
    given(issued())
    assert run("readings", "issued").out.endswith("\n\nnone\n")


@pytest.mark.parametrize("day", ["1999-01-01", "2001-04-11", "2001-04-12", "2100-12-31"])
def test_every_day_of_the_calendar_has_an_answer(run: Run, day: str) -> None:
    """The first day and the last are asked like any other, before there are shares and after a century."""
    given(*BOTH, {**NOTICE, "effective": "2100-12-31T17:00:01-05:00"})
    for words in (("asof", day), ("rate", "--as-of", day), ("explain", "accrued-dividends", "--as-of", day)):
        assert run(*words).status == run(*words, "--json").status == 0


def test_an_entry_is_given_by_its_fields_a_list_as_json(run: Run) -> None:
    """Flags say what a line says; --dry-run records nothing; the same rules refuse the same things."""
    given(*BOTH)
    listed = '[{"certificate": "H-1", "shares": "1000"}]'
    at = ("--effective", "2001-06-01T10:00:00-04:00")
    words = ("record", "NoticeOfConversionReceived", *at, "--notice=N-1", "--holder", "Holder A", "--surrendered")
    kept = stored()
    assert run(*words, listed, "--dry-run").out.startswith("Nothing was recorded. It would be 1 entry: entry 5.")
    refused(run(*words, listed.replace("1000", "150")), 3, "conversion-must-be-in-multiples-of-the-lot")
    refused(run(*words, listed.replace('"1000"', "1000.0")), 2, "quantity-must-be-exact")
    refused(run(*words, listed[:-1]), 2, "line-must-be-json")
    refused(run(*words), 2, "field-must-have-a-value")
    refused(run(*words, listed, "--copies", "perhaps"), 2, "field-must-be-understood")
    refused(run(*words, listed, "--notice", "N-2"), 2, "field-must-be-given-once")
    refused(run("record", "NoSuchKind", "--shares", "1"), 2, "journal-must-be-readable")
    assert stored() == kept
    assert recorded(run(*words, listed, "--copies", "false", "--fractions", "issue"))


@pytest.mark.parametrize("holder", ["-north", "--south", "-h", "- a dash"])
def test_a_value_may_begin_with_a_dash(run: Run, holder: str) -> None:
    """A field's value is never taken for an option: the entry is recorded, and no help is shown in its place."""
    assert recorded(run("record", "HolderRegistered", "--effective", "2001-05-01", f"--holder={holder}"))
    assert recorded(run("record", "HolderRegistered", "--effective", "2001-05-01", "--holder", holder))


@pytest.mark.parametrize("words", [("nonsense",), ("asof", "--colour"), ("record",), ("log", "--as-of")])
def test_a_command_that_is_not_understood_exits_2(run: Run, words: tuple[str, ...]) -> None:
    """A slip of the pen is answered with what can be typed."""
    said = run(*words)
    assert (said.status, said.out) == (2, "")
    assert said.err


def test_a_security_listed_twice_is_refused_or_counted_twice(run: Run) -> None:
    """§5(c) - One share of Common became one X and two X: three in all, and never two without a word."""
    into = [{"security": "X", "per_share": number} for number in ("1", "2")]
    line = {"event": "CommonStockReclassified", "effective": "2001-06-01", "into": into}
    given(COMMON, issued())
    if run("record", "-", typed=journal(line)).status == 0:
        rate = json.loads(run("rate", "--as-of", "2001-06-02", "--json").out)["conversion_rate"]
        assert rate["into"] == [{"security": "X", "per_share": "4166.67"}]


def test_a_rate_sold_just_below_the_threshold_is_not_said_to_be_sold_at_it(run: Run) -> None:
    """§5(e)(i) - 39,000,000 shares for $28,079,999: the price is below $0.72, and no explanation says otherwise."""
    given(COMMON, issued(), sold("2001-11-20", "39000000", "28079999"))
    assert "at $0.72, below $0.72" not in run("explain", "conversion-rate", "--as-of", "2001-12-31").out


def program(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the program itself."""
    command = [sys.executable, "-c", "from projections.command_line import main; main()", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def test_the_program_itself_exits_as_its_commands_do(run: Run) -> None:
    """The statuses 0, 2 and 3 reach the shell, the words its standard error, and a pipe its reader."""
    assert run("log").status == 0
    bad = journal(issued("5100.01")).decode()
    done = program("record", "-", input=bad)
    assert (done.returncode, done.stdout) == (3, "")
    assert "[issue-must-stay-within-designation]" in done.stderr
    assert program("record", "-", input="{").returncode == 2
    assert program("record", "-", input=journal(issued()).decode()).returncode == 0
    assert "H-1" in program("register", "--as-of", "2001-04-12").stdout


def test_standard_input_that_is_closed_holds_no_journal(run: Run) -> None:
    """Without standard input there is nothing to read, and the ledger says so."""
    assert run("log").status == 0
    done = program("record", "-", preexec_fn=lambda: os.close(0))
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert "[journal-must-" in done.stderr


def test_whoever_finds_the_file_taken_exits_5(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody who takes no turns writes in the file nothing is recorded, and it may be tried again."""
    line = {"event": "HolderRegistered", "effective": "2001-05-01", "holder": "A"}
    assert run("log").status == 0
    monkeypatch.setattr("eventsourcing.sqlite.SQLITE3_DEFAULT_LOCK_TIMEOUT", 0.01)  # seconds to wait for the file
    with closing(sqlite3.connect("ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = run("record", "-", typed=journal(line))
    assert "Record it again" in refused(said, 5, "ledger-must-not-have-moved-on")
    assert len(stored()) == 1
    assert run("record", "-", typed=journal(line)).status == 0
