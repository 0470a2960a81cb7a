"""What the readings that were not taken would give, in numbers, for the ledger at hand.

The same record is folded under the same terms but for one reading. Nothing is recorded by asking.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ledger.book import Book, decided
from ledger.errors import Refusal
from ledger.figures import Figure
from ledger.readings.reading import Reading
from ledger.terms import Terms
from projections import asof
from projections.difference import Difference, differences
from projections.question import Question

_NOT_FIGURES = ("schema", "as_of", "known_at", "head", "readings")


@dataclass(frozen=True)
class Alternative:
    """A reading offered and not taken: the figures it would change, or the entry that it would not have allowed."""

    choice: str
    figures: tuple[Difference, ...] = ()
    refused: int | None = None
    because: str = ""

    def data(self) -> dict[str, Any]:
        """The alternative as JSON data."""
        return {
            "choice": self.choice,
            "figures": [one.data() for one in self.figures],
            "refused": {"entry": self.refused, "because": self.because} if self.refused is not None else None,
        }


def alternatives(question: Question, reading: Reading) -> Iterator[Alternative]:
    """Every choice offered for a reading but the one in force, with what it would give on the day asked about."""
    terms = question.book.terms
    others = [choice for choice in reading.offered if choice != terms.readings[reading.id]]
    told = _figures(question) if others else {}
    for choice in others:
        yield _under(question, _chosen(terms, reading.id, choice), choice, told)


def _under(question: Question, terms: Terms, choice: str, told: dict[str, Any]) -> Alternative:
    book = Book(terms, question.book.record, question.book.begun)
    try:
        decided(terms, book.timeline)
    except Refusal as refusal:
        return Alternative(choice, refused=refusal.entry, because=" ".join(refusal.sentences()[:2]))
    return Alternative(choice, tuple(differences(told, _figures(Question(book, question.day)))))


def _figures(question: Question) -> dict[str, Any]:
    answer = asof.answer(question.book, question.day)
    return {name: branch for name, branch in answer.items() if name not in _NOT_FIGURES}


def _chosen(terms: Terms, reading: str, choice: str) -> Terms:
    """The terms with one reading chosen differently."""
    return terms._replace(readings={**terms.readings, reading: choice})


def rests_on(figure: Figure) -> list[str]:
    """The readings that a figure and the parts it was made from rest on, in the order they are met."""
    named = dict.fromkeys(figure.readings)
    for part in figure.parts:
        named |= dict.fromkeys(rests_on(part))
    return list(named)


def alternatives_data(question: Question, wanted: Iterable[Reading]) -> dict[str, Any]:
    """The data of an answer on readings: each as it is taken, with what the others would give."""
    chosen = question.book.terms.readings
    rows = [
        {
            "reading": one.id,
            "clause": one.clause,
            "question": one.question,
            "taken": chosen.get(one.id, one.taken),
            "rejected": one.rejected,
            "moves": one.moves,
            "offered": list(one.offered),
            "detail": one.detail,
            "alternatives": [other.data() for other in alternatives(question, one)],
        }
        for one in wanted
    ]
    return {"readings": rows}
