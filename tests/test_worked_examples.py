"""§1 to §10 - The worked examples of fixtures/, redone by the ledger."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from given import given, reading, record
from ledger.errors import FieldRefusal, LedgerError
from ledger.journal import read_journal
from ledger.moments import parse_day
from projections.asof import answer

FIXTURES = Path(__file__).parent.parent / "fixtures"
EXAMPLES = sorted((FIXTURES / "examples").glob("*.toml"))

KEYS = ("holder", "certificate", "notice", "redemption", "security", "finding")
"""The fields by which a path picks an item of a list."""


def example(path: Path) -> dict[str, Any]:
    """§1 to §7 - A worked example as its file has it."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def journal(text: str) -> list[dict[str, Any]]:
    """§1 to §7 - The lines of a journal, each first read as strictly as `captable record` reads it."""
    assert list(read_journal(text.splitlines(), "the example"))
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def at(tree: Any, path: str) -> Any:
    """§1 to §7 - What an answer holds at a path: `preferred.holders[Holder A].votes`, `conversion_rate.into[0]`."""
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
    """§1 to §7 - Every figure worked out by hand from the certificate is the ledger's, to the last digit."""
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
        answered = answer(book, parse_day(asked["day"]))
        assert {path: at(answered, path) for path in asked["expected"]} == asked["expected"], asked["day"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_worked_example_states_its_proposition_and_shows_its_working(path: Path) -> None:
    """§1 to §7 - An example names a clause, asks something, and shows the arithmetic or the reason of a refusal."""
    told = example(path)
    assert told["title"]
    assert path.stem.split("-")[0] == re.sub(r"§(\d+)(\((\w)\))?.*", r"s\1\3", told["clause"])
    if "refused" in told:
        assert told["because"].strip()
        assert "asked" not in told
    else:
        assert all(asked["working"].strip() and asked["expected"] for asked in told["asked"])


def test_every_subject_of_the_certificate_has_a_worked_example() -> None:
    """§2 §5 §6 - Dividends, conversion, adjustment, its exercise and redemption are each worked out for a reader."""
    assert 14 <= len(EXAMPLES) <= 20
    assert {path.stem.split("-")[0] for path in EXAMPLES} >= {"s2", "s5a", "s5b", "s5c", "s5e", "s5f", "s6"}


def test_a_float_in_a_worked_example_would_be_refused() -> None:
    """§1 to §7 - The examples are read as strictly as any journal."""
    with pytest.raises(FieldRefusal):
        journal('{"event": "CommonSharesIssued", "effective": "2001-10-01", "shares": "1", "cash": 0.4}')
