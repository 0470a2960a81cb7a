"""Which entries moved a figure: the one fold, watched step by step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ledger.position.fold import advance
from ledger.position.state import Position
from ledger.timeline import Step
from projections.question import Question

Measure = TypeVar("Measure")


@dataclass(frozen=True)
class Move(Generic[Measure]):
    """A step that moved a figure, with the figure before and after it."""

    step: Step
    before: Measure
    after: Measure


def moves(question: Question, measure: Callable[[Position], Measure]) -> Iterator[Move[Measure]]:
    """Every step by the end of the day asked about that moved a measure of the position, in timeline order."""
    position = Position(question.book.terms, question.book.timeline.days)
    before = measure(position)
    for step in question.steps:
        advance(position, step)
        after = measure(position)
        if after != before:
            yield Move(step, before, after)
            before = after
