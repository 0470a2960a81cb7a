"""Exact amounts: how they are rounded, written and explained. The only place that rounds.

Inside the ledger every quantity is a `Fraction`. It becomes text here: exactly (`138889/100`), as a plain decimal where
it has a finite one (`1388.89`), or rounded half up to the cent, once, where money is shown.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

# An exact rate grows with every adjustment: Python would refuse to write an integer of more than 4,300 digits. What is
# read is bounded where it is read.
sys.set_int_max_str_digits(0)

ZERO = Fraction(0)
CENT = Fraction(1, 100)


def round_half_up(value: Fraction, places: int) -> Fraction:
    """Round to a number of decimal places, a half always upwards (towards plus infinity)."""
    scale = 10**places
    return Fraction((value * scale + Fraction(1, 2)).__floor__(), scale)


def to_the_cent(dollars: Fraction) -> Fraction:
    """Dollars rounded half up to whole cents: what can be paid of an exact amount."""
    return round_half_up(dollars, 2)


def share_out(total: Fraction, parts: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """A total in whole cents shared in proportion to some parts, each share in whole cents and their sum the total.

    By the method of largest remainders (Hamilton's): every share is rounded down, and the cents left over go one each
    to the largest remainders, ties to the name that sorts first. The parts have a sum above zero.
    """
    whole = sum(parts.values(), Fraction(0))
    cents = {name: total * part / whole / CENT for name, part in parts.items()}
    floors = {name: value.__floor__() for name, value in cents.items()}
    left = (total / CENT).__floor__() - sum(floors.values())
    order = sorted(cents, key=lambda name: (floors[name] - cents[name], name))
    return {name: (floors[name] + (order.index(name) < left)) * CENT for name in parts}


def exact(value: Fraction) -> str:
    """The unrounded value as a whole number or `n/d` in lowest terms."""
    return str(value)


def quantity(value: Fraction) -> str:
    """The unrounded value as a plain decimal, or as `n/d` where no finite decimal is equal to it."""
    twos, fives, rest = 0, 0, value.denominator
    while rest % 2 == 0:
        twos, rest = twos + 1, rest // 2
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    return exact(value) if rest != 1 else _fixed(value, max(twos, fives))


def money(dollars: Fraction) -> dict[str, str]:
    """An amount of dollars for an answer: rounded to the cent, and exact."""
    return {"amount": _fixed(to_the_cent(dollars), 2), "exact": exact(dollars)}


def per_share(value: Fraction) -> str:
    """A rate for one share, rounded half up to six decimals at most, without trailing zeros."""
    return _trimmed(_fixed(round_half_up(value, 6), 6))


def rate(value: Fraction) -> str:
    """A rate for people: shares of Common for one share, six decimals at most: `1,457.196066`."""
    return _grouped(per_share(value), "")


def dollars(value: Fraction) -> str:
    """Dollars for people, not rounded: `$82,166.67`, `$0.7199`; six decimals and `...` where they do not end."""
    if value == to_the_cent(value):
        return cents(value)
    return _grouped(_unrounded(value), "$")


def cents(value: Fraction) -> str:
    """Dollars for people, rounded half up to the cent: `$82,166.67`."""
    return _grouped(_fixed(to_the_cent(value), 2), "$")


def shares(value: Fraction) -> str:
    """Shares for people: `5,100`, `2,056.99`; six decimals and `...` where no finite decimal is equal."""
    return _grouped(_unrounded(value), "")


def _unrounded(value: Fraction) -> str:
    plain = quantity(value)
    return plain if "/" not in plain else _fixed(Fraction((value * 10**6).__trunc__(), 10**6), 6) + "..."


def percent(value: Fraction) -> str:
    """A rate for people: `10%`."""
    return f"{quantity(value * 100)}%"


def headline(figures: Mapping[str, Fraction]) -> dict[str, str]:
    """The headline figures of a position for people, each in its own unit."""
    units = {"conversion_rate": rate, "dividends_paid": cents}
    return {name: units.get(name, shares)(value) for name, value in figures.items()}


def _fixed(value: Fraction, places: int) -> str:
    # Integer arithmetic throughout: Decimal's context would cut a long figure at 28 digits without a word.
    scaled = abs(value.numerator) * 10**places // value.denominator
    digits = str(scaled).rjust(places + 1, "0")
    sign = "-" if value < 0 and scaled else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".")


def _grouped(text: str, unit: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{unit}{int(whole):,}{point}{rest}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with the way it came about: what a reader needs to check it against the certificate.

    `value` is exact and in `unit`; `working` is the arithmetic in words and numbers; `entries` are the ledger entries
    it rests on, `readings` the registered readings; `parts` are the figures it was made from.
    """

    name: str
    value: str
    clause: str
    working: str = ""
    entries: tuple[int, ...] = ()
    readings: tuple[str, ...] = ()
    parts: tuple["Figure", ...] = ()

    def tree(self) -> dict[str, object]:
        """The figure as JSON data, parts and all."""
        return {
            "name": self.name,
            "value": self.value,
            "clause": self.clause,
            "working": self.working,
            "entries": list(self.entries),
            "readings": list(self.readings),
            "parts": [part.tree() for part in self.parts],
        }

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The figure as indented text, the value first and then how it came about."""
        entries = f"  [{', '.join(f'entry {number}' for number in self.entries)}]" if self.entries else ""
        yield f"{'  ' * depth}{self.name} = {self.value}  {self.clause}{entries}".rstrip()
        if self.working:
            yield f"{'  ' * (depth + 1)}{self.working}"
        for part in self.parts:
            yield from part.lines(depth + 1)
        if self.readings:
            yield f"{'  ' * (depth + 1)}readings: {', '.join(self.readings)}"
