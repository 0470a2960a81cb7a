"""The rows of an answer as CSV, in which no cell is taken for a formula by whoever opens it in a spreadsheet."""

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

from projections.page.shown import Row

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def as_csv(rows: Sequence[Row]) -> str:
    """Rows under the names of their columns; money is two columns, rounded and exact, and a list is JSON."""
    flat = [_flat(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([harmless(row.get(name, "")) for name in names] for row in flat)
    return written.getvalue()


def harmless(text: str) -> str:
    """A cell as text: what a spreadsheet would run stands behind an apostrophe, and a number below zero as it is."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _flat(row: Row) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, dict) and value.keys() == {"amount", "exact"}:
            flat |= {name: value["amount"], f"{name}_exact": value["exact"]}
        else:
            flat[name] = _text(value)
    return flat


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
