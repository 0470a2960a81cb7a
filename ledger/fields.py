"""The fields entries are made of: exact quantities, money, ids, days and instants, each read strictly.

Every check raises a `PydanticCustomError` whose type is the stable name of the rule kept, so that a refusal can say
which rule of design it was and not only that something was wrong.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from ledger import figures, moments
from ledger.exact import Fraction

_QUANTITY = re.compile(r"\d{1,20}(\.\d{1,12})?", re.ASCII)
_LONGEST_NAME = 200
_LONGEST_DAY = 40
_PLACE = re.compile(r"[\w\[\]]{1,60}", re.ASCII)

# What str.isprintable() takes for printable and no font shows: joiners, fillers, a blank and variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)

# Free text may be of several lines; it may not move a cursor, turn the order of what is shown, or be half a character.
_NOT_IN_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def broken(rule: str, message: str) -> PydanticCustomError:
    """The error for a field that breaks a rule: its kebab-case name and a sentence about the value."""
    # Pydantic fills {braces} in a message from a context; what the user wrote may hold some.
    return PydanticCustomError(rule, "{sentence}", {"sentence": message})


_HINTS = {
    "missing": ("field-must-be-present", "it is missing", "Add the field."),
    "extra_forbidden": ("field-must-be-known", "there is no such field", "Check its spelling, or leave it out."),
    "tuple_type": ("", "a list is wanted", """Give it as JSON, such as '[{"certificate": "H-1", "shares": "100"}]'."""),
    "too_short": ("", "the list is empty", "Name at least one."),
    "bool_type": ("", "true or false is wanted", "Write true or false, without quotes in a journal."),
    "string_pattern_mismatch": ("", "64 hexadecimal digits are wanted", "Give the file's SHA-256 in lower case."),
    "kind-must-be-known": ("", "", "See `captable record --help` for the kinds."),
    "name-must-be-composed": ("", "", "Write it in Unicode normal form C (NFC)."),
}


def first_broken(error: ValidationError, instead: str = "Put it right and record it again.") -> dict[str, str]:
    """The first thing wrong in what was read: where, why, the stable name of the rule, and what to do.

    `instead` is what to do where the rule itself has nothing better to say.
    """
    wrong = error.errors(include_url=False, include_input=False)
    first = next((one for one in wrong if one["type"] == "extra_forbidden"), wrong[0])
    rule, why, hint = _HINTS.get(first["type"], ("", "", ""))
    known = "-" in first["type"]
    return {
        "where": ".".join(_place(place) for place in first["loc"]) or "it",
        "why": why or first["msg"],
        "rule_name": rule or (first["type"] if known else "field-must-be-understood"),
        "hint": hint or instead,
    }


def _place(place: int | str) -> str:
    """A field or an index as it is; a key that somebody made up quoted, so that it says nothing by itself."""
    return str(place) if _PLACE.fullmatch(str(place)) else shown(place)


def shown(value: object) -> str:
    """What the user wrote, shortened to what fits a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _quantity(value: Any) -> Fraction:
    if isinstance(value, Fraction):  # already read, as when an entry is copied
        return value
    if isinstance(value, Decimal):  # from a terms file, read exactly; 1e999999999 is not written out
        value = format(value, "f") if abs(value.adjusted()) < _LONGEST_NAME else str(value)
    if isinstance(value, float):
        raise broken("quantity-must-be-exact", f"{shown(value)} is a float: write the quantity as a string of digits")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**20 else "too many digits"
    if not isinstance(value, str):
        raise broken("quantity-must-be-a-number", f"{shown(value)} is not a quantity: write digits in a string")
    if value.startswith("-"):
        raise broken("quantity-must-be-positive", f"{shown(value)} is negative")
    if not _QUANTITY.fullmatch(value):
        raise broken(
            "quantity-must-be-a-number",
            f"{shown(value)} is not a quantity: at most 20 digits before the point and 12 after, no exponent, no sign",
        )
    return Fraction(value)


def _positive(value: Fraction) -> Fraction:
    if value == 0:
        raise broken("quantity-must-be-positive", "the quantity is zero")
    return value


def _whole_cents(value: Fraction) -> Fraction:
    if value % figures.CENT:
        raise broken("payment-must-be-whole-cents", f"{figures.quantity(value)} dollars is no whole number of cents")
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise broken("name-must-be-text", f"{shown(value)} is not text")
    if not 1 <= len(value) <= _LONGEST_NAME:
        raise broken("name-must-have-a-length", f"a name has 1 to {_LONGEST_NAME} characters, this one {len(value)}")
    if not (value.isascii() and value.isprintable()) and (unseen := _first_unseen(value)):
        raise broken("name-must-be-printable", f"{shown(value)} holds U+{ord(unseen):04X}, which cannot be seen")
    if not unicodedata.is_normalized("NFC", value):
        raise broken("name-must-be-composed", f"{shown(value)} looks like another name: its accents stand apart")
    if value != " ".join(value.split()):
        raise broken("name-must-be-evenly-spaced", f"{shown(value)} has a space at an end, or two in a row")
    return value


def _first_unseen(value: str) -> str | None:
    return next((one for one in value if not one.isprintable() or _UNSEEN.match(one)), None)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise broken("text-must-be-text", f"{shown(value)} is not text")
    if wrong := _NOT_IN_TEXT.search(value):
        raise broken("name-must-be-printable", f"{shown(value)} holds U+{ord(wrong[0]):04X}, a control character")
    return value


def _strict(rule: str, parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if isinstance(value, date):  # already read, as when an entry is copied; or a TOML file's own, of any year
            value = moments.write_moment(value)
        if not isinstance(value, str) or len(value) > _LONGEST_DAY:
            raise broken(rule, f"{shown(value)} is not text of the form YYYY-MM-DD")
        try:
            return parse(value)
        except ValueError as wrong:
            raise broken(rule, str(wrong)) from None

    return check


_as_text = PlainSerializer(figures.quantity, return_type=str)
_as_moment = PlainSerializer(moments.write_moment, return_type=str)

Quantity = Annotated[Fraction, PlainValidator(_quantity), _as_text]
"""A number of shares, dollars or dollars a share, zero or more: a string of digits or a whole number, never a float."""

Positive = Annotated[Fraction, PlainValidator(lambda value: _positive(_quantity(value))), _as_text]
"""A quantity above zero."""

Cents = Annotated[Fraction, PlainValidator(lambda value: _whole_cents(_quantity(value))), _as_text]
"""Dollars paid out, zero or more, in whole cents."""

Payment = Annotated[Fraction, PlainValidator(lambda value: _positive(_whole_cents(_quantity(value)))), _as_text]
"""Dollars paid out, above zero, in whole cents."""

Name = Annotated[str, PlainValidator(_name)]
"""An id or a name: 1 to 200 characters, each to be seen, so that what looks the same is the same."""

Text = Annotated[str, PlainValidator(_text)]
"""Free text, as in a note."""

Day = Annotated[date, PlainValidator(_strict("day-must-be-strict", moments.parse_day)), _as_moment]
"""A New York calendar day, `YYYY-MM-DD`."""

Moment = Annotated[date | datetime, PlainValidator(_strict("moment-must-be-strict", moments.parse_moment)), _as_moment]
"""A day, meaning its start in New York, or an instant with its offset."""
