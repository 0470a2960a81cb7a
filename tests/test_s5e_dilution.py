"""§5(e) - Common Stock sold below $0.72 after the date hereof raises the rate by a weighted average."""

from fractions import Fraction
from typing import Any

import pytest

from given import COMMON, given, issued, on, on_notice, record, refused, sold, telecopied
from ledger.figures import per_share
from ledger.moments import parse_day

RATE = Fraction("1388.89")
SALE = sold("2001-07-02", "5000000", "2250000")  # 5,000,000 at $0.45
FACTOR = Fraction(40000000, 38125000)  # (35,000,000 + 5,000,000) / (35,000,000 + 2,250,000/0.72)


def rate_after(*lines: dict[str, Any], day: str = "2001-07-02") -> Fraction:
    """The rate at the end of a day, 35,000,000 shares of Common having been outstanding on 12 April 2001."""
    return on(given(COMMON, issued(), *lines), day).rate


def test_s5e_five_million_shares_at_45_cents_raise_the_rate_to_1457_196066() -> None:
    """§5(e)(i) - 35,000,000 outstanding, 5,000,000 sold for $2,250,000: the rate times 40,000,000/38,125,000."""
    assert rate_after(SALE) == RATE * FACTOR == RATE * 64 / 61
    assert per_share(RATE * 64 / 61) == "1457.196066"  # 88,888.96/61 = 1,457.19606557...
    assert rate_after(SALE, day="2001-07-01") == RATE


@pytest.mark.parametrize(
    ("cash", "factor"),
    [
        ("3599500", Fraction(40000000 * 7200, 35000000 * 7200 + 5000000 * 7199)),  # $0.7199
        ("3600000", Fraction(1)),  # $0.72
        ("3600500", Fraction(1)),  # $0.7201
        ("3599999.99", Fraction(40000000) / (35000000 + Fraction("3599999.99") * 100 / 72)),  # a cent less in all
    ],
    ids=["0.7199", "0.72", "0.7201", "a cent below"],
)
def test_s5e_only_a_price_of_less_than_72_cents_adjusts(cash: str, factor: Fraction) -> None:
    """§5(e)(i) - A price of exactly $0.72 is not less; $0.7199 is, and one cent too little on the whole is."""
    assert rate_after(sold("2001-07-02", "5000000", cash)) == RATE * factor


@pytest.mark.parametrize(
    ("when", "factor"),
    [
        ("2001-04-11", Fraction(1)),
        ("2001-04-12", Fraction(1)),
        ("2001-04-12T23:59:59-04:00", Fraction(1)),
        ("2001-04-13T00:00:00-04:00", FACTOR),
        ("2001-04-13", FACTOR),
    ],
)
def test_s5e_only_a_sale_after_the_date_hereof_adjusts(when: str, factor: Fraction) -> None:
    """§5(e)(i) signature - A sale on 12 April 2001 is not after the date hereof; the first moment of the 13th is."""
    opened = {**COMMON, "effective": "2001-04-10"}
    assert on(given(opened, issued(), {**SALE, "effective": when}), "2001-04-13").rate == RATE * factor


def test_s5e_a_second_sale_meets_a_base_with_the_first_and_the_same_threshold() -> None:
    """§5(e)(i) - The second 5,000,000, at $0.60, are measured against 40,000,000 outstanding and $0.72 as before."""
    # 45,000,000 / (40,000,000 + 3,000,000/0.72) = 45,000,000 / 44,166,666.67 = 270/265 = 54/53.
    second = sold("2001-07-03", "5000000", "3000000")
    assert rate_after(SALE, second, day="2001-07-03") == RATE * 64 / 61 * 54 / 53
    # Two sales on one day are two adjustments, in the order they are recorded in.
    assert rate_after(SALE, {**second, "effective": "2001-07-02"}) == RATE * 64 / 61 * 54 / 53


def test_s5e_a_sale_at_or_above_the_threshold_still_counts_in_the_next_base() -> None:
    """§5(e)(i) - 5,000,000 sold at $1.00 adjust nothing, and are in the base of 5,000,000 sold at $0.60 next."""
    above = sold("2001-07-02", "5000000", "5000000")
    assert rate_after(above, sold("2001-07-03", "5000000", "3000000"), day="2001-07-03") == RATE * 54 / 53


def test_s5e_shares_given_for_nothing_dilute_most() -> None:
    """§5(e)(i) - Common issued for no consideration multiplies the rate by (O + N)/O."""
    assert rate_after({"event": "CommonSharesIssued", "effective": "2001-07-02", "shares": "5000000"}) == RATE * 8 / 7


def test_s5e_retired_common_leaves_the_base() -> None:
    """§5(e)(i) - After 5,000,000 of 35,000,000 shares are retired the base of the next sale is 30,000,000."""
    retired = {"event": "CommonSharesRetired", "effective": "2001-07-01", "shares": "5000000"}
    assert rate_after(retired, SALE) == RATE * Fraction(35000000, 33125000)


def test_s5e_a_pending_conversion_is_in_the_base() -> None:
    """§5(e)(i) - Common due on a notice counts as outstanding from the Conversion Date, delivered or not."""
    # 1,000 shares give 1,388,890: 41,388,890 / (36,388,890 + 3,125,000 = 39,513,890).
    notice = telecopied("2001-06-29T10:00:00-04:00", ("H-1", "1000"))
    assert rate_after(notice, SALE) == RATE * Fraction(41388890, 39513890)


def test_s5e_a_conversion_of_series_h_itself_adjusts_nothing() -> None:
    """§5(e)(i) - Shares of Series H convert at $1,000/1,388.89, a little below $0.72, and no rate moves for it."""
    assert Fraction(1000) / RATE < Fraction("0.72")
    assert rate_after(telecopied("2001-06-29T10:00:00-04:00", ("H-1", "5100"))) == RATE


@pytest.mark.parametrize("exempt", ["employee_plan", "outstanding_at_date_hereof"])
def test_s5e_excluded_issues_adjust_nothing(exempt: str) -> None:
    """§5(e)(i) - For an employee plan, or on securities of the date hereof, Common adjusts nothing and counts."""
    book = given(COMMON, issued(), {**SALE, "exempt": exempt})
    assert on(book, "2001-07-02").rate == RATE
    assert on(book, "2001-07-02").common.outstanding == 40000000


def test_s5e_convertibles_sold_later_adjust_when_their_common_is_issued() -> None:
    """§5(e)(i) - 39,000,000 issued on Series K at $0.23 adjust then: 74,000,000/(35,000,000 + 8,970,000/0.72)."""
    # 8,970,000/0.72 = 12,458,333.33: 74,000,000/47,458,333.33 = 222,000,000/142,375,000 = 1,776/1,139.
    assert rate_after(sold("2002-01-02", "39000000", "8970000"), day="2002-01-02") == RATE * Fraction(1776, 1139)


def test_s5e_property_counts_at_the_boards_value() -> None:
    """§5(e)(ii) - 5,000,000 shares for $1,000,000 and property the Board values at $1,250,000 sold at $0.45."""
    part = sold("2001-07-02", "5000000", "1000000", property_fair_value="1250000")
    assert rate_after({**part, "board_resolution": "of 1 July 2001"}) == RATE * 64 / 61
    assert refused(given(COMMON, issued()), part) == "property-must-be-valued-by-the-board"


def test_s5e_every_share_of_the_series_shares_one_rate() -> None:
    """§5(e)(iii) - The increase is the series': issued after the sale, a share converts as one issued before."""
    book = given(COMMON, issued("1000"), SALE, issued("1000", "H-2", on="2001-07-03"))
    record(book, telecopied("2001-07-05T10:00:00-04:00", ("H-2", "100"), fractions="issue"))
    assert on(book, "2001-07-05").notices["N-1"].common_due == 100 * RATE * 64 / 61


def test_s5e_the_rate_adjusts_while_no_share_is_outstanding() -> None:
    """§5(e)(iii) - A sale before the first share is issued raises the rate the share is issued with."""
    book = given(COMMON, SALE, issued(on="2001-07-03"))
    assert on(book, "2001-07-03").rate == RATE * 64 / 61


def test_s5e_an_earlier_conversion_keeps_its_rate() -> None:
    """§5(e)(i) - Converted on the day before a sale, a hundred have 138,889; the next hundred have 145,719."""
    first = telecopied("2001-06-29T10:00:00-04:00", ("H-1", "100"))
    second = telecopied("2001-07-02T10:00:00-04:00", ("H-1", "100"), notice="N-2")
    notices = on(given(COMMON, issued(), first, SALE, second), "2001-07-02").notices
    # 35,138,889 were outstanding: 40,138,889/38,263,889.
    assert notices["N-1"].common_due == 138889
    assert notices["N-2"].rate == RATE * Fraction(40138889, 38263889)


def test_s5e_an_adjustment_keeps_every_number_that_made_it() -> None:
    """§5(e)(i) - The base, the shares sold, the consideration and the threshold are at hand for whoever asks why."""
    (made,) = on(given(COMMON, issued(), SALE), "2001-07-02").adjustments
    assert made.clause == "§5(e)(i)"
    assert made.base == 35000000
    assert made.sold == 5000000
    assert made.consideration == 2250000
    assert made.limit == Fraction("0.72")
    assert made.factor == Fraction(64, 61)
    assert made.entry == 4
    assert made.at.date() == parse_day("2001-07-02")


def test_s5e_a_dilutive_sale_needs_the_common_outstanding_before() -> None:
    """§5(e)(i) - Below $0.72 the base must be known; at $0.72 nothing hangs on it."""
    assert refused(given(issued()), SALE) == "common-stock-must-be-opened"
    assert on(given(issued(), sold("2001-07-02", "5000000", "3600000")), "2001-07-02").rate == RATE


def test_s5e_a_gift_upon_no_common_at_all_has_no_factor() -> None:
    """§5(e)(i) - Every share retired and nothing paid, the fraction has no denominator: the issue is refused."""
    retired = {"event": "CommonSharesRetired", "effective": "2001-07-01", "shares": "35000000"}
    book = given(COMMON, issued(), retired)
    assert refused(book, sold("2001-07-02", "1", "0")) == "common-stock-must-be-opened"


@pytest.mark.parametrize("effective", ["2001-04-12", "2001-07-02"])
def test_s5e_the_common_stock_opens_once(effective: str) -> None:
    """§5(e)(i) - Common outstanding is opened once, and cannot be opened after it moved."""
    assert refused(given(COMMON), {**COMMON, "effective": effective}) == "common-stock-must-open-once"
    moved = given(issued(), sold("2001-04-12", "1", "1"))
    assert refused(moved, {**COMMON, "effective": effective}) == "common-stock-must-open-once"


@pytest.mark.parametrize(
    ("shares", "outcome"),
    [("34999999", 1), ("35000000", 0), ("35000001", None)],
    ids=["one less", "all that was delivered", "one of those to be delivered"],
)
def test_s5e_only_common_that_was_delivered_can_be_retired(shares: str, outcome: int | None) -> None:
    """§5(e)(i) - Of 35,138,889 shares 138,889 are yet to be delivered: the other 35,000,000 can be retired."""
    book = given(COMMON, issued(), telecopied("2001-07-02T10:00:00-04:00", ("H-1", "100")))
    line = {"event": "CommonSharesRetired", "effective": "2001-07-03", "shares": shares}
    if outcome is None:
        assert refused(book, line) == "common-stock-must-cover-retirement"
    else:
        assert on(record(book, line), "2001-07-03").common.outstanding == 138889 + outcome


def test_s5f_what_is_delivered_instead_changes_no_base() -> None:
    """Where 138,000 shares are delivered for 138,889 due, the 138,889 stay counted as outstanding."""
    notice = telecopied("2001-07-02T10:00:00-04:00", ("H-1", "100"))
    delivery = on_notice("CommonSharesDelivered", "2001-07-03T10:00:00-04:00", shares="138000")
    position = on(given(COMMON, issued(), notice, delivery), "2001-07-03")
    assert position.common.outstanding == 35138889
    assert position.notices["N-1"].common_due == 138889
