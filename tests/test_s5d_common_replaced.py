"""§5(c) §5(d) §5(e)(i) - Once no Common is left, what took its place counts as the Common (reading common-replaced)."""

from fractions import Fraction
from typing import Any

import pytest

from given import COMMON, given, issued, notice_on, on, on_notice, record, refused, sold, telecopied
from ledger.book import Book
from ledger.moments import parse_day
from ledger.position.state import Position
from projections.asof import answer
from projections.findings.every import findings
from projections.findings.finding import Finding
from projections.papers.conversion_statement import conversion_statement
from projections.papers.reserve_letter import reserve_letter
from projections.question import Question
from projections.report.answer import asof
from test_s5d_reorganizations import into_of, reclassified, reorganized, split

RATE, NONE = Fraction("1388.89"), Fraction(0)
WHOLE = (COMMON, issued())  # entries 2 and 3
CLASS_B = reclassified(("Common Stock", "1"), ("Class B", "0.1"), effective="2001-06-15")
PENDING = telecopied("2001-06-29T10:00:00-04:00", ("H-1", "1000"))  # 1,388,890 of Common, of 36,388,890
HUNDRED = telecopied("2001-06-29T10:00:00-04:00", ("H-1", "100"))  # 138,889 of 35,138,889
LATER = telecopied("2001-07-09T10:00:00-04:00", ("H-1", "100"))
MERGED = reorganized(("Successor Common", "0.25"), ("cash", "0.04"))
CASHED_OUT = reorganized(("cash", "0.30"))
ONE_FOR_ONE = reclassified(("Class A", "1"))
IN_TIME = "2001-07-05T10:00:00-04:00"  # originals of Friday 29 June: 2, 3 and, after the holiday, 5 July
OVERDUE = "2001-07-06T10:00:00-04:00"
REVOKED = on_notice("NoticeOfConversionRevoked", OVERDUE)
# 1,000 shares from 12 April to 29 June: 77 days, 100,000 x 77 / 360 = 21,388.888...; of 100 shares a tenth.
DIVIDEND = on_notice("ConversionDividendPaid", "2001-06-29T11:00:00-04:00", amount="21388.89")
TENTH = {**DIVIDEND, "amount": "2138.89"}


def originals(at: str = "2001-06-29T10:00:00-04:00") -> dict[str, Any]:
    """A journal line for the originals of N-1."""
    return on_notice("OriginalsReceived", at)


def delivered(shares: str, cash: str | None = None, price: str | None = None, at: str = IN_TIME) -> dict[str, Any]:
    """A journal line for what was delivered on N-1, with the cash and the market price told."""
    return on_notice("CommonSharesDelivered", at, shares=shares, cash_in_lieu=cash, market_price=price)


def at_last(*lines: dict[str, Any]) -> Position:
    """The position of 5,100 shares and 35,000,000 of Common once all that is given has happened."""
    return on(given(*WHOLE, *lines), "2001-12-31")


def found(book: Book) -> list[Finding]:
    """What is found of the notice N-1, but that notice of the change was not mailed."""
    listed = findings(Question.ask(book, parse_day("2001-12-31")))
    return [one for one in listed if one.finding != "record-notice-is-missing"]


@pytest.mark.parametrize(
    ("change", "others", "outstanding", "counts_for"),
    [
        # 1,388,890 x 0.25 and x $0.04; 36,388,890 x 0.25
        (
            MERGED,
            {"Successor Common": Fraction("347222.5"), "cash": Fraction("55555.60")},
            Fraction("9097222.5"),
            Fraction("347222.5"),
        ),
        (CASHED_OUT, {"cash": 416667}, 0, 0),  # 1,388,890 x $0.30
        (ONE_FOR_ONE, {"Class A": 1388890}, 36388890, 1388890),
    ],
    ids=["stock and cash", "all cash", "one for one"],
)
def test_s5d_a_pending_notice_receives_what_all_common_receives(
    change: dict[str, Any], others: dict[str, Any], outstanding: Fraction, counts_for: Fraction
) -> None:
    """Its 1,388,890 shares are outstanding (conversion-moment), and no more Common is due where none is left."""
    position = at_last(PENDING, change)
    notice = position.notices["N-1"]
    assert (notice.common_due, notice.others_due) == (NONE, others)
    assert (position.common.outstanding, position.pending_common) == (outstanding, counts_for)


def test_s5d_what_was_received_beside_the_common_stands_in_its_place_with_what_it_became() -> None:
    """0.25 of the successor and the 0.1 of Class B from before: 0.35 for each, so 35,138,889 are 12,298,611.15."""
    position = at_last(CLASS_B, HUNDRED, MERGED)
    # N-1: 138,889 x 0.1 = 13,888.9 of Class B, x 0.25 = 34,722.25 of the successor, x $0.04 = $5,555.56.
    assert position.notices["N-1"].others_due == {
        "Class B": Fraction("13888.9"),
        "Successor Common": Fraction("34722.25"),
        "cash": Fraction("5555.56"),
    }
    assert position.common.outstanding == Fraction("12298611.15")
    assert position.pending_common == Fraction("48611.15")  # 138,889 x 0.35


def test_s5d_common_delivered_before_a_merger_receives_nothing_by_the_notice() -> None:
    """Who holds the 1,388,890 shares receives 0.25 for each as a stockholder; the notice is delivered and at an end."""
    position = at_last(PENDING, originals(), delivered("1388890", at="2001-06-29T15:00:00-04:00"), MERGED)
    assert position.notices["N-1"].others_due == {}
    assert (position.common.outstanding, position.pending_common) == (Fraction("9097222.5"), NONE)


@pytest.mark.parametrize(
    ("change", "base"),
    [
        (MERGED, Fraction("9097222.5")),  # 36,388,890 / 4
        (ONE_FOR_ONE, Fraction(36388890)),
        (reclassified(("Class A", "10")), Fraction(363888900)),
    ],
    ids=["a quarter", "one for one", "ten for one"],
)
def test_s5e_the_base_of_a_sale_after_a_change_is_counted_in_what_is_sold(
    change: dict[str, Any], base: Fraction
) -> None:
    """§5(e)(i) - 1,000,000 at $0.36 are 500,000 at $0.72: (O + 1,000,000) / (O + 500,000), O in the new stock's shares.

    After the merger 10,097,222.5 / 9,597,222.5 = 4,038,889 / 3,838,889, 1.0521; on 36,388,890 it would be 1.0136.
    """
    position = at_last(PENDING, change, sold("2001-07-03", "1000000", "360000"))
    assert position.rate == RATE * (base + 1000000) / (base + 500000)
    assert position.adjustments[-1].base == base
    assert position.common.outstanding == base + 1000000


def test_s5e_a_sale_after_a_merger_raises_the_stock_and_leaves_the_cash() -> None:
    """§5(e)(i) - 347.2225 x 4,038,889 / 3,838,889 = 365.312239 shares, and $55.5556 as before."""
    # 347.2225 + 347.2225 x 200,000 / 3,838,889 = 347.2225 + 69,444,500 / 3,838,889 = 347.2225 + 18.089738...
    book = given(*WHOLE, PENDING, MERGED, sold("2001-07-03", "1000000", "360000"))
    assert on(book, "2001-07-03").rate == RATE * Fraction(4038889, 3838889)
    assert into_of(book) == {"Successor Common": "365.312239", "cash": "55.5556"}


@pytest.mark.parametrize("cash", ["0", "360000", "720000"])
def test_s5e_once_all_is_cash_no_sale_adjusts_anything(cash: str) -> None:
    """§5(e)(i) - No number of shares is issuable that could be increased: $416.667 a share, whatever is sold."""
    book = given(*WHOLE, PENDING, CASHED_OUT, sold("2001-07-03", "1000000", cash))
    position = on(book, "2001-07-03")
    assert (position.rate, position.adjustments[:]) == (RATE, [])
    assert into_of(book) == {"cash": "416.667"}
    assert position.common.outstanding == 1000000


@pytest.mark.parametrize(
    ("change", "each"),
    [(MERGED, Fraction(1, 4)), (CASHED_OUT, Fraction(0)), (ONE_FOR_ONE, Fraction(1))],
    ids=["stock and cash", "all cash", "one for one"],
)
def test_s5d_a_conversion_after_a_change_adds_the_stock_due_and_a_revocation_takes_it_away(
    change: dict[str, Any], each: Fraction
) -> None:
    """§5(f)(i) - 138,889 x 0.25 = 34,722.25 join the successor's shares on the Conversion Date and leave it revoked."""
    lines = (change, LATER, originals("2001-07-09T10:00:00-04:00"))
    revoked = on_notice("NoticeOfConversionRevoked", "2001-07-13T10:00:00-04:00")
    book = given(*WHOLE, *lines, revoked)
    assert on(book, "2001-07-08").common.outstanding == 35000000 * each
    assert on(book, "2001-07-12").common.outstanding == 35138889 * each
    assert on(book, "2001-07-12").pending_common == 138889 * each
    assert on(book, "2001-07-13").common.outstanding == 35000000 * each
    assert on(book, "2001-07-13").pending_common == 0


def test_s5d_a_revocation_takes_back_exactly_what_the_fraction_apart_was_counted_for() -> None:
    """§5(f)(i) - 145,719 of Common and 37/61 of a share in cash, x 0.35; revoked, 40,000,000 x 0.35 are left.

    The Class B due is that of the whole 145,719 37/61; what counts is what stands for the Common that counted.
    """
    lines = (sold("2001-06-01", "5000000", "2250000"), CLASS_B, HUNDRED, originals(), MERGED)
    assert at_last(*lines).pending_common == 145719 * Fraction("0.35")
    assert at_last(*lines).notices["N-1"].others_due["Class B"] == 100 * RATE * Fraction(64, 61) / 10
    assert at_last(*lines, REVOKED).common.outstanding == 14000000


AFTERWARDS = {**PENDING, "effective": "2001-07-03T10:00:00-04:00"}


@pytest.mark.parametrize("notice", [(PENDING, MERGED), (MERGED, AFTERWARDS)], ids=["before", "after"])
def test_s5c_a_split_of_what_took_the_common_s_place_multiplies_it_and_no_cash(
    notice: tuple[dict[str, Any], ...],
) -> None:
    """2-for-1: 347,222.5 due are 694,445, $55,555.60 stay, whether it converted before the merger or after it.

    35,000,000 / 4 x 2 + 694,445 = 18,194,445 are outstanding; revoked, 17,500,000 are left.
    """
    received = originals("2001-07-03T10:00:00-04:00")
    lines = (*WHOLE, *notice, received, split("2", "1", "2001-07-04"))
    position = on(given(*lines), "2001-07-04")
    assert position.notices["N-1"].others_due == {"Successor Common": 694445, "cash": Fraction("55555.60")}
    assert (position.common.outstanding, position.pending_common) == (Fraction(18194445), Fraction(694445))
    revoked = on_notice("NoticeOfConversionRevoked", "2001-07-10T10:00:00-04:00")
    assert on(given(*lines, revoked), "2001-07-10").common.outstanding == 17500000


@pytest.mark.parametrize(("shares", "refusal"), [("8749999.99", False), ("8750000", False), ("8750000.01", True)])
def test_s5d_what_awaits_delivery_of_the_new_stock_cannot_be_retired(shares: str, refusal: bool) -> None:
    """9,097,222.5 less the 347,222.5 that N-1 awaits: 8,750,000 can be retired."""
    book, line = given(*WHOLE, PENDING, MERGED), {"event": "CommonSharesRetired", "effective": "2001-07-03"}
    if refusal:
        assert refused(book, {**line, "shares": shares}) == "common-stock-must-cover-retirement"
    else:
        assert on(record(book, {**line, "shares": shares}), "2001-07-03").common.outstanding > 347222


def test_s5j_how_much_of_the_new_stock_is_authorized_is_unknown_until_an_entry_says_so() -> None:
    """§5(j) - 230,000,000 of Common says nothing of Class A: 350,000,000 of it are no breach, and none to reserve."""
    authorized = {"event": "CommonAuthorizationChanged", "effective": "2001-07-03", "authorized": "500000000"}
    book = given(*WHOLE, reclassified(("Class A", "10")), authorized)
    assert [one.finding for one in found(given(*WHOLE, reclassified(("Class A", "10"))))] == []
    assert answer(book, parse_day("2001-07-02"))["common"] == {
        "outstanding": "350000000",
        "authorized": None,
        "reserve_required": "0",
        "reserve_available": None,
    }
    told = answer(book, parse_day("2001-07-03"))["common"]
    assert (told["authorized"], told["reserve_available"]) == ("500000000", "150000000")


@pytest.mark.parametrize(("counted", "differs"), [("9097222.5", False), ("36388890", True)])
def test_s5d_the_transfer_agent_counts_what_took_the_common_s_place(counted: str, differs: bool) -> None:
    """A count of 9,097,222.5 after the merger is the ledger's own; 36,388,890, as before it, is another."""
    count = {"event": "CountAttested", "effective": "2001-07-05", "of": "common", "shares": counted, "by": "the agent"}
    listed = [one.finding for one in found(given(*WHOLE, PENDING, MERGED, count))]
    assert (listed == ["count-differs"]) is differs


def test_s5d_no_shares_deliver_a_notice_that_is_due_cash_alone() -> None:
    """§5(f)(i) - 1,388,890 x $0.30 = $416,667.00 and no share: delivered so, in time, the notice is settled."""
    book = given(*WHOLE, PENDING, originals(), DIVIDEND, CASHED_OUT, delivered("0", "416667.00"))
    assert notice_on(book, "2001-07-05").status() == "delivered"
    assert on(book, "2001-07-05").open_notices() == []
    assert found(book) == []


@pytest.mark.parametrize(
    ("each", "refusal"),
    [("0.0000071", False), ("0.0000072", True)],  # of 138,889: 0.986... and 1.0000008
    ids=["a fraction", "a whole share"],
)
def test_s5d_no_shares_are_refused_where_a_whole_one_is_due(each: str, refusal: bool) -> None:
    """§5(h) lets a fraction be no share at all; one whole share due, a delivery of none is no delivery."""
    book = given(*WHOLE, HUNDRED, originals(), reorganized(("Class A", each)))
    if refusal:
        assert refused(book, delivered("0")) == "notice-must-allow-it"
    else:
        assert notice_on(record(book, delivered("0")), "2001-07-05").delivered


@pytest.mark.parametrize(
    ("lines", "due"),
    [((), "1,388,890 shares of Common are due"), ((MERGED,), "347,222.5 shares of Successor Common are due")],
    ids=["Common", "the successor's stock"],
)
def test_s5f_a_delivery_of_no_shares_is_refused_where_stock_is_due(lines: tuple[dict[str, Any], ...], due: str) -> None:
    """§5(f)(i) - What cannot be a delivery is refused with what is due; nothing is recorded."""
    book = given(*WHOLE, PENDING, originals(), *lines)
    with pytest.raises(Exception, match=f"{due} on it, and 0 were delivered") as refusal:
        record(book, delivered("0"))
    assert "Nothing was recorded." in str(refusal.value)


@pytest.mark.parametrize(("paid", "settled"), [("55555.59", False), ("55555.60", True), ("55555.61", False)])
def test_s5d_cash_in_the_common_s_place_is_paid_to_the_cent(paid: str, settled: bool) -> None:
    """1,388,890 x $0.04 = $55,555.60: a cent less or more is found, and the notice stays open."""
    book = given(*WHOLE, PENDING, originals(), DIVIDEND, MERGED, delivered("347222.5", paid))
    assert (on(book, "2001-12-31").open_notices() == []) is settled
    shown = f"${paid[:2]},{paid[2:]}"
    assert [(one.finding, one.clause, one.says) for one in found(book)] == (
        []
        if settled
        else [
            (
                "cash-in-lieu-differs-from-due",
                "§5(d) §5(h)",
                f"{shown} was paid for what Common became on notice N-1, $55,555.60 was due",
            )
        ]
    )


FRACTION = (sold("2001-06-01", "5000000", "2250000"), HUNDRED, originals(), TENTH)  # 145,719 and 37/61 of a share


@pytest.mark.parametrize(("paid", "settled"), [("14.57", False), ("14.58", True), ("14.59", False)])
@pytest.mark.parametrize("cash", ["cash", "Cash", "CASH"])
def test_s5h_cash_for_a_fraction_and_in_the_common_s_place_is_rounded_once(paid: str, settled: bool, cash: str) -> None:
    """145,719 x $0.0001 = $14.5719 and 37/61 x $0.0061 = $0.0037: $14.5756, $14.58; each by itself came to $14.57."""
    change = reorganized(("Successor Common", "1"), (cash, "0.0001"))
    book = given(*WHOLE, *FRACTION, change, delivered("145719", paid, "0.0061"))
    assert (on(book, "2001-12-31").open_notices() == []) is settled
    says = f"${paid} was paid for what Common became and for 0.606557... of a share on notice N-1, $14.58 was due"
    assert [one.says for one in found(book)] == ([] if settled else [says])


def test_s5h_without_a_market_price_nobody_can_say_what_cash_was_due() -> None:
    """$14.57 in the Common's place is not all: 37/61 of a share wants a price, and the notice stays open without."""
    change = reorganized(("Successor Common", "1"), ("cash", "0.0001"))
    book = given(*WHOLE, *FRACTION, change, delivered("145719", "14.57"))
    assert [one.finding for one in found(book)] == ["market-price-is-missing"]
    assert [notice.id for notice in on(book, "2001-12-31").open_notices()] == ["N-1"]


def test_s5d_the_statement_of_a_conversion_says_what_was_delivered_and_paid_in_the_common_s_place() -> None:
    """Shares of the successor are named as such, and $14.5756 due stand beside the $14.58 paid."""
    change = reorganized(("Successor Common", "1"), ("cash", "0.0001"))
    book = given(*WHOLE, *FRACTION, change, delivered("145719", "14.58", "0.0061"))
    paper = conversion_statement(Question.ask(book, parse_day("2001-12-31")), "N-1")
    said = {one.says: getattr(one.value, "value", one.value) for one in paper.parts[0].statements}
    assert said["Shares of Successor Common delivered"] == 145719
    assert said["Cash due for what Common became and for the fraction"] == Fraction("14.5756")
    assert said["Cash paid for what Common became and for the fraction"] == Fraction("14.58")


@pytest.mark.parametrize(
    ("lines", "counted_in"),
    [
        ((CLASS_B,), None),
        ((CLASS_B, MERGED), "Class B and Successor Common"),
        ((CASHED_OUT,), "no stock, all having become cash"),
    ],
    ids=["Common", "other stock", "cash"],
)
def test_s5d_the_answer_and_the_reserve_letter_say_in_which_stock_common_is_counted(
    lines: tuple[dict[str, Any], ...], counted_in: str | None
) -> None:
    """Whoever reads a number of Common that is no more learns what it is a number of."""
    question = Question.ask(given(*WHOLE, *lines), parse_day("2001-12-31"))
    told, notes = asof(question), reserve_letter(question).notes
    assert ("counted in" in told) is (counted_in is not None)
    if counted_in:
        assert f"of unknown authorized; counted in {counted_in}" in told
        assert f"§5(d) No Common Stock is left: what is outstanding is counted in {counted_in}" in notes
