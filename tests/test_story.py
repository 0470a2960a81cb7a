"""§1 to §10 - The story of fixtures/, line by line: it tells of every kind of entry, and says what is public."""

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from given import given, record
from ledger.book import Book
from ledger.events import KINDS
from ledger.moments import parse_day
from projections.asof import answer
from projections.findings.every import findings
from projections.liquidation import distribution
from projections.obligations import obligations
from projections.question import Question
from projections.votes import actions, votes
from test_worked_examples import at, journal

STORY = Path(__file__).parent.parent / "fixtures" / "series_h.jsonl"

TOLD = set(KINDS)
"""The kinds of entry the story must tell of."""


def story() -> list[dict[str, Any]]:
    """§1 to §7 - The lines of the story, in the order in which they were recorded."""
    return journal(STORY.read_text(encoding="utf-8"))


def test_the_story_records_line_by_line() -> None:
    """§1 to §7 - Nothing in the story is refused at its turn, and at its end shares of Series H are outstanding."""
    lines = story()
    book = given()
    for number, line in enumerate(lines, 1):
        record(book, line)
        assert book.last == number + 1
    position = book.position
    assert position.issued == 5100
    assert position.outstanding == position.issued - position.converted - position.redeemed - position.reacquired > 0


def test_the_story_tells_of_every_kind_it_must() -> None:
    """§1 to §10 - Each kind of entry there is occurs in the story."""
    assert {line["event"] for line in story()} == TOLD


def test_the_story_tells_of_the_cases_that_are_easily_missed() -> None:
    """§2 §5(e) §5(f) - After hours, missing copies, cash for a fraction, property, an exempt issue, a part payment."""
    lines = story()
    notices = [line for line in lines if line["event"] == "NoticeOfConversionReceived"]
    assert any("T17:01:00" in line["effective"] for line in notices)
    assert any(line.get("copies") is False for line in notices)
    assert any({"cash_in_lieu", "market_price", "balance_certificates"} <= line.keys() for line in lines)
    assert any({"property_fair_value", "board_resolution"} <= line.keys() for line in lines)
    assert {"employee_plan", "outstanding_at_date_hereof"} <= {line.get("exempt") for line in lines}
    paid = [line["payable_on"] for line in lines if line["event"] == "DividendPaid"]
    assert len(paid) > len(set(paid))


def test_the_story_tells_of_every_form_of_a_replacement_and_of_a_correction() -> None:
    """§5(g) - Certificates lost, stolen, destroyed and mutilated; entries corrected as mistyped, and as amended."""
    lines = story()
    reasons = {line["reason"] for line in lines if line["event"] == "CertificateReplaced"}
    assert reasons == {"lost", "stolen", "destroyed", "mutilated"}
    assert {line["kind"] for line in lines if line["event"] == "EntryCorrected"} == {"clerical", "amendment"}
    assert {line.get("purpose") for line in lines if line["event"] == "FundsSetApart"} == {"dividend", "preference"}


def test_the_first_line_of_the_story_says_what_is_public_and_what_is_assumed() -> None:
    """§1 - A story around a real certificate says at once what of it can be read in the filings and what cannot."""
    note = story()[0]["note"]
    assert "public" in note.lower()
    assert "assumed" in note.lower()


def test_every_line_of_the_story_has_its_own_reference_and_says_whether_it_is_public() -> None:
    """§1 to §7 - No line of the story can be taken for a fact it is not."""
    lines = story()
    assert len({line["ref"] for line in lines}) == len(lines)
    assert [line["ref"] for line in lines if not line["note"].startswith(("public: ", "assumed: "))] == []


def test_a_late_entry_of_the_story_takes_its_place_before_what_was_recorded_earlier() -> None:
    """§5(e) - A sale of Common found later takes effect before entries recorded above it."""
    lines = [line for line in story() if not line["event"].startswith("Entry")]
    late = [line for before, line in pairwise(lines) if line["effective"] < before["effective"][:10]]
    assert "CommonSharesIssued" in {line["event"] for line in late}


def test_the_story_meets_the_common_stock_that_is_public_for_the_31st_of_october_2002() -> None:
    """§5(e) - Around all that is assumed, the Common outstanding on 2002-10-31 is the 142,076,947 of the filings."""
    assert at(answer(given(*story()), parse_day("2002-10-31")), "common.outstanding") == "142076947"


@cache
def told() -> Book:
    """§1 to §10 - The whole story, recorded in memory."""
    return given(*story())


def asked(day: str, path: str) -> Any:
    """§1 to §10 - What the whole story answers on a day, at a path of the answer."""
    return at(answer(told(), parse_day(day)), path)


def question(day: str) -> Question:
    """§1 to §10 - The whole story, asked about a day."""
    return Question.ask(told(), parse_day(day))


def entry(ref: str) -> int:
    """§1 - The number under which a line of the story stands: the terms are entry 1, and the first line is entry 2."""
    return 1 + int(ref.removeprefix("story-"))


def test_the_story_meets_the_common_stock_that_is_public_for_the_31st_of_october_2004() -> None:
    """§5(e) §5(j) - On 2004-10-31 the 165,097,838 outstanding of 230,000,000 authorized are those of the filings.

    148,000,000 after the combination + 4,000,000 for property + 2,856,932 of Series I + 440,000 on notice N-6
    + 500,000 to employees + 9,300,906 = 165,097,838. 230,000,000 - 165,097,838 = 64,902,162 are unissued.
    """
    assert asked("2004-10-31", "common.outstanding") == "165097838"
    assert asked("2004-10-31", "common.authorized") == "230000000"
    assert asked("2004-10-31", "common.reserve_available") == "64902162"


@pytest.mark.parametrize("day", ["2001-11-12", "2002-10-31", "2003-04-08"])
def test_the_tail_of_the_story_moves_nothing_before_it_begins(day: str) -> None:
    """§1 to §10 - Up to 8 April 2003 the whole story answers as its first 54 lines do, but for the last entry."""
    beginning = answer(given(*story()[:54]), parse_day(day))
    assert {**answer(told(), parse_day(day)), "head": None} == {**beginning, "head": None}


@pytest.mark.parametrize(
    ("day", "outstanding"),
    [
        ("2003-04-09", "213988103"),  # 142,000,000 x 3 / 2 + 988,103 on notice N-5
        ("2003-05-12", "222000000"),  # + 8,011,897
        ("2003-09-15", "148000000"),  # x 2 / 3
        ("2003-10-01", "152000000"),  # + 4,000,000
        ("2004-04-05", "154856932"),  # + 2,856,932
        ("2004-07-12", "155296932"),  # + 200 x 2,200, from the Conversion Date on
        ("2004-08-16", "155796932"),  # + 500,000
        ("2004-10-15", "165097838"),  # + 9,300,906
    ],
)
def test_the_common_stock_of_the_story_moves_as_its_lines_say(day: str, outstanding: str) -> None:
    """§5(c) §5(e) §5(f) - Each step from the split of 2003 to the number that is public for 2004."""
    assert asked(day, "common.outstanding") == outstanding


FOUND = [
    # Series H is 12.50 x 2,820 = $35,250.00 in arrears, the unpaid half of 10 March 2003; nothing is set apart.
    ("other-class-paid-in-arrears", "§2", "story-58", "2003-04-15", None),
    # Originals on Wednesday 2 April 2003: Thursday, Friday, Monday 7 April; delivered on Wednesday 9 April.
    ("delivery-was-late", "§5(f)(i)", "story-53", "2003-04-09", None),
    # 213,888,103 counted, 213,988,103 outstanding; on 30 May 2003 the next count agrees.
    ("count-differs", "record", "story-59", "2003-04-30", "2003-05-30"),
    # 230,000,000 - 222,000,000 = 8,000,000 unissued; 2,820 x 3,293.67 is more than 9,288,000. Then 250,000,000.
    ("reserve-too-small", "§5(j)", "story-61", "2003-05-12", "2003-06-16"),
    # Ten business days before Monday 15 September 2003, Labor Day not one of them: Friday 29 August.
    ("record-notice-is-missing", "§10", "story-76", "2003-08-29", None),
    # Adverse, with 700 + 710 = 1,410 of 2,820 shares, exactly half; the other 90 of 27 October do not undo it.
    ("action-without-majority", "§8(a)", "story-81", "2003-10-15", None),
    # Stolen, and no indemnity or security.
    ("replaced-without-indemnity", "§5(g)", "story-83", "2003-11-17", None),
    # From 10 February to 10 March 2004 are 19 + 10 = 29 days: 29 February is one of them.
    ("redemption-notice-was-short", "§6", "story-87", "2004-02-10", None),
    # $282,000.00 stated; 282 x (1,000 + 25) = $289,050.00.
    ("stated-price-differs", "§6", "story-87", "2004-02-10", None),
    # Originals on Tuesday 13 July 2004, two business days as amended: Thursday the 15th; delivered on Friday.
    ("delivery-was-late", "§5(f)(i)", "story-100", "2004-07-16", None),
    # Ten business days before Wednesday 1 December 2004, Thanksgiving not one of them: Tuesday 16 November.
    ("record-notice-was-late", "§10", "story-109", "2004-11-19", None),
    # The merger's survivor assumed nothing in writing.
    ("terms-were-not-assumed", "§9(c)", "story-115", "2005-02-15", None),
    # Ten business days before Wednesday 1 June 2005, Memorial Day not one of them: Tuesday 17 May.
    ("record-notice-is-missing", "§10", "story-116", "2005-05-17", None),
]
"""What the story's tail should have found, worked out by hand: finding, clause, first entry, since, put right."""


def found(day: str) -> set[tuple[str, str, int, str, str | None]]:
    """§2 to §10 - What is found of the story's tail on a day: finding, clause, first entry, since, put right."""
    asked = question(day)
    listed = [one.data(asked.book.late) for one in findings(asked)]
    return {
        (one["finding"], one["clause"], one["entries"][0], one["since"], one["resolved"])
        for one in listed
        if one["since"] > "2003-04-08"
    }


def test_the_tail_of_the_story_has_the_findings_worked_out_by_hand_and_no_other() -> None:
    """§2 to §10 - Thirteen things went wrong from April 2003 on; all that is told to be in order is not found."""
    by_hand = {(finding, clause, entry(ref), since, right) for finding, clause, ref, since, right in FOUND}
    assert found("2005-06-30") == by_hand


@pytest.mark.parametrize(
    ("finding", "clause", "ref", "since"), [one[:4] for one in FOUND], ids=[f"{one[0]}-{one[2]}" for one in FOUND]
)
def test_each_finding_of_the_tail_appears_on_its_day_and_not_before(
    finding: str, clause: str, ref: str, since: str
) -> None:
    """§2 to §10 - Nothing is found the day before; on the day it is, under its clause, and it stands open.

    Only a missing notice is seen later than it was due: when what it should have announced comes, the combination of
    15 September 2003 and the liquidation of 1 June 2005.
    """
    announced = {"story-76": date(2003, 9, 15), "story-116": date(2005, 6, 1)}
    first = announced[ref] if finding == "record-notice-is-missing" else parse_day(since)
    before = {(name, number) for name, _, number, _, _ in found((first - timedelta(days=1)).isoformat())}
    assert (finding, entry(ref)) not in before
    assert (finding, clause, entry(ref), since, None) in found(first.isoformat())


@pytest.mark.parametrize(
    ("day", "arrears"),
    [
        ("2003-04-15", "35250.00"),  # 12.50 x 2,820, half of the dividend of 10 March 2003
        ("2003-05-15", "35250.00"),  # set apart, and not yet paid
        ("2003-06-10", "0.00"),
        ("2004-09-11", "0.00"),  # banks were shut on Friday the 10th: due on Monday the 13th
        ("2004-09-13", "0.00"),  # and paid that day
        ("2004-12-10", "0.00"),  # a Friday: due, and in arrears from the next day
        ("2004-12-11", "58450.00"),  # 25 x 2,338
        ("2005-03-11", "116900.00"),
        ("2005-06-11", "175350.00"),
    ],
)
def test_the_story_is_in_arrears_when_it_says_so(day: str, arrears: str) -> None:
    """§2 - What is unpaid once its due day, rolled past a declared closure too, has passed."""
    assert asked(day, "dividends.in_arrears.amount") == arrears


def test_the_dividend_of_a_day_on_which_a_hurricane_shut_the_banks_is_due_on_monday() -> None:
    """§2 §5(f)(i) - 10 September 2004 is a Friday with a declared closure: $58,450.00 are due on the 13th."""
    owed = {one.what: one.due.isoformat() for one in obligations(question("2004-09-12"))}
    assert owed["dividend of 2004-09-10, $58,450.00"] == "2004-09-13"


def test_the_second_redemption_takes_a_tenth_of_every_certificate_at_its_price() -> None:
    """§6 - 132, 80 and 70 shares at 1,000 + 25 = $1,025.00: $135,300.00, $82,000.00 and $71,750.00, all paid.

    2,820 - 282 = 2,538 shares are left on the redemption date; 880 + 282 = 1,162 were redeemed in all.
    """
    assert asked("2004-03-09", "preferred.outstanding") == "2820"
    assert asked("2004-03-10", "preferred.outstanding") == "2538"
    assert asked("2004-03-10", "preferred.redeemed") == "1162"
    assert asked("2004-03-10", "redemptions[R-2].price.amount") == "289050.00"
    assert asked("2004-03-12", "redemptions[R-2].unpaid.amount") == "71750.00"
    assert asked("2004-03-15", "redemptions[R-2].unpaid.amount") == "0.00"


def test_the_combination_of_the_story_undoes_its_split() -> None:
    """§5(c) - x 3 / 2 in February and x 2 / 3 in September 2003: the rate is that of March 2002 again."""
    assert asked("2003-09-15", "conversion_rate.exact") == asked("2002-03-01", "conversion_rate.exact")


def test_the_board_s_amended_value_replaces_its_first_one() -> None:
    """§5(e)(i) §5(e)(ii) - 4,000,000 shares on 148,000,000, for $1,440,000 first and $1,800,000 as amended.

    $1,440,000 / 0.72 = 2,000,000: 152,000,000 / 150,000,000 = 76 / 75.
    $1,800,000 / 0.72 = 2,500,000: 152,000,000 / 150,500,000 = 304 / 301.
    """
    lines = story()
    amendment = next(place for place, line in enumerate(lines) if line.get("kind") == "amendment")
    first = answer(given(*lines[:amendment]), parse_day("2003-10-01"))
    before = Fraction(asked("2003-09-30", "conversion_rate.exact"))
    assert Fraction(at(first, "conversion_rate.exact")) == before * Fraction(76, 75)
    assert Fraction(asked("2003-10-01", "conversion_rate.exact")) == before * Fraction(304, 301)


@pytest.mark.parametrize(
    ("day", "into"),
    [
        ("2004-06-01", {"Common Stock": "2200"}),
        ("2004-12-01", {"Common Stock": "2200", "Class B Common Stock": "220"}),
        (
            "2005-02-15",
            {"Common stock of the successor corporation": "550", "cash": "88", "Class B Common Stock": "220"},
        ),
    ],
)
def test_what_a_share_of_the_story_converts_into_after_each_change(day: str, into: dict[str, str]) -> None:
    """§8(b) §5(c) §5(d) - 2,200 of Common Stock by the amendment, and what that became.

    Reclassified: 2,200 x 1 of Common Stock and 2,200 x 0.1 = 220 of Class B. Merged: for the 2,200 of Common Stock
    2,200 x 0.25 = 550 shares of the successor and 2,200 x $0.04 = $88.00; the 220 of Class B stay.
    """
    assert {one["security"]: one["per_share"] for one in asked(day, "conversion_rate.into")} == into


def test_the_common_of_the_story_is_counted_after_the_merger_in_what_took_its_place() -> None:
    """§5(d) §5(e)(i) - 165,097,838 x (0.25 of the successor's stock + 0.1 of Class B) = 57,784,243.3 shares."""
    assert asked("2005-02-14", "common.outstanding") == "165097838"
    assert asked("2005-02-15", "common.outstanding") == "57784243.3"
    assert asked("2005-02-14", "common.reserve_available") == "64902162"  # of 230,000,000 of Common
    assert asked("2005-02-15", "common.reserve_available") is None


def test_the_last_notice_of_the_story_converts_at_the_amended_rate() -> None:
    """§2 §5(b) §8(b) - N-6: 200 x 2,200 = 440,000 shares, and 200 x 1,000 x 10% x 32 / 360 = $1,777.78.

    32 days from 10 June to 12 July 2004: twenty to the 30th and twelve of July. Delivery in two business days.
    """
    assert asked("2004-07-12", "pending_conversions[N-6].common_due") == "440000"
    assert asked("2004-07-12", "dividends.due_on_conversion.amount") == "1777.78"
    assert asked("2004-07-13", "pending_conversions[N-6].delivery_deadline").startswith("2004-07-15T17:00:00")


def test_the_vote_on_the_merger_counts_series_h_and_common_stock_together() -> None:
    """§4 §5(a) - On the record date, 14 January 2005, in lots of 100 at 2,200 votes a share.

    1,188 shares: 1,100 x 2,200 = 2,420,000; 720: 700 x 2,200 = 1,540,000; 430: 400 x 2,200 = 880,000. Together
    4,840,000, with 165,097,838 of Common Stock 169,937,838.
    """
    cast = votes(question("2005-01-14"))
    assert {one["holder"]: one["votes"] for one in cast["holders"]} == {
        "Holder C": "880000",
        "Sykes Childrens Trust of 1993": "1540000",
        "Sykes Family Trust": "2420000",
    }
    assert (cast["preferred"], cast["single_class"]) == ("4840000", "169937838")


def test_the_actions_of_the_story_stand_as_their_consents_allow() -> None:
    """§4 §8 - More than half: 1,500 of 2,820, 1,818 of 2,538, 1,188 of 2,338. Exactly half, 1,410, was not enough."""
    taken = {
        one["action"]: (one["consenting"], one["outstanding"], one["state"]) for one in actions(question("2005-03-01"))
    }
    assert taken == {
        "A-1": ("1500", "2820", "approved"),
        "A-2": ("1410", "2820", f"ratified by entry {entry('story-82')}"),
        "A-3": ("1818", "2538", "approved"),
        "M-1": ("1188", "2338", "approved"),
    }


def test_the_assets_of_the_liquidation_are_shared_ratably_to_the_cent() -> None:
    """§3(a) §3(b) §3(e)(ii) - $1,500,000.00 for a preference of $2,519,844.44 on 20 June 2005.

    Each share: $1,000 and 280 days since 10 September 2004, 1,000 x 10% x 280 / 360 = $77.777...; on 2,338 shares
    2,338,000 + 181,844.444... = $2,519,844.44. (The rounding of the first dividend in 2001 left a third of a cent
    overpaid on 5,100 shares, less than a fifth of one on these; it moves no cent.)

    Every share is owed the same, so the assets go by shares: 1,500,000 x 1,188 / 2,338 = 762,189.9059...,
    x 720 / 2,338 = 461,933.2763..., x 430 / 2,338 = 275,876.8178... Rounded down they make $1,499,999.98; the two
    cents left go to the largest remainders, 0.78 of a cent (Holder C) and 0.63 (the Childrens Trust), not 0.59.
    """
    shared = distribution(question("2005-06-20"), None)
    assert shared["preference"]["amount"] == "2519844.44"
    assert {one["holder"]: one["payment"]["amount"] for one in shared["holders"]} == {
        "Holder C": "275876.82",
        "Sykes Childrens Trust of 1993": "461933.28",
        "Sykes Family Trust": "762189.90",
    }
    assert shared["paid"]["amount"] == shared["distributed_so_far"]["amount"] == "1500000.00"
    assert shared["remainder_to_junior"]["amount"] == "0.00"
