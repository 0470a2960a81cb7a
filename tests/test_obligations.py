"""What falls due: who owes what under which clause, counted how, overdue or not; and the register of payment dates."""

from typing import Any

import pytest

from given import COMMON, given, issued, on_notice, reading, telecopied
from ledger.book import Book
from ledger.moments import parse_day
from projections.findings.every import findings
from projections.obligations import Obligation, obligations
from projections.payment_dates import by_payment_date
from projections.question import Question

WHOLE = (COMMON, issued())  # entries 2 and 3; 5,100 shares from 12 April 2001


def due(book: Book, day: str, within: int | None = None) -> list[Obligation]:
    """What is owed on a day."""
    return obligations(Question.ask(book, parse_day(day)), within)


def of(book: Book, day: str, clause: str) -> list[Obligation]:
    """What is owed on a day under a clause."""
    return [one for one in due(book, day) if one.clause == clause]


def rows(book: Book, day: str) -> list[dict[str, Any]]:
    """The register of payment dates on a day."""
    return by_payment_date(Question.ask(book, parse_day(day)))


def paid(amount: str, payable_on: str = "2001-06-10", effective: str = "2001-06-11") -> dict[str, Any]:
    """A journal line for a dividend paid."""
    return {"event": "DividendPaid", "effective": effective, "payable_on": payable_on, "amount": amount}


# --- §2 ---


@pytest.mark.parametrize(
    ("day", "listed"),
    [
        ("2001-06-09", [("2001-06-11", False)]),
        ("2001-06-10", [("2001-06-11", False), ("2001-09-10", False)]),
        ("2001-06-11", [("2001-06-11", False), ("2001-09-10", False)]),
        ("2001-06-12", [("2001-06-11", True), ("2001-09-10", False)]),
    ],
)
def test_s2_a_dividend_of_a_sunday_is_due_on_monday_and_overdue_on_tuesday(
    day: str, listed: list[tuple[str, bool]]
) -> None:
    """The first dividend, payable on Sunday 10 June, is due on the 11th; once it is payable the next one is listed."""
    found = due(given(*WHOLE), day)
    assert [(one.due.isoformat(), one.overdue) for one in found] == listed
    assert found[0].counted == "payable Sunday 2001-06-10, rolled to the next business day"


def test_s2_a_dividend_owed_says_how_much_and_to_whom() -> None:
    """58 days of 5,100 shares are $82,166.67, the next ninety $127,500.00, owed by the Company to every holder."""
    june, september = due(given(*WHOLE), "2001-06-12")
    assert june.what == "dividend of 2001-06-10, $82,166.67"
    assert september.what == "dividend of 2001-09-10, $127,500.00"
    assert june.data(late=()) == {
        "obligation": "dividend of 2001-06-10, $82,166.67",
        "clause": "§2",
        "owed_by": "the Company",
        "owed_to": "every holder",
        "due": "2001-06-11",
        "state": "overdue",
        "counted": "payable Sunday 2001-06-10, rolled to the next business day",
        "entries": [],
        "late": [],
    }


@pytest.mark.parametrize(
    ("amount", "left"), [("82166.65", "$0.02"), ("82166.66", None), ("82166.67", None)], ids=["short", "-", "paid"]
)
def test_s2_what_was_paid_is_owed_no_more(amount: str, left: str | None) -> None:
    """Of $82,166.66 2/3 there is left a cent and two thirds, or a residue under a cent, which settles the item."""
    found = [one.what for one in due(given(*WHOLE, paid(amount)), "2001-06-12") if "2001-06-10" in one.what]
    assert found == ([f"dividend of 2001-06-10, {left}"] if left else [])


@pytest.mark.parametrize(("within", "listed"), [(0, 0), (1, 0), (2, 1), (3, 1), (None, 1)])
def test_within_some_days_only_what_is_due_by_then_is_listed(within: int | None, listed: int) -> None:
    """Asked on Saturday 9 June, the dividend due on Monday lies two days ahead."""
    assert len(due(given(*WHOLE), "2001-06-09", within)) == listed


def test_within_no_days_what_is_overdue_is_still_listed() -> None:
    """On 12 June the dividend due on the 11th is owed, however few days ahead are asked for."""
    assert [one.overdue for one in due(given(*WHOLE), "2001-06-12", 0)] == [True]


def test_without_shares_outstanding_no_dividend_falls_due() -> None:
    """Before the first issue there is nobody to pay."""
    assert due(given(COMMON), "2001-06-12") == []


# --- §5(f) ---

# Monday 2 July 2001; banks are closed on the 4th, so that Friday the 6th is the third business day.
CONVERTED = telecopied("2001-07-02T10:00:00-04:00", ("H-1", "100"))  # entry 4
ORIGINALS = on_notice("OriginalsReceived", "2001-07-02T10:00:00-04:00")
DELIVERED = on_notice("CommonSharesDelivered", "2001-07-05T10:00:00-04:00", shares="138889")


@pytest.mark.parametrize(("day", "overdue"), [("2001-07-05", False), ("2001-07-06", True), ("2001-07-07", True)])
def test_s5f_common_is_to_be_delivered_by_the_third_business_day(day: str, overdue: bool) -> None:
    """138,889 shares are due to the holder by Friday 17:00, which at the end of that day has passed."""
    (one,) = of(given(*WHOLE, CONVERTED, ORIGINALS), day, "§5(f)(i)")
    assert (one.due, one.overdue, one.owed_to) == (parse_day("2001-07-06"), overdue, "Holder A")
    assert (one.what, one.entries) == ("delivery of 138,889 Common on notice N-1", (4,))
    assert one.counted == "3 business days from the originals, to Friday 2001-07-06 17:00:00"


def test_s5f_no_day_runs_before_the_originals_nor_after_delivery() -> None:
    """Without the originals no delivery is due, and after the delivery none is."""
    assert of(given(*WHOLE, CONVERTED), "2001-07-09", "§5(f)(i)") == []
    assert of(given(*WHOLE, CONVERTED, ORIGINALS, DELIVERED), "2001-07-09", "§5(f)(i)") == []


@pytest.mark.parametrize(
    ("instructed", "choice", "overdue"),
    [
        ("2001-07-06T17:00:00-04:00", "cures", False),
        ("2001-07-06T17:00:01-04:00", "cures", True),
        ("2001-07-03T10:00:00-04:00", "either failure revokes", True),
    ],
    ids=["in time", "a second late", "by the other reading"],
)
def test_s5f_a_delivery_that_the_transfer_agent_was_instructed_to_make_in_time_is_not_overdue(
    instructed: str, choice: str, overdue: bool
) -> None:
    """The Company transmits the certificates in three business days or instructs its transfer agent to: one will do."""
    line = on_notice("TransferAgentInstructed", instructed)
    book = given(*WHOLE, CONVERTED, ORIGINALS, line, terms=reading(instruction_cures=choice))
    (one,) = of(book, "2001-07-09", "§5(f)(i)")
    assert one.overdue is overdue
    assert (
        bool([one for one in findings(Question.ask(book, parse_day("2001-07-09"))) if "overdue" in one.finding])
        is overdue
    )
    assert one.counted == "3 business days from the originals, to Friday 2001-07-06 17:00:00" + (
        "" if overdue else "; the transfer agent was contacted Friday 2001-07-06 17:00:00, in time"
    )


@pytest.mark.parametrize(("day", "overdue"), [("2001-07-02", False), ("2001-07-03", True)])
def test_s2_dividends_on_shares_converted_are_due_on_the_conversion_date(day: str, overdue: bool) -> None:
    """100 shares have accrued 80 days, $2,222.22, due immediately on 2 July."""
    (one,) = [one for one in of(given(*WHOLE, CONVERTED), day, "§2") if "N-1" in one.what]
    assert (one.what, one.due, one.overdue) == ("dividends on notice N-1, $2,222.22", parse_day("2001-07-02"), overdue)
    line = on_notice("ConversionDividendPaid", "2001-07-02T12:00:00-04:00", amount="2222.22")
    assert not [one for one in of(given(*WHOLE, CONVERTED, line), day, "§2") if "N-1" in one.what]


# --- §6 ---

NOTICED = {
    "event": "RedemptionNoticeMailed",
    "effective": "2001-10-01",
    "redemption": "R-1",
    "redemption_date": "2001-10-31",
    "shares": [{"certificate": "H-1", "shares": "1000"}],
}
REDEEMED = {"event": "SharesRedeemed", "effective": "2001-10-31", "redemption": "R-1"}


@pytest.mark.parametrize(("day", "overdue"), [("2001-10-30", False), ("2001-10-31", False), ("2001-11-01", True)])
def test_s6_a_redemption_noticed_is_due_on_its_date(day: str, overdue: bool) -> None:
    """Shares noticed for 31 October are to be redeemed that day."""
    (one,) = of(given(*WHOLE, NOTICED), day, "§6")
    assert (one.what, one.due, one.overdue) == ("redemption R-1 of 1,000 shares", parse_day("2001-10-31"), overdue)
    assert one.entries == (4,)


def test_s6_where_all_the_shares_noticed_converted_none_is_to_be_redeemed() -> None:
    """The lesser of 1,000 shares noticed and 0 left is none: no redemption is owed on the date or after it."""
    small = (COMMON, issued("1000"), NOTICED, telecopied("2001-10-10T10:00:00-04:00", ("H-1", "1000")))
    assert of(given(*small), "2001-11-01", "§6") == []


@pytest.mark.parametrize(
    ("amount", "left"),
    [(None, "$1,055,277.78"), ("1055277.76", "$0.02"), ("1055277.77", None), ("1055277.78", None)],
    ids=["unpaid", "over a cent short", "residue", "paid"],
)
def test_s6_a_redemption_price_is_owed_until_it_is_paid(amount: str | None, left: str | None) -> None:
    """1,000 shares of 199 days cost $1,055,277.777...; what is left of it is owed, but for a residue under a cent."""
    # 1,000 × $100 × 199/360 = $55,277.777...
    line = {"event": "RedemptionPricePaid", "effective": "2001-11-02", "redemption": "R-1", "certificate": "H-1"}
    lines = [{**line, "amount": amount}] if amount else []
    found = of(given(*WHOLE, NOTICED, REDEEMED, *lines), "2001-11-02", "§6")
    expected = [(f"redemption price of certificate H-1, {left}", "Holder A")] if left else []
    assert [(one.what, one.owed_to) for one in found] == expected


# --- §5(j), and all together ---


def test_s5j_too_small_a_reserve_is_an_obligation_until_it_suffices() -> None:
    """With 42,083,338 authorized one share is short of 42,083,339, until one is authorized in addition."""
    short = ({**COMMON, "authorized": "42083338"}, issued())
    more = {"event": "CommonAuthorizationChanged", "effective": "2001-07-02", "authorized": "42083339"}
    (one,) = of(given(*short, more), "2001-07-01", "§5(j)")
    assert "short by 1" in one.what
    assert of(given(*short, more), "2001-07-02", "§5(j)") == []


def test_the_overdue_come_first_and_then_what_falls_due_soonest() -> None:
    """On 7 July: the dividend of June, the conversion's, the delivery; then notice of a record date, and September."""
    # Ten business days before Tuesday 31 July: 30, 27, 26, 25, 24, 23, 20, 19, 18, 17 July.
    record_date = {"event": "RecordDateSet", "effective": "2001-07-02", "action": "X", "record_date": "2001-07-31"}
    found = due(given(*WHOLE, record_date, CONVERTED, ORIGINALS), "2001-07-07")
    assert [(one.clause, one.due.isoformat(), one.overdue) for one in found] == [
        ("§2", "2001-06-11", True),
        ("§2", "2001-07-02", True),
        ("§5(f)(i)", "2001-07-06", True),
        ("§10", "2001-07-17", False),
        ("§2", "2001-09-10", False),
    ]


# --- the register ---


def test_s2_the_register_shows_each_date_with_its_period_and_age() -> None:
    """$50,000.00 of June's $82,166.67 paid, on 12 September $32,166.67 is 93 days old and $127,500.00 two."""
    # 11 June to 12 September: 19 + 31 + 31 + 12 = 93 days.
    june, september, december = rows(given(*WHOLE, paid("50000.00")), "2001-09-12")
    assert june == {
        "payable_on": "2001-06-10",
        "due": "2001-06-11",
        "accrued": {"amount": "82166.67", "exact": "246500/3"},
        "paid": {"amount": "50000.00", "exact": "50000"},
        "unpaid": {"amount": "32166.67", "exact": "96500/3"},
        "state": "in arrears",
        "age": 93,
    }
    assert (september["due"], september["accrued"]["exact"], september["unpaid"]["exact"]) == (
        "2001-09-10",
        "127500",
        "127500",
    )
    assert (september["state"], september["age"]) == ("in arrears", 2)
    assert (december["payable_on"], december["state"], december["age"]) == ("2001-12-10", "to come", 0)


@pytest.mark.parametrize(
    ("day", "state", "age"),
    [("2001-06-09", "to come", 0), ("2001-06-10", "due", 0), ("2001-06-11", "due", 0), ("2001-06-12", "in arrears", 1)],
)
def test_s2_a_date_of_the_register_comes_falls_due_and_ages(day: str, state: str, age: int) -> None:
    """The dividend of 10 June is to come on the 9th, due on the 10th and 11th, and in arrears from the 12th."""
    june = rows(given(*WHOLE), day)[0]
    assert (june["state"], june["age"]) == (state, age)


def test_s2_a_payment_for_a_later_date_settles_the_oldest_first() -> None:
    """$100,000.00 towards September settles June's $82,166.66 2/3 and $17,833.33 1/3 of September's $127,500."""
    june, september, _ = rows(given(*WHOLE, paid("100000.00", "2001-09-10", "2001-09-10")), "2001-09-10")
    assert (june["paid"]["exact"], june["unpaid"]["exact"], june["state"]) == ("246500/3", "0", "settled")
    assert (september["paid"]["exact"], september["unpaid"]["exact"]) == ("53500/3", "329000/3")
    assert september["state"] == "due"


@pytest.mark.parametrize(("amount", "state"), [("82166.65", "in arrears"), ("82166.66", "settled")])
def test_s2_a_residue_under_a_cent_is_settled(amount: str, state: str) -> None:
    """Two thirds of a cent left of $82,166.66 2/3 settle the item, and a cent and two thirds do not."""
    assert rows(given(*WHOLE, paid(amount)), "2001-06-12")[0]["state"] == state
