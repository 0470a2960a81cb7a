"""The forms of a paper: the same bytes each time, every figure in each, and nothing in them run or read as markup."""

import csv
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import openpyxl
import pytest
from freezegun import freeze_time
from pypdf import PdfReader

from given import COMMON, given, issued, transferred
from ledger.book import Book
from ledger.errors import LedgerError
from on_file import begun, corrected, learned, ran
from paper_cases import ASKED, paper
from projections.papers import as_pdf, as_xlsx
from projections.papers.content import BLANK, Amount, Paper, Part, Statement, Table
from projections.papers.errors import ExportMustFit, ExtraMustBeInstalled
from projections.papers.every import PAPERS
from projections.papers.forms import FORMS
from projections.papers.redemption_notice import REPRESENTATION
from test_story import story

BY_FORM = [(asked, form) for asked in ASKED for form in FORMS if (asked[1], form) != ("answers", "pdf")]


@cache
def told() -> Book:
    """The story in memory, told once."""
    return given(*story())


@cache
def written(asked: tuple[str, ...], form: str) -> bytes:
    """A paper of the story in a form."""
    return FORMS[form].written(paper(told(), *asked))


def lines(data: bytes) -> list[list[str]]:
    """CSV as a program reads it."""
    return list(csv.reader(StringIO(data.decode(), newline=""), strict=True))


def blocks(data: bytes) -> dict[str, list[list[str]]]:
    """CSV by the name that each line begins with, the filling taken off."""
    found: dict[str, list[list[str]]] = {}
    for name, *cells in lines(data):
        found.setdefault(name, []).append(cells)
    return {name: [row[: _length(rows[0])] for row in rows] for name, rows in found.items()}


def _length(header: list[str]) -> int:
    return len(header) - next((place for place, cell in enumerate(reversed(header)) if cell), len(header))


def pages(data: bytes) -> list[str]:
    """The text of every page of a PDF, squeezed."""
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(data)).pages]


def squeezed(text: str) -> str:
    """Text without white space and without the places where a line may break."""
    return re.sub("[\\s\u200b]", "", text)


def cells(made: Paper) -> Iterator[str]:
    """Everything that the parts of a paper say to people."""
    for part in made.parts:
        for one in part.statements:
            yield from (one.clause, one.says, shown(one.value))
        for table in part.tables:
            yield from (table.title, *table.headings)
            yield from (shown(cell) for row in table.rows for cell in row)


def shown(cell: Amount | str) -> str:
    """A cell as people read it, with what is not shown whole."""
    if isinstance(cell, str):
        return cell
    return cell.people if cell.is_whole else f"{cell.people}exactly{cell.exactly}"


def test_every_kind_of_paper_is_among_those_tested() -> None:
    """No paper is handed out in a form that nobody has looked at."""
    assert {asked[1] for asked in ASKED} == set(PAPERS)


@pytest.mark.parametrize(("asked", "form"), BY_FORM, ids=lambda one: one if isinstance(one, str) else " ".join(one))
def test_the_same_question_gives_the_same_bytes(asked: tuple[str, ...], form: str) -> None:
    """Two copies of a paper can be compared by their sums, years apart: no clock and no chance is in the file."""
    with freeze_time("2031-05-06T07:08:09Z"):
        assert FORMS[form].written(paper(told(), *asked)) == written(asked, form)
    if form == "pdf":  # what sets it has a clock of its own
        assert PdfReader(BytesIO(written(asked, form))).metadata == {"/Title": ANY, "/Creator": ANY}


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_the_workbook_and_the_csv_hold_the_same_cells(asked: tuple[str, ...]) -> None:
    """Each sheet has its block; what is exact is text in both, and a rounded quantity is the same number."""
    book = openpyxl.load_workbook(BytesIO(written(asked, "xlsx")))
    found = blocks(written(asked, "csv"))
    del found["paper"]
    assert book.sheetnames == list(found)
    for sheet in book:
        header, *rows = sheet.iter_rows()
        columns = [str(cell.value) for cell in header]
        assert columns == found[sheet.title][0]
        assert len(rows) == len(found[sheet.title]) - 1
        for row, expected in zip(rows, found[sheet.title][1:], strict=True):
            for column, cell, text in zip(columns, row, expected, strict=True):
                if cell.data_type == "n" and cell.value is not None:
                    assert column.endswith("_rounded")
                    assert Decimal(str(cell.value)) == Decimal(text)
                else:
                    assert (cell.value or "") == text.removeprefix("'")
                    assert cell.data_type in ("s", "n")


@pytest.mark.parametrize("asked", [asked for asked in ASKED if asked[1] != "answers"], ids=" ".join)
def test_a_pdf_says_everything_the_paper_says(asked: tuple[str, ...]) -> None:
    """Every statement, every cell, every line of arithmetic and of provenance can be read in the PDF."""
    made = paper(told(), *asked)
    text = "".join(pages(written(asked, "pdf")))
    for words in (made.title, *cells(made), *made.notes, *(what for row in made.provenance for what in row)):
        assert squeezed(words) in text, words
    for line in made.worked:
        assert squeezed(line) in text, line


def test_each_holders_notice_begins_a_page_and_shows_no_other_holders() -> None:
    """§6 - A page can be mailed to one holder by itself; the arithmetic of all of them is behind, for the file."""
    first, second, third, *file = pages(written(("2002-07-29", "redemption-notice", "R-1"), "pdf"))
    assert "Holder C" not in second + third
    for page, price in ((first, "$102,500.00"), (second, "$205,000.00"), (third, "$594,500.00")):
        assert price in page
        assert squeezed(REPRESENTATION) in page
        assert "Arithmetic" not in page
    assert any("Arithmetic" in page for page in file)
    # 100 x $1,025 less a residue of the payments before; what is whole says so by saying nothing.
    assert "$102,500.00exactly1568249999/15300" in first
    assert "redeemed880§6(ii)" in first


NAMES = (
    "=cmd()", "+1+1", "@SUM(1)", "-2", "<script>alert(1)</script>", '#panic("x") $x^2$', "*b* _i_ `c` @ref <l> ~ \\ //",
    "fi ff 'quoted' \"twice\"", "x" * 200,
)  # fmt: skip


def named() -> Book:
    """A ledger whose holders have names that some program would take for more than a name."""
    parts = [(name, f"H-{place}", "100") for place, name in enumerate(NAMES, 2)]
    rest = ("中文 Holder", "H-1b", str(5100 - 100 * len(NAMES)))
    address = {"event": "HolderRegistered", "effective": "2001-04-12", "holder": "=cmd()", "address": "=1+1\n#b[x]"}
    return given(COMMON, issued(), transferred("2001-05-01", *parts, rest), address)


def test_no_name_is_run_by_a_spreadsheet() -> None:
    """A holder named =cmd() is text in a workbook, and begins with an apostrophe in CSV; -2 alone is a number."""
    made = paper(named(), "2001-12-31", "stockholder-list")
    listed = [row[0] for row in blocks(FORMS["csv"].written(made))["holders"][1:]]
    assert sorted(listed) == sorted(f"'{name}" if name[0] in "=+@" else name for name in (*NAMES, "中文 Holder"))
    sheet = openpyxl.load_workbook(BytesIO(FORMS["xlsx"].written(made)))["holders"]
    found = {str(row[0].value): row for row in sheet.iter_rows(min_row=2)}
    assert found.keys() == {*NAMES, "中文 Holder"}
    assert {row[0].data_type for row in found.values()} == {"s"}
    assert (found["=cmd()"][2].value, found["=cmd()"][2].data_type) == ("=1+1\n#b[x]", "s")


def test_no_name_is_read_as_markup_and_none_is_lost_in_a_pdf() -> None:
    """What a name says stands in the PDF letter by letter; a letter without a glyph is spelled by its number."""
    for asked in (("stockholder-list",), ("stock-ledger",)):
        text = "".join(pages(FORMS["pdf"].written(paper(named(), "2001-12-31", *asked))))
        for name in NAMES:
            assert squeezed(name) in text, name
        assert "[U+4E2D][U+6587]Holder" in text
    listed = "".join(pages(FORMS["pdf"].written(paper(named(), "2001-12-31", "stockholder-list"))))
    assert "=1+1#b[x]" in listed


def test_fifteen_digits_are_a_number_and_sixteen_are_text() -> None:
    """A spreadsheet keeps fifteen digits: 999,999,965,000,000 is written as a number, ten times that as text."""
    for authorized, kind in (("1000000000000000", "n"), ("10000000000000000", "s")):
        made = paper(given({**COMMON, "authorized": authorized}, issued()), "2001-12-31", "reserve-letter")
        sheet = openpyxl.load_workbook(BytesIO(FORMS["xlsx"].written(made)))["statements"]
        left = int(authorized) - 35_000_000
        (row,) = [row for row in sheet.iter_rows() if row[1].value == "Common Stock authorized and unissued"]
        assert (row[2].value, row[2].data_type) == (str(left), "s")
        assert (str(row[3].value), row[3].data_type) == (str(left), kind)


def test_a_workbook_that_cannot_hold_a_cell_is_not_written() -> None:
    """A cell holds 32,767 characters: what is longer would be cut off without a word, and is refused instead."""
    fits, long = (Paper("T", "§1", (Part("P", (Statement("§1", "x" * length),)),)) for length in (32_767, 32_768))
    assert openpyxl.load_workbook(BytesIO(FORMS["xlsx"].written(fits)))["statements"]["B2"].value == "x" * 32_767
    with pytest.raises(ExportMustFit) as refusal:
        FORMS["xlsx"].written(long)
    assert refusal.value.name == "export-must-fit"
    assert FORMS["csv"].written(long)


def test_a_pdf_of_more_rows_than_can_be_set_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of all tables of all parts count: what takes more memory than a machine has is refused, and csv has it."""
    monkeypatch.setattr(as_pdf, "MOST_ROWS", 3)
    one, two = (Table("t", "T", ("a",), (False,), (("x",),) * rows) for rows in (1, 2))
    fits, more = Part("P", tables=(one, two)), Part("Q", tables=(one,))
    assert FORMS["pdf"].written(Paper("T", "§1", (fits,)))[:4] == b"%PDF"
    with pytest.raises(ExportMustFit, match="The paper has 4 rows, and 3 are the most"):
        FORMS["pdf"].written(Paper("T", "§1", (fits, more)))
    assert FORMS["csv"].written(Paper("T", "§1", (fits, more)))


@pytest.mark.parametrize(("form", "module"), [("xlsx", as_xlsx), ("pdf", as_pdf)])
def test_a_form_whose_extra_is_missing_says_which_to_install(
    form: str, module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A paper that cannot be written here names the extra, and is no longer offered; csv needs none."""
    made = paper(told(), "2001-12-31", "reserve-letter")
    assert all(one.is_installed for one in FORMS.values())
    monkeypatch.setattr(module, "INSTALLED", False)
    with pytest.raises(ExtraMustBeInstalled) as refusal:
        FORMS[form].written(made)
    assert refusal.value.name == "extra-must-be-installed"
    assert f"pip install 'captable[{form}]'" in str(refusal.value)
    assert [name for name, one in FORMS.items() if not one.is_installed] == [form]
    assert FORMS["csv"].written(made)


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("book", [given(), given(COMMON), given(COMMON, issued())], ids=["empty", "common", "issued"])
def test_a_paper_of_a_bare_ledger_is_made_or_refused_by_name(name: str, book: Book) -> None:
    """Before anything happened a paper is empty, or says that what it is about is not known: never a traceback."""
    words = {"rollforward": "2001-04-11", "dividend-register": "2001-06-10", "stockholder-list": ""}
    asked = words.get(name, "X-1" if PAPERS[name].words else "")
    if asked == "X-1":
        with pytest.raises(LedgerError):
            paper(book, "2001-06-10", name, asked)
        return
    made = paper(book, "2001-06-10", name, *filter(None, [asked]))
    for form in made.forms:
        assert FORMS[form].written(made)


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-paper",), ("conversion-statement",), ("conversion-statement", "N-1", "N-2"), ("stock-ledger", "x"),
        ("conversion-statement", "N-99"), ("certificate-of-adjustment", "17"), ("redemption-notice", "R-9"),
        ("record-date-notice", "Z-1"), ("dividend-register", "2001-06-11"), ("dividend-register", "10 June"),
        ("rollforward", "2004"), ("rollforward", "2003-12-31"), ("stockholder-list", "Z-1"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_paper_that_cannot_be_understood_is_refused_with_what_there_is(words: tuple[str, ...]) -> None:
    """A misspelt name, a word too many, an unknown notice: the error is one of a question, and exits 2."""
    with pytest.raises(LedgerError) as refusal:
        paper(told(), "2003-12-31", *words)
    assert refusal.value.exit_code == 2
    assert len(str(refusal.value).splitlines()) == 3


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sale at $0.45, recorded with $2,520,000 and corrected to $2,250,000 a second later."""
    sale = {"event": "CommonSharesIssued", "effective": "2001-06-01", "shares": "5000000", "cash": "2520000"}
    path = tmp_path_factory.mktemp("forms") / "ledger.db"
    return begun(path, COMMON, issued(), sale, corrected(4, {**sale, "cash": "2250000"}))


@pytest.mark.parametrize("form", FORMS)
def test_the_command_writes_what_was_asked_and_never_overwrites(
    form: str, ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`captable export FORM PAPER -o FILE` writes a file once, says what it wrote, and leaves what is there alone."""
    target = tmp_path / f"paper.{form}"
    words = ("export", form, "certificate-of-adjustment", 4, "-o", target, "--as-of", "2001-12-31", "--ledger", ledger)
    said = ran(capsys, *words, "--json")
    assert said.status == 0
    assert said.data["schema"] == "captable/paper/1"
    assert (said.data["paper"], said.data["words"]) == ("certificate-of-adjustment", ["4"])
    data = target.read_bytes()
    again = ran(capsys, *words)
    assert (again.status, again.err.splitlines()[0][-20:]) == (2, "[export-must-be-new]")
    assert target.read_bytes() == data
    if form == "csv":
        head = next(row[1] for row in blocks(data)["provenance"] if row[0] == "head, SHA-256")
        assert head == ran(capsys, "head", "--json", "--ledger", ledger).data["sha256"] == said.data["head"]["sha256"]


def test_a_paper_as_known_before_a_correction_still_states_the_mistake(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The certificate handed out on the day can be made again: $2,520,000 then, $2,250,000 now."""
    stated = []
    for name, known in (("then", ("--known-at", learned(4).isoformat())), ("now", ())):
        target = tmp_path / f"{name}.csv"
        words = ("export", "csv", "certificate-of-adjustment", "4", "-o", target, "--as-of", "2001-12-31", *known)
        assert ran(capsys, *words, "--ledger", ledger).status == 0
        found = blocks(target.read_bytes())
        stated += [row[2] for row in found["statements"] if row[1] == "Aggregate consideration"]
        assert ("all that is recorded" in [row[1] for row in found["provenance"]]) is (name == "now")
    assert stated == ["2520000", "2250000"]


def test_the_list_of_papers_names_every_paper_and_the_forms_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """`captable export papers` tells what may be asked, in words and as data, and needs no ledger."""
    said = ran(capsys, "export", "papers").out
    assert all(re.search(rf"^{name}\b", said, re.MULTILINE) for name in PAPERS)
    told = json.loads(ran(capsys, "export", "papers", "--json").out)
    assert ([one["paper"] for one in told["papers"]], told["forms"]) == (list(PAPERS), ["csv", "xlsx", "pdf"])


@pytest.mark.parametrize("form", [*FORMS, "papers", "bundle"])
def test_the_examples_of_every_export_run(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` of every way to export ends with examples that work as they are written, on the demo's ledger."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAPTABLE_LEDGER", "demo.db")
    assert ran(capsys, "demo", "--ledger", "demo.db").status == 0
    assert ran(capsys, "tag", "10-K-FY2002", "--as-of", "2002-12-31").status == 0
    examples = re.findall(r"^ +captable (.+)$", ran(capsys, "export", form, "--help").out, re.MULTILINE)
    assert examples
    for example in examples:
        assert ran(capsys, *example.split()).status == 0, example


def test_a_blank_is_seen_in_every_form() -> None:
    """What no entry tells is a line to fill in, on paper and on screen."""
    asked = ("2003-05-13", "reserve-letter")
    assert BLANK in "".join(pages(written(asked, "pdf")))
    assert ["", "To the transfer agent", BLANK] in [row[:3] for row in blocks(written(asked, "csv"))["statements"]]
