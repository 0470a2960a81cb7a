"""Where the certificate is silent: every reading is registered, and every choice moves the figure it says it moves."""

from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from given import COMMON, SERIES_H, given, issued, on, on_notice, reading, record, refused, sold, telecopied
from ledger.clauses import dividends, voting
from ledger.errors import LedgerError
from ledger.figures import cents
from ledger.moments import parse_day
from ledger.readings.registered import REGISTERED
from ledger.terms_file import read_terms, validated

RATE = Fraction("1388.89")
# The table of readings: id and the sections it is silent in.
TABLE = {
    "date-hereof": "2 3 5(e) 8",
    "accrual-start": "2",
    "day-count": "2",
    "accrual-days": "2 6",
    "arrears": "2",
    "payment-roll": "2",
    "dividend-allocation": "2",
    "in-arrears": "2",
    "conversion-accrual": "2",
    "after-hours": "5(f)",
    "banks-open": "5(f)",
    "conversion-moment": "2 5(f)",
    "lot": "5(a)",
    "rate": "5(b)",
    "rate-scope": "5(e)(iii)",
    "dilution-base": "5(e)",
    "dilution-order": "5(e)",
    "dilution-threshold": "5(e)",
    "dilution-self": "5(e)",
    "dilution-convertibles": "5(e)",
    "dilution-offered": "5(e)",
    "delivered-differs": "5(f) 5(h)",
    "fractions": "5(h)",
    "delivery-window": "5(f)",
    "instruction-cures": "5(f)",
    "revocation-deadline": "5(f)",
    "revocation-restores": "5(f)",
    "redemption-conversion": "6",
    "redemption-allocation": "6",
    "redemption-unpaid": "6",
    "votes": "4",
    "majority": "4 8",
    "record-notice": "10",
}
OFFERED = {
    "day-count": ("30/360 US", "Actual/365 Fixed", "Actual/360"),
    "lot": ("binds every notice", "whole position exempt"),
    "dilution-threshold": ("literal", "scales with splits"),
    "instruction-cures": ("cures", "either failure revokes"),
    "votes": ("in lots", "every share"),
}


@pytest.mark.parametrize("name", TABLE)
def test_every_reading_is_registered_with_all_its_words(name: str) -> None:
    """Each reading has its clause, its question, what is taken, what is rejected, and what it moves."""
    registered = REGISTERED[name]
    assert registered.id == name
    assert all(f"§{clause}" in registered.clause for clause in TABLE[name].split())
    assert registered.question.endswith("?")
    assert registered.taken
    assert registered.rejected
    assert registered.moves
    assert registered.rejected != registered.taken


def test_no_reading_is_registered_that_is_not_in_the_table() -> None:
    """The register is the table, and what the table leaves open."""
    assert set(REGISTERED) == {
        *TABLE,
        "approvals",
        "common-replaced",
        "consents",
        "funds-set-apart",
        "votes-after-change",
    }


def test_the_terms_choose_among_what_is_offered_and_take_the_first_by_default() -> None:
    """Five readings are offered; the certificate's terms take the default of each, and the rest are fixed."""
    assert {name: one.offered for name, one in REGISTERED.items() if one.offered} == OFFERED
    assert SERIES_H.readings == {name: options[0] for name, options in OFFERED.items()}
    assert all(REGISTERED[name].taken == options[0] for name, options in OFFERED.items())
    silent = {name: value for name, value in SERIES_H.data().items() if name != "readings"}
    assert validated(silent).readings == SERIES_H.readings


@pytest.mark.parametrize(
    "choices",
    [{"day_count": "30/365"}, {"lot": ""}, {"arrears": "compounding"}, {"weather": "fair"}, {"votes": "In lots"}],
    ids=["an unknown choice", "none", "a reading that is fixed", "an unknown reading", "not to the letter"],
)
def test_an_unknown_reading_or_choice_is_refused(choices: dict[str, str]) -> None:
    """Only a reading that is offered can be chosen, and only as it is written."""
    with pytest.raises(ValidationError) as wrong:
        reading(**choices)
    assert wrong.value.errors()[0]["type"] == "reading-must-be-offered"


def test_a_terms_file_chooses_with_one_line(tmp_path: Path) -> None:
    """One line of the terms file changes a reading; a line that offers nothing known makes the file not understood."""
    text = (resources.files("ledger") / "series_h.toml").read_text(encoding="utf-8")
    chosen = tmp_path / "chosen.toml"
    chosen.write_text(text.replace('day-count = "30/360 US"', 'day-count = "Actual/360"'), encoding="utf-8")
    assert read_terms(chosen) == reading(day_count="Actual/360")
    chosen.write_text(text.replace('day-count = "30/360 US"', 'day-count = "Actual/366"'), encoding="utf-8")
    with pytest.raises(LedgerError) as refusal:
        read_terms(chosen)
    assert refusal.value.name == "terms-must-be-understood"


@pytest.mark.parametrize(
    ("choice", "exact", "shown"),
    [
        ("30/360 US", Fraction(246500, 3), "$82,166.67"),  # 58 days of 360
        ("Actual/365 Fixed", Fraction(510000 * 59, 365), "$82,438.36"),  # 18 + 31 + 10 = 59 days of 365
        ("Actual/360", Fraction(510000 * 59, 360), "$83,583.33"),
    ],
)
def test_day_count_moves_what_has_accrued_on_10_june_2001(choice: str, exact: Fraction, shown: str) -> None:
    """5,100 shares have $82,166.67 accrued by 30/360, $82,438.36 by Actual/365 and $83,583.33 by Actual/360."""
    book = given(issued(), terms=reading(day_count=choice))
    assert on(book, "2001-06-10").accrued_unpaid(parse_day("2001-06-10")) == exact
    assert cents(exact) == shown


@pytest.mark.parametrize(
    ("choice", "quarter"),
    [
        ("30/360 US", Fraction(127500)),
        ("Actual/365 Fixed", Fraction(510000 * 92, 365)),
        ("Actual/360", Fraction(510000 * 92, 360)),
    ],
)
def test_day_count_moves_the_quarter_to_10_september_2001(choice: str, quarter: Fraction) -> None:
    """Only 30/360 makes a quarter 2.5%: by the actual days 10 June to 10 September are 92."""
    book = given(issued(), terms=reading(day_count=choice))
    june, september = parse_day("2001-06-10"), parse_day("2001-09-10")
    assert book.position.accrued_unpaid(september) - book.position.accrued_unpaid(june) == quarter


@pytest.mark.parametrize(
    ("choice", "year"),
    [
        ("30/360 US", Fraction(510000)),
        ("Actual/365 Fixed", Fraction(510000 * 366, 365)),
        ("Actual/360", Fraction(510000 * 366, 360)),
    ],
)
def test_day_count_moves_a_leap_year(choice: str, year: Fraction) -> None:
    """From 12 April 2003 to 12 April 2004 a year is a year by 30/360 and 366 days by the others."""
    book = given(issued(on="2003-04-12"), terms=reading(day_count=choice))
    assert book.position.accrued_unpaid(parse_day("2004-04-12")) == year


def test_day_count_reproduces_the_figure_of_the_sibling_series() -> None:
    """2,000 shares from 29 December 2000 to 12 April 2001 under Actual/365 have $56,986.30 accrued."""
    # 3 + 31 + 28 + 31 + 11 = 104 days: 2,000 × $100 × 104/365 = $56,986.3013...
    terms = reading(day_count="Actual/365 Fixed")
    figure = dividends.accrued(terms, Fraction(2000), parse_day("2000-12-29"), parse_day("2001-04-12"))
    assert figure == Fraction(2000 * 100 * 104, 365)
    assert cents(figure) == "$56,986.30"


@pytest.mark.parametrize(
    ("choice", "held", "asked", "converts"),
    [
        ("binds every notice", ("150",), ("150",), False),
        ("whole position exempt", ("150",), ("150",), True),
        ("whole position exempt", ("150.01",), ("150",), False),
        ("whole position exempt", ("75", "75"), ("75", "75"), True),
        ("whole position exempt", ("75", "75"), ("75",), False),
        ("whole position exempt", ("300",), ("200",), True),
    ],
)
def test_lot_moves_whether_150_shares_convert_in_whole(
    choice: str, held: tuple[str, ...], asked: tuple[str, ...], converts: bool
) -> None:
    """150 shares are no multiple of one hundred: they convert only as a holder's whole position, if that is exempt."""
    certificates = [issued(shares, f"H-{number}") for number, shares in enumerate(held, 1)]
    book = given(COMMON, *certificates, issued("1000", "H-9", "Holder B"), terms=reading(lot=choice))
    surrendered = [(f"H-{number}", shares) for number, shares in enumerate(asked, 1)]
    line = telecopied("2001-07-02T10:00:00-04:00", *surrendered)
    if converts:
        total = sum(Fraction(shares) for shares in asked)
        # 150 × 1,388.89 = 208,333.5, of which half a share is paid in cash.
        assert record(book, line).position.notices["N-1"].common_due == total * RATE // 1
    else:
        assert refused(book, line) == "conversion-must-be-in-multiples-of-the-lot"


@pytest.mark.parametrize(
    ("choice", "cash", "factor"),
    [
        # 70,000,000 outstanding after two for one, 10,000,000 sold: 80,000,000/(70,000,000 + cash/threshold).
        ("literal", "7199999", Fraction(80000000 * 72, 70000000 * 72 + 719999900)),
        ("literal", "7200000", Fraction(1)),
        ("literal", "4000000", Fraction(80 * 72, 70 * 72 + 400)),  # $0.40 is less than $0.72
        ("scales with splits", "4000000", Fraction(1)),  # and not less than $0.36
        ("scales with splits", "3600000", Fraction(1)),
        ("scales with splits", "3500000", Fraction(80 * 36, 70 * 36 + 350)),
    ],
)
def test_dilution_threshold_moves_with_a_split_or_stays(choice: str, cash: str, factor: Fraction) -> None:
    """After two for one a sale at $0.40 adjusts where $0.72 is literal, and not where it has become $0.36."""
    split = {"event": "CommonStockSplit", "effective": "2001-07-02", "new_shares": "2", "old_shares": "1"}
    sale = sold("2001-07-03", "10000000", cash)
    book = given(COMMON, issued(), split, sale, terms=reading(dilution_threshold=choice))
    assert book.position.rate == 2 * RATE * factor


def test_dilution_threshold_is_the_same_under_both_readings_without_a_split() -> None:
    """Where no split has happened $0.72 is $0.72 under either reading."""
    sale = sold("2001-07-03", "5000000", "2250000")
    book = given(COMMON, issued(), sale, terms=reading(dilution_threshold="scales with splits"))
    assert book.position.rate == RATE * 64 / 61


@pytest.mark.parametrize(
    ("choice", "instructed", "revocable"),
    [
        ("cures", "2001-11-15T17:00:00-05:00", False),
        ("cures", "2001-11-15T17:00:01-05:00", True),
        ("either failure revokes", "2001-11-15T17:00:00-05:00", True),
        ("either failure revokes", "2001-11-15T17:00:01-05:00", True),
    ],
)
def test_instruction_cures_moves_whether_an_instructed_notice_is_revoked(
    choice: str, instructed: str, revocable: bool
) -> None:
    """An agent contacted in time defeats revocation only where contacting it is as good as delivering."""
    lines: tuple[dict[str, Any], ...] = (
        telecopied("2001-11-09T09:30:00-05:00", ("H-1", "1000")),
        on_notice("OriginalsReceived", "2001-11-09T10:00:00-05:00"),
        on_notice("TransferAgentInstructed", instructed),
    )
    book = given(COMMON, issued(), *lines, terms=reading(instruction_cures=choice))
    revoked = on_notice("NoticeOfConversionRevoked", "2001-11-15T17:00:02-05:00")
    if revocable:
        assert record(book, revoked).position.outstanding == 5100
    else:
        assert refused(book, revoked) == "notice-must-allow-it"


def test_instruction_cures_gives_no_revocation_inside_the_window() -> None:
    """Under either reading the Company has its three business days first."""
    lines = (
        telecopied("2001-11-09T09:30:00-05:00", ("H-1", "1000")),
        on_notice("OriginalsReceived", "2001-11-09T10:00:00-05:00"),
    )
    book = given(COMMON, issued(), *lines, terms=reading(instruction_cures="either failure revokes"))
    revoked = on_notice("NoticeOfConversionRevoked", "2001-11-15T17:00:00-05:00")
    assert refused(book, revoked) == "delivery-window-must-have-passed"


@pytest.mark.parametrize(
    ("choice", "shares", "votes"),
    [
        ("in lots", "150", 138889),
        ("every share", "150", 208333),  # 150 × 1,388.89 = 208,333.5
        ("in lots", "99.99", 0),
        ("every share", "99.99", 138875),  # 99.99 × 1,388.89 = 138,875.1111
        ("in lots", "5100", 7083339),
        ("every share", "5100", 7083339),
    ],
)
def test_votes_moves_the_votes_of_a_broken_lot(choice: str, shares: str, votes: int) -> None:
    """150 shares have 138,889 votes in lots, and 208,333 where every share votes."""
    assert voting.votes(reading(votes=choice), Fraction(shares), RATE) == votes
