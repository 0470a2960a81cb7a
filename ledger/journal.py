"""Reading a journal: JSON Lines, one entry a line, strictly, every quantity exact."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from ledger.entries import Entry, read_entry
from ledger.errors import FieldRefusal, JournalMustHoldEntries
from ledger.events import KINDS
from ledger.fields import broken, first_broken, shown

_LONGEST_LINE = 1_000_000  # characters; an entry has a few hundred


def read_journal(lines: Iterable[str], name: str) -> Iterator[tuple[int, Entry]]:
    """The entries of a journal with their line numbers, from 1; blank lines are passed over.

    Raises FieldRefusal naming the line and the rule broken, or JournalMustHoldEntries where there is none.
    """
    empty = True
    for number, line in enumerate(lines, 1):
        if line.strip():
            empty = False
            yield number, read_line(line, f"{name}, line {number}")
    if empty:
        raise JournalMustHoldEntries(journal=name)


def read_line(line: str, where: str) -> Entry:
    """One journal line as an entry; FieldRefusal says where and which rule was broken."""
    return _read(lambda: parse(line), where)


def read_fields(word: str, fields: Iterable[str], where: str) -> Entry:
    """One entry from its word and its fields as a command line gives them; FieldRefusal as for a line.

    A field is `--name value` or `--name=value`. A value that begins with [ or {, or is true or false, is read as JSON.
    """
    return _read(lambda: {"event": word, **_pairs(list(fields))}, where)


def _pairs(words: list[str]) -> dict[str, Any]:
    pairs: list[tuple[str, Any]] = []
    while words:
        option, equals, value = words.pop(0).partition("=")
        if not option.startswith("--") or not (equals or words):
            raise broken("field-must-have-a-value", f"{shown(option)} is no field with a value: write --field value")
        text = value if equals else words.pop(0)
        name = option.removeprefix("--").replace("-", "_")
        pairs.append((name, parse(text) if text[:1] in ("[", "{") or text in ("true", "false") else text))
    return _each_key_once(pairs)


def _read(line: Callable[[], Any], where: str) -> Entry:
    try:
        return read_entry(line(), KINDS)
    except ValidationError as error:
        facts = first_broken(error)
        facts["where"] = f"{where}, field {facts['where']}"
        raise FieldRefusal(**facts) from None
    except PydanticCustomError as error:
        hint = "See `captable record --help` for the form of an entry."
        raise FieldRefusal(where=where, why=error.message(), rule_name=error.type, hint=hint) from None


def parse(line: str) -> Any:
    """Parse one line of JSON without ever making a float, and without letting a key stand twice."""
    if len(line) > _LONGEST_LINE:
        raise broken("line-must-be-short", f"the line has {len(line)} characters, more than {_LONGEST_LINE}")
    try:
        return json.loads(
            line.strip(),
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_whole_number,
            object_pairs_hook=_each_key_once,
        )
    except json.JSONDecodeError as error:
        raise broken("line-must-be-json", f"it is no JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise broken("line-must-be-json", "it is nested too deeply") from None


def _no_float(text: str) -> NoReturn:
    raise broken("quantity-must-be-exact", f"{shown(text)} is a float: write the quantity as a string of digits")


def _whole_number(text: str) -> int:
    if len(text) > 21:  # a sign and 20 digits; Python would refuse millions of them with an error of its own
        raise broken("quantity-must-be-a-number", f"{shown(text)} has more than 20 digits")
    return int(text)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise broken("field-must-be-given-once", f"field {shown(twice)} is given twice")
    return fields
