"""A transaction in which entries are appended and what they come to is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.places import Rows


@dataclass(slots=True)
class Writing:
    """A transaction under way: what appends events to it, and the rows it sees, the kept tables with them.

    Where these are kept apart, `unpublished` says at its end why they could not be written.
    """

    append: Callable[[Any], str]
    rows: "Rows"
    unpublished: str = ""
