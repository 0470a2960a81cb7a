"""Two clocks: when a thing took effect, and when the ledger learned of it. Nothing is edited, all is put right."""

import json
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from given import COMMON, FIRST_RECORDED, given, issued, on, on_notice, record, refused, sold, telecopied
from ledger.book import Book
from ledger.errors import LedgerError
from ledger.journal import read_line
from ledger.moments import in_new_york, parse_day

RATE = Fraction("1388.89")
NOTICE = telecopied("2001-06-01T10:00:00-04:00", ("H-1", "1000"))


def corrected(entry: int, replacement: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A journal line that puts another entry in the place of one."""
    line = {"event": "EntryCorrected", "effective": "2002-01-02", "entry": entry}
    return {**line, "replacement": replacement, **more}


def voided(entry: int) -> dict[str, Any]:
    """A journal line that voids an entry."""
    return {"event": "EntryVoided", "effective": "2002-01-02", "entry": entry, "reason": "never was"}


def reacquired(shares: str, effective: str) -> dict[str, Any]:
    """A journal line for shares of H-1 bought in."""
    return {"event": "PreferredSharesReacquired", "effective": effective, "certificate": "H-1", "shares": shares}


def learned(entry: int, seconds: int = 0) -> datetime:
    """The instant an entry of a ledger in memory was recorded, give or take some seconds."""
    return FIRST_RECORDED + timedelta(seconds=entry - 2 + seconds)


def outstanding(book: Book) -> Fraction:
    """Shares outstanding when all has happened."""
    return book.position.outstanding


# --- late entries -----------------------------------------------------------------------------------------------------


def test_a_late_entry_takes_its_place() -> None:
    """A sale of July recorded after one of August comes before it, and every base is as if recorded in order."""
    july, august = sold("2001-07-02", "5000000", "2250000"), sold("2001-08-01", "5000000", "3000000")
    late, in_order = given(COMMON, issued(), august, july), given(COMMON, issued(), july, august)
    assert on(late, "2001-07-31").rate == RATE * 64 / 61
    assert on(late, "2001-08-01").rate == on(in_order, "2001-08-01").rate == RATE * 64 / 61 * 54 / 53
    assert [made.entry for made in late.position.adjustments] == [5, 4]


def test_a_late_sale_raises_the_rate_of_a_conversion_already_recorded() -> None:
    """What a notice gives is never stored: a sale before it, learned of after it, gives its holder more."""
    book = given(COMMON, issued(), telecopied("2001-06-01T10:00:00-04:00", ("H-1", "100")))
    assert book.position.notices["N-1"].common_due == 138889
    record(book, sold("2001-05-31", "5000000", "2250000"))
    assert book.position.notices["N-1"].common_due == 145719


def test_a_late_entry_that_makes_a_later_one_impossible_is_refused_naming_it() -> None:
    """1,000 shares were converted in June: 4,100.01 cannot have been bought in in May, but 4,100 can."""
    book = given(COMMON, issued(), NOTICE)
    late = reacquired("4100.01", "2001-05-02")
    assert refused(book, late) == "later-entry-must-stand"
    with pytest.raises(LedgerError) as refusal:
        record(book, late)
    said = " ".join(refusal.value.sentences())
    assert all(words in said for words in ("entry 4", "NoticeOfConversionReceived", "1,000 shares", "999.99 left"))
    assert outstanding(record(book, reacquired("4100", "2001-05-02"))) == 0


def test_a_late_entry_impossible_in_itself_is_refused_by_its_own_rule() -> None:
    """Where the late entry itself could not have happened at its place, its own rule is named and no later entry."""
    book = given(COMMON, issued(), NOTICE)
    assert refused(book, reacquired("1", "2001-04-11")) == "certificate-must-exist"
    assert refused(book, reacquired("5100.01", "2001-05-02")) == "certificate-must-hold-shares"


# --- ties -------------------------------------------------------------------------------------------------------------


def test_on_one_day_entries_take_effect_in_the_order_they_were_recorded_in() -> None:
    """A day is its first moment: of two entries on a day that recorded first happened first."""
    bought = reacquired("5100", "2001-04-12")
    assert outstanding(given(issued(), bought)) == 0
    assert refused(given(), bought) == "certificate-must-exist"


@pytest.mark.parametrize(
    ("at", "factor"),
    [
        ("2001-11-05T08:59:59-05:00", Fraction(64, 61)),
        ("2001-11-05T09:00:00-05:00", Fraction(1)),
        ("2001-11-05T09:00:01-05:00", Fraction(1)),
    ],
)
def test_at_the_opening_the_notice_telecopied_before_comes_first(at: str, factor: Fraction) -> None:
    """Telecopied on Friday, a notice is received on Monday at 9:00:00 before a sale of that very second."""
    friday = telecopied("2001-11-02T17:01:00-05:00", ("H-1", "100"), fractions="issue")
    book = given(COMMON, issued(), sold(at, "5000000", "2250000"), friday)
    assert book.position.notices["N-1"].common_due == 100 * RATE * factor


def test_of_two_notices_received_at_one_opening_the_first_telecopied_comes_first() -> None:
    """Saturday's notice takes the last hundred shares before Sunday's, whichever was recorded first."""
    saturday = telecopied("2001-11-03T10:00:00-05:00", ("H-1", "100"))
    sunday = telecopied("2001-11-04T10:00:00-05:00", ("H-1", "100"), notice="N-2")
    assert refused(given(COMMON, issued("100"), saturday), sunday) == "holding-must-cover-conversion"
    assert refused(given(COMMON, issued("100"), sunday), saturday) == "later-entry-must-stand"


def test_in_the_hour_that_comes_twice_instants_keep_their_order() -> None:
    """On 28 October 2001 1:30 in summer time comes before 1:15 in winter time."""
    summer = sold("2001-10-28T01:30:00-04:00", "5000000", "2250000")
    winter = sold("2001-10-28T01:15:00-05:00", "5000000", "3000000")
    book = given(COMMON, issued(), winter, summer)
    assert [made.entry for made in book.position.adjustments] == [5, 4]
    assert book.position.rate == RATE * 64 / 61 * 54 / 53


# --- corrections and voidings -----------------------------------------------------------------------------------------


def test_a_correction_puts_another_entry_in_its_place() -> None:
    """5,000 shares on 12 April were 5,100 on 13 April: the number stays the entry's, the rest is as if always so."""
    book = given(issued("5000"), corrected(2, issued("5100", on="2001-04-13"), kind="clerical"))
    assert on(book, "2001-04-12").outstanding == 0
    assert on(book, "2001-04-13").outstanding == 5100
    assert next(book.position.live()).entry == 2
    assert on(book, "2001-06-10").accrued_unpaid(parse_day("2001-06-10")) == Fraction(5100 * 100 * 57, 360)


@pytest.mark.parametrize("effective", ["1999-01-01", "2001-04-12", "2100-12-31"])
def test_the_effective_day_of_a_correction_orders_nothing(effective: str) -> None:
    """What a correction says takes effect on its replacement's own day, whatever day the correction was made."""
    book = given(issued("5000"), NOTICE, {**corrected(2, issued("5100", on="2001-04-13")), "effective": effective})
    assert [on(book, day).outstanding for day in ("2001-04-12", "2001-04-13", "2001-06-01")] == [0, 5100, 4100]


def test_a_correction_may_put_another_kind_of_entry_in_its_place() -> None:
    """What was recorded as a sale of Common was its retirement."""
    retired = {"event": "CommonSharesRetired", "effective": "2001-07-02", "shares": "5000000"}
    book = given(COMMON, issued(), sold("2001-07-02", "5000000", "2250000"), corrected(4, retired))
    assert book.position.rate == RATE
    assert book.position.common.outstanding == 30000000


def test_a_correction_is_decided_at_its_place_and_leaves_later_entries_possible() -> None:
    """An issue cannot be corrected to 5,100.01 shares, nor to 999.99 where 1,000 were converted later."""
    book = given(COMMON, issued(), NOTICE)
    assert refused(book, corrected(3, issued("5100.01"))) == "issue-must-stay-within-designation"
    assert refused(book, corrected(3, issued("999.99"))) == "later-entry-must-stand"
    assert refused(book, corrected(3, issued(on="2001-06-02"))) == "later-entry-must-stand"
    assert refused(book, voided(3)) == "later-entry-must-stand"
    assert outstanding(record(book, corrected(3, issued("1000")))) == 0


def test_a_voided_entry_never_was() -> None:
    """A voided sale raised no rate, on no day, and left no share in the base."""
    book = given(COMMON, issued(), sold("2001-07-02", "5000000", "2250000"), voided(4))
    assert on(book, "2001-07-02").rate == RATE
    assert book.position.common.outstanding == 35000000


def test_a_correction_may_itself_be_corrected() -> None:
    """The correction of a correction says what the entry says: 5,000, then 5,100, then 5,050."""
    book = given(issued("5000"), corrected(2, issued("5100")), corrected(3, issued("5050")))
    assert outstanding(book) == 5050


@pytest.mark.parametrize(
    ("amendments", "shares"),
    [
        ([corrected(2, issued("5100")), voided(3)], 5000),
        ([corrected(2, issued("5100")), corrected(3, issued("5050")), voided(4)], 5100),
        ([corrected(2, issued("5100")), corrected(2, issued("5050"))], 5050),
        ([corrected(2, issued("5100")), corrected(2, issued("5050")), voided(4)], 5100),
        ([corrected(2, issued("5100")), corrected(2, issued("5050")), voided(3)], 5050),
        ([corrected(2, issued("5100")), voided(2)], 0),
        ([voided(2)], 0),
        ([voided(2), voided(3)], 5000),
        ([voided(2), voided(3), voided(4)], 0),
        ([voided(2), voided(3), voided(4), voided(5)], 5000),
        ([corrected(2, issued("5100")), voided(2), voided(4)], 5100),
    ],
    ids=[
        "voiding a correction restores the entry",
        "voiding a correction of a correction restores the correction",
        "the later of two corrections stands",
        "voiding the later restores the earlier",
        "voiding the earlier leaves the later",
        "voiding a corrected entry voids it",
        "voiding an entry",
        "voiding a voiding restores the entry",
        "voiding that voiding voids it again",
        "and so on",
        "voiding a voiding restores the corrected entry",
    ],
)
def test_amendments_undo_one_another(amendments: list[dict[str, Any]], shares: int) -> None:
    """Whatever was put right wrongly can be put right again, to any depth, by one more entry."""
    assert outstanding(given(issued("5000"), *amendments)) == shares


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ([], voided(1)),
        ([], corrected(1, issued())),
        ([], voided(3)),
        ([], corrected(4, issued())),
        ([voided(2)], voided(2)),
        ([voided(2)], corrected(2, issued())),
        ([voided(2)], corrected(3, issued())),
        ([corrected(2, issued("5050")), voided(3)], voided(3)),
        ([corrected(2, issued("5050")), corrected(3, issued())], corrected(3, issued())),
    ],
    ids=[
        "voiding the terms",
        "correcting the terms",
        "voiding itself",
        "correcting what is to come",
        "voiding what was voided",
        "correcting what was voided",
        "correcting a voiding",
        "voiding a voided correction",
        "correcting a corrected correction",
    ],
)
def test_only_what_stands_is_corrected_or_voided(lines: list[dict[str, Any]], line: dict[str, Any]) -> None:
    """A correction or voiding is aimed at an entry that exists and stands, and the terms stand by themselves."""
    assert refused(given(issued("5000"), *lines), line) == "entry-must-stand"


def test_a_reference_stands_for_one_entry() -> None:
    """The same reference with the same content is acknowledged; with other content it is refused."""
    book = given({**issued(), "ref": "REF-1"})
    same = book.acknowledged(read_line(json.dumps({**issued(), "ref": "REF-1"}), "the test"))
    assert same is not None
    assert same.number == 2
    assert book.acknowledged(read_line(json.dumps({**issued(), "ref": "REF-2"}), "the test")) is None
    with pytest.raises(LedgerError) as refusal:
        book.acknowledged(read_line(json.dumps({**issued("100"), "ref": "REF-1"}), "the test"))
    assert refusal.value.name == "reference-must-be-unique"


# --- known at ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "shares"), [(-1, 5000), (0, 5100), (1, 5100)])
def test_before_a_correction_was_recorded_the_mistake_is_still_seen(seconds: int, shares: int) -> None:
    """Asked as known a second before the correction, the books say 5,000; from its recording on, 5,100."""
    book = given(issued("5000"), NOTICE, corrected(2, issued("5100")))
    known = book.known(learned(4, seconds))
    assert on(known, "2001-04-12").outstanding == shares
    assert on(known, "2001-06-01").outstanding == shares - 1000


def test_a_late_entry_is_unknown_before_it_was_recorded() -> None:
    """A sale that took effect in May and was learned of last is not in what was known before."""
    book = given(COMMON, issued(), NOTICE, sold("2001-05-02", "5000000", "2250000"))
    assert on(book.known(learned(4)), "2001-06-01").rate == RATE
    assert on(book.known(None), "2001-06-01").rate == RATE * 64 / 61
    assert on(book.known(learned(2, -1)), "2001-06-01").outstanding == 0


def test_a_voiding_undone_is_seen_at_each_moment_as_it_was_known() -> None:
    """Issued, voided, restored: each moment knows its own state of the same day."""
    book = given(issued("5000"), voided(2), voided(3))
    assert [outstanding(book.known(learned(entry))) for entry in (2, 3, 4)] == [5000, 0, 5000]
    assert outstanding(book) == 5000


# --- closures ---------------------------------------------------------------------------------------------------------

CONVERTED = (
    COMMON,
    issued(),
    telecopied("2001-11-09T09:30:00-05:00", ("H-1", "1000")),
    on_notice("OriginalsReceived", "2001-11-09T10:00:00-05:00"),
)


@pytest.mark.parametrize("effective", ["2001-10-01", "2001-11-14", "2001-12-31"])
def test_a_closure_counts_once_it_is_known_whatever_its_effective_day(effective: str) -> None:
    """A hurricane on Wednesday 14 November gives the Company until Friday, declared before, that day or weeks after."""
    closure = {"event": "BankClosureDeclared", "effective": effective, "closed_on": "2001-11-14"}
    book = given(*CONVERTED, closure)
    for known, expected in (
        (book.known(learned(5)), "Thursday 2001-11-15 17:00:00"),
        (book, "Friday 2001-11-16 17:00:00"),
    ):
        position = on(known, "2001-11-09")
        deadline = position.notices["N-1"].deadline(position.days)
        assert deadline is not None
        assert in_new_york(deadline) == expected


def test_a_closure_moves_a_conversion_date_already_recorded() -> None:
    """A notice of Friday 2 November, 17:01, is received on Tuesday where the banks turn out closed on Monday."""
    friday = telecopied("2001-11-02T17:01:00-05:00", ("H-1", "100"))
    closure = {"event": "BankClosureDeclared", "effective": "2001-11-20", "closed_on": "2001-11-05"}
    book = given(COMMON, issued(), friday, closure)
    assert on(book, "2001-11-05").outstanding == 5100
    assert on(book, "2001-11-06").outstanding == 5000
    assert on(book.known(learned(4)), "2001-11-05").outstanding == 5000


def test_a_voided_closure_gives_the_business_day_back() -> None:
    """Where the banks were open after all, voiding the closure makes Thursday the deadline again."""
    closure = {"event": "BankClosureDeclared", "effective": "2001-11-20", "closed_on": "2001-11-14"}
    revoked = on_notice("NoticeOfConversionRevoked", "2001-11-15T17:00:01-05:00")
    book = given(*CONVERTED, closure)
    assert refused(book, revoked) == "delivery-window-must-have-passed"
    assert outstanding(record(book, voided(6), revoked)) == 5100


def test_a_closure_that_makes_a_revocation_impossible_is_refused_naming_it() -> None:
    """A revocation of Thursday 17:00:01 would lie in the window if Wednesday had been no business day."""
    book = given(*CONVERTED, on_notice("NoticeOfConversionRevoked", "2001-11-15T17:00:01-05:00"))
    closure = {"event": "BankClosureDeclared", "effective": "2001-11-20", "closed_on": "2001-11-14"}
    assert refused(book, closure) == "later-entry-must-stand"
    with pytest.raises(LedgerError, match="entry 6"):
        record(book, closure)
