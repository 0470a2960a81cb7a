"""What an entry moved: the figures and the pieces of a position before it and after it, and a digest of the change.

A digest stands for the whole way to a position: it is made over the digest before and everything the entry moved, so
that two replays of one record that ever differ differ from there on.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from ledger.exact import Fraction
from ledger.position.pieces import ABSENT, Key
from ledger.position.state import Position
from ledger.terms import Terms

_TOLD = ("terms", "common", "liquidation", "into")
"""What there is once for the series and is no figure of the headline."""

_DERIVED = ("holdings", "accruing", "open", "standing")
"""Kinds of pieces that say nothing the certificates do not."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The figures an entry moved, before and after, and the pieces it put in place (None where it took one away)."""

    before: Mapping[str, Fraction]
    after: Mapping[str, Fraction]
    pieces: Mapping[Key, Any]

    @property
    def figures(self) -> dict[str, tuple[Fraction, Fraction]]:
        """The figures that are not what they were: shares, dollars, or Common for one share; before and after."""
        return {name: (before, self.after[name]) for name, before in self.before.items() if before != self.after[name]}

    def digest(self, before: str) -> str:
        """SHA-256 over the digest before, every figure after, and every piece put in place, as canonical JSON."""
        told = {
            "before": before,
            "figures": {name: str(value) for name, value in self.after.items()},
            "pieces": {" ".join(key): _plain(piece) for key, piece in sorted(self.pieces.items())},
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Before:
    """A position as it was at a moment: its figures, and the pieces that were replaced since, as they are told of."""

    def __init__(self, position: Position) -> None:
        """Take down the figures; the pieces are told of by whoever replaces them."""
        self.position = position
        self.headline = position.headline()
        self.once = _once(position)
        self.pieces: dict[Key, Any] = {}

    def moved(self) -> Moved:
        """What lies between the moment and the position as it is now."""
        kinds, changed = self.position.kinds, dict[Key, Any]()
        for key, old in self.pieces.items():
            kind, name = key
            if kind not in kinds or kind in _DERIVED:
                continue
            new = kinds[kind].get(name, ABSENT)
            if new is not old and new != old:
                changed[key] = None if new is ABSENT else new
        now = _once(self.position)
        changed |= {(name, ""): now[name] for name, old in self.once.items() if old is not now[name] != old}
        return Moved(self.headline, self.position.headline(), changed)


def _once(position: Position) -> dict[str, Any]:
    told = {name: getattr(position, name) for name in _TOLD}
    return {**told, "closures": position.days.closures}


def _plain(piece: Any) -> Any:
    """A piece as JSON data, every quantity exact."""
    kind = type(piece)
    if kind in _AS_IT_IS:
        return piece
    if kind is Fraction:
        return str(piece)
    if isinstance(piece, Terms):
        return piece.data()
    if is_dataclass(kind):
        return [_plain(getattr(piece, name)) for name in _names(kind)]
    if isinstance(piece, Mapping):
        return {str(name): _plain(value) for name, value in sorted(piece.items())}
    return [_plain(value) for value in piece] if isinstance(piece, tuple | list) else str(piece)


_AS_IT_IS = (str, int, bool, type(None))


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
