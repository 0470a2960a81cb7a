"""Recording from the page: seen first, confirmed then, once, and by whom."""

import json
from pathlib import Path

import pytest

from given import COMMON, issued, sold
from ledger.application import Ledger
from on_file import altered, asked, begun, copied, ran, record
from page.opened import ANNA, Opened, hidden, words
from projections.page.door import OpenHere
from projections.verification import verify

SALE = sold("2001-06-01", "5000000", "2250000")
FIELDS = {"kind": "CommonSharesIssued", "form": "f1", "effective": "2001-06-01", "shares": "5000000", "cash": "2250000"}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with Common Stock and 5,100 shares: three entries."""
    return copied(tmp_path / "ledger.db", COMMON, issued())


@pytest.fixture
def page(ledger: Path) -> Opened:
    """Its page, with Anna Lee at it, who records."""
    return Opened(ledger, OpenHere(ANNA))


def test_the_first_step_says_what_the_dry_run_says_and_records_nothing(
    ledger: Path, page: Opened, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Exactly the words of `captable record --dry-run`, for a form and for a journal."""
    journal = tmp_path / "journal.jsonl"
    journal.write_text(json.dumps(SALE), encoding="utf-8")
    printed = ran(capsys, "record", journal, "--dry-run", "--ledger", ledger).out.rstrip()
    assert "conversion rate      1,388.89 -> 1,457.196066" in printed
    for form in (FIELDS, {"kind": "journal", "form": "f2", "journal": json.dumps(SALE)}):
        shown = page.post("/record/check", form)
        assert shown.status_code == 200
        assert f">{printed.replace('>', '&gt;')}</pre>" in shown.text
    with Ledger.open(ledger) as unchanged:
        assert unchanged.book.last == 3


def test_the_second_step_records_what_was_shown_and_by_whom(ledger: Path, page: Opened) -> None:
    """The entry is there with its ref and its recorder, the tables follow, and the record verifies."""
    shown = page.post("/record/check", FIELDS)
    done = page.post("/record", hidden(shown))
    assert "Recorded 1 entry: entry 4. conversion rate 1,388.89 -> 1,457.196066" in words(done)
    story = page.text("/entry/4?as-of=2001-09-10")
    assert "By Anna Lee" in story
    told = page.get("/entry/4.json").json
    assert told is not None
    assert (told["by"], told["line"]["ref"]) == ("Anna Lee", "page-f1-1")
    assert verify(ledger).entries == 4


def test_a_form_sent_twice_records_once(ledger: Path, page: Opened) -> None:
    """A reload of the answer, and the first step repeated: each is acknowledged under its ref, and nothing is added."""
    form = hidden(page.post("/record/check", FIELDS))
    page.post("/record", form)
    again = page.post("/record", form)
    assert "Nothing was recorded. 1 entry recorded before under the same ref." in words(again)
    assert "recorded before under the same ref" in words(page.post("/record/check", FIELDS))
    with Ledger.open(ledger) as after:
        assert after.book.last == 4


def test_what_was_shown_is_shown_anew_where_somebody_recorded_meanwhile(ledger: Path, page: Opened) -> None:
    """The effect that was confirmed would not be the effect: nothing is recorded, and the form is there again."""
    form = hidden(page.post("/record/check", FIELDS))
    record(ledger, sold("2001-05-01", "1000000", "360000"))
    answer = page.post("/record", form)
    assert answer.status_code == 409
    assert "Someone recorded first." in words(answer)
    assert "Put it right" in words(answer)
    with Ledger.open(ledger) as after:
        assert after.book.last == 4


def test_what_cannot_have_happened_is_refused_in_the_ledgers_words_with_the_form_as_it_was(page: Opened) -> None:
    """§1 - A hundredth of a share too many: both numbers, the stable name, and what was written is not lost."""
    form = {
        "kind": "PreferredSharesIssued",
        "effective": "2001-05-01",
        "holder": "C",
        "certificate": "H-9",
        "shares": "0.01",
    }
    answer = page.post("/record/check", form)
    assert answer.status_code == 422
    assert "C cannot be issued 0.01 shares on 2001-05-01. [issue-must-stay-within-designation]" in words(answer)
    assert 'name="certificate" value="H-9"' in answer.text
    unreadable = page.post("/record/check", {**form, "shares": "1e3"})
    assert unreadable.status_code == 400
    assert "[quantity-must-be-a-number]" in words(unreadable)
    assert page.post("/record/check", {"kind": "Rumour"}).status_code == 400
    assert page.post("/record/check", {"kind": "journal", "journal": ""}).status_code == 400
    assert page.get("/record?kind=Rumour").status_code == 400


def test_every_kind_of_entry_has_a_form_that_asks_for_its_own_fields(page: Opened) -> None:
    """The form is made from the kinds themselves: a kind that is added has one, and its words can be chosen."""
    form = page.get("/record?kind=CertificateReplaced").text
    for name in ("effective", "certificate", "new_certificate", "reason", "indemnity", "ref", "note", "document"):
        assert f'name="{name}"' in form
    assert '<option value="mutilated">mutilated</option>' in form
    assert '<option value="issue">issue</option>' in page.get("/record?kind=NoticeOfConversionReceived").text
    assert "<textarea" in page.get("/record?kind=PreferredSharesTransferred").text.partition('name="into"')[0][-60:]


@pytest.mark.parametrize(
    "written",
    ["H-1; 100", "  H-1;100  ", "H-1\t100", '[{"certificate": "H-1", "shares": "100"}]', "\r\nH-1; 100\r\n\r\n"],
    ids=["a semicolon", "spaces", "a tab, as from a spreadsheet", "JSON", "empty lines"],
)
def test_a_list_is_written_an_item_a_line(page: Opened, written: str) -> None:
    """§5(f) - What a notice surrenders: a certificate and its shares, one line each, or the same as JSON."""
    form = {
        "kind": "NoticeOfConversionReceived",
        "effective": "2001-06-20T10:00:00-04:00",
        "holder": issued()["holder"],
        "notice": "N-1",
        "surrendered": written,
    }
    shown = page.post("/record/check", form)
    assert shown.status_code == 200, words(shown)
    line = json.loads(hidden(shown)["journal"])
    assert line["surrendered"] == [{"certificate": "H-1", "shares": "100"}]


def test_lists_of_names_terms_and_a_paper_are_lines_too(page: Opened) -> None:
    """A name a line, a term with its value a line, and the paper that proves an entry with its hash on one."""
    sha256 = "0" * 64
    mailed = {"kind": "RecordDateNoticeMailed", "effective": "2001-06-01", "action": "D-1", "description": "a dividend"}
    shown = page.post("/record/check", {**mailed, "specified_dates": "2001-07-02\n2001-07-18"})
    assert json.loads(hidden(shown)["journal"])["specified_dates"] == ["2001-07-02", "2001-07-18"]
    amended = {"kind": "CertificateAmended", "effective": "2001-06-01", "terms": "dividend_rate; 0.12"}
    shown = page.post("/record/check", {**amended, "document": f"Amendment; {sha256}"})
    assert shown.status_code == 200, words(shown)
    line = json.loads(hidden(shown)["journal"])
    assert line["terms"] == {"dividend_rate": "0.12"}
    assert line["document"] == {"title": "Amendment", "sha256": sha256}


def test_a_line_with_a_part_too_few_says_how_it_is_written(page: Opened) -> None:
    """What was written comes back in the form, with the words for it; nothing is guessed."""
    form = {"kind": "PreferredSharesTransferred", "effective": "2001-06-01", "certificate": "H-1", "into": "B; 100"}
    answer = page.post("/record/check", form)
    assert answer.status_code == 400
    assert "A line of into cannot be understood. [question-must-be-understood]" in words(answer)
    assert "'B; 100' has 2 parts and not 3." in words(answer)
    assert "Write one a line: holder; certificate; shares, as in Holder A; H-1; 100 (or JSON)." in words(answer)
    assert ">\nB; 100</textarea>" in answer.text


def test_who_recorded_is_under_the_links_and_without_a_name_nothing_is_stored_for_it(
    ledger: Path, page: Opened
) -> None:
    """The name stands beside `recorded`, outside what the entry says; another name put there breaks the record."""
    page.post("/record", hidden(page.post("/record/check", FIELDS)))
    rows = [json.loads(state) for (state,) in asked(ledger, "SELECT state FROM stored_events ORDER BY rowid")]
    assert [list(row) for row in rows] == [["recorded", "says"]] * 3 + [["recorded", "by", "says"]]
    assert "by" not in rows[3]["says"]
    altered(
        ledger,
        "UPDATE stored_events SET state = CAST(replace(state, 'Lee', 'Liu') AS BLOB) WHERE originator_version = 4",
    )
    broken = page.get("/verify?anew=yes")
    assert broken.status_code == 500
    assert "The record does not verify at entry 4." in words(broken)


def test_no_journal_can_say_who_recorded_it(ledger: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`by` is set by the page, as `recorded` is by the ledger's clock: in a line it is a field that nobody knows."""
    journal = tmp_path / "journal.jsonl"
    journal.write_text(json.dumps({**SALE, "by": "Anna Lee"}), encoding="utf-8")
    refused = ran(capsys, "record", journal, "--ledger", ledger)
    assert (refused.status, "[field-must-be-known]" in refused.err) == (2, True)


def test_the_page_sees_at_once_what_another_process_records(ledger: Path, page: Opened) -> None:
    """The ledger is kept open, and asked anew for every page; another file in its place is another ledger."""
    assert "Conversion rate 1,388.89 " in page.text("/?as-of=2001-09-10")
    record(ledger, SALE)
    assert "Conversion rate 1,457.196066 " in page.text("/?as-of=2001-09-10")
    ledger.rename(ledger.with_name("away.db"))
    gone = page.get("/")
    assert (gone.status_code, "There is no ledger at" in words(gone)) == (503, True)
    begun(ledger.with_name("other.db")).rename(ledger)
    for ending in ("-wal", "-shm", ".head"):
        ledger.with_name(f"{ledger.name}{ending}").unlink(missing_ok=True)
    assert "nothing else yet" in page.text("/log")
