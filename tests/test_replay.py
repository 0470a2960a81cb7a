"""The record replayed: what each entry moved and what was found since, a digest for all of it, and tables to ask."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from given import (
    COMMON,
    CONVERTED,
    NOTICE,
    ORIGINALS,
    delivered,
    given,
    instructed,
    issued,
    on_notice,
    sold,
    telecopied,
    transferred,
)
from ledger.application import Ledger
from ledger.book import Book
from ledger.kept.tables import TABLES
from ledger.kept.written import KINDS
from ledger.moments import parse_day
from ledger.position.stock import Notice
from on_file import altered, asked, begun, copied, corrected, entries, learned, ran, record, voided
from projections.findings import conversions
from projections.findings.finding import Finding
from projections.published import publish
from projections.question import Question
from projections.replay import Replayed, in_effect, replayed
from test_store import as_reader

RATE = Fraction("1388.89")

REGISTERED = {"event": "HolderRegistered", "effective": "2001-11-16", "holder": "Holder B"}
"""A line that moves nothing, on the day after the window of the notice of CONVERTED."""

LATE_SALE = sold("2001-05-02", "5000000", "2250000")
"""5,000,000 shares at $0.45, effective before the notice: 40,000,000 / (35,000,000 + 2,250,000 / 0.72) = 64/61."""

# Entries 2 to 5 are CONVERTED: 1,000 of 5,100 shares on Friday 9 November 2001, delivery due by Thursday the 15th.
STORY = (
    *CONVERTED,
    REGISTERED,  # 6, the day after the window
    delivered("2001-11-16T10:00:00-05:00"),  # 7, a day late
    LATE_SALE,  # 8
    corrected(8, sold("2001-05-02", "5000000", "3600000"), kind="clerical"),  # 9: it was $0.72, which dilutes nothing
)


def told(book: Book) -> list[Replayed]:
    """A ledger in memory replayed, with what was found."""
    return list(replayed(book, with_findings=True))


def figures(one: Replayed) -> dict[str, tuple[Any, Any]]:
    """The figures an entry moved, before and after."""
    return dict(one.moved.figures)


def digests(book: Book) -> list[str]:
    """The digest after every entry of a ledger in memory."""
    return [one.digest for one in replayed(book)]


# --- what each entry moved, and what was found ------------------------------------------------------------------------


def test_a_replay_looks_at_no_notice_again_that_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve notices, each delivered and paid before the next: an entry looks at one at most, however many there were.

    From 12 April to Monday 14 May 2001 are 32 days of 30/360: $100,000 at 10% accrue $888.89 on 100 shares.
    """
    lines, listed = [COMMON, issued()], list[int]()
    for minute in range(10, 22):
        notice, at = f"N-{minute}", f"2001-05-14T10:{minute}"
        lines += [
            telecopied(f"{at}:00-04:00", ("H-1", "100"), notice=notice),
            on_notice("CommonSharesDelivered", f"{at}:20-04:00", notice=notice, shares="138889"),
            on_notice("ConversionDividendPaid", f"{at}:40-04:00", notice=notice, amount="888.89"),
        ]
    book, looking = given(*lines), conversions.of_notices

    def counted(question: Question, notices: Iterable[Notice]) -> Iterator[Finding]:
        looked_at = list(notices)
        listed.append(len(looked_at))
        return looking(question, looked_at)

    monkeypatch.setattr(conversions, "of_notices", counted)
    assert len(told(book)) == len(listed) == 38
    assert max(listed) == 1


def test_a_replay_says_in_recorded_order_what_each_entry_moved() -> None:
    """A notice takes shares and gives Common; originals move no figure; a late sale gives the notice more afterwards.

    From 12 April to 9 November are 207 days of 30/360: 1,000 x $100 x 207/360 = $57,500 fall due. The sale of May makes
    the rate 1,388.89 x 64/61 and the notice's Common floor(1,457,196.06...) = 1,457,196, which is 68,306 more.
    """
    more, common = RATE * 64 / 61, 36_388_890
    assert [figures(one) for one in told(given(*STORY))] == [
        {"common_outstanding": (0, 35_000_000)},
        {"shares_issued": (0, 5100), "shares_outstanding": (0, 5100)},
        {
            "shares_outstanding": (5100, 4100),
            "shares_converted": (0, 1000),
            "dividends_due_on_conversion": (0, 57_500),
            "common_outstanding": (35_000_000, common),
        },
        {},
        {},
        {},
        {"conversion_rate": (RATE, more), "common_outstanding": (common, common + 5_000_000 + 68_306)},
        {"conversion_rate": (more, RATE), "common_outstanding": (common + 5_068_306, common + 5_000_000)},
    ]


def test_a_replay_says_which_findings_an_entry_opened_and_closed() -> None:
    """Overdue the day after the window, late when delivered, other than due by a sale learned late, and put right."""
    assert [
        ([found.finding for found in one.opened], [found.finding for found in one.closed])
        for one in told(given(*STORY))[4:]
    ] == [
        (["delivery-is-overdue"], []),
        (["delivery-was-late"], ["delivery-is-overdue"]),
        (["delivered-differs-from-due", "market-price-is-missing"], []),
        ([], ["delivered-differs-from-due", "market-price-is-missing"]),
    ]


def test_a_late_entry_is_marked_where_it_is_replayed() -> None:
    """Of the story only the sale of May came late; its correction, made in its own time, is not late."""
    assert [one.item.number for one in told(given(*STORY)) if one.late] == [8]


def test_in_effective_order_an_entry_stands_at_its_place_as_it_says_now() -> None:
    """The corrected sale stands before the notice, at $0.72, and moves no rate; the Conversion Date is its own line."""
    steps = list(in_effect(Question.ask(given(*STORY), parse_day("2001-12-31"))))
    assert [(one.item.number, one.event, one.effective) for one in steps] == [
        (2, "CommonStockOpened", "2001-04-12"),
        (3, "PreferredSharesIssued", "2001-04-12"),
        (8, "CommonSharesIssued", "2001-05-02"),
        (4, "NoticeOfConversionReceived", "2001-11-09T09:30:00-05:00"),
        (4, "ConversionDate", "2001-11-09T09:30:00-05:00"),
        (5, "OriginalsReceived", "2001-11-09T10:00:00-05:00"),
        (6, "HolderRegistered", "2001-11-16"),
        (7, "CommonSharesDelivered", "2001-11-16T10:00:00-05:00"),
    ]
    assert figures(steps[2]) == {"common_outstanding": (35_000_000, 40_000_000)}
    assert figures(steps[3]) == {}
    assert figures(steps[4])["common_outstanding"] == (40_000_000, 41_388_890)
    assert [one.item.number for one in steps if one.late] == [8]


def test_in_effective_order_a_correction_to_another_kind_and_day_is_told_as_what_it_became() -> None:
    """A sale of July that was a retirement of August is replayed in August, as a retirement of 5,000,000."""
    retired = {"event": "CommonSharesRetired", "effective": "2001-08-01", "shares": "5000000"}
    book = given(COMMON, issued(), sold("2001-07-02", "5000000", "2250000"), corrected(4, retired))
    last = list(in_effect(Question.ask(book, parse_day("2001-12-31"))))[-1]
    assert (last.item.number, last.event, last.effective) == (4, "CommonSharesRetired", "2001-08-01")
    assert figures(last) == {"common_outstanding": (35_000_000, 30_000_000)}


def test_a_conversion_date_after_hours_has_its_own_instant() -> None:
    """Telecopied on Friday at 17:01, the notice moves nothing until Monday at 9:00, when its shares are gone."""
    book = given(COMMON, issued(), telecopied("2001-11-02T17:01:00-05:00", ("H-1", "100")))
    sent, received = list(in_effect(Question.ask(book, parse_day("2001-12-31"))))[2:]
    assert (sent.effective, figures(sent)) == ("2001-11-02T17:01:00-05:00", {})
    assert (received.event, received.effective) == ("ConversionDate", "2001-11-05T09:00:00-05:00")
    assert figures(received)["shares_outstanding"] == (5100, 5000)


@pytest.mark.parametrize(("day", "steps"), [("2001-11-08", 2), ("2001-11-09", 5), ("2001-11-10", 5)])
def test_in_effective_order_a_replay_ends_with_its_day(day: str, steps: int) -> None:
    """Entries 2 and 3 by the day before the notice; the notice, its Conversion Date and its originals on the day."""
    assert len(list(in_effect(Question.ask(given(*CONVERTED), parse_day(day))))) == steps


def test_what_in_effective_order_opens_is_closed_by_what_follows() -> None:
    """Without the late sale the same findings come and go in the order of effect."""
    steps = in_effect(Question.ask(given(*STORY[:6]), parse_day("2001-12-31")), with_findings=True)
    changes = [(one.item.number, [f.finding for f in one.opened], [f.finding for f in one.closed]) for one in steps]
    assert [change for change in changes if change[1] or change[2]] == [
        (6, ["delivery-is-overdue"], []),
        (7, ["delivery-was-late"], ["delivery-is-overdue"]),
    ]


# --- the digest -------------------------------------------------------------------------------------------------------


def test_a_stranger_can_recompute_a_digest() -> None:
    """It is the SHA-256 of canonical JSON: the digest before, every figure after, and every piece put in place."""
    names = ("issued", "outstanding", "converted", "redeemed", "reacquired")
    figures = {f"shares_{name}": "0" for name in names} | {"dividends_paid": "0", "dividends_due_on_conversion": "0"}
    figures |= {"conversion_rate": "138889/100", "common_outstanding": "35000000"}
    # Outstanding, authorized, par value, the entry it opened by, and the one that moved it first.
    pieces = {"common ": ["35000000", "230000000", "1/20", 2, 2]}
    said = json.dumps({"before": "", "figures": figures, "pieces": pieces}, sort_keys=True)
    assert digests(given(COMMON)) == [hashlib.sha256(said.encode()).hexdigest()]


def test_two_replays_of_one_record_give_the_same_digests() -> None:
    """Replaying is a function of the record: a second time, and from a ledger recorded anew, nothing differs."""
    assert digests(given(*STORY)) == digests(given(*STORY))
    book = given(*STORY)
    assert digests(book) == digests(book)


def test_in_effective_order_the_digest_is_that_of_a_ledger_recorded_in_that_order() -> None:
    """What came late and what came in time end in one position, and the way there told in order of effect is one."""
    july, august = sold("2001-07-02", "5000000", "2250000"), {**sold("2001-08-01", "1", "1"), "exempt": "employee_plan"}
    ends = [
        list(in_effect(Question.ask(given(COMMON, *lines), parse_day("2001-12-31"))))[-1].moved.after
        for lines in ((july, august), (august, july))
    ]
    assert ends[0] == ends[1]


def test_a_corrected_ledger_has_other_digests_from_the_correction_on() -> None:
    """Up to entry 8 the digests are those of the ledger without the correction; of two corrections each has its own."""
    plain, put_right = digests(given(*STORY[:7])), digests(given(*STORY))
    assert put_right[:7] == plain
    assert put_right[7] not in plain
    other = digests(given(*STORY[:7], corrected(8, sold("2001-05-02", "5000001", "3600001"), kind="clerical")))
    assert other[:7] == plain
    assert other[7] != put_right[7]
    undone = digests(given(*STORY, voided(9)))
    assert undone[:8] == put_right
    assert len(set(undone)) == len(undone)


def test_a_digest_stands_for_the_whole_way() -> None:
    """Two ledgers that differ in their first entry differ at every later one, though those move the same."""
    one, other = digests(given(*STORY)), digests(given({**COMMON, "outstanding": "35000001"}, *STORY[1:]))
    assert all(first != second for first, second in zip(one, other, strict=True))


REDEMPTION = {
    "event": "RedemptionNoticeMailed",
    "effective": "2001-05-10",
    "redemption": "R-1",
    "redemption_date": "2001-06-11",
    "shares": [{"certificate": "H-1", "shares": "1000"}],
    "representation": True,
    "stated_total": "1000",
    "stated_price": "1016388.89",
    "holders": ["Holder A"],
}
REDEEMED = {"event": "SharesRedeemed", "effective": "2001-06-11", "redemption": "R-1"}


def line(event: str, effective: str = "2001-06-11", **fields: Any) -> dict[str, Any]:
    """A journal line."""
    return {"event": event, "effective": effective, **fields}


PRICE = line("RedemptionPricePaid", redemption="R-1", certificate="H-1", amount="100.00")
CONSENT = line("ConsentGiven", action="A-1", holder="Holder A", shares="2600")
TAKEN = line("ActionTaken", "2001-06-12", action="A-1", kind="adverse")
MERGER = line("ReorganizationEffected", kind="merger", successor="Successor", assumed_in_writing=True)
HELD = (COMMON, issued())
PIECES: dict[str, tuple[tuple[dict[str, Any], ...], dict[str, Any], dict[str, Any]]] = {
    "the holder of a certificate": ((), issued(), {"holder": "Holder B"}),
    "the number of a certificate": ((), issued(), {"certificate": "H-2"}),
    "the day it accrues from": ((), issued(), {"effective": "2001-04-13"}),
    "whom it is transferred to": (
        HELD, transferred("2001-05-02", ("B", "H-2", "5100")),
        transferred("2001-05-02", ("C", "H-2", "5100")),
    ),
    "the number it is replaced by": (
        HELD, line("CertificateReplaced", certificate="H-1", new_certificate="H-2"),
        {"new_certificate": "H-3"},
    ),
    "what is paid of a dividend": (
        HELD, line("DividendPaid", payable_on="2001-06-10", amount="10.00"),
        {"amount": "10.01"},
    ),
    "what other stock is paid": (
        HELD, line("OtherClassDividendPaid", stock="Series I", amount="10.00"),
        {"amount": "10.01"},
    ),
    "which other stock is paid": (
        HELD, line("OtherClassDividendPaid", stock="Series I", amount="10.00"),
        {"stock": "Series J"},
    ),
    "what is set apart": (HELD, line("FundsSetApart", purpose="dividend", amount="10.00"), {"amount": "10.01"}),
    "what it is set apart for": (
        HELD, line("FundsSetApart", purpose="dividend", amount="10.00"),
        {"purpose": "preference"},
    ),
    "for which date": (
        HELD, line("FundsSetApart", payable_on="2001-06-10", amount="10.00"),
        {"payable_on": "2001-09-10"},
    ),
    "a second of a notice": (HELD, NOTICE, {"effective": "2001-11-09T09:30:01-05:00"}),
    "how a notice asks for fractions": (HELD, NOTICE, {"fractions": "issue"}),
    "whether copies came along": (HELD, NOTICE, {"copies": False}),
    "a second of originals": ((*HELD, NOTICE), ORIGINALS, {"effective": "2001-11-09T10:00:01-05:00"}),
    "a second of an instruction": (
        CONVERTED, instructed("2001-11-12T10:00:00-05:00"),
        {"effective": "2001-11-12T10:00:01-05:00"},
    ),
    "what is delivered": (CONVERTED, delivered("2001-11-12T10:00:00-05:00"), {"shares": "1388889"}),
    "when it is delivered": (
        CONVERTED, delivered("2001-11-12T10:00:00-05:00"),
        {"effective": "2001-11-12T10:00:01-05:00"},
    ),
    "cash for a fraction": (CONVERTED, delivered("2001-11-12T10:00:00-05:00"), {"cash_in_lieu": "0.01"}),
    "the market price": (CONVERTED, delivered("2001-11-12T10:00:00-05:00"), {"market_price": "0.30"}),
    "what is paid on conversion": (
        CONVERTED, on_notice("ConversionDividendPaid", "2001-11-12", amount="10.00"),
        {"amount": "10.01"},
    ),
    "a second of a revocation": (
        CONVERTED, on_notice("NoticeOfConversionRevoked", "2001-11-16T10:00:00-05:00"),
        {"effective": "2001-11-16T10:00:01-05:00"},
    ),
    "Common authorized": (
        HELD, line("CommonAuthorizationChanged", authorized="250000000"),
        {"authorized": "250000001"},
    ),
    "the date of a redemption": (HELD, REDEMPTION, {"redemption_date": "2001-06-12"}),
    "the shares of a redemption": (HELD, REDEMPTION, {"shares": [{"certificate": "H-1", "shares": "999"}]}),
    "a representation": (HELD, REDEMPTION, {"representation": False}),
    "the total a notice states": (HELD, REDEMPTION, {"stated_total": "999"}),
    "the price a notice states": (HELD, REDEMPTION, {"stated_price": "1016388.88"}),
    "whom a notice was mailed to": (HELD, REDEMPTION, {"holders": ["Holder B"]}),
    "what is paid of a price": ((*HELD, REDEMPTION, REDEEMED), PRICE, {"amount": "100.01"}),
    "assets available": (HELD, line("LiquidationCommenced", assets_available="10"), {"assets_available": "11"}),
    "what is distributed": (
        (*HELD, line("LiquidationCommenced", assets_available="10")),
        line("LiquidationDistributionPaid", amount="1.00"),
        {"amount": "1.01"},
    ),
    "the shares of a consent": (HELD, CONSENT, {"shares": "2599.99"}),
    "the holder of a consent": (
        (COMMON, issued("2600"), issued("2500", "H-2", "Holder B")), {**CONSENT, "shares": "100"},
        {"holder": "Holder B"},
    ),
    "the kind of an action": ((*HELD, CONSENT), TAKEN, {"kind": "charter_amendment"}),
    "the day of an action": ((*HELD, CONSENT), TAKEN, {"effective": "2001-06-13"}),
    "a record date": (
        HELD, line("RecordDateSet", action="D-1", record_date="2001-07-18"),
        {"record_date": "2001-07-19"},
    ),
    "a date that is specified": (
        HELD, line("RecordDateNoticeMailed", action="D-1", specified_dates=["2001-07-18"]),
        {"specified_dates": ["2001-07-19"]},
    ),
    "what is counted": (HELD, line("CountAttested", of="preferred", shares="5100"), {"shares": "5100.01"}),
    "of what it is counted": (HELD, line("CountAttested", of="preferred", shares="5100"), {"of": "H-1"}),
    "who counted": (HELD, line("CountAttested", of="preferred", shares="5100", by="A"), {"by": "B"}),
    "a successor": (HELD, MERGER, {"successor": "Another"}),
    "whether it assumed the terms": (HELD, MERGER, {"assumed_in_writing": False}),
    "what a share becomes": (
        HELD, {**MERGER, "per_share": [{"security": "Cash", "per_share": "1"}]},
        {"per_share": [{"security": "Cash", "per_share": "1.01"}]},
    ),
    "an indemnity": (
        HELD, line("CertificateReplaced", certificate="H-1", new_certificate="H-2", reason="lost"),
        {"indemnity": "a bond"},
    ),
    "where a holder lives": ((), line("HolderRegistered", holder="A", address="Florida"), {"address": "Georgia"}),
    "a term amended": (
        HELD, line("CertificateAmended", terms={"dividend_rate": "0.11"}),
        {"terms": {"dividend_rate": "0.12"}},
    ),
    "a day the banks were closed": (
        CONVERTED, line("BankClosureDeclared", closed_on="2001-11-13"),
        {"closed_on": "2001-12-04"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "first", "other"), PIECES.values(), ids=PIECES.keys())
def test_the_digest_tells_apart_whatever_an_entry_put_in_place(
    before: tuple[dict[str, Any], ...], first: dict[str, Any], other: dict[str, Any]
) -> None:
    """Two ledgers alike up to an entry and different in one piece of what it says have different digests there."""
    one, another = digests(given(*before, first)), digests(given(*before, {**first, **other}))
    assert one[:-1] == another[:-1]
    assert one[-1] != another[-1]


REPLAY = """
import sys
from pathlib import Path
from ledger.application import Ledger
from ledger.ledger_file import LedgerFile
from projections.replay import replayed
with Ledger.open(Path(sys.argv[1])) as ledger:
    for one in replayed(ledger.book):
        print(one.digest)
"""


def test_another_process_gives_the_same_digests(tmp_path: Path) -> None:
    """Neither the order of a dictionary nor the seed of a hash is in a digest."""
    path = begun(tmp_path / "ledger.db", *STORY)
    said = [
        subprocess.run(
            [sys.executable, "-c", REPLAY, str(path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for seed in ("1", "2")
    ]
    assert said[0] == said[1] == digests(given(*STORY))


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The story in a file that CAPTABLE_LEDGER names."""
    path = copied(tmp_path / "ledger.db", *STORY)
    monkeypatch.setenv("CAPTABLE_LEDGER", str(path))
    return path


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ((), [2, 3, 4, 5, 6, 7, 8, 9]),
        (("--from", "8"), [8, 9]),
        (("--to", "3"), [2, 3]),
        (("--from", "4", "--to", "4"), [4]),
        (("--from", "9"), [9]),
        (("--to", "99"), [2, 3, 4, 5, 6, 7, 8, 9]),
        (("--effective", "--from", "4", "--to", "8"), [8, 4, 4, 5, 6, 7]),
    ],
    ids=lambda told: " ".join(map(str, told)) or "none",
)
def test_from_and_to_choose_what_is_shown_and_not_what_is_replayed(
    path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], numbers: list[int]
) -> None:
    """Both ends are shown, and the digest printed is that of the whole replay whatever part of it is shown."""
    assert path.exists()
    whole = ran(capsys, "replay", *(word for word in words if word == "--effective"), "--json").data
    said = ran(capsys, "replay", *words, "--json")
    assert (said.status, said.err) == (0, "")
    assert [one["entry"] for one in said.data["entries"]] == numbers
    assert said.data["digest"] == whole["digest"]


@pytest.mark.parametrize("number", ["1", "0", "-1", "x"])
def test_a_replay_from_no_entry_is_not_understood(path: Path, capsys: pytest.CaptureFixture[str], number: str) -> None:
    """Entry 1 holds the terms and moves nothing; a replay begins at 2 at the earliest."""
    assert path.exists()
    said = ran(capsys, "replay", "--from", number)
    assert (said.status, "[command-must-be-understood]" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "10"), "There is no entry 10.  [entry-must-exist]\nThe ledger has entries 1 to 9."),
        (("--from", "10", "--effective"), "There is no entry 10.  [entry-must-exist]"),
        (("--from", "4", "--known-at", learned(3).isoformat()), "The ledger has entries 1 to 3."),
        (("--from", "5", "--to", "4"), "--to 4 cannot be understood.  [question-must-be-understood]"),
    ],
    ids=lambda told: " ".join(told) if isinstance(told, tuple) else "",
)
def test_of_entries_that_there_are_not_a_replay_tells_before_it_decides_any(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    """The last of nine is shown; of one beyond it, or of none between the two named, it is said at once, with 2."""
    assert path.exists()
    for name in ("replayed", "in_effect", "_published"):
        monkeypatch.setattr(f"projections.commands.clocks.{name}", lambda *_, **__: pytest.fail("it was begun"))
    told = ran(capsys, "replay", *words)
    assert (told.status, told.out) == (2, "")
    assert said in told.err


def test_the_text_of_a_replay_says_figures_findings_and_the_digest(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each figure in its own unit, each finding with its clause, the late entry marked."""
    said = ran(capsys, "replay", "--from", "7").out
    assert said == (
        "entry 7: CommonSharesDelivered, 2001-11-16T10:00:00-05:00\n"
        "  found: delivery-was-late (§5(f)(i))\n"
        "  put right: delivery-is-overdue (§5(f)(i))\n"
        "entry 8: CommonSharesIssued, 2001-05-02, late\n"
        "  conversion rate: 1,388.89 -> 1,457.196066\n"
        "  common outstanding: 36,388,890 -> 41,457,196\n"
        "  found: delivered-differs-from-due (§5(f)(i) §5(h))\n"
        "  found: market-price-is-missing (§5(h))\n"
        "entry 9: EntryCorrected, 2002-01-02\n"
        "  conversion rate: 1,457.196066 -> 1,388.89\n"
        "  common outstanding: 41,457,196 -> 41,388,890\n"
        "  put right: delivered-differs-from-due (§5(f)(i) §5(h))\n"
        "  put right: market-price-is-missing (§5(h))\n"
        f"\ndigest {digests(given(*STORY))[-1]}\n"
    )


def test_the_json_of_a_replay_has_both_clocks_and_exact_figures(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Entry 8 of the story: when it was recorded, when it took effect, what it moved as quantities, and its digest."""
    assert path.exists()
    (one,) = ran(capsys, "replay", "--from", "8", "--to", "8", "--json").data["entries"]
    assert {name: told for name, told in one.items() if name not in ("digest", "findings_opened")} == {
        "entry": 8,
        "recorded": "2002-01-02T15:00:06+00:00",
        "effective": "2001-05-02",
        "event": "CommonSharesIssued",
        "ref": None,
        "late": True,
        "moved": [
            {"figure": "conversion_rate", "before": "1388.89", "after": str(RATE * 64 / 61)},
            {"figure": "common_outstanding", "before": "36388890", "after": "41457196"},
        ],
        "findings_closed": [],
    }


def test_a_replay_without_findings_is_the_same_replay(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Leaving the findings out changes no figure and no digest."""
    assert path.exists()
    quick = ran(capsys, "replay", "--no-findings", "--json").data
    assert {len(one["findings_opened"]) for one in quick["entries"]} == {0}
    assert quick["digest"] == ran(capsys, "replay", "--json").data["digest"]


def test_an_empty_ledger_replays_to_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Terms alone move nothing: words say so, and the tables are there and empty."""
    path = begun(tmp_path / "empty.db")
    said = ran(capsys, "replay", "--ledger", path)
    assert (said.status, said.err) == (0, "")
    assert "holds its terms" in said.out
    assert rows(path) == [(1, -719163, None, 0, None, None)]


# --- the kept tables --------------------------------------------------------------------------------------------------


def rows(path: Path, table: str = "kept_entries") -> list[tuple[Any, ...]]:
    """The rows of a kept table, every column, in the order of their key."""
    return asked(path, f"SELECT * FROM {table}")


def test_what_every_entry_left_is_kept_with_its_day(path: Path) -> None:
    """Quantities are exact text: 5,100 shares, of which the notice takes 1,000; a late sale is kept on its own day."""
    # 31 years with 8 leap days, and 101 days more: 11,424 days since 1970 on 12 April 2001.
    kind, issued = KINDS["certificates"], 31 * 365 + 8 + 101
    assert asked(path, f"SELECT key, day, entry, says FROM kept_pieces WHERE kind = {kind} ORDER BY day, entry") == [
        ("H-1", issued, 3, '["Holder A",3,"2001-04-12","5100"]'),
        ("H-1", issued + 211, 4, '["Holder A",3,"2001-04-12","4100"]'),  # 9 November
    ]
    changed = "SELECT kind, key, day FROM entry_changes WHERE entry = 4 AND kind IN ('certificates', 'notices')"
    assert asked(path, f"{changed} ORDER BY kind, day") == [
        ("certificates", "H-1", "2001-11-09"),
        ("notices", "N-1", "2001-11-09"),
    ]
    assert asked(path, "SELECT day, entry, rate FROM rate_in_force ORDER BY entry") == [
        ("", 1, "138889/100"),  # the terms
        ("2001-05-02", 8, str(RATE * 64 / 61)),
        ("2001-05-02", 9, "138889/100"),  # the correction of entry 8
    ]
    said = asked(path, "SELECT entry, recorded, effective, event, about, late FROM entries WHERE entry IN (4, 8, 9)")
    assert said == [
        (4, "2002-01-02T15:00:02+00:00", "2001-11-09T09:30:00-05:00", "NoticeOfConversionReceived", None, 0),
        (8, "2002-01-02T15:00:06+00:00", "2001-05-02", "CommonSharesIssued", None, 1),
        (9, "2002-01-02T15:00:07+00:00", "2002-01-02", "EntryCorrected", 8, 0),
    ]


DAMAGE = {
    "a row deleted": ("DELETE FROM kept_entries WHERE entry = 4",),
    "the last row deleted": ("DELETE FROM kept_entries WHERE entry = 9",),
    "all rows deleted": ("DELETE FROM kept_entries", "DELETE FROM kept_pieces"),
    "a piece edited": ("UPDATE kept_pieces SET says = replace(says, 'Holder A', 'Holder B')",),
    "a row too many": ("INSERT INTO kept_pieces VALUES (0, 'H-9', 11424, 3, '[]')",),
    "a table dropped": ("DROP TABLE kept_entries",),
    "a holder deleted": ("DELETE FROM kept_holders WHERE holder = 'Holder A'",),
    "a holder too many": ("INSERT INTO kept_holders VALUES ('Holder Z', 3)",),
    "a holder known earlier": ("UPDATE kept_holders SET entry = 2",),
    "two tables dropped": ("DROP TABLE kept_entries", "DROP TABLE kept_pieces"),
    "every table dropped": tuple(f"DROP TABLE {table}" for table in TABLES),
    "a table of other columns": ("DROP TABLE kept_entries", "CREATE TABLE kept_entries (entry INTEGER, digest TEXT)"),
    "a view in a table's place": ("DROP TABLE kept_entries", "CREATE VIEW kept_entries AS SELECT 9 AS entry"),
}


@pytest.mark.parametrize("statements", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_replay_builds_the_tables_anew_whatever_became_of_them(
    path: Path, capsys: pytest.CaptureFixture[str], statements: tuple[str, ...]
) -> None:
    """Deleted, edited, or of an older version: after a replay all tables are as they were, and the record verifies."""
    before = [rows(path, table) for table in TABLES]
    altered(path, *statements)
    assert ran(capsys, "replay").status == 0
    assert [rows(path, table) for table in TABLES] == before
    assert ran(capsys, "verify").status == 0


def test_a_replay_of_what_was_known_publishes_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tables tell all that is recorded: neither an earlier moment nor the order of effect is written there."""
    altered(path, "DELETE FROM kept_entries")
    told = ran(capsys, "replay", "--known-at", learned(4).isoformat(), "--json").data
    assert [one["entry"] for one in told["entries"]] == [2, 3, 4]
    assert ran(capsys, "replay", "--effective").status == 0
    assert rows(path) == []


def test_recording_goes_on_where_the_tables_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A further entry is one more row behind those that are there, and nothing is replayed for it."""
    before = rows(path)
    monkeypatch.setattr("ledger.application.kept_anew", lambda *_: pytest.fail("the whole was replayed"))
    record(path, REGISTERED)
    assert rows(path)[:-1] == before
    monkeypatch.undo()
    assert rows(path) == rows(begun(path.with_name("fresh.db"), *STORY, REGISTERED))


EDITED = {"a row deleted", "a piece edited", "a row too many"} | {
    name for name in DAMAGE if name.startswith("a holder")
}
LAGS = {name: one for name, one in DAMAGE.items() if name not in EDITED}
"""What shows where the tables end: what was edited before waits for verify, or for a replay."""


@pytest.mark.parametrize("statements", LAGS.values(), ids=LAGS.keys())
def test_recording_after_tables_that_lag_keeps_the_whole_anew(path: Path, statements: tuple[str, ...]) -> None:
    """Where the tables do not end where the record does, or are of another make, they are made anew from all of it."""
    altered(path, *statements)
    record(path, REGISTERED)
    fresh = begun(path.with_name("fresh.db"), *STORY, REGISTERED)
    assert [rows(path, table) for table in TABLES] == [rows(fresh, table) for table in TABLES]


RECORD = """
import json, sys
from projections.command_line import main
for number in range(int(sys.argv[2])):
    with open(sys.argv[1] + ".jsonl", "w") as journal:
        journal.write(json.dumps({"event": "HolderRegistered", "effective": "2001-05-01", "holder": sys.argv[1]}))
    try:
        main(["record", sys.argv[1] + ".jsonl"])
    except SystemExit as left:
        assert not left.code, left.code
"""


def test_two_processes_that_record_at_once_publish_every_entry(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten entries from each of two processes: twenty rows more, in order, and the record verifies with its tables."""
    commands = [[sys.executable, "-c", RECORD, str(path.with_name(name)), "10"] for name in ("one", "two")]
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for command in commands]
    assert [(one.communicate(timeout=120)[1], one.returncode) for one in running] == [(b"", 0), (b"", 0)]
    assert [row[0] for row in rows(path)] == list(range(1, 30))
    said = ran(capsys, "verify")
    assert (said.status, said.err) == (0, "")


def test_a_replay_waits_for_whoever_is_recording(path: Path) -> None:
    """A replay takes its turn like a recording, so that it never writes over what was recorded meanwhile."""
    with Ledger.open(path) as ledger, ThreadPoolExecutor() as another:
        with ledger.place.turn():
            replaying = another.submit(publish, ledger)
            with pytest.raises(TimeoutError):
                replaying.result(timeout=0.2)
        assert replaying.result(timeout=60) == ""


def test_where_the_tables_cannot_be_written_the_entry_is_recorded_and_words_say_so(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Recording is what counts: exit 0, the entry in the log, the warning on standard error, and a replay mends it."""
    altered(path, "CREATE TRIGGER shut BEFORE INSERT ON kept_entries BEGIN SELECT RAISE(ABORT, 'shut'); END")
    before = rows(path)
    said = ran(capsys, "record", "HolderRegistered", "--effective", "2001-11-16", "--holder", "Holder C")
    assert (said.status, said.err) == (0, "Recorded, but not published (shut): `captable replay` publishes it.\n")
    assert said.out.startswith("Recorded 1 entry: entry 10.")
    assert rows(path) == before
    assert ran(capsys, "log", "--json").data["entries"][-1]["entry"] == 10
    assert ran(capsys, "replay").err == ""
    assert ran(capsys, "verify").status == 0


def test_what_could_not_be_kept_is_kept_by_the_next_recording(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tables are behind by an entry; whoever records next makes them anew, and nothing needs to be said."""
    altered(path, "CREATE TRIGGER shut BEFORE INSERT ON kept_pieces BEGIN SELECT RAISE(ABORT, 'shut'); END")
    (shut,) = record(path, issued_common := sold("2001-12-03", "10", "1"))
    assert shut.unpublished == "shut"
    (after,) = record(path, REGISTERED)
    assert after.unpublished == ""
    fresh = begun(path.with_name("fresh.db"), *STORY, issued_common, REGISTERED)
    assert [rows(path, table) for table in TABLES] == [rows(fresh, table) for table in TABLES]
    assert ran(capsys, "verify").status == 0


def test_a_replay_of_what_may_only_be_read_is_shown_and_says_that_it_is_not_published(path: Path) -> None:
    """An auditor who may read the folder and not write it gets the same digest, exit 0 and a warning."""
    digest = digests(given(*STORY))[-1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "kept"
        Path(name).chmod(0o755)
        folder.mkdir()
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(folder / "ledger.db")) as copy:
            source.backup(copy)
        folder.chmod(0o555)
        status, said = as_reader(folder, "replay", "--ledger", str(folder / "ledger.db"))
        folder.chmod(0o755)
    assert status == 0, said
    assert f"digest {digest}" in said
    assert "Replayed, but not published (The file is read-only)." in said


def test_the_rows_of_a_journal_recorded_at_once_are_those_of_one_recorded_line_by_line(tmp_path: Path) -> None:
    """How many entries were recorded together is not in the tables."""
    together = begun(tmp_path / "together.db")
    with Ledger.open(together, to_record=True) as ledger:
        ledger.record(entries(*STORY))
    apart = begun(tmp_path / "apart.db", *STORY)
    assert [rows(together, table) for table in TABLES] == [rows(apart, table) for table in TABLES]
