"""§8(b) - The certificate amended: every term in force from its day, and the majority that has to approve."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from given import COMMON, FIRST_RECORDED, ORIGINALS, REVOKED, given, issued, on, record, refused, sold, telecopied
from ledger.book import Book
from ledger.errors import LedgerError
from ledger.moments import parse_day
from projections.findings.every import findings
from projections.findings.finding import Finding
from projections.question import Question
from projections.votes import actions

RATE = Fraction("1388.89")


def amended(effective: str = "2001-07-12", **terms: Any) -> dict[str, Any]:
    """A journal line that amends some terms from a day on."""
    return {"event": "CertificateAmended", "effective": effective, "terms": terms}


def dividend(payable_on: str, amount: str, effective: str) -> dict[str, Any]:
    """A journal line for a dividend paid."""
    return {"event": "DividendPaid", "effective": effective, "payable_on": payable_on, "amount": amount}


def found(book: Book, finding: str, day: str = "2001-12-31") -> list[Finding]:
    """The findings of one id on a day."""
    return [one for one in findings(Question.ask(book, parse_day(day))) if one.finding == finding]


def accrued(book: Book, day: str) -> Fraction:
    """Dollars accrued and unpaid at a day."""
    return on(book, day).accrued_unpaid(parse_day(day))


# 3,600 shares accrue $1,000 a day of 30/360 at ten percent, $1,200 at twelve, $500 at five.
SHARES = issued("3600")
TWELVE = amended(dividend_rate="0.12")  # from 12 July 2001, 90 days after 12 April


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2001-06-10", 58 * 1000),
        ("2001-07-11", 89 * 1000),
        ("2001-07-12", 90 * 1000),
        ("2001-07-13", 90 * 1000 + 1200),
        ("2001-09-10", 90 * 1000 + 58 * 1200),
        ("2002-04-12", 90 * 1000 + 270 * 1200),
    ],
    ids=["long before", "the day before", "its day", "the day after", "a payment date", "a year"],
)
def test_s2_an_amended_rate_accrues_each_part_at_its_own(day: str, expected: int) -> None:
    """Ninety days accrue at ten percent a year, and every day from 12 July on at twelve."""
    assert accrued(given(SHARES, TWELVE), day) == expected


def test_s2_a_rate_may_be_amended_again_and_cut() -> None:
    """Ninety days at ten percent, thirty at twelve and thirty at five are $90,000, $36,000 and $15,000."""
    book = given(SHARES, TWELVE, amended("2001-08-12", dividend_rate="0.05"))
    assert accrued(book, "2001-09-12") == 90000 + 36000 + 15000
    assert accrued(book, "2001-08-12") == 90000 + 36000


def test_s2_amendments_of_other_terms_cut_no_accrual() -> None:
    """A threshold amended between two rates leaves the accrual of each part as it was."""
    book = given(SHARES, amended("2001-05-12", threshold_price="0.50"), TWELVE)
    assert accrued(book, "2001-07-13") == 91200


def test_s2_shares_issued_after_an_amendment_accrue_at_the_rate_amended() -> None:
    """3,600 shares issued on 12 August accrue thirty days at twelve percent by 12 September."""
    assert accrued(given(TWELVE, issued("3600", on="2001-08-12")), "2001-09-12") == 36000


@pytest.mark.parametrize(
    ("amount", "name"),
    [("57999.99", None), ("58000.00", None), ("58000.01", "payment-must-not-exceed-what-is-due")],
)
def test_s2_a_dividend_of_before_an_amendment_is_reckoned_at_the_rate_of_then(amount: str, name: str | None) -> None:
    """Paid after the amendment, the dividend of 10 June is still 58 days at ten percent: $58,000.00."""
    book, line = given(SHARES, TWELVE), dividend("2001-06-10", amount, "2001-07-20")
    if name:
        assert refused(book, line) == name
    else:
        assert accrued(record(book, line), "2001-09-10") == 159600 - Fraction(amount)


def test_s2_the_dividend_of_the_period_amended_has_both_parts() -> None:
    """From 10 June to 10 September 32 days at $1,000 and 58 at $1,200 accrue: $101,600.00, and no cent more is due."""
    book = given(SHARES, TWELVE, dividend("2001-06-10", "58000.00", "2001-06-11"))
    assert refused(book, dividend("2001-09-10", "101600.01", "2001-09-10")) == "payment-must-not-exceed-what-is-due"
    assert accrued(record(book, dividend("2001-09-10", "101600.00", "2001-09-10")), "2001-09-10") == 0


def test_s8b_an_amendment_learned_of_late_takes_its_place() -> None:
    """A rate amended on 12 July and recorded after the payment of September leaves 58 days at $200 unpaid."""
    book = given(SHARES, dividend("2001-09-10", "148000.00", "2001-09-10"))
    assert accrued(book, "2001-09-10") == 0
    record(book, TWELVE)
    assert accrued(book, "2001-09-10") == 58 * 200
    before = Question.ask(book, parse_day("2001-09-10"), FIRST_RECORDED + timedelta(seconds=1))
    assert before.position.accrued_unpaid(parse_day("2001-09-10")) == 0


def test_s8b_a_late_amendment_that_undoes_a_payment_is_refused() -> None:
    """At five percent from 12 July $119,000 were due in September, so that $148,000 cannot have been."""
    book = given(SHARES, dividend("2001-09-10", "148000.00", "2001-09-10"))
    assert refused(book, amended(dividend_rate="0.05")) == "later-entry-must-stand"


@pytest.mark.parametrize(
    ("day", "rate"),
    [("2001-07-01", RATE), ("2001-07-02", Fraction(1500)), ("2001-07-03", Fraction(1500) * 64 / 61)],
)
def test_s5b_an_amended_conversion_rate_holds_from_its_day(day: str, rate: Fraction) -> None:
    """1,500 from 2 July on; 5,000,000 sold at $0.45 the day after raise it by 64/61."""
    lines = (amended("2001-07-02", conversion_rate="1500"), sold("2001-07-03", "5000000", "2250000"))
    assert on(given(COMMON, issued(), *lines), day).rate == rate


@pytest.mark.parametrize(
    ("at", "common"),
    [("2001-06-29T17:00:00-04:00", 138889), ("2001-06-29T17:00:01-04:00", 150000)],
    ids=["received before", "received on the day"],
)
def test_s5b_a_notice_converts_at_the_rate_of_its_conversion_date(at: str, common: int) -> None:
    """100 shares convert at 1,388.89 where received on Friday, at 1,500 where received on Monday 2 July."""
    book = given(COMMON, issued(), amended("2001-07-02", conversion_rate="1500"), telecopied(at, ("H-1", "100")))
    assert on(book, "2001-07-02").notices["N-1"].common_due == common


@pytest.mark.parametrize(
    ("effective", "cash", "factor"),
    [
        ("2001-07-01", "3000000", Fraction(40000000 * 72, 35000000 * 72 + 300000000)),  # $0.60 below $0.72
        ("2001-07-02", "3000000", Fraction(1)),  # $0.60 not below $0.50
        ("2001-07-02", "2500000.01", Fraction(1)),
        ("2001-07-02", "2500000", Fraction(1)),
        ("2001-07-02", "2499999.99", 40000000 / (35000000 + Fraction("2499999.99") * 2)),
        ("2001-07-02", "2250000", Fraction(80, 79)),  # 40,000,000 / (35,000,000 + 2,250,000/0.50 = 4,500,000)
    ],
    ids=["0.60 the day before", "0.60", "a cent over 0.50", "0.50", "a cent under 0.50", "0.45"],
)
def test_s5e_an_amended_threshold_governs_sales_from_its_day(effective: str, cash: str, factor: Fraction) -> None:
    """§5(e)(i) - $0.50 in place of $0.72 from 2 July on decides whether a sale dilutes, and by how much."""
    lines = (amended("2001-07-02", threshold_price="0.50"), sold(effective, "5000000", cash))
    assert on(given(COMMON, issued(), *lines), "2001-07-02").rate == RATE * factor


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ("2001-06-28T09:30:00-04:00", "2001-06-28T09:30:00-04:00"),
        ("2001-06-29T16:30:00-04:00", "2001-06-29T16:30:00-04:00"),
        ("2001-06-29T17:30:00-04:00", "2001-07-02T10:00:00-04:00"),
        ("2001-07-02T09:30:00-04:00", "2001-07-02T10:00:00-04:00"),
        ("2001-07-02T10:00:00-04:00", "2001-07-02T10:00:00-04:00"),
        ("2001-07-02T16:00:00-04:00", "2001-07-02T16:00:00-04:00"),
        ("2001-07-02T16:00:01-04:00", "2001-07-03T10:00:00-04:00"),
    ],
)
def test_s5f_amended_hours_move_a_receipt_only_from_their_day(sent: str, received: str) -> None:
    """From Monday 2 July 2001 business hours are 10:00 to 16:00, before they are 9:00 to 17:00."""
    hours = amended("2001-07-02", business_opens="10:00", business_closes="16:00")
    position = on(given(COMMON, issued(), hours, telecopied(sent, ("H-1", "100"))), "2001-07-03")
    assert position.notices["N-1"].conversion == datetime.fromisoformat(received)


@pytest.mark.parametrize(
    ("terms", "name"),
    [
        ({"dividend": "0.12"}, "term-must-be-known"),
        ({"signed_on": "2001-04-13"}, "term-must-be-known"),
        ({"company": "Other, Inc."}, "term-must-be-known"),
        ({"readings": {"lot": "binds every notice"}}, "term-must-be-known"),
        ({"dividend_rate": "0"}, "quantity-must-be-positive"),
        ({"dividend_rate": "-0.1"}, "quantity-must-be-positive"),
        ({"dividend_rate": "ten"}, "quantity-must-be-a-number"),
        ({"dividend_rate": 0.12}, "quantity-must-be-exact"),
        ({"first_dividend_payment": "2001-6-10"}, "day-must-be-strict"),
        ({"dividend_payment_days": ["02-30"]}, "day-must-be-strict"),
        ({"business_opens": "9 a.m."}, "time-must-be-strict"),
        ({"business_opens": "17:00"}, "hours-must-run-forward"),
        ({"business_opens": "17:00", "business_closes": "09:00"}, "hours-must-run-forward"),
    ],
)
def test_s8b_what_is_no_term_or_no_value_of_it_is_refused_by_name(terms: dict[str, Any], name: str) -> None:
    """An amendment names terms of the certificate, never its date or its readings, with values such as they take."""
    assert refused(given(issued()), amended(**terms)) == name


def test_s6_an_amended_notice_period_binds_notices_from_its_day() -> None:
    """With sixty days in place of thirty from 2 July, a notice of 3 July for 12 August, forty days, is short."""
    shares = [{"certificate": "H-1", "shares": "5100"}]
    line = {"event": "RedemptionNoticeMailed", "representation": True, "shares": shares}
    after = {**line, "effective": "2001-07-03", "redemption": "R-1", "redemption_date": "2001-08-12"}
    before = {**line, "effective": "2001-05-10", "redemption": "R-1", "redemption_date": "2001-06-10"}
    period = amended("2001-07-02", redemption_notice_days=60)
    assert len(found(given(issued(), period, after), "redemption-notice-was-short")) == 1
    assert found(given(issued(), period, before), "redemption-notice-was-short") == []


@pytest.mark.parametrize(("paid_on", "breach"), [("2001-06-12", True), ("2001-07-02", False)])
def test_s2_an_amended_list_of_later_stock_frees_dividends_from_its_day(paid_on: str, breach: bool) -> None:
    """Series L, added on 2 July to the stock that need not wait, may be paid from then on and not before."""
    later = amended("2001-07-02", stock_issued_later=["Series K", "Series L"])
    line = {"event": "OtherClassDividendPaid", "effective": paid_on, "stock": "Series L", "amount": "1.00"}
    assert bool(found(given(issued(), later, line), "other-class-paid-in-arrears")) is breach


def test_s10_an_amended_count_of_days_leaves_earlier_notices_in_time() -> None:
    """Twenty business days from 2002 on do not make a notice of 8 November 2001 for 26 November late."""
    notice = {"event": "RecordDateNoticeMailed", "action": "X", "specified_dates": ["2001-11-26"]}
    book = given(issued(), {**notice, "effective": "2001-11-08"}, amended("2002-01-02", record_notice_business_days=20))
    assert found(book, "record-notice-was-late", "2002-01-31") == []


CONSENT = {"event": "ConsentGiven", "effective": "2001-07-02", "action": "X", "holder": "Holder A"}
APPROVAL = {"event": "ActionTaken", "action": "X", "kind": "charter_amendment"}
LOT = amended(conversion_lot=50)


@pytest.mark.parametrize(
    ("shares", "approved", "kind", "breach"),
    [
        ("2550.01", "2001-07-11", "charter_amendment", False),
        ("2550.01", "2001-07-12", "charter_amendment", False),
        ("2550.01", "2001-07-13", "charter_amendment", True),
        ("2550", "2001-07-11", "charter_amendment", True),
        ("2550.01", "2001-07-11", "adverse", True),
    ],
    ids=["the day before", "the same day", "the day after", "exactly half", "of another kind"],
)
def test_s8b_an_amendment_needs_a_charter_amendment_that_a_majority_approved(
    shares: str, approved: str, kind: str, breach: bool
) -> None:
    """The certificate amended before more than half of 5,100 shares approved a charter amendment is a breach."""
    lines = ({**CONSENT, "shares": shares}, {**APPROVAL, "effective": approved, "kind": kind})
    listed = found(given(issued(), *lines, LOT), "amendment-without-consent")
    expected = [("§8(b)(iii)", (5,), parse_day("2001-07-12"))] if breach else []
    assert [(one.clause, one.entries, one.since) for one in listed] == expected


def test_s8b_an_amendment_nobody_approved_is_found() -> None:
    """Without any action recorded an amendment stands, and is found."""
    (finding,) = found(given(issued(), LOT), "amendment-without-consent")
    assert (finding.severity, finding.entries) == ("breach", (3,))


@pytest.mark.parametrize(
    ("terms", "finding", "clause"),
    [
        ({"stated_value": "999.99"}, "amendment-without-consent", "§8(b)(ii)"),
        ({"dividend_rate": "0.0999"}, "amendment-without-consent", "§8(b)(ii)"),
        ({"conversion_rate": "1388.9"}, "amendment-without-consent", "§8(b)(iii)"),
        ({"delivery_business_days": 4}, "amendment-without-consent", "§8(b)(iii)"),
        ({"majority": "0.75"}, "amendment-without-consent", "§8(b)(iv)"),
        ({"stated_value": "1000.01"}, "amendment-outside-the-list", "§8(a)"),
        ({"dividend_rate": "0.1001"}, "amendment-outside-the-list", "§8(a)"),
        ({"redemption_notice_days": 29}, "amendment-outside-the-list", "§8(a)"),
        ({"stated_value": "1000.00"}, None, ""),
        ({"stock_issued_later": ["Series K", "Series L"]}, None, ""),
    ],
    ids=str,
)
def test_s8b_an_amendment_is_held_against_the_list(terms: dict[str, Any], finding: str | None, clause: str) -> None:
    """§8(b)(ii) §8(b)(iii) §8(b)(iv) - A lower preference, a conversion right, a right of §8; the rest is §8(a)'s."""
    book = given(issued(), amended(**terms))
    listed = findings(Question.ask(book, parse_day("2001-12-31")))
    told = [(one.finding, one.clause) for one in listed if one.finding.startswith("amendment-")]
    assert told == ([(finding, clause)] if finding else [])


def test_s8b_an_approval_serves_the_amendments_of_one_day() -> None:
    """Approved on 11 July: what was amended on the 12th needs nothing more, what was amended in August does."""
    lines = ({**CONSENT, "shares": "5100"}, {**APPROVAL, "effective": "2001-07-11"})
    book = given(issued(), *lines, LOT, amended(majority="0.60"), amended("2001-08-12", majority="0.50"))
    assert [one.entries for one in found(book, "amendment-without-consent")] == [(7,)]


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"majority": "0.60"}, "majority was amended; no charter amendment"),
        ({"conversion_lot": 50, "conversion_rate": "1400"}, "conversion_lot, conversion_rate were amended; no charter"),
    ],
    ids=["one", "two"],
)
def test_s8b_a_finding_names_every_term_that_was_amended(terms: dict[str, Any], says: str) -> None:
    """Of one term it says that it was amended, of several that they were."""
    (finding,) = found(given(issued(), amended(**terms)), "amendment-without-consent")
    assert finding.says.startswith(says)


def test_s8b_without_shares_outstanding_an_amendment_needs_no_consent() -> None:
    """The majority is of the then outstanding shares: before any is issued there is none to ask."""
    book = given(amended("2001-04-11", threshold_price="0.50"), issued())
    assert found(book, "amendment-without-consent") == []


def test_s8b_a_majority_after_the_amendment_does_not_make_it_one_approved_before() -> None:
    """Approved by half on 11 July, amended on the 12th, ratified on the 20th: the amendment stays found."""
    first = {**CONSENT, "shares": "2550"}
    later = {**CONSENT, "effective": "2001-07-20", "shares": "0.01"}
    book = given(issued(), first, {**APPROVAL, "effective": "2001-07-11"}, LOT, later)
    assert len(found(book, "amendment-without-consent", "2001-07-19")) == 1
    assert len(found(book, "amendment-without-consent", "2001-07-20")) == 1


@pytest.mark.parametrize(
    ("amended_on", "found_on"),
    [
        (("2001-07-19",), ["2001-07-19"]),
        (("2001-07-20",), []),
        (("2001-08-12",), []),
        (("2001-07-12", "2001-08-12"), ["2001-07-12", "2001-08-12"]),
        (("2001-08-12", "2001-08-13"), ["2001-08-13"]),
    ],
    ids=["before", "the same day", "after", "the first amendment had it", "one day alone"],
)
def test_s8b_an_action_ratified_before_the_amendment_was_approved(
    amended_on: tuple[str, ...], found_on: list[str]
) -> None:
    """Taken on 11 July with half, and approved on the 20th by the hundredth of a share more that makes a majority.

    It approves the first amendment after it was taken, and that only where the majority was there by then.
    """
    half, more = {**CONSENT, "shares": "2550"}, {**CONSENT, "effective": "2001-07-20", "shares": "0.01"}
    made = [amended(day, conversion_lot=50 - place) for place, day in enumerate(amended_on)]
    book = given(issued(), half, {**APPROVAL, "effective": "2001-07-11"}, more, *made)
    assert [one.since.isoformat() for one in found(book, "amendment-without-consent")] == found_on


def test_s8b_an_action_of_before_the_first_issue_has_nobodys_approval() -> None:
    """Taken on 11 April, when no share was outstanding, it breaches nothing; nor does it approve what July amends."""
    book = given({**APPROVAL, "effective": "2001-04-11"}, issued(), LOT)
    assert found(book, "action-without-majority") == []
    assert [one.entries for one in found(book, "amendment-without-consent")] == [(4,)]
    (told,) = actions(Question.ask(book, parse_day("2001-12-31")))
    assert told["state"] == "needed no consent"


def test_s5f_a_refused_revocation_tells_the_days_that_were_counted() -> None:
    """Originals of Monday 2 July have three business days, to Friday the 6th, though the 3rd amends them to seven."""
    lines = (
        telecopied("2001-07-02T10:00:00-04:00", ("H-1", "100")),
        {**ORIGINALS, "effective": "2001-07-02T10:00:00-04:00"},
    )
    book = given(issued(), *lines, amended("2001-07-03", delivery_business_days=7))
    with pytest.raises(LedgerError, match=r"gives the Company 3 business days .* until Friday 2001-07-06 17:00:00"):
        record(book, {**REVOKED, "effective": "2001-07-05"})


def test_s2_payment_days_amended_leave_the_dates_before_as_they_were() -> None:
    """With other payment days from 2002 on, the dividend of 10 December 2001 can still be paid and was in arrears."""
    days = amended("2002-01-02", dividend_payment_days=["01-15", "04-15", "07-15", "10-15"])
    book = given(SHARES, days, dividend("2001-12-10", "238000.00", "2002-01-04"))
    # 12 April to 10 December: 7 months and 28 days are 238 days at $1,000.
    assert accrued(book, "2001-12-10") == 238000
    assert accrued(book, "2002-01-10") == 30000
