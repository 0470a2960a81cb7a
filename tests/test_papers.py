"""§2 §4 §5 §6 §10 - The papers: every figure worked out by hand from the certificate."""

from fractions import Fraction
from typing import Any

import pytest

from given import (
    COMMON,
    CONVERTED,
    REVOKED,
    delivered,
    given,
    instructed,
    issued,
    on_notice,
    sold,
    telecopied,
    transferred,
)
from ledger.errors import LedgerError
from paper_cases import paper, rows, stated
from projections.papers.content import BLANK, Amount
from projections.papers.redemption_notice import REPRESENTATION
from test_story import story

ONE_CERTIFICATE = (COMMON, issued())

SALE = sold("2001-06-01", "5000000", "2250000", holder="Holder D")
"""5,000,000 at $0.45 while 35,000,000 are outstanding: the money buys 3,125,000 at $0.72, so x 40/38.125 = 64/61."""

CALLED: dict[str, Any] = {
    "event": "RedemptionNoticeMailed",
    "effective": "2001-08-01",
    "redemption": "R-1",
    "redemption_date": "2001-09-10",
    "shares": [{"certificate": "H-1", "shares": "360"}, {"certificate": "H-2", "shares": "90"}],
    "representation": True,
}


# --- §5(f) §5(h): conversion statement ---


def test_a_conversion_statement_of_a_revoked_notice_states_nothing_as_due_or_unpaid() -> None:
    """§5(f)(i) - 1,388,890 of Common and $57,500.00, of which $500.00 was paid, were due until it was revoked."""
    paid = on_notice("ConversionDividendPaid", "2001-11-10", amount="500.00")
    told = stated(paper(given(*CONVERTED, paid, REVOKED), "2001-11-30", "conversion-statement", "N-1"))
    until = {name: value for name, value in told.items() if name.endswith("due until it was revoked")}
    assert until == {
        "Shares of Common Stock due until it was revoked": 1_388_890,
        "Accrued dividends due until it was revoked": 57_500,
    }
    assert told["Of them paid, and paid on the shares since"] == 500
    assert not {"Shares of Common Stock due", "Of them unpaid"} & told.keys()


def test_a_conversion_statement_tells_cash_that_was_paid_for_no_fraction() -> None:
    """§5(h) - 1,388,890 of Common are due and no fraction: $5.00 paid with them stand beside the $0.00 due."""
    line = delivered("2001-11-12T10:00:00-05:00", cash_in_lieu="5.00")
    told = stated(paper(given(*CONVERTED, line), "2001-11-30", "conversion-statement", "N-1"))
    assert {name: told[name] for name in ("Cash due", "Cash paid")} == {"Cash due": 0, "Cash paid": 5}


def test_a_conversion_statement_tells_what_was_due_and_what_was_done() -> None:
    """§5(b) §5(h) §2 - 100 shares at 1,388.89 x 64/61, delivered with cash for 37/61 of a share at $0.61.

    8,888,896/61 is 145,719 and 37/61. 10 July is 88 days after 12 April: 100 x $1,000 x 10% x 88 / 360 = $22,000/9.
    """
    book = given(
        *ONE_CERTIFICATE,
        SALE,
        telecopied("2001-07-10T10:30:00-04:00", ("H-1", "100")),
        on_notice("OriginalsReceived", "2001-07-11T11:00:00-04:00"),
        instructed("2001-07-12T10:00:00-04:00"),
        on_notice(
            "CommonSharesDelivered",
            "2001-07-13T15:00:00-04:00",
            shares="145719",
            cash_in_lieu="0.37",
            market_price="0.61",
            balance_certificates=[{"certificate": "H-1", "new_certificate": "H-2"}],
        ),
        on_notice("ConversionDividendPaid", "2001-07-13T15:00:00-04:00", amount="2000.00"),
    )
    told = paper(book, "2001-07-31", "conversion-statement", "N-1")
    due = Fraction(22_000, 9)
    assert stated(told) == {
        "Notice": "N-1",
        "Holder": "Holder A",
        "State": "delivered",
        "Telecopied": "Tuesday 2001-07-10 10:30:00",
        "Conversion Date": "Tuesday 2001-07-10 10:30:00",
        "Shares of Series H Preferred Stock converted": 100,
        "Common Stock into which each share converted": Fraction(8_888_896, 6_100),
        "Shares of Common Stock due": 145_719,
        "Fraction of a share settled in cash": Fraction(37, 61),
        "Accrued dividends due on the Conversion Date": due,
        "Of them paid": 2000,
        "Of them unpaid": due - 2000,
        "Originals received": "Wednesday 2001-07-11 11:00:00",
        "To be delivered by": "Monday 2001-07-16 17:00:00",
        "Transfer agent instructed": "Thursday 2001-07-12 10:00:00",
        "Delivered": "Friday 2001-07-13 15:00:00",
        "Shares of Common Stock delivered": 145_719,
        "New certificate for what was not converted of H-1": "H-2",
        "Market price of a share of Common Stock on the Conversion Date": Fraction(61, 100),
        "Cash due for the fraction": Fraction(37, 100),
        "Cash paid for the fraction": Fraction(37, 100),
    }
    assert rows(told, "certificates") == [
        {
            "certificate": "H-1",
            "shares converted": 100,
            "dividends paid on them before": 0,
            "dividends due on conversion": due,
        }
    ]
    assert told.notes == ()


def test_what_took_the_place_of_common_stock_is_stated_in_its_own_unit() -> None:
    """§5(d) - After a merger into 0.25 of a successor's share and $0.04: 34,722.25 shares and $5,555.56 on 138,889."""
    merger = {
        "event": "ReorganizationEffected",
        "effective": "2001-06-01",
        "kind": "merger",
        "per_share": [{"security": "Successor stock", "per_share": "0.25"}, {"security": "cash", "per_share": "0.04"}],
    }
    book = given(*ONE_CERTIFICATE, merger, telecopied("2001-07-10T10:30:00-04:00", ("H-1", "100")))
    (part,) = paper(book, "2001-07-31", "conversion-statement", "N-1").parts
    told = {one.says: one.value.people for one in part.statements if isinstance(one.value, Amount)}
    assert (told["Successor stock due"], told["cash due"]) == ("34,722.25", "$5,555.56")
    assert told["Shares of Common Stock due"] == "0"


def test_a_statement_of_a_notice_that_waits_leaves_blank_what_has_not_happened() -> None:
    """§5(f)(i) - Without copies nothing converted: no rate, no share, no dividend is stated, and blanks are left."""
    book = given(*ONE_CERTIFICATE, telecopied("2001-07-10T10:30:00-04:00", ("H-1", "100"), copies=False))
    told = stated(paper(book, "2001-07-31", "conversion-statement", "N-1"))
    assert (told["State"], told["Conversion Date"]) == ("incomplete", "none yet")
    assert {says for says, value in told.items() if value == BLANK} == {
        "Originals received",
        "To be delivered by",
        "Delivered",
    }
    assert "Shares of Common Stock due" not in told


def test_a_late_delivery_is_a_note_for_the_file() -> None:
    """§5(f)(i) - N-4 of the story came two business days late; its statement's notes say so, with both instants."""
    told = paper(given(*story()), "2002-08-31", "conversion-statement", "N-4")
    late = "delivered Tuesday 2002-08-20 12:00:00, due by Friday 2002-08-16 17:00:00"
    assert [note for note in told.notes if late in note] == [f"§5(f)(i) notice N-4 was {late}"]


# --- §5(e): certificate of adjustment ---


def test_a_certificate_of_adjustment_states_the_facts_and_the_fraction() -> None:
    """§5(e)(i) §5(e)(iii) - (35,000,000 + 5,000,000) / (35,000,000 + 3,125,000) = 64/61, shared pro rata.

    5,100 x 1,388.89 = 7,083,339 before; 1,700 of the 5,100 shares have a third of that and of the increase.
    """
    part = transferred("2001-05-01", ("Holder A", "H-2", "3400"), ("Holder B", "H-3", "1700"))
    told = paper(given(*ONE_CERTIFICATE, part, SALE), "2001-12-31", "certificate-of-adjustment", "5")
    rate, after = Fraction(138_889, 100), Fraction(138_889, 100) * 64 / 61
    assert stated(told) == {
        "Cause": "5,000,000 sold at $0.45 (entry 5)",
        "In force from": "2001-06-01",
        "Additional shares of Common Stock issued or sold": 5_000_000,
        "Cash received": 2_250_000,
        "Aggregate consideration": 2_250_000,
        "Price per share of Common Stock": Fraction(45, 100),
        "Price below which the rate is adjusted": Fraction(72, 100),
        "Shares of Common Stock outstanding immediately prior to the sale or issuance": 35_000_000,
        "Numerator: outstanding plus sold": 40_000_000,
        "Shares which the consideration would purchase at $0.72 per share": 3_125_000,
        "Denominator: outstanding plus what the consideration would purchase": 38_125_000,
        "Common Stock into which one share converted before": rate,
        "Factor of the adjustment": Fraction(64, 61),
        "Common Stock into which one share converts after": after,
        "Shares of Series H Preferred Stock outstanding": 5_100,
        "Common Stock issuable upon conversion of all of them before": 7_083_339,
        "Common Stock issuable upon conversion of all of them after": Fraction(7_083_339 * 64, 61),
    }
    third = Fraction(7_083_339, 3)
    assert rows(told, "holders")[1] == {
        "holder": "Holder B",
        "shares of Series H": 1_700,
        "issuable before": third,
        "issuable after": third * 64 / 61,
        "increase": third * 3 / 61,
    }


def test_a_certificate_for_property_names_the_boards_value_and_its_resolution() -> None:
    """§5(e)(ii) - 1,200,000 shares for equipment that the Board values at $432,000: $0.36 a share."""
    told = stated(paper(given(*story()), "2001-12-31", "certificate-of-adjustment", "21"))
    assert told["Cash received"] == 0
    assert told["Fair value of property received"] == told["Aggregate consideration"] == 432_000
    assert told["Price per share of Common Stock"] == Fraction(36, 100)
    assert told["Determined by the Board of Directors"].startswith("Resolution of 12 November 2001")  # type: ignore[union-attr]


def test_a_split_and_an_amendment_are_certified_without_a_sale() -> None:
    """§5(c) §8(b) - Three for two is a factor of 3/2; the rate amended to 2,200 is 2,200. Neither sold anything."""
    book = given(*story())
    split = stated(paper(book, "2003-12-31", "certificate-of-adjustment", "52"))
    assert (split["Cause"], split["Factor of the adjustment"]) == ("split, 3 for 2 (entry 52)", Fraction(3, 2))
    amended = stated(paper(book, "2004-12-31", "certificate-of-adjustment", "99"))
    assert amended["Common Stock into which one share converts after"] == 2_200
    assert "Cash received" not in split.keys() | amended.keys()


# --- §6: redemption notice ---


def test_a_redemption_notice_makes_the_five_statements_to_each_holder() -> None:
    """§6 - 360 of A's shares and 90 of B's for 10 September 2001: 148 days after 12 April, nothing paid.

    360 shares accrue $100 a day and cost $360,000 + $14,800; 90 cost $90,000 + $3,700; together $468,500.
    """
    holders = (
        {"event": "HolderRegistered", "effective": "2001-04-12", "holder": "Holder A", "address": "1 First Street"},
    )
    book = given(COMMON, issued("3600"), issued("900", "H-2", "Holder B"), *holders, CALLED)
    told = paper(book, "2001-08-01", "redemption-notice", "R-1")
    assert [part.title for part in told.parts] == ["Notice to Holder A", "Notice to Holder B"]
    numbered = [
        [(one.clause, one.value if isinstance(one.value, str) else one.value.people) for one in part.statements]
        for part in told.parts
    ]
    assert numbered == [
        [
            ("§6", "Holder A"), ("", "1 First Street"), ("", BLANK), ("§6", "2001-08-01"),
            ("§6(i)", "450"), ("§6(ii)", "360"), ("§6(iii)", "$468,500.00"), ("§6(iii)", "$374,800.00"),
            ("§6(iv)", "2001-09-10"), ("§6(v)", BLANK),
        ],
        [
            ("§6", "Holder B"), ("", BLANK), ("", BLANK), ("§6", "2001-08-01"),
            ("§6(i)", "450"), ("§6(ii)", "90"), ("§6(iii)", "$468,500.00"), ("§6(iii)", "$93,700.00"),
            ("§6(iv)", "2001-09-10"), ("§6(v)", BLANK),
        ],
    ]  # fmt: skip
    assert rows(told, "certificates", 1) == [
        {"certificate": "H-2", "shares to be redeemed": 90, "purchase price": 93_700}
    ]
    assert all(part.closing == (REPRESENTATION,) and part.to_sign for part in told.parts)


def test_a_holder_with_nothing_called_is_told_so_too() -> None:
    """§6 - The notice goes to each holder of Series H, with none of its shares where none is called."""
    called = {**CALLED, "shares": [{"certificate": "H-1", "shares": "360"}], "surrender_to": "100 Century Blvd."}
    book = given(COMMON, issued("3600"), issued("900", "H-2", "Holder B"), called)
    told = paper(book, "2001-08-01", "redemption-notice", "R-1")
    values = [
        (one.clause, one.value if isinstance(one.value, str) else one.value.people) for one in told.parts[1].statements
    ]
    assert values[-5:] == [
        ("§6(ii)", "0"),
        ("§6(iii)", "$374,800.00"),
        ("§6(iii)", "$0.00"),
        ("§6(iv)", "2001-09-10"),
        ("§6(v)", "100 Century Blvd."),
    ]
    assert told.parts[1].tables == ()


def test_one_holders_notice_can_be_asked_for_alone() -> None:
    """§6 - With a holder's name the paper is that holder's notice; a stranger's is none."""
    book = given(COMMON, issued("3600"), issued("900", "H-2", "Holder B"), CALLED)
    assert [one.title for one in paper(book, "2001-08-01", "redemption-notice", "R-1", "Holder B").parts] == [
        "Notice to Holder B"
    ]
    with pytest.raises(LedgerError, match="holder-must-be-known"):
        paper(book, "2001-08-01", "redemption-notice", "R-1", "Holder Z")


def test_the_representation_is_the_certificates_own_words() -> None:
    """§6 - It speaks of insolvency, conflict, default, acceleration, consent, and indebtedness, to the last word."""
    for words in (
        "will not render the Company insolvent or unable to pay its debts as they become due",
        "an event that with the giving of notice or the lapse of time or both would constitute a default",
        "termination, amendment, cancellation or acceleration of any right or obligation",
        "loss of any material benefit",
        "require any consent, approval or authorization under, any indenture, credit agreement",
        "redemption or repayment of all or a portion of such indebtedness by the Company or any of its subsidiaries.",
    ):
        assert words in REPRESENTATION


def test_a_price_stated_short_is_a_note_for_the_file() -> None:
    """§6 - R-2 of the story stated $282,000.00 where $289,050.00 was due: 282 x $1,025."""
    told = paper(given(*story()), "2004-02-10", "redemption-notice", "R-2")
    assert stated(told)["the total number of shares of the Series H Preferred Stock being redeemed"] == 282
    assert any("$282,000.00" in note and "$289,050.00" in note for note in told.notes)


# --- §10: notice of record date ---


def test_a_record_date_notice_specifies_the_date_and_the_dividend() -> None:
    """§10 - D-1: record on 18 July 2003, mailed by 3 July: four of the days between are weekend, one the 4th.

    Counted back: 17, 16, 15, 14, 11, 10, 9, 8, 7 and 3 July.
    """
    told = paper(given(*story()), "2003-07-10", "record-date-notice", "D-1")
    values = [(one.clause, one.value) for one in told.parts[0].statements]
    described = (
        "A dividend of $0.001 a share of Common Stock, payable 1 August 2003 to holders of record on 18 July 2003"
    )
    alone = "does not apply: the record is for a dividend"
    assert values == [
        ("§10", "D-1"),
        ("§10(i)", "2003-07-18"),
        ("§10(i)", described),
        ("§10(ii)", alone),
        ("§10(iii)", alone),
        ("§10", "2003-07-18, 2003-08-01"),
        ("§10", "Friday 2003-07-18"),
        ("§10", "Thursday 2003-07-03"),
        ("§10", "Thursday 2003-07-03"),
    ]
    counted = [row["day"][-2:] for row in rows(told, "business days") if "prior" in row["counts as"]]
    assert counted == ["03", "07", "08", "09", "10", "11", "14", "15", "16", "17"]
    assert [(row["holder"], row["shares"]) for row in rows(told, "holders")] == [
        ("Holder C", 700),
        ("Sykes Childrens Trust of 1993", 800),
        ("Sykes Family Trust", 1320),
    ]


def test_a_notice_not_yet_mailed_is_drawn_from_the_record_date_alone() -> None:
    """§10 - On 30 June 2003 D-1 is set and not mailed: what it is for is said, when it was mailed is blank."""
    told = paper(given(*story()), "2003-06-30", "record-date-notice", "D-1")
    assert stated(told)["a description of such dividend, distribution or right"] == "dividend, Common Stock"
    assert stated(told)["Mailed"] == BLANK


def test_an_event_leaves_blank_what_only_the_company_can_fix() -> None:
    """§10 - C-1's reclassification on 1 December 2004: when shares are exchanged no entry tells."""
    book = given(*story())
    told = [
        (one.clause, one.value) for one in paper(book, "2004-12-01", "record-date-notice", "C-1").parts[0].statements
    ]
    described = "A reclassification of the Common Stock, expected to become effective 1 December 2004"
    assert told[1:6] == [
        ("§10(i)", BLANK),
        ("§10(i)", BLANK),
        ("§10(ii)", "2004-12-01"),
        ("§10(ii)", described),
        ("§10(iii)", BLANK),
    ]
    before = [
        (one.clause, one.value) for one in paper(book, "2004-11-25", "record-date-notice", "C-1").parts[0].statements
    ]
    assert before[1:5] == [("§10(i)", BLANK), ("§10(i)", BLANK), ("§10(ii)", BLANK), ("§10(iii)", BLANK)]
    assert ("§10", described) in before
    assert paper(book, "2004-11-25", "record-date-notice", "C-1").notes == (
        "§10 notice for C-1 was mailed 2004-11-19, its last day was 2004-11-16",
    )
