"""§5(a) §5(b) §5(h) §5(i) - What a holder may convert, into how many shares, fractions and balances."""

from fractions import Fraction
from typing import Any

import pytest

from given import COMMON, SERIES_H, given, issued, on, on_notice, reading, record, refused, sold, telecopied
from ledger.clauses import conversion
from ledger.errors import LedgerError
from ledger.moments import parse_day

RATE = Fraction("1388.89")
AT = "2001-07-02T10:00:00-04:00"  # a Monday, in business hours
DILUTION = sold("2001-04-13", "5000000", "2250000")  # the rate becomes 1,388.89 × 64/61


def delivered(*balances: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A journal line for a delivery with balance certificates (certificate, new certificate)."""
    given_out = [{"certificate": certificate, "new_certificate": new} for certificate, new in balances]
    line = on_notice("CommonSharesDelivered", "2001-07-03T10:00:00-04:00", shares="138889", **more)
    return {**line, "balance_certificates": given_out}


def test_s5b_the_rate_is_1388_89_exactly() -> None:
    """A share may be converted into 1,388.89 shares of Common Stock: not 1,000/0.72, which is less."""
    assert on(given(issued()), "2001-04-12").rate == Fraction(138889, 100)
    assert Fraction(138889, 100) > Fraction(1000) / Fraction("0.72")


@pytest.mark.parametrize(("shares", "common"), [("100", 138889), ("5100", 7083339)])
def test_s5b_shares_convert_into_whole_common(shares: str, common: int) -> None:
    """One hundred shares convert into 138,889 shares of Common Stock, and all 5,100 into 7,083,339."""
    position = on(given(COMMON, issued(), telecopied(AT, ("H-1", shares))), "2001-07-02")
    assert position.notices["N-1"].common_due == common
    assert position.notices["N-1"].fraction_in_cash == 0
    assert position.common.outstanding == 35000000 + common
    assert position.outstanding == 5100 - int(shares)


def test_s5h_2056_99_shares_are_worth_2856932_8411_at_the_rate() -> None:
    """Where fractions are issued, 2,056.99 shares give 2,856,932.8411; otherwise 0.8411 of a share is paid in cash."""
    # 2,056.99 × 1,388.89: 2,000 × 1,388.89 = 2,777,780 and 56.99 × 1,388.89 = 79,152.8411.
    total = Fraction("2777780") + Fraction("79152.8411")
    whole = {"terms": reading(lot="whole position exempt")}
    line = telecopied(AT, ("H-1", "2056.99"), fractions="issue")
    fractional = on(given(COMMON, issued("2056.99"), line, **whole), "2001-07-02").notices["N-1"]
    assert fractional.common_due == total == Fraction("2856932.8411")
    assert fractional.fraction_in_cash == 0
    line = telecopied(AT, ("H-1", "2056.99"))
    rounded = on(given(COMMON, issued("2056.99"), line, **whole), "2001-07-02").notices["N-1"]
    assert rounded.common_due == 2856932
    assert rounded.fraction_in_cash == Fraction("0.8411")


@pytest.mark.parametrize("shares", ["0.01", "99", "99.99", "100.01", "101", "150", "5099.99"])
def test_s5a_no_multiple_of_one_hundred_is_refused(shares: str) -> None:
    """Shares are converted in multiples of one hundred; what lies a hundredth beside a multiple is none."""
    line = telecopied(AT, ("H-1", shares))
    assert refused(given(COMMON, issued()), line) == "conversion-must-be-in-multiples-of-the-lot"


@pytest.mark.parametrize("shares", ["100", "200", "5100"])
def test_s5a_a_multiple_of_one_hundred_converts(shares: str) -> None:
    """One hundred shares, any multiple and the whole may be converted."""
    assert on(given(COMMON, issued(), telecopied(AT, ("H-1", shares))), "2001-07-02").converted == int(shares)


def test_s5a_the_refusal_of_150_shares_says_what_may_be_converted() -> None:
    """One hundred and fifty is no multiple of one hundred: one hundred or two hundred would be."""
    with pytest.raises(LedgerError) as refusal:
        record(given(COMMON, issued()), telecopied(AT, ("H-1", "150")))
    said = " ".join(refusal.value.sentences())
    assert all(number in said for number in ("150", "multiples of 100", "100 or 200", "reading lot"))


def test_s5a_the_multiple_binds_the_total_of_a_notice() -> None:
    """Fifty shares from each of two certificates are a hundred; a hundred and a half beside them are not."""
    book = given(COMMON, issued("50"), issued("1000", "H-2"))
    line = telecopied(AT, ("H-1", "50"), ("H-2", "100"))
    assert refused(book, line) == "conversion-must-be-in-multiples-of-the-lot"
    assert on(record(book, telecopied(AT, ("H-1", "50"), ("H-2", "50"))), "2001-07-02").outstanding == 950


def test_s5a_a_holder_converts_only_shares_it_holds() -> None:
    """A certificate with 500 shares left cannot convert 600, and the refusal gives both numbers."""
    book = given(COMMON, issued("500", "H-2"), issued("4600"))
    assert refused(book, telecopied(AT, ("H-2", "600"))) == "holding-must-cover-conversion"
    with pytest.raises(LedgerError) as refusal:
        record(book, telecopied(AT, ("H-2", "600")))
    cannot, rule, _ = refusal.value.sentences()
    assert "H-2 cannot convert 600 shares on 2001-07-02" in cannot
    assert "§5(a)" in rule
    assert "500" in rule


def test_s5a_shares_are_converted_once() -> None:
    """What one notice has converted a second cannot; what it left may still be converted."""
    book = given(COMMON, issued("500"), telecopied(AT, ("H-1", "300")))
    again = "2001-07-03T10:00:00-04:00"
    line = telecopied(again, ("H-1", "300"), notice="N-2")
    assert refused(book, line) == "holding-must-cover-conversion"
    assert on(record(book, telecopied(again, ("H-1", "200"), notice="N-2")), "2001-07-03").outstanding == 0


def test_s5a_only_the_holder_of_a_certificate_converts_it() -> None:
    """The right is the holder's: a notice by anyone else converts nothing."""
    book = given(COMMON, issued())
    line = telecopied(AT, ("H-1", "100"), holder="Holder B")
    assert refused(book, line) == "holder-must-hold-the-certificate"


def test_s5a_a_certificate_is_listed_once_in_a_notice() -> None:
    """A notice that lists a certificate twice says two things of it and is not understood."""
    line = telecopied(AT, ("H-1", "50"), ("H-1", "50"))
    assert refused(given(COMMON, issued()), line) == "certificate-must-be-listed-once"


def test_s5f_a_notice_has_its_own_id() -> None:
    """An id stands for one Notice of Conversion for ever."""
    book = given(COMMON, issued(), telecopied(AT, ("H-1", "100")))
    assert refused(book, telecopied("2001-07-03T10:00:00-04:00", ("H-1", "100"))) == "notice-must-be-new"


def test_s5h_the_fraction_is_reckoned_on_the_total_of_the_notice() -> None:
    """Fifty shares of each of two certificates make one fraction of 37/61, not two of their own."""
    # 100 × 1,388.89 × 64/61 = 8,888,896/61 = 145,719 and 37/61; half of it would be 72,859 and 49/61, twice.
    line = telecopied(AT, ("H-1", "50"), ("H-2", "50"))
    notice = on(given(COMMON, issued("50"), issued("50", "H-2"), DILUTION, line), "2001-07-02").notices["N-1"]
    assert notice.common_due == 145719
    assert notice.fraction_in_cash == Fraction(37, 61)


def test_s5h_cash_for_a_fraction_is_the_same_fraction_of_the_market_price() -> None:
    """For 37/61 of a share at a market price of $0.61 the Company owes $0.37."""
    assert conversion.cash_in_lieu(Fraction(37, 61), Fraction("0.61")) == Fraction("0.37")


def test_s5h_the_company_may_elect_to_issue_fractions() -> None:
    """Where fractional shares are issued nothing is left for cash."""
    line = telecopied(AT, ("H-1", "100"), fractions="issue")
    notice = on(given(COMMON, issued(), DILUTION, line), "2001-07-02").notices["N-1"]
    assert notice.common_due == Fraction(8888896, 61)
    assert notice.fraction_in_cash == 0
    assert conversion.entitlement(Fraction(100), RATE, issue_fractions=True).common == 138889


def test_s5i_a_new_certificate_stands_for_the_shares_not_converted() -> None:
    """Of 5,100 shares 100 convert: the other 5,000 go on under the new certificate, accruing from the same day."""
    book = given(COMMON, issued(), telecopied(AT, ("H-1", "100")), delivered(("H-1", "H-2")))
    (held,) = on(book, "2001-07-03").live()
    assert held.number == "H-2"
    assert held.shares == 5000
    assert held.accrues_from == parse_day("2001-04-12")
    assert [held.number for held in on(book, "2001-07-02").live()] == ["H-1"]


def test_s5i_without_a_new_certificate_the_rest_stays_under_the_old_number() -> None:
    """Where no balance certificate is given out the unconverted shares remain what they were."""
    book = given(COMMON, issued(), telecopied(AT, ("H-1", "100")), delivered())
    assert {held.number: held.shares for held in on(book, "2001-07-03").live()} == {"H-1": 5000}


@pytest.mark.parametrize(
    ("shares", "balance", "name"),
    [
        ("100", ("H-2", "H-3"), "notice-must-allow-it"),
        ("100", ("H-9", "H-3"), "certificate-must-exist"),
        ("100", ("H-1", "H-2"), "certificate-number-must-be-new"),
        ("5000", ("H-1", "H-3"), "balance-certificate-must-have-a-balance"),
    ],
    ids=["of a certificate not surrendered", "of an unknown one", "under a number in use", "of nothing"],
)
def test_s5i_a_balance_certificate_needs_a_balance(shares: str, balance: tuple[str, str], name: str) -> None:
    """A balance certificate is given for what a surrendered certificate has left, under a number of its own."""
    book = given(COMMON, issued("5000"), issued("100", "H-2"), telecopied(AT, ("H-1", shares)))
    assert refused(book, delivered(balance)) == name


@pytest.mark.parametrize(("shares", "part"), [("99.99", 0), ("100", 100), ("100.01", 100), ("5100", 5100)])
def test_s5a_the_part_that_can_be_converted_is_the_largest_multiple(shares: str, part: int) -> None:
    """Of any number of shares the full hundreds can be converted."""
    assert conversion.in_lots(SERIES_H, Fraction(shares)) == part
