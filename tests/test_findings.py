"""Findings: what did happen but should not have, each by its id, with its clause, its entries and both numbers."""

from typing import Any

import pytest

from given import COMMON, given, issued, on_notice, sold, telecopied
from ledger.book import Book
from ledger.moments import parse_day
from projections.asof import answer
from projections.findings.every import findings, open_findings
from projections.findings.finding import Finding
from projections.question import Question

WHOLE = (COMMON, issued())  # entries 2 and 3; 5,100 shares from 12 April 2001


def found(book: Book, finding: str, day: str = "2001-12-31") -> list[Finding]:
    """The findings of one id up to a day; those that stand are the same to whoever looks at what stands alone."""
    question = Question.ask(book, parse_day(day))
    every = findings(question)
    assert open_findings(question) == [one for one in every if one.resolved is None]
    return [one for one in every if one.finding == finding]


def is_found(book: Book, finding: str, entries: tuple[int, ...], *numbers: str, day: str = "2001-12-31") -> Finding:
    """The only finding of an id, which rests on these entries and says these numbers."""
    (one,) = found(book, finding, day)
    assert one.entries == entries
    assert [number for number in numbers if number not in one.says] == []
    return one


# --- §2 ---


def other(stock: str = "Common Stock", effective: str = "2001-06-12") -> dict[str, Any]:
    """A journal line for $10,000.00 paid on other stock."""
    return {"event": "OtherClassDividendPaid", "effective": effective, "stock": stock, "amount": "10000.00"}


def dividend(amount: str, effective: str = "2001-06-11") -> dict[str, Any]:
    """A journal line for a dividend of 10 June."""
    return {"event": "DividendPaid", "effective": effective, "payable_on": "2001-06-10", "amount": amount}


def apart(amount: str, **more: Any) -> dict[str, Any]:
    """A journal line for a sum set apart."""
    return {"event": "FundsSetApart", "effective": "2001-06-11", "amount": amount, **more}


ARREARS = "other-class-paid-in-arrears"


@pytest.mark.parametrize(("day", "breach"), [("2001-06-10", False), ("2001-06-11", False), ("2001-06-12", True)])
def test_s2_other_stock_is_paid_only_while_series_h_is_not_in_arrears(day: str, breach: bool) -> None:
    """Payable on Sunday 10 June and due on the 11th, $82,166.67 is in arrears on the 12th."""
    book = given(*WHOLE, other(effective=day))
    if breach:
        finding = is_found(book, ARREARS, (4,), "$10,000.00", "$82,166.67", "Common Stock")
        assert (finding.clause, finding.severity, finding.since) == ("§2", "breach", parse_day(day))
    else:
        assert found(book, ARREARS) == []


@pytest.mark.parametrize(
    ("line", "breach"),
    [
        (apart("82166.66", purpose="dividend"), True),
        (apart("82166.67", purpose="dividend"), False),
        (apart("82166.68", purpose="dividend"), False),
        (apart("82166.67", purpose="preference"), True),
        (dividend("82166.65"), True),
        (dividend("82166.66"), False),  # two thirds of a cent are left, which settles
        (dividend("82166.67"), False),
    ],
    ids=["a cent short", "set apart", "ample", "in trust for the preference", "paid short", "residue", "paid"],
)
def test_s2_a_deficiency_paid_or_set_apart_lets_other_stock_be_paid(line: dict[str, Any], breach: bool) -> None:
    """58 days of 5,100 shares are $82,166.66 2/3: a sum sufficient for them, paid or set apart, frees the Company."""
    book = given(*WHOLE, line, other())
    if breach:
        is_found(book, ARREARS, (5,))
    else:
        assert found(book, ARREARS) == []


def test_s2_a_sum_set_apart_and_paid_out_is_set_apart_no_more() -> None:
    """$82,166.67 set apart for June and paid leaves $45,333.33 against the $127,500.00 of September."""
    lines = (
        apart("82166.67", purpose="dividend", payable_on="2001-06-10"),
        dividend("82166.67"),
        {**apart("45333.33", purpose="dividend", payable_on="2001-09-10"), "effective": "2001-09-10"},
        other(effective="2001-09-11"),
    )
    is_found(given(*WHOLE, *lines), ARREARS, (7,), "$127,500.00", "$45,333.33")


@pytest.mark.parametrize(("payable_on", "counts"), [("2001-06-10", True), ("2001-09-10", False), (None, True)], ids=str)
def test_s2_a_sum_set_apart_for_a_dividend_to_come_is_none_for_the_one_in_arrears(
    payable_on: str | None, counts: bool
) -> None:
    """Series H is $82,166.67 in arrears for June: what lies ready for September is no sum for the payment therefor."""
    book = given(*WHOLE, apart("127500.00", purpose="dividend", payable_on=payable_on), other())
    if counts:
        assert found(book, ARREARS) == []
    else:
        is_found(book, ARREARS, (5,), "$82,166.67 in arrears", "$0.00 of it set apart")


@pytest.mark.parametrize("payable_on", ["2001-06-10", None], ids=["for June", "for no date"])
def test_s2_a_sum_set_apart_is_paid_out_with_the_dividend_of_a_later_date(payable_on: str | None) -> None:
    """June's $82,166.67 is paid with September's $127,500.00: in December only what was set apart since is there."""
    # 82,166.67 + 127,500.00 = 209,666.67 through 10 September; 90 days more are $127,500.00 on 10 December.
    lines = (
        apart("82166.67", purpose="dividend", payable_on=payable_on),
        {**dividend("209666.67", "2001-09-10"), "payable_on": "2001-09-10"},
        {**apart("45333.33", purpose="dividend", payable_on="2001-12-10"), "effective": "2001-12-10"},
        other(effective="2001-12-11"),
    )
    is_found(given(*WHOLE, *lines), ARREARS, (7,), "$127,500.00 in arrears", "$45,333.33 of it set apart")


def test_s2_what_was_set_apart_for_its_date_is_paid_out_before_what_names_none() -> None:
    """$82,166.67 for June and $50,000.00 for no date lie ready: paying June leaves the $50,000.00 for September."""
    lines = (
        apart("50000.00"),
        apart("82166.67", payable_on="2001-06-10"),
        dividend("82166.67"),
        other(effective="2001-09-11"),
    )
    is_found(given(*WHOLE, *lines), ARREARS, (7,), "$127,500.00 in arrears", "$50,000.00 of it set apart")


@pytest.mark.parametrize(("day", "breach"), [("2001-06-20T12:00:00-04:00", False), ("2001-06-21", True)])
def test_s2_what_fell_due_on_a_conversion_is_a_deficiency_too(day: str, breach: bool) -> None:
    """June is paid and 5,100 shares convert on the 20th: ten days, $14,166.66, are due, and past due on the 21st."""
    # 5,100 x $1,000 x 10% x 68 / 360 - $82,166.67 = $14,166.66 1/3. No share is outstanding, and that pays nothing.
    notice = telecopied("2001-06-20T10:00:00-04:00", ("H-1", "5100"))
    book = given(*WHOLE, dividend("82166.67"), notice, other(effective=day))
    assert bool(found(book, ARREARS)) is breach
    if breach:
        is_found(book, ARREARS, (6,), "$14,166.66 in arrears", "$0.00 of it set apart")


@pytest.mark.parametrize(("paid", "numbers"), [("15555.55", "$69,388.89"), ("18888.89", "$66,055.56")])
def test_s2_the_deficiency_is_of_shares_outstanding_and_converted_together(paid: str, numbers: str) -> None:
    """1,000 shares converted on 20 June leave $66,055.56 on 4,100; what is unpaid of their $18,888.89 comes on top."""
    # 4,100 x $1,000 x 10% x 58 / 360 = $66,055.56; 1,000 x ... x 68 / 360 = $18,888.89, of which a residue settles.
    notice = telecopied("2001-06-20T10:00:00-04:00", ("H-1", "1000"))
    dividends = on_notice("ConversionDividendPaid", "2001-06-20T11:00:00-04:00", amount=paid)
    book = given(*WHOLE, notice, dividends, other(effective="2001-06-21"))
    is_found(book, ARREARS, (6,), numbers)


@pytest.mark.parametrize(("stock", "breach"), [("Common Stock", True), ("Series I", True), ("Series K", False)])
def test_s2_stock_issued_after_the_date_hereof_need_not_wait(stock: str, breach: bool) -> None:
    """§2 protects against classes outstanding on 12 April 2001; Series K was sold on 20 November."""
    assert bool(found(given(*WHOLE, other(stock)), ARREARS)) is breach


# --- §5(f) §5(g) §5(h) ---

# Telecopied and originals in on Monday 2 July 2001: banks are closed on the 4th, so that Friday the 6th is the third.
CONVERTED = (
    telecopied("2001-07-02T10:00:00-04:00", ("H-1", "100")),  # entry 4
    on_notice("OriginalsReceived", "2001-07-02T10:00:00-04:00"),
)


def delivered(at: str = "2001-07-05T10:00:00-04:00", shares: str = "138889", **more: Any) -> dict[str, Any]:
    """A journal line for Common delivered on the notice."""
    return on_notice("CommonSharesDelivered", at, shares=shares, **more)


@pytest.mark.parametrize(
    ("time", "late"),
    [("16:59:59", False), ("17:00:00", False), ("17:00:01", True)],
)
def test_s5f_common_delivered_after_five_on_the_third_day_is_late(time: str, late: bool) -> None:
    """Delivery is in time through 17:00:00 on Friday 6 July, and late a second after."""
    book = given(*WHOLE, *CONVERTED, delivered(f"2001-07-06T{time}-04:00"))
    if late:
        finding = is_found(book, "delivery-was-late", (4, 6), "2001-07-06 17:00:01", "2001-07-06 17:00:00")
        assert (finding.clause, finding.since) == ("§5(f)(i)", parse_day("2001-07-06"))
    else:
        assert found(book, "delivery-was-late") == []
    assert found(book, "delivery-is-overdue") == []


@pytest.mark.parametrize(("day", "overdue"), [("2001-07-05", False), ("2001-07-06", True), ("2001-07-07", True)])
def test_s5f_common_not_delivered_is_overdue_from_the_end_of_the_third_day(day: str, overdue: bool) -> None:
    """At the end of Friday its deadline of 17:00 has passed."""
    listed = found(given(*WHOLE, *CONVERTED), "delivery-is-overdue", day)
    expected = [((4,), parse_day("2001-07-06"), None)] if overdue else []
    assert [(one.entries, one.since, one.resolved) for one in listed] == expected


def test_s5f_a_revocation_resolves_what_was_overdue() -> None:
    """Overdue since Friday and revoked on Monday: the finding is kept, resolved on the Monday."""
    revoked = on_notice("NoticeOfConversionRevoked", "2001-07-09T10:00:00-04:00")
    book = given(*WHOLE, *CONVERTED, revoked)
    assert is_found(book, "delivery-is-overdue", (4,), day="2001-07-08").resolved is None
    finding = is_found(book, "delivery-is-overdue", (4,))
    assert (finding.since, finding.resolved) == (parse_day("2001-07-06"), parse_day("2001-07-09"))
    assert finding not in open_findings(Question.ask(book, parse_day("2001-12-31")))


@pytest.mark.parametrize(("shares", "differs"), [("138888", True), ("138889", False), ("138890", True)])
def test_s5f_what_is_delivered_is_what_is_due(shares: str, differs: bool) -> None:
    """100 shares are due 138,889 of Common: one less or one more is found with both numbers."""
    book = given(*WHOLE, *CONVERTED, delivered(shares=shares))
    if differs:
        is_found(book, "delivered-differs-from-due", (4, 6), f"{int(shares):,}", "138,889")
    else:
        assert found(book, "delivered-differs-from-due") == []


TENTH = {"event": "CommonStockSplit", "effective": "2001-06-29", "new_shares": "1", "old_shares": "10"}  # entry 4


@pytest.mark.parametrize(("cash", "differs"), [("0.44", True), ("0.45", False), ("0.46", True), (None, True)])
def test_s5h_cash_for_a_fraction_is_the_fraction_of_the_market_price(cash: str | None, differs: bool) -> None:
    """After one for ten 100 shares are due 13,888.9: nine tenths of a share at $0.50 are $0.45."""
    line = delivered(shares="13888", market_price="0.50", cash_in_lieu=cash)
    book = given(*WHOLE, TENTH, *CONVERTED, line)
    if differs:
        is_found(book, "cash-in-lieu-differs-from-due", (5, 7), f"${cash or '0.00'}", "$0.45")
    else:
        assert found(book, "cash-in-lieu-differs-from-due") == []


@pytest.mark.parametrize(("fractions", "price"), [("cash", None), ("cash", "0.50"), ("issue", None)])
@pytest.mark.parametrize(("cash", "differs"), [("0.00", False), ("0.01", True), ("500.00", True)])
def test_s5h_cash_is_paid_for_a_fraction_only(fractions: str, price: str | None, cash: str, differs: bool) -> None:
    """100 shares are due 138,889 of Common and no fraction of a share: any cash paid with them is more than was due."""
    notice = {**CONVERTED[0], "fractions": fractions}
    book = given(*WHOLE, notice, CONVERTED[1], delivered(cash_in_lieu=cash, market_price=price))
    if differs:
        says = f"${cash} was paid on notice N-1, $0.00 was due"
        assert is_found(book, "cash-in-lieu-differs-from-due", (4, 6), says).clause == "§5(h)"
    else:
        assert found(book, "cash-in-lieu-differs-from-due") == []
    assert found(book, "market-price-is-missing") == []


def test_s5h_without_a_market_price_no_cash_can_be_reckoned() -> None:
    """Cash is due for 0.9 of a share, and the delivery names no price: that is found in its place."""
    book = given(*WHOLE, TENTH, *CONVERTED, delivered(shares="13888", cash_in_lieu="0.45"))
    is_found(book, "market-price-is-missing", (5, 7), "0.9 of a share")
    assert found(book, "cash-in-lieu-differs-from-due") == []


@pytest.mark.parametrize(
    ("reason", "indemnity", "breach"),
    [
        ("lost", None, True),
        ("stolen", None, True),
        ("destroyed", None, True),
        ("mutilated", None, False),
        ("lost", "bond of surety", False),
        ("stolen", "bond of surety", False),
        ("destroyed", "bond of surety", False),
    ],
)
def test_s5g_a_lost_certificate_needs_indemnity_and_a_mutilated_one_none(
    reason: str, indemnity: str | None, breach: bool
) -> None:
    """Indemnity or security is required in the case of loss, theft or destruction, not of mutilation."""
    line = {"event": "CertificateReplaced", "effective": "2001-07-02", "certificate": "H-1", "new_certificate": "H-2"}
    listed = found(given(*WHOLE, {**line, "reason": reason, "indemnity": indemnity}), "replaced-without-indemnity")
    assert [(one.clause, one.entries) for one in listed] == ([("§5(g)", (4,))] if breach else [])


# --- §5(j) §9(a) ---


def authorized(number: str, effective: str = "2001-07-02") -> dict[str, Any]:
    """A journal line for another authorized number of Common."""
    return {"event": "CommonAuthorizationChanged", "effective": effective, "authorized": number}


@pytest.mark.parametrize(
    ("number", "short"), [("42083338", True), ("42083339", False), ("42083340", False)], ids=["one short", "=", "ample"]
)
def test_s5j_the_reserve_covers_every_share_outstanding(number: str, short: bool) -> None:
    """5,100 × 1,388.89 = 7,083,339 shares are needed beside 35,000,000 outstanding."""
    book = given({**COMMON, "authorized": number}, issued())
    if short:
        finding = is_found(book, "reserve-too-small", (3,), "7,083,339", "7,083,338", "short by 1")
        assert (finding.clause, finding.since, finding.resolved) == ("§5(j)", parse_day("2001-04-12"), None)
    else:
        assert found(book, "reserve-too-small") == []


@pytest.mark.parametrize(("number", "cured"), [("42083338", False), ("42083339", True), ("42083340", True)])
def test_s5j_shares_authorized_in_addition_resolve_it(number: str, cured: bool) -> None:
    """Too small since 12 April, the reserve suffices once 42,083,339 are authorized, on 2 July."""
    book = given({**COMMON, "authorized": "40000000"}, issued(), authorized(number))
    assert is_found(book, "reserve-too-small", (3,), "5,000,000", "short by 2,083,339", day="2001-07-01")
    if cured:
        finding = is_found(book, "reserve-too-small", (3, 4))
        assert (finding.since, finding.resolved) == (parse_day("2001-04-12"), parse_day("2001-07-02"))
        assert answer(book, parse_day("2001-07-02"))["findings"] == []
    else:
        assert is_found(book, "reserve-too-small", (3,), "7,083,338", "short by 1").resolved is None


def test_s5j_the_company_of_2004_has_64902162_shares_available() -> None:
    """230,000,000 authorized less 165,097,838 outstanding are 64,902,162; 7,083,339 are needed at the start."""
    common = answer(given({**COMMON, "outstanding": "165097838"}, issued()), parse_day("2001-04-12"))["common"]
    assert (common["reserve_required"], common["reserve_available"]) == ("7083339", "64902162")


@pytest.mark.parametrize(("shares", "beyond"), [("999999", False), ("1000000", False), ("1000001", True)])
def test_s5j_common_is_issued_within_the_authorized_number(shares: str, beyond: bool) -> None:
    """Of 36,000,000 authorized with 35,000,000 outstanding one more than 1,000,000 is beyond the number."""
    book = given({**COMMON, "authorized": "36000000"}, issued(), sold("2001-07-02", shares, "1000001"))
    if beyond:
        is_found(book, "common-beyond-authorized", (4,), "36,000,001", "36,000,000")
    else:
        assert found(book, "common-beyond-authorized") == []


@pytest.mark.parametrize(
    ("par_value", "above"),
    [("0.05", False), ("0.7199994", False), ("0.7199995", True), ("0.72", True)],  # 1,000/1,388.89 = 0.71999942...
)
def test_s9a_the_par_value_is_not_above_what_conversion_pays(par_value: str, above: bool) -> None:
    """$1,000 give 1,388.89 shares, a little less than $0.72 a share: a par value above it is found."""
    book = given({**COMMON, "par_value": par_value}, issued())
    if above:
        assert is_found(book, "par-value-above-conversion-price", (2,), f"${par_value}").clause == "§9(a)"
    else:
        assert found(book, "par-value-above-conversion-price") == []


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ({"event": "CertificateAmended", "terms": {"common_par_value": "0.72"}}, "breach"),
        ({"event": "CertificateAmended", "terms": {"conversion_rate": "20001"}}, "note"),
        ({"event": "CommonStockSplit", "new_shares": "15", "old_shares": "1"}, "note"),
        ({"event": "CommonSharesIssued", "shares": "9999999999999", "cash": "1.00"}, "note"),
    ],
    ids=["par raised", "rate amended", "split", "sold for nothing"],
)
def test_s9a_it_is_a_breach_to_raise_the_par_value_and_none_that_the_price_falls(
    line: dict[str, Any], severity: str
) -> None:
    """The Company shall not increase the par value above what is payable; that less is payable somebody should see."""
    book = given({**COMMON, "par_value": "0.05"}, issued(), {**line, "effective": "2001-07-02"})
    assert is_found(book, "par-value-above-conversion-price", (4,)).severity == severity


def test_s9a_a_par_value_raised_where_too_little_was_payable_already_is_a_breach() -> None:
    """Since the split of July less than $0.048 is payable, which is a note; that $0.05 becomes $0.06 is the breach."""
    split = {"event": "CommonStockSplit", "effective": "2001-07-02", "new_shares": "15", "old_shares": "1"}
    raised = {"event": "CertificateAmended", "effective": "2001-08-01", "terms": {"common_par_value": "0.06"}}
    lowered = {**raised, "effective": "2001-09-03", "terms": {"common_par_value": "0.055"}}
    book = given({**COMMON, "par_value": "0.05"}, issued(), split, raised, lowered)
    said = [found(book, "par-value-above-conversion-price", day) for day in ("2001-07-31", "2001-08-01", "2001-09-03")]
    assert [[(one.entries, one.severity) for one in ones] for ones in said] == [
        [((4,), "note")],
        [((5,), "breach")],
        [((5,), "breach")],
    ]


@pytest.mark.parametrize(("par_value", "found_at"), [("0", None), (None, "$0.05")], ids=["no par value", "not said"])
def test_s9a_stock_without_par_value_is_never_above_what_conversion_pays(
    par_value: str | None, found_at: str | None
) -> None:
    """At 20,833.35 shares for $1,000 less than $0.048 is payable: too little for $0.05, enough for stock of no par."""
    split = {"event": "CommonStockSplit", "effective": "2001-07-02", "new_shares": "15", "old_shares": "1"}
    book = given({**COMMON, "par_value": par_value}, issued(), split)
    listed = found(book, "par-value-above-conversion-price")
    assert [found_at in one.says for one in listed if found_at] == ([True] if found_at else [])
    assert bool(listed) is bool(found_at)


def test_s5j_what_was_authorized_before_the_common_stock_opened_stays_authorized() -> None:
    """30,000,000 are authorized in March: that 35,000,000 are outstanding in April, said without a number, is found."""
    authorized = {"event": "CommonAuthorizationChanged", "effective": "2001-03-01", "authorized": "30000000"}
    opened = {name: told for name, told in COMMON.items() if name != "authorized"}
    book = given(authorized, opened)
    is_found(book, "common-beyond-authorized", (3,), "35,000,000", "30,000,000")


@pytest.mark.parametrize(("new_shares", "above"), [("14.39", False), ("14.4", True), ("15", True)])
def test_s9a_an_adjustment_may_bring_the_price_below_par(new_shares: str, above: bool) -> None:
    """At $0.05 par 20,000 shares for $1,000 is the limit: 1,388.89 × 14.39 = 19,986.1271, × 14.4 = 20,000.016."""
    split = {"event": "CommonStockSplit", "effective": "2001-07-02", "new_shares": new_shares, "old_shares": "1"}
    listed = found(given(*WHOLE, split), "par-value-above-conversion-price")
    assert [one.entries for one in listed] == ([(4,)] if above else [])


# --- §6 ---


def noticed(*shares: tuple[str, str], on: str = "2001-10-31", **more: Any) -> dict[str, Any]:
    """A journal line for a redemption notice mailed on 1 October 2001."""
    listed = [{"certificate": certificate, "shares": number} for certificate, number in shares or (("H-1", "1000"),)]
    line = {"event": "RedemptionNoticeMailed", "effective": "2001-10-01", "redemption": "R-1", "redemption_date": on}
    return {**line, "shares": listed, "representation": True, **more}


def of_redemption(book: Book, day: str = "2001-10-29") -> list[str]:
    """The ids of the findings on redemptions up to a day."""
    return [one.finding for one in findings(Question.ask(book, parse_day(day))) if one.clause == "§6"]


@pytest.mark.parametrize(("on", "short"), [("2001-10-30", True), ("2001-10-31", False), ("2001-11-01", False)])
def test_s6_a_notice_is_mailed_not_less_than_thirty_days_ahead(on: str, short: bool) -> None:
    """Mailed on 1 October 2001 a notice for the 30th is 29 days ahead; for the 31st and 1 November 30 and 31."""
    book = given(*WHOLE, noticed(on=on))
    if short:
        is_found(book, "redemption-notice-was-short", (4,), "29 days", "30")
    else:
        assert of_redemption(book) == []


@pytest.mark.parametrize(
    ("more", "finding", "numbers"),
    [
        ({"stated_total": "999"}, "stated-total-differs", ("999", "1,000")),
        ({"stated_total": "1000"}, None, ()),
        ({"stated_total": "1001"}, "stated-total-differs", ("1,001", "1,000")),
        # 199 days of 30/360 to 31 October: $1,000,000 and 1,000 × $100 × 199/360 = $55,277.777...
        ({"stated_price": "1055277.77"}, "stated-price-differs", ("$1,055,277.77", "$1,055,277.78")),
        ({"stated_price": "1055277.78"}, None, ()),
        ({"stated_price": "1055277.79"}, "stated-price-differs", ("$1,055,277.79", "$1,055,277.78")),
        ({"representation": False}, "redemption-without-representation", ()),
        ({"representation": None}, "redemption-without-representation", ()),
        ({"holders": ["Holder A"]}, None, ()),
        ({"holders": ["Holder B"]}, "redemption-notice-missed-a-holder", ("Holder A",)),
    ],
)
def test_s6_a_notice_states_what_is_so(more: dict[str, Any], finding: str | None, numbers: tuple[str, ...]) -> None:
    """The total, the aggregate price, the representation and the addressees are held against the ledger's own."""
    book = given(*WHOLE, noticed(**more))
    assert of_redemption(book) == ([finding] if finding else [])
    if finding:
        is_found(book, finding, (4,), *numbers)


def test_s6_a_notice_goes_to_each_holder_called_or_not() -> None:
    """A holder none of whose shares are called is mailed the notice too."""
    held = (COMMON, issued("3000"), issued("2100", "H-2", "Holder B"))
    line = noticed(("H-1", "300"), ("H-2", "210"), holders=["Holder A"])
    is_found(given(*held, line), "redemption-notice-missed-a-holder", (5,), "Holder B")
    both = noticed(("H-1", "300"), ("H-2", "210"), holders=["Holder B", "Holder A"])
    assert of_redemption(given(*held, both)) == []


@pytest.mark.parametrize(("called", "differs"), [("209.99", True), ("210", False), ("210.01", True)])
def test_s6_a_partial_redemption_takes_the_same_part_of_each_holder(called: str, differs: bool) -> None:
    """A tenth of 3,000 shares and a tenth of 2,100 are 300 and 210."""
    held = (COMMON, issued("3000"), issued("2100", "H-2", "Holder B"))
    listed = found(given(*held, noticed(("H-1", "300"), ("H-2", called))), "redemption-is-not-pro-rata")
    assert [(one.severity, one.entries) for one in listed] == ([("note", (5,))] if differs else [])


@pytest.mark.parametrize(("day", "passed"), [("2001-10-30", False), ("2001-10-31", False), ("2001-11-01", True)])
def test_s6_a_date_that_passed_without_redemption_is_found(day: str, passed: bool) -> None:
    """The shares noticed for 31 October are redeemed that day, or the Company did not do as it wrote."""
    redeemed = {"event": "SharesRedeemed", "effective": "2001-10-31", "redemption": "R-1"}
    assert of_redemption(given(*WHOLE, noticed()), day) == (["redemption-date-passed"] if passed else [])
    assert of_redemption(given(*WHOLE, noticed(), redeemed), day) == []


def test_s6_a_date_passes_without_redemption_where_nothing_is_left_to_redeem() -> None:
    """All 1,000 shares noticed converted before the date: the lesser of noticed and left is none."""
    notice = telecopied("2001-10-10T10:00:00-04:00", ("H-1", "1000"))
    assert of_redemption(given(COMMON, issued("1000"), noticed(), notice), "2001-11-01") == []
