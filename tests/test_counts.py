"""The transfer agent's counts: what differs from the ledger is found, with the entries since a count that agreed."""

from typing import Any

import pytest

from given import COMMON, given, issued, record, telecopied
from ledger.moments import parse_day
from test_findings import found, is_found

WHOLE = (COMMON, issued())  # entries 2 and 3; 5,100 shares from 12 April 2001
CONVERTED = telecopied("2001-07-02T10:00:00-04:00", ("H-1", "100"))


def counted(of: str, shares: str, effective: str) -> dict[str, Any]:
    """A journal line for the transfer agent's count."""
    return {"event": "CountAttested", "effective": effective, "of": of, "shares": shares, "by": "Transfer Agent"}


@pytest.mark.parametrize(
    ("of", "agreed", "counted_now", "own"),
    [
        ("preferred", "5100", "5100", "5,000"),
        ("Holder A", "5100", "4999.99", "5,000"),
        ("H-1", "5100", "5000.01", "5,000"),
        ("common", "35000000", "35000000", "35,138,889"),
    ],
)
def test_a_count_that_differs_names_what_moved_since_one_agreed(
    of: str, agreed: str, counted_now: str, own: str
) -> None:
    """The count of 1 July agreed; 100 shares converted on the 2nd are what the count of the 3rd did not see."""
    lines = (counted(of, agreed, "2001-07-01"), CONVERTED, counted(of, counted_now, "2001-07-03"))
    theirs = {"5100": "5,100", "35000000": "35,000,000", "4999.99": "4,999.99", "5000.01": "5,000.01"}[counted_now]
    finding = is_found(given(*WHOLE, *lines), "count-differs", (6, 5), theirs, own, "Transfer Agent")
    assert finding.since == parse_day("2001-07-03")


def test_a_count_that_agrees_is_no_finding_and_one_that_never_did_names_every_move() -> None:
    """5,000 on 3 July agrees; without a count before, 5,100 differs and the issue and the conversion are named."""
    assert found(given(*WHOLE, CONVERTED, counted("preferred", "5000", "2001-07-03")), "count-differs") == []
    book = given(*WHOLE, CONVERTED, counted("preferred", "5100", "2001-07-03"))
    is_found(book, "count-differs", (5, 3, 4), "5,100", "5,000")


@pytest.mark.parametrize(("again", "resolved"), [("5100", None), ("5000.01", None), ("5000", "2001-08-01")])
def test_a_later_count_that_agrees_puts_a_difference_right(again: str, resolved: str | None) -> None:
    """On 3 July 5,100 were counted where 5,000 stood; the count of 1 August settles it where it says 5,000."""
    book = given(*WHOLE, CONVERTED, counted("preferred", "5100", "2001-07-03"))
    record(book, counted("preferred", again, "2001-08-01"))
    first = found(book, "count-differs")[0]
    assert first.since == parse_day("2001-07-03")
    assert first.resolved == (parse_day(resolved) if resolved else None)


def test_a_count_of_something_else_puts_no_difference_right() -> None:
    """That the Common Stock was counted rightly says nothing of Series H."""
    book = given(*WHOLE, CONVERTED, counted("preferred", "5100", "2001-07-03"))
    record(book, counted("common", "35138889", "2001-08-01"))
    assert [one.resolved for one in found(book, "count-differs")] == [None]
