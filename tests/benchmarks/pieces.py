"""What a history is told with: the terms, certificates and notices, and the arithmetic of days and cents."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib import resources

import naive

DESIGNATED = 10**12
"""Shares designated, so that none of any history is one too many; nothing else in the terms is changed."""


def terms() -> str:
    """The Series H terms file with room for a million entries: more shares designated, nothing else changed."""
    text = (resources.files("ledger") / "series_h.toml").read_text(encoding="utf-8")
    for name in ("authorized_preferred", "designated_shares"):
        text, found = re.subn(rf"^({name} = {{ value = )[\d_]+", rf"\g<1>{DESIGNATED}", text, flags=re.MULTILINE)
        assert found == 1
    return text


def span(start: date, end: date) -> int:
    """§2 - Days from a start to an end, every month thirty; no start here is a 31st or the end of a February."""
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + end.day - start.day


def business_day(day: date, count: int) -> date:
    """§5(f) - The business day that is `count` business days after a day."""
    for _ in range(count):
        day = naive.next_banking_day(day, ())
    return day


@dataclass(slots=True, eq=False)
class Lot:
    """A certificate that stands for shares: since when they accrue, and since when nothing has touched it."""

    number: str
    holder: str
    shares: int
    start: date
    since: date


@dataclass(slots=True)
class Notice:
    """A Notice of Conversion on one certificate, and the rate at which it converted."""

    id: str
    lot: Lot
    shares: int
    rate: Fraction = Fraction(0)
    dividend_cents: int = 0


def dollars(cents: int) -> str:
    """Whole cents as dollars."""
    return f"{cents // 100}.{cents % 100:02}"
