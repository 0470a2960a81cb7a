"""Proofs in JSON, every field and every position of each altered: none is accepted that does not say the same."""

import json
from random import Random

import pytest

from tampering.proofs import Proof, accepted, forged, made, same, trusted
from tampering.remembered import Kept
from tampering.specimen import HUNDREDS, in_memory

N = HUNDREDS
ENTRIES = (1, 2, 3, 100, 128, 129, N - 1, N)
BEGINNINGS = (1, 2, 3, 64, 100, 128, N - 1, N)


@pytest.fixture(scope="module")
def proofs(kept: Kept) -> list[Proof]:
    """A proof of each of some entries and of some beginnings."""
    with in_memory() as folder:
        kept.files.lie_at(folder / "ledger.db")
        return made(folder / "ledger.db", ENTRIES, BEGINNINGS)


def test_a_proof_holds(proofs: list[Proof]) -> None:
    """As it is printed, each is accepted against the root and the size that were written down."""
    for told in proofs:
        assert accepted(json.dumps(told), *trusted(told))
        assert accepted(json.dumps(told, indent=2), *trusted(told))
        assert accepted(json.dumps(told, sort_keys=True), *trusted(told))


def test_no_altered_proof_is_accepted(proofs: list[Proof]) -> None:
    """Twenty thousand alterations of sixteen proofs, a million by hand, each refused in words."""
    tried = forged(proofs, 20_000)
    assert tried.total() == 20_000
    assert len(tried) > 60


def test_every_bit_of_a_printed_proof_counts(proofs: list[Proof]) -> None:
    """Each bit of the text of a proof: refused, unless JSON reads the same from it."""
    tried = 0
    for told in (proofs[3], proofs[-4]):
        text = json.dumps(told, ensure_ascii=False).encode()
        for at in range(len(text)):
            for bit in range(8):
                false = text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1 :]
                try:
                    read = false.decode()
                except UnicodeDecodeError:
                    continue  # then it is no text, and the command says so
                tried += 1
                if accepted(read, *trusted(told)):
                    assert same(json.loads(read), told)
    assert tried > 10_000


def test_a_true_proof_is_not_accepted_against_another_head(proofs: list[Proof]) -> None:
    """Another root, another size, another older root: also those of another proof."""
    random, tried = Random(9162), 0
    for told in proofs:
        root, size, old_root = trusted(told)
        roots = {one["root"] for one in proofs} | {one["old_root"] for one in proofs if "old_root" in one}
        for _ in range(100):
            place, bit = random.randrange(32), 1 << random.randrange(8)
            false = bytearray.fromhex(root)
            false[place] ^= bit
            roots.add(false.hex())
        for other in (roots - {root}) | {"", "0", "zz", "é"}:
            tried += 1
            assert not accepted(json.dumps(told), other, size, old_root)
        for number in (1, 2, size - 1, size + 1, size * 2, 1 << 64, 1 << 80):
            tried += 1
            assert not accepted(json.dumps(told), root, number, old_root)
        for other in (roots - {old_root}) | {"", "zz"} if old_root else set():
            tried += 1
            assert not accepted(json.dumps(told), root, size, other)
    assert tried > 2000
