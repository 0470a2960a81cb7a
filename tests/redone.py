"""The arithmetic of explanations redone from what is printed, by other means than the ledger's own.

A figure is JSON data here. An expression is read as a reader with pencil and paper reads it: numbers with separators
and signs, + - x / and parentheses, `floor(...)`, `the lesser of A and B`, `the greater of A and B`, `[name]` for a
figure that is listed below, beside or around, and `sum of the parts`.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

Tree = dict[str, Any]
SUM = "sum of the parts"
_NUMBER = re.compile(r"-?\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(%|\.\.\.)?")


def figures(figure: Tree) -> Iterator[Tree]:
    """A figure and all that it is made of."""
    yield figure
    for part in figure["parts"]:
        yield from figures(part)


@cache
def number(text: str) -> Fraction:
    """The first number a text writes for people: `$102,777.78`, `1,388.89 a share`, `10%`."""
    found = _NUMBER.search(text)
    assert found, text
    value = Fraction(re.sub(r"[$,%]|\.\.\.", "", found[0]))
    return value / 100 if found[3] == "%" else value


def shown(exact: Fraction, rounded: str) -> Fraction:
    """A value rounded in the way that is named."""
    scale = 100 if rounded.endswith("the cent") else 10**6
    if rounded.startswith("half up"):
        return Fraction((exact * scale + Fraction(1, 2)).__floor__(), scale)
    return Fraction(int(exact * scale), scale) if rounded else exact


def redo(figure: Tree, around: tuple[list[Tree], ...] = ()) -> Fraction:
    """The exact value of a figure by its own arithmetic, and that of the figures it names; as given without any."""
    if not figure["arithmetic"]:
        return Fraction(figure["exact"])
    scope = (figure["parts"], *around)
    if figure["arithmetic"] == SUM:
        return sum((redo(part, scope) for part in figure["parts"]), Fraction(0))
    return _Expression(figure["arithmetic"], scope).value()


class _Expression:
    """An expression being read from left to right, with the figures it may name."""

    def __init__(self, text: str, scope: tuple[list[Tree], ...]) -> None:
        self.text, self.scope, self.at = text, scope, 0

    def value(self) -> Fraction:
        """The whole of it."""
        value = self.total()
        assert self.at == len(self.text), f"{self.text[self.at :]!r} is left of {self.text!r}"
        return value

    def took(self, word: str) -> bool:
        """Whether a word comes next; it is then read."""
        found = self.text.startswith(word, self.at)
        self.at += len(word) * found
        return found

    def total(self) -> Fraction:
        """Products, added or taken away."""
        value = self.product()
        while True:
            if self.took(" + "):
                value += self.product()
            elif self.took(" - "):
                value -= self.product()
            else:
                return value

    def product(self) -> Fraction:
        """Things, multiplied or divided, from left to right."""
        value = self.thing()
        while True:
            if self.took(" x "):
                value *= self.thing()
            elif self.took(" / ") or self.took("/"):
                value /= self.thing()
            else:
                return value

    def thing(self) -> Fraction:
        """A number, a figure by its name, or an expression in parentheses or under a named method."""
        for word, choose in (("the lesser of ", min), ("the greater of ", max)):
            if self.took(word):
                one = self.total()
                assert self.took(" and "), self.text
                return choose(one, self.total())
        if self.took("floor("):
            return Fraction(self.closed().__floor__())
        if self.took("("):
            return self.closed()
        if self.took("["):
            return self.named()
        found = _NUMBER.match(self.text, self.at)
        assert found, f"no number at {self.text[self.at :]!r} of {self.text!r}"
        assert found[3] != "...", f"{found[0]} is cut off in {self.text!r}"
        self.at = found.end()
        return number(found[0])

    def closed(self) -> Fraction:
        """What stands before the closing parenthesis."""
        value = self.total()
        assert self.took(")"), self.text
        return value

    def named(self) -> Fraction:
        """The figure of a name: one of the parts, or else of the parts of what stands around, the nearest first."""
        for depth, parts in enumerate(self.scope):
            found = [part for part in parts if self.text.startswith(f"{part['name']}]", self.at)]
            if found:
                assert len(found) == 1, f"{len(found)} figures answer to a name in {self.text!r}"
                self.at += len(found[0]["name"]) + 1
                return redo(found[0], self.scope[depth:])
        raise AssertionError(f"nothing is named {self.text[self.at :]!r}")
