"""§2 §4 §5(f) §5(j) - The registers among the papers, worked out by hand, and each figure is the command's."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from given import COMMON, delivered, given, instructed, issued, on_notice, telecopied, transferred
from ledger.application import Ledger
from ledger.moments import parse_day
from on_file import begun, entries, ran
from paper_cases import exactly, paper, rows, stated
from projections.papers.content import BLANK
from projections.question import Question
from projections.sheets import sheets
from test_story import story

# --- §2: dividend register ---

PAID = {"event": "DividendPaid", "effective": "2001-06-11", "payable_on": "2001-06-10", "amount": "100.00"}


def test_a_payment_is_shared_in_proportion_and_handed_out_in_whole_cents() -> None:
    """§2 - $100.00 over three equal certificates is $100/3 each; in cents 33.34, 33.33 and 33.33.

    1,700 shares accrue 1,700 x $1,000 x 10% x 58 / 360 = $246,500/9; $100/3 of it is paid. What is unpaid in all,
    $246,500/3 - $100 = $82,066.666..., pays out as $82,066.67: 27,355.56, 27,355.56 and 27,355.55.
    """
    split = transferred("2001-05-01", *((f"Holder {one}", f"H-{one}", "1700") for one in "ABC"))
    told = paper(given(COMMON, issued(), split, PAID), "2001-06-11", "dividend-register", "2001-06-10")
    third = Fraction(100, 3)
    assert [
        (row["certificate"], row["share of the payment"], row["in whole cents"]) for row in rows(told, "payments")
    ] == [
        ("H-A", third, Fraction(3334, 100)),
        ("H-B", third, Fraction(3333, 100)),
        ("H-C", third, Fraction(3333, 100)),
    ]
    each = Fraction(246_500, 9)
    first, second, last = rows(told, "register")
    assert first == {
        "certificate": "H-A",
        "holder": "Holder A",
        "shares": 1700,
        "accrued": each,
        "paid": third,
        "unpaid": each - third,
        "unpaid with earlier dates": each - third,
        "of it to pay in whole cents": Fraction(2_735_556, 100),
    }
    assert [row["of it to pay in whole cents"] for row in (second, last)] == [
        Fraction(2_735_556, 100),
        Fraction(2_735_555, 100),
    ]
    assert stated(told)["Of it unpaid"] == Fraction(246_500, 3) - 100


def test_an_unpaid_date_stays_due_beside_the_next_one() -> None:
    """§2 - On 10 September 2001 nothing was paid: $127,500 of that quarter, and $246,500/3 of the date before."""
    told = paper(given(COMMON, issued()), "2001-09-10", "dividend-register", "2001-09-10")
    (row,) = rows(told, "register")
    assert (row["accrued"], row["unpaid"]) == (127_500, 127_500)
    assert row["unpaid with earlier dates"] == 127_500 + Fraction(246_500, 3)


def test_a_payment_goes_by_the_certificates_of_its_own_day() -> None:
    """§2 - What was paid before a transfer was paid on the certificate that stood then."""
    after = transferred("2001-07-01", ("Holder B", "H-2", "5100"))
    told = paper(given(COMMON, issued(), PAID, after), "2001-12-31", "dividend-register", "2001-06-10")
    assert [(row["certificate"], row["holder"]) for row in rows(told, "payments")] == [("H-1", "Holder A")]
    assert [(row["certificate"], row["paid"]) for row in rows(told, "register")] == [("H-2", 100)]


# --- §1 §7: stock ledger ---


def test_the_stock_ledger_shows_every_issue_transfer_and_cancellation() -> None:
    """§1 §5(i) §7 - 5,100 issued, 1,700 transferred, 100 converted with a balance certificate, 200 bought back."""
    book = given(
        COMMON,
        issued(),
        transferred("2001-05-01", ("Holder A", "H-2", "3400"), ("Holder B", "H-3", "1700")),
        telecopied("2001-07-10T10:30:00-04:00", ("H-2", "100")),
        on_notice(
            "CommonSharesDelivered",
            "2001-07-13",
            shares="138889",
            balance_certificates=[{"certificate": "H-2", "new_certificate": "H-4"}],
        ),
        {
            "event": "PreferredSharesReacquired",
            "effective": "2001-08-01",
            "certificate": "H-3",
            "shares": "200",
            "price": "150000.00",
        },
    )
    told = paper(book, "2001-12-31", "stock-ledger")
    assert [tuple(row.values()) for row in rows(told, "ledger")] == [
        # day, entry, what, certificate, holder, shares, left on it, outstanding, particulars
        ("2001-04-12", "3", "issued", "H-1", "Holder A", 5100, 5100, 5100, ""),
        ("2001-05-01", "4", "transferred", "H-1", "Holder A", -5100, 0, 5100, "H-1 into H-2, H-3"),
        ("2001-05-01", "4", "transferred", "H-2", "Holder A", 3400, 3400, 5100, "H-1 into H-2, H-3"),
        ("2001-05-01", "4", "transferred", "H-3", "Holder B", 1700, 1700, 5100, "H-1 into H-2, H-3"),
        ("2001-07-10", "5", "converted", "H-2", "Holder A", -100, 3300, 5000, "notice N-1"),
        ("2001-07-13", "6", "balance certificate", "H-2", "Holder A", -3300, 0, 5000, "notice N-1"),
        ("2001-07-13", "6", "balance certificate", "H-4", "Holder A", 3300, 3300, 5000, "notice N-1"),
        ("2001-08-01", "7", "reacquired", "H-3", "Holder B", -200, 1500, 4800, "200 of H-3, for $150,000.00"),
    ]
    assert stated(told) == {
        "Shares designated": 5100,
        "Shares issued": 5100,
        "Shares outstanding": 4800,
        "Shares converted": 100,
        "Shares redeemed": 0,
        "Shares reacquired": 200,
    }


@pytest.mark.parametrize("day", ["2001-11-12", "2002-09-12", "2005-06-30"])
def test_the_stock_ledger_of_the_story_ends_with_the_register(day: str) -> None:
    """§1 §7 - The movements of every certificate sum to what `captable register` has left on it."""
    book = given(*story())
    told, left = paper(book, day, "stock-ledger"), dict[str, Fraction]()
    for row in rows(told, "ledger"):
        left[row["certificate"]] = left.get(row["certificate"], Fraction(0)) + row["shares"]
        assert left[row["certificate"]] == row["left on it"]
    listed = {row["certificate"]: row["shares"] for row in rows(paper(book, day, "stockholder-list"), "certificates")}
    assert {number: shares for number, shares in left.items() if shares} == listed
    assert rows(told, "ledger")[-1]["outstanding"] == sum(listed.values())


# --- §4 §10(a): stockholder list ---


def test_the_list_is_of_the_record_date_and_not_of_the_day_it_is_asked_for() -> None:
    """§4 - A transfer on the day after the record date changes nothing on the list; what is not registered is blank.

    1,700 shares convert at 1,388.89 into 2,361,113 votes.
    """
    book = given(
        COMMON,
        issued(),
        {"event": "HolderRegistered", "effective": "2001-04-12", "holder": "Holder A", "name": "A", "address": "1 Rd"},
        transferred("2001-05-01", ("Holder A", "H-2", "3400"), ("Holder B", "H-3", "1700")),
        {"event": "RecordDateSet", "effective": "2001-06-01", "action": "V-1", "record_date": "2001-06-15"},
        {"event": "PreferredSharesTransferred", "effective": "2001-06-16", "certificate": "H-3", "into": [
            {"holder": "Holder C", "certificate": "H-4", "shares": "1700"}]},
    )  # fmt: skip
    told = paper(book, "2001-12-31", "stockholder-list", "V-1")
    assert told.title.endswith("on 2001-06-15")
    assert [
        (row["holder"], row["name"], row["address"], row["shares"], row["votes"]) for row in rows(told, "holders")
    ] == [
        ("Holder A", "A", "1 Rd", 3400, 4_722_226),
        ("Holder B", BLANK, BLANK, 1700, 2_361_113),
    ]
    later = paper(book, "2001-12-31", "stockholder-list")
    assert [row["holder"] for row in rows(later, "holders")] == ["Holder A", "Holder C"]


# --- §5(j): reserve letter ---


def test_the_reserve_letter_states_what_is_needed_and_what_is_there() -> None:
    """§5(j) - 5,100 x 1,388.89 = 7,083,339 of the 195,000,000 authorized and unissued; 187,916,661 beyond it."""
    told = stated(paper(given(COMMON, issued()), "2001-12-31", "reserve-letter"))
    assert told["Common Stock to reserve for their conversion"] == 7_083_339
    assert told["Common Stock authorized and unissued"] == 195_000_000
    assert told["Sufficient"] == "yes"
    assert told["Beyond what is to be reserved"] == 187_916_661
    assert told["To the transfer agent"] == BLANK


def test_a_reserve_that_falls_short_says_by_how_much_and_pending_common_is_outstanding() -> None:
    """§5(j) - Of 42,000,000 authorized 6,861,111 are left beside 138,889 pending, 6,944,450 needed: 83,339 short."""
    common = {**COMMON, "authorized": "42000000"}
    book = given(common, issued(), telecopied("2001-07-10T10:30:00-04:00", ("H-1", "100")))
    told = paper(book, "2001-12-31", "reserve-letter")
    values = stated(told)
    assert values["of which awaiting delivery on notices"] == 138_889
    assert values["Common Stock authorized and unissued"] == 6_861_111
    assert values["Sufficient"] == "no"
    assert values["Short by"] == 83_339
    assert any("short by 83,339" in note for note in told.notes)


def test_a_reserve_to_the_share_suffices() -> None:
    """§5(j) - 42,083,339 authorized less 35,000,000 outstanding are the 7,083,339 needed: it suffices."""
    book = given({**COMMON, "authorized": "42083339"}, issued())
    told = stated(paper(book, "2001-12-31", "reserve-letter"))
    assert told["Sufficient"] == "yes"
    assert told["Beyond what is to be reserved"] == 0


def test_without_an_authorized_number_the_letter_leaves_blanks() -> None:
    """§5(j) - Where no entry says how many are authorized nobody can say whether they suffice."""
    common = {name: value for name, value in COMMON.items() if name != "authorized"}
    told = stated(paper(given(common, issued()), "2001-12-31", "reserve-letter"))
    names = ("Common Stock authorized", "Common Stock authorized and unissued", "Sufficient")
    assert [told[name] for name in names] == [BLANK] * 3


# --- §5(f): turnaround tally ---

CARRIED = (
    COMMON,
    issued(),
    telecopied("2001-07-31T10:00:00-04:00", ("H-1", "1000")),
    on_notice("OriginalsReceived", "2001-07-31T14:00:00-04:00"),  # due Friday 3 August, 17:00
)


def tallied(day: str, *lines: dict[str, Any]) -> dict[str, str]:
    """§5(f)(i) - The tally of what was carried, on a day: its numbers that are not 0, by their words."""
    told = stated(paper(given(*CARRIED, *lines), day, "turnaround-tally"))
    numbers = {says: str(value) for says, value in told.items() if says not in ("From", "Through")}
    assert numbers.pop("Business days for delivery, as now in force") == "3"
    coming = sum(int(numbers[says]) for says in ("Carried in from earlier months", "Received in the month"))
    assert coming * 2 == sum(map(int, numbers.values()))  # what came is what became of it
    return {says: value for says, value in numbers.items() if value != "0"}


def test_a_month_ends_with_what_is_open_and_the_next_begins_with_it() -> None:
    """§5(f)(i) - Received on 31 July and delivered on Thursday 2 August: open in July, in time in August."""
    done = delivered("2001-08-02T15:00:00-04:00")
    assert tallied("2001-07-31", done) == {"Received in the month": "1", "Open at the end, not yet due": "1"}
    assert tallied("2001-08-31", done) == {"Carried in from earlier months": "1", "Turned around in time": "1"}
    assert tallied("2001-09-30", done) == {}
    on_the_first = delivered("2001-08-01T00:00:00-04:00")
    assert tallied("2001-08-31", on_the_first) == {"Carried in from earlier months": "1", "Turned around in time": "1"}


@pytest.mark.parametrize(
    ("day", "lines", "became", "past"),
    [
        ("2001-08-02", (), "Open at the end, not yet due", "0"),
        ("2001-08-03", (), "Open at the end and aged: past the last business day", "0"),
        ("2001-08-06", (), "Open at the end and aged: past the last business day", "1"),
        ("2001-08-31", (delivered("2001-08-03T17:00:00-04:00"),), "Turned around in time", "0"),
        ("2001-08-31", (delivered("2001-08-03T17:00:01-04:00"),), "Not turned around in time", "0"),
        ("2001-08-31", (delivered("2001-08-08T10:00:00-04:00"),), "Not turned around in time", "3"),
        (
            "2001-08-31",
            (instructed("2001-08-03T17:00:00-04:00"), delivered("2001-08-08T10:00:00-04:00")),
            "Turned around later, the transfer agent instructed in time",
            "3",
        ),
        (
            "2001-08-31",
            (on_notice("NoticeOfConversionRevoked", "2001-08-06T10:00:00-04:00"),),
            "Revoked by the holder",
            "1",
        ),
    ],
)
def test_what_became_of_a_notice_is_told_to_the_second(
    day: str, lines: tuple[dict[str, Any], ...], became: str, past: str
) -> None:
    """§5(f)(i) - To 17:00:00 on Friday 3 August it is in time; Monday the 6th is the first business day past it."""
    assert tallied(day, *lines) == {"Carried in from earlier months": "1", became: "1"}
    (row,) = rows(paper(given(*CARRIED, *lines), day, "turnaround-tally"), "notices")
    assert row["business days past due"] == past


# --- each figure is the command's ---


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story in a ledger file."""
    path = begun(tmp_path_factory.mktemp("papers") / "ledger.db")
    with Ledger.open(path, to_record=True) as opened:
        opened.record(entries(*story()))
    return path


@pytest.mark.parametrize("day", ["2001-11-12", "2002-08-31", "2003-04-08", "2004-10-31"])
def test_each_figure_of_a_paper_is_the_one_of_the_command(
    ledger: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    """§2 §4 §5 §6 - What is handed out is what is answered, unrounded, on every day."""

    def asked(*words: str) -> Any:
        return ran(capsys, *words, "--json", "--ledger", ledger).data

    book, told = given(*story()), asked("asof", day)
    holders = rows(paper(book, day, "stockholder-list"), "holders")
    assert [(row["holder"], row["shares"], row["votes"], row["accrued dividends"]) for row in holders] == [
        (one["holder"], Fraction(one["shares"]), Fraction(one["votes"]), exactly(one["accrued_dividends"]))
        for one in told["preferred"]["holders"]
    ]
    letter, common = stated(paper(book, day, "reserve-letter")), told["common"]
    assert letter["Common Stock to reserve for their conversion"] == Fraction(common["reserve_required"])
    assert letter["Common Stock authorized and unissued"] == Fraction(common["reserve_available"])
    assert letter["Common Stock outstanding"] == Fraction(common["outstanding"])
    counts = stated(paper(book, day, "stock-ledger"))
    for name in ("designated", "issued", "outstanding", "converted", "redeemed", "reacquired"):
        assert counts[f"Shares {name}"] == Fraction(told["preferred"][name])
    for one in asked("conversions", "--as-of", day)["conversions"]:
        said = stated(paper(book, day, "conversion-statement", one["notice"]))
        revoked = one["status"] == "revoked"
        due, paid = ("due until it was revoked", ", and paid on the shares since") if revoked else ("due", "")
        assert said[f"Shares of Common Stock {due}"] == Fraction(one["common_due"])
        assert said["Fraction of a share settled in cash"] == Fraction(one["fraction_in_cash"])
        due = due if revoked else "due on the Conversion Date"
        assert said[f"Accrued dividends {due}"] == exactly(one["dividends_due"])
        assert said[f"Of them paid{paid}"] == exactly(one["dividends_paid"])
    for one in asked("rate", "--as-of", day)["history"]:
        said = stated(paper(book, day, "certificate-of-adjustment", str(one["entry"])))
        assert said["Common Stock into which one share converts after"] == Fraction(one["exact"])
        assert said["Factor of the adjustment"] == Fraction(one["factor"])
    dividends = asked("dividends", "--as-of", day)
    for one in dividends["payment_dates"]:
        made = paper(book, day, "dividend-register", one["payable_on"])
        said, listed = stated(made), rows(made, "register")
        for name, words in (("accrued", "Accrued in the period on the shares outstanding"), ("paid", "Of it paid")):
            assert said[words] == exactly(one[name]) == sum(row[name] for row in listed)
        assert said["Of it unpaid"] == exactly(one["unpaid"]) == sum(row["unpaid"] for row in listed)
    for one in asked("redemptions", "--as-of", day)["redemptions"]:
        made = paper(book, day, "redemption-notice", one["redemption"])
        assert sum(row["shares to be redeemed"] for part in (0, 1, 2) for row in rows(made, "certificates", part)) == (
            Fraction(one["noticed"])
        )
    rolled = asked("rollforward", "2001-06-30", day)["whole"]["lines"]
    lines = {row["line"]: row for row in rows(paper(book, day, "rollforward", "2001-06-30"), "whole")}
    for one in rolled:
        if one["line"] in lines:
            assert lines[one["line"]]["shares"] == Fraction(one["shares"])
            assert lines[one["line"]]["both"] == exactly(one["preference"])


def test_the_workbook_of_answers_holds_the_sheets_of_the_auditors_bundle() -> None:
    """What staff open in a spreadsheet and what the auditor checks are the same cells."""
    book, day = given(*story()), "2003-12-31"
    made = paper(book, day, "answers").sheets()
    bundled = sheets(Question.ask(book, parse_day(day)))
    assert len(bundled) == 9
    for name, sheet in bundled.items():
        assert made[name.replace("_", " ")] == sheet
