"""§1 to §7 - The worked examples of fixtures/, redone by the ledger, and the story there, line by line."""

import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from given import given, reading, record
from ledger.errors import FieldRefusal, LedgerError
from ledger.events import KINDS
from ledger.journal import read_journal
from ledger.moments import parse_day
from projections.asof import answer

FIXTURES = Path(__file__).parent.parent / "fixtures"
EXAMPLES = sorted((FIXTURES / "examples").glob("*.toml"))
STORY = FIXTURES / "series_h.jsonl"

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

KEYS = ("holder", "certificate", "notice", "redemption", "security", "finding")
"""The fields by which a path picks an item of a list."""


def example(path: Path) -> dict[str, Any]:
    """§1 to §7 - A worked example as its file has it."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def journal(text: str) -> list[dict[str, Any]]:
    """§1 to §7 - The lines of a journal, each first read as strictly as `captable record` reads it."""
    assert list(read_journal(text.splitlines(), "the example"))
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def at(tree: Any, path: str) -> Any:
    """§1 to §7 - What an answer holds at a path: `preferred.holders[Holder A].votes`, `conversion_rate.into[0]`."""
    for name, key in re.findall(r"([^.\[\]]+)|\[([^\]]*)\]", path):
        if isinstance(tree, dict):
            assert name in tree, f"{path}: there is no {name} among {', '.join(tree)}"
            tree = tree[name]
        else:
            found = [item for item in tree if key in (item.get(field) for field in KEYS)]
            assert key.isdigit() or len(found) == 1, f"{path}: {len(found)} items answer to {key}"
            tree = tree[int(key)] if key.isdigit() else found[0]
    return tree


def story() -> list[dict[str, Any]]:
    """§1 to §7 - The lines of the story, in the order in which they were recorded."""
    return journal(STORY.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_ledger_agrees_with_the_worked_example(path: Path) -> None:
    """§1 to §7 - Every figure worked out by hand from the certificate is the ledger's, to the last digit."""
    told = example(path)
    lines = journal(told["given"])
    terms = reading(**told.get("readings", {}))
    if "refused" in told:
        book = given(*lines[:-1], terms=terms)
        with pytest.raises(LedgerError) as refusal:
            record(book, lines[-1])
        assert refusal.value.name == told["refused"]
        assert book.position == given(*lines[:-1], terms=terms).position
        return
    book = given(*lines, terms=terms)
    for asked in told["asked"]:
        answered = answer(book, parse_day(asked["day"]))
        assert {path: at(answered, path) for path in asked["expected"]} == asked["expected"], asked["day"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_worked_example_states_its_proposition_and_shows_its_working(path: Path) -> None:
    """§1 to §7 - An example names a clause, asks something, and shows the arithmetic or the reason of a refusal."""
    told = example(path)
    assert told["title"]
    assert path.stem.split("-")[0] == re.sub(r"§(\d+)(\((\w)\))?.*", r"s\1\3", told["clause"])
    if "refused" in told:
        assert told["because"].strip()
        assert "asked" not in told
    else:
        assert all(asked["working"].strip() and asked["expected"] for asked in told["asked"])


def test_every_subject_of_the_certificate_has_a_worked_example() -> None:
    """§2 §5 §6 - Dividends, conversion, adjustment, its exercise and redemption are each worked out for a reader."""
    assert 14 <= len(EXAMPLES) <= 20
    assert {path.stem.split("-")[0] for path in EXAMPLES} >= {"s2", "s5a", "s5b", "s5c", "s5e", "s5f", "s6"}


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


def test_a_float_in_a_worked_example_would_be_refused() -> None:
    """§1 to §7 - The examples are read as strictly as any journal."""
    with pytest.raises(FieldRefusal):
        journal('{"event": "CommonSharesIssued", "effective": "2001-10-01", "shares": "1", "cash": 0.4}')
