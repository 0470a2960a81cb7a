"""§6 - Redemption at the Company's option: Stated Value and accrued but unpaid dividends, on the date of the notice."""

from fractions import Fraction
from typing import Any

import pytest

from given import COMMON, given, issued, on, on_notice, record, refused, telecopied
from ledger.book import Book
from ledger.errors import LedgerError
from ledger.figures import dollars
from ledger.moments import parse_day
from ledger.position.stock import Claim


def noticed(
    *shares: tuple[str, str],
    effective: str = "2001-05-10",
    redemption_date: str = "2001-06-10",
    redemption: str = "R-1",
) -> dict[str, Any]:
    """A journal line for a redemption notice of (certificate, shares)."""
    listed = [{"certificate": certificate, "shares": number} for certificate, number in shares]
    line = {"event": "RedemptionNoticeMailed", "effective": effective, "redemption": redemption}
    return {**line, "redemption_date": redemption_date, "shares": listed}


def redeemed(effective: str = "2001-06-10", redemption: str = "R-1") -> dict[str, Any]:
    """A journal line for the redemption taking effect."""
    return {"event": "SharesRedeemed", "effective": effective, "redemption": redemption}


def price_paid(amount: str, certificate: str = "H-1", effective: str = "2001-06-12", **more: Any) -> dict[str, Any]:
    """A journal line for payment of the redemption price."""
    line = {"event": "RedemptionPricePaid", "effective": effective, "redemption": "R-1", "certificate": certificate}
    return {**line, "amount": amount, **more}


def claims(book: Book, day: str, redemption: str = "R-1") -> dict[str, Claim]:
    """What a redemption owes on each certificate at the end of a day."""
    return dict(on(book, day).redemptions[redemption].claims)


THOUSAND = (COMMON, issued(), noticed(("H-1", "1000")))  # 1,000 of 5,100 noticed for 10 June 2001
PRICE = 1000 * 1000 + Fraction(1000 * 100 * 58, 360)  # $1,016,111.11 and a ninth of a cent


def test_s6_all_shares_redeemed_after_a_year_cost_5610000_dollars() -> None:
    """5,100 shares redeemed on 12 April 2002, nothing ever paid, cost $5,610,000.00."""
    notice = noticed(("H-1", "5100"), effective="2002-03-13", redemption_date="2002-04-12")
    book = given(issued(), notice, redeemed("2002-04-12"))
    # 360 days of 30/360: 5,100 × $1,000 and ten percent of it.
    assert claims(book, "2002-04-12") == {"H-1": Claim(Fraction(5100), Fraction(5100000 + 510000))}
    assert dollars(claims(book, "2002-04-12")["H-1"].price) == "$5,610,000.00"
    assert on(book, "2002-04-12").outstanding == 0
    assert on(book, "2002-04-11").outstanding == 5100


def test_s6_the_price_is_less_what_was_paid() -> None:
    """Dividends already paid are no longer unpaid: after $82,166.67 in June the price in September has one quarter."""
    june = {"event": "DividendPaid", "effective": "2001-06-11", "payable_on": "2001-06-10", "amount": "82166.67"}
    notice = noticed(("H-1", "5100"), redemption_date="2001-09-10")
    book = given(issued(), notice, june, redeemed("2001-09-10"))
    assert claims(book, "2001-09-10")["H-1"].price == 5100000 + 127500 - Fraction(1, 300)


def test_s6_redeemed_shares_are_outstanding_no_more_paid_or_not() -> None:
    """From the redemption date 4,100 shares are outstanding and accrue; the other 1,000 are a debt of their price."""
    book = given(*THOUSAND, redeemed())
    position = on(book, "2001-06-10")
    assert position.outstanding == 4100
    assert position.redeemed == 1000
    assert claims(book, "2001-09-10") == {"H-1": Claim(Fraction(1000), PRICE)}
    assert on(book, "2001-09-10").accrued_unpaid(parse_day("2001-09-10")) == Fraction(4100 * 100 * 148, 360)
    assert on(book, "2001-06-09").outstanding == 5100


@pytest.mark.parametrize("day", ["2001-06-09", "2001-06-11"])
def test_s6_shares_are_redeemed_on_the_date_of_the_notice(day: str) -> None:
    """A redemption noticed for 10 June cannot take effect a day before nor a day after it."""
    assert refused(given(*THOUSAND), redeemed(day)) == "redemption-must-fall-on-its-date"


def test_s6_a_redemption_on_another_day_is_told_both_days() -> None:
    """The refusal names the day the notice states and the day asked."""
    with pytest.raises(LedgerError) as refusal:
        record(given(*THOUSAND), redeemed("2001-06-11"))
    assert "states 2001-06-10, not 2001-06-11" in refusal.value.sentences()[1]


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ((COMMON, issued()), redeemed()),
        ((*THOUSAND, redeemed()), redeemed()),
        ((COMMON, issued()), price_paid("1.00")),
        (THOUSAND, price_paid("1.00")),
        ((*THOUSAND, redeemed()), price_paid("1.00", "H-2")),
    ],
    ids=[
        "never noticed",
        "redeemed twice",
        "price of no redemption",
        "price before it",
        "price of another certificate",
    ],
)
def test_s6_a_redemption_is_noticed_then_effected_once_then_paid(lines: tuple[Any, ...], line: dict[str, Any]) -> None:
    """Without notice nothing is redeemed, without redemption nothing is paid, and each shares' price only for them."""
    assert refused(given(*lines), line) == "redemption-must-allow-it"


def test_s6_a_notice_has_its_own_id_and_lists_shares_that_are_there() -> None:
    """A redemption id stands for one notice, which lists no more shares of a certificate than it has left."""
    book = given(*THOUSAND)
    assert refused(book, noticed(("H-1", "100"))) == "redemption-must-be-new"
    second = noticed(("H-1", "5100.01"), redemption="R-2")
    assert refused(book, second) == "certificate-must-hold-shares"
    assert refused(book, noticed(("H-9", "1"), redemption="R-2")) == "certificate-must-exist"


@pytest.mark.parametrize(
    ("mailed", "refusal"),
    [
        ("2001-05-11", None),  # thirty days ahead
        ("2001-05-12", None),  # twenty-nine: too late, but it happened
        ("2001-06-10", None),
        ("2001-06-11", "redemption-date-must-follow-notice"),
    ],
)
def test_s6_a_notice_mailed_too_late_is_kept_but_none_looks_back(mailed: str, refusal: str | None) -> None:
    """A notice less than thirty days ahead is a breach and is recorded; one of a day already past is an error."""
    line = noticed(("H-1", "1000"), effective=mailed)
    if refusal:
        assert refused(given(issued()), line) == refusal
    else:
        assert on(given(issued(), line, redeemed()), "2001-06-10").redeemed == 1000


@pytest.mark.parametrize(
    ("at", "name"),
    [
        ("2001-06-08T16:59:59-04:00", None),
        ("2001-06-08T17:00:00-04:00", None),
        ("2001-06-08T17:00:01-04:00", "conversion-must-precede-redemption"),  # received Monday at 9:00
        ("2001-06-11T09:00:00-04:00", "conversion-must-precede-redemption"),
        ("2001-06-12T09:00:00-04:00", "conversion-must-precede-redemption"),
    ],
)
def test_s6_noticed_shares_convert_until_the_redemption_date_begins(at: str, name: str | None) -> None:
    """With Monday 11 June as the date, a notice of Friday by 17:00:00 takes the shares, and none received on Monday."""
    notice = noticed(("H-1", "5100"), redemption_date="2001-06-11")
    book, line = given(COMMON, issued(), notice), telecopied(at, ("H-1", "5100"))
    if name:
        assert refused(book, line) == name
    else:
        assert on(record(book, line, redeemed("2001-06-11")), "2001-06-11").converted == 5100
        assert claims(book, "2001-06-11") == {}


@pytest.mark.parametrize(("shares", "name"), [("4100", None), ("4200", "conversion-must-precede-redemption")])
def test_s6_shares_not_noticed_convert_on_and_after_the_date(shares: str, name: str | None) -> None:
    """Of 5,100 shares with 1,000 noticed 4,100 still convert once the date has come, and not one hundred more."""
    book, line = given(*THOUSAND), telecopied("2001-06-11T10:00:00-04:00", ("H-1", shares))
    if name:
        assert refused(book, line) == name
    else:
        assert on(record(book, line), "2001-06-11").outstanding == 1000


@pytest.mark.parametrize(("converted", "taken"), [("4000", 1000), ("4100", 1000), ("4200", 900), ("4500", 600)])
def test_s6_a_conversion_takes_shares_not_noticed_first(converted: str, taken: int) -> None:
    """The lesser of the 1,000 shares noticed and the shares left is redeemed."""
    line = telecopied("2001-06-01T10:00:00-04:00", ("H-1", converted))
    book = given(*THOUSAND, line, redeemed())
    assert claims(book, "2001-06-10")["H-1"].shares == taken
    assert claims(book, "2001-06-10")["H-1"].price == taken * PRICE / 1000
    assert on(book, "2001-06-10").outstanding == 5100 - int(converted) - taken


def test_s6_a_notice_follows_shares_into_new_certificates() -> None:
    """1,000 of 5,100 shares noticed, a third transferred: 333 1/3 are redeemed there and 666 2/3 on the rest."""
    into = [
        {"holder": "Holder B", "certificate": "H-2", "shares": "1700"},
        {"holder": "Holder A", "certificate": "H-3", "shares": "3400"},
    ]
    moved = {"event": "PreferredSharesTransferred", "effective": "2001-05-20", "certificate": "H-1", "into": into}
    book = given(*THOUSAND, moved, redeemed())
    owed = claims(book, "2001-06-10")
    assert {number: claim.shares for number, claim in owed.items()} == {
        "H-2": Fraction(1000, 3),
        "H-3": Fraction(2000, 3),
    }
    assert sum(claim.price for claim in owed.values()) == PRICE
    assert {held.number: held.shares for held in on(book, "2001-06-10").live()} == {
        "H-2": 1700 - Fraction(1000, 3),
        "H-3": 3400 - Fraction(2000, 3),
    }


def test_s6_a_notice_follows_shares_into_a_replacement() -> None:
    """A lost certificate's replacement is noticed as the lost one was."""
    lost = {"event": "CertificateReplaced", "effective": "2001-05-20", "certificate": "H-1", "new_certificate": "H-2"}
    assert claims(given(*THOUSAND, lost, redeemed()), "2001-06-10") == {"H-2": Claim(Fraction(1000), PRICE)}


def test_s6_shares_restored_by_a_revocation_are_redeemed_as_noticed() -> None:
    """Where the conversion of all 5,100 is revoked before the date, the 1,000 noticed are redeemed after all."""
    lines = (
        telecopied("2001-05-21T10:00:00-04:00", ("H-1", "5100")),
        on_notice("OriginalsReceived", "2001-05-21T10:00:00-04:00"),
        on_notice("NoticeOfConversionRevoked", "2001-05-25T10:00:00-04:00"),
    )
    book = given(*THOUSAND, *lines, redeemed())
    assert claims(book, "2001-06-10") == {"H-1": Claim(Fraction(1000), PRICE)}
    assert on(book, "2001-06-10").outstanding == 4100


def test_s6_a_revocation_brings_back_the_noticed_shares_a_conversion_took() -> None:
    """4,500 shares convert, 400 of them noticed; 600 are transferred; after revocation 400 and 600 are redeemed."""
    into = [{"holder": "Holder B", "certificate": "H-2", "shares": "600"}]
    lines = (
        telecopied("2001-05-21T10:00:00-04:00", ("H-1", "4500")),
        on_notice("OriginalsReceived", "2001-05-21T10:00:00-04:00"),
        {"event": "PreferredSharesTransferred", "effective": "2001-05-22", "certificate": "H-1", "into": into},
        on_notice("NoticeOfConversionRevoked", "2001-05-25T10:00:00-04:00"),
    )
    owed = claims(given(*THOUSAND, *lines, redeemed()), "2001-06-10")
    assert {number: claim.shares for number, claim in owed.items()} == {"H-1": 400, "H-2": 600}


@pytest.mark.parametrize(("shares", "name"), [("100", None), ("200", "conversion-must-precede-redemption")])
def test_s6_what_two_redemptions_noticed_for_one_date_converts_no_longer(shares: str, name: str | None) -> None:
    """Of 5,100 shares 3,000 and 2,000 were noticed for 10 June: from that day on the other 100 convert and no more."""
    both = (noticed(("H-1", "3000")), noticed(("H-1", "2000"), redemption="R-2"))
    book, line = given(COMMON, issued(), *both), telecopied("2001-06-11T10:00:00-04:00", ("H-1", shares))
    if name:
        assert refused(book, line) == name
    else:
        assert on(record(book, line, redeemed(), redeemed(redemption="R-2")), "2001-06-11").outstanding == 0


def test_s6_two_redemptions_of_one_certificate_take_what_is_left() -> None:
    """4,000 noticed for 10 June and 4,000 for 10 July of the same certificate take 4,000 and then 1,100."""
    second = noticed(("H-1", "4000"), redemption="R-2", redemption_date="2001-07-10")
    book = given(issued(), noticed(("H-1", "4000")), second, redeemed(), redeemed("2001-07-10", "R-2"))
    assert claims(book, "2001-07-10")["H-1"].shares == 4000
    assert claims(book, "2001-07-10", "R-2")["H-1"].shares == 1100
    assert on(book, "2001-07-10").outstanding == 0


@pytest.mark.parametrize("amount", ["0.01", "1016111.10", "1016111.11"])
def test_s6_the_price_is_paid_in_whole_or_in_part(amount: str) -> None:
    """Of $1,016,111.11 any part may be paid, and what was paid reduces the debt."""
    book = given(*THOUSAND, redeemed(), price_paid(amount))
    assert claims(book, "2001-06-12") == {"H-1": Claim(Fraction(1000), PRICE, Fraction(amount))}


def test_s6_a_cent_more_than_the_price_is_refused() -> None:
    """$1,016,111.12 cannot have been paid at once, nor a cent after the whole; and a price has no half cents."""
    book = given(*THOUSAND, redeemed())
    assert refused(book, price_paid("1016111.12")) == "payment-must-not-exceed-what-is-due"
    assert refused(book, price_paid("1016111.115")) == "payment-must-be-whole-cents"
    record(book, price_paid("1000000.00"), price_paid("16111.11"))
    assert refused(book, price_paid("0.01")) == "payment-must-not-exceed-what-is-due"


def test_s6_a_new_certificate_stands_for_the_shares_not_redeemed() -> None:
    """On payment the other 4,100 shares go on under the balance certificate, accruing from the same day."""
    book = given(*THOUSAND, redeemed(), price_paid("1016111.11", balance_certificate="H-2"))
    (held,) = on(book, "2001-06-12").live()
    assert held.number == "H-2"
    assert held.shares == 4100
    assert held.accrues_from == parse_day("2001-04-12")
    again = price_paid("1016111.11", balance_certificate="H-1")
    assert refused(given(*THOUSAND, redeemed()), again) == "certificate-number-must-be-new"


def test_s6_no_new_certificate_stands_for_nothing() -> None:
    """Where a certificate was redeemed in whole there is no balance to certify."""
    book = given(issued(), noticed(("H-1", "5100")), redeemed())
    line = price_paid("1.00", balance_certificate="H-2")
    assert refused(book, line) == "balance-certificate-must-have-a-balance"
