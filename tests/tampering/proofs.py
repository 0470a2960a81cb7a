"""Proofs in JSON, every field and every position of each altered; the hashes alone are forged in `test_merkle`.

By hand, proofs of every entry and of every beginning of a ledger of a few hundred, until so many were forged:

    cd tests && PYTHONPATH=.. nice python -m tampering.proofs 1000000
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from ledger.application import Ledger
from ledger.errors import ProofMustBeUnderstood, ProofMustHold
from ledger.merkle import EMPTY
from projections import proof
from tampering.specimen import HUNDREDS, in_memory, specimen

N = HUNDREDS
Proof = dict[str, Any]

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 2.0, 7.9, N, float(N), N - 1, N + 1, 10**30, 1e300, float("inf"), float("nan"), "",
    "x", "7", str(N), "\n", "\ud800", "00", "0" * 64, "0" * 63, EMPTY.hex(), [], [""], ["00"], [None], [[]], {}, {},
    ["0" * 64], "captable/proof-of-entry/1", "captable/proof-of-beginning/1", "captable/proof-of-entry/2",
)  # fmt: skip


def made(path: Path, entries: Iterable[int], beginnings: Iterable[int]) -> list[Proof]:
    """Proofs of some entries and of some beginnings, as they are printed."""
    with Ledger.open(path) as ledger:
        return [proof.of_entry(ledger, one) for one in entries] + [
            proof.of_beginning(ledger, one) for one in beginnings
        ]


def trusted(told: Proof) -> tuple[str, int, str | None]:
    """The root, the size and the older root that whoever checks a proof has written down."""
    return told["root"], told["size"], told.get("old_root")


def accepted(text: str, root: str, size: int, old_root: str | None) -> bool:
    """Whether a proof is accepted; where it is not, in words."""
    try:
        proof.must_hold(text, root, size, old_root)
    except (ProofMustBeUnderstood, ProofMustHold):
        return False
    return True


def fields_altered(told: Proof, others: list[Proof], random: Random) -> Iterator[tuple[str, Proof]]:
    """Every field another value, taken away, or another proof's."""
    for name, value in told.items():
        for other in (*VALUES, *(one[name] for one in others if name in one)):
            yield f"{name} replaced", {**told, name: other}
        yield f"{name} away", {key: told[key] for key in told if key != name}
        if isinstance(value, int):
            for by in (-2, -1, 1, 2, 128, 256, 1 << 32, 1 << 64):
                yield f"{name} moved", {**told, name: value + by}
            yield f"{name} as text", {**told, name: str(value)}
            yield f"{name} as a float", {**told, name: float(value)}
        if isinstance(value, str):
            for _ in range(40):
                at = random.randrange(len(value))
                yield f"{name} one character", {**told, name: value[:at] + random.choice("07afZ \n") + value[at + 1 :]}
            yield f"{name} longer", {**told, name: value + random.choice(" \n0a")}
            yield f"{name} shorter", {**told, name: value[:-1]}
            yield f"{name} in a list", {**told, name: [value]}
            yield f"{name} in capitals", {**told, name: value.upper()}
    yield "a field more", {**told, "more": 1}


def path_altered(told: Proof, random: Random) -> Iterator[tuple[str, Proof]]:
    """Every hash of the path another, moved or away."""
    path = told["proof"]
    for at, node in enumerate(path):
        before, after = path[:at], path[at + 1 :]
        yield "a hash away", {**told, "proof": [*before, *after]}
        yield "a hash twice", {**told, "proof": [*before, node, node, *after]}
        for how, other in (("cut", node[:-2]), ("that is none", None), ("and more", node + "00"), ("", node.upper())):
            yield f"a hash {how}", {**told, "proof": [*before, other, *after]}
        for other in range(at):
            moved = list(path)
            moved[at], moved[other] = moved[other], moved[at]
            yield "two hashes swapped", {**told, "proof": moved}
        for _ in range(20):
            place, bit = random.randrange(32), 1 << random.randrange(8)
            false = bytearray.fromhex(node)
            false[place] ^= bit
            yield "a bit of a hash", {**told, "proof": [*before, false.hex(), *after]}
    yield "the path turned", {**told, "proof": path[::-1]}
    yield "the path as one", {**told, "proof": ["".join(path)]}
    yield "the path longer", {**told, "proof": [*path, "0" * 64]}
    yield "the path as an object", {**told, "proof": dict.fromkeys(path, 1)}


def entry_altered(told: Proof) -> Iterator[tuple[str, Proof]]:
    """What stands for an entry parted elsewhere, so that the same bytes might be hashed."""
    both = told["word"] + "\n" + told["text"]
    yield "word and text parted elsewhere", {**told, "word": "", "text": both}
    yield "all in the word", {**told, "word": both, "text": ""}
    yield "a number in the word", {**told, "word": f"{told['entry']}\n{told['word']}"}
    yield "the next entry", {**told, "entry": told["entry"] + 1}


def altered(told: Proof, others: list[Proof], random: Random) -> Iterator[tuple[str, Proof]]:
    """Everything above."""
    yield from fields_altered(told, others, random)
    yield from path_altered(told, random)
    if "text" in told:
        yield from entry_altered(told)


def same(one: Any, other: Any) -> bool:
    """Whether two proofs are the same, a number not being the same as a float or a truth value."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and bool(one == other)


def forged(proofs: Sequence[Proof], count: int = 0, seed: int = 9162) -> Counter[str]:
    """Alter proofs in every way, each once, or again and again until there are so many; how many of each way.

    AssertionError at the first that is accepted though it does not say the same.
    """
    random, tried = Random(seed), Counter[str]()
    for told in cycle(proofs) if count else proofs:
        for how, false in altered(told, random.sample(proofs, min(len(proofs), 16)), random):
            if same(told, false):
                continue
            assert not accepted(json.dumps(false), *trusted(told)), (how, told, false)
            tried[how] += 1
            if tried.total() == count:
                return tried
    return tried


def main(words: list[str]) -> None:
    """Forge so many."""
    begun = time.monotonic()
    with in_memory() as folder:
        proofs = made(specimen(folder, N), range(1, N + 1), range(1, N + 1))
    tried = forged(proofs, int(words[0]))
    print(f"{tried.total()} forged proofs in {len(tried)} ways, none accepted, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
