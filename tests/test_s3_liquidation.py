"""§3 - Liquidation: Series H before the Junior Securities, ratably where the assets are too small, and no further."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from given import COMMON, given, issued, on, record, refused, telecopied
from ledger.book import Book
from ledger.errors import LedgerError
from ledger.figures import share_out
from ledger.moments import parse_day
from projections.findings.every import findings
from projections.findings.finding import Finding
from projections.liquidation import distribution
from projections.obligations import obligations
from projections.question import Question

DAY = "2002-04-12"  # 360 days of 30/360 after 12 April 2001: $1,100 a share, $5,610,000 on 5,100
A, B = issued("1700"), issued("3400", "H-2", "Holder B")


def liquidated(assets: str, effective: str = DAY, **more: Any) -> dict[str, Any]:
    """A journal line for a voluntary liquidation with dollars of assets."""
    line = {"event": "LiquidationCommenced", "effective": effective, "kind": "voluntary"}
    return {**line, "assets_available": assets, **more}


def distributed(amount: str, effective: str = DAY) -> dict[str, Any]:
    """A journal line for cash distributed on the preference."""
    return {"event": "LiquidationDistributionPaid", "effective": effective, "amount": amount}


def asked(book: Book, assets: str | None = None, day: str = DAY) -> dict[str, Any]:
    """The distribution of some assets, or of the recorded liquidation's, on a day."""
    return distribution(Question.ask(book, parse_day(day)), Fraction(assets) if assets is not None else None)


def payments(answer: Mapping[str, Any]) -> list[str]:
    """What each holder is paid, in dollars and cents."""
    return [one["payment"]["amount"] for one in answer["holders"]]


@pytest.mark.parametrize(
    ("assets", "paid", "remainder"),
    [
        ("0", ["0.00", "0.00"], "0.00"),
        ("0.01", ["0.00", "0.01"], "0.00"),  # a third and two thirds of a cent
        ("3000000", ["1000000.00", "2000000.00"], "0.00"),
        ("5609999.99", ["1870000.00", "3739999.99"], "0.00"),  # 1,869,999.996... has the larger remainder
        ("5610000.00", ["1870000.00", "3740000.00"], "0.00"),
        ("5610000.01", ["1870000.00", "3740000.00"], "0.01"),
        ("9000000", ["1870000.00", "3740000.00"], "3390000.00"),
    ],
    ids=["nothing", "one cent", "too small", "a cent too small", "exact", "a cent ample", "ample"],
)
def test_s3abc_assets_go_to_series_h_first_and_only_to_its_preference(
    assets: str, paid: list[str], remainder: str
) -> None:
    """Of a preference of $5,610,000 a third belongs to 1,700 of 5,100 shares; what is over belongs to other classes."""
    answer = asked(given(A, B, liquidated(assets)))
    assert answer["preference"] == {"amount": "5610000.00", "exact": "5610000"}
    assert payments(answer) == paid
    assert answer["remainder_to_junior"]["amount"] == remainder
    assert sum(map(Fraction, paid)) == Fraction(answer["paid"]["amount"]) == Fraction(assets) - Fraction(remainder)


def test_s3b_three_equal_holders_share_a_dollar_to_the_last_cent() -> None:
    """A dollar for three equal preferences is 34, 33 and 33 cents: the odd cent goes to the name that sorts first."""
    book = given(issued("1700"), issued("1700", "H-2", "Holder C"), issued("1700", "H-3", "Holder B"))
    assert payments(asked(book, "1")) == ["0.34", "0.33", "0.33"]


def test_s3b_unequal_accruals_weigh_by_preference_and_not_by_shares() -> None:
    """1,000 shares a year old are preferred for $1,100,000 and 1,000 new ones for $1,000,000: $2,100 goes 11 to 10."""
    book = given(issued("1000"), issued("1000", "H-2", "Holder B", on=DAY))
    assert payments(asked(book, "2100")) == ["1100.00", "1000.00"]


def test_s3a_a_preference_of_broken_cents_is_paid_in_whole_ones() -> None:
    """One day accrues $1,416.66 2/3 on 5,100 shares: $5,101,416.67 is paid, and the cents sum to it."""
    # A third of 5,101,416.67 is 1,700,472.223..., two thirds 3,400,944.446...: the odd cent goes to the latter.
    answer = asked(given(A, B), "6000000", "2001-04-13")
    assert answer["paid"]["amount"] == "5101416.67"
    assert payments(answer) == ["1700472.22", "3400944.45"]


@forall(
    st.integers(min_value=0, max_value=10**12),
    st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.fractions(min_value=0, max_value=10**7), min_size=1),
)
def test_s3b_shares_of_an_amount_are_whole_cents_that_sum_to_it(cents: int, parts: dict[str, Fraction]) -> None:
    """However it is shared, no cent is lost or made, none broken, and nobody is a whole cent off its exact share."""
    whole, total = sum(parts.values(), Fraction(0)), Fraction(cents, 100)
    if not whole:
        return
    shared = share_out(total, parts)
    assert sum(shared.values(), Fraction(0)) == total
    assert all((amount * 100).denominator == 1 for amount in shared.values())
    assert all(abs(amount - total * parts[name] / whole) < Fraction(1, 100) for name, amount in shared.items())


@forall(st.integers(min_value=0, max_value=10**9), st.lists(st.integers(1, 10**6), min_size=2, max_size=6))
def test_s3b_odd_cents_go_to_the_largest_remainders(cents: int, weights: list[int]) -> None:
    """Whoever is rounded up has at least as large a remainder as whoever is rounded down."""
    parts = {f"Holder {number}": Fraction(weight) for number, weight in enumerate(weights)}
    exact = {name: cents * part / sum(weights) for name, part in parts.items()}
    shared = share_out(Fraction(cents, 100), parts)
    up = [exact[name] % 1 for name in parts if shared[name] * 100 > exact[name]]
    down = [exact[name] % 1 for name in parts if shared[name] * 100 < exact[name]]
    assert not up or not down or min(up) >= max(down)


@pytest.mark.parametrize(
    ("amount", "name"),
    [("5609999.99", None), ("5610000.00", None), ("5610000.01", "payment-must-not-exceed-what-is-due")],
    ids=["a cent less", "the preference", "a cent more"],
)
def test_s3c_series_h_is_paid_its_preference_and_not_a_cent_more(amount: str, name: str | None) -> None:
    """Once $5,610,000 has been paid the holders are entitled to no further participation."""
    book = given(A, B, liquidated("9000000"))
    if name:
        assert refused(book, distributed(amount)) == name
    else:
        assert asked(record(book, distributed(amount)))["distributed_so_far"]["amount"] == amount


def test_s3c_distributions_add_up_to_the_preference() -> None:
    """After $5,000,000.00 and $610,000.00 a further cent is refused."""
    book = given(A, B, liquidated("9000000"), distributed("5000000.00"), distributed("610000.00"))
    assert refused(book, distributed("0.01")) == "payment-must-not-exceed-what-is-due"


def test_s3a_there_is_no_distribution_without_a_liquidation_and_one_liquidation_only() -> None:
    """Before a liquidation began nothing is distributed in it, and a Company is wound up once."""
    book = given(A, B)
    assert refused(book, distributed("1.00")) == "liquidation-must-have-begun"
    record(book, liquidated("9000000"))
    assert refused(book, liquidated("9000000", "2002-05-13")) == "liquidation-must-begin-once"
    assert refused(book, distributed("1.00", "2002-04-11")) == "liquidation-must-have-begun"


@pytest.mark.parametrize("kind", ["voluntary", "involuntary"])
def test_s3a_a_liquidation_may_be_voluntary_or_not(kind: str) -> None:
    """The preference is the same whether the liquidation is voluntary or involuntary."""
    answer = asked(given(A, B, liquidated("3000000", kind=kind)))
    assert (answer["assets"]["amount"], payments(answer)) == ("3000000.00", ["1000000.00", "2000000.00"])


@pytest.mark.parametrize(
    "line",
    [
        {"event": "ReorganizationEffected", "kind": "merger", "successor": "Successor, Inc."},
        {"event": "ReorganizationEffected", "kind": "consolidation", "successor": "Successor, Inc."},
        {"event": "ReorganizationEffected", "kind": "asset_sale"},
        {"event": "PreferredSharesReacquired", "certificate": "H-1", "shares": "100", "price": "100000.00"},
        {"event": "CommonSharesRetired", "shares": "1000000"},
    ],
    ids=["merger", "consolidation", "asset sale", "Series H reacquired", "Common retired"],
)
def test_s3d_what_is_no_liquidation_pays_no_preference(line: dict[str, Any]) -> None:
    """A merger, a sale of assets or a purchase of stock is no liquidation, and nothing is distributed on it."""
    book = given(COMMON, A, B, {**line, "effective": "2002-04-11"})
    assert on(book, DAY).liquidation is None
    assert refused(book, distributed("1.00")) == "liquidation-must-have-begun"


def test_s3_converted_shares_take_no_part() -> None:
    """With 1,700 of 3,400 shares converted a year's preference is $1,870,000 for each holder, and assets halve."""
    book = given(COMMON, A, B, telecopied("2002-04-11T10:00:00-04:00", ("H-2", "1700"), holder="Holder B"))
    assert payments(asked(book, "3000000")) == ["1500000.00", "1500000.00"]


def test_s3c_where_no_share_is_outstanding_all_remains_for_other_classes() -> None:
    """Without Series H there is no preference, and the whole of the assets is distributed to others."""
    answer = asked(given(COMMON), "3000000")
    assert (answer["paid"]["amount"], answer["remainder_to_junior"]["amount"]) == ("0.00", "3000000.00")


def test_s3_asking_what_assets_would_pay_records_nothing() -> None:
    """A question about assets of $3,000,000 begins no liquidation and leaves the record as it was."""
    book = given(A, B)
    last, steps = book.last, list(book.timeline.steps)
    assert payments(asked(book, "3000000")) == ["1000000.00", "2000000.00"]
    assert (book.last, book.timeline.steps) == (last, steps)
    assert on(book, DAY).liquidation is None


def found(book: Book, finding: str, day: str = "2002-12-31") -> list[Finding]:
    """Findings of one kind on a day."""
    return [one for one in findings(Question.ask(book, parse_day(day))) if one.finding == finding]


def paid_on(stock: str, effective: str = DAY) -> dict[str, Any]:
    """A journal line for a dollar paid on other stock."""
    return {"event": "OtherClassDividendPaid", "effective": effective, "stock": stock, "amount": "1.00"}


@pytest.mark.parametrize(
    ("paid", "breach"), [("5609999.98", True), ("5609999.99", True), ("5610000.00", False)], ids=str
)
def test_s3a_junior_stock_is_paid_only_after_the_preference(paid: str, breach: bool) -> None:
    """A dollar to the Common Stock before the last cent of $5,610,000 was paid is a breach, and none after it."""
    book = given(A, B, liquidated("9000000"), distributed(paid), paid_on("Common Stock"))
    listed = found(book, "junior-paid-before-preference")
    assert [(one.severity, one.clause, one.entries) for one in listed] == (
        [("breach", "§3(a)", (6,))] if breach else []
    )


@pytest.mark.parametrize(("trust", "breach"), [("5609999.99", True), ("5610000.00", False)], ids=str)
def test_s3c_the_whole_preference_in_trust_lets_junior_stock_be_paid(trust: str, breach: bool) -> None:
    """Funds set aside in trust for the holders stand for payment, where they are all of it."""
    apart = {"event": "FundsSetApart", "effective": DAY, "purpose": "preference", "amount": trust}
    book = given(A, B, liquidated("9000000"), apart, paid_on("Common Stock"))
    assert bool(found(book, "junior-paid-before-preference")) is breach


@pytest.mark.parametrize(("more", "breach"), [("2804999.99", True), ("2805000.00", False)], ids=str)
def test_s3c_what_was_paid_out_of_the_trust_is_in_trust_no_more(more: str, breach: bool) -> None:
    """Half the preference of $5,610,000 is put in trust and paid: the other half is to be put there too."""
    apart = {"event": "FundsSetApart", "effective": DAY, "purpose": "preference"}
    lines = ({**apart, "amount": "2805000.00"}, distributed("2805000.00"), {**apart, "amount": more})
    book = given(A, B, liquidated("9000000"), *lines, paid_on("Common Stock"))
    listed = found(book, "junior-paid-before-preference")
    assert ["$2,805,000.00 of the Liquidation Preference was unpaid, $2,804,999.99" in one.says for one in listed] == (
        [True] if breach else []
    )


def test_s3e_stock_issued_after_the_date_hereof_is_not_junior() -> None:
    """§3(e)(i) - Junior are the Common Stock and the series outstanding on the date hereof: Series K is neither."""
    book = given(A, B, liquidated("9000000"), paid_on("Series K"), paid_on("Series E"))
    assert [one.entries for one in found(book, "junior-paid-before-preference")] == [(6,)]


def test_s3a_before_a_liquidation_no_preference_stands_before_a_dividend() -> None:
    """Section 3 speaks of distributions in a liquidation: a dividend of the year before is Section 2's."""
    book = given(A, B, paid_on("Common Stock", "2001-05-01"), liquidated("9000000"))
    assert found(book, "junior-paid-before-preference") == []


@pytest.mark.parametrize(("second", "beyond"), [("0.99", False), ("1.00", False), ("1.01", True)], ids=str)
def test_s3b_more_distributed_than_there_are_assets_is_found(second: str, beyond: bool) -> None:
    """Of $3,000,000, $2,999,999 are paid first: another dollar ends it, and a cent more cannot be those assets."""
    book = given(A, B, liquidated("3000000"), distributed("2999999.00"), distributed(second))
    listed = found(book, "distribution-beyond-assets")
    assert [(one.clause, one.entries) for one in listed] == ([("§3(b)", (4, 6))] if beyond else [])
    assert all("$3,000,000.01" in one.says and "$3,000,000.00" in one.says for one in listed)


@pytest.mark.parametrize(
    ("assets", "paid", "owed"),
    [("3000000", "1000000.00", "$2,000,000.00"), ("9000000", "5609999.98", "$0.02"), ("9000000", "5610000.00", None)],
)
def test_s3a_what_is_unpaid_of_the_preference_is_owed_as_far_as_the_assets_go(
    assets: str, paid: str, owed: str | None
) -> None:
    """$1,000,000 of assets of $3,000,000 leaves $2,000,000 to distribute; ample assets owe the whole $5,610,000."""
    listed = obligations(Question.ask(given(A, B, liquidated(assets), distributed(paid)), parse_day(DAY)))
    told = [one.what for one in listed if one.clause == "§3(a)"]
    assert told == ([f"Liquidation Preference, {owed}"] if owed else [])


ARREARS = "other-class-paid-in-arrears"


@pytest.mark.parametrize(
    ("lines", "junior"),
    [
        ((distributed("5610000.00"),), False),
        ((distributed("5609999.99"),), True),
        (({"event": "FundsSetApart", "effective": DAY, "purpose": "preference", "amount": "5610000.00"},), False),
    ],
    ids=["paid in full", "a cent short", "all in trust"],
)
def test_s3c_a_preference_paid_leaves_no_dividend_that_other_classes_must_wait_for(
    lines: tuple[dict[str, Any], ...], junior: bool
) -> None:
    """§3(e)(ii) - Dividends are a part of the preference: where it is paid they are, and where it is not §3(a) says so.

    $5,610,000 are 5,100 Stated Values and a year's $510,000; §3(c) then gives what remains to the other classes.
    """
    book = given(A, B, liquidated("9000000"), *lines, paid_on("Common Stock"))
    assert found(book, ARREARS) == []
    assert bool(found(book, "junior-paid-before-preference")) is junior


@pytest.mark.parametrize("distributes", [True, False], ids=["in a liquidation", "before one"])
def test_s2_what_fell_due_on_a_conversion_is_owed_before_others_in_a_liquidation_too(distributes: bool) -> None:
    """The $10,000 accrued on 100 converted shares are owed first; what others accrued is in the preference."""
    # 100 x $1,000 x 10% x 360 / 360 = $10,000.00 fell due on Friday 12 April and is past due on Monday.
    notice = telecopied("2002-04-12T10:00:00-04:00", ("H-1", "100"))
    begun = (liquidated("9000000", "2002-04-15"), distributed("5504166.67", "2002-04-15")) if distributes else ()
    # 5,000 x ($1,000 + $100.8333...) is the preference of the 15th: 363 days of 30/360.
    book = given(COMMON, A, B, notice, *begun, paid_on("Common Stock", "2002-04-15"))
    (one,) = found(book, ARREARS)
    assert ("$10,000.00 in arrears" in one.says) is distributes


@pytest.mark.parametrize(
    ("amount", "name"),
    [("0.01", None), ("10000.00", None), ("10000.01", "payment-must-not-exceed-what-is-due")],
)
def test_s3c_no_dividend_is_paid_beyond_the_preference(amount: str, name: str | None) -> None:
    """Of $5,610,000 the holders have had $5,600,000: of the dividends of March no more than $10,000 can be paid."""
    march = {"event": "DividendPaid", "effective": DAY, "payable_on": "2002-03-10", "amount": amount}
    book = given(A, B, liquidated("9000000"), distributed("5600000.00"))
    if name:
        assert refused(book, march) == name
    else:
        assert refused(record(book, march), distributed("10000.00")) == "payment-must-not-exceed-what-is-due"


def test_s3c_nothing_is_due_below_zero() -> None:
    """100 shares convert after $5,610,000 were paid: that the others then have too much makes no amount below zero."""
    notice = telecopied("2002-04-15T10:00:00-04:00", ("H-1", "100"))
    book = given(COMMON, A, B, liquidated("9000000"), distributed("5610000.00"), notice)
    with pytest.raises(LedgerError, match=r"By §3\(c\) \$0\.00 is due and unpaid"):
        record(book, distributed("1.00", "2002-04-16"))
