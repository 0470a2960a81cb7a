"""What was recorded wrongly is put right by one more entry: of two kinds, to any depth, its story told both ways."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from given import COMMON, given, issued, on_notice, record, refused, sold, telecopied
from ledger.application import Ledger
from ledger.book import Book
from ledger.errors import LedgerError
from ledger.moments import parse_day
from on_file import MICROSECOND, Said, begun, corrected, entries, ran, voided
from projections import log
from projections.question import Question
from projections.report import answer as report

DAY = parse_day("2001-12-31")
SALE = sold("2001-07-02", "5000000", "2520000")
"""Entry 4, mistyped: 5,000,000 shares for $2,520,000 instead of $2,250,000."""

RIGHT = sold("2001-07-02", "5000000", "2250000")
TYPED = "the cash received was $2,250,000, not $2,520,000"
AGREED = "the price was lowered by the amendment of 3 January 2002"

# Rates by hand: 40,000,000 / (35,000,000 + 3,500,000) = 80/77 as typed, 40,000,000 / (35,000,000 + 3,125,000) = 64/61.
AS_TYPED, AS_PUT_RIGHT = "1,443.002597", "1,457.196066"


def story(book: Book, entry: int) -> dict[str, Any]:
    """The story of an entry, at the end of 2001."""
    return log.show(Question.ask(book, DAY), entry)


def told(book: Book, entry: int) -> str:
    """The text of it, as `captable show` prints it."""
    return report.story(story(book, entry))


# --- the recording clock ----------------------------------------------------------------------------------------------


def test_a_correction_is_recorded_when_it_is_made_and_takes_effect_when_its_replacement_did(tmp_path: Path) -> None:
    """Made on 4 March 2003 at noon in New York, dated 14 December 2001, of a sale of July: three clocks apart."""
    path = begun(tmp_path / "ledger.db", COMMON, issued(), SALE)
    noon = datetime(2003, 3, 4, 17, 0, tzinfo=UTC)
    with freeze_time(noon), Ledger.open(path, to_record=True) as ledger:
        (number,) = ledger.record(entries(corrected(4, RIGHT, effective="2001-12-14"))).new
        assert ledger.book.entry(number).recorded == noon
        assert [made.entry for made in ledger.book.position.adjustments] == [4]
        assert [ledger.book.known(noon + by * MICROSECOND).last for by in (-1, 0, 1)] == [4, 5, 5]
    assert story_of(path, 5)["recorded"] == "2003-03-04T17:00:00+00:00"


def story_of(path: Path, entry: int) -> dict[str, Any]:
    """The story of an entry of a ledger file."""
    with Ledger.open(path) as ledger:
        return story(ledger.book, entry)


# --- two kinds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [
        ("clerical", TYPED, f"a clerical error: {TYPED}"),
        ("amendment", AGREED, f"an amendment: {AGREED}"),
        ("clerical", None, "a clerical error: no reason was given"),
        (None, TYPED, TYPED),
        (None, None, "no reason was given"),
    ],
)
def test_a_clerical_error_and_an_amendment_are_told_apart_from_both_ends(
    kind: str | None, reason: str | None, words: str
) -> None:
    """Which of the two a correction is and why it was made stands with it and with the entry it corrects."""
    more = {name: said for name, said in (("kind", kind), ("reason", reason)) if said}
    book = given(COMMON, issued(), SALE, corrected(4, RIGHT, **more))
    assert (story(book, 5)["amends"]["kind"], story(book, 5)["amends"]["reason"]) == (kind, reason)
    (by,) = story(book, 4)["amended_by"]
    assert (by["entry"], by["kind"], by["reason"], by["status"]) == (5, kind, reason, "in force")
    assert " ".join(told(book, 5).split()).endswith(f"Amends entry 4 (CommonSharesIssued, 2001-07-02): {words}")
    one_line = " ".join(told(book, 4).split())
    assert one_line.endswith(f"Amended by entry 5 (EntryCorrected of entry 4), in force: {words}")


def test_the_kind_changes_no_figure() -> None:
    """A clerical error and an amendment put the same replacement in the same place."""
    lines = (COMMON, issued(), SALE)
    books = [given(*lines, corrected(4, RIGHT, kind=kind)) for kind in ("clerical", "amendment")]
    assert books[0].position == books[1].position


def test_another_kind_of_correction_is_not_understood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There are two kinds, and a correction that names a third is refused before anything is decided."""
    path = begun(tmp_path / "ledger.db", COMMON, issued(), SALE)
    fields = ("--effective", "2002-01-02", "--entry", "4", "--replacement", "{}", "--kind", "typo")
    said = ran(capsys, "record", "EntryCorrected", *fields, "--ledger", path)
    assert (said.status, "Nothing was recorded." in said.err) == (2, True)


# --- the whole story, both ways ---------------------------------------------------------------------------------------


def test_show_tells_what_a_correction_moved_when_it_was_recorded() -> None:
    """The correction moves the rate from that of $2,520,000 to that of $2,250,000; the sale moves it as corrected."""
    book = given(COMMON, issued(), SALE, corrected(4, RIGHT, kind="clerical", reason=TYPED))
    (moved,) = story(book, 5)["moved"]
    assert moved["figure"] == "conversion_rate"
    assert [line.split() for line in told(book, 5).split("\n") if "conversion rate" in line] == [
        ["conversion", "rate", AS_TYPED, AS_PUT_RIGHT]
    ]
    assert "Moved, when it was recorded" in told(book, 5)
    assert [line.split() for line in told(book, 4).split("\n") if "conversion rate" in line] == [
        ["conversion", "rate", "1,388.89", AS_PUT_RIGHT]
    ]
    assert "Moved, as corrected" in told(book, 4)


@pytest.mark.parametrize(("day", "moved"), [("2001-07-01", 0), ("2001-07-02", 1), ("2001-07-03", 1)])
def test_what_a_correction_moved_is_told_of_the_day_asked_about(day: str, moved: int) -> None:
    """Before the sale of 2 July its correction moves nothing."""
    book = given(COMMON, issued(), SALE, corrected(4, RIGHT))
    assert len(log.show(Question.ask(book, parse_day(day)), 5)["moved"]) == moved


def test_show_tells_a_chain_of_corrections_from_both_ends() -> None:
    """Corrected, the correction corrected, and that voided: all are in the story of the entry they are about."""
    book = given(
        issued("5000"),
        corrected(2, issued("5100"), kind="clerical", reason="typed wrongly"),
        corrected(3, issued("5050"), kind="amendment", reason="agreed anew"),
        voided(4, reason="it was not agreed"),
    )
    assert [(by["entry"], by["of"], by["status"]) for by in story(book, 2)["amended_by"]] == [
        (3, 2, "in force"),
        (4, 3, "undone"),
        (5, 4, "in force"),
    ]
    assert [by["entry"] for by in story(book, 3)["amended_by"]] == [4, 5]
    assert [by["entry"] for by in story(book, 4)["amended_by"]] == [5]
    assert story(book, 5)["amended_by"] == []
    amends = [story(book, entry)["amends"] for entry in (2, 3, 4, 5)]
    assert [one and (one["entry"], one["in_the_end"]) for one in amends] == [None, (2, 2), (3, 2), (4, 2)]
    assert "entry 4 (EntryCorrected, 2002-01-02), about entry 2: it was not agreed" in told(book, 5)
    assert "entry 4 (EntryCorrected of entry 3), undone: an amendment: agreed anew" in told(book, 2)


@pytest.mark.parametrize(
    ("amendments", "status"),
    [
        ([], "stands"),
        ([corrected(2, issued("5100"))], "corrected by entry 3"),
        ([corrected(2, issued("5100")), corrected(3, issued("5050"))], "corrected by entry 4"),
        ([corrected(2, issued("5100")), corrected(3, issued("5050")), voided(4)], "corrected by entry 3"),
        ([corrected(2, issued("5100")), voided(3)], "stands"),
        ([voided(2)], "voided"),
        ([voided(2), voided(3)], "stands"),
        ([voided(2), voided(3), voided(4)], "voided"),
        ([corrected(2, issued("5100")), voided(2)], "voided"),
        ([corrected(2, issued("5100")), voided(2), voided(4)], "corrected by entry 3"),
    ],
    ids=[
        "as recorded",
        "corrected",
        "its correction corrected",
        "and that undone",
        "its correction undone",
        "voided",
        "its voiding voided",
        "and that voided",
        "corrected and voided",
        "and the voiding voided",
    ],
)
def test_an_entry_says_what_became_of_it(amendments: list[dict[str, Any]], status: str) -> None:
    """Whatever was put right, and put right again, the first line of its story says how it stands now."""
    book = given(issued("5000"), *amendments)
    assert story(book, 2)["status"] == status
    assert told(book, 2).split("\n")[1].endswith(f"; {status}")
    assert [by["entry"] for by in story(book, 2)["amended_by"]] == list(range(3, 3 + len(amendments)))


@pytest.mark.parametrize(
    ("amendments", "status", "statuses"),
    [
        (
            [voided(2), voided(3), corrected(2, issued("5050")), voided(4)],
            "corrected by entry 5",
            ["superseded", "undone", "in force", "in force"],
        ),
        (
            [corrected(2, issued("5100")), voided(2), corrected(3, issued("5050"))],
            "voided",
            ["undone", "in force", "superseded"],
        ),
        (
            [corrected(2, issued("5100")), corrected(2, issued("5090")), corrected(3, issued("5050"))],
            "corrected by entry 4",
            ["undone", "in force", "superseded"],
        ),
        (
            [corrected(2, issued("5100")), voided(2), corrected(3, issued("5050")), voided(4)],
            "corrected by entry 5",
            ["undone", "undone", "in force", "in force"],
        ),
    ],
    ids=["corrected since", "an older correction corrected", "the same, corrected since", "and the voiding voided"],
)
def test_the_correction_of_an_older_correction_stands_in_its_place(
    amendments: list[dict[str, Any]], status: str, statuses: list[str]
) -> None:
    """What was said of the entry since decides: nobody undid it, and a voided entry is not brought back by the way."""
    told_of = story(given(issued("5000"), *amendments), 2)
    assert (told_of["status"], [by["status"] for by in told_of["amended_by"]]) == (status, statuses)


def test_a_moment_before_an_amendment_tells_the_story_without_it() -> None:
    """As known before the voiding, the entry stands and nothing has amended it."""
    book = given(issued("5000"), voided(2))
    before = book.known(book.record[0].recorded)
    assert (story(before, 2)["status"], story(before, 2)["amended_by"]) == ("stands", [])
    assert story(book, 2)["moved"] == []
    assert [one["figure"] for one in story(before, 2)["moved"]] == ["shares_issued", "shares_outstanding"]


def test_the_terms_amend_nothing_and_are_amended_by_nothing() -> None:
    """Entry 1 has a story of its own."""
    one = story(given(issued()), 1)
    assert (one["amends"], one["amended_by"]) == (None, [])
    assert told(given(issued()), 1).startswith("entry 1: terms\n")


def test_the_command_shows_the_story_as_text_and_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`captable show` and `captable explain entry` tell the same, under the schema captable/show/1."""
    path = begun(tmp_path / "ledger.db", COMMON, issued(), SALE, corrected(4, RIGHT, kind="clerical", reason=TYPED))
    for words in (("show", "4"), ("show", "5")):
        said = ran(capsys, *words, "--ledger", path)
        assert said == ran(capsys, "explain", "entry", words[1], "--ledger", path)
        assert (said.status, f"a clerical error: {TYPED}" in " ".join(said.out.split())) == (0, True)
    data = ran(capsys, "show", "5", "--json", "--ledger", path).data
    assert data["schema"] == "captable/show/1"
    assert data["amends"] == {
        "entry": 4,
        "event": "CommonSharesIssued",
        "effective": "2001-07-02",
        "kind": "clerical",
        "reason": TYPED,
        "in_the_end": 4,
    }


# --- what others rest on ----------------------------------------------------------------------------------------------

FRIDAY = "2001-06-01T10:00:00-04:00"
NOTICE = telecopied(FRIDAY, ("H-1", "1000"))


def sentences(book: Book, line: dict[str, Any]) -> tuple[str, str, str]:
    """What is said of a line that later entries do not let be recorded."""
    assert refused(book, line) == "later-entry-must-stand"
    with pytest.raises(LedgerError) as refusal:
        record(book, line)
    return refusal.value.sentences()


def test_an_entry_that_one_other_rests_on_is_voided_only_after_it() -> None:
    """The one is named, with its day, the rule it would break and its numbers, and what to do."""
    cannot, rule, instead = sentences(given(COMMON, issued(), NOTICE), voided(3))
    assert cannot == (
        "EntryVoided cannot be recorded: entry 4 (NoticeOfConversionReceived, 2001-06-01) would become impossible."
    )
    assert "H-1" in rule
    assert instead == "Nothing was recorded. Correct or void entry 4 first, if it is the one that is wrong."


def test_an_entry_that_others_rest_on_is_refused_naming_them_all() -> None:
    """On the issue rest the notice, its originals and its delivery; the sale of Common does not, and is not named."""
    on_the_notice = (
        NOTICE,
        on_notice("OriginalsReceived", "2001-06-04T10:00:00-04:00"),
        sold("2001-06-04", "1", "1"),
        on_notice("CommonSharesDelivered", "2001-06-05T10:00:00-04:00", shares="1388890"),
    )
    book = given(COMMON, issued(), *on_the_notice)
    cannot, rule, instead = sentences(book, voided(3))
    assert cannot == (
        "EntryVoided cannot be recorded: entry 4 (NoticeOfConversionReceived, 2001-06-01), entry 5 (OriginalsReceived, "
        "2001-06-04) and entry 7 (CommonSharesDelivered, 2001-06-05) would become impossible."
    )
    assert "H-1" in rule
    assert instead == ("Nothing was recorded. Correct or void them, the last of them first, if they are what is wrong.")
    assert record(book, voided(7), voided(5), voided(4), voided(3)).position.issued == 0


def test_a_correction_names_only_what_it_makes_impossible() -> None:
    """With 1,500 shares issued instead of 5,100 the notice of 1,000 stands, and the two after it do not."""
    others = (
        telecopied("2001-06-05T10:00:00-04:00", ("H-1", "600"), notice="N-2"),
        telecopied("2001-06-06T10:00:00-04:00", ("H-1", "500"), notice="N-3"),
        telecopied("2001-06-07T10:00:00-04:00", ("H-1", "600"), notice="N-4"),
    )
    book = given(COMMON, issued(), NOTICE, *others)
    cannot, rule, _ = sentences(book, corrected(3, issued("1500")))
    # 1,500 - 1,000 leave 500: N-2 cannot have its 600, N-3 can have its 500, and N-4 finds nothing.
    assert "entry 5 (NoticeOfConversionReceived, 2001-06-05) and entry 7 (" in cannot
    assert "entry 6" not in cannot
    assert "600" in rule
    assert "500" in rule


def test_a_late_entry_names_every_entry_after_it_that_falls() -> None:
    """5,000 shares bought in in May leave 100: the three notices of June would take more than is there."""
    notices = [telecopied(f"2001-06-0{day}T10:00:00-04:00", ("H-1", "500"), notice=f"N-{day}") for day in (4, 5, 6)]
    bought = {"event": "PreferredSharesReacquired", "effective": "2001-05-02", "certificate": "H-1", "shares": "5000"}
    cannot, _, _ = sentences(given(COMMON, issued(), *notices), bought)
    assert [f"entry {number} (" in cannot for number in (3, 4, 5, 6)] == [False, True, True, True]


@pytest.mark.parametrize(("count", "end"), [(9, None), (10, None), (11, "1 more"), (12, "2 more")])
def test_at_most_ten_entries_are_named_and_the_rest_counted(count: int, end: str | None) -> None:
    """Ten are named one by one; of eleven ten and `1 more`."""
    notices = [
        telecopied(f"2001-06-{4 + number:02}T08:00:00-04:00", ("H-1", "100"), notice=f"N-{number}")
        for number in range(count)
    ]
    cannot, _, _ = sentences(given(COMMON, issued(), *notices), voided(3))
    assert cannot.count("NoticeOfConversionReceived") == min(count, 10)
    last = end or f"entry {3 + count} (NoticeOfConversionReceived, 2001-06-{3 + count:02})"
    assert cannot.endswith(f" and {last} would become impossible.")


def test_a_voiding_voided_brings_back_what_others_have_taken_the_place_of() -> None:
    """5,100 shares voided and issued anew: the voiding cannot be voided while the second issue stands."""
    book = given(issued(), voided(2), issued(certificate="H-2"))
    cannot, rule, _ = sentences(book, voided(3))
    assert "entry 4 (PreferredSharesIssued, 2001-04-12)" in cannot
    assert "5,100" in rule
    assert record(book, voided(4), voided(3)).position.issued == 5100


def test_what_the_amendment_itself_makes_impossible_is_its_own_refusal() -> None:
    """A correction to something that could not have happened at its place is refused by that rule."""
    book = given(COMMON, issued(), NOTICE)
    assert refused(book, corrected(3, issued("5100.01"))) == "issue-must-stay-within-designation"


def test_the_command_names_them_with_status_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Understood and refused, in three lines, and the ledger is as it was."""
    path = begun(tmp_path / "ledger.db", COMMON, issued(), NOTICE)
    before = ran(capsys, "head", "--ledger", path)
    said = ran(capsys, "record", "EntryVoided", "--effective", "2002-01-02", "--entry", "3", "--ledger", path)
    assert (said.status, said.out, len(said.err.strip().split("\n"))) == (3, "", 3)
    assert "[later-entry-must-stand]" in said.err
    assert ran(capsys, "head", "--ledger", path) == Said(0, before.out, "")
