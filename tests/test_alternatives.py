"""What a reading that was not taken would give, in numbers, for the ledger at hand."""

from typing import Any

import pytest

from given import COMMON, given, issued, on_notice, reading, sold
from ledger.book import Book
from ledger.moments import parse_day
from ledger.readings.registered import REGISTERED
from projections.alternatives import alternatives, rests_on
from projections.commands.explain import explained
from projections.question import Question


def told(book: Book, name: str, day: str) -> dict[str, dict[str, tuple[str | None, str | None]]]:
    """By choice and figure, what the ledger says now and what it would say."""
    question = Question.ask(book, parse_day(day))
    return {
        one.choice: {figure.figure: (figure.before, figure.after) for figure in one.figures}
        for one in alternatives(question, REGISTERED[name])
    }


def test_s2_the_other_day_counts_are_reckoned_for_this_ledger() -> None:
    """From 12 April to 10 June 2001 are 58 days of 30/360 and 59 of the calendar: $510,000 x 59/365 and x 59/360."""
    by_choice = told(given(issued()), "day-count", "2001-06-10")
    accrued = {choice: figures["dividends.accrued_unpaid"] for choice, figures in by_choice.items()}
    assert accrued == {"Actual/365 Fixed": ("82166.67", "82438.36"), "Actual/360": ("82166.67", "83583.33")}


def test_s4_votes_without_the_lot_are_counted_for_this_ledger() -> None:
    """150 shares at 1,388.89 have 138,889 votes in lots of 100, and 208,333.5, whole 208,333, if every share votes."""
    figures = told(given(COMMON, issued("150")), "votes", "2001-06-10")["every share"]
    assert figures["preferred.holders[Holder A].votes"] == ("138889", "208333")
    assert figures["preferred.holders[Holder A].convertible_into"] == ("138889", "208333.5")
    assert len(figures) == 2


def test_s5e_a_threshold_that_scales_is_reckoned_for_this_ledger() -> None:
    """After 2 for 1 a sale at $0.40 is below $0.72 and not below $0.36: the rate stays 2,777.78."""
    split = {"event": "CommonStockSplit", "effective": "2001-07-02", "new_shares": "2", "old_shares": "1"}
    book = given(COMMON, issued(), split, sold("2001-08-01", "10000000", "4000000"))
    # 2,777.78 x 80,000,000 / (70,000,000 + 5,555,555.5...) = 2,777.78 x 18/17 = 2,941.178823...
    rate = told(book, "dilution-threshold", "2001-12-31")["scales with splits"]["conversion_rate.per_share"]
    assert rate == ("2941.178824", "2777.78")


def test_s5a_a_ledger_that_rests_on_the_other_reading_is_told_which_entry_it_would_not_have() -> None:
    """150 shares converted as a whole position could not have been under the reading that binds every notice."""
    line: dict[str, Any] = {"holder": "Holder A", "surrendered": [{"certificate": "H-1", "shares": "150"}]}
    whole = on_notice("NoticeOfConversionReceived", "2001-07-02T10:00:00-04:00", **line)
    book = given(COMMON, issued("150"), whole, terms=reading(lot="whole position exempt"))
    (other,) = alternatives(Question.ask(book, parse_day("2001-12-31")), REGISTERED["lot"])
    assert (other.choice, other.refused, other.figures) == ("binds every notice", 4, ())
    assert "150" in other.because
    assert "100" in other.because


def test_a_reading_that_moves_nothing_here_says_so() -> None:
    """Without any split the threshold cannot scale: every figure is the same."""
    assert told(given(COMMON, issued()), "dilution-threshold", "2001-12-31") == {"scales with splits": {}}


def test_a_reading_that_is_fixed_has_no_alternative_to_reckon() -> None:
    """What is not offered cannot be chosen, and is not reckoned either."""
    fixed = [one for one in REGISTERED.values() if not one.offered]
    question = Question.ask(given(issued()), parse_day("2001-12-31"))
    assert [list(alternatives(question, one)) for one in fixed] == [[]] * len(fixed)


@pytest.mark.parametrize(
    ("what", "readings"),
    [
        ("outstanding", ["conversion-moment"]),
        ("accrued-dividends", ["day-count", "accrual-start", "accrual-days", "arrears"]),
        ("conversion-rate", ["rate-scope", "rate"]),
    ],
)
def test_a_figure_names_the_readings_it_rests_on(what: str, readings: list[str]) -> None:
    """Of an issue alone outstanding shares, dividends and rate rest on what is named for them."""
    question = Question.ask(given(COMMON, issued()), parse_day("2001-06-10"))
    assert rests_on(explained(question, what, None)) == readings


def test_asking_for_the_alternative_changes_nothing_that_is_asked_next() -> None:
    """The figures of the ledger at hand are its own, whatever else was reckoned."""
    book = given(COMMON, issued())
    before = told(book, "day-count", "2001-06-10")
    assert told(book, "day-count", "2001-06-10") == before
    assert book.terms.readings["day-count"] == "30/360 US"
