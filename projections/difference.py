"""What differs between two answers: every figure by its path, before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KEYS = ("notice", "redemption", "certificate", "holder", "security", "finding")
"""The fields by which an item of a list is told from the others."""


@dataclass(frozen=True)
class Difference:
    """A figure of an answer that differs: its path, and what it says in each; None where it is absent."""

    figure: str
    before: str | None
    after: str | None

    def text(self) -> str:
        """The difference in a line."""
        return f"{self.figure}: {self.before or 'nothing'} -> {self.after or 'nothing'}"

    def data(self) -> dict[str, str | None]:
        """The difference as JSON data."""
        return {"figure": self.figure, "before": self.before, "after": self.after}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """The figures in which two answers of one shape differ, in the order of the answer, new ones last.

    A path reads `preferred.holders[Holder A].votes`. Money is shown rounded to the cent where that tells the two apart,
    and exactly where only the fractions of a cent differ.
    """
    old, new = dict(leaves(before)), dict(leaves(after))
    return [
        Difference(path, *_shown(old.get(path), new.get(path)))
        for path in [*old, *(path for path in new if path not in old)]
        if old.get(path) != new.get(path)
    ]


def _shown(before: Any, after: Any) -> tuple[str | None, str | None]:
    rounded = [_worded(leaf, "amount") for leaf in (before, after)]
    if rounded[0] == rounded[1]:
        rounded = [_worded(leaf, "exact") for leaf in (before, after)]
    first, second = (None if leaf is None else str(leaf) for leaf in rounded)
    return first, second


def _worded(leaf: Any, way: str) -> Any:
    return leaf[way] if isinstance(leaf, dict) else leaf


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every figure of an answer by its path; money is one figure, and a finding its sentence."""
    if isinstance(tree, dict) and "says" in tree:  # a finding is one sentence, not its seven parts
        yield path, tree["says"]
    elif isinstance(tree, dict) and tree.keys() != {"amount", "exact"}:
        for name, branch in tree.items():
            yield from leaves(branch, f"{path}.{name}" if path else name)
    elif isinstance(tree, list):
        for place, branch in enumerate(tree):
            yield from leaves(branch, f"{path}[{_key(branch, place)}]")
    else:
        yield path, tree


def _key(item: Any, place: int) -> str:
    if not isinstance(item, dict):
        return str(item)
    named = next((str(item[field]) for field in KEYS if field in item), str(place))
    entries = item.get("entries")  # one finding may be there more than once
    return f"{named}, {' '.join(map(str, entries))}" if entries else named
