"""What changed between two moments and by which entries; moments with a name; what was learned late, in every list."""

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest
from freezegun import freeze_time

from given import CONVERTED, issued, sold
from ledger.book import Book
from on_file import MICROSECOND, Said, altered, begun, copied, corrected, learned, ran, record, voided
from projections.command_line import captable
from projections.commands.demo import story

LATE_SALE = sold("2001-05-02", "5000000", "2250000")
"""5,000,000 shares at $0.45 in May: the rate becomes 1,388.89 x 64/61 (see test_replay)."""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Entries 2 to 5: 5,100 shares from 12 April 2001, 1,000 of them converted on 9 November."""
    monkeypatch.setenv("CAPTABLE_LEDGER", str(tmp_path / "ledger.db"))
    return copied(tmp_path / "ledger.db", *CONVERTED)


ANOTHER = "Nothing was recorded. Give it another, such as 10-K-FY2001."

Capture = pytest.CaptureFixture[str]


def at(day: str, entry: int, microseconds: int = 0) -> str:
    """A day as known when an entry had been recorded, give or take some microseconds."""
    return f"{day}@{(learned(entry) + microseconds * MICROSECOND).isoformat()}"


def changed(capsys: Capture, first: str, second: str) -> list[tuple[int, str, bool, list[int]]]:
    """The entries that differ: number, what became of it, whether it was late, and which amendments did it."""
    said = ran(capsys, "diff", first, second, "--json")
    told = said.data
    assert said.err == ""
    assert said.status == (1 if told["figures"] or told["entries"] else 0)
    assert (told["schema"], told["from"], told["to"]) == ("captable/diff/1", first, second)
    return [(one["entry"], one["change"], one["late"], one["by"]) for one in told["entries"]]


# --- two days ---------------------------------------------------------------------------------------------------------


def test_between_two_days_every_figure_that_differs_is_told_with_both_values(path: Path, capsys: Capture) -> None:
    """On 8 November 5,100 shares had accrued 206 days of 30/360 at $100 a year; on the 9th 4,100 have accrued 207.

    5,100 x 100 x 206/360 = 291,833.33, 4,100 x 100 x 207/360 = 235,750.00, and 1,000 x 100 x 207/360 = 57,500.00 fell
    due. In arrears are the 148 days to 10 September: 209,666.67 on 5,100 shares, 168,555.56 on 4,100.
    """
    assert path.exists()
    said = ran(capsys, "diff", "2001-11-08", "2001-11-09", "--json")
    assert said.status == 1
    figures = {one["figure"]: (one["before"], one["after"]) for one in said.data["figures"]}
    assert {name: told for name, told in figures.items() if not name.startswith("pending_conversions")} == {
        "preferred.outstanding": ("5100", "4100"),
        "preferred.converted": ("0", "1000"),
        "preferred.holders[Holder A].shares": ("5100", "4100"),
        "preferred.holders[Holder A].accrued_dividends": ("291833.33", "235750.00"),
        "preferred.holders[Holder A].convertible_into": ("7083339", "5694449"),
        "preferred.holders[Holder A].votes": ("7083339", "5694449"),
        "preferred.certificates[H-1].shares": ("5100", "4100"),
        "dividends.accrued_unpaid": ("291833.33", "235750.00"),
        "dividends.in_arrears": ("209666.67", "168555.56"),
        "dividends.due_on_conversion": ("0.00", "57500.00"),
        "common.outstanding": ("35000000", "36388890"),
        "common.reserve_required": ("7083339", "5694449"),
        "common.reserve_available": ("195000000", "193611110"),
        "liquidation_preference": ("5391833.33", "4335750.00"),
    }
    assert figures["pending_conversions[N-1].common_due"] == (None, "1388890")
    assert [(one["entry"], one["change"]) for one in said.data["entries"]] == [(4, "added"), (5, "added")]


def test_from_a_later_day_to_an_earlier_the_same_is_told_the_other_way_round(path: Path, capsys: Capture) -> None:
    """What was added forwards is no longer there backwards, and every figure has its two values exchanged."""
    assert path.exists()
    forth, back = (ran(capsys, "diff", *days, "--json").data for days in (DAYS, DAYS[::-1]))
    assert [(one["entry"], one["change"]) for one in back["entries"]] == [
        (4, "no longer there"),
        (5, "no longer there"),
    ]
    exchanged = {(one["figure"], one["after"], one["before"]) for one in back["figures"]}
    assert {(one["figure"], one["before"], one["after"]) for one in forth["figures"]} == exchanged


DAYS = ("2001-11-08", "2001-11-09")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2001-11-08", "2001-11-08"),
        ("2001-04-10", "2001-04-11"),
        (at("2001-11-08", 5), at("2001-11-08", 5)),
        (at("2001-11-08", 5), "2001-11-08"),
    ],
    ids=["a day and itself", "two days before all", "a moment and itself", "the last moment and all that is recorded"],
)
def test_where_nothing_changed_words_say_so_and_the_status_is_0(
    path: Path, capsys: Capture, first: str, second: str
) -> None:
    """A script can ask whether anything changed and never read a line."""
    assert path.exists()
    said = ran(capsys, "diff", first, second)
    assert said == Said(0, f"Nothing changed from {first} to {second}.\n", "")
    assert changed(capsys, first, second) == []


def test_the_text_of_a_diff_has_the_figures_and_the_entries_that_changed_them(path: Path, capsys: Capture) -> None:
    """A correction is named beside the entry it changed, and a late entry is marked."""
    record(path, LATE_SALE, corrected(3, issued("5000")))
    said = ran(capsys, "diff", at("2001-11-08", 5), "2001-11-08")
    assert said.status == 1
    assert said.out.startswith(
        f"From {at('2001-11-08', 5)} to 2001-11-08\n\nFigures\n  preferred.issued: 5100 -> 5000\n"
    )
    assert said.out.endswith(
        "Entries\n"
        "    entry  effective    event                  change               by\n"
        "        3  2001-04-12   PreferredSharesIssued  says something else  entry 7\n"
        "        6  2001-05-02   CommonSharesIssued     added                         late\n"
    )


# --- one day, known at two moments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("microseconds", "told"), [(-1, [(6, "added", True, [])]), (0, []), (1, [])], ids=["before", "then", "after"]
)
def test_an_entry_is_late_that_was_learned_after_the_first_moment(
    path: Path, capsys: Capture, microseconds: int, told: list[Any]
) -> None:
    """The sale of May is late against the microsecond before it was recorded; from that instant on it was known."""
    record(path, LATE_SALE)
    assert changed(capsys, at("2001-11-09", 6, microseconds), "2001-11-09") == told


@pytest.mark.parametrize(("day", "late"), [("2001-11-08", True), ("2001-11-09", True), ("2001-11-10", False)])
def test_an_entry_is_late_that_took_effect_by_the_first_day(path: Path, capsys: Capture, day: str, late: bool) -> None:
    """Learned after the books of 9 November were closed, a sale of that day is late for them, one of the 10th not."""
    record(path, sold(day, "1", "1"))
    assert changed(capsys, at("2001-11-09", 5), "2001-11-10") == [(6, "added", late, [])]


@pytest.mark.parametrize(
    ("second", "late"), [("23:59:59-05:00", True), ("23:59:59.999999-05:00", True), ("00:00:00-05:00", False)]
)
def test_the_first_day_ends_at_midnight_in_new_york(path: Path, capsys: Capture, second: str, late: bool) -> None:
    """The last microsecond of 9 November there belongs to the day, the first of the 10th does not."""
    record(path, sold(f"2001-11-{9 if late else 10:02}T{second}", "1", "1"))
    assert changed(capsys, at("2001-11-09", 5), "2001-11-10") == [(6, "added", late, [])]


def test_between_two_days_without_a_moment_an_entry_is_late_that_was_late_when_recorded(
    path: Path, capsys: Capture
) -> None:
    """Of a day's entries, that is, those effective before something that had been recorded already."""
    record(path, LATE_SALE)
    assert changed(capsys, "2001-05-01", "2001-05-02") == [(6, "added", True, [])]
    assert changed(capsys, "2001-11-08", "2001-11-09") == [(4, "added", False, []), (5, "added", False, [])]


def test_a_corrected_entry_says_something_else_and_a_voided_one_is_no_longer_there(path: Path, capsys: Capture) -> None:
    """Each with the amendment that did it; what an undone voiding brought back is added again."""
    record(path, LATE_SALE, corrected(6, sold("2001-05-02", "5000000", "3600000")), voided(6), voided(8))
    assert changed(capsys, at("2001-11-09", 6), at("2001-11-09", 7)) == [(6, "says something else", False, [7])]
    assert changed(capsys, at("2001-11-09", 7), at("2001-11-09", 8)) == [(6, "no longer there", False, [8])]
    assert changed(capsys, at("2001-11-09", 8), at("2001-11-09", 9)) == [(6, "added", False, [9])]
    assert changed(capsys, at("2001-11-09", 6), at("2001-11-09", 9)) == [(6, "says something else", False, [7, 8, 9])]
    assert changed(capsys, at("2001-11-09", 7), at("2001-11-09", 9)) == []


def test_an_entry_corrected_to_a_later_day_is_no_longer_there_before_it(path: Path, capsys: Capture) -> None:
    """A sale of May that was one of December is gone from November, by its correction."""
    record(path, LATE_SALE, corrected(6, sold("2001-12-03", "5000000", "2250000")))
    assert changed(capsys, at("2001-11-09", 6), "2001-11-09") == [(6, "no longer there", False, [7])]


def test_a_correction_that_changes_no_figure_is_still_told(path: Path, capsys: Capture) -> None:
    """The consideration written on an issue moves nothing, and the entry says something else all the same."""
    record(path, corrected(3, {**issued(), "consideration": "notes of the Company"}))
    said = ran(capsys, "diff", at("2001-11-09", 5), "2001-11-09", "--json")
    assert (said.status, said.data["figures"]) == (1, [])
    assert [one["entry"] for one in said.data["entries"]] == [3]


def test_from_a_later_moment_to_an_earlier_what_was_learned_between_is_no_longer_there(
    path: Path, capsys: Capture
) -> None:
    """Asked backwards, an entry that the second moment does not know yet is not there, and not late."""
    record(path, LATE_SALE, voided(6))
    assert changed(capsys, at("2001-11-09", 6), at("2001-11-09", 5)) == [(6, "no longer there", False, [])]
    assert changed(capsys, "2001-11-09", at("2001-11-09", 6)) == [(6, "added", True, [7])]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("2001-11-31", "question-must-be-understood"),
        ("2001-11-09@", "question-must-be-understood"),
        ("2001-11-09@2002-01-02", "question-must-be-understood"),
        ("2001-11-09@2002-01-02T15:00:00", "question-must-be-understood"),
        ("@2002-01-02T15:00:00Z", "question-must-be-understood"),
        ("1999-13", "question-must-be-understood"),
        ("", "tag-must-be-known"),
        ("10-K", "question-must-be-understood"),
        ("year-end", "tag-must-be-known"),
    ],
)
def test_what_is_neither_a_day_nor_a_moment_nor_a_tag_is_not_understood(
    path: Path, capsys: Capture, written: str, name: str
) -> None:
    """In either place, with status 2 and words."""
    assert path.exists()
    for words in ((written, "2001-11-09"), ("2001-11-09", written)):
        said = ran(capsys, "diff", *words)
        assert (said.status, said.out) == (2, "")
        assert f"[{name}]" in said.err


# --- tags -------------------------------------------------------------------------------------------------------------


def test_two_tags_can_be_told_apart_like_their_days(path: Path, capsys: Capture) -> None:
    """Names in the place of 8 and 9 November give the same answer as the days, also where a name has an @ or digits."""
    assert path.exists()
    for name, day in (("10-K", DAYS[0]), ("books@signing", DAYS[1])):
        assert ran(capsys, "tag", name, "--as-of", day).status == 0
    by_name, by_day = (ran(capsys, "diff", *two, "--json").data for two in (("10-K", "books@signing"), DAYS))
    assert (by_name["figures"], by_name["entries"]) == (by_day["figures"], by_day["entries"])


def test_a_tag_against_its_own_day_tells_what_was_learned_since(path: Path, capsys: Capture) -> None:
    """What changed since we signed: the late sale, marked, and nothing before anything was recorded."""
    ran(capsys, "tag", "signed", "--as-of", "2001-11-09")
    assert changed(capsys, "signed", "2001-11-09") == []
    record(path, LATE_SALE)
    assert changed(capsys, "signed", "2001-11-09") == [(6, "added", True, [])]


def test_a_tag_keeps_both_clocks_and_the_head(path: Path, capsys: Capture) -> None:
    """Given without clocks it is today in New York as known now: the last entry, recorded at 15:00:03 UTC."""
    assert path.exists()
    head = ran(capsys, "head").out.split()
    with freeze_time("2002-02-03T04:59:59Z"):  # 2 February, 23:59:59 in New York
        ran(capsys, "tag", "now")
    ran(capsys, "tag", "earlier", "--as-of", "2001-06-30", "--known-at", learned(3).isoformat())
    first, second = ran(capsys, "tag", "--json").data["tags"]
    assert (first["tag"], first["as_of"], first["known_at"]) == ("earlier", "2001-06-30", learned(3).isoformat())
    assert first["head"]["entry"] == 3
    assert (second["as_of"], second["known_at"]) == ("2002-02-02", learned(5).isoformat())
    assert second["head"] == {"entry": 5, "sha256": head[1]}


def test_a_tag_is_given_by_the_last_entry_known_and_reads_no_others(
    path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No book of all entries is made; a moment to come stands for the last entry, recorded at 15:00:03 UTC."""
    assert path.exists()
    with monkeypatch.context() as patched:
        patched.delattr(Book, "__init__")  # by which a book is made
        for name, known_at in (("now", learned(5)), ("to come", learned(99)), ("before", learned(3))):
            assert ran(capsys, "tag", name, "--known-at", known_at.isoformat()).status == 0
    tags = {one["tag"]: (one["known_at"], one["head"]["entry"]) for one in ran(capsys, "tag", "--json").data["tags"]}
    last = learned(5).isoformat(), 5
    assert tags == {"now": last, "to come": last, "before": (learned(3).isoformat(), 3)}


def test_a_tag_is_listed_and_none_is_said_to_be_none(path: Path, capsys: Capture) -> None:
    """An empty list still prints a line and exits 0."""
    assert path.exists()
    assert ran(capsys, "tag") == Said(0, "none\n", "")
    assert ran(capsys, "tag", "signed", "--as-of", "2001-11-09").out == ran(capsys, "tag").out


@pytest.mark.parametrize("again", [("--as-of", "2001-11-09"), ("--as-of", "2001-11-10"), ()], ids=" ".join)
def test_a_name_is_given_once_for_ever(path: Path, capsys: Capture, again: tuple[str, ...]) -> None:
    """Given again, with other clocks or the same, it is refused with what it stands for, and stands for that still."""
    assert path.exists()
    ran(capsys, "tag", "signed", "--as-of", "2001-11-09")
    before = ran(capsys, "tag", "--json").data
    said = ran(capsys, "tag", "signed", *again)
    assert (said.status, said.out) == (2, "")
    assert "[tag-must-be-new]" in said.err
    assert f"signed is 2001-11-09 as known at {learned(5).isoformat()}" in said.err
    assert ran(capsys, "tag", "--json").data == before


@pytest.mark.parametrize(
    ("name", "rule", "instead"),
    [
        ("", "name-must-have-a-length", ANOTHER),
        ("a" * 201, "name-must-have-a-length", ANOTHER),
        ("signed ", "name-must-be-evenly-spaced", ANOTHER),
        ("sig\nned", "name-must-be-printable", ANOTHER),
        ("e\u0301", "name-must-be-composed", "Write it in Unicode normal form C (NFC)."),
        ("2001-11-09", "question-must-be-understood", "Say what it is the day of, as 10-K-FY2001 does."),
    ],
    ids=["nothing", "201 characters", "a space at its end", "two lines", "an accent that stands apart", "a day"],
)
def test_what_is_no_name_or_that_of_a_day_is_given_to_nothing(
    path: Path, capsys: Capture, name: str, rule: str, instead: str
) -> None:
    """A tag that could not be read, or that `diff` would take for a day, is refused, and it is said what to do."""
    assert path.exists()
    said = ran(capsys, "tag", name)
    assert (said.status, said.out) == (2, "")
    assert f"[{rule}]" in said.err
    assert said.err.endswith(f"{instead}\n")
    assert ran(capsys, "tag").out == "none\n"


def test_a_tag_of_a_moment_to_come_stands_for_what_is_known_now(path: Path, capsys: Capture) -> None:
    """Otherwise what is recorded until then would change the answers of a name that is fixed."""
    ran(capsys, "tag", "signed", "--as-of", "2001-11-09", "--known-at", "2099-01-01T00:00:00Z")
    before = ran(capsys, "asof", "--at", "signed", "--json").data
    record(path, LATE_SALE)
    assert ran(capsys, "asof", "--at", "signed", "--json").data == before


def test_a_ledger_that_may_not_be_written_gives_no_name(path: Path, capsys: Capture) -> None:
    """A tag is recorded; a file marked read-only stays as it is, and its tags can be listed."""
    path.chmod(0o444)
    said = ran(capsys, "tag", "signed")
    assert (said.status, "[ledger-must-be-writable]" in said.err) == (2, True)
    assert ran(capsys, "tag").status == 0


def asks(command: click.Command) -> bool:
    """Whether a command answers at a tag."""
    return any(parameter.name == "at" for parameter in command.params)


AT_A_TAG: dict[str, tuple[str, ...]] = {
    "asof": (),
    "rate": (),
    "dividends": (),
    "register": (),
    "log": (),
    "show": ("18",),
    "explain": ("conversion-rate",),
    "findings": (),
    "obligations": (),
    "holder": ("Holder C",),
    "conversions": (),
    "redemptions": (),
    "votes": (),
    "liquidation": ("--assets", "3000000"),
    "readings": (),
    "rollforward": ("2001-06-30",),
    "clause": ("5(e)",),
    "replay": (),
}
"""Every question with two clocks, with the words it needs."""


def test_every_question_that_knows_two_clocks_takes_a_tag() -> None:
    """A command that takes --known-at and names a day takes --at too, and stands in the list above."""
    clocked = {
        str(name)
        for name, command in captable.commands.items()
        if any(parameter.name == "known_at" for parameter in command.params)
    }
    assert clocked - {"tag"} == {str(name) for name, command in captable.commands.items() if asks(command)}


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The demo's ledger with a tag of 12 November 2001, as it was then, and with what was put right since."""
    folder = tmp_path_factory.mktemp("signed")
    lines = [json.loads(text) for text in story().read_text(encoding="utf-8").splitlines() if text]
    path = begun(folder / "before.db", *lines)
    with freeze_time("2003-03-04T17:00:00Z"), pytest.raises(SystemExit):
        captable(["tag", "signed", "--as-of", "2001-11-12", "--ledger", str(path)])
    after = folder / "after.db"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(after)) as kept:
        source.backup(kept)
    closed = {"event": "BankClosureDeclared", "effective": "2001-11-12", "closed_on": "2001-12-10"}
    record(
        after,
        corrected(18, {**lines[16], "cash": "2400000", "ref": "again"}, kind="amendment"),
        voided(32),
        sold("2001-08-15", "1000000", "300000"),
        closed,
    )
    return path, after


@pytest.mark.parametrize("name", sorted(name for name, command in captable.commands.items() if asks(command)))
def test_at_a_tag_every_question_answers_as_it_answered_then(
    signed: tuple[Path, Path], capsys: Capture, name: str
) -> None:
    """Corrections, a voiding, a late sale and a closure recorded since change nothing of what the tag saw."""
    before, after = (ran(capsys, name, *AT_A_TAG[name], "--at", "signed", "--json", "--ledger", one) for one in signed)
    assert before.err == ""
    assert before == after
    text = [ran(capsys, name, *AT_A_TAG[name], "--at", "signed", "--ledger", one).out for one in signed]
    assert text[0] == text[1]


def test_the_bundle_of_a_tag_stays_the_same_bytes(signed: tuple[Path, Path], tmp_path: Path, capsys: Capture) -> None:
    """It is that of the tag's day as known at the tag's moment, whatever was recorded since; both are told."""
    (tag,) = ran(capsys, "tag", "--json", "--ledger", signed[0]).data["tags"]
    clocks = {name: tag[name] for name in ("as_of", "known_at")}
    asked = {
        "before": (signed[0], "--at", "signed"),
        "after": (signed[1], "--at", "signed"),
        "in words": (signed[1], "--as-of", tag["as_of"], "--known-at", tag["known_at"]),
    }
    for name, (path, *words) in asked.items():
        told = ran(capsys, "export", "bundle", "-o", tmp_path / name, *words, "--json", "--ledger", path).data
        assert {clock: told[clock] for clock in clocks} == clocks
        assert told["head"] == tag["head"]
    made = {name: (tmp_path / name).read_bytes() for name in asked}
    assert made["before"] == made["after"] == made["in words"]
    now = ran(capsys, "export", "bundle", "-o", tmp_path / "now", "--as-of", tag["as_of"], "--ledger", signed[1])
    assert (now.status, (tmp_path / "now").read_bytes() == made["after"]) == (0, False)


def test_without_the_tag_the_same_question_answers_otherwise(signed: tuple[Path, Path], capsys: Capture) -> None:
    """What was recorded since does change the answer of the day: the tag is what kept it."""
    words = ("rate", "--as-of", "2001-11-12", "--json", "--ledger")
    assert (
        ran(capsys, *words, signed[0]).data["conversion_rate"] != ran(capsys, *words, signed[1]).data["conversion_rate"]
    )


@pytest.mark.parametrize(
    "words",
    [
        ("rate", "--at", "signed", "--as-of", "2001-11-12"),
        ("rate", "--at", "signed", "--known-at", "2003-03-04T17:00:00Z"),
        ("asof", "2001-11-12", "--at", "signed"),
        ("log", "--at", "signed", "--known-at", "2003-03-04T17:00:00Z"),
        ("export", "bundle", "-o", "never.zip", "--at", "signed", "--as-of", "2001-11-12"),
    ],
    ids=" ".join,
)
def test_a_tag_beside_another_day_or_moment_is_not_understood(
    signed: tuple[Path, Path], capsys: Capture, words: tuple[str, ...]
) -> None:
    """A tag fixes both clocks: a question that names one of them again, even the same, is refused."""
    said = ran(capsys, *words, "--ledger", signed[0])
    assert (said.status, said.out) == (2, "")
    assert "[question-must-be-understood]" in said.err


def test_a_tag_nobody_gave_is_not_understood(signed: tuple[Path, Path], capsys: Capture) -> None:
    """It is refused with the names there are."""
    said = ran(capsys, "rate", "--at", "singed", "--ledger", signed[0])
    assert (said.status, said.out) == (2, "")
    assert "[tag-must-be-known]" in said.err
    assert "tags signed" in said.err


# --- late entries, in every list --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("microseconds", "first"), [(-1, 5), (0, 6), (1, 6)])
def test_the_log_since_an_instant_has_what_was_recorded_after_it(
    path: Path, capsys: Capture, microseconds: int, first: int
) -> None:
    """Entry 5 was recorded at 15:00:03: since a microsecond before it is there, since that instant it is not."""
    record(path, LATE_SALE)
    since = (learned(5) + microseconds * MICROSECOND).isoformat()
    said = ran(capsys, "log", "--recorded-since", since, "--json")
    assert [one["entry"] for one in said.data["entries"]] == list(range(first, 7))
    assert ran(capsys, "log", "--recorded-since", learned(6).isoformat(), "--json").data["entries"] == []


def test_a_log_with_nothing_since_says_so(path: Path, capsys: Capture) -> None:
    """An empty part of a log is not an empty ledger: it prints a line of its own and exits 0."""
    assert path.exists()
    said = ran(capsys, "log", "--recorded-since", learned(5).isoformat())
    assert said == Said(0, "Nothing was recorded after Wednesday 2002-01-02 10:00:03 (New York).\n", "")


def test_what_was_learned_late_is_marked_in_every_list(path: Path, capsys: Capture) -> None:
    """The log, one entry's story, the rate's adjustments, replays in both orders and a diff all mark entry 6."""
    record(path, LATE_SALE)
    entries = {
        "log": ran(capsys, "log", "--json").data["entries"],
        "replay": ran(capsys, "replay", "--json").data["entries"],
        "in effect": ran(capsys, "replay", "--effective", "--json").data["entries"],
        "diff": ran(capsys, "diff", "2001-05-01", "2001-12-31", "--json").data["entries"],
    }
    for name, listed in entries.items():
        assert {one["entry"] for one in listed if one["late"]} == {6}, name
    assert [ran(capsys, "show", number, "--json").data["late"] for number in (5, 6)] == [False, True]
    assert [one["late"] for one in ran(capsys, "rate", "--json").data["history"]] == [True]
    for words in (("log",), ("replay",), ("show", "6"), ("rate",), ("diff", "2001-05-01", "2001-12-31")):
        assert "late" in ran(capsys, *words).out, words
    assert "late" not in ran(capsys, "rate", "--known-at", learned(5).isoformat()).out


def test_a_late_entry_is_marked_wherever_it_is_cited(path: Path, tmp_path: Path, capsys: Capture) -> None:
    """In text as `entry 7 (late)`, in JSON beside the entries, in a sheet in a column of its own; others are not.

    Entries 6, 7 and 8 were effective before the conversion of 9 November, which was recorded before them: a sale, a
    record date of 31 December, ten business days before which, by 14 December, notice is due, and a consent.
    """
    date_set = {"event": "RecordDateSet", "effective": "2001-10-01", "action": "D-1", "purpose": "dividend"}
    consent = {"event": "ConsentGiven", "effective": "2001-10-02", "action": "A-1", "holder": "Holder A", "shares": "1"}
    record(path, LATE_SALE, {**date_set, "record_date": "2001-12-31"}, consent, sold("2001-12-17", "1", "0"))
    asked = {"finding": ("findings", "2001-12-31"), "obligation": ("obligations", "2001-11-30")}
    for what, (command, day) in asked.items():
        listed = ran(capsys, command, "--as-of", day, "--json").data[command]
        (place,) = (place for place, one in enumerate(listed, 1) if one["clause"] == "§10")
        assert (listed[place - 1]["entries"], listed[place - 1]["late"]) == ([7], [7])
        assert not any(one["late"] for one in listed if 7 not in one["entries"])
        assert "[entry 7 (late)]" in ran(capsys, "explain", what, place, "--as-of", day).out
        figure = ran(capsys, "explain", what, place, "--as-of", day, "--json").data["figure"]
        assert (figure["entries"], figure["late"]) == ([7], [7])
    assert "record-notice-is-missing: entry 7 (late)" in ran(capsys, "findings", "--as-of", "2001-12-31").out
    assert "[record-notice-is-missing, entry 7 (late)]" in ran(capsys, "asof", "2001-12-31").out
    found = ran(capsys, "asof", "2001-12-31", "--json").data["findings"]
    assert [one["late"] for one in found if one["finding"] == "record-notice-is-missing"] == [[7]]
    replayed = ran(capsys, "replay", "--json").data["entries"]
    opened = [found for one in replayed for found in one["findings_opened"]]
    assert [found["late"] for found in opened if found["entries"] == [7]] == [[7]]
    (action,) = ran(capsys, "votes", "--json").data["actions"]
    assert [(one["entry"], one["late"]) for one in action["consents"]] == [(8, True)]
    clauses = ran(capsys, "clause", "5(e)", "--ledger", path, "--json").data["clauses"]
    assert [(one["entry"], one["late"]) for one in clauses[0]["entries"]] == [(6, True), (9, False)]
    assert "CommonSharesIssued  late" in ran(capsys, "clause", "5(e)", "--ledger", path).out
    told = ran(capsys, "explain", "conversion-rate", "--as-of", "2001-12-31").out
    assert ("[entry 6 (late)]" in told, "[entry 9]" in told) == (True, True)
    assert ran(capsys, "export", "bundle", "-o", tmp_path / "audit.zip", "--as-of", "2001-12-31").status == 0
    with zipfile.ZipFile(tmp_path / "audit.zip") as archive:
        for name, right in {"findings": "7", "rate_history": "6", "obligations": "7"}.items():
            text = archive.read(f"answers/{name}.csv").decode()
            assert {row["late"] for row in csv.DictReader(io.StringIO(text, newline=""))} >= {right}, name


def test_what_makes_an_entry_late_is_what_was_recorded_before_it(path: Path, capsys: Capture) -> None:
    """Effective before the originals of 10:00:00 is late, at that second and after it is in time."""
    for second in ("09:59:59", "10:00:00", "10:00:01"):
        record(path, sold(f"2001-11-09T{second}-05:00", "1", "1"))
    listed = ran(capsys, "log", "--json").data["entries"]
    assert [one["late"] for one in listed][-3:] == [True, False, False]


def test_a_correction_is_not_late_and_does_not_make_others_late(path: Path, capsys: Capture) -> None:
    """The day a correction was made orders nothing: dated 2002, it leaves an entry of December 2001 in time."""
    record(path, corrected(3, issued("5000")), sold("2001-12-03", "1", "1"), {**voided(6), "effective": "2001-01-01"})
    listed = ran(capsys, "log", "--json").data["entries"]
    assert [one["late"] for one in listed] == [False] * 7


def test_the_tables_of_a_tag_that_was_altered_are_found_out(path: Path, capsys: Capture) -> None:
    """A tag names its head, so that a record written anew under it does not verify."""
    ran(capsys, "tag", "signed", "--as-of", "2001-11-09")
    altered(path, "UPDATE tags SET sha256 = 'f' || substr(sha256, 2) WHERE substr(sha256, 1, 1) <> 'f'")
    altered(path, "UPDATE tags SET sha256 = 'e' || substr(sha256, 2) WHERE substr(sha256, 1, 2) = 'ff'")
    said = ran(capsys, "verify")
    assert (said.status, "the tag signed" in said.err) == (4, True)
