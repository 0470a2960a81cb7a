"""Entries cited by their numbers, in words and as data: those that came late are marked wherever they are named.

Late is an entry effective before one that was recorded earlier (`Book.late`).
"""

from collections.abc import Container, Iterable


def in_entries(numbers: Iterable[int], late: Container[int]) -> str:
    """Entries in words: `entry 3, entry 32 (late)`."""
    return ", ".join(f"entry {number}{' (late)' if number in late else ''}" for number in numbers)


def entries_data(numbers: Iterable[int], late: Container[int]) -> dict[str, list[int]]:
    """Entries as JSON data, and beside them those of them that came late."""
    cited = list(numbers)
    return {"entries": cited, "late": [number for number in cited if number in late]}
