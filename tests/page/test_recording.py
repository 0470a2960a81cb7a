"""Recording from the page: seen first, confirmed then, once, and by whom."""

import json
from pathlib import Path

import pytest

from given import COMMON, issued, sold
from ledger.application import Ledger
from on_file import altered, asked, begun, ran, record
from page.opened import ANNA, Opened, hidden, words
from projections.page.door import OpenHere
from projections.verification import verify

SALE = sold("2001-06-01", "5000000", "2250000")
FIELDS = {"kind": "CommonSharesIssued", "form": "f1", "effective": "2001-06-01", "shares": "5000000", "cash": "2250000"}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with Common Stock and 5,100 shares: three entries."""
    return begun(tmp_path / "ledger.db", COMMON, issued())


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
