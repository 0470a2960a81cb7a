"""A paper as a workbook: a sheet a table, what is exact as text beside what is rounded as a number.

A spreadsheet keeps fifteen digits of a number and runs what looks like a formula: so everything is written as text but
for rounded quantities that fit. The library is the extra `xlsx`.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from projections.papers.content import ROUNDED, Paper
from projections.papers.errors import ExportMustFit
from projections.sheets import Sheet

try:
    from xlsxwriter import Workbook

    INSTALLED = True
except ImportError:  # the extra `xlsx` is not installed
    INSTALLED = False

CREATED = datetime(1980, 1, 1, tzinfo=UTC)
"""When every workbook says it was made, so that one question gives the same bytes; the provenance tells its day."""

LONGEST = 32_767
"""Characters that a cell of a workbook holds."""

_DIGITS = 15
_NUMBER = re.compile(r"-?(\d+)(?:\.(\d+))?", re.ASCII)
_WIDEST = 60


def as_xlsx(paper: Paper) -> bytes:
    """The paper as a workbook; ExportMustFit where a cell cannot hold what stands in it."""
    kept = BytesIO()
    as_they_are = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
    with Workbook(kept, {**as_they_are, "in_memory": True}) as book:
        book.set_properties({"title": paper.title, "created": CREATED.replace(tzinfo=None)})
        for name, sheet in paper.sheets().items():
            _fill(book, book.add_worksheet(name), name, sheet)
    return kept.getvalue()


def _fill(book: Any, page: Any, name: str, sheet: Sheet) -> None:
    page.write_row(0, 0, sheet.columns, book.add_format({"bold": True}))
    page.freeze_panes(1, 0)
    formats: dict[str, Any] = {}
    for place, column in enumerate(sheet.columns):
        cells = [row[place] for row in sheet.rows]
        page.set_column(place, place, min(_WIDEST, 2 + max(map(len, (column, *cells)))))
        for down, cell in enumerate(cells, 1):
            if len(cell) > LONGEST:
                what, length = f"The {column} of sheet {name}", f"{len(cell)} characters"
                raise ExportMustFit(form="workbook", what=what, length=length, most=LONGEST, instead="csv or pdf")
            shape = _shape(cell) if column.endswith(ROUNDED) else None
            if shape is None:
                page.write_string(down, place, cell)
            else:
                form = formats.setdefault(shape, book.add_format({"num_format": shape}))
                page.write_number(down, place, Decimal(cell), form)


def _shape(cell: str) -> str | None:
    """The number format that shows all of a rounded quantity; None where it is none, or has too many digits."""
    read = _NUMBER.fullmatch(cell)
    if read is None or len(read[1]) + len(read[2] or "") > _DIGITS:
        return None
    return "#,##0" + (f".{'0' * len(read[2])}" if read[2] else "")
