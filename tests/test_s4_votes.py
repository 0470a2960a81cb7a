"""§4 - As many votes as the largest number of Common Stock into which a holder's shares could be converted."""

from fractions import Fraction

import pytest

from given import COMMON, SERIES_H, given, issued, on, reading, record, sold, telecopied
from ledger.book import Book
from ledger.clauses import voting
from ledger.moments import parse_day
from projections.explain.votes import votes as explain_votes
from projections.explain.watched import Watched
from projections.holders import holders
from projections.question import Question
from projections.votes import votes as counted

RATE = Fraction("1388.89")
ADJUSTED = RATE * 64 / 61  # 35,000,000 outstanding, 5,000,000 sold at $0.45: 40,000,000/38,125,000 = 64/61


def votes(book: Book, day: str) -> dict[str, Fraction]:
    """Every holder's votes at the end of a day."""
    position = on(book, day)
    held = {holder: sum((one.shares for one in listed), Fraction(0)) for holder, listed in position.holdings().items()}
    return {holder: voting.votes(SERIES_H, shares, position.rate) for holder, shares in held.items()}


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ("99.99", 0),
        ("100", 138889),
        ("100.01", 138889),
        ("150", 138889),
        ("199.99", 138889),
        ("200", 277778),
        ("2056.99", 2777780),  # 2,000 × 1,388.89
        ("5099.99", 6944450),  # 5,000 × 1,388.89
        ("5100", 7083339),
    ],
)
def test_s4_shares_vote_in_lots_of_one_hundred(shares: str, expected: int) -> None:
    """A share that no notice could convert has no vote: only full hundreds are counted, at 1,388.89 each."""
    assert votes(given(issued(shares)), "2001-04-12") == {"Holder A": expected}


@pytest.mark.parametrize(("shares", "expected"), [("99.99", 0), ("100", 138889), ("150", 138889), ("5100", 7083339)])
def test_s4_the_common_behind_the_votes_is_exact(shares: str, expected: int) -> None:
    """The number of Common into which a holder could convert is the rate times its full hundreds."""
    assert voting.convertible_into(SERIES_H, Fraction(shares), RATE) == expected


@pytest.mark.parametrize(
    ("lot", "expected"), [("binds every notice", Fraction(138889)), ("whole position exempt", Fraction("208333.5"))]
)
def test_s4_what_could_be_converted_in_whole_is_the_largest_number(lot: str, expected: Fraction) -> None:
    """Where a whole position of 150 shares can be converted, its 208,333.5 of Common are what it votes by."""
    terms = reading(lot=lot)
    assert voting.convertible_into(terms, Fraction(150), RATE) == expected
    book = given(COMMON, issued("150"), terms=terms)
    (told,) = holders(Question.ask(book, parse_day("2001-07-02")))
    assert (Fraction(told["convertible_into"]), Fraction(told["votes"])) == (expected, Fraction(expected // 1))
    record(book, telecopied("2001-07-02T10:00:00-04:00", ("H-1", "150" if expected > 138889 else "100")))
    assert on(book, "2001-07-02").notices["N-1"].common_due == expected // 1


@pytest.mark.parametrize(
    ("per_share", "common"),
    [
        ([{"security": "Common Stock", "per_share": "1"}, {"security": "Class B", "per_share": "1"}], "35000000"),
        ([{"security": "Successor stock", "per_share": "0.5"}], "0"),
        ([{"security": "cash", "per_share": "0.30"}], "0"),
    ],
    ids=["Common left", "a successor's stock", "cash"],
)
def test_s4_without_common_stock_there_are_no_votes_of_it(per_share: list[dict[str, str]], common: str) -> None:
    """What took the place of all Common carries no votes (votes-after-change): neither of Series H nor of others."""
    merger = {"event": "ReorganizationEffected", "effective": "2001-07-02", "kind": "merger", "per_share": per_share}
    question = Question.ask(given(COMMON, issued("100"), merger), parse_day("2001-07-02"))
    told = counted(question)
    series_h = "138889" if common != "0" else "0"
    assert (told["preferred"], told["common"]) == (series_h, common)
    assert told["single_class"] == str(int(series_h) + int(common))
    explained = {part.name: Fraction(part.exact) for part in explain_votes(Watched.of(question)).parts}
    assert explained == {"Series H": int(series_h), "Common Stock": int(common)}


def test_s4_votes_are_whole_and_rounded_down() -> None:
    """After an adjustment 100 shares convert into 145,719.606... shares of Common and have 145,719 votes."""
    # 138,889 × 64/61 = 8,888,896/61 = 145,719 and 37/61.
    book = given(COMMON, issued("100"), sold("2001-04-13", "5000000", "2250000"))
    assert voting.convertible_into(SERIES_H, Fraction(100), ADJUSTED) == Fraction(8888896, 61)
    assert votes(book, "2001-04-12") == {"Holder A": 138889}
    assert votes(book, "2001-04-13") == {"Holder A": 145719}


def test_s4_a_holders_certificates_vote_together() -> None:
    """Fifty shares under each of two certificates of one holder make a hundred; of two holders they make none."""
    together = given(issued("50"), issued("50", "H-2"))
    apart = given(issued("50"), issued("50", "H-2", "Holder B"))
    assert votes(together, "2001-04-12") == {"Holder A": 138889}
    assert votes(apart, "2001-04-12") == {"Holder A": 0, "Holder B": 0}


def test_s4_each_holders_votes_are_floored_before_they_are_added() -> None:
    """Two holders of 100 shares have 145,719 votes each, although 200 shares in one hand would have one more."""
    lines = (COMMON, issued("100"), issued("100", "H-2", "Holder B"), sold("2001-04-13", "5000000", "2250000"))
    # 2 × 37/61 is more than one share of Common.
    assert votes(given(*lines), "2001-04-13") == {"Holder A": 145719, "Holder B": 145719}
    assert voting.votes(SERIES_H, Fraction(200), ADJUSTED) == 2 * 145719 + 1


def test_s4_converted_shares_vote_as_series_h_no_more() -> None:
    """From the Conversion Date on 4,100 of 5,100 shares are left to vote, with 4,100 × 1,388.89 votes."""
    book = given(COMMON, issued(), telecopied("2001-06-01T10:00:00-04:00", ("H-1", "1000")))
    assert votes(book, "2001-05-31") == {"Holder A": 7083339}
    assert votes(book, "2001-06-01") == {"Holder A": 4100 * 138889 // 100}
