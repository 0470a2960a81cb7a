"""Reading a journal: JSON Lines, one entry a line, strictly, every quantity exact."""

import json
from codecs import BOM_UTF8
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any, BinaryIO, NoReturn

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from ledger.entries import Entry, read_entry
from ledger.errors import FieldRefusal, JournalMustBeReadable, JournalMustHoldEntries
from ledger.events import KINDS
from ledger.fields import broken, first_broken, shown

_LONGEST_LINE = 1_000_000  # characters; an entry has a few hundred
_MOST_BYTES = 4 * _LONGEST_LINE  # of a line in UTF-8, whatever its characters
_LONGEST_JOURNAL = 1_000_000_000  # bytes, some 4,000,000 entries: what is recorded together is decided in memory
_SPACE = " \t\r\n"  # what JSON takes for space; to str.strip() the unseen U+2028 and others are space too


def lines_of(journal: BinaryIO, name: str, told: Callable[[int], object] = lambda _bytes: None) -> Iterator[str]:
    """The lines of a journal, read one by one: of a file of any size no more than a line is ever in memory.

    `told` hears how many bytes each line has. Raises JournalMustBeReadable where a line is no UTF-8 or reading fails,
    FieldRefusal where one does not end in time, or the journal does not.
    """
    before = 0
    try:
        for number in count(1):
            line = journal.readline(_MOST_BYTES + 1)
            if not line:
                return
            if len(line) > _MOST_BYTES:
                raise _refused(_too_long(f"more than {_MOST_BYTES} bytes"), f"{name}, line {number}")
            mark = len(BOM_UTF8) if number == 1 and line.startswith(BOM_UTF8) else 0
            try:
                text = _text(line[mark:])
            except UnicodeDecodeError as error:
                why = f"It is not UTF-8 text: byte {before + mark + error.start + 1}, in line {number}"
                raise JournalMustBeReadable(journal=name, why=why) from None
            before += len(line)
            if before > _LONGEST_JOURNAL:
                rule = broken("journal-must-be-short", f"the journal has more than {_LONGEST_JOURNAL} bytes")
                raise _refused(rule, f"{name}, line {number}", "Record it in parts, each by itself.")
            told(len(line))
            yield text
    except OSError as error:
        raise JournalMustBeReadable(journal=name, why=error.strerror or str(error)) from None


def _text(line: bytes) -> str:
    """A line as text; UnicodeDecodeError at what is none, and at NUL: UTF-8 has it, but only files of data hold it."""
    nul = line.find(b"\0")
    if nul >= 0:
        raise UnicodeDecodeError("utf-8", line, nul, nul + 1, "NUL")
    return line.decode()


def read_journal(lines: Iterable[str], name: str) -> Iterator[tuple[int, Entry]]:
    """The entries of a journal with their line numbers, from 1; blank lines are passed over.

    Raises FieldRefusal naming the line and the rule broken, or JournalMustHoldEntries where there is none.
    """
    empty = True
    for number, line in enumerate(lines, 1):
        if line.strip(_SPACE):
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
    _must_be_short(sum(map(len, words)))
    pairs: list[tuple[str, Any]] = []
    left = deque(words)
    while left:
        option, equals, value = left.popleft().partition("=")
        if not option.startswith("--") or not (equals or left):
            raise broken("field-must-have-a-value", f"{shown(option)} is no field with a value: write --field value")
        text = value if equals else left.popleft()
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
        raise _refused(error, where) from None
    except RecursionError:  # a value that could still be parsed, and is too deep to be checked or quoted
        raise _refused(_too_deep(), where) from None


_FORM = "See `captable record --help` for the form of an entry."


def _refused(broken_rule: PydanticCustomError, where: str, hint: str = _FORM) -> FieldRefusal:
    return FieldRefusal(where=where, why=broken_rule.message(), rule_name=broken_rule.type, hint=hint)


def _must_be_short(characters: int) -> None:
    if characters > _LONGEST_LINE:
        raise _too_long(f"{characters} characters, more than {_LONGEST_LINE}")


def _too_long(length: str) -> PydanticCustomError:
    return broken("line-must-be-short", f"the line has {length}")


def _too_deep() -> PydanticCustomError:
    return broken("line-must-be-json", "it is nested too deeply")


def parse(line: str) -> Any:
    """Parse one line of JSON without ever making a float, and without letting a key stand twice."""
    _must_be_short(len(line))
    try:
        return _decode(line.strip(_SPACE))
    except json.JSONDecodeError as error:
        raise broken("line-must-be-json", f"it is no JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise _too_deep() from None


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


_decode = json.JSONDecoder(
    parse_float=_no_float, parse_constant=_no_float, parse_int=_whole_number, object_pairs_hook=_each_key_once
).decode
