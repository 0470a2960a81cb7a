"""§5(f)(i) - Revocation: when the holder may revoke a notice, and to what positions both sides are restored."""

from fractions import Fraction
from typing import Any

import pytest

from given import (
    AFTER,
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
from ledger.errors import LedgerError
from ledger.figures import per_share
from ledger.moments import parse_day

RATE = Fraction("1388.89")


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2001-11-09T10:00:01-05:00", "delivery-window-must-have-passed"),
        ("2001-11-15T16:59:59-05:00", "delivery-window-must-have-passed"),
        ("2001-11-15T17:00:00-05:00", "delivery-window-must-have-passed"),
        ("2001-11-15T17:00:01-05:00", None),
        ("2001-11-16T03:00:00-05:00", None),
    ],
)
def test_s5f_revocation_lies_after_17_00_00_of_the_third_business_day(at: str, outcome: str | None) -> None:
    """Until Thursday 15 November 2001, 17:00:00, the Company may deliver; a second later the holder may revoke."""
    revoked = {**REVOKED, "effective": at}
    if outcome:
        assert refused(given(*CONVERTED), revoked) == outcome
    else:
        assert on(given(*CONVERTED, revoked), "2001-11-16").outstanding == 5100


def test_s5f_an_early_revocation_is_told_both_instants() -> None:
    """The refusal says when the originals came and until when the Company may deliver."""
    with pytest.raises(LedgerError) as refusal:
        record(given(*CONVERTED), {**REVOKED, "effective": "2001-11-15T17:00:00-05:00"})
    _, rule, instead = refusal.value.sentences()
    assert "came Friday 2001-11-09 10:00:00" in rule
    assert "3 business days" in rule
    assert "Revoke after Thursday 2001-11-15 17:00:00" in instead


@pytest.mark.parametrize(
    "lines",
    [
        (COMMON, issued(), NOTICE),
        (COMMON, issued(), {**NOTICE, "copies": False}, ORIGINALS),
        (COMMON, issued(), {**NOTICE, "effective": AFTER}, {**ORIGINALS, "effective": AFTER}),
        (*CONVERTED, delivered("2001-11-15T16:00:00-05:00")),
        (*CONVERTED, delivered("2001-11-15T17:00:01-05:00")),
        (*CONVERTED, REVOKED),
    ],
    ids=["without originals", "without copies", "not yet received", "delivered", "delivered late", "revoked"],
)
def test_s5f_there_is_nothing_to_revoke(lines: tuple[dict[str, Any], ...]) -> None:
    """Without originals or a Conversion Date, after delivery, and a second time, there is no revocation."""
    assert refused(given(*lines), REVOKED) == "notice-must-allow-it"


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2001-11-15T16:59:59-05:00", "notice-must-allow-it"),
        ("2001-11-15T17:00:00-05:00", "notice-must-allow-it"),
        ("2001-11-15T17:00:01-05:00", None),
    ],
)
def test_s5f_contacting_the_transfer_agent_in_time_defeats_revocation(at: str, outcome: str | None) -> None:
    """An instruction up to 17:00:00 of the third business day cures; one a second later cures nothing."""
    book = given(*CONVERTED, instructed(at))
    revoked = {**REVOKED, "effective": "2001-11-15T17:00:02-05:00"}
    if outcome:
        assert refused(book, revoked) == outcome
    else:
        assert on(record(book, revoked), "2001-11-15").outstanding == 5100


def test_s5f_a_late_repetition_does_not_undo_a_timely_instruction() -> None:
    """The transfer agent was contacted when it was first contacted."""
    book = given(*CONVERTED, instructed("2001-11-14T10:00:00-05:00"), instructed("2001-11-16T10:00:00-05:00"))
    assert refused(book, {**REVOKED, "effective": "2001-11-19T10:00:00-05:00"}) == "notice-must-allow-it"


# --- restoration ------------------------------------------------------------------------------------------------------


def test_s5f_a_revocation_restores_both_sides_and_the_rate_keeps_its_increase() -> None:
    """5,100 shares are outstanding again, Common is back at 40,000,000, and the rate stays 1,454.795148."""
    # 1,000 shares give 1,388,890 pending: base 36,388,890. 5,000,000 sold at $0.45, while they were pending:
    # 41,388,890 / (36,388,890 + 3,125,000 = 39,513,890).
    book = given(*CONVERTED, sold("2001-11-13", "5000000", "2250000"), REVOKED)
    position = on(book, "2001-11-15")
    assert position.outstanding == 5100
    assert position.converted == 0
    assert position.common.outstanding == 40000000
    assert position.pending_common == 0
    assert position.rate == RATE * Fraction(41388890, 39513890)
    assert per_share(RATE * Fraction(41388890, 39513890)) == "1454.795148"
    assert on(book, "2001-11-14").common.outstanding == 41388890


def test_s5f_accrual_goes_on_as_if_never_interrupted() -> None:
    """Restored shares accrue from their old start, the days of the notice included."""
    book = given(*CONVERTED, REVOKED)
    # 12 April to 10 December: 238 days of 30/360.
    assert on(book, "2001-12-10").accrued_unpaid(parse_day("2001-12-10")) == Fraction(5100 * 100 * 238, 360)
    assert on(book, "2001-11-14").accrued_unpaid(parse_day("2001-11-14")) == Fraction(4100 * 100 * 212, 360)
    assert {held.number: held.shares for held in on(book, "2001-11-15").live()} == {"H-1": 5100}


def test_s5f_restored_shares_bring_back_what_was_paid_on_them() -> None:
    """Dividends paid before the notice, and those paid on the conversion, count as paid on the restored shares."""
    june = {"event": "DividendPaid", "effective": "2001-06-11", "payable_on": "2001-06-10", "amount": "51000.00"}
    # $10,000 of the $51,000 were paid on the 1,000 shares: $57,500 to 9 November (207 days) less that is $47,500.
    on_conversion = on_notice("ConversionDividendPaid", "2001-11-13T10:00:00-05:00", amount="40000.00")
    book = given(COMMON, issued(), june, NOTICE, ORIGINALS, on_conversion)
    assert notice_on(book, "2001-11-13").dividend_due == 47500
    assert {held.paid for held in on(book, "2001-11-13").live()} == {Fraction(41000)}
    (held,) = on(record(book, REVOKED), "2001-11-15").live()
    assert held.paid == 91000
    assert on(book, "2001-12-10").accrued_unpaid(parse_day("2001-12-10")) == Fraction(5100 * 100 * 238, 360) - 91000


def test_s5f_restored_shares_stand_alone_where_their_certificate_has_moved_on() -> None:
    """Where the other 4,100 shares were transferred meanwhile the 1,000 stand alone under the old number."""
    book = given(*CONVERTED, transferred("2001-11-13", ("Holder B", "H-2", "4100")), REVOKED)
    held = {one.number: one for one in on(book, "2001-11-15").live()}
    assert {number: one.shares for number, one in held.items()} == {"H-1": 1000, "H-2": 4100}
    assert held["H-1"].holder == "Holder A"
    assert held["H-2"].holder == "Holder B"
    assert {one.accrues_from for one in held.values()} == {parse_day("2001-04-12")}


def test_s5f_restored_shares_may_convert_again_at_todays_rate() -> None:
    """After revocation the holder may give a new notice, and converts at the rate of that day."""
    again = telecopied("2001-11-16T10:00:00-05:00", ("H-1", "5100"), notice="N-2", fractions="issue")
    book = given(*CONVERTED, sold("2001-11-13", "5000000", "2250000"), REVOKED, again)
    due = 5100 * RATE * Fraction(41388890, 39513890)
    assert on(book, "2001-11-16").notices["N-2"].common_due == due
    assert on(book, "2001-11-16").common.outstanding == 40000000 + due
