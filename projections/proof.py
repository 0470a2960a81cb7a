"""RFC 9162 - Proofs of a few hashes: that an entry is in the record, that an old head is a beginning of a later one.

A proof is checked against a root that was written down with its number of entries; the number is never taken from the
proof itself.
"""

import json
from typing import Any

from ledger import merkle
from ledger.application import Ledger
from ledger.errors import EntryMustExist, ProofMustBeUnderstood, ProofMustHold
from ledger.links import identified
from ledger.rows import Stored

_ENTRY, _BEGINNING = "captable/proof-of-entry/1", "captable/proof-of-beginning/1"

_BOTH = {"schema": str, "size": int, "root": str, "proof": list}
_FIELDS: dict[str, dict[str, type]] = {
    _ENTRY: {**_BOTH, "entry": int, "word": str, "text": str},
    _BEGINNING: {**_BOTH, "old_size": int, "old_root": str},
}


def of_entry(ledger: Ledger, number: int) -> dict[str, Any]:
    """The proof that an entry is in the record, with its word and exact text; EntryMustExist."""
    one, leaves = None, list[bytes]()
    for row in ledger.stored():
        leaves.append(_leaf(row))
        one = row if row.number == number else one
    if one is None:
        raise EntryMustExist(entry=number, last=len(leaves))
    path = merkle.inclusion_proof(leaves, number - 1)
    text = one.state.decode()
    told = {"schema": _ENTRY, "entry": number, "word": one.word, "text": text, "size": len(leaves)}
    return {**told, "root": merkle.root(leaves).hex(), "proof": [node.hex() for node in path]}


def of_beginning(ledger: Ledger, first: int) -> dict[str, Any]:
    """The proof that the record of the first so many entries is a beginning of today's; EntryMustExist."""
    leaves = [_leaf(row) for row in ledger.stored()]
    if first > len(leaves):
        raise EntryMustExist(entry=first, last=len(leaves))
    path = merkle.consistency_proof(leaves, first)
    told = {"schema": _BEGINNING, "old_size": first, "size": len(leaves)}
    roots = {"old_root": merkle.root(leaves[:first]).hex(), "root": merkle.root(leaves).hex()}
    return {**told, **roots, "proof": [node.hex() for node in path]}


def _leaf(row: Stored) -> bytes:
    return merkle.leaf(identified(row.number, row.word, row.state))


def must_hold(text: str | bytes, root: str, size: int, old_root: str | None = None) -> str:
    """What a proof proves against a root and its size, in words; ProofMustBeUnderstood, ProofMustHold."""
    try:
        told, trusted = _told(text), _root("--root", root)
        path = [_hash(node) for node in told["proof"]]
        claims = told["size"] == size and _hash(told["root"]) == trusted
        if told["schema"] == _ENTRY:
            number, word, state = told["entry"], told["word"], told["text"].encode()
            entry = merkle.leaf(identified(number, word, state))
            holds = claims and "\n" not in word and merkle.verify_inclusion(entry, number - 1, size, path, trusted)
            said = f"Entry {number} ({word}) is in the record of {size} entries with that root."
        else:
            first, older = told["old_size"], _root("--old-root", old_root)
            claims = claims and _hash(told["old_root"]) == older
            holds = claims and merkle.verify_consistency(first, older, size, trusted, path)
            said = f"The record of {first} entries with the older root is a beginning of that of {size}."
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ProofMustBeUnderstood(why=f"It is no proof as `captable prove` prints it, or no root: {error}") from None
    if not holds:
        raise ProofMustHold(size=size, root=root)
    return said


def _root(option: str, written: str | None) -> bytes:
    root = bytes.fromhex(written or "")
    if len(root) != merkle.HASH:
        raise ValueError(f"{option} gives {written or 'nothing'}, and a root is {merkle.HASH} bytes in hexadecimal")
    return root


def _told(text: str | bytes) -> dict[str, Any]:
    """A proof as `captable prove` prints it, every field there and of its kind; ValueError where it is none."""
    told = json.loads(text)
    fields = _FIELDS.get(told["schema"], {})
    if {name: type(value) for name, value in told.items()} != fields:
        raise ValueError(f"its schema, or its fields {', '.join(told)}, are others")
    return dict(told)


def _hash(written: str) -> bytes:
    """A hash as a proof writes it, and in no other way that comes to the same."""
    read = bytes.fromhex(written)
    if read.hex() != written:
        raise ValueError(f"{written[:100]!r} is not how a hash is written")
    return read
