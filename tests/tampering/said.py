"""What the command says of a ledger that was tampered with."""

import re

Said = tuple[int, str]
"""Its exit status, and what it prints."""


def entry_named(said: Said) -> int:
    """The entry that a verification ended at; it did end, and in words."""
    status, text = said
    assert status == 4, said
    named = re.search(r"(?:at entry|^Entry) (\d+)", text)
    assert named, said
    assert "[record-must-" in text
    assert "Trust no figure" in text
    return int(named[1])


def unproven(said: Said) -> bool:
    """Whether a record fits and is said to be unproven."""
    return said[0] == 0 and "its completeness is unproven" in said[1] and "Proven" not in said[1]


def proven(said: Said) -> bool:
    """Whether a record fits and is proven."""
    return said[0] == 0 and "Proven by" in said[1] and "unproven" not in said[1]
