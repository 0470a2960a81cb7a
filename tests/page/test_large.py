"""A large ledger: pages by parts, nothing gone through unasked, and words for how to have the rest."""

import csv
import io
import re
from pathlib import Path
from threading import Event

import pytest

from given import COMMON, issued, sold
from ledger.kept.asked import AskedBook
from ledger.timeline import Recorded
from on_file import altered, begun, record
from page.opened import ROOMS, Opened, links, words
from projections.page import desk, trust
from projections.page.waiting import about
from projections.verification import Verdict, verify

FEW = 5
LONG = (
    "/explain?what=conversion-rate",
    "/explain?what=notice&which=N-2",
    "/explain?what=reading&which=day-count",
)
"""What goes through every entry, whatever was kept."""


@pytest.fixture
def small(demo: Path) -> Opened:
    """The story's page as it is; what is asked of it must be asked before `large` is."""
    return Opened(demo)


@pytest.fixture
def large(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The story's page, where five entries count as many."""
    enlarged(monkeypatch)
    return Opened(demo)


def enlarged(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on five entries count as many."""
    monkeypatch.setattr(desk, "AT_ONCE", FEW)
    monkeypatch.setattr(trust, "AT_ONCE", FEW)


def test_a_page_goes_through_a_large_record_only_when_asked(large: Opened) -> None:
    """Every room answers; what takes long says why, about how long, and where it is; then it is made all the same."""
    for room in ROOMS:
        address = f"{room}{'&' if '?' in room else '?'}as-of=2003-04-08"
        answer = large.get(address)
        assert answer.status_code == 200
        long = room in LONG
        assert ("This takes a while" in answer.text) == long, room
        if long:
            assert "It is made from all 118 entries anew, one after the other" in words(answer)
            assert "captable explain" in words(answer)
            (whole,) = (one for one in links(answer) if "whole=yes" in one)
            made = large.get(whole)
            assert made.status_code == 200
            assert "This takes a while" not in made.text
            assert made.text.count('<p class="figure">') > 1


def test_no_page_of_a_large_ledger_reads_it_through(large: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """However a visitor goes about it, what is shown is looked up; what lists no entries reads a few beside it."""
    read = list[int]()
    look_up = AskedBook.entry

    def counted(book: AskedBook, number: int) -> Recorded:
        read.append(number)
        return look_up(book, number)

    monkeypatch.setattr(AskedBook, "entry", counted)
    monkeypatch.delattr("ledger.opened.Opened.stored")  # by which a ledger is read through
    for room in (*ROOMS, "/log?kind=CommonSharesIssued", "/log?clause=5(e)", "/diff?from=2003-04-01&to=2003-04-08"):
        read.clear()
        assert large.get(f"{room}{'&' if '?' in room else '?'}as-of=2003-04-08").status_code == 200
        assert room.startswith(("/log", "/certificate/", "/diff")) or len(read) <= 40, (room, len(read))


SAME = ("/", "/obligations", "/entry/24", "/certificate/5(e)", "/conversions", "/register", "/dividends", "/log")


def test_a_large_ledger_shows_the_figures_of_a_small_one(small: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether looked up or gone through: the same cards, tables, days of notices and entries of a clause."""
    addresses = [f"{room}?as-of=2003-04-08" for room in SAME]
    before = [small.text(address) for address in addresses]
    enlarged(monkeypatch)
    assert [small.text(address) for address in addresses] == before


def test_the_open_findings_stand_and_the_others_are_looked_for_when_asked(
    small: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was put right is found by going through every notice; the JSON tells of all, as the command does."""
    address = "/findings?as-of=2003-04-08"
    page, data = (
        small.text(one).partition("What this rests on")[0] for one in (address, address.replace("?", ".json?"))
    )
    enlarged(monkeypatch)
    shown = small.text(address)
    assert "What was put right is found by going through every notice ever received." in shown
    assert small.text(f"{address}&whole=yes").partition("What this rests on")[0] == page
    assert small.text(address.replace("?", ".json?")) == data


def test_two_answers_that_take_long_are_not_made_at_once(large: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is being made another is refused, with a stable name; what is looked up is answered as ever."""
    address = "/explain?what=conversion-rate&as-of=2003-04-08&whole=yes"
    refused = []

    def meanwhile(*_: object) -> None:
        refused.append(large.get("/log.json"))
        refused.append(large.get("/?as-of=2003-04-08"))
        refused.append(large.get("/asof.json?as-of=2003-04-08"))
        refused.append(large.get("/paper/stockholder-list.csv?as-of=2003-04-08"))
        raise ZeroDivisionError("enough was seen")

    with monkeypatch.context() as patched:
        patched.setattr("projections.page.law.explained", meanwhile)
        assert large.get(address).status_code == 500
    assert [one.status_code for one in refused] == [503, 200, 200, 200]
    assert refused[0].json is not None
    assert refused[0].json["error"] == "long-answer-must-wait-its-turn"
    assert large.get(address).status_code == 200


def test_a_list_has_pages_and_says_how_many_rows_there_are(opened: Opened) -> None:
    """118 entries are two pages, the latest first: 119 to 20, and 19 to 2; a memo keeps its page."""
    first = opened.get("/log?as-of=2003-12-31")
    assert "1 to 100 of 118 entries, the latest first, page 1 of 2. Next page Last page" in words(first)
    numbers = [int(number) for number in re.findall(r'<th scope="row"[^>]*><a [^>]*>(\d+)</a>', first.text)]
    assert numbers == list(range(119, 19, -1))
    assert "/log?as-of=2003-12-31&page=2" in links(first)
    second = opened.get("/log?as-of=2003-12-31&page=2")
    assert "101 to 118 of 118 entries, the latest first, page 2 of 2. First page Before page" in words(second)
    numbers = [int(number) for number in re.findall(r'<th scope="row"[^>]*><a [^>]*>(\d+)</a>', second.text)]
    assert numbers == list(range(19, 1, -1))
    (memo,) = {one for one in links(second) if one.startswith("/log?") and "known-at=" in one}
    assert memo.endswith("&page=2")
    assert not [one for one in links(second) if one.startswith("/rate?") and "page=" in one]
    assert '<input type="hidden" name="page"' not in second.text


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/log?page=3", "There are 2 pages of entries."),
        ("/log?page=0", "'0' is no page number."),
        ("/log?page=%D9%A3", "is no page number."),
        ("/register?page=2", "There are 1 pages of certificates."),
        ("/log.json?page=1", "No such word."),
        ("/?whole=no", "It says 'no'."),
        ("/dividends?until=then", "'then' is not a day"),
    ],
)
def test_a_page_that_is_none_is_refused_in_words(opened: Opened, address: str, says: str) -> None:
    """What is shown part by part says which parts there are; data is always whole."""
    answer = opened.get(address)
    assert (answer.status_code, says in words(answer)) == (400, True), words(answer)


def test_the_payment_dates_before_those_shown_are_one_link_away(opened: Opened) -> None:
    """§2 - To the end of 2003 there are twelve dates with the next: eight are shown, and the CSV has all."""
    shown = opened.get("/dividends?as-of=2003-12-31")
    rows = list(csv.DictReader(io.StringIO(opened.get("/dividends.csv?as-of=2003-12-31").text)))
    assert (rows[0]["payable_on"], rows[-1]["payable_on"], len(rows)) == ("2001-06-10", "2004-03-10", 12)
    assert "8 payment dates; 4 came before them. The dates to 2002-03-10" in words(shown)
    (earlier,) = (one for one in links(shown) if "until=" in one)
    told = opened.text(earlier).partition("By certificate")[0]
    for row in rows[:4]:
        assert row["payable_on"] in told
    assert "2002-06-10" not in told.partition("By payment date")[2]


def test_the_log_of_a_holder_is_looked_for_a_part_at_a_time(large: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large ledger the last entries are read first; the rest is one link away, and so is the whole."""
    monkeypatch.setattr("projections.page.log._READ", 100)
    address = "/log?as-of=2003-12-31&holder=Sykes+Family+Trust"
    told = large.get(f"{address.replace('/log', '/log.json')}").json
    assert told is not None
    about_it = [one["entry"] for one in told["entries"]]
    last = large.get(address)
    late = [one for one in about_it if one >= 20]
    assert f"{len(late)} entries about Sykes Family Trust among entries 20 to 119." in words(last)
    (before,) = (one for one in links(last) if "before=20" in one)
    assert f"{len(about_it) - len(late)} entries about Sykes Family Trust among entries 2 to 19." in large.text(before)
    (whole,) = (one for one in links(last) if "whole=yes" in one)
    assert f"{len(about_it)} entries about Sykes Family Trust." in large.text(whole)


def test_opening_the_page_verifies_nothing_until_somebody_asks(tmp_path: Path) -> None:
    """It says that nothing was verified, then what was found and when, then that the record has changed since."""
    path = begun(tmp_path / "ledger.db", COMMON, issued())
    page = Opened(path)
    asked = page.text("/verify")
    assert "Not verified since this page was started." in asked
    assert "Nothing is recomputed until you ask for it: 3 entries take about a second." in asked
    found = page.text("/verify?anew=yes")
    assert "nothing has changed since" in found
    assert "nothing has changed since" in page.text("/verify")
    record(path, sold("2001-06-01", "5000000", "2250000"))
    assert "and changed since: verify anew." in page.text("/verify")


def test_a_large_record_is_verified_beside_the_pages(large: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks is told since when; other pages are made meanwhile; then the verdict stands there."""
    go, done = Event(), Event()

    def slowly(place: Path) -> Verdict:
        go.wait(timeout=60)
        try:
            return verify(place)
        finally:
            done.set()

    monkeypatch.setattr(trust, "verify", slowly)
    begun_at = large.get("/verify?anew=yes")
    assert "Being verified since" in words(begun_at)
    assert "this one need not stay open" in words(begun_at)
    assert large.get("/?as-of=2003-04-08").status_code == 200
    assert "Being verified since" in large.text("/verify")
    go.set()
    assert done.wait(timeout=60)
    while "Being verified since" in (found := large.text("/verify")):
        pass
    assert "nothing has changed since" in found


def test_a_ledger_whose_positions_were_not_kept_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody took the tables away: where there are many entries the page says how they are made anew."""
    path = begun(tmp_path / "ledger.db", COMMON, issued())
    altered(path, "DELETE FROM kept_entries")
    assert Opened(path).get("/").status_code == 200
    monkeypatch.setattr(desk, "AT_ONCE", 1)
    answer = Opened(path).get("/")
    assert answer.status_code == 503
    assert "where not all was kept, `captable replay` keeps it anew" in words(answer)


def test_how_long_something_takes_is_said_about_right() -> None:
    """Ten thousand entries a second: seconds up to a minute and a half, then minutes."""
    assert [about(count) for count in (1, 10_000, 10_001, 900_000)] == [
        "about a second",
        "about a second",
        "about 2 seconds",
        "about 2 minutes",
    ]
    assert about(10_000_000) == "about 17 minutes"
