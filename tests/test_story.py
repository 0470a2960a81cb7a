"""§1 to §10 - The story of fixtures/, recorded line by line: it tells of every kind of entry, and says what is public."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from given import given, record
from ledger.events import KINDS
from ledger.moments import parse_day
from projections.asof import answer
from test_worked_examples import at, journal

STORY = Path(__file__).parent.parent / "fixtures" / "series_h.jsonl"

TOLD = {
    "BankClosureDeclared",
    "CertificateReplaced",
    "CommonSharesDelivered",
    "CommonSharesIssued",
    "CommonSharesRetired",
    "CommonStockOpened",
    "CommonStockSplit",
    "ConversionDividendPaid",
    "DividendPaid",
    "EntryCorrected",
    "EntryVoided",
    "HolderRegistered",
    "NoticeCompleted",
    "NoticeOfConversionReceived",
    "NoticeOfConversionRevoked",
    "OriginalsReceived",
    "PreferredSharesIssued",
    "PreferredSharesReacquired",
    "PreferredSharesTransferred",
    "RedemptionNoticeMailed",
    "RedemptionPricePaid",
    "SharesRedeemed",
    "TransferAgentInstructed",
}
"""The kinds of entry the story must tell of."""


def story() -> list[dict[str, Any]]:
    """§1 to §7 - The lines of the story, in the order in which they were recorded."""
    return journal(STORY.read_text(encoding="utf-8"))


def test_the_story_records_line_by_line() -> None:
    """§1 to §7 - Nothing in the story is refused at its turn, and at its end shares of Series H are outstanding."""
    lines = story()
    book = given()
    for number, line in enumerate(lines, 1):
        record(book, line)
        assert book.last == number + 1
    position = book.position
    assert position.issued == 5100
    assert position.outstanding == position.issued - position.converted - position.redeemed - position.reacquired > 0


def test_the_story_tells_of_every_kind_it_must() -> None:
    """§1 to §7 - Each kind of entry the ledger lives by occurs in the story, and no kind it does not know."""
    words = {line["event"] for line in story()}
    assert words >= TOLD
    assert words <= set(KINDS)


def test_the_story_tells_of_the_cases_that_are_easily_missed() -> None:
    """§2 §5(e) §5(f) - After hours, missing copies, cash for a fraction, property, an exempt issue, a part payment."""
    lines = story()
    notices = [line for line in lines if line["event"] == "NoticeOfConversionReceived"]
    assert any("T17:01:00" in line["effective"] for line in notices)
    assert any(line.get("copies") is False for line in notices)
    assert any({"cash_in_lieu", "market_price", "balance_certificates"} <= line.keys() for line in lines)
    assert any({"property_fair_value", "board_resolution"} <= line.keys() for line in lines)
    assert {"employee_plan", "outstanding_at_date_hereof"} <= {line.get("exempt") for line in lines}
    paid = [line["payable_on"] for line in lines if line["event"] == "DividendPaid"]
    assert len(paid) > len(set(paid))


def test_the_first_line_of_the_story_says_what_is_public_and_what_is_assumed() -> None:
    """§1 - A story around a real certificate says at once what of it can be read in the filings and what cannot."""
    note = story()[0]["note"]
    assert "public" in note.lower()
    assert "assumed" in note.lower()


def test_every_line_of_the_story_has_its_own_reference_and_says_whether_it_is_public() -> None:
    """§1 to §7 - No line of the story can be taken for a fact it is not."""
    lines = story()
    assert len({line["ref"] for line in lines}) == len(lines)
    assert [line["ref"] for line in lines if not line["note"].startswith(("public: ", "assumed: "))] == []


def test_a_late_entry_of_the_story_takes_its_place_before_what_was_recorded_earlier() -> None:
    """§5(e) - A sale of Common found later takes effect before entries recorded above it."""
    lines = [line for line in story() if not line["event"].startswith("Entry")]
    late = [line for before, line in pairwise(lines) if line["effective"] < before["effective"][:10]]
    assert "CommonSharesIssued" in {line["event"] for line in late}


def test_the_story_meets_the_common_stock_that_is_public_for_the_31st_of_october_2002() -> None:
    """§5(e) - Around all that is assumed, the Common outstanding on 2002-10-31 is the 142,076,947 of the filings."""
    assert at(answer(given(*story()), parse_day("2002-10-31")), "common.outstanding") == "142076947"
