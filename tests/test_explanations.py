"""An explanation's value is the answer's, and whoever redoes its arithmetic on paper gets that value."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from ledger.figures import shares
from projections.command_line import main

DAYS = (
    "2001-04-12",
    "2001-06-09",
    "2001-06-11",
    "2001-07-13",
    "2001-08-31",
    "2001-11-05",
    "2001-11-12",
    "2001-11-14",
    "2002-01-16",
    "2002-02-28",
    "2002-09-10",
    "2003-02-03",
    "2003-04-01",
    "2004-02-29",
    "2100-12-31",
)
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's ledger, recorded on 4 March 2003 at noon in New York."""
    path = tmp_path_factory.mktemp("demo") / "ledger.db"
    with freeze_time("2003-03-04T17:00:00Z"):
        said("demo", "--ledger", str(path))
    return path


def said(*words: str) -> str:
    """What a command prints that is done."""
    printed, sys.stdout = sys.stdout, StringIO()
    try:
        with pytest.raises(SystemExit) as left:
            main(words)
        out = sys.stdout.getvalue()
    finally:
        sys.stdout = printed
    assert left.value.code == 0
    return out


@pytest.fixture
def ask(ledger: Path) -> Ask:
    """Ask the demo's ledger for JSON."""
    return lambda *words: json.loads(said(*words, "--json", "--ledger", str(ledger)), parse_float=pytest.fail)


@pytest.fixture
def explain(ask: Ask) -> Ask:
    """The figure that explains something on a day."""
    return lambda day, *what: ask("explain", *what, "--as-of", day)["figure"]


def number(text: str) -> Fraction:
    """The first number a text writes for people: `$102,777.78`, `1,388.89 a share`, `10%`."""
    found = re.search(r"-?\$?\d[\d,]*(\.\d+)?", text)
    assert found, text
    value = Fraction(re.sub(r"[$,]", "", found[0]))
    return value / 100 if text[found.end() :].startswith("%") else value


def exactly(text: str) -> Fraction:
    """The fraction a working gives as exact."""
    found = re.search(r"exactly (-?\d+(/\d+)?)", text)
    assert found, text
    return Fraction(found[1])


def cents(value: Fraction) -> Fraction:
    """Dollars rounded half up to the cent."""
    return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)


def figures(figure: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A figure and all that it is made of."""
    yield figure
    for part in figure["parts"]:
        yield from figures(part)


def named(figure: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The parts of a figure whose name begins so."""
    return [part for part in figures(figure) if part["name"].startswith(name)]


@pytest.mark.parametrize("day", DAYS)
def test_an_explained_figure_is_the_figure_of_the_answer(day: str, ask: Ask, explain: Ask) -> None:
    """The rate, the shares, the dividends of the series and of each holder: one value, asked for or explained."""
    answer = ask("asof", day)
    rate = explain(day, "conversion-rate")
    assert number(rate["value"]) == Fraction(answer["conversion_rate"]["per_share"])
    assert number(explain(day, "outstanding")["value"]) == Fraction(answer["preferred"]["outstanding"])
    series = explain(day, "accrued-dividends")
    assert number(series["value"]) == Fraction(answer["dividends"]["accrued_unpaid"]["amount"])
    assert exactly(series["working"]) == Fraction(answer["dividends"]["accrued_unpaid"]["exact"])
    for holder in answer["preferred"]["holders"]:
        figure = explain(day, "accrued-dividends", holder["holder"])
        assert number(figure["value"]) == Fraction(holder["accrued_dividends"]["amount"])
        assert exactly(figure["working"]) == Fraction(holder["accrued_dividends"]["exact"])


@pytest.mark.parametrize("day", DAYS)
def test_the_arithmetic_of_a_dividend_recomputes_to_its_value(day: str, explain: Ask) -> None:
    """Shares x $1,000.00 x 10% x days / 360, less every payment, is a certificate's; their sum is the series'."""
    series = explain(day, "accrued-dividends")
    certificates = [part for part in series["parts"] if part["name"].startswith("certificate")]
    total = Fraction(0)
    for certificate in certificates:
        [accrued] = named(certificate, "accrued")
        factors = accrued["working"].split(" (")[0].split(" x ")
        assert [factors[1], factors[2]] == ["$1,000.00", "10%"]
        count, year = factors[3].split(" / ")
        due = number(factors[0]) * number(factors[1]) * number(factors[2]) * Fraction(count) / Fraction(year)
        assert number(accrued["value"]) == cents(due)
        paid = sum((exactly(part["working"]) for less in named(certificate, "less") for part in less["parts"]), 0)
        assert due - paid == exactly(certificate["working"])
        assert number(certificate["value"]) == cents(due - paid)
        total += due - paid
    assert total == exactly(series["working"])


def test_the_first_dividend_is_5100_shares_and_58_days(explain: Ask) -> None:
    """3,000 and 2,100 shares from 12 April to 10 June 2001: $82,166.67, by 30/360."""
    figure = explain("2001-06-10", "accrued-dividends")
    assert figure["value"] == "$82,166.67"
    assert "3,000 shares x $1,000.00 x 10% x 58 / 360" in named(figure, "accrued")[1]["working"]
    assert "2,100 shares x $1,000.00 x 10% x 58 / 360" in named(figure, "accrued")[2]["working"]


@pytest.mark.parametrize("day", DAYS)
def test_the_arithmetic_of_the_rate_recomputes_to_its_value(day: str, ask: Ask, explain: Ask) -> None:
    """1,388.89, times each (O + N) / (O + C / $0.72) and each split as printed, is the exact rate of the answer."""
    figure = explain(day, "conversion-rate")
    rate = number(named(figure, "at issuance")[0]["value"])
    assert rate == Fraction("1388.89")
    for step in named(figure, "from "):
        if step["clause"] == "§5(c)":
            over, under = step["working"].split(",")[0].removeprefix("x ").split(" / ")
            rate *= number(over) / number(under)
        else:
            [numerator], [denominator] = named(step, "numerator"), named(step, "denominator")
            base, sold = map(number, numerator["working"].split(" + "))
            outstanding, money = denominator["working"].split(" = ")[0].split(" + ")
            received, threshold = map(number, money.split(" / "))
            assert (base, threshold) == (number(outstanding), Fraction("0.72"))
            assert number(numerator["value"]) == base + sold
            rate *= (base + sold) / (base + received / threshold)
        assert abs(number(step["value"]) - rate) <= Fraction(1, 2_000_000)
        assert step["entries"]
    assert rate == Fraction(ask("asof", day)["conversion_rate"]["exact"])


@pytest.mark.parametrize("day", DAYS)
def test_the_entries_of_the_outstanding_shares_sum_to_them(day: str, ask: Ask, explain: Ask) -> None:
    """Issued less converted, redeemed and reacquired, and every entry's own movement, both come to the value."""
    figure = explain(day, "outstanding")
    issued, *gone = (number(term) for term in figure["working"].split(" - "))
    moved = sum(
        (number(part["value"].lstrip("+-")) * (-1) ** part["value"].startswith("-")) for part in figure["parts"]
    )
    assert number(figure["value"]) == issued - sum(gone) == moved
    for part in figure["parts"]:
        [entry] = part["entries"]
        story = ask("show", str(entry), "--as-of", "2003-12-31")
        assert part["name"].startswith((story["event"], "ConversionDate"))


NOTICES = (
    ("N-1", "2001-07-12"),
    ("N-2", "2001-11-07"),
    ("N-2", "2001-11-13"),
    ("N-3", "2002-01-18"),
    ("N-4", "2002-08-13"),
    ("N-5", "2003-04-02"),
    ("N-5", "2100-12-31"),
)


@pytest.mark.parametrize(("notice", "day"), NOTICES)
def test_a_notice_is_explained_as_it_is_answered(notice: str, day: str, ask: Ask, explain: Ask) -> None:
    """Its state, Conversion Date, deadline, Common and dividends due are those of the answer."""
    [answer] = [one for one in ask("asof", day)["pending_conversions"] if one["notice"] == notice]
    figure = explain(day, "notice", notice)
    said = {part["name"]: part["value"] for part in figures(figure)}
    assert figure["value"] == answer["status"]
    assert said["Conversion Date"].split(" ", 1)[1] == answer["conversion_date"][:19].replace("T", " ")
    assert said["delivery deadline"].split(" ", 1)[1] == answer["delivery_deadline"][:19].replace("T", " ")
    assert number(said["Common due"]) == Fraction(answer["common_due"])
    assert number(said["dividends due"]) == Fraction(answer["dividends_due"]["amount"])


@pytest.mark.parametrize(("notice", "day"), NOTICES)
def test_the_days_counted_end_on_the_deadline(notice: str, day: str, explain: Ask) -> None:
    """Day by day from the day after receipt, without a gap, the third business day is the deadline's."""
    [deadline] = named(explain(day, "notice", notice), "delivery deadline")
    days = [date.fromisoformat(part["name"].split()[-1]) for part in deadline["parts"]]
    received = re.search(r"received \w+ (\S+)", deadline["working"])
    assert received
    first = date.fromisoformat(received[1]) + timedelta(days=1)
    assert days == [first + timedelta(days=number) for number in range(len(days))]
    assert days[-1].isoformat() == deadline["value"].split()[1]
    counted = [part["value"] for part in deadline["parts"] if part["value"].startswith("business day")]
    assert counted == ["business day 1", "business day 2", "business day 3"]
    assert deadline["parts"][-1]["value"] == counted[-1]
    assert deadline["value"].endswith("17:00:00")


def test_a_weekend_and_a_holiday_are_not_counted_and_say_why(explain: Ask) -> None:
    """N-2's originals came on Wednesday 7 November 2001: the weekend and Veterans Day lie before Tuesday the 13th."""
    [deadline] = named(explain("2001-11-12", "notice", "N-2"), "delivery deadline")
    assert [(part["name"], part["value"].split(": ")[0]) for part in deadline["parts"]] == [
        ("Thursday 2001-11-08", "business day 1"),
        ("Friday 2001-11-09", "business day 2"),
        ("Saturday 2001-11-10", "no business day"),
        ("Sunday 2001-11-11", "no business day"),
        ("Monday 2001-11-12", "no business day"),
        ("Tuesday 2001-11-13", "business day 3"),
    ]
    assert "Veterans Day" in deadline["parts"][4]["value"]


WHAT = (("conversion-rate",), ("accrued-dividends",), ("accrued-dividends", "Holder C"), ("outstanding",))


@pytest.mark.parametrize("what", [*WHAT, ("notice", "N-2")], ids=" ".join)
@pytest.mark.parametrize("day", ["2001-11-12", "2002-09-10"])
def test_the_text_says_what_the_tree_says(what: tuple[str, ...], day: str, ledger: Path, explain: Ask) -> None:
    """Every name, value, clause, entry, working and reading of the tree stands in the text, in the tree's order."""
    text, at = said("explain", *what, "--as-of", day, "--ledger", str(ledger)), 0
    for figure in figures(explain(day, *what)):
        line = f"{figure['name']} = {figure['value']}  {figure['clause']}"
        at = text.index(line, at)
        head = text[at:].split("\n")[0]
        assert [f"entry {entry}" for entry in figure["entries"]] == re.findall(r"entry \d+", head.removeprefix(line))
        if figure["working"]:
            at = text.index(figure["working"], at)
        assert all(reading in text[at:] for reading in figure["readings"])
    assert text.count(" = ") >= len(list(figures(explain(day, *what))))


@pytest.mark.parametrize("day", DAYS)
def test_every_reading_and_entry_that_an_explanation_names_is_there(day: str, ask: Ask, explain: Ask) -> None:
    """Nobody is sent to an entry the ledger does not have, nor to a reading that is not registered."""
    answer = ask("asof", day)
    for what in WHAT[:2]:
        for figure in figures(explain(day, *what)):
            assert set(figure["readings"]) <= set(answer["readings"])
            assert all(1 < entry <= answer["head"]["entry"] for entry in figure["entries"])
            assert figure["clause"].startswith("§")


@pytest.mark.parametrize(
    ("value", "written"), [("1/3", "0.333333..."), ("-1/3", "-0.333333..."), ("-2/3", "-0.666666...")]
)
def test_dots_follow_digits_that_are_so(value: str, written: str) -> None:
    """Where no finite decimal is equal the digits before the dots are the figure's own, below zero too."""
    assert shares(Fraction(value)) == written
