"""§5(f)(i) §2 - A Notice of Conversion: its Conversion Date, the Company's window, and the dividends it makes due."""

from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest

from given import (
    COMMON,
    CONVERTED,
    NOTICE,
    ORIGINALS,
    REVOKED,
    delivered,
    given,
    instructed,
    issued,
    notice_on,
    on,
    on_notice,
    record,
    refused,
    sold,
    telecopied,
    transferred,
)
from ledger.moments import in_new_york, parse_day


def by_the_clock(instant: datetime | None) -> str:
    """An instant by the clocks of Palm Beach County."""
    return in_new_york(instant) if instant else "not yet"


# --- the Conversion Date ----------------------------------------------------------------------------------------------


def test_s5f_a_notice_in_business_hours_converts_when_it_comes() -> None:
    """At its receipt preferred shares end and Common Stock begins: that is the Conversion Date."""
    book = given(COMMON, issued(), NOTICE)
    assert by_the_clock(notice_on(book, "2001-11-09").conversion) == "Friday 2001-11-09 09:30:00"
    position = on(book, "2001-11-09")
    assert position.outstanding == 4100
    assert position.converted == 1000
    assert position.common.outstanding == 36388890
    assert position.pending_common == 1388890
    assert on(book, "2001-11-08").outstanding == 5100


@pytest.mark.parametrize(
    ("at", "day", "common"),
    [
        ("2001-11-02T16:59:59-05:00", "2001-11-02", 138889),
        ("2001-11-02T17:00:00-05:00", "2001-11-02", 138889),
        ("2001-11-02T17:00:01-05:00", "2001-11-05", 145719),
        ("2001-11-02T17:01:00-05:00", "2001-11-05", 145719),
    ],
)
def test_s5f_a_notice_at_17_01_is_received_at_the_next_opening(at: str, day: str, common: int) -> None:
    """After Friday 17:00:00 a notice converts on Monday at 9:00, and a dilutive sale on Saturday raises its rate."""
    # 5,000,000 sold at $0.45 upon 35,000,000: 138,889 × 64/61 = 145,719 and 37/61.
    sale = sold("2001-11-03", "5000000", "2250000")
    book = given(COMMON, issued(), telecopied(at, ("H-1", "100")), sale)
    assert notice_on(book, "2001-11-05").common_due == common
    assert on(book, "2001-11-04").outstanding == (5000 if day == "2001-11-02" else 5100)
    # 12 April to 2 November are 200 days of 30/360, to the 5th 203.
    days = 200 if day == "2001-11-02" else 203
    assert notice_on(book, "2001-11-05").dividend_due == Fraction(100 * 100 * days, 360)


def test_s5f_the_holding_is_judged_at_the_deemed_receipt() -> None:
    """Shares transferred away on Saturday cannot convert on Monday, although they were held on Friday at 17:01."""
    friday = telecopied("2001-11-02T17:01:00-05:00", ("H-1", "100"))
    away = transferred("2001-11-03", ("Holder B", "H-2", "5100"))
    assert refused(given(COMMON, issued(), away), friday) == "holding-must-cover-conversion"
    assert refused(given(COMMON, issued(), friday), away) == "later-entry-must-stand"


def test_s5f_without_copies_of_the_certificates_nothing_converts() -> None:
    """A notice without copies is no Conversion Date: it becomes one when the copies are received."""
    book = given(COMMON, issued(), {**NOTICE, "copies": False})
    assert notice_on(book, "2001-11-20").conversion is None
    assert on(book, "2001-11-20").outstanding == 5100
    record(book, on_notice("NoticeCompleted", "2001-11-20T17:00:01-05:00"))
    assert on(book, "2001-11-20").outstanding == 5100
    assert by_the_clock(notice_on(book, "2001-11-21").conversion) == "Wednesday 2001-11-21 09:00:00"
    assert on(book, "2001-11-21").outstanding == 4100


def test_s5f_a_notice_is_completed_once_and_only_if_copies_were_missing() -> None:
    """Copies that came cannot come again."""
    completed = on_notice("NoticeCompleted", "2001-11-20T10:00:00-05:00")
    assert refused(given(COMMON, issued(), NOTICE), completed) == "notice-must-allow-it"
    book = given(COMMON, issued(), {**NOTICE, "copies": False}, completed)
    assert refused(book, {**completed, "effective": "2001-11-21T10:00:00-05:00"}) == "notice-must-allow-it"


# --- the window -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("originals", "deadline"),
    [
        ("2001-04-12T10:00:00-04:00", "Tuesday 2001-04-17 17:00:00"),  # Good Friday is a business day
        ("2001-11-08T17:00:00-05:00", "Wednesday 2001-11-14 17:00:00"),
        ("2001-11-08T17:00:01-05:00", "Thursday 2001-11-15 17:00:00"),  # received Friday at 9:00
        ("2001-11-09T10:00:00-05:00", "Thursday 2001-11-15 17:00:00"),  # Monday is Veterans Day
        ("2001-11-09T17:01:00-05:00", "Friday 2001-11-16 17:00:00"),  # received Tuesday at 9:00
        ("2001-11-10T10:00:00-05:00", "Friday 2001-11-16 17:00:00"),
        ("2001-11-20T10:00:00-05:00", "Monday 2001-11-26 17:00:00"),  # Thursday is Thanksgiving
    ],
)
def test_s5f_the_company_has_three_business_days_from_the_originals(originals: str, deadline: str) -> None:
    """The window runs from the receipt of the originals, that day excluded, to 17:00:00 on the third business day."""
    notice = telecopied("2001-04-12T09:30:00-04:00", ("H-1", "1000"))
    position = on(given(COMMON, issued(), notice, on_notice("OriginalsReceived", originals)), "2001-11-30")
    assert by_the_clock(position.notices["N-1"].deadline(position.days)) == deadline


def test_s5f_the_window_does_not_begin_before_the_conversion_date() -> None:
    """Originals that come before the missing copies wait for them: three business days from the Conversion Date."""
    copies = on_notice("NoticeCompleted", "2001-11-20T10:00:00-05:00")
    position = on(given(COMMON, issued(), {**NOTICE, "copies": False}, ORIGINALS, copies), "2001-11-20")
    assert by_the_clock(position.notices["N-1"].deadline(position.days)) == "Monday 2001-11-26 17:00:00"


# --- what cannot be done on a notice ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        REVOKED,
        ORIGINALS,
        on_notice("NoticeCompleted", "2001-11-09T10:00:00-05:00"),
        instructed("2001-11-09T10:00:00-05:00"),
        delivered("2001-11-09T10:00:00-05:00"),
        on_notice("ConversionDividendPaid", "2001-11-09T10:00:00-05:00", amount="1.00"),
    ],
    ids=["revocation", "originals", "copies", "instruction", "delivery", "dividend"],
)
def test_s5f_nothing_is_done_on_a_notice_that_has_not_come(line: dict[str, Any]) -> None:
    """Everything begins with the telecopied notice: before it, and on an unknown one, nothing can be done."""
    assert refused(given(COMMON, issued()), line) == "notice-must-be-received"
    later = telecopied("2001-11-20T09:30:00-05:00", ("H-1", "1000"))
    assert refused(given(COMMON, issued(), later), line) == "notice-must-be-received"


@pytest.mark.parametrize(
    "line",
    [
        ORIGINALS | {"effective": "2001-11-16T10:00:00-05:00"},
        instructed("2001-11-16T10:00:00-05:00"),
        delivered("2001-11-16T10:00:00-05:00"),
    ],
    ids=["originals again", "instruction", "delivery"],
)
@pytest.mark.parametrize("end", [REVOKED, delivered("2001-11-14T10:00:00-05:00")], ids=["revoked", "delivered"])
def test_s5f_a_notice_ends_once(end: dict[str, Any], line: dict[str, Any]) -> None:
    """After revocation or delivery no originals come again, no agent is contacted and nothing is delivered."""
    assert refused(given(*CONVERTED, end), line) == "notice-must-allow-it"


def test_s5f_nothing_is_delivered_before_the_conversion_date() -> None:
    """Telecopied on Friday at 17:01, a notice has nothing to deliver on Saturday."""
    friday = telecopied("2001-11-02T17:01:00-05:00", ("H-1", "1000"))
    line = delivered("2001-11-03T10:00:00-05:00")
    assert refused(given(COMMON, issued(), friday), line) == "notice-must-allow-it"


# --- dividends on conversion ------------------------------------------------------------------------------------------


def test_s2_dividends_on_converted_shares_fall_due_at_once() -> None:
    """On the Conversion Date what accrued on the 1,000 shares converted is due: 207 days, $57,500.00."""
    book = given(*CONVERTED)
    assert notice_on(book, "2001-11-09").dividend_due == Fraction(1000 * 100 * 207, 360) == 57500
    assert on(book, "2001-11-09").accrued_unpaid(parse_day("2001-11-09")) == Fraction(4100 * 100 * 207, 360)


@pytest.mark.parametrize(("amount", "rest"), [("57499.99", "0.01"), ("57500.00", None), ("0.01", "57499.99")])
def test_s2_conversion_dividends_are_paid_up_to_what_is_due(amount: str, rest: str | None) -> None:
    """$57,500.00 may be paid on the notice, at once or in parts, and not a cent more."""
    line = on_notice("ConversionDividendPaid", "2001-11-13T10:00:00-05:00")
    book = given(*CONVERTED)
    assert refused(book, {**line, "amount": "57500.01"}) == "payment-must-not-exceed-what-is-due"
    record(book, *({**line, "amount": part} for part in (amount, rest) if part))
    assert notice_on(book, "2001-11-13").dividend_paid == 57500
    assert refused(book, {**line, "amount": "0.01"}) == "payment-must-not-exceed-what-is-due"


def test_s2_no_conversion_dividend_is_paid_without_a_conversion() -> None:
    """Before the Conversion Date and after revocation there is no dividend due on the notice."""
    line = on_notice("ConversionDividendPaid", "2001-11-16T10:00:00-05:00", amount="1.00")
    assert refused(given(COMMON, issued(), {**NOTICE, "copies": False}), line) == "notice-must-allow-it"
    assert refused(given(*CONVERTED, REVOKED), line) == "notice-must-allow-it"
