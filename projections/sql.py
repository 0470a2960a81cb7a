"""What can be asked in SQL: the published tables and views, each column in words, and canned questions for Datasette.

All of it is told once, in `sql.toml`. The views only arrange what is in the tables, so that whoever deletes them loses
nothing, and `captable replay` makes them anew.
"""

import sqlite3
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from ledger.file_rows import read
from ledger.kept.tables import FROM_THE_START
from ledger.kept.written import KINDS
from ledger.place_errors import TablesMustBeOfThisMake


@cache
def told() -> dict[str, dict[str, Any]]:
    """The tables, views and canned questions, by name."""
    return tomllib.loads((resources.files("projections") / "sql.toml").read_text(encoding="utf-8"))


_DAY = f"iif(day > {FROM_THE_START}, date(day * 86400, 'unixepoch'), '')"
_KIND = " ".join(("CASE kind", *(f"WHEN {number} THEN '{kind}'" for kind, number in KINDS.items()), "END"))
"""A stored day and a stored kind in words."""


def views(*, apart: bool) -> dict[str, str]:
    """The views by name, each with the question it stands for: beside the entries, or apart from them."""
    asked = {name: view.get("apart", view["sql"]) if apart else view["sql"] for name, view in told()["views"].items()}
    return {name: one.strip().format_map({**KINDS, "day": _DAY, "kind": _KIND}) for name, one in asked.items()}


def must_be_the_views(connection: sqlite3.Connection, *, apart: bool) -> None:
    """TablesMustBeOfThisMake where a view is made otherwise than today, or not all are there.

    A table that stands under a view's name would answer in its place. Where there are none at all, an older version
    made the tables, or somebody deleted the views, and nothing is wrong; views of other names are their makers' own.
    """
    right = views(apart=apart)
    names = ", ".join("?" * len(right))
    asked = f"SELECT type, name, sql FROM sqlite_schema WHERE lower(name) IN ({names})"
    found = dict(_made(*row) for row in read(connection, asked, *right))
    if found and found != right:
        wrong = sorted(name for name in {*found, *right} if found.get(name) != right.get(name))
        stored = f"the views {', '.join(wrong)} of another make"
        computed = "views as they are made today"
        raise TablesMustBeOfThisMake(entry=1, stored=stored, computed=computed, before=0)


def _made(kind: str, name: str, statement: str) -> tuple[str, str]:
    """A view's name and its question; whatever is not made as views are here stands for itself."""
    start, _, asked = statement.partition(" AS ")
    return name, asked if kind == "view" and start == f'CREATE VIEW "{name}"' else statement


def datasette(database: str) -> dict[str, Any]:
    """The metadata by which Datasette shows a database of that name: tables and views in words, and the questions."""
    shown = told()
    tables = {
        name: {"description": one["description"], "columns": one["columns"]}
        for kind in ("tables", "views")
        for name, one in shown[kind].items()
    }
    queries = {name: {**one, "sql": one["sql"].strip()} for name, one in shown["queries"].items()}
    return {"databases": {database: {"tables": tables, "queries": queries}}}
