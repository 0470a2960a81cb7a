"""§5(c) §5(d) §9(c) - What one share converts into once the Common Stock has been changed into something else."""

from fractions import Fraction
from typing import Any

import pytest

from given import (
    COMMON,
    ORIGINALS,
    SERIES_H,
    given,
    issued,
    notice_on,
    on,
    on_notice,
    reading,
    refused,
    sold,
    telecopied,
)
from ledger.book import Book
from ledger.moments import parse_day
from ledger.terms import Terms
from projections.asof import answer
from projections.findings.every import findings
from projections.findings.finding import Finding
from projections.obligations import obligations
from projections.question import Question

RATE = Fraction("1388.89")
WHOLE = (COMMON, issued())  # entries 2 and 3


def each(*into: tuple[str, str]) -> list[dict[str, str]]:
    """What one share of Common becomes, as (security, amount)."""
    return [{"security": security, "per_share": amount} for security, amount in into]


def reclassified(*into: tuple[str, str], effective: str = "2001-07-02") -> dict[str, Any]:
    """A journal line for Common reclassified into (security, amount) a share."""
    return {"event": "CommonStockReclassified", "effective": effective, "into": each(*into)}


def reorganized(
    *into: tuple[str, str], kind: str | None = "merger", effective: str = "2001-07-02", **more: Any
) -> dict[str, Any]:
    """A journal line for a Reorganization that made (security, amount) of each share of Common."""
    line = {"event": "ReorganizationEffected", "effective": effective, "kind": kind}
    return {**line, "per_share": each(*into), **more}


def split(new_shares: str, old_shares: str, effective: str = "2001-07-03") -> dict[str, Any]:
    """A journal line for a split."""
    line = {"event": "CommonStockSplit", "effective": effective}
    return {**line, "new_shares": new_shares, "old_shares": old_shares}


def into_of(book: Book, day: str = "2001-12-31") -> dict[str, str]:
    """What one share of Series H converts into on a day, by security, as answered."""
    listed = answer(book, parse_day(day))["conversion_rate"]["into"]
    return {one["security"]: one["per_share"] for one in listed}


def not_assumed(book: Book) -> list[Finding]:
    """Findings of terms that a successor did not assume."""
    listed = findings(Question.ask(book, parse_day("2001-12-31")))
    return [one for one in listed if one.finding == "terms-were-not-assumed"]


def test_s5c_a_reclassification_changes_the_kind_of_stock_a_share_converts_into() -> None:
    """One Class A and half a Class B for each Common: 1,388.89 Class A and 694.445 Class B for each share."""
    book = given(*WHOLE, reclassified(("Class A", "1"), ("Class B", "0.5")))
    assert into_of(book, "2001-07-01") == {"Common Stock": "1388.89"}
    assert into_of(book, "2001-07-02") == {"Class A": "1388.89", "Class B": "694.445"}


def test_s5d_a_merger_for_securities_and_cash_gives_what_the_common_received() -> None:
    """A quarter of a successor's share and $0.10 for each Common: 347.2225 shares and $138.889 for each share."""
    book = given(*WHOLE, reorganized(("Successor Common", "0.25"), ("cash", "0.10"), successor="Successor, Inc."))
    assert into_of(book, "2001-07-02") == {"Successor Common": "347.2225", "cash": "138.889"}


@pytest.mark.parametrize("kind", ["merger", "consolidation", "asset_sale", "capital_reorganization", None])
def test_s5d_every_reorganization_that_changes_the_common_changes_the_right(kind: str | None) -> None:
    """Whatever its kind, a Reorganization that gives two of a security for each Common gives 2,777.78 for a share."""
    assert into_of(given(*WHOLE, reorganized(("Units", "2"), kind=kind))) == {"Units": "2777.78"}


def test_s5d_a_change_of_control_alone_changes_nothing_a_share_converts_into() -> None:
    """Where over half the votes are sold and the Common stands, a share converts into Common as before."""
    assert into_of(given(*WHOLE, reorganized(kind="control_change"))) == {"Common Stock": "1388.89"}


def test_s5d_what_was_adjusted_before_is_what_is_changed() -> None:
    """After a 2-for-1 split a quarter of a successor's share for each Common is 694.445 for each share."""
    lines = (split("2", "1", "2001-06-29"), reorganized(("Successor Common", "0.25")))
    assert into_of(given(*WHOLE, *lines)) == {"Successor Common": "694.445"}


def test_s5d_a_dilution_before_a_merger_goes_into_it() -> None:
    """5,000,000 at $0.45 make 1,388.89 × 64/61; two units for each Common are 2,914.392131... for each share."""
    # 40,000,000 / (35,000,000 + 2,250,000/0.72) = 64/61; 2 × 88,888.96/61 = 177,777.92/61 = 2,914.392131...
    lines = (sold("2001-06-29", "5000000", "2250000"), reorganized(("Units", "2")))
    assert into_of(given(*WHOLE, *lines)) == {"Units": "2914.392131"}


def test_s5c_a_security_in_place_of_the_common_splits_as_the_common_would() -> None:
    """Reclassified one for one into Class A, and Class A split in two: 2,777.78 for each share."""
    assert into_of(given(*WHOLE, reclassified(("Class A", "1")), split("2", "1"))) == {"Class A": "2777.78"}


def test_s5c_a_split_of_the_common_does_not_split_what_else_was_received() -> None:
    """With half a Class B beside each Common, a 2-for-1 split of the Common leaves the 694.445 Class B alone."""
    # A holder converted just before would own 1,388.89 Common and 694.445 Class B; only the former is split.
    book = given(*WHOLE, reclassified(("Common Stock", "1"), ("Class B", "0.5")), split("2", "1"))
    assert into_of(book) == {"Common Stock": "2777.78", "Class B": "694.445"}


def test_s5d_a_split_after_a_merger_does_not_double_the_cash() -> None:
    """A quarter of a share and $0.10 for each Common, the shares then split in two: 694.445 shares and $138.889."""
    book = given(*WHOLE, reorganized(("Successor Common", "0.25"), ("cash", "0.10")), split("2", "1"))
    assert into_of(book) == {"Successor Common": "694.445", "cash": "138.889"}


def test_s5e_a_sale_below_the_threshold_raises_the_common_and_nothing_else() -> None:
    """§5(e)(i) - Half a Class B beside each Common: 5,000,000 at $0.45 raise the Common by 64/61, no Class B."""
    # §5(e)(i) increases "the number of shares of Common Stock issuable": 88,888.96/61 = 1,457.196066.
    lines = (reclassified(("Common Stock", "1"), ("Class B", "0.5")), sold("2001-07-03", "5000000", "2250000"))
    assert into_of(given(*WHOLE, *lines)) == {"Common Stock": "1457.196066", "Class B": "694.445"}


def test_s5e_a_sale_after_a_change_into_one_security_raises_what_a_share_converts_into() -> None:
    """§5(e)(i) - Reclassified one for one into Class A, 5,000,000 sold at $0.45 make 1,457.196066 of 1,388.89."""
    lines = (reclassified(("Class A", "1")), sold("2001-07-03", "5000000", "2250000"))
    assert into_of(given(*WHOLE, *lines)) == {"Class A": "1457.196066"}


def test_s5d_a_second_change_goes_on_from_the_common_that_stands() -> None:
    """Half a Common and one Class B, then two Units and three Class B for each Common: half of these and one."""
    # Units 0.5 × 2 = 1; Class B 1 + 0.5 × 3 = 2.5; times 1,388.89.
    lines = (
        reclassified(("Common Stock", "0.5"), ("Class B", "1")),
        reorganized(("Units", "2"), ("Class B", "3"), effective="2001-08-01"),
    )
    assert into_of(given(*WHOLE, *lines)) == {"Class B": "3472.225", "Units": "1388.89"}


@pytest.mark.parametrize("change", [reclassified, reorganized], ids=["reclassified", "reorganized"])
@pytest.mark.parametrize(("each", "by"), [("2", Fraction(2)), ("0.5", Fraction(1, 2)), ("1", Fraction(1))])
def test_s5c_common_made_more_or_less_of_is_multiplied_whatever_the_event_is_called(
    change: Any, each: str, by: Fraction
) -> None:
    """§5(c) names a reclassification, a split or a similar event in one breath: rate, Common and what is due move."""
    notice = telecopied("2001-06-29T10:00:00-04:00", ("H-1", "1000"))
    lines = (COMMON, issued(), notice, change(("Common Stock", each), ("Class B", "0.25")))
    position = on(given(*lines), "2001-07-02")
    assert (position.rate, position.common_rate) == (RATE * by, RATE * by)
    assert position.common.outstanding == 36388890 * by
    assert position.notices["N-1"].common_due == 1388890 * by
    # 0.25 for each Common as it was: 347.2225 for a share, 347,222.5 for the pending 1,388,890.
    assert position.other_rates == {"Class B": Fraction("347.2225")}
    assert position.notices["N-1"].others_due == {"Class B": Fraction("347222.5")}


def test_s5e_the_base_of_a_sale_is_the_common_there_is_after_a_reclassification() -> None:
    """§5(e)(i) - Half a Common for each leaves 17,500,000; 1,000,000 sold at $0.36 make 694.445 x 18.5 / 18."""
    lines = (reclassified(("Common Stock", "0.5"), ("Class B", "0.25")), sold("2001-07-03", "1000000", "360000"))
    position = on(given(*WHOLE, *lines), "2001-07-03")
    assert position.rate == RATE / 2 * Fraction(37, 36)
    assert position.other_rates == {"Class B": Fraction("347.2225")}


def test_s5c_a_revocation_after_a_reclassification_takes_back_what_pending_common_became() -> None:
    """36,388,890 halved are 18,194,445; revoked, 694,445 of them fall away and 17,500,000 are left."""
    lines = (
        telecopied("2001-06-29T10:00:00-04:00", ("H-1", "1000")),
        on_notice("OriginalsReceived", "2001-06-29T10:00:00-04:00"),
        reclassified(("Common Stock", "0.5"), ("Class B", "0.25")),
        on_notice("NoticeOfConversionRevoked", "2001-07-06T10:00:00-04:00"),
    )
    assert on(given(*WHOLE, *lines), "2001-07-05").common.outstanding == 18194445
    assert on(given(*WHOLE, *lines), "2001-07-06").common.outstanding == 17500000


@pytest.mark.parametrize("second", [reclassified(("Class B", "1")), reorganized(("Class B", "1"))])
def test_s5d_no_common_that_is_gone_can_be_changed_again(second: dict[str, Any]) -> None:
    """Once no Common stands behind a share, a second change of the Common is refused."""
    book = given(*WHOLE, reclassified(("Class A", "1")))
    assert refused(book, {**second, "effective": "2001-08-01"}) == "common-stock-must-still-stand"


@pytest.mark.parametrize(
    ("change", "common"),
    [
        (reclassified(("Class A", "1")), 138889),
        (reorganized(("Successor Common", "0.25"), ("cash", "0.10")), Fraction("34722.25")),  # 138,889 / 4
        (reclassified(("Common Stock", "0.5"), ("Class B", "1")), 69444),  # 138,889 × 0.5 = 69,444.5, half in cash
    ],
    ids=["Class A", "merged away", "half a Common"],
)
def test_s5d_a_conversion_after_a_change_is_due_what_the_common_became(
    change: dict[str, Any], common: int | Fraction
) -> None:
    """Converting 100 adds what it is due of the stock in the Common's place; where half a Common stands, 69,444."""
    book = given(*WHOLE, change, telecopied("2001-07-05T10:00:00-04:00", ("H-1", "100")))
    assert on(book, "2001-07-05").common.outstanding - on(book, "2001-07-04").common.outstanding == common


def test_s5j_once_no_common_is_issuable_none_needs_to_be_reserved() -> None:
    """After every Common became a Class A, Common authorized for conversions is wanted no more."""
    fewer = {"event": "CommonAuthorizationChanged", "effective": "2001-07-03", "authorized": "35000000"}
    book = given(*WHOLE, reclassified(("Class A", "1")), fewer)
    listed = findings(Question.ask(book, parse_day("2001-07-03")))
    assert [one.says for one in listed if one.finding == "reserve-too-small"] == []


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        (reorganized(("Units", "1"), successor="Successor, Inc."), True),
        (reorganized(("Units", "1"), successor="Successor, Inc.", assumed_in_writing=False), True),
        (reorganized(("Units", "1"), successor="Successor, Inc.", assumed_in_writing=True), False),
        (reorganized(("Units", "1"), kind="consolidation", successor="Successor, Inc."), True),
        (reorganized(("Units", "1")), False),
        (reorganized(kind="asset_sale", successor="Buyer, Inc."), False),
        (reorganized(kind="control_change", successor="Buyer, Inc."), False),
    ],
    ids=["unsaid", "not assumed", "assumed", "consolidation", "Company survives", "asset sale", "change of control"],
)
def test_s9c_another_survivor_must_assume_the_terms_in_writing(line: dict[str, Any], broken: bool) -> None:
    """A merger or consolidation that another person survives, who did not assume the terms in writing, is a breach."""
    listed = not_assumed(given(*WHOLE, line))
    assert [(one.clause, one.entries, one.since) for one in listed] == (
        [("§9(c)", (4,), parse_day("2001-07-02"))] if broken else []
    )
    assert all("Successor, Inc." in one.says for one in listed)


@pytest.mark.parametrize(
    ("kind", "owed"),
    [
        ("merger", True),
        ("consolidation", True),
        ("asset_sale", True),
        ("capital_reorganization", True),
        ("control_change", False),
    ],
)
def test_s10b_a_change_of_control_owes_no_notice(kind: str, owed: bool) -> None:
    """§10(b) speaks of reorganizations, mergers and transfers of assets, and not of a sale of the Company's votes."""
    listed = obligations(Question.ask(given(*WHOLE, reorganized(kind=kind)), parse_day("2001-07-02")))
    assert ("§10" in [one.clause for one in listed]) is owed


SCALES = reading(dilution_threshold="scales with splits")


@pytest.mark.parametrize(
    ("terms", "cash", "factor"),
    [
        (SERIES_H, "4000000", Fraction(18, 17)),  # 80,000,000 / (70,000,000 + 5,555,555.5...) = 720/680
        (SCALES, "4000000", Fraction(1)),  # $0.40 is not less than $0.36
        (SCALES, "3599999.99", 80000000 / (70000000 + Fraction("3599999.99") * 100 / 36)),
        (SCALES, "3600000", Fraction(1)),
        (SCALES, "3600000.01", Fraction(1)),
    ],
    ids=["0.40 literal", "0.40 scales", "a cent under 0.36", "0.36", "a cent over 0.36"],
)
def test_s5e_after_a_split_the_threshold_stands_or_scales(terms: Terms, cash: str, factor: Fraction) -> None:
    """§5(e)(i) - 2-for-1 makes 2,777.78 and 70,000,000; 10,000,000 at $0.40 are below $0.72, not below $0.36."""
    book = given(*WHOLE, split("2", "1", "2001-07-02"), sold("2001-07-03", "10000000", cash), terms=terms)
    assert on(book, "2001-07-02").rate == Fraction("2777.78")
    assert on(book, "2001-07-02").common.outstanding == 70000000
    assert on(book, "2001-07-03").rate == Fraction("2777.78") * factor


@pytest.mark.parametrize(
    ("line", "factor"),
    [
        (sold("2001-07-02", "1000000", "0"), Fraction(36, 35)),
        ({"event": "CommonSharesIssued", "effective": "2001-07-02", "shares": "1000000"}, Fraction(36, 35)),
        (sold("2001-07-02", "5000000", "2750000", property_fair_value="1000000", board_resolution="2001-7"), 1),
        # $0.65: 40,000,000 / (35,000,000 + 3,250,000/0.72 = 4,513,888.8...) = 360/355.625 = 576/569.
        (
            sold("2001-07-02", "5000000", "2750000", property_fair_value="500000", board_resolution="2001-7"),
            Fraction(576, 569),
        ),
    ],
    ids=["for nothing", "cash left out", "0.75 a share", "0.65 a share"],
)
def test_s5e_what_was_received_is_cash_and_property_at_the_boards_value(line: dict[str, Any], factor: Fraction) -> None:
    """§5(e)(ii) - 1,000,000 shares for nothing raise the rate by 36/35; property counts at the Board's value."""
    assert on(given(*WHOLE, line), "2001-07-02").rate == RATE * factor


def test_s5e_property_without_a_resolution_is_refused() -> None:
    """§5(e)(ii) - The Board of Directors determines the fair value, so that a value of nobody's finding is none."""
    line = sold("2001-07-02", "5000000", "2750000", property_fair_value="500000")
    assert refused(given(*WHOLE), line) == "property-must-be-valued-by-the-board"


def test_s5d_a_notice_after_a_merger_is_due_what_common_became() -> None:
    """100 shares at 1,388.89, each Common having become 0.1 Successor share and $0.25: 13,888.9 shares, $34,722.25."""
    per_share = each(("Successor Common", "0.1"), ("cash", "0.25"))
    merger = {"event": "ReorganizationEffected", "effective": "2001-10-01", "kind": "merger", "per_share": per_share}
    notice = telecopied("2001-11-09T09:30:00-05:00", ("H-1", "100"))
    book = given(COMMON, issued(), merger, notice, ORIGINALS)
    due = notice_on(book, "2001-11-09")
    assert not due.common_due + due.fraction_in_cash
    assert due.others_due == {"Successor Common": Fraction("13888.9"), "cash": Fraction("34722.25")}
    listed = obligations(Question.ask(book, parse_day("2001-11-09")))
    assert "delivery of 13,888.9 Successor Common and $34,722.25 cash on notice N-1" in [one.what for one in listed]


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ("13888.9", []),
        ("13888", []),
        ("13887", ["13,887 shares of Successor Common were delivered on notice N-1, 13,888.9 were due"]),
        ("138889", ["138,889 shares of Successor Common were delivered on notice N-1, 13,888.9 were due"]),
    ],
    ids=["all of it", "whole shares", "one short", "as if Common were due"],
)
def test_s5d_what_took_the_place_of_common_delivers_a_notice(shares: str, says: list[str]) -> None:
    """Of 13,888.9 Successor shares due the Company that delivers them, or the whole ones, is in no breach."""
    lines = (
        reorganized(("Successor Common", "0.1"), ("cash", "0.25"), effective="2001-10-01"),
        telecopied("2001-11-09T09:30:00-05:00", ("H-1", "100")),
        ORIGINALS,
        on_notice("CommonSharesDelivered", "2001-11-13T10:00:00-05:00", shares=shares),
    )
    listed = findings(Question.ask(given(*WHOLE, *lines), parse_day("2001-11-13")))
    assert [one.says for one in listed if one.finding == "delivered-differs-from-due"] == says
