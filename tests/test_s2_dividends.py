"""§2 - Ten percent of the Stated Value a year, cumulative, payable quarterly, in cash."""

from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from itertools import islice
from typing import Any

import pytest

import naive
from given import COMMON, SERIES_H, given, issued, on, record, refused, telecopied
from ledger.book import Book
from ledger.clauses import dividends
from ledger.errors import LedgerError
from ledger.figures import money
from ledger.moments import parse_day

FIRST = Fraction(246500, 3)  # 5,100 × $1,000 × 10% × 58/360, due on 10 June 2001


def paid(amount: str, payable_on: str = "2001-06-10", effective: str = "2001-06-11") -> dict[str, Any]:
    """A journal line for a dividend payment."""
    return {"event": "DividendPaid", "effective": effective, "payable_on": payable_on, "amount": amount}


def owed(book: Book, day: str) -> Fraction:
    """What has accrued and is unpaid on all outstanding shares."""
    return on(book, day).accrued_unpaid(parse_day(day))


def paid_on(book: Book, day: str) -> dict[str, Fraction]:
    """What was paid on the shares each certificate has left."""
    return {held.number: held.paid for held in on(book, day).live()}


def transferred(certificate: str, *into: tuple[str, str], effective: str) -> dict[str, Any]:
    """A journal line that divides a certificate into (certificate, shares) of Holder B."""
    parts = [{"holder": "Holder B", "certificate": number, "shares": shares} for number, shares in into]
    return {"event": "PreferredSharesTransferred", "effective": effective, "certificate": certificate, "into": parts}


def test_s2_on_10_june_2001_fifty_eight_days_have_accrued() -> None:
    """5,100 shares issued on 12 April 2001 have $82,166.67 accrued and unpaid on 10 June."""
    # 18 days to the 30th of April, 30 in May, 10 in June: 58 of 360. 5,100 × $100 × 58/360 = $246,500/3.
    assert owed(given(issued()), "2001-06-10") == FIRST
    assert money(FIRST) == {"amount": "82166.67", "exact": "246500/3"}


def test_s2_on_10_september_2001_another_quarter_has_accrued() -> None:
    """Three months later $127,500.00 more is owed, so $209,666.67 where nothing was paid."""
    assert owed(given(issued()), "2001-09-10") == FIRST + 127500


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2001-06-10", "2001-09-10"),
        ("2001-09-10", "2001-12-10"),
        ("2001-12-10", "2002-03-10"),
        ("2002-03-10", "2002-06-10"),
        ("2003-12-10", "2004-03-10"),
    ],
)
def test_s2_a_full_quarter_is_two_and_a_half_percent(start: str, end: str) -> None:
    """From one payment date to the next exactly 2.5% accrues, however many days February has."""
    book = given(issued())
    assert owed(book, end) - owed(book, start) == Fraction(5100 * 1000) * Fraction("0.025")


# 3,600 shares accrue $360,000 a year: $1,000 for each of the 360 days, so that dollars count the days.
@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2001-04-12", "2001-04-12", 0),
        ("2001-04-12", "2001-04-13", 1),
        ("2001-04-12", "2001-04-30", 18),
        ("2001-04-12", "2001-05-01", 19),
        ("2001-04-12", "2001-05-30", 48),
        ("2001-04-12", "2001-05-31", 49),  # the 31st counts after a start before the 30th ...
        ("2001-04-12", "2001-06-01", 49),  # ... and takes the place of the 1st
        ("2001-04-29", "2001-05-31", 32),
        ("2001-04-30", "2001-05-31", 30),  # d2=31 and d1=30: d2=30
        ("2001-05-31", "2001-06-01", 1),  # d1=31: d1=30
        ("2001-05-31", "2001-06-10", 10),
        ("2001-05-31", "2001-07-30", 60),
        ("2001-05-31", "2001-07-31", 60),  # both the 31st
        ("2003-01-28", "2003-02-28", 30),
        ("2003-01-30", "2003-02-28", 28),  # February's end is no 30th for a start elsewhere
        ("2003-01-31", "2003-02-28", 28),
        ("2003-01-31", "2003-03-01", 31),
        ("2003-02-27", "2003-03-01", 4),
        ("2003-02-28", "2003-03-01", 1),  # a start on February's last day is a 30th
        ("2003-02-28", "2003-03-30", 30),
        ("2003-02-28", "2003-03-31", 30),  # and then d2=31 is a 30th too
        ("2003-02-28", "2004-02-28", 358),  # 2004 is a leap year: the 28th is not its last day
        ("2003-02-28", "2004-02-29", 360),  # both February ends: d2=30
        ("2004-02-28", "2004-02-29", 1),
        ("2004-02-28", "2004-03-01", 3),
        ("2004-02-29", "2004-03-01", 1),
        ("2004-02-29", "2005-02-28", 360),
        ("2099-02-28", "2100-02-28", 360),  # 2100 is no leap year
        ("2001-04-12", "2002-04-12", 360),
    ],
)
def test_s2_days_count_thirty_to_the_month(start: str, end: str, days: int) -> None:
    """Days count 30/360 US with its February rule, from the day of issue, included, to the day asked, excluded."""
    assert owed(given(issued("3600", on=start)), end) == 1000 * days


def test_s2_a_share_accrues_from_its_own_day_of_issue() -> None:
    """A share issued on 10 June 2001 owes nothing for the days before, and a hundredth of a share a hundredth."""
    book = given(issued("3600"), issued("0.01", "H-2", on="2001-06-10"))
    assert owed(book, "2001-06-10") == 58 * 1000
    assert owed(book, "2002-06-10") == (360 + 58) * 1000 + 1  # 0.01 × $100 a year


def test_s2_unpaid_dividends_do_not_compound() -> None:
    """After two years without payment exactly twenty percent is owed: cumulative, and nothing upon arrears."""
    assert owed(given(issued()), "2003-04-12") == Fraction(5100 * 1000 * 20, 100)


def test_s2_the_payment_dates_begin_on_10_june_2001() -> None:
    """Dividends are payable on 10 March, June, September and December, the first on 10 June 2001."""
    dates = list(islice(dividends.payment_dates(SERIES_H), 5))
    assert [str(day) for day in dates] == ["2001-06-10", "2001-09-10", "2001-12-10", "2002-03-10", "2002-06-10"]
    assert str(dividends.next_payment_date(SERIES_H, parse_day("2001-06-10"))) == "2001-09-10"


@pytest.mark.parametrize("day", ["2001-03-10", "2001-06-09", "2001-06-11", "2001-07-10"])
def test_s2_a_dividend_is_paid_for_a_payment_date(day: str) -> None:
    """Money cannot have been paid for a day on which nothing is payable, nor for one before the first."""
    assert refused(given(issued()), paid("1.00", day, "2002-01-02")) == "payable-on-must-be-a-payment-date"


@pytest.mark.parametrize(
    ("effective", "outcome"),
    [("2001-06-09", "dividend-must-have-fallen-due"), ("2001-06-10", None), ("2001-06-11", None)],
)
def test_s2_a_dividend_is_not_paid_before_its_payment_date(effective: str, outcome: str | None) -> None:
    """On 9 June 2001 the dividend of the 10th cannot have been paid; on the 10th itself it can."""
    if outcome:
        assert refused(given(issued()), paid("1.00", effective=effective)) == outcome
    else:
        assert paid_on(given(issued(), paid("1.00", effective=effective)), "2001-06-11") == {"H-1": 1}


def test_s2_a_payment_date_on_a_sunday_is_due_on_monday_for_the_same_amount() -> None:
    """10 June 2001 is a Sunday: the dividend is due on Monday the 11th, and is what accrued to the 10th."""
    days = on(given(issued()), "2001-06-10").days
    assert str(days.on_or_after(parse_day("2001-06-10"))) == "2001-06-11"
    assert str(days.on_or_after(parse_day("2001-09-10"))) == "2001-09-10"
    assert refused(given(issued()), paid("82166.68", effective="2001-06-11")) == "payment-must-not-exceed-what-is-due"


@pytest.mark.parametrize("amount", ["0.01", "82166.66", "82166.67"])
def test_s2_a_payment_reduces_what_is_unpaid_by_itself(amount: str) -> None:
    """What is due is $246,500/3, so $82,166.67 to the cent; anything up to it may be paid and the rest stays owed."""
    assert owed(given(issued(), paid(amount, effective="2001-06-10")), "2001-06-10") == FIRST - Fraction(amount)


def test_s2_a_payment_of_a_cent_too_much_is_refused_with_both_numbers() -> None:
    """$82,166.68 cannot have been paid where $82,166.67 was due, and the refusal says so exactly."""
    assert refused(given(issued()), paid("82166.68")) == "payment-must-not-exceed-what-is-due"
    with pytest.raises(LedgerError) as refusal:
        record(given(issued()), paid("82166.68"))
    said = " ".join(refusal.value.sentences())
    assert all(number in said for number in ("$82,166.68", "$82,166.67", "246500/3"))


def test_s2_a_dividend_is_cash_in_whole_cents() -> None:
    """Dividends are paid in cash only, and there is no half cent to pay."""
    assert refused(given(issued()), paid("82166.665")) == "payment-must-be-whole-cents"
    assert refused(given(issued()), {**paid("1.00"), "shares": "1"}) == "field-must-be-known"


def test_s2_a_payment_may_come_in_parts() -> None:
    """Two parts settle the dividend that one payment would, and no third cent may follow."""
    book = given(issued(), paid("50000.00"), paid("32166.67"))
    assert owed(book, "2001-06-11") == FIRST + Fraction(5100 * 100, 360) - Fraction("82166.67")
    assert refused(book, paid("0.01")) == "payment-must-not-exceed-what-is-due"


@pytest.mark.parametrize(
    ("shares", "amount", "residue"),
    [
        # 4,900 × $100 × 58/360 = $78,944.4444...: $78,944.44 leaves 4/9 of a cent owed.
        ("4900", "78944.44", Fraction(4, 900)),
        # 5,100 × $100 × 58/360 = $82,166.6666...: $82,166.67 is 1/3 of a cent more.
        ("5100", "82166.67", Fraction(-1, 300)),
        # 3,600 × $100 × 58/360 = $58,000 leaves nothing.
        ("3600", "58000.00", Fraction(0)),
    ],
    ids=["owed", "paid too much", "none"],
)
def test_s2_a_residue_under_a_cent_is_carried_and_prints_without_a_sign(
    shares: str, amount: str, residue: Fraction
) -> None:
    """A payment to the cent settles a dividend; the residue, of either sign, is carried exactly and prints as 0.00."""
    book = given(issued(shares), paid(amount, effective="2001-06-10"))
    assert owed(book, "2001-06-10") == residue
    assert money(residue)["amount"] == "0.00"
    assert refused(book, paid("0.01")) == "payment-must-not-exceed-what-is-due"
    assert owed(book, "2001-09-10") == Fraction(shares) * 100 / 4 + residue


def test_s2_the_next_payment_takes_the_residue_up() -> None:
    """With a third of a cent paid too much, $127,499.9966... is due in September: $127,500.00 to the cent."""
    book = given(issued(), paid("82166.67"))
    september = {"payable_on": "2001-09-10", "effective": "2001-09-10"}
    assert refused(book, paid("127500.01", **september)) == "payment-must-not-exceed-what-is-due"
    assert owed(record(book, paid("127500.00", **september)), "2001-09-10") == Fraction(-1, 300)


def test_s2_a_late_payment_is_measured_by_its_nominal_date() -> None:
    """A payment for 10 June made in December is limited to what had accrued to 10 June."""
    assert refused(given(issued()), paid("82166.68", effective="2001-12-01")) == "payment-must-not-exceed-what-is-due"
    book = given(issued(), paid("82166.67", effective="2001-12-01"))
    assert owed(book, "2001-12-10") == FIRST + 2 * 127500 - Fraction("82166.67")


def test_s2_a_partial_payment_is_shared_by_what_has_accrued() -> None:
    """Certificates with $58,000 and $10,000 accrued share $34,000 as $29,000 and $5,000, whatever shares they hold."""
    # 3,600 shares × $100 × 58/360 = $58,000; 1,200 shares from 10 May × $100 × 30/360 = $10,000.
    book = given(issued("3600"), issued("1200", "H-2", on="2001-05-10"), paid("34000.00"))
    assert paid_on(book, "2001-06-11") == {"H-1": 29000, "H-2": 5000}


def test_s2_a_certificate_paid_beyond_a_date_takes_no_part_in_that_dates_dividend() -> None:
    """Having been paid for days after 10 September, a certificate neither shares in September nor gives back."""
    # To 10 December: 3,600 shares 238 days = $238,000; 1,200 shares from 10 September 90 days = $30,000. Half is paid:
    # $119,000 and $15,000. For 10 September H-1 then lacks $148,000 − $119,000 = $29,000, and H-2 nothing.
    december = paid("134000.00", "2001-12-10", "2001-12-10")
    book = given(issued("3600"), issued("1200", "H-2", on="2001-09-10"), december)
    assert paid_on(book, "2001-12-10") == {"H-1": 119000, "H-2": 15000}
    assert refused(book, paid("29000.01", "2001-09-10", "2001-12-11")) == "payment-must-not-exceed-what-is-due"
    record(book, paid("29000.00", "2001-09-10", "2001-12-11"))
    assert paid_on(book, "2001-12-11") == {"H-1": 148000, "H-2": 15000}


def test_s2_what_was_paid_moves_with_the_shares() -> None:
    """On a transfer the dividends already paid go with the shares, in proportion to their number."""
    book = given(
        issued("3600"), paid("58000.00"), transferred("H-1", ("H-2", "900"), ("H-3", "2700"), effective="2001-07-02")
    )
    assert paid_on(book, "2001-07-02") == {"H-2": 14500, "H-3": 43500}
    assert owed(book, "2001-09-10") == 90 * 1000


@pytest.mark.parametrize("before", [True, False], ids=["converted before it", "converted after it"])
def test_s2_shares_gone_before_a_payment_take_no_part_in_it(before: bool) -> None:
    """Shares converted before a payment have no part of it; converted after it, they take their part along."""
    # 3,600 shares of H-1 and 1,200 of H-2 have $58,000 and $19,333.33... accrued to 10 June; 900 of H-1 convert.
    conversion = telecopied(f"2001-06-{'11' if before else '13'}T10:00:00-04:00", ("H-1", "900"))
    book = given(COMMON, issued("3600"), issued("1200", "H-2"), conversion, paid("39000.00", effective="2001-06-12"))
    # Before: 2,700 of 3,900 shares have a part: $27,000 and $12,000. After: 3,600 of 4,800 had $29,250, 3/4 of it left.
    expected = {"H-1": Fraction(27000), "H-2": Fraction(12000)}
    if not before:
        expected = {"H-1": Fraction(29250) * 3 / 4, "H-2": Fraction(9750)}
    assert paid_on(book, "2001-06-13") == expected
    notice = on(book, "2001-06-13").notices["N-1"]
    # 900 shares × $100 × 59/360 to the 11th; 61/360 to the 13th less a quarter of $29,250.
    assert notice.dividend_due == (14750 if before else 15250 - Fraction(29250, 4))


def test_s2_a_share_of_a_payment_is_exact_up_to_a_denominator_of_a_hundred_digits() -> None:
    """A dollar shared between two certificates: by 10^100 and less exactly, by more to a hundred decimals, half up."""
    whole = 10**100
    for parts in (whole - 1, whole, whole + 1):
        shares = dividends.allocate(Fraction(1), {"H-1": Fraction(1), "H-2": Fraction(parts - 1)})
        exact = Fraction(1, parts)
        # 10^100 / (10^100 + 1) is a little less than 1: of the last decimal half up it is one.
        assert shares["H-1"] == (exact if parts <= whole else Fraction(1, whole))
        assert abs(sum(shares.values(), Fraction(-1))) <= Fraction(1, whole)


def test_s2_payments_in_whole_cents_for_twenty_years_are_kept_as_short_as_those_of_one() -> None:
    """Three lots of three days, paid every quarter to the cent below, H-1 converting 100 shares after each payment.

    Computed once more in decimals of 200 digits: what is due on a lot is shares x $1,000 x 10% / 360 a day, less paid;
    a payment falls on it in that proportion, and what was paid leaves with the shares that convert. Kept exactly, the
    digits of each share would double with every payment.
    """
    days = {"H-1": "2001-04-12", "H-2": "2001-05-17", "H-3": "2001-05-29"}
    shares = dict(zip(days, (3000, 1100, 1000), strict=True))
    book = given(COMMON, *(issued(str(shares[number]), number, on=day) for number, day in days.items()))
    had = dict.fromkeys(days, Decimal(0))
    with localcontext(prec=200):
        for payable_on in islice(dividends.payment_dates(SERIES_H), 80):
            counted = {number: naive.days_30_360(parse_day(day), payable_on) for number, day in days.items()}
            due = {number: Decimal(100 * shares[number] * counted[number]) / 360 - had[number] for number in days}
            whole = sum(due.values(), Decimal(0))
            amount, after = whole.quantize(Decimal("0.01"), ROUND_FLOOR), payable_on + timedelta(days=4)
            record(book, paid(str(amount), str(payable_on), str(after)))
            had = {number: had[number] + amount * due[number] / whole for number in days}
            if shares["H-1"] > 100:
                record(book, telecopied(f"{after}T12:00:00-05:00", ("H-1", "100"), notice=f"N-{after}"))
                had["H-1"] *= Decimal(shares["H-1"] - 100) / shares["H-1"]
                shares["H-1"] -= 100
        for held in book.position.live():
            told = Decimal(int(held.paid.numerator)) / Decimal(int(held.paid.denominator))
            assert abs(told - had[held.number]) < Decimal("1e-90")
            assert len(str(held.paid)) < 700
