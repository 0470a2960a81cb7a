"""§1 §7 - Five thousand one hundred shares, fractions allowed, and none ever issued twice."""

from fractions import Fraction
from typing import Any

import pytest

from given import COMMON, given, issued, on, on_notice, record, refused, telecopied
from ledger.errors import LedgerError
from ledger.moments import parse_day
from projections.outstanding_shares import status

REACQUIRED = {
    "event": "PreferredSharesReacquired",
    "effective": "2001-07-02",
    "certificate": "H-1",
    "shares": "1000",
    "price": "1000000.00",
}
NOTICED = {
    "event": "RedemptionNoticeMailed",
    "effective": "2001-06-01",
    "redemption": "R-1",
    "redemption_date": "2001-07-02",
    "shares": [{"certificate": "H-1", "shares": "1000"}],
}
REDEEMED = {"event": "SharesRedeemed", "effective": "2001-07-02", "redemption": "R-1"}
CONVERTED = telecopied("2001-07-02T10:00:00-04:00", ("H-1", "1000"))


def transferred(certificate: str, *into: tuple[str, str, str], effective: str = "2001-07-02") -> dict[str, Any]:
    """A journal line that divides a certificate into (holder, certificate, shares)."""
    parts = [{"holder": holder, "certificate": number, "shares": shares} for holder, number, shares in into]
    return {"event": "PreferredSharesTransferred", "effective": effective, "certificate": certificate, "into": parts}


def replaced(certificate: str, new_certificate: str, effective: str = "2001-07-02") -> dict[str, Any]:
    """A journal line that replaces a lost certificate."""
    names = {"certificate": certificate, "new_certificate": new_certificate}
    return {"event": "CertificateReplaced", "effective": effective, **names, "reason": "lost", "indemnity": "a bond"}


@pytest.mark.parametrize("shares", ["5099.99", "5100"])
def test_s1_shares_up_to_5100_may_be_issued(shares: str) -> None:
    """The Company may issue any number of shares, fractions included, up to the 5,100 designated."""
    position = on(given(issued(shares)), "2001-04-12")
    assert position.issued == position.outstanding == Fraction(shares)


def test_s1_share_5100_01_is_refused_with_both_numbers() -> None:
    """More than 5,100 shares cannot have been issued, and the refusal says what was issued and what remains."""
    assert refused(given(), issued("5100.01")) == "issue-must-stay-within-designation"
    book = given(issued("5000"))
    assert on(record(given(issued("5000")), issued("100", "H-2")), "2001-04-12").issued == 5100
    with pytest.raises(LedgerError) as refusal:
        record(book, issued("100.01", "H-2"))
    said = " ".join(refusal.value.sentences())
    assert all(number in said for number in ("100.01", "5,100", "5,000 were issued", "100 remain"))


def test_s1_fractional_shares_add_up_exactly() -> None:
    """Fractional shares count for what they are, and the last hundredth of a share is still a share."""
    book = given(issued("2056.99"), issued("3043", "H-2"))
    assert on(book, "2001-04-12").issued == Fraction("5099.99")
    assert refused(book, issued("0.02", "H-3")) == "issue-must-stay-within-designation"
    assert on(record(book, issued("0.01", "H-3")), "2001-04-12").issued == 5100


@pytest.mark.parametrize(
    "lines",
    [[CONVERTED], [NOTICED, REDEEMED], [REACQUIRED]],
    ids=["after a conversion", "after a redemption", "after a reacquisition"],
)
def test_s7_shares_that_came_back_are_never_issued_again(lines: list[dict[str, Any]]) -> None:
    """Shares converted, redeemed or reacquired are cancelled and free nothing: not 0.01 share may follow the 5,100."""
    book = given(COMMON, issued(), *lines)
    assert on(book, "2001-07-02").outstanding == 4100
    late = issued("0.01", "H-9", on="2001-07-03")
    assert refused(book, late) == "issue-must-stay-within-designation"


def test_s1_s7_what_became_of_the_shares_sums_to_what_was_issued() -> None:
    """At the end of every day issued shares are outstanding, converted, redeemed or reacquired, and nothing else."""
    converted = telecopied("2001-06-01T10:00:00-04:00", ("H-1", "300"))
    called = {**NOTICED, "shares": [{"certificate": "H-1", "shares": "700.5"}]}
    bought = {**REACQUIRED, "effective": "2001-07-03", "shares": "99.5"}
    originals = on_notice("OriginalsReceived", "2001-06-01T10:00:00-04:00")
    revoked = on_notice("NoticeOfConversionRevoked", "2001-07-05T10:00:00-04:00")
    book = given(COMMON, issued("5000"), converted, called, REDEEMED, bought, originals, revoked)
    # 5,000 less 300; less 700.5; less 99.5; plus the 300 restored.
    expected = {"2001-05-31": 5000, "2001-06-01": 4700, "2001-07-02": 3999.5, "2001-07-03": 3900, "2001-07-05": 4200}
    for day, outstanding in expected.items():
        position = on(book, day)
        assert position.outstanding == Fraction(str(outstanding))
        assert position.outstanding + position.converted + position.redeemed + position.reacquired == position.issued
        assert sum(held.shares for held in position.live()) == position.outstanding


def test_s1_a_transfer_carries_holder_shares_and_issue_day() -> None:
    """A transfer uses a certificate up and gives its shares, accruing from the same day, to the new ones."""
    book = given(issued(), transferred("H-1", ("Holder B", "H-2", "2550.5"), ("Holder A", "H-3", "2549.5")))
    position = on(book, "2001-07-02")
    assert [(one.number, one.holder, one.shares) for held in position.holdings().values() for one in held] == [
        ("H-3", "Holder A", Fraction("2549.5")),
        ("H-2", "Holder B", Fraction("2550.5")),
    ]
    assert {held.accrues_from for held in position.live()} == {parse_day("2001-04-12")}
    assert position.issued == position.outstanding == 5100
    assert next(on(book, "2001-07-01").live()).number == "H-1"


@pytest.mark.parametrize("shares", ["5099.99", "5100.01"])
def test_s1_a_transfer_moves_exactly_what_is_left(shares: str) -> None:
    """The parts of a transfer sum to what the certificate has left, neither a hundredth less nor more."""
    line = transferred("H-1", ("Holder B", "H-2", shares))
    assert refused(given(issued()), line) == "transfer-must-move-all-that-is-left"


def test_s1_shares_a_notice_has_taken_do_not_move() -> None:
    """After 1,000 shares were converted the other 4,100 may be transferred and not one more."""
    book = given(COMMON, issued(), telecopied("2001-06-01T10:00:00-04:00", ("H-1", "1000")))
    assert refused(book, transferred("H-1", ("Holder B", "H-2", "5100"))) == "transfer-must-move-all-that-is-left"
    assert on(record(book, transferred("H-1", ("Holder B", "H-2", "4100"))), "2001-07-02").outstanding == 4100


def test_s1_a_used_up_certificate_cannot_be_transferred_or_replaced() -> None:
    """A certificate that stands for nothing any more cannot be surrendered again."""
    book = given(issued(), transferred("H-1", ("Holder B", "H-2", "5100")))
    assert refused(book, transferred("H-1", ("Holder C", "H-3", "5100"))) == "certificate-must-hold-shares"
    assert refused(book, replaced("H-1", "H-3")) == "certificate-must-hold-shares"


@pytest.mark.parametrize(
    "line",
    [
        transferred("H-9", ("Holder B", "H-2", "100")),
        replaced("H-9", "H-2"),
        {**REACQUIRED, "certificate": "H-9"},
        telecopied("2001-07-02T10:00:00-04:00", ("H-9", "100")),
        {**NOTICED, "shares": [{"certificate": "H-9", "shares": "1"}]},
        replaced("H-1", "H-2", effective="2001-04-11"),
    ],
    ids=["transfer", "replacement", "reacquisition", "conversion", "redemption", "the day before its issue"],
)
def test_s1_nothing_is_done_with_a_certificate_never_issued(line: dict[str, Any]) -> None:
    """A certificate number that has not been given out by then is an error, not a certificate."""
    assert refused(given(issued()), line) == "certificate-must-exist"


@pytest.mark.parametrize(
    "line",
    [
        issued("1", "H-1", on="2001-07-02"),
        transferred("H-1", ("Holder B", "H-1", "5000")),
        transferred("H-1", ("Holder B", "H-3", "2500"), ("Holder C", "H-3", "2500")),
        transferred("H-1", ("Holder B", "H-2", "5000")),
        replaced("H-1", "H-2"),
        {**REACQUIRED, "balance_certificate": "H-0"},
    ],
    ids=["a live one", "its own", "twice in one transfer", "another live one", "on replacement", "a used-up one"],
)
def test_s5g_a_certificate_number_is_given_out_once(line: dict[str, Any]) -> None:
    """A number stands for one certificate for ever, even after the certificate is used up."""
    book = given(issued("5000", "H-0"), issued("100", "H-2"), replaced("H-0", "H-1", effective="2001-05-01"))
    assert refused(book, line) == "certificate-number-must-be-new"


def test_s5g_a_replaced_certificate_is_of_like_tenor_and_date() -> None:
    """A replacement stands for the same shares of the same holder, accruing from the same day, less what was paid."""
    paid = {"event": "DividendPaid", "effective": "2001-06-11", "payable_on": "2001-06-10", "amount": "82166.67"}
    position = on(given(issued(), paid, replaced("H-1", "H-2")), "2001-07-02")
    (held,) = position.live()
    assert (held.number, held.holder, held.shares) == ("H-2", "Holder A", Fraction(5100))
    assert (held.accrues_from, held.paid) == (parse_day("2001-04-12"), Fraction("82166.67"))


def test_s7_reacquired_shares_are_cancelled_and_their_dividends_end() -> None:
    """Of 5,100 shares 1,000 are bought in: 4,100 go on under the balance certificate, and only those still accrue."""
    position = on(given(issued(), {**REACQUIRED, "balance_certificate": "H-2"}), "2001-07-12")
    assert position.issued == 5100
    assert position.outstanding == 4100
    assert position.reacquired == 1000
    assert {held.number: held.shares for held in position.live()} == {"H-2": 4100}
    # 12 April to 12 July is three months of thirty days: 4,100 × $100 × 90/360.
    assert position.accrued_unpaid(parse_day("2001-07-12")) == Fraction(4100 * 100 * 90, 360)


def test_s7_only_shares_that_are_left_can_be_reacquired() -> None:
    """The Company cannot acquire more shares of a certificate than it has left, nor give a balance for nothing."""
    book = given(issued("1000"))
    assert refused(book, {**REACQUIRED, "shares": "1000.01"}) == "certificate-must-hold-shares"
    assert refused(book, {**REACQUIRED, "balance_certificate": "H-2"}) == "balance-certificate-must-have-a-balance"
    assert on(record(book, REACQUIRED), "2001-07-02").outstanding == 0


def test_s7_every_share_ever_issued_has_a_status_and_what_came_back_is_of_no_series() -> None:
    """Of 5,100 shares 100 convert and 50 are reacquired: 4,950 are outstanding, 150 cancelled, none may be issued."""
    back = {"event": "PreferredSharesReacquired", "effective": "2001-07-05", "certificate": "H-1", "shares": "50"}
    book = given(issued(), telecopied("2001-07-02T10:00:00-04:00", ("H-1", "100")), back)
    assert status(on(book, "2001-12-31")) == {
        "authorized_preferred": "1000000",
        "designated": "5100",
        "issued": "5100",
        "outstanding": "4950",
        "converted": "100",
        "redeemed": "0",
        "reacquired": "50",
        "cancelled": "150",
        "returned_to_undesignated": "150",
        "may_be_issued": "0",
    }
