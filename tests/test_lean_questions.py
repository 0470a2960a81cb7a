"""Whoever only asks does not wait for what records: what a question imports, and a ledger file opened to be asked."""

import subprocess
import sys
from datetime import timedelta
from inspect import cleandoc
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import BashComplete

from given import COMMON, FIRST_RECORDED, SERIES_H, issued, reading
from ledger.application import Ledger
from ledger.errors import (
    LedgerMustBeALedger,
    LedgerMustBeWritable,
    LedgerMustExist,
    RecordMustBeReadable,
)
from ledger.moments import parse_day
from ledger.opened import opened
from ledger.terms import Terms
from on_file import altered, begun, record
from projections.command_line import captable
from projections.commands.listed import LISTED, Commands

COMMANDS = ("projections.commands.questions", "projections.commands.company")
ASKED = ("projections.asof", "projections.command_line", *COMMANDS, "ledger.opened")
LIBRARIES = {"pydantic", "eventsourcing", "sqlite_utils", "tabulate", "holidays", "cryptography"}
HEAVY = {"importlib.metadata", "importlib.resources", "tempfile", "hashlib", "ledger.events", "ledger.fields"}


@pytest.mark.parametrize("module", ASKED)
def test_a_question_imports_nothing_that_only_a_recording_needs(module: str) -> None:
    """Neither what reads strictly from outside, nor the event store, nor tables, nor a calendar of all the world."""
    said = subprocess.run(
        [sys.executable, "-c", f"import {module}, sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    loaded = set(said.stdout.split())
    assert module in loaded
    assert not {one for one in loaded if one.partition(".")[0] in LIBRARIES} | (loaded & HEAVY)


@pytest.mark.parametrize("name", LISTED)
def test_a_command_is_listed_under_its_name_with_its_own_sentence(name: str) -> None:
    """Help lists commands without importing them: what it says of each is what each says of itself first."""
    command = Commands()[name]
    assert command.name == name
    assert " ".join(cleandoc(command.help or "").split("\n\n")[0].split()) == LISTED[name].sentence


def test_help_lists_the_commands_in_the_order_of_their_names() -> None:
    """The table stands as help shows it."""
    assert list(LISTED) == sorted(LISTED)
    assert len(Commands()) == len(LISTED)


def test_a_shell_completes_commands_and_their_options() -> None:
    """Completion finds the commands by name, and imports those whose options it is asked for."""
    complete = BashComplete(captable, {}, "captable", "_CAPTABLE_COMPLETE")
    assert [one.value for one in complete.get_completions([], "re")] == [name for name in LISTED if name[:2] == "re"]
    assert "--known-at" in [one.value for one in complete.get_completions(["asof"], "--")]


def test_help_imports_no_command() -> None:
    """`captable --help` is as quick as the page it prints."""
    program = "import sys\nfrom projections.command_line import captable\ncaptable(['--help'], standalone_mode=False)"
    said = subprocess.run(
        [sys.executable, "-c", f"{program}\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    assert "Show everything that was so at the end of a day" in said.stdout
    assert "projections.commands.questions" not in said.stdout.split()


# --- terms as they were recorded --------------------------------------------------------------------------------------


@pytest.mark.parametrize("terms", [SERIES_H, reading(day_count="Actual/360", votes="every share")], ids=str)
def test_terms_are_taken_back_as_they_were_recorded(terms: Terms) -> None:
    """What was read strictly once is the same terms again without being read so."""
    assert Terms.of(terms.data()) == terms


AMENDED: dict[str, Any] = {
    "signed_on": "2001-05-01",
    "stated_value": 1100,
    "dividend_rate": "0.12",
    "dividend_payment_days": ["12-01", "06-01"],
    "business_opens": "08:30",
    "business_place": "Tampa, Florida",
    "delivery_business_days": 5,
    "stock_issued_later": ["Series I", "Series K"],
}


def test_s8b_amended_terms_hold_values_of_their_kinds() -> None:
    """An amendment's values are taken as they stand in its entry, and are the same as in a file of terms."""
    amended = SERIES_H.amended(AMENDED, parse_day("2002-01-01"))
    rows = amended.rows()
    assert {name: rows[name].data() for name in AMENDED} == {
        name: {
            "value": {"stated_value": "1100", "dividend_payment_days": ["06-01", "12-01"]}.get(name, value),
            "clause": SERIES_H.rows()[name].clause,
            "from": "2002-01-01",
        }
        for name, value in AMENDED.items()
    }
    assert Terms.of(amended.data()).rows() == rows
    assert (amended.before, amended.on(parse_day("2001-12-31"))) == (SERIES_H, SERIES_H)


def changed(**rows: Any) -> dict[str, Any]:
    """The terms as data with something else in a place."""
    return {**SERIES_H.data(), **rows}


@pytest.mark.parametrize(
    "data",
    [
        {},
        changed(schema="captable/terms/2"),
        changed(title=5),
        changed(stated_value="1000"),
        changed(stated_value={"value": 1000}),
        changed(stated_value={"value": "much", "clause": "§1"}),
        changed(stated_value={"value": "1/0", "clause": "§1"}),
        changed(stated_value={"value": 1000.5, "clause": "§1"}),
        changed(stated_value={"value": "1000", "clause": None}),
        changed(stated_value={"value": "1000", "clause": "§1", "from": "soon"}),
        changed(business_opens={"value": "25:00", "clause": "§5(f)(i)"}),
        changed(delivery_business_days={"value": "3", "clause": "§5(f)(i)"}),
        changed(dividend_payment_days={"value": ["June"], "clause": "§2"}),
        changed(stock_issued_later={"value": "Series K", "clause": "§2"}),
        changed(readings={"day-count": "30/365"}),
        changed(readings={"weather": "fair"}),
        changed(readings=None),
        [],
    ],
    ids=str,
)
def test_what_holds_no_terms_is_a_value_error(data: Any) -> None:
    """A damaged entry is found out, and ends in no traceback of another kind."""
    with pytest.raises(ValueError, match=r"."):
        Terms.of(data)


# --- a ledger file opened to be asked ---------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of five entries, and a tag."""
    path = begun(tmp_path / "ledger.db", COMMON, issued("10"), issued("20", "H-2"), issued("30", "H-3"))
    with Ledger.open(path) as ledger:
        ledger.tag("day", parse_day("2001-12-31"))
    return path


def test_what_is_opened_to_be_asked_says_what_the_ledger_says(path: Path) -> None:
    """Terms, head and tags are the same, with the event store or without, as known at every moment."""
    with Ledger.open(path) as ledger, opened(path) as asked:
        assert asked.terms == ledger.book.terms
        assert asked.tags() == ledger.tags()
        moments = [ledger.book.begun, *(item.recorded for item in ledger.book.record)]
        assert [asked.recorded(number) for number in range(1, 6)] == moments
        ticks = [moment + timedelta(microseconds=tick) for moment in moments for tick in (-1, 0, 1)]
        for known_at in (None, FIRST_RECORDED, *ticks):
            assert asked.head(known_at) == ledger.head(known_at)
            assert asked.last(known_at) == ledger.book.known(known_at).last


def test_what_is_opened_to_be_asked_is_the_file_at_one_moment_and_cannot_be_written(path: Path) -> None:
    """Whoever records meanwhile is not seen, and nobody records this way."""
    with opened(path) as asked:
        assert asked.last() == 5
        record(path, issued("40", "H-4"))
        assert asked.last() == 5
    with pytest.raises(LedgerMustBeWritable), opened(path) as asked:
        asked.rows.published.execute("DELETE FROM tags")
    with opened(path) as asked:
        assert asked.last() == 6


def test_what_is_no_ledger_is_not_opened(tmp_path: Path) -> None:
    """The same checks as for whoever records."""
    with pytest.raises(LedgerMustExist), opened(tmp_path / "none.db"):
        pass
    (tmp_path / "text.db").write_text("no ledger", encoding="utf-8")
    with pytest.raises(LedgerMustBeALedger), opened(tmp_path / "text.db"):
        pass


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("DELETE FROM stored_events WHERE originator_version = 1", LedgerMustBeALedger),
        ("UPDATE stored_events SET topic = 'Terms' WHERE originator_version = 1", LedgerMustBeALedger),
        ("UPDATE stored_events SET state = x'00' WHERE originator_version = 1", RecordMustBeReadable),
        ("UPDATE stored_events SET state = CAST('{\"says\": 1}' AS BLOB)", RecordMustBeReadable),
        ("ALTER TABLE stored_events RENAME COLUMN topic TO word", LedgerMustBeALedger),
    ],
)
def test_terms_that_are_damaged_are_told_in_words(path: Path, statement: str, error: type[Exception]) -> None:
    """What stands where the terms should be is no reason for a traceback."""
    altered(path, statement)
    with pytest.raises(error), opened(path) as asked:
        print(asked.terms)
