"""§10 - Notice of a record date or event, mailed ten business days before the date it specifies."""

from typing import Any

import pytest

from given import COMMON, given, issued
from ledger.book import Book
from ledger.moments import parse_day
from projections.findings.every import findings
from projections.findings.finding import Finding
from projections.obligations import Obligation, obligations
from projections.question import Question

WHOLE = (COMMON, issued())  # entries 2 and 3
# Ten business days before Monday 26 November 2001: 23, 21, 20, 19, 16, 15, 14, 13, 9, 8 (banks closed on 12 and 22).
MONDAY = "2001-11-26"


def record_date(
    purpose: str | None = "dividend", day: str = MONDAY, effective: str = "2001-11-01", action: str = "X"
) -> dict[str, Any]:
    """A journal line for a record date set on 1 November."""
    line = {"event": "RecordDateSet", "effective": effective, "action": action, "record_date": day}
    return {**line, "purpose": purpose}


def mailed(effective: str, *days: str, action: str = "X") -> dict[str, Any]:
    """A journal line for a notice mailed, specifying some days."""
    line = {"event": "RecordDateNoticeMailed", "effective": effective, "action": action}
    return {**line, "specified_dates": list(days or (MONDAY,))}


def found(book: Book, day: str = "2001-12-31") -> list[Finding]:
    """The findings on notices of record dates."""
    return [one for one in findings(Question.ask(book, parse_day(day))) if one.clause == "§10"]


def ids(book: Book, day: str = "2001-12-31") -> list[str]:
    """The ids of the findings on notices of record dates."""
    return [one.finding for one in found(book, day)]


def owed(book: Book, day: str) -> list[Obligation]:
    """The notices of record dates owed on a day."""
    return [one for one in obligations(Question.ask(book, parse_day(day))) if one.clause == "§10"]


@pytest.mark.parametrize(
    ("effective", "late"),
    [
        ("2001-11-07", False),
        ("2001-11-08", False),
        ("2001-11-08T23:59:59-05:00", False),
        ("2001-11-09", True),
    ],
    ids=["eleven days", "ten days", "late on the tenth", "nine days"],
)
def test_s10_a_notice_is_mailed_ten_business_days_ahead(effective: str, late: bool) -> None:
    """For a record date of 26 November 2001 the notice is mailed by the 8th; on the 9th it is late."""
    listed = found(given(*WHOLE, record_date(), mailed(effective)))
    assert [one.finding for one in listed] == (["record-notice-was-late"] if late else [])
    for finding in listed:
        assert finding.entries == (5,)
        assert "2001-11-09" in finding.says
        assert "2001-11-08" in finding.says


@pytest.mark.parametrize(
    ("closed", "late"), [("2001-11-20", True), ("2001-11-24", False)], ids=["a Tuesday", "a Saturday"]
)
def test_s10_a_declared_closure_takes_a_day(closed: str, late: bool) -> None:
    """Where banks closed on Tuesday the 20th besides, a notice of the 8th is a day late."""
    closure = {"event": "BankClosureDeclared", "effective": "2001-11-01", "closed_on": closed}
    assert ids(given(*WHOLE, closure, record_date(), mailed("2001-11-08"))) == (
        ["record-notice-was-late"] if late else []
    )
    assert ids(given(*WHOLE, closure, record_date(), mailed("2001-11-07"))) == []


@pytest.mark.parametrize(
    ("day", "missing"),
    [("2001-11-07", False), ("2001-11-08", False), ("2001-11-09", True), ("2001-12-31", True)],
)
def test_s10_a_notice_not_mailed_is_missing_once_its_day_has_passed(day: str, missing: bool) -> None:
    """Through 8 November the Company may still mail; from the 9th on the notice is missing."""
    listed = found(given(*WHOLE, record_date()), day)
    assert [(one.finding, one.entries) for one in listed] == ([("record-notice-is-missing", (4,))] if missing else [])
    assert all("2001-11-26" in one.says and "2001-11-08" in one.says for one in listed)


def test_s10_a_late_notice_is_late_and_missing_no_more() -> None:
    """Mailed on the 14th, the notice was missing on the 13th and is late from the 14th."""
    book = given(*WHOLE, record_date(), mailed("2001-11-14"))
    assert ids(book, "2001-11-13") == ["record-notice-is-missing"]
    assert ids(book, "2001-11-14") == ["record-notice-was-late"]


@pytest.mark.parametrize(("specified", "differs"), [("2001-11-25", True), (MONDAY, False), ("2001-11-27", True)])
def test_s10_the_date_specified_is_the_date_of_record(specified: str, differs: bool) -> None:
    """A notice of another day than 26 November is found, with both days and both entries."""
    listed = found(given(*WHOLE, record_date(), mailed("2001-11-01", specified)))
    assert [(one.finding, one.entries) for one in listed] == ([("record-notice-differs", (4, 5))] if differs else [])
    assert all(specified in one.says and MONDAY in one.says for one in listed)


def test_s10_a_notice_of_several_dates_is_counted_to_the_earliest() -> None:
    """Specifying 26 November and 10 December a notice of the 9th is late, whichever date comes first in it."""
    assert ids(given(*WHOLE, record_date(), mailed("2001-11-08", "2001-12-10", MONDAY))) == []
    assert ids(given(*WHOLE, record_date(), mailed("2001-11-09", "2001-12-10", MONDAY))) == ["record-notice-was-late"]


@pytest.mark.parametrize(
    ("purpose", "needed"), [("vote", False), ("dividend", True), ("right", True), ("other", True), (None, True)]
)
def test_s10a_a_record_date_for_a_vote_alone_needs_no_notice(purpose: str | None, needed: bool) -> None:
    """§10(a) speaks of dividends, distributions and rights: a record of who may vote is none of them."""
    book = given(*WHOLE, record_date(purpose))
    assert ids(book) == (["record-notice-is-missing"] if needed else [])
    assert len(owed(book, "2001-11-01")) == needed


EVENTS = {
    "liquidation": {"event": "LiquidationCommenced", "assets_available": "1"},
    "reclassification": {"event": "CommonStockReclassified", "into": [{"security": "Class A", "per_share": "1"}]},
    "merger": {"event": "ReorganizationEffected", "kind": "merger"},
    "asset sale": {"event": "ReorganizationEffected", "kind": "asset_sale"},
    "capital reorganization": {"event": "ReorganizationEffected", "kind": "capital_reorganization"},
}


@pytest.mark.parametrize("line", EVENTS.values(), ids=EVENTS)
def test_s10bc_an_event_needs_a_notice_as_a_record_date_does(line: dict[str, Any]) -> None:
    """An event on 26 November that names an action is told by a notice for the action, mailed by the 8th."""
    event = {**line, "effective": MONDAY, "action": "X"}
    assert ids(given(*WHOLE, mailed("2001-11-08"), event)) == []
    assert ids(given(*WHOLE, mailed("2001-11-09"), event)) == ["record-notice-was-late"]
    assert ids(given(*WHOLE, mailed("2001-11-08", "2001-11-27"), event)) == ["record-notice-differs"]
    assert ids(given(*WHOLE, event)) == ["record-notice-is-missing"]


@pytest.mark.parametrize("line", EVENTS.values(), ids=EVENTS)
def test_s10bc_an_event_that_names_no_action_has_had_no_notice(line: dict[str, Any]) -> None:
    """An event of no named action is found without notice, its entry and its last day to mail given."""
    (finding,) = found(given(*WHOLE, {**line, "effective": MONDAY}))
    assert (finding.finding, finding.entries) == ("record-notice-is-missing", (4,))
    assert "2001-11-08" in finding.says


def test_s10_one_notice_may_serve_a_record_date_and_its_event() -> None:
    """A right of record on 26 November and the merger of 10 December it belongs to are told by one notice."""
    merger = {"event": "ReorganizationEffected", "kind": "merger", "effective": "2001-12-10", "action": "X"}
    lines = (record_date("right"), mailed("2001-11-08", MONDAY, "2001-12-10"), merger)
    assert ids(given(*WHOLE, *lines)) == []


def test_s10_a_notice_for_one_action_tells_nothing_of_another() -> None:
    """A notice for action Y leaves the holders without one for action X."""
    assert ids(given(*WHOLE, record_date(), mailed("2001-11-08", action="Y"))) == ["record-notice-is-missing"]


@pytest.mark.parametrize(("day", "overdue"), [("2001-11-07", False), ("2001-11-08", False), ("2001-11-09", True)])
def test_s10_a_notice_owed_is_an_obligation_with_its_day(day: str, overdue: bool) -> None:
    """The notice of 26 November is owed to every holder by the 8th, counted back from the Monday."""
    (one,) = owed(given(*WHOLE, record_date()), day)
    assert (one.due, one.overdue, one.owed_to) == (parse_day("2001-11-08"), overdue, "every holder")
    assert one.entries == (4,)
    assert one.counted == "10 business days before Monday 2001-11-26"


def test_s10_a_notice_mailed_is_owed_no_more() -> None:
    """From the day of mailing on nothing is owed under §10."""
    book = given(*WHOLE, record_date(), mailed("2001-11-08"))
    assert len(owed(book, "2001-11-07")) == 1
    assert owed(book, "2001-11-08") == []
