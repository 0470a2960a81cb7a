"""The fields entries are made of: exact quantities, money, ids, days and instants, each read strictly.

Every check raises a `PydanticCustomError` whose type is the stable name of the rule kept, so that a refusal can say
which rule of design it was and not only that something was wrong.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, ValidationError
from pydantic_core import PydanticCustomError

from ledger import figures, moments

_QUANTITY = re.compile(r"\d{1,20}(\.\d{1,12})?", re.ASCII)
_LONGEST_NAME = 200


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
}


def first_broken(error: ValidationError) -> dict[str, str]:
    """The first thing wrong in what was read: where, why, the stable name of the rule, and what to do."""
    wrong = error.errors(include_url=False, include_input=False)
    first = next((one for one in wrong if one["type"] == "extra_forbidden"), wrong[0])
    rule, why, hint = _HINTS.get(first["type"], ("", "", ""))
    known = "-" in first["type"]
    return {
        "where": ".".join(str(place) for place in first["loc"]) or "it",
        "why": why or first["msg"],
        "rule_name": rule or (first["type"] if known else "field-must-be-understood"),
        "hint": hint or "Put it right and record it again.",
    }


def shown(value: object) -> str:
    """What the user wrote, shortened to what fits a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _quantity(value: Any) -> Fraction:
    if isinstance(value, Fraction):  # already read, as when an entry is copied
        return value
    if isinstance(value, Decimal):  # from a terms file, read exactly
        value = format(value, "f")
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
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise broken("name-must-be-printable", f"{shown(value)} holds a control character")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise broken("text-must-be-text", f"{shown(value)} is not text")
    if "\x00" in value or any(unicodedata.category(character) == "Cs" for character in value):
        raise broken("name-must-be-printable", f"{shown(value)} holds a character that cannot be stored")
    return value


def _strict(rule: str, parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if isinstance(value, date):  # already read, as when an entry is copied
            return value
        if not isinstance(value, str):
            raise broken(rule, f"{shown(value)} is not text of the form YYYY-MM-DD")
        try:
            return parse(value)
        except ValueError as wrong:
            raise broken(rule, str(wrong)) from None

    return check


_as_text = PlainSerializer(figures.quantity, return_type=str)
_as_moment = PlainSerializer(moments.write_moment, return_type=str)

Quantity = Annotated[Fraction, BeforeValidator(_quantity), _as_text]
"""A number of shares, dollars or dollars a share, zero or more: a string of digits or a whole number, never a float."""

Positive = Annotated[Fraction, BeforeValidator(lambda value: _positive(_quantity(value))), _as_text]
"""A quantity above zero."""

Cents = Annotated[Fraction, BeforeValidator(lambda value: _whole_cents(_quantity(value))), _as_text]
"""Dollars paid out, zero or more, in whole cents."""

Payment = Annotated[Fraction, BeforeValidator(lambda value: _positive(_whole_cents(_quantity(value)))), _as_text]
"""Dollars paid out, above zero, in whole cents."""

Name = Annotated[str, BeforeValidator(_name)]
"""An id or a name: 1 to 200 characters, none of them a control character."""

Text = Annotated[str, BeforeValidator(_text)]
"""Free text, as in a note."""

Day = Annotated[date, BeforeValidator(_strict("day-must-be-strict", moments.parse_day)), _as_moment]
"""A New York calendar day, `YYYY-MM-DD`."""

Moment = Annotated[date | datetime, BeforeValidator(_strict("moment-must-be-strict", moments.parse_moment)), _as_moment]
"""A day, meaning its start in New York, or an instant with its offset."""
