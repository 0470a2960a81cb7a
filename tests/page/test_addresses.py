"""Addresses: strict, complete, and answered in words whatever they hold."""

import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from given import issued
from ledger.application import Ledger
from ledger.moments import parse_day
from on_file import begun, learned
from page.opened import ROOMS, Opened, links, words
from projections.page import series

WRONG = (
    ("/?as-of=2001-02-30", 400, "The day cannot be understood. '2001-02-30' is not a day of the calendar."),
    ("/?as-of=yesterday", 400, "'yesterday' is not a day: write it as YYYY-MM-DD."),
    ("/?as-of=1901-01-01", 400, "lies outside the bank calendar"),
    ("/rate?known-at=2002-03-31", 400, "is not an instant with its offset"),
    ("/?as_of=2001-09-10", 400, "'as_of' in the address cannot be understood. No such word. Did you mean as-of?"),
    ("/?as-of=2001-09-10&as-of=2001-09-11", 400, "as-of in the address cannot be understood. It is given twice."),
    ("/?at=10-K-FY1999", 404, "Nothing is tagged 10-K-FY1999."),
    ("/?at=x&as-of=2001-09-10", 400, "A tag fixes the day and the moment both."),
    ("/holder?holder=Nobody", 404, "Nothing is known of a holder Nobody."),
    ("/entry/1000", 404, "There is no entry 1000. The ledger has entries 1 to 119."),
    ("/entry/two", 400, "'two' is no entry number."),
    ("/certificate/11", 404, "The certificate has no clause 11."),
    ("/explain?what=profit", 400, "explain profit cannot be understood."),
    ("/explain?what=notice&which=N-99", 404, "Nothing is known of a notice N-99."),
    ("/explain?what=entry&which=3", 400, "An entry has a page of its own: /entry/3."),
    ("/log?kind=Dividend", 400, "There is no such kind of entry."),
    ("/log?recorded-since=then", 400, "is not an instant with its offset"),
    ("/diff?from=then&to=2001-11-12", 404, "Nothing is tagged then."),
    ("/nowhere", 404, "There is no page /nowhere."),
    ("/record", 403, "Whoever is at this page cannot record here."),
)


@pytest.mark.parametrize(("address", "status", "says"), WRONG, ids=lambda told: str(told)[:40])
def test_what_cannot_be_answered_is_said_in_the_words_of_the_command(
    opened: Opened, address: str, status: int, says: str
) -> None:
    """A status for the browser, sentences for the person, a stable name, and never a page of a word misread."""
    answer = opened.get(address)
    assert (answer.status_code, says in words(answer)) == (status, True), words(answer)
    assert re.search(r'<p class="quiet">[a-z-]+-must-[a-z-]+</p>', answer.text)


def test_what_cannot_be_answered_is_said_as_data_where_data_was_asked(opened: Opened) -> None:
    """A program reads the stable name and the sentences."""
    told = opened.get("/rate.json?as-of=2001-02-30").json
    assert told is not None
    assert told["error"] == "question-must-be-understood"
    assert told["says"][0] == "The day cannot be understood."


def test_a_fault_of_the_page_is_said_to_be_one(
    demo: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw is a 500 in words, its traceback in the server's log and not on the page."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("unforeseen")

    monkeypatch.setattr(series, "headlines", fail)
    answer = Opened(demo).get("/")
    assert (answer.status_code, "The page failed where it should not have, at /." in words(answer)) == (500, True)
    assert "unforeseen" not in answer.text
    assert "ZeroDivisionError: unforeseen" in caplog.text


ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["2001-09-10", "2100-12-31", "1999-01-01", "2001-11-09T17:01:00-05:00", "2001-11-09T17:01:00Z", "N-1", "H-1",
         "Sykes Family Trust", "conversion-rate", "accrued-dividends", "dividend", "obligation", "finding", "term",
         "reading", "day-count", "action", "0", "1", "2", "-1", "5(e)", "99999999999999999999", "yes", "DividendPaid",
         "2001-11-12@2002-01-02T15:00:20Z", "@", "\0", "%", "'\"<>"]
    ),
)  # fmt: skip
PAGES = [*{urlsplit(room).path for room in ROOMS}, "/asof", "/record", "/entry/0", "/entry/x", "/certificate/x"]
NAMES = ["as-of", "known-at", "at", "holder", "kind", "clause", "recorded-since", "from", "to", "what", "which", "x"]


@settings(max_examples=150, deadline=None)
@given(
    page=st.sampled_from(sorted(PAGES)),
    ending=st.sampled_from(["", "", ".json", ".csv"]),
    query=st.lists(st.tuples(st.sampled_from(NAMES), ODD), max_size=3),
)
def test_whatever_an_address_holds_it_is_answered_or_refused_in_words(
    opened: Opened, page: str, ending: str, query: list[tuple[str, str]]
) -> None:
    """No words in an address, in whatever order, make the page fail."""
    text = urlencode(query, errors="surrogatepass")
    answer = opened.get(f"{page}{ending if page != '/' else ''}?{text}")
    assert answer.status_code in (200, 400, 403, 404), words(answer)
    assert answer.status_code == 200 or "cannot" in answer.text or "no" in answer.text.lower()


@pytest.mark.parametrize("room", ROOMS)
def test_every_link_of_every_page_leads_somewhere_and_keeps_both_clocks(opened: Opened, room: str) -> None:
    """Who follows a link stays in the day and the moment they asked about, unless the link names another."""
    known_at = "2002-01-02T15:00:58Z"  # entry 60
    page = opened.get(f"{room}{'&' if '?' in room else '?'}as-of=2003-04-08&known-at={quote(known_at)}")
    assert page.status_code == 200
    found = [link for link in dict.fromkeys(links(page)) if not link.startswith("/static/")]
    assert len(found) > 15
    for link in found[:60]:
        query = parse_qs(urlsplit(link).query)
        assert query["as-of"]
        assert query.get("known-at") == [known_at] or link.endswith("as-of=2003-04-08"), link
    for link in found[::9]:
        assert opened.get(link).status_code == 200, link


def test_a_tag_is_an_address_by_itself(tmp_path: Path) -> None:
    """`?at=10-K-FY2001` is the day and the moment it stands for, on every link of its page."""
    path = begun(tmp_path / "ledger.db", issued())
    with Ledger.open(path, to_record=True) as ledger, freeze_time("2002-03-01T00:00:00Z"):
        ledger.tag("10-K-FY2001", parse_day("2001-12-31"))
    page = Opened(path)
    shown = page.get("/?at=10-K-FY2001")
    assert "As of Monday 2001-12-31 , through its end in New York, tagged 10-K-FY2001" in words(shown)
    assert "As known at Wednesday 2002-01-02 10:00:00 (New York)." in words(shown)
    assert "/rate?at=10-K-FY2001" in links(shown)
    assert "/?at=10-K-FY2001" in links(page.get("/?as-of=2001-06-10"))


def test_known_at_is_folded_away_until_it_is_asked_for_and_then_plainly_marked(opened: Opened) -> None:
    """Who does not ask what was known when sees nothing of it; who does cannot overlook it."""
    plain = opened.get("/rate?as-of=2001-11-12")
    assert "<details>" in plain.text
    assert "As known at Wed" not in plain.text
    known = opened.get(f"/rate?as-of=2001-11-12&known-at={quote(learned(23).isoformat())}")
    assert '<p class="known"><strong>As known at Wednesday 2002-01-02 10:00:21 (New York).</strong>' in known.text
    assert "Show all that is recorded" in known.text


def test_the_way_to_the_entries_beside_a_day_is_on_every_page(opened: Opened) -> None:
    """Beside 12 November 2001 are the originals of the 7th (entry 20) and the sale of the 13th (entry 21)."""
    shown = opened.get("/dividends?as-of=2001-11-12")
    assert "← 2001-11-07: OriginalsReceived (entry 20)" in words(shown)
    assert "Nothing on this day" in words(shown)
    assert "2001-11-13: CommonSharesIssued (entry 21) →" in words(shown)
    assert {"/dividends?as-of=2001-11-07", "/dividends?as-of=2001-11-13"} <= set(links(shown))
    assert "On this day: CommonSharesIssued (entry 21)" in opened.text("/dividends?as-of=2001-11-13")
    assert "Nothing before" in opened.text("/?as-of=2001-04-11")
    assert "Nothing after" in opened.text("/?as-of=2050-01-01")


def test_the_last_day_on_which_anything_happened_is_one_link_away(opened: Opened) -> None:
    """The page opens on today; the story ends with a distribution of 20 June 2005, and that day has no such link."""
    today = opened.get("/")
    (last,) = re.findall(r'href="([^"]*)">The last day on which anything happened, 2005-06-20', today.text)
    assert "The last day on which anything happened, 2005-06-20" in opened.text("/rate?as-of=2001-09-10")
    shown = opened.get(last)
    assert "On this day:" in words(shown)
    assert "The last day on which anything happened" not in words(shown)


def test_the_foot_says_what_the_page_rests_on(opened: Opened) -> None:
    """As of, known at, last entry, head, readings and terms: what a reviewer copies into a working paper."""
    foot = opened.text("/?as-of=2001-11-12").partition("What this rests on")[2]
    for told in (
        "As of Monday 2001-11-12",
        "Known at all that is recorded",
        "Last entry 119",
        "38 readings",
        "entry 1",
    ):
        assert told in foot
    assert re.search(r"Head [0-9a-f]{64} ", foot)


def test_odd_states_are_said_in_words(tmp_path: Path, opened: Opened) -> None:
    """Before the first issue, on a day to come, in an empty ledger: words, and no page of silent zeros."""
    assert "Nothing had been issued by then." in opened.text("/?as-of=2001-04-11")
    assert "Nothing had been issued by then." not in opened.text("/?as-of=2001-04-12")
    to_come = "Saturday 2050-01-01 is a day to come: dividends accrue on, assuming that nothing further happens."
    assert to_come in opened.text("/?as-of=2050-01-01")
    empty = Opened(begun(tmp_path / "empty.db"))
    for room in ("/", "/rate", "/dividends", "/register", "/obligations", "/findings", "/conversions", "/verify"):
        assert empty.get(f"{room}?as-of=2001-09-10").status_code == 200
    assert "The ledger holds its terms (entry 1) and nothing else yet" in empty.text("/?as-of=2001-09-10")
    assert "nothing else yet" in empty.text("/log")
    assert "Nobody holds a share on this day." in empty.text("/")


def test_the_log_is_narrowed_by_kind_holder_clause_and_moment(opened: Opened) -> None:
    """Notice N-2 is the Family Trust's, so its originals are about the trust though they do not name it."""

    def entries(query: str) -> list[int]:
        told = opened.get(f"/log.json?as-of=2003-12-31&{query}").json
        assert told is not None
        return [one["entry"] for one in told["entries"]]

    assert entries("kind=BankClosureDeclared") == [19, 106]
    of_trust = entries("holder=Sykes+Family+Trust")
    assert {17, 20} <= set(of_trust)
    assert 18 not in of_trust  # a sale of Common Stock to somebody else
    assert set(entries("clause=5(c)")) >= {52, 77}  # the splits
    assert 18 not in entries("clause=5(c)")
    assert entries(f"recorded-since={quote(learned(117).isoformat())}") == [118, 119]
    assert "32 2002-01-02 10:00:30 2001-10-15 CommonSharesIssued LATE" in opened.text("/log?kind=CommonSharesIssued")


def test_an_entry_tells_its_whole_story(opened: Opened) -> None:
    """Entry 18 was corrected by entry 24, which moved the rate; both say so, and each has its hash."""
    wrong, right = opened.text("/entry/18?as-of=2003-12-31"), opened.text("/entry/24?as-of=2003-12-31")
    assert "Status corrected by entry 24" in wrong
    assert "Amended by entry 24 (EntryCorrected of entry 18), in force: clerical" in wrong
    assert "Amends entry 18 (CommonSharesIssued): clerical, the cash received was $2,250,000, not $2,520,000" in right
    hashes = [re.findall(r"[0-9a-f]{64}", opened.text(f"/entry/{entry}")) for entry in (18, 19)]
    assert hashes[0][0] == hashes[1][1]  # what entry 19 is linked over is the link of entry 18
    assert "It takes effect after 2001-06-10" in opened.text("/entry/18?as-of=2001-06-10")


def test_a_clause_shows_its_terms_readings_and_entries_or_where_they_are(opened: Opened) -> None:
    """§5(e) - The sales stand under the clause that their kind cites; a part of it says where they are."""
    shown = opened.text("/certificate/5(e)?as-of=2001-12-31")
    assert "on §5(e), the latest first Entry Effective Event 21 2001-11-13 CommonSharesIssued" in shown
    assert "threshold_price $0.72 a share 2001-04-12 §5(e)(i)" in shown
    assert "dilution-base What is the Common Stock outstanding immediately prior?" in shown
    part = opened.text("/certificate/5(e)(i)?as-of=2001-12-31")
    assert "No kind of entry cites it by itself: see §5(e) ." in part
    assert "No kind of entry" not in opened.text("/certificate/5(e)?as-of=2001-12-31")


def test_the_days_of_a_notice_are_counted_one_by_one(opened: Opened) -> None:
    """§5(f)(i) - The three business days of N-2, from 7 November: the 8th, the 9th, and after a holiday the 13th."""
    shown = opened.text("/conversions?as-of=2001-11-12").partition("Notice N-2")[2]
    assert "Thursday 2001-11-08 business day 1 Friday 2001-11-09 business day 2" in shown
    assert "Monday 2001-11-12 no business day: Veterans Day (observed) Tuesday 2001-11-13 business day 3" in shown
    assert "17:00:00 delivery deadline Papers" in shown
    late = opened.text("/conversions?as-of=2003-04-08").partition("Notice N-5")[2]
    assert "delivery deadline: nothing had been delivered by the end of 2003-04-08" in late


def test_what_is_overdue_stands_first_and_says_so_in_words(opened: Opened) -> None:
    """On 8 April 2003 a delivery is overdue since the day before; colour alone would not tell everybody."""
    shown = opened.text("/obligations?as-of=2003-04-08")
    assert shown.index("4 overdue, 1 to come.") < shown.index("OVERDUE Friday 2003-01-17") < shown.index("due Tuesday")
    assert "OVERDUE Monday 2003-04-07 §5(f)(i) delivery of 988,103 Common on notice N-5 Sykes Family Trust" in shown


def test_the_difference_names_what_changed_and_by_which_entries(opened: Opened) -> None:
    """From 2 to 3 November 2001 entry 18 moved the rate from 1,400.667513 to 1,467.215734."""
    shown = opened.text("/diff?from=2001-11-02&to=2001-11-03")
    assert "conversion rate, Common for one share 1,400.667513 1,467.215734" in shown
    assert "18 2001-11-03 CommonSharesIssued added" in shown
    assert "Series H, holder Holder C, votes 840,400 880,329" in shown
    assert "Series H, holder Holder C, dividends accrued and unpaid $8,666.67 $8,833.33" in shown
    assert "Nothing changed from 2001-11-03 to 2001-11-03." in opened.text("/diff?from=2001-11-03&to=2001-11-03")
