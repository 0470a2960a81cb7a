"""The rows of an answer as CSV, by the one way there is to make a sheet that no spreadsheet runs."""

import json
from collections.abc import Sequence
from typing import Any

from projections.page.shown import Row
from projections.sheets import sheet


def as_csv(rows: Sequence[Row]) -> str:
    """Rows under the names of their columns; money is two columns, exact and rounded, and what has parts is JSON."""
    columns = dict.fromkeys(name for row in rows for name in row)
    money = {name for row in rows for name, value in row.items() if _is_money(value)}
    written = " ".join(f"{name}$" if name in money else name for name in columns)
    return sheet(written, [{name: _cell(value) for name, value in row.items()} for row in rows]).csv()


def _is_money(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"amount", "exact"}


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    parts = isinstance(value, dict | list) and not _is_money(value)
    return json.dumps(value, ensure_ascii=False) if parts else value
