"""Lists in a form, an item a line: `H-1; 100` for a certificate and its shares, or the same as JSON.

A tab may stand in the place of a semicolon, as it does in what is copied from a spreadsheet.
"""

import json
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from ledger.entries import Document
from ledger.errors import QuestionMustBeUnderstood

EXAMPLES = {
    "amount": "0.25",
    "certificate": "H-1",
    "holder": "Holder A",
    "name": "dividend_rate",
    "new_certificate": "H-7",
    "per_share": "0.5",
    "security": "Common Stock",
    "sha256": "5f70bf18...",
    "shares": "100",
    "title": "Notice of 2 July",
    "value": "0.12",
}
"""What an example of a line holds for each of its parts."""


def inside(annotation: Any) -> tuple[Any, ...]:
    """What an annotation allows, the metadata of Annotated taken off."""
    if get_origin(annotation) in (Union, UnionType):
        return tuple(one for part in get_args(annotation) for one in inside(part))
    if hasattr(annotation, "__metadata__"):
        return inside(get_args(annotation)[0])
    return (annotation,)


def parts_of(annotation: Any) -> Sequence[str] | None:
    """The parts of a line for a field that is a list, each by its name; None for a field that is none.

    Of a list of names or days a line is one of them, which has no name: there are no parts.
    """
    for one in inside(annotation):
        if get_origin(one) is dict:
            return ("name", "value")
        if get_origin(one) is tuple:
            (item,) = (kind for part in get_args(one) if part is not Ellipsis for kind in inside(part)[:1])
            return tuple(item.model_fields) if isinstance(item, type) and issubclass(item, BaseModel) else ()
        if one is Document:
            return tuple(Document.model_fields)
    return None


def hint(parts: Sequence[str]) -> str:
    """How the lines of a field are written."""
    if not parts:
        return "one a line"
    told, example = "; ".join(parts).replace("_", " "), "; ".join(EXAMPLES.get(one, "...") for one in parts)
    return f"one a line: {told}, as in {example} (or JSON)"


def as_json(name: str, annotation: Any, text: str) -> str:
    """What was written in a field, as a journal line holds it: JSON stays as it is, lines become a list.

    QuestionMustBeUnderstood where a line has more parts or fewer than it should.
    """
    parts = parts_of(annotation)
    if parts is None or text[:1] in ("[", "{"):
        return text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    items = [_item(name, parts, line) for line in lines] if parts else lines
    one_alone = Document in inside(annotation)
    told: Any = items
    if "value" in parts:
        told = {item["name"]: item["value"] for item in items if isinstance(item, Mapping)}
    elif one_alone and len(items) == 1:
        told = items[0]
    return json.dumps(told, ensure_ascii=False)


def _item(name: str, parts: Sequence[str], line: str) -> dict[str, str]:
    told = [one.strip() for one in line.split("\t" if "\t" in line else ";")]
    if len(told) != len(parts):
        why = f"{line!r} has {len(told)} parts and not {len(parts)}"
        raise QuestionMustBeUnderstood(what=f"A line of {name}", why=why, hint=f"Write {hint(parts)}.")
    return dict(zip(parts, told, strict=True))
