"""The concordance: to every clause its terms, readings, code, tests and entries, and nothing cited that is none."""

import ast
import json
import re
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from numbers import Rational
from pathlib import Path

import pytest

from given import COMMON, FIRST_RECORDED, given, issued, sold
from ledger.book import Book
from ledger.errors import ClauseMustBeKnown
from ledger.moments import parse_day
from ledger.readings.registered import REGISTERED
from ledger.terms_file import read_terms
from projections.certificate import certificate, cited, find, innermost, within
from projections.command_line import main
from projections.concordance import Belonging, belonging, named, sources, where_tests_are
from projections.question import Question
from projections.report.certificate import UNITS, term

HERE = Path(__file__).parent.parent
MODULES = [module for room in ("ledger", "projections", "tests") for module in sorted((HERE / room).rglob("*.py"))]
NUMBER = re.compile(r"§\w*(?:\(\w*\))*")

CLAUSES = [
    "recitals",
    "1", "2",
    "3", "3(a)", "3(b)", "3(c)", "3(d)", "3(e)", "3(e)(i)", "3(e)(ii)",
    "4",
    "5", "5(a)", "5(b)", "5(c)", "5(d)", "5(e)", "5(e)(i)", "5(e)(ii)", "5(e)(iii)",
    "5(f)", "5(f)(i)", "5(g)", "5(h)", "5(i)", "5(j)",
    "6", "7",
    "8", "8(a)", "8(b)", "8(b)(i)", "8(b)(ii)", "8(b)(iii)", "8(b)(iv)", "8(c)",
    "9", "9(a)", "9(b)", "9(c)",
    "10", "10(a)", "10(b)", "10(c)",
    "signature",
]  # fmt: skip
"""The paragraphs of the certificate, as they follow one another in its text."""

BEYOND_ANY_RECORD = {"recitals", "8(b)(i)", "8(c)", "9(b)"}
"""The Board's authority, the rank of dividends, a permission, and whether stock is fully paid."""


def of(asked: str, question: Question | None = None) -> Belonging:
    """What belongs to a clause."""
    return belonging(find(asked), question)


def first_lines(module: Path) -> list[tuple[str, str]]:
    """The name of everything with a docstring in a module, and the docstring's first line."""
    nodes = list(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))
    documented = [node for node in nodes if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    return [(getattr(node, "name", ""), (ast.get_docstring(node) or "").split("\n")[0]) for node in documented]


def test_every_paragraph_of_the_certificate_is_there_in_its_order() -> None:
    """Nothing of the certificate is left out, nothing added, and each paragraph has a title and a summary."""
    assert list(certificate()) == CLAUSES
    for one in certificate().values():
        assert one.title
        assert one.summary.endswith(".")
        assert not one.unchecked or one.unchecked.endswith(".")


def test_no_summary_repeats_a_number_of_the_certificate() -> None:
    """Numbers stand in the terms alone: a summary refers to them."""
    for one in certificate().values():
        assert not re.search(r"\d", f"{one.title} {one.summary} {one.unchecked}"), one.id


@pytest.mark.parametrize("name", CLAUSES)
def test_every_clause_has_code_and_a_test_or_a_reason_why_no_record_can_check_it(name: str) -> None:
    """A clause that nothing keeps is a promise nobody looks after: cite it where it is kept, or say why not."""
    parts = [belonging(one) for one in within(name)]
    kept = any(one.code for one in parts) and any(one.tests for one in parts)
    assert kept is (name not in BEYOND_ANY_RECORD)
    assert kept or certificate()[name].unchecked


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(HERE)))
def test_every_clause_cited_in_a_first_line_is_one(module: Path) -> None:
    """A citation leads somewhere: each clause is written whole, with its own sign, and a range from sign to sign."""
    for name, line in first_lines(module):
        known = {one.written for one in certificate().values()}
        assert set(NUMBER.findall(line)) <= known, f"{name}: {line}"
        assert set(cited(line)) <= set(CLAUSES), f"{name}: {line}"
        assert set(named(name)) <= set(CLAUSES), f"{name} is named for a clause that does not exist"


def test_every_term_and_every_reading_has_a_clause_that_exists() -> None:
    """The address of a number and of a reading can be looked up."""
    rows = list(read_terms().rows().values())
    for clause in [*(row.clause for row in rows), *(one.clause for one in REGISTERED.values())]:
        assert cited(clause), clause
        assert set(cited(clause)) <= set(CLAUSES), clause


def test_every_term_and_reading_is_shown_under_some_clause() -> None:
    """No number and no reading is lost between the clauses."""
    told = [belonging(one) for one in certificate().values()]
    rows = set(read_terms().rows())
    assert {name for one in told for name in one.terms} == rows
    assert {reading.id for one in told for reading, _ in one.readings} == set(REGISTERED)


def test_the_tests_that_are_read_are_these() -> None:
    """Installed or in a checkout, the tests named are those that were run: they ship with the package, word by word."""
    assert dict(sources(where_tests_are(), "tests")) == {
        str(module.relative_to(HERE)): module.read_text(encoding="utf-8")
        for module in MODULES
        if module.is_relative_to(HERE / "tests")
    }


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        (["5(e)"], ["5(e)"]),
        (["5(e)", "5(e)(i)"], ["5(e)(i)"]),
        (["5(e)(i)", "5(f)"], ["5(e)(i)", "5(f)(i)"]),
        (["5(f)", "5(i)"], ["5(f)(i)", "5(i)"]),
        (["1", "10"], ["1", "10"]),
        ([], []),
    ],
    ids=str,
)
def test_a_citation_counts_for_the_innermost_clause(names: list[str], meant: list[str]) -> None:
    """A test named s5e whose docstring cites 5(e)(i) is about 5(e)(i); 5(f) is one paragraph, 5(f)(i)."""
    assert sorted(innermost(names)) == meant


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("§5(c) §5(e) - What moves the rate.", ["5(c)", "5(e)"]),
        ("§5(e)(i) signature - Whether a sale is after the date hereof.", ["5(e)(i)", "signature"]),
        ("recital B", ["recitals"]),
        ("§1 to §7 - Whole histories.", []),
        ("§2 to §6 - All of it, as §9(a) has it.", ["9(a)"]),
        ("Under §4 the rest waits for a signature.", ["4"]),
    ],
    ids=str,
)
def test_a_first_line_cites_what_it_names(line: str, ids: list[str]) -> None:
    """Each clause named counts, a range counts for none, and a signature only where it is a citation."""
    assert cited(line) == ids


def test_a_tests_name_cites_the_clauses_it_begins_with() -> None:
    """Letters are paragraphs of one section, and a second section has its own s."""
    assert named("test_s3abc_assets_go_first") == ["3(a)", "3(b)", "3(c)"]
    assert named("test_s4_s8_what_needs_a_majority") == ["4", "8"]
    assert named("test_s10_a_notice_is_mailed") == ["10"]
    assert named("test_s5h_2056_99_shares_are_worth") == ["5(h)"]
    assert named("test_shares_of_s5_are_none") == named("s5e_sold") == []


def test_what_belongs_to_the_adjustment_below_the_threshold() -> None:
    """5(e) by hand: its threshold, its readings, the fraction that is its code, the tests of it, the kind of entry."""
    whole, adjustment, property_, shared = (belonging(one) for one in within("5(e)"))
    assert list(adjustment.terms) == ["threshold_price"]
    assert term("threshold_price", adjustment.terms["threshold_price"]) == "$0.72 a share"
    assert str(adjustment.terms["threshold_price"].in_force_from) == "2001-04-12"
    assert {reading.id: taken for reading, taken in adjustment.readings}["dilution-threshold"] == "literal"
    assert "dilution-base" in {reading.id for reading, _ in adjustment.readings}
    assert "rate-scope" in {reading.id for reading, _ in shared.readings}
    assert ("dilution_factor", "ledger/clauses/adjustment.py") in {(one.name, one.file) for one in adjustment.code}
    assert ("consideration", "ledger/position/common.py") in {(one.name, one.file) for one in property_.code}
    assert "test_s5e_only_a_price_of_less_than_72_cents_adjusts" in {one.name for one in adjustment.tests}
    assert "test_s5e_property_counts_at_the_boards_value" in {one.name for one in property_.tests}
    assert "test_s5e_every_share_of_the_series_shares_one_rate" in {one.name for one in shared.tests}
    assert [one.name for one in whole.kinds] == ["CommonSharesIssued"]
    assert not {one.name for one in whole.kinds} & {one.name for one in whole.code}


def test_a_piece_of_the_source_is_where_it_is_said_to_be() -> None:
    """Every name stands on the line given, and says there what the concordance says."""
    for one in (*of("5e").code, *of("5(f)").code, *of("5(e)(i)").tests):
        lines = (HERE / one.file).read_text(encoding="utf-8").split("\n")
        assert one.line == 1 or re.search(rf"(def|class) {one.name.rpartition('.')[2]}\b", lines[one.line - 1])
        assert one.says in "\n".join(lines[one.line - 1 :])


SALES = (COMMON, issued(), sold("2001-07-02", "1000000", "900000"), sold("2001-09-03", "5000000", "2250000"))
"""Two sales of Common Stock, entries 4 and 5."""


def entries(book: Book, day: str, known: int | None = None) -> list[int]:
    """The entries of 5(e) on a day, as known so many seconds after the first was recorded."""
    known_at = FIRST_RECORDED + timedelta(seconds=known) if known is not None else None
    return [number for number, *_ in of("5(e)", Question.ask(book, parse_day(day), known_at)).entries or ()]


def test_a_clause_has_the_entries_that_stand_as_asked() -> None:
    """By the day only what has taken effect, by the moment only what was recorded; nothing that was voided."""
    book = given(*SALES, {"event": "EntryVoided", "effective": "2001-10-01", "entry": 4})
    assert entries(book, "2001-07-01", known=3) == []
    assert entries(book, "2001-07-02", known=3) == [4]
    assert entries(book, "2001-09-03", known=2) == [4]
    assert entries(book, "2001-09-03", known=3) == [4, 5]
    assert entries(book, "2001-12-31") == [5]
    assert of("5(e)").entries is None


def test_a_clause_has_the_terms_in_force_on_the_day() -> None:
    """Amended on 2 July to $0.50, the threshold is $0.72 on the 1st and says from when it is $0.50."""
    amended = {"event": "CertificateAmended", "effective": "2001-07-02", "terms": {"threshold_price": "0.50"}}
    book = given(COMMON, issued(), amended)
    before, after = (
        of("5(e)(i)", Question.ask(book, parse_day(day))).terms["threshold_price"]
        for day in ("2001-07-01", "2001-07-02")
    )
    assert (before.value, str(before.in_force_from)) == (Fraction("0.72"), "2001-04-12")
    assert (after.value, str(after.in_force_from)) == (Fraction("0.50"), "2001-07-02")


def test_every_number_among_the_terms_is_written_with_its_unit() -> None:
    """Shares, dollars, days or a part of a whole: a bare number says too little."""
    rows = read_terms().rows()
    assert {name for name, row in rows.items() if isinstance(row.value, Rational)} == set(UNITS)
    assert term("designated_shares", rows["designated_shares"]) == "5,100 shares"
    assert term("dividend_rate", rows["dividend_rate"]) == "10% a year"
    assert term("dividend_payment_days", rows["dividend_payment_days"]) == "03-10, 06-10, 09-10, 12-10"
    assert term("business_opens", rows["business_opens"]) == "09:00"
    assert term("stock_issued_later", rows["stock_issued_later"]) == "Series K"


@pytest.mark.parametrize("asked", ["5(e)(i)", "§5(e)(i)", " § 5 (e) (i) ", "5ei", "5.e.i", "5(E)(I)"])
def test_a_clause_is_asked_for_as_people_write_it(asked: str) -> None:
    """With the sign or without, in brackets, or bare as a shell would have it."""
    assert find(asked).id == "5(e)(i)"


def test_what_has_no_number_is_asked_for_by_its_word() -> None:
    """The recitals, any of them, and the signature."""
    assert {find(asked).id for asked in ("recitals", "recital B", "Recital")} == {"recitals"}
    assert find("signature").id == "signature"


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("5(k)", "Near it are §5(j), §5(i) and §5(h)."),
        ("5(e)(iv)", "§5(e)(iii)"),
        ("7(a)", "Near it is §7."),
        ("11", "It has recitals, §1 to §10"),
        ("1(0)", "§1."),
        ("dividends", "It has recitals, §1 to §10 with their parts, and a signature."),
        ("", "It has recitals"),
        (f"5{'e' * 5_000}!", "§5"),
    ],
    ids=["letter", "numeral", "no parts", "section", "digits apart", "a word", "nothing", "very long"],
)
def test_a_clause_that_does_not_exist_is_refused_with_those_near_it(asked: str, near: str) -> None:
    """A question is not answered with another clause: it is said which there are."""
    with pytest.raises(ClauseMustBeKnown) as refusal:
        find(asked)
    assert (refusal.value.name, refusal.value.exit_code) == ("clause-must-be-known", 2)
    assert near in str(refusal.value)


Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in an empty folder, no ledger being named, and give what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CAPTABLE_LEDGER", raising=False)

    def run(*words: str, status: int = 0) -> str:
        with pytest.raises(SystemExit) as left:
            main(words)
        printed = capsys.readouterr()
        assert left.value.code == status
        return printed.err if status else printed.out

    return run


def test_a_clause_is_shown_without_a_ledger(run: Run) -> None:
    """What the certificate and the source say needs no record; that there is none is said."""
    text = run("clause", "§5(e)")
    assert text.startswith("No ledger was named: its entries are left out.\n\n§5(e)  ")
    assert [line.split()[0] for line in text.split("\n") if line.startswith("§")] == [
        "§5(e)", "§5(e)(i)", "§5(e)(ii)", "§5(e)(iii)",
    ]  # fmt: skip
    assert "  threshold_price  $0.72 a share  2001-04-12" in text
    assert "\nEntries\n" not in text
    told = json.loads(run("clause", "5e", "--json"))
    assert (told["schema"], told["as_of"], told["head"]) == ("captable/clause/1", None, None)
    assert {one["entries"] for one in told["clauses"]} == {None}


def test_a_clause_is_shown_with_the_entries_of_a_ledger(run: Run) -> None:
    """The demo's sales of 2001 stand under 5(e) in the order in which they took effect, the late one marked."""
    run("demo", "--ledger", "a.db")
    asked = ("clause", "5(e)", "--ledger", "a.db", "--as-of", "2001-12-31")
    told = json.loads(run(*asked, "--json"))
    assert list(told) == ["schema", "as_of", "known_at", "head", "clauses"]
    assert (told["schema"], told["as_of"]) == ("captable/clause/1", "2001-12-31")
    assert [one["clause"] for one in told["clauses"]] == ["§5(e)", "§5(e)(i)", "§5(e)(ii)", "§5(e)(iii)"]
    assert list(told["clauses"][1]) == [
        "clause", "title", "summary", "unchecked", "terms", "readings", "code", "tests", "kinds", "entries",
    ]  # fmt: skip
    threshold = {"term": "threshold_price", "value": "0.72", "clause": "§5(e)(i)", "from": "2001-04-12"}
    assert told["clauses"][1]["terms"] == [threshold]
    listed = told["clauses"][0]["entries"]
    assert {one["event"] for one in listed} == {"CommonSharesIssued"}
    assert [one["effective"] for one in listed] == sorted(one["effective"] for one in listed)
    text = run(*asked)
    assert text.startswith("As of Monday 2001-12-31, all that is recorded")
    for one in listed:
        late = " +late" if one["entry"] == 32 else ""
        assert re.search(rf"^ +{one['entry']} +{one['effective']} +CommonSharesIssued{late}$", text, re.MULTILINE)


def test_every_clause_is_listed_with_how_much_belongs_to_it(run: Run) -> None:
    """Without a clause named the whole certificate is listed, a line each, with what no record can check."""
    lines = run("clause").split("\n")
    assert [line.split()[0].lstrip("§") for line in lines[4:-1]] == CLAUSES
    assert {line.split()[0].lstrip("§") for line in lines if line.endswith("any of it")} == BEYOND_ANY_RECORD
    told = json.loads(run("clause", "--json"))
    assert told["schema"] == "captable/clauses/1"
    assert told["clauses"][0].items() >= {"clause": "recitals", "terms": 1, "code": 0, "entries": None}.items()


def test_an_unknown_clause_exits_2_in_words(run: Run) -> None:
    """The error has its name, what is near, and where all clauses are listed."""
    said = run("clause", "5(k)", status=2)
    assert said.startswith("The certificate has no clause 5(k).  [clause-must-be-known]\nNear it are §5(j)")
    assert said.endswith("See `captable clause` for them all.\n")
