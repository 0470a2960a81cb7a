"""An explanation's value is the answer's, and whoever redoes its arithmetic on paper gets that value."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice
from numbers import Rational
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from given import (
    COMMON,
    CONVERTED,
    NOTICE,
    ORIGINALS,
    REVOKED,
    SERIES_H,
    given,
    issued,
    on,
    on_notice,
    reading,
    record,
    sold,
    telecopied,
)
from histories import histories
from ledger.book import Book
from ledger.clauses.dividends import payment_dates
from ledger.errors import LedgerError
from ledger.figures import CARRIED, shares
from ledger.moments import parse_day
from ledger.readings.registered import REGISTERED
from numbers_explained import ANSWERS, EXPLAINED_BY, SAID, WORDS, What, leaves
from projections.command_line import captable
from projections.commands.demo import story
from projections.commands.explain import EXPLAINED, explained
from projections.explain.finding import MADE_OF
from projections.explain.obligation import RESTS_ON
from projections.explain.watched import Watched
from projections.findings.every import findings
from projections.obligations import obligations
from projections.question import Question
from redone import Tree, figures, number, redo, shown

EXAMPLES = sorted((Path(__file__).parent.parent / "fixtures" / "examples").glob("*.toml"))

# --- redoing ---


def tree_of(question: Question, *what: str) -> Tree:
    """The explanation of something as JSON data, every figure of it redone."""
    figure = explained(question, what[0], what[1] if len(what) > 1 else None)
    told = json.loads(json.dumps(figure.tree(question.book.late)))
    check(question, told)
    return dict(told)


def check(question: Question, figure: Tree, around: tuple[list[Tree], ...] = ()) -> None:
    """Redo a figure and all its parts: what is printed is what comes out, and what is given stands where it says."""
    assert set(figure["readings"]) <= set(REGISTERED)
    assert all(1 < entry <= question.book.last for entry in figure["entries"])
    if "exact" in figure:
        assert redo(figure, around) == Fraction(figure["exact"]), figure
        assert number(figure["value"].lstrip("+")) == shown(Fraction(figure["exact"]), figure["rounded"]), figure
        if not figure["arithmetic"]:
            assert abs(Fraction(figure["exact"])) in given_by(question, figure), figure
    for days, since, until in re.findall(r"([\d,]+) days from (\S+) to ([\d-]+)", figure["working"]):
        spans = {days_30_360(since, until), (date.fromisoformat(until) - date.fromisoformat(since)).days}
        assert int(days.replace(",", "")) in spans, figure
    for part in figure["parts"]:
        check(question, part, (figure["parts"], *around))


def given_by(question: Question, figure: Tree) -> set[Fraction]:
    """The numbers that a figure without arithmetic may have: of its entries, of the terms, or days it has counted."""
    if "days from" in figure["working"]:
        return {number(figure["working"])}
    if figure["entries"]:
        facts = question.book.timeline.facts
        return {said for entry in figure["entries"] for said in numbers_of(facts[entry].entry.line())}
    terms, found = question.book.timeline.days.terms, set[Fraction]()
    for day in (date(2001, 1, 1), question.day):
        rows = terms.on(day).rows().values()
        found |= {
            Fraction(row.value) for row in rows if row.clause == figure["clause"] and isinstance(row.value, Rational)
        }
    return found


def numbers_of(line: Any) -> Iterator[Fraction]:
    """Every number of an entry's line."""
    if isinstance(line, dict | list):
        for branch in line.values() if isinstance(line, dict) else line:
            yield from numbers_of(branch)
    elif re.fullmatch(r"-?\d+(\.\d+)?", str(line)):
        yield Fraction(str(line))


def days_30_360(since: str, until: str) -> int:
    """30/360 US with its end-of-February rule, written a second time."""
    start, end = date.fromisoformat(since), date.fromisoformat(until)
    first, last = start.day, end.day
    february = [day.month == 2 and (day + timedelta(days=1)).day == 1 for day in (start, end)]
    last = 30 if all(february) else last
    first = 30 if february[0] else first
    last = 30 if last == 31 and first >= 30 else last
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - min(first, 30)


def part_of(told: Tree, *names: str) -> Tree:
    """A part of an explanation by names on the way to it, or by the `(entry 7)` that its name ends with.

    Nothing being in arrears, no certificate is listed; and without a change of the Common Stock nothing beside it.
    """
    for name in names:
        all_parts = [*told["parts"], *figures(told)]
        found = [one for one in all_parts if name in (one["name"], re.sub(r".* (?=\(entry)", "", one["name"]))]
        if not found:
            assert (name == "into Common Stock" and told["working"] == "Common Stock") or told.get(
                "arithmetic"
            ) == "0", name
        told = found[0] if found else told
    return told


def agrees(figure: Tree, value: Any) -> bool:
    """Whether a figure has the value of the answer: exactly as printed there, and rounded as printed there."""
    if isinstance(value, dict):
        amount = value["amount"] if "amount" in value else value["per_share"]
        return Fraction(value["exact"]) == Fraction(figure["exact"]) and Fraction(amount) == number(figure["value"])
    if "exact" in figure and re.fullmatch(r"-?\d+(\.\d+|/\d+)?", str(value)):
        at_six = shown(Fraction(figure["exact"]), "half up to six decimals")
        return Fraction(value) in (Fraction(figure["exact"]), at_six)
    said = "none yet" if value is None else re.sub(r"T(.{8})-0\d:00$", r" \1", str(value))
    return bool(figure["value"].endswith(said)) or (value is None and figure["value"] == "unknown")


def numbers_said(text: str, known: list[str]) -> list[str]:
    """The numbers that a sentence says, but those of names, days, hours, clauses and entries."""
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(name, " ")
    text = re.sub(r"\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|§\S+|entry \d+", " ", text)
    return re.findall(r"\$?\d[\d,]*(?:\.\d+)?", re.sub(r"(?<=\d),(?=\D|$)", " ", text))


def names_in(question: Question) -> list[str]:
    """Every id and name that a sentence may mention."""
    position, company = question.position, question.position.company
    known = [*position.holdings_of, *position.certificates, *position.notices, *position.redemptions, *company.actions]
    dated = [one.action for one in company.record_dates if one.action]
    dated += [one.action for one in company.record_notices]
    return [*known, *dated, *(one.stock for one in company.other_dividends), *(one.of for one in company.counts)]


def explain_everything(question: Question) -> None:
    """Every number of every answer is the value of the explanation it is mapped to, whose arithmetic redoes it."""
    trees: dict[What, Tree] = {}
    watched = Watched.of(question)

    def explanation(what: What) -> Tree:
        if what not in trees:
            trees[what] = tree_of(watched, *what)
        return trees[what]

    everyone = [one.data(question.book.late) for one in findings(question)]
    known = names_in(question)
    for name, answer in ANSWERS.items():
        told = json.loads(json.dumps(answer(question)))
        for path, keys, value in leaves(told, name):
            if path == "asof.findings[].says":
                keys = (str([one["says"] for one in everyone].index(value) + 1),)  # noqa: PLW2901
            if path in SAID:
                values = [one["value"] for one in figures(explanation(SAID[path](*keys[:1])))]
                for said in numbers_said(value, known):
                    assert any(said in re.findall(r"\$?\d[\d,]*(?:\.\d+)?", one) for one in values), (path, value, said)
            elif path in EXPLAINED_BY:
                what, names = EXPLAINED_BY[path](*keys)
                figure = part_of(explanation(what), *names)
                assert agrees(figure, value), (path, keys, value, figure["name"], figure["value"])
            else:
                assert path.rpartition(".")[2].rstrip("[]") in WORDS, f"{path} ({value}) has no explanation"


# --- random histories, the demo's story, the worked examples ---


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@drawn(histories(70), st.randoms(use_true_random=False))
def test_every_number_of_every_answer_is_explained_and_redone(journal: list[dict[str, Any]], random: Random) -> None:
    """On random days of random histories a reader gets every number of every answer from the printed arithmetic."""
    book = given(*journal)
    for line in random.sample(journal, 2):
        day = date.fromisoformat(line["effective"][:10]) + timedelta(days=random.choice((0, 0, 1, 40)))
        explain_everything(Question.ask(book, day))


STORY_DAYS = (
    *("2001-04-11", "2001-04-12", "2001-06-10", "2001-06-12", "2001-07-13", "2001-08-31", "2001-11-05", "2001-11-12"),
    *("2001-11-14", "2002-01-15", "2002-02-28", "2002-08-13", "2002-09-10", "2003-02-03", "2003-04-20", "2003-06-30"),
    *("2004-02-29", "2006-12-31"),
)


@pytest.fixture(scope="module")
def tale() -> Book:
    """The demo's story, in memory."""
    return given(*(json.loads(line) for line in story().read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("day", STORY_DAYS)
def test_every_number_of_the_story_is_explained_and_redone(day: str, tale: Book) -> None:
    """Before the first issue, through conversions, amendments, a merger and a liquidation: every number, every day."""
    explain_everything(Question.ask(tale, parse_day(day)))


def test_every_number_behind_payments_that_were_carried_is_explained_and_redone() -> None:
    """§2 - Two lots, eight quarters paid to the cent below, 100 shares of H-1 converting after each, and one revoked.

    What fell on a certificate has more than a hundred digits then; its arithmetic says how it was rounded.
    """
    book = given(COMMON, issued("3000"), issued("1100", "H-2", on="2001-05-17"))
    for turn, payable_on in enumerate(islice(payment_dates(SERIES_H), 8)):
        cents, after = int(on(book, str(payable_on)).accrued_unpaid(payable_on) * 100), payable_on + timedelta(days=4)
        line = {"event": "DividendPaid", "effective": str(after), "payable_on": str(payable_on)}
        record(book, {**line, "amount": f"{cents // 100}.{cents % 100:02}"})
        record(book, telecopied(f"{after}T12:00:00-05:00", ("H-1", "100"), notice=f"N-{turn}"))
    record(book, on_notice("OriginalsReceived", "2003-03-17T12:00:00-05:00", "N-7"))
    record(book, on_notice("NoticeOfConversionRevoked", "2003-03-24T12:00:00-05:00", "N-7"))
    assert any(held.paid.denominator > 10**CARRIED for held in book.position.live())
    explain_everything(Question.ask(book, parse_day("2003-03-31")))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_number_of_a_worked_example_is_explained_and_redone(path: Path) -> None:
    """What fixtures work out by hand the ledger explains, under every reading they choose."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    if "refused" in told:
        return
    book = given(*map(json.loads, told["given"].strip().split("\n")), terms=reading(**told.get("readings", {})))
    for day in {asked["day"] for asked in told["asked"]}:
        explain_everything(Question.ask(book, parse_day(day)))


MERGED = {
    "event": "ReorganizationEffected",
    "effective": "2002-03-01",
    "kind": "merger",
    "successor": "Newco",
    "assumed_in_writing": True,
    "per_share": [{"security": "Newco stock", "per_share": "0.5"}, {"security": "cash", "per_share": "0.10"}],
}
SPLIT = {"event": "CommonStockSplit", "effective": "2001-11-12", "new_shares": "3", "old_shares": "2"}
AMENDED = {"event": "CertificateAmended", "effective": "2001-08-01", "terms": {"dividend_rate": "0.12"}}
WOUND_UP = (
    {"event": "FundsSetApart", "effective": "2002-01-02", "purpose": "preference", "amount": "1000.00"},
    {"event": "LiquidationCommenced", "effective": "2002-01-02", "assets_available": "3000000"},
    {"event": "OtherClassDividendPaid", "effective": "2002-01-03", "stock": "Common Stock", "amount": "500.00"},
    {"event": "LiquidationDistributionPaid", "effective": "2002-01-04", "amount": "2999999.99"},
)
FALLEN_DUE = (
    telecopied("2002-01-02T10:00:00-05:00", ("H-1", "100")),
    {"event": "LiquidationCommenced", "effective": "2002-01-03", "assets_available": "3000000"},
    {"event": "OtherClassDividendPaid", "effective": "2002-01-04", "stock": "Common Stock", "amount": "500.00"},
)
BEYOND = {"event": "LiquidationDistributionPaid", "effective": "2002-01-05", "amount": "0.02"}
CALLED = {
    "event": "RedemptionNoticeMailed",
    "effective": "2001-12-01",
    "redemption": "R-1",
    "redemption_date": "2001-12-20",
    "shares": [{"certificate": "H-1", "shares": "7.5"}],
    "stated_total": "8",
    "stated_price": "7600.00",
    "holders": ["Holder A"],
}
UNPRICED = telecopied("2001-07-02T10:00:00-04:00", ("H-1", "300"))
DELIVERED = on_notice("CommonSharesDelivered", "2001-07-03T10:00:00-04:00", shares="416667")
FOR_NO_FRACTION = on_notice("CommonSharesDelivered", "2001-07-03T10:00:00-04:00", shares="416667", cash_in_lieu="5.00")
SOLD_OUT = sold("2001-10-01", "195000001", "195000001")
COUNTED = {"event": "CountAttested", "effective": "2001-12-30", "of": "Holder B", "shares": "1"}
AUTHORIZED = {"event": "CommonAuthorizationChanged", "effective": "2001-12-31", "authorized": "300000000"}
LATER = issued("1000", "H-2", "Holder B", "2001-08-01")
BACKWARDS = (
    {"event": "DividendPaid", "effective": "2001-09-10", "payable_on": "2001-09-10", "amount": "10000.00"},
    {"event": "DividendPaid", "effective": "2001-09-12", "payable_on": "2001-06-10", "amount": "5000.00"},
)
AFTERWARDS = telecopied("2002-04-01T10:00:00-05:00", ("H-1", "100"), notice="N-2")
SPLIT_LATER = {**SPLIT, "effective": "2002-05-01"}
BESIDE: dict[str, Any] = {"event": "CommonStockReclassified", "effective": "2001-11-12"}
BESIDE |= {"into": [{"security": "Class B", "per_share": "0.1"}, {"security": "Common Stock", "per_share": "1"}]}
REPLACED = (BESIDE, MERGED, AFTERWARDS, SPLIT_LATER)
CASHED_OUT = {**MERGED, "per_share": [{"security": "Cash", "per_share": "0.30"}]}
GONE = on_notice("NoticeOfConversionRevoked", "2002-05-03T10:00:00-04:00")
FOR_NOTHING = sold("2002-05-04", "1000", "0")
PRICED = (COMMON, issued(), sold("2001-05-01", "7", "1"), NOTICE, ORIGINALS)
OFF = on_notice("CommonSharesDelivered", "2002-03-04T10:00:00-05:00", shares="694445", cash_in_lieu="138889.13")
OFF |= {"market_price": "0.61"}
UNTOLD = {name: told for name, told in OFF.items() if name != "market_price"}
SOLD_LOW = sold("2002-01-02", "100000", "30000")
OTHER = issued("5.55", "H-2", "Holder B")
RECEIVED = on_notice("OriginalsReceived", "2001-07-02T11:00:00-04:00")
INCOMPLETE = telecopied("2001-11-09T17:30:00-05:00", ("H-1", "1000"), copies=False)


RARE: dict[str, tuple[Book, str]] = {
    "nothing at all": (Book(SERIES_H), "2001-06-10"),
    "no share": (given(COMMON), "2006-12-31"),
    "before the first issue": (given(issued("150", on="2001-05-31")), "2001-05-30"),
    "a notice without copies": (given(COMMON, issued(), INCOMPLETE), "2001-12-31"),
    "a split while pending": (given(*CONVERTED, SPLIT, sold("2001-11-13", "1000000", "300000")), "2001-11-14"),
    "an amended rate": (given(COMMON, issued(), AMENDED, sold("2001-09-01", "3", "1")), "2001-12-31"),
    "a merger without Common": (given(*CONVERTED, MERGED, AFTERWARDS), "2002-04-01"),
    "a notice pending through a split, a merger and another split": (given(*CONVERTED, SPLIT, *REPLACED), "2002-06-01"),
    "a sale after a merger": (given(COMMON, issued(), *REPLACED, sold("2002-05-02", "1000", "1")), "2002-06-01"),
    "nothing but cash": (given(*CONVERTED, CASHED_OUT, AFTERWARDS, SPLIT_LATER, GONE, FOR_NOTHING), "2002-06-01"),
    "cash for what Common became paid a cent short": (given(*PRICED, MERGED, OFF), "2002-06-01"),
    "cash for what Common became and no market price": (given(*PRICED, MERGED, UNTOLD), "2002-06-01"),
    "revoked after a merger": (given(*CONVERTED, BESIDE, MERGED, AFTERWARDS, GONE), "2002-06-01"),
    "a split after a merger": (
        given(COMMON, issued(), sold("2001-09-01", "7", "1"), MERGED, SPLIT_LATER),
        "2002-06-01",
    ),
    "a liquidation": (given(COMMON, issued(), *WOUND_UP), "2002-01-04"),
    "dividends due on conversion in a liquidation": (given(COMMON, issued(), *FALLEN_DUE), "2002-01-04"),
    "distributed beyond the assets": (given(COMMON, issued(), *WOUND_UP, BEYOND), "2002-01-06"),
    "a redemption that missed its date": (given(COMMON, issued("2000"), OTHER, CALLED), "2001-12-21"),
    "no market price": (
        given(COMMON, issued(), sold("2001-05-01", "7", "1"), UNPRICED, RECEIVED, DELIVERED),
        "2001-07-04",
    ),
    "cash for no fraction": (given(COMMON, issued(), UNPRICED, RECEIVED, FOR_NO_FRACTION), "2001-07-04"),
    "more Common than authorized": (given(COMMON, issued(), SOLD_OUT, COUNTED, AUTHORIZED), "2001-12-30"),
    "more authorized later": (given(COMMON, issued(), SOLD_OUT, COUNTED, AUTHORIZED), "2002-01-01"),
    "a certificate paid beyond a payment date": (given(COMMON, issued("1000"), LATER, *BACKWARDS), "2001-09-13"),
    "a par value too high": (given(COMMON, issued(), {**SPLIT, "new_shares": "40"}), "2001-12-31"),
    "every share votes, by actual days": (
        given(COMMON, issued("150"), terms=reading(votes="every share", day_count="Actual/365 Fixed")),
        "2002-06-01",
    ),
    "a whole position that may convert": (
        given(COMMON, issued("150"), terms=reading(lot="whole position exempt")),
        "2002-06-01",
    ),
    "a threshold that scales": (
        given(COMMON, issued(), SPLIT, SOLD_LOW, terms=reading(dilution_threshold="scales with splits")),
        "2002-06-01",
    ),
}
"""What random histories rarely or never come to."""


@pytest.mark.parametrize("case", RARE)
def test_what_is_not_there_or_is_no_longer_the_same_is_explained_too(case: str) -> None:
    """No share, no Common, no Conversion Date yet, another law, another company: every number has its explanation."""
    book, day = RARE[case]
    explain_everything(Question.ask(book, parse_day(day)))


def test_every_kind_of_finding_and_obligation_is_met_here(tale: Book) -> None:
    """A finding or an obligation that nothing here comes to would be one whose numbers nobody has redone."""
    asked = [Question.ask(book, parse_day(day)) for book, day in RARE.values()]
    asked += [Question.ask(tale, parse_day(day)) for day in STORY_DAYS]
    met = {one.finding for question in asked for one in findings(question)}
    owed = {one.rests_on[0] for question in asked for one in obligations(question)}
    assert (set(MADE_OF) - met, set(RESTS_ON) - owed) == (set(), set())


@pytest.mark.parametrize("what", [name for name, one in EXPLAINED.items() if one.explain is not None])
def test_everything_that_can_be_explained_is_explained_in_the_story(what: str, tale: Book) -> None:
    """Whatever the list offers has an explanation by the example of the story, redone to the last figure."""
    which = {
        "shares": ("H-3", "Holder C"),
        "accrued-dividends": ("", "H-3", "Holder C"),
        "dividend": ("2001-06-10", "2002-03-10", "2002-12-10"),
        "liquidation-preference": ("", "Holder C"),
        "convertible-into": ("Holder C",),
        "votes": ("", "Holder C"),
        "action": (),
        "notice": ("N-1", "N-2", "N-3", "N-4"),
        "redemption": ("R-1",),
        "obligation": ("1",),
        "finding": ("1", "2"),
        "reading": ("day-count", "rate"),
        "term": list(SERIES_H.rows()),
    }.get(what, ("",))
    for one in which:
        assert tree_of(Question.ask(tale, parse_day("2002-09-11")), what, *([one] if one else []))["value"]


# --- some of them, by hand ---


def test_the_first_dividend_is_5100_shares_and_58_days(tale: Book) -> None:
    """3,000 and 2,100 shares from 12 April to 10 June 2001, by 30/360: $82,166.67, an exact third of a cent less."""
    figure = tree_of(Question.ask(tale, parse_day("2001-06-10")), "accrued-dividends")
    assert (figure["value"], figure["exact"]) == ("$82,166.67", "246500/3")
    assert (figure["arithmetic"], figure["rounded"]) == ("sum of the parts", "half up to the cent")
    accrued = [one for one in figures(figure) if one["name"] == "accrued"]
    assert [one["arithmetic"] for one in accrued] == [
        "3,000 x $1,000.00 x 10% x 58 / 360",
        "2,100 x $1,000.00 x 10% x 58 / 360",
    ]
    assert accrued[0]["working"] == "58 days from 2001-04-12 to 2001-06-10 = 360 x 0 + 30 x 2 - 2 (30/360 US)"


def test_the_rate_is_one_expression_from_the_certificates_number_on() -> None:
    """1,388.89 x (35,000,000 + 5,000,000) / (35,000,000 + $2,250,000 / $0.72), nothing between being rounded."""
    book = given(COMMON, issued(), sold("2001-09-01", "5000000", "2250000"))
    figure = tree_of(Question.ask(book, parse_day("2001-12-31")), "conversion-rate")
    assert figure["arithmetic"] == ("1,388.89 x (35,000,000 + 5,000,000) / (35,000,000 + $2,250,000.00 / $0.72)")
    assert (figure["value"], figure["exact"]) == ("1,457.196066 a share", str(Fraction("1388.89") * 64 / 61))


def test_a_notice_that_was_revoked_is_explained_as_owing_nothing() -> None:
    """§5(f)(i) - The $57,500.00 that 1,000 shares accrued in 207 days, $6,666.67 of it paid, are due no more.

    They are unpaid on the shares again, and due-on-conversion is $0.00.
    """
    paid = on_notice("ConversionDividendPaid", "2001-11-10", amount="6666.67")
    question = Question.ask(given(*CONVERTED, paid, REVOKED), parse_day("2001-11-30"))
    told = {one["name"]: one for one in figures(tree_of(question, "notice", "N-1"))}
    assert told["dividends unpaid"]["value"] == "$0.00" == tree_of(question, "due-on-conversion")["value"]
    assert told["dividends unpaid"]["readings"] == ["revocation-restores"]
    assert told["dividends due"]["value"] == "$57,500.00"
    assert told["Common due"]["working"] == "whole shares; revoked since, and due no more"


NOTICES = (
    ("N-1", "2001-07-12"),
    ("N-2", "2001-11-07"),
    ("N-2", "2001-11-13"),
    ("N-3", "2002-01-18"),
    ("N-4", "2002-08-13"),
)


@pytest.mark.parametrize(("notice", "day"), NOTICES)
def test_the_days_counted_end_on_the_deadline(notice: str, day: str, tale: Book) -> None:
    """Day by day from the day after receipt, without a gap, the third business day is the deadline's."""
    deadline = part_of(tree_of(Question.ask(tale, parse_day(day)), "notice", notice), "delivery deadline")
    days = [date.fromisoformat(part["name"].split()[-1]) for part in deadline["parts"]]
    received = re.search(r"received \w+ (\S+)", deadline["working"])
    assert received
    first = date.fromisoformat(received[1]) + timedelta(days=1)
    assert days == [first + timedelta(days=number) for number in range(len(days))]
    counted = [part["value"] for part in deadline["parts"] if part["value"].startswith("business day")]
    assert counted == ["business day 1", "business day 2", "business day 3"]
    assert deadline["parts"][-1]["value"] == counted[-1]
    assert deadline["value"].split()[1:] == [days[-1].isoformat(), "17:00:00"]


def test_a_weekend_and_a_holiday_are_not_counted_and_say_why(tale: Book) -> None:
    """N-2's originals came on Wednesday 7 November 2001: the weekend and Veterans Day lie before Tuesday the 13th."""
    deadline = part_of(tree_of(Question.ask(tale, parse_day("2001-11-12")), "notice", "N-2"), "delivery deadline")
    assert [(part["name"], part["value"].split(": ")[0]) for part in deadline["parts"]] == [
        ("Thursday 2001-11-08", "business day 1"),
        ("Friday 2001-11-09", "business day 2"),
        ("Saturday 2001-11-10", "no business day"),
        ("Sunday 2001-11-11", "no business day"),
        ("Monday 2001-11-12", "no business day"),
        ("Tuesday 2001-11-13", "business day 3"),
    ]
    assert "Veterans Day" in deadline["parts"][4]["value"]


def test_a_reading_is_explained_with_what_the_others_would_move_here() -> None:
    """Another day count moves the accrual of this ledger from $82,166.67 to $82,438.36 or $83,583.33."""
    figure = tree_of(Question.ask(given(issued()), parse_day("2001-06-10")), "reading", "day-count")
    moved = {part["name"]: part["value"] for part in part_of(figure, "under 'Actual/365 Fixed'")["parts"]}
    assert (figure["value"], moved["dividends.accrued_unpaid"]) == ("30/360 US", "82166.67 -> 82438.36")


@pytest.mark.parametrize("what", ["conversion-rate", "accrued-dividends", "votes", "dividend 2001-09-10", "notice N-2"])
def test_the_text_says_what_the_tree_says(what: str, tale: Book) -> None:
    """Name, value, clause, entries, arithmetic, working and readings stand in the text, in the tree's order.

    The sale that was found after the first sale had been recorded, entry 32, is marked wherever it is cited.
    """
    name, _, which = what.partition(" ")
    figure = explained(Question.ask(tale, parse_day("2001-11-12")), name, which or None)
    text, at = "\n".join(figure.lines(tale.late)), 0
    for one in figures(json.loads(json.dumps(figure.tree(tale.late)))):
        at = text.index(f"{one['name']} = {one['value']}  {one['clause']}", at)
        cited = re.search(r"  \[(entry [^]\n]*)\]$", text[at:].partition("\n")[0])
        by = [f"entry {number}{' (late)' if number == 32 else ''}" for number in one["entries"]]
        assert (cited[1].split(", ") if cited else []) == by
        assert one["late"] == [number for number in one["entries"] if number == 32]
        arithmetic = one.get("arithmetic", "")
        for said in (arithmetic if " " in arithmetic else "", one.get("rounded", ""), one["working"]):
            at = text.index(said, at)
        assert all(reading in text[at:] for reading in one["readings"])


def test_a_number_changed_in_print_is_noticed(tale: Book) -> None:
    """Redoing the arithmetic is no formality: whichever number of it is altered, the value is another."""
    question = Question.ask(tale, parse_day("2001-11-12"))
    for what in ("accrued-dividends", "conversion-rate", "in-arrears", "common-outstanding", "liquidation-preference"):
        told = tree_of(question, what)
        changed = 0
        for one in figures(told):
            if re.fullmatch(r"[\d,.$%x/+ ()-]+", one.get("arithmetic", "")) and one["arithmetic"] != "0":
                before, one["arithmetic"] = one["arithmetic"], f"{one['arithmetic']} + $0.000001"
                with pytest.raises(AssertionError):
                    check(question, told)
                one["arithmetic"], changed = before, changed + 1
        assert changed


@pytest.mark.parametrize(
    ("value", "written"), [("1/3", "0.333333..."), ("-1/3", "-0.333333..."), ("-2/3", "-0.666666...")]
)
def test_dots_follow_digits_that_are_so(value: str, written: str) -> None:
    """Where no finite decimal is equal the digits before the dots are the figure's own, below zero too."""
    assert shares(Fraction(value)) == written


# --- asking ---


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's ledger, recorded on 4 March 2003 at noon in New York."""
    path = tmp_path_factory.mktemp("demo") / "ledger.db"
    with freeze_time("2003-03-04T17:00:00Z"):
        assert CliRunner().invoke(captable, ["demo", "--ledger", str(path)]).exit_code == 0
    return path


def printed(ledger: Path, *words: str) -> str:
    """What `captable explain` prints."""
    result = CliRunner().invoke(captable, ["explain", *words, "--ledger", str(ledger)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_without_what_it_lists_what_can_be_explained(ledger: Path) -> None:
    """Nobody needs to know the names beforehand; each is told with what may be named beside it."""
    listed = json.loads(printed(ledger, "--json"))["explained"]
    assert [one["what"] for one in listed] == list(EXPLAINED)
    text = printed(ledger)
    assert all(f"{one['what']} {one['which']}".strip() in text and one["tells"] in text for one in listed)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("conversion-rat",), "Did you mean conversion-rate?"),
        (("everything",), "What can be explained: conversion-rate, outstanding, issued"),
        (("outstanding", "Holder C"), "It is asked as: captable explain outstanding."),
        (("votes-of", "Holder C"), "Did you mean votes?"),
        (("notice",), "It is asked as: captable explain notice ID."),
        (("redemption", "R-9"), "the ledger knows of R-1"),
        (("dividend", "2001-06-11"), "The nearest one is 2001-06-10."),
        (("dividend", "june"), "is not a day"),
        (("obligation", "0"), "numbered from 1"),
        (("finding", "999"), "numbered from 1"),
        (("reading", "day-cuont"), "Did you mean day-count?"),
        (("term", "stated_valeu"), "Did you mean stated_value?"),
        (("action", "A-99"), "Nothing is known of an action A-99."),
        (("shares", "Holder Z"), "Nothing is known of a holder Holder Z."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_explained_says_what_can(words: What, said: str, ledger: Path) -> None:
    """It exits 2 by its name, in three lines, with the list and a near match where there is one."""
    result = CliRunner().invoke(captable, ["explain", *words, "--as-of", "2003-05-01", "--ledger", str(ledger)])
    assert isinstance(result.exception, LedgerError)
    assert result.exception.exit_code == 2
    assert said in str(result.exception)
    assert len(str(result.exception).split("\n")) == 3


@pytest.mark.parametrize("what", ["finding", "obligation"])
def test_the_lists_are_numbered_as_explain_takes_them(what: str, ledger: Path) -> None:
    """Filtered or not, a finding or an obligation is listed under the number by which it is explained."""
    day = ("--as-of", "2003-05-01", "--ledger", str(ledger))
    filtered = {"finding": "--open", "obligation": "--overdue"}[what]
    whole, some = (CliRunner().invoke(captable, [f"{what}s", *more, *day]).output for more in ((), (filtered,)))
    numbered = {line for line in whole.split("\n") if re.match(r" *\d+  ", line)}
    assert {line.strip() for line in some.split("\n") if re.match(r" *\d+  ", line)} <= {
        one.strip() for one in numbered
    }
    for line in numbered:
        number, clause = line.split()[0], next(word for word in line.split() if word.startswith(("§", "record")))
        figure = json.loads(printed(ledger, what, number, "--as-of", "2003-05-01", "--json"))["figure"]
        assert figure["clause"].startswith(clause)
