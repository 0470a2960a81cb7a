"""The Merkle tree: the published vectors, a second definition straight from the RFC, and all forgeries thought of.

What a proof cannot do is here too: a root does not hold its size, so a size is only as good as the head it comes from.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import merkle
from ledger.merkle import (
    EMPTY,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf,
    root,
    verify_consistency,
    verify_inclusion,
)

patient = settings(max_examples=150, deadline=None)

# --- the published vectors: transparency-dev/merkle, and before it certificate-transparency's merkle_tree_test.cc ---

PUBLISHED = [
    bytes.fromhex(data)
    for data in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A_LEAF = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
B_LEAF = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
E_LEAF = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
G_LEAF = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
AB = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
CD = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
EF = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
GH = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
ABCD = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
EFGH = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"


@pytest.mark.parametrize("size", range(9))
def test_the_root_of_the_published_entries_is_the_published_root(size: int) -> None:
    """RFC 9162 2.1.1: eight entries and the root after each, that of the empty tree being SHA-256 of nothing."""
    leaves = [leaf(data) for data in PUBLISHED[:size]]
    assert root(leaves).hex() == Tree().appended(leaves).root.hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (0, 8, [B_LEAF, CD, EFGH]),
        (5, 8, [E_LEAF, GH, ABCD]),
        (2, 3, [AB]),
        (1, 5, [A_LEAF, CD, E_LEAF]),
    ],
)
def test_a_published_inclusion_proof_is_ours_and_verifies(index: int, size: int, proof: list[str]) -> None:
    """RFC 9162 2.1.3: the five paths of the reference implementation, hash for hash."""
    leaves = [leaf(data) for data in PUBLISHED[:size]]
    assert [each.hex() for each in inclusion_proof(leaves, index)] == proof
    assert verify_inclusion(leaves[index], index, size, [*map(bytes.fromhex, proof)], bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(
    ("first", "size", "proof"),
    [
        (1, 1, []),
        (1, 8, [B_LEAF, CD, EFGH]),
        (6, 8, [EF, GH, ABCD]),
        (2, 5, [CD, E_LEAF]),
        (6, 7, [EF, G_LEAF, ABCD]),
    ],
)
def test_a_published_consistency_proof_is_ours_and_verifies(first: int, size: int, proof: list[str]) -> None:
    """RFC 9162 2.1.4: the five proofs of the reference implementation, hash for hash."""
    assert [each.hex() for each in consistency_proof([leaf(data) for data in PUBLISHED[:size]], first)] == proof
    old, new = bytes.fromhex(ROOTS[first]), bytes.fromhex(ROOTS[size])
    assert verify_consistency(first, old, size, new, [*map(bytes.fromhex, proof)])


def test_the_tree_of_seven_entries_has_the_proofs_that_the_text_names() -> None:
    """RFC 9162 2.1.5: d0 by [b, h, l], d3 by [c, g, l], d4 by [f, j, k], d6 by [i, k]; 3 by [c, d, g, l], 4, 6."""
    a, b, c, d, e, f, j = leaves = [leaf(bytes([number])) for number in range(7)]
    g, h, i = pair(a, b), pair(c, d), pair(e, f)
    k, l_ = pair(g, h), pair(i, j)
    assert root(leaves) == pair(k, l_)
    told = {0: [b, h, l_], 3: [c, g, l_], 4: [f, j, k], 6: [i, k]}
    assert {index: inclusion_proof(leaves, index) for index in told} == told
    told = {3: [c, d, g, l_], 4: [l_], 6: [i, j, k]}
    assert {first: consistency_proof(leaves, first) for first in told} == told


# --- the RFC's own recursive definitions, over the same thousand entries ---

ENTRIES = [b"entry %d" % number for number in range(1025)]
LEAVES = [leaf(data) for data in ENTRIES]


def pair(left: bytes, right: bytes) -> bytes:
    """RFC 9162 2.1.1: HASH(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def split(n: int) -> int:
    """RFC 9162 2.1.1: k, the largest power of two smaller than n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


@cache
def mth(start: int, end: int) -> bytes:
    """RFC 9162 2.1.1: MTH(D[start:end])."""
    if start == end:
        return sha256().digest()
    if end - start == 1:
        return sha256(b"\x00" + ENTRIES[start]).digest()
    k = start + split(end - start)
    return pair(mth(start, k), mth(k, end))


def path(m: int, start: int, end: int) -> list[bytes]:
    """RFC 9162 2.1.3.1: PATH(m, D[start:end])."""
    if end - start == 1:
        return []
    k = split(end - start)
    if m < k:
        return [*path(m, start, start + k), mth(start + k, end)]
    return [*path(m - k, start + k, end), mth(start, start + k)]


def subproof(m: int, start: int, end: int, whole: bool = True) -> list[bytes]:
    """RFC 9162 2.1.4.1: SUBPROOF(m, D[start:end], b); PROOF(m, D_n) is SUBPROOF(m, D_n, true)."""
    if m == end - start:
        return [] if whole else [mth(start, end)]
    k = split(end - start)
    if m <= k:
        return [*subproof(m, start, start + k, whole), mth(start + k, end)]
    return [*subproof(m - k, start + k, end, False), mth(start, start + k)]


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 100])
def test_every_proof_of_a_small_tree_is_the_one_that_the_text_defines(size: int) -> None:
    """RFC 9162 2.1.1, 2.1.3.1 and 2.1.4.1: every place and every older tree, and each proof verifies."""
    leaves, whole = LEAVES[:size], mth(0, size)
    assert root(leaves) == whole
    for index in range(size):
        assert inclusion_proof(leaves, index) == (proof := path(index, 0, size))
        assert verify_inclusion(leaves[index], index, size, proof, whole)
        assert consistency_proof(leaves, index + 1) == (proof := subproof(index + 1, 0, size))
        assert verify_consistency(index + 1, mth(0, index + 1), size, whole, proof)


@patient
@given(st.integers(1, len(LEAVES)), st.data())
def test_every_proof_of_any_tree_verifies_and_is_short(size: int, data: st.DataObject) -> None:
    """RFC 9162 2.1.3 and 2.1.4: whichever entry, whichever older head; at most one hash a storey, and one more."""
    index = data.draw(st.integers(0, size - 1))
    storeys = (size - 1).bit_length()
    proof = inclusion_proof(LEAVES[:size], index)
    assert proof == path(index, 0, size)
    assert len(proof) <= storeys
    assert verify_inclusion(LEAVES[index], index, size, proof, mth(0, size))
    proof = consistency_proof(LEAVES[:size], index + 1)
    assert proof == subproof(index + 1, 0, size)
    assert len(proof) <= storeys + 1
    assert verify_consistency(index + 1, mth(0, index + 1), size, mth(0, size), proof)


# --- forgeries ---


class Claim(NamedTuple):
    """What is told to a verifier: an entry's presence (`old` is its leaf) or an old head's (`old` is its root)."""

    kind: str
    place: int  # the entry's index, or the size of the old tree
    old: bytes
    size: int
    root: bytes
    proof: list[bytes]

    def accepted(self) -> bool:
        """What the verifier says."""
        if self.kind == "inclusion":
            return verify_inclusion(self.old, self.place, self.size, self.proof, self.root)
        return verify_consistency(self.place, self.old, self.size, self.root, self.proof)

    def turns(self) -> list[str]:
        """Which way the proof goes at each step, by the RFC's recursive definitions; no more of a size is hashed."""
        if self.kind == "inclusion":
            return inclusion_turns(self.place, self.size)
        return consistency_turns(self.place, self.size)


def inclusion_turns(m: int, n: int) -> list[str]:
    """RFC 9162 2.1.3.1, with no hashes."""
    if not 0 <= m < n:
        return ["impossible"]
    if n == 1:
        return []
    k = split(n)
    return [*inclusion_turns(m, k), "left"] if m < k else [*inclusion_turns(m - k, n - k), "right"]


def consistency_turns(m: int, n: int, whole: bool = True) -> list[str]:
    """RFC 9162 2.1.4.1, with no hashes."""
    if not 0 < m <= n:
        return ["impossible"]
    if m == n:
        return [] if whole else ["end"]
    k = split(n)
    return [*consistency_turns(m, k, whole), "left"] if m <= k else [*consistency_turns(m - k, n - k, False), "right"]


def claimed(kind: str, place: int, size: int) -> Claim:
    """A true claim about the first entries."""
    if kind == "inclusion":
        return Claim(kind, place, LEAVES[place], size, mth(0, size), inclusion_proof(LEAVES[:size], place))
    proof = consistency_proof(LEAVES[:size], place)
    return Claim(kind, place, mth(0, place), size, mth(0, size), proof)


def flipped(original: bytes, bit: int) -> bytes:
    """A hash with one bit the other way."""
    return (int.from_bytes(original, "big") ^ 1 << bit).to_bytes(len(original), "big")


def altered_hashes(original: bytes, random: Random) -> Iterator[tuple[str, bytes]]:
    """One hash altered in its bits, in its length, and into another hash of the same tree or of none."""
    yield "bit", flipped(original, random.randrange(256))
    yield "shorter", original[:-1]
    yield "longer", original + b"\x00"
    yield "nothing", b""
    yield "another leaf", leaf(b"no entry")
    yield "prefixed", b"\x00" + original
    yield "any hash", random.randbytes(32)


def altered_proofs(proof: list[bytes], random: Random) -> Iterator[tuple[str, list[bytes]]]:
    """A proof altered at every position: each hash, one fewer, one more, two swapped, bytes moved to a neighbour."""
    for at, each in enumerate(proof):
        for how, other in altered_hashes(each, random):
            yield f"{how} in the proof", [*proof[:at], other, *proof[at + 1 :]]
        yield "one dropped", [*proof[:at], *proof[at + 1 :]]
        yield "cut short", proof[:at]
        for to in range(at + 1, len(proof)):
            yield "two swapped", [*proof[:at], proof[to], *proof[at + 1 : to], each, *proof[to + 1 :]]
        if at:
            moved = [proof[at - 1] + each[:1], each[1:]]
            yield "a byte moved", [*proof[: at - 1], *moved, *proof[at + 1 :]]
            yield "two joined", [*proof[: at - 1], proof[at - 1] + each, *proof[at + 1 :]]
    for at in range(len(proof) + 1):
        extra = random.choice([*proof, EMPTY, random.randbytes(32), b""])
        yield "one added", [*proof[:at], extra, *proof[at:]]
    yield "twice over", [*proof, *(proof or [EMPTY])]
    yield "a hundred added", [*proof, *[EMPTY] * 100]


def forgeries(true: Claim, random: Random) -> Iterator[tuple[str, Claim]]:
    """A true claim with one field altered, every field and position in turn, and what is true of one told of another.

    Only "the same turns" are accepted: see the test of a size, which is held by the head and not by the root.
    """
    for how, proof in altered_proofs(true.proof, random):
        yield how, true._replace(proof=proof)
    for how, other in altered_hashes(true.old, random):
        yield f"{how} for the old", true._replace(old=other)
    for how, other in altered_hashes(true.root, random):
        yield f"{how} for the root", true._replace(root=other)
    near = {
        0,
        true.place - 1,
        true.place + 1,
        true.place ^ 1,
        true.place * 2,
        true.place // 2,
        true.size,
        true.size - 1,
    }
    for place in {*near, random.randrange(true.size + 1), -1, -true.place, 1 << 64} - {true.place}:
        yield "another place", true._replace(place=place)
    near = {0, true.size - 1, true.size + 1, true.size ^ 1, true.size * 2, true.size // 2, true.place}
    for size in {*near, 1 + random.randrange(len(LEAVES)), -1, -true.size, 1 << 64} - {true.size}:
        told = true._replace(size=size)
        yield "the same turns" if told.turns() == true.turns() else "another size", told
        if 0 < size <= len(LEAVES):
            yield "another head", true._replace(size=size, root=mth(0, size))
    here, there = random.sample(range(1, true.size + 1), 2) if true.size > 1 else (1, 1)
    if here != there:  # the proof of one thing told of another
        one, another = (claimed(true.kind, at - (true.kind == "inclusion"), true.size) for at in (here, there))
        yield "another's proof", one._replace(proof=another.proof)
        yield "another's old", one._replace(old=another.old)
        yield "another's place", one._replace(place=another.place)


def forged_proofs(count: int, seed: int = 9162) -> Counter[str]:
    """Try that many false claims about trees of up to 1,025 entries, every field and position of a proof altered.

    AssertionError at the first that is accepted; else how many there were of each kind, and beside them how often a
    size was told under which the proof has the same turns. A long run by hand, some ten seconds:

        cd tests && PYTHONPATH=.. python -c "import test_merkle; print(test_merkle.forged_proofs(1_000_000))"
    """
    random, tried, false = Random(seed), Counter[str](), 0
    while True:
        size = random.choice((random.randint(1, 40), random.randint(1, len(LEAVES)), 1 << random.randrange(11)))
        kind = random.choice(("inclusion", "consistency"))
        true = claimed(kind, random.randrange(size) + (kind == "consistency"), size)
        assert true.accepted()
        for how, forged in forgeries(true, random):
            assert forged.accepted() == (how == "the same turns"), (how, true, forged)
            tried[f"{kind}: {how}"] += 1
            false += how != "the same turns"
            if false == count:
                return tried


def test_no_forged_proof_is_accepted() -> None:
    """RFC 9162 2.1.3.2 and 2.1.4.2: twenty thousand here, a million by hand, of every way of altering a claim."""
    tried = forged_proofs(20_000)
    assert sum(times for how, times in tried.items() if "the same turns" not in how) == 20_000
    ways = {how.split(": ")[1] for how in tried}
    assert len(ways) == 36
    assert all(tried[f"{kind}: {how}"] for how in ways for kind in ("inclusion", "consistency"))


@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_every_bit_of_a_claim_counts(kind: str) -> None:
    """RFC 9162 2.1.3.2 and 2.1.4.2: each of the 256 bits of each hash, in the proof, the root and the old hash."""
    for place, size in ((4, 7), (6, 8), (11, 21)):
        true = claimed(kind, place, size)
        for bit in range(256):
            assert not true._replace(old=flipped(true.old, bit)).accepted()
            assert not true._replace(root=flipped(true.root, bit)).accepted()
            for at, each in enumerate(true.proof):
                altered = [*true.proof[:at], flipped(each, bit), *true.proof[at + 1 :]]
                assert not true._replace(proof=altered).accepted()


@patient
@given(st.sampled_from(["inclusion", "consistency"]), st.integers(1, 300), st.randoms(use_true_random=False))
def test_an_altered_claim_is_refused_wherever_it_was_altered(kind: str, size: int, random: Random) -> None:
    """RFC 9162 2.1.3.2 and 2.1.4.2: one field or one position of a proof, and it proves nothing any more."""
    true = claimed(kind, random.randrange(size) + (kind == "consistency"), size)
    for how, forged in forgeries(true, random):
        assert forged.accepted() == (how == "the same turns"), how


@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_a_size_is_held_by_the_head_and_not_by_the_root(kind: str) -> None:
    """RFC 9162 2.1.3.2 and 2.1.4.2: a false place or size passes exactly where the proof would turn the same ways.

    The first of eight entries is also the first of "seven" under the same root, the hash having no size in it. So a
    root is trusted together with its size; under a true size no other place passes, and no other size under its root.
    """
    one = kind == "consistency"
    for size in range(1, 18):
        for place in range(one, size + one):
            true = claimed(kind, place, size)
            for other_size in range(35):
                for other_place in range(35):
                    told = true._replace(place=other_place, size=other_size)
                    assert told.accepted() == (told.turns() == true.turns())
                    if told.accepted() and other_size == size:
                        assert other_place == place
                    if told.accepted() and other_size != size and other_size:
                        assert not told._replace(root=mth(0, other_size)).accepted()
    assert claimed("inclusion", 0, 8)._replace(size=7).accepted()


@patient
@given(st.integers(2, 200), st.data())
def test_a_rewritten_past_has_no_proof(size: int, data: st.DataObject) -> None:
    """RFC 9162 2.1.4: an entry altered, dropped, put in or moved before an old head, and the tree rebuilt."""
    first = data.draw(st.integers(1, size - 1))
    at = data.draw(st.integers(0, first - 1))
    leaves, new = LEAVES[:size], leaf(b"a new past")
    other = (at + 1) % size
    moved = leaves.copy()
    moved[at], moved[other] = moved[other], moved[at]
    for rewritten in (
        [*leaves[:at], new, *leaves[at + 1 :]],
        [*leaves[:at], *leaves[at + 1 :]],
        [*leaves[:at], new, *leaves[at:]],
        moved,
    ):
        proof = consistency_proof(rewritten, first)
        assert not verify_consistency(first, mth(0, first), len(rewritten), root(rewritten), proof)
        assert not verify_consistency(first, mth(0, first), len(rewritten), root(rewritten), subproof(first, 0, size))


def test_a_node_is_never_taken_for_an_entry() -> None:
    """RFC 9162 2.1.1: two hashes written into an entry do not hash as their node; a node is not as low as a leaf."""
    whole, inner = mth(0, 4), mth(0, 2)
    assert leaf(LEAVES[0] + LEAVES[1]) != inner
    assert leaf(b"\x01" + LEAVES[0] + LEAVES[1]) != inner
    for index in range(4):
        assert not verify_inclusion(inner, index, 4, [mth(2, 4)], whole)
    assert not verify_inclusion(whole, 0, 4, [], whole)


def test_what_is_no_hash_is_never_compared_as_one() -> None:
    """RFC 9162 2.1.3.2 and 2.1.4.2: bytes moved between a leaf and its neighbour hash the same, and are refused."""
    joined, whole = LEAVES[0] + LEAVES[1], mth(0, 2)
    for at in range(65):
        assert sha256(b"\x01" + joined[:at] + joined[at:]).digest() == whole
        assert verify_inclusion(joined[:at], 0, 2, [joined[at:]], whole) == (at == 32)
        assert verify_inclusion(joined[at:], 1, 2, [joined[:at]], whole) == (at == 32)
        assert verify_consistency(1, joined[:at], 2, whole, [joined[at:]]) == (at == 32)
        assert verify_inclusion(joined[:at], 0, 1, [], joined[:at]) == (at == 32)
        assert verify_consistency(2, joined[:at], 2, joined[:at], []) == (at == 32)


def test_no_head_is_the_continuation_of_none() -> None:
    """RFC 9162 2.1.4 has 0 < first: from an empty tree anything follows, so such a proof would say nothing."""
    for size in range(4):
        assert not verify_consistency(0, EMPTY, size, mth(0, size), [])
    assert not verify_inclusion(EMPTY, 0, 0, [], EMPTY)


def test_the_same_head_needs_no_proof_and_takes_none() -> None:
    """RFC 9162 2.1.4: a head continues itself by the empty proof, and another root of its size is a fork."""
    for size in range(1, 10):
        assert consistency_proof(LEAVES[:size], size) == []
        assert verify_consistency(size, mth(0, size), size, mth(0, size), [])
        assert not verify_consistency(size, mth(0, size), size, mth(0, size), [mth(0, size)])
        assert not verify_consistency(size, mth(0, size), size, mth(1, 1 + size), [])


ANYTHING = st.one_of(st.binary(max_size=70), st.binary(min_size=32, max_size=32))
NUMBERS = st.one_of(st.integers(), st.integers(-2, 9), st.sampled_from([2**63, 2**64 - 1, 2**64, 2**70000]))


@settings(max_examples=500, deadline=None)
@given(NUMBERS, ANYTHING, NUMBERS, ANYTHING, st.lists(ANYTHING, max_size=70))
def test_a_verifier_answers_whatever_it_is_asked(
    place: int, old: bytes, size: int, whole: bytes, proof: list[bytes]
) -> None:
    """RFC 9162 2.1.3.2 and 2.1.4.2: a claim of any numbers and bytes is true or false, never an error."""
    hashes = all(len(each) == 32 for each in (old, whole, *proof))
    for told in (verify_inclusion(old, place, size, proof, whole), verify_consistency(place, old, size, whole, proof)):
        assert told is False or (hashes and 0 <= place <= size < 2**64)


def test_the_largest_size_is_verified_in_sixty_four_steps() -> None:
    """RFC 9162 4.9: a size is a uint64; a proof of 64 hashes is right for the largest, and one more or fewer is not."""
    wholes = [*accumulate(LEAVES[:66], pair)]
    assert verify_inclusion(LEAVES[0], 0, 2**64 - 1, LEAVES[1:65], wholes[64])
    assert verify_consistency(1, LEAVES[0], 2**64 - 1, wholes[64], LEAVES[1:65])
    for size, hashes in ((2**64 - 1, 63), (2**64 - 1, 65), (2**64, 64), (2**64, 65), (2**64 + 1, 65)):
        assert not verify_inclusion(LEAVES[0], 0, size, LEAVES[1 : 1 + hashes], wholes[hashes])
        assert not verify_consistency(1, LEAVES[0], size, wholes[hashes], LEAVES[1 : 1 + hashes])


# --- what a proof is made of ---


@pytest.mark.parametrize("place", [-1, 3, 4])
def test_there_is_no_proof_of_a_place_that_is_not(place: int) -> None:
    """RFC 9162 2.1.3.1: 0 <= m < n."""
    with pytest.raises(ValueError, match=f"there is no leaf {place} among 3"):
        inclusion_proof(LEAVES[:3], place)


@pytest.mark.parametrize("first", [-1, 0, 4])
def test_there_is_no_proof_from_a_head_that_was_not(first: int) -> None:
    """RFC 9162 2.1.4.1: 0 < m <= n."""
    with pytest.raises(ValueError, match=f"there was no tree of {first} leaves among 3"):
        consistency_proof(LEAVES[:3], first)


@pytest.mark.parametrize(
    "make",
    [
        root,
        Tree().appended,
        lambda leaves: inclusion_proof(leaves, 0),
        lambda leaves: consistency_proof(leaves, 1),
        lambda leaves: consistency_proof(leaves, len(leaves)),
    ],
)
@pytest.mark.parametrize("data", [b"", b"an entry's bytes", bytes(33)])
def test_an_entry_that_was_not_hashed_is_no_leaf(make: Callable[[Sequence[bytes]], Any], data: bytes) -> None:
    """RFC 9162 2.1.1: the tree is over hashes of entries; the bytes themselves, given by mistake, are refused."""
    with pytest.raises(ValueError, match="hash the entry with `leaf` first"):
        make([LEAVES[0], data, LEAVES[2]])


@pytest.mark.parametrize("size", [1, 2, 1000, 1023, 1024, 1025])
def test_a_proof_costs_no_more_than_hashing_once(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9162 2.1.1: n leaves have n - 1 nodes. No proof makes more, and a verifier at most two a storey, and one."""
    made = []

    def counted(data: bytes) -> Any:
        made.append(data)
        return sha256(data)

    def cost(function: Callable[..., Any], *given: Any) -> int:
        made.clear()
        assert function(*given) is not False
        return len(made)

    first, storeys, leaves = size // 2 + 1, (size - 1).bit_length(), LEAVES[:size]
    proofs = inclusion_proof(leaves, first - 1), consistency_proof(leaves, first)
    monkeypatch.setattr(merkle, "sha256", counted)
    assert cost(root, leaves) == size - 1
    assert cost(inclusion_proof, leaves, first - 1) <= size - 1
    assert cost(consistency_proof, leaves, first) <= size - 1
    assert cost(verify_inclusion, leaves[first - 1], first - 1, size, proofs[0], mth(0, size)) <= storeys
    assert cost(verify_consistency, first, mth(0, first), size, mth(0, size), proofs[1]) <= 2 * storeys
    assert cost(Tree().appended, leaves) < size
    assert cost(Tree().appended(leaves).appended, [LEAVES[0]]) <= storeys + 1


# --- the tree that is kept ---


@patient
@given(st.lists(st.integers(0, 40), max_size=20))
def test_a_tree_grown_in_any_steps_has_the_root_of_all_its_leaves(steps: list[int]) -> None:
    """RFC 9162 2.1.1: kept as bytes between the steps, it is at every one the tree that all the leaves make at once."""
    tree, size = Tree(), 0
    for step in steps:
        tree = Tree.unpacked(tree.packed()).appended(LEAVES[size : size + step])
        size += step
        assert (tree.size, tree.root) == (size, mth(0, size))
        assert tree == Tree().appended(LEAVES[:size])


def test_a_tree_is_kept_in_one_hash_for_each_whole_subtree() -> None:
    """RFC 9162 2.1.2: seven leaves are a subtree of four, one of two and one of one; the size stands before them."""
    tree = Tree().appended(LEAVES[:7])
    assert tree.peaks == (mth(0, 4), mth(4, 6), mth(6, 7))
    assert tree.packed() == bytes([0, 0, 0, 0, 0, 0, 0, 7]) + mth(0, 4) + mth(4, 6) + mth(6, 7)
    assert Tree().packed() == bytes(8)
    assert Tree.unpacked(bytes(8)) == Tree()


def test_growing_a_tree_leaves_the_old_one_as_it_was() -> None:
    """An append that is rolled back has changed nothing: the tree of before is still there."""
    before = Tree().appended(LEAVES[:5])
    packed = before.packed()
    assert before.appended(LEAVES[5:9]).root == mth(0, 9)
    assert (before.packed(), before.root) == (packed, mth(0, 5))


@pytest.mark.parametrize("size", [0, 1, 6, 7, 8])
def test_bytes_that_are_no_tree_are_refused(size: int) -> None:
    """Cut anywhere, with bytes to spare, or with a size that has other peaks: a ValueError, never a wrong root."""
    packed = Tree().appended(LEAVES[:size]).packed()
    for kept in [*(packed[:end] for end in range(len(packed))), packed + b"\x00", packed + LEAVES[0], b""]:
        with pytest.raises(ValueError, match="do not make a tree"):
            Tree.unpacked(kept)
    for other in {-1, size + (2 if size in (0, 6) else 3), 1 << 64}:
        if other.bit_count() != size.bit_count() or not 0 <= other < 1 << 64:
            with pytest.raises(ValueError, match="do not make a tree"):
                replace(Tree().appended(LEAVES[:size]), size=other)
