"""The concordance: what of the ledger belongs to each clause of the certificate, read from the source when asked.

A term and a reading name their clause. Code cites it in the first line of a docstring; a test there or in its own name
(`test_s5e_...`); a kind of entry is a class of `ledger.events` that cites it. No list of these is kept, so none can be
stale: the source is the package's own, and its tests ship with it.
"""

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from ledger.entries import Entry
from ledger.events import KINDS
from ledger.moments import as_instant, write_moment
from ledger.readings.reading import Reading
from ledger.readings.registered import REGISTERED
from ledger.terms import Row
from ledger.terms_file import read_terms
from projections.certificate import Clause, cited, innermost, uncited
from projections.question import Question

LAW, EVENTS = "ledger/clauses/", "ledger/events.py"
APART = ("tests", "fixtures", "__pycache__")
"""Folders beside the code of an installed package that hold none of it."""

_NAMED = re.compile(r"test((?:_s\d+[a-z]*)+)_", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cited:
    """A piece of the source that cites some clauses: its name, its place, and what it says of itself."""

    clauses: frozenset[str]
    name: str
    file: str
    line: int
    says: str

    def data(self) -> dict[str, Any]:
        """The piece as JSON data."""
        return {"name": self.name, "file": self.file, "line": self.line, "says": self.says}


@dataclass(frozen=True, slots=True)
class Belonging:
    """Everything that belongs to one clause; `entries` is None where no ledger was asked, each is late or is not."""

    clause: Clause
    terms: dict[str, Row[Any]]
    readings: list[tuple[Reading, str]]
    code: list[Cited]
    tests: list[Cited]
    kinds: list[Cited]
    entries: list[tuple[int, Entry, bool]] | None

    def counts(self) -> dict[str, int | None]:
        """How much of each belongs to the clause; entries are None where no ledger was asked."""
        parts = (self.terms, self.readings, self.code, self.tests, self.kinds, self.entries)
        names = ("terms", "readings", "code", "tests", "kinds", "entries")
        return {name: None if part is None else len(part) for name, part in zip(names, parts, strict=True)}

    def data(self) -> dict[str, Any]:
        """What belongs to the clause, as JSON data."""
        terms = [{"term": name, **row.data()} for name, row in self.terms.items()]
        readings = [{"reading": one.id, "question": one.question, "taken": taken} for one, taken in self.readings]
        entries = [
            {"entry": number, "effective": write_moment(entry.effective), "event": entry.word, "late": late}
            for number, entry, late in self.entries or ()
        ]
        return {
            **self.clause.data(),
            "terms": terms,
            "readings": readings,
            "code": [one.data() for one in self.code],
            "tests": [one.data() for one in self.tests],
            "kinds": [one.data() for one in self.kinds],
            "entries": None if self.entries is None else entries,
        }

    def summed(self) -> dict[str, Any]:
        """The clause and how much belongs to it, as JSON data."""
        return {**self.clause.data(), **self.counts()}


def named(test: str) -> list[str]:
    """The ids a test's name cites: `test_s3ab_...` cites 3(a) and 3(b), `test_s4_s8_...` 4 and 8."""
    found = _NAMED.match(test)
    sections = re.findall(r"_s(\d+)([a-z]*)", found[1]) if found else []
    return [name for number, letters in sections for name in [f"{number}({one})" for one in letters] or [number]]


def sources(room: Traversable, path: str) -> Iterator[tuple[str, str]]:
    """Every module under a folder: its path, which begins as given, and its text."""
    for item in sorted(room.iterdir(), key=lambda item: item.name):
        if item.is_dir() and item.name not in APART:
            yield from sources(item, f"{path}/{item.name}")
        elif item.name.endswith(".py"):
            yield f"{path}/{item.name}", item.read_text(encoding="utf-8")


def where_tests_are() -> Traversable:
    """The tests: beside this module where the package is installed, in the checkout otherwise."""
    installed = resources.files("projections") / "tests"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "tests"


def pieces(node: ast.Module | ast.ClassDef, file: str, inside: str = "") -> Iterator[Cited]:
    """The classes, methods and functions of a module or class that cite a clause."""
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from piece(child, file, f"{inside}{child.name}", child.lineno)
        if isinstance(child, ast.ClassDef):
            yield from pieces(child, file, f"{inside}{child.name}.")


def piece(node: ast.Module | ast.ClassDef | ast.FunctionDef, file: str, name: str, line: int) -> Iterator[Cited]:
    """One piece of the source, if the first line of its docstring, or its name as a test, cites a clause."""
    first = (ast.get_docstring(node) or "").split("\n", 1)[0]
    clauses = innermost([*cited(first), *named(name)])
    if clauses:
        yield Cited(clauses, name, file, line, uncited(first))


@cache
def code() -> tuple[Cited, ...]:
    """The modules, classes and functions of the ledger and its projections that cite a clause, the law first."""
    found: list[Cited] = []
    for room in ("ledger", "projections"):
        for file, text in sources(resources.files(room), room):
            tree = ast.parse(text)
            found += [*piece(tree, file, file.rpartition("/")[2], 1), *pieces(tree, file)]
    return tuple(sorted(found, key=lambda one: not one.file.startswith(LAW)))


@cache
def tests() -> tuple[Cited, ...]:
    """The tests that cite a clause."""
    modules = [(file, ast.parse(text)) for file, text in sources(where_tests_are(), "tests") if "/test_" in file]
    return tuple(one for file, tree in modules for one in pieces(tree, file) if one.name.startswith("test_"))


def belonging(one: Clause, question: Question | None = None, *, entries: bool = True) -> Belonging:
    """What belongs to a clause itself, its parts apart; with a question, under its terms and with its entries.

    Without `entries` these are left out, which may be many.
    """
    terms = question.position.terms if question else read_terms()
    written = [own for own in code() if one.id in own.clauses]
    kinds = [own for own in written if own.file == EVENTS and own.name in KINDS]
    words = {own.name for own in kinds}
    return Belonging(
        one,
        {
            name: row if row.in_force_from else row._replace(in_force_from=terms.signed_on.value)
            for name, row in terms.rows().items()
            if _is_of(one, row.clause)
        },
        [(own, terms.readings.get(own.id, own.taken)) for own in REGISTERED.values() if _is_of(one, own.clause)],
        [own for own in written if own not in kinds],
        [own for own in tests() if one.id in own.clauses],
        kinds,
        _entries(question, words) if question and entries else None,
    )


def _entries(question: Question, words: Collection[str]) -> list[tuple[int, Entry, bool]]:
    """The entries of some kinds that took effect by the day asked about, in the order in which they did."""
    book = question.book
    facts = book.facts(book.facts_of(words, question.day))
    facts.sort(key=lambda fact: (as_instant(fact.entry.effective), fact.number))
    return [(fact.number, fact.entry, fact.number in book.late) for fact in facts]


def belonging_data(belongings: Sequence[Belonging], *, summed: bool) -> dict[str, Any]:
    """The data of an answer on clauses: what belongs to each, or how much of it."""
    return {"clauses": [one.summed() if summed else one.data() for one in belongings]}


def _is_of(one: Clause, citation: str) -> bool:
    return one.id in innermost(cited(citation))
