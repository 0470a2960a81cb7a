"""Positions are kept as the one fold makes them: whatever is recorded, in whichever order, and put right afterwards."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from given import COMMON, CONVERTED, REVOKED, SERIES_H, instructed, issued, sold, transferred
from histories import histories
from ledger.application import Ledger
from ledger.book import Book
from ledger.decisions.rules import decide
from ledger.errors import RecordMustVerify, Refusal
from ledger.exact import Fraction
from ledger.head import NO_HEAD
from ledger.journal import read_line
from ledger.kept.asked import AskedBook
from ledger.kept.book import KeptBook, kept_book
from ledger.kept.tables import FOLD, TABLES
from ledger.kept.written import KINDS
from ledger.moments import day_of, parse_day
from ledger.opened import Opened, opened
from ledger.position.state import Position
from ledger.position.way import Anew
from ledger.refusals import LaterEntryMustStand
from ledger.timeline import Step
from on_file import altered, asked, begun, corrected, entries, learned, record, story_told, voided
from projections import asof
from projections.question import Question
from projections.replay import replayed
from projections.verification import PROVEN, verify

LINES = (COMMON, issued(), sold("2001-07-02", "5000000", "2250000"))


@contextmanager
def kept(ledger: Ledger) -> Iterator[KeptBook]:
    """The book of a ledger as it was kept."""
    with ledger.place.rows() as rows:
        book = kept_book(Opened(ledger.place, rows))
        assert book is not None
        yield book


def held(position: Position) -> dict[str, Any]:
    """Everything there is in a position."""
    pieces = {kind: list(kept) if isinstance(kept, list) else dict(kept) for kind, kept in position.kinds.items()}
    return {**pieces, "series": position.series(), "days": position.days}


def answer(book: Book, day: date, known: int) -> dict[str, Any]:
    """The answer for a day as known when an entry was the last, without the head, which the store tells."""
    moment = book.entry(known).recorded if known > 1 else None
    return {**asof.answer(book, day, moment), "head": None}


def tried(ledger: Ledger, lines: list[Mapping[str, Any]]) -> str:
    """Record some lines together; the words of the refusal where they are refused."""
    try:
        ledger.record(read_line(json.dumps(line), "it") for line in lines)
    except Refusal as refusal:
        return str(refusal)
    return ""


def disturbed(lines: list[dict[str, Any]], random: Random) -> Iterator[list[Mapping[str, Any]]]:
    """Lines in an order of their own, some of them together, with corrections and voidings of those before."""
    waiting, number = list(lines), 1
    while waiting:
        together = [waiting.pop(0 if random.random() < 0.8 else random.randrange(min(6, len(waiting))))]
        while waiting and random.random() < 0.3:
            together.append(waiting.pop(0))
        yield list(together)
        number += len(together)
        if random.random() < 0.25:
            aim = random.randint(2, number)
            yield [voided(aim) if random.random() < 0.5 else corrected(aim, random.choice(lines))]


AT_HAND = {"all at hand": {"_AT_HAND": 20_000, "_BACK": 5_000}, "nothing at hand": {"_AT_HAND": 0, "_BACK": 3}}
"""How many pieces stay in memory once they are written, and how many steps can be taken back without a look-up."""


@pytest.mark.parametrize("at_hand", AT_HAND.values(), ids=AT_HAND)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(30), st.randoms(use_true_random=False))
def test_a_position_that_was_kept_is_the_position_folded(
    at_hand: dict[str, Any], lines: list[dict[str, Any]], random: Random
) -> None:
    """By every answer of any day as known at any entry, and by every word of every refusal.

    However many entries are written together, and however much of what was written stays in memory.
    """
    at_once = patch("ledger.recording.AT_ONCE", random.randint(1, 3))
    with patch.multiple("ledger.kept.book", **at_hand), at_once, TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        with Ledger.begin(path, SERIES_H) as ledger:
            for together in disturbed(lines, random):
                whole = Book(SERIES_H, ledger.book.record, ledger.book.begun)
                said = tried(ledger, together)
                with Ledger.open(path) as again:
                    assert again.book.last == whole.last + (0 if said else len(together))
                    if again.book.last > 1:
                        with kept(again) as book:
                            assert held(book.position) == held(again.book.position)
            last = ledger.book.last
            with opened(path) as found:
                assert last == 1 or isinstance(found.book, AskedBook)
                for _ in range(25):
                    day = SIGNED + timedelta(days=random.randrange(900))
                    known = random.randint(1, last)
                    assert answer(found.book, day, known) == answer(ledger.book, day, known)


SIGNED = parse_day("2001-04-12")


@pytest.mark.parametrize("at_hand", AT_HAND.values(), ids=AT_HAND)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(60), st.randoms(use_true_random=False))
def test_what_is_not_decided_again_would_be_decided_as_it_was(
    at_hand: dict[str, Any], lines: list[dict[str, Any]], random: Random
) -> None:
    """Late entries, corrections and voidings come to the same position, rows and refusals as if all was decided again.

    A step that none of it touches does what it did; the other ledger decides every later step again.
    """
    recorded, found = list(disturbed(lines, random)), []
    for decided in (Anew._is_decided, lambda *_: False):
        with (
            patch.multiple("ledger.kept.book", **at_hand),
            patch.object(Anew, "_is_decided", decided),
            TemporaryDirectory() as folder,
            Ledger.begin(Path(folder) / "ledger.db", SERIES_H) as ledger,
        ):
            said = [tried(ledger, together) for together in recorded]
            rows = [sorted(asked(ledger.place.published, f"SELECT * FROM {name}"), key=str) for name in TABLES]
            with kept(ledger) as book:
                found.append((said, rows, held(book.position)))
    assert found[0] == found[1]


def test_only_what_a_late_entry_touches_is_decided_again(tmp_path: Path) -> None:
    """Late are a transfer of H-1, by which what became of H-2 later is as it was, and a sale of Common Stock.

    The sale makes the Common Stock another, on which the later sale rests, and no transfer. Holder C receives shares
    late and has another holding when H-3 is received and when it is given away.
    """
    path = begun(tmp_path / "ledger.db")
    later = (
        {**transferred("2001-07-02", ("Holder C", "H-3", "1000")), "certificate": "H-2"},
        sold("2001-07-03", "10", "100"),
        {**transferred("2001-07-05", ("Holder D", "H-4", "1000")), "certificate": "H-3"},
    )
    decided = list[str]()

    def noted(position: Position, step: Step) -> None:
        decided.append(f"{type(step.fact).__name__} {day_of(step.at)}")
        decide(position, step)

    with Ledger.open(path, to_record=True) as ledger, patch("ledger.book.decide", noted):
        ledger.record(entries(COMMON, issued("1000"), issued("1000", "H-2", "Holder B"), *later))
        decided.clear()
        ledger.record(entries(transferred("2001-06-01", ("Holder E", "H-5", "1000"))))
        assert decided == ["PreferredSharesTransferred 2001-06-01"]
        decided.clear()
        ledger.record(entries(sold("2001-06-04", "10", "100")))
        assert decided == ["CommonSharesIssued 2001-06-04", "CommonSharesIssued 2001-07-03"]
        decided.clear()
        ledger.record(entries({**transferred("2001-06-05", ("Holder C", "H-6", "1000")), "certificate": "H-5"}))
        assert decided == [f"PreferredSharesTransferred {day}" for day in ("2001-06-05", "2001-07-02", "2001-07-05")]


def test_what_rests_on_a_list_is_decided_again_where_something_joins_it(tmp_path: Path) -> None:
    """$100 set apart late, on 2 July, is what is set apart when other stock is paid on 3 July, in arrears of more."""
    paid = {"event": "OtherClassDividendPaid", "effective": "2001-07-03", "stock": "Common Stock", "amount": "10.00"}
    apart = {"event": "FundsSetApart", "effective": "2001-07-02", "purpose": "dividend", "amount": "100.00"}
    with Ledger.open(begun(tmp_path / "ledger.db"), to_record=True) as ledger:
        ledger.record(entries(COMMON, issued(), paid))
        ledger.record(entries(apart))
        with kept(ledger) as book:
            assert [dividend.set_apart for dividend in book.position.company.other_dividends] == [100]


def test_what_looked_at_the_common_stock_is_decided_again_where_that_is_another(tmp_path: Path) -> None:
    """§5(j) - 5,100 shares need 7,083,339 of Common. 1,000,000 are left for them, and 1,000 less by a late sale."""
    lines = ({**COMMON, "authorized": "36000000"}, issued(on="2001-05-01"))
    with Ledger.open(begun(tmp_path / "ledger.db"), to_record=True) as ledger:
        ledger.record(entries(*lines))
        ledger.record(entries(sold("2001-04-20", "1000", "10000")))
        with kept(ledger) as book:
            (short,) = book.position.stretches["reserve-too-small"]
    assert list(short.numbers) == [7_083_339, 999_000]


def test_what_is_refused_is_refused_in_the_same_words_by_what_was_kept(tmp_path: Path) -> None:
    """A late transfer of shares that were converted since names the conversion that would fail, kept or not."""
    path = begun(tmp_path / "ledger.db", *CONVERTED)
    late = transferred("2001-07-02", ("Holder B", "H-9", "5100"))
    said = []
    for published in (True, False):
        if not published:
            with sqlite3.connect(path) as connection:
                connection.executescript("DROP TABLE kept_pieces; DROP TABLE kept_entries")
            connection.close()
        with Ledger.open(path) as ledger, pytest.raises(Refusal) as refused:
            ledger.record(entries(late))
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert "NoticeOfConversionReceived" in said[0]


@pytest.mark.parametrize(
    "harm",
    [
        "DROP TABLE kept_pieces",
        "DROP TABLE kept_entries",
        "DELETE FROM kept_entries WHERE entry = 4",
        "ALTER TABLE kept_pieces ADD COLUMN more TEXT",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'by fold', 'by an older fold, not')",
    ],
)
def test_what_is_not_all_kept_is_never_used(tmp_path: Path, harm: str) -> None:
    """Tables that are missing, of another make or behind are noticed: the record itself is asked, and kept anew."""
    path = begun(tmp_path / "ledger.db", *LINES)
    with opened(path) as found:
        right = answer(found.book, SIGNED, 4)
    with sqlite3.connect(path) as connection:
        connection.executescript(harm)
    connection.close()
    with opened(path) as found:
        assert not isinstance(found.book, AskedBook)
        assert answer(found.book, SIGNED, 4) == right
    record(path, sold("2001-07-03", "10", "1"))
    with opened(path) as found:
        assert isinstance(found.book, AskedBook)
        assert found.book.last == 5


def test_tables_tell_which_fold_kept_them(tmp_path: Path) -> None:
    """Whoever has the fold make something else of the same entries sees it here, and raises FOLD with the digest.

    Otherwise what was kept by the law as it was read before would go on being answered.
    """
    with opened(story_told(tmp_path / "ledger.db")) as found:
        *_, last = replayed(found.book)
    assert (FOLD, last.digest[:16]) == (2, "6f6519711f9347f9")


def test_nothing_that_was_kept_is_ever_changed(tmp_path: Path) -> None:
    """A late entry and a correction only add rows: what was answered before is found as it was."""
    path = begun(tmp_path / "ledger.db", *LINES)
    before = set(asked(path, "SELECT * FROM kept_pieces"))
    record(path, sold("2001-06-01", "1000", "1"), corrected(4, sold("2001-07-02", "5000000", "2350000")))
    assert before < set(asked(path, "SELECT * FROM kept_pieces"))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (f"UPDATE kept_pieces SET says = replace(says, '5100', '5101') WHERE kind = {KINDS['certificates']}", "5101"),
        (f"UPDATE kept_pieces SET day = 11425 WHERE kind = {KINDS['holdings']}", "11425"),
        (f"DELETE FROM kept_pieces WHERE kind = {KINDS['law']} AND entry = 4", "'', 11505, 4, "),
        ("INSERT INTO kept_pieces VALUES (4, 'N-9', 11505, 4, '{}')", "N-9"),
        ("UPDATE kept_entries SET late = 1 WHERE entry = 4", "(4, "),
        ("UPDATE kept_entries SET latest = latest + 1 WHERE entry = 3", "(3, "),
        ("DROP INDEX kept_entries_by_day", "kept_entries_by_day of another make"),
    ],
)
@pytest.mark.parametrize("since", [0, 2])
def test_what_was_kept_is_verified_row_by_row(tmp_path: Path, harm: str, says: str, since: int) -> None:
    """Whatever is altered, added or taken away is named, also where only what came after a head is recomputed."""
    path = begun(tmp_path / "ledger.db", *LINES)
    with Ledger.open(path) as ledger:
        head = ledger.head(learned(since)) if since else NO_HEAD
    assert verify(path, since=head).verdict == PROVEN
    altered(path, harm)
    with pytest.raises(RecordMustVerify) as wrong:
        verify(path, since=head)
    assert says in str(wrong.value)


def test_what_a_late_entry_goes_behind_is_not_found_where_it_was_written(tmp_path: Path) -> None:
    """H-2 is issued on 3 May: a late transfer of 2 May may not know it, and it is the issue of 3 May that fails."""
    lines = (issued("1000"), {**issued("100", "H-2"), "effective": "2001-05-03"})
    path = begun(tmp_path / "ledger.db")
    with patch("ledger.kept.book._AT_HAND", 0), Ledger.open(path, to_record=True) as ledger:
        for line in lines:
            ledger.record(entries(line))
        with pytest.raises(LaterEntryMustStand) as refused:
            ledger.record(entries(transferred("2001-05-02", ("Holder B", "H-2", "1000"))))
    assert "entry 3 (PreferredSharesIssued, 2001-05-03)" in str(refused.value)


def test_what_a_voiding_brings_back_takes_its_old_place(tmp_path: Path) -> None:
    """Entries 2 and 3 of one day are voided, brought back out of order, and 3 voided again: no share is issued."""
    voidings = [voided(3), voided(2), voided(4), voided(5), voided(6)]
    path = begun(tmp_path / "ledger.db", COMMON, issued(), *voidings)
    with Ledger.open(path) as ledger, kept(ledger) as book:
        assert book.position.issued == 0
        assert book.position.common.outstanding == 35_000_000
    assert verify(path).verdict == PROVEN


def test_a_question_looks_only_at_the_years_that_something_accrues_in(tmp_path: Path) -> None:
    """§2 - H-1 of 2001 is reacquired on 3 February 2003: from that day on the year of H-2 is looked at alone.

    A share accrues $1,000 x 10% / 360 = $5/18 a day. Through 2 February: 4,200 x 650 days and 900 x 30 days, together
    $2,297,500/3. Through 3 February: 900 x 31 days, $7,750.
    """
    reacquired = {"event": "PreferredSharesReacquired", "effective": "2003-02-03", "certificate": "H-1"}
    lines = (
        issued("4200"),
        issued("900", "H-2", on="2003-01-02"),
        {**reacquired, "shares": "4200", "price": "4200000"},
    )
    path = begun(tmp_path / "ledger.db", COMMON, *lines)
    for day, years, dollars in (("2003-02-02", 2, Fraction(2_297_500, 3)), ("2003-02-03", 1, Fraction(7_750))):
        with opened(path) as ledger:
            position = Question.ask(ledger.book, parse_day(day)).position
            assert position.accrued_unpaid(parse_day(day)) == dollars
            assert position.accruing.at_hand == years


def test_a_question_looks_only_at_the_days_of_which_notices_are_open(tmp_path: Path) -> None:
    """§5(f)(i) - The notice of 9 November is open through the 14th; revoked on the 15th, it is looked at no more."""
    path = begun(tmp_path / "ledger.db", *CONVERTED, REVOKED)
    for day, notices in (("2001-11-08", []), ("2001-11-09", ["N-1"]), ("2001-11-14", ["N-1"]), ("2001-11-15", [])):
        with opened(path) as ledger:
            position = Question.ask(ledger.book, parse_day(day)).position
            assert [notice.id for notice in position.open_notices()] == notices
            assert position.notices.at_hand == len(notices)


def test_what_comes_within_one_second_keeps_its_order(tmp_path: Path) -> None:
    """§5(f)(i) - The transfer agent is contacted thrice in one second: at half of it, behind that, and before, late.

    How late the ledger has come is kept in whole seconds, rounded up: so each of them is put where it belongs.
    """
    path = begun(tmp_path / "ledger.db", *CONVERTED)
    for part in ("500", "750", "250"):
        record(path, instructed(f"2001-11-12T10:00:00.{part}-05:00"))
    with opened(path) as ledger:
        (notice,) = Question.ask(ledger.book, parse_day("2001-11-12")).position.open_notices()
        last, late = ledger.last(), ledger.book.late
    assert [entry for word, entry, _ in notice.happened if word == "TransferAgentInstructed"] == [
        last,
        last - 2,
        last - 1,
    ]
    assert late == {last}
    assert verify(path).verdict == PROVEN
