"""The page, its data and the command: one answer, told three ways."""

import csv
import io
import re
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote

import pytest

from given import COMMON, issued, sold
from on_file import begun, learned, ran, record
from page.opened import Opened, links
from projections.page.chart import scale
from projections.page.spreadsheet import as_csv
from test_s5d_common_replaced import MERGED, PENDING

DAYS = ("2001-04-11", "2001-04-12", "2001-06-12", "2001-11-12", "2002-09-10", "2003-04-08", "2003-12-31", "2050-01-01")
KNOWN = (None, 2, 23, 32, 60)
"""Moments as the last entry known: entry 24 corrects entry 18, and entry 32 is a sale that was found late."""

ASKED = (
    ("/asof", ("asof",)),
    ("/rate", ("rate",)),
    ("/dividends", ("dividends",)),
    ("/conversions", ("conversions",)),
    ("/redemptions", ("redemptions",)),
    ("/register", ("register",)),
    ("/obligations", ("obligations",)),
    ("/findings", ("findings",)),
    ("/log", ("log",)),
    ("/certificate", ("clause",)),
    ("/explain?what=conversion-rate", ("explain", "conversion-rate")),
    ("/explain?what=accrued-dividends", ("explain", "accrued-dividends")),
)


def clocks(day: str, last: int | None) -> tuple[str, list[str]]:
    """Both clocks in an address, and as a command takes them."""
    if last is None:
        return f"as-of={day}", ["--as-of", day]
    known_at = learned(last).isoformat()
    return f"as-of={day}&known-at={quote(known_at)}", ["--as-of", day, "--known-at", known_at]


@pytest.mark.parametrize(("address", "command"), ASKED, ids=lambda told: told if isinstance(told, str) else "")
def test_the_page_gives_the_data_that_the_command_prints(
    demo: Path, opened: Opened, capsys: pytest.CaptureFixture[str], address: str, command: tuple[str, ...]
) -> None:
    """Whatever is asked, on any day and as known at any moment: `.json` is the command's --json, byte for byte."""
    for day in DAYS if command == ("asof",) else DAYS[3:6]:
        for last in KNOWN:
            asked, options = clocks(day, last)
            if command == ("asof",):
                options = [day, *options[2:]]
            if command == ("log",):
                options = options[2:]
            path, _, own = address.partition("?")
            told = opened.get(f"{path}.json?{asked}&{own}".rstrip("&"))
            printed = ran(capsys, *command, *options, "--ledger", demo, "--json")
            if command == ("log",):  # the log has no day
                assert told.json is not None
                assert told.json["entries"] == printed.data["entries"]
            else:
                assert told.text == printed.out


def test_the_page_shows_the_figures_that_the_command_prints(
    demo: Path, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every figure at the head of the command's answer stands on the page with the same digits and the same words."""
    for day in DAYS:
        for last in KNOWN:
            asked, options = clocks(day, last)
            printed = ran(capsys, "asof", day, *options[2:], "--ledger", demo).out
            shown = opened.text(f"/?{asked}")
            figures = [line.split(maxsplit=0)[0] for line in printed.split("figure")[1].splitlines()[1:9]]
            assert len(figures) == 8
            for line in figures:
                label, value = line[:22].strip(), line[22:].split()[0]
                assert f"{label} {value} " in shown, (day, last, line)


def test_the_three_figures_of_2001_09_10_stand_on_the_page(opened: Opened) -> None:
    """5,100 issued less 100 converted are 5,000; the first sale to move the rate of 1,388.89 is of 15 October."""
    shown = opened.text("/?as-of=2001-09-10")
    assert "Shares outstanding 5,000 of 5,100 issued; 100 converted, 0 redeemed, 0 reacquired" in shown
    assert "Conversion rate 1,388.89 one share converts into 1,388.89 Common Stock" in shown
    assert "As of Monday 2001-09-10" in shown


def test_the_chart_has_a_step_for_every_adjustment_and_each_leads_to_its_entry(opened: Opened) -> None:
    """On 31 December 2003 the rate has moved seven times, by entries 32, 18, 21, 34, 52, 77 and 79."""
    drawn = opened.get("/rate?as-of=2003-12-31").text.partition("<svg")[2].partition("</svg>")[0]
    steps = drawn.partition('class="step" d="')[2].partition('"')[0]
    assert (steps.count("H"), steps.count("V")) == (8, 7)
    for entry in (32, 18, 21, 34, 52, 77, 79):
        assert f'href="/entry/{entry}?as-of=2003-12-31"' in drawn


def test_an_axis_has_round_ticks_around_what_it_shows() -> None:
    """From 1,388.89 to 3,293.68, some 1,905 apart, ticks are 500 apart from 1,000 to 3,500; one value has some too."""
    bottom, top, ticks = scale(Fraction("1388.89"), Fraction("3293.68"))
    assert [bottom, top] == [1000, 3500]
    assert ticks == [1000, 1500, 2000, 2500, 3000, 3500]
    assert scale(Fraction(1400), Fraction(1400))[2] == [1350, 1400, 1450]
    assert scale(Fraction("0.7"), Fraction("0.8"))[2] == [Fraction(7, 10), Fraction(3, 4), Fraction(4, 5)]


def test_a_table_comes_as_csv_with_what_is_rounded_and_what_is_exact(opened: Opened) -> None:
    """Money is two columns: $82,166.67, and 246500/3 dollars exactly; the file is named for its page and day."""
    answer = opened.get("/asof.csv?as-of=2001-06-10")
    rows = {row["figure"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert rows["dividends.accrued_unpaid"]["rounded"] == "82166.67"
    assert rows["dividends.accrued_unpaid"]["exact"] == "246500/3"
    assert answer.headers["Content-Disposition"] == "attachment; filename=captable-asof-2001-06-10.csv"


def test_no_cell_of_a_csv_is_a_formula_and_what_has_parts_is_json() -> None:
    """What a spreadsheet would run stands behind an apostrophe; a number below zero is a number, true is yes."""
    written = ("=cmd()", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "-5.25", "plain", True, ["a"], {"b": "c"}, None)
    told = list(csv.reader(io.StringIO(as_csv([{"at": "", "cell": cell} for cell in written]), newline="")))
    assert [cell for _, cell in told[1:]] == [
        "'=cmd()", "'+1+1", "'-2+3", "'@SUM(A1)", "'\tx", "'\rx", "-5.25", "plain", "yes", '["a"]', '{"b": "c"}', "",
    ]  # fmt: skip


def test_a_holder_named_like_a_script_or_a_formula_is_only_a_name(tmp_path: Path) -> None:
    """What somebody is called is shown as it is written, run by no browser and by no spreadsheet."""
    issue = {"event": "PreferredSharesIssued", "effective": "2001-04-12", "shares": "100"}
    names = ("<script>alert(1)</script>", "=cmd()", '"><img src=x onerror=alert(1)>')
    lines = [{**issue, "holder": name, "certificate": f"{name}{at}"} for at, name in enumerate(names)]
    page = Opened(begun(tmp_path / "ledger.db", *lines))
    for room in ("/", "/register", "/dividends", "/log", "/holder", f"/holder?holder={quote(names[0])}", "/entry/2"):
        shown = page.get(f"{room}{'&' if '?' in room else '?'}as-of=2001-06-10")
        assert shown.status_code == 200
        assert "<script" not in shown.text
        assert "<img" not in shown.text
        assert "&lt;script&gt;" in shown.text
    table = page.get("/register.csv?as-of=2001-06-10").text
    assert ",'=cmd(),100," in table
    assert ",=cmd()" not in table


def test_the_link_for_a_memo_shows_what_its_writer_saw_whatever_is_recorded_later(tmp_path: Path) -> None:
    """A sale of May, found after the memo was written, moves the rate of September; the memo's link does not move."""
    sale = sold("2001-06-01", "5000000", "2250000")
    page = Opened(path := begun(tmp_path / "ledger.db", COMMON, issued(), sale))
    (memo,) = {link for link in links(page.get("/rate?as-of=2001-09-10")) if re.match("/rate[?].*known-at=.*Z", link)}
    # (35,000,000 + 5,000,000) / (35,000,000 + $2,250,000 / $0.72) x 1,388.89
    assert "One share converts into 1,457.196066 Common Stock." in page.text("/rate?as-of=2001-09-10")
    record(path, sold("2001-05-02", "1000000", "360000"))
    assert "One share converts into 1,457.196066 Common Stock." in page.text(memo)
    assert "One share converts into 1,457.196066 Common Stock." not in page.text("/rate?as-of=2001-09-10")


def test_what_a_pending_notice_is_due_of_what_common_became_is_told_in_shares_and_dollars(tmp_path: Path) -> None:
    """§5(d) - 1,388,890 of Common, each 0.25 of a successor's share and $0.04: 347,222.5 shares and $55,555.60."""
    page = Opened(begun(tmp_path / "ledger.db", COMMON, issued(), PENDING, MERGED))
    told = page.text("/conversions?as-of=2001-07-02")
    assert "Is due 0 Common, 347,222.5 Successor Common, $55,555.60 cash" in told
