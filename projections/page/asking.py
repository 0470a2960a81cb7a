"""What an address asks: both clocks and the page's own words, read strictly; and the addresses that ask on.

The address is the whole state: a link in a memo shows whoever opens it what its writer saw. A word that nobody knows is
refused and not passed over, since a misspelt day would silently become today.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Protocol
from urllib.parse import urlencode

from ledger.errors import QuestionMustBeUnderstood
from ledger.head import Head
from ledger.moments import parse_day, parse_instant
from ledger.opened import Opened
from ledger.rows import TERMS_ENTRY, Tag
from projections.certificate import cited
from projections.commands.questions import asked_of, understood
from projections.page.people import Person
from projections.page.shown import Cell, Text
from projections.question import Question

CLOCKS = ("as-of", "known-at", "at")
"""The words of every address: a day, the moment it is known at, or a tag that stands for both."""

OF_THIS_PAGE = ("page", "whole")
"""The words by which more of a page is asked for than it shows at first: they lead to no other."""

_LONGEST = 1_000


class Words(Protocol):
    """The words of a query, as the web framework holds them."""

    def lists(self) -> Iterable[tuple[str, list[str]]]:
        """Every word with all that was given for it."""


def in_address(instant: datetime) -> str:
    """An instant as an address holds it: with Z, since a + would have to be written %2B there."""
    return instant.isoformat().replace("+00:00", "Z")


def words_of(query: Words, known: Sequence[str]) -> dict[str, str]:
    """The words of a query, each once and each known; QuestionMustBeUnderstood. An empty one counts as left out."""
    given = dict(query.lists())
    for name, values in given.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"This page knows {', '.join(known)}."
            raise QuestionMustBeUnderstood(what=f"{name[:60]!r} in the address", why="No such word", hint=hint)
        if len(values) != 1:
            hint = "Give it once."
            raise QuestionMustBeUnderstood(what=f"{name} in the address", why="It is given twice", hint=hint)
        if len(values[0]) > _LONGEST:
            why = f"It has more than {_LONGEST} characters"
            raise QuestionMustBeUnderstood(what=f"{name} in the address", why=why, hint="Shorten it.")
    return {name: value.strip() for name, (value,) in given.items() if value.strip()}


@dataclass(frozen=True)
class Asking:
    """One question of the page: of which ledger, with which clocks, in which words, by whom."""

    ledger: Opened
    question: Question
    head: Head
    given: Mapping[str, str]
    tag: str | None
    tags: Sequence[Tag]
    person: Person
    path: str

    @classmethod
    def of(cls, ledger: Opened, given: Mapping[str, str], person: Person, path: str) -> "Asking":
        """What the words of an address ask; QuestionMustBeUnderstood and TagMustBeKnown say what cannot be."""
        day, known_at, at = (given.get(name) for name in CLOCKS)
        asked = asked_of(
            ledger,
            understood("day", parse_day, day) if day is not None else None,
            understood("instant", parse_instant, known_at) if known_at is not None else None,
            at,
            as_json=False,
        )
        return cls(ledger, asked.question, asked.head, given, at, ledger.tags(), person, path)

    @property
    def may_read_all(self) -> bool:
        """Whether all entries may be read again for this page: there are not many, or somebody asked for it."""
        most = self.ledger.most
        return most is None or self.question.book.last - TERMS_ENTRY <= most

    @property
    def clocks(self) -> dict[str, str]:
        """Both clocks as an address names them; the day even where today was meant, so that a link keeps its day."""
        if self.tag is not None:
            return {"at": self.tag}
        known_at = self.question.known_at
        day = {"as-of": self.question.day.isoformat()}
        return {**day, "known-at": in_address(known_at)} if known_at else day

    def link(self, path: str, **words: object) -> str:
        """An address with these clocks; in `words` an underscore stands for a hyphen."""
        given = {name.replace("_", "-"): str(word) for name, word in words.items() if word is not None}
        return f"{path}?{urlencode({**self.clocks, **given})}"

    def here(self, **words: object) -> str:
        """The very address with other words: a clock that is named takes the place of all clocks."""
        given = {name.replace("_", "-"): str(word) for name, word in words.items() if word is not None}
        clocks = {} if given.keys() & set(CLOCKS) else self.clocks
        own = {name: word for name, word in self.given.items() if name not in (*CLOCKS, *OF_THIS_PAGE)}
        return f"{self.path}?{urlencode({**clocks, **own, **given})}"

    def explain(self, what: str, which: str | None = None) -> str:
        """The address that explains a figure."""
        return self.link("/explain", what=what, which=which)

    def entry(self, number: int, text: str = "{}") -> Cell:
        """An entry by its number, leading to its story."""
        return Cell(text.format(number), self.link(f"/entry/{number}"))

    def entries(self, numbers: Sequence[int]) -> list[Cell]:
        """Entries by their numbers, each leading to its story."""
        return [self.entry(number, "entry {}") for number in numbers]

    def clauses(self, text: str) -> list[Cell]:
        """A citation, each of its clauses leading to the certificate."""
        return [self.clause(one) for one in text.split()]

    def citing(self, text: str) -> list[Text]:
        """A citation within a sentence, a space before each of its clauses."""
        return [part for one in self.clauses(text) for part in (" ", one)]

    def clause(self, citation: str) -> Cell:
        """One clause as it is cited, leading to the certificate; any other word leads nowhere."""
        known = cited(f"{citation} - ")
        return Cell(citation, self.link(f"/certificate/{known[0]}")) if len(known) == 1 else Cell(citation)

    def holder(self, name: str) -> Cell:
        """A holder by name, leading to its page."""
        return Cell(name, self.link("/holder", holder=name))
