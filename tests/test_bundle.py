"""The auditor's bundle: the same bytes each time, checked by a stranger's reading, and no part of it altered unseen."""

import ast
import csv
import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, redirect_stdout, suppress
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from freezegun import freeze_time
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from given import COMMON, SERIES_H, given, issued, on_notice, reading, record, sold, telecopied, transferred
from histories import histories
from ledger.application import Ledger
from ledger.book import Book
from ledger.clauses import dividends
from ledger.clauses.business_days import BusinessDays
from ledger.entries import Entry
from ledger.errors import FieldRefusal, LedgerError, Refusal
from ledger.events import KINDS
from ledger.journal import read_journal, read_line
from ledger.moments import parse_day
from ledger.terms import Terms
from ledger.terms_file import read_terms
from projections import bundle as making
from projections.asof import answer
from projections.auditor import second_reading, verify
from projections.bundle import Bundle, bundle, write
from projections.command_line import main
from projections.commands.demo import story
from projections.question import Question
from projections.sheets import safe
from test_s5d_common_replaced import CASHED_OUT, CLASS_B, LATER, MERGED, PENDING
from test_s5d_reorganizations import split
from test_worked_examples import EXAMPLES, example, journal

Line = dict[str, Any]
Files = dict[str, bytes]

NOON = datetime(2003, 3, 4, 17, 0, tzinfo=UTC)
HERE = Path(__file__).parent.parent
BARE = (sys.executable, "-I", "-S")

SMALL: tuple[Line, ...] = (
    COMMON,
    issued("1000"),
    sold("2001-07-02", "5000000", "2250000"),
    telecopied("2001-07-08T10:00:00-04:00", ("H-1", "100")),
    {"event": "DividendPaid", "effective": "2001-07-12", "payable_on": "2001-06-10", "amount": "4500.00"},
    {"event": "BankClosureDeclared", "effective": "2001-08-01", "closed_on": "2001-08-15", "reason": 'a storm,\n"Ida"'},
)
"""Six lines: 1,000 shares, a sale at $0.45, a notice of a Sunday, a payment in part, a closure."""


def entries(lines: list[Line] | tuple[Line, ...]) -> Iterator[Entry]:
    """Journal lines as entries."""
    return (read_line(json.dumps(line), "the test") for line in lines)


def begun(path: Path, lines: list[Line] | tuple[Line, ...], terms: Terms = SERIES_H) -> Path:
    """A ledger file with some lines recorded at noon of 4 March 2003."""
    with freeze_time(NOON), Ledger.begin(path, terms) as ledger:
        ledger.record(entries(lines))
    return path


def made(path: Path, day: str, known_at: datetime | None = None) -> Bundle:
    """The bundle of a ledger file on a day."""
    with Ledger.open(path) as ledger:
        return bundle(ledger, Question.ask(ledger.book, parse_day(day), known_at))


def checked(place: Path, *more: str) -> tuple[int, list[str]]:
    """What verify.py says of a bundle, run in this process: its status, and its lines."""
    said, kept = io.StringIO(), list(sys.path)
    try:
        with redirect_stdout(said), patch.object(sys, "dont_write_bytecode", new=True):
            status = verify.main([str(place), *more])
    finally:
        sys.path[:] = kept
    return status, said.getvalue().splitlines()


def unpacked(files: Mapping[str, bytes], folder: Path) -> Path:
    """The files of a bundle in a folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def summed(files: Files) -> Files:
    """The files with their sums made anew, as a forger would."""
    rest = {name: data for name, data in sorted(files.items()) if name != making.SUMS}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in rest.items())
    return {**rest, making.SUMS: sums.encode()}


def failed(files: Files, *more: str) -> list[str]:
    """The checks that fail for the files of a bundle, by name; exit 4 goes with at least one."""
    with TemporaryDirectory() as folder:
        status, lines = checked(unpacked(files, Path(folder)), *more)
    fails = [line.split(":")[0].removeprefix("FAIL  ") for line in lines if line.startswith("FAIL")]
    assert status == (4 if fails else 0), lines
    return fails


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The bundle of the small ledger on 10 September 2001."""
    return made(begun(tmp_path_factory.mktemp("small") / "ledger.db", SMALL), "2001-09-10")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger file that holds the demo's story."""
    lines = story().read_text(encoding="utf-8").split("\n")
    path = tmp_path_factory.mktemp("demo") / "ledger.db"
    with freeze_time(NOON), Ledger.begin(path, read_terms()) as ledger:
        ledger.record(entry for _, entry in read_journal(lines, "the story"))
    return path


def rows(files: Files, name: str) -> list[dict[str, str]]:
    """The rows of a table of a bundle, each cell as it stands there."""
    return list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_the_figures_of_a_small_ledger_worked_out_by_hand(small: Bundle) -> None:
    """1,000 shares, 5,000,000 sold at $0.45, 100 converted: every figure as pencil and paper have it.

    The sale: 1,388.89 x (35,000,000 + 5,000,000) / (35,000,000 + 2,250,000/0.72) = 1,388.89 x 64/61 = 1,457.1960...
    The notice of Sunday 8 July is received on Monday, 9 July, at nine: 87 days at $10,000 a year are $2,416.66...
    On 10 September 900 shares have accrued 148 days, $37,000, of which $4,500 x 900/900 was paid on 12 July.
    """
    figures = {row["figure"]: (row["exact"], row["rounded"]) for row in rows(small.files, "answers/series.csv")}
    assert figures["preferred.outstanding"] == ("900", "900")
    assert figures["preferred.converted"] == ("100", "100")
    assert figures["conversion_rate"] == (str(Fraction("1388.89") * 64 / 61), "1457.196066")
    assert figures["dividends.accrued_unpaid"] == ("32500", "32500.00")
    assert figures["dividends.due_on_conversion"] == ("7250/3", "2416.67")
    assert figures["common.outstanding"] == ("40145719", "40145719")  # 35,000,000 + 5,000,000 + 145,719 whole shares
    assert figures["liquidation_preference"] == ("932500", "932500.00")
    assert figures["dividends.next_payment_date"] == ("2001-12-10", "")
    (holder,) = rows(small.files, "answers/holders.csv")
    assert holder["accrued_dividends_exact"] == "32500"
    (step,) = rows(small.files, "answers/rate_history.csv")
    assert (step["entry"], step["factor"]) == ("4", "64/61")
    assert failed(small.files) == []


def test_the_bundle_holds_the_record_what_it_rests_on_and_what_it_answers(small: Bundle) -> None:
    """Journal, terms, readings, calendar, answers, links and head, with the programs that check them; no more."""
    assert sorted(small.files) == sorted([*verify.SUMMED, verify.SUMS])
    head = json.loads(small.files["head.json"])
    assert head == {
        "schema": "captable/bundle/1", "entry": 7, "sha256": small.head.sha256, "as_of": "2001-09-10", "known_at": None,
    }  # fmt: skip
    first, *others = [json.loads(line) for line in small.files["entries.jsonl"].splitlines()]
    assert (first["number"], first["word"]) == (1, "TermsAdopted")
    assert others[-1]["sha256"] == small.head.sha256
    journal = [json.loads(line) for line in small.files["journal.jsonl"].splitlines()]
    assert [line["event"] for line in journal] == [line["event"] for line in SMALL]
    assert json.loads(small.files["terms.json"]) == SERIES_H.data()
    readings = {one["id"]: one["taken"] for one in json.loads(small.files["readings.json"])}
    assert readings["day-count"] == "30/360 US"
    text = small.files["README.txt"].decode()
    assert str(small.head) in text
    assert all(
        f"{name.removeprefix('answers/').removesuffix('.csv')}" in text for name in small.files if name != "README.txt"
    )


def test_the_calendar_says_which_days_were_open_and_why_not(small: Bundle) -> None:
    """From the year of the first entry to the year after the last day an answer names, every day."""
    calendar = {row["day"]: (row["banks"], row["why"]) for row in rows(small.files, "calendar.csv")}
    assert (min(calendar), max(calendar), len(calendar)) == ("2001-01-01", "2002-12-31", 730)
    assert calendar["2001-07-04"] == ("closed", "Independence Day")
    assert calendar["2001-07-08"] == ("closed", "Sunday")
    assert calendar["2001-07-09"] == ("open", "")
    assert calendar["2001-08-15"] == ("closed", 'declared closure: a storm,\n"Ida"')


@pytest.mark.parametrize("day", ["1999-01-01", "2001-04-12", "2100-12-31"])
def test_an_empty_ledger_has_a_bundle_on_any_day(tmp_path: Path, day: str) -> None:
    """The terms alone: no line of a journal, no share, the first rate, and the calendar of a hundred years at most."""
    told = made(begun(tmp_path / "ledger.db", ()), day, datetime(2000, 1, 1, tzinfo=UTC))
    assert told.files["journal.jsonl"] == b""
    assert (told.head.entry, failed(told.files)) == (1, [])


def test_the_calendar_reaches_every_day_an_answer_names(tmp_path: Path) -> None:
    """A record date of 2010, and a window of 3,650 business days, lie in the calendar of 2001."""
    lines = (
        *SMALL,
        {"event": "CertificateAmended", "effective": "2001-04-13", "terms": {"delivery_business_days": 3650}},
        {"event": "OriginalsReceived", "effective": "2001-07-10T10:00:00-04:00", "notice": "N-1"},
        {"event": "RecordDateSet", "effective": "2001-07-11", "action": "V-1", "record_date": "2010-03-01"},
    )
    told = made(begun(tmp_path / "ledger.db", lines), "2001-09-10")
    (notice,) = rows(told.files, "answers/pending_notices.csv")
    last = rows(told.files, "calendar.csv")[-1]["day"]
    assert notice["delivery_deadline"][:10] > "2015"
    assert last == f"{int(notice['delivery_deadline'][:4]) + 1}-12-31"
    assert failed(told.files) == []


@pytest.mark.parametrize(
    "holder", ["=cmd()", "+1", "-5", "@x", "'quoted'", "＝1", "a,b", 'Trust "A"', "Zoë", "-", "1/2"]
)
def test_no_spreadsheet_runs_a_cell_and_every_name_reads_back(tmp_path: Path, holder: str) -> None:
    """What would be a formula has an apostrophe before it, which the reader takes off; digits stay as they are."""
    told = made(begun(tmp_path / "ledger.db", (issued(holder=holder),)), "2001-09-10")
    (row,) = rows(told.files, "answers/holders.csv")
    assert verify.plain(row["holder"]) == holder
    assert row["holder"][0] not in "=+@＝" or row["holder"] == "+1"
    assert failed(told.files) == []


@drawn(st.text())
def test_a_cell_made_safe_reads_back(cell: str) -> None:
    """Whatever a cell says, the mark is taken off again where it was put, and nowhere else."""
    assert verify.plain(safe(cell)) == cell


# --- the same bytes ---------------------------------------------------------------------------------------------------


def test_the_same_question_of_the_same_record_gives_the_same_bytes(demo: Path) -> None:
    """Asked twice, from two openings of the file, years apart: byte for byte the same."""
    with freeze_time("2003-05-01T12:00:00Z"):
        before = made(demo, "2004-03-01").packed()
    with freeze_time("2026-01-01T00:00:00Z"):
        assert made(demo, "2004-03-01").packed() == before


@pytest.mark.parametrize("shell", [{"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"}])
def test_the_bytes_depend_on_no_machine(demo: Path, tmp_path: Path, shell: dict[str, str]) -> None:
    """Not on the time zone, the language, or the order in which Python keeps a set."""
    run = "from projections.command_line import main; main()"
    words = ("export", "bundle", "-o", str(tmp_path / "a.zip"), "--as-of", "2004-03-01", "--ledger", str(demo))
    environment = {**os.environ, "PYTHONPATH": str(HERE), **shell}
    subprocess.run([sys.executable, "-c", run, *words], env=environment, check=True, capture_output=True, timeout=60)
    assert (tmp_path / "a.zip").read_bytes() == made(demo, "2004-03-01").packed()


def test_a_zip_is_sorted_stored_and_without_a_clock(demo: Path) -> None:
    """Names in order, the first instant a zip can write, permissions of a plain file, no compressor's taste."""
    with zipfile.ZipFile(io.BytesIO(made(demo, "2004-03-01").packed())) as archive:
        members = archive.infolist()
    assert [member.filename for member in members] == sorted(member.filename for member in members)
    assert {(m.date_time, m.external_attr, m.compress_type) for m in members} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644 << 16, zipfile.ZIP_STORED)
    }


def test_known_at_a_moment_the_bundle_holds_what_was_known_then_and_never_changes(tmp_path: Path) -> None:
    """Before its correction the mistake is all there is: asked after it, the bundle is the one of the day before."""
    path, day = begun(tmp_path / "ledger.db", SMALL), "2001-09-10"
    between = NOON + timedelta(hours=1)
    before = made(path, day, between).packed()
    line = {"event": "EntryCorrected", "effective": "2003-03-04", "entry": 3, "replacement": issued("2000")}
    with freeze_time(NOON + timedelta(hours=2)), Ledger.open(path, to_record=True) as ledger:
        ledger.record(entries([line]))
    known, now = made(path, day, between), made(path, day)
    assert known.packed() == before
    assert len(known.files["journal.jsonl"].splitlines()) == 6
    assert failed(known.files) == failed(now.files) == []
    shares = [
        next(row["exact"] for row in rows(told.files, "answers/series.csv") if row["figure"] == "preferred.outstanding")
        for told in (known, now)
    ]
    assert shares == ["900", "1900"]
    assert "preferred.outstanding" not in known.files["journal.jsonl"].decode()
    late = {**now.files, "head.json": now.files["head.json"].replace(b"null", b'"2003-03-04T18:00:00+00:00"')}
    assert failed(summed(late)) == ["entries", "head"]


# --- the stranger's reading -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2001-04-11", "2001-11-12", "2003-03-01", "2004-03-01", "2006-01-01"])
def test_a_bare_interpreter_checks_the_story_unpacked_and_packed(demo: Path, tmp_path: Path, day: str) -> None:
    """Without our packages, our folder or anything installed: every check holds, and nothing is left behind."""
    told = made(demo, day)
    write(tmp_path / "audit.zip", told.packed())
    folder = unpacked(told.files, tmp_path / "audit")
    alone = unpacked({"verify.py": told.files["verify.py"]}, tmp_path / "alone") / "verify.py"
    program = folder / "verify.py"
    for words in ([program], [program, tmp_path / "audit.zip"], [program, folder, told.head], [alone, "audit.zip"]):
        run = [*BARE, *map(str, words)]
        done = subprocess.run(run, cwd=tmp_path, env={}, check=False, capture_output=True, timeout=60)
        lines = done.stdout.decode().splitlines()
        assert (done.returncode, done.stderr, lines[-1]) == (0, b"", "Everything fits.")
        assert len(lines) == len(verify.CHECKS) + 1 + (told.head in words)
    assert not list(folder.rglob("*.pyc"))


def shaken(journal: list[Line], random: Random, terms: Terms) -> list[Line]:
    """A history with readings of its own, amended, corrected and voided: all of it that can be recorded."""
    book, days = Book(terms), [line["effective"][:10] for line in journal]

    def told(line: Line) -> None:
        with suppress(Refusal, FieldRefusal):
            record(book, line)

    def strange() -> Line:
        day, number = random.choice(days), random.randrange(2, book.last + 1)
        amended = {"event": "CertificateAmended", "effective": random.choice((day, f"{day}T16:30:00-05:00"))}
        terms = [
            {"dividend_rate": random.choice(("0.08", "0.12", "0.1"))}, {"stated_value": random.choice(("900", "1100"))},
            {"conversion_rate": "1500.5"}, {"threshold_price": "0.5"}, {"delivery_business_days": 2},
            {"business_opens": "10:30", "business_closes": "15:00"},
            {"conversion_rate": "1400", "dividend_rate": "0.09"},
        ]  # fmt: skip
        became = [{"security": "Common Stock", "per_share": "0.5"}, {"security": "Class B", "per_share": "1"}]
        into = random.choice((became, became[:1], became[1:]))
        says = book.record[number - 2].entry.line()
        says = says.get("replacement", says)
        moved = {**says, "effective": random.choice(days)}
        moved |= {"shares": "250"} if isinstance(says.get("shares"), str) else {}
        return random.choice(
            [
                *({**amended, "terms": one} for one in terms),
                {"event": "CommonStockReclassified", "effective": day, "into": into},
                {"event": "ReorganizationEffected", "effective": day, "per_share": into},
                {"event": "BankClosureDeclared", "effective": "2004-01-01", "closed_on": day},
                *[{"event": "EntryVoided", "effective": "2004-01-01", "entry": number}] * 6,
                *[{"event": "EntryCorrected", "effective": "2004-01-01", "entry": number, "replacement": moved}] * 6,
            ]
        )

    for line in journal:
        told(line)
        if random.random() < 0.2:
            told(strange())
    for _ in range(6):
        told(strange())
    return [item.entry.line() for item in book.record]


READINGS = st.fixed_dictionaries(
    {
        "day_count": st.sampled_from(["30/360 US", "30/360 US", "Actual/365 Fixed", "Actual/360"]),
        "dilution_threshold": st.sampled_from(["literal", "scales with splits"]),
    }
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@drawn(histories(45), READINGS, st.randoms(use_true_random=False))
def test_the_second_reading_agrees_on_any_history(journal: list[Line], choices: dict[str, str], random: Random) -> None:
    """Splits, sales, revocations, redemptions, amendments, corrections: a stranger computes what the ledger answers.

    And recorded into an empty ledger the bundle's journal gives the same answers, for the day and for the moment.
    """
    terms = reading(**choices)
    lines = shaken(journal, random, terms)
    day = parse_day(random.choice(lines)["effective"][:10]) + timedelta(days=random.choice((0, 0, 1, 40)))
    with TemporaryDirectory() as folder, Ledger.open(begun(Path(folder) / "ledger.db", lines, terms)) as ledger:
        known_at = random.choice((None, random.choice(ledger.book.record).recorded))
        told = bundle(ledger, Question.ask(ledger.book, day, known_at))
        expected = answer(ledger.book, day, known_at)
    assert failed(told.files) == []
    again = given(*map(json.loads, told.files["journal.jsonl"].splitlines()), terms=terms)
    assert answer(again, day) == {**expected, "known_at": None}


def test_recorded_into_an_empty_ledger_the_bundle_gives_the_same_answers(demo: Path, tmp_path: Path) -> None:
    """By the commands of its README, begun with its terms and its journal recorded: the tables are the same."""
    told = made(demo, "2004-03-01")
    folder = unpacked(told.files, tmp_path / "audit")
    again = str(tmp_path / "again.db")
    for words in (("init", "--terms", str(folder / "terms.toml")), ("record", str(folder / "journal.jsonl"))):
        with pytest.raises(SystemExit) as left:
            main([*words, "--ledger", again])
        assert left.value.code == 0
    retold = made(tmp_path / "again.db", "2004-03-01")
    differ = {name for name in told.files if told.files[name] != retold.files[name]}
    assert differ == {"entries.jsonl", "head.json", "README.txt", making.SUMS}  # when it was recorded, and the links


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_second_reading_agrees_with_the_worked_examples(path: Path, tmp_path: Path) -> None:
    """§1 to §10 - What was worked out by hand, clause by clause, is what the stranger computes from the bundle."""
    told = example(path)
    lines = journal(told["given"])[: -1 if "refused" in told else None]
    ledger = begun(tmp_path / "ledger.db", lines, reading(**told.get("readings", {})))
    for day in {asked["day"] for asked in told.get("asked", [{"day": "2004-12-31"}])}:
        assert failed(made(ledger, day).files) == []


@pytest.mark.parametrize("day", ["2001-04-12", "2001-04-13"])
def test_the_second_reading_leaves_the_date_hereof_alone(tmp_path: Path, day: str) -> None:
    """Reading date-hereof: a sale at $0.45 on the very day of signing adjusts nothing, one the day after does."""
    told = made(begun(tmp_path / "ledger.db", (COMMON, issued(), sold(day, "5000000", "2250000"))), day)
    assert len(rows(told.files, "answers/rate_history.csv")) == (day == "2001-04-13")
    assert failed(told.files) == []


def called(shares: str) -> Line:
    """A journal line that notices shares of H-1 for redemption on 3 September 2001."""
    listed = [{"certificate": "H-1", "shares": shares}]
    line = {"event": "RedemptionNoticeMailed", "effective": "2001-05-01", "redemption": "R-1", "shares": listed}
    return {**line, "redemption_date": "2001-09-03"}


def paid(payable_on: str, amount: str) -> Line:
    """A journal line for a dividend paid on 12 September 2001."""
    return {"event": "DividendPaid", "effective": "2001-09-12", "payable_on": payable_on, "amount": amount}


REDEEMED: Line = {"event": "SharesRedeemed", "effective": "2001-09-03", "redemption": "R-1"}
SURRENDERED = (
    telecopied("2001-06-04T10:00:00-04:00", ("H-1", "500")),
    on_notice("OriginalsReceived", "2001-06-04T11:00:00-04:00"),
)
REVOKED = on_notice("NoticeOfConversionRevoked", "2001-06-25T10:00:00-04:00")

SELDOM: dict[str, tuple[list[Line], dict[str, str]]] = {
    # 800 of 1,000 are called, 500 convert; the 500 left are all called and go to H-2 and H-3, 300 wait for the others.
    "a call that waits for a revocation": (
        [
            COMMON, issued("1000"), called("800"), *SURRENDERED,
            transferred("2001-06-20", ("Holder B", "H-2", "200"), ("Holder C", "H-3", "300")), REVOKED, REDEEMED,
        ],
        {"preferred.outstanding": "200", "preferred.redeemed": "800"},
    ),
    "a call that is divided with the shares": (
        [
            issued("1000"), called("100"),
            transferred("2001-06-20", ("Holder B", "H-2", "500"), ("Holder C", "H-3", "500")), REDEEMED,
        ],
        {"preferred.outstanding": "900", "preferred.redeemed": "100"},
    ),
    # H-2 was paid to September while H-1 was converted: of what is then paid for June it takes nothing.
    # Accrued by 30 September: 1,000 shares x $100 x 168/360 = $46,666.66...; paid $20,555.56 and $100.
    "a certificate paid beyond the date": (
        [
            COMMON, issued("500"), issued("500", "H-2", "Holder B"), *SURRENDERED, paid("2001-09-10", "20555.56"),
            {**REVOKED, "effective": "2001-09-12T10:00:00-04:00"},
            {**paid("2001-06-10", "100.00"), "effective": "2001-09-13"},
        ],
        {"dividends.accrued_unpaid": str(Fraction(1000 * 100 * 168, 360) - Fraction("20655.56"))},
    ),
    "a sale at the price itself": (
        [COMMON, issued(), sold("2001-07-02", "5000000", "3600000")], {"conversion_rate": "138889/100"}
    ),
    "a voiding of the voiding of a correction": (
        [
            issued("5000"),
            {"event": "EntryCorrected", "effective": "2002-01-02", "entry": 2, "replacement": issued("4000")},
            *({"event": "EntryVoided", "effective": "2002-01-02", "entry": entry} for entry in (3, 4)),
        ],
        {"preferred.outstanding": "4000"},
    ),
    # 36,388,890 x 0.35 = 12,736,111.5; with 1,000,000 sold at $0.36 and split in two 27,472,223. Then 100 x 1,388.89 x
    # 13,736,111.5 / 13,236,111.5 x 2 x 0.35 more.
    "a merger with a notice pending, a sale, a split and a conversion after it": (
        [
            COMMON, issued(), CLASS_B, PENDING, MERGED, sold("2001-07-03", "1000000", "360000"),
            split("2", "1", "2001-07-04"), {**LATER, "notice": "N-2"},
        ],
        {"common.outstanding": str(27472223 + Fraction("97222.3") * Fraction("13736111.5") / Fraction("13236111.5"))},
    ),
    # 0.1 of Class B is beside each Common, the amended rate of it too: (35,000,000 + 100 x 1,400) x 0.35.
    "a rate amended before a merger": (
        [
            COMMON, issued(), CLASS_B, MERGED, LATER,
            {"event": "CertificateAmended", "effective": "2001-06-20", "terms": {"conversion_rate": "1400"}},
        ],
        {"common.outstanding": "12299000"},
    ),
    # 64/61 more Common has the same Class B beside it: 40,000,000 x (0.25 + 0.1 x 61/64), a notice come and gone.
    "a sale before a merger, and a revocation after it": (
        [
            COMMON, issued(), CLASS_B, sold("2001-06-20", "5000000", "2250000"), PENDING,
            on_notice("OriginalsReceived", "2001-06-29T10:00:00-04:00"), MERGED,
            on_notice("NoticeOfConversionRevoked", "2001-07-06T10:00:00-04:00"),
        ],
        {"common.outstanding": "13812500", "preferred.outstanding": "5100"},
    ),
    "a sale for nothing where all is cash": (
        [COMMON, issued(), CASHED_OUT, LATER, sold("2001-07-10", "1000000", "0")],
        {"common.outstanding": "1000000", "conversion_rate": "138889/100"},
    ),
    # The notice was sent on Sunday and the sale takes effect as it is received: it was first, and gets the old rate.
    "a sale at the opening at which a notice is received": (
        [COMMON, issued(), sold("2001-07-09T09:00:00-04:00", "5000000", "2250000"), SMALL[3]],
        {"common.outstanding": "40138889"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SELDOM)
def test_the_second_reading_agrees_where_random_histories_seldom_go(tmp_path: Path, name: str) -> None:
    """Figures worked out by hand for what chance leaves out: each is the bundle's, and the stranger's."""
    lines, expected = SELDOM[name]
    told = made(begun(tmp_path / "ledger.db", lines), "2001-09-30")
    figures = {row["figure"]: row["exact"] for row in rows(told.files, "answers/series.csv")}
    assert {figure: figures[figure] for figure in expected} == expected
    assert failed(told.files) == []


@pytest.mark.parametrize("choices", [{}, {"day_count": "Actual/360", "votes": "every share"}])
def test_the_terms_file_of_a_bundle_is_its_terms(choices: dict[str, str], tmp_path: Path) -> None:
    """What `captable init --terms` reads is what entry 1 says, readings and all."""
    terms = reading(**choices)
    told = made(begun(tmp_path / "ledger.db", (COMMON,), terms), "2001-09-10")
    (tmp_path / "terms.toml").write_bytes(told.files["terms.toml"])
    assert read_terms(tmp_path / "terms.toml") == terms
    assert failed(told.files) == []


def test_the_second_reading_knows_every_kind_of_entry() -> None:
    """A kind that moves nothing is passed over by name; one that nobody named is an error."""
    assert {*second_reading.KINDS, "EntryCorrected", "EntryVoided"} == set(KINDS)
    journal = {2: {"event": "StockWatered", "effective": "2001-05-01"}}
    with pytest.raises(ValueError, match="entry 2 is of an unknown kind: StockWatered"):
        second_reading.Books(journal, SERIES_H.data(), {}, date(2001, 6, 1))


def test_the_second_reading_keeps_the_same_holidays() -> None:
    """Its own rules of the Federal Reserve's calendar close the days that ours closes, from 1999 to 2100."""
    days = BusinessDays(SERIES_H)
    for place in range((date(2100, 12, 31) - date(1999, 1, 1)).days + 1):
        day = date(1999, 1, 1) + timedelta(days=place)
        assert days.is_open(day) == (day.weekday() < 5 and day not in second_reading.holidays(day.year)), day


def test_the_second_reading_keeps_the_same_time() -> None:
    """Its own rules of summer time give New York's clock, forth and back, on every morning on which it could change."""
    new_york = ZoneInfo("America/New_York")
    for day in (date(1999, 1, 1) + timedelta(days=place) for place in range(37_255)):
        for hour in (time(5, 59, 59), time(6), time(6, 59, 59), time(7)) if day.month in (1, 3, 4, 10, 11) else ():
            utc = datetime.combine(day, hour, UTC)
            clock = utc.astimezone(new_york)
            assert second_reading.in_new_york(utc.replace(tzinfo=None)) == clock.replace(tzinfo=None), utc
            back = clock.replace(fold=0).astimezone(UTC).replace(tzinfo=None)
            assert second_reading.in_utc(clock.date(), clock.time().isoformat()) == back, clock


@pytest.mark.parametrize("method", ["30/360 US", "Actual/365 Fixed", "Actual/360"])
def test_the_second_reading_counts_the_same_days(method: str) -> None:
    """§2 - Under each reading of the day count: from and to every end and beginning of a month, leap years too."""
    terms = reading(day_count=method)
    books = second_reading.Books({}, terms.data(), {}, date(2001, 4, 12))
    every = (date(2002, 12, 25) + timedelta(days=place) for place in range(830))
    days = [day for day in every if day.day in (1, 2, 15, 27, 28, 29, 30, 31)]
    for start in days:
        for end in days:
            assert books.accrued(Fraction(1), start, end) == dividends.accrued(terms, Fraction(1), start, end)


@pytest.mark.parametrize("program", making.PROGRAMS)
def test_the_programs_of_a_bundle_need_nothing_but_python_3_8(small: Bundle, program: str) -> None:
    """They are the files a reader finds in the source, import the standard library alone, and parse as Python 3.8."""
    source = (HERE / "projections" / "auditor" / program).read_bytes()
    assert small.files[program] == source
    tree = ast.parse(source, feature_version=(3, 8))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names = plain | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


# --- tampering --------------------------------------------------------------------------------------------------------


def altered(data: bytes, random: Random) -> Iterator[bytes]:
    """A file altered by little: bits flipped, lines dropped, doubled or swapped, cut off, emptied, added to."""
    for place in {0, len(data) - 1, *(random.randrange(len(data)) for _ in range(8))}:
        yield data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]
    lines = data.splitlines(keepends=True)
    for place in {0, len(lines) - 1, random.randrange(len(lines))}:
        yield b"".join(lines[:place] + lines[place + 1 :])
        yield b"".join([*lines[:place], lines[place], *lines[place:]])
    if len(lines) > 1:
        place = random.randrange(len(lines) - 1)
        yield b"".join([*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]])
    yield from (data[:-1], b"", data + b"\n", data.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("name", [*verify.SUMMED, verify.SUMS])
def test_no_file_is_altered_unseen(small: Bundle, name: str) -> None:
    """A bit, a byte, a line, the end of any file: exit 4, each time."""
    found = tried = 0
    for data in altered(small.files[name], Random(name)):
        if data != small.files[name]:
            tried += 1
            found += bool(failed({**small.files, name: data}))
    print(f"{name}: {found} of {tried} found")
    assert (found, tried) == (tried, max(tried, 15))


@pytest.mark.parametrize("name", [*verify.SUMMED, verify.SUMS])
def test_no_file_is_missing_or_doubled_unseen(small: Bundle, tmp_path: Path, name: str) -> None:
    """A bundle is all of its files, each once, and nothing else."""
    assert failed({other: data for other, data in small.files.items() if other != name})
    for extra in (name, f"{name}.old"):
        with (
            zipfile.ZipFile(tmp_path / f"{len(extra)}.zip", "w") as archive,
            pytest.warns() if extra == name else closing(io.BytesIO()),
        ):
            for other, data in small.files.items():
                archive.writestr(other, data)
            archive.writestr(extra, small.files[name])
        assert checked(tmp_path / f"{len(extra)}.zip")[0] == 4


def test_no_byte_of_the_zip_is_altered_unseen(small: Bundle, tmp_path: Path) -> None:
    """Whatever is damaged in the data of a zip is said in a line, without a traceback."""
    packed, random = small.packed(), Random(1)
    ends = packed.index(b"PK\x01\x02")  # what follows is the directory, with fields that say nothing
    for at in count():
        place = random.randrange(ends)
        if at == 60:
            break
        if packed[place - 40 : place + 40].find(b"PK\x03\x04") >= 0:
            continue  # a local header repeats the directory
        (tmp_path / f"{at}.zip").write_bytes(packed[:place] + bytes([packed[place] ^ 4]) + packed[place + 1 :])
        status, lines = checked(tmp_path / f"{at}.zip")
        assert (status, len(lines)) == (4, 1), place
    for data in (b"", b"PK", packed[: len(packed) // 2]):
        (tmp_path / "x.zip").write_bytes(data)
        assert checked(tmp_path / "x.zip")[0] == 4
    assert checked(tmp_path / "missing.zip")[0] == 4


def told(files: Files) -> list[Line]:
    """The lines of entries.jsonl."""
    return [json.loads(line) for line in files["entries.jsonl"].splitlines()]


def retold(files: Files, lines: list[Line], *, linked: bool = True, journal: bool = True, head: bool = True) -> Files:
    """A bundle with other entries, made to fit as far as a forger takes the trouble."""
    before = ""
    for line in lines if linked else ():
        text = f"{before}\nledger\n{line['number']}\n{line['word']}\n{line['text']}"
        before = line["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    files = {**files, "entries.jsonl": "".join(json.dumps(line) + "\n" for line in lines).encode()}
    if journal:
        says = [{"event": line["word"], **json.loads(line["text"])["says"]} for line in lines[1:]]
        files["journal.jsonl"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in says).encode()
    if head:
        files["head.json"] = json.dumps(
            {**json.loads(files["head.json"]), "entry": lines[-1]["number"], "sha256": lines[-1]["sha256"]}
        ).encode()
    return summed(files)


def test_a_forger_who_alters_an_entry_must_alter_all_that_follows(small: Bundle) -> None:
    """1,000 shares become 1,001: found by the link, by the head, by the journal, and in the end by every figure."""

    def forged() -> list[Line]:
        lines = told(small.files)
        lines[2]["text"] = lines[2]["text"].replace('"1000"', '"1001"')
        return lines

    assert "links" in failed(retold(small.files, forged(), linked=False, journal=False, head=False))
    assert failed(retold(small.files, forged(), journal=False, head=False)) == ["head", "journal"]
    assert failed(retold(small.files, forged(), head=False))[0] == "head"
    figures = ["outstanding shares", "accrued dividends", "register"]
    assert failed(retold(small.files, forged())) == figures


def test_a_bundle_forged_as_a_whole_is_found_by_a_head_written_down(tmp_path: Path, small: Bundle) -> None:
    """Another ledger's bundle fits in itself; only the line that was kept tells it from the true one."""
    other = made(begun(tmp_path / "other.db", (SMALL[0], issued("1001"), *SMALL[2:])), "2001-09-10")
    assert failed(other.files) == []
    assert failed(other.files, str(small.head)) == ["head written down"]
    first = told(small.files)[1]
    assert failed(small.files, f"2 {first['sha256']}") == failed(other.files, f"2 {first['sha256']}") == []
    assert failed(small.files, "8 " + "0" * 64) == failed(small.files, "nonsense") == ["head written down"]


def _recorded(lines: list[Line], place: int, recorded: str) -> list[Line]:
    text = json.loads(lines[place]["text"])
    lines[place]["recorded"] = text["recorded"] = recorded
    lines[place]["text"] = json.dumps(text, separators=(",", ":"), ensure_ascii=False)
    return lines


@pytest.mark.parametrize(
    ("forged", "fails"),
    [
        (lambda lines: lines[:3] + lines[4:], "entries"),
        (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "entries"),
        (lambda lines: [*lines, lines[-1]], "entries"),
        (lambda lines: lines[1:], "entries"),
        (lambda lines: _recorded(lines, 3, lines[2]["recorded"]), "entries"),
        (lambda lines: [*lines[:3], {**lines[3], "recorded": "2001-01-01T00:00:00+00:00"}, *lines[4:]], "entries"),
        (lambda lines: [{**lines[0], "word": "TermsChosen"}, *lines[1:]], "entries"),
        (lambda lines: [*lines[:2], {**lines[2], "word": "SharesWatered"}, *lines[3:]], "outstanding shares"),
        (lambda lines: [*lines[:2], {**lines[2], "number": "3"}, *lines[3:]], "entries"),
        (lambda lines: [*lines[:2], {**lines[2], "text": lines[2]["text"].replace('"1000"', "1e3")}], "entries"),
    ],
    ids=[
        "an entry dropped", "two swapped", "one doubled", "without the terms", "recorded at one instant",
        "recorded otherwise than stored", "another first word", "an unknown kind", "a number as text", "a float",
    ],
)  # fmt: skip
def test_entries_forged_with_links_head_and_sums_are_found(
    small: Bundle, forged: Callable[[list[Line]], list[Line]], fails: str
) -> None:
    """However well the links are made anew, numbers, instants and words must still be a ledger's."""
    assert fails in failed(retold(small.files, forged(told(small.files))))


FIGURES = (
    "as_of preferred.issued preferred.outstanding preferred.converted preferred.redeemed preferred.reacquired"
    " dividends.accrued_unpaid dividends.due_on_conversion conversion_rate common.outstanding"
)


@pytest.mark.parametrize("figure", FIGURES.split())
def test_a_figure_altered_with_its_sum_is_computed_again(small: Bundle, figure: str) -> None:
    """One more than there is, the rounded figure with it: the journal says otherwise."""
    lines = small.files["answers/series.csv"].decode().splitlines(keepends=True)
    place = next(place for place, line in enumerate(lines) if line.startswith(f"{figure},"))
    cells = lines[place].split(",")
    one_more = "2001-09-11" if figure == "as_of" else str(Fraction(cells[2]) + 1)
    lines[place] = ",".join([*cells[:2], one_more, *cells[3:]])
    files = summed({**small.files, "answers/series.csv": "".join(lines).encode()})
    assert failed(files)
    with TemporaryDirectory() as folder:
        said = "\n".join(checked(unpacked(files, Path(folder)))[1])
    assert f"stored is {one_more}, computed is " in said


@pytest.mark.parametrize(
    ("name", "before", "after", "fails"),
    [
        ("answers/series.csv", ",2416.67,", ",2416.66,", "rounding"),
        ("answers/series.csv", ",1457.196066,", ",1457.196067,", "rounding"),
        ("answers/series.csv", "932500.00", "932500.01", "rounding"),
        ("answers/certificates.csv", "Holder A", "Holder B", "register"),
        ("answers/certificates.csv", "2001-04-12", "2001-04-13", "register"),
        ("answers/certificates.csv", ",900,", ",901,", "register"),
        ("answers/certificates.csv", ",4500,", ",4501,", "register"),
        ("answers/holders.csv", ",900,", ",901,", "register"),
        ("answers/holders.csv", ",32500,", ",32501,", "register"),
        ("answers/rate_history.csv", "\n4,", "\n5,", "conversion rate"),
        ("calendar.csv", "2001-08-15,closed", "2001-08-15,open", "calendar"),
        ("calendar.csv", "2001-07-04,closed", "2001-07-04,open", "calendar"),
        ("calendar.csv", "2001-07-07,closed", "2001-07-07,open", "calendar"),
        ("calendar.csv", "2001-07-09,open", "2001-07-09,closed", "calendar"),
        ("calendar.csv", "2001-07-10,open,\n", "", "calendar"),
        ("calendar.csv", "2001-07-10,open,\n", "2001-07-10,open,\n2001-07-10,open,\n", "calendar"),
        ("terms.json", '"0.1"', '"0.2"', "terms"),
        ("terms.json", '"30/360 US"', '"Actual/360"', "terms"),
        ("readings.json", '"taken": "30/360 US"', '"taken": "Actual/360"', "terms"),
        ("head.json", '"entry": 7', '"entry": 6', "head"),
        ("head.json", '"as_of": "2001-09-10"', '"as_of": "2001-09-11"', "head"),
        ("head.json", '"known_at": null', '"known_at": "2004-01-01T00:00:00+00:00"', "head"),
        ("head.json", '"known_at": null', '"known_at": "2002-01-01T00:00:00+00:00"', "entries"),
        ("head.json", "captable/bundle/1", "captable/bundle/2", "head"),
        ("journal.jsonl", '"4500"', '"4400"', "journal"),
        ("journal.jsonl", "CommonSharesIssued", "CommonSharesRetired", "journal"),
        ("journal.jsonl", ', "fractions": "cash"', "", "journal"),
        ("journal.jsonl", '"5000000"', "5e6", "journal"),
        ("entries.jsonl", '"sha256": "', '"sha256": "0', "links"),
    ],
)
def test_what_is_altered_with_its_sum_is_still_found(
    small: Bundle, name: str, before: str, after: str, fails: str
) -> None:
    """Each thing that can be derived is derived again, and the check that fails says which it is."""
    text = small.files[name].decode()
    assert before in text
    assert failed(summed(small.files)) == []
    assert fails in failed(summed({**small.files, name: text.replace(before, after, 1).encode()}))


def test_a_failure_names_the_first_that_does_not_fit_with_what_is_stored_and_computed(small: Bundle) -> None:
    """A reader need not search: entry 3 is named, with its stored link and the computed one."""
    lines = told(small.files)
    lines[2]["text"] = lines[2]["text"].replace('"1000"', '"1001"')
    with TemporaryDirectory() as folder:
        status, said = checked(unpacked(retold(small.files, lines, linked=False, head=False), Path(folder)))
    links = next(line for line in said if line.startswith("FAIL  links"))
    stored = told(small.files)[2]["sha256"]
    assert links.startswith(f"FAIL  links: the link of entry 3: stored is {stored}, computed is ")
    shares = next(line for line in said if line.startswith("FAIL  outstanding"))
    assert shares == "FAIL  outstanding shares: preferred.issued: stored is 1000, computed is 1001"
    assert (status, said[-1]) == (4, "Something does not fit: see FAIL above.")


# --- writing it -------------------------------------------------------------------------------------------------------


def refusal(path: Path) -> str:
    """The error with which an export is not written, and nothing left in the folder."""
    before = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    with pytest.raises(LedgerError) as refused:
        write(path, b"data")
    assert (sorted(path.parent.iterdir()) if path.parent.is_dir() else []) == before
    assert "Nothing was written." in str(refused.value)
    assert refused.value.exit_code == 2
    return refused.value.name


def test_an_export_overwrites_nothing_and_says_where_it_cannot_be_written(tmp_path: Path) -> None:
    """A file, a folder, a link to nothing: what is there stays; a folder that is missing is named."""
    (tmp_path / "file").write_bytes(b"handed out")
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    for name in ("file", "link", "."):
        assert refusal(tmp_path / name) == "export-must-be-new"
    assert (tmp_path / "file").read_bytes() == b"handed out"
    assert refusal(tmp_path / "none" / "a.zip") == "export-must-be-writable"
    assert refusal(tmp_path / "file" / "a.zip") == "export-must-be-writable"
    assert refusal(tmp_path / ("x" * 300)) == "export-must-be-writable"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_export_leaves_no_part_of_a_file(tmp_path: Path, error: BaseException) -> None:
    """A full disk, or somebody who presses Ctrl-C: there is no file, and no beginning of one."""
    with patch("projections.bundle.os.fsync", side_effect=error), pytest.raises((LedgerError, KeyboardInterrupt)):
        write(tmp_path / "a.zip", b"data")
    assert list(tmp_path.iterdir()) == []


def test_of_two_who_write_at_once_the_first_keeps_the_name(tmp_path: Path) -> None:
    """A file that appears between the look and the naming is not replaced; without links of files it is renamed."""
    path = tmp_path / "a.zip"
    with patch("projections.bundle.os.path.lexists", return_value=False):
        path.write_bytes(b"first")
        assert refusal(path) == "export-must-be-new"
    path.unlink()
    with patch("projections.bundle.os.link", side_effect=OSError(1, "Operation not permitted")):
        write(path, b"data")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"data", [path])


def test_a_record_that_does_not_verify_makes_no_bundle(tmp_path: Path) -> None:
    """Altered behind the ledger's back, the record is refused with status 4, and nothing is written."""
    path = begun(tmp_path / "ledger.db", SMALL)
    with closing(sqlite3.connect(path)) as connection, connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE stored_events SET state = CAST(replace(state, '4500', '4400') AS BLOB)")
    with pytest.raises(SystemExit) as left:
        main(["export", "bundle", "-o", str(tmp_path / "a.zip"), "--ledger", str(path)])
    assert left.value.code == 4
    assert not (tmp_path / "a.zip").exists()


def test_the_command_writes_the_bundle_and_says_its_head(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words or as JSON: what was asked, the file, the head to hand on; a second time it is refused."""

    def run(*words: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["export", "bundle", "--ledger", str(demo), "--as-of", "2001-11-12", *words])
        printed = capsys.readouterr()
        return left.value.code, printed.out, printed.err

    head = str(made(demo, "2001-11-12").head)
    status, out, err = run("-o", str(tmp_path / "a.zip"))
    assert (status, err) == (0, "")
    assert head in out
    assert "As of Monday 2001-11-12" in out
    assert checked(tmp_path / "a.zip", head)[0] == 0
    status, out, err = run("-o", str(tmp_path / "a.zip"))
    assert (status, out) == (2, "")
    assert "[export-must-be-new]" in err
    moment = "2003-03-04T18:00:00-05:00"
    status, out, err = run("-o", str(tmp_path / "b.zip"), "--json", "--known-at", moment)
    data = json.loads(out)
    assert (data["schema"], data["as_of"], data["known_at"]) == ("captable/bundle/1", "2001-11-12", moment)
    assert data["sha256"] == hashlib.sha256((tmp_path / "b.zip").read_bytes()).hexdigest()
    assert data["files"] == sorted([*verify.SUMMED, verify.SUMS])
    assert data["head"]["sha256"] == head.split()[1]
