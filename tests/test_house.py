"""The house itself: who may import whom, where the law is cited, and what stands in one place only."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from ledger import refusals
from ledger.errors import LedgerError, Refusal
from ledger.events import KINDS
from ledger.position.fold import EFFECTS
from ledger.readings.registered import REGISTERED
from ledger.terms_file import read_terms

HERE = Path(__file__).parent.parent
LEDGER, PROJECTIONS = sorted((HERE / "ledger").rglob("*.py")), sorted((HERE / "projections").rglob("*.py"))
MODULES = [*LEDGER, *PROJECTIONS]
CLAUSES = [module for module in (HERE / "ledger" / "clauses").glob("*.py") if module.name != "__init__.py"]


def name(module: Path) -> str:
    """A module's path in the house."""
    return str(module.relative_to(HERE))


@cache
def imported(module: Path) -> set[str]:
    """The modules a module imports, by their full names."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("module", LEDGER, ids=name)
def test_the_write_side_never_imports_the_read_side(module: Path) -> None:
    """What was recorded does not depend on how it is shown: move what both need into `ledger`."""
    assert not [other for other in imported(module) if other.split(".")[0] == "projections"]


def test_the_second_ledger_shares_no_code_with_the_first() -> None:
    """What the model knows and tells it has from the certificate: nothing it imports, however far, is the program's."""
    tests = HERE / "tests"
    reached, ahead = (
        set[str](),
        ["stateful.second", "stateful.view", "stateful.teller", "stateful.wrong", "stateful.whole"],
    )
    ahead += ["stateful.answers", "stateful.record_answers"]
    while ahead:
        reached.add(module := ahead.pop())
        file = tests / f"{module.replace('.', '/')}.py"
        ahead += imported(file) - reached if file.is_file() else ()
    assert not [module for module in reached if module.split(".")[0] in ("ledger", "projections")]
    assert {"naive", "stateful.impossible", "stateful.second_books", "stateful.things"} <= reached


@pytest.mark.parametrize("module", CLAUSES, ids=name)
def test_the_law_is_pure_and_opens_with_its_clause(module: Path) -> None:
    """A clause is arithmetic under its own number: no clock, no store, no events in `clauses`."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert re.match(r"§\d", ast.get_docstring(tree) or "")
    allowed = ("ledger.clauses", "ledger.terms", "ledger.moments", "ledger.figures", "ledger.exact")
    assert all(other.startswith(allowed) for other in imported(module) if other.startswith("ledger"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            assert re.match(r"§\d", ast.get_docstring(node) or ""), f"{node.name} cites no clause in its first line"


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_module_is_one_idea_of_at_most_350_lines_with_no_float(module: Path) -> None:
    """A file that outgrows this holds two ideas: part them. A float has no place near a quantity."""
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 350
    tree = ast.parse(text)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert "float" not in [called.id for called in calls if isinstance(called, ast.Name)]


@pytest.mark.parametrize(
    ("library", "most"),
    [("eventsourcing", 4), ("psycopg", 3), ("sqlite_utils", 1), ("holidays", 0)],
    ids=str,
)
def test_a_library_below_is_met_in_few_places(library: str, most: int) -> None:
    """A library that must be exchanged one day is exchanged in one or two modules."""
    users = [name(module) for module in MODULES if any(other.split(".")[0] == library for other in imported(module))]
    assert len(users) <= most, users


def test_a_question_on_the_command_line_meets_no_web_framework() -> None:
    """The page is one way to ask among others: only `projections/page` imports what it is made with."""
    for module in MODULES:
        found = {other.split(".")[0] for other in imported(module)} & {
            "flask",
            "jinja2",
            "werkzeug",
            "waitress",
            "argon2",
        }
        assert not found or name(module).startswith("projections/page/"), (name(module), found)
    program = "import sys, projections.commands.questions, projections.commands.serve; print(*sys.modules)"
    met = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "projections.commands.serve" in met
    assert not {"flask", "jinja2", "werkzeug", "waitress", "argon2"} & set(met)


def test_no_number_of_the_certificate_stands_outside_its_terms() -> None:
    """Each number of the certificate is written once, in the terms file: read it from the terms instead."""
    peculiar = re.compile(r"(?<![\w.§])(5_?100|1_?000_?000|1388\.89|0\.72|0\.10)(?![\w.])")
    for module in MODULES:
        tree = ast.parse(module.read_text(encoding="utf-8"))
        numbers = [
            str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is int
        ]
        found = [number for number in numbers if peculiar.fullmatch(number) and name(module) != "ledger/journal.py"]
        assert not found, name(module)


def test_every_term_names_its_clause() -> None:
    """A number of the certificate is data with an address."""
    rows = read_terms().rows().values()
    assert len(rows) == 22
    assert all(row.clause.startswith(("§", "recital", "signature")) for row in rows)


def test_every_reading_that_the_code_names_is_registered() -> None:
    """An explanation never rests on a reading that counsel cannot look up."""
    for module in PROJECTIONS:
        for named in re.findall(r"readings=\(([^)]*)\)", module.read_text(encoding="utf-8")):
            assert set(re.findall(r'"([a-z-]+)"', named)) <= set(REGISTERED)


def test_every_kind_of_entry_has_an_effect() -> None:
    """No kind of entry is recorded and then ignored; corrections and voidings act on the record itself."""
    folded = {kind.__name__ for kind in EFFECTS} & set(KINDS)
    assert folded | {"EntryCorrected", "EntryVoided"} == set(KINDS)
    assert len(KINDS) == 36


def test_every_refusal_is_raised_by_name_in_some_test() -> None:
    """A rule that no test breaks is a rule nobody has seen kept."""
    tests = "".join(module.read_text(encoding="utf-8") for module in (HERE / "tests").glob("test_*.py"))
    rules = [rule for rule in vars(refusals).values() if isinstance(rule, type) and issubclass(rule, Refusal)]
    for rule in rules:
        if rule is not Refusal:
            assert f'"{LedgerError.name.fget(rule.__new__(rule))}"' in tests, rule.__name__  # type: ignore[attr-defined]


def test_the_top_level_is_what_it_is_meant_to_be() -> None:
    """Nothing gathers beside the rooms."""
    allowed = {"pyproject.toml", "ledger", "projections", "tests", "fixtures", "README.md"}
    kept_by_git = {path.name for path in HERE.iterdir() if not path.name.startswith(".")}
    assert allowed <= kept_by_git
    assert not {
        path
        for path in kept_by_git - allowed
        if not path.endswith((".db", ".db-shm", ".db-wal", ".db.head", ".db.lock")) and path not in ("build", "dist")
    }
