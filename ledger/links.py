"""The hash that links an entry to the one before it.

Apart from the rows it is made over: whoever only asks checks no hash, and need not load what makes one.
"""

import hashlib

from ledger.rows import STREAM


def identified(number: int, word: str, state: bytes) -> bytes:
    """What stands for an entry in links and proofs: its stream, number and word, and exactly the stored bytes."""
    return f"{STREAM}\n{number}\n{word}\n".encode() + state


def link(before: str, number: int, word: str, state: bytes) -> str:
    """The hash that links an entry to the one before: SHA-256 over the link before and what stands for the entry."""
    return hashlib.sha256(f"{before}\n".encode() + identified(number, word, state)).hexdigest()
