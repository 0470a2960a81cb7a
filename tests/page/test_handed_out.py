"""The papers on the page: offered where they belong, and the very files that the command writes."""

import csv
import io
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from given import COMMON, issued
from on_file import begun, learned, ran
from page.opened import Opened, links, words
from projections.papers.every import PAPERS
from projections.papers.forms import FORMS

DAY = "2003-12-31"
OFFERED = {
    "/": {"reserve-letter"},
    "/rate": {"certificate-of-adjustment"},
    "/dividends": {"dividend-register"},
    "/conversions": {"conversion-statement", "turnaround-tally"},
    "/redemptions": {"redemption-notice"},
    "/obligations": {"record-date-notice"},
    "/register": {"rollforward", "stock-ledger", "stockholder-list"},
}
"""Where each paper is offered."""


def offered(opened: Opened, room: str, clocks: str) -> list[str]:
    """The addresses of the papers that a page offers."""
    return [link for link in links(opened.get(f"{room}?{clocks}")) if link.startswith("/paper/")]


def named(address: str) -> list[str]:
    """The words of the command for the paper at an address: its name, then which of its kind."""
    stem = urlsplit(address).path.removeprefix("/paper/").rpartition(".")[0]
    name, *which = stem.split("/")
    return [name, *map(unquote, which), *parse_qs(urlsplit(address).query).get("holder", [])]


def rows(opened: Opened, address: str) -> list[list[str]]:
    """A paper as CSV."""
    return list(csv.reader(io.StringIO(opened.get(address).text, newline="")))


def test_every_paper_is_offered_on_the_page_it_belongs_to() -> None:
    """Each paper but the workbook of all answers, which the pages are themselves, is offered on one page."""
    places = [name for names in OFFERED.values() for name in names]
    assert sorted(places) == sorted(PAPERS.keys() - {"answers"})


@pytest.mark.parametrize("room", OFFERED)
def test_a_page_offers_its_papers_in_every_form_and_each_answers(opened: Opened, room: str) -> None:
    """Whatever the day, before the first issue or years ahead: each link is a file of its form's kind."""
    for day in ("1999-01-01", "2001-04-11", "2001-11-12", DAY):
        addresses = offered(opened, room, f"as-of={day}")
        endings = [urlsplit(one).path.rpartition(".")[2] for one in addresses]
        assert endings == [*FORMS] * (len(addresses) // len(FORMS))
        if day == DAY:
            assert {named(one)[0] for one in addresses} == OFFERED[room]
        for address, ending in zip(addresses, endings, strict=True):
            if ending == "csv":  # the other forms are written of the same paper
                answer = opened.get(address)
                assert (answer.status_code, answer.content_type) == (200, FORMS[ending].media_type), address
                assert answer.headers["Content-Disposition"].startswith("attachment; filename=")


def test_nothing_is_offered_where_there_is_nothing_to_hand_out(opened: Opened) -> None:
    """Before the first redemption and the first adjustment their pages offer no paper, and no empty table of them."""
    for room in ("/rate", "/redemptions"):
        assert offered(opened, room, "as-of=2001-04-12") == []
        assert "Papers to hand out" not in opened.text(f"{room}?as-of=2001-04-12")


@pytest.mark.parametrize("room", OFFERED)
def test_a_paper_of_the_page_is_the_file_that_the_command_writes(
    demo: Path, opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str], room: str
) -> None:
    """§5 §6 §10 - Byte for byte, in every form, as of a day and as known at a moment."""
    known_at = learned(100).isoformat().replace("+00:00", "Z")
    for options in (["--as-of", DAY], ["--as-of", DAY, "--known-at", known_at]):
        clocks = f"as-of={DAY}" + (f"&known-at={known_at}" if len(options) > 2 else "")
        addresses = offered(opened, room, clocks)
        last_of_each = {(named(one)[0], one.rpartition(".")[2]): one for one in addresses}.values()
        assert last_of_each
        for address in last_of_each:
            form = urlsplit(address).path.rpartition(".")[2]
            target = tmp_path / f"{len(options)}-{'-'.join(named(address))}.{form}".replace("/", "-")
            words = ("export", form, *named(address), "-o", target, *options, "--ledger", demo)
            assert ran(capsys, *words).status == 0
            assert opened.get(address).data == target.read_bytes(), address


def test_a_notice_to_one_holder_is_asked_for_by_its_name(opened: Opened) -> None:
    """§6 - Redemption R-1 calls shares of several holders; asked for with one, the paper has that holder's part."""
    address = "/paper/redemption-notice/R-1.csv?as-of=2002-07-29"
    every, one = opened.get(address).text, opened.get(f"{address}&holder=Holder+C").text
    assert "Sykes Family Trust" in every
    assert "Holder C" in one
    assert "Sykes Family Trust" not in one


def test_a_paper_states_the_figures_that_its_page_shows(opened: Opened) -> None:
    """§5(b) §5(j) - The rate after entry 18, the Common due on N-2 and the reserve needed, on both."""
    adjustment = rows(opened, "/paper/certificate-of-adjustment/18.csv?as-of=2001-11-12")
    after = next(row for row in adjustment if "converts after" in row[2])
    assert after[4] == "1467.215734"
    assert "1,467.215734" in opened.text("/rate?as-of=2001-11-12")
    statement = rows(opened, "/paper/conversion-statement/N-2.csv?as-of=2001-11-12")
    assert "1467215" in {cell for row in statement for cell in row}
    assert "Is due 1,467,215 Common" in opened.text("/conversions?as-of=2001-11-12")
    told = opened.get("/asof.json?as-of=2001-11-12").json
    assert told is not None
    letter = {cell for row in rows(opened, "/paper/reserve-letter.csv?as-of=2001-11-12") for cell in row}
    assert {told["common"]["reserve_required"], told["common"]["reserve_available"]} <= letter


def test_the_holders_of_a_record_date_are_listed_where_holders_are(opened: Opened) -> None:
    """§4 §10(a) - For each action whose date of record was set: what its day's page shows."""
    shown = opened.get("/register?as-of=2003-12-31")
    for action, day in (("D-1", "2003-07-18"), ("V-1", "2003-08-15")):
        assert f"List of stockholders on {day}, the record date of {action}" in words(shown)
        (address,) = (one for one in links(shown) if f"/stockholder-list/{action}.csv" in one)
        told = opened.get(f"/asof.json?as-of={day}").json
        assert told is not None
        listed = rows(opened, address)
        for holder in told["preferred"]["holders"]:
            (row,) = (one for one in listed if holder["holder"] in one and holder["votes"] in one)
            assert {holder["shares"], holder["accrued_dividends"]["amount"]} <= set(row)
    assert "M-1" not in words(shown)


WRONG = (
    ("/paper/profit-and-loss.csv", 404, "There is no paper profit-and-loss. There are conversion-statement,"),
    ("/paper/reserve-leter.csv", 404, "Did you mean reserve-letter?"),
    ("/paper/reserve-letter.doc", 404, "There is no paper reserve-letter.doc. There are the forms csv, xlsx, pdf."),
    ("/paper/reserve-letter", 404, "There is no paper reserve-letter. There are the forms csv, xlsx, pdf."),
    ("/paper/conversion-statement/N-99.pdf", 404, "Nothing is known of a notice N-99."),
    ("/paper/record-date-notice/Z.csv", 404, "Nothing is known of an action Z."),
    ("/paper/conversion-statement.csv", 400, "It is asked for as: conversion-statement NOTICE."),
    ("/paper/reserve-letter/1.csv", 400, "It is asked for as: reserve-letter."),
    ("/paper/rollforward/then.csv", 400, "The first day cannot be understood."),
    ("/paper/answers.pdf", 400, "It is made as csv and xlsx."),
    ("/paper/stock-ledger.csv?sort=up", 400, "No such word."),
)


@pytest.mark.parametrize(("address", "status", "says"), WRONG, ids=lambda told: str(told)[:40])
def test_a_paper_that_cannot_be_made_is_refused_in_words(opened: Opened, address: str, status: int, says: str) -> None:
    """What there is not is a 404, what was not understood a 400, each in sentences and under its stable name."""
    answer = opened.get(address)
    assert (answer.status_code, says in words(answer)) == (status, True), words(answer)
    assert re.search(r'<p class="quiet">[a-z-]+-must-[a-z-]+</p>', answer.text)


def test_a_form_is_offered_only_where_it_is_installed(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra `pdf` no page leads to a PDF; its address says what to install."""
    monkeypatch.setattr("projections.papers.as_pdf.INSTALLED", False)
    endings = {one.partition("?")[0].rpartition(".")[2] for one in offered(opened, "/register", f"as-of={DAY}")}
    assert endings == {"csv", "xlsx"}
    refused = opened.get("/paper/stock-ledger.pdf")
    assert refused.status_code == 404
    assert "Install it with `pip install 'captable[pdf]'`" in unescape(refused.text)


def test_an_id_with_a_slash_or_a_dot_is_still_one_id(tmp_path: Path) -> None:
    """A notice may be called 2001/7, //, or ../x.pdf: the page leads to its paper, and the file has a plain name."""
    kind = {"event": "NoticeOfConversionReceived", "effective": "2001-06-20T10:00:00-04:00", "holder": "Sykes"}
    ids = ("2001/7", "//", "../x.pdf", "a?b#c%2F", "Ä")
    notices = [{**kind, "notice": one, "surrendered": [{"certificate": "H-1", "shares": "100"}]} for one in ids]
    opened = Opened(begun(tmp_path / "ledger.db", COMMON, {**issued(), "holder": "Sykes"}, *notices))
    addresses = [one for one in offered(opened, "/conversions", "as-of=2001-06-30") if "statement" in one]
    assert len(addresses) == len(ids) * len(FORMS)
    for address, one in zip(addresses[:: len(FORMS)], reversed(ids), strict=True):
        answer = opened.get(address)
        assert answer.status_code == 200
        assert f"Statement of conversion: notice {one} of Sykes" in answer.text
        assert "/" not in answer.headers["Content-Disposition"].partition("filename=")[2]
