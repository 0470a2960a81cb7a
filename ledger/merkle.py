"""A Merkle tree over the entries, as RFC 9162 2.1 has it: one entry's presence, or an old head's, in a few hashes.

The hash of an entry is SHA-256 over 0x00 and its bytes, of a node over 0x01 and its two children, of the empty tree
over nothing (2.1.1). `inclusion_proof` shows that one entry stands at its place (2.1.3); `consistency_proof` that an
old tree is the beginning of today's (2.1.4). A `Tree` is what must be kept to go on from: its size and its peaks.

A root does not hold its size. A proof speaks of a root *and* a size, as a head does: whoever verifies takes both from
a head they trust, never one from the proof, and hashes the entry's bytes themselves with `leaf`.

Pure: no clock, no store, no events. Written here because the one library of this shape is GPL.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH = 32
"""How many bytes a hash has."""

EMPTY = sha256(b"").digest()
"""RFC 9162 2.1.1: the root of the tree of no entries."""

_SIZE = 8  # bytes; a tree's size is a uint64 (RFC 9162 4.9), which also bounds what a hostile size can cost
_SIZES = 1 << 8 * _SIZE


def leaf(data: bytes) -> bytes:
    """RFC 9162 2.1.1: in go an entry's bytes, out comes the hash that stands for it in the tree."""
    return sha256(b"\x00" + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 2.1.1: in go the hashes of all entries in order, out comes their Merkle Tree Hash.

    Raises ValueError where a leaf is not a hash.
    """
    nodes = _hashes(leaves)
    while len(nodes) > 1:
        nodes = _above(nodes)
    return nodes[0] if nodes else EMPTY


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """RFC 9162 2.1.3.1: in go all leaves and a place counted from 0, out come the hashes beside its way to the root.

    Raises ValueError where there is no such place or a leaf is not a hash.
    """
    if not 0 <= index < len(leaves):
        raise ValueError(f"there is no leaf {index} among {len(leaves)}")
    return list(_beside(_hashes(leaves), index))


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 2.1.3.2: whether the proof leads from a leaf at a place to the root of a tree of that size.

    In go the entry's `leaf`, its place from 0, the size and root of a trusted head, and the proof. False, never an
    error, where any of them is malformed.
    """
    if not (0 <= index < size < _SIZES and _all_hashes((leaf_hash, root, *proof))):
        return False
    place, last, found = index, size - 1, leaf_hash
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = _node(beside, found)
            place, last = _to_a_right_child(place, last)
        else:
            found = _node(found, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """RFC 9162 2.1.4.1: in go all leaves and the size of an old tree, out come the hashes that bind it to today's.

    Raises ValueError where there was no such tree, or an empty one (it binds nothing), or a leaf is not a hash.
    """
    if not 0 < first <= len(leaves):
        raise ValueError(f"there was no tree of {first} leaves among {len(leaves)}")
    nodes, place = _hashes(leaves), first - 1
    if first == len(leaves):
        return []
    while place & 1:  # up to the largest whole subtree that the old tree ends with
        nodes, place = _above(nodes), place >> 1
    ending = [nodes[place]] if place else []  # where it is the whole old tree, the verifier has its root
    return [*ending, *_beside(nodes, place)]


def verify_consistency(first: int, first_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162 2.1.4.2: whether the tree of `first` and `first_root` is the beginning of that of `size` and `root`.

    In go the sizes and roots of two trusted heads and the proof. False, never an error, where any of them is malformed,
    and from an old tree of no leaves, which would say nothing.
    """
    if not (0 < first <= size < _SIZES and _all_hashes((first_root, root, *proof))):
        return False
    if first == size:
        return not proof and first_root == root
    whole = first & (first - 1) == 0  # a power of two: the old root is itself a node of the new tree
    path = [first_root, *proof] if whole else list(proof)
    if not proof:
        return False
    place, last = first - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = _node(beside, old), _node(beside, new)
            place, last = _to_a_right_child(place, last)
        else:
            new = _node(new, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == root


@dataclass(frozen=True, slots=True)
class Tree:
    """All of a tree that is needed to append to it: its size, and the roots of its whole subtrees from the left.

    There is a peak for each 1 in the binary size, the largest first. Raises ValueError where they do not agree.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not (0 <= self.size < _SIZES and len(self.peaks) == self.size.bit_count() and _all_hashes(self.peaks)):
            raise ValueError(f"{len(self.peaks)} peaks do not make a tree of {self.size} leaves")

    def appended(self, leaves: Iterable[bytes]) -> "Tree":
        """In go the next leaves in order, out comes the tree that has them too; ValueError where one is no hash."""
        size, peaks = self.size, list(self.peaks)
        for leaf_hash in leaves:
            _hashes((leaf_hash,))
            node, pairs = leaf_hash, size
            while pairs & 1:
                node, pairs = _node(peaks.pop(), node), pairs >> 1
            peaks.append(node)
            size += 1
        return Tree(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """RFC 9162 2.1.1: the Merkle Tree Hash of all leaves so far."""
        if not self.peaks:
            return EMPTY
        *lefts, found = self.peaks
        for left in reversed(lefts):
            found = _node(left, found)
        return found

    def packed(self) -> bytes:
        """The tree as bytes to keep: its size in eight, the most significant first, and its peaks."""
        return self.size.to_bytes(_SIZE, "big") + b"".join(self.peaks)

    @classmethod
    def unpacked(cls, kept: bytes) -> "Tree":
        """The tree that `packed` made these bytes of; ValueError where they are no tree's.

        That they are the tree of certain entries only the leaves of those entries can tell.
        """
        peaks = tuple(kept[start : start + HASH] for start in range(_SIZE, len(kept), HASH))
        return cls(int.from_bytes(kept[:_SIZE], "big") if len(kept) >= _SIZE else -1, peaks)


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _all_hashes(hashes: Iterable[bytes]) -> bool:
    return all(len(each) == HASH for each in hashes)


def _hashes(leaves: Sequence[bytes]) -> Sequence[bytes]:
    if not _all_hashes(leaves):
        raise ValueError(f"a leaf is a hash of {HASH} bytes: hash the entry with `leaf` first")
    return leaves


def _above(nodes: Sequence[bytes]) -> Sequence[bytes]:
    """One storey up: each pair becomes its node, and one left over goes up as it is, which is the shape of 2.1.1."""
    pairs = zip(nodes[::2], nodes[1::2], strict=False)
    above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return [*above, nodes[-1]] if len(nodes) & 1 else above


def _beside(nodes: Sequence[bytes], place: int) -> Iterator[bytes]:
    """The siblings met on the way from a place on one storey to the root, lowest first."""
    while len(nodes) > 1:
        if place ^ 1 < len(nodes):
            yield nodes[place ^ 1]
        nodes, place = _above(nodes), place >> 1


def _to_a_right_child(place: int, last: int) -> tuple[int, int]:
    """The storeys on which the last node goes up as it is, climbed: until it is a right child."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last
