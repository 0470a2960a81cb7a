"""What a name may hold: what can be seen, in one way of writing it, so that two that look the same are one."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile.judged import judge_error
from hostile.test_lines import ALIKE
from ledger.errors import LedgerError
from ledger.journal import read_line


def line(holder: str, **more: str) -> str:
    """A journal line that names a holder."""
    return json.dumps({"event": "HolderRegistered", "effective": "2001-05-01", "holder": holder, **more})


def refused(holder: str, **more: str) -> str:
    """The name of the rule that a line breaks."""
    with pytest.raises(LedgerError) as refusal:
        read_line(line(holder, **more), "a line")
    judge_error(refusal.value)
    return refusal.value.name


UNSEEN = {
    "a delete": "\x7f",
    "a C1 control": "\x9b",
    "a soft hyphen": "\u00ad",
    "a no-break space": "\u00a0",
    "a grapheme joiner": "\u034f",
    "a Hangul filler": "\u3164",
    "an Arabic letter mark": "\u061c",
    "a zero width space": "\u200b",
    "a zero width joiner": "\u200d",
    "a mark of direction": "\u200f",
    "a line separator": "\u2028",
    "an override of direction": "\u202e",
    "an isolate": "\u2066",
    "an ideographic space": "\u3000",
    "a blank of Braille": "\u2800",
    "a variation selector": "\ufe0f",
    "an ideographic variation": "\U000e0100",
    "a byte order mark": "\ufeff",
    "an interlinear mark": "\ufff9",
    "private use": "\ue000",
    "no character": "\uffff",
    "unassigned": "\u0378",
    "a tag": "\U000e0041",
    "half a pair": "\udfff",
}


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN.keys())
def test_a_name_holds_nothing_that_cannot_be_seen(unseen: str) -> None:
    """Anywhere in it, and the refusal says which character it was."""
    for name in (f"Holder {unseen}A", f"{unseen}Holder A", f"Holder A{unseen}"):
        assert refused(name) == "name-must-be-printable"
    with pytest.raises(LedgerError, match=f"U\\+{ord(unseen):04X}"):
        read_line(line(unseen), "a line")


@pytest.mark.parametrize(
    "name", ["Socie\u0301te\u0301", "\u212b", "\u1112\u1161\u11ab", "\u0344", "A\u0323\u0307\u0301"]
)
def test_a_name_is_written_in_one_way(name: str) -> None:
    """An accent that stands apart looks like the letter that has it: only the composed form is taken."""
    assert refused(name) in ("name-must-be-composed", "name-must-be-printable")


@pytest.mark.parametrize("name", [" A", "A ", "Holder  A", " "])
def test_a_name_has_no_space_that_is_overlooked(name: str) -> None:
    """None at its ends, and no two in a row."""
    assert refused(name) == "name-must-be-evenly-spaced"


@pytest.mark.parametrize(
    "name",
    [
        "Société Générale",
        "株式会社",
        "Ж",
        "한",
        "Πέτρος",
        "ابن سينا",
        "=cmd()",
        "O'Neill & Sons, Inc.",
        "é" * 200,
        "名",
    ],
)
def test_a_name_in_any_script_is_taken_as_it_is(name: str) -> None:
    """What can be seen is nobody's business but the holder's."""
    assert read_line(line(name), "a line").line()["holder"] == name


@settings(ALIKE, max_examples=300)
@given(st.text(max_size=12))
def test_a_name_that_is_taken_is_the_only_one_that_looks_so(name: str) -> None:
    """One line, one form, nothing before, behind or inside it that leaves no trace on paper."""
    try:
        read_line(line(name), "a line")
    except LedgerError as error:
        judge_error(error)
        return
    assert name.isprintable()
    assert name.split(" ") == name.split()
    assert name.splitlines() == [name]


@pytest.mark.parametrize(
    "control", ["\0", "\x1b[2J", "\x7f", "\x85", "\x9b2J", "\u202e", "\u2066", "\ud800"], ids=ascii
)
def test_free_text_moves_no_cursor_and_turns_no_order(control: str) -> None:
    """A note is printed to a terminal and into a bundle: what it shows is what it says."""
    assert refused("A", note=f"paid{control}") == "name-must-be-printable"
    assert refused("A", address=f"paid{control}") == "name-must-be-printable"


def test_free_text_may_have_lines_and_the_marks_of_its_script() -> None:
    """Line feeds, tabs, joiners of Persian and emoji, marks of direction in Hebrew."""
    note = "100 Century Blvd.\r\n\tFlorida \u200f\u05d0\u200e می\u200cخواهم \U0001f468\u200d\U0001f469"
    assert read_line(line("A", note=note), "a line").note == note
