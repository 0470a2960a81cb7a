"""Exact amounts: how they are rounded, written and explained. The only place that rounds.

Inside the ledger every quantity is a `Fraction`. It becomes text here: exactly (`138889/100`), as a plain decimal where
it has a finite one (`1388.89`), or rounded half up to the cent, once, where money is shown.
"""

import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from ledger.citations import entries_data, in_entries
from ledger.exact import Fraction

# An exact rate grows with every adjustment: Python would refuse to write an integer of more than 4,300 digits. What is
# read is bounded where it is read.
sys.set_int_max_str_digits(0)

ZERO = Fraction(0)
CENT = Fraction(1, 100)


def round_half_up(value: Fraction, places: int) -> Fraction:
    """Round to a number of decimal places, a half always upwards (towards plus infinity)."""
    return Fraction(_half_up(value, places), 10**places)


def _half_up(value: Fraction, places: int) -> int:
    """A value counted in units of its last decimal place, a half always upwards."""
    above, below = value.numerator, value.denominator
    scale: int = 10**places
    return (2 * above * scale + below) // (2 * below)


def to_the_cent(dollars: Fraction) -> Fraction:
    """Dollars rounded half up to whole cents: what can be paid of an exact amount."""
    return round_half_up(dollars, 2)


CARRIED = 100
"""Decimals to which what is paid on a certificate is carried where it cannot be kept exactly for ever."""


def carried(dollars: Fraction) -> Fraction:
    """Dollars exactly; of a denominator of more than a hundred digits, rounded half up to a hundred decimals.

    An exact share of a payment has the digits of all that was due, of which the shares of the payments before are a
    part: they double with every payment, and after twenty of them there are ten million (reading dividend-allocation).
    """
    return dollars if dollars.denominator <= 10**CARRIED else round_half_up(dollars, CARRIED)


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
    text = exact(value)
    if "/" not in text:
        return text
    twos, fives, rest = 0, 0, value.denominator
    while rest % 2 == 0:
        twos, rest = twos + 1, rest // 2
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    places = max(twos, fives)
    return text if rest != 1 else _pointed(value.numerator * 10**places // value.denominator, places)


def money(dollars: Fraction) -> dict[str, str]:
    """An amount of dollars for an answer: rounded to the cent, and exact."""
    return {"amount": _amount(dollars), "exact": exact(dollars)}


def _amount(dollars: Fraction) -> str:
    return _pointed(_half_up(dollars, 2), 2)


def per_share(value: Fraction) -> str:
    """A rate for one share, rounded half up to six decimals at most, without trailing zeros."""
    return _trimmed(_pointed(_half_up(value, 6), 6))


def rate(value: Fraction) -> str:
    """A rate for people: shares of Common for one share, six decimals at most: `1,457.196066`."""
    return _grouped(per_share(value), "")


def dollars(value: Fraction) -> str:
    """Dollars for people, not rounded: `$82,166.67`, `$0.7199`; six decimals and `...` where they do not end."""
    if value == to_the_cent(value):
        return cents(value)
    return _grouped(_unrounded(quantity(value)), "$")


def cents(value: Fraction) -> str:
    """Dollars for people, rounded half up to the cent: `$82,166.67`."""
    return answered_cents(_amount(value))


def answered_cents(amount: str) -> str:
    """Dollars for people, from the amount of an answer (`money`)."""
    return _grouped(amount, "$")


def shares(value: Fraction) -> str:
    """Shares for people: `5,100`, `2,056.99`; six decimals and `...` where no finite decimal is equal."""
    return answered_shares(quantity(value))


def answered_shares(text: str) -> str:
    """Shares for people, from the text of an answer (`quantity`)."""
    return _grouped(_unrounded(text), "")


def _unrounded(text: str) -> str:
    return text if "/" not in text else _pointed((Fraction(text) * 10**6).__trunc__(), 6) + "..."


def percent(value: Fraction) -> str:
    """A rate for people: `10%`."""
    return f"{quantity(value * 100)}%"


def headline(figures: Mapping[str, Fraction]) -> dict[str, str]:
    """The headline figures of a position for people, each in its own unit."""
    units = {"conversion_rate": rate, "dividends_paid": cents, "dividends_due_on_conversion": cents}
    return {name: units.get(name, shares)(value) for name, value in figures.items()}


def _pointed(units: int, places: int) -> str:
    """A number of units of the last decimal place, written with the point before so many places."""
    # Integer arithmetic throughout: Decimal's context would cut a long figure at 28 digits without a word.
    digits = str(abs(units)).rjust(places + 1, "0")
    return f"{'-' if units < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".")


def _grouped(text: str, unit: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{unit}{int(whole):,}{point}{rest}"


def written(value: Fraction, sign: str = "") -> str:
    """A number as it stands in arithmetic, never rounded: `1,388.89`, `$0.72`, or `($245,000/17)`."""
    plain = _plain(value, sign)
    return f"({plain})" if value < 0 or "/" in plain else plain


def _plain(value: Fraction, sign: str) -> str:
    if sign and value == to_the_cent(value):
        return cents(value)
    over, slash, under = quantity(value).partition("/")
    return _grouped(over, sign) + (f"/{int(under):,}" if slash else "")


class Unit(NamedTuple):
    """How a quantity is shown: written for people, and how it was rounded where what is shown is not all of it."""

    write: Callable[[Fraction], str]
    rounding: str
    places: int | None = None
    suffix: str = ""

    def rounded(self, value: Fraction) -> str:
        """How a value is rounded when it is shown in this unit; empty where it is shown whole."""
        whole = "/" not in quantity(value) if self.places is None else value == round_half_up(value, self.places)
        return "" if whole else self.rounding


DOLLARS = Unit(cents, "half up to the cent", 2)
PRICE = Unit(dollars, "cut off after six decimals")
SHARES = Unit(shares, "cut off after six decimals")
MOVED = Unit(lambda value: f"{'+' if value >= 0 else ''}{shares(value)}", "cut off after six decimals")
RATE = Unit(rate, "half up to six decimals", 6, " a share")
PERCENT = Unit(percent, "cut off after six decimals")
DAYS = Unit(shares, "cut off after six decimals", suffix=" days")


class Figure(NamedTuple):
    """A value with the way it came about: what a reader needs to check it against the certificate.

    `value` is the figure as people read it. Of a quantity `exact` is the unrounded value, `rounded` says how `value`
    was rounded from it, and `arithmetic` gives exactly `exact`: plain numbers with + - x / ( ), `floor(...)`, `the
    lesser of A and B`, `the greater of A and B`, `[name]` for the part of that name, or else for one of the parts of a
    figure around it, and `sum of the parts`. Without arithmetic the number is given: by the entries named, or as a
    term of the certificate, or counted as `working` says.
    `working` are the words to it; `readings` the registered readings, `parts` the figures it was made from.
    """

    name: str
    value: str
    clause: str
    working: str = ""
    entries: tuple[int, ...] = ()
    readings: tuple[str, ...] = ()
    parts: tuple["Figure", ...] = ()
    arithmetic: str = ""
    exact: str = ""
    rounded: str = ""

    @classmethod
    def of(
        cls,
        name: str,
        value: Fraction,
        unit: Unit,
        clause: str,
        arithmetic: str = "",
        working: str = "",
        entries: Iterable[int] = (),
        readings: Iterable[str] = (),
        parts: Iterable["Figure"] = (),
    ) -> "Figure":
        """A quantity in a unit; `arithmetic` gives it exactly, or is left out where the number is given."""
        return cls(
            name,
            unit.write(value) + unit.suffix,
            clause,
            working,
            tuple(dict.fromkeys(entries)),
            tuple(readings),
            tuple(parts),
            arithmetic,
            exact(value),
            unit.rounded(value),
        )

    @classmethod
    def total(
        cls,
        name: str,
        unit: Unit,
        clause: str,
        parts: Iterable["Figure"],
        working: str = "",
        entries: Iterable[int] = (),
        readings: Iterable[str] = (),
    ) -> "Figure":
        """The sum of some quantities; 0 where there are none."""
        summed = tuple(parts)
        value = sum((Fraction(part.exact) for part in summed), ZERO)
        return cls.of(name, value, unit, clause, SUM if summed else "0", working, entries, readings, summed)

    def tree(self, late: Container[int]) -> dict[str, object]:
        """The figure as JSON data, parts and all; what is rounded is told only of a quantity."""
        told = {"arithmetic": self.arithmetic, "exact": self.exact, "rounded": self.rounded} if self.exact else {}
        return {
            "name": self.name,
            "value": self.value,
            "clause": self.clause,
            **told,
            "working": self.working,
            **entries_data(self.entries, late),
            "readings": list(self.readings),
            "parts": [part.tree(late) for part in self.parts],
        }

    def lines(self, late: Container[int], depth: int = 0) -> Iterator[str]:
        """The figure as indented text: its value, how it came about, its parts, and the readings it rests on."""
        entries = f"  [{in_entries(self.entries, late)}]" if self.entries else ""
        yield f"{'  ' * depth}{self.name} = {self.value}  {self.clause}{entries}".rstrip()
        inner = "  " * (depth + 1)
        yield from (f"{inner}{line}" for line in self.told())
        for part in self.parts:
            yield from part.lines(late, depth + 1)
        if self.readings:
            yield f"{inner}readings: {', '.join(self.readings)}"

    def told(self) -> Iterator[str]:
        """How the figure came about, in lines: its arithmetic where that says more than its value, and the working."""
        if self.rounded:
            how = f"{self.arithmetic} = " if self.arithmetic else "exactly "
            yield f"{how}{self._exactly()}, {self.rounded}"
        elif self.arithmetic and self.arithmetic not in (self.value, self._exactly(), f"${self._exactly()}"):
            yield self.arithmetic
        if self.working:
            yield self.working

    def _exactly(self) -> str:
        return _plain(Fraction(self.exact), "")


SUM = "sum of the parts"
"""The arithmetic of a figure that is the sum of its parts, all of them."""
