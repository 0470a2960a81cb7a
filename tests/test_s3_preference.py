"""§3 - The Liquidation Preference: the Stated Value and what has accrued and is unpaid, before any Junior Security."""

from fractions import Fraction

import pytest

from given import COMMON, SERIES_H, given, issued, on, telecopied
from ledger.book import Book
from ledger.clauses import liquidation
from ledger.moments import parse_day

PAID = {"event": "DividendPaid", "effective": "2001-06-10", "payable_on": "2001-06-10", "amount": "82166.67"}
NOTICED = {
    "event": "RedemptionNoticeMailed",
    "effective": "2001-05-10",
    "redemption": "R-1",
    "redemption_date": "2001-06-10",
    "shares": [{"certificate": "H-1", "shares": "1000"}],
}
REDEEMED = {"event": "SharesRedeemed", "effective": "2001-06-10", "redemption": "R-1"}


def preference(book: Book, day: str) -> Fraction:
    """The Liquidation Preference of all outstanding shares at the end of a day."""
    position = on(book, day)
    return liquidation.preference(SERIES_H, position.outstanding, position.accrued_unpaid(parse_day(day)))


@pytest.mark.parametrize(
    ("day", "accrued"),
    [("2001-04-12", Fraction(0)), ("2001-04-13", Fraction(510000, 360)), ("2001-06-10", Fraction(246500, 3))],
)
def test_s3e_the_preference_is_stated_value_and_accrued_dividends(day: str, accrued: Fraction) -> None:
    """§3(e)(ii) - 5,100 shares are preferred for $5,100,000 and whatever has accrued and is unpaid on the day."""
    assert preference(given(issued()), day) == 5100000 + accrued


def test_s3e_a_fractional_share_is_preferred_for_its_fraction() -> None:
    """§3(e)(ii) - 2,056.99 shares are preferred for $2,056,990, and after a full year for ten percent more."""
    assert preference(given(issued("2056.99")), "2002-04-12") == Fraction("2056990") * Fraction("1.10")


def test_s3e_dividends_paid_reduce_the_preference() -> None:
    """§3(e)(ii) - What was paid is not unpaid: after $82,166.67 it is the Stated Value less a third of a cent."""
    assert preference(given(issued(), PAID), "2001-06-10") == 5100000 - Fraction(1, 300)


def test_s3e_converted_shares_have_no_preference() -> None:
    """§3(e)(ii) - From the Conversion Date on a share is preferred neither for its Stated Value nor its dividends."""
    book = given(COMMON, issued(), telecopied("2001-06-08T10:00:00-04:00", ("H-1", "1000")))
    assert preference(book, "2001-06-07") == 5100000 + Fraction(510000 * 55, 360)
    assert preference(book, "2001-06-10") == 4100000 + Fraction(410000 * 58, 360)


def test_s3d_a_redemption_only_takes_its_shares_from_the_preference() -> None:
    """A redemption is no liquidation: the other 4,100 shares keep their preference and the redeemed have a price."""
    assert preference(given(issued(), NOTICED, REDEEMED), "2001-06-10") == 4100000 + Fraction(410000 * 58, 360)


def test_s3a_a_liquidation_begins_without_moving_the_preference() -> None:
    """A liquidation is recorded, and what the shares are preferred for on its day is what it was before it."""
    line = {"event": "LiquidationCommenced", "effective": "2001-07-12", "kind": "voluntary", "assets_available": "1"}
    book = given(issued(), line)
    begun = on(book, "2001-07-12").liquidation
    assert begun is not None
    assert begun.assets == 1
    assert preference(book, "2001-07-12") == 5100000 + 127500  # ninety days at ten percent a year
