"""Every paper there is: the words it is asked for with, what it tells, and how it is made."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ledger.errors import QuestionMustBeUnderstood
from ledger.figures import Figure
from ledger.head import Head
from ledger.readings.registered import REGISTERED
from projections.papers.answers import answers
from projections.papers.certificate_of_adjustment import certificate_of_adjustment
from projections.papers.content import Paper
from projections.papers.conversion_statement import conversion_statement
from projections.papers.dividend_register import dividend_register
from projections.papers.errors import PaperMustBeKnown
from projections.papers.record_date_notice import record_date_notice
from projections.papers.redemption_notice import redemption_notice
from projections.papers.reserve_letter import reserve_letter
from projections.papers.rollforward import rollforward
from projections.papers.stock_ledger import stock_ledger
from projections.papers.stockholder_list import stockholder_list
from projections.papers.turnaround_tally import turnaround_tally
from projections.question import Question
from projections.report.text import known_at


@dataclass(frozen=True)
class Kind:
    """A kind of paper: the words beside its name, in brackets where they may be left out, what it tells, and how."""

    words: str
    tells: str
    make: Callable[..., Paper]

    def takes(self, count: int) -> bool:
        """Whether so many words may stand beside the name."""
        words = self.words.split()
        return sum(not word.startswith("[") for word in words) <= count <= len(words)


PAPERS: dict[str, Kind] = {
    "conversion-statement": Kind("NOTICE", "a conversion: what was converted, due, delivered", conversion_statement),
    "certificate-of-adjustment": Kind(
        "ENTRY", "the facts and arithmetic of an adjustment of the rate", certificate_of_adjustment
    ),
    "redemption-notice": Kind("REDEMPTION [HOLDER]", "the five statements of §6 to each holder", redemption_notice),
    "record-date-notice": Kind("ACTION", "what §10 has a notice specify, and by when", record_date_notice),
    "dividend-register": Kind("PAYMENT-DATE", "accrued, paid and unpaid by certificate", dividend_register),
    "rollforward": Kind("FROM", "shares and dollars from FROM to the day asked about", rollforward),
    "stockholder-list": Kind("[ACTION]", "the holders that day, or at an action's record date", stockholder_list),
    "stock-ledger": Kind("", "every issue, transfer and cancellation", stock_ledger),
    "reserve-letter": Kind("", "the Common Stock to reserve, and whether it suffices", reserve_letter),
    "turnaround-tally": Kind("", "the month's notices against the three business days", turnaround_tally),
    "answers": Kind("", "every answer of the day, a sheet each (csv and xlsx)", answers),
}
"""The papers, by name."""


def made(question: Question, head: Head, name: str, words: Sequence[str] = ()) -> Paper:
    """A paper with what it rests on; PaperMustBeKnown, QuestionMustBeUnderstood, or an error of the question."""
    kind = PAPERS.get(name)
    if kind is None:
        near = get_close_matches(name, PAPERS, 1)
        hint = f"Did you mean {near[0]}?" if near else "`captable export papers` lists them."
        raise PaperMustBeKnown(paper=name, known=", ".join(PAPERS), hint=hint)
    if not kind.takes(len(words)):
        why, hint = f"It is asked for as: {name} {kind.words}".rstrip(), "`captable export papers` lists them."
        raise QuestionMustBeUnderstood(what=f"The paper {' '.join((name, *words))}", why=why, hint=hint)
    paper = kind.make(question, *words)
    provenance = tuple(_provenance(question, head, paper, (name, *words)))
    return dataclasses.replace(paper, provenance=provenance, late=question.book.late)


def _provenance(question: Question, head: Head, paper: Paper, asked: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield "certificate", question.book.terms.title
    yield "company", question.book.terms.company
    yield "paper", " ".join(asked)
    yield "clause", paper.clause
    yield "as of", f"{question.day:%A %Y-%m-%d}, through the end of the day in New York"
    yield "known at", known_at(question)
    yield "head", f"entry {head.entry}"
    yield "head, SHA-256", head.sha256
    named = {*paper.readings, *(reading for figure in paper.arithmetic for reading in _readings(figure))}
    chosen = question.book.terms.readings
    for reading in REGISTERED.values():
        if reading.id in named:
            yield f"reading {reading.id}", f"{reading.clause} {chosen.get(reading.id, reading.taken)}"


def _readings(figure: Figure) -> Iterator[str]:
    yield from figure.readings
    for part in figure.parts:
        yield from _readings(part)
