"""The pieces a position is made of, each under its kind and key, and a note of what every step replaced.

A position is built in memory by the fold, or found again in a store where it was kept: then a piece is fetched when it
is first asked for, so that a question costs what it looks at. Pieces are frozen; what a step replaced is noted, so that
what it moved is known without looking at everything else, and a step can be taken back. What it looked at is noted too,
so that it need not be decided again where none of that has become another.
"""

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Sequence, ValuesView
from itertools import repeat
from typing import Any, Final, Protocol, SupportsIndex, TypeVar, overload

Piece = TypeVar("Piece")
Default = TypeVar("Default")
Key = tuple[str, str]
"""A piece's kind and its key among that kind."""


class Absent:
    """The value of what is not there."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


class Noted(dict[Key, Any]):
    """What was there before, by key: the piece, or ABSENT; and in `read` the keys of all that was looked at.

    Whoever looked at the whole of a kind looked at its `whole` too.
    """

    def __init__(self) -> None:
        """Begin with nothing noted."""
        super().__init__()
        self.read = set[Key]()


def whole(kind: str) -> Key:
    """The key that stands for all the pieces of a kind, those included that are not there."""
    return kind, ""


class Source(Protocol):
    """Where the pieces of a position that was kept are found."""

    def piece(self, kind: str, key: str) -> Any:
        """One piece; ABSENT where there is none."""

    def several(self, kind: str, keys: Sequence[str]) -> Iterable[tuple[str, Any]]:
        """The pieces of some keys that are there, each with its key."""

    def pieces(self, kind: str) -> Iterable[tuple[str, Any]]:
        """Every piece of a kind, by its key, in the order of the keys."""


class Pieces(dict[str, Piece]):
    """The pieces of one kind by their keys: those at hand, and where there is a source those still to be fetched."""

    __slots__ = ("_fetched", "_noted", "_read", "_source", "kind")

    def __init__(self, kind: str, noted: Noted, source: Source | None = None) -> None:
        """Begin with nothing at hand, and everything at hand where there is no source."""
        super().__init__()
        self.kind, self._noted, self._read = kind, noted, noted.read
        self._source = source
        self._fetched = set[str]()

    def __getitem__(self, key: str) -> Piece:
        self._read.add((self.kind, key))
        return super().__getitem__(key)

    def __setitem__(self, key: str, piece: Piece) -> None:
        noted = (self.kind, key)
        if noted not in self._noted:
            self._noted[noted] = self.get(key, ABSENT)
        super().__setitem__(key, piece)

    def put_back(self, key: str, piece: Any) -> None:
        """Undo what was noted or do it again: put a piece in its place, or take it away where there was none."""
        if piece is ABSENT:
            super().pop(key, None)
            self._fetched.add(key)  # a source that has learned of it since is not to be asked
        else:
            super().__setitem__(key, piece)

    def __missing__(self, key: str) -> Piece:
        piece = self._fetch(key)
        if piece is ABSENT:
            raise KeyError(key)
        return piece  # type: ignore[no-any-return]  # a source gives what was kept under the kind

    def _fetch(self, key: str) -> Any:
        """A piece that is not at hand; ABSENT where there is none."""
        if self._source is None or key in self._fetched:
            return ABSENT
        self._fetched.add(key)
        piece = self._source.piece(self.kind, key)
        if piece is not ABSENT:
            super().__setitem__(key, piece)
        return piece

    @overload
    def get(self, key: str, default: None = None, /) -> Piece | None: ...
    @overload
    def get(self, key: str, default: Piece, /) -> Piece: ...
    @overload
    def get(self, key: str, default: Default, /) -> Piece | Default: ...
    def get(self, key: str, default: Any = None, /) -> Any:
        """The piece of a key, or what is given where there is none."""
        self._read.add((self.kind, key))
        piece = super().get(key, ABSENT)
        if piece is ABSENT:
            piece = self._fetch(key)
        return default if piece is ABSENT else piece

    def setdefault(self, key: str, default: Any = None) -> Any:
        """The piece of a key; where there is none, what is given from now on."""
        if key not in self:
            self[key] = default
        return self[key]

    def __contains__(self, key: object) -> bool:
        return self.get(str(key), ABSENT) is not ABSENT

    def several(self, keys: Sequence[str]) -> list[Piece]:
        """The pieces of some keys, in their order; those not at hand are fetched together."""
        if self._source is not None:
            wanted = [key for key in keys if not dict.__contains__(self, key) and key not in self._fetched]
            for key, piece in self._source.several(self.kind, wanted) if wanted else ():
                super().__setitem__(key, piece)
        self._read.update(zip(repeat(self.kind), keys, strict=False))
        return list(map(super().__getitem__, keys))

    @property
    def at_hand(self) -> int:
        """How many pieces are in memory."""
        return super().__len__()

    def let_go(self, source: Source) -> None:
        """Keep nothing at hand: all of it is found again in a source."""
        super().clear()
        self._fetched.clear()
        self._source = source

    def _whole(self) -> None:
        self._read.add(whole(self.kind))
        if self._source is None:
            return
        for key, piece in self._source.pieces(self.kind):
            if key not in self._fetched and not super().__contains__(key):
                super().__setitem__(key, piece)
        self._source = None

    def __iter__(self) -> Iterator[str]:
        self._whole()
        return super().__iter__()

    def __len__(self) -> int:
        self._whole()
        return super().__len__()

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        """Every key."""
        self._whole()
        return super().keys()

    def values(self) -> ValuesView[Piece]:  # type: ignore[override]
        """Every piece."""
        self._whole()
        return super().values()

    def items(self) -> ItemsView[str, Piece]:  # type: ignore[override]
        """Every piece with its key."""
        self._whole()
        return super().items()


class Ordered(list[Piece]):
    """The pieces of one kind in the order in which they came; fetched all at once where there is a source.

    Whoever looks at one of them counts as looking at all: where it stands is told by how many there are.
    """

    __slots__ = ("_noted", "_source", "kind")

    def __init__(self, kind: str, noted: Noted, source: Source | None = None) -> None:
        """Begin with nothing at hand, and everything at hand where there is no source."""
        super().__init__()
        self.kind, self._noted, self._source = kind, noted, source

    def _whole(self) -> None:
        self._noted.read.add(whole(self.kind))
        if self._source is not None:
            source, self._source = self._source, None
            super().extend(piece for _, piece in source.pieces(self.kind))

    def append(self, piece: Piece) -> None:
        """Add a piece behind the others."""
        self._whole()
        self._noted.setdefault((self.kind, place(super().__len__())), ABSENT)
        super().append(piece)

    def __setitem__(self, index: Any, piece: Any) -> None:
        self._whole()
        number = range(super().__len__())[index]
        self._noted.setdefault((self.kind, place(number)), super().__getitem__(number))
        super().__setitem__(number, piece)

    def put_back(self, key: str, piece: Any) -> None:
        """Undo what was noted or do it again: put a piece in its place, or take the last away where there was none."""
        if piece is ABSENT:
            super().pop()
        elif int(key) == super().__len__():
            super().append(piece)
        else:
            super().__setitem__(int(key), piece)

    def get(self, key: str, default: Any = None) -> Any:
        """The piece of a place written as a key, or what is given where there is none."""
        self._whole()
        return super().__getitem__(int(key)) if int(key) < super().__len__() else default

    def __iter__(self) -> Iterator[Piece]:
        self._whole()
        return super().__iter__()

    def __len__(self) -> int:
        self._whole()
        return super().__len__()

    @overload
    def __getitem__(self, index: SupportsIndex) -> Piece: ...
    @overload
    def __getitem__(self, index: slice) -> list[Piece]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> Any:
        self._whole()
        return super().__getitem__(index)


def place(number: int) -> str:
    """The key of a place in a list: digits that sort as the numbers do."""
    return f"{number:06}"
