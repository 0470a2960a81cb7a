"""§1 to §10 - The worked examples of fixtures/, redone by the ledger."""

import json
import re
import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from given import given, reading, record
from ledger.errors import FieldRefusal, LedgerError
from ledger.journal import read_journal
from ledger.moments import parse_day
from projections.asof import answer
from projections.findings.every import findings
from projections.liquidation import distribution
from projections.obligations import obligations
from projections.question import Question
from projections.votes import actions, votes

FIXTURES = Path(__file__).parent.parent / "fixtures"
EXAMPLES = sorted((FIXTURES / "examples").glob("*.toml"))

CLAUSES = "1 2 3 4 5a 5b 5c 5d 5e 5f 5g 5h 5i 5j 6 7 8a 8b 9 10"
"""The clauses that a reader finds worked out, each in an example of its own."""

KEYS = ("holder", "certificate", "notice", "redemption", "security", "finding", "action", "clause")
"""The fields by which a path picks an item of a list."""

ANSWERS: dict[str, Callable[[Question, dict[str, Any]], Any]] = {
    "asof": lambda question, asked: answer(question.book, question.day),
    "votes": lambda question, asked: votes(question),
    "actions": lambda question, asked: {"actions": actions(question)},
    "liquidation": lambda question, asked: distribution(
        question, Fraction(asked["assets"]) if "assets" in asked else None
    ),
    "obligations": lambda question, asked: {
        "obligations": [one.data(question.book.late) for one in obligations(question)]
    },
    "findings": lambda question, asked: {"findings": [one.data(question.book.late) for one in findings(question)]},
}
"""What an example may ask: `asof` unless it names another; `findings` are all there were, put right or not."""


def example(path: Path) -> dict[str, Any]:
    """§1 to §10 - A worked example as its file has it."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def journal(text: str) -> list[dict[str, Any]]:
    """§1 to §10 - The lines of a journal, each first read as strictly as `captable record` reads it."""
    assert list(read_journal(text.splitlines(), "the example"))
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def at(tree: Any, path: str) -> Any:
    """§1 to §10 - What an answer holds at a path: `preferred.holders[Holder A].votes`, `conversion_rate.into[0]`."""
    for name, key in re.findall(r"([^.\[\]]+)|\[([^\]]*)\]", path):
        if isinstance(tree, dict):
            assert name in tree, f"{path}: there is no {name} among {', '.join(tree)}"
            tree = tree[name]
        else:
            found = [item for item in tree if key in (item.get(field) for field in KEYS)]
            assert key.isdigit() or len(found) == 1, f"{path}: {len(found)} items answer to {key}"
            tree = tree[int(key)] if key.isdigit() else found[0]
    return tree


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_ledger_agrees_with_the_worked_example(path: Path) -> None:
    """§1 to §10 - Every figure worked out by hand from the certificate is the ledger's, to the last digit."""
    told = example(path)
    lines = journal(told["given"])
    terms = reading(**told.get("readings", {}))
    if "refused" in told:
        book = given(*lines[:-1], terms=terms)
        with pytest.raises(LedgerError) as refusal:
            record(book, lines[-1])
        assert refusal.value.name == told["refused"]
        assert book.position == given(*lines[:-1], terms=terms).position
        return
    book = given(*lines, terms=terms)
    for asked in told["asked"]:
        answered = ANSWERS[asked.get("answer", "asof")](Question.ask(book, parse_day(asked["day"])), asked)
        assert {path: at(answered, path) for path in asked["expected"]} == asked["expected"], asked["day"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_worked_example_states_its_proposition_and_shows_its_working(path: Path) -> None:
    """§1 to §10 - An example names a clause, asks something, and shows the arithmetic or the reason of a refusal."""
    told = example(path)
    assert told["title"]
    assert path.stem.split("-")[0] == re.sub(r"§(\d+)(\((\w)\))?.*", r"s\1\3", told["clause"])
    if "refused" in told:
        assert told["because"].strip()
        assert "asked" not in told
    else:
        assert all(asked["working"].strip() and asked["expected"] for asked in told["asked"])


def test_every_clause_of_the_certificate_has_a_worked_example() -> None:
    """§1 to §10 - Whoever reads a clause finds at least one example that works it out."""
    assert {path.stem.split("-")[0] for path in EXAMPLES} >= {f"s{clause}" for clause in CLAUSES.split()}


def test_a_float_in_a_worked_example_would_be_refused() -> None:
    """§1 to §10 - The examples are read as strictly as any journal."""
    with pytest.raises(FieldRefusal):
        journal('{"event": "CommonSharesIssued", "effective": "2001-10-01", "shares": "1", "cash": 0.4}')
