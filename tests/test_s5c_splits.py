"""§5(c) - A split, combination or stock dividend: the holder gets what conversion just before would have become."""

from fractions import Fraction
from typing import Any

import pytest

from given import COMMON, given, issued, on, on_notice, refused, sold, telecopied
from ledger.moments import parse_day

RATE = Fraction("1388.89")


def split(new_shares: str, old_shares: str, effective: str = "2001-07-02") -> dict[str, Any]:
    """A journal line for `new_shares` in place of every `old_shares`."""
    shares = {"new_shares": new_shares, "old_shares": old_shares}
    return {"event": "CommonStockSplit", "effective": effective, **shares}


@pytest.mark.parametrize(
    ("new_shares", "old_shares", "rate", "outstanding"),
    [
        ("2", "1", "2777.78", "70000000"),
        ("1", "10", "138.889", "3500000"),
        ("105", "100", "1458.3345", "36750000"),  # 1,388.89 × 1.05
        ("3", "2", "2083.335", "52500000"),
        ("1", "1", "1388.89", "35000000"),
    ],
    ids=["split", "combination", "stock dividend", "three for two", "one for one"],
)
def test_s5c_a_split_multiplies_rate_and_common_alike(
    new_shares: str, old_shares: str, rate: str, outstanding: str
) -> None:
    """Every share converts into what its Common would have become, and Common outstanding changes in the same way."""
    book = given(COMMON, issued(), split(new_shares, old_shares))
    assert on(book, "2001-07-01").rate == RATE
    assert on(book, "2001-07-02").rate == Fraction(rate)
    assert on(book, "2001-07-02").common.outstanding == Fraction(outstanding)


def test_s5c_a_third_is_kept_exactly() -> None:
    """One share for three leaves 1,388.89/3, never rounded, so that three for one restores the rate."""
    book = given(COMMON, issued(), split("1", "3"), split("3", "1", "2001-07-03"))
    assert on(book, "2001-07-02").rate == Fraction(138889, 300)
    assert on(book, "2001-07-03").rate == RATE


def test_s5c_splits_follow_one_another() -> None:
    """Two for one and then one for ten is one for five."""
    book = given(COMMON, issued(), split("2", "1"), split("1", "10", "2001-07-03"))
    assert on(book, "2001-07-03").rate == RATE / 5


@pytest.mark.parametrize(
    ("notice", "common"),
    [
        ("2001-07-01T10:00:00-04:00", 277778),
        ("2001-07-02T10:00:00-04:00", 277778),
        ("2001-06-29T17:00:00-04:00", 277778),
    ],
    ids=["telecopied on the Sunday before", "telecopied after it", "pending through it"],
)
def test_s5c_a_notice_gets_the_split_wherever_it_stands(notice: str, common: int) -> None:
    """Converted before a split and not delivered, or after it, 100 shares give twice 138,889."""
    position = on(given(COMMON, issued(), telecopied(notice, ("H-1", "100")), split("2", "1")), "2001-07-02")
    assert position.notices["N-1"].common_due == common
    assert position.common.outstanding == 70000000 + 277778


def test_s5c_what_was_delivered_before_a_split_stays_what_was_due() -> None:
    """A notice delivered before the split was due 138,889; its holder's shares split as Common Stock outstanding."""
    notice = telecopied("2001-06-29T10:00:00-04:00", ("H-1", "100"))
    delivery = on_notice("CommonSharesDelivered", "2001-06-29T12:00:00-04:00", shares="138889")
    position = on(given(COMMON, issued(), notice, delivery, split("2", "1")), "2001-07-02")
    assert position.notices["N-1"].common_due == 138889
    assert position.common.outstanding == 2 * 35138889


def test_s5c_a_revocation_after_a_split_takes_the_split_shares_back() -> None:
    """Common of a notice revoked after a split falls away as it stood after it, and the shares convert at its rate."""
    lines = (
        telecopied("2001-06-29T10:00:00-04:00", ("H-1", "100")),
        on_notice("OriginalsReceived", "2001-06-29T10:00:00-04:00"),
        split("2", "1"),
        on_notice("NoticeOfConversionRevoked", "2001-07-06T10:00:00-04:00"),
    )
    position = on(given(COMMON, issued(), *lines), "2001-07-06")
    assert position.common.outstanding == 70000000
    assert position.outstanding == 5100
    assert position.rate == Fraction("2777.78")


def test_s5c_a_split_counts_in_the_base_of_a_later_sale() -> None:
    """After two for one, 10,000,000 shares sold at $0.45 meet a base of 70,000,000: the factor is 64/61 again."""
    # 80,000,000 / (70,000,000 + 4,500,000/0.72 = 76,250,000).
    book = given(COMMON, issued(), split("2", "1"), sold("2001-07-03", "10000000", "4500000"))
    assert on(book, "2001-07-03").rate == 2 * RATE * 64 / 61


def test_s5c_dividends_are_not_split() -> None:
    """A split of the Common Stock moves neither the preferred shares nor what they accrue."""
    book = given(COMMON, issued("3600"), split("2", "1"))
    position = on(book, "2001-07-12")
    assert position.outstanding == 3600
    assert position.accrued_unpaid(parse_day("2001-07-12")) == 90 * 1000


@pytest.mark.parametrize(("new_shares", "old_shares"), [("0", "1"), ("1", "0")])
def test_s5c_a_split_into_nothing_is_not_understood(new_shares: str, old_shares: str) -> None:
    """A split has shares on both sides."""
    assert refused(given(COMMON, issued()), split(new_shares, old_shares)) == "quantity-must-be-positive"
