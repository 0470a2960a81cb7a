"""A paper as PDF, set by typst from a fixed template that gets the paper as data and reads none of it as markup.

Only the fonts that come with typst are used, and no clock is read, so that the same question gives the same bytes. The
library is the extra `pdf`.
"""

import json
import re
from importlib import resources
from typing import Any

from projections.papers.content import BLANK, TO_SIGN, Amount, Cell, Paper, Part, Table
from projections.papers.errors import ExportMustFit

try:
    import typst

    INSTALLED = True
except ImportError:  # the extra `pdf` is not installed
    INSTALLED = False

CREATED = 315_532_800
"""When every PDF says it was made, 1 January 1980 in seconds; the provenance tells its day."""

MOST_ROWS = 15_000
"""Rows of all tables together: typst takes some 200 KB to set one, so that these take 3 GiB and a minute."""

_WIDE = 6
_LONG = re.compile(r"\S{24,}")
_BREAK = "\u200b"
# What the embedded fonts draw: Latin, Greek and Cyrillic, punctuation, currencies, arrows, mathematics and the break.
_UNDRAWN = re.compile("[^\n -~\u00a0-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u200b\u20a0-\u20bf\u2100-\u22ff]")


def as_pdf(paper: Paper) -> bytes:
    """The paper as a PDF: its parts, each on a page of its own, then what is for the file, then its provenance.

    ExportMustFit where its tables have more rows than can be set.
    """
    rows = sum(len(table.rows) for part in paper.parts for table in part.tables)
    if rows > MOST_ROWS:
        what, length = "The paper", f"{rows} rows"
        raise ExportMustFit(form="PDF", what=what, length=length, most=MOST_ROWS, instead="csv or xlsx")
    template = (resources.files("projections.papers") / "paper.typ").read_bytes()
    data = json.dumps(_data(paper), ensure_ascii=False)
    made = typst.compile(
        template, format="pdf", sys_inputs={"paper": data}, ignore_system_fonts=True, timestamp=CREATED
    )
    assert isinstance(made, bytes)
    return made


def _data(paper: Paper) -> dict[str, Any]:
    provenance = dict(paper.provenance)
    return {
        "title": drawn(paper.title),
        "clause": drawn(paper.clause),
        "company": drawn(provenance.get("company", "")),
        "certificate": drawn(provenance.get("certificate", "")),
        "wide": any(len(table.headings) > _WIDE for part in paper.parts for table in part.tables),
        "parts": [_part(part) for part in paper.parts],
        "file": {
            "worked": [_line(line) for line in paper.worked],
            "notes": [drawn(note) for note in paper.notes],
        },
        "provenance": [[drawn(what), drawn(told)] for what, told in paper.provenance],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": drawn(part.title),
        "statements": [
            {"clause": drawn(one.clause), "says": drawn(one.says), "value": _cell(one.value)} for one in part.statements
        ],
        "tables": [_table(table) for table in part.tables],
        "closing": [drawn(words) for words in part.closing],
        "signed": [{"label": line, "line": BLANK} for line in TO_SIGN] if part.to_sign else [],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": drawn(table.title),
        "headings": [drawn(heading) for heading in table.headings],
        "measured": list(table.measured),
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
    }


def _cell(cell: Cell) -> dict[str, str]:
    """A cell as people read it; what is not shown whole stands exactly below."""
    if isinstance(cell, Amount):
        return {"text": drawn(cell.people), "exact": "" if cell.is_whole else drawn(cell.exactly)}
    return {"text": drawn(cell) if cell != BLANK else cell, "exact": ""}


def _line(line: str) -> dict[str, Any]:
    text = line.lstrip(" ")
    return {"depth": (len(line) - len(text)) // 2, "text": drawn(text)}


def drawn(text: str) -> str:
    """Text as the fonts can draw it: a letter they lack is spelled `[U+4E2D]`, and what is long may break anywhere."""
    spelled = _UNDRAWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    return _LONG.sub(lambda found: _BREAK.join(re.findall(".{1,8}", found[0])), spelled)
