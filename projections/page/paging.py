"""Long lists, part by part: so many rows a page, which of them in the address, and how to see the rest in words."""

from collections.abc import Sequence
from typing import TypeVar

from ledger.errors import QuestionMustBeUnderstood
from projections.page.asking import Asking
from projections.page.shown import Block, Cell, Text, Words

Item = TypeVar("Item")

ROWS = 100
"""How many rows of a list a page shows."""


def part(
    asking: Asking, listed: Sequence[Item], what: str, rows: int = ROWS, order: str = ""
) -> tuple[Sequence[Item], list[Block]]:
    """The rows of a list on the page asked for, and where the others are; QuestionMustBeUnderstood where none are.

    `what` names the rows, and `order` says in which order they stand.
    """
    number, pages = _asked(asking), max(-(-len(listed) // rows), 1)
    if number > pages:
        why, hint = f"There are {pages} pages of {what}", f"Ask for one up to {pages}."
        raise QuestionMustBeUnderstood(what=f"Page {number}", why=why, hint=hint)
    if pages == 1:
        return listed, []
    first = (number - 1) * rows
    shown = listed[first : first + rows]
    said = f"{first + 1:,} to {first + len(shown):,} of {len(listed):,} {what}{order}, page {number} of {pages:,}. "
    ways: list[Text] = [said]
    for other, called in ((1, "First"), (number - 1, "Before"), (number + 1, "Next"), (pages, "Last")):
        if 1 <= other <= pages and other != number:
            ways += [Cell(f"{called} page", asking.here(page=other)), " "]
    return shown, [Words(ways)]


def first_of(listed: Sequence[Item], what: str, rest: Cell, rows: int = ROWS) -> tuple[Sequence[Item], list[Block]]:
    """The first rows of a list that has a page of its own, and the way there in words where there are more."""
    if len(listed) <= rows:
        return listed, []
    return listed[:rows], [Words([f"The first {rows:,} of {len(listed):,} {what}. ", rest])]


def _asked(asking: Asking) -> int:
    text = asking.given.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        hint = "Count them from 1."
        raise QuestionMustBeUnderstood(what="page in the address", why=f"{text!r} is no page number", hint=hint)
    return int(text)
