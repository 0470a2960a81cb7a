"""A paper as CSV: all its tables in one file, every line under the name of its table.

The first line of a name is that table's header, so that `grep '^register,'` gives a table by itself; lines are filled
up to one length, as RFC 4180 asks.
"""

from projections.papers.content import Paper
from projections.sheets import Sheet


def as_csv(paper: Paper) -> bytes:
    """The paper as CSV in UTF-8, which no spreadsheet takes for formulas."""
    lines = [
        (name, *row)
        for name, sheet in ({"paper": _title(paper)} | paper.sheets()).items()
        for row in (sheet.columns, *sheet.rows)
    ]
    widest = max(map(len, lines))
    first, *rest = (line + ("",) * (widest - len(line)) for line in lines)
    return Sheet(first, tuple(rest)).csv().encode()


def _title(paper: Paper) -> Sheet:
    return Sheet(("title", "clause"), ((paper.title, paper.clause),))
