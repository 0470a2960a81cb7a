"""Recording: all or nothing, once for every reference, against the clock, against a rival and against a power cut."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, nullcontext
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from given import COMMON, SERIES_H, issued, on_notice, sold, telecopied
from ledger.application import Ledger
from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import LedgerError
from ledger.head import Head
from ledger.journal import read_line
from ledger.moments import parse_day
from ledger.receipt import Receipt
from ledger.timeline import Recorded
from projections.asof import answer

LINES = (COMMON, issued(), sold("2001-07-02", "5000000", "2250000"))
NOON = datetime(2003, 3, 4, 17, 0, tzinfo=UTC)


def entries(*lines: dict[str, Any]) -> Iterator[Entry]:
    """Journal lines as entries."""
    return (read_line(json.dumps(line), "the test") for line in lines)


def registered(holder: str, **more: Any) -> dict[str, Any]:
    """A journal line that can always be recorded."""
    return {"event": "HolderRegistered", "effective": "2001-05-01", "holder": holder, **more}


def on_disk(path: Path) -> list[tuple[Any, ...]]:
    """Every stored entry and its link, as the file has them."""
    with closing(sqlite3.connect(path)) as connection:
        joined = "stored_events LEFT JOIN links ON entry = originator_version"
        return connection.execute(f"SELECT * FROM {joined} ORDER BY 1").fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger file that holds its terms alone, begun the day before."""
    with freeze_time(NOON - timedelta(days=1)):
        Ledger.begin(tmp_path / "ledger.db", SERIES_H).close()
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    """The ledger of that file, open."""
    with Ledger.open(path, to_record=True) as ledger:
        yield ledger


def refused(ledger: Ledger, *lines: dict[str, Any]) -> LedgerError:
    """The error that lines are refused with; file and memory must be as they were."""
    before, head = on_disk(ledger.place.published), ledger.head()
    with pytest.raises(LedgerError) as refusal:
        ledger.record(entries(*lines))
    assert on_disk(ledger.place.published) == before
    assert ledger.head() == head
    return refusal.value


def test_what_is_recorded_is_there_when_the_ledger_is_opened_again(ledger: Ledger) -> None:
    """Numbers run from 2, the terms being entry 1, and a second reader sees the same record, position and head."""
    receipt = ledger.record(entries(*LINES))
    assert list(receipt.new) == [2, 3, 4]
    with Ledger.open(ledger.place) as again:
        assert again.book.record == ledger.book.record
        assert again.book.position == ledger.book.position
        assert again.book.terms == SERIES_H
        assert again.head() == ledger.head() == again.must_be_linked()


def test_a_receipt_says_what_the_entries_moved(ledger: Ledger) -> None:
    """5,100 shares issued and 5,000,000 sold at $0.45: the headline figures before and after, and every entry."""
    data = ledger.record(entries(*LINES)).data()
    rate = Fraction("1388.89") * 64 / 61  # (35,000,000 + 5,000,000) / (35,000,000 + 2,250,000 / 0.72)
    moved = {name: (data["before"][name], data["after"][name]) for name in data["before"]}
    assert moved["shares_outstanding"] == ("0", "5100")
    assert moved["common_outstanding"] == ("0", "40000000")
    assert moved["conversion_rate"] == ("1388.89", str(rate))
    assert [(one["entry"], one["new"]) for one in data["entries"]] == [(2, True), (3, True), (4, True)]


def new(receipt: Receipt) -> list[tuple[int, bool]]:
    """The entry number of every line of a receipt, and whether it was new."""
    return [(number, line not in receipt.again) for line, number in enumerate(receipt.numbers())]


def test_a_reference_is_recorded_once_however_often_it_is_sent(ledger: Ledger) -> None:
    """The same ref with the same content is acknowledged with its entry's number, in one journal and in the next."""
    line = registered("A", ref="r-1", note="é")
    assert new(ledger.record(entries(line, registered("A"), line))) == [(2, True), (3, True), (2, False)]
    assert new(ledger.record(entries(line, registered("A")))) == [(2, False), (4, True)]
    before = on_disk(ledger.place.published)
    assert new(ledger.record(entries(line, line))) == [(2, False), (2, False)]
    assert on_disk(ledger.place.published) == before
    with Ledger.open(ledger.place) as again:
        assert new(again.record(entries(line))) == [(2, False)]


@pytest.mark.parametrize(
    "other",
    [registered("B", ref="r-1"), registered("A", ref="r-1", note="more"), issued(), sold("2001-07-02", "1", "1")],
    ids=["another holder", "a note more", "another kind", "a third kind"],
)
def test_a_reference_with_other_content_is_refused(ledger: Ledger, other: dict[str, Any]) -> None:
    """A ref stands for one entry: with other content it is refused by name, with the number of the first."""
    ledger.record(entries(registered("A", ref="r-1")))
    refusal = refused(ledger, registered("C"), {**other, "ref": "r-1"})
    assert (refusal.name, refusal.exit_code) == ("reference-must-be-unique", 3)
    assert "entry 2" in str(refusal)


def test_a_reference_is_kept_by_an_entry_that_was_voided(ledger: Ledger) -> None:
    """Sending a voided entry again does not revive it."""
    void = {"event": "EntryVoided", "effective": "2001-05-02", "entry": 2}
    ledger.record(entries(issued("100") | {"ref": "r-1"}, void))
    assert new(ledger.record(entries(issued("100") | {"ref": "r-1"}))) == [(2, False)]
    assert ledger.book.position.outstanding == 0


def test_a_journal_is_recorded_whole_or_not_at_all(ledger: Ledger) -> None:
    """Where the 500th of 500 entries cannot have happened, none of the 499 before it is recorded."""
    good = [registered(f"Holder {number}") for number in range(499)]
    assert refused(ledger, *good, issued("5100.01")).name == "issue-must-stay-within-designation"
    assert len(ledger.record(entries(*good, issued())).new) == 500


def test_a_dry_run_decides_everything_and_records_nothing(ledger: Ledger) -> None:
    """It shows the effect, refuses what would be refused, and leaves file and memory alone."""
    before, head = on_disk(ledger.place.published), ledger.head()
    receipt = ledger.record(entries(*LINES), dry_run=True)
    assert receipt.data()["after"]["shares_outstanding"] == "5100"
    assert (on_disk(ledger.place.published), ledger.head()) == (before, head)
    assert ledger.book.position.outstanding == 0
    with pytest.raises(LedgerError):
        ledger.record(entries(issued("5100.01")), dry_run=True)
    assert list(ledger.record(entries(*LINES)).new) == [2, 3, 4]


def test_whoever_records_second_is_decided_against_what_the_first_recorded(ledger: Ledger) -> None:
    """While one is still writing down 5,100 shares another records 5,100: the second are shares the series has not."""
    with Ledger.open(ledger.place, to_record=True) as rival:

        def while_another_records() -> Iterator[Entry]:
            yield from entries(issued(certificate="H-2"))
            rival.record(entries(issued(certificate="H-1")))

        with pytest.raises(LedgerError) as refusal:
            ledger.record(while_another_records())
        assert refusal.value.name == "issue-must-stay-within-designation"
        assert ledger.head() == rival.head() == ledger.must_be_linked()
        assert list(ledger.book.position.certificates) == ["H-1"]


def test_whoever_records_out_of_turn_while_another_decides_is_told(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first decision to the last append the file is the first one's: whoever does not wait records nothing."""
    monkeypatch.setattr("ledger.ledger_file.LedgerFile.turn", lambda _file: nullcontext())
    monkeypatch.setattr("eventsourcing.sqlite.SQLITE3_DEFAULT_LOCK_TIMEOUT", 0.01)  # seconds to wait for the file
    decide, told = Book.admit, list[LedgerError]()
    with Ledger.open(ledger.place, to_record=True) as rival:

        def while_another_records(book: Book, item: Recorded) -> None:
            if not told:
                with pytest.raises(LedgerError) as refusal:
                    rival.record(entries(issued(certificate="H-1")))
                told.append(refusal.value)
            decide(book, item)

        monkeypatch.setattr(Book, "admit", while_another_records)
        ledger.record(entries(issued(certificate="H-2")))
        assert [(one.name, one.exit_code) for one in told] == [("ledger-must-not-have-moved-on", 5)]
        assert "Nothing was recorded." in str(told[0])
        assert ledger.head() == rival.head() == ledger.must_be_linked()
        assert list(ledger.book.position.certificates) == ["H-2"]
        assert refused(rival, issued(certificate="H-1")).name == "issue-must-stay-within-designation"


def test_a_rivals_entry_is_seen_before_the_next_is_decided(ledger: Ledger) -> None:
    """Two that record in turns never collide."""
    with Ledger.open(ledger.place, to_record=True) as rival:
        for number in range(3):
            ledger.record(entries(registered(f"A-{number}")))
            rival.record(entries(registered(f"B-{number}")))
        assert ledger.head() == rival.head() == Head(7, rival.head().sha256)


# --- the recording clock ----------------------------------------------------------------------------------------------


def test_the_recorded_clock_is_the_ledgers_own(ledger: Ledger) -> None:
    """An entry of 2001 learned in 2003 is recorded in 2003, to the microsecond, in UTC."""
    with freeze_time(NOON):
        (number,) = ledger.record(entries(LINES[0])).new
    assert ledger.book.entry(number).recorded == NOON


@pytest.mark.parametrize("step", [0, -1, -86400], ids=["stands still", "a second back", "a day back"])
def test_the_recorded_clock_runs_forward_though_the_machines_does_not(ledger: Ledger, step: int) -> None:
    """Each entry is recorded after the one before, in one journal and from one to the next."""
    with freeze_time(NOON) as clock:
        for _ in range(3):
            ledger.record(entries(registered("A"), registered("B")))
            clock.tick(timedelta(seconds=step))
    recorded = [item.recorded for item in ledger.book.record]
    assert all(earlier < later for earlier, later in pairwise(recorded))
    with Ledger.open(ledger.place) as again:
        assert [item.recorded for item in again.book.record] == recorded


@pytest.mark.parametrize("step", [0, -3600], ids=["stands still", "an hour back"])
def test_the_first_entry_is_recorded_after_the_terms(tmp_path: Path, step: int) -> None:
    """The terms are entry 1 and have their instant too: the clock is strictly increasing from there on."""
    with freeze_time(NOON) as clock:
        with Ledger.begin(tmp_path / "ledger.db", SERIES_H) as ledger:
            clock.tick(timedelta(seconds=step))
            ledger.record(entries(LINES[0]))
        states = [json.loads(row[4]) for row in on_disk(tmp_path / "ledger.db")]
    recorded = [datetime.fromisoformat(state["recorded"]) for state in states]
    assert recorded[0] < recorded[1]


def test_a_question_sees_what_was_known_at_its_instant(ledger: Ledger) -> None:
    """An instant knows what was recorded by then, itself included, with the head of then."""
    heads = [ledger.head()]
    for number, line in enumerate(LINES):
        with freeze_time(NOON + timedelta(hours=number)):
            ledger.record(entries(line))
            heads.append(ledger.head())
    day, microsecond = parse_day("2001-12-31"), timedelta(microseconds=1)
    for number in range(3):
        at = NOON + timedelta(hours=number)
        assert ledger.head(at) == heads[number + 1]
        assert ledger.head(at - microsecond) == heads[number]
        assert answer(ledger.book, day, at)["head"]["entry"] == number + 2
    assert answer(ledger.book, day, NOON)["preferred"]["issued"] == "0"
    assert answer(ledger.book, day, NOON + timedelta(hours=1))["preferred"]["issued"] == "5100"


# --- what may come between deciding and appending ---------------------------------------------------------------------


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError, RuntimeError])
def test_an_interruption_leaves_the_ledger_whole(ledger: Ledger, interruption: type[BaseException]) -> None:
    """Whatever breaks off a journal, nothing of it is recorded and the next can be."""

    def broken_off() -> Iterator[Entry]:
        yield from entries(*LINES)
        raise interruption

    before = on_disk(ledger.place.published)
    with pytest.raises(interruption):
        ledger.record(broken_off())
    assert on_disk(ledger.place.published) == before
    assert ledger.book.position.outstanding == 0
    assert len(ledger.record(entries(*LINES)).new) == 3


def test_two_balance_certificates_for_one_balance_are_refused(ledger: Ledger) -> None:
    """§5(i) - 5,000 shares are left of H-1 and go under one new number, not under two."""
    ledger.record(entries(COMMON, issued(), telecopied("2001-06-01T10:00:00-04:00", ("H-1", "100"))))
    balances = [{"certificate": "H-1", "new_certificate": number} for number in ("H-2", "H-3")]
    at = "2001-06-04T10:00:00-04:00"
    delivery = on_notice("CommonSharesDelivered", at, shares="138889", balance_certificates=balances)
    refused(ledger, delivery)


def test_however_long_its_fraction_grows_a_rate_is_recorded_and_answered(ledger: Ledger) -> None:
    """§5(e)(i) §5(h) - Twelve conversions with fractions issued, each before a sale at $0.30, are recorded."""
    ledger.record(entries(COMMON, issued()))
    for month in range(1, 13):
        notice = telecopied(
            f"2002-{month:02}-05T12:00:00-04:00", ("H-1", "100"), notice=f"N-{month}", fractions="issue"
        )
        ledger.record(entries(notice, sold(f"2002-{month:02}-20", "1000003", "300001")))
    assert answer(ledger.book, parse_day("2002-12-31"))["preferred"]["converted"] == "1200"


LOOP = """
import json, sys
from pathlib import Path
from ledger.application import Ledger
from ledger.journal import read_line
with Ledger.open(Path(sys.argv[1]), to_record=True) as ledger:
    while True:
        lines = [{"event": "HolderRegistered", "effective": "2001-05-01", "holder": "A"} for _ in range(3)]
        receipt = ledger.record(read_line(json.dumps(line), "it") for line in lines)
        print(receipt.new[-1], flush=True)
"""


def test_what_was_acknowledged_is_there_after_a_kill(path: Path) -> None:
    """Killed ten times in the middle of recording three entries at a time, a ledger has lost none and verifies."""
    for round_ in range(10):
        command = [sys.executable, "-c", LOOP, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as recording:
            assert recording.stdout is not None
            acknowledged = [recording.stdout.readline() for _ in range(1 + 2 * round_)]
            os.kill(recording.pid, signal.SIGKILL)
            acknowledged += recording.stdout.read().splitlines()
        # A line that the kill cut short is a smaller number.
        last = max(int(line) for line in acknowledged if line.strip())
        with Ledger.open(path) as ledger:
            head = ledger.must_be_linked()
            assert head.entry >= last
            assert (head.entry - 1) % 3 == 0


ENVIRONMENT = {
    "COMPRESSOR_TOPIC": "zlib",
    "CIPHER_TOPIC": "eventsourcing.cipher:AESCipher",
    "CIPHER_KEY": "bm90IGEga2V5IGF0IGFsbA==",
    "PERSISTENCE_MODULE": "eventsourcing.popo",
    "MAPPER_TOPIC": "nowhere:Mapper",
    "TRANSCODER_TOPIC": "nowhere:Transcoder",
    "SQLITE_DBNAME": ":memory:",
    "CREATE_TABLE": "no",
    "ORIGINATOR_ID_TYPE": "uuid",
    "POSTGRES_DBNAME": "elsewhere",
    "POSTGRES_HOST": "192.0.2.1",
    "POSTGRES_USER": "nobody",
    "POSTGRES_PASSWORD": "none",
    "AGGREGATE_CACHE_MAXSIZE": "1",
    "IS_SNAPSHOTTING_ENABLED": "y",
}


def test_nothing_a_shell_exports_changes_how_a_ledger_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library's own variables, bare or under the application's name, move no byte of what is stored."""
    stored = []
    for place in ("plain", "exported"):
        if place == "exported":
            for name, value in ENVIRONMENT.items():
                monkeypatch.setenv(name, value)
                monkeypatch.setenv(f"CAPTABLE_{name}", value)
                monkeypatch.setenv(f"LEDGER_{name}", value)
        path = tmp_path / f"{place}.db"
        with freeze_time(NOON), Ledger.begin(path, SERIES_H) as ledger:
            ledger.record(entries(*LINES))
        with Ledger.open(path) as ledger:
            assert ledger.must_be_linked().entry == 4
        stored.append(on_disk(path))
    assert stored[0] == stored[1]
