"""The benchmark is honest: its histories are what they promise, and its answers are held against a plain fold."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest

import naive
from benchmarks import peers
from benchmarks.exactness import Moment, compare, in_order, plainly, random_days, telling_days
from benchmarks.history import BUSINESS_DAYS, HOLDERS, MOST_DAYS_LATE, history
from benchmarks.measured import Asked, measure
from benchmarks.pieces import terms
from benchmarks.processes import ran
from benchmarks.report import report
from ledger.application import Ledger
from ledger.journal import read_line
from ledger.terms_file import read_terms

SIZE, FEW = 700, 25
"""Entries and holders of a history in which most kinds of entry come soon."""

Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def lines() -> Lines:
    """The lines of a short history."""
    return [json.loads(line) for line in islice(history(7, SIZE, FEW), SIZE)]


@pytest.fixture(scope="module")
def ledger(lines: Lines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger that has taken the whole history, all rules on."""
    folder = tmp_path_factory.mktemp("benchmark")
    (folder / "terms.toml").write_text(terms(), encoding="utf-8")
    with Ledger.begin(folder / "a.db", read_terms(folder / "terms.toml")) as begun:
        begun.record(read_line(json.dumps(line), "the history") for line in lines)
        yield begun


def effective(line: naive.Line) -> date:
    """The day an entry takes effect, as it is written."""
    return date.fromisoformat(line["effective"][:10])


def test_a_history_is_the_same_for_the_same_seed() -> None:
    """Two runs measure the same entries, byte for byte; another seed tells another history."""
    told, again, other = (list(islice(history(seed, SIZE, FEW), SIZE)) for seed in (1, 1, 2))
    assert told == again
    assert told != other


def test_a_history_has_what_it_promises() -> None:
    """500 holders over some 24 years, a dozen dilutions, one line in a hundred late by a few days, and every kind."""
    told = [json.loads(line) for line in islice(history(1, 3000), 3000)]
    kinds = Counter(line["event"] for line in told)
    assert set(kinds) >= {
        "CommonStockOpened", "HolderRegistered", "PreferredSharesIssued", "PreferredSharesTransferred", "DividendPaid",
        "CertificateReplaced", "CommonSharesIssued", "NoticeOfConversionReceived", "OriginalsReceived",
        "TransferAgentInstructed", "CommonSharesDelivered", "ConversionDividendPaid", "NoticeOfConversionRevoked",
    }  # fmt: skip
    assert {line["holder"] for line in told if line["event"] == "PreferredSharesIssued"} == {
        f"Holder-{number:03}" for number in range(HOLDERS)
    }
    assert timedelta(BUSINESS_DAYS * 7 // 5) < effective(told[-1]) - effective(told[0]) < timedelta(365 * 25)
    sold = [line for line in told if line["event"] == "CommonSharesIssued" and "exempt" not in line]
    assert sum(Fraction(line["cash"]) / Fraction(line["shares"]) < naive.PRICE_FLOOR for line in sold) == 12
    latest, late = effective(told[0]), []
    for line in told:
        late += [latest - effective(line)] if effective(line) < latest else []
        latest = max(latest, effective(line))
    assert len(late) in (29, 30)
    assert max(late) <= timedelta(MOST_DAYS_LATE)


def test_a_history_is_accepted_whole(ledger: Ledger, lines: Lines) -> None:
    """What is measured is what the certificate allows: no entry is refused, and the exact figures stay short."""
    assert ledger.book.last == len(lines) + 1
    assert ledger.book.late
    paid = [Fraction(line["amount"]) for line in lines if line["event"] == "DividendPaid"]
    assert len(paid) > 90
    assert all(amount.denominator == 1 for amount in paid)


@pytest.mark.parametrize("known", [SIZE, SIZE // 2, SIZE // 3], ids=lambda known: f"{known} lines known")
def test_random_answers_are_those_of_a_plain_fold(ledger: Ledger, lines: Lines, known: int) -> None:
    """Exactness is never traded: every figure and every holder, on random days, as known now and before."""
    moment = Moment(known, ledger.book.entry(known + 1).recorded if known < SIZE else None)
    days = telling_days(Random(known), effective(lines[known - 1]), 6)
    assert compare(ledger.book, lines[:known], moment, days) == 6


def test_an_answer_that_differs_by_one_share_is_found(ledger: Ledger, lines: Lines) -> None:
    """The comparison is not empty: a plain fold over other lines than were recorded differs."""
    sold = next(place for place, line in enumerate(lines) if line["event"] == "CommonSharesIssued")
    other = {**lines[sold], "shares": str(int(lines[sold]["shares"]) + 1)}
    told = [*lines[:sold], other, *lines[sold + 1 :]]
    with pytest.raises(AssertionError, match=r"common_outstanding.*differ from the plain fold"):
        compare(ledger.book, told, Moment(SIZE, None), [effective(lines[-1])])


def test_the_plain_fold_takes_lines_in_the_order_of_their_effect(lines: Lines) -> None:
    """Streaming loses no line and no order: it is the order of the oracle, which sees all lines at once."""
    assert list(in_order(lines)) == naive.timeline(lines)[0]


def test_the_peers_are_given_an_equivalent_journal(lines: Lines) -> None:
    """A peer's balance of the holders is what the holders hold, so that it answers something of the same question."""
    days = random_days(Random(1), effective(lines[-1]), 4)
    moved = list(peers.transactions(lines))
    assert len(moved) == len(lines)
    for day, plain in zip(sorted(days), plainly(lines, days), strict=True):
        balance = Counter[str]()
        for account, amount in (one for on, _, movements in moved if on <= day for one in movements):
            balance[account] += int(amount.split()[0]) if amount.endswith(" SERIESH") else 0
        held = {account.rpartition(":")[2]: shares for account, shares in balance.items() if "Holders" in account}
        assert {holder: shares for holder, shares in held.items() if shares} == {
            holder: one["shares"] for holder, one in plain["holders"].items()
        }


def test_the_benchmark_runs_and_reports_every_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One small run from history to table; how long anything took is nobody's business here."""
    monkeypatch.setattr(peers, "BALANCES", {})
    said: list[str] = []
    told = report([measure(tmp_path, 150, Asked(holders=10, answers=5, seconds=0), said.append)])
    assert told.startswith("150 entries (5 random answers equal a plain fold from the start)")
    for what in (
        "the three figures, as of a random day", "the whole answer, as of a random day", "one holder",
        "the three figures, known earlier", "captable asof DAY", "one entry recorded, durable, published",
        "a journal recorded, all rules on", "captable verify", "storage, all tables included", "No peer is installed",
    ):  # fmt: skip
        assert what in told
    assert said


def test_a_process_is_measured_as_it_runs_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that tells Python to write no bytecode makes no process measured here compile its sources anew."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    ran([sys.executable, "-c", "import sys; sys.exit(sys.dont_write_bytecode)"], limit=60)
    with pytest.raises(RuntimeError, match=r"left with 3"):
        ran([sys.executable, "-c", "import sys; sys.exit(3)"], limit=60)
