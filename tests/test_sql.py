"""The tables and views asked in SQL: each canned question's answer is the program's own, on both clocks."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from given import COMMON, SERIES_H, issued, sold
from histories import histories
from ledger.application import Ledger
from ledger.errors import RecordMustVerify
from ledger.head import NO_HEAD
from ledger.kept.tables import APART, TABLES
from ledger.moments import parse_day
from ledger.opened import opened
from on_file import altered, asked, begun, corrected, learned, ran, record, voided
from projections import asof, conversion_rate
from projections.published import publish_views
from projections.question import Question
from projections.sql import datasette, told, views
from projections.verification import PROVEN, UNPROVEN, verify
from test_kept_positions import SIGNED, disturbed, tried

HERE = Path(__file__).parent.parent
STORY = [json.loads(line) for line in (HERE / "fixtures" / "series_h.jsonl").read_text(encoding="utf-8").splitlines()]
LAST = 119

DAYS = ("2001-04-11", "2001-04-12", "2001-10-31", "2001-11-12", "2002-02-28", "2003-12-31", "2004-07-12", "2005-06-20")
KNOWN = (8, 23, 24, 31, 32, 79, LAST)
"""Entries 24, 31 and 85 put others right; entry 32 came late."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story, recorded a second each."""
    return begun(tmp_path_factory.mktemp("sql") / "story.db", *STORY)


CLOCKS = [(day, known) for day in DAYS for known in KNOWN]
"""Every day as known at every moment."""

SPLIT = {"event": "CommonStockSplit", "effective": "2001-07-02", "new_shares": "2", "old_shares": "1"}


def canned(path: Path, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """What a canned question answers, every parameter given as text, as a form gives it."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute(
            told()["queries"][name]["sql"], {key: str(value) for key, value in parameters.items()}
        )
        return [dict(row) for row in found]


def answers(path: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """What `asof` answers for every day and moment."""
    with opened(path) as found:
        return {(day, known): asof.answer(found.book, parse_day(day), learned(known)) for day, known in CLOCKS}


@pytest.fixture(scope="module")
def right(story: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """What `asof` answers for every day and moment of the story."""
    return answers(story)


def must_be_told(path: Path, day: str, known: int, right: dict[str, Any]) -> None:
    """Hold what SQL answers for a day as known at an entry against what `asof` answers."""
    preferred = right["preferred"]
    holders = canned(path, "holders", day=day, known_entry=known)
    assert [(one["holder"], sum(map(Fraction, one["shares"].split(" + ")))) for one in holders] == [
        (one["holder"], Fraction(one["shares"])) for one in preferred["holders"]
    ]
    certificates = canned(path, "certificates", day=day, known_entry=known)
    assert [
        (one["certificate"], one["holder"], Fraction(one["shares"]), one["accrues_from"]) for one in certificates
    ] == [
        (one["certificate"], one["holder"], Fraction(one["shares"]), one["accrues_from"])
        for one in preferred["certificates"]
    ]
    assert [name for one in holders for name in one["certificates"].split(", ")] == [
        one["certificate"] for holder in holders for one in certificates if one["holder"] == holder["holder"]
    ]
    figures = canned(path, "figures", day=day, known_entry=known)
    assert figures or preferred["issued"] == "0"
    for one in figures:
        for name in ("issued", "outstanding", "converted", "redeemed", "reacquired"):
            assert Fraction(one[name]) == Fraction(preferred[name])
        assert one["rate"] == right["conversion_rate"]["exact"]
        assert one["due_on_conversion"] == right["dividends"]["due_on_conversion"]["exact"]
        assert Fraction(one["common_outstanding"]) == Fraction(right["common"]["outstanding"])
        assert one["common_authorized"] == right["common"]["authorized"]
        into = {told_of["security"] for told_of in right["conversion_rate"]["into"]}
        assert set(json.loads(one["converts_into"])) == into


@pytest.mark.parametrize(("day", "known"), CLOCKS)
def test_holders_certificates_and_figures_in_sql_are_those_of_asof(
    story: Path, right: Any, day: str, known: int
) -> None:
    """On any day as known at any entry, exactly; before the first entry there are no figures."""
    must_be_told(story, day, known, right[day, known])
    assert len(canned(story, "figures", day=day, known_entry=known)) == (0 if day == "2001-04-11" else 1)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(30), st.randoms(use_true_random=False))
def test_whatever_was_recorded_sql_tells_what_asof_tells(lines: list[dict[str, Any]], random: Random) -> None:
    """Random histories in an order of their own, with fractions of shares, corrections and voidings."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        with Ledger.begin(path, SERIES_H) as ledger:
            for together in disturbed(lines, random):
                tried(ledger, together)
            book = ledger.book
            assert publish_views(ledger.place) == ""
        for _ in range(10 if book.last > 1 else 0):
            day, known = SIGNED + timedelta(days=random.randrange(900)), random.randint(2, book.last)
            must_be_told(path, day.isoformat(), known, asof.answer(book, day, book.entry(known).recorded))


@pytest.mark.parametrize(("day", "known"), CLOCKS)
def test_the_history_of_the_rate_in_sql_is_the_programs(story: Path, day: str, known: int) -> None:
    """Every adjustment in its place with its cause, late or not, and the rate after it."""
    with opened(story) as found:
        right = conversion_rate.history(Question.ask(found.book, parse_day(day), learned(known)))
    rows = canned(story, "rate", day=day, known_entry=known)
    assert [(one["entry"], one["clause"], one["factor"], one["rate"], bool(one["late"])) for one in rows] == [
        (one["entry"], one["clause"], one["factor"], one["exact"], one["late"]) for one in right
    ]
    assert [datetime.fromisoformat(one["at"]) for one in rows] == [datetime.fromisoformat(one["at"]) for one in right]


def test_the_story_is_told_in_sql_as_it_was_worked_out_by_hand(story: Path) -> None:
    """12 November 2001: 600, 1,500 and 1,900 shares; 1,000,000 sold late for $500,000 over 35,338,889 outstanding."""
    held = canned(story, "holders", day="2001-11-12", known_entry="")
    assert [(one["shares"], one["certificates"]) for one in held] == [("600", "H-4"), ("1500", "H-5"), ("1900", "H-3")]
    first = canned(story, "rate", day="2001-11-12", known_entry="")[0]
    told_of = [first[name] for name in ("entry", "late", "base", "sold", "consideration", "threshold")]
    assert told_of == [32, 1, "35338889", "1000000", "500000", "18/25"]
    before = canned(story, "rate", day="2001-11-12", known_entry=31)[0]
    assert (before["entry"], before["late"], before["base"]) == (18, 0, "35338889")


def test_what_is_left_blank_is_everything(story: Path) -> None:
    """A form gives what is not filled in as an empty text: the end of all days, and all that is recorded."""
    for name in ("holders", "certificates", "figures", "rate"):
        blank = canned(story, name, day="", known_entry="")
        assert blank
        assert blank == canned(story, name, day="2005-06-20", known_entry=LAST)


def test_late_entries_are_listed_from_when_they_are_known(story: Path) -> None:
    """Entry 32, effective 2001-10-15, was recorded behind one of 2002."""
    assert canned(story, "late", known_entry=31) == []
    (late,) = canned(story, "late", known_entry="")
    assert late == {
        "entry": 32,
        "recorded": learned(32).isoformat(),
        "effective": "2001-10-15",
        "event": "CommonSharesIssued",
        "ref": "story-31",
    }


def test_what_a_correction_changed_is_told_piece_by_piece(story: Path) -> None:
    """Entry 24 puts right that 5,000,000 were sold for $2,520,000: it was $2,250,000, and N-2 is due more for it."""
    rows = canned(story, "changed", entry=24)
    first = rows[0]
    sums = [json.loads(first[when])[7] for when in ("before", "after")]
    assert (first["day"], first["kind"], sums) == ("2001-11-03", "adjustments", ["2520000", "2250000"])
    notice = next(one for one in rows if one["key"] == "N-2")
    # 1,388.89 x 1.0386... and 1,388.89 x 1.0487... x 1,000 shares, whole shares
    assert [json.loads(notice[when])[9] for when in ("before", "after")] == ["1442530", "1456594"]


def test_an_instant_is_the_last_entry_recorded_by_then(story: Path) -> None:
    """In UTC only: another offset cannot be compared as text, and is answered with nothing."""
    at = learned(24).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert canned(story, "known", known_at=at) == [{"known_entry": 24}]
    assert canned(story, "known", known_at=at.replace("Z", ".5Z")) == [{"known_entry": 24}]
    assert canned(story, "known", known_at=at.replace("Z", "-05:00")) == [{"known_entry": None}]
    assert canned(story, "known", known_at="2001-01-01T00:00:00Z") == [{"known_entry": None}]


def test_a_holders_history_lists_the_certificates_of_asof(story: Path, right: Any) -> None:
    """The row of the latest day, and of it of the latest entry."""
    for (day, known), answer in right.items():
        told_of = f"SELECT holder, certificates FROM holder_history WHERE day <= '{day}' AND entry <= {known}"
        latest = dict(asked(story, f"{told_of} ORDER BY day, entry"))
        held = {holder: set(json.loads(numbers)) for holder, numbers in latest.items() if numbers and numbers != "[]"}
        assert sorted((number, holder) for holder, numbers in held.items() for number in numbers) == [
            (one["certificate"], one["holder"]) for one in answer["preferred"]["certificates"]
        ]


def test_shares_that_are_no_whole_number_are_not_added_up(tmp_path: Path) -> None:
    """SQLite adds no fractions exactly: 100.5 and 200 stand side by side, and 300 and 200 make 500."""
    path = begun(tmp_path / "ledger.db", COMMON, issued("100.5"), issued("200", "H-2"))
    assert canned(path, "holders", day="", known_entry="")[0]["shares"] == "201/2 + 200"
    record(path, voided(3), issued("300", "H-3"))
    held = canned(path, "holders", day="", known_entry="")
    assert held == [{"holder": "Holder A", "shares": "500", "certificates": "H-2, H-3"}]
    assert canned(path, "holders", day="", known_entry=4)[0]["shares"] == "201/2 + 200"


def test_shares_of_more_digits_than_sqlite_adds_are_not_added_up(tmp_path: Path) -> None:
    """An integer of SQLite ends at 9,223,372,036,854,775,807: numbers of 19 digits stand side by side."""
    path = begun(tmp_path / "ledger.db", COMMON, issued("1000"), issued("200", "H-2"), issued("300", "H-3"))
    many = "9" * 19
    for shares, said in (("1000", many), ("200", many), ("300", f"{many}/7")):
        altered(path, f"""UPDATE kept_pieces SET says = replace(says, '"{shares}"', '"{said}"')""")
    (held,) = canned(path, "holders", day="", known_entry="")
    assert held["shares"] == f"{many} + {many} + {many}/7"


def test_the_rate_before_any_adjustment_is_the_certificates(tmp_path: Path) -> None:
    """1,388.89 until a sale, and until a split that is the first entry of all."""
    path = begun(tmp_path / "ledger.db", COMMON, issued(), sold("2001-07-02", "5000000", "2250000"))
    for known in (3, 4):
        assert canned(path, "figures", day="2001-07-01", known_entry=known)[0]["rate"] == "138889/100"
    assert canned(path, "figures", day="2001-07-02", known_entry=3)[0]["rate"] == "138889/100"
    record(path, corrected(4, sold("2001-07-05", "5000000", "2250000")))
    assert canned(path, "figures", day="2001-07-02", known_entry="")[0]["rate"] == "138889/100"
    assert canned(path, "rate", day="2001-07-02", known_entry="") == []
    assert len(canned(path, "rate", day="2001-07-02", known_entry=4)) == 1
    odd = begun(tmp_path / "odd.db", SPLIT, issued())
    assert canned(odd, "rate", day="2001-07-01", known_entry="") == []
    held = asked(odd, "SELECT rate FROM rate_in_force WHERE day <= '2001-07-01' ORDER BY day DESC LIMIT 1")
    assert held == [("138889/100",)]
    assert canned(odd, "figures", day="2001-07-02", known_entry="")[0]["rate"] == "138889/50"


def test_a_late_issue_is_told_beside_common_that_was_sold_later_and_recorded_earlier(tmp_path: Path) -> None:
    """4,000 shares; 1,000,000 of Common sold on 2 July (entry 4); then 900 shares more, of 1 May (entry 5): 4,900.

    As known before entry 5 there were 4,000. On 1 May there were 35,000,000 of Common, and by entry 2 no share yet.
    """
    path = begun(tmp_path / "ledger.db", COMMON, issued("4000"), sold("2001-07-02", "1000000", "2250000"))
    record(path, issued("900", "H-2", on="2001-05-01"))
    told = {
        (day, known): tuple(canned(path, "figures", day=day, known_entry=known)[0][name] for name in FIGURES)
        for day in ("2001-05-01", "2001-07-02", "")
        for known in (4, 5)
    }
    assert told == {
        ("2001-05-01", 4): ("4000", "35000000"),
        ("2001-05-01", 5): ("4900", "35000000"),
        ("2001-07-02", 4): ("4000", "36000000"),
        ("2001-07-02", 5): ("4900", "36000000"),
        ("", 4): ("4000", "36000000"),
        ("", 5): ("4900", "36000000"),
    }
    alone = asked(path, "SELECT issued, common_outstanding FROM series_history WHERE entry = 2")
    assert alone == [("0", "35000000")]


FIGURES = ("issued", "common_outstanding")


# --- the schema -------------------------------------------------------------------------------------------------------


def test_every_column_of_every_table_and_view_is_told_in_words(story: Path) -> None:
    """Those that are there, in their order, and no others; every quantity of a view is text."""
    shown = {**told()["tables"], **told()["views"]}
    there = asked(story, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
    there_alone = {"stored_events", "links", "tags", "sqlite_sequence"}
    assert {*shown} - {*APART} == {name for (name,) in there} - there_alone
    for name, one in shown.items():
        if name in APART:
            continue
        assert [column for (column,) in asked(story, f"SELECT name FROM pragma_table_info('{name}')")] == list(
            one["columns"]
        )
        for column, said in one["columns"].items():
            if said.startswith(("shares of", "dollars", "of these")):
                kinds = asked(story, f"SELECT DISTINCT typeof({column}) FROM {name}")
                assert ("text",) in kinds
                assert {kind for (kind,) in kinds} <= {"text", "null"}


def test_the_readme_lists_every_column_of_every_table_and_view() -> None:
    """A row each, every column in its order."""
    section = (HERE / "README.md").read_text(encoding="utf-8").partition("## Asking in SQL\n")[2].partition("\n## ")[0]
    rows = [re.findall(r"`(\w+)`", row) for row in re.findall(r"^\| `.*$", section, re.MULTILINE)]
    right = {**told()["views"], **told()["tables"]}
    assert {name: columns for name, *columns in rows} == {name: [*one["columns"]] for name, one in right.items()}


@pytest.mark.parametrize("since", [0, 60])
@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("DROP VIEW late_entries", "late_entries"),
        ("DROP VIEW late_entries; CREATE VIEW late_entries AS SELECT 1", "late_entries"),
        ("DROP VIEW late_entries; CREATE TABLE Late_entries (entry)", "Late_entries, late_entries"),
        ("DROP VIEW holder_history; CREATE VIEW holder_history (holder, day, entry, a) AS {}", "holder_history"),
    ],
)
def test_a_view_of_another_make_is_named(tmp_path: Path, story: Path, harm: str, says: str, since: int) -> None:
    """One altered, taken away alone, or with a table in its place; one under another name is its maker's own."""
    path = tmp_path / "story.db"
    path.write_bytes(_whole(story))
    with opened(path) as found:
        head = found.head(learned(since)) if since else NO_HEAD
    altered(path, "CREATE VIEW holders AS SELECT 1")
    assert verify(path, since=head).verdict == UNPROVEN
    altered(path, *(one.format(views(apart=False)["holder_history"]) for one in harm.split("; ")))
    with pytest.raises(RecordMustVerify, match=f"the views {says} of another make"):
        verify(path, since=head)


def _whole(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        return connection.serialize()


def test_all_that_is_published_can_be_deleted_and_is_made_again_as_it_was(
    story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], right: Any
) -> None:
    """Every table and view: without them each question has the same answer, and `captable replay` makes all anew."""
    path = tmp_path / "story.db"
    path.write_bytes(_whole(story))
    everything = [*TABLES, *views(apart=False)]

    def published() -> dict[str, Any]:
        made = asked(path, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
        return {"made": made, **{name: sorted(asked(path, f"SELECT * FROM {name}"), key=str) for name in everything}}

    before, words = published(), ("asof", "2001-11-12", "--known-at", learned(31).isoformat(), "--ledger", path)
    said = ran(capsys, *words)
    altered(path, *(f"DROP VIEW {name}" for name in views(apart=False)), *(f"DROP TABLE {name}" for name in TABLES))
    assert ran(capsys, *words) == said
    assert answers(path) == right
    assert verify(path).entries == LAST
    assert ran(capsys, "replay", "--ledger", path).status == 0
    assert published() == before
    assert ran(capsys, *words) == said
    assert verify(path).published > LAST


def test_views_in_whose_place_something_else_stands_are_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table under a view's name and a view under a table's give way to those of today."""
    path = begun(tmp_path / "ledger.db", COMMON, issued())
    made = asked(path, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    altered(path, "DROP VIEW late_entries", "CREATE TABLE late_entries (entry)", "DROP TABLE kept_entries")
    altered(path, "CREATE VIEW kept_entries AS SELECT 1 AS entry")
    assert ran(capsys, "replay", "--ledger", path).status == 0
    assert asked(path, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name") == made
    assert verify(path).verdict == PROVEN


def test_the_metadata_names_the_file_it_is_for(story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Datasette finds what is said of a database under the file's name; nothing is overwritten."""
    target = tmp_path / "metadata.json"
    said = ran(capsys, "export", "datasette", "-o", target, "--ledger", story)
    assert said == (0, f"Wrote {target}, with 7 questions.\nTo ask them: datasette {story} -m {target}\n", "")
    metadata = json.loads(target.read_text(encoding="utf-8"))
    assert metadata == datasette("story")
    assert set(metadata["databases"]["story"]["queries"]) == set(told()["queries"])
    assert ran(capsys, "export", "datasette", "-o", target, "--ledger", story).status == 2
