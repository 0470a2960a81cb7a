"""What an entry moved: the figures and the pieces of a position before it and after it, and a digest of the change.

A digest stands for the whole way to a position: it is made over the digest before and everything the entry moved, so
that two replays of one record that ever differ differ from there on.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ledger.position.state import Holder, Listed, Position
from ledger.terms import FORM, Terms

Pieces = Mapping[tuple[str, str], Any]

_KEPT = ("certificates", "notices", "redemptions")
_LISTED = ("other_dividends", "funds", "record_dates", "record_notices", "counts", "successions", "amendments")


@dataclass(frozen=True, slots=True)
class Moved:
    """The figures an entry moved, before and after, and the pieces it put in place (None where it took one away)."""

    before: Mapping[str, Fraction]
    after: Mapping[str, Fraction]
    pieces: Pieces

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


@dataclass(frozen=True, slots=True)
class Taken:
    """A position as it was taken down at a moment, to be held against a later one."""

    figures: Mapping[str, Fraction]
    pieces: Pieces

    @classmethod
    def of(cls, position: Position) -> "Taken":
        """Take down a position; its pieces are frozen, so that only which there are is copied."""
        pieces: dict[tuple[str, str], Any] = {}
        for kept in _KEPT:
            pieces |= {(kept, name): piece for name, piece in getattr(position, kept).items()}
        pieces |= {("actions", name): action for name, action in position.company.actions.items()}
        for listed in _LISTED:
            pieces |= {(listed, f"{place:06}"): one for place, one in enumerate(getattr(position.company, listed))}
        pieces |= {("holders", name): told for name, told in position.holders.items()}
        pieces["without indemnity", ""] = tuple(position.company.replaced_without_indemnity)
        pieces["terms", ""] = position.terms
        pieces["closures", ""] = tuple(sorted(position.days.closures.items()))
        pieces["common", ""] = position.common
        pieces["liquidation", ""] = position.company.liquidation
        pieces["into", ""] = tuple(position.into.items())
        return cls(position.headline(), pieces)

    def moved_to(self, after: "Taken") -> Moved:
        """What lies between this position and a later one."""
        old = self.pieces
        # Most pieces are the very same: asking that first spares comparing every field of every certificate.
        changed = {
            key: piece for key, piece in after.pieces.items() if old.get(key) is not piece and old.get(key) != piece
        }
        gone = dict.fromkeys(self.pieces.keys() - after.pieces.keys())
        return Moved(self.figures, after.figures, changed | gone)


def _plain(piece: Any) -> Any:
    """A piece as JSON data, every quantity exact.

    No form may ever change: digests were published over it, and a replay must come to the same.
    """
    if type(piece) in _TOLD:
        return _TOLD[type(piece)](piece)
    if is_dataclass(piece) and not isinstance(piece, type):
        return [_plain(getattr(piece, field.name)) for field in fields(piece)]
    if isinstance(piece, Mapping):
        return {name: _plain(value) for name, value in sorted(piece.items())}
    if isinstance(piece, tuple | list):
        return [_plain(value) for value in piece]
    if isinstance(piece, Fraction | date | datetime):
        return str(piece)
    return piece if piece is None or isinstance(piece, bool | int | str) else str(piece)


def _terms(terms: Terms) -> dict[str, Any]:
    rows = {
        name: {"value": row.data()["value"], "clause": row.clause, "in_force_from": _plain(row.in_force_from)}
        for name, row in terms.rows().items()
    }
    return {"form": FORM, "title": terms.title, "company": terms.company, **rows, "readings": dict(terms.readings)}


_TOLD: dict[type, Callable[[Any], Any]] = {
    Terms: _terms,
    Holder: lambda holder: holder.says,
    Listed: lambda listed: f"certificate={listed.certificate!r} shares={listed.shares!r}",
}
"""The pieces that are not told field by field, and how they are."""
