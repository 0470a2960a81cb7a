"""Findings on names: two holders that look like one, and a name that looks like another's to whoever reads it.

A name stands for a holder by its characters. Nobody is refused for one; somebody should look at it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from ledger.moments import day_of
from projections.findings.finding import NOTE, Finding
from projections.question import Question

if TYPE_CHECKING:  # whoever asks needs no entries unless names look alike
    from ledger.timeline import Step

ALPHABETS = ("LATIN", "GREEK", "CYRILLIC")
"""The alphabets with letters that look the same, by the word with which Unicode's names of letters begin."""


def on_names(question: Question) -> Iterator[Finding]:
    """The holders of Series H whose names look alike, and those whose name mixes alphabets within a word."""
    found = list(_looked_at(sorted(question.position.holdings_of)))
    first = _first(question, {holder for _, holders, _ in found for holder in holders}) if found else {}
    return (_found(finding, [first[holder] for holder in holders], says) for finding, holders, says in found)


def _looked_at(holders: list[str]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The names that somebody should look at: the finding, the holders it is on, and what it says."""
    first_of = dict[str, str]()
    for holder in holders:
        alike = first_of.setdefault(_bare(holder), holder)
        if alike != holder:
            says = f"the holders {alike} and {holder} differ in nothing but case, spaces, punctuation or width"
            yield "holders-look-alike", (holder, alike), says
        for word, letters in _mixed(holder):
            yield (
                "name-mixes-alphabets",
                (holder,),
                f"{word} in the name of the holder {holder} mixes alphabets: {letters}",
            )


def _found(finding: str, steps: "list[Step]", says: str) -> Finding:
    last = max(steps, key=lambda step: step.at)
    latest_first = sorted(steps, key=lambda step: (step.at, step.number), reverse=True)
    entries = tuple(dict.fromkeys(step.number for step in latest_first))  # one transfer may name both
    return Finding(finding, NOTE, "record", entries, says, day_of(last.at))


@cache
def _bare(name: str) -> str:
    """A name by its letters and digits alone, however they are written: what is left is what a reader keeps of it."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold()) or name


@cache
def _mixed(name: str) -> tuple[tuple[str, str], ...]:
    """The words of a name that mix alphabets, each with a letter of every alphabet in it by its full name."""
    if name.isascii():
        return ()  # of the three there are Latin letters alone
    found = []
    for word in re.findall(r"\w+", unicodedata.normalize("NFKC", name)):
        letters: dict[str, str] = {}
        for letter in word:
            called = unicodedata.name(letter, "")
            letters.setdefault(called.partition(" ")[0], f"{letter} is {called}")
        seen = [letters[alphabet] for alphabet in ALPHABETS if alphabet in letters]
        if len(seen) > 1:
            found.append((word, ", ".join(seen)))
    return tuple(found)


def _first(question: Question, holders: set[str]) -> "dict[str, Step]":
    """The steps that named some holders first; every step is read, and so once for all of them."""
    first: dict[str, Step] = {}
    for step in question.steps:
        for name in _named(step.fact):
            if name in holders:
                first.setdefault(name, step)
    return first


def _named(fact: Any) -> list[Any]:
    parts = getattr(fact, "into", ())
    return [getattr(one, "holder", None) for one in (fact, *parts)]
