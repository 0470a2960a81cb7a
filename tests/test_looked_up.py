"""What is looked up of entries where positions were kept is what going through all of them tells."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from given import COMMON, SERIES_H, issued, sold
from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import WholeRecordMustBeAskedFor
from ledger.kept.asked import AskedBook
from ledger.moments import FIRST_DAY, LAST_DAY, day_of, parse_day
from ledger.opened import opened
from ledger.timeline import Step
from on_file import altered, begun, corrected, learned, ran, story_told, voided
from projections import diff, log
from projections.certificate import certificate
from projections.concordance import belonging
from projections.page.frame import beside
from projections.question import Question
from projections.rollforward import rollforward

KNOWN = (1, 2, 23, 24, 32, 60, 119)
"""Moments of the story as the last entry known: entry 24 corrects entry 18, and entry 32 came late."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AskedBook]:
    """The story in a file, as it is asked."""
    with opened(story_told(tmp_path_factory.mktemp("story") / "ledger.db")) as ledger:
        book = ledger.book
        assert isinstance(book, AskedBook)
        yield book


def telling_days(book: Book) -> list[date]:
    """Every day on which anything happened, and the days beside it."""
    days = {day_of(step.at) for step in book.timeline.steps}
    return sorted({day + timedelta(days=by) for day in days for by in (-1, 0, 1)})


def told(steps: tuple[Step | None, object, Step | None]) -> tuple[Step | None, list[Step], Step | None]:
    """What is beside a day, so that it can be compared."""
    before, on_the_day, after = steps
    assert isinstance(on_the_day, list)
    return before, list(on_the_day), after


@pytest.mark.parametrize("last", KNOWN)
def test_what_took_effect_beside_a_day_is_what_the_timeline_has_there(asked: AskedBook, last: int) -> None:
    """§5(f)(i) - On every day of the story and beside it, as known then and now, Conversion Dates among the rest."""
    known = asked.up_to(last)
    whole = known.whole
    for day in (*telling_days(asked.whole), parse_day("1999-01-01"), LAST_DAY):
        assert told(beside(Question(known, day))) == told(beside(Question(whole, day)))  # type: ignore[arg-type]


@pytest.mark.parametrize("last", KNOWN[1:])
def test_an_entry_is_told_alike_with_its_status_and_what_it_moved(asked: AskedBook, last: int) -> None:
    """Every entry as the log tells it, and its story on the last day, on a day before it and on one between."""
    known = asked.up_to(last)
    whole = known.whole
    listed = [log.entry(known, number) for number in range(2, last + 1)]  # type: ignore[arg-type]
    assert listed == list(log.entries(whole))
    for number in range(2, last + 1, 5):
        for day in ("2001-06-10", "2001-12-31", "2050-01-01"):
            stories = (log.show(Question(book, parse_day(day)), number) for book in (known, whole))  # type: ignore[arg-type]
            first, second = stories
            assert first == second


@pytest.mark.parametrize("at_once", [1, 2, 30])
def test_all_that_took_effect_is_looked_up_some_days_at_a_time(
    asked: AskedBook, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """§5(f)(i) - A Conversion Date days behind its notice stands where it stood, wherever the days are cut."""
    monkeypatch.setattr("ledger.kept.asked._AT_ONCE", at_once)
    for last in KNOWN:
        known = asked.up_to(last)
        for day in map(parse_day, ("1999-01-01", "2001-04-12", "2001-11-12", "2003-12-31", "2100-12-31")):
            firsts = (FIRST_DAY, *map(parse_day, ("2001-11-12", "2001-11-13", "2002-02-28")))
            for first in (one for one in firsts if one <= day):
                assert list(known.steps_in_turn(first, day)) == list(known.whole.steps_in_turn(first, day))
                assert not known._standing


def test_a_rollforward_keeps_nothing_of_the_entries_it_goes_through(asked: AskedBook) -> None:
    """Three years of the story quarter by quarter; whatever their number, the entries are taken and let go."""
    known = asked.up_to(119)
    periods = rollforward(Question(known, parse_day("2004-12-31")), parse_day("2001-12-31"))  # type: ignore[arg-type]
    assert len(periods) == 12
    assert not known._standing


def test_what_changed_between_two_moments_is_looked_up_alike(asked: AskedBook) -> None:
    """Two days either way round, one day known at two moments, and both at once."""
    pairs = (
        (("2001-06-10", 119), ("2001-12-31", 119)),
        (("2001-12-31", 119), ("2001-06-10", 119)),
        (("2001-11-12", 23), ("2001-11-12", 119)),
        (("2001-11-12", 119), ("2001-11-12", 23)),
        (("2001-06-10", 20), ("2003-12-31", 60)),
        (("2003-12-31", 60), ("2003-12-31", 60)),
    )
    for pair in pairs:
        moments = [(asked.up_to(last), parse_day(day), learned(last)) for day, last in pair]
        kept = [Question(book, day, known) for book, day, known in moments]  # type: ignore[arg-type]
        whole = [Question(book.whole, day, known) for book, day, known in moments]
        assert diff.entries(*kept) == diff.entries(*whole)


def test_the_facts_of_a_kind_are_those_that_stand(asked: AskedBook) -> None:
    """By the end of a day, by their day; what a correction made another counts as what it is now."""
    kinds = {"CommonSharesIssued", "NoticeOfConversionReceived"}
    for last in KNOWN:
        known = asked.up_to(last)
        for day in map(parse_day, ("2001-04-11", "2001-11-12", "2003-12-31", "2050-01-01")):
            steps = Question(known.whole, day).steps
            stand = {one.number for one in steps if isinstance(one.fact, Entry) and one.fact.word in kinds}
            found = known.facts_of(kinds, day)
            assert set(found) == stand
            facts = (known.standing(number) for number in found)
            assert [day_of(fact.entry.effective) for fact in facts if fact] == sorted(
                day_of(fact.entry.effective) for fact in map(known.standing, found) if fact
            )


def test_what_was_voided_or_moved_to_another_day_leaves_its_old_one(tmp_path: Path) -> None:
    """A sale of May is corrected to July, one of June voided: before August comes July, none in May or June."""
    sales = (sold("2001-05-02", "1000000", "360000"), sold("2001-06-01", "5000000", "2250000"))
    path = begun(
        tmp_path / "ledger.db",
        COMMON,
        issued(),
        *sales,
        corrected(4, sold("2001-07-02", "1000000", "360000")),
        voided(5),
    )
    with opened(path) as ledger:
        book = ledger.book
        assert isinstance(book, AskedBook)
        before = book.step_before(parse_day("2001-08-01"))
        assert before is not None
        assert (before.number, day_of(before.at)) == (4, parse_day("2001-07-02"))
        assert book.steps_on(parse_day("2001-05-01"), parse_day("2001-06-30")) == []
        after = book.step_after(parse_day("2001-04-30"))
        assert after == before
        assert book.step_after(parse_day("2001-07-02")) is None
        assert [item.number for item in book.chain(6)] == [4, 6]


@pytest.mark.parametrize("last", KNOWN[1:])
def test_what_lists_entries_lists_the_same_ones(asked: AskedBook, last: int) -> None:
    """The log since a moment, the entries of every clause, and the rollforward of a year cut anywhere."""
    known = asked.up_to(last)
    whole = known.whole
    for since in {2, max(last // 2, 2), last}:
        moment = whole.entry(since).recorded
        assert list(log.entries(known, moment)) == list(log.entries(whole, moment))  # type: ignore[arg-type]
    for day in map(parse_day, ("2001-11-12", "2003-04-08", "2004-12-31")):
        looked_up, gone_through = Question(known, day), Question(whole, day)  # type: ignore[arg-type]
        for clause in certificate().values():
            assert belonging(clause, looked_up).entries == belonging(clause, gone_through).entries
        first = day - timedelta(days=365)
        assert rollforward(looked_up, first) == rollforward(gone_through, first)


@pytest.mark.parametrize(
    "words",
    [
        ("diff", "2003-04-01", "2003-04-08"),
        ("log", "--recorded-since", "2002-01-02T10:01:00-05:00"),
        ("rollforward", "2002-12-31", "2003-12-31"),
        ("clause", "5(e)", "--as-of", "2003-12-31"),
        ("show", "24"),
        ("replay", "--effective", "--as-of", "2003-12-31", "--no-findings"),
    ],
    ids=lambda words: words[0],
)
def test_a_command_reads_the_entries_it_tells_of_and_not_the_whole_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """No book of all entries is made in memory where positions were kept; without them one is, and says the same."""
    path = story_told(tmp_path / "ledger.db")
    with monkeypatch.context() as patched:
        patched.delattr(Book, "__init__")  # by which a book is made
        looked_up = ran(capsys, *words, "--ledger", path)
    altered(path, "DROP TABLE kept_pieces")
    assert looked_up == ran(capsys, *words, "--ledger", path)
    assert looked_up.out


def test_no_more_entries_are_read_again_than_were_to_be(tmp_path: Path) -> None:
    """A question that goes through every entry is refused where there are more, whether or not positions were kept."""
    path = begun(tmp_path / "ledger.db", COMMON, issued())
    with opened(path) as ledger:
        ledger.most = 1
        assert isinstance(ledger.book, AskedBook)
        with pytest.raises(WholeRecordMustBeAskedFor) as refused:
            _ = ledger.book.whole
        assert refused.value.name == "whole-record-must-be-asked-for"
        assert "It is made from all 2 entries anew" in str(refused.value)
        ledger.most = None
        assert ledger.book.terms == SERIES_H
        assert ledger.book.whole.last == 3
