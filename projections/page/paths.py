"""The paths of an answer in words, as a person would name the figure: `preferred.holders[A].votes` is A's votes."""

import re

_WORDS = {
    "preferred": "Series H",
    "dividends": "dividends",
    "accrued_unpaid": "accrued and unpaid",
    "accrued_dividends": "dividends accrued and unpaid",
    "common": "Common Stock",
    "per_share": "Common for one share",
    "exact": "exactly",
    "into": "into",
    "holders": "holder",
    "certificates": "certificate",
    "pending_conversions": "notice",
    "redemptions": "redemption",
    "findings": "finding",
    "accrues_from": "accrues from",
    "conversion_date": "Conversion Date",
    "common_due": "Common due",
    "others_due": "also due",
    "convertible_into": "Common convertible into",
    "liquidation_preference": "Liquidation Preference",
}
"""The words of an answer that read otherwise than with a space for an underscore."""


MONEY = frozenset(
    {
        *("accrued_unpaid", "accrued_dividends", "in_arrears", "due_on_conversion", "liquidation_preference"),
        *("dividends_due", "dividends_paid", "price", "paid", "unpaid"),
    }
)
"""The figures of an answer that are dollars."""


def is_money(path: str) -> bool:
    """Whether the figure of a path is dollars."""
    return path.rpartition(".")[2] in MONEY


def told_in_words(path: str) -> str:
    """A path in words, from the whole to the part: `holder A, votes`. One of another shape stays as it is."""
    steps = _parsed(path)
    return ", ".join(" ".join(filter(None, (_word(name), *keys))) for name, keys in steps) if steps else path


def _word(name: str) -> str:
    return _WORDS.get(name, name.replace("_", " "))


def _parsed(path: str) -> list[tuple[str, list[str]]]:
    """The names of a path, each with what stands in brackets behind it; nothing where it is no such path.

    A holder's name may hold brackets and dots of its own: what stands in brackets ends with the last that closes.
    """
    steps, rest = list[tuple[str, list[str]]](), path
    while rest:
        found = re.match(r"\.?([a-z_0-9]+)", rest)
        if found is None:
            return []
        rest, keys = rest[found.end() :], list[str]()
        while rest.startswith("["):
            end = _closing(rest)
            if not end:
                return []
            keys.append(rest[1:end])
            rest = rest[end + 1 :]
        steps.append((found[1], keys))
    return steps


def _closing(text: str) -> int:
    """Where a bracket that opens a text closes; 0 where it does not."""
    ends = (at for at, one in enumerate(text) if one == "]" and text[at + 1 : at + 2] in ("", ".", "["))
    return next(ends, 0)
